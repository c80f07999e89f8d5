package fake

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// Schemas are the JSON Schemas of a vendor's operations, read from its zz_schema.json:
//
//	{"requests": {"createAccount": {...}}, "responses": {"getDetails": {...}}, "$defs": {...}}
//
// A schema has its shared parts below its own $defs or below the document's. They are compiled at their first use.
type Schemas struct {
	requests, responses map[string]*operationSchema
	defs                any
}

type operationSchema struct {
	name     string
	document any
	defs     any
	once     sync.Once
	compiled *jsonschema.Schema
	err      error
}

// NewSchemas reads a schema file.
func NewSchemas(data []byte) (*Schemas, error) {
	if err := CheckJSON(data); err != nil {
		return nil, fmt.Errorf("fake: schema file: %w", err)
	}
	var doc struct {
		Requests  map[string]json.RawMessage `json:"requests"`
		Responses map[string]json.RawMessage `json:"responses"`
		Defs      json.RawMessage            `json:"$defs"`
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("fake: schema file: %w", err)
	}
	s := &Schemas{}
	if doc.Defs != nil {
		defs, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc.Defs))
		if err != nil {
			return nil, fmt.Errorf("fake: schema file: %w", err)
		}
		s.defs = defs
	}
	var err error
	if s.requests, err = s.load("request", doc.Requests); err != nil {
		return nil, err
	}
	if s.responses, err = s.load("response", doc.Responses); err != nil {
		return nil, err
	}
	return s, nil
}

// MustSchemas is NewSchemas for an embedded file; it panics when the file is broken.
func MustSchemas(data []byte) *Schemas {
	s, err := NewSchemas(data)
	if err != nil {
		panic(err)
	}
	return s
}

func (s *Schemas) load(side string, raw map[string]json.RawMessage) (map[string]*operationSchema, error) {
	out := make(map[string]*operationSchema, len(raw))
	for id, r := range raw {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(r))
		if err != nil {
			return nil, fmt.Errorf("fake: schema of %s %s: %w", side, id, err)
		}
		out[id] = &operationSchema{name: side + " " + id, document: doc, defs: s.defs}
	}
	return out, nil
}

// Requests lists the operations with a request schema.
func (s *Schemas) Requests() []string { return slices.Sorted(maps.Keys(s.requests)) }

// Responses lists the operations with a response schema.
func (s *Schemas) Responses() []string { return slices.Sorted(maps.Keys(s.responses)) }

// Check holds a request body against the schema of an operation. The error is a *SchemaError, except where the
// operation has no schema or its schema is broken.
func (s *Schemas) Check(operationID string, body []byte) error {
	return check(s.requests[operationID], operationID, body)
}

// CheckResponse holds an answer against the response schema of an operation.
func (s *Schemas) CheckResponse(operationID string, body []byte) error {
	return check(s.responses[operationID], operationID, body)
}

// has tells whether the schemas that a route names are there; a nil set has none.
func (s *Schemas) has(request, response string) bool {
	if s == nil {
		return request == "" && response == ""
	}
	return (request == "" || s.requests[request] != nil) && (response == "" || s.responses[response] != nil)
}

func check(op *operationSchema, id string, body []byte) error {
	if op == nil {
		return fmt.Errorf("fake: no schema for operation %q", id)
	}
	op.once.Do(op.compile)
	if op.err != nil {
		return op.err
	}
	if err := CheckJSON(body); err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return &SchemaError{Syntax: true, Violations: []Violation{{Rule: "does not decode"}}}
	}
	var ve *jsonschema.ValidationError
	if err := op.compiled.Validate(value); errors.As(err, &ve) {
		return &SchemaError{Violations: violations(ve)}
	} else if err != nil {
		return fmt.Errorf("fake: schema of %s: %T", op.name, err)
	}
	return nil
}

func (op *operationSchema) compile() {
	doc := op.document
	if m, ok := doc.(map[string]any); ok && op.defs != nil && m["$defs"] == nil {
		m = maps.Clone(m)
		m["$defs"] = op.defs
		doc = m
	}
	const location = "file:///operation.json"
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	compiler.UseRegexpEngine(compileRegexp)
	err := compiler.AddResource(location, doc)
	if err == nil {
		op.compiled, err = compiler.Compile(location)
	}
	if err != nil {
		op.err = fmt.Errorf("fake: schema of %s: %w", op.name, err)
	}
}

// compileRegexp lets a pattern pass that Go's engine does not know (ECMAScript's look-ahead).
func compileRegexp(pattern string) (jsonschema.Regexp, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return anyMatch(pattern), nil //nolint:nilerr // The pattern is checked nowhere then.
	}
	return re, nil
}

type anyMatch string

func (anyMatch) MatchString(string) bool { return true }
func (a anyMatch) String() string        { return string(a) }

// Violation is one rule that a document breaks and where.
type Violation struct {
	Pointer string // JSON pointer; empty for the document itself
	Rule    string
}

// SchemaError lists what is wrong with a JSON document. Its text holds places and rules, never values.
type SchemaError struct {
	// Syntax is set where the bytes are no proper JSON: broken, cut off, with a member twice or not UTF-8.
	Syntax     bool
	Violations []Violation
}

// Error renders the violations on one line.
func (e *SchemaError) Error() string {
	parts := make([]string, len(e.Violations))
	for i, v := range e.Violations {
		parts[i] = fmt.Sprintf("at %q: %s", v.Pointer, v.Rule)
	}
	return strings.Join(parts, "; ")
}

func (e *SchemaError) rule() string {
	if e.Syntax {
		return RuleJSON
	}
	return RuleSchema
}

// CheckJSON tells whether a body is one JSON value of valid UTF-8 without repeated members. The error is a
// *SchemaError.
func CheckJSON(body []byte) error {
	dec := jsontext.NewDecoder(bytes.NewReader(body))
	err := dec.SkipValue()
	if err == nil {
		if _, err = dec.ReadToken(); errors.Is(err, io.EOF) {
			return nil
		}
		return &SchemaError{Syntax: true, Violations: []Violation{{Rule: "bytes after the value"}}}
	}
	v := Violation{Rule: "no proper JSON"}
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		v.Pointer = string(syntactic.JSONPointer)
	}
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		v.Rule = "empty"
	case errors.Is(err, jsontext.ErrDuplicateName):
		v.Rule = "duplicate member"
	case errors.Is(err, io.ErrUnexpectedEOF):
		v.Rule = "ends too early"
	case !utf8.Valid(body):
		v.Rule = "not UTF-8"
	}
	return &SchemaError{Syntax: true, Violations: []Violation{v}}
}

// violations flattens the validator's tree to its leaves, in a stable order.
func violations(e *jsonschema.ValidationError) []Violation {
	var out []Violation
	add := func(v Violation) {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	var walk func(*jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		at := pointer(e.InstanceLocation)
		switch k := e.ErrorKind.(type) {
		case *kind.Required:
			for _, name := range k.Missing {
				add(Violation{at, "required member " + strconv.Quote(name)})
			}
		case *kind.AdditionalProperties:
			for _, name := range slices.Sorted(slices.Values(k.Properties)) {
				add(Violation{at + pointer([]string{name}), "unknown member"})
			}
		case *kind.AnyOf, *kind.OneOf:
			add(Violation{at, keyword(k)})
		default:
			if len(e.Causes) == 0 {
				add(Violation{at, describe(k)})
			}
		}
		for _, cause := range e.Causes {
			walk(cause)
		}
	}
	walk(e)
	slices.SortFunc(out, func(a, b Violation) int {
		return cmp.Or(strings.Compare(a.Pointer, b.Pointer), strings.Compare(a.Rule, b.Rule))
	})
	return out
}

// describe names the rule with the schema's side of it.
func describe(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		return "type " + strings.Join(k.Want, " or ")
	case *kind.Format:
		return "format " + k.Want
	case *kind.Pattern:
		return "pattern " + k.Want
	case *kind.MinLength:
		return fmt.Sprintf("minLength %d", k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("maxLength %d", k.Want)
	case *kind.MinItems:
		return fmt.Sprintf("minItems %d", k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("maxItems %d", k.Want)
	case *kind.FalseSchema:
		return "unknown member"
	}
	return keyword(k)
}

func keyword(k jsonschema.ErrorKind) string {
	if path := k.KeywordPath(); len(path) > 0 {
		return path[0]
	}
	return "schema"
}

func pointer(tokens []string) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(t))
	}
	return b.String()
}
