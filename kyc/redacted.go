package kyc

import (
	"slices"
	"strings"
)

// Redacted returns a copy for tickets and logs. Person, documents, company,
// parties and Raw are removed. Ref, Reference, Workflow, Decision, Ended, Test and
// the times stay, and
//
//   - of Evidence, the pointers and the rules. A value stays if it had a part in
//     the decision and is true, false, null, or a text that the rule itself names
//     in any case, as "status PROCESSED is pending" names PROCESSED. If the rule is
//     an [Override], no value stays;
//   - Status, if each of its parts between slashes is a value that stays. A word
//     that no rule names is dropped: it could be anything;
//   - of Checks, everything but a Status that is not one word, or several separated
//     by slashes, each of at most 40 ASCII letters, digits, _ and -. A vendor's
//     "In Review" is dropped too, since a name looks the same; Decision says as
//     much. The names of checks and the codes and categories of reasons are as the
//     vendor sent them.
//
// It relies on the vendor to keep people out of what stays, and on the caller to
// keep them out of Reference and the names of overrides.
func (r *Result) Redacted() *Result {
	out := &Result{
		Ref: r.Ref, Reference: r.Reference, Workflow: r.Workflow, Decision: r.Decision, Ended: r.Ended, Test: r.Test, Checks: slices.Clone(r.Checks),
		CreatedAt: r.CreatedAt, CompletedAt: r.CompletedAt, Evidence: slices.Clone(r.Evidence),
	}
	var named []string
	for i := range out.Evidence {
		e := &out.Evidence[i]
		text, ok := e.named()
		if !ok {
			e.Value = nil
		} else if text != "" {
			named = append(named, text)
		}
	}
	if all(r.Status, func(part string) bool { return slices.Contains(named, part) }) {
		out.Status = r.Status
	}
	for i := range out.Checks {
		if !all(out.Checks[i].Status, oneWord) {
			out.Checks[i].Status = ""
		}
	}
	return out
}

// named reports whether the value cannot be about anybody, and returns its text if it is one.
func (e Evidence) named() (text string, ok bool) {
	if !e.Deciding || strings.HasPrefix(e.Rule, overridePrefix) {
		return "", false
	}
	switch string(e.Value) {
	case "true", "false", "null":
		return "", true
	}
	// A number or an object is not a word, whatever it says.
	if len(e.Value) == 0 || e.Value[0] != '"' || Unmarshal(e.Value, &text) != nil || text == "" {
		return "", false
	}
	// Blanks around both keep a word from matching a part of another. Vendors differ in the case of letters, which says nothing about anybody.
	rule := strings.NewReplacer(": ", " ", ", ", " ").Replace(e.Rule)
	return text, strings.Contains(" "+strings.ToLower(rule)+" ", " "+strings.ToLower(text)+" ")
}

// all reports whether every part between slashes is good; there is at least one.
func all(status string, good func(part string) bool) bool {
	for part := range strings.SplitSeq(status, "/") {
		if !good(part) {
			return false
		}
	}
	return true
}

// oneWord reports whether s looks like a word of an enumeration.
func oneWord(s string) bool {
	return len(s) <= 40 && plain(s, "") != "" && !strings.ContainsAny(s, ".:")
}
