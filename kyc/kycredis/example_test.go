package kycredis_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kycredis"
)

var (
	rdb = redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR"), ContextTimeoutEnabled: true, ReadTimeout: time.Second})
	key = []byte("0123456789abcdef0123456789abcdef") // in a program: from wherever it keeps its secrets
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

// A notice that reaches two servers is processed by one of them.
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
			return err // another process has it: hand it out again later
		case err != nil:
			return err
		case !first:
			return nil // already done
		}
		// The claim is settled even if the context has ended.
		settle := context.WithoutCancel(ctx)
		if err := work(ctx); err != nil {
			return errors.Join(err, seen.Release(settle, id))
		}
		return seen.Finish(settle, id)
	}
	_ = handle
}

// away is a Redis that is down, on loopback.
func away() *redis.Client {
	return redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", ContextTimeoutEnabled: true, DialerRetries: 1, MaxRetries: -1})
}

// The budget of one tenant, kept by all processes together: fifteen calls a second, and as many at once.
func ExampleNewLimiter() {
	limiter := kycredis.NewLimiter(rdb, "jumio:tenant-7", 15, 15)
	option := kyc.WithLimiter(limiter) // jumio.NewClient(config, option) waits before every attempt
	_ = option

	// Other work can draw on the same budget.
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	switch err := limiter.Wait(ctx); {
	case errors.Is(err, context.DeadlineExceeded):
		log.Print("the queue is longer than a second: try again later")
	case err != nil:
		log.Print("Redis is down: a call that cannot be counted does not go out")
	}
}

// Without Redis no call goes out, since nobody knows whether it is within the budget.
func ExampleNewLimiter_withoutRedis() {
	down := away()
	defer func() { _ = down.Close() }()
	err := kycredis.NewLimiter(down, "jumio:tenant-7", 15, 15).Wait(context.Background())
	fmt.Println(err != nil)
	// Output: true
}

// Without Redis no notice is processed: the vendor gets a 500 and sends it again.
func ExampleNewSeenStore_withoutRedis() {
	down := away()
	defer func() { _ = down.Close() }()
	notices := kyc.NoticeSourceFunc(func(*http.Request, []byte) (kyc.Event, error) { // in a program: jumio.Callbacks()
		return kyc.Event{Vendor: kyc.Jumio, ID: "n-1", Ref: kyc.Ref{Vendor: kyc.Jumio, Account: "a-1", Session: "w-1"}}, nil
	})
	work := func(context.Context, kyc.Event) error {
		fmt.Println("never")
		return nil
	}
	handler := kyc.Handler(notices, work, kyc.WithSeenStore(kycredis.NewSeenStore(down, "kyc:seen:", 72*time.Hour, time.Minute)))
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/notices/jumio", nil))
	fmt.Println(answer.Code)
	// Output: 500
}

// Tokens are sealed under your own key, whose length is checked at once.
func ExampleNewTokenStore() {
	_, err := kycredis.NewTokenStore(rdb, "kyc:token:", []byte("too short"))
	fmt.Println(errors.Is(err, kyc.ErrInvalid))
	tokens, err := kycredis.NewTokenStore(rdb, "kyc:token:", key)
	if err != nil {
		log.Fatal(err)
	}
	option := kyc.WithTokenStore(tokens) // for jumio.NewClient, transmit.NewClient, and yoti.NewClient with Bearer
	fmt.Println(option != nil)
	// Output:
	// true
	// true
}

// Without Redis each process fetches its own token: of the three, only this store fails open.
func ExampleNewTokenStore_withoutRedis() {
	down := away()
	defer func() { _ = down.Close() }()
	tokens, err := kycredis.NewTokenStore(down, "kyc:token:", key)
	if err != nil {
		log.Fatal(err)
	}
	_, _, found, err := tokens.LoadToken(context.Background(), "jumio https://auth.example/oauth2/token")
	fmt.Println(found, err != nil) // to the client both mean that there is no token here
	// Output: false true
}
