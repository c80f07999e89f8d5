package kyc

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Raw is embedded in the vendor packages' root responses and keeps what the
// vendor sent. [Unmarshal] fills it.
type Raw struct {
	raw        []byte
	mismatches []string
}

// RawJSON returns the vendor's bytes, which must not be modified. It is nil
// for a value that was not decoded.
func (r Raw) RawJSON() []byte { return r.raw }

// Mismatches returns the JSON pointers of members that the vendor sent with an
// unexpected JSON type or range. They are left empty in the struct, and stand in
// RawJSON.
func (r Raw) Mismatches() []string { return slices.Clone(r.mismatches) }

// Format prints the type's name only: the bytes hold the whole answer.
func (r Raw) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, r) }

// LogValue logs the type's name only.
func (r Raw) LogValue() slog.Value { return LogRedacted(r) }

func (r *Raw) keep(raw []byte, mismatches []string) { r.raw, r.mismatches = raw, mismatches }

type rawKeeper interface{ keep([]byte, []string) }

// Unmarshal decodes one JSON document into out, keeping members that out does
// not name in its Extra field and, where out embeds [Raw], a reference to data
// itself. Member names match exactly. Broken UTF-8, a member given twice,
// trailing bytes and every other fault of syntax are an error matching
// [ErrMalformed] and leave out empty. A whole number may be written with a point,
// as in 3.0. A member of an unexpected type is left empty and listed by
// [Raw.Mismatches]; the rest is decoded.
func Unmarshal(data []byte, out any) error {
	var mismatches []string
	err := jsonv2.Unmarshal(data, out)
	if err != nil {
		mismatches, err = unmarshalAgain(data, out, err)
	}
	if err != nil {
		clearTarget(out)
		return fmt.Errorf("kyc: decode JSON: %s: %w", jsonFault(err), ErrMalformed)
	}
	if k, ok := out.(rawKeeper); ok {
		k.keep(data, mismatches)
	}
	return nil
}

// unmarshalAgain is the rare case, for which the usual one pays nothing: it leaves out the members whose types do not fit.
func unmarshalAgain(data []byte, out any, err error) (mismatches []string, _ error) {
	var semantic *jsonv2.SemanticError
	if !errors.As(err, &semantic) {
		return nil, err
	}
	clearTarget(out)
	err = jsonv2.Unmarshal(data, out, jsonv2.WithUnmarshalers(tolerant(&mismatches)))
	return mismatches, err
}

// clearTarget leaves no half of a document behind.
func clearTarget(out any) {
	if v := reflect.ValueOf(out); v.Kind() == reflect.Pointer && !v.IsNil() {
		v.Elem().SetZero()
	}
}

// Marshal encodes v, members kept in Extra included. It is the counterpart of
// [Unmarshal].
func Marshal(v any) ([]byte, error) {
	b, err := jsonv2.Marshal(v, jsonv2.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("kyc: encode JSON: %s: %w", jsonFault(err), ErrInvalid)
	}
	return b, nil
}

// jsonFault says what is wrong without the text of the document: the libraries' errors quote
// member names and values.
func jsonFault(err error) string {
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		if errors.Is(err, jsontext.ErrDuplicateName) {
			return "a member is given twice, near byte " + strconv.FormatInt(syntactic.ByteOffset, 10)
		}
		return "syntax error near byte " + strconv.FormatInt(syntactic.ByteOffset, 10)
	}
	var semantic *jsonv2.SemanticError
	if errors.As(err, &semantic) {
		return "unexpected type near byte " + strconv.FormatInt(semantic.ByteOffset, 10)
	}
	return "unreadable"
}

var (
	rawMessageType      = reflect.TypeFor[json.RawMessage]()
	unmarshalerType     = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// tolerant skips every value whose JSON kind does not fit its target and remembers where it stood.
func tolerant(mismatches *[]string) *jsonv2.Unmarshalers {
	return jsonv2.UnmarshalFromFunc(func(dec *jsontext.Decoder, out any) error {
		target := reflect.ValueOf(out).Elem()
		t := target.Type()
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t == rawMessageType || t.Kind() == reflect.Interface || reflect.PointerTo(t).Implements(unmarshalerType) {
			return errors.ErrUnsupported
		}
		kind := dec.PeekKind()
		if kind == 'n' {
			return errors.ErrUnsupported
		}
		fits := false
		switch t.Kind() {
		case reflect.String:
			fits = kind == '"'
		case reflect.Bool:
			fits = kind == 't' || kind == 'f'
		case reflect.Struct, reflect.Map:
			fits = kind == '{' || (kind == '"' && reflect.PointerTo(t).Implements(textUnmarshalerType))
		case reflect.Slice, reflect.Array:
			fits = kind == '[' || (kind == '"' && t.Elem().Kind() == reflect.Uint8)
		case reflect.Int64, reflect.Float64:
			if kind == '0' {
				return number(dec, target, t, mismatches)
			}
		default:
			return errors.ErrUnsupported
		}
		if fits {
			return errors.ErrUnsupported
		}
		if err := dec.SkipValue(); err != nil {
			return err
		}
		*mismatches = append(*mismatches, string(dec.StackPointer()))
		return nil
	})
}

// number decodes a number itself, since one out of range can only be told after it was read.
func number(dec *jsontext.Decoder, target reflect.Value, t reflect.Type, mismatches *[]string) error {
	text, err := dec.ReadValue()
	if err != nil {
		return err
	}
	v := reflect.New(t).Elem()
	if t.Kind() == reflect.Int64 {
		whole, fraction, _ := strings.Cut(string(text), ".")
		if strings.Trim(fraction, "0") != "" {
			whole = string(text)
		}
		n, err := strconv.ParseInt(whole, 10, 64)
		if err != nil {
			*mismatches = append(*mismatches, string(dec.StackPointer()))
			return nil //nolint:nilerr // The mismatch is told, the document is read on.
		}
		v.SetInt(n)
	} else {
		f, err := strconv.ParseFloat(string(text), 64)
		if err != nil {
			*mismatches = append(*mismatches, string(dec.StackPointer()))
			return nil //nolint:nilerr // The mismatch is told, the document is read on.
		}
		v.SetFloat(f)
	}
	for target.Kind() == reflect.Pointer {
		target.Set(reflect.New(target.Type().Elem()))
		target = target.Elem()
	}
	target.Set(v)
	return nil
}
