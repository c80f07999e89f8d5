package yoti

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestDocumentFields(t *testing.T) {
	f, err := ParseDocumentFields(readFixture(t, "document-fields-licence.json"))
	if err != nil {
		t.Fatal(err)
	}
	person := &kyc.Person{
		FirstName: "JOHN", LastName: "SPECIMEN", FullName: "JOHN SPECIMEN",
		Address: &kyc.Address{
			Lines: []string{"9 HIGH STREET", "FLAT 2"}, City: "LEEDS", Subdivision: "WEST YORKSHIRE", PostalCode: "LS1 1AA", Country: "GBR",
			Formatted: "9 HIGH STREET\nFLAT 2\nLEEDS\nLS1 1AA",
		},
	}
	// A birth month is no date of birth, and LIFETIME is no date.
	if diff := cmp.Diff(person, f.Person()); diff != "" {
		t.Errorf("person (-want +got):\n%s", diff)
	}
	document := &kyc.Document{Type: kyc.DocumentDrivingLicense, VendorType: "DRIVING_LICENCE", Number: "SPECI705010J99AB", IssuingCountry: "GBR"}
	if diff := cmp.Diff(document, f.Document()); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	if f.DateOfBirth != "1970-05" || f.ExpirationDate != "LIFETIME" {
		t.Error("what is no whole date is not kept in the fields")
	}
}

func TestEmptyDocumentFields(t *testing.T) {
	f, err := ParseDocumentFields([]byte("{}"))
	if err != nil || f.Person() != nil || *f.Document() != (kyc.Document{}) {
		t.Errorf("nothing gives %v", err)
	}
	if _, err := ParseDocumentFields([]byte("{")); !errors.Is(err, kyc.ErrMalformed) {
		t.Errorf("got %v", err)
	}
}

func TestAddressParts(t *testing.T) {
	a := (&PostalAddress{BuildingNumber: "9", Street: "High Street", CountryISO: "IND"}).address()
	if diff := cmp.Diff(&kyc.Address{Lines: []string{"9", "High Street"}, Country: "IND"}, a); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if (&PostalAddress{}).address() != nil || (*PostalAddress)(nil).address() != nil {
		t.Error("nothing gives an address")
	}
}

func TestMRZForm(t *testing.T) {
	for text, want := range map[string]string{`2`: "2", `"1"`: "1", `null`: "", ``: "", `{}`: "", `[1]`: "", `true`: ""} {
		if got := (&MRZ{Type: []byte(text)}).Form(); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	if (*MRZ)(nil).Form() != "" {
		t.Error("no zone has a form")
	}
}

// All given names hold the middle one, which is not said twice.
func TestMiddleNameIsSaidOnce(t *testing.T) {
	for fields, want := range map[string]kyc.Person{
		`{"given_names":"ANNA MARIA","middle_name":"MARIA"}`:                     {FirstName: "ANNA", MiddleName: "MARIA"},
		`{"given_names":"ANNA MARIA LOU","middle_name":"MARIA LOU"}`:             {FirstName: "ANNA", MiddleName: "MARIA LOU"},
		`{"given_names":"ANNAMARIA","middle_name":"MARIA"}`:                      {FirstName: "ANNAMARIA", MiddleName: "MARIA"},
		`{"given_names":"ANNA MARIA"}`:                                           {FirstName: "ANNA MARIA"},
		`{"first_name":"ANNA","given_names":"ANNA MARIA","middle_name":"MARIA"}`: {FirstName: "ANNA", MiddleName: "MARIA"},
	} {
		f, err := ParseDocumentFields([]byte(fields))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&want, f.Person()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", fields, diff)
		}
	}
}

func TestAddressWithoutLinesLosesNothing(t *testing.T) {
	a := (&PostalAddress{
		CareOf: "S/O X", Building: "House 1111-A", Street: "42nd Street", Landmark: "TOP", Subdistrict: "SUB 10", District: "DISTRICT 10", State: "Punjab",
		PostalCode: "141012", PostOffice: "Rajguru Nagar", CountryISO: "IND",
	}).address()
	want := &kyc.Address{
		Lines:       []string{"S/O X", "House 1111-A", "42nd Street", "TOP", "Rajguru Nagar", "SUB 10", "DISTRICT 10"},
		Subdivision: "Punjab", PostalCode: "141012", Country: "IND",
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
