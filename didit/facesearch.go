package didit

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const opFaceSearch = "checks.face_search"

// FaceSearchType says among which faces a search looks.
type FaceSearchType string

// The kinds of search.
const (
	// FaceSearchMostSimilar looks among all faces; it is the vendor's default.
	FaceSearchMostSimilar FaceSearchType = "most_similar"
	// FaceSearchBlocklistedOrApproved looks among those on the block list and of approved sessions.
	FaceSearchBlocklistedOrApproved FaceSearchType = "blocklisted_or_approved"
)

// Known reports whether t is one of the constants.
func (t FaceSearchType) Known() bool {
	return t == FaceSearchMostSimilar || t == FaceSearchBlocklistedOrApproved
}

// FaceSearchRequest is a face to look up: TIFF, JPEG, PNG or WebP of at most 5
// MB.
type FaceSearchRequest struct {
	// UserImage is the picture; required.
	UserImage kyc.File
	// SearchType says among which faces to look.
	SearchType FaceSearchType
	// RotateImage tries the picture at other angles too.
	RotateImage *bool
	// SaveAPIRequest keeps the check as a session; the vendor does where it is nil.
	SaveAPIRequest *bool
	// VendorData is the caller's own id of the person. Faces with the same id are left out.
	VendorData string
	// Metadata is any JSON of the caller's.
	Metadata json.RawMessage
}

// Format prints the type's name and the kind of search only; see [kyc.FormatRedacted].
func (r FaceSearchRequest) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, r) }

// LogValue logs the type's name and the kind of search only; see [kyc.LogRedacted].
func (r FaceSearchRequest) LogValue() slog.Value { return kyc.LogRedacted(r) }

// FaceSearch looks a face up among those of the application. Approved says only
// that the face is on no block list: duplicates are in the matches. A picture
// without a face is an error.
func (s *ChecksService) FaceSearch(ctx context.Context, req FaceSearchRequest, opts ...kyc.Option) (*FaceSearchResponse, error) {
	f := &form{op: opFaceSearch}
	f.file("user_image", "UserImage", req.UserImage, faceFile)
	f.text("search_type", string(req.SearchType))
	f.boolean("rotate_image", req.RotateImage)
	f.kept(req.SaveAPIRequest, req.VendorData, req.Metadata)
	return upload[FaceSearchResponse](ctx, s.c, f, http.MethodPost, "/v3/face-search/", opts)
}

// Check is the outcome in this module's terms. Only
// [kyc.WithOverrides] has an effect.
func (r *FaceSearchResponse) Check(opts ...kyc.Option) kyc.Check {
	v := standalone{feature: FeatureFaceSearch, kind: kyc.CheckFaceSearch, at: "/face_search"}
	if b := r.FaceSearch; b != nil {
		v.status, v.warnings = string(b.Status), b.Warnings
	}
	return v.check(r.Settings(opts...))
}
