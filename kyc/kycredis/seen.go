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

// ErrClaimed is matched by the error of [SeenStore.Claim] if somebody is working
// on the id at the moment. Whether that will succeed is not known, so the notice
// must not be confirmed: [kyc.Handler] answers 500 and the vendor sends it again.
var ErrClaimed = errors.New("kycredis: somebody is already working on it")

// SeenStore is a [kyc.SeenStore] that many processes share. An id is in one of
// three states:
//
//   - claimed: one process is working on it. The claim is a lease that the process
//     renews for as long as the work takes. If the process dies, the lease expires
//     and the next Claim gets the id.
//   - finished: it has been processed, and Claim returns false until the ttl ends.
//   - free: never seen, released, claimed by a process that has died, or forgotten
//     after the ttl.
//
// [kyc.Handler] calls Claim before the callback, Finish after a success and
// Release after a failure. Call the three yourself if you take work from a queue;
// every Claim that returns true must be followed by one of the others, or the lease
// is renewed for the life of the process.
//
// What it cannot do: a process that is halted or cut off from Redis for longer than
// its lease may find that another has taken over the id, and if a process dies
// between the work and Finish, the work is done again. Give the effect of the work
// a key of its own, such as the verification's Ref, under which doing it twice
// changes nothing.
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

// NewSeenStore returns a store that keeps its ids under prefix: finished ones for
// ttl, those of a process that died for claimTTL. Zero or less stands for 72 hours
// and for one minute. The ttl should be longer than the time over which the vendor
// repeats a notice. The claimTTL should be much shorter than that, but several
// times as long as Redis may be out of reach. Work may take longer than claimTTL.
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

// A value is "finished" or the mark of a claim. The Redis client may safely send the scripts again.
const finished = "finished"

var (
	// claimScript returns 1 for a claim, 0 for work that is done, -1 if another has the claim.
	claimScript = redis.NewScript(`
local held = redis.call('GET', KEYS[1])
if held == ARGV[3] then return 0 end
if held and held ~= ARGV[1] then return -1 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`)
	// renewScript also takes back a claim that has expired and that nobody else has taken.
	renewScript = redis.NewScript(`
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`)
	releaseScript = redis.NewScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`)
)

// key replaces the id, which is as long as its sender likes, with a digest.
func (s *SeenStore) key(id string) string {
	sum := sha256.Sum256([]byte(id))
	return s.prefix + hex.EncodeToString(sum[:])
}

// Claim takes id for the caller. It returns false if the work is done, and an
// error matching [ErrClaimed] while somebody, this process included, is working on
// it.
func (s *SeenStore) Claim(ctx context.Context, id string) (bool, error) {
	key, mark := s.key(id), rand.Text()
	s.mu.Lock()
	_, own := s.claims[key]
	if !own {
		// Taken here first: two callers of this process must not both hold what one of them may release.
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

// Release frees id after a failure. It does nothing to an id that this store has
// not claimed, or has lost to another process.
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

// Finish marks the work on id as done, for the ttl of the store. If that fails, the
// claim ends with its lease.
func (s *SeenStore) Finish(ctx context.Context, id string) error {
	key := s.key(id)
	// The claim is renewed until this is written; a renewal that comes after it finds another value than its own and does nothing.
	err := s.rdb.Set(ctx, key, finished, s.ttl).Err()
	s.forget(key)
	if err != nil {
		return fmt.Errorf("kycredis: finish: %w", err)
	}
	return nil
}

// forget stops renewing a claim and returns its mark, if it had one.
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

// hold has a claim renewed, by a goroutine that runs as long as there are claims.
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

// renewAll renews every claim once. After a failure the next turn tries again.
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
