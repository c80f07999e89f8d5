package yoti

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const recorded = "session-recorded.json"

func TestGoldenResults(t *testing.T) {
	for _, name := range fixtureNames(t, "session-*.json") {
		t.Run(name, func(t *testing.T) {
			got, err := json.MarshalIndent(mustParse(t, readFixture(t, name)), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			checkGolden(t, filepath.Join(goldens, "results", name), append(got, '\n'))
		})
	}
}

func TestRecordedResult(t *testing.T) {
	r := mustParse(t, readFixture(t, recorded))
	if r.Decision != kyc.Approved || r.Status != "COMPLETED/APPROVE" {
		t.Errorf("got %v with status %s, want approved", r.Decision, r.Status)
	}
	kinds := []kyc.CheckKind{kyc.CheckDocumentAuthenticity, kyc.CheckLiveness, kyc.CheckFaceMatch}
	if len(r.Checks) != len(kinds) {
		t.Fatalf("got %d checks, want 3", len(r.Checks))
	}
	for i, c := range r.Checks {
		if c.Kind != kinds[i] || c.Decision != kyc.Approved || len(c.Reasons) != 0 {
			t.Errorf("check %d: got %s %v with %d reasons", i, c.Kind, c.Decision, len(c.Reasons))
		}
	}
	want := &kyc.Score{Value: 1, Min: 0, Max: 1, Name: "confidence_score"}
	if diff := cmp.Diff(want, r.Checks[2].Score); diff != "" {
		t.Errorf("score (-want +got):\n%s", diff)
	}
	if r.Document == nil || r.Document.Type != kyc.DocumentDrivingLicense || r.Document.IssuingCountry != "GBR" {
		t.Error("the document's type and country are not read")
	}
}

// Each recommendation of the recorded session in turn becomes another word: only APPROVE approves.
func TestMutatedRecommendations(t *testing.T) {
	data := readFixture(t, recorded)
	for i := range 3 {
		value := []any{"checks", i, "report", "recommendation", "value"}
		for _, c := range []struct {
			name string
			doc  []byte
			want kyc.Decision
		}{
			{"APPROVE", edit(t, data, "APPROVE", value...), kyc.Approved},
			{"REJECT", edit(t, data, "REJECT", value...), kyc.Declined},
			{"NOT_AVAILABLE", edit(t, data, "NOT_AVAILABLE", value...), kyc.Review},
			{"CONSIDER", edit(t, data, "CONSIDER", value...), kyc.Review},
			{"another word", edit(t, data, "APPROVED", value...), kyc.Unknown},
			{"another case", edit(t, data, "approve", value...), kyc.Unknown},
			{"empty", edit(t, data, "", value...), kyc.Unknown},
			{"null", edit(t, data, nil, value...), kyc.Unknown},
			{"number", edit(t, data, json.Number("1"), value...), kyc.Unknown},
			{"list", edit(t, data, []any{"APPROVE"}, value...), kyc.Unknown},
			{"removed", edit(t, data, remove, value...), kyc.Unknown},
			{"no recommendation", edit(t, data, remove, value[:4]...), kyc.Unknown},
			{"null recommendation", edit(t, data, nil, value[:4]...), kyc.Unknown},
			{"text for recommendation", edit(t, data, "APPROVE", value[:4]...), kyc.Unknown},
			{"no report", edit(t, data, remove, value[:3]...), kyc.Unknown},
			{"null check", edit(t, data, nil, value[:2]...), kyc.Unknown},
			{"text for check", edit(t, data, "APPROVE", value[:2]...), kyc.Unknown},
			{"check pending", edit(t, data, "PENDING", "checks", i, "state"), kyc.Unknown},
			{"check failed", edit(t, data, "INTERNAL_ERROR", "checks", i, "state"), kyc.Unknown},
			{"check state unknown", edit(t, data, "FINISHED", "checks", i, "state"), kyc.Unknown},
			{"check state removed", edit(t, data, remove, "checks", i, "state"), kyc.Unknown},
		} {
			if got := mustParse(t, c.doc).Decision; got != c.want {
				t.Errorf("check %d, %s: got %v, want %v", i, c.name, got, c.want)
			}
		}
	}
}

func TestMutatedSession(t *testing.T) {
	data := readFixture(t, recorded)
	for _, c := range []struct {
		name string
		doc  []byte
		want kyc.Decision
	}{
		{"ongoing", edit(t, data, "ONGOING", "state"), kyc.Pending},
		{"expired", edit(t, data, "EXPIRED", "state"), kyc.Expired},
		{"another state", edit(t, data, "DONE", "state"), kyc.Unknown},
		{"null state", edit(t, data, nil, "state"), kyc.Unknown},
		{"number for state", edit(t, data, json.Number("1"), "state"), kyc.Unknown},
		{"no state", edit(t, data, remove, "state"), kyc.Unknown},
		{"no checks", edit(t, data, remove, "checks"), kyc.Unknown},
		{"null checks", edit(t, data, nil, "checks"), kyc.Unknown},
		{"empty checks", edit(t, data, []any{}, "checks"), kyc.Unknown},
		{"object for checks", edit(t, data, map[string]any{}, "checks"), kyc.Unknown},
		{"no id", edit(t, data, remove, "session_id"), kyc.Unknown},
		{"text for profile", edit(t, data, "DONE", "identity_profile"), kyc.Unknown},
		{"profile aborted", edit(t, data, map[string]any{"result": "ABORTED"}, "identity_profile"), kyc.Unknown},
		{"profile without result", edit(t, data, map[string]any{}, "advanced_identity_profile"), kyc.Unknown},
		{"profile without report", edit(t, data, map[string]any{"result": "DONE"}, "identity_profile"), kyc.Unknown},
		{"profile in capitals", edit(t, data, map[string]any{"result": "ABORTED"}, "Identity_Profile"), kyc.Unknown},
		{"no resources", edit(t, data, remove, "resources"), kyc.Approved},
	} {
		if got := mustParse(t, c.doc).Decision; got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestRequirementNotMet(t *testing.T) {
	data := readFixture(t, "session-profile-done.json")
	met := []any{"identity_profile", "identity_profile_report", "schemes_compliance", 0, "requirements_met"}
	for _, c := range []struct {
		value any
		want  kyc.Decision
	}{{true, kyc.Approved}, {false, kyc.Unknown}, {"true", kyc.Unknown}, {json.Number("1"), kyc.Unknown}} {
		if got := mustParse(t, edit(t, data, c.value, met...)).Decision; got != c.want {
			t.Errorf("requirements_met %v: got %v, want %v", c.value, got, c.want)
		}
	}
	if got := mustParse(t, edit(t, data, "REJECT", "checks", 0, "report", "recommendation", "value")).Decision; got != kyc.Declined {
		t.Errorf("a rejection beside a profile that was made: got %v, want declined", got)
	}
}

// Every pair of outcomes combines in the order Declined, Unknown, Review, Approved.
func TestCombiningOrder(t *testing.T) {
	order := []struct {
		word string
		want kyc.Decision
	}{{"REJECT", kyc.Declined}, {"SOMETHING", kyc.Unknown}, {"CONSIDER", kyc.Review}, {"NOT_AVAILABLE", kyc.Review}, {"APPROVE", kyc.Approved}}
	data := readFixture(t, recorded)
	for i, a := range order {
		for j, b := range order {
			doc := edit(t, data, a.word, "checks", 0, "report", "recommendation", "value")
			doc = edit(t, doc, b.word, "checks", 2, "report", "recommendation", "value")
			if got, want := mustParse(t, doc).Decision, order[min(i, j)].want; got != want {
				t.Errorf("%s with %s: got %v, want %v", a.word, b.word, got, want)
			}
		}
	}
}

// Every documented word of the fields that decide has a row.
func TestTableIsComplete(t *testing.T) {
	words := map[string][]string{}
	for _, w := range SessionState("").Values() {
		words[FieldState] = append(words[FieldState], string(w))
	}
	for _, w := range CheckState("").Values() {
		words[FieldCheckState] = append(words[FieldCheckState], string(w))
	}
	for _, w := range RecommendationValue("").Values() {
		words[FieldRecommendation] = append(words[FieldRecommendation], string(w))
	}
	for _, w := range ProfileResult("").Values() {
		words[FieldProfile] = append(words[FieldProfile], string(w))
	}
	rows := 0
	for field, list := range words {
		for _, word := range list {
			rows++
			if !slices.ContainsFunc(Table(), func(r kyc.Rule) bool { return r.Field == field && r.Word == word }) {
				t.Errorf("%s %s has no row", field, word)
			}
		}
	}
	if rows != len(Table()) {
		t.Errorf("the table has %d rows, the vendor %d words", len(Table()), rows)
	}
	for _, c := range CheckType("").Values() {
		if kinds[c] == "" {
			t.Errorf("check %s has no shared word", c)
		}
	}
}

// Each value that has a part in the decision is in the evidence, byte for byte.
func TestEvidence(t *testing.T) {
	data := readFixture(t, recorded)
	r := mustParse(t, data)
	if len(r.Evidence) != 1+2*len(r.Checks) {
		t.Errorf("got %d pieces of evidence, want the state and two for each check", len(r.Evidence))
	}
	for _, e := range r.Evidence {
		want, err := kyc.Resolve(data, e.Pointer)
		if err != nil || string(want) != string(e.Value) || !e.Deciding || e.Rule == "" {
			t.Errorf("evidence at %s: value %s, rule %q, deciding %v, error %v", e.Pointer, e.Value, e.Rule, e.Deciding, err)
		}
	}
}

func TestReasons(t *testing.T) {
	got := mustParse(t, readFixture(t, "session-rejected.json")).Reasons()
	want := []kyc.Reason{
		{Code: "TAMPERED"}, {Code: "no_sign_of_tampering", Category: "sub_check"},
		{Code: "FACE_NOT_FOUND"}, {Code: "ai_face_match", Category: "sub_check"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

func TestScoreOutsideItsScale(t *testing.T) {
	data := readFixture(t, recorded)
	detail := []any{"checks", 2, "report", "breakdown", 1, "details", 0, "value"}
	for value, want := range map[string]*kyc.Score{
		"0.5": {Value: 0.5, Max: 1, Name: "confidence_score"}, "87": {Value: 87, Name: "confidence_score"}, "high": nil, "NaN": nil, "": nil,
	} {
		got := mustParse(t, edit(t, data, value, detail...)).Checks[2].Score
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", value, diff)
		}
	}
}

func TestOverrides(t *testing.T) {
	data := edit(t, readFixture(t, recorded), "CONSIDER", "checks", 1, "report", "recommendation", "value")
	row := kyc.Override{Name: "liveness stands back", Vendor: kyc.Yoti, Field: "checks.recommendation", Check: "LIVENESS", Word: "CONSIDER", Decision: kyc.Approved}
	r := mustParse(t, data, kyc.WithOverrides(row))
	if r.Decision != kyc.Approved {
		t.Errorf("got %v, want the override's approved", r.Decision)
	}
	if !slices.ContainsFunc(r.Evidence, func(e kyc.Evidence) bool { return strings.Contains(e.Rule, row.Name) }) {
		t.Error("the evidence does not name the override")
	}
	row.Check = "FACE_COMPARISON"
	if got := mustParse(t, data, kyc.WithOverrides(row)).Decision; got != kyc.Review {
		t.Errorf("an override for another check: got %v, want review", got)
	}
	stop := kyc.Override{Name: "stop", Field: "state", Word: "COMPLETED", Decision: kyc.Review}
	if got := mustParse(t, readFixture(t, recorded), kyc.WithOverrides(stop)).Decision; got != kyc.Review {
		t.Errorf("an override of the state: got %v, want review", got)
	}
	for field, doc := range map[string][]byte{
		FieldState:      edit(t, readFixture(t, recorded), "ONGOING", "state"),
		FieldCheckState: edit(t, readFixture(t, recorded), "PENDING", "checks", 0, "state"),
	} {
		word := map[string]string{FieldState: "ONGOING", FieldCheckState: "PENDING"}[field]
		early := kyc.WithOverrides(kyc.Override{Name: "early", Field: field, Word: word, Decision: kyc.Approved})
		if got, want := mustParse(t, doc, early).Decision, mustParse(t, doc).Decision; got != want {
			t.Errorf("a rule about %s made %v of %v", field, got, want)
		}
	}
}

func TestBrokenDocuments(t *testing.T) {
	data := string(readFixture(t, recorded))
	for name, doc := range map[string]string{
		"cut short": data[:len(data)/2], "empty": "", "trailing": data + "x", "duplicate member": `{"state":"COMPLETED","state":"COMPLETED"}`,
		"duplicate check member": strings.Replace(data, `"value": "APPROVE"`, `"value": "REJECT", "value": "APPROVE"`, 1), "bad UTF-8": `{"state":"` + "\xff" + `"}`,
	} {
		if r, err := ParseResult([]byte(doc)); !errors.Is(err, kyc.ErrMalformed) || r != nil {
			t.Errorf("%s: got %v and %v, want ErrMalformed and nothing", name, r, err)
		}
	}
	for name, doc := range map[string]string{
		"empty object": "{}", "null": "null", "list": "[1]", "text": `"COMPLETED"`, "error body": `{"code":"BAD_TOKEN","message":"no"}`,
		"another case": `{"session_id":"s","State":"COMPLETED","checks":[{"state":"DONE","report":{"recommendation":{"value":"APPROVE"}}}]}`,
	} {
		if got := mustParse(t, []byte(doc)).Decision; got != kyc.Unknown {
			t.Errorf("%s: got %v, want unknown", name, got)
		}
	}
}

// A deciding member in another spelling is not read, so what it says keeps the session from being approved.
func TestDecidingMembersInAnotherSpelling(t *testing.T) {
	plain := `{"type":"LIVENESS","state":"DONE","report":{"recommendation":{"value":"APPROVE"}}}`
	doc := func(check, more string) string {
		return `{"session_id":"s","state":"COMPLETED","checks":[` + check + `]` + more + `}`
	}
	profile := func(p string) string { return doc(plain, `,"identity_profile":`+p) }
	for _, c := range []struct {
		doc, pointer string
		want         kyc.Decision
	}{
		{doc(plain, ""), "", kyc.Approved},
		{doc(plain, `,"Checks":[]`), "/Checks", kyc.Unknown},
		{doc(`{"type":"LIVENESS","state":"DONE","STATE":"PENDING","report":{"recommendation":{"value":"APPROVE"}}}`, ""), "/checks/0/STATE", kyc.Unknown},
		{doc(`{"type":"LIVENESS","Type":"X","state":"DONE","report":{"recommendation":{"value":"APPROVE"}}}`, ""), "/checks/0/Type", kyc.Unknown},
		{doc(`{"type":"LIVENESS","state":"DONE","report":{"recommendation":{"value":"APPROVE"}},"Report":{"recommendation":{"value":"REJECT"}}}`, ""), "/checks/0/Report", kyc.Unknown},
		{doc(`{"type":"LIVENESS","state":"DONE","report":{"recommendation":{"value":"APPROVE"},"Recommendation":{"value":"REJECT"}}}`, ""), "/checks/0/report/Recommendation", kyc.Unknown},
		{doc(`{"type":"LIVENESS","state":"DONE","report":{"recommendation":{"value":"APPROVE","Value":"REJECT"}}}`, ""), "/checks/0/report/recommendation/Value", kyc.Unknown},
		// A rejection in the right place still counts, and an unrelated member hinders nothing.
		{doc(`{"type":"LIVENESS","state":"DONE","report":{"recommendation":{"value":"REJECT","Value":"APPROVE"}}}`, ""), "/checks/0/report/recommendation/Value", kyc.Declined},
		{doc(`{"type":"LIVENESS","state":"DONE","ID":"x","values":1,"report":{"Breakdown":[],"recommendation":{"value":"APPROVE","states":""}}}`, ""), "", kyc.Approved},
		{profile(`{"result":"DONE","Result":"ABORTED","identity_profile_report":{"schemes_compliance":[{"requirements_met":true}]}}`), "/identity_profile/Result", kyc.Unknown},
		{
			profile(`{"result":"DONE","identity_profile_report":{"schemes_compliance":[{"requirements_met":true,"Requirements_Met":false}]}}`),
			"/identity_profile/identity_profile_report/schemes_compliance/0/Requirements_Met", kyc.Unknown,
		},
		{
			profile(`{"result":"DONE","identity_profile_report":{"schemes_compliance":[{"requirements_met":true}],"Compliance":[]}}`),
			"/identity_profile/identity_profile_report/Compliance", kyc.Unknown,
		},
		{
			profile(`{"result":"DONE","identity_profile_report":{"compliance":[{"schemes_compliance":[{"requirements_met":true}],"Schemes_Compliance":[]}]}}`),
			"/identity_profile/identity_profile_report/compliance/0/Schemes_Compliance", kyc.Unknown,
		},
	} {
		r := mustParse(t, []byte(c.doc))
		cited := slices.ContainsFunc(r.Evidence, func(e kyc.Evidence) bool { return e.Pointer == c.pointer && e.Deciding && e.Value != nil })
		if r.Decision != c.want || cited != (c.pointer != "") {
			t.Errorf("%s: %v, cited %v", c.doc, r.Decision, cited)
		}
	}
}
