package main

import "slices"

// kind is what a value is in Go.
type kind int

const (
	kindFree    kind = iota // anything, kept as raw JSON
	kindObject              // struct
	kindMap                 // map with typed values
	kindArray               // slice
	kindString              // string, time stamp or date
	kindEnum                // open enumeration
	kindNumber              // float64
	kindInteger             // int64
	kindBoolean             // bool
	kindUnion               // several shapes: only the overlay can give it a type
)

func (k kind) String() string {
	return [...]string{"free-form", "object", "map", "array", "string", "enum", "number", "integer", "boolean", "union"}[k]
}

// node is a schema after references, allOf and the overlay's merges are resolved. All uses of a component share one
// node; an inline schema has its own.
type node struct {
	kind      kind
	schema    *schema
	component string
	root      *rootEntry // set where the overlay names the node as a root

	fields   []*field
	elem     *slot // of arrays, maps and typed additional members
	branches []*slot

	goName string
	given  *textEntry // overlay entry that gave the name
	owner  *node      // struct that an inline node's default name comes from
	doc    string
	enum   *enumType

	inResponse bool // reached by an answer: its rules win over those of requests
}

// slot is one place where a node is used.
type slot struct {
	node     *node
	line     int
	nullable bool
	doc      string // description at this place
	goType   string // overlay types
	secret   bool
	path     string // one readable path, for messages
}

// field is a member of an object.
type field struct {
	slot
	name       string // JSON
	goName     string
	required   bool
	personal   bool
	deprecated bool
	renamed    bool
	docs       string // overlay docs
}

func (n *node) field(name string) *field {
	for _, f := range n.fields {
		if f.name == name {
			return f
		}
	}
	return nil
}

// shaper builds nodes from schemas.
type shaper struct {
	doc    *document
	comp   map[*schema]string
	merged map[*schema]*schema // component -> schema that replaces it
	flat   map[*schema]*schema
	nodes  map[*schema]*node
}

func newShaper(doc *document) *shaper {
	s := &shaper{doc: doc, comp: map[*schema]string{}, merged: map[*schema]*schema{}, flat: map[*schema]*schema{}, nodes: map[*schema]*node{}}
	for _, name := range doc.names {
		s.comp[doc.components[name]] = name
	}
	return s
}

// resolve follows references, one-branch wrappers and merges down to the schema that says what the value is.
func (s *shaper) resolve(x *schema) (target *schema, nullable bool) {
	for range 100 {
		nullable = nullable || x.nullable
		if m := s.merged[x]; m != nil {
			return m, nullable
		}
		switch next := s.alias(x); {
		case next != nil:
			x = next
		default:
			return x, nullable
		}
	}
	x.src.problems.add(x.src.file, x.line, "$ref or allOf refers to itself")
	x.ref, x.allOf, x.anyOf = "", nil, nil
	return x, nullable
}

// alias gives the schema that x merely stands for.
func (s *shaper) alias(x *schema) *schema {
	if x.ref != "" {
		return s.doc.components[x.ref]
	}
	bare := x.props == nil && x.items == nil && x.additional == nil && x.enum == nil
	if bare && len(x.allOf) == 1 && len(x.anyOf) == 0 {
		return x.allOf[0]
	}
	if bare && len(x.anyOf) > 0 && len(x.allOf) == 0 {
		first, _ := s.resolve(x.anyOf[0])
		for _, b := range x.anyOf[1:] {
			if other, _ := s.resolve(b); other != first {
				return nil
			}
		}
		return first
	}
	return nil
}

// slot builds the use of a schema at one place.
func (s *shaper) slot(x *schema, path string) slot {
	target, nullable := s.resolve(x)
	out := slot{node: s.node(target, path), line: x.line, nullable: nullable, path: path}
	for at := x; at != nil && at != target && s.comp[at] == ""; at = s.alias(at) {
		if out.doc = at.description; out.doc != "" {
			break
		}
	}
	if out.doc == "" && s.comp[target] == "" {
		out.doc = target.description
	}
	return out
}

// node builds the shape of a resolved schema, once.
func (s *shaper) node(x *schema, path string) *node {
	if n := s.nodes[x]; n != nil {
		return n
	}
	n := &node{component: s.comp[x], schema: x, doc: x.description}
	s.nodes[x] = n
	if n.component != "" {
		path = n.component
	}
	f := s.flatten(x)
	switch {
	case len(f.anyOf) > 0:
		n.kind = kindUnion
		for _, b := range f.anyOf {
			branch := s.slot(b, path)
			n.branches = append(n.branches, &branch)
		}
	case f.typ == "object":
		s.object(n, f, path)
	case f.typ == "array":
		n.kind = kindArray
		elem := s.slot(f.items, path+"[]")
		n.elem = &elem
	case f.enum != nil:
		n.kind = kindEnum
	case f.typ != "":
		n.kind = map[string]kind{"string": kindString, "number": kindNumber, "integer": kindInteger, "boolean": kindBoolean}[f.typ]
	}
	n.schema = f
	return n
}

func (s *shaper) object(n *node, f *schema, path string) {
	switch {
	case f.props != nil:
		n.kind = kindObject
	case f.additional != nil:
		n.kind = kindMap
	case f.closed:
		n.kind = kindObject
	}
	if f.additional != nil {
		elem := s.slot(f.additional, path+"{}")
		n.elem = &elem
	}
	for _, p := range f.props {
		n.fields = append(n.fields, s.field(p, f, path))
	}
}

func (s *shaper) field(p property, owner *schema, path string) *field {
	return &field{
		slot: s.slot(p.schema, path+"."+p.name), name: p.name, goName: goName(p.name),
		required: slices.Contains(owner.required, p.name), deprecated: p.schema.deprecated,
	}
}

// flatten unites the branches of allOf with what stands beside them.
func (s *shaper) flatten(x *schema) *schema {
	if f := s.flat[x]; f != nil {
		return f
	}
	if len(x.allOf) == 0 {
		return x
	}
	out := *x
	out.allOf = nil
	out.props = nil
	s.flat[x] = &out
	for _, b := range x.allOf {
		target, nullable := s.resolve(b)
		s.addPart(&out, s.flatten(target), nullable)
	}
	own := *x
	own.allOf = nil
	s.addPart(&out, &own, x.nullable)
	return &out
}

// addPart adds one branch of an allOf.
func (s *shaper) addPart(out, part *schema, nullable bool) {
	fail := func(format string, args ...any) { out.src.problems.add(out.src.file, out.line, format, args...) }
	if out.typ == "" {
		out.typ = part.typ
	} else if part.typ != "" && part.typ != out.typ {
		fail("allOf unites %s and %s", out.typ, part.typ)
	}
	if out.format == "" {
		out.format = part.format
	}
	out.nullable = out.nullable || nullable
	out.free = out.free || part.free
	out.closed = out.closed || part.closed
	for _, p := range part.props {
		i := slices.IndexFunc(out.props, func(q property) bool { return q.name == p.name })
		if i < 0 {
			out.props = append(out.props, p)
			continue
		}
		mine, _ := s.resolve(out.props[i].schema)
		if other, _ := s.resolve(p.schema); mine != other {
			fail("allOf has member %q twice, in different shapes", p.name)
		}
	}
	for _, name := range part.required {
		if !slices.Contains(out.required, name) {
			out.required = append(slices.Clone(out.required), name)
		}
	}
	if out.items == nil {
		out.items = part.items
	}
	if out.additional == nil {
		out.additional = part.additional
	}
	if out.enum == nil {
		out.enum = part.enum
	}
	for _, l := range part.limits {
		if !slices.ContainsFunc(out.limits, func(m limit) bool { return m.keyword == l.keyword }) {
			out.limits = append(slices.Clone(out.limits), l)
		}
	}
	if len(part.anyOf) > 0 && len(out.anyOf) == 0 {
		out.anyOf = part.anyOf
	}
}
