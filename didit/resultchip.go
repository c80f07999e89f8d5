package didit

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed44d1d1b3/kyc-go/internal/country"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// chipRisks are findings after which a chip proves nobody, whatever its own integrity says: it may be a copy, or another
// document's.
var chipRisks = []string{
	"NFC_CHIP_NOT_VERIFIED", "NFC_TRUST_ANCHOR_MISSING", "DSC_CERTIFICATE_REVOKED", "NFC_AND_OCR_DATA_NOT_SAME", "DATA_INCONSISTENT",
}

// chipIndex returns the first chip that was read and whose signatures hold, preferably of an approved check; -1 for none.
// It takes the place of an approved reading of a document only if the vendor approved the chip as well and found nothing
// against it, and if it says enough to tell one person from another.
func chipIndex(d *Decision) int {
	id := idIndex(d)
	proven := id >= 0 && approved(d.IDVerifications[id].Status)
	best := -1
	for i, v := range d.NFCVerifications {
		a, c := v.Authenticity, v.ChipData
		genuine := a != nil && a.SODIntegrity != nil && *a.SODIntegrity && a.DGIntegrity != nil && *a.DGIntegrity
		if c == nil || !genuine || (c.DocumentNumber == "" && c.LastName == "") || equalASCII(string(v.Status), string(FeatureStatusDeclined)) {
			continue
		}
		if approved(v.Status) && (!proven || (hasText(c.DocumentNumber) || plainDate(c.BirthDate) != "") && !suspicious(v)) {
			return i
		}
		if best < 0 && !proven {
			best = i
		}
	}
	return best
}

func suspicious(v NFCVerification) bool {
	return slices.ContainsFunc(v.Warnings, func(w Warning) bool {
		return slices.ContainsFunc(chipRisks, func(risk string) bool { return equalASCII(risk, w.Risk) })
	})
}

func approved(status FeatureStatus) bool {
	return equalASCII(string(status), string(FeatureStatusApproved))
}

// sameDocument returns the reading of the document that the chip belongs to, -1 for none. The number tells, and nothing
// else that both say may be against it: countries give out the same numbers, and what was read from another document may
// be another person's.
func sameDocument(d *Decision, chip int) int {
	c := d.NFCVerifications[chip].ChipData
	number := plainNumber(c.DocumentNumber)
	for i, v := range d.IDVerifications {
		if number != "" && plainNumber(v.DocumentNumber) == number && agree(sameCountry, c.IssuingCountry, v.IssuingState) &&
			agree(sameDate, string(c.BirthDate), string(v.DateOfBirth)) && agree(sameName, c.LastName, v.LastName) {
			return i
		}
	}
	return -1
}

// agree compares what both sides say; where one says nothing there is nothing to contradict.
func agree(same func(a, b string) bool, a, b string) bool {
	return !hasText(a) || !hasText(b) || same(a, b)
}

// plainNumber leaves out what a zone for machines fills up with and what people divide numbers by.
func plainNumber(number string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '<' || c == '-' || unicode.IsSpace(c):
			return -1
		case c < utf8.RuneSelf:
			return rune(lower(byte(c)))
		}
		return c
	}, number)
}

func sameCountry(a, b string) bool {
	codeA, okA := country.Alpha3(a)
	codeB, okB := country.Alpha3(b)
	return equalASCII(a, b) || okA && okB && codeA == codeB
}

func sameDate(a, b string) bool { return plainDate(kyc.Date(a)) == plainDate(kyc.Date(b)) }

func sameName(a, b string) bool {
	words := func(name string) string {
		return strings.Join(strings.FieldsFunc(name, func(c rune) bool { return c == '<' || c == '-' || unicode.IsSpace(c) }), " ")
	}
	return strings.EqualFold(words(a), words(b))
}

func chipPerson(r *kyc.Result, d *Decision, i int) *kyc.Person {
	c, at := d.NFCVerifications[i].ChipData, kyc.PointerTo("nfc_verifications", i, "chip_data")
	p := &kyc.Person{
		FirstName: c.FirstName, LastName: c.LastName, DateOfBirth: dateOf(r, c.BirthDate, at+"/birth_date"), Gender: c.Gender, PlaceOfBirth: c.PlaceOfBirth,
		Nationality: alpha3(r, c.Nationality, at+"/nationality"),
	}
	if hasText(c.Address) {
		p.Address = &kyc.Address{Formatted: c.Address}
	}
	return p
}

func chipDocument(r *kyc.Result, d *Decision, i int) kyc.Document {
	c, at := d.NFCVerifications[i].ChipData, kyc.PointerTo("nfc_verifications", i)
	return kyc.Document{
		Type: documentType(c.DocumentType), VendorType: c.DocumentType, Number: c.DocumentNumber, ExpiresOn: dateOf(r, c.ExpirationDate, at+"/chip_data/expiration_date"),
		IssuingCountry: alpha3(r, c.IssuingCountry, at+"/chip_data/issuing_country"), Ref: at,
	}
}

// complete fills what the chip does not hold from the reading of the same document, and cites only what it takes.
func complete(r *kyc.Result, d *Decision, i int) {
	v, at := d.IDVerifications[i], kyc.PointerTo("id_verifications", i)
	p, first := r.Person, &r.Documents[0]
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&p.FirstName, v.FirstName}, {&p.LastName, v.LastName}, {&p.FullName, v.FullName}, {&p.Gender, v.Gender},
		{&p.PlaceOfBirth, v.PlaceOfBirth}, {&p.PersonalNumber, v.PersonalNumber}, {&first.PersonalNumber, v.PersonalNumber},
	} {
		if *f.to == "" {
			*f.to = f.from
		}
	}
	if p.Nationality == "" {
		p.Nationality = alpha3(r, v.Nationality, at+"/nationality")
	}
	if first.IssuingCountry == "" {
		first.IssuingCountry = alpha3(r, v.IssuingState, at+"/issuing_state")
	}
	if p.DateOfBirth == "" {
		p.DateOfBirth = dateOf(r, v.DateOfBirth, at+"/date_of_birth")
	}
	// The reading has the address in its parts.
	if p.Address == nil || v.ParsedAddress != nil && (hasText(v.ParsedAddress.Street1) || hasText(v.ParsedAddress.Street2)) {
		if a := idAddress(r, v, at); a != nil {
			p.Address = a
		}
	}
	if first.VendorType == "" {
		first.Type, first.VendorType = documentType(v.DocumentType), v.DocumentType
	}
	if first.IssuedOn == "" {
		first.IssuedOn = dateOf(r, v.DateOfIssue, at+"/date_of_issue")
	}
	if first.ExpiresOn == "" {
		first.ExpiresOn = dateOf(r, v.ExpirationDate, at+"/expiration_date")
	}
}
