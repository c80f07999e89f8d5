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

// Resolve returns the value at an RFC 6901 JSON pointer in a JSON document,
// byte for byte as it stands there. It fails with [ErrNotFound] where nothing
// stands, and with [ErrMalformed] where the document up to there is broken.
func Resolve(doc []byte, pointer string) (json.RawMessage, error) {
	path, ok := steps(pointer)
	if !ok {
		return nil, fmt.Errorf("kyc: JSON pointer does not begin with a slash: %w", ErrInvalid)
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
		return nil, fmt.Errorf("kyc: resolve JSON pointer: %s: %w", jsonFault(err), ErrMalformed)
	}
	return json.RawMessage(bytes.Clone(v)), nil
}

// descend moves the decoder to the value of one member or element.
func descend(dec *jsontext.Decoder, token string) error {
	kind := dec.PeekKind()
	if kind != '{' && kind != '[' {
		return fmt.Errorf("kyc: nothing stands at the JSON pointer: %w", ErrNotFound)
	}
	if _, err := dec.ReadToken(); err != nil {
		return fmt.Errorf("kyc: resolve JSON pointer: %s: %w", jsonFault(err), ErrMalformed)
	}
	index := -1
	if kind == '[' {
		n, err := strconv.Atoi(token)
		if err != nil || n < 0 || strconv.Itoa(n) != token {
			return fmt.Errorf("kyc: nothing stands at the JSON pointer: %w", ErrNotFound)
		}
		index = n
	}
	for i := 0; ; i++ {
		switch dec.PeekKind() {
		case '}', ']':
			return fmt.Errorf("kyc: nothing stands at the JSON pointer: %w", ErrNotFound)
		case 0:
			return fmt.Errorf("kyc: resolve JSON pointer: broken document: %w", ErrMalformed)
		}
		found := i == index
		if kind == '{' {
			name, err := dec.ReadToken()
			if err != nil {
				return fmt.Errorf("kyc: resolve JSON pointer: %s: %w", jsonFault(err), ErrMalformed)
			}
			found = name.String() == token
		}
		if found {
			return nil
		}
		if err := dec.SkipValue(); err != nil {
			return fmt.Errorf("kyc: resolve JSON pointer: %s: %w", jsonFault(err), ErrMalformed)
		}
	}
}

// sought is evidence whose value stands at path below the place where a reader is.
type sought struct {
	path []string
	into *Evidence
}

// resolveAll sets the value of each piece of evidence, nil where nothing stands or the document is broken before it.
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
		// What stands before the break is there.
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
		for _, s := range all {
			// What is sought inside a value that is sought too is rare, so it is read again.
			if inner, err := resolveIn(v, s.path); err == nil {
				s.into.Value = inner
			}
		}
		return nil
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
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
		var below []sought
		for _, s := range all {
			if s.path[0] == step {
				below = append(below, sought{s.path[1:], s.into})
			}
		}
		if err := resolveBelow(dec, below); err != nil {
			return err
		}
	}
}

// PointerTo builds a JSON pointer of member names (string) and indexes (int).
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
