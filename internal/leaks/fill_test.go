package leaks

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"unsafe"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// sentinel stands in every place that may hold a value of a person, a vendor or a tenant. The blanks keep it from passing
// as a code or an id.
const sentinel = "Zaphod Beeblebrox 4711"

// named stands in the places that may be printed; see allowed.
const named = "may-be-printed"

// allowed are the fields that print by design, by type.
var allowed = map[string][]string{
	// A Ref holds the vendor's ids only, and its text is meant to be stored and logged.
	"kyc.Ref": {"Vendor", "Account", "Session"},
	// Detail is this module's own sentence. Code and RequestID print where they can be nothing but that.
	"kyc.Error": {"Detail"},
}

// exempt are types whose whole content is meant to be read, and why.
var exempt = map[string]string{
	"kyc.Rule":           "a row of a published table",
	"kyc.Table":          "a published table",
	"kyc.Override":       "the caller's own row of the table",
	"kyc.Budget":         "a published rate",
	"transmit.ReasonRow": "a row of a published table",
	"didit.FieldMatches": "names of fields and the vendor's words for how they compare",
}

// filler fills values of any type with the sentinel, in fields without a name outside too.
type filler struct {
	path []reflect.Type
}

func fill(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	(&filler{}).value(v)
	return v
}

var (
	errorType = reflect.TypeFor[error]()
	rawType   = reflect.TypeFor[json.RawMessage]()
)

func (f *filler) value(v reflect.Value) {
	t := v.Type()
	switch {
	case t == rawType:
		v.SetBytes([]byte(`{"` + sentinel + `":"` + sentinel + `"}`))
		return
	case t == errorType:
		v.Set(reflect.ValueOf(errors.New(sentinel)))
		return
	}
	switch t.Kind() {
	case reflect.String:
		v.SetString(sentinel)
	case reflect.Pointer:
		if f.enters(t.Elem()) {
			v.Set(reflect.New(t.Elem()))
			f.value(v.Elem())
		}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(sentinel))
			return
		}
		v.Set(reflect.MakeSlice(t, 1, 1))
		f.value(v.Index(0))
	case reflect.Array:
		for i := range v.Len() {
			f.value(v.Index(i))
		}
	case reflect.Map:
		key, elem := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		f.value(key)
		f.value(elem)
		if key.Comparable() {
			v.Set(reflect.MakeMap(t))
			v.SetMapIndex(key, elem)
		}
	case reflect.Interface:
		if t.NumMethod() == 0 {
			v.Set(reflect.ValueOf(sentinel))
		}
	case reflect.Struct:
		f.fields(v)
	case reflect.Float64:
		v.SetFloat(47114711.5)
	case reflect.Int64, reflect.Int:
		v.SetInt(47114711)
	}
}

func (f *filler) fields(v reflect.Value) {
	t := v.Type()
	if !f.enters(t) {
		return
	}
	f.path = append(f.path, t)
	defer func() { f.path = f.path[:len(f.path)-1] }()
	for i := range t.NumField() {
		field := v.Field(i)
		if !field.CanSet() {
			field = reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
		}
		if t == reflect.TypeFor[kyc.Error]() && t.Field(i).Name == "Kind" {
			field.Set(reflect.ValueOf(kyc.ErrInvalid)) // always one of the sentinels
			continue
		}
		if may(t, t.Field(i).Name) {
			field.SetString(named)
			continue
		}
		f.value(field)
	}
}

// enters keeps to this module's types and to those of net/url, and out of circles.
func (f *filler) enters(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return true
	}
	ours := strings.HasPrefix(t.PkgPath(), module) || t.PkgPath() == "net/url" || t.PkgPath() == ""
	for _, seen := range f.path {
		ours = ours && seen != t
	}
	return ours && len(f.path) < 12
}

func may(t reflect.Type, field string) bool {
	for _, name := range allowed[t.String()] {
		if name == field {
			return true
		}
	}
	return false
}

// word tells named string types: a value of theirs is the word itself, and printing it prints it. In a struct they print only
// where they are known.
func word(t reflect.Type) bool {
	return t.Kind() == reflect.String && t != reflect.TypeFor[kyc.Secret]()
}
