package didit

import (
	"context"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Published budgets, in calls a minute and API key. The vendor counts a sliding minute.
const (
	readsPerMinute         = 600
	writesPerMinute        = 300
	createsPerMinute       = 600
	pdfsPerMinute          = 50
	dataUpdatesPerMinute   = 10
	addressUpdatePerMinute = 10
)

// budgets are the client-side limiters of one API key. The vendor counts some operations in two scopes, and so do these.
type budgets struct {
	reads, writes kyc.Limiter
	// creates stands alone: whether the vendor also counts them among the writes is not clear. Where it does, its 429 is
	// waited for.
	creates   kyc.Limiter
	pdfs      kyc.Limiter
	data      kyc.Limiter
	addresses kyc.Limiter
}

func newBudgets(settings kyc.Settings) *budgets {
	limiter := func(name string, perMinute int) kyc.Limiter {
		return settings.LimiterFor(spread(name, perMinute))
	}
	b := &budgets{reads: limiter("reads", readsPerMinute), writes: limiter("writes", writesPerMinute), creates: limiter("creates", createsPerMinute)}
	b.pdfs = both{limiter("pdfs", pdfsPerMinute), b.reads}
	b.data = both{limiter("data", dataUpdatesPerMinute), b.writes}
	b.addresses = both{limiter("addresses", addressUpdatePerMinute), b.writes}
	return b
}

// spread keeps every window of a minute within n calls: a tenth may go out at once, the rest is spread.
func spread(name string, n int) kyc.Budget {
	burst := max(n/10, 1)
	return kyc.Budget{Vendor: kyc.Didit, Name: name, PerSecond: float64(n-burst) / 60, Burst: burst}
}

// both waits for the narrow budget first, so that waiting for it takes nothing from the wide one.
type both struct{ narrow, wide kyc.Limiter }

// Wait implements [kyc.Limiter].
func (b both) Wait(ctx context.Context) error {
	if err := b.narrow.Wait(ctx); err != nil {
		return err
	}
	return b.wide.Wait(ctx)
}
