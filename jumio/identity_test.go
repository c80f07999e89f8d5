package jumio_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// withCapabilities is a finished execution with some capabilities.
func withCapabilities(capabilities string) []byte {
	return []byte(`{"workflow":{"id":"w","status":"PROCESSED"},"account":{"id":"a"},"decision":{"type":"PASSED"},"capabilities":` + capabilities + `}`)
}

// cited lists the pointers of evidence that does not decide, with their rules.
func cited(r *kyc.Result) map[string]string {
	out := make(map[string]string)
	for _, e := range r.Evidence {
		if !e.Deciding {
			out[e.Pointer] = e.Rule
		}
	}
	return out
}

// Person and primary document are of one extraction, or they could be of two people.
func TestPersonAndDocumentAreOfOnePaper(t *testing.T) {
	const (
		nameless = `{"credentials":[{"id":"c1","category":"ID"}],"decision":{"type":"PASSED"},"data":{"type":"PASSPORT","documentNumber":"P-OF-ANNA"}}`
		bob      = `{"credentials":[{"id":"c2","category":"ID"}],"decision":{"type":"PASSED"},"data":{"type":"ID_CARD","documentNumber":"I-OF-BOB","firstName":"BOB"}}`
		refused  = `{"credentials":[{"id":"c3","category":"ID"}],"decision":{"type":"NOT_EXECUTED"},"data":{"type":"UNSUPPORTED","firstName":"EVE"}}`
		bill     = `{"credentials":[{"id":"c4","category":"DOCUMENT"}],"decision":{"type":"PASSED"},"data":{"documentType":"UB","firstName":"MARY"}}`
		letter   = `{"credentials":[{"id":"c5","category":"DOCUMENT"}],"decision":{"type":"PASSED"},"data":{"documentType":"BS","documentNumber":"L-1","firstName":"N/A"}}`
		bare     = `{"data":{"documentType":"TR","lastName":"ROE"}}`
		empty    = `{"credentials":[{"id":"c6","category":"ID"}],"decision":{"type":"PASSED"},"data":{}}`
	)
	const extraction = "/capabilities/extraction/"
	for _, c := range []struct {
		name, list            string
		first, number, vendor string
		chosen                string
		documents             int
		last                  string
	}{
		{"of two IDs the first", nameless + "," + bob, "", "P-OF-ANNA", "PASSPORT", extraction + "0", 2, ""},
		{"an ID before a bill", bill + "," + bob, "BOB", "I-OF-BOB", "ID_CARD", extraction + "1", 2, ""},
		{"a passed ID before one that was not read", refused + "," + bob, "BOB", "I-OF-BOB", "ID_CARD", extraction + "1", 2, ""},
		{"an ID that was not read before a bill", bill + "," + refused, "EVE", "", "UNSUPPORTED", extraction + "1", 2, ""},
		{"without an ID who is named", letter + "," + bill + "," + bare, "MARY", "", "UB", extraction + "1", 3, ""},
		{"without categories too", letter + "," + bare, "", "", "TR", extraction + "1", 2, "ROE"},
		{"nobody is named", letter + "," + letter, "", "L-1", "BS", extraction + "0", 2, ""},
		{"no choice", bob, "BOB", "I-OF-BOB", "ID_CARD", "", 1, ""},
		{"an ID of which nothing was read", empty + "," + bill, "MARY", "", "UB", "", 1, ""},
	} {
		r := must[*kyc.Result](t)(jumio.ParseResult(withCapabilities(`{"extraction":[` + c.list + `]}`)))
		person := r.Person
		if person == nil {
			person = &kyc.Person{}
		}
		if person.FirstName != c.first || person.LastName != c.last || r.Document.Number != c.number || r.Document.VendorType != c.vendor || len(r.Documents) != c.documents || r.Decision != kyc.Approved {
			t.Errorf("%s: %s %s with %s %s", c.name, person.FirstName, person.LastName, r.Document.VendorType, r.Document.Number)
		}
		evidence := cited(r)
		delete(evidence, extraction+"0/data/firstName")
		if c.chosen == "" && len(evidence) != 0 || c.chosen != "" && evidence[c.chosen] == "" {
			t.Errorf("%s: cited %v", c.name, evidence)
		}
		if c.chosen != "" && r.Document.Ref != c.chosen+"/data" {
			t.Errorf("%s: the document is at %s", c.name, r.Document.Ref)
		}
	}
}

// Dates have one form, whatever the vendor sent; what is no date is left out, and the original is cited.
func TestDates(t *testing.T) {
	const at = "/capabilities/extraction/0/data/"
	const isCut, isNone, isMade = "time stamp cut to its date", "not a date, left out", "date put together from its parts"
	for _, c := range []struct {
		data string
		want kyc.Date
		rule map[string]string
	}{
		{`"dateOfBirth":"1964-08-20"`, "1964-08-20", nil},
		{`"dateOfBirth":"1964-08-20T00:00:00.000Z"`, "1964-08-20", map[string]string{"dateOfBirth": isCut}},
		{`"dateOfBirth":"1964-08-20T00:00:00+14:00"`, "1964-08-20", map[string]string{"dateOfBirth": isCut}},
		{`"dateOfBirth":"1964-08-20 00:00:00"`, "1964-08-20", map[string]string{"dateOfBirth": isCut}},
		{`"dateOfBirth":"1964-08-19T22:00:00.000Z"`, "", map[string]string{"dateOfBirth": isNone}},
		{`"dateOfBirth":"1964-08-20T00:00:00.001Z"`, "", map[string]string{"dateOfBirth": isNone}},
		{`"dateOfBirth":"1964-02-31"`, "", map[string]string{"dateOfBirth": isNone}},
		{`"dateOfBirth":"20.08.1964"`, "", map[string]string{"dateOfBirth": isNone}},
		{`"dateOfBirth":"N/A"`, "", map[string]string{"dateOfBirth": isNone}},
		{`"dateOfBirth":"20.08.1964","dateOfBirthParts":{"year":"1964","month":"08","day":"20"}`, "1964-08-20", map[string]string{"dateOfBirth": isNone, "dateOfBirthParts": isMade}},
		{`"dateOfBirth":"1964-08-20","dateOfBirthParts":{"year":"1965","month":"08","day":"20"}`, "1964-08-20", nil},
		{`"dateOfBirthParts":{"year":"1964","month":"8","day":"2"}`, "1964-08-02", map[string]string{"dateOfBirthParts": isMade}},
		{`"dateOfBirthParts":{"year":"1964","month":"08"}`, "", nil},
		{`"dateOfBirthParts":{"year":"1964"}`, "", nil},
		{`"dateOfBirthParts":{"year":"64","month":"08","day":"20"}`, "", nil},
		{`"dateOfBirthParts":{"year":"1964","month":"02","day":"30"}`, "", nil},
		{`"dateOfBirthParts":{"year":"1964","month":"AUG","day":"20"}`, "", nil},
		{`"dateOfBirthParts":{"year":"1964","month":"-8","day":"20"}`, "", nil},
		{`"dateOfBirthParts":{"year":"1964","month":"008","day":"20"}`, "", nil},
	} {
		r := must[*kyc.Result](t)(jumio.ParseResult(withCapabilities(`{"extraction":[{"data":{"firstName":"A",` + c.data + `}}]}`)))
		want := make(map[string]string)
		for name, rule := range c.rule {
			want[at+name] = rule
		}
		if diff := cmp.Diff(want, cited(r)); diff != "" || r.Person.DateOfBirth != c.want {
			t.Errorf("%s: %q\n%s", c.data, r.Person.DateOfBirth, diff)
		}
	}
	r := must[*kyc.Result](t)(jumio.ParseResult(withCapabilities(`{"extraction":[{"data":{"documentNumber":"1",
		"issuingDate":"2020-02-31","issuingDateParts":{"year":"2020","month":"02","day":"29"},"expiryDate":"2030-08-20T00:00:00.000Z"}}]}`)))
	if r.Document.IssuedOn != "2020-02-29" || r.Document.ExpiresOn != "2030-08-20" || len(cited(r)) != 3 {
		t.Errorf("issued %s, expires %s, cited %v", r.Document.IssuedOn, r.Document.ExpiresOn, cited(r))
	}
}
