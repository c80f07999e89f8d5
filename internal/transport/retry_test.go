package transport

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestReadSucceedsOnThirdAttempt(t *testing.T) {
	var n atomic.Int32
	c, call := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1) < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, `{"name":"x","other":1}`)
	}, Config{Options: []kyc.Option{fast}})
	var out thing
	call.Out = &out
	var meta kyc.Response
	a, err := c.Do(t.Context(), call, kyc.WithResponse(&meta))
	if err != nil {
		t.Fatal(err)
	}
	if out.Name != "x" || a.Attempts != 3 || meta.Attempts != 3 || meta.StatusCode != 200 || string(out.RawJSON()) != `{"name":"x","other":1}` {
		t.Errorf("attempts %d and %d, status %d, raw %q", a.Attempts, meta.Attempts, meta.StatusCode, out.RawJSON())
	}
}

func TestClasses(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	reset := &net.OpError{Op: "read", Err: syscall.ECONNRESET}
	lost := &net.DNSError{IsNotFound: true}
	untrusted := x509.UnknownAuthorityError{}
	tests := []struct {
		name  string
		class Class
		fault any // status or error
		want  int // requests out of 4
		kind  error
	}{
		{"read 500", Safe, 500, 4, kyc.ErrUnavailable},
		{"read 502", Safe, 502, 4, kyc.ErrUnavailable},
		{"read 503", Safe, 503, 4, kyc.ErrUnavailable},
		{"read 504", Safe, 504, 4, kyc.ErrUnavailable},
		{"read 408", Safe, 408, 4, kyc.ErrUnavailable},
		{"read 425", Safe, 425, 4, kyc.ErrUnavailable},
		{"read 429", Safe, 429, 4, kyc.ErrRateLimited},
		{"read 501", Safe, 501, 1, kyc.ErrUnavailable},
		{"read 400", Safe, 400, 1, kyc.ErrInvalid},
		{"read 401", Safe, 401, 1, kyc.ErrUnauthorized},
		{"read 403", Safe, 403, 1, kyc.ErrForbidden},
		{"read 404", Safe, 404, 1, kyc.ErrNotFound},
		{"read 409", Safe, 409, 1, kyc.ErrConflict},
		{"read refused", Safe, refused, 4, kyc.ErrUnavailable},
		{"read reset", Safe, reset, 4, kyc.ErrUnavailable},
		{"read unknown host", Safe, lost, 1, kyc.ErrUnavailable},
		{"read untrusted", Safe, untrusted, 1, kyc.ErrUnavailable},
		{"create 500", IfNotProcessed, 500, 1, kyc.ErrUnavailable},
		{"create 502", IfNotProcessed, 502, 1, kyc.ErrUnavailable},
		{"create 504", IfNotProcessed, 504, 1, kyc.ErrUnavailable},
		{"create 503", IfNotProcessed, 503, 4, kyc.ErrUnavailable},
		{"create 503 of a gateway", IfNotProcessed, reply(503, "upstream connect error or disconnect/reset before headers"), 1, kyc.ErrUnavailable},
		{"create 503 in HTML", IfNotProcessed, reply(503, "<html>503</html>", "Content-Type", "text/html"), 1, kyc.ErrUnavailable},
		{"create 503, empty", IfNotProcessed, reply(503, ""), 1, kyc.ErrUnavailable},
		{"create 503, empty, to be asked again", IfNotProcessed, reply(503, "", "Retry-After", "1"), 4, kyc.ErrUnavailable},
		{"create 503, half of a document", IfNotProcessed, reply(503, `{"message":`), 1, kyc.ErrUnavailable},
		{"create 429", IfNotProcessed, 429, 4, kyc.ErrRateLimited},
		{"create refused", IfNotProcessed, refused, 4, kyc.ErrUnavailable},
		{"create reset", IfNotProcessed, reset, 1, kyc.ErrUnavailable},
		{"create cut", IfNotProcessed, io.ErrUnexpectedEOF, 1, kyc.ErrUnavailable},
		{"never 503", Never, 503, 1, kyc.ErrUnavailable},
		{"never 429", Never, 429, 1, kyc.ErrRateLimited},
		{"never refused", Never, refused, 1, kyc.ErrUnavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				opt, s := stubbed(func(int, *http.Request) (*http.Response, error) {
					if err, ok := tt.fault.(error); ok {
						return nil, err
					}
					if r, ok := tt.fault.(*http.Response); ok {
						return r, nil
					}
					return reply(tt.fault.(int), `{"message":"busy"}`), nil
				})
				c, call := client(t, "https://vendor.test/v1", Config{Options: []kyc.Option{opt}})
				if call.Operation.Class = tt.class; tt.class != Safe {
					call.Method = http.MethodPost
				}
				_, err := c.Do(t.Context(), call)
				// A create is sent again, if at all, where its error is certain.
				if tt.class == IfNotProcessed && kyc.Uncertain(err) != (tt.want == 1) {
					t.Errorf("uncertain %v: %v", kyc.Uncertain(err), err)
				}
				var e *kyc.Error
				if s.n != tt.want || !errors.Is(err, tt.kind) || !errors.As(err, &e) || e.Attempts != tt.want {
					t.Errorf("%d requests, want %d; err %v", s.n, tt.want, err)
				}
				if strings.Contains(err.Error(), "hidden") || strings.Contains(err.Error(), "vendor.test") {
					t.Errorf("the text shows the URL: %v", err)
				}
			})
		})
	}
}

func TestLongRetryAfterReturnsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opt, s := stubbed(func(int, *http.Request) (*http.Response, error) { return reply(429, "", "Retry-After", "3600"), nil })
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt}})
		start := time.Now()
		_, err := c.Do(t.Context(), call)
		var e *kyc.Error
		if !errors.Is(err, kyc.ErrRateLimited) || !errors.As(err, &e) || e.RetryAfter != time.Hour || s.n != 1 || time.Since(start) != 0 {
			t.Errorf("%d requests in %v, err %v", s.n, time.Since(start), err)
		}
	})
}

func TestShortRetryAfterIsObeyed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opt, _ := stubbed(func(n int, _ *http.Request) (*http.Response, error) {
			if n == 1 {
				return reply(503, "", "Retry-After", "7"), nil
			}
			return reply(200, `{}`), nil
		})
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt}})
		start := time.Now()
		if _, err := c.Do(t.Context(), call); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(start); d < 7*time.Second || d > 8*time.Second {
			t.Errorf("waited %v, want about 7s", d)
		}
	})
}

// The end of a budget's window says nothing about a fault of the vendor's.
func TestResetHeaderDoesNotDelayFaults(t *testing.T) {
	for status, want := range map[int]int{500: 3, 502: 3, 503: 3, 429: 1} {
		synctest.Test(t, func(t *testing.T) {
			opt, s := stubbed(func(int, *http.Request) (*http.Response, error) {
				return reply(status, "", "X-RateLimit-Reset", "3600"), nil
			})
			c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt, kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 3})}})
			_, err := c.Do(t.Context(), call)
			var e *kyc.Error
			if !errors.As(err, &e) || s.n != want || (e.RetryAfter == time.Hour) != (status == 429) {
				t.Errorf("%d: %d requests, %v", status, s.n, err)
			}
		})
	}
}

func TestCancelEndsWaitAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opt, _ := stubbed(func(int, *http.Request) (*http.Response, error) { return reply(503, "", "Retry-After", "20"), nil })
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt}})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		start := time.Now()
		_, err := c.Do(ctx, call)
		if d := time.Since(start); d != 3*time.Second {
			t.Errorf("returned after %v", d)
		}
		var e *kyc.Error
		if !errors.Is(err, context.Canceled) || !errors.As(err, &e) || e.StatusCode != 503 || errors.Is(err, kyc.ErrUnavailable) {
			t.Errorf("err %v", err)
		}
	})
}

func TestWaitBeyondDeadlineIsNotBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opt, s := stubbed(func(int, *http.Request) (*http.Response, error) { return reply(429, "", "Retry-After", "20"), nil })
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt}})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.Do(ctx, call)
		var e *kyc.Error
		if !errors.As(err, &e) || e.RetryAfter != 20*time.Second || s.n != 1 || time.Since(start) != 0 {
			t.Errorf("%d requests in %v, err %v", s.n, time.Since(start), err)
		}
	})
}

func TestRepeatedDeleteThatFindsNothing(t *testing.T) {
	reset := &net.OpError{Op: "read", Err: syscall.ECONNRESET}
	refused := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	for _, tt := range []struct {
		method string
		first  any
		want   error
	}{
		{http.MethodDelete, 500, nil}, {http.MethodDelete, 504, nil}, {http.MethodDelete, reset, nil}, {http.MethodDelete, reply(503, "upstream connect error"), nil},
		{http.MethodDelete, 503, kyc.ErrNotFound}, {http.MethodDelete, 429, kyc.ErrNotFound}, {http.MethodDelete, refused, kyc.ErrNotFound},
		{http.MethodDelete, 404, kyc.ErrNotFound}, {http.MethodGet, 500, kyc.ErrNotFound}, {http.MethodPut, reset, kyc.ErrNotFound},
	} {
		synctest.Test(t, func(t *testing.T) {
			opt, _ := stubbed(func(n int, _ *http.Request) (*http.Response, error) {
				if err, ok := tt.first.(error); ok && n == 1 {
					return nil, err
				}
				if r, ok := tt.first.(*http.Response); ok && n == 1 {
					return r, nil
				}
				if n == 1 {
					return reply(tt.first.(int), `{"message":"busy"}`), nil
				}
				return reply(404, "gone"), nil
			})
			c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt}})
			call.Method = tt.method
			var out thing
			call.Out = &out
			if _, err := c.Do(t.Context(), call); !errors.Is(err, tt.want) {
				t.Errorf("%s after %v: %v", tt.method, tt.first, err)
			}
		})
	}
}

func TestBackoffGrowsWithJitter(t *testing.T) {
	st := &state{retry: kyc.RetryPolicy{}.OrDefaults()}
	for tries, want := range map[int]time.Duration{1: 500 * time.Millisecond, 2: time.Second, 3: 2 * time.Second, 5: 8 * time.Second, 50: 8 * time.Second} {
		seen := make(map[time.Duration]bool)
		for range 200 {
			d := st.pause(tries)
			if d > want || d < want/2-1 {
				t.Fatalf("try %d waits %v, want %v to %v", tries, d, want/2, want)
			}
			seen[d] = true
		}
		if len(seen) < 100 {
			t.Errorf("try %d: %d different waits of 200", tries, len(seen))
		}
	}
}

func TestOnceOnlyReaderIsSentOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opt, s := stubbed(func(int, *http.Request) (*http.Response, error) { return reply(503, ""), nil })
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt}})
		body, err := MultipartBody(Field{Name: "file", File: kyc.FileReader("a.jpg", "image/jpeg", strings.NewReader("abc"), 3)})
		if err != nil {
			t.Fatal(err)
		}
		call.Method, call.Body = http.MethodPut, body
		if _, err := c.Do(t.Context(), call); !errors.Is(err, kyc.ErrUnavailable) || s.n != 1 {
			t.Errorf("%d requests, err %v", s.n, err)
		}
	})
}
