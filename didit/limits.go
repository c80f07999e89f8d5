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

func newBudgets() *budgets {
	b := &budgets{reads: perMinute(readsPerMinute), writes: perMinute(writesPerMinute), creates: perMinute(createsPerMinute)}
	b.pdfs = both{perMinute(pdfsPerMinute), b.reads}
	b.data = both{perMinute(dataUpdatesPerMinute), b.writes}
	b.addresses = both{perMinute(addressUpdatePerMinute), b.writes}
	return b
}

// perMinute keeps every window of a minute within n calls: a tenth may go out at once, the rest is spread.
func perMinute(n int) kyc.Limiter {
	burst := max(n/10, 1)
	return kyc.NewLimiter(float64(n-burst)/60, burst)
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
