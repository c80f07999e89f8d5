package transport

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestTokenOneFlightForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var fetches atomic.Int32
		s := NewTokenSource(func(ctx context.Context) (Token, error) {
			fetches.Add(1)
			time.Sleep(20 * time.Millisecond)
			return Token{Value: "t", Expiry: time.Now().Add(time.Hour)}, ctx.Err()
		})
		// The first caller gives up; the others must not notice.
		first, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		var wg sync.WaitGroup
		start := time.Now()
		wg.Go(func() {
			_, err := s.Token(first)
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 5*time.Millisecond {
				t.Errorf("the impatient caller left after %v with %v", time.Since(start), err)
			}
		})
		for range 1000 {
			wg.Go(func() {
				if v, err := s.Token(t.Context()); v != "t" || err != nil {
					t.Errorf("got %q, %v", v, err)
				}
			})
		}
		wg.Wait()
		if fetches.Load() != 1 {
			t.Errorf("%d fetches", fetches.Load())
		}
	})
}

func TestTokenRenewedInBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var fetches atomic.Int32
		s := NewTokenSource(func(context.Context) (Token, error) {
			n := fetches.Add(1)
			time.Sleep(time.Second)
			return Token{Value: fmt.Sprint("t", n), Expiry: time.Now().Add(time.Hour)}, nil
		})
		get := func(want string) {
			t.Helper()
			start := time.Now()
			if v, err := s.Token(t.Context()); v != want || err != nil {
				t.Errorf("got %q, %v, want %q", v, err, want)
			}
			if want != "t1" && time.Since(start) != 0 {
				t.Errorf("waited %v for %s", time.Since(start), want)
			}
		}
		get("t1")
		time.Sleep(54 * time.Minute)
		get("t1")
		time.Sleep(5 * time.Minute)
		get("t1") // near its end: serves on, and starts the renewal
		get("t1")
		time.Sleep(2 * time.Second)
		get("t2")
		if fetches.Load() != 2 {
			t.Errorf("%d fetches", fetches.Load())
		}
	})
}

func TestTokenAgedTokenIsNotFetchedOnEveryCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var fetches atomic.Int32
		exp := time.Now().Add(2 * time.Minute)
		aged := jwt(exp)
		s := NewTokenSource(func(context.Context) (Token, error) {
			fetches.Add(1)
			return Token{Value: aged, Expiry: time.Now().Add(time.Hour)}, nil
		})
		for range 118 {
			if _, err := s.Token(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			synctest.Wait()
		}
		if n := fetches.Load(); n < 2 || n > 5 {
			t.Errorf("%d fetches in the life of an aged token", n)
		}
	})
}

func TestTokenInvalidate(t *testing.T) {
	var fetches atomic.Int32
	s := NewTokenSource(func(context.Context) (Token, error) {
		return Token{Value: fmt.Sprint("t", fetches.Add(1)), Expiry: time.Now().Add(time.Hour)}, nil
	})
	for range 2 {
		_, _ = s.Token(t.Context())
	}
	s.Invalidate("other")
	if v, _ := s.Token(t.Context()); v != "t1" {
		t.Errorf("a token that is not the current one was dropped: %s", v)
	}
	s.Invalidate("t1")
	if v, _ := s.Token(t.Context()); v != "t2" {
		t.Errorf("got %s", v)
	}
	s.Invalidate("t1")
	if v, _ := s.Token(t.Context()); v != "t2" || fetches.Load() != 2 {
		t.Errorf("got %s after %d fetches", v, fetches.Load())
	}
}

func TestTokenFetchFaultReachesAllAndIsNotKept(t *testing.T) {
	boom := errors.New("boom")
	fail := true
	s := NewTokenSource(func(context.Context) (Token, error) {
		if fail {
			return Token{}, boom
		}
		return Token{Value: "t", Expiry: time.Now().Add(time.Hour)}, nil
	})
	if _, err := s.Token(t.Context()); !errors.Is(err, boom) {
		t.Errorf("got %v", err)
	}
	fail = false
	if v, err := s.Token(t.Context()); v != "t" || err != nil {
		t.Errorf("got %q, %v", v, err)
	}
}

func TestTokenFetchHasItsOwnDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewTokenSource(func(ctx context.Context) (Token, error) {
			<-ctx.Done()
			return Token{}, ctx.Err()
		})
		start := time.Now()
		if _, err := s.Token(t.Context()); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != tokenFetchTimeout {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestTokenHitPathAllocatesNothing(t *testing.T) {
	s := NewTokenSource(func(context.Context) (Token, error) {
		return Token{Value: "t", Expiry: time.Now().Add(time.Hour)}, nil
	})
	ctx := t.Context()
	_, _ = s.Token(ctx)
	if n := testing.AllocsPerRun(100, func() { _, _ = s.Token(ctx) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

type tokenMap struct {
	mu     sync.Mutex
	tokens map[string]Token
	broken bool
	saved  chan struct{} // nil for nobody who waits
}

func (m *tokenMap) LoadToken(_ context.Context, key string) (kyc.Secret, time.Time, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken {
		return "", time.Time{}, false, errors.New("store is down")
	}
	t, ok := m.tokens[key]
	return kyc.Secret(t.Value), t.Expiry, ok, nil
}

func (m *tokenMap) SaveToken(_ context.Context, key string, token kyc.Secret, expiry time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.saved != nil {
		defer func() { m.saved <- struct{}{} }()
	}
	if m.broken {
		return errors.New("store is down")
	}
	m.tokens[key] = Token{token.Reveal(), expiry}
	return nil
}

func TestTokenStoreIsShared(t *testing.T) {
	var fetches atomic.Int32
	store := &tokenMap{tokens: map[string]Token{}, saved: make(chan struct{}, 10)}
	newSource := func() (*Client, *TokenSource) {
		c, call := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"access_token":"t%d","expires_in":3600}`, fetches.Add(1))
		}, Config{Options: []kyc.Option{kyc.WithTokenStore(store)}})
		// All processes name one endpoint; the test's servers differ, so the key is set by hand.
		s := c.TokenSource(ClientCredentials{Base: call.Base, Path: "/token", ClientID: "the-client-id"})
		if strings.Contains(s.key, "the-client-id") || !strings.HasPrefix(s.key, "jumio http://127.0.0.1") {
			t.Errorf("key %q", s.key)
		}
		s.key = "k"
		return c, s
	}
	_, one := newSource()
	_, two := newSource()
	get := func(s *TokenSource, want string) {
		t.Helper()
		if v, err := s.Token(t.Context()); v != want || err != nil {
			t.Errorf("got %q, %v, want %q", v, err, want)
		}
	}
	get(one, "t1")
	<-store.saved // after one has it
	get(two, "t1")
	// What one has had refused it does not take from the store again; the other takes what is new there.
	one.Invalidate("t1")
	get(one, "t2")
	<-store.saved
	two.Invalidate("t1")
	get(two, "t2")
	store.mu.Lock()
	store.broken = true
	store.mu.Unlock()
	two.Invalidate("t2")
	get(two, "t3")
}

func TestJWTExpiry(t *testing.T) {
	now := time.Unix(1795341600, 0)
	for _, tt := range []struct {
		token string
		want  time.Time
	}{
		{jwt(now.Add(time.Minute)), now.Add(time.Minute)},
		{jwt(now.Add(2 * time.Hour)), now.Add(time.Hour)},  // the answer's word is earlier
		{jwt(now.Add(-2 * time.Hour)), now.Add(time.Hour)}, // only the clock can be off
		{"opaque", now.Add(time.Hour)},
		{"a.b.c", now.Add(time.Hour)},
	} {
		c := newCachedToken(Token{Value: tt.token, Expiry: now.Add(time.Hour)}, now)
		if got := c.unusable.Sub(now); got > tt.want.Sub(now) || got < tt.want.Sub(now)*9/10 {
			t.Errorf("%s: used for %v, want just below %v", tt.token, got, tt.want.Sub(now))
		}
	}
}

func jwt(exp time.Time) string {
	return "h." + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"exp":%d}`, exp.Unix())) + ".s"
}

func FuzzJWTExpiry(f *testing.F) {
	f.Add("a.eyJleHAiOjF9.c")
	f.Add(jwt(time.Unix(1795341600, 0)))
	f.Fuzz(func(_ *testing.T, s string) { jwtExpiry(s) })
}

// An end that has passed, from a store or from a service whose answer took longer than the token lives, is no reason to fall over.
func TestTokenThatHasEnded(t *testing.T) {
	for _, left := range []time.Duration{0, -time.Minute, -365 * 24 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			store := &tokenMap{tokens: map[string]Token{"k": {"stored", time.Now().Add(left)}}}
			if left == 0 {
				store.tokens["k"] = Token{Value: "stored"}
			}
			opt, s := stubbed(func(n int, _ *http.Request) (*http.Response, error) {
				time.Sleep(2 * time.Second)
				return reply(200, fmt.Sprintf(`{"access_token":"t%d","expires_in":1}`, n)), nil
			})
			c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt, kyc.WithTokenStore(store)}})
			source := c.TokenSource(ClientCredentials{Base: call.Base, Path: "/token", ClientID: "id"})
			source.key = "k"
			for i := range 2 {
				if v, err := source.Token(t.Context()); err != nil || v != fmt.Sprintf("t%d", i+1) {
					t.Errorf("got %q, %v", v, err)
				}
			}
			if s.n != 2 {
				t.Errorf("%d fetches", s.n)
			}
		})
	}
}

// A token endpoint may answer wrong credentials with 400. What else it refuses is a fault of the way to the vendor: that a
// session is unknown, or gone, is not for it to say. The answer of another call is taken at its status.
func TestTokenRefusedForWrongCredentials(t *testing.T) {
	for _, tt := range []struct {
		status int
		body   string
		want   error
	}{
		{400, `{"error":"invalid_client"}`, kyc.ErrUnauthorized},
		{400, `{"error":"unauthorized_client"}`, kyc.ErrUnauthorized},
		{401, `{"error":"invalid_client"}`, kyc.ErrUnauthorized},
		{403, `{"error":"invalid_client"}`, kyc.ErrForbidden},
		{400, `{"error":"invalid_scope"}`, kyc.ErrUnavailable},
		{400, `<html>`, kyc.ErrUnavailable},
		{404, `<html>`, kyc.ErrUnavailable},
		{409, ``, kyc.ErrUnavailable},
		{410, `{"error":"invalid_client"}`, kyc.ErrUnavailable},
		{422, ``, kyc.ErrUnavailable},
		{302, ``, kyc.ErrMalformed},
		{429, ``, kyc.ErrRateLimited},
	} {
		opt, _ := stubbed(func(int, *http.Request) (*http.Response, error) { return reply(tt.status, tt.body), nil })
		var seen []error
		watch := kyc.WithObserver(func(_ context.Context, o kyc.Observation) {
			if o.Done {
				seen = append(seen, o.Err)
			}
		})
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt, fast, watch}})
		_, err := c.TokenSource(ClientCredentials{Base: call.Base, Path: "/token"}).Token(t.Context())
		if !errors.Is(err, tt.want) || kyc.Uncertain(err) || len(seen) != 1 || !errors.Is(seen[0], tt.want) {
			t.Errorf("%d %s: %v, observed %v", tt.status, tt.body, err, seen)
		}
		_, err = c.Do(t.Context(), call)
		if want := kyc.KindOf(tt.status); !errors.Is(err, want) {
			t.Errorf("%d %s to another call: %v", tt.status, tt.body, err)
		}
	}
}

// What a token endpoint sends is kept out of errors, however it is broken.
func TestTokenStaysOutOfErrors(t *testing.T) {
	for _, body := range []string{`{"access_token":"SENTINEL","access_token":"SENTINEL"}`, `{"access_token":"SENTINEL"`, `["SENTINEL"]`, `{"access_token":["SENTINEL"]}`} {
		opt, _ := stubbed(func(int, *http.Request) (*http.Response, error) { return reply(200, body), nil })
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt, fast}})
		_, err := c.TokenSource(ClientCredentials{Base: call.Base, Path: "/token", ClientID: "id"}).Token(t.Context())
		var e *kyc.Error
		if !errors.As(err, &e) || !errors.Is(err, kyc.ErrMalformed) || strings.Contains(string(e.Body())+err.Error(), "SENTINEL") {
			t.Errorf("%s: %v, body %q", body, err, e.Body())
		}
	}
}
