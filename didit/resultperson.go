package didit

import (
	"strings"
	"time"

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

// dateOf returns a date of the form 2006-01-02, citing what was rewritten: a midnight is cut off, and what is no date is
// left out.
func dateOf(r *kyc.Result, date kyc.Date, pointer string) kyc.Date {
	day := plainDate(date)
	switch {
	case day == date:
	case day == "":
		r.Cite(pointer, "a date that cannot be read is left out", false)
	default:
		r.Cite(pointer, "date written without its time", false)
	}
	return day
}

func plainDate(date kyc.Date) kyc.Date {
	day, rest := string(date), ""
	if len(day) > len(time.DateOnly) {
		day, rest = day[:len(time.DateOnly)], day[len(time.DateOnly):]
	}
	if _, err := time.Parse(time.DateOnly, day); err != nil || !isMidnight(rest) {
		return ""
	}
	return kyc.Date(day)
}

// isMidnight takes what may follow a day that was written as a moment, in whichever zone: 00:00:00 after a T or a blank.
func isMidnight(rest string) bool {
	if rest == "" {
		return true
	}
	at, ok := strings.CutPrefix(strings.Replace(rest, "T", " ", 1), " 00:00:00")
	if fraction, found := strings.CutPrefix(at, "."); ok && found {
		at = strings.TrimLeft(fraction, "0")
	}
	if !ok || at == "" || at == "Z" {
		return ok
	}
	_, err := time.Parse("-07:00", at)
	return err == nil
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
		at := kyc.PointerTo("poa_verifications", i)
		r.Documents = append(r.Documents, kyc.Document{
			Type: kyc.DocumentProofOfAddress, VendorType: v.DocumentType, IssuingAuthority: v.Issuer, IssuedOn: dateOf(r, v.IssueDate, at+"/issue_date"),
			ExpiresOn: dateOf(r, v.ExpirationDate, at+"/expiration_date"), IssuingCountry: alpha3(r, v.IssuingState, at+"/issuing_state"), Ref: at,
		})
	}
	if (chip >= 0 || id >= 0) && len(r.Documents) > 0 {
		primary := r.Documents[0]
		r.Document = &primary
	}
	contact(r, d)
}

// idIndex returns the first approved reading, else the first that holds anything; -1 for none.
func idIndex(d *Decision) int {
	best := -1
	for i, v := range d.IDVerifications {
		if !hasIdentity(v) {
			continue
		}
		if approved(v.Status) {
			return i
		}
		if best < 0 {
			best = i
		}
	}
	return best
}

func hasIdentity(v IDVerification) bool {
	return hasText(v.FullName) || hasText(v.FirstName) || hasText(v.LastName) || hasText(v.DocumentNumber) || hasText(v.DocumentType) || v.DateOfBirth != ""
}

func idPerson(r *kyc.Result, d *Decision, i int) *kyc.Person {
	v, at := d.IDVerifications[i], kyc.PointerTo("id_verifications", i)
	return &kyc.Person{
		FirstName: v.FirstName, LastName: v.LastName, FullName: v.FullName, DateOfBirth: dateOf(r, v.DateOfBirth, at+"/date_of_birth"), Gender: v.Gender,
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
		a.Lines = nonEmpty(p.Street1, p.Street2)
		a.City, a.Subdivision, a.PostalCode = p.City, p.Region, p.PostalCode
		a.Country = alpha3(r, p.Country, at+"/parsed_address/country")
	}
	if isEmpty(a) {
		return nil
	}
	return &a
}

func idDocument(r *kyc.Result, d *Decision, i int) kyc.Document {
	v, at := d.IDVerifications[i], kyc.PointerTo("id_verifications", i)
	return kyc.Document{
		Type: documentType(v.DocumentType), VendorType: v.DocumentType, Number: v.DocumentNumber, PersonalNumber: v.PersonalNumber,
		IssuingCountry: alpha3(r, v.IssuingState, at+"/issuing_state"),
		IssuedOn:       dateOf(r, v.DateOfIssue, at+"/date_of_issue"), ExpiresOn: dateOf(r, v.ExpirationDate, at+"/expiration_date"), Ref: at,
	}
}

func addDocument(r *kyc.Result, d *Decision, i int) {
	v := d.IDVerifications[i]
	if hasText(v.DocumentType) || hasText(v.DocumentNumber) {
		r.Documents = append(r.Documents, idDocument(r, d, i))
	}
}
