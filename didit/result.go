package didit

import (
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ParseResult normalises a decision that was stored or received. Only
// [kyc.WithOverrides] has an effect; an override that could never fit is an error
// matching [kyc.ErrInvalid]. Bytes that are not one JSON document are an error
// matching [kyc.ErrMalformed]; JSON that is no decision, such as a notice, is
// [kyc.Unknown]. So is a decision that is not declined and in which a deciding
// member stands in another spelling too, as "Status" beside "status".
//
// A result of a sandbox is decided like any other and says so in
// [kyc.Result.Test].
func ParseResult(raw []byte, opts ...kyc.Option) (*kyc.Result, error) {
	settings := kyc.NewSettings(opts...)
	if err := settings.CheckOverrides(kyc.Didit, overridable); err != nil {
		return nil, err
	}
	var d Decision
	if err := kyc.Unmarshal(raw, &d); err != nil {
		return nil, kyc.Malformed(kyc.Didit, "results.parse", "the decision is not valid JSON", err)
	}
	return normalise(&d, settings), nil
}

// Result normalises the decision as [ParseResult] does. Only [kyc.WithOverrides]
// has an effect; beside an override that could never fit nothing is approved. A
// decision that was not decoded from JSON, or that stands inside a notice, gives
// an Unknown: fetch it.
func (d *Decision) Result(opts ...kyc.Option) *kyc.Result {
	return normalise(d, d.Settings(opts...))
}

func normalise(d *Decision, settings kyc.Settings) *kyc.Result {
	r := &kyc.Result{Ref: d.Ref(), Raw: d.RawJSON()}
	if r.Raw == nil {
		return r
	}
	r.Reference, r.Status = d.VendorData, string(d.Status)
	r.CreatedAt, _ = d.CreatedAt.Time()
	decide(r, d, settings)
	if d.WorkflowID != "" {
		r.Workflow = d.WorkflowID
		r.Cite("/workflow_id", "the workflow that was run", false)
	}
	if equalASCII(string(d.Environment), string(EnvironmentSandbox)) {
		r.Test = true
		r.Cite("/environment", "a sandbox checks nobody", false)
	}
	r.Checks = checks(d, settings)
	identity(r, d)
	business(r, d, settings)
	return r
}

// collector turns the items of all blocks into checks.
type collector struct {
	settings kyc.Settings
	checks   []kyc.Check
}

func (c *collector) add(block string, i int, name FeatureName, kind kyc.CheckKind, status FeatureStatus, warnings []Warning, score *kyc.Score) {
	decision, _ := decideWord(c.settings, FieldFeature, string(name), string(status))
	c.checks = append(c.checks, kyc.Check{
		Kind: kind, VendorName: string(name), Decision: decision, Status: string(status), Reasons: reasons(warnings),
		Score: score, Ref: kyc.PointerTo(block, i),
	})
}

// reasons leaves out what only informs. A log type that is new counts as a reason.
func reasons(warnings []Warning) []kyc.Reason {
	var out []kyc.Reason
	for _, w := range warnings {
		if w.Risk != "" && !w.Informs() {
			out = append(out, kyc.Reason{Code: w.Risk, Category: string(w.LogType)})
		}
	}
	return out
}

// percentScore is a figure that the vendor counts to 100. Some samples count to 1, so a figure up to 1 has no scale.
func percentScore(v *float64) *kyc.Score {
	switch {
	case v == nil:
		return nil
	case *v <= 1:
		return &kyc.Score{Value: *v}
	default:
		return &kyc.Score{Value: *v, Min: 0, Max: 100}
	}
}

// checks lists the items of all blocks, one block after the other in the vendor's order.
func checks(d *Decision, settings kyc.Settings) []kyc.Check {
	c := collector{settings: settings}
	for i, v := range d.IDVerifications {
		c.add("id_verifications", i, FeatureIDVerification, kyc.CheckDocumentAuthenticity, v.Status, v.Warnings, nil)
	}
	for i, v := range d.NFCVerifications {
		c.add("nfc_verifications", i, FeatureNFC, kyc.CheckNFC, v.Status, v.Warnings, nil)
	}
	for i, v := range d.LivenessChecks {
		c.add("liveness_checks", i, FeatureLiveness, kyc.CheckLiveness, v.Status, v.Warnings, percentScore(v.Score))
	}
	for i, v := range d.FaceMatches {
		c.add("face_matches", i, FeatureFaceMatch, kyc.CheckFaceMatch, v.Status, v.Warnings, percentScore(v.Score))
	}
	for i, v := range d.PhoneVerifications {
		c.add("phone_verifications", i, FeaturePhone, kyc.CheckPhone, v.Status, v.Warnings, nil)
	}
	for i, v := range d.EmailVerifications {
		c.add("email_verifications", i, FeatureEmailVerification, kyc.CheckEmail, v.Status, v.Warnings, nil)
	}
	for i, v := range d.POAVerifications {
		c.add("poa_verifications", i, FeaturePOA, kyc.CheckAddress, v.Status, v.Warnings, nil)
	}
	for i, v := range d.DocumentAIDocuments {
		c.add("document_ai_documents", i, FeatureDocumentAI, kyc.CheckOther, v.Status, v.Warnings, nil)
	}
	for i, v := range d.QuestionnaireResponses {
		c.add("questionnaire_responses", i, FeatureQuestionnaire, kyc.CheckQuestionnaire, v.Status, nil, nil)
	}
	for i, v := range d.AMLScreenings {
		var score *kyc.Score
		if v.Score != nil {
			score = &kyc.Score{Value: *v.Score, Min: 0, Max: 100}
		}
		c.add("aml_screenings", i, FeatureAML, kyc.CheckWatchlist, v.Status, v.Warnings, score)
	}
	for i, v := range d.IPAnalyses {
		c.add("ip_analyses", i, FeatureIPAnalysis, kyc.CheckDevice, v.Status, v.Warnings, nil)
	}
	for i, v := range d.DatabaseValidations {
		c.add("database_validations", i, FeatureDatabaseValidation, kyc.CheckDatabase, v.Status, v.Warnings, nil)
	}
	for i, v := range d.RegistryChecks {
		c.add("registry_checks", i, FeatureKYBRegistry, kyc.CheckCompanyRegistry, v.Status, v.Warnings, nil)
	}
	for i, v := range d.KeyPeopleChecks {
		c.add("key_people_checks", i, FeatureKYBKeyPeople, kyc.CheckKeyPeople, v.Status, v.Warnings, nil)
	}
	for i, v := range d.DocumentVerifications {
		c.add("document_verifications", i, FeatureKYBDocuments, kyc.CheckCompanyDocument, v.Status, v.Warnings, nil)
	}
	return c.checks
}

// hasText reports whether a text says anything.
func hasText(s string) bool { return strings.TrimSpace(s) != "" }
