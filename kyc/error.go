package kyc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// What went wrong, for errors.Is. Every error of this module matches at most
// one of them; a cancelled or expired context matches [context.Canceled] or
// [context.DeadlineExceeded] instead.
var (
	// ErrNotFound: the vendor does not know the id, or has deleted what it named.
	ErrNotFound = errors.New("not found")
	// ErrUnauthorized: the credentials are wrong, expired or revoked.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden: the credentials are right and do not allow the call.
	ErrForbidden = errors.New("forbidden")
	// ErrInvalid: the request is wrong. Most such faults are found before anything is sent; then StatusCode is 0.
	ErrInvalid = errors.New("invalid request")
	// ErrConflict: the session's state does not allow the call now.
	ErrConflict = errors.New("conflict")
	// ErrRateLimited: too many calls. Error.RetryAfter says how long the vendor wants to be left alone, where it says so.
	ErrRateLimited = errors.New("rate limited")
	// ErrUnavailable: the vendor or the way to it failed. Whether a call that is not a read was carried out is then not known.
	ErrUnavailable = errors.New("unavailable")
	// ErrMalformed: the answer or notice is not what it claims to be: cut short, not JSON, a member twice, too long, forged.
	ErrMalformed = errors.New("malformed")
)

// ErrNotSent is matched, besides one of the kinds or the context's end, by the
// error of a call of which no byte went out: the limiter refused or failed, no
// token or signature was to be had, the context had ended before, or no attempt
// got a connection that could be used. It is a cause, in [Error.Err], and not
// printed. An error without it says nothing of the kind. The author of a
// [Provider] sets it only where that is known: [Uncertain] believes it.
var ErrNotSent = errors.New("not sent")

// Error is a failed call or a refused notice. Its text, its log form and its
// JSON form hold the vendor, the operation, the status, the vendor's code, the
// request id and the number of attempts, and nothing else of the answer.
type Error struct {
	// Vendor and Operation say what was tried, as in "jumio" and "accounts.create".
	Vendor    Vendor
	Operation string
	// Kind is one of this package's sentinels, or nil where the caller's context ended.
	Kind error
	// StatusCode is the HTTP status, 0 where there was no answer.
	StatusCode int
	// Code and Message are the vendor's own. Message may repeat input and is never printed.
	Code    string
	Message string
	// RequestID is the vendor's id of the exchange, for its support.
	RequestID string
	// RetryAfter is how long the vendor asks to be left alone; 0 where it does not say.
	RetryAfter time.Duration
	// Attempts counts the requests that were sent.
	Attempts int
	// Detail is this module's own sentence on what is wrong and what to do. It holds no value of a request or an answer.
	Detail string
	// Err is the cause, if any; its text is not printed, since net/http puts URLs into its errors.
	Err error

	body []byte
}

// Invalid returns an error that matches [ErrInvalid], for input that is refused
// before anything is sent. detail must not repeat the input.
func Invalid(vendor Vendor, operation, detail string) *Error {
	return &Error{Vendor: vendor, Operation: operation, Kind: ErrInvalid, Detail: detail}
}

// Malformed returns an error that matches [ErrMalformed], for an answer or
// notice that cannot be trusted. detail must not repeat its contents.
func Malformed(vendor Vendor, operation, detail string, cause error) *Error {
	return &Error{Vendor: vendor, Operation: operation, Kind: ErrMalformed, Detail: detail, Err: cause}
}

// KindOf returns the sentinel for an HTTP status that is not a success.
func KindOf(status int) error {
	switch {
	case status == 404 || status == 410:
		return ErrNotFound
	case status == 401:
		return ErrUnauthorized
	case status == 403:
		return ErrForbidden
	case status == 409:
		return ErrConflict
	case status == 429:
		return ErrRateLimited
	case status == 408 || status == 425 || status >= 500:
		return ErrUnavailable
	case status >= 400:
		return ErrInvalid
	default:
		return ErrMalformed
	}
}

// Is matches the sentinel in Kind.
func (e *Error) Is(target error) bool { return e.Kind != nil && e.Kind == target }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Body returns the vendor's answer as it came, cut at 1 MiB. It may hold
// personal data.
func (e *Error) Body() []byte { return e.body }

// WithBody keeps body for [Error.Body] and returns e.
func (e *Error) WithBody(body []byte) *Error {
	e.body = body
	return e
}

// Error returns one line that says what failed and what to do.
func (e *Error) Error() string {
	if e == nil {
		return "<nil>"
	}
	var b strings.Builder
	b.WriteString(plain(string(e.Vendor), "kyc"))
	if op := plain(e.Operation, ""); op != "" {
		b.WriteString(": " + op)
	}
	b.WriteString(": " + e.reason())
	var facts []string
	if e.StatusCode != 0 {
		facts = append(facts, "status "+strconv.Itoa(e.StatusCode))
	}
	if code := plain(e.Code, ""); code != "" {
		facts = append(facts, "code "+code)
	}
	if id := plain(e.RequestID, ""); id != "" {
		facts = append(facts, "request id "+id)
	}
	if e.Attempts > 1 {
		facts = append(facts, strconv.Itoa(e.Attempts)+" attempts")
	}
	if len(facts) > 0 {
		b.WriteString(" (" + strings.Join(facts, ", ") + ")")
	}
	if what := e.advice(); what != "" {
		b.WriteString(": " + what)
	}
	return b.String()
}

func (e *Error) reason() string {
	switch {
	case e.Kind != nil:
		return e.Kind.Error()
	case errors.Is(e.Err, context.Canceled):
		return context.Canceled.Error()
	case errors.Is(e.Err, context.DeadlineExceeded):
		return context.DeadlineExceeded.Error()
	default:
		return "failed"
	}
}

func (e *Error) advice() string {
	if e.Detail != "" {
		return e.Detail
	}
	//nolint:errorlint // Kind is a sentinel itself and wraps nothing.
	switch e.Kind {
	case ErrUnauthorized:
		return "check the credentials and the environment or region that they belong to"
	case ErrForbidden:
		return "check what the credentials may do"
	case ErrNotFound:
		return "check the id; the vendor may have deleted it"
	case ErrRateLimited:
		if e.RetryAfter > 0 {
			return "call again after " + e.RetryAfter.Round(time.Second).String()
		}
		return "call less often"
	case ErrUnavailable:
		return "try later; read before creating again"
	default:
		return ""
	}
}

// Format prints what Error returns, whatever the verb.
func (e Error) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, e.Error()) }

// LogValue returns the facts of the text as a group.
func (e Error) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("vendor", plain(string(e.Vendor), "")), slog.String("operation", plain(e.Operation, "")),
		slog.String("error", e.reason()), slog.Int("status", e.StatusCode), slog.String("code", plain(e.Code, "")),
		slog.String("request_id", plain(e.RequestID, "")), slog.Int("attempts", e.Attempts), slog.Duration("retry_after", e.RetryAfter),
	)
}

// MarshalJSON writes the facts of the text.
func (e Error) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Vendor     string `json:"vendor,omitzero"`
		Operation  string `json:"operation,omitzero"`
		Error      string `json:"error"`
		Status     int    `json:"status,omitzero"`
		Code       string `json:"code,omitzero"`
		RequestID  string `json:"request_id,omitzero"`
		Attempts   int    `json:"attempts,omitzero"`
		RetryAfter string `json:"retry_after,omitzero"`
	}{plain(string(e.Vendor), ""), plain(e.Operation, ""), e.reason(), e.StatusCode, plain(e.Code, ""), plain(e.RequestID, ""), e.Attempts, durationText(e.RetryAfter)})
}

func durationText(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// plain returns s where it can only be a name, a code or an id, else other. A vendor that puts a
// sentence or somebody's name where its code belongs must not reach a log.
func plain(s, other string) string {
	if len(s) == 0 || len(s) > 80 {
		return other
	}
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.' || c == ':' || c == '/') {
			return other
		}
	}
	return s
}

// SafeRequestID returns RequestID where it can only be an id, else "".
func (e *Error) SafeRequestID() string { return plain(e.RequestID, "") }
