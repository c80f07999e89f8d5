package yoti

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// twoPapers are the documents of somebody who showed another one first.
const twoPapers = `,"resources":{"id_documents":[{"id":"first","document_type":"PASSPORT","issuing_country":"GBR"},` +
	`{"id":"second","document_type":"DRIVING_LICENCE","issuing_country":"FRA"}],"supplementary_documents":[{"id":"bill","document_type":"UTILITY_BILL"}]}`

// using is a check on resources, written as JSON.
func using(word, resources string) string {
	return strings.Replace(saying("ID_DOCUMENT_AUTHENTICITY", "DONE", word), `"state"`, `"resources_used":`+resources+`,"state"`, 1)
}

// Document is one that the checks looked at.
func TestDocumentIsTheOneThatWasChecked(t *testing.T) {
	for name, c := range map[string]struct{ checks, want string }{
		"the second":                     {using("APPROVE", `["second"]`), "/resources/id_documents/1"},
		"the first of two":               {using("APPROVE", `["second","first"]`), "/resources/id_documents/0"},
		"beside a capture":               {using("APPROVE", `["face"]`) + "," + using("APPROVE", `["second"]`), "/resources/id_documents/1"},
		"the approved one":               {using("REJECT", `["first"]`) + "," + using("APPROVE", `["second"]`), "/resources/id_documents/1"},
		"none approved":                  {using("REJECT", `["second"]`), "/resources/id_documents/1"},
		"a capture only":                 {using("APPROVE", `["face"]`), ""},
		"a supplementary document only":  {using("APPROVE", `["bill"]`), ""},
		"resources that cannot be read":  {using("APPROVE", `"second"`), ""},
		"a resource that cannot be read": {using("APPROVE", `[7]`), ""},
		"no resources":                   {using("APPROVE", `[]`) + "," + using("APPROVE", `null`), "/resources/id_documents/0"},
		"no member":                      {approve, "/resources/id_documents/0"},
	} {
		r := mustParse(t, session("COMPLETED", c.checks, twoPapers))
		got := ""
		if r.Document != nil {
			got = r.Document.Ref
		}
		if got != c.want {
			t.Errorf("%s: Document is %q, want %q", name, got, c.want)
		}
		named := strings.Contains(c.checks, "resources_used") && !strings.Contains(c.checks, "null")
		if cited := slices.ContainsFunc(r.Evidence, func(e kyc.Evidence) bool { return strings.HasPrefix(e.Pointer, "/resources/") && !e.Deciding }); cited != named {
			t.Errorf("%s: cited %v, want %v", name, cited, named)
		}
		if fault := kyctest.CheckEvidence(r); fault != "" {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

func TestDocumentsAreAll(t *testing.T) {
	want := []kyc.Document{
		{Type: kyc.DocumentPassport, VendorType: "PASSPORT", IssuingCountry: "GBR", Ref: "/resources/id_documents/0"},
		{Type: kyc.DocumentDrivingLicense, VendorType: "DRIVING_LICENCE", IssuingCountry: "FRA", Ref: "/resources/id_documents/1"},
		{Type: kyc.DocumentProofOfAddress, VendorType: "UTILITY_BILL", Ref: "/resources/supplementary_documents/0"},
	}
	if diff := cmp.Diff(want, mustParse(t, session("COMPLETED", approve, twoPapers)).Documents); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
