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

// service is one vendor: the real one if the environment holds its credentials, else a fake that finds what it is told to.
type service struct {
	vendor kyc.Vendor
	// variables are all those of the environment that the real one needs.
	variables []string
	start     func(env func(string) string, outcome kyc.Decision, log kyc.Option) (started, error)
}

// started is a client of a service, or of a fake.
type started struct {
	// provider is nil if the vendor has no such outcome.
	provider kyc.Provider
	// fake is true if no real service answers; stop then ends the fake.
	fake bool
	stop func()
}

var services = []service{
	{kyc.Jumio, []string{"JUMIO_CLIENT_ID", "JUMIO_CLIENT_SECRET", "JUMIO_REGION"}, startJumio},
	{kyc.Transmit, []string{"TRANSMIT_CLIENT_ID", "TRANSMIT_CLIENT_SECRET", "TRANSMIT_ENVIRONMENT"}, startTransmit},
	{kyc.Didit, []string{"DIDIT_API_KEY", "DIDIT_WORKFLOW_ID"}, startDidit},
	{kyc.Yoti, []string{"YOTI_SDK_ID", "YOTI_KEY_FILE"}, startYoti},
}

// errPartial is the error of credentials of which only some are set.
var errPartial = errors.New("incomplete credentials")

// complete tells whether all the named variables are set. If only some are, that is an error: a fake in the place of a
// service that somebody meant to reach would mislead.
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
		return false, fmt.Errorf("%w: %s set, but %s not", errPartial, are(set), are(missing))
	}
	return len(missing) == 0, nil
}

// are joins names as in "A is" or "A and B are".
func are(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0] + " is"
	}
	return strings.Join(names[:last], ", ") + " and " + names[last] + " are"
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

func startJumio(env func(string) string, outcome kyc.Decision, log kyc.Option) (started, error) {
	if cfg, live := jumioConfig(env); live {
		client, err := jumio.NewClient(cfg, log)
		return started{provider: client}, err
	}
	script, ok := jumioOutcomes[outcome]
	if !ok {
		return started{fake: true}, nil
	}
	fake := jumiotest.NewServer(script)
	client, err := jumio.NewClient(fake.Config(), log)
	return started{client, true, fake.Close}, err
}

func startTransmit(env func(string) string, outcome kyc.Decision, log kyc.Option) (started, error) {
	cfg := transmit.Config{
		ClientID: env("TRANSMIT_CLIENT_ID"), ClientSecret: kyc.Secret(env("TRANSMIT_CLIENT_SECRET")), Environment: transmit.Environment(env("TRANSMIT_ENVIRONMENT")),
	}
	if cfg.ClientID != "" && cfg.ClientSecret != "" && cfg.Environment != "" {
		client, err := transmit.NewClient(cfg, log)
		return started{provider: client}, err
	}
	script, ok := transmittest.Decision(outcome)
	if !ok {
		return started{fake: true}, nil
	}
	fake := transmittest.NewServer(script)
	client, err := transmit.NewClient(fake.Config(), append(fake.Options(), log)...)
	return started{client, true, fake.Close}, err
}

var diditOutcomes = map[kyc.Decision]didit.SessionStatus{
	kyc.Approved: didit.StatusApproved, kyc.Declined: didit.StatusDeclined, kyc.Review: didit.StatusInReview,
	kyc.InputRequired: didit.StatusAwaitingUser, kyc.Expired: didit.StatusExpired, kyc.Abandoned: didit.StatusAbandoned,
}

func startDidit(env func(string) string, outcome kyc.Decision, log kyc.Option) (started, error) {
	cfg := didit.Config{APIKey: kyc.Secret(env("DIDIT_API_KEY")), Workflow: env("DIDIT_WORKFLOW_ID")}
	if cfg.APIKey != "" && cfg.Workflow != "" {
		client, err := didit.NewClient(cfg, log)
		return started{provider: client}, err
	}
	status, ok := diditOutcomes[outcome]
	if !ok {
		return started{fake: true}, nil
	}
	fake := didittest.NewServer(didittest.Outcome(status))
	client, err := didit.NewClient(fake.Config(), log)
	return started{client, true, fake.Close}, err
}

var yotiOutcomes = map[kyc.Decision]yotitest.Option{
	kyc.Approved: yotitest.FinalState(yoti.SessionStateCompleted),
	kyc.Declined: yotitest.Outcome(yoti.CheckTypeIDDocumentAuthenticity, yoti.RecommendationValueReject, "TAMPERED"),
	kyc.Review:   yotitest.Outcome(yoti.CheckTypeIDDocumentFaceMatch, yoti.RecommendationValueNotAvailable, "PICTURE_TOO_DARK"),
	kyc.Expired:  yotitest.FinalState(yoti.SessionStateExpired),
}

func startYoti(env func(string) string, outcome kyc.Decision, log kyc.Option) (started, error) {
	if id, file := env("YOTI_SDK_ID"), env("YOTI_KEY_FILE"); id != "" && file != "" {
		key, err := os.ReadFile(file)
		if err != nil {
			return started{}, err
		}
		client, err := yoti.NewClient(yoti.Config{SDKID: id, PrivateKey: key}, log)
		return started{provider: client}, err
	}
	script, ok := yotiOutcomes[outcome]
	if !ok {
		return started{fake: true}, nil
	}
	fake := yotitest.NewServer(script)
	client, err := yoti.NewClient(fake.Config(), append(fake.Options(), log)...)
	return started{client, true, fake.Close}, err
}
