package didit

import (
	"maps"
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Fields of the decision table, for [kyc.Override]. The case of ASCII letters in
// an override's word counts only if the override approves.
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

// decideWord asks the caller's overrides and then the table, which spells words in one way.
func decideWord(settings kyc.Settings, field, check, word string) (kyc.Decision, string) {
	spelled := word
	for _, row := range table {
		if row.Field == field && equalASCII(row.Word, word) {
			spelled = row.Word
			break
		}
	}
	for i, o := range settings.Overrides {
		spellings := []string{word, spelled}
		// A rule that is meant to be strict holds however its word is spelled; one that approves only for a word that was met.
		if o.Decision != kyc.Approved && equalASCII(o.Word, word) {
			spellings = append(spellings, o.Word)
		}
		one := kyc.Settings{Overrides: settings.Overrides[i : i+1]}
		ask := one.Override
		if unfinished(word) {
			ask = one.Tighten
		}
		for _, w := range spellings {
			if d, rule, ok := ask(kyc.Didit, field, check, w); ok {
				return d, rule
			}
		}
	}
	return table.Decide(field, spelled)
}

// unfinished reports whether a word says how far something is and not what was found. One field tells both at this vendor,
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

// decide reads the status, and what else has a say in whether it counts.
func decide(r *kyc.Result, d *Decision, settings kyc.Settings) {
	switch {
	case d.SessionID == "":
		r.Cite("/session_id", "a decision without a session is unknown", true)
		return
	case notice(d) != "":
		r.Cite("/"+notice(d), "a notice is no decision", true)
		return
	}
	var rule string
	r.Decision, rule = decideWord(settings, FieldStatus, "", string(d.Status))
	r.Cite("/status", rule, true)
	r.Ended = ended(string(d.Status))
	before := len(r.Evidence)
	hinder(r, d)
	if settings.CheckOverrides(kyc.Didit, overridable) != nil {
		r.Cite("/status", "an override that could never fit may have been meant to be strict", true)
	}
	if len(r.Evidence) > before && r.Decision != kyc.Declined {
		r.Decision = kyc.Unknown
	}
}

// ended reports whether the vendor has finished with a session of this status. One in review has not, and a user may be
// sent back from there.
func ended(status string) bool {
	for _, word := range [...]SessionStatus{StatusApproved, StatusDeclined, StatusAbandoned, StatusExpired, StatusKYCExpired} {
		if equalASCII(string(word), status) {
			return true
		}
	}
	return false
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

// hinder cites members that decide, in another spelling: they were not read, and may contradict what was.
func hinder(r *kyc.Result, d *Decision) {
	for _, name := range slices.Sorted(maps.Keys(d.Extra)) {
		if twin(name, "status", "session_id", "environment", "webhook_type", "event_id", "decision") {
			r.Cite(kyc.PointerTo(name), "a deciding member in another spelling is unknown", true)
		}
	}
}

// twin reports whether a member that was not read may be taken for one of those that are.
func twin(name string, deciding ...string) bool {
	return slices.ContainsFunc(deciding, func(known string) bool { return strings.EqualFold(name, known) })
}
