package jumiotest

import (
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// Option scripts a [Server].
type Option func(*config)

type config struct {
	script     script
	faults     []fake.FaultRule
	processing time.Duration
	inMemory   bool
	seed       uint64
	clock      func() time.Time
	consent    bool
	paged      bool
	facemap    bool
	interim    bool
	tokenReuse time.Duration
	tokenLife  time.Duration
	schedule   []time.Duration
}

// script is what becomes of executions that start from now on.
type script struct {
	decision jumio.DecisionType
	label    jumio.Label
	status   jumio.Status
	results  map[string]verdict
	legacy   bool
}

type verdict struct {
	decision jumio.DecisionType
	label    jumio.Label
}

// Outcome scripts the decision. Each label goes to the capability that
// documents it for that decision; without one, WARNING comes with REPEATED_FACE
// and REJECTED with MANIPULATED_DOCUMENT. Any word may be given, known or not.
func Outcome(decision jumio.DecisionType, labels ...jumio.Label) Option {
	return func(c *config) {
		c.script = script{decision: decision, label: jumio.Label(decision)}
		if len(labels) == 0 {
			switch decision {
			case jumio.DecisionWarning:
				labels = []jumio.Label{jumio.LabelRepeatedFace}
			case jumio.DecisionRejected:
				labels = []jumio.Label{jumio.LabelManipulatedDocument}
			}
		}
		for _, label := range labels {
			Capability(capabilityOf(decision, label), decision, label)(c)
		}
	}
}

// Capability scripts the result of one capability by its key, as in "liveness".
// A capability that the workflow does not have is added. The decision of the
// whole stays as it is.
func Capability(key string, decision jumio.DecisionType, label jumio.Label) Option {
	return func(c *config) {
		if c.script.results == nil {
			c.script.results = make(map[string]verdict)
		}
		c.script.results[key] = verdict{decision, label}
	}
}

// OverallLabel scripts the label of the whole decision, as tenants define them.
func OverallLabel(label jumio.Label) Option { return func(c *config) { c.script.label = label } }

// FinalStatus lets executions end without being processed, in SESSION_EXPIRED
// or TOKEN_EXPIRED: at once, whatever was uploaded.
func FinalStatus(status jumio.Status) Option {
	return func(c *config) { c.script = script{status: status} }
}

// LegacyExpiry gives expired executions the decision REJECTED with a score of
// 100, as older tenants have it, in place of NOT_EXECUTED with -1.
func LegacyExpiry() Option { return func(c *config) { c.script.legacy = true } }

// Processing is how long an execution stays ACQUIRED.
func Processing(d time.Duration) Option { return func(c *config) { c.processing = d } }

// InMemory serves over pipes in place of a socket, so that client and server
// can live inside a testing/synctest bubble; see [Server.HTTPClient].
func InMemory() Option { return func(c *config) { c.inMemory = true } }

// Seed makes ids repeatable.
func Seed(seed uint64) Option { return func(c *config) { c.seed = seed } }

// Clock replaces the server's time.
func Clock(now func() time.Time) Option { return func(c *config) { c.clock = now } }

// RequireConsent refuses uploads through the API channel to an execution whose
// request held no userConsent, as the real service does for IDs and biometrics.
func RequireConsent() Option { return func(c *config) { c.consent = true } }

// PagedDocuments gives DOCUMENT credentials one address a page.
func PagedDocuments() Option { return func(c *config) { c.paged = true } }

// FacemapDownload lets facemaps be downloaded, as a tenant's setting does.
func FacemapDownload() Option { return func(c *config) { c.facemap = true } }

// InterimCallbacks posts a notice for ACQUIRED too.
func InterimCallbacks() Option { return func(c *config) { c.interim = true } }

// CallbackRetries sets the waits in front of repeats of a notice that was not
// answered with 200. The real schedule is not published; the default is two
// repeats after 50 and 200 milliseconds.
func CallbackRetries(waits ...time.Duration) Option {
	return func(c *config) { c.schedule = waits }
}

// AgedTokens hands the same token out again for this long after it was issued,
// with an expires_in as if it were new, as the real token service does.
func AgedTokens(d time.Duration) Option { return func(c *config) { c.tokenReuse = d } }

// TokenLifetime is how long an OAuth2 token lives; an hour by default.
func TokenLifetime(d time.Duration) Option { return func(c *config) { c.tokenLife = d } }

// Faults, as package kyctest explains them.
const (
	Throttle           = kyctest.Throttle
	ThrottleRetryAfter = kyctest.ThrottleRetryAfter
	ThrottleLong       = kyctest.ThrottleLong
	ServerError        = kyctest.ServerError
	Unavailable        = kyctest.Unavailable
	BadGatewayHTML     = kyctest.BadGatewayHTML
	EmptyNotFound      = kyctest.EmptyNotFound
	Hang               = kyctest.Hang
	Truncate           = kyctest.Truncate
	Reset              = kyctest.Reset
	ResetAfterRead     = kyctest.ResetAfterRead
	StaleToken         = kyctest.StaleToken
	InvalidJSON        = kyctest.InvalidJSON
	DuplicateMember    = kyctest.DuplicateMember
)

// Fault gives the nth request to the server, counted from 1, a fault. Requests
// for tokens count.
func Fault(n int, f kyctest.Fault) Option {
	return func(c *config) { c.faults = append(c.faults, fake.FaultAt(n, f)) }
}

// FaultOn gives the nth request of an operation, as in "Accounts.Create", a fault.
func FaultOn(operation string, n int, f kyctest.Fault) Option {
	return func(c *config) { c.faults = append(c.faults, fake.FaultOn(operation, n, f)) }
}

// FaultEvery gives every request of an operation a fault; with "" every request.
func FaultEvery(operation string, f kyctest.Fault) Option {
	return func(c *config) { c.faults = append(c.faults, fake.FaultEvery(operation, f)) }
}
