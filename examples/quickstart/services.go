package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

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
	// variables are those of the environment that the real one needs, all of them.
	variables []string
	// start returns a client; stop ends the fake. ok is false where the vendor has no such outcome.
	start func(env func(string) string, outcome kyc.Decision, log kyc.Option) (p kyc.Provider, fake, ok bool, stop func(), err error)
}

var services = []service{
	{kyc.Jumio, []string{"JUMIO_CLIENT_ID", "JUMIO_CLIENT_SECRET", "JUMIO_REGION"}, startJumio},
	{kyc.Transmit, []string{"TRANSMIT_CLIENT_ID", "TRANSMIT_CLIENT_SECRET", "TRANSMIT_ENVIRONMENT"}, startTransmit},
	{kyc.Didit, []string{"DIDIT_API_KEY", "DIDIT_WORKFLOW_ID"}, startDidit},
	{kyc.Yoti, []string{"YOTI_SDK_ID", "YOTI_KEY_FILE"}, startYoti},
}

// errPartial is the error of credentials of which only some are set.
var errPartial = errors.New("half-set credentials")

// complete tells whether all the named variables are set. Only some of them is an error: a fake that stands in for a service
// that somebody meant to reach would mislead.
func complete(env func(string) string, names ...string) (bool, error) {
	var set, missing []string
	for _, n := range names {
		if env(n) == "" {
			missing = append(missing, n)
		} else {
			set = append(set, n)
		}
	}
	if len(set) > 0 && len(missing) > 0 {
		return false, fmt.Errorf("%w: there is %s, but not %s", errPartial, strings.Join(set, ", "), strings.Join(missing, ", "))
	}
	return len(missing) == 0, nil
}

// serviceName is how the output tells who answered.
func serviceName(fake bool) string {
	if fake {
		return "fake"
	}
	return "live"
}

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
