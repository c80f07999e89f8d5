package kycredis_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kycredis"
)

func tokens(t *testing.T, rdb redis.UniversalClient, prefix string, key []byte) kyc.TokenStore {
	t.Helper()
	s, err := kycredis.NewTokenStore(rdb, prefix, key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newKey(n int) []byte {
	key := make([]byte, n)
	_, _ = rand.Read(key)
	return key
}

func TestTokenStore(t *testing.T) {
	rdb, _, kill := server(t)
	ctx := t.Context()
	for _, size := range []int{16, 24, 32} {
		key := newKey(size)
		name := "jumio https://auth/oauth2/token"
		a, b := tokens(t, rdb, "t:", key), tokens(t, rdb, "t:", bytes.Clone(key))
		if err := a.SaveToken(ctx, name, "SENTINEL-old", time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		expiry := time.Now().Add(time.Hour)
		if err := a.SaveToken(ctx, name, "SENTINEL", expiry); err != nil {
			t.Fatal(err)
		}
		token, end, ok, err := b.LoadToken(ctx, name)
		if token.Reveal() != "SENTINEL" || !end.Equal(expiry.Truncate(time.Millisecond)) || !ok || err != nil {
			t.Errorf("%d: LoadToken = %q, %v, %v, %v", size, token.Reveal(), end, ok, err)
		}
		sealed, err := rdb.Get(ctx, "t:"+name).Bytes()
		if err != nil || bytes.Contains(sealed, []byte("SENTINEL")) {
			t.Errorf("%d: stored %q, %v", size, sealed, err)
		}
		if life := rdb.PTTL(ctx, "t:"+name).Val(); life > time.Hour || life < 59*time.Minute {
			t.Errorf("%d: stored for %v", size, life)
		}
		// Not to be read with another key, under another name, or changed.
		if _, _, ok, err := tokens(t, rdb, "t:", newKey(size)).LoadToken(ctx, name); ok || err == nil {
			t.Errorf("%d: another key: %v, %v", size, ok, err)
		}
		rdb.Set(ctx, "t:other", sealed, time.Hour)
		if _, _, ok, err := a.LoadToken(ctx, "other"); ok || err == nil {
			t.Errorf("%d: another name: %v, %v", size, ok, err)
		}
		for _, bad := range [][]byte{{}, []byte("x"), sealed[:len(sealed)-1], append([]byte{sealed[0] ^ 1}, sealed[1:]...)} {
			rdb.Set(ctx, "t:"+name, bad, time.Hour)
			if _, _, ok, err := a.LoadToken(ctx, name); ok || err == nil {
				t.Errorf("%d: %d changed bytes: %v, %v", size, len(bad), ok, err)
			}
		}
	}
	s := tokens(t, rdb, "", newKey(32))
	if _, _, ok, err := s.LoadToken(ctx, "none"); ok || err != nil {
		t.Errorf("nothing stored: %v, %v", ok, err)
	}
	kill()
	if _, _, ok, err := s.LoadToken(ctx, "none"); ok || err == nil {
		t.Errorf("without Redis: %v, %v", ok, err)
	}
	if err := s.SaveToken(ctx, "none", "x", time.Now().Add(time.Hour)); err == nil {
		t.Error("saved without Redis")
	}
}

func TestTokenStoreEnds(t *testing.T) {
	rdb, _, _ := server(t)
	ctx := t.Context()
	s := tokens(t, rdb, "", newKey(32))
	if err := s.SaveToken(ctx, "k", "x", time.Now().Add(100*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	until(t, "the token has ended", func() bool {
		_, _, ok, err := s.LoadToken(ctx, "k")
		return !ok && err == nil
	})
	until(t, "Redis has forgotten it", func() bool { return rdb.Exists(ctx, "k").Val() == 0 })
	// A token that has ended replaces what stood there by nothing.
	if err := errors.Join(s.SaveToken(ctx, "k", "x", time.Now().Add(time.Hour)), s.SaveToken(ctx, "k", "y", time.Now().Add(-time.Second))); err != nil {
		t.Fatal(err)
	}
	if rdb.Exists(ctx, "k").Val() != 0 {
		t.Error("the ended token is still stored")
	}
}

func TestTokenStoreRefusesAKeyOfAnotherLength(t *testing.T) {
	for _, n := range []int{0, 15, 31, 64} {
		if s, err := kycredis.NewTokenStore(nil, "", make([]byte, n)); s != nil || !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%d bytes: %v, %v", n, s, err)
		}
	}
}
