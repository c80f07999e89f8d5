package transmit

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// The fields of the decision table, for [kyc.Override].
const (
	// FieldStatus is the state of a session. Its word complete gives nothing: the recommendation does. An override of it
	// cannot approve, and one of complete cannot loosen what the recommendation gives.
	FieldStatus = "status"
	// FieldRecommendation is the verdict of a complete session.
	FieldRecommendation = "recommendation"
	// FieldCheck is the verdict of one check; kyc.Override.Check names which, as in "document_liveness".
	FieldCheck = "checks.recommendation"
)

const (
	sourceStatus     = "OpenAPI Document Verification: CompleteSessionResult, IncompleteSessionResult (status)"
	sourceVerdict    = "OpenAPI Document Verification: CompleteSessionResult, DeprecatedSessionResult (recommendation)"
	sourceOneVerdict = "OpenAPI Document Verification: SessionChecksDto (recommendation)"
)

var table = kyc.Table{
	{Field: FieldStatus, Word: string(SessionStatusPending), Decision: kyc.Pending, Source: sourceStatus},
	{Field: FieldStatus, Word: string(SessionStatusCapturing), Decision: kyc.Pending, Source: sourceStatus},
	{Field: FieldStatus, Word: string(SessionStatusProcessing), Decision: kyc.Pending, Source: sourceStatus},
	{Field: FieldStatus, Word: string(SessionStatusRecapture), Decision: kyc.InputRequired, Source: sourceStatus},
	{Field: FieldStatus, Word: string(SessionStatusError), Decision: kyc.Failed, Source: sourceStatus},
	// Without its recommendation, complete says nothing.
	{Field: FieldStatus, Word: string(SessionStatusComplete), Decision: kyc.Unknown, Source: sourceStatus},

	{Field: FieldRecommendation, Word: string(RecommendationAllow), Decision: kyc.Approved, Source: sourceVerdict},
	{Field: FieldRecommendation, Word: string(RecommendationChallenge), Decision: kyc.Review, Source: sourceVerdict},
	{Field: FieldRecommendation, Word: string(RecommendationDeny), Decision: kyc.Declined, Source: sourceVerdict},

	{Field: FieldCheck, Word: string(CheckAllow), Decision: kyc.Approved, Source: sourceOneVerdict},
	{Field: FieldCheck, Word: string(CheckChallenge), Decision: kyc.Review, Source: sourceOneVerdict},
	{Field: FieldCheck, Word: string(CheckDeny), Decision: kyc.Declined, Source: sourceOneVerdict},
	// The check was not run or does not apply; which of the two is not documented.
	{Field: FieldCheck, Word: string(CheckNotApplicable), Decision: kyc.Unknown, Source: sourceOneVerdict},
}

// Table returns a copy of the decision table, one row for each word that the
// vendor documents. A complete answer that contradicts itself is Unknown unless
// the recommendation declines: one that has a member of the result in another
// spelling or of another JSON type, or rejection_description or extracted_info
// beside ALLOW. A face authentication has four of the statuses: pending,
// capturing, processing and complete.
func Table() kyc.Table { return slices.Clone(table) }

// checkKinds are the seven checks in the order of the vendor's document.
var checkKinds = []struct {
	name string
	kind kyc.CheckKind
}{
	{"document_validation", kyc.CheckDocumentData},
	{"document_authentication", kyc.CheckDocumentAuthenticity},
	{"document_liveness", kyc.CheckDocumentLiveness},
	{"biometric_matching", kyc.CheckFaceMatch},
	{"biometric_liveness", kyc.CheckLiveness},
	{"flagged_identity", kyc.CheckDatabase},
	{"risk_recommendation", kyc.CheckDevice},
}

// ParseResult normalises the JSON of a session's result, offline: as the
// vendor sent it, or as it was stored. All three shapes of the vendor are read.
// A complete result that names no session, or is neither [Result.Complete] nor
// [Result.Deprecated], is unknown whatever it recommends: the result of a face
// authentication is such a one, and says nothing about a document. What
// contradicts itself is unknown, too: see [Table]. Of opts, [kyc.WithOverrides] has
// an effect. The error matches [kyc.ErrMalformed], or [kyc.ErrInvalid] for an
// override that could never fit.
func ParseResult(raw []byte, opts ...kyc.Option) (*kyc.Result, error) {
	settings := kyc.NewSettings(opts...)
	if err := settings.CheckOverrides(kyc.Transmit, overridable); err != nil {
		return nil, err
	}
	var r Result
	if err := decodeObject("result.parse", raw, &r); err != nil {
		return nil, err
	}
	return normalise(&r, settings), nil
}

// ParseFaceAuthResult normalises the JSON of a face authentication's result.
// It has one check, of kind [kyc.CheckAuthentication]. Which session it belongs
// to is not in the vendor's answer, so Ref is zero. The result of a document
// verification, of which any member tells, is refused with [kyc.ErrMalformed].
func ParseFaceAuthResult(raw []byte, opts ...kyc.Option) (*kyc.Result, error) {
	settings := kyc.NewSettings(opts...)
	if err := settings.CheckOverrides(kyc.Transmit, overridable); err != nil {
		return nil, err
	}
	var r FaceAuthResult
	if err := decodeObject("faceauth.parse", raw, &r); err != nil {
		return nil, err
	}
	if r.ofDocument() {
		return nil, kyc.Malformed(kyc.Transmit, "faceauth.parse", "this is the result of a document verification: read it with ParseResult", nil)
	}
	out := &kyc.Result{Raw: raw}
	r.decide(out, settings)
	out.Checks = []kyc.Check{{Kind: kyc.CheckAuthentication, VendorName: "face_auth", Decision: out.Decision, Status: out.Status}}
	return out, nil
}

// decodeObject decodes a JSON object; anything else, null among it, is no result at all.
func decodeObject(operation string, raw []byte, out any) error {
	if trimmed := bytes.TrimLeft(raw, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return kyc.Malformed(kyc.Transmit, operation, "not a JSON object", nil)
	}
	if err := kyc.Unmarshal(raw, out); err != nil {
		return kyc.Malformed(kyc.Transmit, operation, "not the JSON that was expected", err)
	}
	return nil
}

// normalise applies the table to a decoded result.
func normalise(r *Result, settings kyc.Settings) *kyc.Result {
	out := &kyc.Result{Raw: r.RawJSON()}
	if r.SessionID != "" {
		out.Ref = kyc.Ref{Vendor: kyc.Transmit, Session: r.SessionID}
	}
	r.answer().decide(out, settings)
	addChecks(out, r.Checks, settings)
	if r.RiskDetails != nil {
		out.Checks = append(out.Checks, riskCheck(r.RiskDetails, settings))
	}
	addPeople(out, r)
	return out
}

// addChecks lists the checks in the vendor's order, and after them those that the types do not know, by name.
func addChecks(out *kyc.Result, checks *Checks, settings kyc.Settings) {
	if checks == nil {
		return
	}
	for _, k := range checkKinds {
		if recommendation, reasons, ok := checks.check(k.name); ok {
			out.Checks = append(out.Checks, oneCheck(k.kind, k.name, recommendation, reasons, settings))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(checks.Extra)) {
		var c struct {
			Recommendation CheckRecommendation        `json:"recommendation"`
			Reasons        []string                   `json:"reasons"`
			Extra          map[string]json.RawMessage `json:",embed"`
		}
		// A check of an unknown form is listed too, with nothing but its name.
		if err := kyc.Unmarshal(checks.Extra[name], &c); err != nil {
			c.Recommendation, c.Reasons = "", nil
		}
		out.Checks = append(out.Checks, oneCheck(kyc.CheckOther, name, c.Recommendation, c.Reasons, settings))
	}
}

// riskDetails names the check that is made of the member.
const riskDetails = "risk_details"

// riskCheck lists what stands behind the risk recommendation. Its verdict is in words of the fraud service's own, which no
// list explains, so only a caller's rule can decide by them.
func riskCheck(v *RiskDetails, settings kyc.Settings) kyc.Check {
	c := kyc.Check{Kind: kyc.CheckRisk, VendorName: riskDetails, Ref: kyc.PointerTo(riskDetails)}
	if g := v.General; g != nil {
		c.Status = g.Recommendation
		c.Decision, _, _ = settings.Override(kyc.Transmit, FieldCheck, riskDetails, g.Recommendation)
		if g.RiskScore != nil {
			c.Score = &kyc.Score{Value: *g.RiskScore, Name: "risk_score"} // The ends of the scale are not documented.
		}
	}
	c.Reasons = reasonsAgainst(riskDetails, v.RecommendationReasons)
	return c
}

func oneCheck(kind kyc.CheckKind, name string, recommendation CheckRecommendation, reasons []string, settings kyc.Settings) kyc.Check {
	c := kyc.Check{Kind: kind, VendorName: name, Status: string(recommendation), Ref: kyc.PointerTo("checks", name)}
	c.Decision, _ = settings.Decide(table, kyc.Transmit, FieldCheck, name, string(recommendation))
	c.Reasons = reasonsAgainst(name, reasons)
	return c
}

func reasonsAgainst(check string, codes []string) []kyc.Reason {
	var out []kyc.Reason
	for _, code := range codes {
		if against(check, code) {
			out = append(out, kyc.Reason{Code: code, Category: check})
		}
	}
	return out
}

// check returns verdict and reasons of one of the seven checks; ok is false where the vendor sent none.
func (c *Checks) check(name string) (recommendation CheckRecommendation, reasons []string, ok bool) {
	switch name {
	case "document_validation":
		if v := c.DocumentValidation; v != nil {
			return v.Recommendation, texts(v.Reasons), true
		}
	case "document_authentication":
		if v := c.DocumentAuthentication; v != nil {
			return v.Recommendation, texts(v.Reasons), true
		}
	case "document_liveness":
		if v := c.DocumentLiveness; v != nil {
			return v.Recommendation, texts(v.Reasons), true
		}
	case "biometric_matching":
		if v := c.BiometricMatching; v != nil {
			return v.Recommendation, texts(v.Reasons), true
		}
	case "biometric_liveness":
		if v := c.BiometricLiveness; v != nil {
			return v.Recommendation, texts(v.Reasons), true
		}
	case "flagged_identity":
		if v := c.FlaggedIdentity; v != nil {
			return v.Recommendation, texts(v.Reasons), true
		}
	case "risk_recommendation":
		if v := c.RiskRecommendation; v != nil {
			return v.Recommendation, texts(v.Reasons), true
		}
	}
	return "", nil, false
}

func texts[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}
