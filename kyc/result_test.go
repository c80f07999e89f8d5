package kyc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func sample() *Result {
	r := &Result{
		Ref: Ref{Jumio, "acc", "exec"}, Reference: "onboarding-42", Decision: Review, Status: "PROCESSED/WARNING",
		Checks: []Check{
			{Kind: CheckFaceMatch, VendorName: "similarity", Decision: Approved, Reasons: []Reason{{Code: "MATCH"}}, Score: &Score{Value: 0.9, Max: 1}, Ref: "/c/0"},
			{Kind: CheckLiveness, Decision: Declined, Reasons: []Reason{{Code: "PHOTOCOPY"}, {Code: "MANIPULATED", Category: "x"}}},
			{Kind: CheckLiveness, Decision: Review, Reasons: []Reason{{Code: "PHOTOCOPY"}}},
		},
		Person:    &Person{FirstName: "JANE-SENTINEL", DateOfBirth: "1990-01-01", Address: &Address{Lines: []string{"1 SENTINEL St"}}},
		Document:  &Document{Type: DocumentPassport, Number: "SENTINEL"},
		Documents: []Document{{Type: DocumentPassport, Number: "SENTINEL"}},
		Company:   &Company{Name: "SENTINEL"}, Parties: []Party{{Person: &Person{LastName: "SENTINEL"}, Roles: []string{"SENTINEL"}}},
		CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC), Workflow: "10011", Ended: true, Test: true,
		Raw: []byte(`{"status":"PROCESSED", "name":"SENTINEL", "a": { "b" : "<x & y>" }}`),
	}
	r.Cite("/status", "status PROCESSED is review", true)
	r.Cite("/name", "rewritten", false)
	r.Cite("/gone", "nothing there", true)
	r.Cite("/a", "as the vendor spells it", false)
	return r
}

func TestResultStoredAndReadBack(t *testing.T) {
	r := sample()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(b, []byte(`{"version":1,`)) {
		t.Errorf("form %.40s", b)
	}
	var back Result
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*r, back); diff != "" {
		t.Error(diff)
	}
	// What was stored beside a Raw that says otherwise stays as it was stored.
	b = bytes.Replace(b, []byte(`"value":"PROCESSED"`), []byte(`"value":"OTHER"`), 1)
	if err := json.Unmarshal(b, &back); err != nil || string(back.Evidence[0].Value) != `"OTHER"` {
		t.Errorf("evidence %s, %v", back.Evidence[0].Value, err)
	}
	for _, doc := range []string{`{}`, `{"version":2,"decision":"approved"}`, `{"version":1,"decision":"declined","decision":"approved"}`, `{"decision":"approved"}`, `{"version":1,"decision":4}`} {
		var r Result
		if err := json.Unmarshal([]byte(doc), &r); !errors.Is(err, ErrMalformed) || r.Decision != Unknown {
			t.Errorf("%s: %v, %v", doc, r.Decision, err)
		}
	}
}

func TestReasons(t *testing.T) {
	want := []Reason{{Code: "PHOTOCOPY"}, {Code: "MANIPULATED", Category: "x"}}
	if got := sample().Reasons(); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %d reasons", len(got))
	}
}

func TestCite(t *testing.T) {
	e := sample().Evidence
	if string(e[0].Value) != `"PROCESSED"` || !e[0].Deciding || e[2].Value != nil {
		t.Errorf("evidence %s, %s", e[0].Value, e[2].Value)
	}
}

// timeless keeps the time out of a log record, whose digits any number may be found in.
var timeless = &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}}

// CiteAll finds what Cite finds.
func TestCiteAll(t *testing.T) {
	for _, doc := range []string{
		`{"a":{"b":[1,{"c/d":"x","~":null},[2,3]],"e":{}},"":0,"f":true}`, ` { "a" : { "b" : [ 1 , { "c/d" : "x" } ] } } `, `[[1,2],[3,{"a":4}]]`, `"text"`, `null`, ``,
		`{"a":{"b":[1,{"c/d":"x"`, `{"a":{"b":[1,]}}`, `{"f":1,"f":2}`, `{"e":1,"a":{"b":[1}}`,
	} {
		one, all := &Result{Raw: []byte(doc)}, &Result{Raw: []byte(doc)}
		var evidence []Evidence
		for _, p := range []string{
			"", "/a", "/a/b", "/a/b/0", "/a/b/1/c~1d", "/a/b/1/~0", "/a/b/2/1", "/a/b/02", "/a/b/-1", "/a/b/9", "/a/e", "/a/e/x", "/f", "/f/x", "/", "/0", "/0/1", "/1/1/a", "/none", "a", "/a", "/0/",
		} {
			for range 2 {
				one.Cite(p, "rule of "+p, p != "")
				evidence = append(evidence, Evidence{Pointer: p, Rule: "rule of " + p, Deciding: p != ""})
			}
		}
		half := len(evidence) / 2
		all.CiteAll(evidence[:half]...)
		all.CiteAll(evidence[half:]...)
		if diff := cmp.Diff(told(one.Evidence), told(all.Evidence)); diff != "" {
			t.Errorf("%s (-Cite +CiteAll):\n%s", doc, diff)
		}
		if strings.HasPrefix(doc, "{") && one.Evidence[2].Value == nil && !strings.HasPrefix(doc, `{"f"`) && json.Valid([]byte(doc)) {
			t.Errorf("nothing was found in %s", doc)
		}
	}
}

// told gives evidence in texts, as it does not print.
func told(evidence []Evidence) []string {
	var all []string
	for _, e := range evidence {
		all = append(all, fmt.Sprint(e.Pointer, " ", e.Rule, " ", e.Deciding, " ", e.Value == nil, " ", string(e.Value)))
	}
	return all
}

func TestNothingPersonalPrints(t *testing.T) {
	r := sample()
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, timeless)).Info("x", "r", r, "v", *r, "p", r.Person, "d", r.Documents[0], "c", r.Checks[0], "e", r.Evidence[1])
	slog.New(slog.NewJSONHandler(&log, timeless)).Info("x", "r", r, "v", *r, "p", r.Person, "d", r.Documents[0], "c", r.Checks[0], "e", r.Evidence[1])
	for _, v := range []any{r, *r, r.Person, *r.Person, r.Person.Address, r.Document, r.Documents, r.Company, r.Parties, r.Checks, r.Evidence, []*Person{r.Person},
		Session{URL: "SENTINEL", Raw: r.Raw}, StartRequest{Reference: "SENTINEL", Metadata: map[string]string{"a": "SENTINEL"}}, Consent{IP: "SENTINEL"}, Event{Type: "SENTINEL", Raw: r.Raw},
		FileBytes("SENTINEL", "SENTINEL", []byte("SENTINEL")), map[string]any{"p": *r.Person}, struct{ P Person }{*r.Person}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&log, verb+"\n", v)
		}
	}
	if text := log.String(); strings.Contains(text, "SENTINEL") || strings.Contains(text, "1990") || strings.Contains(text, "53454e54") {
		for line := range strings.Lines(text) {
			if strings.Contains(line, "SENTINEL") || strings.Contains(line, "1990") || strings.Contains(line, "53454e54") {
				t.Error(line)
			}
		}
	}
	want := "kyc.Result{Ref:jumio:acc/exec Decision:review Checks:[{Kind:face_match Decision:approved} {Kind:liveness Decision:declined} {Kind:liveness Decision:review}] " +
		"Document:{Type:passport} Documents:[{Type:passport}] Parties:[{Decision:unknown Ref:}]}"
	if got := fmt.Sprint(*r); got != strings.Replace(want, " Ref:}", "}", 1) {
		t.Errorf("printed %s", got)
	}
}

func TestRedacted(t *testing.T) {
	b, err := json.Marshal(sample().Redacted())
	if err != nil || bytes.Contains(b, []byte("SENTINEL")) || bytes.Contains(b, []byte("1990")) {
		t.Errorf("%s, %v", b, err)
	}
	for _, want := range []string{"PHOTOCOPY", `"decision":"review"`, "jumio:acc/exec", `"value":"PROCESSED"`} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("%s lacks %s", b, want)
		}
	}
}

// Only words that the module's own rules name stay: anything else could be a person.
func TestRedactedKeepsNamedWordsOnly(t *testing.T) {
	type row struct{ value, rule, want string }
	for _, tt := range []struct {
		rows         []row
		status, want string
	}{
		{[]row{{`"PROCESSED"`, "status PROCESSED leaves it to type", `"PROCESSED"`}, {`"PASSED"`, "type PASSED is approved", `"PASSED"`}}, "PROCESSED/PASSED", "PROCESSED/PASSED"},
		{[]row{{`"complete"`, "status complete: the recommendation decides", `"complete"`}}, "complete", "complete"},
		{[]row{{`"In Review"`, "status In Review is review", `"In Review"`}}, "In Review", "In Review"},
		{[]row{{`"\u0049n Review"`, "status In Review is review", `"\u0049n Review"`}}, "In Review", "In Review"},
		{[]row{{`"IN REVIEW"`, "status In Review is review", `"IN REVIEW"`}}, "IN REVIEW", "IN REVIEW"},
		{[]row{{`true`, "r", `true`}, {`false`, "r", `false`}, {`null`, "r", `null`}}, "", ""},
		{[]row{{`"JOHN SMITH"`, "status: no rule names this value", ""}}, "JOHN SMITH", ""},
		{[]row{{`"OK"`, "status OK is approved", `"OK"`}}, "OK/JOHN SMITH", ""},
		{[]row{{`"OK"`, "status OK is approved", `"OK"`}}, "OK/", ""},
		{[]row{{`["OK"]`, "status OK is approved", ""}, {`{"OK":1}`, "status OK is approved", ""}, {`19900101`, "status 19900101 is approved", ""}}, "OK", ""},
		{[]row{{`"PRO"`, "status PROCESSED is approved", ""}, {`"CESSED"`, "status PROCESSED is approved", ""}, {`""`, "x", ""}, {``, "x", ""}}, "PRO", ""},
		{[]row{{`"SMITH"`, "override SMITH", ""}, {`true`, "override SMITH", ""}}, "SMITH", ""},
	} {
		r := &Result{Decision: Review, Status: tt.status}
		var want []string
		for _, e := range tt.rows {
			r.Evidence = append(r.Evidence, Evidence{Pointer: "/x", Value: json.RawMessage(e.value), Rule: e.rule, Deciding: true}, Evidence{Pointer: "/y", Value: json.RawMessage(e.value), Rule: e.rule})
			want = append(want, e.want, "")
		}
		redacted := r.Redacted()
		var got []string
		for _, e := range redacted.Evidence {
			got = append(got, string(e.Value))
		}
		if diff := cmp.Diff(want, got); diff != "" || redacted.Status != tt.want {
			t.Errorf("%q: status %q\n%s", tt.rows, redacted.Status, diff)
		}
	}
	for status, want := range map[string]string{
		"PASSED": "PASSED", "DONE/NOT_AVAILABLE": "DONE/NOT_AVAILABLE", "": "", "In Review": "", "JOHN SMITH": "", "J\u00f6rg": "", "a@b": "", "DONE/": "", "DONE/JOHN SMITH": "",
		strings.Repeat("x", 40): strings.Repeat("x", 40), strings.Repeat("x", 41): "",
	} {
		r := &Result{Checks: []Check{{Status: status}}}
		if got := r.Redacted().Checks[0].Status; got != want || r.Checks[0].Status != status {
			t.Errorf("%q: %q, and %q in the original", status, got, r.Checks[0].Status)
		}
	}
}

func TestReasonPrintsItsCode(t *testing.T) {
	for code, want := range map[string]string{"REPEATED_FACE": "REPEATED_FACE", "Jane Doe": "kyc.Reason{}", "": "kyc.Reason{}", strings.Repeat("x", 41): "kyc.Reason{}"} {
		r := Reason{Code: code, Category: "SENTINEL"}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			if got := fmt.Sprintf(verb, r); got != want {
				t.Errorf("%s of %q: %s", verb, code, got)
			}
		}
		if got := fmt.Sprint([]Reason{r}); got != "["+want+"]" {
			t.Errorf("list: %s", got)
		}
	}
}

func TestNullResult(t *testing.T) {
	var v struct{ R Result }
	if err := json.Unmarshal([]byte(`{"R":null}`), &v); err != nil || v.R.Decision != Unknown {
		t.Errorf("%v, %v", v.R, err)
	}
}
