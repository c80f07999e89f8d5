package didit

import (
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

func parse(raw []byte) (*kyc.Result, error) { return ParseResult(raw) }

func TestProve(t *testing.T) {
	for _, name := range fixtureNames(t, "decision-*.json") {
		t.Run(name, func(t *testing.T) {
			raw := fixture(t, name)
			// All of a small answer, some of a long one: FuzzParseResult goes on from there.
			step := max(1, len(raw)/2000)
			if n := kyctest.Prove(t, parse, raw, []string{"Approved"}, kyctest.IgnoresCase(), kyctest.Part(0, step)); n < 500 {
				t.Errorf("only %d mutations", n)
			}
		})
	}
}

func FuzzParseResult(f *testing.F) {
	var seeds [][]byte
	for _, name := range fixtureNames(f, "decision-*.json") {
		if raw := fixture(f, name); len(raw) < 10<<10 {
			seeds = append(seeds, raw)
		}
	}
	kyctest.FuzzNeverApproves(f, parse, []string{"Approved"}, seeds, kyctest.IgnoresCase())
}

func TestResultsAreStored(t *testing.T) {
	for _, name := range fixtureNames(t, "decision-*.json") {
		r, err := ParseResult(fixture(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if complaint := kyctest.CheckEvidence(r); complaint != "" {
			t.Errorf("%s: %s", name, complaint)
		}
		if complaint := kyctest.CheckStored(r); complaint != "" {
			t.Errorf("%s: %s", name, complaint)
		}
	}
}
