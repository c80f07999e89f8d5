package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A create is marked as not sent exactly where that is known, since the mark lets it be sent again.
func TestNotSentIsMarkedWhereItIsKnown(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	reset := &net.OpError{Op: "read", Err: syscall.ECONNRESET}
	down := errors.New("store is down")
	for _, tt := range []struct {
		name    string
		faults  []any // of the attempts, error or status; the last stays
		limiter []error
		auth    []error
		ended   bool
		method  string
		want    bool
		cause   error
	}{
		{name: "limiter fails", limiter: []error{down}, want: true, cause: down},
		{name: "limiter refuses", limiter: []error{context.DeadlineExceeded}, want: true, cause: context.DeadlineExceeded},
		{name: "limiter is cancelled", limiter: []error{context.Canceled}, want: true, cause: context.Canceled},
		{name: "limiter fails after a dial", faults: []any{refused}, limiter: []error{nil, down}, want: true, cause: down},
		{name: "limiter fails after a 503", faults: []any{503}, limiter: []error{nil, down}, cause: down},
		{name: "signature fails", auth: []error{down}, want: true, cause: down},
		{name: "signature fails after a 429", faults: []any{429}, auth: []error{nil, down}, cause: down},
		{name: "token fetch fails", auth: []error{&kyc.Error{Operation: "oauth2.token", Kind: kyc.ErrUnavailable, StatusCode: 500, Err: down}}, want: true, cause: down},
		{name: "context ended", ended: true, want: true, cause: context.Canceled},
		{name: "never dialled", faults: []any{refused}, want: true, cause: syscall.ECONNREFUSED},
		{name: "host not found", faults: []any{&net.DNSError{IsNotFound: true}}, want: true},
		{name: "proxy out of reach", faults: []any{&net.OpError{Op: "proxyconnect", Err: refused}}, want: true},
		{name: "not trusted", faults: []any{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}}, want: true},
		{name: "TLS garbage in the middle", faults: []any{tls.RecordHeaderError{Msg: "x"}}},
		{name: "dial after a 503", faults: []any{503, refused}, cause: syscall.ECONNREFUSED},
		{name: "connection reset", faults: []any{reset}, cause: syscall.ECONNRESET},
		{name: "answer cut", faults: []any{io.ErrUnexpectedEOF}, cause: io.ErrUnexpectedEOF},
		{name: "500", faults: []any{500}},
		{name: "503", faults: []any{503}},
		// net/http may have sent a read before the dial that failed.
		{name: "read never dialled", faults: []any{refused}, method: http.MethodGet, cause: syscall.ECONNREFUSED},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				at := func(script []error, n int) error {
					if len(script) == 0 {
						return nil
					}
					return script[min(n, len(script)-1)]
				}
				opt, s := stubbed(func(n int, _ *http.Request) (*http.Response, error) {
					if len(tt.faults) == 0 {
						t.Error("a request went out")
						return nil, io.EOF
					}
					if err, ok := tt.faults[min(n, len(tt.faults))-1].(error); ok {
						return nil, err
					}
					return reply(tt.faults[min(n, len(tt.faults))-1].(int), `{"message":"busy"}`), nil
				})
				waits, signs := 0, 0
				c, call := client(t, "https://vendor.test/v1", Config{
					Options: []kyc.Option{opt, kyc.WithLimiter(limiterFunc(func(context.Context) error { waits++; return at(tt.limiter, waits-1) }))},
					Auth:    AuthorizerFunc(func(context.Context, *http.Request, *Body) error { signs++; return at(tt.auth, signs-1) }),
				})
				call.Method, call.Operation.Class, call.Body = http.MethodPost, IfNotProcessed, BytesBody("text/plain", []byte("x"))
				if tt.method != "" {
					call.Method, call.Body = tt.method, nil
				}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if tt.ended {
					cancel()
				}
				_, err := c.Do(ctx, call)
				var e *kyc.Error
				if !errors.As(err, &e) || errors.Is(err, kyc.ErrNotSent) != tt.want || tt.want && kyc.Uncertain(err) {
					t.Errorf("%v, marked %v, uncertain %v, %d requests", err, errors.Is(err, kyc.ErrNotSent), kyc.Uncertain(err), s.n)
				}
				if tt.cause != nil && !errors.Is(err, tt.cause) || strings.Contains(err.Error(), kyc.ErrNotSent.Error()) {
					t.Errorf("the cause or the text was changed: %v", err)
				}
				for _, auth := range tt.auth {
					if errors.Is(auth, kyc.ErrNotSent) {
						t.Error("an error that other callers share was marked in place")
					}
				}
			})
		})
	}
}

// A certificate that is not trusted and a server without TLS end the handshake before the request is written.
func TestNotSentWhereNoHandshakeSucceeds(t *testing.T) {
	served := func(http.ResponseWriter, *http.Request) { t.Error("a request came in") }
	secure := httptest.NewUnstartedServer(http.HandlerFunc(served))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	open := httptest.NewServer(http.HandlerFunc(served))
	defer open.Close()
	for _, base := range []string{secure.URL, "https" + strings.TrimPrefix(open.URL, "http")} {
		c, call := client(t, base, Config{})
		call.Method, call.Operation.Class, call.Body = http.MethodPost, IfNotProcessed, BytesBody("text/plain", []byte("x"))
		if _, err := c.Do(t.Context(), call); !errors.Is(err, kyc.ErrUnavailable) || !errors.Is(err, kyc.ErrNotSent) || kyc.Uncertain(err) {
			t.Errorf("%s: %v", base, err)
		}
	}
}

// All who wait for a token share its fetch; what one call knows of itself must not stand in another's error.
func TestNotSentWhereTheTokenTakesTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opt, _ := stubbed(func(_ int, r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt}})
		c.UseAuth(Bearer(c.TokenSource(ClientCredentials{Base: call.Base, Path: "/token"})))
		call.Method, call.Operation.Class = http.MethodPost, IfNotProcessed
		for _, timeout := range []time.Duration{time.Second, time.Hour} {
			_, err := c.Do(t.Context(), call, kyc.WithAttemptTimeout(timeout))
			if !errors.Is(err, kyc.ErrUnavailable) || !errors.Is(err, kyc.ErrNotSent) || kyc.Uncertain(err) {
				t.Errorf("%v", err)
			}
		}
	})
}
