package transport

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// counting lets everything pass.
type counting struct{ n atomic.Int32 }

func (c *counting) Wait(context.Context) error { c.n.Add(1); return nil }

// net/http sends over HTTP/2 again what it can: what a server has read must not be sent twice, and what it declined is sent again
// by the retry loop, which pays for it.
func TestHTTP2SendsACreateOnce(t *testing.T) {
	const once, again = 1, 4
	for _, tt := range []struct {
		name    string
		answer  func(s *rawStream)
		body    bool
		want    int
		notSent bool
	}{
		{"reset as a protocol error", func(s *rawStream) { s.reset(codeProtocol) }, true, once, false},
		{"reset as an internal error", func(s *rawStream) { s.reset(codeInternal) }, true, once, false},
		{"reset as cancelled", func(s *rawStream) { s.reset(codeCancel) }, true, once, false},
		{"declined", func(s *rawStream) { s.reset(codeRefused) }, true, again, true},
		{"shut down before the request", func(s *rawStream) { s.goAway(0, 0) }, true, again, true},
		{"shut down before the request, as an error", func(s *rawStream) { s.goAway(0, codeInternal) }, true, once, false},
		{"shut down after the request", func(s *rawStream) { s.goAway(s.id, 0); _ = s.conn.Close() }, true, once, false},
		{"connection ended", func(s *rawStream) { _ = s.conn.Close() }, true, once, false},
		{"no body, reset as a protocol error", func(s *rawStream) { s.reset(codeProtocol) }, false, once, false},
		// What net/http would send again itself shows no reason, so that it is left at one sending.
		{"no body, declined", func(s *rawStream) { s.reset(codeRefused) }, false, once, false},
		{"no body, shut down before the request", func(s *rawStream) { s.goAway(0, 0) }, false, once, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			limiter := new(counting)
			srv := serveRaw(t, func(_ int, s *rawStream) { tt.answer(s) })
			c, call := srv.call(t, Config{}, kyc.WithLimiter(limiter))
			if !tt.body {
				call.Body = nil
			}
			_, err := c.Do(t.Context(), call)
			e, ok := errors.AsType[*kyc.Error](err)
			if !ok || !errors.Is(err, kyc.ErrUnavailable) {
				t.Fatal(err)
			}
			if srv.requests() != tt.want || e.Attempts != tt.want || int(limiter.n.Load()) != tt.want {
				t.Errorf("%d requests, %d attempts, %d waits for the limiter, want %d: %v", srv.requests(), e.Attempts, limiter.n.Load(), tt.want, err)
			}
			if errors.Is(err, kyc.ErrNotSent) != tt.notSent || kyc.Uncertain(err) == tt.notSent || strings.Contains(err.Error(), "declined to process") != tt.notSent {
				t.Errorf("not sent %v, uncertain %v: %v", errors.Is(err, kyc.ErrNotSent), kyc.Uncertain(err), err)
			}
		})
	}
}

func TestHTTP2CreateThatWasDeclinedIsSentAgain(t *testing.T) {
	for name, decline := range map[string]func(s *rawStream){
		"reset": func(s *rawStream) { s.reset(codeRefused) }, "shut down": func(s *rawStream) { s.goAway(0, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			srv := serveRaw(t, func(n int, s *rawStream) {
				if string(s.body) != "person" {
					t.Errorf("body %q", s.body)
				}
				if n == 1 {
					decline(s)
					return
				}
				s.ok()
			})
			limiter := new(counting)
			c, call := srv.call(t, Config{}, kyc.WithLimiter(limiter))
			var out thing
			call.Out = &out
			a, err := c.Do(t.Context(), call)
			if err != nil || out.Name != "x" || a.Attempts != 2 || srv.requests() != 2 || limiter.n.Load() != 2 {
				t.Errorf("%+v after %d requests, %d waits: %v", out, srv.requests(), limiter.n.Load(), err)
			}
		})
	}
}

// Every sending of a read is counted and paid for, those of net/http too, and they end.
func TestHTTP2CountsEverySendingOfARead(t *testing.T) {
	for _, code := range []uint32{codeProtocol, codeRefused, codeInternal} {
		t.Run(fmt.Sprint("code ", code), func(t *testing.T) {
			srv := serveRaw(t, func(_ int, s *rawStream) { s.reset(code) })
			limiter := new(counting)
			c, call := srv.call(t, Config{}, kyc.WithLimiter(limiter))
			call.Method, call.Operation.Class, call.Body = http.MethodGet, Safe, nil
			_, err := c.Do(t.Context(), call)
			e, ok := errors.AsType[*kyc.Error](err)
			if !ok || !errors.Is(err, kyc.ErrUnavailable) || errors.Is(err, kyc.ErrNotSent) {
				t.Fatal(err)
			}
			if n := srv.requests(); n < 4 || n > 5 || e.Attempts != n || int(limiter.n.Load()) != n {
				t.Errorf("%d requests, %d attempts, %d waits for the limiter", n, e.Attempts, limiter.n.Load())
			}
		})
	}
}

// A limiter that refuses what net/http would send again keeps it from going out.
func TestHTTP2RepeatWaitsForTheLimiter(t *testing.T) {
	srv := serveRaw(t, func(_ int, s *rawStream) { s.reset(codeRefused) })
	down, waits := errors.New("store is down"), 0
	c, call := srv.call(t, Config{}, kyc.WithLimiter(limiterFunc(func(context.Context) error {
		if waits++; waits > 1 {
			return down
		}
		return nil
	})))
	call.Method, call.Operation.Class, call.Body = http.MethodGet, Safe, nil
	if _, err := c.Do(t.Context(), call); !errors.Is(err, down) || !errors.Is(err, kyc.ErrUnavailable) || srv.requests() != 1 {
		t.Errorf("%d requests, %v", srv.requests(), err)
	}
}

// A dial that fails after the server has read the first sending says nothing about that one.
func TestHTTP2FailedDialAfterASendingIsUncertain(t *testing.T) {
	srv := serveRaw(t, func(_ int, s *rawStream) {
		_ = s.server.listener.Close()
		s.goAway(0, 0)
		_ = s.conn.Close()
	})
	c, call := srv.call(t, Config{}, kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1}))
	call.Operation.Class = Safe // as a Start that is a PUT would be
	_, err := c.Do(t.Context(), call)
	if !errors.Is(err, kyc.ErrUnavailable) || errors.Is(err, kyc.ErrNotSent) || !kyc.Uncertain(err) {
		t.Errorf("not sent %v, uncertain %v: %v", errors.Is(err, kyc.ErrNotSent), kyc.Uncertain(err), err)
	}
}

// A credential that is good for one request goes out once over HTTP/2 as well.
func TestHTTP2DoesNotReplayASingleUse(t *testing.T) {
	srv := serveRaw(t, func(n int, s *rawStream) {
		if n == 1 {
			s.reset(codeRefused)
			return
		}
		s.ok()
	})
	signer := new(stamper)
	c, call := srv.call(t, Config{Auth: signer})
	call.Method, call.Operation.Class, call.Body = http.MethodGet, Safe, nil
	if _, err := c.Do(t.Context(), call); err != nil || int(signer.n.Load()) != srv.requests() {
		t.Errorf("%d stamps for %d requests: %v", signer.n.Load(), srv.requests(), err)
	}
}

// keyed adds what net/http takes for a leave to send a request again.
type keyed struct{ next http.RoundTripper }

func (k keyed) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Idempotency-Key", "k")
	return k.next.RoundTrip(r)
}

func TestIdempotencyKeyOfTheCallersTransportRepeatsNoCreate(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var creates atomic.Int32
	var served sync.WaitGroup
	served.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			served.Go(func() {
				defer conn.Close()
				for r := bufio.NewReader(conn); ; {
					req, err := http.ReadRequest(r)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, req.Body)
					if req.Method == http.MethodPost {
						creates.Add(1)
						return
					}
					_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
				}
			})
		}
	})
	tr := &http.Transport{}
	defer served.Wait()
	defer tr.CloseIdleConnections()
	defer l.Close()
	c, call := client(t, "http://"+l.Addr().String(), Config{Options: []kyc.Option{fast, kyc.WithHTTPClient(&http.Client{Transport: keyed{tr}})}})
	for _, create := range []bool{false, true} {
		if create {
			call.Method, call.Operation.Class, call.Body = http.MethodPost, IfNotProcessed, BytesBody("text/plain", []byte("x"))
		}
		if _, err := c.Do(t.Context(), call); create != kyc.Uncertain(err) {
			t.Errorf("create %v: %v", create, err)
		}
	}
	if creates.Load() != 1 {
		t.Errorf("%d creates", creates.Load())
	}
}
