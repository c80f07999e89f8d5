package main

import (
	"errors"
	"slices"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func jumioVendor(env getenv, options []kyc.Option) (*vendor, error) {
	v := &vendor{ID: kyc.Jumio, Name: "Jumio", Table: jumio.Table(), Notices: "Posts unsigned notices, which are only wake-up calls."}
	live, err := env.complete("JUMIO_CLIENT_ID", "JUMIO_CLIENT_SECRET", "JUMIO_REGION")
	if err != nil {
		return nil, err
	}
	if live {
		cfg := jumio.Config{
			ClientID: env("JUMIO_CLIENT_ID"), ClientSecret: kyc.Secret(env("JUMIO_CLIENT_SECRET")), Region: jumio.Region(env("JUMIO_REGION")),
			Workflow: jumio.WorkflowIDAndIdentity,
		}
		v.Live = "region " + string(cfg.Region)
		v.open = func(_ pace, notify string) (*backend, error) {
			client, err := jumio.NewClient(cfg, options...)
			if err != nil {
				return nil, err
			}
			return &backend{provider: client, notices: jumio.Callbacks(), notifyURL: notify, noRedirect: true}, nil
		}
		_, err := jumio.NewClient(cfg)
		return v, err
	}
	for _, s := range []struct {
		word     string
		decision kyc.Decision
		script   jumiotest.Option
	}{
		{"PASSED", kyc.Approved, jumiotest.Outcome(jumio.DecisionPassed)},
		{"REJECTED", kyc.Declined, jumiotest.Outcome(jumio.DecisionRejected)},
		{"WARNING", kyc.Review, jumiotest.Outcome(jumio.DecisionWarning)},
		{"NOT_EXECUTED", kyc.Failed, jumiotest.Outcome(jumio.DecisionNotExecuted)},
		{"SESSION_EXPIRED", kyc.Expired, jumiotest.FinalStatus(jumio.StatusSessionExpired)},
		{"PROBABLY (a word that Jumio does not document)", kyc.Unknown, jumiotest.Outcome("PROBABLY")},
	} {
		v.Outcomes = append(v.Outcomes, outcome{s.word, s.decision, func(p pace, notify string) (*backend, error) {
			fake := jumiotest.NewServer(s.script, jumiotest.Processing(p.Processing))
			client, err := jumio.NewClient(fake.Config(), append(slices.Clone(options), kyc.WithHTTPClient(fake.HTTPClient()))...)
			if err != nil {
				fake.Close()
				return nil, err
			}
			play := func(s *kyc.Session) error {
				// An execution that has expired has no journey left; its result tells.
				fake.CompleteJourney(s.Ref)
				return nil
			}
			return &backend{provider: client, notices: jumio.Callbacks(), notifyURL: notify, play: play, close: fake.Close}, nil
		}})
	}
	return v, nil
}

// errNoSession tells that a fake does not know the session that was just started there.
var errNoSession = errors.New("the fake does not know the session")
