package didit

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const opAgeEstimation = "checks.age_estimation"

// AgeEstimationRequest is a face to estimate an age from: TIFF, JPEG, PNG or
// WebP of at most 5 MB.
type AgeEstimationRequest struct {
	// UserImage is the picture; required.
	UserImage kyc.File
	// FaceLivenessScoreDeclineThreshold declines at this score and below; 30 where it is nil.
	FaceLivenessScoreDeclineThreshold *float64
	// AgeEstimationDeclineThreshold is the age below which it declines; 18 where it is nil.
	AgeEstimationDeclineThreshold *int64
	// RotateImage tries the picture at other angles too.
	RotateImage *bool
	// SaveAPIRequest keeps the check as a session; the vendor does where it is nil.
	SaveAPIRequest *bool
	// VendorData is the caller's own id of the person.
	VendorData string
	// Metadata is any JSON of the caller's.
	Metadata json.RawMessage
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (r AgeEstimationRequest) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, r) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (r AgeEstimationRequest) LogValue() slog.Value { return kyc.LogRedacted(r) }

// AgeEstimation estimates an age from a living face.
func (s *ChecksService) AgeEstimation(ctx context.Context, req AgeEstimationRequest, opts ...kyc.Option) (*AgeEstimationResponse, error) {
	f := &form{op: opAgeEstimation}
	f.file("user_image", "UserImage", req.UserImage, faceFile)
	f.threshold("face_liveness_score_decline_threshold", "FaceLivenessScoreDeclineThreshold", req.FaceLivenessScoreDeclineThreshold)
	f.whole("age_estimation_decline_threshold", "AgeEstimationDeclineThreshold", req.AgeEstimationDeclineThreshold, 0, 100)
	f.boolean("rotate_image", req.RotateImage)
	f.kept(req.SaveAPIRequest, req.VendorData, req.Metadata)
	return upload[AgeEstimationResponse](ctx, s.c, f, http.MethodPost, "/v3/age-estimation/", opts)
}

// Estimation returns the estimate under whichever name the server gave it:
// age_estimation, or liveness as older pages have it. It is nil without one.
//
// Experimental: which name servers use; the pages disagree.
func (r *AgeEstimationResponse) Estimation() *AgeEstimation {
	if r.AgeEstimation != nil {
		return r.AgeEstimation
	}
	return r.Liveness
}

// Check is the outcome in this module's terms. Only
// [kyc.WithOverrides] has an effect. An answer with both names, whose statuses
// differ, is Unknown.
func (r *AgeEstimationResponse) Check(opts ...kyc.Option) kyc.Check {
	v := standalone{feature: FeatureAgeEstimation, kind: kyc.CheckAge, at: "/age_estimation"}
	if r.AgeEstimation == nil && r.Liveness != nil {
		v.at = "/liveness"
	}
	b := r.Estimation()
	if b == nil {
		return v.check(r.Settings(opts...))
	}
	v.status, v.warnings, v.score = string(b.Status), b.Warnings, hundred(b.Score)
	out := v.check(r.Settings(opts...))
	if r.AgeEstimation != nil && r.Liveness != nil && r.AgeEstimation.Status != r.Liveness.Status {
		out.Decision = kyc.Unknown
	}
	return out
}
