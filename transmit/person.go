package transmit

import (
	"github.com/seed44d1d1b3/kyc-go/internal/country"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	ruleCountry   = "country code rewritten as ISO 3166-1 alpha-3"
	ruleNoCountry = "country code is in no list and kept as it is"
	ruleDate      = "time stamp cut to its date"
	ruleNoDate    = "not a date, left out"
)

// documentTypes gives the vendor's fourteen words in the shared terms.
var documentTypes = map[DocumentType]kyc.DocumentType{
	DocumentTypeNationalID:                kyc.DocumentIDCard,
	DocumentTypeDriversLicense:            kyc.DocumentDrivingLicense,
	DocumentTypePassport:                  kyc.DocumentPassport,
	DocumentTypeResidencePermit:           kyc.DocumentResidencePermit,
	DocumentTypeVisa:                      kyc.DocumentVisa,
	DocumentTypeFirearmLicense:            kyc.DocumentOther,
	DocumentTypeCriminalPoliceCertificate: kyc.DocumentOther,
	DocumentTypeHealthCard:                kyc.DocumentHealthCard,
	DocumentTypeMembershipCard:            kyc.DocumentOther,
	// An identity card that a post office issues.
	DocumentTypePostal:             kyc.DocumentOther,
	DocumentTypeSocialSecurityCard: kyc.DocumentOther,
	DocumentTypeVoterCard:          kyc.DocumentOther,
	DocumentTypeProfessionalID:     kyc.DocumentOther,
	DocumentTypeOther:              kyc.DocumentOther,
}

// addPeople fills person and document from whichever shape is there.
func addPeople(out *kyc.Result, r *Result) {
	switch {
	case r.Person != nil || r.Document != nil || r.AdditionalInfo != nil:
		addCurrent(out, r)
	case r.VerifiedInfo != nil:
		addDeprecated(out, "verified_info", r.VerifiedInfo.Person, r.VerifiedInfo.Document)
	case r.ExtractedInfo != nil:
		addDeprecated(out, "extracted_info", r.ExtractedInfo.Person, r.ExtractedInfo.Document)
	}
}

func addCurrent(out *kyc.Result, r *Result) {
	var p kyc.Person
	var national string
	if v := r.Person; v != nil {
		national = v.NationalID
		p = kyc.Person{
			FirstName: v.GivenName, LastName: v.Surname, FullName: v.FullName, Gender: string(v.Gender), PersonalNumber: national,
			DateOfBirth: cutDate(out, v.DateOfBirth, "person", "date_of_birth"),
		}
	}
	if info := r.AdditionalInfo; info != nil && info.Address != nil {
		a := info.Address
		p.Address = &kyc.Address{
			Lines: lines(a.Street, a.HouseNumber, a.ApartmentNumber), City: a.City, Subdivision: a.Region, PostalCode: a.Postcode, Formatted: a.FullAddress,
			Country: alpha3(out, a.Country, "additional_info", "address", "country"),
		}
	}
	if p != (kyc.Person{}) {
		out.Person = &p
	}
	if v := r.Document; v != nil {
		number := v.Number
		if number == "" {
			number = v.SerialNumber
		}
		setDocument(out, kyc.Document{
			Type: documentType(v.Type), VendorType: string(v.Type), Number: number, PersonalNumber: national, IssuingState: v.Region,
			IssuingCountry: alpha3(out, v.Country, "document", "country"),
			IssuedOn:       cutDate(out, v.IssueDate, "document", "issue_date"),
			ExpiresOn:      cutDate(out, v.ExpirationDate, "document", "expiration_date"),
			Ref:            kyc.PointerTo("document"),
		})
	}
}

func addDeprecated(out *kyc.Result, root string, person *DeprecatedPerson, document *DeprecatedDocument) {
	var p kyc.Person
	if v := person; v != nil {
		p = kyc.Person{
			FirstName: v.GivenName, LastName: v.Surname, FullName: v.FullName, Gender: v.Gender,
			DateOfBirth: cutDate(out, v.DateOfBirth, root, "person", "date_of_birth"),
		}
		if a := v.Address; a != nil {
			p.Address = &kyc.Address{
				Lines: lines(a.Street, a.HouseNumber, a.ApartmentNumber), City: a.City, Subdivision: a.Region, PostalCode: a.Postcode, Formatted: a.FullAddress,
				Country: alpha3(out, a.Country, root, "person", "address", "country"),
			}
		}
	}
	if v := document; v != nil {
		// The document repeats the person; it fills what the person lacks.
		if p.FirstName == "" && p.LastName == "" && p.FullName == "" {
			p.FirstName, p.LastName, p.FullName = v.GivenName, v.Surname, v.FullName
		}
		if p.DateOfBirth == "" {
			p.DateOfBirth = cutDate(out, v.DateOfBirth, root, "document", "date_of_birth")
		}
		p.PersonalNumber = v.IDValue
		setDocument(out, kyc.Document{
			Type: documentType(v.Type), VendorType: string(v.Type), Number: v.DocumentSerialNumber, PersonalNumber: v.IDValue, IssuingState: v.Region,
			IssuingCountry: alpha3(out, v.Country, root, "document", "country"),
			IssuedOn:       cutDate(out, v.IssueDate, root, "document", "issue_date"),
			ExpiresOn:      cutDate(out, v.ValidUntil, root, "document", "valid_until"),
			Ref:            kyc.PointerTo(root, "document"),
		})
	}
	if p != (kyc.Person{}) {
		out.Person = &p
	}
}

func setDocument(out *kyc.Result, d kyc.Document) {
	out.Documents = []kyc.Document{d}
	out.Document = &out.Documents[0]
}

// documentType keeps absent apart from a word that no list names, which is a document of another kind.
func documentType(t DocumentType) kyc.DocumentType {
	if t == "" {
		return ""
	}
	if known, ok := documentTypes[t]; ok {
		return known
	}
	return kyc.DocumentOther
}

// alpha3 normalises a country code and cites the original where the two differ. The current shape
// writes a document's country in two letters and an address's in three; the deprecated one always uses three.
func alpha3(out *kyc.Result, code string, at ...any) string {
	if code == "" {
		return ""
	}
	normal, ok := country.Alpha3(code)
	if !ok {
		out.Cite(kyc.PointerTo(at...), ruleNoCountry, false)
		return code
	}
	if normal != code {
		out.Cite(kyc.PointerTo(at...), ruleCountry, false)
	}
	return normal
}

// cutDate makes a date of what the vendor sends as midnight UTC, without a shift of zone, and cites the original.
func cutDate(out *kyc.Result, d kyc.Date, at ...any) kyc.Date {
	if d == "" {
		return ""
	}
	day, err := d.Time()
	if err != nil {
		out.Cite(kyc.PointerTo(at...), ruleNoDate, false)
		return ""
	}
	cut := kyc.DateOf(day)
	if cut != d {
		out.Cite(kyc.PointerTo(at...), ruleDate, false)
	}
	return cut
}

func lines(parts ...string) []string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}
