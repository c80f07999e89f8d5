package didit

import (
	"strings"
	"testing"
)

// Who the person is comes from the chip only where it was read, is genuine and was not declined; else from the document.
func TestIdentityFromTheChip(t *testing.T) {
	const genuine, holds = `"authenticity":{"sod_integrity":true,"dg_integrity":true}`, `"chip_data":{"document_number":"C1","last_name":"Chip"}`
	reading := `"id_verifications":[{"status":"Approved","document_type":"Passport","document_number":"P1","last_name":"Reading"}]`
	for _, c := range []struct{ name, chips, want string }{
		{"genuine and approved", `{"status":"Approved",` + genuine + `,` + holds + `}`, "Chip"},
		{"genuine, in review", `{"status":"In Review",` + genuine + `,` + holds + `}`, "Chip"},
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
