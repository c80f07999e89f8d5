package transport

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ClientCredentials is an OAuth2 token endpoint and what it is asked.
type ClientCredentials struct {
	// Base and Path say where it is.
	Base *url.URL
	Path string
	// Auth carries the client's credentials, unless the form does.
	Auth Authorizer
	// Form is sent besides grant_type=client_credentials. Where Assert is set, its fields are added for each request.
	Form   url.Values
	Assert func() (url.Values, error)
	// ClientID names the client in the key of a shared token store; its digest is used. Without it no store is used: two
	// tenants must not get each other's tokens.
	ClientID string
	// Limiter is the vendor's budget for tokens.
	Limiter kyc.Limiter
}

// defaultTokenLife is used where an answer names no lifetime.
const defaultTokenLife = 5 * time.Minute

// TokenSource returns a source that fetches tokens through c.
func (c *Client) TokenSource(cc ClientCredentials) *TokenSource {
	s := NewTokenSource(func(ctx context.Context) (Token, error) { return c.fetchToken(ctx, cc) })
	if store := c.settings.TokenStore; store != nil && cc.ClientID != "" {
		// What was asked for tells tokens apart; a secret has no place in a key, not even in a digest.
		asked := url.Values{}
		for name, values := range cc.Form {
			if name != "client_secret" {
				asked[name] = values
			}
		}
		sum := sha256.Sum256([]byte(cc.ClientID + "\n" + asked.Encode()))
		s.store, s.key = store, string(c.vendor)+" "+origin(cc.Base)+cc.Base.Path+cc.Path+" "+hex.EncodeToString(sum[:12])
	}
	return s
}

func (c *Client) fetchToken(ctx context.Context, cc ClientCredentials) (Token, error) {
	const operation = "oauth2.token"
	form := url.Values{"grant_type": {"client_credentials"}}
	for name, values := range cc.Form {
		form[name] = values
	}
	if cc.Assert != nil {
		extra, err := cc.Assert()
		if err != nil {
			return Token{}, &kyc.Error{Vendor: c.vendor, Operation: operation, Kind: kyc.ErrInvalid, Err: err, Detail: "the client assertion could not be signed"}
		}
		for name, values := range extra {
			form[name] = values
		}
	}
	auth := cc.Auth
	if auth == nil {
		auth = NoAuth
	}
	var out struct {
		AccessToken string   `json:"access_token"`
		ExpiresIn   *float64 `json:"expires_in"`
		TokenType   string   `json:"token_type"`
	}
	asked := time.Now()
	answer, err := c.Do(ctx, Call{
		// A token is not a purchase: asking twice harms nobody.
		Operation: Operation{Name: operation, Class: Safe}, Method: http.MethodPost, Base: cc.Base, Path: cc.Path,
		Body: BytesBody("application/x-www-form-urlencoded", []byte(form.Encode())), Auth: auth, Limiter: cc.Limiter, Out: &out, MaxBody: 1 << 20,
	})
	if e := (*kyc.Error)(nil); errors.As(err, &e) && e.Kind == nil {
		// The deadline is the fetch's own, not one of the callers that wait for it.
		e.Kind, e.Err, e.Detail = kyc.ErrUnavailable, errAttemptTimeout, "no token came in time"
	}
	if err != nil {
		if e := (*kyc.Error)(nil); errors.As(err, &e) && errors.Is(err, kyc.ErrMalformed) {
			e.WithBody(nil) // it may hold a token all the same
		}
		return Token{}, err
	}
	if out.AccessToken == "" || strings.IndexFunc(out.AccessToken, notVisible) >= 0 || (out.TokenType != "" && !strings.EqualFold(out.TokenType, "bearer")) {
		e := answer.Malformed(c.vendor, operation, "the token endpoint's answer holds no bearer token")
		return Token{}, e.WithBody(nil) // it may hold a token all the same
	}
	life := defaultTokenLife
	if out.ExpiresIn != nil && *out.ExpiresIn > 0 && *out.ExpiresIn < maxWait.Seconds() {
		life = time.Duration(*out.ExpiresIn * float64(time.Second))
	}
	return Token{Value: out.AccessToken, Expiry: asked.Add(life)}, nil
}

// notVisible tells what cannot stand in a header's token.
func notVisible(r rune) bool { return r <= ' ' || r > '~' }
