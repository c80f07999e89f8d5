package didit

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opDestinations      = "webhooks.list"
	opCreateDestination = "webhooks.create"
	opGetDestination    = "webhooks.get"
	opUpdateDestination = "webhooks.update"
	opDeleteDestination = "webhooks.delete"
	opDelivery          = "webhooks.delivery"
	opGetSettings       = "webhooks.get_settings"
	opUpdateSettings    = "webhooks.update_settings"
	destinationIDName   = "destination id"
	pathDestination     = "/v3/webhook/destinations/{}/"
	pathWebhook         = "/v3/webhook/"
)

// WebhooksService manages where notices go. [Webhooks] and [VerifyWebhook] are
// for receiving them.
type WebhooksService struct{ c *Client }

// List iterates over the destinations, without their secrets. An error is yielded
// last and ends the iteration.
func (s *WebhooksService) List(ctx context.Context, opts ...kyc.Option) iter.Seq2[*DestinationSummary, error] {
	return listed[DestinationSummary](ctx, s.c, opDestinations, "/v3/webhook/destinations/", nil, url.Values{}, opts)
}

// Create makes a destination and returns it with the secret that signs its
// notices. Ask for [WebhookVersionV3]: this package does not read the others.
func (s *WebhooksService) Create(ctx context.Context, req DestinationRequest, opts ...kyc.Option) (*Destination, error) {
	if req.Label == "" || longer(req.Label, 255) {
		return nil, kyc.Invalid(kyc.Didit, opCreateDestination, "Label is empty or longer than 255 characters")
	}
	if err := checkAddress(opCreateDestination, req.URL); err != nil {
		return nil, err
	}
	if err := checkEvents(opCreateDestination, req.SubscribedEvents); err != nil {
		return nil, err
	}
	return post[Destination](ctx, s.c, opCreateDestination, "/v3/webhook/destinations/", req, opts)
}

// Get reads a destination with its secret.
func (s *WebhooksService) Get(ctx context.Context, destinationID string, opts ...kyc.Option) (*Destination, error) {
	if err := s.c.checkID(opGetDestination, destinationIDName, destinationID, opts); err != nil {
		return nil, err
	}
	return get[Destination](ctx, s.c, opGetDestination, pathDestination, []string{destinationID}, opts)
}

// Update changes a destination. Its events are replaced as a whole.
func (s *WebhooksService) Update(ctx context.Context, destinationID string, req DestinationUpdate, opts ...kyc.Option) (*Destination, error) {
	if err := s.c.checkID(opUpdateDestination, destinationIDName, destinationID, opts); err != nil {
		return nil, err
	}
	if longer(req.Label, 255) {
		return nil, kyc.Invalid(kyc.Didit, opUpdateDestination, "Label is longer than 255 characters")
	}
	if req.URL != "" {
		if err := checkAddress(opUpdateDestination, req.URL); err != nil {
			return nil, err
		}
	}
	if err := checkEvents(opUpdateDestination, req.SubscribedEvents); err != nil {
		return nil, err
	}
	return set[Destination](ctx, s.c, opUpdateDestination, pathDestination, []string{destinationID}, req, opts)
}

// Delete deletes a destination.
func (s *WebhooksService) Delete(ctx context.Context, destinationID string, opts ...kyc.Option) error {
	if err := s.c.checkID(opDeleteDestination, destinationIDName, destinationID, opts); err != nil {
		return err
	}
	return remove(ctx, s.c, opDeleteDestination, pathDestination, []string{destinationID}, opts)
}

// Delivery reads one delivery to a destination.
//
// Experimental: the route is known from newer material only, and the shape of
// the answer is not published, so the vendor's JSON is returned as it is.
func (s *WebhooksService) Delivery(ctx context.Context, destinationID, deliveryID string, opts ...kyc.Option) (json.RawMessage, error) {
	if err := s.c.checkID(opDelivery, destinationIDName, destinationID, opts); err != nil {
		return nil, err
	}
	out, err := get[json.RawMessage](ctx, s.c, opDelivery, "/v3/webhook/destinations/{}/deliveries/{}/", []string{destinationID, deliveryID}, opts)
	if err != nil {
		return nil, err
	}
	return *out, nil
}

// GetSettings reads the older webhook of the whole application, which serves
// while no destination is enabled.
func (s *WebhooksService) GetSettings(ctx context.Context, opts ...kyc.Option) (*WebhookSettings, error) {
	return get[WebhookSettings](ctx, s.c, opGetSettings, pathWebhook, nil, opts)
}

// UpdateSettings changes the older webhook. RotateSecretKey makes a new secret,
// and the old one stops at once; such a call is not repeated.
func (s *WebhooksService) UpdateSettings(ctx context.Context, req WebhookSettingsUpdate, opts ...kyc.Option) (*WebhookSettings, error) {
	if m := req.DataRetentionMonths; m != nil && (*m < 1 || *m > 120) {
		return nil, kyc.Invalid(kyc.Didit, opUpdateSettings, "DataRetentionMonths is not between 1 and 120")
	}
	if req.WebhookURL != "" {
		if err := checkAddress(opUpdateSettings, req.WebhookURL); err != nil {
			return nil, err
		}
	}
	if yes(req.RotateSecretKey) {
		return patchOnce[WebhookSettings](ctx, s.c, opUpdateSettings, pathWebhook, nil, req, opts)
	}
	return set[WebhookSettings](ctx, s.c, opUpdateSettings, pathWebhook, nil, req, opts)
}

func checkAddress(op, address string) error {
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Host == "" {
		return kyc.Invalid(kyc.Didit, op, "the address is not an https URL")
	}
	return nil
}

func checkEvents(op string, events []EventType) error {
	if events != nil && len(events) == 0 {
		return kyc.Invalid(kyc.Didit, op, "SubscribedEvents is an empty list, which the vendor refuses; leave it nil")
	}
	return nil
}
