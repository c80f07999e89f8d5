package faults

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// The matrix runs over pipes that fail as sockets do. Here real sockets fail, to show that they do so alike: for one create
// and one read.
func TestSockets(t *testing.T) {
	const session = "11111111-2222-3333-4444-555555555555"
	reset := func(w http.ResponseWriter) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		raw := conn
		if tc, ok := conn.(interface{ NetConn() net.Conn }); ok {
			raw = tc.NetConn()
		}
		if tcp, ok := raw.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = raw.Close()
	}
	answers := map[string]struct {
		answer       http.HandlerFunc
		http2        bool
		stranger     bool
		create, read want
	}{
		"reset after the request": {
			answer: func(w http.ResponseWriter, _ *http.Request) { reset(w) },
			create: want{kind: unavailable, seen: 1, sent: 1}, read: want{kind: unavailable, seen: 4, sent: 4},
		},
		"closed after the request": {
			answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			create: want{kind: unavailable, seen: 1, sent: 1}, read: want{kind: unavailable, seen: 4, sent: 4},
		},
		"reset in the body": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "100000")
				_, _ = w.Write([]byte(strings.Repeat(" ", 50000)))
				_ = http.NewResponseController(w).Flush()
				reset(w)
			},
			create: want{kind: unavailable, seen: 1, sent: 1}, read: want{kind: unavailable, seen: 4, sent: 4},
		},
		"cut short": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "100000")
				_, _ = w.Write([]byte(`{"session_id":`))
				_ = http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			},
			create: want{kind: malformed, seen: 1, sent: 1}, read: want{kind: malformed, seen: 4, sent: 4},
		},
		"HTTP/2 stream reset after the request": {
			http2:  true,
			answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			create: want{kind: unavailable, seen: 1, sent: 1}, read: want{kind: unavailable, seen: 4, sent: 4},
		},
		"certificate of nobody known": {
			stranger: true,
			create:   want{kind: unavailable, sent: 1}, read: want{kind: unavailable, sent: 1},
		},
	}
	for name, f := range answers {
		for _, call := range []string{"create", "read"} {
			t.Run(name+"/"+call, func(t *testing.T) {
				var seen atomic.Int32
				srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					seen.Add(1)
					f.answer(w, r)
				}))
				srv.Config.ErrorLog = quietLog()
				srv.EnableHTTP2 = f.http2
				srv.StartTLS()
				defer srv.Close()
				hc := srv.Client()
				if f.stranger {
					hc = &http.Client{Transport: &http.Transport{}}
				}
				c := client(t, srv.URL, hc)
				var err error
				expected := f.read
				if call == "create" {
					expected = f.create
					_, err = c.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: personNumber})
				} else {
					_, err = c.Sessions.Decision(t.Context(), session)
				}
				check(t, expected, int(seen.Load()), err)
			})
		}
	}
	t.Run("connection refused", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
		c := client(t, "http://"+l.Addr().String(), &http.Client{Transport: &http.Transport{}})
		_, err = c.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: personNumber})
		check(t, want{kind: unavailable, sent: 4}, 0, err)
	})
	t.Run("unknown host", func(t *testing.T) {
		// The top-level domain is reserved for names that do not exist.
		c := client(t, "https://kyc.invalid", &http.Client{Transport: &http.Transport{}})
		_, err := c.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: personNumber})
		if got := kindOf(err); got != unavailable {
			t.Errorf("%s, want %s", got, unavailable)
		}
	})
}

func client(t *testing.T, base string, hc *http.Client) *didit.Client {
	t.Helper()
	c, err := didit.NewClient(didit.Config{APIKey: clientSecret, Workflow: "w", BaseURL: base}, kyc.WithHTTPClient(hc),
		kyc.WithLimiter(kyc.NewLimiter(1e6, 1e6)), kyc.WithRetry(kyc.RetryPolicy{MinBackoff: 1, MaxBackoff: 2}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func check(t *testing.T, expected want, seen int, err error) {
	t.Helper()
	got := want{kind: kindOf(err), seen: seen}
	var e *kyc.Error
	if errors.As(err, &e) {
		got.sent = e.Attempts
	}
	if diff := cmp.Diff(expected, got, cmp.AllowUnexported(want{})); diff != "" {
		t.Errorf("(-promised +got):\n%s", diff)
	}
	told(t.Errorf, err, nil)
}
