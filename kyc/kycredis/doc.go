// Package kycredis lets many processes act as one towards a vendor, through a
// Redis server that they share:
//
//   - [NewLimiter] keeps all of them together within the vendor's budget of calls,
//   - [NewSeenStore] lets a notice be processed by one of them, once,
//   - [NewTokenStore] shares access tokens, encrypted.
//
// It is a separate module with its own version tags, so that a program without
// Redis does not carry its client. Once its first version is tagged,
//
//	go get github.com/seed44d1d1b3/kyc-go/kyc/kycredis
//
// installs it.
//
// A server for one vendor's notices, of which there may be many:
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
// out, because nobody knows whether it is within the budget, and no notice is
// processed: the vendor gets a 500 and sends it again. Only the tokens fail open:
// each process fetches its own until Redis is back.
//
// A server that loses its memory, after a restart without persistence or a
// failover to a replica that lags behind, forgets the last calls and claims. The
// vendor may then see up to one burst too many, and a notice may be processed
// again, so the work should be of a kind that may be done twice: fetch the result
// and write it under the verification's own key. The processes' clocks need not
// agree; the limiter goes by the clock of Redis.
//
// Set ContextTimeoutEnabled in the options of the Redis client. Without it a call
// that has been sent to Redis ends when the client's timeouts say so, not with its
// context.
//
// # What is stored
//
// Keys consist of the prefix that you give and a digest or the name of a token
// endpoint. No value and no key holds personal data. Tokens are sealed with
// AES-GCM under your key.
package kycredis
