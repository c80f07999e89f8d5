package transport

import (
	"context"
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Token is an access token and the moment at which it expires.
type Token struct {
	Value  string
	Expiry time.Time
}

const (
	// tokenFetchTimeout bounds one fetch with its repeats, whoever waits for it.
	tokenFetchTimeout = time.Minute
	// tokenEarly is how long before its expiry a token is renewed in the background, at most.
	tokenEarly = 5 * time.Minute
	// tokenSkew is how long before its expiry a token is no longer used, at most.
	tokenSkew = 15 * time.Second
	// tokenPause is the time between two tries to renew in the background: a vendor may hand out the same aged token again.
	tokenPause = 10 * time.Second
)

// TokenSource caches one token. Callers share one fetch, which has its own
// deadline; each waits on its own context. A token near its expiry stays in use
// while the next is fetched in the background.
type TokenSource struct {
	fetch   func(ctx context.Context) (Token, error)
	vendor  kyc.Vendor
	store   kyc.TokenStore // nil for none
	key     string
	current atomic.Pointer[cachedToken]

	mu      sync.Mutex
	flight  *flight
	refused string // the last token that the vendor refused
}

type cachedToken struct {
	value             string
	refresh, unusable time.Time    // from when it is renewed, from when it is not used
	lastTry           atomic.Int64 // to renew it, in Unix nanoseconds
}

type flight struct {
	done  chan struct{}
	token *cachedToken
	err   error
}

// NewTokenSource returns a source that gets its tokens from fetch.
func NewTokenSource(fetch func(ctx context.Context) (Token, error)) *TokenSource {
	return &TokenSource{fetch: fetch}
}

// Token returns a token that can be used now.
func (s *TokenSource) Token(ctx context.Context) (string, error) {
	now := time.Now()
	if t := s.current.Load(); t != nil && now.Before(t.unusable) {
		if !now.Before(t.refresh) {
			s.renew(ctx, t, now)
		}
		return t.value, nil
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	f := s.join(ctx)
	select {
	case <-f.done:
		if f.err != nil {
			return "", f.err
		}
		return f.token.value, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Invalidate drops the cached token if it is still the given one. A token that
// another caller has renewed in the meantime stays.
func (s *TokenSource) Invalidate(value string) {
	if t := s.current.Load(); t != nil && t.value == value {
		s.mu.Lock()
		s.refused = value
		s.mu.Unlock()
		s.current.CompareAndSwap(t, nil)
	}
}

// obtain asks the shared store before the vendor.
func (s *TokenSource) obtain(ctx context.Context) (token Token, fetched bool, err error) {
	if s.store != nil {
		if token, ok, err := s.load(ctx); ok || err != nil {
			return token, false, err
		}
	}
	token, err = s.fetch(ctx)
	return token, err == nil, err
}

// renew starts a fetch in the background, unless one was tried a moment ago.
func (s *TokenSource) renew(ctx context.Context, t *cachedToken, now time.Time) {
	last := t.lastTry.Load()
	if now.UnixNano()-last < int64(tokenPause) || !t.lastTry.CompareAndSwap(last, now.UnixNano()) {
		return
	}
	s.join(ctx)
}

// join returns the fetch under way, or starts one.
func (s *TokenSource) join(ctx context.Context) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flight != nil {
		return s.flight
	}
	f := &flight{done: make(chan struct{})}
	// A caller that comes just after a flight finds its token here.
	if t := s.current.Load(); t != nil && time.Now().Before(t.refresh) {
		f.token = t
		close(f.done)
		return f
	}
	s.flight = f
	go s.run(context.WithoutCancel(ctx), f)
	return f
}

// run gives all who wait their token before it is stored.
func (s *TokenSource) run(ctx context.Context, f *flight) {
	ctx, cancel := context.WithTimeout(ctx, tokenFetchTimeout)
	defer cancel()
	if token, fetched := s.fly(ctx, f); fetched && s.store != nil {
		s.save(ctx, token)
	}
}

// fly ends the flight, however the fetch ends.
func (s *TokenSource) fly(ctx context.Context, f *flight) (token Token, fetched bool) {
	f.err = &kyc.Error{Vendor: s.vendor, Operation: kyc.TokenOperation, Kind: kyc.ErrUnavailable, Detail: "runtime.Goexit ended the fetch of the token"}
	defer func() {
		if v := recover(); v != nil {
			f.err, fetched = s.panicked(v), false
		}
		s.mu.Lock()
		s.flight = nil
		s.mu.Unlock()
		close(f.done)
	}()
	token, fetched, f.err = s.obtain(ctx)
	if f.err == nil {
		f.token = newCachedToken(token, time.Now())
		if old := s.current.Load(); old != nil && old.value == token.Value {
			f.token.lastTry.Store(old.lastTry.Load())
		}
		s.current.Store(f.token)
	}
	return token, fetched
}

func newCachedToken(t Token, now time.Time) *cachedToken {
	expiry := t.Expiry
	// A token service may hand out an aged token with a fresh lifetime; the token itself knows better.
	// An expiry that has already passed only says that this machine's clock is wrong.
	if exp, ok := jwtExpiry(t.Value); ok && exp.After(now) && exp.Before(expiry) {
		expiry = exp
	}
	left := expiry.Sub(now)
	early := max(min(tokenEarly, left/5), 0)
	early -= time.Duration(rand.Int64N(int64(early)/8 + 1))
	return &cachedToken{value: t.Value, refresh: expiry.Add(-early), unusable: expiry.Add(-min(tokenSkew, left/20))}
}

// jwtExpiry reads the exp claim of a JWT, without any check of the token.
func jwtExpiry(token string) (time.Time, bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return time.Time{}, false
	}
	var claims struct {
		Exp float64 `json:"exp"`
	}
	if lax(payload, &claims) != nil || claims.Exp <= 0 || claims.Exp > 1<<40 {
		return time.Time{}, false
	}
	return time.Unix(int64(claims.Exp), 0), true
}
