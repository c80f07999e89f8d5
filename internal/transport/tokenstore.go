package transport

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// storeTimeout bounds each use of a token store: without it a token costs one request.
const storeTimeout = 2 * time.Second

// load asks the shared store. A token that was refused, or that is due for renewal, is not taken from there; a store that fails
// or does not answer is one that has none.
func (s *TokenSource) load(ctx context.Context) (token Token, ok bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	type answer struct {
		token    Token
		ok       bool
		panicked error
	}
	answers := make(chan answer, 1)
	go func() { // a store need not heed its context
		var a answer
		defer func() {
			if v := recover(); v != nil {
				a = answer{panicked: s.panicked(v)}
			}
			answers <- a
		}()
		value, expiry, found, err := s.store.LoadToken(ctx, s.key)
		a = answer{token: Token{Value: value.Reveal(), Expiry: expiry}, ok: found && err == nil}
	}()
	var a answer
	select {
	case a = <-answers:
	case <-ctx.Done():
		return Token{}, false, nil
	}
	s.mu.Lock()
	refused := s.refused
	s.mu.Unlock()
	current := s.current.Load()
	ok = a.ok && a.token.Value != "" && a.token.Value != refused && (current == nil || current.value != a.token.Value) &&
		time.Now().Before(newCachedToken(a.token, time.Now()).unusable)
	return a.token, ok, a.panicked
}

// save keeps a token for other processes. Without the store each fetches its own, which costs more but is not wrong.
func (s *TokenSource) save(ctx context.Context, t Token) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	defer func() { _ = recover() }() // nobody waits for this; the next load shows what is wrong with the store
	_ = s.store.SaveToken(ctx, s.key, kyc.Secret(t.Value), t.Expiry)
}

// panicked makes an error of a panic in what is the caller's: the goroutine that fetches is nobody's who could recover it.
func (s *TokenSource) panicked(value any) error {
	return &kyc.Error{
		Vendor: s.vendor, Operation: kyc.TokenOperation, Kind: kyc.ErrUnavailable, Err: &panicError{value, debug.Stack()},
		Detail: "the fetch of the token panicked; Error.Err says where",
	}
}

type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v\n\n%s", e.value, e.stack) }
