package yoti

import (
	"context"
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ParseDocumentFields decodes the content of a document_fields medium.
func ParseDocumentFields(raw []byte) (*DocumentFields, error) {
	var out DocumentFields
	if err := kyc.Unmarshal(raw, &out); err != nil {
		return nil, kyc.Malformed(kyc.Yoti, "media.parse", "the medium is not one complete JSON document", err)
	}
	return &out, nil
}

// Extract downloads what was read from the documents of a result of
// [Client.Fetch] or [ParseResult], and returns a copy of the result with Person
// and Documents filled. Person is the one on the result's Document, and nil if
// there is none; see [ParseResult]. It makes one call for each document. A
// document whose medium the service must not return stays as it is.
//
// A result whose Ref is not the session of its Raw is an error matching
// [kyc.ErrInvalid]. A medium's id changes when a person corrects what was read,
// so use a result that was fetched just now. The decision is not touched.
func (c *Client) Extract(ctx context.Context, result *kyc.Result, opts ...kyc.Option) (*kyc.Result, error) {
	const operation = "extract"
	if result == nil {
		return nil, invalid(operation, "the result is nil")
	}
	if err := own(operation, result.Ref); err != nil {
		return nil, err
	}
	var s SessionResult
	if err := kyc.Unmarshal(result.Raw, &s); err != nil {
		return nil, kyc.Malformed(kyc.Yoti, operation, "the result's Raw is not one complete JSON document", err)
	}
	if s.SessionID != result.Ref.Session {
		return nil, invalid(operation, "the result's Raw is not about the session of its Ref")
	}
	out := *result
	out.Documents = slices.Clone(result.Documents)
	out.Document, out.Person = nil, nil
	for _, d := range readables(&s) {
		i := slices.IndexFunc(out.Documents, func(listed kyc.Document) bool { return listed.Ref == d.ref })
		if i < 0 {
			continue
		}
		primary := result.Document != nil && result.Document.Ref == d.ref
		if d.medium != "" {
			fields, _, err := c.Media.DocumentFields(ctx, s.SessionID, d.medium, opts...)
			if err != nil {
				return nil, err
			}
			if fields != nil {
				out.Documents[i] = fields.complete(out.Documents[i])
				if primary {
					out.Person = fields.Person()
				}
			}
		}
		if primary {
			out.Document = &out.Documents[i]
		}
	}
	return &out, nil
}

// Person returns who the document names; nil where it names nobody. A date of
// birth without a day or month stays in the fields only.
func (f *DocumentFields) Person() *kyc.Person {
	first := f.FirstName
	if first == "" {
		first = withoutMiddle(f.GivenNames, f.MiddleName)
	}
	p := kyc.Person{
		FirstName: first, MiddleName: f.MiddleName, LastName: f.FamilyName, FullName: f.FullName, DateOfBirth: fullDate(f.DateOfBirth),
		Gender: string(f.Gender), Nationality: countryCode(f.Nationality), PlaceOfBirth: f.PlaceOfBirth,
		PersonalNumber: f.PersonalIdentificationNumber, Address: f.StructuredPostalAddress.address(),
	}
	if p == (kyc.Person{}) {
		return nil
	}
	return &p
}

// withoutMiddle takes the middle name off the end of all given names, which hold it too.
func withoutMiddle(given, middle string) string {
	if first, ok := strings.CutSuffix(given, " "+middle); ok && middle != "" && strings.TrimSpace(first) != "" {
		return strings.TrimSpace(first)
	}
	return given
}

// Document returns the document. An end of LIFETIME or NOT_PRESENT is no date
// and stays in the fields only.
func (f *DocumentFields) Document() *kyc.Document {
	d := f.complete(kyc.Document{})
	return &d
}

// complete adds the fields to what the session told already.
func (f *DocumentFields) complete(d kyc.Document) kyc.Document {
	if f.DocumentType != "" {
		d.Type, d.VendorType = documentType(f.DocumentType), string(f.DocumentType)
	}
	if f.IssuingCountry != "" {
		d.IssuingCountry = countryCode(f.IssuingCountry)
	}
	d.Number, d.PersonalNumber, d.IssuingAuthority = f.DocumentNumber, f.PersonalIdentificationNumber, f.IssuingAuthority
	d.IssuedOn, d.ExpiresOn = fullDate(f.DateOfIssue), fullDate(f.ExpirationDate)
	return d
}

// fullDate drops what is no whole date, so that a month or LIFETIME is never taken for one.
func fullDate(d kyc.Date) kyc.Date {
	at, err := d.Time()
	if err != nil {
		return ""
	}
	return kyc.DateOf(at)
}

func (a *PostalAddress) address() *kyc.Address {
	if a == nil {
		return nil
	}
	out := kyc.Address{
		City: a.TownCity, Subdivision: a.State, PostalCode: a.PostalCode, Country: countryCode(a.CountryISO), Formatted: a.FormattedAddress,
	}
	if out.Country == "" {
		out.Country = countryCode(a.Country)
	}
	for _, line := range [...]string{a.AddressLine1, a.AddressLine2, a.AddressLine3, a.AddressLine4, a.AddressLine5, a.AddressLine6} {
		if line != "" {
			out.Lines = append(out.Lines, line)
		}
	}
	if len(out.Lines) == 0 {
		// Formats without lines give the parts.
		for _, line := range [...]string{
			a.CareOf, a.SubBuilding, strings.TrimSpace(a.BuildingNumber + " " + a.Building), a.Street, a.Landmark, a.Locality, a.PostOffice, a.Subdistrict, a.District,
		} {
			if line != "" {
				out.Lines = append(out.Lines, line)
			}
		}
	}
	if len(out.Lines) == 0 && out.City+out.Subdivision+out.PostalCode+out.Country+out.Formatted == "" {
		return nil
	}
	return &out
}

// Form returns the form of the zone as text, whether it was sent as a number or
// as a string: "1" is TD1, "2" is TD3.
func (m *MRZ) Form() string {
	if m == nil || len(m.Type) == 0 || string(m.Type) == "null" {
		return ""
	}
	switch c := m.Type[0]; {
	case c == '"':
		var text string
		if err := kyc.Unmarshal(m.Type, &text); err != nil {
			return ""
		}
		return text
	case c == '-' || '0' <= c && c <= '9':
		return string(m.Type)
	default:
		return ""
	}
}
