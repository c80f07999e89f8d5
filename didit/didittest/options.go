package didittest

import (
	"net/http"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// Option scripts a [Server].
type Option func(*config)

type config struct {
	script     script
	faults     []fake.FaultRule
	answers    []scripted
	processing time.Duration
	inMemory   bool
	seed       uint64
	clock      func() time.Time
	sandbox    bool
	enforce    bool
	status401  bool
	delete200  bool
	hidden     bool
	moving     bool
	hookURL    string
	hook       http.Handler
	signatures didit.Signature
	checks     map[string]checkOutcome
}

// script is what becomes of sessions that are created from now on.
type script struct {
	status   didit.SessionStatus
	risks    []string
	features map[didit.FeatureName]didit.FeatureStatus
	body     func(sessionID string) []byte
	path     []didit.SessionStatus
}

// scripted is an answer in place of the operation's own.
type scripted struct {
	operation   string
	status      int
	contentType string
	body        string
	left        int
}

// Outcome is the status that sessions end in, with warnings for it. Each code
// goes to the feature that the vendor documents it for, to ID_VERIFICATION
// otherwise. Any word may be given, known or not.
func Outcome(status didit.SessionStatus, risks ...string) Option {
	return func(c *config) { c.script = script{status: status, risks: risks} }
}

// FeatureOutcome is the status that one feature ends in; the session's stays as
// it is.
func FeatureOutcome(feature didit.FeatureName, status didit.FeatureStatus) Option {
	return func(c *config) {
		if c.script.features == nil {
			c.script.features = make(map[didit.FeatureName]didit.FeatureStatus)
		}
		c.script.features[feature] = status
	}
}

// DecisionBody makes finished sessions answer with these bytes.
func DecisionBody(body func(sessionID string) []byte) Option {
	return func(c *config) { c.script.body = body }
}

// Path gives sessions one status after the other: each read of the decision
// shows the next, and the last one stays. Nobody has to complete them.
func Path(statuses ...didit.SessionStatus) Option {
	return func(c *config) { c.script.path = statuses }
}

// Answer gives the next n requests of an operation, as in "Sessions.Create",
// this answer in place of its own.
func Answer(operation string, n, status int, contentType, body string) Option {
	return func(c *config) {
		c.answers = append(c.answers, scripted{operation, status, contentType, body, n})
	}
}

// Processing is how long a completed session stays In Progress.
func Processing(d time.Duration) Option { return func(c *config) { c.processing = d } }

// Sandbox makes the application a sandbox one, and sets Sandbox in the Config that
// the server returns.
func Sandbox() Option { return func(c *config) { c.sandbox = true } }

// EnforceBudgets answers 429 beyond the vendor's published budgets. Without it
// the headers tell of them only.
func EnforceBudgets() Option { return func(c *config) { c.enforce = true } }

// Unauthorized401 answers 401 to a missing or wrong API key, as newer pages
// say; without it the answer is 403.
func Unauthorized401() Option { return func(c *config) { c.status401 = true } }

// Delete200 answers a delete with 200 and what became of the face template, as
// newer pages say; without it the answer is 204.
func Delete200() Option { return func(c *config) { c.delete200 = true } }

// HideLinks gives the API key no right to see links and tokens.
func HideLinks() Option { return func(c *config) { c.hidden = true } }

// WebhookURL is where notices are posted.
func WebhookURL(url string) Option { return func(c *config) { c.hookURL = url } }

// WebhookHandler receives the notices without a connection, so that it can
// live inside a testing/synctest bubble.
func WebhookHandler(h http.Handler) Option { return func(c *config) { c.hook = h } }

// WebhookSignatures are the signatures that notices carry; all three without
// this option.
func WebhookSignatures(s didit.Signature) Option { return func(c *config) { c.signatures = s } }

// MovingEventIDs gives each repeat of a notice another event_id, as one page of
// the vendor says.
func MovingEventIDs() Option { return func(c *config) { c.moving = true } }

// InMemory serves over pipes in place of a socket, so that client and server
// can live inside a testing/synctest bubble; see [Server.HTTPClient].
func InMemory() Option { return func(c *config) { c.inMemory = true } }

// Seed makes ids repeatable.
func Seed(seed uint64) Option { return func(c *config) { c.seed = seed } }

// Clock replaces the server's time.
func Clock(now func() time.Time) Option { return func(c *config) { c.clock = now } }

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
	SlowBody           = kyctest.SlowBody
	InvalidJSON        = kyctest.InvalidJSON
	DuplicateMember    = kyctest.DuplicateMember
	InvalidUTF8        = kyctest.InvalidUTF8
	OversizedBody      = kyctest.OversizedBody
)

// Fault gives the nth request to the server, counted from 1, a fault.
func Fault(n int, f kyctest.Fault) Option {
	return func(c *config) { c.faults = append(c.faults, fake.FaultAt(n, f)) }
}

// FaultOn gives the nth request of an operation, as in "Sessions.Create", a fault.
func FaultOn(operation string, n int, f kyctest.Fault) Option {
	return func(c *config) { c.faults = append(c.faults, fake.FaultOn(operation, n, f)) }
}

// FaultEvery gives every request of an operation a fault; with "" every request.
func FaultEvery(operation string, f kyctest.Fault) Option {
	return func(c *config) { c.faults = append(c.faults, fake.FaultEvery(operation, f)) }
}
