package didit

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const opPassiveLiveness = "checks.passive_liveness"

// PassiveLivenessRequest is a picture to look for a living person in: TIFF,
// JPEG, PNG or WebP of at most 5 MB.
type PassiveLivenessRequest struct {
	// UserImage is the picture; required.
	UserImage kyc.File
	// FaceLivenessScoreDeclineThreshold declines at this score and below; 30 where it is nil.
	FaceLivenessScoreDeclineThreshold *float64
	// RotateImage tries the picture at other angles too.
	RotateImage *bool
	// SaveAPIRequest keeps the check as a session; the vendor does where it is nil. The face can then be found by later searches.
	SaveAPIRequest *bool
	// VendorData is the caller's own id of the person. Faces with the same id do not count as duplicates.
	VendorData string
	// Metadata is any JSON of the caller's.
	Metadata json.RawMessage
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (r PassiveLivenessRequest) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, r) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (r PassiveLivenessRequest) LogValue() slog.Value { return kyc.LogRedacted(r) }

// PassiveLiveness asks whether one picture shows a living person.
func (s *ChecksService) PassiveLiveness(ctx context.Context, req PassiveLivenessRequest, opts ...kyc.Option) (*PassiveLivenessResponse, error) {
	f := &form{op: opPassiveLiveness}
	f.file("user_image", "UserImage", req.UserImage, faceFile)
	f.threshold("face_liveness_score_decline_threshold", "FaceLivenessScoreDeclineThreshold", req.FaceLivenessScoreDeclineThreshold)
	f.boolean("rotate_image", req.RotateImage)
	f.kept(req.SaveAPIRequest, req.VendorData, req.Metadata)
	return upload[PassiveLivenessResponse](ctx, s.c, f, http.MethodPost, "/v3/passive-liveness/", opts)
}

// Check is the outcome in this module's terms. Only
// [kyc.WithOverrides] has an effect.
func (r *PassiveLivenessResponse) Check(opts ...kyc.Option) kyc.Check {
	v := standalone{feature: FeatureLiveness, kind: kyc.CheckLiveness, at: "/liveness"}
	if b := r.Liveness; b != nil {
		v.status, v.warnings, v.score = string(b.Status), b.Warnings, hundred(b.Score)
	}
	return v.check(r.Settings(opts...))
}
