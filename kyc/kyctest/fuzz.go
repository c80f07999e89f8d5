package kyctest

import (
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// FuzzNeverApproves is the body of a fuzz test that continues where [Prove] ends:
// the engine changes the seeds as it likes, and each document that it finds is
// tested like one of Prove's, with one more mutation. Every approval must also
// name the approving word that led to it, at its place in the document.
//
//	func FuzzParseResult(f *testing.F) {
//		kyctest.FuzzNeverApproves(f, parse, []string{"PASSED"}, seeds)
//	}
func FuzzNeverApproves(f *testing.F, parse ParseFunc, words []string, seeds [][]byte, opts ...ProveOption) {
	for i, seed := range seeds {
		f.Add(seed, uint(i*7919))
	}
	p := newProver(parse, words, opts)
	f.Fuzz(func(t *testing.T, doc []byte, n uint) {
		original, complaint := p.run(doc)
		if complaint == "" {
			complaint = p.approval(original)
		}
		if complaint != "" {
			t.Fatal(complaint)
		}
		m, ok := p.pick(original, doc, words, n)
		if !ok {
			return
		}
		if complaint := p.check(original, m); complaint != "" {
			t.Fatalf("%s at %q: %s", m.Kind, m.Pointer, complaint)
		}
	})
}

// pick returns mutation n of a document, modulo their number.
func (p *prover) pick(original *kyc.Result, doc []byte, words []string, n uint) (Mutation, bool) {
	var all []edit
	for e := range edits(doc, words) {
		if !p.skip(original, e) {
			all = append(all, e)
		}
	}
	if len(all) == 0 {
		return Mutation{}, false
	}
	return all[n%uint(len(all))].apply(doc), true
}

// approval returns what is wrong with the approval of a document, or "" if nothing is.
func (p *prover) approval(r *kyc.Result) string {
	if r == nil {
		return ""
	}
	if complaint := CheckEvidence(r); complaint != "" {
		return complaint
	}
	if r.Decision != kyc.Approved {
		return ""
	}
	return p.remaining(r, r)
}
