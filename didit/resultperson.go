package didit

import (
	"github.com/seed44d1d1b3/kyc-go/internal/country"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// documentTypes reads both vocabularies: display names of the readings, codes of chips and machine-readable zones.
var documentTypes = map[string]kyc.DocumentType{
	"passport": kyc.DocumentPassport, "p": kyc.DocumentPassport,
	"identity card": kyc.DocumentIDCard, "id card": kyc.DocumentIDCard, "id": kyc.DocumentIDCard,
	"driver's license": kyc.DocumentDrivingLicense, "driving license": kyc.DocumentDrivingLicense, "dl": kyc.DocumentDrivingLicense,
	"residence permit": kyc.DocumentResidencePermit, "rp": kyc.DocumentResidencePermit,
	"health insurance card": kyc.DocumentHealthCard, "hic": kyc.DocumentHealthCard,
	"tax card": kyc.DocumentTaxCard, "tc": kyc.DocumentTaxCard,
	"visa": kyc.DocumentVisa,
}

func documentType(word string) kyc.DocumentType {
	if word == "" {
		return ""
	}
	b := []byte(word)
	for i, c := range b {
		b[i] = lower(c)
	}
	if t, ok := documentTypes[string(b)]; ok {
		return t
	}
	return kyc.DocumentOther
}

// alpha3 returns a country as ISO 3166-1 alpha-3 where it can be told, citing what was rewritten.
func alpha3(r *kyc.Result, text, pointer string) string {
	code, ok := country.Alpha3(text)
	if !ok || code == text {
		return text
	}
	r.Cite(pointer, "country written as ISO 3166-1 alpha-3", false)
	return code
}

// identity reads person and documents: from the chip where it was read and is genuine, else from the reading of the document.
func identity(r *kyc.Result, d *Decision) {
	chip, id := chipIndex(d), idIndex(d)
	switch {
	case chip >= 0:
		same := sameDocument(d, chip)
		r.Person = chipPerson(r, d, chip)
		r.Documents = append(r.Documents, chipDocument(r, d, chip))
		if same >= 0 {
			complete(r, d, same)
		}
		for i := range d.IDVerifications {
			if i != same {
				addDocument(r, d, i)
			}
		}
	case id >= 0:
		r.Person = idPerson(r, d, id)
		addDocument(r, d, id)
		for i := range d.IDVerifications {
			if i != id {
				addDocument(r, d, i)
			}
		}
	}
	for i, v := range d.POAVerifications {
		if v.DocumentType == "" && v.Issuer == "" && v.IssueDate == "" {
			continue
		}
		r.Documents = append(r.Documents, kyc.Document{
			Type: kyc.DocumentProofOfAddress, VendorType: v.DocumentType, IssuingAuthority: v.Issuer, IssuedOn: v.IssueDate,
			ExpiresOn: v.ExpirationDate, IssuingCountry: alpha3(r, v.IssuingState, kyc.PointerTo("poa_verifications", i, "issuing_state")),
			Ref: kyc.PointerTo("poa_verifications", i),
		})
	}
	if (chip >= 0 || id >= 0) && len(r.Documents) > 0 {
		primary := r.Documents[0]
		r.Document = &primary
	}
	contact(r, d)
}

// chipIndex returns the first chip that was read and whose signatures hold, preferably of an approved check; -1 for none.
func chipIndex(d *Decision) int {
	best := -1
	for i, v := range d.NFCVerifications {
		a := v.Authenticity
		genuine := a != nil && a.SODIntegrity != nil && *a.SODIntegrity && a.DGIntegrity != nil && *a.DGIntegrity
		if v.ChipData == nil || !genuine || (v.ChipData.DocumentNumber == "" && v.ChipData.LastName == "") || equalASCII(string(v.Status), string(FeatureStatusDeclined)) {
			continue
		}
		if equalASCII(string(v.Status), string(FeatureStatusApproved)) {
			return i
		}
		if best < 0 {
			best = i
		}
	}
	return best
}

// idIndex returns the first approved reading, else the first that holds anything; -1 for none.
func idIndex(d *Decision) int {
	best := -1
	for i, v := range d.IDVerifications {
		if !hasIdentity(v) {
			continue
		}
		if equalASCII(string(v.Status), string(FeatureStatusApproved)) {
			return i
		}
		if best < 0 {
			best = i
		}
	}
	return best
}

func hasIdentity(v IDVerification) bool {
	return trimmed(v.FullName) || trimmed(v.FirstName) || trimmed(v.LastName) || trimmed(v.DocumentNumber) || trimmed(v.DocumentType) || v.DateOfBirth != ""
}

// sameDocument returns the reading of the document that the chip belongs to, -1 for none. Only the number tells: what was
// read from another document may be another person's.
func sameDocument(d *Decision, chip int) int {
	number := d.NFCVerifications[chip].ChipData.DocumentNumber
	for i, v := range d.IDVerifications {
		if number != "" && equalASCII(v.DocumentNumber, number) {
			return i
		}
	}
	return -1
}

func chipPerson(r *kyc.Result, d *Decision, i int) *kyc.Person {
	c, at := d.NFCVerifications[i].ChipData, kyc.PointerTo("nfc_verifications", i, "chip_data")
	p := &kyc.Person{
		FirstName: c.FirstName, LastName: c.LastName, DateOfBirth: c.BirthDate, Gender: c.Gender, PlaceOfBirth: c.PlaceOfBirth,
		Nationality: alpha3(r, c.Nationality, at+"/nationality"),
	}
	if trimmed(c.Address) {
		p.Address = &kyc.Address{Formatted: c.Address}
	}
	return p
}

func chipDocument(r *kyc.Result, d *Decision, i int) kyc.Document {
	c, at := d.NFCVerifications[i].ChipData, kyc.PointerTo("nfc_verifications", i)
	return kyc.Document{
		Type: documentType(c.DocumentType), VendorType: c.DocumentType, Number: c.DocumentNumber, ExpiresOn: c.ExpirationDate,
		IssuingCountry: alpha3(r, c.IssuingCountry, at+"/chip_data/issuing_country"), Ref: at,
	}
}

// complete fills what the chip does not hold from the reading of the same document.
func complete(r *kyc.Result, d *Decision, i int) {
	seen, doc := idPerson(r, d, i), idDocument(r, d, i)
	p, first := r.Person, &r.Documents[0]
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&p.FirstName, seen.FirstName}, {&p.LastName, seen.LastName}, {&p.FullName, seen.FullName}, {&p.Gender, seen.Gender},
		{&p.Nationality, seen.Nationality}, {&p.PlaceOfBirth, seen.PlaceOfBirth}, {&p.PersonalNumber, seen.PersonalNumber},
		{&first.PersonalNumber, doc.PersonalNumber}, {&first.IssuingCountry, doc.IssuingCountry}, {&first.VendorType, doc.VendorType},
	} {
		if *f.to == "" {
			*f.to = f.from
		}
	}
	if p.DateOfBirth == "" {
		p.DateOfBirth = seen.DateOfBirth
	}
	// The reading has the address in its parts.
	if seen.Address != nil && (p.Address == nil || len(seen.Address.Lines) > 0) {
		p.Address = seen.Address
	}
	if first.Type == "" {
		first.Type = doc.Type
	}
	if first.IssuedOn == "" {
		first.IssuedOn = doc.IssuedOn
	}
	if first.ExpiresOn == "" {
		first.ExpiresOn = doc.ExpiresOn
	}
}

func idPerson(r *kyc.Result, d *Decision, i int) *kyc.Person {
	v, at := d.IDVerifications[i], kyc.PointerTo("id_verifications", i)
	return &kyc.Person{
		FirstName: v.FirstName, LastName: v.LastName, FullName: v.FullName, DateOfBirth: v.DateOfBirth, Gender: v.Gender,
		Nationality: alpha3(r, v.Nationality, at+"/nationality"), PlaceOfBirth: v.PlaceOfBirth, PersonalNumber: v.PersonalNumber,
		Address: idAddress(r, v, at),
	}
}

func idAddress(r *kyc.Result, v IDVerification, at string) *kyc.Address {
	a := kyc.Address{Formatted: v.FormattedAddress}
	if a.Formatted == "" {
		a.Formatted = v.Address
	}
	if p := v.ParsedAddress; p != nil {
		for _, line := range []string{p.Street1, p.Street2} {
			if trimmed(line) {
				a.Lines = append(a.Lines, line)
			}
		}
		a.City, a.Subdivision, a.PostalCode = p.City, p.Region, p.PostalCode
		a.Country = alpha3(r, p.Country, at+"/parsed_address/country")
	}
	if a.Formatted == "" && a.City == "" && len(a.Lines) == 0 && a.Country == "" && a.PostalCode == "" && a.Subdivision == "" {
		return nil
	}
	return &a
}

func idDocument(r *kyc.Result, d *Decision, i int) kyc.Document {
	v, at := d.IDVerifications[i], kyc.PointerTo("id_verifications", i)
	return kyc.Document{
		Type: documentType(v.DocumentType), VendorType: v.DocumentType, Number: v.DocumentNumber, PersonalNumber: v.PersonalNumber,
		IssuingCountry: alpha3(r, v.IssuingState, at+"/issuing_state"), IssuedOn: v.DateOfIssue, ExpiresOn: v.ExpirationDate, Ref: at,
	}
}

func addDocument(r *kyc.Result, d *Decision, i int) {
	v := d.IDVerifications[i]
	if trimmed(v.DocumentType) || trimmed(v.DocumentNumber) {
		r.Documents = append(r.Documents, idDocument(r, d, i))
	}
}

// contact adds address and number that were verified.
func contact(r *kyc.Result, d *Decision) {
	if r.Person == nil {
		return
	}
	for _, v := range d.EmailVerifications {
		if r.Person.Email == "" && equalASCII(string(v.Status), string(FeatureStatusApproved)) {
			r.Person.Email = v.Email
		}
	}
	for _, v := range d.PhoneVerifications {
		if r.Person.Phone == "" && equalASCII(string(v.Status), string(FeatureStatusApproved)) {
			r.Person.Phone = v.FullNumber
		}
	}
}
