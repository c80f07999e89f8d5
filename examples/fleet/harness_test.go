package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/redis/go-redis/v9"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// asProgram makes the test binary the program, so that tests and demo can start it in other processes.
const asProgram = "FLEET_TEST_AS_PROGRAM"

// quiet keeps the client's remarks on servers that were killed on purpose out of the tests' output.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

func TestMain(m *testing.M) {
	redis.SetLogger(quiet{})
	if os.Getenv(asProgram) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var silent = slog.New(slog.DiscardHandler)

// needed skips where the servers are not installed and need not be, and otherwise fails on err.
func needed(t *testing.T, err error) {
	t.Helper()
	switch {
	case errors.Is(err, errNoServer) && os.Getenv("KYC_FLEET_OPTIONAL") == "1":
		t.Skip("no servers, and KYC_FLEET_OPTIONAL=1 allows that:", err)
	case err != nil:
		t.Fatal(err)
	}
}

// until polls f until it returns true.
func until(t *testing.T, what string, limit time.Duration, f func() bool) {
	t.Helper()
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	end := time.After(limit)
	for !f() {
		select {
		case <-end:
			t.Fatalf("not within %v: %s", limit, what)
		case <-every.C:
		}
	}
}

// site is a vendor, Redis, NATS and the processes of a test.
type site struct {
	t           *testing.T
	redis, nats server
	rdb         *redis.Client
	ledger      *ledger
	vendor      *jumiotest.Server
	front       *front
	crew        *crew
	client      *jumio.Client // starts verifications, as fast as the vendor answers
	signer      *jumio.ReferenceSigner
	address     string        // where notices go
	logs        *lockedBuffer // what all processes log
}

// server is a program that can be started again with what it has on disk.
type server struct {
	*child
	t     *testing.T
	dir   string
	start func(dir, addr string) (*child, error)
}

func newServer(t *testing.T, start func(dir, addr string) (*child, error)) server {
	t.Helper()
	s := server{t: t, dir: t.TempDir(), start: start, child: &child{}}
	s.again()
	return s
}

// again starts the server: at first at any address, after a kill at the one that it had.
func (s *server) again() {
	s.t.Helper()
	c, err := s.start(s.dir, s.addr)
	needed(s.t, err)
	s.t.Cleanup(c.kill)
	s.child = c
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newSite(t *testing.T) *site {
	t.Helper()
	t.Setenv(asProgram, "1")
	s := &site{t: t, redis: newServer(t, startRedis), nats: newServer(t, startNATS), logs: &lockedBuffer{}}
	s.rdb = dialRedis(s.redis.addr)
	t.Cleanup(func() { _ = s.rdb.Close() })
	s.ledger = &ledger{s.rdb}
	s.vendor = jumiotest.NewServer(jumiotest.CallbackRetries(slices.Repeat([]time.Duration{100 * time.Millisecond}, 600)...))
	t.Cleanup(s.vendor.Close)
	s.front = newFront(t, s.vendor.URL())
	cfg := s.vendor.Config()
	for _, root := range []*string{&cfg.Endpoints.Auth, &cfg.Endpoints.Account, &cfg.Endpoints.API, &cfg.Endpoints.Retrieval, &cfg.Endpoints.Status} {
		*root = strings.Replace(*root, s.vendor.URL(), s.front.url, 1)
	}
	var logs io.Writer = s.logs
	if testing.Verbose() {
		logs = io.MultiWriter(s.logs, os.Stderr)
	}
	env, signer, err := vendorEnv(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.signer = signer
	if s.client, err = jumio.NewClient(s.vendor.Config(), kyc.WithLimiter(unlimited{}), jumio.WithUserReferenceSigner(signer)); err != nil {
		t.Fatal(err)
	}
	s.crew = &crew{redis: s.redis.addr, nats: s.nats.addr, env: env, logs: logs}
	t.Cleanup(s.crew.dismiss)
	return s
}

// receiver starts one at address, "127.0.0.1:0" for any.
func (s *site) receiver(address string, args ...string) *member {
	s.t.Helper()
	m, err := s.crew.start("receiver", append([]string{"-listen", address}, args...)...)
	if err != nil {
		s.t.Fatal(err)
	}
	if s.address, err = m.word("notices at "); err != nil {
		s.t.Fatal(err)
	}
	return m
}

func (s *site) worker(name string, args ...string) *member {
	s.t.Helper()
	m, err := s.crew.start("worker", append([]string{"-name", name}, args...)...)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// verify starts n verifications whose notices go to the receiver.
func (s *site) verify(n int) []kyc.Ref {
	s.t.Helper()
	var refs []kyc.Ref
	for range n {
		session, err := s.client.Start(s.t.Context(), kyc.StartRequest{Reference: "onboarding-42", NotifyURL: s.address})
		if err != nil {
			s.t.Fatal(err)
		}
		refs = append(refs, session.Ref)
		if !s.vendor.CompleteJourney(session.Ref) {
			s.t.Fatal("the journey was not open")
		}
	}
	return refs
}

// acted lists how often each verification was acted on.
func (s *site) acted() map[string]int {
	s.t.Helper()
	history, err := s.ledger.history(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	times := make(map[string]int)
	for _, line := range history {
		ref, _, _ := strings.Cut(line, " ")
		times[ref]++
	}
	return times
}

// settled waits until all are acted on and the queue is empty, and fails where one was acted on twice.
func (s *site) settled(refs []kyc.Ref, limit time.Duration) {
	s.t.Helper()
	until(s.t, "all verifications are acted on", limit, func() bool { return len(s.acted()) == len(refs) })
	q := s.queue()
	until(s.t, "the queue is empty", limit, func() bool { return s.queued(q) == 0 })
	times := s.acted()
	for _, ref := range refs {
		if n := times[ref.String()]; n != 1 {
			s.t.Errorf("%v was acted on %d times", ref, n)
		}
		if got := s.rdb.HGet(s.t.Context(), ledgerDecision(ref), "decision").Val(); got != "approved" {
			s.t.Errorf("%v is %q in the ledger", ref, got)
		}
	}
	if accepted, failed := s.vendor.Callbacks(); accepted != len(refs) || failed != 0 {
		s.t.Errorf("%d notices were accepted, %d given up", accepted, failed)
	}
	for _, p := range s.vendor.Problems() {
		s.t.Error("the vendor minds:", p)
	}
}

// logged tells whether a process has logged text since logged was called.
func (s *site) logged(text string) func() bool {
	from := len(s.logs.String())
	return func() bool { return strings.Contains(s.logs.String()[from:], text) }
}

// withinBudget fails where more requests than the budget allows came in within some stretch of time. The slack is for the
// way from the limiter to the vendor.
func (s *site) withinBudget(rate float64, burst int, slack time.Duration) {
	s.t.Helper()
	at := s.front.arrivals()
	for i := range at {
		for j := i; j < len(at); j++ {
			span := at[j].Sub(at[i])
			if allowed := float64(burst+1) + rate*(span+slack).Seconds(); float64(j-i+1) > allowed {
				s.t.Fatalf("%d requests within %v", j-i+1, span)
			}
		}
	}
}

// queue connects to the queue.
func (s *site) queue() *queue {
	s.t.Helper()
	q, err := dialQueue(s.nats.addr, "test", silent)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(q.close)
	return q
}

// queued is how many notices are not processed yet.
func (s *site) queued(q *queue) uint64 {
	s.t.Helper()
	c, err := q.js.Consumer(s.t.Context(), streamName, consumerName)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return s.stream(q).Msgs // no worker has come yet
	}
	if err != nil {
		s.t.Fatal(err)
	}
	info := c.CachedInfo()
	return info.NumPending + uint64(info.NumAckPending)
}

func (s *site) stream(q *queue) jetstream.StreamState {
	s.t.Helper()
	stream, err := q.js.Stream(s.t.Context(), streamName)
	if err != nil {
		s.t.Fatal(err)
	}
	return stream.CachedInfo().State
}
