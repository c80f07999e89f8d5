package kyctest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// audited is a Provider of your own: another one, with a line in an audit log for each verification that is deleted.
type audited struct {
	kyc.Provider
	deleted func(kyc.Ref)
}

func (a audited) Delete(ctx context.Context, ref kyc.Ref) error {
	if err := a.Provider.Delete(ctx, ref); err != nil {
		return err
	}
	a.deleted(ref)
	return nil
}

// fake gives the suite its controls, and translates what the vendor's fake has under another name.
type fake struct {
	*didittest.Server
	provider kyc.Provider
}

func (f fake) Provider() kyc.Provider { return f.provider }
func (f fake) Creates() int           { return f.Created() }
func (f fake) Requests() int          { return f.Total() }

func (f fake) Complete(_ context.Context, ref kyc.Ref) error {
	if !f.Server.Complete(ref.Session) {
		return errors.New("the session cannot be completed")
	}
	return nil
}

func (f fake) Inject(n int, fault kyctest.Fault) {
	if n == 0 {
		f.Script(didittest.FaultEvery("", fault))
	} else {
		f.Script(didittest.Fault(n, fault))
	}
}

// Secrets are what no printed form and no log may show: credentials, links, and data of the person in the fake's answers.
func (f fake) Secrets() []string {
	return []string{f.Config().APIKey.Reveal(), f.URL() + "/session/", f.URL() + "/media/", "Carmen", "X0000001", "1980-01-01"}
}

// statuses are the vendor's words for the decisions that it can bring a session to.
var statuses = map[kyc.Decision]didit.SessionStatus{
	kyc.Approved: didit.StatusApproved, kyc.Declined: didit.StatusDeclined, kyc.Review: didit.StatusInReview,
}

// newFake starts a fake whose sessions end as the suite asks for, and a Provider that talks to it.
func newFake(setup kyctest.Setup) (kyctest.Fake, error) {
	status := statuses[setup.Outcome]
	if setup.Word != "" {
		status = didit.SessionStatus(setup.Word) // a word that no table names
	}
	server := didittest.NewServer(didittest.Outcome(status))
	// The suite's options bound the repeats and record the log: they belong to the client, and come last.
	options := append([]kyc.Option{kyc.WithHTTPClient(server.HTTPClient())}, setup.Options...)
	client, err := didit.NewClient(server.Config(), options...)
	if err != nil {
		server.Close()
		return nil, err
	}
	return fake{server, audited{client, func(kyc.Ref) {}}}, nil
}

// subject is the Provider under test.
func subject() kyctest.Subject {
	return kyctest.Subject{
		Vendor:       kyc.Didit,
		New:          newFake,
		Outcomes:     []kyc.Decision{kyc.Approved, kyc.Declined, kyc.Review},
		Words:        []string{string(didit.StatusApproved)},
		StartRequest: kyc.StartRequest{RedirectURL: "https://shop.example/back"},
		ParseResult:  func(raw []byte) (*kyc.Result, error) { return didit.ParseResult(raw) },
	}
}

// Check that a Provider of your own keeps the promises of package kyc.
func ExampleRun() {
	var t *testing.T // that of func TestConformance(t *testing.T)
	kyctest.Run(t, subject())
}
