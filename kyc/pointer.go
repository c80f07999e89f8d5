package kyc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

var (
	escapeToken   = strings.NewReplacer("~", "~0", "/", "~1")
	unescapeToken = strings.NewReplacer("~1", "/", "~0", "~")
)

var (
	errPointer = fmt.Errorf("kyc: the JSON pointer does not begin with a slash: %w", ErrInvalid)
	errNothing = fmt.Errorf("kyc: there is nothing at the JSON pointer: %w", ErrNotFound)
)

// resolveFault hides what the decoder says: its errors quote the document.
func resolveFault(err error) error {
	return fmt.Errorf("kyc: resolve JSON pointer: %s: %w", jsonFault(err), ErrMalformed)
}

// Resolve returns the value at an RFC 6901 JSON pointer in a JSON document, byte
// for byte. The error matches [ErrInvalid] if a pointer that is not empty does not
// begin with a slash, [ErrNotFound] if there is nothing at that place, and
// [ErrMalformed] if the document is broken at or before it.
func Resolve(doc []byte, pointer string) (json.RawMessage, error) {
	path, ok := steps(pointer)
	if !ok {
		return nil, errPointer
	}
	return resolveIn(doc, path)
}

// steps splits a JSON pointer into member names and indexes.
func steps(pointer string) (path []string, ok bool) {
	if pointer == "" {
		return nil, true
	}
	path = strings.Split(pointer, "/")
	for i, step := range path {
		path[i] = unescapeToken.Replace(step)
	}
	return path[1:], path[0] == ""
}

func resolveIn(doc []byte, path []string) (json.RawMessage, error) {
	// The decoder reads a bytes.Buffer in place; any other reader it copies.
	dec := jsontext.NewDecoder(bytes.NewBuffer(doc))
	for _, token := range path {
		if err := descend(dec, token); err != nil {
			return nil, err
		}
	}
	v, err := dec.ReadValue()
	if err != nil {
		return nil, resolveFault(err)
	}
	return json.RawMessage(bytes.Clone(v)), nil
}

// descend moves the decoder to the value of one member or element.
func descend(dec *jsontext.Decoder, token string) error {
	kind := dec.PeekKind()
	if kind != '{' && kind != '[' {
		return errNothing
	}
	if _, err := dec.ReadToken(); err != nil {
		return resolveFault(err)
	}
	index := -1
	if kind == '[' {
		n, err := strconv.Atoi(token)
		if err != nil || n < 0 || strconv.Itoa(n) != token {
			return errNothing
		}
		index = n
	}
	for i := 0; ; i++ {
		switch dec.PeekKind() {
		case '}', ']':
			return errNothing
		case 0:
			_, err := dec.ReadToken()
			return resolveFault(err)
		}
		found := i == index
		if kind == '{' {
			name, err := dec.ReadToken()
			if err != nil {
				return resolveFault(err)
			}
			found = name.String() == token
		}
		if found {
			return nil
		}
		if err := dec.SkipValue(); err != nil {
			return resolveFault(err)
		}
	}
}

// sought is evidence whose value is at path, counted from where a reader is.
type sought struct {
	path []string
	into *Evidence
}

// resolveAll sets the value of each piece of evidence, nil if there is none or the document is broken before it.
func resolveAll(doc []byte, evidence []Evidence) {
	all := make([]sought, 0, len(evidence))
	for i := range evidence {
		e := &evidence[i]
		e.Value = nil
		if path, ok := steps(e.Pointer); ok {
			all = append(all, sought{path, e})
		}
	}
	if resolveBelow(jsontext.NewDecoder(bytes.NewBuffer(doc)), all) == nil {
		return
	}
	for _, s := range all {
		// What comes before the break can still be read.
		s.into.Value, _ = resolveIn(doc, s.path)
	}
}

// resolveBelow reads one value and finds in it what is sought.
func resolveBelow(dec *jsontext.Decoder, all []sought) error {
	kind := dec.PeekKind()
	whole := slices.ContainsFunc(all, func(s sought) bool { return len(s.path) == 0 })
	if whole || len(all) == 0 || kind != '{' && kind != '[' {
		if !whole {
			return dec.SkipValue()
		}
		v, err := dec.ReadValue()
		if err != nil {
			return err
		}
		var inside []sought
		for _, s := range all {
			if len(s.path) == 0 {
				s.into.Value = json.RawMessage(bytes.Clone(v))
			} else {
				inside = append(inside, s)
			}
		}
		if len(inside) == 0 {
			return nil
		}
		// What is sought inside a value that is sought too is rare, so it is read again.
		return resolveBelow(jsontext.NewDecoder(bytes.NewBuffer(v)), inside)
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	below := make(map[string][]sought, len(all))
	for _, s := range all {
		below[s.path[0]] = append(below[s.path[0]], sought{s.path[1:], s.into})
	}
	for i := 0; ; i++ {
		if next := dec.PeekKind(); next == '}' || next == ']' {
			_, err := dec.ReadToken()
			return err
		}
		step := strconv.Itoa(i)
		if kind == '{' {
			name, err := dec.ReadToken()
			if err != nil {
				return err
			}
			step = name.String()
		}
		if err := resolveBelow(dec, below[step]); err != nil {
			return err
		}
	}
}

// PointerTo builds a JSON pointer from member names (string) and indexes (int).
func PointerTo(tokens ...any) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteByte('/')
		switch t := t.(type) {
		case int:
			b.WriteString(strconv.Itoa(t))
		case string:
			b.WriteString(escapeToken.Replace(t))
		default:
			b.WriteString(fmt.Sprint(t))
		}
	}
	return b.String()
}
