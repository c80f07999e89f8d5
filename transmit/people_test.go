package transmit_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

const complete = `"session_id":"s","status":"complete","recommendation":"ALLOW"`

// cited lists the evidence that did not decide and is cited by a rule with the text.
func cited(r *kyc.Result, text string) []string {
	var at []string
	for _, e := range r.Evidence {
		if !e.Deciding && strings.Contains(e.Rule, text) {
			at = append(at, e.Pointer)
		}
	}
	return at
}

// In the deprecated shape person and document have names. Two people never become one: what the document says of its
// holder is the person's only where both are known to be the same.
func TestDeprecatedPersonIsOneHumanBeing(t *testing.T) {
	const person, document = "/verified_info/person/", "/verified_info/document/"
	bob := `"document":{"type":"passport","given_name":"BOB","surname":"ROE","date_of_birth":"1950-01-01T00:00:00.000Z","id_value":"BOB-1"}`
	for _, tt := range []struct {
		name, info string
		want       kyc.Person
		filled     []string
		not        []string
	}{
		{
			"another name", `"person":{"given_name":"ANNA","surname":"DOE"},` + bob,
			kyc.Person{FirstName: "ANNA", LastName: "DOE"}, nil,
			[]string{person + "given_name", person + "surname", document + "given_name", document + "surname", document + "date_of_birth"},
		},
		{
			"another given name", `"person":{"given_name":"ANNA","surname":"ROE","full_name":"BOB ROE"},` + bob,
			kyc.Person{FirstName: "ANNA", LastName: "ROE", FullName: "BOB ROE"}, nil,
			[]string{person + "given_name", person + "surname", person + "full_name", document + "given_name", document + "surname", document + "date_of_birth"},
		},
		{
			"the same name in another spelling", `"person":{"given_name":" bob","surname":"Roe "},` + bob,
			kyc.Person{FirstName: " bob", LastName: "Roe ", DateOfBirth: "1950-01-01", PersonalNumber: "BOB-1"},
			[]string{document + "date_of_birth", document + "id_value"}, nil,
		},
		{
			"the same name as one text", `"person":{"full_name":"Bob  Roe"},` + bob,
			kyc.Person{FullName: "Bob  Roe", DateOfBirth: "1950-01-01", PersonalNumber: "BOB-1"}, []string{document + "date_of_birth", document + "id_value"}, nil,
		},
		{
			"another full name beside the same parts", `"person":{"given_name":"BOB","surname":"ROE","full_name":"BOB A ROE"},"document":{"given_name":"BOB","surname":"ROE","full_name":"BOB B ROE","id_value":"1"}`,
			kyc.Person{FirstName: "BOB", LastName: "ROE", FullName: "BOB A ROE"}, nil,
			[]string{person + "given_name", person + "surname", person + "full_name", document + "given_name", document + "surname", document + "full_name"},
		},
		{
			"and born on the same day", `"person":{"given_name":"BOB","surname":"ROE","full_name":"BOB A ROE","date_of_birth":"1950-01-01"},
				"document":{"given_name":"BOB","surname":"ROE","full_name":"BOB B ROE","id_value":"1","date_of_birth":"1950-01-01T00:00:00Z"}`,
			kyc.Person{FirstName: "BOB", LastName: "ROE", FullName: "BOB A ROE", DateOfBirth: "1950-01-01", PersonalNumber: "1"}, []string{document + "id_value"}, nil,
		},
		{
			"the same name, born on another day", `"person":{"given_name":"BOB","surname":"ROE","date_of_birth":"1980-01-01T00:00:00.000Z"},` + bob,
			kyc.Person{FirstName: "BOB", LastName: "ROE", DateOfBirth: "1980-01-01"}, nil,
			[]string{person + "given_name", person + "surname", person + "date_of_birth", document + "given_name", document + "surname", document + "date_of_birth"},
		},
		{
			"half a name", `"person":{"given_name":"BOB","gender":"M"},` + bob, kyc.Person{FirstName: "BOB", Gender: "M"}, nil,
			[]string{person + "given_name", document + "given_name", document + "surname", document + "date_of_birth"},
		},
		{
			"a document without a name", `"person":{"given_name":"BOB","surname":"ROE"},"document":{"type":"passport","id_value":"1"}`,
			kyc.Person{FirstName: "BOB", LastName: "ROE"}, nil, []string{person + "given_name", person + "surname"},
		},
		{
			"no person", bob, kyc.Person{FirstName: "BOB", LastName: "ROE", DateOfBirth: "1950-01-01", PersonalNumber: "BOB-1"},
			[]string{document + "given_name", document + "surname", document + "date_of_birth", document + "id_value"}, nil,
		},
		{
			"an empty person", `"person":{},` + bob, kyc.Person{FirstName: "BOB", LastName: "ROE", DateOfBirth: "1950-01-01", PersonalNumber: "BOB-1"},
			[]string{document + "given_name", document + "surname", document + "date_of_birth", document + "id_value"}, nil,
		},
	} {
		result, err := transmit.ParseResult([]byte(`{` + complete + `,"verified_info":{` + tt.info + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(plain(tt.want), plain(*result.Person)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.filled, cited(result, "taken from the document")); diff != "" {
			t.Errorf("%s: filled (-want +got)\n%s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.not, cited(result, "may be two people")); diff != "" {
			t.Errorf("%s: not filled (-want +got)\n%s", tt.name, diff)
		}
		if result.Decision != kyc.Approved || strings.Contains(tt.info, "id_value") && result.Document.PersonalNumber == "" {
			t.Errorf("%s: %v, or the number is gone from the document", tt.name, result.Decision)
		}
	}
}

// Person and document come from the first place that has one, whatever stands empty in front of it.
func TestPeopleAreFoundBehindEmptyMembers(t *testing.T) {
	info := `{"person":{"given_name":"Anna"},"document":{"type":"passport"}}`
	for rest, root := range map[string]string{
		`"additional_info":{"employment":{"profession":"x"}},"verified_info":` + info:       "/verified_info",
		`"additional_info":{"address":{"city":"Porto"}},"verified_info":` + info:            "/verified_info",
		`"verified_info":{},"extracted_info":` + info:                                       "/extracted_info",
		`"verified_info":{"person":{},"document":{}},"extracted_info":` + info:              "/extracted_info",
		`"checks":{},"verified_info":` + info:                                               "/verified_info",
		`"checks":{},"person":{},"document":{},"verified_info":` + info:                     "/verified_info",
		`"person":{"given_name":"Anna"},"document":{"type":"passport"},"verified_info":{}`:  "",
		`"person":{"given_name":"Anna"},"document":{"type":"passport"},"extracted_info":{}`: "",
	} {
		result, err := transmit.ParseResult([]byte(`{"session_id":"s","status":"complete","recommendation":"DENY",` + rest + `}`))
		if err != nil || result.Person == nil || result.Document == nil {
			t.Errorf("%s: nobody, %v", rest, err)
			continue
		}
		if result.Person.FirstName != "Anna" || result.Person.Address != nil || result.Document.Type != kyc.DocumentPassport || result.Document.Ref != root+"/document" {
			t.Errorf("%s: %s %s", rest, plain(result.Person), plain(result.Document))
		}
	}
	// One place tells of the person, and no second adds to it.
	result, err := transmit.ParseResult([]byte(`{` + complete + `,"document":{"type":"passport","number":"1"},"verified_info":` + info + `}`))
	if err != nil || result.Person != nil || result.Document.Number != "1" {
		t.Errorf("%s %s, %v", plain(result.Person), plain(result.Document), err)
	}
	result, err = transmit.ParseResult([]byte(`{` + complete + `,"checks":{},"additional_info":{"address":{"city":"Porto"}}}`))
	if err != nil || result.Person == nil || result.Person.Address.City != "Porto" || result.Document != nil {
		t.Errorf("an address alone: %s, %v", plain(result.Person), err)
	}
}

// number and serial_number are two things; where only the second is there, it is said that it stands in for the first.
// A person's number is on the document only where the vendor puts it there.
func TestDocumentNumbers(t *testing.T) {
	for _, tt := range []struct {
		name, rest        string
		number, serial    string
		onDocument, ofWho string
		cites             []string
	}{
		{"both", `"person":{"national_id":"123ABC"},"document":{"number":"N1","serial_number":"S7"}`, "N1", "S7", "", "123ABC", nil},
		{"number", `"person":{"national_id":"123ABC"},"document":{"number":"N1"}`, "N1", "", "", "123ABC", nil},
		{"serial number", `"document":{"type":"passport","serial_number":"S7"}`, "S7", "S7", "", "", []string{"/document/serial_number"}},
		{
			"deprecated", `"verified_info":{"document":{"document_serial_number":"S7","id_value":"123ABC"}}`, "S7", "S7", "123ABC", "123ABC",
			[]string{"/verified_info/document/document_serial_number"},
		},
		{"none", `"document":{"type":"passport"}`, "", "", "", "", nil},
	} {
		result, err := transmit.ParseResult([]byte(`{` + complete + `,` + tt.rest + `}`))
		if err != nil {
			t.Fatal(err)
		}
		var who string
		if result.Person != nil {
			who = result.Person.PersonalNumber
		}
		want := [...]string{tt.number, tt.serial, tt.onDocument, tt.ofWho}
		if diff := cmp.Diff(want, [...]string{result.Document.Number, result.Document.SerialNumber, result.Document.PersonalNumber, who}); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.cites, cited(result, "serial number")); diff != "" {
			t.Errorf("%s: cited (-want +got)\n%s", tt.name, diff)
		}
	}
}
