package kycredis

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// NewTokenStore returns a [kyc.TokenStore] that keeps tokens under prefix,
// sealed with AES-GCM under key (16, 24 or 32 random bytes) and bound to the name
// they are stored under, until they expire. The error matches [kyc.ErrInvalid].
//
// To change the key, just use the new one: tokens sealed under the old key cannot
// be read and are fetched again.
func NewTokenStore(rdb redis.UniversalClient, prefix string, key []byte) (kyc.TokenStore, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, kyc.Invalid("", "tokens.new", "the key must have 16, 24 or 32 bytes")
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, &kyc.Error{Operation: "tokens.new", Kind: kyc.ErrInvalid, Err: err, Detail: "AES-GCM is not available"}
	}
	return &tokenStore{rdb: rdb, prefix: prefix, aead: aead}, nil
}

type tokenStore struct {
	rdb    redis.UniversalClient
	prefix string
	aead   cipher.AEAD
}

var errSealed = errors.New("kycredis: the stored token was not sealed under this key and name")

// LoadToken implements [kyc.TokenStore].
func (s *tokenStore) LoadToken(ctx context.Context, key string) (kyc.Secret, time.Time, bool, error) {
	name := s.prefix + key
	sealed, err := s.rdb.Get(ctx, name).Bytes()
	if errors.Is(err, redis.Nil) {
		return "", time.Time{}, false, nil
	}
	if err != nil {
		return "", time.Time{}, false, fmt.Errorf("kycredis: load token: %w", err)
	}
	plain, err := s.aead.Open(nil, nil, sealed, []byte(name))
	if err != nil || len(plain) < 8 {
		return "", time.Time{}, false, errSealed
	}
	expiry := time.UnixMilli(int64(binary.BigEndian.Uint64(plain)))
	if !time.Now().Before(expiry) {
		return "", time.Time{}, false, nil
	}
	return kyc.Secret(plain[8:]), expiry, true, nil
}

// SaveToken implements [kyc.TokenStore].
func (s *tokenStore) SaveToken(ctx context.Context, key string, token kyc.Secret, expiry time.Time) error {
	name := s.prefix + key
	life := time.Until(expiry)
	if life < time.Millisecond {
		if err := s.rdb.Del(ctx, name).Err(); err != nil {
			return fmt.Errorf("kycredis: save token: %w", err)
		}
		return nil
	}
	plain := binary.BigEndian.AppendUint64(nil, uint64(expiry.UnixMilli()))
	plain = append(plain, token.Reveal()...)
	sealed := s.aead.Seal(nil, nil, plain, []byte(name)) //nolint:gosec // G407: this AEAD takes no nonce and makes a random one itself
	if err := s.rdb.Set(ctx, name, sealed, life).Err(); err != nil {
		return fmt.Errorf("kycredis: save token: %w", err)
	}
	return nil
}
