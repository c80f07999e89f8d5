package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// side tells requests, which are closed, from answers, which are open.
type side string

const (
	requestSide  side = "requests"
	responseSide side = "responses"
)

// members is a JSON object whose members keep their order.
type members []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in order.
func (m members) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, one := range m {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, v := range []any{one.name, one.value} {
			if j > 0 {
				b.WriteByte(':')
			}
			text, err := plainJSON(v)
			if err != nil {
				return nil, err
			}
			b.Write(text)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// plainJSON leaves < and > readable.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

func (m *members) set(name string, value any) { *m = append(*m, member{name, value}) }

// schemaWriter turns shapes into JSON Schema 2020-12.
type schemaWriter struct {
	g    *generator
	side side
	defs map[string]any
}

// emitSchemas renders zz_schema.json: what requests must look like, and the answers that roots name.
func (g *generator) emitSchemas() ([]byte, error) {
	defs := map[string]any{}
	part := func(s side, bodies []body) members {
		w := &schemaWriter{g, s, defs}
		bodies = slices.Clone(bodies)
		slices.SortStableFunc(bodies, func(a, b body) int { return strings.Compare(a.operation, b.operation) })
		out := members{}
		for i, b := range bodies {
			if i > 0 && bodies[i-1].operation == b.operation {
				continue // another 2xx answer of the same operation
			}
			out.set(b.operation, w.value(&b.slot))
		}
		return out
	}
	doc := members{{"$schema", "https://json-schema.org/draft/2020-12/schema"}}
	doc.set(string(requestSide), part(requestSide, g.requests))
	doc.set(string(responseSide), part(responseSide, g.responses))
	shared := members{}
	for _, name := range sortedKeys(defs) {
		shared.set(name, defs[name])
	}
	doc.set("$defs", shared)
	flat, err := plainJSON(doc)
	if err != nil {
		return nil, fmt.Errorf("%s: schemas: %w", g.vendor, err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, flat, "", "\t"); err != nil {
		return nil, fmt.Errorf("%s: schemas: %w", g.vendor, err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// value writes the schema of one place; components become references.
func (w *schemaWriter) value(s *slot) members {
	n := s.node
	if n.component == "" {
		return w.node(n, s.nullable)
	}
	name := string(w.side) + "." + n.component
	if _, ok := w.defs[name]; !ok {
		w.defs[name] = nil // stops at circles
		w.defs[name] = w.node(n, false)
	}
	ref := members{{"$ref", "#/$defs/" + name}}
	if s.nullable {
		return members{{"anyOf", []any{ref, members{{"type", "null"}}}}}
	}
	return ref
}

func (w *schemaWriter) node(n *node, nullable bool) members {
	var out members
	typ := func(name string) {
		if nullable {
			out.set("type", []string{name, "null"})
			return
		}
		out.set("type", name)
	}
	switch n.kind {
	case kindObject, kindMap:
		typ("object")
		w.object(n, &out)
	case kindArray:
		typ("array")
		out.set("items", w.value(n.elem))
	case kindString:
		typ("string")
		w.format(n, &out)
	case kindEnum:
		typ("string")
		w.enum(n, nullable, &out)
	case kindNumber, kindInteger, kindBoolean:
		typ(n.kind.String())
	case kindUnion:
		var branches []any
		for _, b := range n.branches {
			branches = append(branches, w.value(b))
		}
		if nullable {
			branches = append(branches, members{{"type", "null"}})
		}
		out.set("anyOf", branches)
	case kindFree:
		if n.schema.typ != "" {
			typ(n.schema.typ)
		}
	}
	for _, l := range n.schema.limits {
		out.set(l.keyword, l.value)
	}
	if out == nil {
		out = members{}
	}
	return out
}

func (w *schemaWriter) object(n *node, out *members) {
	if len(n.fields) > 0 {
		props := members{}
		var required []string
		for _, f := range n.fields {
			props.set(f.name, w.value(&f.slot))
			if f.required {
				required = append(required, f.name)
			}
		}
		out.set("properties", props)
		if required != nil {
			out.set("required", required)
		}
	}
	switch {
	case n.elem != nil:
		out.set("additionalProperties", w.value(n.elem))
	case n.schema.free || n.schema.closed && len(n.fields) == 0 || len(n.fields) == 0 && !n.schema.closed:
		if n.schema.closed {
			out.set("additionalProperties", false)
		}
	case w.side == requestSide || n.schema.closed:
		out.set("additionalProperties", false)
	}
}

// format is asserted of what goes out only: vendors do not keep to the formats of their own answers.
func (w *schemaWriter) format(n *node, out *members) {
	if w.side == requestSide && slices.Contains([]string{"date-time", "date", "uuid", "uri", "email", "ipv4", "ipv6"}, n.schema.format) {
		out.set("format", n.schema.format)
	}
}

// enum admits in a request what the schema of that very place lists, in an answer all that the Go type knows.
func (w *schemaWriter) enum(n *node, nullable bool, out *members) {
	words := n.schema.enum
	if n.enum != nil {
		switch {
		case w.side == responseSide:
			words = n.enum.words
		case words != nil:
			words = slices.Concat(words, n.enum.extra)
		}
	}
	if words == nil {
		return
	}
	var list []any
	for _, word := range words {
		list = append(list, word)
	}
	if nullable {
		list = append(list, nil)
	}
	out.set("enum", list)
}
