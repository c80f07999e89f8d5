package jumio_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestParseResultGolden(t *testing.T) {
	for _, name := range list(t, "details-*.json") {
		t.Run(name, func(t *testing.T) {
			raw := fixture(t, name)
			result := must[*kyc.Result](t)(jumio.ParseResult(raw))
			if !bytes.Equal(result.Raw, raw) {
				t.Error("Raw is not what was read")
			}
			// The fixture stands next to it; its bytes would only hide what is new here.
			readable := *result
			readable.Raw = nil
			text := must[[]byte](t)(json.MarshalIndent(readable, "", "\t"))
			golden(t, "results/"+name, string(text)+"\n")

			for _, e := range result.Evidence {
				value, err := kyc.Resolve(raw, e.Pointer)
				if err == nil && !bytes.Equal(value, e.Value) || err != nil && e.Value != nil {
					t.Errorf("evidence %s is %s, in the document %s (%v)", e.Pointer, e.Value, value, err)
				}
			}
			for _, c := range result.Checks {
				if _, err := kyc.Resolve(raw, c.Ref); err != nil {
					t.Errorf("check %s: %v", c.Ref, err)
				}
			}
		})
	}
}

func TestDecisionOfSamples(t *testing.T) {
	want := map[string]string{
		"details-idiv-001.json":             "review REPEATED_FACE",
		"details-idiv-002.json":             "review REPEATED_FACE",
		"details-10014.json":                "approved ",
		"details-10071.json":                "approved ",
		"details-facemap-href.json":         "unknown ",
		"details-initiated.json":            "pending ",
		"details-acquired.json":             "pending ",
		"details-session-expired.json":      "expired SESSION_EXPIRED",
		"details-session-expired-2023.json": "expired SESSION_EXPIRED",
		"details-token-expired.json":        "expired TOKEN_EXPIRED",
		"details-not-executed.json":         "failed TECHNICAL_ERROR PRECONDITION_NOT_FULFILLED",
		"details-unsupported-document.json": "declined UNSUPPORTED_DOCUMENT_TYPE PRECONDITION_NOT_FULFILLED",
		"details-manipulated.json":          "declined MANIPULATED_DOCUMENT_PHOTO MISMATCHING_DATAPOINTS NO_MATCH DIGITAL_COPY",
		"details-screening.json":            "review ALERT MEDIUM_RISK DENY",
		"details-document.json":             "approved ",
		"details-passed-full.json":          "approved ",
		"details-wiped.json":                "approved ",
	}
	got := make(map[string]string)
	for _, name := range list(t, "details-*.json") {
		result := must[*kyc.Result](t)(jumio.ParseResult(fixture(t, name)))
		var codes []string
		for _, r := range result.Reasons() {
			codes = append(codes, r.Code)
		}
		got[name] = result.Decision.String() + " " + strings.Join(codes, " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("decisions (-want +got):\n%s", diff)
	}
}

func TestTableHasARowForEachWord(t *testing.T) {
	words := make(map[string]bool)
	for _, row := range jumio.Table() {
		words[row.Field+" "+row.Word] = true
		if row.Source == "" {
			t.Errorf("row %s has no source", row.Name())
		}
	}
	for _, s := range jumio.Status("").Values() {
		if !words[jumio.FieldStatus+" "+string(s)] && s != jumio.StatusProcessed {
			t.Errorf("no row for status %s", s)
		}
	}
	facts := map[string][]string{}
	for _, w := range jumio.NFCResult("").Values() {
		facts[jumio.FieldNFC] = append(facts[jumio.FieldNFC], string(w))
	}
	for _, w := range jumio.FaceSearchStatus("").Values() {
		facts[jumio.FieldFaceSearch] = append(facts[jumio.FieldFaceSearch], string(w))
	}
	for _, w := range jumio.FeedbackStatus("").Values() {
		facts[jumio.FieldFeedback] = append(facts[jumio.FieldFeedback], string(w))
	}
	for field, all := range facts {
		for _, w := range all {
			if !words[field+" "+w] {
				t.Errorf("no row for %s %s", field, w)
			}
		}
	}
	for _, d := range jumio.DecisionType("").Values() {
		for _, field := range []string{jumio.FieldDecision, jumio.FieldCapability} {
			if !words[field+" "+string(d)] {
				t.Errorf("no row for %s %s", field, d)
			}
		}
	}
}

// detailsWith builds the smallest details answer with a status and a decision, both raw JSON; empty leaves the member out.
func detailsWith(status, decision string) []byte {
	workflow := `"id":"w"`
	if status != "" {
		workflow += `,"status":` + status
	}
	doc := `{"workflow":{` + workflow + `},"account":{"id":"a"}`
	if decision != "" {
		doc += `,"decision":{"type":` + decision + `}`
	}
	return []byte(doc + `}`)
}

func TestDecisionTable(t *testing.T) {
	want := map[string]kyc.Decision{
		"INITIATED": kyc.Pending, "ACQUISITION_STARTED": kyc.Pending, "ACQUIRED": kyc.Pending,
		"SESSION_EXPIRED": kyc.Expired, "TOKEN_EXPIRED": kyc.Expired, "PROCESSING": kyc.Unknown, "processed": kyc.Unknown, "": kyc.Unknown,
	}
	decisions := map[string]kyc.Decision{
		"PASSED": kyc.Approved, "REJECTED": kyc.Declined, "WARNING": kyc.Review, "NOT_EXECUTED": kyc.Failed, "APPROVED": kyc.Unknown, "": kyc.Unknown,
	}
	quote := func(s string) string {
		if s == "" {
			return ""
		}
		return `"` + s + `"`
	}
	for word, decision := range decisions {
		for status, ofStatus := range want {
			result := must[*kyc.Result](t)(jumio.ParseResult(detailsWith(quote(status), quote(word))))
			if result.Decision != ofStatus {
				t.Errorf("status %q, decision %q: %v, want %v", status, word, result.Decision, ofStatus)
			}
		}
		result := must[*kyc.Result](t)(jumio.ParseResult(detailsWith(`"PROCESSED"`, quote(word))))
		if result.Decision != decision {
			t.Errorf("PROCESSED, decision %q: %v, want %v", word, result.Decision, decision)
		}
	}
}

// No status but PROCESSED and no word but PASSED approves, whatever its case, type or neighbourhood.
func TestNothingElseApproves(t *testing.T) {
	words := []string{`"passed"`, `"Passed"`, `"PASSED "`, `" PASSED"`, `"PASSED\u0000"`, `"PASSEÐ"`, `"ＰＡＳＳＥＤ"`, `"OK"`, `"MATCH"`, `"APPROVED"`, `"LOW_RISK"`,
		`""`, `null`, `true`, `1`, `0`, `{}`, `{"type":"PASSED"}`, `[]`, `["PASSED"]`, ``}
	for _, status := range jumio.Status("").Values() {
		words = append(words, `"`+string(status)+`"`)
	}
	for _, label := range jumio.Label("").Values() {
		if label != "PASSED" {
			words = append(words, `"`+string(label)+`"`)
		}
	}
	for _, word := range words {
		for _, raw := range [][]byte{detailsWith(`"PROCESSED"`, word), detailsWith(word, `"PASSED"`)} {
			if word == `"PROCESSED"` {
				continue
			}
			result, err := jumio.ParseResult(raw)
			if err == nil && result.Decision == kyc.Approved {
				t.Errorf("approved: %s", raw)
			}
		}
	}
	for _, raw := range []string{
		`{"workflow":{"id":"w","status":"PROCESSED"},"account":{"id":"a"},"Decision":{"type":"PASSED"}}`,
		`{"Workflow":{"id":"w","status":"PROCESSED"},"account":{"id":"a"},"decision":{"type":"PASSED"}}`,
		`{"workflow":{"id":"w","status":"PROCESSED"},"account":{"id":"a"},"decision":"PASSED"}`,
		`{"workflow":"PROCESSED","account":{"id":"a"},"decision":{"type":"PASSED"}}`,
		`{"workflow":{"id":"w","status":"PROCESSED"},"account":{"id":"a"},"capabilities":{"decision":{"type":"PASSED"}}}`,
		`[{"workflow":{"id":"w","status":"PROCESSED"},"account":{"id":"a"},"decision":{"type":"PASSED"}}]`,
		`{}`, `null`, `[]`, `"PASSED"`, `{"title":"Unauthorized","status":401}`,
	} {
		result := must[*kyc.Result](t)(jumio.ParseResult([]byte(raw)))
		if result.Decision != kyc.Unknown {
			t.Errorf("%v: %s", result.Decision, raw)
		}
	}
}

// Whatever happens to one deciding value of a sample, the sample is approved only with the words that it came with.
func TestMutatedSamplesAreNotApproved(t *testing.T) {
	replacements := []string{`"passed"`, `"WARNING"`, `"REJECTED"`, `"NOT_EXECUTED"`, `"OK"`, `""`, `null`, `true`, `0`, `1`, `{}`, `[]`, `["PASSED"]`}
	for _, name := range list(t, "details-*.json") {
		raw := fixture(t, name)
		original := must[*kyc.Result](t)(jumio.ParseResult(raw))
		for _, e := range original.Evidence {
			if !e.Deciding || e.Value == nil {
				continue
			}
			at := bytes.Index(raw, e.Value)
			for _, r := range replacements {
				mutated := bytes.Clone(raw)
				// Every occurrence of the word, the deciding one among them, in turn.
				for i := at; i >= 0; {
					m := append(append(bytes.Clone(mutated[:i]), r...), mutated[i+len(e.Value):]...)
					result, err := jumio.ParseResult(m)
					if err == nil && result.Decision == kyc.Approved && original.Decision != kyc.Approved {
						t.Fatalf("%s: %s in place of %s at byte %d approves", name, r, e.Value, i)
					}
					if value, rerr := kyc.Resolve(m, e.Pointer); err == nil && rerr == nil && string(value) == r && result.Decision == kyc.Approved {
						t.Fatalf("%s: %s at %s approves", name, r, e.Pointer)
					}
					next := bytes.Index(mutated[i+1:], e.Value)
					if next < 0 {
						break
					}
					i += 1 + next
				}
			}
		}
	}
}

func TestDamagedDetailsAreMalformed(t *testing.T) {
	raw := bytes.TrimSpace(fixture(t, "details-10014.json"))
	for i := range raw {
		if _, err := jumio.ParseResult(raw[:i]); !errors.Is(err, kyc.ErrMalformed) {
			t.Fatalf("cut at byte %d: %v", i, err)
		}
	}
	for _, damaged := range []string{
		strings.Replace(string(raw), `"type": "PASSED"`, `"type": "REJECTED", "type": "PASSED"`, 1),
		strings.Replace(string(raw), `"decision"`, `"decision": {"type": "PASSED"}, "decision"`, 1),
		string(raw) + "{}", strings.Replace(string(raw), "MyCompany", "My\xffCompany", 1),
	} {
		if _, err := jumio.ParseResult([]byte(damaged)); !errors.Is(err, kyc.ErrMalformed) {
			t.Errorf("want ErrMalformed, got %v", err)
		}
	}
}

func TestOverrides(t *testing.T) {
	label := []byte(`{"workflow":{"id":"w","status":"PROCESSED"},"account":{"id":"a"},"decision":{"type":"PASSED","details":{"label":"TXN_RECHECK"}}}`)
	unknown := bytes.Replace(label, []byte("PASSED"), []byte("GOOD"), 1)
	pending := bytes.Replace(label, []byte("PROCESSED"), []byte("ACQUIRED"), 1)
	tighten := kyc.WithOverrides(kyc.Override{Name: "recheck", Field: jumio.FieldLabel, Word: "TXN_RECHECK", Decision: kyc.Review})
	approve := kyc.WithOverrides(kyc.Override{Name: "yes", Field: jumio.FieldLabel, Word: "TXN_RECHECK", Decision: kyc.Approved})
	early := kyc.WithOverrides(kyc.Override{Name: "early", Field: jumio.FieldStatus, Word: "ACQUIRED", Decision: kyc.Approved})
	for _, c := range []struct {
		name string
		raw  []byte
		opt  kyc.Option
		want kyc.Decision
	}{
		{"none", label, nil, kyc.Approved},
		{"tightened", label, tighten, kyc.Review},
		{"a label does not mend an unknown word", unknown, approve, kyc.Unknown},
		{"no status can approve", pending, early, kyc.Pending},
		{"a status can tighten", label, kyc.WithOverrides(kyc.Override{Name: "all", Field: jumio.FieldStatus, Word: "PROCESSED", Decision: kyc.Review}), kyc.Review},
		{"nor can PROCESSED", unknown, kyc.WithOverrides(kyc.Override{Name: "all", Field: jumio.FieldStatus, Word: "PROCESSED", Decision: kyc.Approved}), kyc.Unknown},
		{"another label", bytes.Replace(label, []byte("TXN_RECHECK"), []byte("TXN_PASSED"), 1), tighten, kyc.Approved},
	} {
		result := must[*kyc.Result](t)(jumio.ParseResult(c.raw, c.opt))
		if result.Decision != c.want {
			t.Errorf("%s: %v, want %v", c.name, result.Decision, c.want)
		}
	}
	result := must[*kyc.Result](t)(jumio.ParseResult(label, tighten))
	if len(result.Evidence) != 3 || result.Evidence[1].Rule != "override recheck" || !result.Evidence[1].Deciding {
		t.Errorf("evidence: %+v", result.Evidence)
	}
}

func TestResultOfNothing(t *testing.T) {
	var none *jumio.Details
	if none.Result().Decision != kyc.Unknown || new(jumio.Details).Result().Decision != kyc.Unknown {
		t.Error("details that were not read decide nothing")
	}
	made := &jumio.Details{Workflow: &jumio.DetailsWorkflow{Status: jumio.StatusProcessed}, Decision: &jumio.Decision{Type: jumio.DecisionPassed}}
	if made.Result().Decision != kyc.Unknown {
		t.Error("details that were made by hand decide nothing")
	}
}

func TestUnknownCapabilitiesAreKept(t *testing.T) {
	var details jumio.Details
	if err := kyc.Unmarshal(fixture(t, "details-screening.json"), &details); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"phoneVerification"}, details.Capabilities.Unknown()); diff != "" {
		t.Error(diff)
	}
	result := details.Result()
	last := result.Checks[len(result.Checks)-2]
	if last.Kind != kyc.CheckOther || last.VendorName != "phoneVerification" || last.Decision != kyc.Approved {
		t.Errorf("check: kind %s, name %s, %v", last.Kind, last.VendorName, last.Decision)
	}
}

func TestPollSchedule(t *testing.T) {
	s := jumio.PollSchedule()
	if s.At[0] != 40*time.Second || s.At[9] != 940*time.Second || len(s.At) != 10 || s.Then != 0 {
		t.Errorf("schedule: %+v", s)
	}
}

func FuzzParseResult(f *testing.F) {
	for _, name := range list(f, "details-*.json") {
		f.Add(fixture(f, name))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		result, err := jumio.ParseResult(raw)
		if err != nil || result.Decision != kyc.Approved {
			return
		}
		status, _ := kyc.Resolve(raw, "/workflow/status")
		word, _ := kyc.Resolve(raw, "/decision/type")
		var a, b string
		if json.Unmarshal(status, &a) != nil || json.Unmarshal(word, &b) != nil || a != "PROCESSED" || b != "PASSED" || result.Ref.IsZero() {
			t.Fatalf("approved: %s", raw)
		}
	})
}
