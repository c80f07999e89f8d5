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
	// can tighten and cannot approve.
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
// vendor documents.
func Table() kyc.Table { return slices.Clone(table) }

const (
	ruleComplete  = "status complete: the recommendation decides"
	ruleNoSession = "a complete result that names no session is unknown"
	ruleNoShape   = "a complete result of neither documented shape is unknown"
)

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
// authentication is such a one, and says nothing about a document. Of opts, [kyc.WithOverrides] has an effect. The error matches
// [kyc.ErrMalformed].
func ParseResult(raw []byte, opts ...kyc.Option) (*kyc.Result, error) {
	var r Result
	if err := decodeObject("result.parse", raw, &r); err != nil {
		return nil, err
	}
	return normalise(&r, kyc.NewSettings(opts...)), nil
}

// ParseFaceAuthResult normalises the JSON of a face authentication's result.
// It has one check, of kind [kyc.CheckAuthentication]. Which session it belongs
// to is not in the vendor's answer, so Ref is zero. The result of a document
// verification is refused with [kyc.ErrMalformed].
func ParseFaceAuthResult(raw []byte, opts ...kyc.Option) (*kyc.Result, error) {
	var r FaceAuthResult
	if err := decodeObject("faceauth.parse", raw, &r); err != nil {
		return nil, err
	}
	if r.ofDocument() {
		return nil, kyc.Malformed(kyc.Transmit, "faceauth.parse", "this is the result of a document verification: read it with ParseResult", nil)
	}
	out := &kyc.Result{Raw: raw}
	r.decide(out, kyc.NewSettings(opts...))
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
	if finished(out, settings, string(r.Status), string(r.Recommendation)) {
		switch {
		case r.SessionID == "":
			out.Cite("/session_id", ruleNoSession, true)
		case !r.Complete() && !r.Deprecated():
			// None of the members that make a shape is there; the checks are cited for all of them.
			out.Cite("/checks", ruleNoShape, true)
		default:
			recommend(out, settings, string(r.Recommendation))
		}
	}
	addChecks(out, r.Checks, settings)
	addPeople(out, r)
	return out
}

// finished sets Status, and Decision unless it is for the recommendation to give: then it returns true. The status
// comes first: a recommendation beside any other status than complete has no say.
func finished(out *kyc.Result, settings kyc.Settings, status, recommendation string) bool {
	out.Status = status
	d, rule, overridden := settings.Tighten(kyc.Transmit, FieldStatus, "", status)
	if overridden || status != string(SessionStatusComplete) {
		if !overridden {
			d, rule = table.Decide(FieldStatus, status)
		}
		out.Decision = d
		out.Cite("/status", rule, true)
		return false
	}
	if recommendation != "" {
		out.Status += "/" + recommendation
	}
	out.Cite("/status", ruleComplete, true)
	return true
}

// recommend lets the recommendation decide.
func recommend(out *kyc.Result, settings kyc.Settings, recommendation string) {
	var rule string
	out.Decision, rule = settings.Decide(table, kyc.Transmit, FieldRecommendation, "", recommendation)
	out.Cite("/recommendation", rule, true)
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

func oneCheck(kind kyc.CheckKind, name string, recommendation CheckRecommendation, reasons []string, settings kyc.Settings) kyc.Check {
	c := kyc.Check{Kind: kind, VendorName: name, Status: string(recommendation), Ref: kyc.PointerTo("checks", name)}
	c.Decision, _ = settings.Decide(table, kyc.Transmit, FieldCheck, name, string(recommendation))
	for _, reason := range reasons {
		if against(name, reason) {
			c.Reasons = append(c.Reasons, kyc.Reason{Code: reason, Category: name})
		}
	}
	return c
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
