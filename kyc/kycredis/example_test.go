package kycredis_test

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kycredis"
)

var (
	rdb = redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR"), ContextTimeoutEnabled: true, ReadTimeout: time.Second})
	key = []byte("0123456789abcdef0123456789abcdef") // in a program: from where its secrets are kept
)

// The options fit the client of every vendor.
func Example() {
	tokens, err := kycredis.NewTokenStore(rdb, "kyc:token:", key)
	if err != nil {
		log.Fatal(err)
	}
	options := []kyc.Option{
		kyc.WithLimiter(kycredis.NewLimiter(rdb, "jumio", 15, 15)),
		kyc.WithTokenStore(tokens),
	}
	_ = options // jumio.NewClient(config, options...)
}

// A notice that reaches two servers is worked off by one of them.
func ExampleNewSeenStore() {
	seen := kycredis.NewSeenStore(rdb, "kyc:seen:", 72*time.Hour, time.Minute)
	var notices kyc.NoticeSource // jumio.Callbacks()
	work := func(context.Context, kyc.Event) error { return nil }
	http.Handle("POST /notices/jumio", kyc.Handler(notices, work, kyc.WithSeenStore(seen)))
}

// Work from a queue is claimed, done, and finished or released.
func ExampleSeenStore() {
	seen := kycredis.NewSeenStore(rdb, "kyc:seen:", 72*time.Hour, time.Minute)
	handle := func(ctx context.Context, id string, work func(context.Context) error) error {
		first, err := seen.Claim(ctx, id)
		switch {
		case errors.Is(err, kycredis.ErrClaimed):
			return err // another has it: hand it out again later
		case err != nil:
			return err
		case !first:
			return nil // done before
		}
		// The claim is settled even where the context has ended.
		settle := context.WithoutCancel(ctx)
		if err := work(ctx); err != nil {
			return errors.Join(err, seen.Release(settle, id))
		}
		return seen.Finish(settle, id)
	}
	_ = handle
}
