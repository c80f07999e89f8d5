package kyctest

import (
	"bytes"
	"errors"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// node is one value of a document and its place.
type node struct {
	pointer            string
	kind               byte // of the JSON value: { [ " 0 t f n
	start, end         int  // of the value
	nameStart, nameEnd int  // of the member's quoted name
	name               string
	root, element      bool
	previous           int // end of the sibling before it, -1 for the first
	next               int // start of the sibling after it (of its name for a member), -1 for the last
}

// cut returns the bytes to remove so that the value is gone together with its name and one comma.
func (n *node) cut() (from, to int) {
	start := n.start
	if !n.element {
		start = n.nameStart
	}
	switch {
	case n.previous >= 0:
		return n.previous, n.end
	case n.next >= 0:
		return start, n.next
	default:
		return start, n.end
	}
}

// parseNodes lists the values of a JSON document in the document's order.
func parseNodes(doc []byte) ([]node, error) {
	p := nodeParser{dec: jsontext.NewDecoder(bytes.NewReader(doc)), doc: doc}
	if _, err := p.value(node{root: true, previous: -1, next: -1}); err != nil {
		return nil, err
	}
	return p.nodes, nil
}

type nodeParser struct {
	dec   *jsontext.Decoder
	doc   []byte
	nodes []node
}

// value reads one value and those inside it, and returns its index in nodes.
func (p *nodeParser) value(n node) (int, error) {
	n.kind = byte(p.dec.PeekKind())
	p.nodes = append(p.nodes, n)
	at := len(p.nodes) - 1
	if n.kind != '{' && n.kind != '[' {
		value, err := p.dec.ReadValue()
		if err != nil {
			return 0, err
		}
		end := int(p.dec.InputOffset())
		p.nodes[at].start, p.nodes[at].end = end-len(value), end
		return at, nil
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return 0, err
	}
	p.nodes[at].start = int(p.dec.InputOffset()) - 1
	last := -1
	for i := 0; p.dec.PeekKind() != '}' && p.dec.PeekKind() != ']'; i++ {
		child := node{previous: -1, next: -1, element: n.kind == '['}
		if last >= 0 {
			child.previous = p.nodes[last].end
		}
		if child.element {
			child.pointer = n.pointer + kyc.PointerTo(i)
		} else {
			name, err := p.dec.ReadValue()
			if err != nil {
				return 0, err
			}
			child.nameEnd = int(p.dec.InputOffset())
			child.nameStart = child.nameEnd - len(name)
			text, err := jsontext.AppendUnquote(nil, name)
			if err != nil {
				return 0, err
			}
			child.name = string(text)
			child.pointer = n.pointer + kyc.PointerTo(child.name)
		}
		if p.dec.PeekKind() == 0 {
			return 0, errors.New("broken document")
		}
		index, err := p.value(child)
		if err != nil {
			return 0, err
		}
		if last >= 0 {
			p.nodes[last].next = p.nodes[index].first()
		}
		last = index
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return 0, err
	}
	p.nodes[at].end = int(p.dec.InputOffset())
	return at, nil
}

// first returns where the value begins, or its name if it has one.
func (n *node) first() int {
	if n.element {
		return n.start
	}
	return n.nameStart
}
