package kyc

import (
	"net"
	"net/http"
	"syscall"
	"testing"
	"time"
)

// later is the error of a dial that was not the request's first.
type later struct{ error }

func (l later) Unwrap() error { return l.error }
func (later) SentBefore()     {}

func TestUncertainAfterAnAnswer(t *testing.T) {
	unavailable := func(status int, wait time.Duration, body string) *Error {
		e := &Error{Vendor: Didit, Operation: "sessions.create", Kind: ErrUnavailable, StatusCode: status, RetryAfter: wait}
		return e.WithBody([]byte(body))
	}
	dial := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	for name, tt := range map[string]struct {
		err  *Error
		want bool
	}{
		"503 of the vendor":          {unavailable(503, 0, ` {"message":"busy"}`), false},
		"503 that says when":         {unavailable(503, time.Second, "upstream connect error"), false},
		"503 of a gateway":           {unavailable(503, 0, "upstream connect error or disconnect/reset before headers"), true},
		"503 in HTML":                {unavailable(503, 0, "<html>{}</html>"), true},
		"503, empty":                 {unavailable(503, 0, ""), true},
		"503, half a document":       {unavailable(503, 0, `{"message":`), true},
		"503, a text":                {unavailable(503, 0, `"no healthy upstream"`), true},
		"500 in JSON":                {unavailable(500, time.Second, `{"message":"oops"}`), true},
		"429":                        {unavailable(http.StatusTooManyRequests, 0, ""), false},
		"dial":                       {&Error{Kind: ErrUnavailable, Err: dial}, false},
		"dial after a first sending": {&Error{Kind: ErrUnavailable, Err: later{dial}}, true},
	} {
		if got := Uncertain(tt.err); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
