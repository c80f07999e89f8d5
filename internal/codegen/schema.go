package main

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// schema is one schema object as the document has it, members in its order.
type schema struct {
	src  *source
	line int

	ref         string // name of the component that $ref points to
	typ         string
	format      string
	description string
	nullable    bool
	deprecated  bool

	props      []property
	required   []string
	items      *schema
	additional *schema // typed additionalProperties
	free       bool    // additionalProperties: true or {}
	closed     bool    // additionalProperties: false

	enum   []string // words of a string enumeration, without null
	allOf  []*schema
	anyOf  []*schema // oneOf too
	limits []limit   // what only the emitted JSON Schema needs
}

type property struct {
	name   string
	schema *schema
}

// limit is a keyword that is carried over to the JSON Schema as it is.
type limit struct {
	keyword string
	value   any
}

const schemaRef = "#/components/schemas/"

// parseSchema reads a schema object strictly: a keyword that it does not know is reported, not skipped.
func (s *source) parseSchema(n *yaml.Node, what string) *schema {
	out := &schema{src: s}
	if n != nil {
		out.line = n.Line
	}
	for _, e := range s.entries(n, what) {
		s.keyword(out, e, what)
	}
	if out.typ == "" {
		switch {
		case out.props != nil || out.additional != nil || out.closed:
			out.typ = "object"
		case out.items != nil:
			out.typ = "array"
		case out.enum != nil:
			out.typ = "string"
		}
	}
	if out.enum != nil && out.typ != "string" {
		s.fail(n, "%s: words in enum, but type %s", what, out.typ)
	}
	if out.typ == "array" && out.items == nil {
		out.items = &schema{src: s, line: out.line}
	}
	for _, name := range out.required {
		if !slices.ContainsFunc(out.props, func(p property) bool { return p.name == name }) && out.props != nil && out.allOf == nil {
			s.fail(n, "%s: required member %q is not among the properties", what, name)
		}
	}
	return out
}

var schemaTypes = []string{"object", "array", "string", "number", "integer", "boolean"}

func (s *source) keyword(out *schema, e entry, what string) {
	switch e.key {
	case "$ref":
		ref := s.text(e.value, what)
		name, ok := strings.CutPrefix(ref, schemaRef)
		if !ok {
			s.fail(e.value, "%s: $ref %q does not point to %s", what, ref, schemaRef)
		}
		out.ref = name
	case "type":
		out.typ = s.text(e.value, what)
		if !slices.Contains(schemaTypes, out.typ) {
			s.fail(e.value, "%s: unknown type %q", what, out.typ)
		}
	case "format":
		out.format = s.text(e.value, what)
	case "description":
		out.description = strings.Join(strings.Fields(s.text(e.value, what)), " ")
	case "nullable":
		out.nullable = s.boolean(e.value, what)
	case "deprecated":
		out.deprecated = s.boolean(e.value, what)
	case "properties":
		for _, p := range s.entries(e.value, what+" properties") {
			out.props = append(out.props, property{p.key, s.parseSchema(p.value, what+"."+p.key)})
		}
	case "required":
		out.required = s.texts(e.value, what+" required")
	case "items":
		out.items = s.parseSchema(e.value, what+"[]")
	case "additionalProperties":
		s.additional(out, e.value, what)
	case "enum":
		s.enum(out, e.value, what)
	case "allOf":
		for _, c := range s.items(e.value, what+" allOf") {
			out.allOf = append(out.allOf, s.parseSchema(c, what))
		}
	case "oneOf", "anyOf":
		for _, c := range s.items(e.value, what+" "+e.key) {
			out.anyOf = append(out.anyOf, s.parseSchema(c, what))
		}
	case "pattern", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minimum", "maximum",
		"multipleOf", "minProperties", "maxProperties":
		out.limits = append(out.limits, limit{e.key, s.jsonValue(e.value)})
	case "title", "example", "default", "readOnly", "writeOnly", "externalDocs", "discriminator", "xml":
		// They change neither the Go type nor what is valid.
	default:
		if !strings.HasPrefix(e.key, "x-") {
			s.fail(e.at, "%s: the generator does not know the keyword %q", what, e.key)
		}
	}
}

func (s *source) additional(out *schema, n *yaml.Node, what string) {
	if n.Kind == yaml.ScalarNode {
		if s.boolean(n, what+" additionalProperties") {
			out.free = true
		} else {
			out.closed = true
		}
		return
	}
	if len(n.Content) == 0 {
		out.free = true
		return
	}
	out.additional = s.parseSchema(n, what+"{}")
}

// enum splits the words of an enumeration from numbers and truth values, which stay plain types in Go.
func (s *source) enum(out *schema, n *yaml.Node, what string) {
	var other []any
	for _, c := range s.items(n, what+" enum") {
		switch c.Tag {
		case "!!null":
			out.nullable = true
		case "!!int", "!!float", "!!bool":
			other = append(other, s.jsonValue(c))
		default:
			word := s.text(c, what+" enum")
			if slices.Contains(out.enum, word) {
				s.fail(c, "%s: enum has %q twice", what, word)
			}
			out.enum = append(out.enum, word)
		}
	}
	switch {
	case other != nil && out.enum != nil:
		s.fail(n, "%s: enum mixes texts with other values", what)
	case other != nil:
		out.limits = append(out.limits, limit{"enum", other})
	}
}
