package jumio

import (
	"bytes"

	"github.com/seed44d1d1b3/kyc-go/internal/country"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// identity fills person and documents from the extractions.
func identity(r *kyc.Result, d *Details) {
	if d.Capabilities == nil {
		return
	}
	for i, e := range d.Capabilities.Extraction {
		at := kyc.PointerTo("capabilities", "extraction", i, "data")
		data, err := kyc.Resolve(r.Raw, at)
		if e.Data == nil || err != nil || emptyObject(data) {
			continue
		}
		r.Documents = append(r.Documents, document(r, e.Data, at))
		if r.Person == nil {
			r.Person = person(r, e.Data, at)
		}
	}
	if len(r.Documents) > 0 {
		r.Document = &r.Documents[0]
	}
}

func emptyObject(data []byte) bool {
	return len(data) < 2 || data[0] != '{' || len(bytes.TrimSpace(data[1:len(data)-1])) == 0
}

func document(r *kyc.Result, data *ExtractedData, at string) kyc.Document {
	doc := kyc.Document{
		Type: documentKind(data), VendorType: joinWords(string(data.Type), string(data.SubType)),
		Number: data.DocumentNumber, PersonalNumber: data.PersonalNumber,
		IssuingCountry: alpha3(r, data.IssuingCountry, at+"/issuingCountry"), IssuingState: data.State, IssuingAuthority: data.IssuingAuthority,
		IssuedOn: data.IssuingDate, ExpiresOn: data.ExpiryDate, Ref: at,
	}
	if doc.VendorType == "" {
		doc.VendorType = data.DocumentType
	}
	return doc
}

// documentKind gives the shared word for a document; codes of papers that are no ID are kept in
// VendorType only, since a bill need not serve as proof of address.
func documentKind(data *ExtractedData) kyc.DocumentType {
	switch data.Type {
	case DocumentTypePassport:
		return kyc.DocumentPassport
	case DocumentTypeDrivingLicense:
		return kyc.DocumentDrivingLicense
	case DocumentTypeVisa:
		return kyc.DocumentVisa
	case DocumentTypeIDCard:
		switch data.SubType {
		case DocumentSubTypeResidentPermitID:
			return kyc.DocumentResidencePermit
		case DocumentSubTypeTaxID:
			return kyc.DocumentTaxCard
		case DocumentSubTypeHealthID:
			return kyc.DocumentHealthCard
		case DocumentSubTypeVisa:
			return kyc.DocumentVisa
		}
		return kyc.DocumentIDCard
	default:
		return kyc.DocumentOther
	}
}

func person(r *kyc.Result, data *ExtractedData, at string) *kyc.Person {
	p := &kyc.Person{
		FirstName: data.FirstName, LastName: data.LastName, DateOfBirth: data.DateOfBirth, Gender: string(data.Gender),
		Nationality: alpha3(r, data.Nationality, at+"/nationality"), PlaceOfBirth: data.PlaceOfBirth, PersonalNumber: data.PersonalNumber,
	}
	// A person with one name has N/A in the other field.
	if p.FirstName == missingName {
		p.FirstName, p.FullName = "", p.LastName
		r.Cite(at+"/firstName", "a first name of N/A is none; lastName holds the whole name", false)
	}
	if p.LastName == missingName {
		p.LastName, p.FullName = "", p.FirstName
		r.Cite(at+"/lastName", "a last name of N/A is none; firstName holds the whole name", false)
	}
	if p.FullName == missingName {
		p.FullName = ""
	}
	if a := data.Address; a != nil {
		address := kyc.Address{
			City: a.City, Subdivision: a.Subdivision, PostalCode: a.PostalCode,
			Country: alpha3(r, a.Country, at+"/address/country"), Formatted: a.FormattedAddress,
		}
		for _, line := range []string{a.Line1, a.Line2, a.Line3, a.Line4, a.Line5} {
			if line != "" {
				address.Lines = append(address.Lines, line)
			}
		}
		if address.Lines != nil || address.City+address.Subdivision+address.PostalCode+address.Country+address.Formatted != "" {
			p.Address = &address
		}
	}
	if *p == (kyc.Person{}) {
		return nil
	}
	return p
}

const missingName = "N/A"

func alpha3(r *kyc.Result, text, at string) string {
	code, ok := country.Alpha3(text)
	if !ok || code == text {
		return text
	}
	r.Cite(at, "country rewritten as ISO 3166-1 alpha-3", false)
	return code
}
