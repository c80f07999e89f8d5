package yoti

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// AuthURL is the token endpoint of Yoti's central authentication.
const AuthURL = "https://auth.api.yoti.com/v1/oauth/token"

// Bearer makes the client authenticate by tokens of Yoti's central
// authentication instead of signing every request. The token is asked for with
// a JWT signed by the same key, cached, shared by all goroutines, and renewed
// before it ends or once after a refusal.
type Bearer struct {
	// Scopes are what the token may do; at least one. Experimental: the scope of identity verification is not
	// documented; idv:sessions has been seen in one example, so there is no default.
	Scopes []string
	// TokenURL is AuthURL where it is empty.
	TokenURL string
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (b Bearer) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, b) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (b Bearer) LogValue() slog.Value { return kyc.LogRedacted(b) }

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	// assertionLife is what the vendor's own SDKs use; the service takes half an hour at most.
	assertionLife = 5 * time.Minute
)

// assertion is the JWT that stands for the client.
type assertion struct {
	sdkID    string
	key      *rsa.PrivateKey
	audience string
	now      func() time.Time
}

func (a assertion) form() (url.Values, error) {
	token, err := a.sign()
	if err != nil {
		return nil, err
	}
	return url.Values{"client_assertion": {token}}, nil
}

// sign makes a JWT with PS384, the one algorithm that the service takes.
func (a assertion) sign() (string, error) {
	now := a.now()
	issuer := "sdk:" + a.sdkID
	claims, err := kyc.Marshal(struct {
		Issuer    string `json:"iss"`
		Subject   string `json:"sub"`
		Audience  string `json:"aud"`
		ID        string `json:"jti"`
		IssuedAt  int64  `json:"iat"`
		ExpiresAt int64  `json:"exp"`
	}{issuer, issuer, a.audience, newUUID(), now.Unix(), now.Add(assertionLife).Unix()})
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"alg":"PS384","typ":"JWT"}`)) + "." + encode(claims)
	digest := sha512.Sum384([]byte(text))
	signature, err := rsa.SignPSS(rand.Reader, a.key, crypto.SHA384, digest[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	if err != nil {
		return "", err
	}
	return text + "." + encode(signature), nil
}

// parse checks the settings and returns the token endpoint.
func (b *Bearer) parse() (*url.URL, error) {
	if len(b.Scopes) == 0 {
		return nil, invalid("client", "Bearer needs at least one scope")
	}
	for _, s := range b.Scopes {
		if s == "" || strings.ContainsAny(s, " \t\r\n") {
			return nil, invalid("client", "a scope of Bearer is empty or holds a space")
		}
	}
	text := b.TokenURL
	if text == "" {
		text = AuthURL
	}
	u, err := transport.ParseBase(text)
	if err != nil {
		return nil, invalid("client", "Bearer.TokenURL: "+err.Error())
	}
	return u, nil
}

func (b *Bearer) source(c *transport.Client, endpoint *url.URL, sdkID string, key *rsa.PrivateKey) *transport.TokenSource {
	claim := assertion{sdkID: sdkID, key: key, audience: endpoint.String(), now: time.Now}
	root := *endpoint
	root.Path, root.RawPath = "", ""
	return c.TokenSource(transport.ClientCredentials{
		Base: &root, Path: endpoint.EscapedPath(), ClientID: sdkID, Auth: transport.NoAuth,
		Form:   url.Values{"client_assertion_type": {assertionType}, "scope": {strings.Join(b.Scopes, " ")}},
		Assert: claim.form,
	})
}

func invalid(operation, detail string) *kyc.Error { return kyc.Invalid(kyc.Yoti, operation, detail) }
