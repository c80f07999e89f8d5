package didit

import (
	"context"
	"net/url"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opKYBSearch = "checks.kyb_search"
	opKYBSelect = "checks.kyb_select"
)

// KYBSearch looks a company up in the registry of its country, by name or by
// registration number. With WebhookURL the answer is pending and the result
// comes as a [RegistrySearchNotice], which nobody signs: match its RequestID
// and select the company here.
func (s *ChecksService) KYBSearch(ctx context.Context, req KYBSearchRequest, opts ...kyc.Option) (*KYBSearchResponse, error) {
	switch {
	case req.CountryCode == "" || len(req.CountryCode) > 10:
		return nil, kyc.Invalid(kyc.Didit, opKYBSearch, "CountryCode is neither alpha-2 nor alpha-2 with a region")
	case req.Name == "" && req.RegistrationNumber == "":
		return nil, kyc.Invalid(kyc.Didit, opKYBSearch, "give Name or RegistrationNumber")
	case longer(req.Name, 255) || longer(req.RegistrationNumber, 100):
		return nil, kyc.Invalid(kyc.Didit, opKYBSearch, "Name is longer than 255 or RegistrationNumber longer than 100 characters")
	}
	if req.WebhookURL != "" {
		if u, err := url.Parse(req.WebhookURL); err != nil || u.Scheme != "https" || u.Host == "" || len(req.WebhookURL) > 500 {
			return nil, kyc.Invalid(kyc.Didit, opKYBSearch, "WebhookURL is not an https URL of at most 500 characters")
		}
	}
	return post[KYBSearchResponse](ctx, s.c, opKYBSearch, "/v3/kyb/search/", req, opts)
}

// Pending reports whether the search is still under way.
func (r *KYBSearchResponse) Pending() bool {
	b := r.KYBRegistry
	return b == nil || b.SearchStatus == SearchStatusPending || b.SearchResolved != nil && !*b.SearchResolved
}

// KYBSelect fetches the profile of a company that a search found. It is always
// saved. A profile that the registry has not delivered yet says so in
// FetchStatus and DataResolved.
func (s *ChecksService) KYBSelect(ctx context.Context, req KYBSelectRequest, opts ...kyc.Option) (*KYBSelectResponse, error) {
	if req.KYBResponseID == "" {
		return nil, kyc.Invalid(kyc.Didit, opKYBSelect, "KYBResponseID is empty")
	}
	if req.SaveAPIRequest != nil && !*req.SaveAPIRequest {
		return nil, kyc.Invalid(kyc.Didit, opKYBSelect, "SaveAPIRequest cannot be false here")
	}
	return post[KYBSelectResponse](ctx, s.c, opKYBSelect, "/v3/kyb/select/", req, opts)
}

// Check is the outcome in this module's terms. Only
// [kyc.WithOverrides] has an effect. A profile that is not resolved yet is at most
// Pending, whatever its status says.
func (r *KYBSelectResponse) Check(opts ...kyc.Option) kyc.Check {
	v := standalone{feature: FeatureKYBRegistry, kind: kyc.CheckCompanyRegistry, at: "/kyb_registry"}
	b := r.KYBRegistry
	if b != nil {
		v.status = string(b.Status)
	}
	out := v.check(r.Settings(opts...))
	if b != nil && out.Decision == kyc.Approved && (b.DataResolved == nil || !*b.DataResolved) {
		out.Decision = kyc.Pending
	}
	return out
}
