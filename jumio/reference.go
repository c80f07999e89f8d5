package jumio

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"strings"
	"unicode/utf8"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ReferenceSigner puts an HMAC behind a reference and checks it. The vendor
// echoes userReference in notices and details, and customerInternalReference in
// details and redirects: a signed one that comes back was made by the caller.
// Whoever has seen it can repeat it, so it replaces no signature of the message.
// A redirect shows the customerInternalReference to the browser; therefore the two
// are signed in their own ways, and neither passes for the other.
type ReferenceSigner struct{ key []byte }

const (
	referenceKeyMin   = 16
	referenceMax      = 100
	referenceTagBytes = 32
	// The labels keep a signature for one use from passing in the other.
	labelCustomer = "kyc-go jumio customerInternalReference v1\x00"
	labelUser     = "kyc-go jumio userReference v1\x00"
)

// NewReferenceSigner returns a signer with a key of at least 16 bytes.
func NewReferenceSigner(key kyc.Secret) (*ReferenceSigner, error) {
	if len(key) < referenceKeyMin {
		return nil, kyc.Invalid(kyc.Jumio, "reference.signer", "the key is shorter than 16 bytes")
	}
	return &ReferenceSigner{key: []byte(key.Reveal())}, nil
}

// Sign returns a CustomerInternalReference with its HMAC, as in
// "onboarding-42.kX…". The result is 44 characters longer, and 100 are allowed in
// all.
func (s *ReferenceSigner) Sign(reference string) (string, error) {
	return s.sign(labelCustomer, reference)
}

// SignUser is Sign for a UserReference. Keep the result out of the browser.
func (s *ReferenceSigner) SignUser(reference string) (string, error) {
	return s.sign(labelUser, reference)
}

func (s *ReferenceSigner) sign(label, reference string) (string, error) {
	const op = "reference.sign"
	signed := reference + "." + s.tag(label, reference)
	switch {
	case reference == "":
		return "", kyc.Invalid(kyc.Jumio, op, "the reference is empty")
	case !utf8.ValidString(reference) || strings.ContainsAny(reference, referenceForbidden):
		return "", kyc.Invalid(kyc.Jumio, op, "the reference has a character that the vendor forbids")
	case utf8.RuneCountInString(signed) > referenceMax:
		return "", kyc.Invalid(kyc.Jumio, op, "the signed reference is longer than 100 characters")
	}
	return signed, nil
}

// Verify returns what Sign signed, without the HMAC. A text that was not signed
// so with the same key is an error matching [kyc.ErrUnauthorized].
func (s *ReferenceSigner) Verify(signed string) (string, error) {
	return s.verify(labelCustomer, signed)
}

// VerifyUser is Verify for what SignUser signed.
func (s *ReferenceSigner) VerifyUser(signed string) (string, error) {
	return s.verify(labelUser, signed)
}

func (s *ReferenceSigner) verify(label, signed string) (string, error) {
	i := strings.LastIndexByte(signed, '.')
	if i <= 0 || !hmac.Equal([]byte(signed[i+1:]), []byte(s.tag(label, signed[:i]))) {
		return "", &kyc.Error{Vendor: kyc.Jumio, Operation: "reference.verify", Kind: kyc.ErrUnauthorized, Detail: "the reference does not carry the signature"}
	}
	return signed[:i], nil
}

func (s *ReferenceSigner) tag(label, reference string) string {
	mac := hmac.New(sha256.New, s.key)
	_, _ = mac.Write([]byte(label + reference))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(make([]byte, 0, referenceTagBytes)))
}

type userReferenceKey struct{}

// WithUserReferenceSigner has [Client.Start] sign the UserReference that it makes
// of the Reference, which may then have 56 characters, for notices that come in
// through [WithSignedUserReference]. It is an option for a client.
func WithUserReferenceSigner(signer *ReferenceSigner) kyc.Option {
	return func(s *kyc.Settings) { s.Set(userReferenceKey{}, signer) }
}

// userReference makes the UserReference of a start.
func (c *Client) userReference(reference string) (string, error) {
	const op = "start"
	signer, ok := c.http.Settings().Value(userReferenceKey{}).(*ReferenceSigner)
	if !ok {
		// The vendor allows for it what it allows for CustomerInternalReference, and more.
		return reference, nil
	}
	if _, err := signer.VerifyUser(reference); err == nil {
		return "", kyc.Invalid(kyc.Jumio, op, "Reference carries the signature of a UserReference, which the browser must not see")
	}
	signed, err := signer.SignUser(reference)
	if err != nil {
		return "", kyc.Invalid(kyc.Jumio, op, "Reference cannot be signed for UserReference: with its signature it must have at most 100 characters, and none of < > \" / ; ` %")
	}
	return signed, nil
}

// Format prints the type's name only.
func (s ReferenceSigner) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s ReferenceSigner) LogValue() slog.Value { return kyc.LogRedacted(s) }
