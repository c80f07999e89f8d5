package didit

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// TestBudgets spends each budget for three minutes as fast as it can be had: no window of a minute holds more than the vendor allows.
func TestBudgets(t *testing.T) {
	for _, c := range []struct {
		name  string
		limit int
	}{{"reads", readsPerMinute}, {"writes", writesPerMinute}, {"creates", createsPerMinute}, {"pdfs", pdfsPerMinute}, {"data", dataUpdatesPerMinute}, {"addresses", addressUpdatePerMinute}} {
		synctest.Test(t, func(t *testing.T) {
			b := newBudgets(kyc.Settings{})
			limiter := map[string]kyc.Limiter{"reads": b.reads, "writes": b.writes, "creates": b.creates, "pdfs": b.pdfs, "data": b.data, "addresses": b.addresses}[c.name]
			var calls []time.Time
			for start := time.Now(); time.Since(start) < 3*time.Minute; {
				if err := limiter.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
				calls = append(calls, time.Now())
			}
			for i := range calls {
				if i >= c.limit && calls[i].Sub(calls[i-c.limit]) < time.Minute {
					t.Fatalf("%s: more than %d calls in a minute, from call %d on", c.name, c.limit, i-c.limit)
				}
			}
			if got := len(calls); got < 2*c.limit {
				t.Errorf("%s: only %d calls in three minutes", c.name, got)
			}
		})
	}
}

// TestNarrowBudgetSparesTheWide shows that waiting for a report takes no read from anybody.
func TestNarrowBudgetSparesTheWide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudgets(kyc.Settings{})
		for range pdfsPerMinute / 10 {
			if err := b.pdfs.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		go func() { _ = b.pdfs.Wait(t.Context()) }()
		synctest.Wait()
		start := time.Now()
		for range readsPerMinute/10 - pdfsPerMinute/10 {
			if err := b.reads.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(start); d > 0 {
			t.Errorf("reads wait %v", d)
		}
	})
}
