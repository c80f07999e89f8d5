package main

import (
	"slices"
	"strings"
	"unicode"
)

// describe settles every doc comment: overlay, else the document's description, else the overlay's fieldDocs. A type
// or member without one is reported.
func (g *generator) describe() {
	common := map[string]string{}
	used := map[string]bool{}
	for _, e := range g.overlay.fieldDocs {
		common[e.key] = strings.Join(strings.Fields(e.value), " ")
	}
	for _, o := range g.order {
		switch o := o.(type) {
		case *enumType:
			if o.doc == "" {
				g.p.add(g.doc.src.file, o.nodes[0].schema.line, "enumeration %s (%s) has no description; add it there or to docs", o.name, o.path)
			}
			o.doc = typeDoc(o.name, o.doc, true)
		case *node:
			if o.doc == "" {
				g.p.add(o.schema.src.file, o.schema.line, "type %s has no description; add it there or to docs", o.goName)
			}
			o.doc = typeDoc(o.goName, o.doc, false)
			for _, f := range o.fields {
				if f.docs != "" {
					f.doc = f.docs
				}
				if f.doc == "" && common[f.name] != "" {
					f.doc = common[f.name]
					used[f.name] = true
				}
				if f.doc == "" {
					f.doc = borrowed(f)
				}
				if f.doc == "" {
					g.p.add(o.schema.src.file, f.line, "%s.%s has no description; add it there, to docs or to fieldDocs", o.goName, f.name)
				}
				f.doc = sentence(f.doc)
				if f.deprecated {
					f.doc += " The vendor wants to retire it."
				}
			}
		}
	}
	for _, e := range g.overlay.fieldDocs {
		if !used[e.key] {
			g.overlay.src.fail(e.at, "fieldDocs: no member %q is without a description", e.key)
		}
	}
}

// borrowed takes the description of the component that a member holds, or of the items.
func borrowed(f *field) string {
	at := &f.slot
	for at.node.elem != nil && at.node.doc == "" && at.node.kind != kindObject {
		if at = at.node.elem; at.doc != "" {
			return at.doc
		}
	}
	text := at.node.doc
	if at.node.enum != nil && text == "" {
		text = at.node.enum.doc
	}
	for _, name := range []string{at.node.goName, goName(at.node.component)} {
		for _, verb := range []string{" is ", " holds ", " are ", " tells "} {
			if rest, ok := strings.CutPrefix(text, name+verb); ok && name != "" {
				return rest
			}
		}
	}
	return text
}

// typeDoc begins with the type's name, as Go wants it.
func typeDoc(name, text string, enum bool) string {
	first, _, _ := strings.Cut(text, " ")
	if text == "" || first == name || strings.HasPrefix(first, name) && !unicode.IsLetter(rune(first[len(name)])) {
		return sentence(text)
	}
	lower := lowerFirst(text)
	first, rest, _ := strings.Cut(lower, " ")
	second, _, _ := strings.Cut(rest, " ")
	switch {
	case strings.HasSuffix(first, "s") && slices.Contains([]string{"a", "an", "the", "what", "how", "whether", "one"}, second):
		return sentence(name + " " + lower) // a verb
	case slices.Contains([]string{"a", "an", "the", "one", "what"}, first):
		return sentence(name + " is " + lower)
	case slices.Contains([]string{"how", "whether", "why", "where", "when", "who", "which"}, first):
		return sentence(name + " tells " + lower)
	case enum:
		return sentence(name + " is the " + lower)
	}
	return sentence(name + " holds the " + lower)
}

// sentence gives a text a capital at its begin and a stop at its end.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	first, rest, _ := strings.Cut(text, " ")
	bare := strings.TrimRight(first, ",;:.")
	if word, ok := initialisms[strings.ToLower(bare)]; ok && bare == strings.ToLower(bare) {
		first = word + first[len(bare):]
	} else if bare == strings.ToLower(bare) {
		runes := []rune(first)
		runes[0] = unicode.ToUpper(runes[0])
		first = string(runes)
	}
	text = strings.TrimSpace(first + " " + rest)
	if !strings.ContainsRune(".!?:", rune(text[len(text)-1])) {
		text += "."
	}
	return text
}

// lowerFirst takes the capital from a plain first word and leaves names and abbreviations as they are.
func lowerFirst(text string) string {
	first, _, _ := strings.Cut(text, " ")
	runes := []rune(text)
	tail := string([]rune(first)[1:])
	if tail == strings.ToLower(tail) && initialisms[strings.ToLower(first)] == "" && (tail != "" || first == "A") {
		runes[0] = unicode.ToLower(runes[0])
	}
	return string(runes)
}
