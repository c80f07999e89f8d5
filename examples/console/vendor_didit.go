package main

import (
	"slices"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func diditVendor(env getenv, options []kyc.Option) (*vendor, error) {
	v := &vendor{ID: kyc.Didit, Name: "Didit", Table: didit.Table(), Notices: "Posts signed notices to the address that is set in its own console."}
	for _, more := range []string{"DIDIT_WORKFLOW_ID", "DIDIT_WEBHOOK_SECRET"} {
		if env(more) == "" {
			continue
		}
		if _, err := env.complete("DIDIT_API_KEY", more); err != nil {
			return nil, err
		}
	}
	if env("DIDIT_API_KEY") != "" {
		cfg := didit.Config{APIKey: kyc.Secret(env("DIDIT_API_KEY")), Workflow: env("DIDIT_WORKFLOW_ID")}
		v.Live = "the key's application"
		v.open = func(pace, string) (*backend, error) {
			client, err := didit.NewClient(cfg, options...)
			if err != nil {
				return nil, err
			}
			b := &backend{provider: client}
			if secret := env("DIDIT_WEBHOOK_SECRET"); secret != "" {
				b.notices = didit.Webhooks(kyc.Secret(secret))
			}
			return b, nil
		}
		_, err := didit.NewClient(cfg)
		return v, err
	}
	for _, s := range []struct {
		status   didit.SessionStatus
		decision kyc.Decision
		note     string
	}{
		{didit.StatusApproved, kyc.Approved, ""},
		{didit.StatusDeclined, kyc.Declined, ""},
		{didit.StatusInReview, kyc.Review, ""},
		{didit.StatusResubmitted, kyc.InputRequired, ""},
		{didit.StatusKYCExpired, kyc.Expired, ""},
		{didit.StatusAbandoned, kyc.Abandoned, ""},
		{"Almost", kyc.Unknown, " (a word that Didit does not document)"},
	} {
		v.Outcomes = append(v.Outcomes, outcome{string(s.status) + s.note, s.decision, func(p pace, notify string) (*backend, error) {
			fake := didittest.NewServer(didittest.Outcome(s.status), didittest.Processing(p.Processing), didittest.WebhookURL(notify))
			client, err := didit.NewClient(fake.Config(), append(slices.Clone(options), kyc.WithHTTPClient(fake.HTTPClient()))...)
			if err != nil {
				fake.Close()
				return nil, err
			}
			play := func(s *kyc.Session) error {
				if !fake.Complete(s.Ref.Session) {
					return errNoSession
				}
				return nil
			}
			return &backend{provider: client, notices: didit.Webhooks(fake.WebhookSecret()), play: play, close: fake.Close}, nil
		}})
	}
	return v, nil
}
