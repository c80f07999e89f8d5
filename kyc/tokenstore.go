package kyc

import (
	"context"
	"time"
)

// TokenStore shares a vendor's access tokens between processes, so that each
// does not fetch its own. Values are secrets: a store should encrypt them or
// stand behind access control. Implementations are safe for use by many
// goroutines; an error of theirs is not fatal, the token is then fetched.
type TokenStore interface {
	// LoadToken returns the token kept under key and its end; ok is false where there is none.
	LoadToken(ctx context.Context, key string) (token Secret, expiry time.Time, ok bool, err error)
	// SaveToken keeps a token until its end and replaces what stood under key.
	SaveToken(ctx context.Context, key string, token Secret, expiry time.Time) error
}

// WithTokenStore shares access tokens through s. It is an option for a client;
// for a single call it has no effect. The key names vendor, token endpoint and
// a digest of the client's id, never a secret.
func WithTokenStore(s TokenStore) Option { return func(set *Settings) { set.TokenStore = s } }
