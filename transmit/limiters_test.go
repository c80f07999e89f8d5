package transmit_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

// spent counts what passes through one budget.
type spent func()

// Wait implements [kyc.Limiter].
func (s spent) Wait(ctx context.Context) error {
	s()
	return ctx.Err()
}

// Each budget may have a limiter of the caller's own, and every attempt passes through the one that it belongs to.
func TestLimiters(t *testing.T) {
	fake := transmittest.NewServer()
	defer fake.Close()
	var mu sync.Mutex
	var budgets []string
	counts := make(map[string]int)
	client, err := transmit.NewClient(fake.Config(), kyc.WithHTTPClient(fake.HTTPClient()), kyc.WithLimiters(func(b kyc.Budget) kyc.Limiter {
		if b.Vendor != kyc.Transmit || b.PerSecond <= 0 || b.Burst < 1 {
			t.Errorf("budget %+v", b)
		}
		budgets = append(budgets, b.Name)
		return spent(func() {
			mu.Lock()
			defer mu.Unlock()
			counts[b.Name]++
		})
	}))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(budgets)
	if diff := cmp.Diff([]string{"edge"}, budgets); diff != "" {
		t.Errorf("budgets (-want +got):\n%s", diff)
	}
	session, err := client.Start(t.Context(), kyc.StartRequest{Reference: "onboarding-42", RedirectURL: "https://shop.example/back"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Fetch(t.Context(), session.Ref); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"edge": 3}, counts); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}
