package kycredis_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kycredis"
)

// within fails where the calls at the given times were more than a budget allows: in any stretch of time no more than the
// burst and what comes in by the rate. slack is for the delay between the grant and the note of its time.
func within(t *testing.T, times []time.Time, perSecond float64, burst int, slack time.Duration) {
	t.Helper()
	slices.SortFunc(times, time.Time.Compare)
	for i := range times {
		for j := i; j < len(times); j++ {
			span := times[j].Sub(times[i])
			if allowed := float64(burst) + perSecond*(span+slack).Seconds(); float64(j-i+1) > allowed+1 {
				t.Fatalf("%d calls within %v, the budget is %v a second and %d at once", j-i+1, span, perSecond, burst)
			}
		}
	}
}

func TestLimiterKeepsTheBudgetOfTwoProcesses(t *testing.T) {
	_, addr, _ := server(t)
	const perSecond, burst, each = 40, 4, 30
	began := time.Now()
	var children []*process
	for range 2 {
		children = append(children, start(t, "limiter", addr, "CALLS="+strconv.Itoa(each)))
	}
	var times []time.Time
	for i, child := range children {
		for range each {
			line := child.line()
			nanos, err := strconv.ParseInt(line, 10, 64)
			if err != nil {
				t.Fatalf("process %d printed %q", i, line)
			}
			times = append(times, time.Unix(0, nanos))
		}
		if err := child.cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	within(t, times, perSecond, burst, 300*time.Millisecond)
	// Each process by itself would be done in half of that.
	if least, took := time.Duration(float64(2*each-burst)/perSecond*float64(time.Second)), times[len(times)-1].Sub(began); took < least {
		t.Errorf("%d calls took %v, the budget allows them in %v", 2*each, took, least)
	}
	t.Logf("%d calls of two processes in %v", len(times), time.Since(began))
}

func playLimiter(ctx context.Context, rdb redis.UniversalClient) error {
	calls, err := strconv.Atoi(os.Getenv("CALLS"))
	if err != nil {
		return err
	}
	l := kycredis.NewLimiter(rdb, "shared", 40, 4)
	failed := make(chan error, calls)
	var mu sync.Mutex
	for range calls {
		go func() {
			err := l.Wait(ctx)
			mu.Lock()
			fmt.Println(time.Now().UnixNano())
			mu.Unlock()
			failed <- err
		}()
	}
	for range calls {
		if err := <-failed; err != nil {
			return err
		}
	}
	return nil
}

func TestLimiterServesInOrder(t *testing.T) {
	rdb, _, _ := server(t)
	l := kycredis.NewLimiter(rdb, t.Name(), 200, 1)
	if err := l.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var order []int
	var wg sync.WaitGroup
	for i := range 40 {
		in := make(chan struct{})
		wg.Go(func() {
			if err := l.Wait(entering{t.Context(), sync.OnceFunc(func() { close(in) })}); err != nil {
				t.Error(err)
			}
			mu.Lock()
			order = append(order, i)
			mu.Unlock()
		})
		<-in
	}
	wg.Wait()
	if !slices.IsSorted(order) {
		t.Errorf("served in the order %v", order)
	}
}

// entering tells when a caller is in the queue: it then looks at the end of its context.
type entering struct {
	context.Context
	entered func()
}

func (e entering) Done() <-chan struct{} {
	e.entered()
	return e.Context.Done()
}

func TestLimiterRefusesWhatCannotBeInTime(t *testing.T) {
	rdb, _, _ := server(t)
	l := kycredis.NewLimiter(rdb, t.Name(), 0.1, 1)
	if err := l.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	// A call becomes free every ten seconds: of ten callers with 28 seconds two may wait and eight need not.
	ctx, cancel := context.WithTimeout(t.Context(), 28*time.Second)
	defer cancel()
	began := time.Now()
	failed := make(chan error)
	for range 10 {
		go func() { failed <- l.Wait(ctx) }()
	}
	for range 8 {
		if err := <-failed; !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 8*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	}
	// A caller that comes later is told at once, too.
	short, stop := context.WithTimeout(t.Context(), 5*time.Second)
	defer stop()
	if err := l.Wait(short); !errors.Is(err, context.DeadlineExceeded) || short.Err() != nil {
		t.Errorf("%v after %v", err, time.Since(began))
	}
	cancel()
	for range 2 {
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	}
}

func TestLimiterCancelledCallersCostNothing(t *testing.T) {
	rdb, _, _ := server(t)
	l := kycredis.NewLimiter(rdb, t.Name(), 2, 1)
	if err := l.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	ctx, cancel := context.WithCancel(t.Context())
	var gone, live sync.WaitGroup
	var entered sync.WaitGroup
	entered.Add(100)
	for range 100 {
		gone.Go(func() {
			if err := l.Wait(entering{ctx, sync.OnceFunc(entered.Done)}); !errors.Is(err, context.Canceled) && err != nil {
				t.Error(err)
			}
		})
	}
	entered.Wait()
	for range 2 {
		live.Go(func() {
			if err := l.Wait(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	cancel()
	gone.Wait()
	live.Wait()
	// In line behind 100 that are still there it would be fifty seconds.
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("2 calls behind 100 cancelled ones took %v", took)
	}
}

func TestLimiterFailsClosed(t *testing.T) {
	rdb, _, kill := server(t)
	l := kycredis.NewLimiter(rdb, t.Name(), 1000, 1000)
	if err := l.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	kill()
	if err := l.Wait(t.Context()); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without Redis: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
}

func TestLimiterRefusesRatesThatAreNone(t *testing.T) {
	for _, perSecond := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if err := kycredis.NewLimiter(nil, "k", perSecond, 1).Wait(t.Context()); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%v a second: %v", perSecond, err)
		}
	}
}

func TestLimiterSlowRates(t *testing.T) {
	rdb, _, _ := server(t)
	// A call an hour, two at once.
	l := kycredis.NewLimiter(rdb, t.Name(), 1.0/3600, 2)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for i, want := range []bool{true, true, false} {
		if err := l.Wait(ctx); (err == nil) != want {
			t.Errorf("call %d: %v", i+1, err)
		}
	}
}
