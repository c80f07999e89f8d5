package yoti

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// shape hinders where a value that decides has an unexpected JSON type, so that what it said was not read.
func (v *verdict) shape(s *SessionResult) {
	for _, pointer := range s.Mismatches() {
		if decides(pointer) {
			v.hinder(pointer, "a value of an unexpected type is unknown")
		}
	}
	v.spelling("", s.Extra, "session_id", "state", "checks", "identity_profile", "advanced_identity_profile")
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

// decides reports whether a value at the pointer, or a container that was skipped there, has a part in the decision. A
// check's type is looked at in the check itself.
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
