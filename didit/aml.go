package didit

import (
	"context"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opAML = "checks.aml"

	// mediaTimeout is how long a screening of the media may take.
	mediaTimeout = 90 * time.Second
)

// Weights of a screening where the request names none.
const (
	defaultNameWeight    = 60
	defaultDOBWeight     = 25
	defaultCountryWeight = 15
)

// AML screens a person or a company against sanctions, lists of politically
// exposed persons and, if asked for, the media. It may end In Review.
func (s *ChecksService) AML(ctx context.Context, req AMLRequest, opts ...kyc.Option) (*AMLResponse, error) {
	if req.FullName == "" {
		return nil, kyc.Invalid(kyc.Didit, opAML, "FullName is empty")
	}
	for _, t := range []*float64{req.AMLScoreApproveThreshold, req.AMLScoreReviewThreshold} {
		if t != nil && !(*t >= 0 && *t <= 100) {
			return nil, kyc.Invalid(kyc.Didit, opAML, "a threshold is not between 0 and 100")
		}
	}
	if t := req.AMLMatchScoreThreshold; t != nil && (*t < 0 || *t > 100) {
		return nil, kyc.Invalid(kyc.Didit, opAML, "a threshold is not between 0 and 100")
	}
	sum := int64(0)
	for _, w := range []struct {
		given *int64
		usual int64
	}{{req.AMLNameWeight, defaultNameWeight}, {req.AMLDOBWeight, defaultDOBWeight}, {req.AMLCountryWeight, defaultCountryWeight}} {
		v := w.usual
		if w.given != nil {
			v = *w.given
		}
		if v < 0 || v > 100 {
			return nil, kyc.Invalid(kyc.Didit, opAML, "a weight is not between 0 and 100")
		}
		sum += v
	}
	if sum != 100 {
		return nil, kyc.Invalid(kyc.Didit, opAML, "the weights of name, date of birth and country do not add up to 100")
	}
	if yes(req.IncludeOngoingMonitoring) && req.SaveAPIRequest != nil && !*req.SaveAPIRequest {
		return nil, kyc.Invalid(kyc.Didit, opAML, "IncludeOngoingMonitoring needs a check that is saved")
	}
	if yes(req.IncludeAdverseMedia) {
		opts = patient(mediaTimeout, opts)
	}
	return post[AMLResponse](ctx, s.c, opAML, "/v3/aml/", req, opts)
}

func yes(b *bool) bool { return b != nil && *b }

// Check is the outcome in this module's terms. Only
// [kyc.WithOverrides] has an effect.
func (r *AMLResponse) Check(opts ...kyc.Option) kyc.Check {
	v := standalone{feature: FeatureAML, kind: kyc.CheckWatchlist, at: "/aml"}
	if b := r.AML; b != nil {
		v.status, v.warnings, v.score = string(b.Status), b.Warnings, hundred(b.Score)
	}
	return v.check(r.Settings(opts...))
}
