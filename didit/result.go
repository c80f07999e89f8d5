package didit

import (
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Fields of the decision table, for [kyc.Override]. Case of ASCII letters
// counts in an override's word; the table itself ignores it.
//
// In all three a word tells either what was found or only how far things are.
// For a word of the second kind, such as Not Started, Resubmitted, Expired or
// Abandoned, an override that approves is passed over; one that decides
// otherwise counts. It counts in full for In Review, for Declined, and for a
// word that nobody documents.
const (
	// FieldStatus is the session's status, which decides alone. No override approves a status that is not decided.
	FieldStatus = "status"
	// FieldFeature is the status of one feature, or of a check without a session. It gives the decision of a check, never
	// that of the whole. An override's Check is the feature's name, as in "LIVENESS". No override approves a feature that is
	// not finished, nor a code that was wrong or ran out.
	FieldFeature = "feature.status"
	// FieldParty is the state of the own verification of an officer or owner. It gives the decision of a party. No override
	// approves a state that is not decided.
	FieldParty = "party.status"
)

const (
	sourceStatus  = "Verification statuses; Retrieve Session, status"
	sourceFeature = "Retrieve Session, status of each item"
	sourceParty   = "Retrieve Session, kyc_status and kyc_session_status"
)

var table = kyc.Table{
	{Field: FieldStatus, Word: string(StatusNotStarted), Decision: kyc.Pending, Source: sourceStatus},
	{Field: FieldStatus, Word: string(StatusInProgress), Decision: kyc.Pending, Source: sourceStatus},
	{Field: FieldStatus, Word: string(StatusAwaitingUser), Decision: kyc.InputRequired, Source: sourceStatus},
	{Field: FieldStatus, Word: string(StatusInReview), Decision: kyc.Review, Source: sourceStatus},
	{Field: FieldStatus, Word: string(StatusApproved), Decision: kyc.Approved, Source: sourceStatus},
	{Field: FieldStatus, Word: string(StatusDeclined), Decision: kyc.Declined, Source: sourceStatus},
	{Field: FieldStatus, Word: string(StatusResubmitted), Decision: kyc.InputRequired, Source: sourceStatus},
	{Field: FieldStatus, Word: string(StatusExpired), Decision: kyc.Expired, Source: sourceStatus},
	{Field: FieldStatus, Word: string(StatusKYCExpired), Decision: kyc.Expired, Source: sourceStatus},
	{Field: FieldStatus, Word: string(StatusAbandoned), Decision: kyc.Abandoned, Source: sourceStatus},

	{Field: FieldFeature, Word: string(FeatureStatusNotStarted), Decision: kyc.Pending, Source: sourceFeature},
	{Field: FieldFeature, Word: string(FeatureStatusNotFinished), Decision: kyc.Pending, Source: sourceFeature},
	{Field: FieldFeature, Word: string(FeatureStatusApproved), Decision: kyc.Approved, Source: sourceFeature},
	{Field: FieldFeature, Word: string(FeatureStatusDeclined), Decision: kyc.Declined, Source: sourceFeature},
	{Field: FieldFeature, Word: string(FeatureStatusInReview), Decision: kyc.Review, Source: sourceFeature},
	{Field: FieldFeature, Word: string(FeatureStatusExpired), Decision: kyc.Expired, Source: sourceFeature},
	{Field: FieldFeature, Word: string(FeatureStatusResubRequested), Decision: kyc.InputRequired, Source: sourceFeature},
	{Field: FieldFeature, Word: string(FeatureStatusAwaitingUser), Decision: kyc.InputRequired, Source: sourceFeature},

	{Field: FieldParty, Word: string(StatusNotStarted), Decision: kyc.Pending, Source: sourceParty},
	{Field: FieldParty, Word: string(StatusInProgress), Decision: kyc.Pending, Source: sourceParty},
	{Field: FieldParty, Word: string(PersonStatusPending), Decision: kyc.Pending, Source: sourceParty},
	{Field: FieldParty, Word: string(StatusAwaitingUser), Decision: kyc.InputRequired, Source: sourceParty},
	{Field: FieldParty, Word: string(StatusInReview), Decision: kyc.Review, Source: sourceParty},
	{Field: FieldParty, Word: string(StatusApproved), Decision: kyc.Approved, Source: sourceParty},
	{Field: FieldParty, Word: string(StatusDeclined), Decision: kyc.Declined, Source: sourceParty},
	{Field: FieldParty, Word: string(StatusResubmitted), Decision: kyc.InputRequired, Source: sourceParty},
	{Field: FieldParty, Word: string(StatusExpired), Decision: kyc.Expired, Source: sourceParty},
	{Field: FieldParty, Word: string(StatusKYCExpired), Decision: kyc.Expired, Source: sourceParty},
	{Field: FieldParty, Word: string(StatusAbandoned), Decision: kyc.Abandoned, Source: sourceParty},
}

// Table returns the decision table. Words match without regard to the case of
// ASCII letters, since the vendor's own samples differ in it, and in nothing
// else.
func Table() kyc.Table { return append(kyc.Table(nil), table...) }

// decideWord asks the caller's overrides with the word as it stands and as the table spells it, and then the table.
func decideWord(settings kyc.Settings, field, check, word string) (kyc.Decision, string) {
	spelled := word
	for _, row := range table {
		if row.Field == field && equalASCII(row.Word, word) {
			spelled = row.Word
			break
		}
	}
	ask := settings.Override
	if unfinished(word) {
		ask = settings.Tighten
	}
	for _, w := range [...]string{word, spelled} {
		if d, rule, ok := ask(kyc.Didit, field, check, w); ok {
			return d, rule
		}
	}
	return table.Decide(field, spelled)
}

// unfinished tells whether a word says how far something is and not what was found. One field tells both at this vendor,
// and no rule of a caller's may approve what nobody has judged. The vendor's pages take a word from one field into
// another, and write some with underscores, so any field's word counts here, however it is spelled.
func unfinished(word string) bool {
	word = strings.ReplaceAll(word, "_", " ")
	for _, code := range [...]CodeStatus{CodeStatusFailed, CodeStatusExpiredOrNotFound} {
		if equalASCII(string(code), word) {
			return true
		}
	}
	for _, row := range table {
		if !equalASCII(row.Word, word) {
			continue
		}
		switch row.Decision {
		case kyc.Pending, kyc.InputRequired, kyc.Expired, kyc.Abandoned, kyc.Failed:
			return true
		case kyc.Unknown, kyc.Approved, kyc.Declined, kyc.Review:
		}
	}
	return false
}

// equalASCII ignores the case of ASCII letters. strings.EqualFold would also take a Kelvin sign for a k.
func equalASCII(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// ParseResult normalises a decision that was stored or received. Of the options
// only [kyc.WithOverrides] matters. Bytes that are not one JSON document are an
// error matching [kyc.ErrMalformed]; JSON that is no decision, such as a notice,
// is [kyc.Unknown].
func ParseResult(raw []byte, opts ...kyc.Option) (*kyc.Result, error) {
	var d Decision
	if err := kyc.Unmarshal(raw, &d); err != nil {
		return nil, kyc.Malformed(kyc.Didit, "results.parse", "the decision is not valid JSON", err)
	}
	return d.Result(opts...), nil
}

// Result normalises the decision. Of the options only [kyc.WithOverrides]
// matters. A decision that was not decoded from JSON, or that stands inside a
// notice, gives an Unknown: fetch it.
func (d *Decision) Result(opts ...kyc.Option) *kyc.Result {
	return normalise(d, kyc.NewSettings(opts...))
}

func normalise(d *Decision, settings kyc.Settings) *kyc.Result {
	r := &kyc.Result{Ref: d.Ref(), Raw: d.RawJSON()}
	if r.Raw == nil {
		return r
	}
	r.Reference, r.Status = d.VendorData, string(d.Status)
	r.CreatedAt, _ = d.CreatedAt.Time()
	switch {
	case d.SessionID == "":
		r.Cite("/session_id", "a decision without a session is unknown", true)
	case notice(d) != "":
		r.Cite("/"+notice(d), "a notice is no decision", true)
	default:
		var rule string
		r.Decision, rule = decideWord(settings, FieldStatus, "", string(d.Status))
		r.Cite("/status", rule, true)
	}
	r.Checks = checks(d, settings)
	identity(r, d)
	business(r, d, settings)
	return r
}

// notice returns a member that only a notice has, "" for a decision. One of them is enough: a notice that lost another on its
// way is still none.
func notice(d *Decision) string {
	for _, name := range [...]string{"webhook_type", "event_id", "decision"} {
		if d.Extra[name] != nil {
			return name
		}
	}
	return ""
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

// trimmed tells whether a text says anything.
func trimmed(s string) bool { return strings.TrimSpace(s) != "" }
