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
type ReferenceSigner struct{ key []byte }

const (
	referenceKeyMin   = 16
	referenceMax      = 100
	referenceTagBytes = 32
	referenceLabel    = "kyc-go jumio reference v1\x00"
)

// NewReferenceSigner returns a signer with a key of at least 16 bytes.
func NewReferenceSigner(key kyc.Secret) (*ReferenceSigner, error) {
	if len(key) < referenceKeyMin {
		return nil, kyc.Invalid(kyc.Jumio, "reference.signer", "the key is shorter than 16 bytes")
	}
	return &ReferenceSigner{key: []byte(key.Reveal())}, nil
}

// Sign returns the reference with its HMAC, as in "onboarding-42.kX…". The
// result is 44 characters longer, and 100 are allowed in all.
func (s *ReferenceSigner) Sign(reference string) (string, error) {
	const op = "reference.sign"
	signed := reference + "." + s.tag(reference)
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

// Verify returns the reference without its HMAC. One that was not signed with
// the same key is an error matching [kyc.ErrUnauthorized].
func (s *ReferenceSigner) Verify(signed string) (string, error) {
	i := strings.LastIndexByte(signed, '.')
	if i <= 0 || !hmac.Equal([]byte(signed[i+1:]), []byte(s.tag(signed[:i]))) {
		return "", &kyc.Error{Vendor: kyc.Jumio, Operation: "reference.verify", Kind: kyc.ErrUnauthorized, Detail: "the reference does not carry the signature"}
	}
	return signed[:i], nil
}

func (s *ReferenceSigner) tag(reference string) string {
	mac := hmac.New(sha256.New, s.key)
	_, _ = mac.Write([]byte(referenceLabel + reference))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(make([]byte, 0, referenceTagBytes)))
}

// Format prints the type's name only.
func (s ReferenceSigner) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s ReferenceSigner) LogValue() slog.Value { return kyc.LogRedacted(s) }
