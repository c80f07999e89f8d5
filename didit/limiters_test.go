package didit_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
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
	fake := didittest.NewServer()
	defer fake.Close()
	var mu sync.Mutex
	var budgets []string
	counts := make(map[string]int)
	client, err := didit.NewClient(fake.Config(), kyc.WithHTTPClient(fake.HTTPClient()), kyc.WithLimiters(func(b kyc.Budget) kyc.Limiter {
		if b.Vendor != kyc.Didit || b.PerSecond <= 0 || b.Burst < 1 {
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
	if diff := cmp.Diff([]string{"addresses", "creates", "data", "pdfs", "reads", "writes"}, budgets); diff != "" {
		t.Errorf("budgets (-want +got):\n%s", diff)
	}
	session, err := client.Start(t.Context(), kyc.StartRequest{Reference: "onboarding-42", RedirectURL: "https://shop.example/back"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Fetch(t.Context(), session.Ref); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"creates": 1, "reads": 1}, counts); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}
