package jumio

import (
	"context"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// HealthService tells the state of the platform.
type HealthService struct{ c *Client }

// Get reads the state of the platform. It sends no credentials.
//
// Vendor: status host, GET /.
func (s *HealthService) Get(ctx context.Context, opts ...kyc.Option) (*Health, error) {
	var out Health
	_, err := s.c.http.Do(ctx, transport.Call{
		Operation: transport.Operation{Name: "health.get", Class: transport.Safe},
		Method:    http.MethodGet, Base: s.c.status, Path: "/", Auth: transport.NoAuth, Out: &out,
	}, opts...)
	if err != nil {
		return nil, err
	}
	return &out, nil
}
