package main

import (
	"slices"
)

// nameStructs gives every struct below the roots its Go name: root, overlay, component, or the name of the struct
// around it with the member's name.
func (g *generator) nameStructs() {
	seen := map[*node]bool{}
	var visit func(n *node, owner *node, last string)
	visit = func(n *node, owner *node, last string) {
		if seen[n] {
			return
		}
		seen[n] = true
		if n.kind == kindObject {
			if n.goName == "" && n.component != "" {
				n.goName = goName(n.component)
			} else if n.goName == "" && owner != nil {
				n.goName, n.owner = owner.goName+last, owner
			}
			owner, last = n, ""
			g.heads = g.addHead(n)
		}
		for _, f := range n.fields {
			visit(f.node, n, f.goName)
		}
		if n.elem != nil {
			if n.kind != kindObject {
				last = singular(last)
			}
			visit(n.elem.node, owner, last)
		}
		for _, b := range n.branches {
			visit(b.node, owner, last)
		}
	}
	for _, r := range g.roots {
		visit(r.slot.node, nil, "")
	}
	for _, b := range slices.Concat(g.requests, g.responses) {
		if b.slot.node.kind == kindObject && b.slot.node.goName == "" {
			continue // no type is asked for it
		}
		visit(b.slot.node, nil, "")
	}
}

// addHead lets paths begin with the Go name of an inline struct.
func (g *generator) addHead(n *node) []head {
	for _, h := range g.heads {
		if h.slot.node == n {
			return g.heads
		}
	}
	return append(g.heads, head{n.goName, &slot{node: n, path: n.goName}, false})
}

// collect walks from the roots through everything that becomes Go code, in the order of the output, and marks what
// answers reach.
func (g *generator) collect() {
	for _, r := range g.roots {
		g.reach(r.slot.node, r.entry.request && r.entry.response == "", map[*node]bool{})
	}
	seen := map[*node]bool{}
	listed := map[*enumType]bool{}
	var visit func(*slot)
	visit = func(s *slot) {
		n := s.node
		if s.goType != "" || s.secret || seen[n] {
			return
		}
		seen[n] = true
		switch n.kind {
		case kindObject:
			g.structs[n.goName] = append(g.structs[n.goName], n)
			if len(g.structs[n.goName]) == 1 {
				g.order = append(g.order, n)
			}
		case kindEnum:
			if t := n.enum; t != nil && !listed[t] {
				listed[t] = true
				g.order = append(g.order, t)
			}
		case kindUnion:
			g.p.add(n.schema.src.file, n.schema.line, "%s is a oneOf or anyOf: give it a type with types, or merge its components", s.path)
		}
		for _, f := range n.fields {
			visit(&f.slot)
		}
		if n.elem != nil && n.kind != kindObject {
			visit(n.elem)
		}
	}
	for _, r := range g.roots {
		visit(&r.slot)
	}
	g.checkOutput()
	for _, o := range g.order {
		if n, ok := o.(*node); ok {
			g.claim(n)
		}
	}
	for _, o := range g.order {
		if t, ok := o.(*enumType); ok {
			if from, taken := g.types[t.name]; taken {
				g.failEnum(t, "the name %s is taken twice: by the enumeration of %s and by %s", t.name, t.path, from)
			}
			g.types[t.name] = t.path
		}
	}
}

// checkOutput reports names of the overlay that the output does not have.
func (g *generator) checkOutput() {
	for _, e := range g.overlay.names {
		if g.structs[e.value] == nil {
			g.overlay.src.fail(e.at, "names: %s does not reach the output, no root needs it", e.value)
		}
	}
	for _, t := range g.enums {
		if t.entry != nil && !slices.Contains(g.order, any(t)) {
			g.overlay.src.fail(t.entry.at, "enums: %s does not reach the output, no root needs it", t.name)
		}
	}
}

// reach goes through the nodes below a root. Where a node is used in requests and answers, the rules of answers win.
func (g *generator) reach(n *node, request bool, seen map[*node]bool) {
	if seen[n] {
		return
	}
	seen[n] = true
	n.inResponse = n.inResponse || !request
	for _, f := range n.fields {
		if f.goType == "" {
			g.reach(f.node, request, seen)
		}
	}
	if n.elem != nil && n.elem.goType == "" {
		g.reach(n.elem.node, request, seen)
	}
}

// claim takes a Go name for one struct or for several that the overlay folds.
func (g *generator) claim(first *node) {
	nodes := g.structs[first.goName]
	g.types[first.goName] = place(first)
	for _, n := range nodes[1:] {
		if !foldable(first, n) {
			g.p.add(n.schema.src.file, n.schema.line, "the name %s is taken twice: by %s and by %s; give one of them another in names",
				n.goName, place(first), place(n))
		}
	}
}

// foldable reports whether the overlay wants two nodes to be one type: both carry the name because it says so, or they
// are the same member of structs that it folds.
func foldable(a, b *node) bool {
	if a.given != nil && b.given != nil {
		return true
	}
	if (a.given != nil) != (b.given != nil) {
		// A name may also join an inline shape to a component of that name.
		return a.given == nil && a.owner == nil || b.given == nil && b.owner == nil
	}
	return a.owner != nil && b.owner != nil && a.owner != b.owner && a.owner.goName == b.owner.goName
}

func place(n *node) string {
	switch {
	case n.root != nil:
		return "root " + n.root.name
	case n.component != "":
		return "component " + n.component
	}
	return "the object in line " + itoa(n.schema.line)
}
