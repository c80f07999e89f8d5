package jumio

import (
	"bytes"
	"slices"

	"github.com/seed44d1d1b3/kyc-go/internal/country"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// readDocument is a result of the capability extraction that read something.
type readDocument struct {
	Extraction
	// ref is where the result stands, and at where its data do.
	ref, at string
}

// identity fills the documents, and the person from the same extraction as the primary document: data of two papers side by
// side could be those of two people.
func identity(r *kyc.Result, d *Details, capabilities []capabilityEntry) {
	read := readDocuments(r, d, capabilities)
	if len(read) == 0 {
		return
	}
	first := primary(read)
	if len(read) > 1 {
		r.Cite(read[first].ref, "person and primary document are of this extraction, by category, decision and place", false)
	}
	for _, e := range read {
		r.Documents = append(r.Documents, document(r, e.Data, e.at))
	}
	r.Document = &r.Documents[first]
	r.Person = person(r, read[first].Data, read[first].at)
}

func readDocuments(r *kyc.Result, d *Details, capabilities []capabilityEntry) []readDocument {
	var out []readDocument
	for _, c := range capabilities {
		if c.name != "extraction" {
			continue
		}
		var all []Extraction
		if d.Capabilities != nil {
			all = d.Capabilities.Extraction
		}
		if c.alone != nil {
			all = make([]Extraction, 1)
			if kyc.Unmarshal(c.alone, &all[0]) != nil {
				continue
			}
		}
		for i, e := range all {
			if i >= len(c.results) || e.Data == nil {
				continue
			}
			at := c.results[i].ref + "/data"
			if data, err := kyc.Resolve(r.Raw, at); err == nil && !emptyObject(data) {
				out = append(out, readDocument{e, c.results[i].ref, at})
			}
		}
	}
	return out
}

// primary picks the extraction that tells who was verified. A bill or a paper that was refused says less than an ID that
// passed.
func primary(read []readDocument) int {
	for _, fits := range []func(readDocument) bool{
		func(e readDocument) bool { return e.ofID() && e.Decision != nil && e.Decision.Type == DecisionPassed },
		readDocument.ofID,
		func(e readDocument) bool { return named(e.Data) },
	} {
		if i := slices.IndexFunc(read, fits); i >= 0 {
			return i
		}
	}
	return 0
}

func (e readDocument) ofID() bool {
	return slices.ContainsFunc(e.Credentials, func(c CapabilityCredential) bool { return c.Category == CategoryID })
}

func named(data *ExtractedData) bool {
	return data.FirstName != "" && data.FirstName != missingName || data.LastName != "" && data.LastName != missingName
}

func emptyObject(data []byte) bool {
	return len(data) < 2 || data[0] != '{' || len(bytes.TrimSpace(data[1:len(data)-1])) == 0
}

func document(r *kyc.Result, data *ExtractedData, at string) kyc.Document {
	doc := kyc.Document{
		Type: documentKind(data), VendorType: joinWords(string(data.Type), string(data.SubType)),
		Number: data.DocumentNumber, PersonalNumber: data.PersonalNumber,
		IssuingCountry: alpha3(r, data.IssuingCountry, at+"/issuingCountry"), IssuingState: data.State, IssuingAuthority: data.IssuingAuthority,
		IssuedOn:  date(r, data.IssuingDate, data.IssuingDateParts, at+"/issuingDate"),
		ExpiresOn: date(r, data.ExpiryDate, data.ExpiryDateParts, at+"/expiryDate"), Ref: at,
	}
	if doc.VendorType == "" {
		doc.VendorType = string(data.DocumentType)
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
		FirstName: data.FirstName, LastName: data.LastName, Gender: string(data.Gender),
		DateOfBirth: date(r, data.DateOfBirth, data.DateOfBirthParts, at+"/dateOfBirth"),
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
