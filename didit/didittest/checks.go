package didittest

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// checkOutcome is what standalone checks of one operation end in.
type checkOutcome struct {
	status didit.FeatureStatus
	risks  []string
}

// CheckOutcome is what the standalone checks of an operation, as in
// "Checks.FaceMatch", end in, with warnings for it. Any word may be given.
// Without it they are approved. A sandbox approves whatever is said here.
func CheckOutcome(operation string, status didit.FeatureStatus, risks ...string) Option {
	return func(c *config) {
		if c.checks == nil {
			c.checks = make(map[string]checkOutcome)
		}
		c.checks[operation] = checkOutcome{status, risks}
	}
}

func (s *Server) outcome(operation string) checkOutcome {
	if o, ok := s.cfg.checks[operation]; ok && !s.cfg.sandbox {
		return o
	}
	return checkOutcome{status: didit.FeatureStatusApproved}
}

func (o checkOutcome) warnings(feature didit.WarningFeature) []didit.Warning {
	logType := map[didit.FeatureStatus]didit.LogType{didit.FeatureStatusDeclined: didit.LogTypeError, didit.FeatureStatusInReview: didit.LogTypeWarning}[o.status]
	if logType == "" {
		logType = didit.LogTypeInformation
	}
	out := []didit.Warning{}
	for _, risk := range o.risks {
		out = append(out, didit.Warning{Feature: feature, Risk: risk, LogType: logType, ShortDescription: "simulated"})
	}
	return out
}

// formats by what the vendor takes.
var (
	imageTypes    = []string{"image/tiff", "image/jpeg", "image/png", "image/webp"}
	documentTypes = append([]string{"application/pdf"}, imageTypes...)
)

func fields(names ...string) []fake.PartSpec {
	var out []fake.PartSpec
	for _, n := range append(names, "save_api_request", "vendor_data", "metadata") {
		out = append(out, fake.PartSpec{Name: n, Field: true, Optional: true})
	}
	return out
}

// values are the fields whose values the vendor looks at.
var values = map[string]func(string) bool{
	"save_api_request": boolean, "rotate_image": boolean, "perform_document_liveness": boolean,
	"metadata":                              func(s string) bool { return json.Valid([]byte(s)) },
	"face_liveness_score_decline_threshold": between(0, 100), "face_match_score_decline_threshold": between(0, 100),
	"age_estimation_decline_threshold": between(0, 100), "minimum_age": between(1, 120),
	"expiration_date_not_detected_action": action, "invalid_mrz_action": action, "inconsistent_data_action": action,
	"poa_name_mismatch_action": action, "poa_document_issues_action": action, "poa_document_authenticity_action": action,
	"poa_unsupported_language_action": action, "poa_address_mismatch_action": action, "poa_issuer_not_identified_action": action,
	"search_type":          oneOf("most_similar", "blocklisted_or_approved"),
	"preferred_characters": oneOf("latin", "non_latin"),
}

var (
	boolean = oneOf("true", "false")
	action  = oneOf("NO_ACTION", "DECLINE")
)

func oneOf(words ...string) func(string) bool {
	return func(s string) bool {
		for _, w := range words {
			if s == w {
				return true
			}
		}
		return false
	}
}

func between(low, high float64) func(string) bool {
	return func(s string) bool {
		v, err := strconv.ParseFloat(s, 64)
		return err == nil && v >= low && v <= high
	}
}

// form reads the form of a standalone check.
func (s *Server) form(c *fake.Call, specs ...fake.PartSpec) (kept, bool) {
	parts, ok := c.Multipart(specs...)
	if !ok {
		return kept{}, false
	}
	for name, p := range parts {
		if valid := values[name]; valid != nil && !valid(string(p.Data)) {
			c.RefuseWith(fake.Refusal{Status: http.StatusBadRequest, Rule: fake.RuleForm, Code: "field", Detail: "Not a valid value.", Fields: []string{name}})
			return kept{}, false
		}
	}
	k := kept{save: string(parts["save_api_request"].Data) != "false", vendorData: string(parts["vendor_data"].Data)}
	if m, ok := parts["metadata"]; ok {
		k.metadata = m.Data
	}
	return k, true
}

// kept is what all checks have in common.
type kept struct {
	save       bool
	vendorData string
	metadata   json.RawMessage
}

func keptOf(save *bool, vendorData string, metadata json.RawMessage) kept {
	return kept{save: save == nil || *save, vendorData: vendorData, metadata: metadata}
}

// keep makes the session that a saved check leaves, with its notice, and returns the request's id.
func (s *Server) keep(c *fake.Call, k kept, o checkOutcome) string {
	if !k.save || s.cfg.sandbox {
		return s.srv.IDs().UUID()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.newSession(didit.SessionKindUser, Workflow, k.vendorData)
	x.metadata, x.status = k.metadata, didit.StatusNotStarted
	x.script = script{status: didit.SessionStatus(o.status), risks: o.risks}
	s.set(x, x.script.status)
	return x.id
}

func (s *Server) now() kyc.Timestamp {
	return kyc.Timestamp(s.cfg.clock().UTC().Format("2006-01-02T15:04:05.000000+00:00"))
}

// picture is the link to a picture of a saved check, or the picture itself of one that is not.
func (s *Server) picture(k kept, name string) kyc.Secret {
	if k.save && !s.cfg.sandbox {
		return s.media(name)
	}
	return "ZGlkaXR0ZXN0"
}

func (s *Server) checkID(c *fake.Call) {
	k, ok := s.form(c, append(fields(
		"front_image_password", "back_image_password", "perform_document_liveness", "minimum_age", "expiration_date_not_detected_action", "invalid_mrz_action",
		"inconsistent_data_action", "preferred_characters",
	), fake.PartSpec{Name: "front_image", ContentTypes: documentTypes, MaxSize: 10 << 20}, fake.PartSpec{Name: "back_image", Optional: true, ContentTypes: documentTypes, MaxSize: 10 << 20})...)
	if !ok {
		return
	}
	o := s.outcome(c.Operation)
	s.reply(c, http.StatusOK, didit.IDVerificationResponse{
		RequestID: s.keep(c, k, o), VendorData: k.vendorData, Metadata: k.metadata, CreatedAt: s.now(),
		IDVerification: &didit.IDVerification{
			Status: o.status, DocumentType: "Passport", DocumentNumber: "X0000001", FirstName: "Carmen", LastName: "Sample", FullName: "Carmen Sample",
			DateOfBirth: "1980-01-01", Gender: "F", Nationality: "ESP", IssuingState: "ESP", ExpirationDate: "2031-06-02", MRZ: &didit.MRZ{},
			FrontImage: s.picture(k, "front.jpg"), PortraitImage: s.picture(k, "portrait.jpg"), Warnings: o.warnings(didit.WarningFeatureIDVerification),
		},
	})
}

func face() *didit.FaceImage {
	return &didit.FaceImage{BestAngle: new(int64(0)), Entities: []didit.DetectedFace{{Bbox: []int64{10, 20, 110, 140}, Confidence: new(0.87), Age: new(31.5), Gender: "female"}}}
}

var userImage = fake.PartSpec{Name: "user_image", ContentTypes: imageTypes, MaxSize: 5 << 20}

func (s *Server) checkLiveness(c *fake.Call) {
	k, ok := s.form(c, append(fields("face_liveness_score_decline_threshold", "rotate_image"), userImage)...)
	if !ok {
		return
	}
	o := s.outcome(c.Operation)
	s.reply(c, http.StatusOK, didit.PassiveLivenessResponse{
		RequestID: s.keep(c, k, o), VendorData: k.vendorData, Metadata: k.metadata, CreatedAt: s.now(),
		Liveness: &didit.PassiveLiveness{
			Status: o.status, Method: "PASSIVE", Score: new(95.5), UserImage: face(), FaceQuality: new(82.0), FaceLuminance: new(51.0),
			Warnings: o.warnings(didit.WarningFeatureLiveness),
		},
	})
}

func (s *Server) checkFaces(c *fake.Call) {
	reference := userImage
	reference.Name = "ref_image"
	k, ok := s.form(c, append(fields("face_match_score_decline_threshold", "rotate_image"), userImage, reference)...)
	if !ok {
		return
	}
	o := s.outcome(c.Operation)
	s.reply(c, http.StatusOK, didit.FaceMatchResponse{
		RequestID: s.keep(c, k, o), VendorData: k.vendorData, Metadata: k.metadata, CreatedAt: s.now(),
		FaceMatch: &didit.FaceComparison{Status: o.status, Score: new(91.25), UserImage: face(), RefImage: face(), Warnings: o.warnings(didit.WarningFeatureFacematch)},
	})
}

func (s *Server) searchFaces(c *fake.Call) {
	k, ok := s.form(c, append(fields("search_type", "rotate_image"), userImage)...)
	if !ok {
		return
	}
	o := s.outcome(c.Operation)
	found := didit.FaceSearch{Status: o.status, TotalMatches: new(int64(0)), Matches: []didit.LivenessMatch{}, UserImage: face(), Warnings: o.warnings(didit.WarningFeatureLiveness)}
	if len(o.risks) > 0 {
		found.TotalMatches = new(int64(1))
		found.Matches = []didit.LivenessMatch{{SimilarityPercentage: new(98.5), Source: didit.MatchSourceListEntry, IsBlocklisted: new(true)}}
	}
	s.reply(c, http.StatusOK, didit.FaceSearchResponse{
		RequestID: s.keep(c, k, o), VendorData: k.vendorData, Metadata: k.metadata, CreatedAt: s.now(), FaceSearch: &found,
	})
}

func (s *Server) estimateAge(c *fake.Call) {
	k, ok := s.form(c, append(fields("face_liveness_score_decline_threshold", "age_estimation_decline_threshold", "rotate_image"), userImage)...)
	if !ok {
		return
	}
	o := s.outcome(c.Operation)
	s.reply(c, http.StatusOK, didit.AgeEstimationResponse{
		RequestID: s.keep(c, k, o), VendorData: k.vendorData, Metadata: k.metadata, CreatedAt: s.now(),
		AgeEstimation: &didit.AgeEstimation{
			Status: o.status, Method: "PASSIVE", Score: new(97.5), AgeEstimation: new(31.5), UserImage: face(), Warnings: o.warnings(didit.WarningFeatureLiveness),
		},
	})
}

func (s *Server) checkAddress(c *fake.Call) {
	k, ok := s.form(c, append(fields(
		"document_password", "expected_address", "expected_country", "expected_first_name", "expected_last_name", "poa_languages_allowed", "poa_document_age_months",
		"poa_name_mismatch_action", "poa_document_issues_action", "poa_document_authenticity_action", "poa_unsupported_language_action",
		"poa_address_mismatch_action", "poa_issuer_not_identified_action",
	), fake.PartSpec{Name: "document", ContentTypes: documentTypes, MaxSize: 15 << 20})...)
	if !ok {
		return
	}
	o := s.outcome(c.Operation)
	s.reply(c, http.StatusOK, didit.POAResponse{
		RequestID: s.keep(c, k, o), VendorData: k.vendorData, Metadata: k.metadata, CreatedAt: s.now(),
		POA: &didit.POAVerification{
			Status: o.status, DocumentType: "UTILITY_BILL", Issuer: "Example Water", IssueDate: "2026-05-01", IssuingState: "ESP",
			NameOnDocument: "Carmen Sample", Warnings: o.warnings(didit.WarningFeatureProofOfAddress),
		},
	})
}
