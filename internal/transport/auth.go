package transport

import (
	"context"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Authorizer puts credentials on one attempt. It may change the header and the URL
// of the request, which belong to the attempt, and nothing else. It is asked only
// for URLs of the client's configured origins.
type Authorizer interface {
	Authorize(ctx context.Context, req *http.Request, body *Body) error
}

// Refresher is an Authorizer that can get another credential after a 401: Refused
// drops the one that req carried and reports whether another attempt makes sense.
type Refresher interface {
	Refused(req *http.Request) bool
}

// AuthorizerFunc is a function that is an [Authorizer].
type AuthorizerFunc func(ctx context.Context, req *http.Request, body *Body) error

// Authorize calls f.
func (f AuthorizerFunc) Authorize(ctx context.Context, req *http.Request, body *Body) error {
	return f(ctx, req, body)
}

// NoAuth sends no credential.
var NoAuth Authorizer = AuthorizerFunc(func(context.Context, *http.Request, *Body) error { return nil })

// HeaderAuth sends a secret in a header.
func HeaderAuth(name string, value kyc.Secret) Authorizer {
	return AuthorizerFunc(func(_ context.Context, req *http.Request, _ *Body) error {
		req.Header.Set(name, value.Reveal())
		return nil
	})
}

// StaticBearer sends one bearer token, which is not renewed.
func StaticBearer(token kyc.Secret) Authorizer {
	return HeaderAuth("Authorization", "Bearer "+token)
}

// BasicAuth sends a user name and password.
func BasicAuth(user string, password kyc.Secret) Authorizer {
	return AuthorizerFunc(func(_ context.Context, req *http.Request, _ *Body) error {
		req.SetBasicAuth(user, password.Reveal())
		return nil
	})
}

// Bearer sends the tokens of a source and renews them.
func Bearer(source *TokenSource) Authorizer { return bearer{source} }

type bearer struct{ source *TokenSource }

const bearerPrefix = "Bearer "

func (b bearer) Authorize(ctx context.Context, req *http.Request, _ *Body) error {
	token, err := b.source.Token(ctx)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", bearerPrefix+token)
	return nil
}

func (b bearer) Refused(req *http.Request) bool {
	header := req.Header.Get("Authorization")
	if len(header) <= len(bearerPrefix) {
		return false
	}
	b.source.Invalidate(header[len(bearerPrefix):])
	return true
}
