package kyctest

import (
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// FuzzNeverApproves is the body of a fuzz test that goes on where [Prove] ends:
// the engine changes the seeds as it likes, and each document that it finds is
// held against the same property with one mutation more. Every approval must
// also name the approving word that gave it, at its place in the document.
//
//	func FuzzParseResult(f *testing.F) {
//		kyctest.FuzzNeverApproves(f, parse, []string{"PASSED"}, seeds)
//	}
func FuzzNeverApproves(f *testing.F, parse func(raw []byte) (*kyc.Result, error), words []string, seeds [][]byte, opts ...ProveOption) {
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

// pick returns mutation n of a document, counted round.
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

// approval tells what is wrong with an approval of any document.
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
