package didit

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const opFaceMatch = "checks.face_match"

// FaceMatchRequest is two pictures to compare, each TIFF, JPEG, PNG or WebP of
// at most 5 MB.
type FaceMatchRequest struct {
	// UserImage is the picture of the user; required.
	UserImage kyc.File
	// RefImage is the picture to compare with; required.
	RefImage kyc.File
	// FaceMatchScoreDeclineThreshold is the likeness that must be exceeded; 30 where it is nil.
	FaceMatchScoreDeclineThreshold *float64
	// RotateImage tries the pictures at other angles too.
	RotateImage *bool
	// SaveAPIRequest keeps the check as a session; the vendor does where it is nil.
	SaveAPIRequest *bool
	// VendorData is the caller's own id of the person.
	VendorData string
	// Metadata is any JSON of the caller's.
	Metadata json.RawMessage
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (r FaceMatchRequest) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, r) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (r FaceMatchRequest) LogValue() slog.Value { return kyc.LogRedacted(r) }

// FaceMatch compares two faces.
func (s *ChecksService) FaceMatch(ctx context.Context, req FaceMatchRequest, opts ...kyc.Option) (*FaceMatchResponse, error) {
	f := &form{op: opFaceMatch}
	f.file("user_image", "UserImage", req.UserImage, faceFile)
	f.file("ref_image", "RefImage", req.RefImage, faceFile)
	f.threshold("face_match_score_decline_threshold", "FaceMatchScoreDeclineThreshold", req.FaceMatchScoreDeclineThreshold)
	f.boolean("rotate_image", req.RotateImage)
	f.kept(req.SaveAPIRequest, req.VendorData, req.Metadata)
	return upload[FaceMatchResponse](ctx, s.c, f, http.MethodPost, "/v3/face-match/", opts)
}

// Check is the outcome in this module's terms. Only
// [kyc.WithOverrides] has an effect.
func (r *FaceMatchResponse) Check(opts ...kyc.Option) kyc.Check {
	v := standalone{feature: FeatureFaceMatch, kind: kyc.CheckFaceMatch, at: "/face_match"}
	if b := r.FaceMatch; b != nil {
		v.status, v.warnings, v.score = string(b.Status), b.Warnings, hundred(b.Score)
	}
	return v.check(r.Settings(opts...))
}
