// Package kycredis lets many processes act as one towards a vendor, through a
// Redis server that they share:
//
//   - [NewLimiter] keeps the vendor's budget of calls in sum,
//   - [NewSeenStore] lets a notice be worked off by one of them, once,
//   - [NewTokenStore] shares access tokens, encrypted.
//
// It is a module of its own, so that a program without Redis does not carry its
// client. Its versions have tags of their own; with the first of them
//
//	go get github.com/seed44d1d1b3/kyc-go/kyc/kycredis
//
// installs it.
//
// A server of one vendor's notices, of which there may be many:
//
//	rdb := redis.NewClient(&redis.Options{
//		Addr:                  os.Getenv("REDIS_ADDR"),
//		ContextTimeoutEnabled: true, // calls end with their context
//		ReadTimeout:           time.Second,
//	})
//	tokens, err := kycredis.NewTokenStore(rdb, "kyc:token:", key)
//	client, err := jumio.NewClient(config,
//		kyc.WithLimiters(func(b kyc.Budget) kyc.Limiter {
//			return kycredis.NewLimiter(rdb, "kyc:"+string(b.Vendor)+":"+b.Name, b.PerSecond, b.Burst)
//		}),
//		kyc.WithTokenStore(tokens))
//	seen := kycredis.NewSeenStore(rdb, "kyc:seen:", 72*time.Hour, time.Minute)
//	http.Handle("POST /notices/jumio", kyc.Handler(jumio.Callbacks(), work, kyc.WithSeenStore(seen)))
//
// # When Redis fails
//
// The limiter and the store of notices fail closed. Without Redis no call goes
// out, because none can be told to be within the budget, and no notice is
// worked off: the vendor gets a 500 and sends it again. Only the tokens fail
// open: each process fetches its own until Redis is back.
//
// A server that loses its memory, at a restart without persistence or a
// failover to a replica that lags, forgets the last calls and claims. The
// vendor may then see up to one burst too many and a notice may be worked off
// again, so work should be of the kind that may be done twice: fetch the
// result and write it under the verification's own key. The processes' clocks
// need not agree; the limiter goes by the clock of Redis.
//
// Set ContextTimeoutEnabled in the options of the Redis client. Without it a
// call that has been sent to Redis ends by the client's timeouts, not by its
// context.
//
// # What is stored
//
// Keys hold the prefix that you give and a digest or the name of a token
// endpoint. No value and no key holds personal data. Tokens are sealed with
// AES-GCM under your key.
package kycredis
