package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
)

// fetcher hands out tokens of the given life, each after 20 ms, and counts them.
func fetcher(life time.Duration, fetches *atomic.Int64) *transport.TokenSource {
	return transport.NewTokenSource(func(ctx context.Context) (transport.Token, error) {
		n := fetches.Add(1)
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return transport.Token{}, ctx.Err()
		}
		return transport.Token{Value: "token-" + strconv.FormatInt(n, 10), Expiry: time.Now().Add(life)}, nil
	})
}

// tokenHits measures the path that nearly every call takes, by one and by many goroutines.
func tokenHits() *group {
	var fetches atomic.Int64
	source := fetcher(time.Hour, &fetches)
	take := func() {
		if _, err := source.Token(context.Background()); err != nil {
			panic(err)
		}
	}
	take()
	return &group{name: "Token/hit", cases: []benchCase{
		{name: "sdk", run: func(n int) {
			for range n {
				take()
			}
		}},
		{name: "sdk_1000_goroutines", least: 100_000, run: func(n int) { spread(1000, n, take) }},
	}}
}

// countFetches lets 1,000 goroutines use one source through two windows, of which the second begins when the vendor
// refuses the first's token, and returns the fetches for each window.
func countFetches() (float64, error) {
	const goroutines, windows = 1000, 2
	var fetches atomic.Int64
	source := fetcher(time.Hour, &fetches)
	for range windows {
		var (
			wg      sync.WaitGroup
			mu      sync.Mutex
			tokens  []string
			failure error
		)
		for range goroutines {
			wg.Go(func() {
				t, err := source.Token(context.Background())
				mu.Lock()
				defer mu.Unlock()
				tokens, failure = append(tokens, t), errors.Join(failure, err)
			})
		}
		wg.Wait()
		if failure != nil {
			return 0, failure
		}
		slices.Sort(tokens)
		if distinct := slices.Compact(tokens); len(distinct) != 1 {
			return 0, fmt.Errorf("%d tokens in one window", len(distinct))
		}
		source.Invalidate(tokens[0])
	}
	return float64(fetches.Load()) / windows, nil
}

// countHitAllocs returns the allocations of a call that finds its token in the cache.
func countHitAllocs() (float64, error) {
	var fetches atomic.Int64
	source := fetcher(time.Hour, &fetches)
	ctx := context.Background()
	if _, err := source.Token(ctx); err != nil {
		return 0, err
	}
	return testing.AllocsPerRun(1000, func() { _, _ = source.Token(ctx) }), nil
}

// timeToLeave returns how long after the end of its context the slowest of many waiters left a fetch that hangs, in
// milliseconds.
func timeToLeave() (float64, error) {
	hang := make(chan struct{})
	defer close(hang)
	source := transport.NewTokenSource(func(context.Context) (transport.Token, error) {
		<-hang
		return transport.Token{}, errors.New("late")
	})
	var late []float64
	for range 20 {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
		deadline, _ := ctx.Deadline()
		_, err := source.Token(ctx)
		late = append(late, float64(time.Since(deadline))/float64(time.Millisecond))
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			return 0, fmt.Errorf("a waiter got %w", err)
		}
	}
	return median(late), nil
}
