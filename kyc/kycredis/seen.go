package kycredis

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ErrClaimed is matched by the error of [SeenStore.Claim] where somebody works
// on the id now. Whether that ends well is not known, so the notice must not be
// confirmed: [kyc.Handler] answers 500 and the vendor sends it again.
var ErrClaimed = errors.New("kycredis: somebody is working on it")

// SeenStore is a [kyc.SeenStore] that many processes share. An id is in one of
// three states:
//
//   - claimed: one process works on it. The claim is a lease that the process
//     renews for as long as the work takes; when the process dies, it runs out
//     and the next Claim gets the id.
//   - finished: it was worked off, and Claim returns false until the ttl ends.
//   - free: never seen, released, given up by a dead process or forgotten after
//     the ttl.
//
// [kyc.Handler] calls Claim before the callback, Finish after a success and
// Release after a failure. Call the three yourself where work is taken from a
// queue; every Claim that returned true must be followed by one of the others,
// or the lease is renewed for the life of the process.
//
// What it cannot do: a process that is halted or cut off from Redis for longer
// than its lease may find that another has taken the id over, and a process that dies
// between the work and Finish leaves work that is done again. Let the effect of
// the work carry a key of its own, such as the verification's Ref, under which
// a second one changes nothing.
type SeenStore struct {
	rdb        redis.UniversalClient
	prefix     string
	ttl, lease time.Duration

	mu     sync.Mutex
	claims map[string]string // Redis key to the mark of the claim, for work under way in this process; "" while Claim asks
	stop   chan struct{}     // ends the renewing goroutine; nil while there is none

	turn sync.Mutex // held while one claim is renewed: a release must not be undone by a renewal on its way
}

var _ kyc.SeenFinisher = (*SeenStore)(nil)

const (
	defaultTTL   = 72 * time.Hour
	defaultLease = time.Minute
	leastLease   = 30 * time.Millisecond
)

// NewSeenStore returns a store that keeps its ids under prefix: finished ones
// for ttl (72 hours where it is not above zero), those of a process that died
// for claimTTL (a minute). The ttl should be longer than the vendor repeats its
// notices, the claimTTL shorter than that by far, and several times as long as
// Redis may be out of reach. Work may take longer than claimTTL.
//
// Nothing needs to be closed: while no work is under way, no goroutine runs.
func NewSeenStore(rdb redis.UniversalClient, prefix string, ttl, claimTTL time.Duration) *SeenStore {
	if ttl <= 0 {
		ttl = defaultTTL
	}
	if claimTTL <= 0 {
		claimTTL = defaultLease
	}
	return &SeenStore{rdb: rdb, prefix: prefix, ttl: ttl, lease: max(claimTTL, leastLease), claims: make(map[string]string)}
}

// A value is "finished" or the mark of a claim. The scripts are safe to be sent again by the Redis client.
const finished = "finished"

var (
	// claimScript returns 1 for a claim, 0 for work that is done, -1 where another has it.
	claimScript = redis.NewScript(`
local held = redis.call('GET', KEYS[1])
if held == ARGV[3] then return 0 end
if held and held ~= ARGV[1] then return -1 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`)
	// renewScript also takes up again what has run out and nobody has taken.
	renewScript = redis.NewScript(`
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`)
	releaseScript = redis.NewScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`)
)

// key hides the id, which is as long as its sender likes, behind a digest.
func (s *SeenStore) key(id string) string {
	sum := sha256.Sum256([]byte(id))
	return s.prefix + hex.EncodeToString(sum[:])
}

// Claim takes id for the caller. It returns false where the work is done, and
// an error matching [ErrClaimed] where somebody, this process included, works
// on it now.
func (s *SeenStore) Claim(ctx context.Context, id string) (bool, error) {
	key, mark := s.key(id), rand.Text()
	s.mu.Lock()
	_, own := s.claims[key]
	if !own {
		// Taken here first: two callers of this process must not both come to hold what one of them releases.
		s.claims[key] = ""
	}
	s.mu.Unlock()
	if own {
		return false, ErrClaimed
	}
	got, err := claimScript.Run(ctx, s.rdb, []string{key}, mark, s.lease.Milliseconds(), finished).Int()
	if err == nil && got == 1 {
		s.hold(key, mark)
		return true, nil
	}
	s.forget(key)
	switch {
	case err != nil:
		// The claim may have been made although the answer was lost; it ends with its lease.
		return false, fmt.Errorf("kycredis: claim: %w", err)
	case got == 0:
		return false, nil
	default:
		return false, ErrClaimed
	}
}

// Release gives id up after a failure. It does nothing to an id that this store
// has not claimed, or has lost to another process.
func (s *SeenStore) Release(ctx context.Context, id string) error {
	key := s.key(id)
	s.turn.Lock()
	mark := s.forget(key)
	s.turn.Unlock()
	if mark == "" {
		return nil
	}
	if err := releaseScript.Run(ctx, s.rdb, []string{key}, mark).Err(); err != nil {
		return fmt.Errorf("kycredis: release: %w", err)
	}
	return nil
}

// Finish marks the work on id as done, for the ttl of the store. Where that
// fails the claim ends with its lease.
func (s *SeenStore) Finish(ctx context.Context, id string) error {
	key := s.key(id)
	// Renewing goes on until this is written, and then finds another value than its own.
	err := s.rdb.Set(ctx, key, finished, s.ttl).Err()
	s.forget(key)
	if err != nil {
		return fmt.Errorf("kycredis: finish: %w", err)
	}
	return nil
}

// forget takes a claim out of the renewed ones and returns its mark, if it had one.
func (s *SeenStore) forget(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	mark := s.claims[key]
	delete(s.claims, key)
	if len(s.claims) == 0 && s.stop != nil {
		close(s.stop)
		s.stop = nil
	}
	return mark
}

// hold has a claim renewed, by a goroutine that runs while there is any.
func (s *SeenStore) hold(key, mark string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.claims[key] = mark
	if s.stop != nil {
		return
	}
	stop := make(chan struct{})
	s.stop = stop
	go func() {
		every := time.NewTicker(s.lease / 3)
		defer every.Stop()
		for {
			select {
			case <-stop:
				return
			case <-every.C:
				s.renewAll()
			}
		}
	}()
}

// renewAll renews every claim once. A failure is made good at the next turn.
func (s *SeenStore) renewAll() {
	s.mu.Lock()
	keys := slices.Collect(maps.Keys(s.claims))
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), s.lease/3)
	defer cancel()
	for _, key := range keys {
		s.renew(ctx, key)
	}
}

func (s *SeenStore) renew(ctx context.Context, key string) {
	s.turn.Lock()
	defer s.turn.Unlock()
	s.mu.Lock()
	mark := s.claims[key]
	s.mu.Unlock()
	if mark != "" && ctx.Err() == nil {
		_ = renewScript.Run(ctx, s.rdb, []string{key}, mark, s.lease.Milliseconds()).Err()
	}
}
