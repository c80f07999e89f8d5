package yoti_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// papers answers with a session of two identity documents and a bill, of which the checks used the second, and with what was
// read from each.
type papers struct{ asked []string }

const showedTwice = `{"session_id":"S","state":"COMPLETED","resources":{"id_documents":[` +
	`{"id":"attempt-1","document_type":"PASSPORT","issuing_country":"GBR","document_fields":{"media":{"id":"m1"}}},` +
	`{"id":"attempt-2","document_type":"DRIVING_LICENCE","issuing_country":"FRA","document_fields":{"media":{"id":"m2"}}}],` +
	`"supplementary_documents":[{"id":"bill","document_type":"UTILITY_BILL","issuing_country":"GBR","document_fields":{"media":{"id":"m3"}}}]},` +
	`"checks":[{"type":"ID_DOCUMENT_AUTHENTICITY","state":"DONE","resources_used":["attempt-2"],"report":{"recommendation":{"value":"APPROVE"}}}]}`

func (p *papers) RoundTrip(req *http.Request) (*http.Response, error) {
	body := showedTwice
	for id, fields := range map[string]string{
		"m1": `{"full_name":"FIRST ATTEMPT","document_number":"1"}`, "m2": `{"full_name":"SECOND APPROVED","document_number":"2"}`,
		"m3": `{"full_name":"OF THE BILL","document_number":"3"}`,
	} {
		if strings.Contains(req.URL.Path, "/media/"+id+"/") {
			body = fields
			p.asked = append(p.asked, id)
		}
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)),
		ContentLength: int64(len(body)), Request: req,
	}, nil
}

func showed(t *testing.T) (*papers, *yoti.Client, *kyc.Result) {
	t.Helper()
	fake := yotitest.NewServer()
	t.Cleanup(fake.Close)
	p := &papers{}
	client := newClient(t, fake, fake.Config(), kyc.WithHTTPClient(&http.Client{Transport: p}))
	return p, client, must[*kyc.Result](t)(client.Fetch(t.Context(), kyc.Ref{Vendor: kyc.Yoti, Session: "S"}))
}

// Person is of the document that the checks used, not of one that was shown before it.
func TestExtractReadsTheCheckedDocument(t *testing.T) {
	_, client, fetched := showed(t)
	r := must[*kyc.Result](t)(client.Extract(t.Context(), fetched))
	if r.Person == nil || r.Person.FullName != "SECOND APPROVED" || r.Document == nil || r.Document.Number != "2" {
		t.Error("Person or Document is of another document than the checks")
	}
	var numbers []string
	for _, d := range r.Documents {
		numbers = append(numbers, d.Number)
	}
	if diff := cmp.Diff([]string{"1", "2", "3"}, numbers); diff != "" {
		t.Errorf("numbers of the documents (-want +got):\n%s", diff)
	}
	if fetched.Person != nil || fetched.Document.Number != "" {
		t.Error("the result that was given was changed")
	}
}

// What the caller took out of the result is neither downloaded nor put into another's place.
func TestExtractMatchesByRef(t *testing.T) {
	p, client, fetched := showed(t)
	fetched.Documents = fetched.Documents[1:]
	r := must[*kyc.Result](t)(client.Extract(t.Context(), fetched))
	if len(r.Documents) != 2 || r.Documents[0].Number != "2" || r.Documents[1].Number != "3" || r.Document != &r.Documents[0] {
		t.Error("what was read stands beside another document")
	}
	if diff := cmp.Diff([]string{"m2", "m3"}, p.asked); diff != "" {
		t.Errorf("media (-want +got):\n%s", diff)
	}
	fetched.Document = nil
	fetched.Person = &kyc.Person{FullName: "SOMEBODY ELSE"}
	if r := must[*kyc.Result](t)(client.Extract(t.Context(), fetched)); r.Person != nil || r.Document != nil {
		t.Error("there is a person without a document that was checked")
	}
}

// A result whose Ref and Raw are about two sessions is about neither.
func TestExtractRefusesAnothersRaw(t *testing.T) {
	p, client, fetched := showed(t)
	for name, ref := range map[string]kyc.Ref{
		"another session": {Vendor: kyc.Yoti, Session: "OTHER"}, "another case": {Vendor: kyc.Yoti, Session: "s"}, "another vendor": {Vendor: kyc.Didit, Session: "S"},
		"an account": {Vendor: kyc.Yoti, Account: "a", Session: "S"}, "no vendor": {Session: "S"}, "none": {},
	} {
		r := *fetched
		r.Ref = ref
		got, err := client.Extract(t.Context(), &r)
		wantErr(t, name, err, kyc.ErrInvalid)
		if got != nil {
			t.Errorf("%s: a result beside the error", name)
		}
	}
	if len(p.asked) > 0 {
		t.Errorf("%v were downloaded", p.asked)
	}
}
