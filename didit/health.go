package didit

import (
	"context"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const opHealth = "health.get"

// HealthService asks whether the vendor is up.
type HealthService struct{ c *Client }

// Get asks whether the service is up. The call carries no API key and counts in
// no budget. A service that is down gives [kyc.ErrUnavailable].
func (s *HealthService) Get(ctx context.Context, opts ...kyc.Option) (*HealthStatus, error) {
	return fetch[HealthStatus](ctx, s.c, request{
		op: opHealth, class: transport.Safe, method: http.MethodGet, path: "/system/healthcheck", auth: transport.NoAuth,
	}, opts)
}
