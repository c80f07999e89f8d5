package main

import (
	"go/ast"
	"go/parser"
	"slices"
	"strings"
)

// applyExtend adds members. Heads that only the names section declares are looked up by it, so names come first for
// these; a member to be named may itself be an extension, so the others go before.
func (g *generator) applyExtend() {
	for _, e := range g.overlay.extend {
		g.heads = append(g.heads, g.namesOf(e.key)...)
		done := map[*node]bool{}
		for _, at := range g.find(textEntry{key: e.key, at: e.at}, "extend") {
			if n := at.slot.node; !done[n] {
				done[n] = true
				g.extend(n, e, at.path)
			}
		}
	}
}

// namesOf finds the inline structs that the names section gives the name with which a path begins.
func (g *generator) namesOf(path string) []head {
	p, err := parsePattern(path)
	if err != nil || slices.ContainsFunc(g.heads, func(h head) bool { return h.name == p[0] }) {
		return nil
	}
	var out []head
	for _, e := range g.overlay.names {
		if e.value == p[0] {
			for _, at := range g.find(e, "names") {
				out = append(out, head{e.value, at.slot, false})
			}
		}
	}
	return out
}

func (g *generator) extend(n *node, e extendEntry, path string) {
	if n.kind == kindFree && (n.schema.typ == "object" || n.schema.typ == "") {
		n.kind = kindObject
	}
	if n.kind != kindObject {
		g.overlay.src.fail(e.at, "extend: %s is %s, not an object", path, n.kind)
		return
	}
	for _, p := range e.props {
		if n.field(p.name) != nil {
			g.overlay.src.problems.add(g.overlay.src.file, p.schema.line, "extend: %s has a member %q in the document now", path, p.name)
			continue
		}
		n.fields = append(n.fields, g.shaper.field(p, &schema{}, path))
	}
}

// applyNames gives structs the names of the overlay.
func (g *generator) applyNames() {
	for i := range g.overlay.names {
		e := &g.overlay.names[i]
		if !exported(e.value) {
			g.overlay.src.fail(e.at, "names: %q is no exported Go name", e.value)
			continue
		}
		for _, at := range g.find(*e, "names") {
			n := at.slot.node
			switch {
			case n.kind != kindObject:
				hint := ""
				if n.elem != nil {
					hint = "; its items are meant with [] or {} at the end"
				}
				g.overlay.src.fail(e.at, "names: %s is %s, not an object%s", at.path, n.kind, hint)
			case n.root != nil:
				g.overlay.src.fail(e.at, "names: %s is root %s", at.path, n.root.name)
			case n.given != nil && n.given.value != e.value:
				g.overlay.src.fail(e.at, "names: %s is named %s already, in line %d", at.path, n.given.value, n.given.at.Line)
			default:
				n.given, n.goName = e, e.value
				if !slices.ContainsFunc(g.heads, func(h head) bool { return h.name == e.value && h.slot.node == n }) {
					g.heads = append(g.heads, head{e.value, at.slot, false})
				}
			}
		}
	}
}

func (g *generator) applyRename() {
	for _, e := range g.overlay.rename {
		if !exported(e.value) {
			g.overlay.src.fail(e.at, "rename: %q is no exported Go name", e.value)
			continue
		}
		for _, at := range g.find(e, "rename") {
			switch {
			case at.field == nil:
				g.overlay.src.fail(e.at, "rename: %s is no member", at.path)
			case at.field.renamed && at.field.goName != e.value:
				g.overlay.src.fail(e.at, "rename: %s is renamed to %s already", at.path, at.field.goName)
			case at.field.goName == e.value && !at.field.renamed:
				g.overlay.src.fail(e.at, "rename: %s is called %s anyway", at.path, e.value)
			default:
				at.field.goName, at.field.renamed = e.value, true
			}
		}
	}
}

// applyTypes sets hand-written types.
func (g *generator) applyTypes() {
	for _, e := range g.overlay.types {
		if !goTypeOK(e.value) {
			g.overlay.src.fail(e.at, "types: %q is no Go type of the package, of kyc or json.RawMessage", e.value)
			continue
		}
		for _, at := range g.find(e, "types") {
			switch {
			case at.owner == nil:
				g.overlay.src.fail(e.at, "types: %s is a root", at.path)
			case at.slot.goType != "" && at.slot.goType != e.value:
				g.overlay.src.fail(e.at, "types: %s has the type %s already", at.path, at.slot.goType)
			default:
				at.slot.goType = e.value
			}
		}
	}
}

// goTypeOK admits names of the package, of kyc and of encoding/json, with pointers, slices and maps of them.
func goTypeOK(text string) bool {
	x, err := parser.ParseExpr(text)
	if err != nil {
		return false
	}
	ok := true
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil, *ast.StarExpr, *ast.MapType:
		case *ast.ArrayType:
			ok = ok && n.Len == nil
		case *ast.Ident:
		case *ast.SelectorExpr:
			id, isIdent := n.X.(*ast.Ident)
			ok = ok && isIdent && (id.Name == "kyc" || id.Name == "json" && n.Sel.Name == "RawMessage")
			return false
		default:
			ok = false
		}
		return ok
	})
	return ok
}

// applySecrets turns texts into kyc.Secret.
func (g *generator) applySecrets() {
	for _, e := range g.overlay.secret {
		p, _ := parsePattern(e.key)
		marked := 0
		for _, at := range g.find(e, "secret") {
			switch {
			case at.slot.node.kind == kindString && at.slot.goType == "":
				at.slot.secret = true
				marked++
			case !p.wild():
				g.overlay.src.fail(e.at, "secret: %s is %s, only a plain text can be secret", at.path, at.slot.node.kind)
				marked++
			}
		}
		if marked == 0 && !g.p.failed() {
			g.overlay.src.fail(e.at, "secret: nothing that %q matches is a text", e.key)
		}
	}
}

func (g *generator) applyPersonal() {
	for _, e := range g.overlay.personal {
		for _, at := range g.find(e, "personal") {
			if at.owner == nil {
				if p, _ := parsePattern(e.key); !p.wild() {
					g.overlay.src.fail(e.at, "personal: %s is a root, its members carry the mark", at.path)
				}
				continue
			}
			at.owner.personal = true
		}
	}
}

// applyDocs sets doc comments: of types by their Go names, of members by path.
func (g *generator) applyDocs() {
	for _, e := range g.overlay.docs {
		text := strings.Join(strings.Fields(e.value), " ")
		if text == "" {
			g.overlay.src.fail(e.at, "docs: %s is empty", e.key)
		}
		if nodes := g.structs[e.key]; nodes != nil {
			for _, n := range nodes {
				n.doc = text
			}
			continue
		}
		if t := g.byName[e.key]; t != nil {
			t.doc = text
			continue
		}
		for _, at := range g.find(e, "docs") {
			if at.field == nil {
				g.overlay.src.fail(e.at, "docs: %s is neither a type of the output nor a member", e.key)
				continue
			}
			at.field.docs = text
		}
	}
}
