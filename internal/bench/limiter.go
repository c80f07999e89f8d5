package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// queueing is a context that tells when a limiter first looks at it, which is when its caller queues.
type queueing struct {
	context.Context
	once   *sync.Once
	queued chan<- struct{}
}

// Done tells that the caller is about to wait.
func (q queueing) Done() <-chan struct{} {
	q.once.Do(func() { close(q.queued) })
	return q.Context.Done()
}

// grants is what a run of waiters gave.
type grants struct {
	last       time.Duration // from the first call to the last grant
	inversions int           // neighbours in the order of arrival that were served the other way round
}

// crowd lets n callers wait for l in a known order; the first cancelled of them give up after the given time.
func crowd(l kyc.Limiter, n, cancelled int, after time.Duration) (grants, error) {
	var (
		mu    sync.Mutex
		order []int
		fault error
		last  time.Time
		wg    sync.WaitGroup
	)
	// The first token is there at once; without it all callers queue.
	if err := l.Wait(context.Background()); err != nil {
		return grants{}, err
	}
	began := time.Now()
	gone, leave := context.WithCancel(context.Background())
	defer leave()
	for i := range n {
		ctx := context.Background()
		if i < cancelled {
			ctx = gone
		}
		queued := make(chan struct{})
		wg.Go(func() {
			err := l.Wait(queueing{ctx, new(sync.Once), queued})
			now := time.Now()
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				order, last = append(order, i), now
			case i >= cancelled || !errors.Is(err, context.Canceled):
				fault = errors.Join(fault, fmt.Errorf("caller %d: %w", i, err))
			}
		})
		<-queued
	}
	if cancelled > 0 {
		time.Sleep(time.Until(began.Add(after)))
		leave()
	}
	wg.Wait()
	g := grants{last: last.Sub(began)}
	for i := 1; i < len(order); i++ {
		if order[i] < order[i-1] {
			g.inversions++
		}
	}
	return g, fault
}

const (
	waiters   = 1000
	perSecond = 500
)

// countInversions returns how many of 1,000 waiters were served before one that had come earlier.
func countInversions() (float64, error) {
	g, err := crowd(kyc.NewLimiter(perSecond, 1), waiters, 0, 0)
	return float64(g.inversions), err
}

// cancelHalf returns how much later than ideal the last waiter is served when the first half gives up.
func cancelHalf() (float64, error) { return cancelHalfOf(kyc.NewLimiter(perSecond, 1)) }

// cancelHalfPlain is the same for the rate limiter that most programs use.
func cancelHalfPlain() (float64, error) { return cancelHalfOf(rate.NewLimiter(perSecond, 1)) }

func cancelHalfOf(l kyc.Limiter) (float64, error) {
	const after = 100 * time.Millisecond
	g, err := crowd(l, waiters, waiters/2, after)
	if err != nil {
		return 0, err
	}
	// Until the half left, the limiter served some of them; the other half then waits its full time.
	ideal := after + waiters/2*time.Second/perSecond
	return float64(g.last) / float64(ideal), nil
}

// manyWaiters returns how much later than ideal the last of 10,000 waiters at 5,000 a second is served.
func manyWaiters() (float64, error) {
	const n, rate = 10_000, 5_000
	g, err := crowd(kyc.NewLimiter(rate, 1), n, 0, 0)
	return float64(g.last) / float64(n*time.Second/rate), err
}

// limiterCost measures a limiter that has tokens left.
func limiterCost() *group {
	wait := func(l kyc.Limiter) func(int) {
		return func(n int) {
			for range n {
				must(l.Wait(context.Background()))
			}
		}
	}
	return &group{name: "Limiter/uncontended", cases: []benchCase{
		{name: "xrate", run: wait(rate.NewLimiter(1e9, 1e9))},
		{name: "sdk", run: wait(kyc.NewLimiter(1e9, 1e9))},
	}}
}
