package kyc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// stub is a provider whose starts end as its script says; the last entry stays. nil opens a session.
type stub struct {
	vendor Vendor
	script []error
	hold   chan struct{} // if set, Start waits for it

	mu     sync.Mutex
	starts int
	calls  []string
}

func (s *stub) Vendor() Vendor { return s.vendor }

func (s *stub) Start(ctx context.Context, req StartRequest) (*Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hold != nil {
		<-s.hold
	}
	var err error
	if len(s.script) > 0 {
		err = s.script[min(s.starts, len(s.script)-1)]
	}
	s.starts++
	if err != nil {
		return nil, err
	}
	return &Session{Ref: Ref{Vendor: s.vendor, Session: fmt.Sprint("s", s.starts)}, URL: "https://example.test", Token: "token", Raw: []byte("{}")}, nil
}

func (s *stub) Fetch(_ context.Context, ref Ref) (*Result, error) {
	s.calls = append(s.calls, "fetch "+ref.String())
	return &Result{Ref: ref, Decision: Approved}, nil
}

func (s *stub) Delete(_ context.Context, ref Ref) error {
	s.calls = append(s.calls, "delete "+ref.String())
	return nil
}

func (s *stub) PollSchedule() Schedule { return Schedule{At: []time.Duration{7 * time.Second}} }

func fault(kind error, status, attempts int) *Error {
	e := &Error{Vendor: Jumio, Operation: "accounts.create", Kind: kind, StatusCode: status, Attempts: attempts}
	return e.WithBody([]byte(`{"message":"SENTINEL"}`)) // as the vendor's own answers have
}

func newChain(t *testing.T, providers ...Provider) *Chain {
	t.Helper()
	c, err := NewChain(&MemoryChain{}, providers...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestChainTakesTheFirstThatIsNotFailing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := &stub{vendor: Jumio, script: []error{fault(ErrUnavailable, 503, 1), nil}}
		second := &stub{vendor: Didit, script: []error{nil, fault(ErrRateLimited, 429, 1), nil}}
		second.script[1].(*Error).RetryAfter = 90 * time.Second
		c := newChain(t, first, second)
		var failed []string
		c.Failed = func(_ context.Context, v Vendor, err error) {
			failed = append(failed, string(v)+" "+err.(*Error).Kind.Error())
		}
		start := time.Now()
		var got []string
		for i, wait := range []time.Duration{0, time.Second, 0, 58 * time.Second, 2 * time.Second, 0} {
			<-time.After(wait)
			s, err := c.Start(t.Context(), StartRequest{Reference: fmt.Sprint("r", i)})
			line := fmt.Sprintf("%v %v", time.Since(start), err)
			if err == nil {
				line = fmt.Sprintf("%v %s", time.Since(start), s.Ref)
			} else if !errors.Is(err, ErrUnavailable) {
				t.Error(err)
			} else {
				line += " " + err.(*Error).RetryAfter.String()
			}
			got = append(got, line)
		}
		all := "chain: start: unavailable: every provider is failing"
		want := []string{
			"0s didit:s1",
			"1s " + all + " 59s", "1s " + all + " 59s",
			"59s " + all + " 1s",
			"1m1s jumio:s2", "1m1s jumio:s3",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"jumio unavailable", "didit rate limited"}, failed); diff != "" {
			t.Error(diff)
		}
	})
}

func TestChainOneSessionForOneReference(t *testing.T) {
	p := &stub{vendor: Yoti}
	c := newChain(t, p)
	req := StartRequest{Reference: "r"}
	one, err := c.Start(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	one.Raw[0] = 'x'
	again, err := c.Start(t.Context(), req)
	if err != nil || p.starts != 1 || again.Ref != one.Ref || again.URL != one.URL || again.Token != one.Token || string(again.Raw) != "{}" {
		t.Errorf("%v, %v, %d starts", again, err, p.starts)
	}
	if err := c.Forget(t.Context(), "r"); err != nil {
		t.Error(err)
	}
	if s, err := c.Start(t.Context(), req); err != nil || s.Ref.Session != "s2" {
		t.Errorf("%v, %v", s, err)
	}
	if err := c.Forget(t.Context(), ""); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
	if _, err := c.Start(t.Context(), StartRequest{}); !errors.Is(err, ErrInvalid) || p.starts != 2 {
		t.Error(err)
	}
}

func TestChainTwoStartsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &stub{vendor: Yoti, hold: make(chan struct{})}
		c := newChain(t, p)
		go func() {
			if _, err := c.Start(context.Background(), StartRequest{Reference: "r"}); err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		if _, err := c.Start(t.Context(), StartRequest{Reference: "r"}); !errors.Is(err, ErrConflict) || !strings.Contains(err.Error(), "under way") {
			t.Error(err)
		}
		close(p.hold)
		synctest.Wait()
		if s, err := c.Start(t.Context(), StartRequest{Reference: "r"}); err != nil || s.Ref.Session != "s1" {
			t.Errorf("%v, %v", s, err)
		}
	})
}

func TestChainStopsAtAnUncertainCreate(t *testing.T) {
	req := StartRequest{Reference: "r"}
	for name, err := range map[string]error{
		"broken connection": &Error{Vendor: Jumio, Kind: ErrUnavailable, Attempts: 1, Err: io.ErrUnexpectedEOF},
		"500":               fault(ErrUnavailable, 500, 1),
		"unreadable answer": fault(ErrMalformed, 200, 1),
		"time ran out":      &Error{Vendor: Jumio, Err: context.DeadlineExceeded, Attempts: 1},
		"another error":     errors.New("x"),
		// Not everybody counts the attempts.
		"uncounted":         &Error{Vendor: Jumio, Kind: ErrUnavailable},
		"uncounted, ended":  &Error{Vendor: Jumio, Err: context.Canceled},
		"a call after it":   &Error{Vendor: Jumio, Kind: ErrUnavailable, Err: &Error{Vendor: Jumio, Kind: ErrUnavailable, Err: ErrNotSent}},
		"a mark of its own": ErrNotSent,
	} {
		t.Run(name, func(t *testing.T) {
			first, second := &stub{vendor: Jumio, script: []error{err}}, &stub{vendor: Didit}
			c := newChain(t, first, second)
			if _, got := c.Start(t.Context(), req); got != err || second.starts != 0 {
				t.Errorf("%v, %d starts of the second", got, second.starts)
			}
			if _, got := c.Start(t.Context(), req); !errors.Is(got, ErrConflict) || !strings.Contains(got.Error(), "jumio") || first.starts+second.starts != 1 {
				t.Errorf("%v, %d and %d starts", got, first.starts, second.starts)
			}
			if err := c.Forget(t.Context(), "r"); err != nil {
				t.Error(err)
			}
			c.ContinueUncertain = true
			if s, got := c.Start(t.Context(), req); got != nil || s.Ref.Vendor != Didit {
				t.Errorf("%v, %v", s, got)
			}
		})
	}
}

func TestChainGoesOnAfterACertainFailure(t *testing.T) {
	req := StartRequest{Reference: "r"}
	for name, err := range map[string]error{
		"503": fault(ErrUnavailable, 503, 4), "429": fault(ErrRateLimited, 429, 1), "401": fault(ErrUnauthorized, 401, 2),
		"token":  &Error{Operation: "oauth2.token", Kind: ErrUnavailable, StatusCode: 500, Attempts: 4},
		"dial":   &Error{Kind: ErrUnavailable, Attempts: 4, Err: &net.OpError{Op: "dial", Err: io.EOF}},
		"name":   &Error{Kind: ErrUnavailable, Attempts: 1, Err: &net.DNSError{IsNotFound: true}},
		"unsent": &Error{Kind: ErrUnavailable, Err: errors.Join(io.EOF, ErrNotSent)},
	} {
		first, second := &stub{vendor: Jumio, script: []error{err}}, &stub{vendor: Didit}
		if s, err := newChain(t, first, second).Start(t.Context(), req); err != nil || s.Ref.Vendor != Didit {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
	// What is wrong with the request is wrong everywhere, and leaves the Reference free.
	for _, err := range []error{
		Invalid(Jumio, "start", "x"), fault(ErrForbidden, 403, 1), fault(ErrConflict, 409, 1), &Error{Vendor: Jumio, Err: fmt.Errorf("x: %w", errors.Join(context.Canceled, ErrNotSent))},
	} {
		first, second := &stub{vendor: Jumio, script: []error{err, nil}}, &stub{vendor: Didit}
		c := newChain(t, first, second)
		if _, got := c.Start(t.Context(), req); got != err || second.starts != 0 {
			t.Errorf("%v, want %v", got, err)
		}
		if s, err := c.Start(t.Context(), req); err != nil || s.Ref.Vendor != Jumio {
			t.Errorf("%v, %v", s, err)
		}
	}
}

// liar returns a session that no Fetch could find.
type liar struct {
	stub
	session *Session
}

func (l *liar) Start(context.Context, StartRequest) (*Session, error) { return l.session, nil }

func TestChainRefusesSessionsOfNobody(t *testing.T) {
	for _, s := range []*Session{nil, {}, {Ref: Ref{Vendor: Jumio}}, {Ref: Ref{Vendor: Didit, Session: "s"}}} {
		if got, err := newChain(t, &liar{stub{vendor: Jumio}, s}).Start(t.Context(), StartRequest{Reference: "r"}); got != nil || !errors.Is(err, ErrMalformed) {
			t.Errorf("%v, %v", got, err)
		}
	}
}

func TestChainFollowsTheRef(t *testing.T) {
	first, second := &stub{vendor: Jumio, script: []error{fault(ErrUnavailable, 503, 1)}}, &stub{vendor: Didit}
	c := newChain(t, first, second)
	if _, err := c.Start(t.Context(), StartRequest{Reference: "r"}); err != nil {
		t.Fatal(err)
	}
	for _, ref := range []Ref{{Jumio, "a", "s"}, {Didit, "", "s"}} {
		if r, err := c.Fetch(t.Context(), ref); err != nil || r.Ref != ref {
			t.Errorf("%v, %v", r, err)
		}
		if err := c.Delete(t.Context(), ref); err != nil {
			t.Error(err)
		}
	}
	for _, ref := range []Ref{{}, {Vendor: Yoti, Session: "s"}, {Vendor: ChainVendor, Session: "s"}, {Session: "s"}} {
		if r, err := c.Fetch(t.Context(), ref); r != nil || !errors.Is(err, ErrInvalid) {
			t.Errorf("%v, %v", r, err)
		}
		if err := c.Delete(t.Context(), ref); !errors.Is(err, ErrInvalid) {
			t.Error(err)
		}
		if _, err := Wait(t.Context(), c, ref, WithImmediateRead()); !errors.Is(err, ErrInvalid) {
			t.Error(err)
		}
	}
	want := []string{"fetch jumio:a/s", "delete jumio:a/s", "fetch didit:s", "delete didit:s"}
	if diff := cmp.Diff(want, append(first.calls, second.calls...)); diff != "" {
		t.Error(diff)
	}
}

func TestWaitOnAChainKeepsTheVendorsSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		r, err := Wait(t.Context(), newChain(t, &stub{vendor: Didit}), Ref{Vendor: Didit, Session: "s"})
		if err != nil || r.Decision != Approved || time.Since(start) != 7*time.Second {
			t.Errorf("%v, %v after %v", r, err, time.Since(start))
		}
	})
}

// brokenStore fails at some of its methods.
type brokenStore struct {
	MemoryChain
	claim, save error
}

func (b *brokenStore) Claim(ctx context.Context, reference string) (ChainEntry, bool, error) {
	if b.claim != nil {
		return ChainEntry{}, false, b.claim
	}
	return b.MemoryChain.Claim(ctx, reference)
}

func (b *brokenStore) Save(ctx context.Context, reference string, entry ChainEntry) error {
	if b.save != nil || ctx.Err() != nil {
		return errors.New("save")
	}
	return b.MemoryChain.Save(ctx, reference, entry)
}

func TestChainWithABrokenStore(t *testing.T) {
	p := &stub{vendor: Didit}
	store := &brokenStore{claim: errors.New("SENTINEL")}
	c, err := NewChain(store, p)
	if err != nil {
		t.Fatal(err)
	}
	req := StartRequest{Reference: "r"}
	if _, err := c.Start(t.Context(), req); !errors.Is(err, ErrUnavailable) || Uncertain(err) || strings.Contains(err.Error(), "SENTINEL") || p.starts != 0 {
		t.Errorf("%v, %d starts", err, p.starts)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	store.claim = nil
	if _, err := c.Start(ctx, req); !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnavailable) || Uncertain(err) || p.starts != 0 {
		t.Errorf("%v, %d starts", err, p.starts)
	}
	// A session that was paid for is handed out, and the Reference stays taken.
	store.save = errors.New("x")
	if s, err := c.Start(t.Context(), req); err != nil || s.Ref.Session != "s1" {
		t.Errorf("%v, %v", s, err)
	}
	if _, err := c.Start(t.Context(), req); !errors.Is(err, ErrConflict) || p.starts != 1 {
		t.Errorf("%v, %d starts", err, p.starts)
	}
}

func TestNewChainRefuses(t *testing.T) {
	a := &stub{vendor: Didit}
	for name, f := range map[string]func() (*Chain, error){
		"no store":    func() (*Chain, error) { return NewChain(nil, a) },
		"none":        func() (*Chain, error) { return NewChain(&MemoryChain{}) },
		"nil":         func() (*Chain, error) { return NewChain(&MemoryChain{}, a, nil) },
		"twice":       func() (*Chain, error) { return NewChain(&MemoryChain{}, a, &stub{vendor: Didit}) },
		"no vendor":   func() (*Chain, error) { return NewChain(&MemoryChain{}, &stub{}) },
		"chain again": func() (*Chain, error) { return NewChain(&MemoryChain{}, newChain(t, a)) },
	} {
		if c, err := f(); c != nil || !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, %v", name, c, err)
		}
	}
	text := fmt.Sprintf("%v %+v %#v %s", newChain(t, a), newChain(t, a), ChainEntry{Session: &Session{Ref: Ref{Didit, "", "s"}, Token: "SENTINEL", Raw: []byte("SENTINEL")}}, ChainEntry{})
	if want := "*kyc.Chain{} *kyc.Chain{} kyc.ChainEntry{Session:{Ref:didit:s}} kyc.ChainEntry{}"; text != want {
		t.Errorf("printed %s", text)
	}
}

func TestUncertainOfNothing(t *testing.T) {
	if Uncertain(nil) || Uncertain(fmt.Errorf("x: %w", Invalid(Jumio, "x", "y"))) || !Uncertain(context.Canceled) {
		t.Error("wrong")
	}
}
