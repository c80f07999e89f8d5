package transmit

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	ruleComplete  = "status complete: the recommendation decides"
	ruleNoSession = "a complete result that names no session is unknown"
	ruleNoShape   = "a complete result of neither documented shape is unknown"
	ruleSpelling  = "a deciding member in another spelling is unknown"
	ruleType      = "a part of the result with an unexpected JSON type is unknown"
	ruleNotAllow  = "what only comes without ALLOW is unknown beside ALLOW"
)

// faceTable is table for a face authentication, which has four of the statuses.
var faceTable = slices.DeleteFunc(slices.Clone(table), func(r kyc.Rule) bool {
	return r.Field == FieldStatus && !FaceAuthStatus(r.Word).Known()
})

// answer is what two kinds of answers have in common: a document verification's and a face authentication's.
type answer struct {
	status, recommendation string
	table                  kyc.Table
	// silent says where in a complete answer something is missing without which the recommendation has no say, and by
	// which rule; nil, or "" from it, where nothing is.
	silent func() (pointer, rule string)
	// hindered cites what keeps a complete answer from deciding, and tells whether there is any.
	hindered func(out *kyc.Result) bool
}

// decide sets Status, Ended and Decision. The status comes first: a recommendation beside any other status than complete
// has no say.
func (a answer) decide(out *kyc.Result, settings kyc.Settings) {
	out.Status = a.status
	if a.status == string(SessionStatusComplete) {
		a.decideComplete(out, settings)
		return
	}
	d, rule := a.table.Decide(FieldStatus, a.status)
	out.Ended = d == kyc.Failed // error is the only other word for the end
	if own, ownRule, ok := settings.Tighten(kyc.Transmit, FieldStatus, "", a.status); ok {
		d, rule = own, ownRule
	}
	out.Decision = d
	out.Cite("/status", rule, true)
}

func (a answer) decideComplete(out *kyc.Result, settings kyc.Settings) {
	out.Ended = true
	if a.recommendation != "" {
		out.Status += "/" + a.recommendation
	}
	verdict, pointer, rule := kyc.Unknown, "", ""
	if a.silent != nil {
		pointer, rule = a.silent()
	}
	words := []kyc.Word{{Field: FieldStatus, Text: a.status}}
	if pointer == "" {
		pointer = "/recommendation"
		verdict, rule = a.table.Decide(FieldRecommendation, a.recommendation)
		words = append(words, kyc.Word{Field: FieldRecommendation, Text: a.recommendation, Free: true})
	}
	statusRule := ruleComplete
	own, ownRule, by := settings.Choose(kyc.Transmit, verdict, words...)
	switch by {
	case 0:
		verdict, statusRule = own, ownRule
	case 1:
		verdict, rule = own, ownRule
	}
	out.Cite("/status", statusRule, true)
	out.Cite(pointer, rule, true)
	// A decline stands whatever else is wrong with the answer.
	if a.hindered(out) && verdict != kyc.Declined {
		verdict = kyc.Unknown
	}
	out.Decision = verdict
}

// answer is what decides of the result of a document verification.
func (r *Result) answer() answer {
	return answer{
		status: string(r.Status), recommendation: string(r.Recommendation), table: table, hindered: r.hindered,
		silent: func() (pointer, rule string) {
			switch {
			case r.SessionID == "":
				return "/session_id", ruleNoSession
			case !r.Complete() && !r.Deprecated():
				// None of the members that make a shape is there; the checks are cited for all of them.
				return "/checks", ruleNoShape
			default:
				return "", ""
			}
		},
	}
}

// hindered finds members in another spelling, which were not read and may contradict what was; parts that could not be
// read; and what the vendor documents for other recommendations only.
func (r *Result) hindered(out *kyc.Result) bool {
	before := len(out.Evidence)
	citeSpellings(out, r.Extra, decidingMembers)
	bad := r.Mismatches()
	for _, name := range shapeMembers {
		if pointer := kyc.PointerTo(name); slices.Contains(bad, pointer) {
			out.Cite(pointer, ruleType, true)
		}
	}
	// Tied to the word and not to the decision: a caller's rule may approve a CHALLENGE, which comes with both.
	if r.Recommendation == RecommendationAllow {
		if r.RejectionDescription != nil {
			out.Cite("/rejection_description", ruleNotAllow, true)
		}
		if r.ExtractedInfo != nil {
			out.Cite("/extracted_info", ruleNotAllow, true)
		}
	}
	return len(out.Evidence) > before
}

// decidingMembers are those of a result that may not be there in another spelling.
var decidingMembers = append([]string{"session_id", "status", "recommendation"}, shapeMembers...)

// citeSpellings cites the members of extra that are one of the names but for its case.
func citeSpellings(out *kyc.Result, extra map[string]json.RawMessage, names []string) {
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if spells(name, names) {
			out.Cite(kyc.PointerTo(name), ruleSpelling, true)
		}
	}
}

// spells tells whether a member is one of the names in whatever case.
func spells(member string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(member, name) })
}
