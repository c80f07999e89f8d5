package kyc

import (
	"context"
	"time"
)

// TokenStore shares a vendor's access tokens between processes, so that they do
// not each fetch their own. Values are secrets: a store should encrypt them or be
// behind access control. Implementations are safe for use by many goroutines. An
// error from a store is not fatal: the token is then fetched from the vendor. So it
// is if a store has not answered after two seconds.
type TokenStore interface {
	// LoadToken returns the token stored under key and its expiry; ok is false if there is none.
	LoadToken(ctx context.Context, key string) (token Secret, expiry time.Time, ok bool, err error)
	// SaveToken stores a token until its expiry and replaces what is stored under key. It is called after the token is in use.
	SaveToken(ctx context.Context, key string, token Secret, expiry time.Time) error
}

// WithTokenStore shares access tokens through s. It is an option for a client,
// refused for a single call. The key consists of the vendor, the token endpoint and
// a digest of the client's id, and holds no secret.
func WithTokenStore(s TokenStore) Option {
	return func(set *Settings) {
		set.TokenStore = s
		set.given |= aClient
	}
}
