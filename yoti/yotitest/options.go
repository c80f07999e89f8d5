package yotitest

import (
	"net/http"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// Option scripts a [Server].
type Option func(*config)

type config struct {
	reports    map[yoti.CheckType]yoti.Report
	states     map[yoti.CheckType]yoti.CheckState
	final      yoti.SessionState
	fields     []byte
	withhold   bool
	withheld   map[yoti.MediaType]bool
	processing time.Duration
	skew       time.Duration
	faults     []fake.FaultRule
	inMemory   bool
	seed       uint64
	clock      func() time.Time
	schedule   []time.Duration
	poster     *http.Client
	tokenLife  time.Duration
	singular   bool
	slowPause  time.Duration
	oversize   int64
}

func defaults() config {
	return config{
		reports: map[yoti.CheckType]yoti.Report{}, states: map[yoti.CheckType]yoti.CheckState{}, final: yoti.SessionStateCompleted,
		fields: defaultFields, withheld: map[yoti.MediaType]bool{}, skew: 5 * time.Minute, tokenLife: time.Hour,
		schedule: []time.Duration{50 * time.Millisecond, 200 * time.Millisecond},
	}
}

// Outcome scripts the recommendation of every check of a kind, and its reason.
// Any word may be given, known or not; an empty one leaves the recommendation
// out. Checks that are not scripted approve.
func Outcome(check yoti.CheckType, value yoti.RecommendationValue, reason ...yoti.ReasonCode) Option {
	return func(c *config) { c.reports[check] = reportOf(check, value, reason...) }
}

// Report scripts the whole report of every check of a kind.
func Report(check yoti.CheckType, report yoti.Report) Option {
	return func(c *config) { c.reports[check] = report }
}

// CheckState leaves every check of a kind in a state when its session ends, as
// in INTERNAL_ERROR.
func CheckState(check yoti.CheckType, state yoti.CheckState) Option {
	return func(c *config) { c.states[check] = state }
}

// FinalState is the state in which sessions end; COMPLETED by default.
func FinalState(state yoti.SessionState) Option { return func(c *config) { c.final = state } }

// DocumentFields is the content of the document_fields media: JSON, or what a
// test wants to see refused.
func DocumentFields(content []byte) Option { return func(c *config) { c.fields = content } }

// WithholdMedia answers downloads with 204, as where regulation forbids to
// return a medium; of the given types only, where some are given.
func WithholdMedia(types ...yoti.MediaType) Option {
	return func(c *config) {
		c.withhold = len(types) == 0
		for _, t := range types {
			c.withheld[t] = true
		}
	}
}

// Processing is how long the checks of a session are PENDING.
func Processing(d time.Duration) Option { return func(c *config) { c.processing = d } }

// Skew is how far the time stamp of a signature may be off; five minutes by
// default. What the real service allows is not known.
func Skew(d time.Duration) Option { return func(c *config) { c.skew = d } }

// InMemory serves over pipes in place of a socket, so that client and server
// can live inside a testing/synctest bubble; see [Server.Options].
func InMemory() Option { return func(c *config) { c.inMemory = true } }

// Seed makes ids repeatable.
func Seed(seed uint64) Option { return func(c *config) { c.seed = seed } }

// Clock replaces the server's time.
func Clock(now func() time.Time) Option { return func(c *config) { c.clock = now } }

// NotificationRetries sets the waits in front of repeats of a notification that
// was not answered with 2xx. The real schedule is not documented; the default is
// two repeats after 50 and 200 milliseconds.
func NotificationRetries(waits ...time.Duration) Option {
	return func(c *config) { c.schedule = waits }
}

// NotificationClient posts the notifications, as to a receiver with a
// certificate of its own.
func NotificationClient(hc *http.Client) Option { return func(c *config) { c.poster = hc } }

// TokenLifetime is how long a bearer token lives; an hour by default.
func TokenLifetime(d time.Duration) Option { return func(c *config) { c.tokenLife = d } }

// SingularApplicants serves the reading of applicants under /applicant, as one
// page of the documentation spells it, and not under /applicants.
func SingularApplicants() Option { return func(c *config) { c.singular = true } }

// NotificationHeader returns the header with which the service proves a
// notification, for tests of a receiver of one's own.
func NotificationHeader(auth yoti.NotificationAuth) http.Header {
	h := http.Header{"Content-Type": {"application/json"}}
	if value := authorization(auth.Type, auth.Token); value != "" {
		h.Set("Authorization", value)
	}
	return h
}

// Notification returns the body of a notification in the service's spelling.
func Notification(session string, topic yoti.Topic) []byte {
	return notification(session, topic, "")
}
