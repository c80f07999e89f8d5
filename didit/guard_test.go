package didit

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A member that decides and stands there in a second spelling may say something else, so nothing but a refusal is believed.
func TestTwinMembers(t *testing.T) {
	for _, c := range []struct {
		doc, pointer string
		want         kyc.Decision
	}{
		{`{"session_id":"s","status":"Approved","Status":"Declined"}`, "/Status", kyc.Unknown},
		{`{"session_id":"s","status":"Approved","STATUS":null}`, "/STATUS", kyc.Unknown},
		{`{"session_id":"s","Session_Id":"t","status":"Approved"}`, "/Session_Id", kyc.Unknown},
		{`{"session_id":"s","status":"Approved","Environment":"sandbox"}`, "/Environment", kyc.Unknown},
		{`{"session_id":"s","status":"Approved","Webhook_type":"status.updated"}`, "/Webhook_type", kyc.Unknown},
		{`{"session_id":"s","status":"Approved","ſtatus":"Declined"}`, "/ſtatus", kyc.Unknown},
		{`{"session_id":"s","status":"In Review","Status":"Approved"}`, "/Status", kyc.Unknown},
		{`{"session_id":"s","status":"Declined","Status":"Approved"}`, "/Status", kyc.Declined},
		{`{"session_id":"s","status":"Approved","statuses":"Declined"}`, "", kyc.Approved},
	} {
		r, err := ParseResult([]byte(c.doc))
		if err != nil || r.Decision != c.want {
			t.Errorf("%s: %v, %v", c.doc, r, err)
			continue
		}
		cited := ""
		for _, e := range r.Evidence {
			if e.Deciding && e.Pointer != "/status" {
				cited = e.Pointer
			}
		}
		if cited != c.pointer {
			t.Errorf("%s: cites %q, want %q", c.doc, cited, c.pointer)
		}
		approve := kyc.WithOverrides(kyc.Override{Name: "yes", Field: FieldStatus, Word: "In Review", Decision: kyc.Approved})
		if r, err = ParseResult([]byte(c.doc), approve); err != nil || c.pointer != "" && r.Decision == kyc.Approved {
			t.Errorf("%s: a rule approves it: %v, %v", c.doc, r, err)
		}
	}
}

func TestTwinMembersOfNotices(t *testing.T) {
	const sound = `{"webhook_type":"status.updated","timestamp":1767225605,"session_id":"s","status":"Approved","decision":{"status":"Approved"}`
	for more, want := range map[string]error{
		``: nil, `,"metadata":{"Status":"x"}`: nil, `,"statuses":1`: nil,
		`,"Status":"Declined"`: kyc.ErrMalformed, `,"Session_Id":"t"`: kyc.ErrMalformed, `,"WEBHOOK_TYPE":"data.updated"`: kyc.ErrMalformed,
		`,"Event_id":"e"`: kyc.ErrMalformed, `,"Decision":{}`: kyc.ErrMalformed, `,"Environment":"sandbox"`: kyc.ErrMalformed,
		`,"Business_session_id":"b"`: kyc.ErrMalformed,
	} {
		body := []byte(sound + more + `}`)
		if _, err := verifier().Verify(SignWebhook(vectorSecret, body, sentAt), body); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", body, err, want)
		}
	}
}

func TestWorkflowAndEnd(t *testing.T) {
	for status, want := range map[string]bool{
		"Approved": true, "DECLINED": true, "Abandoned": true, "Expired": true, "Kyc Expired": true,
		"In Review": false, "Not Started": false, "In Progress": false, "Awaiting User": false, "Resubmitted": false, "Finished": false, "": false,
	} {
		r, err := ParseResult([]byte(`{"session_id":"s","status":"` + status + `","workflow_id":"w-1"}`))
		if err != nil || r.Ended != want || r.Workflow != "w-1" {
			t.Errorf("%s: ended %v, workflow %q, %v", status, r.Ended, r.Workflow, err)
			continue
		}
		if e := r.Evidence[len(r.Evidence)-1]; e.Pointer != "/workflow_id" || e.Deciding {
			t.Errorf("%s: the workflow is cited as %+v", status, e)
		}
	}
	// What nobody may read has not ended either.
	for _, doc := range []string{`{"status":"Approved"}`, `{"session_id":"s","status":"Approved","event_id":"e"}`} {
		if r, err := ParseResult([]byte(doc)); err != nil || r.Ended {
			t.Errorf("%s: ended %v, %v", doc, r.Ended, err)
		}
	}
	// A word that a rule of the caller's leaves open is one that waiting does not change.
	r, err := ParseResult([]byte(`{"session_id":"s","status":"Approved"}`), kyc.WithOverrides(kyc.Override{Name: "open", Field: FieldStatus, Word: "Approved", Decision: kyc.Unknown}))
	if err != nil || r.Decision != kyc.Unknown || !r.Settled() {
		t.Errorf("%v, %v", r, err)
	}
}

func TestResultOfASandbox(t *testing.T) {
	for environment, want := range map[string]bool{`"sandbox"`: true, `"SANDBOX"`: true, `"live"`: false, `""`: false, `null`: false, `7`: false} {
		r, err := ParseResult([]byte(`{"session_id":"s","status":"Approved","environment":` + environment + `}`))
		if err != nil || r.Test != want || r.Decision != kyc.Approved {
			t.Errorf("%s: %v, test %v, %v", environment, r, r.Test, err)
			continue
		}
		if last := r.Evidence[len(r.Evidence)-1]; want != (last.Pointer == "/environment" && !last.Deciding) {
			t.Errorf("%s: cited %+v", environment, last)
		}
	}
}

func TestEventOfATest(t *testing.T) {
	notice := func(environment string) []byte {
		return []byte(`{"webhook_type":"status.updated","timestamp":1767225605,"created_at":1767225600,"session_id":"s","status":"Approved","environment":"` + environment + `"}`)
	}
	verify := func(v Verifier, h http.Header, body []byte) kyc.Event {
		t.Helper()
		e, err := v.Verify(h, body)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	sandbox, live := notice("sandbox"), notice("live")
	if e := verify(verifier(), SignWebhook(vectorSecret, sandbox, sentAt), sandbox); !e.Test || strings.HasPrefix(e.ID, "test:") {
		t.Errorf("a sandbox's notice: test %v, id %s", e.Test, e.ID)
	}
	genuine := verify(verifier(), SignWebhook(vectorSecret, live, sentAt), live)
	if genuine.Test {
		t.Error("a live notice is a test")
	}
	// The header is outside every signature.
	h := SignWebhook(vectorSecret, live, sentAt)
	h.Set(headerTest, "true")
	if marked := verify(verifier(), h, live); !marked.Test || marked.ID == genuine.ID || !strings.HasPrefix(marked.ID, "test:") {
		t.Errorf("a replay with the header of tests: test %v, id %s beside %s", marked.Test, marked.ID, genuine.ID)
	}
	// So is the environment, where the signature covers four members only.
	v := verifier()
	v.Accept = SignatureSimple
	if e := verify(v, only(SignWebhook(vectorSecret, sandbox, sentAt), headerSignatureSimple), sandbox); e.Test {
		t.Error("anybody can make a notice a test")
	}
}

// A notice holds the whole decision, and one that is answered 413 is lost.
func TestLongNotices(t *testing.T) {
	body := []byte(`{"webhook_type":"status.updated","timestamp":1767225605,"session_id":"s","status":"Approved","decision":{"x":"` + strings.Repeat("a", 2<<20) + `"}}`)
	calls := 0
	h := kyc.Handler(verifier(), func(context.Context, kyc.Event) error { calls++; return nil })
	post := func(body []byte) int {
		r := httptest.NewRequest(http.MethodPost, "/notices", bytes.NewReader(body))
		r.Header = SignWebhook(vectorSecret, body, sentAt)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	if code := post(body); code != http.StatusOK || calls != 1 {
		t.Errorf("2 MiB: %d, %d calls", code, calls)
	}
	if code := post(append(body, make([]byte, maxNotice)...)); code != http.StatusRequestEntityTooLarge || calls != 1 {
		t.Errorf("6 MiB: %d, %d calls", code, calls)
	}
}

// A rule that was written to be strict holds however the vendor spells the word today; one that approves does not stretch.
func TestOverridesIgnoreCaseToTighten(t *testing.T) {
	for _, c := range []struct {
		vendor, rule string
		decision     kyc.Decision
		want         kyc.Decision
	}{
		{"Approved", "APPROVED", kyc.Review, kyc.Review},
		{"APPROVED", "approved", kyc.Declined, kyc.Declined},
		{"aPPROVED", "Approved", kyc.Review, kyc.Review},
		{"Approved", "APPROVED ", kyc.Review, kyc.Approved},
		{"In Review", "IN REVIEW", kyc.Approved, kyc.Review},
		{"IN REVIEW", "In Review", kyc.Approved, kyc.Approved},
		{"a tenant's own", "A Tenant's Own", kyc.Declined, kyc.Declined},
		{"a tenant's own", "A Tenant's Own", kyc.Approved, kyc.Unknown},
	} {
		rule := kyc.Override{Name: "mine", Field: FieldStatus, Word: c.rule, Decision: c.decision}
		r, err := ParseResult([]byte(`{"session_id":"s","status":"`+c.vendor+`"}`), kyc.WithOverrides(rule))
		if err != nil || r.Decision != c.want {
			t.Errorf("%q under %q is %v: %v, %v", c.vendor, c.rule, c.decision, r, err)
		}
	}
	// The first rule that fits wins, in whichever spelling.
	rules := kyc.WithOverrides(
		kyc.Override{Name: "first", Field: FieldStatus, Word: "APPROVED", Decision: kyc.Review},
		kyc.Override{Name: "second", Field: FieldStatus, Word: "Approved", Decision: kyc.Declined},
	)
	if r, err := ParseResult([]byte(`{"session_id":"s","status":"Approved"}`), rules); err != nil || r.Decision != kyc.Review || r.Evidence[0].Rule != "override first" {
		t.Errorf("%v, %v", r, err)
	}
}

// A rule that could never fit may have been meant to be strict.
func TestOverridesThatNeverFit(t *testing.T) {
	var d Decision
	if err := kyc.Unmarshal([]byte(`{"session_id":"s","status":"Approved"}`), &d); err != nil {
		t.Fatal(err)
	}
	for _, rule := range []kyc.Override{
		{Name: "field", Vendor: kyc.Didit, Field: "Status", Word: "Approved", Decision: kyc.Review},
		{Name: "check", Field: FieldStatus, Check: "AML", Word: "Approved", Decision: kyc.Review},
		{Field: FieldStatus, Word: "Approved", Decision: kyc.Review},
	} {
		if _, err := ParseResult(d.RawJSON(), kyc.WithOverrides(rule)); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%q: %v", rule.Name, err)
		}
		if _, err := NewClient(Config{APIKey: "k"}, kyc.WithOverrides(rule)); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%q: NewClient: %v", rule.Name, err)
		}
		if got := d.Result(kyc.WithOverrides(rule)).Decision; got != kyc.Unknown {
			t.Errorf("%q: Result gives %v", rule.Name, got)
		}
	}
	others := kyc.WithOverrides(kyc.Override{Name: "others", Vendor: kyc.Yoti, Field: "check.recommendation", Word: "CONSIDER", Decision: kyc.Review})
	if r, err := ParseResult(d.RawJSON(), others); err != nil || r.Decision != kyc.Approved {
		t.Errorf("another vendor's: %v, %v", r, err)
	}
}

func TestCompanyAMLIsAML(t *testing.T) {
	var d Decision
	if err := kyc.Unmarshal([]byte(`{"session_id":"s","features":["KYB_REGISTRY","KYB_COMPANY_AML"]}`), &d); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]FeatureName{FeatureKYBRegistry, FeatureAML}, d.Features.Names()); diff != "" || !d.Features.Has(FeatureAML) {
		t.Errorf("features (-want +got):\n%s", diff)
	}
}
