package kyc

import (
	"context"
	"fmt"
	"sync/atomic"
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
	// Vendor and Name tell budgets apart, as in "jumio" and "retrieval". The vendor's page lists the names.
	Vendor Vendor
	Name   string
	// PerSecond and Burst are in the terms of [NewLimiter].
	PerSecond float64
	Burst     int
}

// LimiterFor returns the limiter of a budget: the caller's, or one for this
// process. Authors of a [Provider] ask it once for each client.
func (s Settings) LimiterFor(b Budget) Limiter {
	if s.Limiters != nil {
		if l := s.Limiters(b); l != nil {
			return l
		}
	}
	return NewLimiter(b.PerSecond, b.Burst)
}

// NewLimiter returns a Limiter for one process: perSecond calls a second, burst
// of them at once (at least one). Callers are served in their order, and one
// that gives up delays nobody behind it. It is meant for the rates of vendors, up
// to about a thousand a second. A wait that would outlast the
// context's deadline fails at once.
func NewLimiter(perSecond float64, burst int) Limiter {
	return &limiter{rate: rate.NewLimiter(rate.Limit(perSecond), max(burst, 1)), turn: make(chan struct{}, 1)}
}

// limiter lets only the head of the queue reserve from the rate limiter: a reservation that is
// cancelled behind others is lost there, one that is the newest is given back.
type limiter struct {
	rate    *rate.Limiter
	turn    chan struct{}
	waiting atomic.Int64
}

func (l *limiter) Wait(ctx context.Context) error {
	ahead := l.waiting.Add(1) - 1
	defer l.waiting.Add(-1)
	if deadline, ok := ctx.Deadline(); ok && l.rate.Limit() > 0 {
		earliest := time.Duration((float64(ahead) + 1 - l.rate.Tokens()) / float64(l.rate.Limit()) * float64(time.Second))
		if earliest > time.Until(deadline) {
			return fmt.Errorf("kyc: the wait for the rate limit would outlast the deadline: %w", context.DeadlineExceeded)
		}
	}
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-l.turn }()
	if err := l.rate.Wait(ctx); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("kyc: the wait for the rate limit would outlast the deadline: %w", context.DeadlineExceeded)
	}
	return nil
}
