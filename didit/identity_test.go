package didit

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Who the person is comes from the chip only where it was read, is genuine and was not declined; else from the document.
func TestIdentityFromTheChip(t *testing.T) {
	const genuine, holds = `"authenticity":{"sod_integrity":true,"dg_integrity":true}`, `"chip_data":{"document_number":"C1","last_name":"Chip"}`
	reading := `"id_verifications":[{"status":"Approved","document_type":"Passport","document_number":"P1","last_name":"Reading"}]`
	for _, c := range []struct{ name, chips, want string }{
		{"genuine and approved", `{"status":"Approved",` + genuine + `,` + holds + `}`, "Chip"},
		// The document was approved and the chip was not: nobody has vouched for what the chip says.
		{"genuine, in review", `{"status":"In Review",` + genuine + `,` + holds + `}`, "Reading"},
		{"to be read again", `{"status":"Resub Requested",` + genuine + `,` + holds + `}`, "Reading"},
		{"not finished", `{"status":"Not Finished",` + genuine + `,` + holds + `}`, "Reading"},
		{"a word that is new", `{"status":"Checked",` + genuine + `,` + holds + `}`, "Reading"},
		{"approved, with a name only", `{"status":"Approved",` + genuine + `,"chip_data":{"last_name":"Chip"}}`, "Reading"},
		{"approved, not verified", `{"status":"Approved",` + genuine + `,` + holds + `,"warnings":[{"risk":"NFC_CHIP_NOT_VERIFIED","log_type":"information"}]}`, "Reading"},
		{"approved, without an anchor", `{"status":"Approved",` + genuine + `,` + holds + `,"warnings":[{"risk":"OTHER"},{"risk":"NFC_TRUST_ANCHOR_MISSING"}]}`, "Reading"},
		{"approved, certificate revoked", `{"status":"Approved",` + genuine + `,` + holds + `,"warnings":[{"risk":"dsc_certificate_revoked"}]}`, "Reading"},
		{"approved, another document's", `{"status":"Approved",` + genuine + `,` + holds + `,"warnings":[{"risk":"NFC_AND_OCR_DATA_NOT_SAME"}]}`, "Reading"},
		{"approved, inconsistent", `{"status":"Approved",` + genuine + `,` + holds + `,"warnings":[{"risk":"DATA_INCONSISTENT"}]}`, "Reading"},
		{"approved, certificate expired", `{"status":"Approved",` + genuine + `,` + holds + `,"warnings":[{"risk":"DSC_CERTIFICATE_EXPIRED","log_type":"information"}]}`, "Chip"},
		{"declined", `{"status":"Declined",` + genuine + `,` + holds + `}`, "Reading"},
		{"declined in capitals", `{"status":"DECLINED",` + genuine + `,` + holds + `}`, "Reading"},
		{"no word on the chip's integrity", `{"status":"Approved",` + holds + `}`, "Reading"},
		{"data were changed", `{"status":"Approved","authenticity":{"sod_integrity":true,"dg_integrity":false},` + holds + `}`, "Reading"},
		{"signature does not hold", `{"status":"Approved","authenticity":{"sod_integrity":false,"dg_integrity":true},` + holds + `}`, "Reading"},
		{"integrity of the data not known", `{"status":"Approved","authenticity":{"sod_integrity":true},` + holds + `}`, "Reading"},
		{"integrity of the signature not known", `{"status":"Approved","authenticity":{"dg_integrity":true},` + holds + `}`, "Reading"},
		{"no data", `{"status":"Approved",` + genuine + `}`, "Reading"},
		{"empty data", `{"status":"Approved",` + genuine + `,"chip_data":{}}`, "Reading"},
		{"an approved one after one in review", `{"status":"In Review",` + genuine + `,"chip_data":{"last_name":"First"}},{"status":"Approved",` + genuine + `,` + holds + `}`, "Chip"},
	} {
		r, err := ParseResult([]byte(`{"session_id":"s","status":"Approved",` + reading + `,"nfc_verifications":[` + c.chips + `]}`))
		if err != nil || r.Person == nil || r.Document == nil {
			t.Fatalf("%s: %v, %v", c.name, r, err)
		}
		wantNumber := map[string]string{"Chip": "C1", "Reading": "P1"}[c.want]
		if r.Person.LastName != c.want || r.Document.Number != wantNumber {
			t.Errorf("%s: the person is from %q and the document is %q", c.name, r.Person.LastName, r.Document.Number)
		}
	}
}

// Where no reading was approved, a chip that is genuine still says more than a picture.
func TestChipBesideReadingInReview(t *testing.T) {
	r, err := ParseResult([]byte(`{"session_id":"s","status":"In Review","id_verifications":[{"status":"In Review","document_number":"P1","last_name":"Reading"}],` +
		`"nfc_verifications":[{"status":"In Review","authenticity":{"sod_integrity":true,"dg_integrity":true},"chip_data":{"document_number":"P1","last_name":"Reading","first_name":"Chip"}}]}`))
	if err != nil || r.Person == nil || r.Person.FirstName != "Chip" || len(r.Documents) != 1 {
		t.Errorf("%v, %v", r, err)
	}
}

// Only what belongs to the chip's own document completes the chip.
func TestChipAndReadingOfOneDocument(t *testing.T) {
	for _, c := range []struct {
		name, chip, reading string
		same                bool
	}{
		{"number", `"document_number":"P1","last_name":"A"`, `"document_number":"P1","last_name":"A"`, true},
		{"number as a zone for machines fills it up", `"document_number":"P1234<<<<","last_name":"A"`, `"document_number":"p1-2 34","last_name":"A"`, true},
		{"all that both say", `"document_number":"1","last_name":"MUSTER<MANN","birth_date":"1980-01-01","issuing_country":"D"`, `"document_number":"1","last_name":"Muster-Mann","date_of_birth":"1980-01-01T00:00:00Z","issuing_state":"DEU"`, true},
		{"no number", `"birth_date":"1980-01-01","last_name":"A"`, `"date_of_birth":"1980-01-01","last_name":"A"`, false},
		{"fillers for a number", `"document_number":"<<<","birth_date":"1980-01-01","last_name":"A"`, `"document_number":"-","last_name":"A"`, false},
		{"another number", `"document_number":"1","last_name":"A"`, `"document_number":"2","last_name":"A"`, false},
		{"another country", `"document_number":"1","last_name":"A","issuing_country":"GBR"`, `"document_number":"1","last_name":"A","issuing_state":"ITA"`, false},
		{"another birth date", `"document_number":"1","last_name":"A","birth_date":"1970-12-31"`, `"document_number":"1","last_name":"A","date_of_birth":"1990-01-01"`, false},
		{"another name", `"document_number":"1","last_name":"SMITH"`, `"document_number":"1","last_name":"ROSSI"`, false},
	} {
		r, err := ParseResult([]byte(`{"session_id":"s","status":"Approved","id_verifications":[{"status":"Approved","document_type":"Passport","personal_number":"77",` + c.reading + `}],` +
			`"nfc_verifications":[{"status":"Approved","authenticity":{"sod_integrity":true,"dg_integrity":true},"chip_data":{` + c.chip + `}}]}`))
		if err != nil || r.Person == nil {
			t.Fatalf("%s: %v, %v", c.name, r, err)
		}
		if got := r.Person.PersonalNumber == "77" && len(r.Documents) == 1; got != c.same {
			t.Errorf("%s: one document is %v, want %v", c.name, got, c.same)
		}
	}
}

// What was not taken over is not cited.
func TestChipCitesWhatItTakes(t *testing.T) {
	r, err := ParseResult([]byte(`{"session_id":"s","status":"Approved","id_verifications":[{"status":"Approved","document_number":"P1","nationality":"FR","issuing_state":"FR","date_of_issue":"2020"}],` +
		`"nfc_verifications":[{"status":"Approved","authenticity":{"sod_integrity":true,"dg_integrity":true},"chip_data":{"document_number":"P1","nationality":"GBR","issuing_country":"FR"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range r.Evidence {
		got = append(got, e.Pointer)
	}
	want := []string{"/status", "/nfc_verifications/0/chip_data/issuing_country", "/id_verifications/0/date_of_issue"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cited (-want +got):\n%s", diff)
	}
}

// Dates have one form, so that they compare as texts.
func TestDates(t *testing.T) {
	for in, want := range map[kyc.Date]kyc.Date{
		"1980-05-04": "1980-05-04", "1980-05-04T00:00:00": "1980-05-04", "1980-05-04T00:00:00Z": "1980-05-04", "1980-05-04 00:00:00": "1980-05-04",
		"1980-05-04T00:00:00.000000Z": "1980-05-04", "1980-05-04T00:00:00+02:00": "1980-05-04", "1980-05-04T00:00:00.0-05:00": "1980-05-04",
		"1980-05-04T23:00:00Z": "", "1980-05-04T00:00:00.5Z": "", "1980-05-04 and more": "", "31/12/2030": "", "2020": "", "1980-13-01": "",
		"1980-02-30": "", "0000-00-00": "", "19800504": "", "1980-05-04T": "", "1980-05-04T00:00:00X": "",
	} {
		r, err := ParseResult([]byte(`{"session_id":"s","status":"Approved","id_verifications":[{"status":"Approved","document_number":"P1","date_of_birth":"` + string(in) + `"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		cited := slices.ContainsFunc(r.Evidence, func(e kyc.Evidence) bool { return e.Pointer == "/id_verifications/0/date_of_birth" })
		if r.Person.DateOfBirth != want || cited != (in != want) {
			t.Errorf("%s reads as %q, cited %v", in, r.Person.DateOfBirth, cited)
		}
	}
}

// A workflow may verify a contact or an address and no document.
func TestPersonWithoutDocument(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       *kyc.Person
		cited      []string
	}{
		{
			"contacts", `"phone_verifications":[{"status":"Approved","full_number":"+34601"}],"email_verifications":[{"status":"Approved","email":"a@b.example"}]`,
			&kyc.Person{Email: "a@b.example", Phone: "+34601"}, []string{"/email_verifications/0/email", "/phone_verifications/0/full_number"},
		},
		{
			"address", `"poa_verifications":[{"status":"Declined","poa_address":"no"},{"status":"Approved","poa_address":"1 Main St","poa_formatted_address":"1 Main St, London","poa_parsed_address":{"city":"London","country":"GB"}}]`,
			&kyc.Person{Address: &kyc.Address{Formatted: "1 Main St, London", City: "London", Country: "GBR"}},
			[]string{"/poa_verifications/1/poa_formatted_address", "/poa_verifications/1/poa_parsed_address/country"},
		},
		{"nothing approved", `"phone_verifications":[{"status":"In Review","full_number":"+34601"}],"poa_verifications":[{"status":"In Review","poa_address":"no"}]`, nil, nil},
		{"an address beside a document", `"id_verifications":[{"status":"Approved","last_name":"L"}],"poa_verifications":[{"status":"Approved","poa_address":"1 Main St"}]`,
			&kyc.Person{LastName: "L", Address: &kyc.Address{Formatted: "1 Main St"}}, []string{"/poa_verifications/0/poa_address"}},
		{"the document's own address", `"id_verifications":[{"status":"Approved","last_name":"L","address":"A"}],"poa_verifications":[{"status":"Approved","poa_address":"1 Main St"}]`,
			&kyc.Person{LastName: "L", Address: &kyc.Address{Formatted: "A"}}, nil},
		{"a company's contacts", `"session_kind":"business","phone_verifications":[{"status":"Approved","full_number":"+34601"}]`, nil, nil},
	} {
		r, err := ParseResult([]byte(`{"session_id":"s","status":"Approved",` + c.body + `}`))
		if err != nil {
			t.Fatal(err)
		}
		type plain kyc.Person
		if diff := cmp.Diff((*plain)(c.want), (*plain)(r.Person)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		var cited []string
		for _, e := range r.Evidence[1:] {
			cited = append(cited, e.Pointer)
		}
		if diff := cmp.Diff(c.cited, cited); diff != "" {
			t.Errorf("%s: cited (-want +got):\n%s", c.name, diff)
		}
	}
}

// Only what was verified becomes a person's address and number.
func TestContactOfApprovedChecksOnly(t *testing.T) {
	body := `{"session_id":"s","status":"Approved","id_verifications":[{"status":"Approved","last_name":"L"}],` +
		`"email_verifications":[{"status":"Declined","email":"no@example.com"},{"status":"Approved","email":"yes@example.com"},{"status":"Approved","email":"later@example.com"}],` +
		`"phone_verifications":[{"status":"In Review","full_number":"+34600"},{"status":"Approved","full_number":"+34601"}]}`
	r, err := ParseResult([]byte(body))
	if err != nil || r.Person.Email != "yes@example.com" || r.Person.Phone != "+34601" {
		t.Errorf("%v, %v", r, err)
	}
	r, err = ParseResult([]byte(strings.ReplaceAll(strings.ReplaceAll(body, `"Approved","email"`, `"In Review","email"`), `"Approved","full_number"`, `"Declined","full_number"`)))
	if err != nil || r.Person.Email != "" || r.Person.Phone != "" {
		t.Errorf("what was not approved counts: %v, %v", r, err)
	}
}
