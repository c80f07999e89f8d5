package main

import (
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

func transmitVendor(env getenv, options []kyc.Option) (*vendor, error) {
	v := &vendor{
		ID: kyc.Transmit, Name: "Transmit Security", Table: transmit.Table(), Notices: "Posts no notices; the console reads on a schedule.",
	}
	live, err := env.complete("TRANSMIT_CLIENT_ID", "TRANSMIT_CLIENT_SECRET", "TRANSMIT_ENVIRONMENT")
	if err != nil {
		return nil, err
	}
	if live {
		cfg := transmit.Config{
			ClientID: env("TRANSMIT_CLIENT_ID"), ClientSecret: kyc.Secret(env("TRANSMIT_CLIENT_SECRET")),
			Environment: transmit.Environment(env("TRANSMIT_ENVIRONMENT")),
		}
		v.Live = "environment " + string(cfg.Environment)
		v.open = func(pace, string) (*backend, error) {
			client, err := transmit.NewClient(cfg, options...)
			return &backend{provider: client}, err
		}
		_, err := transmit.NewClient(cfg)
		return v, err
	}
	for _, s := range []struct {
		word     string
		decision kyc.Decision
	}{
		{string(transmit.RecommendationAllow), kyc.Approved},
		{string(transmit.RecommendationDeny), kyc.Declined},
		{string(transmit.RecommendationChallenge), kyc.Review},
		{string(transmit.SessionStatusRecapture), kyc.InputRequired},
		{string(transmit.SessionStatusError), kyc.Failed},
		{"MAYBE (a word that Transmit does not document)", kyc.Unknown},
	} {
		script, ok := transmittest.Decision(s.decision)
		if !ok {
			continue
		}
		v.Outcomes = append(v.Outcomes, outcome{s.word, s.decision, func(p pace, _ string) (*backend, error) {
			fake := transmittest.NewServer(script, transmittest.Processing(p.Processing))
			client, err := transmit.NewClient(fake.Config(), append(fake.Options(), options...)...)
			if err != nil {
				fake.Close()
				return nil, err
			}
			play := func(s *kyc.Session) error {
				if !fake.Play(s.Ref.Session) {
					return errNoSession
				}
				return nil
			}
			return &backend{provider: client, play: play, close: fake.Close}, nil
		}})
	}
	return v, nil
}
