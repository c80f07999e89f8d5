package main

import (
	"slices"
)

// generator turns one vendor's document and overlay into the outputs.
type generator struct {
	vendor  string
	doc     *document
	overlay *overlay
	shaper  *shaper
	p       *problems

	roots []*root
	bodies
	heads   []head
	enums   []*enumType
	byName  map[string]*enumType
	structs map[string][]*node // reachable, by Go name
	order   []any              // *node (first of its name) and *enumType as emitted
	types   map[string]string  // Go name -> where it comes from
}

// root is a type that the overlay asks for.
type root struct {
	entry *rootEntry
	slot  slot
}

// bodies are the JSON bodies of the operations, for the emitted schemas.
type bodies struct {
	requests  []body
	responses []body
}

type body struct {
	operation string
	slot      slot
}

// input is what the generator reads for a vendor.
type input struct {
	vendor                    string
	documentFile, overlayFile string
	document, overlay         []byte
}

// prepare reads both files and applies the overlay; what it returns is ready to be emitted.
func prepare(in input) (*generator, error) {
	p := &problems{}
	g := &generator{vendor: in.vendor, p: p, byName: map[string]*enumType{}, structs: map[string][]*node{}, types: map[string]string{}}
	g.doc = loadDocument(in.documentFile, in.document, p)
	g.overlay = loadOverlay(in.overlayFile, in.overlay, p)
	if p.failed() {
		return nil, p.err()
	}
	if g.overlay.pkg != g.vendor {
		g.overlay.src.fail(nil, "package is %s, want %s", g.overlay.pkg, g.vendor)
	}
	for _, e := range g.overlay.extend {
		for _, x := range e.props {
			g.doc.checkRefs(x.schema)
		}
	}
	g.shaper = newShaper(g.doc)
	merged := g.shaper.merge(g.overlay)
	g.loadRoots(merged)
	if p.failed() {
		return nil, p.err()
	}
	g.loadBodies()
	g.loadHeads(merged)
	for _, step := range []func(){g.applyExtend, g.applyNames, g.applyRename, g.nameStructs, g.applyTypes, g.applySecrets, g.nameEnums} {
		step()
	}
	if p.failed() {
		return nil, p.err()
	}
	g.applyPersonal()
	g.collect()
	g.applyValues()
	g.applyDocs()
	g.fold()
	g.checkFields()
	g.describe()
	return g, p.err()
}

func (g *generator) loadRoots(merged map[string]*schema) {
	for _, e := range g.overlay.roots {
		if !exported(e.name) {
			g.overlay.src.fail(e.at, "root %s: want an exported Go name", e.name)
		}
		for _, x := range g.rootSchemas(e, merged) {
			g.addRoot(e, x)
		}
	}
}

// rootSchemas finds what a root entry names; request and response together must be one component.
func (g *generator) rootSchemas(e *rootEntry, merged map[string]*schema) []*schema {
	fail := func(format string, args ...any) []*schema {
		g.overlay.src.fail(e.at, "root "+e.name+": "+format, args...)
		return nil
	}
	if e.component != "" {
		if m := merged[e.component]; m != nil {
			return []*schema{m}
		}
		if g.doc.components[e.component] == nil {
			return fail("%s is no component", e.component)
		}
		return []*schema{g.doc.components[e.component]}
	}
	o := g.doc.operation(e.operation)
	if o == nil {
		return fail("the document has no operation %s", e.operation)
	}
	var out []*schema
	if e.request {
		if o.request == nil {
			return fail("operation %s has no JSON request", e.operation)
		}
		out = append(out, o.request)
	}
	if e.response != "" {
		x := o.response(e.response)
		if x == nil {
			return fail("operation %s has no JSON answer %s", e.operation, e.response)
		}
		out = append(out, x)
	}
	return out
}

func (g *generator) addRoot(e *rootEntry, x *schema) {
	fail := func(format string, args ...any) { g.overlay.src.fail(e.at, "root "+e.name+": "+format, args...) }
	r := &root{entry: e, slot: g.shaper.slot(x, e.name)}
	n := r.slot.node
	switch {
	case n.root == e:
	case n.root != nil:
		fail("the same shape is root %s already", n.root.name)
	case n.kind == kindFree && n.schema.typ == "object":
		n.kind = kindObject // nothing is known of its members: all of them go to Extra
	case n.kind == kindMap:
		n.kind = kindObject
	case n.kind != kindObject:
		fail("want an object, not %s", n.kind)
	}
	n.root = e
	n.goName = e.name
	if n.doc == "" {
		n.doc = r.slot.doc
	}
	g.roots = append(g.roots, r)
}

// loadBodies builds the shapes of every JSON body that the emitted schemas describe.
func (g *generator) loadBodies() {
	for _, o := range g.doc.operations {
		if o.request != nil {
			g.requests = append(g.requests, body{o.id, g.shaper.slot(o.request, o.id)})
		}
	}
	for _, r := range g.roots {
		if r.entry.response != "" {
			x := g.doc.operation(r.entry.operation).response(r.entry.response)
			g.responses = append(g.responses, body{r.entry.operation, g.shaper.slot(x, r.entry.name)})
		}
	}
}

// loadHeads lists what paths may begin with: roots first, then components by their Go names.
func (g *generator) loadHeads(merged map[string]*schema) {
	for _, r := range g.roots {
		if !slices.ContainsFunc(g.heads, func(h head) bool { return h.name == r.entry.name }) {
			g.heads = append(g.heads, head{r.entry.name, &r.slot, true})
		}
	}
	add := func(name string, x *schema) {
		s := g.shaper.slot(x, name)
		for _, h := range g.heads {
			if h.name == name || h.name == goName(name) {
				return
			}
		}
		g.heads = append(g.heads, head{goName(name), &s, false})
	}
	for _, e := range g.overlay.merge {
		if merged[e.key] != nil {
			add(e.key, merged[e.key])
		}
	}
	for _, name := range g.doc.names {
		add(name, g.doc.components[name])
	}
}

// find gives the sites of an overlay path; one that leads nowhere is reported.
func (g *generator) find(e textEntry, key string) []site {
	p, err := parsePattern(e.key)
	if err != nil {
		g.overlay.src.fail(e.at, "%s: %v", key, err)
		return nil
	}
	sites := match(g.heads, p)
	if len(sites) == 0 {
		g.overlay.src.fail(e.at, "%s: %q matches nothing%s", key, e.key, g.hint(p))
	}
	return sites
}

// hint says how far a path led before it broke off.
func (g *generator) hint(p pattern) string {
	for i := len(p) - 1; i > 0; i-- {
		if sites := match(g.heads, p[:i]); len(sites) > 0 && p[i-1] != "**" {
			text := ""
			for _, next := range steps(sites[0]) {
				if text += " " + next.path[len(sites[0].path):]; len(text) > 300 {
					text += " ..."
					break
				}
			}
			if text == "" {
				text = " nothing, it is " + sites[0].slot.node.kind.String()
			}
			return "; below " + sites[0].path + " stands:" + text
		}
	}
	if p[0] == "**" {
		return ""
	}
	return "; " + p[0] + " is no root, component or named struct"
}
