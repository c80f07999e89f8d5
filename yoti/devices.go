package yoti

import (
	"context"
	"iter"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// DevicesService lists the devices with which a user worked on a session.
type DevicesService struct{ c *Client }

// List iterates over the uses of devices in the vendor's order. The one call is
// made when the loop begins. An error is yielded last and ends the iteration.
func (s *DevicesService) List(ctx context.Context, sessionID string, opts ...kyc.Option) iter.Seq2[*TrackedDevice, error] {
	return func(yield func(*TrackedDevice, error) bool) {
		var out []*TrackedDevice
		_, err := s.c.call(ctx, request{
			operation: "devices.list", class: transport.Safe, method: http.MethodGet, template: "/sessions/{}/tracked-devices",
			names: []string{nameSession}, ids: []string{sessionID}, out: &out,
		}, opts)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, d := range out {
			// An entry that is null tells nothing.
			if d != nil && !yield(d, nil) {
				return
			}
		}
	}
}

// Delete forgets the devices of a session.
func (s *DevicesService) Delete(ctx context.Context, sessionID string, opts ...kyc.Option) error {
	_, err := s.c.call(ctx, request{
		operation: "devices.delete", class: transport.Safe, method: http.MethodDelete, template: "/sessions/{}/tracked-devices",
		names: []string{nameSession}, ids: []string{sessionID},
	}, opts)
	return err
}
