package kyc

import (
	"bytes"
	"encoding/json"
	"fmt"
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
	if pointer != "" && !strings.HasPrefix(pointer, "/") {
		return nil, fmt.Errorf("kyc: JSON pointer does not begin with a slash: %w", ErrInvalid)
	}
	// The decoder reads a bytes.Buffer in place; any other reader it copies.
	dec := jsontext.NewDecoder(bytes.NewBuffer(doc))
	if pointer != "" {
		for _, token := range strings.Split(pointer[1:], "/") {
			if err := descend(dec, unescapeToken.Replace(token)); err != nil {
				return nil, err
			}
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
