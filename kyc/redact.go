package kyc

import (
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"strings"
)

// FormatRedacted implements fmt.Formatter for types that may hold personal
// data. Whatever the verb, it prints the type's name and, from the fields that are
// not tagged kyc:"personal", references, decisions and the words that an open
// enumeration knows:
//
//	jumio.Details{Workflow:{Status:PROCESSED} Decision:{Type:WARNING}}
func FormatRedacted(f fmt.State, _ rune, v any) { _, _ = io.WriteString(f, redactedText(v)) }

// LogRedacted implements slog.LogValuer with the text of [FormatRedacted].
func LogRedacted(v any) slog.Value { return slog.StringValue(redactedText(v)) }

// FormatName implements fmt.Formatter for types that print nothing but their
// name, as in "didit.Warning{}".
//
//go:noinline
func FormatName(f fmt.State, name string) { _, _ = io.WriteString(f, name+"{}") }

// LogName implements slog.LogValuer with the text of [FormatName].
//
//go:noinline
func LogName(name string) slog.Value { return slog.StringValue(name + "{}") }

func redactedText(v any) string {
	if v == nil {
		return "<nil>"
	}
	var b strings.Builder
	b.WriteString(reflect.TypeOf(v).String())
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer {
		if rv.IsNil() {
			return "<nil>"
		}
		rv = rv.Elem()
	}
	text, _ := redactValue(rv, 0)
	if !strings.HasPrefix(text, "{") {
		text = "{" + text + "}"
	}
	b.WriteString(text)
	return b.String()
}

// redactDepth bounds the walk: types may refer to themselves.
const redactDepth = 12

var refType = reflect.TypeFor[Ref]()

// redactValue returns the printable words of v, and whether there are any.
func redactValue(v reflect.Value, depth int) (string, bool) {
	if depth > redactDepth || !v.IsValid() {
		return "", false
	}
	// Interface copies what it is given, which must not happen to a struct with a lock; the only struct that is a word is a Ref.
	if v.CanInterface() && (v.Kind() != reflect.Struct || v.Type() == refType) {
		if text, ok := word(v.Interface()); ok {
			return text, text != ""
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return "", false
		}
		return redactValue(v.Elem(), depth+1)
	case reflect.Struct:
		return redactStruct(v, depth)
	case reflect.Slice, reflect.Array:
		var parts []string
		for i := range v.Len() {
			if text, ok := redactValue(v.Index(i), depth+1); ok {
				parts = append(parts, text)
			}
		}
		return "[" + strings.Join(parts, " ") + "]", len(parts) > 0
	default:
		return "", false
	}
}

func redactStruct(v reflect.Value, depth int) (string, bool) {
	var parts []string
	t := v.Type()
	for i := range t.NumField() {
		field := t.Field(i)
		if !field.IsExported() || field.Tag.Get("kyc") == "personal" {
			continue
		}
		if text, ok := redactValue(v.Field(i), depth+1); ok {
			parts = append(parts, field.Name+":"+text)
		}
	}
	return "{" + strings.Join(parts, " ") + "}", len(parts) > 0
}

// word returns the text of a value whose type makes it safe to print, "" for a word that its enumeration does not know. ok is
// false for all other types.
func word(v any) (text string, ok bool) {
	switch v := v.(type) {
	case Decision:
		return v.String(), true
	case Assurance:
		return v.String(), true
	case Ref:
		return v.String(), true
	case interface{ Known() bool }:
		rv := reflect.ValueOf(v)
		if rv.Kind() != reflect.String {
			return "", false
		}
		if v.Known() {
			return rv.String(), true
		}
		return "", true
	default:
		return "", false
	}
}
