package kyctest

import (
	"bytes"
	"encoding/json"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Kind says what a [Mutation] did.
type Kind string

// The kinds of mutations.
const (
	// AnotherWord replaces a string with a word that no vendor has: empty, longer, with a blank at one end.
	AnotherWord Kind = "another word"
	// AnotherValue replaces a number with another number, and a boolean with the other boolean.
	AnotherValue Kind = "another value"
	// AnotherCase changes the case of a string.
	AnotherCase Kind = "another case"
	// GivenWord replaces a string with one of the given words.
	GivenWord Kind = "given word"
	// Null replaces a value with null.
	Null Kind = "null"
	// Removed removes a member from its object or an element from its array.
	Removed Kind = "removed"
	// AnotherType replaces a value with one of another JSON type.
	AnotherType Kind = "another type"
	// Emptied removes everything from an object or array.
	Emptied Kind = "emptied"
	// Duplicated gives a member twice.
	Duplicated Kind = "duplicated"
	// AnotherName changes the case of a member's name.
	AnotherName Kind = "another name"
	// Trailing adds bytes before or after the document.
	Trailing Kind = "trailing bytes"
	// Truncated cuts the document short.
	Truncated Kind = "truncated"
)

// Damaged reports whether a mutation of kind k leaves a document that no reader may accept.
func (k Kind) Damaged() bool { return k == Duplicated || k == Trailing || k == Truncated }

// Mutation is a document with one change.
type Mutation struct {
	// Kind is what was done to the document.
	Kind Kind
	// Pointer is the JSON pointer, in the original document, of the value that was changed; empty for the document itself.
	Pointer string
	// Element is true for an element of an array, false for a member of an object.
	Element bool
	// Doc is the changed document. It must not be written to.
	Doc []byte
}

// Mutations returns every mutation of a single value of doc, with all other bytes
// untouched: another word, number or boolean, the word in another case, each of
// words in place of a string, null, removed, every other JSON type, emptied, the
// member given twice (before and after, with the same value and with another), its
// name in another case, bytes around the document, and the document cut short at
// every byte. Of a doc that is not JSON there are only the last two.
func Mutations(doc []byte, words []string) iter.Seq[Mutation] {
	return func(yield func(Mutation) bool) {
		for e := range edits(doc, words) {
			if !yield(e.apply(doc)) {
				return
			}
		}
	}
}

// edit replaces doc[from:to] by text.
type edit struct {
	kind     Kind
	pointer  string
	element  bool
	from, to int
	text     string
}

func (e edit) apply(doc []byte) Mutation {
	m := Mutation{Kind: e.kind, Pointer: e.pointer, Element: e.element}
	if e.kind == Truncated {
		m.Doc = doc[:e.from:e.from]
		return m
	}
	m.Doc = make([]byte, 0, len(doc)-(e.to-e.from)+len(e.text))
	m.Doc = append(append(append(m.Doc, doc[:e.from]...), e.text...), doc[e.to:]...)
	return m
}

func edits(doc []byte, words []string) iter.Seq[edit] {
	return func(yield func(edit) bool) {
		end := len(bytes.TrimRight(doc, " \t\r\n"))
		nodes, err := parseNodes(doc)
		if err == nil {
			taken := make(map[string]bool, len(nodes))
			for i := range nodes {
				taken[nodes[i].pointer] = true
			}
			for i := range nodes {
				if !nodes[i].edits(doc, words, taken, yield) {
					return
				}
			}
		}
		for _, text := range [...]string{"x", "null", "{}", ",", "\x00", "\ufeff", string(doc[:end])} {
			if !yield(edit{kind: Trailing, from: len(doc), to: len(doc), text: text}) ||
				!yield(edit{kind: Trailing, text: text}) {
				return
			}
		}
		for n := range end {
			if !yield(edit{kind: Truncated, from: n, to: len(doc)}) {
				return
			}
		}
	}
}

// edits yields all changes to one value. taken holds the pointers of all values.
func (n *node) edits(doc []byte, words []string, taken map[string]bool, yield func(edit) bool) bool {
	value := string(doc[n.start:n.end])
	put := func(kind Kind, text string) bool {
		return text == value || yield(edit{kind: kind, pointer: n.pointer, element: n.element, from: n.start, to: n.end, text: text})
	}
	for _, r := range replacements(n.kind, value, words) {
		if !put(r.kind, r.text) {
			return false
		}
	}
	if n.root {
		return true
	}
	from, to := n.cut()
	if !yield(edit{kind: Removed, pointer: n.pointer, element: n.element, from: from, to: to}) {
		return false
	}
	if n.element {
		return true
	}
	name := string(doc[n.nameStart:n.nameEnd])
	for _, v := range [...]string{value, other(n.kind, value, words)} {
		if !yield(edit{kind: Duplicated, pointer: n.pointer, from: n.nameStart, to: n.nameStart, text: name + ":" + v + ","}) ||
			!yield(edit{kind: Duplicated, pointer: n.pointer, from: n.end, to: n.end, text: "," + name + ":" + v}) {
			return false
		}
	}
	parent := n.pointer[:strings.LastIndexByte(n.pointer, '/')]
	for _, text := range cases(n.name) {
		// That would be a duplicate.
		if taken[parent+kyc.PointerTo(text)] {
			continue
		}
		if !yield(edit{kind: AnotherName, pointer: n.pointer, from: n.nameStart, to: n.nameEnd, text: quote(text)}) {
			return false
		}
	}
	return true
}

type replacement struct {
	kind Kind
	text string
}

// replacements returns the texts that a value is replaced with.
func replacements(kind byte, value string, words []string) []replacement {
	all := []replacement{{Null, "null"}}
	if kind == 'n' {
		all = nil
	}
	add := func(k Kind, texts ...string) {
		for _, t := range texts {
			all = append(all, replacement{k, t})
		}
	}
	if kind == '"' {
		var word string
		if json.Unmarshal([]byte(value), &word) == nil {
			for _, w := range [...]string{"", word + "x", " " + word, word + " ", word + "\x00", word + "\u200b", lookalikes.Replace(word)} {
				add(AnotherWord, quote(w))
			}
			for _, w := range cases(word) {
				add(AnotherCase, quote(w))
			}
		}
		for _, w := range words {
			add(GivenWord, quote(w))
		}
	} else {
		add(AnotherType, `""`, `"x"`)
	}
	switch kind {
	case '0':
		add(AnotherValue, "0", "1", "-1", "1e400", "0.5")
	default:
		add(AnotherType, "0", "1")
	}
	switch kind {
	case 't':
		add(AnotherValue, "false")
	case 'f':
		add(AnotherValue, "true")
	default:
		add(AnotherType, "true", "false")
	}
	if kind == '{' {
		add(Emptied, "{}")
	} else {
		add(AnotherType, "{}", `{"x":`+value+`}`)
	}
	if kind == '[' {
		add(Emptied, "[]")
	} else {
		add(AnotherType, "[]")
	}
	add(AnotherType, "["+value+"]")
	return all
}

// other returns another value of the same type, a given word if there is one.
func other(kind byte, value string, words []string) string {
	candidates := map[byte][]string{'"': {`"x"`, `""`}, '0': {"1", "0"}, 't': {"false"}, 'f': {"true"}}[kind]
	for _, w := range words {
		if t := quote(w); kind == '"' && t != value {
			return t
		}
	}
	for _, t := range candidates {
		if t != value {
			return t
		}
	}
	if kind == 'n' {
		return "true"
	}
	return "null"
}

// lookalikes are letters that Unicode folds to ASCII ones, which matching in any ASCII case must not do.
var lookalikes = strings.NewReplacer("s", "\u017f", "S", "\u017f", "k", "\u212a", "K", "\u212a")

// cases returns a text in other cases than its own.
func cases(text string) []string {
	_, size := utf8.DecodeRuneInString(text)
	first := text[:size]
	if up := strings.ToUpper(first); up != first {
		first = up
	} else {
		first = strings.ToLower(first)
	}
	var all []string
	for _, c := range [...]string{strings.ToUpper(text), strings.ToLower(text), first + text[size:]} {
		if c != text && !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

// quote writes a text as a JSON string.
func quote(text string) string {
	b, err := kyc.Marshal(text)
	if err != nil {
		return `"?"`
	}
	return string(b)
}
