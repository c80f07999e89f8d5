package didit

import (
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// shares returns the bounds that the registry gives; one that it leaves out stays unknown. Where neither can be read, the
// vendor's own number stands for the bound that was given: it is the upper one, or the lower one where that is all there
// is. Without any bound it is the only word on the share, and taken as that.
func shares(low, high Share, effective *float64) (from, to *float64) {
	var fromRange *float64
	if l, h, ok := low.Percent(); ok {
		from = &l
		if isRange(low) {
			fromRange = &h
		}
	}
	to = fromRange
	if l, h, ok := high.Percent(); ok {
		to = &h
		if from == nil && isRange(high) {
			from = &l
		}
	}
	if from != nil && to != nil && *from > *to {
		return nil, nil
	}
	if effective = within(effective); from != nil || to != nil || effective == nil {
		return from, to
	}
	switch {
	case hasText(high.Text()):
		return nil, effective
	case hasText(low.Text()):
		return effective, nil
	default:
		return effective, effective
	}
}

// isRange tells "25-50" from "25".
func isRange(s Share) bool { return strings.Contains(s.Text(), "-") }

// within drops what is no share.
func within(percent *float64) *float64 {
	if percent == nil || !(*percent >= 0 && *percent <= 100) {
		return nil
	}
	return percent
}

func nonEmpty(words ...string) []string {
	var out []string
	for _, w := range words {
		if hasText(w) {
			out = append(out, w)
		}
	}
	return out
}

// owning are the roles whose share of the capital counts even where it is 0.
var owning = []string{"ubo", "shareholder", "investor", "beneficiary"}

// roleShares spans the shares of all roles. A form that was filled in for a role without a share often says 0 there.
func roleShares(roles []PartyRole) (low, high *float64) {
	for _, role := range roles {
		percent := within(role.OwnershipPercent)
		if percent == nil || *percent == 0 && !slices.ContainsFunc(owning, func(word string) bool { return equalASCII(word, string(role.Role)) }) {
			continue
		}
		if low == nil || *percent < *low {
			low = percent
		}
		if high == nil || *percent > *high {
			high = percent
		}
	}
	return low, high
}

// older reads the role and share of the vendor's prose samples, which stand in the party itself.
func older(v Party, e *party) {
	var role string
	if raw := v.Extra["role"]; raw != nil && kyc.Unmarshal(raw, &role) == nil {
		e.roles = nonEmpty(role)
	}
	var percent Share
	if raw := v.Extra["ownership_percent"]; raw != nil && kyc.Unmarshal(raw, &percent) == nil {
		e.low, e.high = shares(percent, percent, nil)
	}
}
