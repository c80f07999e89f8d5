package kyc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The kinds of failure, for errors.Is. Every error of this module matches at most
// one of them. If the context was cancelled or expired, the error matches
// [context.Canceled] or [context.DeadlineExceeded] instead.
var (
	// ErrNotFound: the vendor does not know the id, or has deleted what it named.
	ErrNotFound = errors.New("not found")
	// ErrUnauthorized: the credentials are wrong, expired or revoked.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden: the credentials are right but do not allow the call.
	ErrForbidden = errors.New("forbidden")
	// ErrInvalid: the request is wrong. Most such faults are found before anything is sent; then StatusCode is 0.
	ErrInvalid = errors.New("invalid request")
	// ErrConflict: the state of the session does not allow the call at the moment.
	ErrConflict = errors.New("conflict")
	// ErrRateLimited: too many calls. Error.RetryAfter says how long the vendor wants to be left alone, if it says so. With a
	// StatusCode of 0 it was not the vendor that refused: the client's own limiter would have let the call pass only after its
	// deadline, and the error matches [context.DeadlineExceeded] too.
	ErrRateLimited = errors.New("rate limited")
	// ErrUnavailable: the vendor or the way to it failed. Whether a call that is not a read was carried out is then unknown.
	ErrUnavailable = errors.New("unavailable")
	// ErrMalformed: the answer or notice is not what it claims to be: cut short, not JSON, a member given twice, too long, forged.
	ErrMalformed = errors.New("malformed")
)

// ErrNotSent is matched, in addition to one of the kinds or the context's error,
// by the error of a call of which no byte went out: the limiter refused or
// failed, no token or signature was available, the context had already ended, or
// no attempt got a usable connection. So is that of a call whose every request an
// HTTP/2 server declined to process. It is a cause, in [Error.Err], and is not
// printed. An error that does not match it may or may not have been sent. If you
// write a [Provider], set it only where this is known: [Uncertain] relies on it.
var ErrNotSent = errors.New("not sent")

// Error is a failed call or a refused notice. Its text, its log form and its
// JSON form hold the vendor, the operation, the kind of failure, the status, the
// vendor's code, the request id, the number of attempts, and one sentence of
// advice: Detail, or a general one for the kind. The log and JSON forms add
// RetryAfter. What is empty is left out, as is a code or request id that does
// not look like one. Nothing else of the answer is shown.
type Error struct {
	// Vendor and Operation say what was tried, as in "jumio" and "accounts.create".
	Vendor    Vendor
	Operation string
	// Kind is one of this package's sentinels, or nil if the caller's context ended.
	Kind error
	// StatusCode is the HTTP status, 0 if there was no answer.
	StatusCode int
	// Code and Message are the vendor's own. Message may repeat input and is never printed.
	Code    string
	Message string
	// RequestID is the vendor's id of the exchange, for questions to its support.
	RequestID string
	// RetryAfter is how long the vendor asks to be left alone; 0 if it does not say.
	RetryAfter time.Duration
	// Attempts counts the requests that were sent.
	Attempts int
	// Detail is this module's own sentence on what is wrong and what to do. It holds no value from a request or an answer.
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
	case status == http.StatusNotFound, status == http.StatusGone:
		return ErrNotFound
	case status == http.StatusUnauthorized:
		return ErrUnauthorized
	case status == http.StatusForbidden:
		return ErrForbidden
	case status == http.StatusConflict:
		return ErrConflict
	case status == http.StatusTooManyRequests:
		return ErrRateLimited
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status >= http.StatusInternalServerError:
		return ErrUnavailable
	case status >= http.StatusBadRequest:
		return ErrInvalid
	default:
		return ErrMalformed
	}
}

// Is matches the sentinel in Kind.
func (e *Error) Is(target error) bool { return e.Kind != nil && e.Kind == target }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Body returns the vendor's answer as it was received, cut at 1 MiB. It may hold
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
	if code := printableCode(e.Code); code != "" {
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
		return "check what the credentials are allowed to do"
	case ErrNotFound:
		return "check the id; the vendor may have deleted it"
	case ErrInvalid:
		if e.StatusCode != 0 {
			return "the vendor says what is wrong in Error.Message and Error.Body"
		}
		return ""
	case ErrRateLimited:
		if e.RetryAfter > 0 {
			return "call again after " + e.RetryAfter.Round(time.Second).String()
		}
		return "slow down"
	case ErrUnavailable:
		return "try again later, and check whether a create took effect before repeating it"
	default:
		return ""
	}
}

// Format prints what Error returns, whatever the verb.
func (e Error) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, e.Error()) }

// LogValue returns what the text says, and RetryAfter, as a group.
func (e Error) LogValue() slog.Value {
	said := []slog.Attr{
		slog.String("vendor", plain(string(e.Vendor), "")), slog.String("operation", plain(e.Operation, "")),
		slog.String("error", e.reason()), slog.Int("status", e.StatusCode), slog.String("code", printableCode(e.Code)),
		slog.String("request_id", plain(e.RequestID, "")), slog.Int("attempts", e.Attempts), slog.Duration("retry_after", e.RetryAfter),
		slog.String("detail", e.advice()),
	}
	all := said[:0]
	for _, attr := range said {
		switch attr.Value.String() {
		case "", "0", "0s":
		default:
			all = append(all, attr)
		}
	}
	return slog.GroupValue(all...)
}

// MarshalJSON writes what the text says, and RetryAfter.
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
		Detail     string `json:"detail,omitzero"`
	}{
		plain(string(e.Vendor), ""), plain(e.Operation, ""), e.reason(), e.StatusCode, printableCode(e.Code), plain(e.RequestID, ""), e.Attempts,
		durationText(e.RetryAfter), e.advice(),
	})
}

func durationText(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// plain returns s if it can only be a name, a code or an id, and other if not. What a vendor puts where its code belongs
// may be a sentence or somebody's name, which must not reach a log.
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

// printableCode returns s if it can only be a vendor's code: a word, or a number of up to five digits. A word with a number in it
// may be a date, or that of a document.
func printableCode(s string) string {
	digits, run, longest := 0, 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digits++
			run++
			longest = max(longest, run)
			continue
		case c == ':' || c == '/':
			return ""
		}
		run = 0
	}
	if digits == len(s) && digits <= 5 || longest < 3 && digits < 5 {
		return plain(s, "")
	}
	return ""
}

// SafeRequestID returns a vendor's request id if it can only be an id, and "" if
// not: what comes in a header may be anything, and request ids are logged.
func SafeRequestID(id string) string { return plain(id, "") }
