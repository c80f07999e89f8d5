package didit_test

import (
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A rule of the client counts for every answer that the client received, however it is decided.
func TestClientsOverridesHoldForItsAnswers(t *testing.T) {
	server := didittest.NewServer(didittest.InMemory())
	defer server.Close()
	rule := kyc.WithOverrides(kyc.Override{Name: "four eyes", Vendor: kyc.Didit, Field: didit.FieldStatus, Word: string(didit.StatusApproved), Decision: kyc.Review})
	c := client(t, server, rule)
	s := must(c.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: "r"}))(t)
	server.Complete(s.SessionID)
	d := must(c.Sessions.Decision(t.Context(), s.SessionID))(t)
	if got := d.Result().Decision; got != kyc.Review {
		t.Errorf("decided %v", got)
	}
	plain := must(client(t, server).Sessions.Decision(t.Context(), s.SessionID))(t)
	if got := plain.Result().Decision; got != kyc.Approved {
		t.Errorf("without the rule: %v", got)
	}
	if got := plain.Result(rule).Decision; got != kyc.Review {
		t.Errorf("with the rule of the call: %v", got)
	}
}
