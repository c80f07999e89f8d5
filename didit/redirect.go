package didit

import (
	"fmt"
	"log/slog"
	"net/url"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Redirect is what the vendor appends to the callback when the browser returns.
// Anybody can make it up: fetch the result.
type Redirect struct {
	// Ref points at the session.
	Ref kyc.Ref
	// Status is how the session stood then.
	Status SessionStatus
}

// Format prints Ref and status only; see [kyc.FormatRedacted].
func (r Redirect) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, r) }

// LogValue logs Ref and status only; see [kyc.LogRedacted].
func (r Redirect) LogValue() slog.Value { return kyc.LogRedacted(r) }

// ParseRedirect reads the query of the URL that the browser came back to.
// Parameters of the caller's own are ignored. One of the vendor's that is given
// twice, or an id that no session can have, is an error matching
// [kyc.ErrMalformed].
//
// Whoever sits at the browser can put somebody else's id there: before you act,
// compare the Ref with the one that you stored for this login.
func ParseRedirect(query url.Values) (Redirect, error) {
	const (
		op            = "redirect.parse"
		session, word = "verificationSessionId", "status"
	)
	if len(query[session]) > 1 || len(query[word]) > 1 {
		return Redirect{}, kyc.Malformed(kyc.Didit, op, "a parameter is given twice", nil)
	}
	r := Redirect{Ref: kyc.Ref{Vendor: kyc.Didit, Session: query.Get(session)}, Status: SessionStatus(query.Get(word))}
	if !canonicalUUID(r.Ref.Session) {
		return Redirect{}, kyc.Malformed(kyc.Didit, op, "the session is missing, or is not a UUID in lower case with hyphens", nil)
	}
	return r, nil
}
