package yoti

import (
	"errors"
	"fmt"
	"slices"
)

// inBranch reports whether the session takes place in a branch only.
func (r SessionRequest) inBranch() bool {
	return r.IBVOptions != nil && r.IBVOptions.Support == IBVSupportMandatory
}

// withoutIDDocument reports whether the request lists its documents and none of them can be an identity document. Where it
// lists none the service derives them from the checks, and a kind that is not known here, or an identity profile, may
// bring one.
func (r SessionRequest) withoutIDDocument() bool {
	if r.IdentityProfileRequirements != nil || r.AdvancedIdentityProfileRequirements != nil {
		return false
	}
	return len(r.RequiredDocuments) > 0 &&
		!slices.ContainsFunc(r.RequiredDocuments, func(d RequiredDocument) bool { return d.Type != DocumentKindSupplementaryDocument })
}

func (r SessionRequest) validateBranch() error {
	o := r.IBVOptions
	if o == nil {
		return nil
	}
	if o.Support == "" {
		return errors.New("IBVOptions.Support is empty")
	}
	if o.UserPrice != nil && (o.UserPrice.Amount == "" || o.UserPrice.Currency == "") {
		return errors.New("IBVOptions.UserPrice needs Amount and Currency")
	}
	if o.Support != IBVSupportNotAllowed {
		return nil
	}
	for i, c := range r.RequestedChecks {
		if c.Type == CheckTypeIBVVisualReviewCheck || c.Config.ManualCheck == ManualCheckIBV {
			return fmt.Errorf("RequestedChecks[%d] takes place in a branch, which IBVOptions does not allow", i)
		}
	}
	for i, t := range r.RequestedTasks {
		if t.Config.ManualCheck == ManualCheckIBV {
			return fmt.Errorf("RequestedTasks[%d] takes place in a branch, which IBVOptions does not allow", i)
		}
	}
	return nil
}

func (r SessionRequest) validateProfiles() error {
	if r.AdvancedIdentityProfileRequirements == nil {
		return nil
	}
	for i, p := range r.AdvancedIdentityProfileRequirements.Profiles {
		for _, s := range p.Schemes {
			if s.Config == nil || s.Config.Filter == nil {
				continue
			}
			if err := s.Config.Filter.validate(); err != nil {
				return fmt.Errorf("AdvancedIdentityProfileRequirements.Profiles[%d]: %w", i, err)
			}
		}
	}
	return nil
}

// validateApplicant refuses a name in two forms, of which the vendor takes either.
func (r SessionRequest) validateApplicant() error {
	if r.Resources == nil || r.Resources.ApplicantProfile == nil {
		return nil
	}
	if p := r.Resources.ApplicantProfile; p.FullName != "" && p.FirstName+p.MiddleName+p.GivenNames+p.FamilyName != "" {
		return errors.New("Resources.ApplicantProfile: FullName excludes FirstName, MiddleName, GivenNames and FamilyName")
	}
	return nil
}

// empty reports whether the profile says nothing that a document could be compared with.
func (p *ApplicantProfile) empty() bool {
	return p.FullName+p.FirstName+p.MiddleName+p.GivenNames+p.FamilyName+string(p.DateOfBirth) == "" && p.StructuredPostalAddress == nil && len(p.Extra) == 0
}
