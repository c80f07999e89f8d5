package yoti

import (
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

func parseOnly(raw []byte) (*kyc.Result, error) { return ParseResult(raw) }

// approving are the words of the table that approve, or that an approval needs.
var approving = []string{"APPROVE", "COMPLETED", "DONE"}

// optional are the members that only sessions for an identity profile have.
var optional = kyctest.Optional("/identity_profile", "/advanced_identity_profile")

// No single change to any fixture makes an approval of what was none.
func TestProveNeverApproves(t *testing.T) {
	for _, name := range fixtureNames(t, "session-*.json") {
		t.Run(name, func(t *testing.T) {
			data := readFixture(t, name)
			if n := kyctest.Prove(t, parseOnly, data, approving, optional); n < 100 {
				t.Errorf("only %d mutations were tried", n)
			}
			r := mustParse(t, data)
			if fault := kyctest.CheckEvidence(r); fault != "" {
				t.Error(fault)
			}
			if fault := kyctest.CheckStored(r); fault != "" {
				t.Error(fault)
			}
		})
	}
}

func FuzzParseResult(f *testing.F) {
	var seeds [][]byte
	for _, name := range fixtureNames(f, "session-*.json") {
		seeds = append(seeds, readFixture(f, name))
	}
	kyctest.FuzzNeverApproves(f, parseOnly, approving, seeds, optional)
}
