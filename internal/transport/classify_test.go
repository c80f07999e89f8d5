package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestErrorsFromAnyBody(t *testing.T) {
	tests := []struct {
		name          string
		status        int
		body          string
		kind          error
		code, message string
	}{
		{"HTML", 502, "<html><body>Jane Doe</body></html>", kyc.ErrUnavailable, "", ""},
		{"empty", 404, "", kyc.ErrNotFound, "", ""},
		{"message is a list", 400, `{"message":["Jane is wrong","too"],"error":"Bad Request"}`, kyc.ErrInvalid, "Bad Request", "Jane is wrong; too"},
		{"numeric code", 409, `{"code":40901,"message":"Jane"}`, kyc.ErrConflict, "40901", "Jane"},
		{"OAuth", 401, `{"error":"invalid_client","error_description":"Jane"}`, kyc.ErrUnauthorized, "invalid_client", "Jane"},
		{"problem", 403, `{"title":"Forbidden","status":403,"detail":"Jane"}`, kyc.ErrForbidden, "Forbidden", "Jane"},
		{"nested", 422, `{"error":{"code":"E1","message":"Jane"}}`, kyc.ErrInvalid, "E1", "Jane"},
		{"list", 400, `["Jane"]`, kyc.ErrInvalid, "", ""},
		{"person as code", 400, `{"code":"Jane Doe, 1990"}`, kyc.ErrInvalid, "Jane Doe, 1990", ""},
		{"gone", 410, `null`, kyc.ErrNotFound, "", ""},
		{"redirect", 301, ``, kyc.ErrMalformed, "", ""},
		{"teapot", 418, `"Jane"`, kyc.ErrInvalid, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, call := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Request-Id", "req-1")
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.body)
			}, Config{Options: []kyc.Option{kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1})}})
			_, err := c.Do(t.Context(), call)
			var e *kyc.Error
			if !errors.As(err, &e) || !errors.Is(err, tt.kind) {
				t.Fatalf("got %v", err)
			}
			got := []string{e.Code, e.Message, e.RequestID, e.Operation, string(e.Vendor), string(e.Body())}
			if diff := cmp.Diff([]string{tt.code, tt.message, "req-1", "things.get", "jumio", tt.body}, got); diff != "" {
				t.Error(diff)
			}
			for _, text := range []string{err.Error(), fmt.Sprintf("%v %+v %#v %s %q %x", e, e, e, e, e, e), fmt.Sprint(e.LogValue()), marshal(t, e)} {
				if strings.Contains(text, "Jane") || strings.Contains(text, "hidden") || strings.Contains(text, "127.0.0.1") {
					t.Errorf("text %q", text)
				}
			}
		})
	}
}

// A mistyped host, one that is out of reach and one that is not trusted ask for different remedies.
func TestErrorsWithoutAConnection(t *testing.T) {
	const dial, lookup = "the vendor's host could not be reached; nothing was sent", "the vendor's host name does not exist: check the region or base URL; nothing was sent"
	for _, tt := range []struct {
		name   string
		fault  error
		method string
		unsent bool
		text   string
	}{
		{"no such host", &net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}, http.MethodPost, true, lookup},
		{"no such host for a read", &net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}, http.MethodGet, false, "the vendor's host name does not exist: check the region or base URL"},
		{"no name server", &net.DNSError{IsTemporary: true}, http.MethodPost, true, dial},
		{"refused", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, http.MethodPost, true, dial},
		{"not trusted", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, http.MethodPost, true,
			"the vendor's host could not be trusted: check its certificate, the base URL and any proxy; nothing was sent"},
		{"no such proxy", &net.OpError{Op: "proxyconnect", Err: &net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}}, http.MethodPost, true,
			"the proxy could not be reached, or refused the connection; nothing was sent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opt, _ := stubbed(func(int, *http.Request) (*http.Response, error) { return nil, tt.fault })
			c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt, fast}})
			call.Method = tt.method
			if call.Method == http.MethodPost {
				call.Operation.Class = IfNotProcessed
			}
			_, err := c.Do(t.Context(), call)
			e, ok := errors.AsType[*kyc.Error](err)
			if !ok || !errors.Is(err, kyc.ErrUnavailable) || errors.Is(err, kyc.ErrNotSent) != tt.unsent {
				t.Fatalf("%v, marked as not sent: %v", err, errors.Is(err, kyc.ErrNotSent))
			}
			if diff := cmp.Diff(tt.text, e.Detail); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// traced is a key of the caller's context.
type traced struct{}

func TestLogHoldsTheAllowlistOnly(t *testing.T) {
	var out bytes.Buffer
	var seen []kyc.Observation
	status := 200
	c, call := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-Id", "Jane Doe")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"name":"Jane"}`)
	}, Config{Auth: StaticBearer("token-1"), Options: []kyc.Option{fast,
		kyc.WithLogger(slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))),
		kyc.WithObserver(func(ctx context.Context, o kyc.Observation) {
			if ctx.Value(traced{}) != "by the caller" {
				t.Error("the observer is not given the caller's context")
			}
			seen = append(seen, o)
		}),
	}})
	ctx := context.WithValue(t.Context(), traced{}, "by the caller")
	if _, err := c.Do(ctx, call); err != nil {
		t.Fatal(err)
	}
	status = 503
	_, _ = c.Do(ctx, call)
	for line := range strings.Lines(out.String()) {
		var rec map[string]any
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			t.Fatal(err)
		}
		for key := range rec {
			switch key {
			case "time", "level", "msg", "vendor", "operation", "attempts", "duration", "status", "request_id", "error":
			default:
				t.Errorf("logged %q", key)
			}
		}
	}
	if text := out.String(); strings.Contains(text, "Jane") || strings.Contains(text, "token-1") || strings.Contains(text, "hidden") || strings.Count(text, "\n") != 2 {
		t.Errorf("log:\n%s", text)
	}
	var got []string
	for _, o := range seen {
		got = append(got, fmt.Sprint(o.Operation, " ", o.Attempt, " ", o.Done, " ", o.StatusCode, " ", o.Err != nil))
	}
	want := []string{"things.get 1 false 200 false", "things.get 1 true 200 false"}
	for i := range 4 {
		want = append(want, fmt.Sprint("things.get ", i+1, " false 503 true"))
	}
	want = append(want, "things.get 4 true 503 true")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzDescribe(f *testing.F) {
	for _, s := range []string{`{"message":["a"]}`, `{"error":{"code":1}}`, `<html>`, ``, `[]`, `{"code":{"a":1}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		e := &kyc.Error{Vendor: kyc.Yoti, Operation: "x.y", StatusCode: 400, Kind: kyc.ErrInvalid}
		Describe(e, nil, body)
		if text := e.Error(); strings.ContainsAny(text, "\n\"<") {
			t.Errorf("text %q", text)
		}
	})
}
