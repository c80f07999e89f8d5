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
	overrides  []Override
}

// RawJSON returns the vendor's bytes, which must not be modified. They are nil
// for a value that was not decoded.
func (r Raw) RawJSON() []byte { return r.raw }

// Mismatches returns the JSON pointers of members whose JSON type or range was
// not the expected one. They are left empty in the struct; RawJSON has them.
func (r Raw) Mismatches() []string { return slices.Clone(r.mismatches) }

// Format prints the type's name only: the bytes hold the whole answer.
func (r Raw) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, r) }

// LogValue logs the type's name only.
func (r Raw) LogValue() slog.Value { return LogRedacted(r) }

// Settings returns the overrides of the client that received the answer, changed
// by opts. Authors of a [Provider] normalise an answer under them, so that a rule
// of the client counts wherever its answers are decided.
func (r Raw) Settings(opts ...Option) Settings { return Settings{Overrides: r.overrides}.With(opts...) }

// Bind keeps the overrides of s with an answer that embeds [Raw]; see
// [Raw.Settings].
func Bind(answer any, s Settings) {
	if k, ok := answer.(rawKeeper); ok {
		k.bind(s.Overrides)
	}
}

func (r *Raw) keep(raw []byte, mismatches []string) { r.raw, r.mismatches = raw, mismatches }

func (r *Raw) bind(overrides []Override) { r.overrides = overrides }

type rawKeeper interface {
	keep([]byte, []string)
	bind([]Override)
}

// Unmarshal decodes one JSON document into out. Members that out does not name
// are kept in its Extra field and, if out embeds [Raw], it keeps a reference to
// data itself. Member names match exactly. Broken UTF-8, a member given twice,
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

// unmarshalAgain leaves out the members whose types do not fit. It is a second pass for the rare case, so that the usual one
// costs nothing more.
func unmarshalAgain(data []byte, out any, err error) (mismatches []string, _ error) {
	var semantic *jsonv2.SemanticError
	if !errors.As(err, &semantic) {
		return nil, err
	}
	clearTarget(out)
	err = jsonv2.Unmarshal(data, out, jsonv2.WithUnmarshalers(tolerant(&mismatches)))
	return mismatches, err
}

// clearTarget leaves no half-decoded document behind.
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

// tolerant skips every value whose JSON kind does not fit its target, and records where it was.
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

// number decodes a number itself, since only then is it known whether the number is in range.
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
			return nil //nolint:nilerr // The mismatch is listed, and the rest is decoded.
		}
		v.SetInt(n)
	} else {
		f, err := strconv.ParseFloat(string(text), 64)
		if err != nil {
			*mismatches = append(*mismatches, string(dec.StackPointer()))
			return nil //nolint:nilerr // The mismatch is listed, and the rest is decoded.
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
