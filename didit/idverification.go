package didit

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const opIDVerification = "checks.id_verification"

// IDVerificationRequest is a document to read and check. Images are TIFF, JPEG,
// PNG, WebP or PDF of at most 10 MB each. (One vendor page says 5 MB.)
type IDVerificationRequest struct {
	// FrontImage is the front, or the only side; required.
	FrontImage kyc.File
	// FrontImagePassword opens an encrypted PDF.
	FrontImagePassword kyc.Secret
	// BackImage is the back, where the document has one.
	BackImage kyc.File
	// BackImagePassword opens an encrypted PDF.
	BackImagePassword kyc.Secret
	// PerformDocumentLiveness asks whether the document itself was before the camera. Servers differ in what they do where it is nil.
	PerformDocumentLiveness *bool
	// MinimumAge, from 1 to 120, is taken by the vendor and, as documented, not applied.
	MinimumAge *int64
	// ExpirationDateNotDetectedAction is NO_ACTION where it is empty.
	ExpirationDateNotDetectedAction CheckAction
	// InvalidMRZAction is DECLINE where it is empty.
	InvalidMRZAction CheckAction
	// InconsistentDataAction is DECLINE where it is empty.
	InconsistentDataAction CheckAction
	// PreferredCharacters is latin (the default) or non_latin.
	PreferredCharacters string
	// SaveAPIRequest keeps the check as a session; the vendor does where it is nil.
	SaveAPIRequest *bool
	// VendorData is the caller's own id of the person.
	VendorData string
	// Metadata is any JSON of the caller's.
	Metadata json.RawMessage
}

// Format prints the type's name and the actions only; see [kyc.FormatRedacted].
func (r IDVerificationRequest) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, r) }

// LogValue logs the type's name and the actions only; see [kyc.LogRedacted].
func (r IDVerificationRequest) LogValue() slog.Value { return kyc.LogRedacted(r) }

// IDVerification reads and checks an identity document. A picture in which no
// document is found is an error with the code COULD_NOT_RECOGNIZE_DOCUMENT.
func (s *ChecksService) IDVerification(ctx context.Context, req IDVerificationRequest, opts ...kyc.Option) (*IDVerificationResponse, error) {
	f := &form{op: opIDVerification}
	f.file("front_image", "FrontImage", req.FrontImage, documentFile)
	f.text("front_image_password", req.FrontImagePassword.Reveal())
	f.optional("back_image", "BackImage", req.BackImage, documentFile)
	f.text("back_image_password", req.BackImagePassword.Reveal())
	f.boolean("perform_document_liveness", req.PerformDocumentLiveness)
	f.whole("minimum_age", "MinimumAge", req.MinimumAge, 1, 120)
	f.text("expiration_date_not_detected_action", string(req.ExpirationDateNotDetectedAction))
	f.text("invalid_mrz_action", string(req.InvalidMRZAction))
	f.text("inconsistent_data_action", string(req.InconsistentDataAction))
	f.text("preferred_characters", req.PreferredCharacters)
	f.kept(req.SaveAPIRequest, req.VendorData, req.Metadata)
	return upload[IDVerificationResponse](ctx, s.c, f, http.MethodPost, "/v3/id-verification/", opts)
}

// Check is the outcome in this module's terms. Only
// [kyc.WithOverrides] has an effect.
func (r *IDVerificationResponse) Check(opts ...kyc.Option) kyc.Check {
	v := standalone{feature: FeatureIDVerification, kind: kyc.CheckDocumentAuthenticity, at: "/id_verification"}
	if b := r.IDVerification; b != nil {
		v.status, v.warnings = string(b.Status), b.Warnings
	}
	return v.check(r.Settings(opts...))
}
