package main

import (
	"fmt"
	"strings"
)

// A path names places in the tree of a root: Details.credentials[].parts[], Decision.groups{}. "*" stands for one
// member, "**" for any number of steps. The first word is a root, a component or a struct's Go name.

// pattern is a path cut into steps: "name", "*", "**", "[]", "{}".
type pattern []string

func parsePattern(text string) (pattern, error) {
	var out pattern
	for i, part := range strings.Split(text, ".") {
		name := part
		var tail []string
		for {
			if rest, ok := strings.CutSuffix(name, "[]"); ok {
				name, tail = rest, append([]string{"[]"}, tail...)
			} else if rest, ok := strings.CutSuffix(name, "{}"); ok {
				name, tail = rest, append([]string{"{}"}, tail...)
			} else {
				break
			}
		}
		if name == "" || strings.ContainsAny(name, "[]{} ") || name != "*" && name != "**" && strings.Contains(name, "*") {
			return nil, fmt.Errorf("%q is no path: look at %q", text, part)
		}
		if i == 0 && name == "*" {
			return nil, fmt.Errorf("%q is no path: it begins with *", text)
		}
		out = append(append(out, name), tail...)
	}
	return out, nil
}

func (p pattern) wild() bool {
	for _, step := range p {
		if step == "*" || step == "**" {
			return true
		}
	}
	return false
}

// site is a place that a path led to. field is nil for roots and for items of arrays and maps.
type site struct {
	path  string
	slot  *slot
	field *field
	owner *field // the field itself, or the one whose items the site is
}

// head is what the first word of a path may be.
type head struct {
	name string
	slot *slot
	root bool
}

// matcher finds the sites of a pattern.
type matcher struct {
	out  []site
	seen map[matchState]bool
	took map[*slot]bool
}

type matchState struct {
	slot *slot
	rest int
}

func match(heads []head, p pattern) []site {
	m := &matcher{took: map[*slot]bool{}}
	for _, h := range heads {
		m.seen = map[matchState]bool{}
		at := site{path: h.name, slot: h.slot}
		switch {
		case p[0] == "**" && h.root:
			m.walk(at, p, 0)
		case p[0] == h.name:
			m.walk(at, p, 1)
		}
	}
	return m.out
}

// walk matches the steps from index i on below a site.
func (m *matcher) walk(at site, p pattern, i int) {
	state := matchState{at.slot, len(p) - i}
	if m.seen[state] {
		return
	}
	m.seen[state] = true
	if i == len(p) {
		if !m.took[at.slot] {
			m.took[at.slot] = true
			m.out = append(m.out, at)
		}
		return
	}
	if p[i] == "**" {
		m.walk(at, p, i+1)
	}
	for _, next := range steps(at) {
		last := next.path[len(at.path):]
		switch {
		case p[i] == "**":
			m.walk(next, p, i)
		case p[i] == "*" && next.field != nil, p[i] == last, next.field != nil && p[i] == next.field.name:
			m.walk(next, p, i+1)
		}
	}
}

// steps lists the sites one step below.
func steps(at site) []site {
	n := at.slot.node
	var out []site
	for _, f := range n.fields {
		out = append(out, site{at.path + "." + f.name, &f.slot, f, f})
	}
	if n.elem != nil {
		mark := "[]"
		if n.kind != kindArray {
			mark = "{}"
		}
		out = append(out, site{at.path + mark, n.elem, nil, at.owner})
	}
	return out
}

// matchesText reports whether a pattern fits a concrete path such as "Details.credentials[].id".
func (p pattern) matchesText(path string) bool {
	steps, err := parsePattern(path)
	return err == nil && p.fits(steps)
}

func (p pattern) fits(steps []string) bool {
	if len(p) == 0 {
		return len(steps) == 0
	}
	if p[0] == "**" && (p[1:].fits(steps) || len(steps) > 0 && p.fits(steps[1:])) {
		return true
	}
	if len(steps) == 0 || p[0] == "**" {
		return false
	}
	member := steps[0] != "[]" && steps[0] != "{}"
	return (p[0] == steps[0] || p[0] == "*" && member) && p[1:].fits(steps[1:])
}
