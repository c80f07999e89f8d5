package kyc

import (
	"fmt"
	"net/url"
	"strings"
)

// Ref points to one verification at one vendor. Its text form, as in
// "jumio:account/session" or "didit:session", can be stored and parsed; it
// holds ids only, no personal data.
type Ref struct {
	// Vendor is the vendor that holds the verification.
	Vendor Vendor
	// Account is the vendor's id of the person's account; only Jumio has one.
	Account string
	// Session is the vendor's id of the verification: Jumio's workflow execution, the others' session.
	Session string
}

// IsZero reports whether r points nowhere.
func (r Ref) IsZero() bool { return r == Ref{} }

// Validate checks that r names a verification of vendor v: its Vendor must be v,
// it must have a Session, and it must have an Account exactly if needAccount is
// set. The error is one of operation op, matches [ErrInvalid] and repeats no id.
func (r Ref) Validate(v Vendor, op string, needAccount bool) error {
	switch {
	case r.Vendor == "":
		return Invalid(v, op, "the Ref names no vendor")
	case r.Vendor != v:
		return Invalid(v, op, "the Ref is another vendor's")
	case r.Session == "":
		return Invalid(v, op, "the Ref names no session")
	case needAccount && r.Account == "":
		return Invalid(v, op, "the Ref needs an account")
	case !needAccount && r.Account != "":
		return Invalid(v, op, "the Ref names an account, which this vendor does not have")
	}
	return nil
}

// String returns the text form. The zero Ref is "".
func (r Ref) String() string {
	if r.IsZero() {
		return ""
	}
	if r.Account == "" {
		return escapeRef(string(r.Vendor)) + ":" + escapeRef(r.Session)
	}
	return escapeRef(string(r.Vendor)) + ":" + escapeRef(r.Account) + "/" + escapeRef(r.Session)
}

// escapeRef escapes the colon too, which is a separator here and needs no escape in a path.
func escapeRef(s string) string { return strings.ReplaceAll(url.PathEscape(s), ":", "%3A") }

// MarshalText writes the text form; it is also the JSON form.
func (r Ref) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the text form.
func (r *Ref) UnmarshalText(text []byte) error {
	ref, err := ParseRef(string(text))
	if err != nil {
		return err
	}
	*r = ref
	return nil
}

var (
	errRefForm   = fmt.Errorf("kyc: parse ref: want vendor:session or vendor:account/session: %w", ErrInvalid)
	errRefEscape = fmt.Errorf("kyc: parse ref: broken escape: %w", ErrInvalid)
)

// ParseRef reads the text form of a Ref, including one without a session
// ("jumio:account/"). An empty text is the zero Ref. The error matches [ErrInvalid]
// and does not repeat the text.
func ParseRef(text string) (Ref, error) {
	if text == "" {
		return Ref{}, nil
	}
	vendor, rest, ok := strings.Cut(text, ":")
	if !ok || vendor == "" {
		return Ref{}, errRefForm
	}
	account, session, ok := strings.Cut(rest, "/")
	if !ok {
		account, session = "", rest
	}
	if (ok && account == "") || strings.Contains(session, "/") {
		return Ref{}, errRefForm
	}
	parts := [3]string{vendor, account, session}
	for i, p := range parts {
		u, err := url.PathUnescape(p)
		if err != nil {
			return Ref{}, errRefEscape
		}
		parts[i] = u
	}
	return Ref{Vendor: Vendor(parts[0]), Account: parts[1], Session: parts[2]}, nil
}
