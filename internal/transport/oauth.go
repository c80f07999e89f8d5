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

// ClientCredentials is an OAuth2 token endpoint and what is sent to it.
type ClientCredentials struct {
	// Base and Path say where it is.
	Base *url.URL
	Path string
	// Auth carries the client's credentials, unless the form does.
	Auth Authorizer
	// Form is sent along with grant_type=client_credentials. If Assert is set, its fields are added to each request.
	Form   url.Values
	Assert func() (url.Values, error)
	// ClientID names the client in the key of a shared token store, by its digest. Without it no store is used, since two
	// tenants must not get each other's tokens.
	ClientID string
	// Limiter is the vendor's budget for tokens.
	Limiter kyc.Limiter
}

// defaultTokenLife is used if an answer names no lifetime.
const defaultTokenLife = 5 * time.Minute

// TokenSource returns a source that fetches tokens through c.
func (c *Client) TokenSource(cc ClientCredentials) *TokenSource {
	s := NewTokenSource(func(ctx context.Context) (Token, error) { return c.fetchToken(ctx, cc) })
	s.vendor = c.vendor
	if store := c.settings.TokenStore; store != nil && cc.ClientID != "" {
		// Tokens differ by what was asked for. A secret has no place in a key, not even as a digest.
		asked := url.Values{}
		for name, values := range cc.Form {
			if name != "client_secret" {
				asked[name] = values
			}
		}
		sum := sha256.Sum256([]byte(cc.ClientID + "\n" + asked.Encode()))
		s.store, s.key = store, string(c.vendor)+" "+Origin(cc.Base)+cc.Base.Path+cc.Path+" "+hex.EncodeToString(sum[:12])
	}
	return s
}

func (c *Client) fetchToken(ctx context.Context, cc ClientCredentials) (Token, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	for name, values := range cc.Form {
		form[name] = values
	}
	if cc.Assert != nil {
		extra, err := cc.Assert()
		if err != nil {
			return Token{}, &kyc.Error{Vendor: c.vendor, Operation: kyc.TokenOperation, Kind: kyc.ErrInvalid, Err: err, Detail: "the client assertion could not be signed"}
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
		// A token is not a purchase: asking for it twice does no harm.
		Operation: Operation{Name: kyc.TokenOperation, Class: Safe}, Method: http.MethodPost, Base: cc.Base, Path: cc.Path,
		Body: BytesBody("application/x-www-form-urlencoded", []byte(form.Encode())), Auth: auth, Limiter: cc.Limiter, Out: &out, MaxBody: 1 << 20,
		refine: tokenFault,
	})
	if err != nil {
		if e, ok := errors.AsType[*kyc.Error](err); ok {
			if e.Kind == nil {
				// The deadline is the fetch's own, not that of a caller that waits for it.
				e.Kind, e.Err, e.Detail = kyc.ErrUnavailable, errAttemptTimeout, "no token came in time"
			}
			if errors.Is(err, kyc.ErrMalformed) {
				e.WithBody(nil) // it may hold a token all the same
			}
		}
		return Token{}, err
	}
	if out.AccessToken == "" || strings.IndexFunc(out.AccessToken, notVisible) >= 0 || (out.TokenType != "" && !strings.EqualFold(out.TokenType, "bearer")) {
		e := answer.Malformed(c.vendor, kyc.TokenOperation, "the token endpoint's answer holds no bearer token")
		return Token{}, e.WithBody(nil) // it may hold a token all the same
	}
	life := defaultTokenLife
	if out.ExpiresIn != nil && *out.ExpiresIn > 0 && *out.ExpiresIn < maxWait.Seconds() {
		life = time.Duration(*out.ExpiresIn * float64(time.Second))
	}
	return Token{Value: out.AccessToken, Expiry: asked.Add(life)}, nil
}

// tokenFault makes what a token endpoint answers a fault of its own: a caller who asks for a session must not be told that
// the session is unknown or the request for it wrong. Wrong credentials may be a 400.
func tokenFault(e *kyc.Error) {
	//nolint:errorlint // Kind is a sentinel itself and wraps nothing.
	switch e.Kind {
	case kyc.ErrUnauthorized, kyc.ErrForbidden, kyc.ErrRateLimited, kyc.ErrUnavailable, kyc.ErrMalformed:
		return
	case kyc.ErrInvalid:
		if e.Code == "invalid_client" || e.Code == "unauthorized_client" {
			e.Kind = kyc.ErrUnauthorized
			return
		}
	}
	e.Kind, e.Detail = kyc.ErrUnavailable, "the token endpoint refused the request: check its address and what the client is set up for"
}

// notVisible reports whether a token in a header must not have the character.
func notVisible(r rune) bool { return r <= ' ' || r > '~' }
