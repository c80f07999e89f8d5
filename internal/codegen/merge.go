package main

import "slices"

// merge makes one schema of several components, which then stands for each of them: the answer to a oneOf without a
// discriminator.
func (s *shaper) merge(o *overlay) map[string]*schema {
	out := map[string]*schema{}
	for _, e := range o.merge {
		var parts []*schema
		for _, v := range e.values {
			part := s.doc.components[v.key]
			if part == nil {
				o.src.fail(v.at, "merge %s: %s is no component", e.key, v.key)
				continue
			}
			if s.merged[part] != nil {
				o.src.fail(v.at, "merge %s: %s is merged already", e.key, v.key)
				continue
			}
			parts = append(parts, part)
		}
		if len(parts) < 2 {
			o.src.fail(e.at, "merge %s: want two components or more", e.key)
			continue
		}
		one := &schema{src: parts[0].src, line: parts[0].line, typ: "object", description: parts[0].description}
		for _, part := range parts {
			s.merged[part] = one
		}
		s.comp[one] = e.key
		out[e.key] = one
	}
	// Only now all merges are known that the members of one merge may refer to.
	for _, e := range o.merge {
		one := out[e.key]
		if one == nil {
			continue
		}
		first := true
		for _, v := range e.values {
			part := s.flatten(s.doc.components[v.key])
			if part.typ != "object" {
				o.src.fail(v.at, "merge %s: %s is no object", e.key, v.key)
				continue
			}
			s.unite(one, part, first, func(format string, args ...any) {
				o.src.fail(v.at, "merge "+e.key+": "+format, args...)
			})
			first = false
		}
	}
	return out
}

type failer func(format string, args ...any)

// unite adds the members of part; a member is required when every part requires it.
func (s *shaper) unite(into, part *schema, first bool, fail failer) {
	for _, p := range part.props {
		i := slices.IndexFunc(into.props, func(q property) bool { return q.name == p.name })
		if i < 0 {
			into.props = append(into.props, p)
			continue
		}
		into.props[i].schema = s.uniteValues(into.props[i].schema, p.schema, p.name, fail)
	}
	if first {
		into.required = slices.Clone(part.required)
	} else {
		into.required = slices.DeleteFunc(into.required, func(name string) bool { return !slices.Contains(part.required, name) })
	}
	into.free = into.free || part.free
	if into.additional == nil {
		into.additional = part.additional
	}
}

// uniteValues finds the schema that both shapes of a member fit.
func (s *shaper) uniteValues(a, b *schema, name string, fail failer) *schema {
	x, aNull := s.resolve(a)
	y, bNull := s.resolve(b)
	if x == y {
		return a
	}
	out := *s.flatten(x)
	x, y = &out, s.flatten(y)
	out.nullable = aNull || bNull
	if a.description != "" {
		out.description = a.description
	} else if b.description != "" {
		out.description = b.description
	}
	switch {
	case x.typ != y.typ || len(x.anyOf) > 0 || len(y.anyOf) > 0:
		fail("member %q is %s in one and %s in another", name, describeSchema(x), describeSchema(y))
	case x.enum != nil && y.enum != nil:
		out.enum = slices.Clone(x.enum)
		for _, word := range y.enum {
			if !slices.Contains(out.enum, word) {
				out.enum = append(out.enum, word)
			}
		}
	case x.typ == "string":
		if (x.enum == nil) != (y.enum == nil) || x.format != y.format {
			fail("member %q is %s in one and %s in another", name, describeSchema(x), describeSchema(y))
		}
		out.limits = nil
	case x.typ == "array":
		out.items = s.uniteValues(x.items, y.items, name+"[]", fail)
	case x.typ == "object":
		ca, cb := s.componentOf(a), s.componentOf(b)
		if ca != "" || cb != "" {
			fail("member %q is %s in one and %s in another; merge these too", name, orInline(ca), orInline(cb))
			return a
		}
		out.props = slices.Clone(x.props)
		s.unite(&out, y, false, fail)
	default:
		out.limits = nil
	}
	return &out
}

func (s *shaper) componentOf(x *schema) string {
	target, _ := s.resolve(x)
	return s.comp[target]
}

func orInline(component string) string {
	if component == "" {
		return "an inline object"
	}
	return component
}

func describeSchema(x *schema) string {
	switch {
	case len(x.anyOf) > 0:
		return "a union"
	case x.enum != nil:
		return "an enumeration"
	case x.typ == "":
		return "free-form"
	case x.format != "":
		return x.typ + " (" + x.format + ")"
	}
	return x.typ
}
