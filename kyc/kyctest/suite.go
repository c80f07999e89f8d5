package kyctest

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Subject is a [kyc.Provider] under test, together with a fake of its vendor.
type Subject struct {
	// Vendor is what the Provider's Vendor method returns.
	Vendor kyc.Vendor
	// New starts a fake of the vendor and a Provider that talks to it. Each case of the suite makes its own.
	New func(setup Setup) (Fake, error)
	// Outcomes are the decisions with which a session at the vendor can end. Approved is among them.
	Outcomes []kyc.Decision
	// Words are the vendor's approving words. The suite replaces them with words that look like them.
	Words []string
	// StartRequest is one that the vendor accepts. The suite sets its Reference.
	StartRequest kyc.StartRequest
	// ParseResult normalises a stored answer.
	ParseResult ParseFunc
}

// Setup is what a case of the suite asks of a fake.
type Setup struct {
	// Outcome is the decision that a session has once it is completed.
	Outcome kyc.Decision
	// Word, if it is not empty, replaces the word that decides, such as the approving one. No table names it.
	Word string
	// Options are for the Provider, and come last. A Provider that does not accept options must bound its repeats by itself.
	Options []kyc.Option
}

// Fake has the controls of a vendor's fake. Its methods are safe for concurrent
// use.
type Fake interface {
	// Provider returns a Provider that talks to this fake.
	Provider() kyc.Provider
	// Complete plays the part of the person and of the vendor, so that the session reaches its outcome.
	Complete(ctx context.Context, ref kyc.Ref) error
	// Creates counts the sessions that the vendor opened and would charge for, whether or not the answer arrived.
	Creates() int
	// Requests counts all requests that came in, including those for tokens.
	Requests() int
	// Inject lets the nth request from now on, counted from 1, meet a fault, or every request if n is 0.
	Inject(n int, f Fault)
	// Secrets are texts that the fake sends and that must not be printed: the person's data, tokens, credentials.
	Secrets() []string
	// Close stops the fake and returns when its goroutines have ended.
	Close()
}

// Run checks that a Provider behaves as package kyc promises:
//
//   - every outcome of the vendor arrives as its decision, with evidence, and
//     Fetch returns the same Result as ParseResult of its Raw;
//   - words that no table names are Unknown, however similar to one that a table
//     does name;
//   - a Ref that is empty or another vendor's is refused before any request;
//   - under every [Fault], for each request of Start and of Fetch, there is an
//     error of the right class or the right result, never both and never two
//     creates, and after a create that the vendor processed the error is one of
//     [kyc.Uncertain];
//   - a context that ends stops Start, Fetch and Delete at every step;
//   - nothing secret or personal shows when sessions, results, requests, errors
//     and the Provider are printed or logged;
//   - no goroutine is left behind.
//
// The cases run one after another and look at the goroutines of the whole process,
// so no parallel test should run beside them. They use real time: about ten
// seconds for a fake on the loopback interface.
func Run(t *testing.T, s Subject) {
	t.Helper()
	(&suite{Subject: s, patience: 30 * time.Second}).run(onT{t})
}

// reporter is what the suite needs of a test.
type reporter interface {
	Run(name string, f func(reporter))
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Context() context.Context
}

type onT struct{ *testing.T }

// Run runs a subtest.
func (t onT) Run(name string, f func(reporter)) {
	t.T.Run(name, func(t *testing.T) { f(onT{t}) })
}

type suite struct {
	Subject
	// patience is how long something that should happen at once may take.
	patience time.Duration
}

func (s *suite) run(t reporter) {
	if s.New == nil || s.ParseResult == nil || s.Vendor == "" || len(s.Outcomes) == 0 {
		t.Fatalf("the Subject lacks New, ParseResult, Vendor or Outcomes")
	}
	t.Run("outcomes", s.outcomes)
	t.Run("unknown words", s.unknownWords)
	t.Run("refs", s.refs)
	t.Run("faults at start", s.startFaults)
	t.Run("faults at fetch", s.fetchFaults)
	t.Run("cancellation", s.cancellation)
	t.Run("printing", s.printing)
}

// world is one fake together with the log of its Provider.
type world struct {
	Fake
	p   kyc.Provider
	log *logBuffer
}

// with runs f against a new fake and looks for what is left behind.
func (s *suite) with(t reporter, setup Setup, f func(w *world)) {
	log := &logBuffer{}
	setup.Options = append([]kyc.Option{
		// Repeats come fast, and an answer that does not end is given up.
		kyc.WithRetry(kyc.RetryPolicy{MinBackoff: time.Millisecond, MaxBackoff: 4 * time.Millisecond, MaxRetryAfter: 50 * time.Millisecond}),
		kyc.WithAttemptTimeout(s.patience), kyc.WithMaxBody(1 << 20),
		kyc.WithLogger(slog.New(log.handler())), kyc.WithObserver(log.observe),
	}, setup.Options...)
	before := goroutines()
	fake, err := s.New(setup)
	if err != nil {
		t.Fatalf("the fake does not start: %v", err)
	}
	closed := false
	defer func() {
		if !closed {
			fake.Close()
		}
	}()
	f(&world{Fake: fake, p: fake.Provider(), log: log})
	if leak := leaked(log.String(), fake.Secrets()); leak != "" {
		t.Errorf("the log holds %s", leak)
	}
	closed = true
	fake.Close()
	if left := leftBehind(before, s.patience); left != "" {
		t.Errorf("goroutines are left behind:\n%s", left)
	}
}

// request returns the Subject's request, with a Reference.
func (s *suite) request() kyc.StartRequest {
	req := s.StartRequest
	req.Reference = "kyctest-1"
	return req
}

// start opens a session on a fake that has no fault.
func (s *suite) start(t reporter, w *world) *kyc.Session {
	session, err := w.p.Start(t.Context(), s.request())
	if err != nil || session == nil {
		t.Fatalf("Start: %v, %v", session, err)
	}
	return session
}

// finish opens a session and brings it to its end.
func (s *suite) finish(t reporter, w *world) *kyc.Session {
	session := s.start(t, w)
	if err := w.Complete(t.Context(), session.Ref); err != nil {
		t.Fatalf("Complete: %v", err)
	}
	return session
}

// errorFault returns what is wrong with an error, or "" if nothing is: it must match exactly one of package kyc's errors, or
// none if the context ended.
func errorFault(err error) string {
	kinds := 0
	for _, kind := range []error{
		kyc.ErrNotFound, kyc.ErrUnauthorized, kyc.ErrForbidden, kyc.ErrInvalid, kyc.ErrConflict, kyc.ErrRateLimited, kyc.ErrUnavailable, kyc.ErrMalformed,
	} {
		if errors.Is(err, kind) {
			kinds++
		}
	}
	ended := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	switch {
	case kinds > 1:
		return "it matches several of package kyc's errors"
	case kinds == 0 && !ended:
		return "it matches none of package kyc's errors"
	default:
		return ""
	}
}

// logBuffer collects what a Provider logs and reports.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write adds to what was collected.
func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

// String returns what was collected.
func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func (b *logBuffer) handler() slog.Handler {
	return slog.NewJSONHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug - 4, ReplaceAttr: untimed})
}

func (b *logBuffer) observe(_ context.Context, o kyc.Observation) {
	slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{ReplaceAttr: untimed})).Info("observed", "observation", o, "error", o.Err)
}
