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
	ruleSerial    = "serial number, used as the number since the document has no other"
	ruleHolder    = "taken from the document: no person is given"
	ruleSame      = "taken from the document: it names the same person"
	ruleNotSame   = "person and document may be two people: nothing of the one is taken for the other"
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

// addPeople fills person and document from the first place that tells of one, and never from two: the current shape, what
// was verified, what was read. An address beside none of them is better than nobody.
func addPeople(out *kyc.Result, r *Result) {
	if addCurrent(out, r) {
		return
	}
	if v := r.VerifiedInfo; v != nil && addDeprecated(out, "verified_info", v.Person, v.Document) {
		return
	}
	if v := r.ExtractedInfo; v != nil && addDeprecated(out, "extracted_info", v.Person, v.Document) {
		return
	}
	if address := furtherAddress(out, r.AdditionalInfo); address != nil {
		out.Person = &kyc.Person{Address: address}
	}
}

// addCurrent tells whether the current shape has a person or a document.
func addCurrent(out *kyc.Result, r *Result) bool {
	var p kyc.Person
	if v := r.Person; v != nil {
		p = kyc.Person{
			FirstName: v.GivenName, LastName: v.Surname, FullName: v.FullName, Gender: string(v.Gender), PersonalNumber: v.NationalID,
			DateOfBirth: cutDate(out, v.DateOfBirth, "person", "date_of_birth"),
		}
	}
	var d kyc.Document
	if v := r.Document; v != nil {
		d = kyc.Document{
			Type: documentType(v.Type), VendorType: string(v.Type), Number: v.Number, SerialNumber: v.SerialNumber, IssuingState: v.Region,
			IssuingCountry: alpha3(out, v.Country, "document", "country"),
			IssuedOn:       cutDate(out, v.IssueDate, "document", "issue_date"),
			ExpiresOn:      cutDate(out, v.ExpirationDate, "document", "expiration_date"),
		}
	}
	if p == (kyc.Person{}) && d == (kyc.Document{}) {
		return false
	}
	p.Address = furtherAddress(out, r.AdditionalInfo)
	if p != (kyc.Person{}) {
		out.Person = &p
	}
	setDocument(out, d, "document", "serial_number")
	return true
}

func furtherAddress(out *kyc.Result, info *AdditionalInfo) *kyc.Address {
	if info == nil {
		return nil
	}
	return address(out, info.Address, "additional_info", "address")
}

func address(out *kyc.Result, a *Address, at ...any) *kyc.Address {
	if a == nil {
		return nil
	}
	return &kyc.Address{
		Lines: lines(a.Street, a.HouseNumber, a.ApartmentNumber), City: a.City, Subdivision: a.Region, PostalCode: a.Postcode, Formatted: a.FullAddress,
		Country: alpha3(out, a.Country, append(at, "country")...),
	}
}

// addDeprecated tells whether root has a person or a document.
func addDeprecated(out *kyc.Result, root string, person *DeprecatedPerson, document *DeprecatedDocument) bool {
	var p kyc.Person
	if v := person; v != nil {
		p = kyc.Person{
			FirstName: v.GivenName, LastName: v.Surname, FullName: v.FullName, Gender: v.Gender, Address: address(out, v.Address, root, "person", "address"),
			DateOfBirth: cutDate(out, v.DateOfBirth, root, "person", "date_of_birth"),
		}
	}
	if v := document; v != nil {
		d := kyc.Document{
			Type: documentType(v.Type), VendorType: string(v.Type), SerialNumber: v.DocumentSerialNumber, PersonalNumber: v.IDValue, IssuingState: v.Region,
			IssuingCountry: alpha3(out, v.Country, root, "document", "country"),
			IssuedOn:       cutDate(out, v.IssueDate, root, "document", "issue_date"),
			ExpiresOn:      cutDate(out, v.ValidUntil, root, "document", "valid_until"),
		}
		setDocument(out, d, root, "document", "document_serial_number")
		fillFromDocument(out, root, &p, v)
	}
	if p != (kyc.Person{}) {
		out.Person = &p
	}
	return out.Person != nil || out.Document != nil
}

// setDocument sets the document, unless nothing is in it, and gives it a number. at is where its serial number stands.
func setDocument(out *kyc.Result, d kyc.Document, at ...any) {
	if d == (kyc.Document{}) {
		return
	}
	if d.Number == "" && d.SerialNumber != "" {
		d.Number = d.SerialNumber
		out.Cite(kyc.PointerTo(at...), ruleSerial, false)
	}
	d.Ref = kyc.PointerTo(at[:len(at)-1]...)
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
