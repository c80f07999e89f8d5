package yoti

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ParseResult normalises a session result, stored or received, by the decision
// table; see [Table]. It uses no network. The error matches [kyc.ErrMalformed]
// if raw is not one complete JSON document; a document that is no session result
// is Unknown. Only [kyc.WithOverrides] has an effect, and an override that could
// never fit is an error matching [kyc.ErrInvalid]. raw is kept as the result's
// Raw and must not be modified afterwards.
//
// Each of the vendor's checks becomes a [kyc.Check] with the reason of its
// recommendation and the sub-checks that failed as reasons. A sub-check does not
// overrule its check's recommendation. Documents are the identity documents, then
// the supplementary ones. Document is the first identity document that an
// approved check used, or else any check; of documents that no check used there
// is none, and only if the checks name no resources at all it is the first.
// Person is nil: names and numbers are a separate download, see [Client.Extract].
func ParseResult(raw []byte, opts ...kyc.Option) (*kyc.Result, error) {
	settings := kyc.NewSettings(opts...)
	if err := settings.CheckOverrides(kyc.Yoti, overridable); err != nil {
		return nil, err
	}
	var s SessionResult
	if err := kyc.Unmarshal(raw, &s); err != nil {
		return nil, kyc.Malformed(kyc.Yoti, "results.parse", "the session result is not one complete JSON document", err)
	}
	return normalise(&s, settings), nil
}

// verdict collects the parts of a decision.
type verdict struct {
	result   *kyc.Result
	settings kyc.Settings
	byType   bool // an override is for checks of one type, so that types decide too
	combines bool // the checks decide: the session is COMPLETED, and no override speaks for the state
	parts    []part
	evidence []kyc.Evidence
}

// part is what one check, or another thing that can hinder, contributes. word is the vendor's that gave the decision, empty
// where none of its words did.
type part struct {
	decision kyc.Decision
	word     string
}

func normalise(s *SessionResult, settings kyc.Settings) *kyc.Result {
	r := &kyc.Result{Reference: s.UserTrackingID, Status: string(s.State), Ended: ended(s), Raw: s.RawJSON()}
	if s.SessionID != "" {
		r.Ref = kyc.Ref{Vendor: kyc.Yoti, Session: s.SessionID}
	}
	v := &verdict{result: r, settings: settings, byType: slices.ContainsFunc(settings.Overrides, func(o kyc.Override) bool {
		return o.Check != "" && (o.Vendor == "" || o.Vendor == kyc.Yoti)
	})}
	decision, rule, overridden := v.state(FieldState, "", string(s.State))
	r.Decision = decision
	v.combines = s.State == SessionStateCompleted && !overridden
	v.evidence = append(v.evidence, kyc.Evidence{Pointer: "/state", Rule: rule, Deciding: true})
	if s.SessionID == "" {
		v.hinder("/session_id", "a document without a session id is no session result")
	}
	for i := range s.Checks {
		v.check(i, &s.Checks[i])
	}
	if len(s.Checks) == 0 {
		v.hinder("/checks", "a completed session without checks is unknown")
	}
	v.profiles(s)
	v.shape(s)
	if v.combines {
		combined := v.combine()
		r.Decision = combined.decision
		if combined.word != "" {
			r.Status += "/" + combined.word
		}
	}
	r.Documents = documents(s)
	if i := v.primary(s); i >= 0 {
		r.Document = &r.Documents[i]
	}
	r.CiteAll(v.evidence...)
	return r
}

// ended reports whether nothing will change any more. A session that calls itself completed before a check is done may yet
// get the check's report.
func ended(s *SessionResult) bool {
	switch {
	case s.SessionID == "":
		return false
	case s.State == SessionStateCompleted:
		return !slices.ContainsFunc(s.Checks, func(c Check) bool { return c.State != CheckStateDone })
	default:
		return s.State == SessionStateExpired
	}
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

// cite notes a value below the session's state, which decides only where the checks do.
func (v *verdict) cite(pointer, rule string) {
	v.evidence = append(v.evidence, kyc.Evidence{Pointer: pointer, Rule: rule, Deciding: v.combines})
}

// note notes a value that has no part in the decision.
func (v *verdict) note(pointer, rule string) {
	v.evidence = append(v.evidence, kyc.Evidence{Pointer: pointer, Rule: rule})
}

// hinder adds a part that keeps the session from being approved. Where the checks do not decide there is nothing to hinder.
func (v *verdict) hinder(pointer, rule string) {
	if v.combines {
		v.cite(pointer, rule)
		v.parts = append(v.parts, part{decision: kyc.Unknown})
	}
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
	recommendation := ""
	if c.Report != nil && c.Report.Recommendation != nil {
		recommendation = string(c.Report.Recommendation.Value)
	}
	recommended, rule := v.settings.Decide(table, kyc.Yoti, FieldRecommendation, string(c.Type), recommendation)
	state, stateRule, overridden := v.state(FieldCheckState, string(c.Type), string(c.State))
	if v.byType {
		v.cite(ref+"/type", "a caller's rule tells checks by their type")
	}
	v.cite(ref+"/state", stateRule)
	v.cite(ref+"/report/recommendation/value", rule)
	p := part{decision: recommended, word: recommendation}
	// A rejection counts whatever the state: the session is over. Anything else counts of a finished check only.
	if recommended != kyc.Declined && (overridden || c.State != CheckStateDone) {
		p = part{decision: state, word: string(c.State)}
	}
	if p.decision == kyc.Approved {
		switch {
		case strings.TrimSpace(string(c.Type)) == "":
			p = part{decision: kyc.Unknown}
			v.cite(ref+"/type", "a check that does not say what it checked approves nothing")
		case v.byType && !c.Type.Known():
			// A caller who tells checks apart gets no approval from one that cannot be told.
			p = part{decision: kyc.Unknown}
		}
	}
	out.Decision = p.decision
	if recommendation != "" {
		out.Status += "/" + recommendation
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
	v.parts = append(v.parts, p)
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
