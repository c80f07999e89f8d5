package main

import (
	"crypto/rand"
	"fmt"
	"os"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

func yotiVendor(env getenv, options []kyc.Option) (*vendor, error) {
	v := &vendor{ID: kyc.Yoti, Name: "Yoti", Table: yoti.Table(), Notices: "Posts notices with a shared secret in a header."}
	live, err := env.complete("YOTI_SDK_ID", "YOTI_KEY_FILE")
	if err != nil {
		return nil, err
	}
	if live {
		key, err := os.ReadFile(env("YOTI_KEY_FILE"))
		if err != nil {
			return nil, fmt.Errorf("YOTI_KEY_FILE: %w", err)
		}
		cfg := yoti.Config{SDKID: env("YOTI_SDK_ID"), PrivateKey: key}
		v.Live = "production"
		v.open = func(_ pace, notify string) (*backend, error) { return yotiBackend(cfg, notify, options...) }
		_, err = yoti.NewClient(cfg)
		return v, err
	}
	const authenticity = yoti.CheckTypeIDDocumentAuthenticity
	for _, s := range []struct {
		word     string
		decision kyc.Decision
		script   yotitest.Option
	}{
		{"APPROVE", kyc.Approved, yotitest.Outcome(authenticity, yoti.RecommendationValueApprove)},
		{"REJECT", kyc.Declined, yotitest.Outcome(authenticity, yoti.RecommendationValueReject, "TAMPERED")},
		{"NOT_AVAILABLE", kyc.Review, yotitest.Outcome(authenticity, yoti.RecommendationValueNotAvailable, "PICTURE_TOO_DARK")},
		{"EXPIRED", kyc.Expired, yotitest.FinalState(yoti.SessionStateExpired)},
		{"PERHAPS (a word that Yoti does not document)", kyc.Unknown, yotitest.Outcome(authenticity, "PERHAPS")},
	} {
		v.Outcomes = append(v.Outcomes, outcome{s.word, s.decision, func(p pace, notify string) (*backend, error) {
			fake := yotitest.NewServer(s.script, yotitest.Processing(p.Processing))
			b, err := yotiBackend(fake.Config(), notify, append(fake.Options(), options...)...)
			if err != nil {
				fake.Close()
				return nil, err
			}
			b.play = func(s *kyc.Session) error { return fake.CompleteJourney(s.Ref.Session) }
			b.close = fake.Close
			return b, nil
		}})
	}
	return v, nil
}

// yotiBackend makes a secret of its own for the notices, which each session tells the vendor.
func yotiBackend(cfg yoti.Config, notify string, opts ...kyc.Option) (*backend, error) {
	cfg.NotificationAuth = yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBearer, Token: kyc.Secret(rand.Text())}
	client, err := yoti.NewClient(cfg, opts...)
	if err != nil {
		return nil, err
	}
	return &backend{provider: client, notices: yoti.Notifications(cfg.NotificationAuth), notifyURL: notify}, nil
}
