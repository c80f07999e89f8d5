package didit

import (
	"context"
	"net/http"
	"net/url"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opUpdateStatus  = "sessions.update_status"
	opFeatureStatus = "sessions.update_feature_status"
	opHitStatus     = "sessions.update_aml_hit_status"
	opHitStatuses   = "sessions.update_aml_hit_statuses"
	opUpdateID      = "sessions.update_id_data"
	opUpdatePOA     = "sessions.update_poa_data"
	opUpdateCompany = "sessions.update_company_data"
	opAddReview     = "sessions.add_review"
)

// DefaultNode is the node id of workflows that are no graph.
const DefaultNode = "default"

// UpdateStatus decides a session by hand: Approved, Declined, or Resubmitted,
// for which see [SessionsService.Resubmit]. The session must have been decided
// before, by the workflow or by hand; otherwise the error matches
// [ErrSessionState], as far as the vendor's text tells. Steps that read a
// company's registry or its key people cannot be repeated and are refused before
// anything is sent. Setting the status that it has is refused with
// [ErrSessionState] by some servers and taken by others. A status.updated notice
// follows.
//
// Experimental: what setting the same status gives; the pages disagree.
func (s *SessionsService) UpdateStatus(ctx context.Context, id string, req StatusRequest, opts ...kyc.Option) (*StatusResponse, error) {
	if err := s.c.checkID(opUpdateStatus, "session id", id, opts); err != nil {
		return nil, err
	}
	if err := checkStatus(req); err != nil {
		return nil, err
	}
	// A repeat would be refused as the same status, or send a second e-mail.
	return fetch[StatusResponse](ctx, s.c, request{
		op: opUpdateStatus, class: transport.IfNotProcessed, method: http.MethodPatch, path: "/v3/session/{}/update-status/", ids: []string{id},
		in: req, budget: s.c.budgets.writes,
	}, opts)
}

// Resubmit sends the user back to repeat steps, over the same link. Without
// NodesToResubmit the vendor picks the steps that failed, are in review, were
// not finished or ran out; a step that was never tried must be named. NewStatus
// is set by this method.
//
// Experimental: by newer pages only, a second request within half a minute is
// an error matching [kyc.ErrRateLimited].
func (s *SessionsService) Resubmit(ctx context.Context, id string, req StatusRequest, opts ...kyc.Option) (*StatusResponse, error) {
	if req.NewStatus != "" && req.NewStatus != StatusResubmitted {
		return nil, kyc.Invalid(kyc.Didit, opUpdateStatus, "NewStatus is not Resubmitted")
	}
	req.NewStatus = StatusResubmitted
	return s.UpdateStatus(ctx, id, req, opts...)
}

// UpdateFeatureStatus decides one feature by hand, named by the node of the
// workflow or [DefaultNode]. The session's own status stays.
func (s *SessionsService) UpdateFeatureStatus(ctx context.Context, id, nodeID string, req FeatureStatusRequest, opts ...kyc.Option) (*FeatureStatusResponse, error) {
	if err := s.c.checkID(opFeatureStatus, "session id", id, opts); err != nil {
		return nil, err
	}
	switch req.NewStatus {
	case FeatureStatusApproved, FeatureStatusDeclined, FeatureStatusInReview:
	default:
		return nil, kyc.Invalid(kyc.Didit, opFeatureStatus, "NewStatus is none of Approved, Declined and In Review")
	}
	return set[FeatureStatusResponse](ctx, s.c, opFeatureStatus, "/v3/session/{}/features/{}/update-status/", []string{id, nodeID}, req, opts)
}

// UpdateAMLHitStatus records an analyst's verdict on one watchlist hit. It
// changes no other status.
func (s *SessionsService) UpdateAMLHitStatus(ctx context.Context, id string, req HitReviewRequest, opts ...kyc.Option) (*HitReviewResponse, error) {
	if err := s.c.checkID(opHitStatus, "session id", id, opts); err != nil {
		return nil, err
	}
	if err := checkHit(opHitStatus, req.HitID, req.ReviewStatus); err != nil {
		return nil, err
	}
	return set[HitReviewResponse](ctx, s.c, opHitStatus, "/v3/session/{}/update-aml-hit-status/", []string{id}, req, opts)
}

// UpdateAMLHitStatuses records verdicts on several hits of one screening, all or
// none.
func (s *SessionsService) UpdateAMLHitStatuses(ctx context.Context, id string, req HitReviewsRequest, opts ...kyc.Option) (*HitReviewsResponse, error) {
	if err := s.c.checkID(opHitStatuses, "session id", id, opts); err != nil {
		return nil, err
	}
	if len(req.HitUpdates) == 0 {
		return nil, kyc.Invalid(kyc.Didit, opHitStatuses, "HitUpdates is empty")
	}
	for _, u := range req.HitUpdates {
		if err := checkHit(opHitStatuses, u.HitID, u.ReviewStatus); err != nil {
			return nil, err
		}
	}
	return set[HitReviewsResponse](ctx, s.c, opHitStatuses, "/v3/session/{}/bulk-update-aml-hit-status/", []string{id}, req, opts)
}

type nodeKey struct{}

// WithNode names the node of the workflow whose record
// [SessionsService.UpdateIDData] or [SessionsService.UpdatePOAData] corrects,
// for workflows that run the feature more than once.
func WithNode(nodeID string) kyc.Option { return func(s *kyc.Settings) { s.Set(nodeKey{}, nodeID) } }

// UpdateIDData corrects what was read from the identity document and returns
// the record as it stands then. The session must be decided; otherwise the
// vendor answers [kyc.ErrNotFound]. Texts, dates and codes out of the documented
// bounds are refused before anything is sent. A data.updated notice follows even where
// nothing changed. The budget is ten calls a minute.
func (s *SessionsService) UpdateIDData(ctx context.Context, id string, req IDData, opts ...kyc.Option) (*IDData, error) {
	if err := s.c.checkID(opUpdateID, "session id", id, opts); err != nil {
		return nil, err
	}
	if err := checkIDData(req); err != nil {
		return nil, err
	}
	return fetch[IDData](ctx, s.c, request{
		op: opUpdateID, class: transport.Safe, method: http.MethodPatch, path: "/v3/session/{}/update-data/", ids: []string{id}, query: s.node(opts), in: req, budget: s.c.budgets.data,
	}, opts)
}

// UpdatePOAData corrects what was read from the proof of address and returns
// the record as it stands then. Texts, dates and codes out of the documented
// bounds are refused before anything is sent. The budget is ten calls a minute.
func (s *SessionsService) UpdatePOAData(ctx context.Context, id string, req POAData, opts ...kyc.Option) (*POAData, error) {
	if err := s.c.checkID(opUpdatePOA, "session id", id, opts); err != nil {
		return nil, err
	}
	if err := checkPOAData(req); err != nil {
		return nil, err
	}
	return fetch[POAData](ctx, s.c, request{
		op: opUpdatePOA, class: transport.Safe, method: http.MethodPatch, path: "/v3/session/{}/update-poa-data/", ids: []string{id}, query: s.node(opts), in: req, budget: s.c.budgets.addresses,
	}, opts)
}

// UpdateCompanyData corrects the record of a company of a business session and
// returns it as it stands then. companyID is the record's UUID. Texts, dates,
// codes and amounts out of the documented bounds are refused before anything is
// sent.
func (s *SessionsService) UpdateCompanyData(ctx context.Context, id, companyID string, req CompanyData, opts ...kyc.Option) (*Company, error) {
	if err := s.c.checkID(opUpdateCompany, "session id", id, opts); err != nil {
		return nil, err
	}
	if err := s.c.checkID(opUpdateCompany, "company id", companyID, opts); err != nil {
		return nil, err
	}
	if err := checkCompanyData(req); err != nil {
		return nil, err
	}
	return set[Company](ctx, s.c, opUpdateCompany, "/v3/session/{}/kyb/{}/update-data/", []string{id, companyID}, req, opts)
}

// AddReview adds a note to a person's session. Its NewStatus is a label: the
// session's status stays.
func (s *SessionsService) AddReview(ctx context.Context, id string, req ReviewRequest, opts ...kyc.Option) (*ReviewNote, error) {
	if err := s.c.checkID(opAddReview, "session id", id, opts); err != nil {
		return nil, err
	}
	if req.NewStatus != "" && !req.NewStatus.Known() {
		return nil, kyc.Invalid(kyc.Didit, opAddReview, "NewStatus is no status of a session")
	}
	return fetch[ReviewNote](ctx, s.c, request{
		op: opAddReview, class: transport.IfNotProcessed, method: http.MethodPost, path: "/v3/sessions/{}/reviews/", ids: []string{id},
		in: req, budget: s.c.budgets.writes,
	}, opts)
}

// node is the query that names a node; a correction that names none is of the only one.
func (s *SessionsService) node(opts []kyc.Option) url.Values {
	query := url.Values{}
	if node, _ := s.c.http.Settings(opts...).Value(nodeKey{}).(string); node != "" {
		query.Set("node_id", node)
	}
	return query
}
