package kyc

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter spends a budget of calls: Wait returns when the next one may go out,
// or with an error when ctx ends first. A *rate.Limiter fits, and so does one
// that many processes share.
type Limiter interface {
	Wait(ctx context.Context) error
}

// Budget is one of the rates that a vendor publishes, for [WithLimiters].
type Budget struct {
	// Vendor and Name tell budgets apart, as in "jumio" and "retrieval".
	Vendor Vendor
	Name   string
	// PerSecond and Burst mean what they mean to [NewLimiter].
	PerSecond float64
	Burst     int
}

// LimiterFor returns the limiter of a budget: the caller's, or one for this
// process. A [Provider] calls it once for each client.
func (s Settings) LimiterFor(b Budget) Limiter {
	if s.Limiters != nil {
		if l := s.Limiters(b); l != nil {
			return l
		}
	}
	return NewLimiter(b.PerSecond, b.Burst)
}

// NewLimiter returns a Limiter for one process: perSecond calls a second, burst
// of them at once (at least one). Callers are served in the order of arrival, and
// one that gives up delays nobody behind it. It is meant for the rates of vendors,
// up to about a thousand a second; [math.Inf] lets everything pass. A wait that
// would outlast the context's deadline fails at once. With a rate that is not above
// zero every wait fails, with an error matching [ErrInvalid].
func NewLimiter(perSecond float64, burst int) Limiter {
	if !(perSecond > 0) { // NaN included
		return brokenLimiter{Invalid("", "limiter.new", "the rate is not above zero")}
	}
	return &limiter{rate: rate.NewLimiter(min(rate.Limit(perSecond), rate.Inf), max(burst, 1)), turn: make(chan struct{}, 1)}
}

// brokenLimiter stands for a rate that nobody could keep.
type brokenLimiter struct{ err error }

// Wait implements [Limiter].
func (l brokenLimiter) Wait(context.Context) error { return l.err }

// limiter lets only the head of the queue reserve from the rate limiter. There, a reservation that is
// cancelled while others stand behind it is lost; only the newest is given back.
type limiter struct {
	turn chan struct{}

	mu     sync.Mutex
	rate   *rate.Limiter
	queued int // callers without a reservation
}

var errTooLate = fmt.Errorf("kyc: the wait for the rate limit would outlast the deadline: %w", context.DeadlineExceeded)

// Wait implements [Limiter].
func (l *limiter) Wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !l.enter(ctx) {
		return errTooLate
	}
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		l.mu.Lock()
		l.queued--
		l.mu.Unlock()
		return ctx.Err()
	}
	defer func() { <-l.turn }()
	l.mu.Lock()
	l.queued--
	r := l.rate.Reserve()
	l.mu.Unlock()
	delay := r.Delay()
	if delay <= 0 {
		return nil
	}
	if deadline, ok := ctx.Deadline(); ok && delay > time.Until(deadline) {
		r.Cancel()
		return errTooLate
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		r.Cancel()
		return ctx.Err()
	}
}

// enter takes a place in the queue, unless it is clear that its turn would come too late. The head of the queue has its
// reservation, which the tokens show; those behind it have none yet.
func (l *limiter) enter(ctx context.Context) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if deadline, ok := ctx.Deadline(); ok && l.rate.Limit() != rate.Inf {
		missing := float64(l.queued) + 1 - l.rate.Tokens()
		if missing/float64(l.rate.Limit()) > time.Until(deadline).Seconds() {
			return false
		}
	}
	l.queued++
	return true
}
