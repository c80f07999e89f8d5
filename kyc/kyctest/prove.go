package kyctest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ParseFunc normalises a vendor's answer, as the ParseResult of every vendor
// package does.
type ParseFunc func(raw []byte) (*kyc.Result, error)

// ProveOption adapts [Prove] to a vendor.
type ProveOption func(*prover)

// IgnoresCase is for a vendor whose words are matched in any ASCII case:
// another case of a deciding word must then give the same decision.
func IgnoresCase() ProveOption { return func(p *prover) { p.ignoresCase = true } }

// Optional names members that an answer may lack, each with a verdict of its own
// that can only stand in the way of an approval. An answer in which one is removed
// as a whole, or null, is another answer that the vendor may give, like one with an
// element of an array removed. The pointers are JSON pointers into the answer.
func Optional(pointers ...string) ProveOption {
	return func(p *prover) { p.optional = append(p.optional, pointers...) }
}

// Part tries only every nth mutation, beginning with the one of index i: one part
// of n, to share a long document between goroutines, or to try a sample.
func Part(i, n int) ProveOption {
	return func(p *prover) { p.part, p.parts = max(i, 0), max(n, 1) }
}

type prover struct {
	parse       ParseFunc
	words       []string
	ignoresCase bool
	optional    []string
	part, parts int
}

func newProver(parse ParseFunc, words []string, opts []ProveOption) *prover {
	p := &prover{parse: parse, words: words, parts: 1}
	for _, o := range opts {
		if o != nil {
			o(p)
		}
	}
	return p
}

// maxComplaints ends a proof that fails everywhere.
const maxComplaints = 20

// Prove tries every mutation of doc (see [Mutations]) and returns how many it
// tried. A mutated document may be Approved only if doc itself is, and only if the
// mutation did not touch a deciding value: one that the original Result's Evidence
// lists as Deciding, or anything above or below it. It must never be Approved if it
// is damaged, and there must never be a Result beside an error. A change elsewhere
// must not cost the result, and the decision stays what it was or becomes Unknown.
// words are the approving words of the vendor's table.
//
// Three changes to a deciding value do not damage the answer but make another one,
// which the vendor may well send. They are not tried, or have rules of their own:
//
//   - An approving word in place of the value is not tried. Neither is the other
//     boolean or another number, unless doc is Approved.
//   - If an element of an array is removed as a whole, such as one check of
//     several, the others still count. The document may then be Approved only if
//     each deciding value that remains was one before and if, wherever one value is
//     an approving word, all others of the same place are (the recommendations of
//     the checks, say).
//   - The same is true of a member that [Optional] names.
func Prove(t testing.TB, parse ParseFunc, doc []byte, words []string, opts ...ProveOption) int {
	t.Helper()
	p := newProver(parse, words, opts)
	original, complaint := p.run(doc)
	if complaint != "" {
		t.Errorf("the document as it is: %s", complaint)
		return 0
	}
	tried, complaints, n := 0, 0, 0
	for e := range edits(doc, words) {
		if n++; (n-1)%p.parts != p.part || p.skip(original, e) {
			continue
		}
		tried++
		m := e.apply(doc)
		if complaint := p.check(original, m); complaint != "" {
			t.Errorf("%s at %q (%s): %s", m.Kind, m.Pointer, e.shown(), complaint)
			if complaints++; complaints == maxComplaints {
				t.Errorf("gave up after %d faults", complaints)
				return tried
			}
		}
	}
	return tried
}

// shown returns what was put in, shortened.
func (e edit) shown() string {
	if e.kind == Truncated {
		return "after " + strconv.Itoa(e.from) + " bytes"
	}
	if len(e.text) > 40 {
		return strconv.Quote(e.text[:40]) + "..."
	}
	return strconv.Quote(e.text)
}

// run parses one document. complaint is about what must not happen with any document, "" if nothing is wrong.
func (p *prover) run(doc []byte) (result *kyc.Result, complaint string) {
	defer func() {
		if fault := recover(); fault != nil {
			result, complaint = nil, fmt.Sprintf("the parser panics: %T", fault)
		}
	}()
	result, err := p.parse(doc)
	switch {
	case err != nil && result != nil:
		return nil, "a Result beside an error"
	case err == nil && result == nil:
		return nil, "neither a Result nor an error"
	case err != nil && !errors.Is(err, kyc.ErrMalformed):
		return nil, "an error that does not match ErrMalformed"
	case result != nil && !bytes.Equal(result.Raw, doc):
		return nil, "Raw is not what was parsed"
	}
	return result, ""
}

// skip reports whether an edit makes another answer that the vendor may give, about which nothing can be said.
func (p *prover) skip(original *kyc.Result, e edit) bool {
	switch e.kind {
	case GivenWord:
		return touchesDeciding(original, e.pointer)
	case AnotherValue:
		return original != nil && original.Decision != kyc.Approved && touchesDeciding(original, e.pointer)
	default:
		return false
	}
}

// check parses a mutated document and returns what is wrong with the outcome, or "" if nothing is.
func (p *prover) check(original *kyc.Result, m Mutation) string {
	got, complaint := p.run(m.Doc)
	if complaint != "" {
		return complaint
	}
	touched := touchesDeciding(original, m.Pointer)
	if p.ignoresCase && m.Kind == AnotherCase && touched && got != nil && isDeciding(original, m.Pointer) {
		if got.Decision != original.Decision {
			return fmt.Sprintf("%v in another case is %v", original.Decision, got.Decision)
		}
		return ""
	}
	if original != nil && !touched && !m.Kind.Damaged() {
		switch {
		case got == nil:
			return "the whole result is lost because of a value that does not decide"
		case got.Decision != original.Decision && got.Decision != kyc.Unknown:
			return fmt.Sprintf("%v has become %v, although no deciding value was touched", original.Decision, got.Decision)
		}
	}
	if got == nil || got.Decision != kyc.Approved {
		return ""
	}
	switch {
	case m.Kind.Damaged():
		return "a damaged document is approved"
	case original != nil && original.Decision == kyc.Approved && !touched:
		return ""
	case original != nil && p.anotherAnswer(m):
		return p.remaining(original, got)
	case original == nil || original.Decision != kyc.Approved:
		return "approved, and the original is not"
	default:
		return "approved, although a deciding value was changed"
	}
}

// anotherAnswer reports whether the mutation leaves an undamaged answer that the vendor may give.
func (p *prover) anotherAnswer(m Mutation) bool {
	return m.Kind == Removed && m.Element ||
		(m.Kind == Removed || m.Kind == Null) && slices.Contains(p.optional, m.Pointer)
}

// remaining judges an approval by the deciding values that are left.
func (p *prover) remaining(original, got *kyc.Result) string {
	type place struct{ shape, value string }
	before := map[place]int{}
	for _, e := range original.Evidence {
		if e.Deciding {
			before[place{shape(e.Pointer), string(e.Value)}]++
		}
	}
	approving, opposed := map[string]bool{}, map[string]bool{}
	for _, e := range got.Evidence {
		if !e.Deciding {
			continue
		}
		at := place{shape(e.Pointer), string(e.Value)}
		if before[at]--; before[at] < 0 {
			return "approved by a value that did not decide before"
		}
		if p.approves(e.Value) {
			approving[at.shape] = true
		} else {
			opposed[at.shape] = true
		}
	}
	if len(approving) == 0 {
		return "approved without an approving word"
	}
	for s := range approving {
		if opposed[s] {
			return "approved beside a word that does not approve"
		}
	}
	return ""
}

// approves reports whether a JSON value is an approving word.
func (p *prover) approves(value []byte) bool {
	var text string
	if len(value) == 0 || value[0] != '"' || json.Unmarshal(value, &text) != nil {
		return false
	}
	return slices.ContainsFunc(p.words, func(w string) bool { return w == text || p.ignoresCase && strings.EqualFold(w, text) })
}

// shape returns a pointer with a star for each index.
func shape(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i, t := range tokens {
		if _, err := strconv.ParseUint(t, 10, 32); err == nil {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, "/")
}

// touchesDeciding reports whether a change at pointer changes a deciding value, what it is part of, or a part of it.
func touchesDeciding(r *kyc.Result, pointer string) bool {
	if r == nil || pointer == "" {
		return true
	}
	for _, e := range r.Evidence {
		if e.Deciding && (within(e.Pointer, pointer) || within(pointer, e.Pointer)) {
			return true
		}
	}
	return false
}

func isDeciding(r *kyc.Result, pointer string) bool {
	return r != nil && slices.ContainsFunc(r.Evidence, func(e kyc.Evidence) bool { return e.Deciding && e.Pointer == pointer })
}

// within reports whether pointer is at or below parent.
func within(pointer, parent string) bool {
	return pointer == parent || strings.HasPrefix(pointer, parent+"/")
}
