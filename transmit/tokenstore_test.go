package transmit_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

// tokenMap is a store that two clients share as two processes would.
type tokenMap struct {
	mu     sync.Mutex
	tokens map[string]kyc.Secret
	ends   map[string]time.Time
}

func (m *tokenMap) LoadToken(_ context.Context, key string) (kyc.Secret, time.Time, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	token, ok := m.tokens[key]
	return token, m.ends[key], ok, nil
}

func (m *tokenMap) SaveToken(_ context.Context, key string, token kyc.Secret, expiry time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tokens[key], m.ends[key] = token, expiry
	return nil
}

// The vendor asks callers not to fetch a token for each call; with a store, not for each process either.
func TestTokenIsSharedBetweenProcesses(t *testing.T) {
	for audiences, resource := range map[int]*string{1: nil, 2: new("https://activities.example")} {
		store := &tokenMap{tokens: map[string]kyc.Secret{}, ends: map[string]time.Time{}}
		var fakeOpts []transmittest.Option
		if resource != nil {
			fakeOpts = append(fakeOpts, transmittest.EventsResource(*resource))
		}
		_, fake := start(t, fakeOpts...)
		for range 3 {
			process := newClient(t, fake, kyc.WithTokenStore(store))
			if _, err := process.Sessions.Create(t.Context(), transmit.SessionRequest{}); err != nil {
				t.Fatal(err)
			}
			if err := process.Events.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		// A token of one audience must not be taken for one of the other.
		if n := fake.TokenFetches(); n != audiences || len(store.tokens) != audiences {
			t.Errorf("%d tokens fetched and %d stored by three processes, want %d", n, len(store.tokens), audiences)
		}
		for key := range store.tokens {
			if strings.Contains(key, transmittest.ClientID) || strings.Contains(key, transmittest.ClientSecret) {
				t.Error("the key of a stored token names its client")
			}
		}
	}
}

// Two tenants that share a store must not get each other's tokens.
func TestTokenIsOfItsOwnClient(t *testing.T) {
	store := &tokenMap{tokens: map[string]kyc.Secret{}, ends: map[string]time.Time{}}
	client, fake := startLoose(t)
	if _, err := newClient(t, fake, kyc.WithTokenStore(store)).Sessions.Create(t.Context(), transmit.SessionRequest{}); err != nil {
		t.Fatal(err)
	}
	cfg := fake.Config()
	cfg.ClientID = "another-tenant"
	other, err := transmit.NewClient(cfg, append(fake.Options(), kyc.WithTokenStore(store))...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Sessions.Create(t.Context(), transmit.SessionRequest{}); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("another tenant took the token: %v", err)
	}
	// Nor does a client without a store look into it.
	if _, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{}); err != nil || fake.TokenFetches() != 2 {
		t.Errorf("%v, %d tokens", err, fake.TokenFetches())
	}
}
