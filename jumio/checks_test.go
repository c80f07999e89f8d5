package jumio_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A capability is listed in whatever form it came.
func TestOddCapabilities(t *testing.T) {
	device := kyc.Check{
		Kind: kyc.CheckDevice, VendorName: "deviceRiskVerification", Decision: kyc.Declined, Status: "REJECTED/HIGH_RISK", Reasons: []kyc.Reason{{Code: "HIGH_RISK"}},
		Ref: "/capabilities/deviceRiskVerification",
	}
	odd := func(ref string) kyc.Check {
		return kyc.Check{Kind: kyc.CheckLiveness, VendorName: "liveness", Ref: ref}
	}
	const rejected = `{"decision":{"type":"REJECTED","details":{"label":"HIGH_RISK"}}}`
	inList := device
	inList.Ref += "/0"
	for _, c := range []struct {
		name, capabilities string
		want               []kyc.Check
	}{
		{"a list", `{"deviceRiskVerification":[` + rejected + `]}`, []kyc.Check{inList}},
		{"one result", `{"deviceRiskVerification":` + rejected + `}`, []kyc.Check{device}},
		{"text", `{"liveness":"PASSED"}`, []kyc.Check{odd("/capabilities/liveness")}},
		{"a number", `{"liveness":1}`, []kyc.Check{odd("/capabilities/liveness")}},
		{"a boolean", `{"liveness":true}`, []kyc.Check{odd("/capabilities/liveness")}},
		{"a list of anything", `{"liveness":["PASSED",null]}`, []kyc.Check{odd("/capabilities/liveness/0"), odd("/capabilities/liveness/1")}},
		{"none", `{"liveness":[],"usability":null}`, nil},
		{"a list of capabilities", `[{"liveness":[]}]`, []kyc.Check{{Kind: kyc.CheckOther, VendorName: "capabilities", Ref: "/capabilities"}}},
		{"no capabilities", `null`, nil},
	} {
		r := must[*kyc.Result](t)(jumio.ParseResult(withCapabilities(c.capabilities)))
		if diff := cmp.Diff(c.want, r.Checks); diff != "" || r.Decision != kyc.Approved {
			t.Errorf("%s: %v (-want +got):\n%s", c.name, r.Decision, diff)
		}
		for _, check := range r.Checks {
			if _, err := kyc.Resolve(r.Raw, check.Ref); err != nil {
				t.Errorf("%s: %s: %v", c.name, check.Ref, err)
			}
		}
	}
	// What one result says of a person counts as what a list of them says.
	r := must[*kyc.Result](t)(jumio.ParseResult(withCapabilities(`{"extraction":{"decision":{"type":"PASSED"},"data":{"firstName":"ANNA","documentNumber":"1","nfcValidationResult":"READ_ONLY"}}}`)))
	if r.Person == nil || r.Person.FirstName != "ANNA" || r.Document == nil || r.Document.Ref != "/capabilities/extraction/data" || len(r.Checks) != 2 {
		t.Errorf("one extraction: %d checks, document %v", len(r.Checks), r.Document)
	}
}

// What the vendor knows beside its decisions is told, and changes none.
func TestFactsBesideTheDecision(t *testing.T) {
	check := func(kind kyc.CheckKind, name string, d kyc.Decision, status, ref string, reasons ...kyc.Reason) kyc.Check {
		return kyc.Check{Kind: kind, VendorName: name, Decision: d, Status: status, Ref: ref, Reasons: reasons}
	}
	reason := func(category, code string) kyc.Reason { return kyc.Reason{Category: category, Code: code} }
	nfc := func(word string, d kyc.Decision, reasons ...kyc.Reason) []kyc.Check {
		return []kyc.Check{
			check(kyc.CheckDocumentExtraction, "extraction", kyc.Approved, "PASSED", "/capabilities/extraction/0"),
			check(kyc.CheckNFC, "nfcValidationResult", d, word, "/capabilities/extraction/0/data/nfcValidationResult", reasons...),
		}
	}
	search := func(status string, d kyc.Decision, reasons ...kyc.Reason) []kyc.Check {
		return []kyc.Check{
			check(kyc.CheckDocumentAuthenticity, "imageChecks", kyc.Approved, "PASSED", "/capabilities/imageChecks/0"),
			check(kyc.CheckFaceSearch, "faceSearchFindings", d, status, "/capabilities/imageChecks/0/data/faceSearchFindings", reasons...),
		}
	}
	similarity := func(d kyc.Decision, reasons ...kyc.Reason) []kyc.Check {
		return []kyc.Check{check(kyc.CheckFaceMatch, "similarity", d, "PASSED/MATCH", "/capabilities/similarity/0", reasons...)}
	}
	capability := func(name, label, data string) string {
		return `"capabilities":{"` + name + `":[{"decision":{"type":"PASSED"` + label + `},"data":` + data + `}]}`
	}
	const match = `,"details":{"label":"MATCH"}`
	for _, c := range []struct {
		more string
		want []kyc.Check
	}{
		{`"feedback":{"status":"FRAUD","reason":"FIRST_PARTY_FRAUD"}`, []kyc.Check{
			check(kyc.CheckRisk, "feedback", kyc.Declined, "FRAUD/FIRST_PARTY_FRAUD", "/feedback", reason("feedback", "FIRST_PARTY_FRAUD")),
		}},
		{`"feedback":{"status":"FRAUD"}`, []kyc.Check{check(kyc.CheckRisk, "feedback", kyc.Declined, "FRAUD", "/feedback", reason("feedback", "FRAUD"))}},
		{`"feedback":{"status":"NOT_FRAUD"}`, []kyc.Check{check(kyc.CheckRisk, "feedback", kyc.Unknown, "NOT_FRAUD", "/feedback")}},
		{`"feedback":{"status":"UNSURE"}`, []kyc.Check{check(kyc.CheckRisk, "feedback", kyc.Unknown, "UNSURE", "/feedback")}},
		{`"feedback":{}`, nil},
		{capability("extraction", "", `{"nfcValidationResult":"READ_VALIDATED"}`), nfc("READ_VALIDATED", kyc.Approved)},
		{capability("extraction", "", `{"nfcValidationResult":"VALIDATION_FAILED"}`), nfc("VALIDATION_FAILED", kyc.Declined, reason("nfcValidationResult", "VALIDATION_FAILED"))},
		{capability("extraction", "", `{"nfcValidationResult":"SKIPPED"}`), nfc("SKIPPED", kyc.Failed, reason("nfcValidationResult", "SKIPPED"))},
		{capability("extraction", "", `{"nfcValidationResult":"NEW_WORD"}`), nfc("NEW_WORD", kyc.Unknown)},
		{capability("extraction", "", `{"nfcValidationResult":7}`), nfc("", kyc.Unknown)[:1]},
		{capability("imageChecks", "", `{"faceSearchFindings":{"status":"PENDING"}}`), search("PENDING", kyc.Pending, reason("faceSearchFindings", "PENDING"))},
		{capability("imageChecks", "", `{"faceSearchFindings":{"status":"ERROR"}}`), search("ERROR", kyc.Failed, reason("faceSearchFindings", "ERROR"))},
		{capability("imageChecks", "", `{"faceSearchFindings":{"status":"DONE","findings":["w2"]}}`), search("DONE", kyc.Unknown)},
		{capability("imageChecks", "", `{}`), search("", kyc.Unknown)[:1]},
		{capability("similarity", match, `{"similarity":"MATCH"}`), similarity(kyc.Approved)},
		{capability("similarity", match, `{}`), similarity(kyc.Approved)},
		{capability("similarity", match, `{"similarity":"NOT_MATCH"}`), similarity(kyc.Unknown, reason("similarity", "NOT_MATCH"))},
		{capability("similarity", match, `{"similarity":"NOT_POSSIBLE"}`), similarity(kyc.Unknown, reason("similarity", "NOT_POSSIBLE"))},
		{`"consent":{"obtained":"no"}`, []kyc.Check{check(kyc.CheckOther, "consent", kyc.Unknown, "no", "/consent", reason("obtained", "no"))}},
		{`"consent":{"obtained":"yes"}`, nil},
		{`"consent":{"obtained":"na"}`, nil},
		{`"credentials":[{"id":"c1","consent":{"decisionAccepted":true}},{"id":"c2","consent":{"decisionAccepted":false}}]`, []kyc.Check{
			check(kyc.CheckOther, "consent", kyc.Unknown, "false", "/credentials/1/consent", reason("decisionAccepted", "false")),
		}},
	} {
		raw := []byte(`{"workflow":{"id":"w","status":"PROCESSED"},"account":{"id":"a"},"decision":{"type":"PASSED"},` + c.more + `}`)
		r := must[*kyc.Result](t)(jumio.ParseResult(raw))
		if diff := cmp.Diff(c.want, r.Checks); diff != "" || r.Decision != kyc.Approved || len(r.Evidence) != 2 {
			t.Errorf("%s: %v (-want +got):\n%s", c.more, r.Decision, diff)
		}
		// What speaks against the person is among the reasons of the whole.
		for _, w := range c.want {
			for _, want := range w.Reasons {
				if !strings.Contains(codes(r), want.Code+" ") {
					t.Errorf("%s: the reasons are %s", c.more, codes(r))
				}
			}
		}
	}
}

func codes(r *kyc.Result) string {
	var b strings.Builder
	for _, reason := range r.Reasons() {
		b.WriteString(reason.Code + " ")
	}
	return b.String()
}

// The result names the workflow, and tells whether the vendor is done with it.
func TestWorkflowAndEnd(t *testing.T) {
	for status, ended := range map[string]bool{
		"PROCESSED": true, "SESSION_EXPIRED": true, "TOKEN_EXPIRED": true, "INITIATED": false, "ACQUIRED": false, "ACQUISITION_STARTED": false, "NEW_WORD": false, "": false,
	} {
		for key, want := range map[string]string{`"10011"`: "10011", `10011`: "10011", `""`: "", `null`: "", `{}`: ""} {
			r := must[*kyc.Result](t)(jumio.ParseResult([]byte(`{"workflow":{"id":"w","status":"` + status + `","definitionKey":` + key + `},"account":{"id":"a"},"decision":{"type":"OTHER"}}`)))
			rule := cited(r)["/workflow/definitionKey"]
			if r.Ended != ended || r.Workflow != want || (rule != "") != (want != "") {
				t.Errorf("%s, %s: ended %v, workflow %q cited by %q", status, key, r.Ended, r.Workflow, rule)
			}
			if r.Settled() != ended {
				t.Errorf("%s: settled %v as %v", status, r.Settled(), r.Decision)
			}
		}
	}
}
