package kyc

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// Assurance says what a vendor's notice proves about its sender. A notice never
// decides: the fetched [Result] does.
type Assurance uint8

// The assurances.
const (
	// AssuranceNone: nothing is proved; anybody can send it.
	AssuranceNone Assurance = iota
	// AssuranceSharedSecret: the sender knows a secret that travels with the notice.
	AssuranceSharedSecret
	// AssuranceSigned: the sender signed this very notice and the moment of sending.
	AssuranceSigned
)

// String returns "none", "shared_secret" or "signed".
func (a Assurance) String() string {
	switch a {
	case AssuranceSharedSecret:
		return "shared_secret"
	case AssuranceSigned:
		return "signed"
	default:
		return "none"
	}
}

// Event is a vendor's notice that something happened to a verification.
type Event struct {
	// Vendor is who sent it, as far as Assurance goes.
	Vendor Vendor
	// Ref points to the verification; zero if the notice is about something else.
	Ref Ref
	// Type is the vendor's word for what happened.
	Type string
	// Status is the vendor's word for the state, if the notice has one.
	Status string
	// Assurance says what the notice proves.
	Assurance Assurance
	// OccurredAt is the vendor's time; zero if it does not say.
	OccurredAt time.Time
	// ID tells one notice from another and stays the same when a notice is sent again.
	ID string
	// Test is true if the vendor marks the notice as a test.
	Test bool
	// Raw is exactly what the vendor sent. It may hold personal data.
	Raw []byte
}

// Format prints the Ref and the assurance; see [FormatRedacted].
func (e Event) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, e) }

// LogValue logs the Ref and the assurance; see [LogRedacted].
func (e Event) LogValue() slog.Value { return LogRedacted(e) }

// NoticeSource reads one vendor's notices. The vendor packages have
// constructors for theirs. A source whose notices do not arrive by POST also has
// a method NoticeMethod() string, and one whose notices may be longer than 1 MiB a
// method MaxNotice() int64.
type NoticeSource interface {
	// ParseNotice verifies the request as far as the vendor allows and then parses body. r's own body has
	// already been read. A forged notice is an error matching [ErrUnauthorized], an unreadable one [ErrMalformed].
	ParseNotice(r *http.Request, body []byte) (Event, error)
}

// NoticeClaimer is a [NoticeSource] whose notices carry something that is good for
// one use only, as the state in a browser's return is. [Handler] calls ClaimNotice
// instead of ParseNotice, so that the use is not lost when the callback fails.
type NoticeClaimer interface {
	NoticeSource
	// ClaimNotice does what ParseNotice does, and keeps the notice from being used by anyone else meanwhile. If it
	// returns no error, settle is called once: with nil when the notice has been processed and must not be accepted
	// again, and with an error when it has not and may come again.
	ClaimNotice(r *http.Request, body []byte) (e Event, settle func(ctx context.Context, err error) error, err error)
}

// NoticeSourceFunc is a function that is a [NoticeSource].
type NoticeSourceFunc func(r *http.Request, body []byte) (Event, error)

// ParseNotice calls f.
func (f NoticeSourceFunc) ParseNotice(r *http.Request, body []byte) (Event, error) { return f(r, body) }
