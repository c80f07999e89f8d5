package kyc

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestLimiterForABudget(t *testing.T) {
	var asked []Budget
	own := NewLimiter(1, 1)
	s := NewSettings(WithLimiters(func(b Budget) Limiter {
		asked = append(asked, b)
		if b.Name == "reads" {
			return own
		}
		return nil
	}))
	b := Budget{Vendor: Didit, Name: "reads", PerSecond: 10, Burst: 2}
	if s.LimiterFor(b) != own {
		t.Error("the caller's limiter is not taken")
	}
	b.Name = "writes"
	if l := s.LimiterFor(b); l == own || l == nil {
		t.Error("without the caller's there is no limiter of the client's own")
	}
	if len(asked) != 2 || asked[1] != b || NewSettings().LimiterFor(b) == nil {
		t.Errorf("asked for %v", asked)
	}
}

func TestLimiterServesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(500, 1)
		var mu sync.Mutex
		var order []int
		var wg sync.WaitGroup
		start := time.Now()
		for i := range 1000 {
			wg.Go(func() {
				if err := l.Wait(t.Context()); err != nil {
					t.Error(err)
				}
				mu.Lock()
				order = append(order, i)
				mu.Unlock()
			})
			synctest.Wait()
		}
		wg.Wait()
		for i, got := range order {
			if i != got {
				t.Fatalf("caller %d was served as number %d", got, i)
			}
		}
		if d := time.Since(start); d < 1990*time.Millisecond || d > 2010*time.Millisecond {
			t.Errorf("1000 calls at 500 a second took %v", d)
		}
	})
}

func TestLimiterGivesBackWhatIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(500, 1)
		quit, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		start := time.Now()
		for i := range 1000 {
			ctx := t.Context()
			if i < 500 {
				ctx = quit
			}
			wg.Go(func() { _ = l.Wait(ctx) })
			synctest.Wait()
		}
		time.Sleep(100 * time.Millisecond)
		cancel()
		wg.Wait()
		if d := time.Since(start); d > 1155*time.Millisecond {
			t.Errorf("500 live calls, 500 cancelled after 0.1 s: %v, want about 1.1 s", d)
		}
	})
}

func TestLimiterRefusesWhatCannotBeInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(1, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		var wg sync.WaitGroup
		var mu sync.Mutex
		refused, served := 0, 0
		for range 20 {
			wg.Go(func() {
				err := l.Wait(ctx)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					served++
				case errors.Is(err, context.DeadlineExceeded) && time.Since(start) == 0:
					refused++
				default:
					t.Errorf("%v after %v", err, time.Since(start))
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		if served != 6 && served != 5 || served+refused != 20 {
			t.Errorf("%d served, %d refused", served, refused)
		}
	})
}

// A caller is refused only if its own turn comes too late: the head of the queue counts once.
func TestLimiterServesWhatComesInTime(t *testing.T) {
	for _, tt := range []struct {
		ahead    int
		deadline time.Duration
		served   bool
	}{
		{0, 1100 * time.Millisecond, true}, {0, 900 * time.Millisecond, false},
		{1, 2500 * time.Millisecond, true}, {1, 2100 * time.Millisecond, true}, {1, 1900 * time.Millisecond, false},
		{3, 4100 * time.Millisecond, true}, {3, 3900 * time.Millisecond, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := NewLimiter(1, 1)
			if err := l.Wait(t.Context()); err != nil { // the burst
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			for range tt.ahead {
				wg.Go(func() { _ = l.Wait(t.Context()) })
				synctest.Wait()
			}
			ctx, cancel := context.WithTimeout(t.Context(), tt.deadline)
			defer cancel()
			start := time.Now()
			err := l.Wait(ctx)
			if took := time.Since(start); (err == nil) != tt.served || tt.served && took != time.Duration(tt.ahead+1)*time.Second || !tt.served && (took != 0 || !errors.Is(err, context.DeadlineExceeded)) {
				t.Errorf("%d ahead, deadline %v: %v after %v", tt.ahead, tt.deadline, err, took)
			}
			wg.Wait()
		})
	}
}

func TestLimiterRates(t *testing.T) {
	for _, perSecond := range []float64{0, -1, math.NaN(), math.Inf(-1)} {
		if err := NewLimiter(perSecond, 3).Wait(t.Context()); !errors.Is(err, ErrInvalid) {
			t.Errorf("%v: %v", perSecond, err)
		}
	}
	for _, perSecond := range []float64{math.Inf(1), math.MaxFloat64, 1e300} {
		l := NewLimiter(perSecond, -5)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		for range 1000 {
			if err := l.Wait(ctx); err != nil {
				t.Fatalf("%v: %v", perSecond, err)
			}
		}
		cancel()
		if err := l.Wait(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, cancelled: %v", perSecond, err)
		}
	}
}
