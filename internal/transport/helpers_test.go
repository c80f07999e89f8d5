package transport

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

type thing struct {
	kyc.Raw `json:"-"`
	Name    string `json:"name,omitzero"`
}

// fast keeps waits out of tests that are about something else.
var fast = kyc.WithRetry(kyc.RetryPolicy{MinBackoff: 1, MaxBackoff: 2})

// serve starts h below a path prefix, so that a call that forgets the base URL fails, and returns a client and a read.
func serve(t *testing.T, h http.HandlerFunc, cfg Config) (*Client, Call) {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/prefix/", http.StripPrefix("/prefix", h))
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return client(t, srv.URL+"/prefix", cfg)
}

func client(t *testing.T, base string, cfg Config) (*Client, Call) {
	t.Helper()
	u, err := ParseBase(base)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Vendor = kyc.Jumio
	cfg.Origins = append(cfg.Origins, u)
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c, Call{Operation: Operation{Name: "things.get", Class: Safe}, Method: http.MethodGet, Base: u, Path: "/things/1", Query: "secret=hidden"}
}

// stub answers from memory, for tests inside a synctest bubble.
type stub func(n int, r *http.Request) (*http.Response, error)

type stubTransport struct {
	mu sync.Mutex
	n  int
	f  stub
}

func (s *stubTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.n++
	n := s.n
	s.mu.Unlock()
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	return s.f(n, r)
}

func stubbed(f stub) (kyc.Option, *stubTransport) {
	s := &stubTransport{f: f}
	return kyc.WithHTTPClient(&http.Client{Transport: s}), s
}

func reply(status int, body string, header ...string) *http.Response {
	h := make(http.Header)
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body))}
}

type limiterFunc func(ctx context.Context) error

func (f limiterFunc) Wait(ctx context.Context) error { return f(ctx) }
