package didit

import (
	"context"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opBalance = "billing.balance"
	opTopUp   = "billing.top_up"

	minTopUp = 50
)

// BillingService reads and raises the account's credit.
type BillingService struct{ c *Client }

// Balance reads the credit. Amounts are decimal texts, as in "1234.5600".
func (s *BillingService) Balance(ctx context.Context, opts ...kyc.Option) (*Balance, error) {
	return get[Balance](ctx, s.c, opBalance, "/v3/billing/balance/", nil, opts)
}

// TopUp begins a payment of at least 50 US dollars. Nothing is paid before
// somebody opens the page that the answer names.
func (s *BillingService) TopUp(ctx context.Context, req TopUpRequest, opts ...kyc.Option) (*TopUpResponse, error) {
	if !(req.AmountInDollars >= minTopUp) {
		return nil, kyc.Invalid(kyc.Didit, opTopUp, "AmountInDollars is less than 50")
	}
	return post[TopUpResponse](ctx, s.c, opTopUp, "/v3/billing/top-up/", req, opts)
}
