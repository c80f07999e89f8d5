package jumio_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// hinderedBy tells whether the evidence cites a pointer as deciding.
func hinderedBy(r *kyc.Result, pointer string) bool {
	return slices.ContainsFunc(r.Evidence, func(e kyc.Evidence) bool { return e.Pointer == pointer && e.Deciding && e.Rule != "" })
}

// Details that name nobody approve nobody, by either way of reading them.
func TestDetailsOfNobodyAreUnknown(t *testing.T) {
	for _, c := range []struct{ doc, pointer, word string }{
		{`{"workflow":{"status":"PROCESSED"},"decision":{"type":"%"}}`, "/workflow/id", "PASSED"},
		{`{"workflow":{"id":"","status":"PROCESSED"},"account":{"id":"a"},"decision":{"type":"%"}}`, "/workflow/id", "PASSED"},
		{`{"workflow":{"id":7,"status":"PROCESSED"},"account":{"id":"a"},"decision":{"type":"%"}}`, "/workflow/id", "PASSED"},
		{`{"workflow":{"id":"w","status":"PROCESSED"},"account":{},"decision":{"type":"%"}}`, "/account/id", "PASSED"},
		{`{"workflow":{"id":"w","status":"PROCESSED"},"decision":{"type":"%"}}`, "/account/id", "PASSED"},
		{`{"workflow":{"id":"w","status":"PROCESSED"},"Account":{"id":"a"},"decision":{"type":"%"}}`, "/account/id", "PASSED"},
	} {
		for word, want := range map[string]kyc.Decision{
			"PASSED": kyc.Unknown, "WARNING": kyc.Unknown, "NOT_EXECUTED": kyc.Unknown, "REJECTED": kyc.Declined,
		} {
			raw := []byte(strings.Replace(c.doc, "%", word, 1))
			r := must[*kyc.Result](t)(jumio.ParseResult(raw))
			if r.Decision != want || !r.Ref.IsZero() || !hinderedBy(r, c.pointer) {
				t.Errorf("%s: %v, cited %v", raw, r.Decision, hinderedBy(r, c.pointer))
			}
			var d jumio.Details
			if err := kyc.Unmarshal(raw, &d); err != nil || d.Result().Decision != want {
				t.Errorf("%s: Details.Result: %v, %v", raw, d.Result().Decision, err)
			}
			// Nor does a rule of the caller's make somebody of nobody.
			yes := kyc.WithOverrides(kyc.Override{Name: "yes", Field: jumio.FieldDecision, Word: "WARNING", Decision: kyc.Approved})
			if r := must[*kyc.Result](t)(jumio.ParseResult(raw, yes)); r.Decision == kyc.Approved {
				t.Errorf("%s: approved by an override", raw)
			}
		}
	}
	if r := must[*kyc.Result](t)(jumio.ParseResult([]byte(`{"workflow":{"status":"ACQUIRED"}}`))); r.Decision != kyc.Pending {
		t.Errorf("what is not at its end is %v", r.Decision)
	}
}

// A deciding member in another spelling is not read, so what it says keeps the execution from being approved.
func TestDecidingMembersInAnotherSpelling(t *testing.T) {
	doc := func(workflow, decision, more string) string {
		return `{"workflow":{"id":"w","status":"PROCESSED"` + workflow + `},"account":{"id":"a"},"decision":{"type":"PASSED"` + decision + `}` + more + `}`
	}
	for _, c := range []struct {
		doc, pointer string
		want         kyc.Decision
	}{
		{doc("", "", ""), "", kyc.Approved},
		{doc(`,"Status":"ACQUIRED"`, "", ""), "/workflow/Status", kyc.Unknown},
		{doc("", `,"Type":"REJECTED"`, ""), "/decision/Type", kyc.Unknown},
		{doc("", `,"Details":{"label":"REJECTED"}`, ""), "/decision/Details", kyc.Unknown},
		{doc("", `,"details":{"label":"PASSED","LABEL":"REJECTED"}`, ""), "/decision/details/LABEL", kyc.Unknown},
		{doc("", "", `,"Decision":{"type":"REJECTED"}`), "/Decision", kyc.Unknown},
		{doc("", "", `,"WORKFLOW":{}`), "/WORKFLOW", kyc.Unknown},
		// Whose they are decides as well.
		{doc("", "", `,"Account":{"id":"b"}`), "/Account", kyc.Unknown},
		{doc(`,"ID":"w2"`, "", ""), "/workflow/ID", kyc.Unknown},
		{strings.Replace(doc("", "", ""), `"id":"a"`, `"id":"a","Id":"b"`, 1), "/account/Id", kyc.Unknown},
		{doc("", "", `,"Capabilities":{},"decisions":[],"state":1`), "", kyc.Approved},
		// A rejection in the right place still counts.
		{strings.Replace(doc("", `,"Type":"PASSED"`, ""), `"PASSED"`, `"REJECTED"`, 1), "/decision/Type", kyc.Declined},
	} {
		r := must[*kyc.Result](t)(jumio.ParseResult([]byte(c.doc)))
		if r.Decision != c.want || c.pointer != "" && !hinderedBy(r, c.pointer) || c.pointer == "" && len(r.Evidence) != 2 {
			t.Errorf("%s: %v with %d pieces of evidence", c.doc, r.Decision, len(r.Evidence))
		}
	}
}

// Start returns a session only where somebody can go on with it: in the browser, in a mobile SDK or by uploads.
func TestStartNeedsAChannel(t *testing.T) {
	const head = `{"timestamp":"2026-01-02T03:04:05.678Z","account":{"id":"a"},"workflowExecution":{"id":"w"`
	const browser = "https://acme.web.emea-1.jumio.ai/web/v4/app?authorizationToken=t&locale=en"
	for _, c := range []struct {
		name, rest string
		url, token kyc.Secret
		ok         bool
	}{
		{"browser and SDK", `},"web":{"href":"` + browser + `"},"sdk":{"token":"t"}}`, browser, "t", true},
		{"browser", `},"web":{"href":"` + browser + `"}}`, browser, "", true},
		{"SDK", `},"sdk":{"token":"t"}}`, "", "t", true},
		{"uploads", `,"credentials":[{"id":"c","api":{"token":"t"}}]}}`, "", "", true},
		{"uploads, and the address of an API for a page", `,"credentials":[{"id":"c","api":{"token":"t"}}]},"web":{"href":"https://api.emea-1.jumio.ai/api/v1/accounts/a"}}`, "", "", true},
		{"nothing", `}}`, "", "", false},
		{"empty", `,"credentials":[{"id":"c","api":{"token":""}}]},"web":{"href":""},"sdk":{"token":""}}`, "", "", false},
		{"other types", `,"credentials":[{"id":"c","api":{"token":7}}]},"web":{"href":7},"sdk":{"token":true}}`, "", "", false},
		{"the address of an API for a page", `},"web":{"href":"https://api.emea-1.jumio.ai/api/v1/accounts/a"}}`, "", "", false},
		{"a page without a token", `},"web":{"href":"https://acme.web.emea-1.jumio.ai/web/v4/app?authorizationToken="}}`, "", "", false},
		{"no address", `},"web":{"href":"http://[::1?authorizationToken=t"}}`, "", "", false},
	} {
		body := head + c.rest
		client := must[*jumio.Client](t)(jumio.NewClient(
			jumio.Config{ClientID: "id", ClientSecret: "secret", Region: jumio.RegionEMEA, Workflow: jumio.WorkflowIDAndIdentity},
			kyc.WithHTTPClient(&http.Client{Transport: canned{[]byte(body)}}),
		))
		session, err := client.Start(t.Context(), kyc.StartRequest{Reference: "r"})
		switch {
		case c.ok && (err != nil || session.URL != c.url || session.Token != c.token):
			t.Errorf("%s: %v", c.name, err)
		case !c.ok:
			var e *kyc.Error
			if session != nil || !errors.Is(err, kyc.ErrMalformed) || !kyc.Uncertain(err) || !errors.As(err, &e) || string(e.Body()) != body {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		// Accounts.Create leaves it to its caller, who may have other credentials.
		if account, err := client.Accounts.Create(t.Context(), request()); err != nil || account.Ref().IsZero() {
			t.Errorf("%s: Accounts.Create: %v", c.name, err)
		}
	}
}

// The budgets are the published ones.
func TestPublishedBudgets(t *testing.T) {
	server := jumiotest.NewServer()
	defer server.Close()
	got := make(map[string]kyc.Budget)
	must[*jumio.Client](t)(jumio.NewClient(server.Config(), kyc.WithLimiters(func(b kyc.Budget) kyc.Limiter {
		got[b.Name] = b
		return nil
	})))
	for name, perSecond := range map[string]float64{"tokens": 10, "accounts": 1, "retrieval": 15} {
		if b := got[name]; b.Vendor != kyc.Jumio || b.PerSecond != perSecond || float64(b.Burst) < perSecond {
			t.Errorf("%s: %+v, want %v a second", name, b, perSecond)
		}
	}
	if len(got) != 3 {
		t.Errorf("%d budgets", len(got))
	}
}

// A changed digit would turn the vendor's own notices away, or let a stranger's in.
func TestSourceAddressesAreThePublishedOnes(t *testing.T) {
	for region, want := range map[jumio.Region]string{
		jumio.RegionAMER: `["34.202.241.227","34.226.103.119","34.226.254.127","52.8.136.236","54.177.61.57","54.183.15.212"]`,
		jumio.RegionEMEA: `["34.253.41.236","35.157.27.193","52.48.0.25","52.57.194.92","52.58.113.86","52.209.180.134"]`,
		jumio.RegionAPAC: `["3.0.109.121","52.76.184.73","52.77.102.92","13.238.100.17","13.238.203.238","52.64.132.26"]`,
	} {
		if got := must[[]byte](t)(json.Marshal(jumio.SourceAddresses(region))); string(got) != want {
			t.Errorf("%s: %s", region, got)
		}
	}
}
