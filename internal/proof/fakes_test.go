package proof

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// controls are the parts of a vendor's fake that the suite works with.
type controls struct {
	started
	complete func(session *kyc.Session) error
	creates  func() int
	requests func() int
	inject   func(n int, f kyctest.Fault)
	secrets  []string
	problems func() string
	close    func()
	report   func(problems string)
}

func (c *controls) Provider() kyc.Provider { return c.started }
func (c *controls) Complete(_ context.Context, ref kyc.Ref) error {
	return c.complete(c.started.session(ref))
}
func (c *controls) Creates() int                  { return c.creates() }
func (c *controls) Requests() int                 { return c.requests() }
func (c *controls) Inject(n int, f kyctest.Fault) { c.inject(n, f) }
func (c *controls) Secrets() []string             { return append(c.started.secrets(), c.secrets...) }

// Close also tells what the vendor would have refused of all that the client sent.
func (c *controls) Close() {
	c.close()
	if p := c.problems(); p != "[]" && c.report != nil {
		c.report(p)
	}
}

// strict makes every such finding a fault of the test.
func strict(t *testing.T, open func(kyctest.Setup) (*controls, error)) func(kyctest.Setup) (kyctest.Fake, error) {
	return func(setup kyctest.Setup) (kyctest.Fake, error) {
		c, err := open(setup)
		if err != nil {
			return nil, err
		}
		c.report = func(problems string) { t.Errorf("the vendor would have refused: %s", problems) }
		return c, nil
	}
}

// open finishes the controls with a client, or gives them up.
func (c *controls) open(client whole, err error) (*controls, error) {
	if err != nil {
		c.close()
		return nil, err
	}
	c.started = started{client, &sessions{all: map[kyc.Ref]*kyc.Session{}}}
	return c, nil
}

// whole is all that the suite and package kyc ask of a client.
type whole interface {
	kyc.Provider
	fmt.Formatter
	slog.LogValuer
}

// started is a client whose sessions are remembered: their pages and tokens are secrets, and some fakes want the page.
type started struct {
	whole
	sessions *sessions
}

type sessions struct {
	mu  sync.Mutex
	all map[kyc.Ref]*kyc.Session
}

func (s started) Start(ctx context.Context, req kyc.StartRequest) (*kyc.Session, error) {
	session, err := s.whole.Start(ctx, req)
	if err == nil {
		s.sessions.mu.Lock()
		s.sessions.all[session.Ref] = session
		s.sessions.mu.Unlock()
	}
	return session, err
}

func (s started) session(ref kyc.Ref) *kyc.Session {
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	if session := s.sessions.all[ref]; session != nil {
		return session
	}
	return &kyc.Session{Ref: ref}
}

func (s started) secrets() []string {
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	var out []string
	for _, session := range s.sessions.all {
		out = append(out, session.URL.Reveal(), session.Token.Reveal())
	}
	return out
}

// processed counts the requests that a fake answered with success, whether or not a fault then spoilt the answer.
func processed(requests []fake.Recorded) int {
	n := 0
	for _, r := range requests {
		if r.Status/100 == 2 {
			n++
		}
	}
	return n
}

var errNotCompleted = errors.New("the fake has no such open session")

// watch is a client's transport that knows which creates the server processed.
type watch struct {
	next   http.RoundTripper
	create string // path of the create

	mu      sync.Mutex
	fault   kyctest.Fault
	creates int
}

func (w *watch) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := w.next.RoundTrip(r)
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, w.create) {
		w.mu.Lock()
		if err != nil && w.fault != kyctest.NoFault && w.fault.Processed() || err == nil && resp.StatusCode < 300 {
			w.creates++
		}
		w.mu.Unlock()
	}
	return resp, err
}

func (w *watch) inject(f kyctest.Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = f
}

func (w *watch) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.creates
}

// total adds up the requests of all operations, which lead each of a fake's routes.
func total(routes []string, count func(operation string) int) int {
	n, seen := count(""), map[string]bool{}
	for _, r := range routes {
		operation, _, _ := strings.Cut(r, " ")
		if !seen[operation] {
			seen[operation] = true
			n += count(operation)
		}
	}
	return n
}

func newJumio(setup kyctest.Setup) (*controls, error) {
	options := map[kyc.Decision]jumiotest.Option{
		kyc.Approved: jumiotest.Outcome(jumio.DecisionPassed), kyc.Declined: jumiotest.Outcome(jumio.DecisionRejected),
		kyc.Review: jumiotest.Outcome(jumio.DecisionWarning), kyc.Failed: jumiotest.Outcome(jumio.DecisionNotExecuted),
		kyc.Expired: jumiotest.FinalStatus(jumio.StatusSessionExpired),
	}
	option := options[setup.Outcome]
	if setup.Word != "" {
		option = jumiotest.Outcome(jumio.DecisionType(setup.Word))
	}
	server := jumiotest.NewServer(option)
	watch := &watch{next: server.HTTPClient().Transport, create: "/api/v1/accounts"}
	c := &controls{
		complete: func(session *kyc.Session) error {
			// An expired execution is over from the start.
			if !server.CompleteJourney(session.Ref) && setup.Outcome != kyc.Expired {
				return errNotCompleted
			}
			return nil
		},
		creates:  watch.count,
		requests: func() int { return total(server.Routes(), server.Count) },
		inject: func(n int, f kyctest.Fault) {
			watch.inject(f)
			if n == 0 {
				server.Script(jumiotest.FaultEvery("", f))
			} else {
				server.Script(jumiotest.Fault(n, f))
			}
		},
		secrets:  []string{server.Config().ClientSecret.Reveal(), "ANNA MARIA", "ERIKSSON"},
		problems: func() string { return fmt.Sprint(server.Problems()) },
		close:    server.Close,
	}
	client, err := jumio.NewClient(server.Config(), append([]kyc.Option{kyc.WithHTTPClient(&http.Client{Transport: watch})}, setup.Options...)...)
	return c.open(client, err)
}

func newTransmit(setup kyctest.Setup) (*controls, error) {
	option, _ := transmittest.Decision(setup.Outcome)
	if setup.Word != "" {
		option = transmittest.Outcome(transmit.Recommendation(setup.Word))
	}
	server := transmittest.NewServer(option)
	c := &controls{
		complete: func(session *kyc.Session) error {
			_, err := server.Visit(session.URL)
			return err
		},
		creates:  func() int { return processed(server.RequestsOf("Sessions.Create")) },
		requests: func() int { return len(server.Requests()) },
		inject: func(n int, f kyctest.Fault) {
			server.Inject(transmittest.FaultRule{From: max(n, 1), To: n, Faults: []kyctest.Fault{f}})
		},
		secrets:  []string{transmittest.ClientSecret, "Marie", "Curies", "1867-11-07"},
		problems: func() string { return fmt.Sprint(server.Problems()) },
		close:    server.Close,
	}
	client, err := transmit.NewClient(server.Config(), append(server.Options(), setup.Options...)...)
	return c.open(client, err)
}

func newDidit(setup kyctest.Setup) (*controls, error) {
	words := map[kyc.Decision]didit.SessionStatus{
		kyc.Approved: didit.StatusApproved, kyc.Declined: didit.StatusDeclined, kyc.Review: didit.StatusInReview, kyc.InputRequired: didit.StatusResubmitted,
		kyc.Expired: didit.StatusExpired, kyc.Abandoned: didit.StatusAbandoned,
	}
	word := words[setup.Outcome]
	if setup.Word != "" {
		word = didit.SessionStatus(setup.Word)
	}
	server := didittest.NewServer(didittest.Outcome(word))
	watch := &watch{next: server.HTTPClient().Transport, create: "/v3/session/"}
	c := &controls{
		complete: func(session *kyc.Session) error {
			if !server.Complete(session.Ref.Session) {
				return errNotCompleted
			}
			return nil
		},
		creates:  watch.count,
		requests: func() int { return total(server.Routes(), server.Count) },
		inject: func(n int, f kyctest.Fault) {
			watch.inject(f)
			if n == 0 {
				server.Script(didittest.FaultEvery("", f))
			} else {
				server.Script(didittest.Fault(n, f))
			}
		},
		secrets:  []string{server.Config().APIKey.Reveal(), "Carmen", "X0000001", "1980-01-01"},
		problems: func() string { return fmt.Sprint(server.Problems()) },
		close:    server.Close,
	}
	client, err := didit.NewClient(server.Config(), append([]kyc.Option{kyc.WithHTTPClient(&http.Client{Transport: watch})}, setup.Options...)...)
	return c.open(client, err)
}

func newYoti(setup kyctest.Setup) (*controls, error) {
	const check = yoti.CheckTypeLiveness
	options := map[kyc.Decision]yotitest.Option{
		kyc.Approved: yotitest.Outcome(check, yoti.RecommendationValueApprove), kyc.Declined: yotitest.Outcome(check, yoti.RecommendationValueReject),
		kyc.Review: yotitest.Outcome(check, yoti.RecommendationValueNotAvailable), kyc.Expired: yotitest.FinalState(yoti.SessionStateExpired),
	}
	option := options[setup.Outcome]
	if setup.Word != "" {
		option = yotitest.Outcome(check, yoti.RecommendationValue(setup.Word))
	}
	server := yotitest.NewServer(option)
	c := &controls{
		complete: func(session *kyc.Session) error { return server.CompleteJourney(session.Ref.Session) },
		creates:  func() int { return processed(server.RequestsOf("Sessions.Create")) },
		requests: func() int { return len(server.Requests()) },
		inject: func(n int, f kyctest.Fault) {
			server.Inject(yotitest.FaultRule{From: max(n, 1), To: n, Faults: []kyctest.Fault{f}})
		},
		problems: func() string { return fmt.Sprint(server.Problems()) },
		close:    server.Close,
	}
	client, err := yoti.NewClient(server.Config(), append(server.Options(), setup.Options...)...)
	return c.open(client, err)
}
