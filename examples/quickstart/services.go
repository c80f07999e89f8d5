package main

import (
	"os"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// service is one vendor: the real one where the environment holds its credentials, else a fake that finds what it is told to.
type service struct {
	vendor kyc.Vendor
	// start returns a client; stop ends the fake. ok is false where the vendor has no such outcome.
	start func(env func(string) string, outcome kyc.Decision, log kyc.Option) (p kyc.Provider, fake, ok bool, stop func(), err error)
}

var services = []service{{kyc.Jumio, startJumio}, {kyc.Transmit, startTransmit}, {kyc.Didit, startDidit}, {kyc.Yoti, startYoti}}

func jumioConfig(env func(string) string) (jumio.Config, bool) {
	cfg := jumio.Config{
		ClientID: env("JUMIO_CLIENT_ID"), ClientSecret: kyc.Secret(env("JUMIO_CLIENT_SECRET")), Region: jumio.Region(env("JUMIO_REGION")),
		Workflow: jumio.WorkflowIDAndIdentity,
	}
	return cfg, cfg.ClientID != "" && cfg.ClientSecret != "" && cfg.Region != ""
}

var jumioOutcomes = map[kyc.Decision]jumiotest.Option{
	kyc.Approved: jumiotest.Outcome(jumio.DecisionPassed), kyc.Review: jumiotest.Outcome(jumio.DecisionWarning),
	kyc.Declined: jumiotest.Outcome(jumio.DecisionRejected), kyc.Failed: jumiotest.Outcome(jumio.DecisionNotExecuted),
	kyc.Expired: jumiotest.FinalStatus(jumio.StatusSessionExpired),
}

func startJumio(env func(string) string, outcome kyc.Decision, log kyc.Option) (kyc.Provider, bool, bool, func(), error) {
	if cfg, live := jumioConfig(env); live {
		client, err := jumio.NewClient(cfg, log)
		return client, false, true, func() {}, err
	}
	script, ok := jumioOutcomes[outcome]
	if !ok {
		return nil, true, false, func() {}, nil
	}
	fake := jumiotest.NewServer(script)
	cfg := fake.Config()
	cfg.Workflow = jumio.WorkflowIDAndIdentity
	client, err := jumio.NewClient(cfg, log)
	return client, true, true, fake.Close, err
}

func startTransmit(env func(string) string, outcome kyc.Decision, log kyc.Option) (kyc.Provider, bool, bool, func(), error) {
	cfg := transmit.Config{
		ClientID: env("TRANSMIT_CLIENT_ID"), ClientSecret: kyc.Secret(env("TRANSMIT_CLIENT_SECRET")), Environment: transmit.Environment(env("TRANSMIT_ENVIRONMENT")),
	}
	if cfg.ClientID != "" && cfg.ClientSecret != "" && cfg.Environment != "" {
		client, err := transmit.NewClient(cfg, log)
		return client, false, true, func() {}, err
	}
	script, ok := transmittest.Decision(outcome)
	if !ok {
		return nil, true, false, func() {}, nil
	}
	fake := transmittest.NewServer(script)
	client, err := transmit.NewClient(fake.Config(), append(fake.Options(), log)...)
	return client, true, true, fake.Close, err
}

var diditOutcomes = map[kyc.Decision]didit.SessionStatus{
	kyc.Approved: didit.StatusApproved, kyc.Declined: didit.StatusDeclined, kyc.Review: didit.StatusInReview,
	kyc.InputRequired: didit.StatusAwaitingUser, kyc.Expired: didit.StatusExpired, kyc.Abandoned: didit.StatusAbandoned,
}

func startDidit(env func(string) string, outcome kyc.Decision, log kyc.Option) (kyc.Provider, bool, bool, func(), error) {
	cfg := didit.Config{APIKey: kyc.Secret(env("DIDIT_API_KEY")), Workflow: env("DIDIT_WORKFLOW_ID")}
	if cfg.APIKey != "" && cfg.Workflow != "" {
		client, err := didit.NewClient(cfg, log)
		return client, false, true, func() {}, err
	}
	status, ok := diditOutcomes[outcome]
	if !ok {
		return nil, true, false, func() {}, nil
	}
	fake := didittest.NewServer(didittest.Outcome(status))
	client, err := didit.NewClient(fake.Config(), log)
	return client, true, true, fake.Close, err
}

var yotiOutcomes = map[kyc.Decision]yotitest.Option{
	kyc.Approved: yotitest.FinalState(yoti.SessionStateCompleted),
	kyc.Declined: yotitest.Outcome(yoti.CheckTypeIDDocumentAuthenticity, yoti.RecommendationValueReject, "TAMPERED"),
	kyc.Review:   yotitest.Outcome(yoti.CheckTypeIDDocumentFaceMatch, yoti.RecommendationValueNotAvailable, "PICTURE_TOO_DARK"),
	kyc.Expired:  yotitest.FinalState(yoti.SessionStateExpired),
}

func startYoti(env func(string) string, outcome kyc.Decision, log kyc.Option) (kyc.Provider, bool, bool, func(), error) {
	if id, file := env("YOTI_SDK_ID"), env("YOTI_KEY_FILE"); id != "" && file != "" {
		key, err := os.ReadFile(file)
		if err != nil {
			return nil, false, true, func() {}, err
		}
		client, err := yoti.NewClient(yoti.Config{SDKID: id, PrivateKey: key}, log)
		return client, false, true, func() {}, err
	}
	script, ok := yotiOutcomes[outcome]
	if !ok {
		return nil, true, false, func() {}, nil
	}
	fake := yotitest.NewServer(script)
	client, err := yoti.NewClient(fake.Config(), append(fake.Options(), log)...)
	return client, true, true, fake.Close, err
}
