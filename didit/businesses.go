package didit

import (
	"context"
	"iter"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opBusinesses       = "businesses.list"
	opCreateBusiness   = "businesses.create"
	opGetBusiness      = "businesses.get"
	opUpdateBusiness   = "businesses.update"
	opBusinessStatus   = "businesses.update_status"
	opDeleteBusinesses = "businesses.delete"
	pathBusiness       = "/v3/businesses/{}/"
)

// BusinessesService manages companies over all their sessions. A business is
// known by the caller's own id, the vendor data of the sessions.
type BusinessesService struct{ c *Client }

// List iterates over the businesses. An error is yielded last and ends the
// iteration. The
// number that the vendor claims is capped at a hundred and not looked at.
func (s *BusinessesService) List(ctx context.Context, page PageOptions, opts ...kyc.Option) iter.Seq2[*BusinessSummary, error] {
	query, err := page.query(opBusinesses)
	if err != nil {
		return failed[BusinessSummary](err)
	}
	return listed[BusinessSummary](ctx, s.c, opBusinesses, "/v3/businesses/", nil, query, opts)
}

// Create makes a business before the first session.
func (s *BusinessesService) Create(ctx context.Context, req BusinessRequest, opts ...kyc.Option) (*Business, error) {
	if err := checkBusiness(req); err != nil {
		return nil, err
	}
	return post[Business](ctx, s.c, opCreateBusiness, "/v3/businesses/create/", req, opts)
}

// Get reads a business.
func (s *BusinessesService) Get(ctx context.Context, vendorData string, opts ...kyc.Option) (*Business, error) {
	return get[Business](ctx, s.c, opGetBusiness, pathBusiness, []string{vendorData}, opts)
}

// Update changes what is known of a business.
func (s *BusinessesService) Update(ctx context.Context, vendorData string, req BusinessUpdate, opts ...kyc.Option) (*Business, error) {
	return set[Business](ctx, s.c, opUpdateBusiness, pathBusiness, []string{vendorData}, req, opts)
}

// UpdateStatus blocks, flags or activates a business. For a blocked one,
// creating a session fails with [ErrBlocked].
func (s *BusinessesService) UpdateStatus(ctx context.Context, vendorData string, status EntityStatus, opts ...kyc.Option) (*Business, error) {
	if status == "" {
		return nil, kyc.Invalid(kyc.Didit, opBusinessStatus, "the status is empty")
	}
	return set[Business](ctx, s.c, opBusinessStatus, "/v3/businesses/{}/update-status/", []string{vendorData}, BusinessStatusRequest{Status: status}, opts)
}

// Delete deletes businesses for good, by the caller's or the vendor's ids or
// with DeleteAll every one of the application. Unknown ids are not counted.
func (s *BusinessesService) Delete(ctx context.Context, req DeleteBusinessesRequest, opts ...kyc.Option) (*DeleteBusinessesResponse, error) {
	if yes(req.DeleteAll) == (len(req.VendorDataList)+len(req.DiditInternalIDList) > 0) {
		return nil, kyc.Invalid(kyc.Didit, opDeleteBusinesses, "give either ids or DeleteAll")
	}
	return post[DeleteBusinessesResponse](ctx, s.c, opDeleteBusinesses, "/v3/businesses/delete/", req, opts)
}
