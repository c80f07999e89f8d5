package yoti

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/country"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ParseResult normalises a session result, stored or received, by the decision
// table; see [Table]. It uses no network. The error matches [kyc.ErrMalformed]
// where raw is not one complete JSON document; a document that is no session
// result is Unknown. Of the options only [kyc.WithOverrides] counts. raw is kept
// as the result's Raw and must not be modified afterwards.
//
// Each of the vendor's checks becomes a [kyc.Check] with the reason of its
// recommendation and the sub-checks that failed as reasons. A sub-check does not
// overrule its check's recommendation. Names and numbers of a document are a
// separate download: see [Client.Extract].
func ParseResult(raw []byte, opts ...kyc.Option) (*kyc.Result, error) {
	var s SessionResult
	if err := kyc.Unmarshal(raw, &s); err != nil {
		return nil, kyc.Malformed(kyc.Yoti, "parse result", "the session result is not one complete JSON document", err)
	}
	return normalise(&s, kyc.NewSettings(opts...)), nil
}

// verdict collects the parts of a decision.
type verdict struct {
	result   *kyc.Result
	settings kyc.Settings
	byType   bool // an override is for checks of one type, so that types decide too
	parts    []part
	evidence []kyc.Evidence
}

// part is what one check, or another thing that can hinder, contributes.
type part struct {
	decision kyc.Decision
	word     string
}

func normalise(s *SessionResult, settings kyc.Settings) *kyc.Result {
	r := &kyc.Result{
		Ref: kyc.Ref{Vendor: kyc.Yoti, Session: s.SessionID}, Reference: s.UserTrackingID, Status: string(s.State), Raw: s.RawJSON(),
	}
	if s.SessionID == "" {
		r.Ref = kyc.Ref{}
	}
	v := &verdict{result: r, settings: settings, byType: slices.ContainsFunc(settings.Overrides, func(o kyc.Override) bool {
		return o.Check != "" && (o.Vendor == "" || o.Vendor == kyc.Yoti)
	})}
	decision, rule, overridden := v.state(FieldState, "", string(s.State))
	v.cite("/state", rule)
	if s.SessionID == "" {
		v.hinder("/session_id", "a document without a session id is no session result")
	}
	for i := range s.Checks {
		v.check(i, &s.Checks[i])
	}
	if len(s.Checks) == 0 {
		v.hinder("/checks", "a completed session without checks is unknown")
	}
	v.profile("/identity_profile", s.IdentityProfile)
	v.profile("/advanced_identity_profile", s.AdvancedIdentityProfile)
	v.shape(s)
	r.CiteAll(v.evidence...)
	r.Decision = decision
	if s.State == SessionStateCompleted && !overridden {
		combined := v.combine()
		r.Decision = combined.decision
		if combined.word != "" {
			r.Status += "/" + combined.word
		}
	}
	r.Documents = documents(s)
	if len(r.Documents) > 0 {
		r.Document = &r.Documents[0]
	}
	return r
}

// state decides over the state of the session or of a check. The states that send the reader on say so in the rule.
func (v *verdict) state(field, check, word string) (decision kyc.Decision, rule string, overridden bool) {
	if decision, rule, overridden = v.settings.Tighten(kyc.Yoti, field, check, word); overridden {
		return decision, rule, true
	}
	switch {
	case field == FieldState && word == string(SessionStateCompleted):
		return kyc.Unknown, "state COMPLETED leaves it to the checks", false
	case field == FieldCheckState && word == string(CheckStateDone):
		return kyc.Unknown, "checks.state DONE leaves it to the recommendation", false
	}
	decision, rule = table.Decide(field, word)
	return decision, rule, false
}

// cite notes a deciding value.
func (v *verdict) cite(pointer, rule string) {
	v.evidence = append(v.evidence, kyc.Evidence{Pointer: pointer, Rule: rule, Deciding: true})
}

// hinder adds a part that keeps the session from being approved.
func (v *verdict) hinder(pointer, rule string) {
	v.cite(pointer, rule)
	v.parts = append(v.parts, part{decision: kyc.Unknown})
}

// combine takes the first that is there of Declined, Unknown, Review, Approved. A decision of another kind, which only an
// unfinished check or an override gives, counts as Unknown.
func (v *verdict) combine() part {
	best := part{decision: kyc.Unknown}
	rank := -1
	for _, p := range v.parts {
		order := slices.Index([]kyc.Decision{kyc.Approved, kyc.Review, kyc.Unknown, kyc.Declined}, p.decision)
		if order < 0 {
			p.decision, order = kyc.Unknown, 2
		}
		if order > rank {
			best, rank = p, order
		}
	}
	return best
}

// check normalises one check and adds its part.
func (v *verdict) check(i int, c *Check) {
	ref := kyc.PointerTo("checks", i)
	out := kyc.Check{Kind: kinds[c.Type], VendorName: string(c.Type), Ref: ref, Status: string(c.State)}
	if out.Kind == "" {
		out.Kind = kyc.CheckOther
	}
	word := ""
	if c.Report != nil && c.Report.Recommendation != nil {
		word = string(c.Report.Recommendation.Value)
	}
	recommended, rule := v.settings.Decide(table, kyc.Yoti, FieldRecommendation, string(c.Type), word)
	state, stateRule, overridden := v.state(FieldCheckState, string(c.Type), string(c.State))
	if v.byType {
		v.cite(ref+"/type", "a caller's rule tells checks by their type")
	}
	v.cite(ref+"/state", stateRule)
	v.cite(ref+"/report/recommendation/value", rule)
	// A rejection counts whatever the state: the session is over. Anything else counts of a finished check only.
	out.Decision = recommended
	if recommended != kyc.Declined && (overridden || c.State != CheckStateDone) {
		out.Decision = state
	}
	if v.byType && out.Decision == kyc.Approved && !c.Type.Known() {
		// A caller who tells checks apart gets no approval from one that cannot be told.
		out.Decision = kyc.Unknown
	}
	if word != "" {
		out.Status += "/" + word
	}
	v.spelling(ref, c.Extra, "type", "state", "report")
	if c.Report != nil {
		out.Reasons, out.Score = reasons(c.Report), score(c.Report)
		v.spelling(ref+"/report", c.Report.Extra, "recommendation")
		if c.Report.Recommendation != nil {
			v.spelling(ref+"/report/recommendation", c.Report.Recommendation.Extra, "value")
		}
	}
	v.result.Checks = append(v.result.Checks, out)
	v.parts = append(v.parts, part{decision: out.Decision, word: word})
}

// categorySubCheck marks reasons that are the names of failed sub-checks.
const categorySubCheck = "sub_check"

func reasons(report *Report) []kyc.Reason {
	var all []kyc.Reason
	if r := report.Recommendation; r != nil && r.Reason != "" {
		all = append(all, kyc.Reason{Code: string(r.Reason)})
	}
	for _, b := range report.Breakdown {
		if b.Result == SubCheckResultFail {
			all = append(all, kyc.Reason{Code: b.SubCheck, Category: categorySubCheck})
		}
	}
	return all
}

const confidenceScore = "confidence_score"

// score reads the confidence of a face match, which runs from 0 to 1. No other measurement has a documented scale.
func score(report *Report) *kyc.Score {
	for _, b := range report.Breakdown {
		for _, d := range b.Details {
			if d.Name != confidenceScore {
				continue
			}
			value, err := strconv.ParseFloat(strings.TrimSpace(d.Value), 64)
			if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
				continue
			}
			if value < 0 || value > 1 {
				return &kyc.Score{Value: value, Name: confidenceScore}
			}
			return &kyc.Score{Value: value, Max: 1, Name: confidenceScore}
		}
	}
	return nil
}

// profile adds an identity profile as a check of its own. One that was made takes nothing from the checks' outcome; one
// that was not, or that misses a requirement, hinders.
func (v *verdict) profile(ref string, p *IdentityProfile) {
	if p == nil {
		return
	}
	decision, rule := v.settings.Decide(table, kyc.Yoti, FieldProfile, "", string(p.Result))
	v.cite(ref+"/result", rule)
	v.spelling(ref, p.Extra, "result", "identity_profile_report")
	out := kyc.Check{Kind: kyc.CheckOther, VendorName: strings.ToUpper(ref[1:]), Status: string(p.Result), Ref: ref}
	if f := p.FailureReason; f != nil {
		if f.ReasonCode != "" {
			out.Reasons = append(out.Reasons, kyc.Reason{Code: string(f.ReasonCode)})
		}
		for _, d := range f.RequirementsNotMetDetails {
			if d.FailureType != "" {
				out.Reasons = append(out.Reasons, kyc.Reason{Code: string(d.FailureType), Category: "requirement"})
			}
		}
	}
	if !v.met(ref+"/identity_profile_report", p.IdentityProfileReport) && decision == kyc.Approved {
		decision = kyc.Unknown
	}
	out.Decision = decision
	v.result.Checks = append(v.result.Checks, out)
	v.parts = append(v.parts, part{decision: decision, word: string(p.Result)})
}

// met tells whether a report names requirements and every one of them is met: one that says nothing vouches for nothing.
func (v *verdict) met(ref string, report *ProfileReport) bool {
	if report == nil {
		v.cite(ref, ruleMet)
		return false
	}
	v.spelling(ref, report.Extra, "schemes_compliance", "compliance")
	count, met := v.compliance(ref+"/schemes_compliance", report.SchemesCompliance)
	for i, f := range report.Compliance {
		framework := ref + kyc.PointerTo("compliance", i)
		v.spelling(framework, f.Extra, "schemes_compliance")
		n, ok := v.compliance(framework+"/schemes_compliance", f.SchemesCompliance)
		count, met = count+n, met && ok && n > 0
	}
	return met && count > 0
}

const ruleMet = "an identity profile counts where all its requirements are met"

// compliance counts the schemes and tells whether all of them are met.
func (v *verdict) compliance(ref string, schemes []SchemeCompliance) (int, bool) {
	met := true
	for i, s := range schemes {
		v.cite(ref+kyc.PointerTo(i, "requirements_met"), ruleMet)
		v.spelling(ref+kyc.PointerTo(i), s.Extra, "requirements_met")
		met = met && s.RequirementsMet != nil && *s.RequirementsMet
	}
	return len(schemes), met
}

// shape hinders where a value that decides has an unexpected JSON type, so that what it said was not read.
func (v *verdict) shape(s *SessionResult) {
	for _, pointer := range s.Mismatches() {
		if decides(pointer) {
			v.hinder(pointer, "a value of an unexpected type is unknown")
		}
	}
	v.spelling("", s.Extra, "state", "checks", "identity_profile", "advanced_identity_profile")
}

// spelling hinders where the members of an object that no field took hold a deciding one in another case: what it says was
// not read, and may contradict what was.
func (v *verdict) spelling(ref string, extra map[string]json.RawMessage, deciding ...string) {
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if slices.ContainsFunc(deciding, func(known string) bool { return strings.EqualFold(name, known) }) {
			v.hinder(ref+kyc.PointerTo(name), "a deciding member in another spelling is unknown")
		}
	}
}

// decides tells whether a value at the pointer, or a container that was skipped there, has a part in the decision.
func decides(pointer string) bool {
	tokens := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	switch tokens[0] {
	case "", "state":
		return true
	case "checks":
		// A number stands for any index.
		rest := strings.Join(tokens[min(2, len(tokens)):], "/")
		return slices.Contains([]string{"", "state", "report", "report/recommendation", "report/recommendation/value"}, rest)
	case "identity_profile", "advanced_identity_profile":
		last := tokens[len(tokens)-1]
		return !slices.Contains(tokens, "failure_reason") && last != "subject_id" && !slices.Contains(tokens, "media") &&
			!slices.Contains(tokens, "scheme") && last != "requirements_not_met_info" && last != "trust_framework"
	}
	return false
}

// documents lists the identity documents with what the session itself tells of them.
func documents(s *SessionResult) []kyc.Document {
	if s.Resources == nil {
		return nil
	}
	var all []kyc.Document
	for i, d := range s.Resources.IDDocuments {
		all = append(all, kyc.Document{
			Type: documentType(d.DocumentType), VendorType: string(d.DocumentType), IssuingCountry: countryCode(d.IssuingCountry),
			Ref: kyc.PointerTo("resources", "id_documents", i),
		})
	}
	return all
}

// countryCode returns the alpha-3 code, or the text where it names no country.
func countryCode(text string) string {
	if code, ok := country.Alpha3(text); ok {
		return code
	}
	return text
}
