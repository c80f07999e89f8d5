package main

import (
	"cmp"
	"slices"
	"strings"
)

// requestOnly reports whether a struct goes out only: then its required members are plain.
func (g *generator) requestOnly(goName string) bool {
	for _, n := range g.structs[goName] {
		if n.inResponse {
			return false
		}
	}
	return true
}

// always reports whether a member of a request is written even when it is empty.
func (g *generator) always(owner *node, f *field) bool {
	if !g.requestOnly(owner.goName) {
		return false
	}
	for _, n := range g.structs[owner.goName] {
		if other := n.field(f.name); other == nil || !other.required {
			return false
		}
	}
	return f.required
}

// byValue reports whether a number, truth value or object needs no pointer. One that must be sent but may be null keeps it.
func (g *generator) byValue(owner *node, f *field) bool { return !f.nullable && g.always(owner, f) }

// fieldType writes the Go type of a struct's member.
func (g *generator) fieldType(owner *node, f *field) string {
	t := g.valueType(&f.slot)
	if f.goType != "" || f.secret {
		return t
	}
	switch f.node.kind {
	case kindNumber, kindInteger, kindBoolean:
		if !g.byValue(owner, f) {
			return "*" + t
		}
	case kindObject:
		if !g.byValue(owner, f) || g.holds(f.node, owner.goName, map[string]bool{}) {
			return "*" + t
		}
	}
	return t
}

// valueType writes the Go type of an item, or of a member without its pointer.
func (g *generator) valueType(s *slot) string {
	n := s.node
	switch {
	case s.goType != "":
		return s.goType
	case s.secret:
		return "kyc.Secret"
	}
	switch n.kind {
	case kindObject:
		return n.goName
	case kindMap:
		return "map[string]" + g.valueType(n.elem)
	case kindArray:
		return "[]" + g.valueType(n.elem)
	case kindEnum:
		return n.enum.name
	case kindNumber:
		return "float64"
	case kindInteger:
		return "int64"
	case kindBoolean:
		return "bool"
	case kindString:
		switch n.schema.format {
		case "date-time":
			return "kyc.Timestamp"
		case "date":
			return "kyc.Date"
		}
		return "string"
	}
	return "json.RawMessage"
}

// holds reports whether a struct contains another one by value, which Go does not allow to go round in a circle.
func (g *generator) holds(n *node, goName string, seen map[string]bool) bool {
	if n.goName == goName {
		return true
	}
	if seen[n.goName] {
		return false
	}
	seen[n.goName] = true
	for _, f := range n.fields {
		if f.node.kind == kindObject && f.goType == "" && g.byValue(n, f) && g.holds(f.node, goName, seen) {
			return true
		}
	}
	return false
}

// fold checks that structs with one name are alike, and carries marks and comments over to the one that is emitted.
func (g *generator) fold() {
	for _, o := range g.order {
		first, ok := o.(*node)
		if !ok {
			continue
		}
		for _, n := range g.structs[first.goName][1:] {
			if diff := g.differ(first, n); diff != "" && foldable(first, n) {
				at := cmp.Or(n.given, first.given)
				file, line := n.schema.src.file, n.schema.line
				if at != nil {
					file, line = g.overlay.src.file, at.at.Line
				}
				g.p.add(file, line, "%s is to be one type for two shapes that differ (document lines %d and %d): %s",
					n.goName, first.schema.line, n.schema.line, diff)
			}
			g.carry(first, n)
		}
	}
}

// differ says where two shapes are not the same; order, required and nullable do not count.
func (g *generator) differ(a, b *node) string {
	var diffs []string
	for _, f := range a.fields {
		other := b.field(f.name)
		switch {
		case other == nil:
			diffs = append(diffs, "only the first has "+f.name)
		case g.valueType(&f.slot) != g.valueType(&other.slot):
			diffs = append(diffs, f.name+" is "+g.valueType(&f.slot)+" in the first and "+g.valueType(&other.slot)+" in the second")
		case f.goName != other.goName:
			diffs = append(diffs, f.name+" is renamed in one only")
		}
	}
	for _, f := range b.fields {
		if a.field(f.name) == nil {
			diffs = append(diffs, "only the second has "+f.name)
		}
	}
	return strings.Join(diffs, ", ")
}

func (g *generator) carry(first, n *node) {
	if first.doc == "" {
		first.doc = n.doc
	}
	for _, f := range first.fields {
		other := n.field(f.name)
		if other == nil {
			continue
		}
		f.personal = f.personal || other.personal
		f.docs = cmp.Or(f.docs, other.docs)
		f.slot.doc = cmp.Or(f.slot.doc, other.slot.doc)
	}
}

// methods are the names that a struct's members must leave free.
var methods = []string{"Format", "LogValue", "Extra"}

// checkFields reports members that make no Go field.
func (g *generator) checkFields() {
	for _, o := range g.order {
		n, ok := o.(*node)
		if !ok {
			continue
		}
		seen := map[string]string{}
		for _, f := range n.fields {
			where := n.goName + "." + f.name
			fail := func(format string, args ...any) {
				g.p.add(n.schema.src.file, f.line, where+": "+format+"; add it to rename", args...)
			}
			switch {
			case !exported(f.goName):
				fail("gives the field name %q", f.goName)
			case slices.Contains(methods, f.goName) || n.root != nil && slices.Contains([]string{"Raw", "RawJSON", "Mismatches"}, f.goName):
				fail("the field name %s is used by the generated code", f.goName)
			case seen[f.goName] != "":
				fail("the field name %s is that of %s too", f.goName, seen[f.goName])
			}
			seen[f.goName] = f.name
			if strings.ContainsAny(f.name, "`\"',\\") {
				fail("the member's name does not fit into a struct tag")
			}
		}
	}
}
