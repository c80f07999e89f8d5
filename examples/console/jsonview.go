package main

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// jsonLine is one line of a pretty-printed document.
type jsonLine struct {
	ID     string // what links to the value on this line go to; empty where nothing links here
	Indent int
	Within bool // part of a value that is evidence and has several lines
	Tokens []jsonToken
}

// Pad is the indentation as text, so that it is copied with the rest.
func (l jsonLine) Pad() string { return strings.Repeat("  ", l.Indent) }

// Class is the indentation for the style sheet, which has rules for so many levels.
func (l jsonLine) Class() string { return "i" + strconv.Itoa(min(l.Indent, 12)) }

// jsonToken is a piece of a line: a key, a string, a number, a literal, punctuation, or something hidden.
type jsonToken struct {
	Kind string
	Text string
	Mark *jsonMark
}

// jsonMark says which pieces of evidence a value is.
type jsonMark struct {
	Numbers  []int
	Deciding bool
}

// jsonView lays a document out. Values are shown byte for byte.
type jsonView struct {
	marks   map[string]*jsonMark
	wanted  map[string]bool   // pointers that something links to
	anchors map[string]string // from them to the ids of their lines
	known   func(string) bool // tells values that are no personal data
	secret  func(string) bool // tells values that are never shown
	show    bool
	lines   []jsonLine
	src     []byte
	pos     int
}

// viewJSON returns the lines of the raw answer with its evidence marked, and the ids of the lines at the
// pointers of evidence, checks and documents. Unless personal data is shown, it hides every value
// that the redacted result does not have either. Secrets stay hidden whatever is asked for.
func viewJSON(r *kyc.Result, known, secret func(string) bool, show bool) (lines []jsonLine, anchors map[string]string) {
	v := &jsonView{
		marks: map[string]*jsonMark{}, wanted: map[string]bool{}, anchors: map[string]string{}, known: known, secret: secret, show: show,
	}
	for i, e := range r.Evidence {
		m := v.marks[e.Pointer]
		if m == nil {
			m = &jsonMark{}
			v.marks[e.Pointer] = m
		}
		m.Numbers = append(m.Numbers, i+1)
		m.Deciding = m.Deciding || e.Deciding
		v.wanted[e.Pointer] = true
	}
	for _, c := range r.Checks {
		v.wanted[c.Ref] = true
	}
	for _, d := range r.Documents {
		v.wanted[d.Ref] = true
	}
	delete(v.wanted, "") // the whole document
	var out bytes.Buffer
	if json.Compact(&out, r.Raw) != nil {
		return nil, nil // what is no JSON holds no evidence
	}
	v.src = out.Bytes()
	v.open(0, false)
	v.value("", 0, false)
	return v.lines, v.anchors
}

// open begins a line.
func (v *jsonView) open(indent int, within bool) {
	v.lines = append(v.lines, jsonLine{Indent: indent, Within: within})
}

func (v *jsonView) put(kind, text string, mark *jsonMark) {
	l := &v.lines[len(v.lines)-1]
	l.Tokens = append(l.Tokens, jsonToken{kind, text, mark})
}

// value puts the value at pos, which stands at pointer.
func (v *jsonView) value(pointer string, indent int, within bool) {
	if v.wanted[pointer] {
		id := "at-" + strconv.Itoa(len(v.anchors)+1)
		v.anchors[pointer] = id
		v.lines[len(v.lines)-1].ID = id
	}
	mark := v.marks[pointer]
	opening := v.src[v.pos]
	if opening != '{' && opening != '[' {
		text := v.scalar()
		kind, plain := kindOf(text)
		switch {
		case v.secret(plain):
			kind, text = "hidden", "secret"
		case kind != "null" && !v.show && !v.known(plain) && (mark == nil || !mark.Deciding):
			kind, text = "hidden", "hidden"
		}
		v.put(kind, text, mark)
		return
	}
	closing := opening + 2 // in ASCII both pairs are two apart
	v.pos++
	if v.src[v.pos] == closing {
		v.pos++
		v.put("punct", string(opening)+string(closing), mark)
		return
	}
	v.put("punct", string(opening), mark)
	within = within || mark != nil
	v.lines[len(v.lines)-1].Within = within
	for i := 0; ; i++ {
		v.open(indent+1, within)
		child := pointer + kyc.PointerTo(i)
		if opening == '{' {
			key := v.scalar()
			v.pos++ // the colon
			_, name := kindOf(key)
			child = pointer + kyc.PointerTo(name)
			v.put("key", key, nil)
			v.put("punct", ": ", nil)
		}
		v.value(child, indent+1, within)
		next := v.src[v.pos]
		v.pos++
		if next == closing {
			break
		}
		v.put("punct", ",", nil)
	}
	v.open(indent, within)
	v.put("punct", string(closing), nil)
}

// scalar takes a string, number or literal, byte for byte.
func (v *jsonView) scalar() string {
	start := v.pos
	if v.src[start] == '"' {
		for v.pos++; v.src[v.pos] != '"'; v.pos++ {
			if v.src[v.pos] == '\\' {
				v.pos++
			}
		}
		v.pos++
		return string(v.src[start:v.pos])
	}
	for v.pos < len(v.src) && !strings.ContainsRune(",]}", rune(v.src[v.pos])) {
		v.pos++
	}
	return string(v.src[start:v.pos])
}

// kindOf returns what a scalar is, and its text without quotes and escapes.
func kindOf(text string) (kind, plain string) {
	switch text[0] {
	case '"':
		if json.Unmarshal([]byte(text), &plain) != nil {
			plain = text
		}
		return "string", plain
	case 't', 'f':
		return "literal", text
	case 'n':
		return "null", text
	default:
		return "number", text
	}
}
