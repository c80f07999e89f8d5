package main

import (
	"go.yaml.in/yaml/v3"
)

// overlay holds what the Go side adds to a document. Every part keeps file order and lines.
type overlay struct {
	src *source

	pkg        string
	roots      []*rootEntry
	samples    []textEntry // glob -> root
	names      []textEntry
	enums      []listEntry
	values     []listEntry
	constants  []textEntry
	enumPrefix []textEntry
	types      []textEntry
	extend     []extendEntry
	merge      []listEntry
	rename     []textEntry
	docs       []textEntry
	fieldDocs  []textEntry
	personal   []textEntry // only keys
	secret     []textEntry // only keys
	ignore     []*ignoreEntry
}

type textEntry struct {
	key, value string
	at         *yaml.Node
}

type listEntry struct {
	key    string
	at     *yaml.Node
	values []textEntry // only keys
}

type extendEntry struct {
	key   string
	at    *yaml.Node
	props []property
}

type rootEntry struct {
	name      string
	at        *yaml.Node
	operation string
	request   bool
	response  string
	component string
}

type ignoreEntry struct {
	sample, finding, reason string
	at                      *yaml.Node
	used                    bool
}

// loadOverlay reads an overlay strictly.
func loadOverlay(file string, data []byte, p *problems) *overlay {
	src := &source{file: file, problems: p}
	root := src.read(data)
	if root == nil {
		return nil
	}
	o := &overlay{src: src}
	for _, e := range src.entries(root, "overlay") {
		switch e.key {
		case "package":
			o.pkg = src.text(e.value, "package")
		case "roots":
			for _, r := range src.entries(e.value, "roots") {
				o.roots = append(o.roots, o.root(r))
			}
		case "samples":
			o.samples = o.textEntries(e)
		case "names":
			o.names = o.textEntries(e)
		case "enums":
			o.enums = o.listEntries(e)
		case "values":
			o.values = o.listEntries(e)
		case "constants":
			o.constants = o.textEntries(e)
		case "enumPrefix":
			o.enumPrefix = o.textEntries(e)
		case "types":
			o.types = o.textEntries(e)
		case "extend":
			for _, x := range src.entries(e.value, "extend") {
				one := extendEntry{key: x.key, at: x.at}
				for _, m := range src.entries(x.value, "extend "+x.key) {
					one.props = append(one.props, property{m.key, src.parseSchema(m.value, x.key+"."+m.key)})
				}
				o.extend = append(o.extend, one)
			}
		case "merge":
			o.merge = o.listEntries(e)
		case "rename":
			o.rename = o.textEntries(e)
		case "docs":
			o.docs = o.textEntries(e)
		case "fieldDocs":
			o.fieldDocs = o.textEntries(e)
		case "personal":
			o.personal = o.keyEntries(e.value, e.key)
		case "secret":
			o.secret = o.keyEntries(e.value, e.key)
		case "ignore":
			for _, n := range src.items(e.value, "ignore") {
				o.ignore = append(o.ignore, o.ignored(n))
			}
		default:
			src.fail(e.at, "unknown key %q", e.key)
		}
	}
	if o.pkg == "" {
		src.fail(nil, "package is missing")
	}
	if len(o.roots) == 0 {
		src.fail(nil, "roots are missing")
	}
	return o
}

func (o *overlay) textEntries(e entry) []textEntry {
	var out []textEntry
	for _, x := range o.src.entries(e.value, e.key) {
		out = append(out, textEntry{x.key, o.src.text(x.value, e.key+" "+x.key), x.at})
	}
	return out
}

func (o *overlay) keyEntries(n *yaml.Node, what string) []textEntry {
	var out []textEntry
	seen := map[string]int{}
	for _, c := range o.src.items(n, what) {
		text := o.src.text(c, what)
		if line, ok := seen[text]; ok {
			o.src.fail(c, "%s: %q stands already in line %d", what, text, line)
			continue
		}
		seen[text] = c.Line
		out = append(out, textEntry{key: text, at: c})
	}
	return out
}

func (o *overlay) listEntries(e entry) []listEntry {
	var out []listEntry
	for _, x := range o.src.entries(e.value, e.key) {
		out = append(out, listEntry{x.key, x.at, o.keyEntries(x.value, e.key+" "+x.key)})
		if len(out[len(out)-1].values) == 0 {
			o.src.fail(x.at, "%s %s: empty list", e.key, x.key)
		}
	}
	return out
}

func (o *overlay) root(e entry) *rootEntry {
	r := &rootEntry{name: e.key, at: e.at}
	what := "root " + e.key
	for _, f := range o.src.entries(e.value, what) {
		switch f.key {
		case "operation":
			r.operation = o.src.text(f.value, what)
		case "request":
			r.request = o.src.boolean(f.value, what)
		case "response":
			r.response = f.value.Value
		case "component":
			r.component = o.src.text(f.value, what)
		default:
			o.src.fail(f.at, "%s: unknown key %q", what, f.key)
		}
	}
	if (r.operation == "") == (r.component == "") {
		o.src.fail(e.at, "%s: want either operation or component", what)
	}
	if (r.operation != "") != (r.request || r.response != "") {
		o.src.fail(e.at, "%s: an operation wants request or response, a component neither", what)
	}
	return r
}

func (o *overlay) ignored(n *yaml.Node) *ignoreEntry {
	out := &ignoreEntry{at: n}
	for _, f := range o.src.entries(n, "ignore") {
		switch f.key {
		case "sample":
			out.sample = o.src.text(f.value, "ignore sample")
		case "finding":
			out.finding = o.src.text(f.value, "ignore finding")
		case "reason":
			out.reason = o.src.text(f.value, "ignore reason")
		default:
			o.src.fail(f.at, "ignore: unknown key %q", f.key)
		}
	}
	if out.sample == "" || out.finding == "" || out.reason == "" {
		o.src.fail(n, "ignore: want sample, finding and reason")
	}
	return out
}
