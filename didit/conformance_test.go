package didit_test

import (
	"context"
	"errors"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// subject is the fake as the conformance suite wants it.
type subject struct {
	*didittest.Server
	client *didit.Client
}

func (s subject) Provider() kyc.Provider { return s.client }
func (s subject) Creates() int           { return s.Created() }
func (s subject) Requests() int          { return s.Total() }

func (s subject) Complete(_ context.Context, ref kyc.Ref) error {
	if !s.Server.Complete(ref.Session) {
		return errors.New("the session cannot be completed")
	}
	return nil
}

func (s subject) Inject(n int, f kyctest.Fault) {
	if n == 0 {
		s.Script(didittest.FaultEvery("", f))
		return
	}
	s.Script(didittest.Fault(n, f))
}

func (s subject) Secrets() []string {
	return []string{
		s.Config().APIKey.Reveal(), s.WebhookSecret().Reveal(), s.URL() + "/session/", s.URL() + "/media/", "Carmen", "X0000001", "1980-01-01", "didittest&", "X-Amz-Signature",
	}
}

func TestConformance(t *testing.T) {
	statuses := map[kyc.Decision]didit.SessionStatus{
		kyc.Approved: didit.StatusApproved, kyc.Declined: didit.StatusDeclined, kyc.Review: didit.StatusInReview, kyc.InputRequired: didit.StatusAwaitingUser,
		kyc.Expired: didit.StatusExpired, kyc.Abandoned: didit.StatusAbandoned,
	}
	kyctest.Run(t, kyctest.Subject{
		Vendor: kyc.Didit,
		New: func(setup kyctest.Setup) (kyctest.Fake, error) {
			status := statuses[setup.Outcome]
			if setup.Word != "" {
				status = didit.SessionStatus(setup.Word)
			}
			server := didittest.NewServer(didittest.Outcome(status, "POSSIBLE_MATCH_FOUND"))
			client, err := didit.NewClient(server.Config(), append([]kyc.Option{kyc.WithHTTPClient(server.HTTPClient())}, setup.Options...)...)
			return subject{server, client}, err
		},
		Outcomes:     []kyc.Decision{kyc.Approved, kyc.Declined, kyc.Review, kyc.InputRequired, kyc.Expired, kyc.Abandoned},
		Words:        []string{"Approved"},
		StartRequest: kyc.StartRequest{RedirectURL: "https://shop.example/back", Locale: "de"},
		ParseResult:  func(raw []byte) (*kyc.Result, error) { return didit.ParseResult(raw) },
	})
}
