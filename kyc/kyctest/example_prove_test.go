package kyctest_test

import (
	"encoding/json"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

const acme kyc.Vendor = "acme"

// acmeAnswer is the answer of a vendor that this module does not have.
type acmeAnswer struct {
	kyc.Raw `json:"-"`

	ID      string `json:"id"`
	State   string `json:"state"`
	Verdict string `json:"verdict"`
	// Extra keeps what the vendor may add one day.
	Extra map[string]json.RawMessage `json:",embed"`
}

// parseAcme turns an answer into a result. What no case names stays Unknown, which is the zero decision.
func parseAcme(raw []byte) (*kyc.Result, error) {
	var answer acmeAnswer
	if err := kyc.Unmarshal(raw, &answer); err != nil { // strict: a member given twice or a document cut short is an error
		return nil, kyc.Malformed(acme, "parse", "the answer is not one complete JSON document", err)
	}
	result := &kyc.Result{Ref: kyc.Ref{Vendor: acme, Session: answer.ID}, Status: answer.State, Raw: answer.RawJSON()}
	result.Cite("/state", "state", true)
	switch answer.State {
	case "open":
		result.Decision = kyc.Pending
	case "done":
		result.Cite("/verdict", "verdict", true)
		switch answer.Verdict {
		case "accept":
			result.Decision = kyc.Approved
		case "reject":
			result.Decision = kyc.Declined
		}
	}
	return result, nil
}

// acmeWords are the words that an approval needs.
var acmeWords = []string{"done", "accept"}

// acmeAnswers are recorded answers, about invented people.
var acmeAnswers = [][]byte{
	[]byte(`{"id":"v-1","state":"done","verdict":"accept","person":{"name":"Ada Sample","checks":["face",1,null,true]}}`),
	[]byte(`{"id":"v-2","state":"done","verdict":"reject","reasons":["expired"]}`),
	[]byte(`{"id":"v-3","state":"open"}`),
}

// Prove that no single change to a recorded answer makes it an approval.
func ExampleProve() {
	var t *testing.T // that of func TestProve(t *testing.T)
	for _, answer := range acmeAnswers {
		if n := kyctest.Prove(t, parseAcme, answer, acmeWords); n < 50 {
			t.Errorf("only %d mutations were tried", n) // a proof over nothing proves nothing
		}
	}
}
