package main

import (
	"cmp"
	"slices"
	"strconv"
)

// enumType is an open enumeration: one Go type for one node or for several that the overlay unites.
type enumType struct {
	name   string
	path   string
	words  []string
	extra  []string // of words, those that only the overlay knows
	consts map[string]string
	prefix string
	doc    string
	entry  *listEntry
	nodes  []*node
	owner  *node
}

// failEnum reports a fault of an enumeration where its name comes from.
func (g *generator) failEnum(t *enumType, format string, args ...any) {
	if t.entry != nil {
		g.overlay.src.fail(t.entry.at, format, args...)
		return
	}
	first := t.nodes[0].schema
	g.p.add(first.src.file, first.line, format, args...)
}

func (t *enumType) add(words []string) {
	for _, w := range words {
		if !slices.Contains(t.words, w) {
			t.words = append(t.words, w)
		}
	}
}

// nameEnums applies the enums section and names the other enumerations after their component or place.
func (g *generator) nameEnums() {
	for i := range g.overlay.enums {
		g.uniteEnum(&g.overlay.enums[i])
	}
	seen := map[*node]bool{}
	var visit func(s *slot, owner *node, last, doc string)
	visit = func(s *slot, owner *node, last, doc string) {
		n := s.node
		if s.goType != "" || s.secret || seen[n] {
			return
		}
		seen[n] = true
		switch {
		case n.kind == kindObject:
			owner, last = n, ""
		case n.kind == kindEnum && n.enum == nil:
			g.defaultEnum(n, owner, last, s.path, cmp.Or(n.doc, doc))
		}
		for _, f := range n.fields {
			visit(&f.slot, n, f.goName, f.slot.doc)
		}
		if n.elem != nil && n.kind != kindObject {
			visit(n.elem, owner, singular(last), cmp.Or(n.elem.doc, doc))
		}
	}
	for _, r := range g.roots {
		visit(&r.slot, nil, "", "")
	}
}

func (g *generator) uniteEnum(e *listEntry) {
	t := &enumType{name: e.key, path: "enums " + e.key, entry: e, consts: map[string]string{}, prefix: e.key}
	if !exported(t.name) {
		g.overlay.src.fail(e.at, "enums: %q is no exported Go name", t.name)
		return
	}
	hasValues := slices.ContainsFunc(g.overlay.values, func(v listEntry) bool { return v.key == t.name })
	for _, v := range e.values {
		p, _ := parsePattern(v.key)
		sites := g.find(v, "enums "+e.key)
		var plain []site
		matched := 0
		for _, at := range sites {
			switch {
			case at.slot.node.kind == kindEnum:
				matched++
				g.join(t, at, v)
			case at.slot.node.kind == kindString && at.slot.node.schema.format == "" && at.slot.node.component == "":
				plain = append(plain, at)
			case !p.wild():
				g.overlay.src.fail(v.at, "enums %s: %s is %s, not an enumeration", e.key, at.path, at.slot.node.kind)
				matched++
			}
		}
		switch {
		case matched > 0 && p.wild() || len(sites) == 0:
		case hasValues || matched > 0 || len(plain) > 0 && len(t.words) > 0:
			for _, at := range plain {
				at.slot.node.kind = kindEnum
				g.join(t, at, v)
			}
		default:
			g.overlay.src.fail(v.at, "enums %s: nothing that %q matches is an enumeration", e.key, v.key)
		}
	}
	if len(t.nodes) > 0 {
		g.enums = append(g.enums, t)
		g.byName[t.name] = t
	}
}

func (g *generator) join(t *enumType, at site, v textEntry) {
	n := at.slot.node
	switch n.enum {
	case nil:
		n.enum = t
		t.nodes = append(t.nodes, n)
		t.add(n.schema.enum)
		if t.doc = cmp.Or(t.doc, n.doc); t.doc == "" && at.owner != nil {
			t.doc = at.owner.slot.doc
		}
	case t:
	default:
		g.overlay.src.fail(v.at, "enums %s: %s belongs to %s already", t.name, at.path, n.enum.name)
	}
}

// defaultEnum names an enumeration that the overlay does not mention.
func (g *generator) defaultEnum(n, owner *node, last, path, doc string) {
	name := goName(n.component)
	if n.component == "" {
		name = owner.goName + last
	}
	if t := g.byName[name]; t != nil {
		// Members of folded structs share their enumeration; fold compares the words.
		if n.component != "" || t.owner == nil || t.owner == owner || t.owner.goName != owner.goName {
			g.p.add(n.schema.src.file, n.schema.line, "%s: the enumeration's name %s is taken by that of %s; name it in enums", path, name, t.path)
			return
		}
		if !slices.Equal(slices.Sorted(slices.Values(t.words)), slices.Sorted(slices.Values(n.schema.enum))) {
			g.p.add(n.schema.src.file, n.schema.line, "%s and %s are to be one type %s, but their words differ: %q and %q",
				t.path, path, name, t.words, n.schema.enum)
		}
		n.enum = t
		t.nodes = append(t.nodes, n)
		return
	}
	t := &enumType{name: name, path: path, consts: map[string]string{}, prefix: name, doc: doc, nodes: []*node{n}}
	if n.component == "" {
		t.owner = owner
	}
	t.add(n.schema.enum)
	n.enum = t
	g.enums = append(g.enums, t)
	g.byName[name] = t
}

// applyValues adds words and names constants.
func (g *generator) applyValues() {
	emitted := func(key string) *enumType {
		t := g.byName[key]
		if t == nil || !slices.Contains(g.order, any(t)) {
			return nil
		}
		return t
	}
	for _, e := range g.overlay.values {
		t := emitted(e.key)
		if t == nil {
			g.overlay.src.fail(e.at, "values: %s is no enumeration of the output", e.key)
			continue
		}
		for _, v := range e.values {
			if slices.Contains(t.words, v.key) {
				g.overlay.src.fail(v.at, "values: %s has %q in the document now", e.key, v.key)
				continue
			}
			t.words = append(t.words, v.key)
			t.extra = append(t.extra, v.key)
		}
	}
	for _, e := range g.overlay.enumPrefix {
		t := emitted(e.key)
		switch {
		case t == nil:
			g.overlay.src.fail(e.at, "enumPrefix: %s is no enumeration of the output", e.key)
		case !exported(e.value):
			g.overlay.src.fail(e.at, "enumPrefix: %q is no exported Go name", e.value)
		default:
			t.prefix = e.value
		}
	}
	for _, e := range g.overlay.constants {
		name, word, _ := cutDot(e.key)
		t := emitted(name)
		switch {
		case t == nil:
			g.overlay.src.fail(e.at, "constants: %s is no enumeration of the output", name)
		case !slices.Contains(t.words, word):
			g.overlay.src.fail(e.at, "constants: %s has no value %q", name, word)
		case !exported(e.value):
			g.overlay.src.fail(e.at, "constants: %q is no exported Go name", e.value)
		default:
			t.consts[word] = e.value
		}
	}
	g.nameConstants()
}

// nameConstants fills in the default names and reports clashes.
func (g *generator) nameConstants() {
	for _, o := range g.order {
		t, ok := o.(*enumType)
		if !ok {
			continue
		}
		for _, w := range t.words {
			if t.consts[w] == "" {
				tail := constName(w)
				if tail == "" {
					g.failEnum(t, "enumeration %s: the value %q gives no Go name; add %q to constants", t.name, w, t.name+"."+w)
					continue
				}
				t.consts[w] = t.prefix + tail
			}
			origin := t.name + " " + strconv.Quote(w)
			if from, taken := g.types[t.consts[w]]; taken {
				g.failEnum(t, "the constant %s of %s clashes with %s; use constants or enumPrefix", t.consts[w], origin, from)
				continue
			}
			g.types[t.consts[w]] = origin
		}
	}
}
