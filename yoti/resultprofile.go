package yoti

import (
	"bytes"
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// profileChecks are the kinds of check that the service adds to sessions for an identity profile. Nobody can ask for them.
var profileChecks = []CheckType{CheckTypeThirdPartyIdentityFraud1, CheckTypeSynecticsIdentityFraud}

// profiles adds the identity profiles, and hinders where one is missing that the session was for.
func (v *verdict) profiles(s *SessionResult) {
	v.profile("/identity_profile", s.IdentityProfile, s.IdentityProfilePreview)
	v.profile("/advanced_identity_profile", s.AdvancedIdentityProfile, s.AdvancedIdentityProfilePreview)
	if s.IdentityProfile != nil || s.AdvancedIdentityProfile != nil {
		return
	}
	if i := slices.IndexFunc(s.Checks, func(c Check) bool { return slices.Contains(profileChecks, c.Type) }); i >= 0 && v.combines {
		v.cite(kyc.PointerTo("checks", i, "type"), "a check of this kind belongs to an identity profile")
		v.hinder("/identity_profile", ruleMissing)
	}
}

const ruleMissing = "an identity profile that the session was for is missing"

// profile adds an identity profile as a check of its own. One that was made takes nothing from the checks' outcome; one
// that was not, or that misses a requirement, hinders. So does one that should be there and is not.
func (v *verdict) profile(ref string, p *IdentityProfile, preview *MediaHolder) {
	switch {
	case p == nil && isNull(v.result.Raw, ref):
		v.hinder(ref, "an identity profile that is null is unknown")
		return
	case p == nil && preview != nil && v.combines:
		v.cite(ref+"_preview", "a preview is made of a session for an identity profile")
		v.hinder(ref, ruleMissing)
		return
	case p == nil:
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
	contribution := part{decision: decision, word: string(p.Result)}
	if !v.met(ref+"/identity_profile_report", p.IdentityProfileReport) && decision == kyc.Approved {
		// The word would read as if the profile were made.
		contribution = part{decision: kyc.Unknown}
	}
	out.Decision = contribution.decision
	v.result.Checks = append(v.result.Checks, out)
	v.parts = append(v.parts, contribution)
}

// isNull reports whether there is a null at the pointer, which the decoded form does not tell from nothing.
func isNull(raw []byte, pointer string) bool {
	if !bytes.Contains(raw, []byte("null")) {
		return false
	}
	value, err := kyc.Resolve(raw, pointer)
	return err == nil && string(value) == "null"
}

// met reports whether a report names requirements and every one of them is met: one that says nothing vouches for nothing.
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

// compliance counts the schemes and reports whether all of them are met.
func (v *verdict) compliance(ref string, schemes []SchemeCompliance) (int, bool) {
	met := true
	for i, s := range schemes {
		v.cite(ref+kyc.PointerTo(i, "requirements_met"), ruleMet)
		v.spelling(ref+kyc.PointerTo(i), s.Extra, "requirements_met")
		met = met && s.RequirementsMet != nil && *s.RequirementsMet
	}
	return len(schemes), met
}
