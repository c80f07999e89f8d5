package kyc

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Provider is one vendor in the shared terms. Every vendor's client is one.
// Implementations are safe for use by many goroutines. A Provider may also have a
// method PollSchedule() [Schedule], which [Wait] follows.
type Provider interface {
	// Vendor says which vendor it is.
	Vendor() Vendor
	// Start opens a verification, which costs money at most vendors. Anything in req that the vendor
	// cannot honour is an error matching [ErrInvalid].
	Start(ctx context.Context, req StartRequest) (*Session, error)
	// Fetch reads the verification and normalises it. A verification that is not finished is a Result
	// too, with [Pending]; only faults are errors.
	Fetch(ctx context.Context, ref Ref) (*Result, error)
	// Delete removes whatever the vendor allows to be removed; the vendor package says what remains.
	Delete(ctx context.Context, ref Ref) error
}

// StartRequest asks for a verification.
type StartRequest struct {
	// Reference is the caller's own id for it: required, 1 to 100 bytes, no personal data.
	Reference string
	// Workflow is the vendor's key for what is to be verified; empty for the client's default.
	Workflow string
	// RedirectURL is where the person returns to; empty for the vendor's default.
	RedirectURL string
	// NotifyURL is where the vendor sends its notices; empty for the URL set in its console.
	NotifyURL string
	// Locale is a BCP 47 tag such as "de" or "pt-BR"; empty for the vendor's choice.
	Locale string
	// Person is who is expected, for vendors that compare.
	Person *Person
	// Consent is what the person agreed to, for vendors that ask for it.
	Consent *Consent
	// TTL is how long the session may be used; 0 for the vendor's default.
	TTL time.Duration
	// Metadata is returned by vendors that keep it. It should hold no personal data.
	Metadata map[string]string
}

// Consent is a person's agreement to the processing of biometric data.
type Consent struct {
	// Obtained is true if it was given.
	Obtained bool
	// ObtainedAt is when it was given.
	ObtainedAt time.Time
	// IP is the person's address. Country (ISO 3166-1 alpha-3) and State are where the person was.
	IP      string
	Country string
	State   string
}

// Validate checks what must hold with every vendor. The error matches [ErrInvalid]
// and does not repeat values.
func (r StartRequest) Validate(vendor Vendor) error {
	const op = "start"
	switch {
	case r.Reference == "":
		return Invalid(vendor, op, "Reference is empty")
	case len(r.Reference) > 100:
		return Invalid(vendor, op, "Reference is longer than 100 bytes")
	case !utf8.ValidString(r.Reference) || strings.IndexFunc(r.Reference, unicode.IsControl) >= 0:
		return Invalid(vendor, op, "Reference has a control character or is not UTF-8")
	case r.TTL < 0:
		return Invalid(vendor, op, "TTL is negative")
	case r.RedirectURL != "" && !absoluteURL(r.RedirectURL):
		return Invalid(vendor, op, "RedirectURL is not an absolute http or https URL")
	case r.NotifyURL != "" && !absoluteURL(r.NotifyURL):
		return Invalid(vendor, op, "NotifyURL is not an absolute http or https URL")
	}
	return nil
}

func absoluteURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}

// Session is a verification that has been started.
type Session struct {
	// Ref points to it; store it.
	Ref Ref
	// URL is where to send the person, empty for flows without a hosted page. It opens the session without further proof.
	URL Secret
	// Token is the vendor's token for its web or mobile SDK.
	Token Secret
	// Reused is set if this Start opened nothing: the session was there before, and URL and Token may have expired.
	Reused bool
	// ExpiresAt is when URL and Token expire; zero if the vendor does not say.
	ExpiresAt time.Time
	// Raw is exactly what the vendor sent. It may hold tokens.
	Raw []byte
}

// Format prints the Ref only; see [FormatRedacted].
func (s Session) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, s) }

// LogValue logs the Ref only; see [LogRedacted].
func (s Session) LogValue() slog.Value { return LogRedacted(s) }

// Format prints the type's name only; see [FormatRedacted].
func (r StartRequest) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, r) }

// LogValue logs the type's name only; see [LogRedacted].
func (r StartRequest) LogValue() slog.Value { return LogRedacted(r) }

// Format prints the type's name only; see [FormatRedacted].
func (c Consent) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, c) }

// LogValue logs the type's name only; see [LogRedacted].
func (c Consent) LogValue() slog.Value { return LogRedacted(c) }
