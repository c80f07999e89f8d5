package kycredis

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// NewLimiter returns a [kyc.Limiter] whose budget is shared by all limiters with
// the same key on the same Redis: perSecond calls a second, burst of them at once
// (at least one). All should be given the same numbers; each applies its own. Use
// one key for each budget that the vendor grants, such as "jumio:tenant-7".
//
// The callers of one process are served in the order of arrival, and only the
// first of them asks Redis, so that a long queue costs no more than a short one.
// Between processes there is no order: whoever asks first after a call has become
// free gets it.
//
// A wait that would outlast the context's deadline fails at once with an error
// matching [context.DeadlineExceeded], even for callers that are already in the
// queue when that becomes clear. A caller that gives up costs the budget nothing.
//
// If Redis cannot be asked, Wait fails: it never lets a call pass uncounted. The
// error unwraps to that of the Redis client. With a rate that is not above zero, or
// infinite, Wait always fails, with an error matching [kyc.ErrInvalid].
func NewLimiter(rdb redis.UniversalClient, key string, perSecond float64, burst int) kyc.Limiter {
	l := &limiter{redis: redis_rate.NewLimiter(rdb), key: key}
	switch {
	case !(perSecond > 0): // NaN included
		l.broken = kyc.Invalid("", "limiter.new", "the rate is not above zero")
	case math.IsInf(perSecond, 1):
		l.broken = kyc.Invalid("", "limiter.new", "the rate is infinite: use no limiter")
	default:
		l.every = time.Duration(max(min(float64(time.Second)/perSecond, math.MaxInt64/2), float64(time.Microsecond)))
		l.limit = redis_rate.Limit{Rate: 1, Period: l.every, Burst: max(burst, 1)}
	}
	return l
}

// limiter lets only the head of this process's queue ask Redis.
type limiter struct {
	redis  *redis_rate.Limiter
	key    string
	limit  redis_rate.Limit
	every  time.Duration
	broken error

	mu    sync.Mutex
	queue []*caller // in the order of arrival; the first asks
	free  time.Time // before it Redis has nothing to give
}

type caller struct {
	deadline time.Time     // zero for none
	head     chan struct{} // closed when the caller has become the first
	late     chan struct{} // closed when its turn cannot come in time
	told     bool
}

// Wait implements [kyc.Limiter].
func (l *limiter) Wait(ctx context.Context) error {
	if l.broken != nil {
		return l.broken
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &caller{head: make(chan struct{}), late: make(chan struct{})}
	c.deadline, _ = ctx.Deadline()
	if !l.enter(c) {
		return errLate()
	}
	defer l.leave(c)
	select {
	case <-c.head:
	case <-c.late:
		return errLate()
	case <-ctx.Done():
		return ctx.Err()
	}
	return l.lead(ctx, c)
}

func errLate() error {
	return fmt.Errorf("kycredis: the wait for the rate limit would outlast the deadline: %w", context.DeadlineExceeded)
}

// enter puts c at the end of the queue, unless its turn would certainly come too late.
func (l *limiter) enter(c *caller) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := 0
	for _, other := range l.queue {
		if !other.told {
			before++
		}
	}
	if l.tooLate(c, before) {
		return false
	}
	l.queue = append(l.queue, c)
	if len(l.queue) == 1 {
		close(c.head)
	}
	return true
}

// tooLate reports whether a caller with that many of this process before it cannot be served in time. What other processes
// take can only make it later. If the moment at which a call becomes free has passed, nothing is known: calls may have been
// saved up.
func (l *limiter) tooLate(c *caller, before int) bool {
	if c.deadline.IsZero() || !l.free.After(time.Now()) {
		return false
	}
	return l.free.Add(time.Duration(before) * l.every).After(c.deadline)
}

// leave takes c out of the queue and lets the next one lead where c did.
func (l *limiter) leave(c *caller) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.queue, c)
	l.queue = slices.Delete(l.queue, i, i+1)
	if i == 0 && len(l.queue) > 0 {
		close(l.queue[0].head)
	}
}

// lead asks Redis until it grants a call.
func (l *limiter) lead(ctx context.Context, c *caller) error {
	for {
		l.mu.Lock()
		late, pause := l.tooLate(c, 0), time.Until(l.free)
		l.mu.Unlock()
		if late {
			return errLate()
		}
		if pause > 0 {
			// The processes should not all ask at the same moment, or the one nearest to Redis would always win.
			pause += rand.N(min(l.every/20, 10*time.Millisecond) + 1)
			if err := sleep(ctx, pause); err != nil {
				return err
			}
		}
		asked := time.Now()
		got, err := l.redis.Allow(ctx, l.key, l.limit)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("kycredis: Redis cannot be asked whether the rate limit allows the call, so it is not made: %w", err)
		}
		if got.Allowed > 0 {
			return nil
		}
		l.refused(asked.Add(max(got.RetryAfter, 100*time.Microsecond)))
	}
}

// refused remembers when the next call becomes free, and sends away those whose turn will come too late.
func (l *limiter) refused(free time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free = free
	before := 0
	for _, c := range l.queue {
		switch {
		case c.told:
		case before > 0 && l.tooLate(c, before):
			c.told = true
			close(c.late)
		default:
			before++
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
