package yoti

import (
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/country"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// documents lists the identity documents, then the supplementary ones, with what the session itself says of them.
func documents(s *SessionResult) []kyc.Document {
	var all []kyc.Document
	for _, d := range readables(s) {
		all = append(all, kyc.Document{
			Type: documentType(d.kind), VendorType: string(d.kind), IssuingCountry: countryCode(d.country), Ref: d.ref,
		})
	}
	return all
}

// readable is a document of the session, and the medium with what was read from it.
type readable struct {
	ref, country string
	kind         DocumentType
	medium       string // empty where nothing was read
}

func readables(s *SessionResult) []readable {
	if s.Resources == nil {
		return nil
	}
	var all []readable
	add := func(list string, i int, kind DocumentType, issuer string, fields *MediaHolder) {
		d := readable{ref: kyc.PointerTo("resources", list, i), kind: kind, country: issuer}
		if fields != nil && fields.Media != nil {
			d.medium = fields.Media.ID
		}
		all = append(all, d)
	}
	for i, d := range s.Resources.IDDocuments {
		add("id_documents", i, d.DocumentType, d.IssuingCountry, d.DocumentFields)
	}
	for i, d := range s.Resources.SupplementaryDocuments {
		add("supplementary_documents", i, d.DocumentType, d.IssuingCountry, d.DocumentFields)
	}
	return all
}

// primary returns the index of the identity document that Document and Person are from, -1 where there is none: a person
// may show several, and what no check looked at proves nothing about anybody. Where no check was approved, a document that
// was looked at is still the one to look at again.
func (v *verdict) primary(s *SessionResult) int {
	if s.Resources == nil || len(s.Resources.IDDocuments) == 0 {
		return -1
	}
	found := s.Resources.IDDocuments
	if !namesResources(s) {
		return 0
	}
	for _, approvedOnly := range [...]bool{true, false} {
		for i, d := range found {
			for j, c := range s.Checks {
				// The result's checks begin with those of the session.
				if d.ID == "" || approvedOnly && v.result.Checks[j].Decision != kyc.Approved || !slices.Contains(c.ResourcesUsed, d.ID) {
					continue
				}
				if len(found) > 1 {
					v.note(kyc.PointerTo("resources", "id_documents", i, "id"), "Document is the first identity document that a check used, an approved one if there is any")
					v.note(kyc.PointerTo("checks", j, "resources_used"), "the resources that the check used")
				}
				return i
			}
		}
	}
	v.note("/resources/id_documents", "there is no Document: no check used one of these")
	return -1
}

// namesResources reports whether any check says what it used, in whatever form.
func namesResources(s *SessionResult) bool {
	unread := func(pointer string) bool {
		return strings.HasPrefix(pointer, "/checks/") && strings.Contains(pointer, "/resources_used")
	}
	return slices.ContainsFunc(s.Checks, func(c Check) bool { return len(c.ResourcesUsed) > 0 }) || slices.ContainsFunc(s.Mismatches(), unread)
}

// countryCode returns the alpha-3 code, or the text where it names no country.
func countryCode(text string) string {
	if code, ok := country.Alpha3(text); ok {
		return code
	}
	return text
}
