package jumio_test

import (
	"encoding/json"
	"path"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// roots gives each kind of fixture the type that it is.
var roots = []struct {
	pattern string
	make    func() any
}{
	{"account-request-*.json", func() any { return new(jumio.AccountRequest) }},
	{"account-*.json", func() any { return new(jumio.Account) }},
	{"details-*.json", func() any { return new(jumio.Details) }},
	{"status-*.json", func() any { return new(jumio.WorkflowStatus) }},
	{"callback-*.json", func() any { return new(jumio.CallbackBody) }},
	{"steps-*.json", func() any { return new(jumio.Steps) }},
	{"upload-*.json", func() any { return new(jumio.Upload) }},
	{"finalize.json", func() any { return new(jumio.Finalized) }},
	{"health-*.json", func() any { return new(jumio.Health) }},
	{"report.json", func() any { return new(jumio.Report) }},
	{"rules.json", func() any { return new(jumio.Rules) }},
	{"error-*.json", func() any { return new(jumio.ErrorBody) }},
	{"prepared-data-*.json", func() any { return new(jumio.PreparedData) }},
}

// decoded returns every fixture as its type.
func decoded(t testing.TB) map[string]any {
	t.Helper()
	out := make(map[string]any)
	for _, name := range list(t, "*.json") {
		for _, r := range roots {
			if ok, _ := path.Match(r.pattern, name); ok {
				v := r.make()
				if err := kyc.Unmarshal(fixture(t, name), v); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				out[name] = v
				break
			}
		}
		if out[name] == nil {
			t.Fatalf("%s: no type", name)
		}
	}
	return out
}

func TestFixturesRoundTrip(t *testing.T) {
	for name, v := range decoded(t) {
		if m, ok := v.(interface{ Mismatches() []string }); ok && len(m.Mismatches()) > 0 {
			t.Errorf("%s: unexpected types at %q", name, m.Mismatches())
		}
		var want, got any
		if err := json.Unmarshal(fixture(t, name), &want); err != nil {
			t.Fatal(err)
		}
		text := must[[]byte](t)(kyc.Marshal(v))
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFixturesHaveNoUnnamedMembers(t *testing.T) {
	want := map[string]bool{"details-screening.json phoneVerification": true, "prepared-data-full.json blackBox": true, "rules.json rules": true}
	for name, v := range decoded(t) {
		walk(reflect.ValueOf(v), func(v reflect.Value) {
			if v.Type() != reflect.TypeFor[map[string]json.RawMessage]() {
				return
			}
			for _, k := range v.MapKeys() {
				if key := name + " " + k.String(); !want[key] {
					t.Errorf("unnamed member: %s", key)
				}
			}
		})
	}
}

// walk visits v and everything below it.
func walk(v reflect.Value, visit func(reflect.Value)) {
	visit(v)
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			walk(v.Elem(), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			walk(v.MapIndex(k), visit)
		}
	}
}

func TestWorkflowKey(t *testing.T) {
	for key, want := range map[jumio.WorkflowKey]string{
		jumio.WorkflowIDAndIdentity: "10011", "0123": `"0123"`, "custom": `"custom"`, "-1": `"-1"`, "1e3": `"1e3"`, "99999999999999999999": `"99999999999999999999"`,
	} {
		text := must[[]byte](t)(kyc.Marshal(key))
		if string(text) != want {
			t.Errorf("%s: %s, want %s", key, text, want)
		}
		var back jumio.WorkflowKey
		if err := kyc.Unmarshal(text, &back); err != nil || back != key {
			t.Errorf("%s came back as %s: %v", key, back, err)
		}
	}
	for _, text := range []string{`null`, `true`, `{}`, `[]`} {
		key := jumio.WorkflowKey("x")
		if err := kyc.Unmarshal([]byte(text), &key); err != nil || key != "" {
			t.Errorf("%s: %q, %v", text, key, err)
		}
	}
	for _, key := range jumio.WorkflowKeys() {
		if key == "" {
			t.Error("a standard key is empty")
		}
	}
}

// What the vendor sends as text here and as a number there is read from both.
func TestTextOrNumber(t *testing.T) {
	for sent, want := range map[string]jumio.TextOrNumber{`"10011"`: "10011", `10011`: "10011", `58.0`: "58.0", `-1`: "-1", `""`: "", `null`: "", `{}`: "", `[1]`: "", `true`: ""} {
		var d jumio.Details
		raw := `{"workflow":{"definitionKey":` + sent + `,"originalDefinitionKey":` + sent + `},"capabilities":{"extraction":[{"data":{"currentAge":` + sent + `}}],"watchlistScreening":[{"data":{"searchId":` + sent + `}}]}}`
		if err := kyc.Unmarshal([]byte(raw), &d); err != nil || len(d.Mismatches()) != 0 {
			t.Fatalf("%s: %v, %q", sent, err, d.Mismatches())
		}
		got := []jumio.TextOrNumber{
			d.Workflow.DefinitionKey, d.Workflow.OriginalDefinitionKey, d.Capabilities.Extraction[0].Data.CurrentAge, d.Capabilities.WatchlistScreening[0].Data.SearchID,
		}
		if diff := cmp.Diff([]jumio.TextOrNumber{want, want, want, want}, got); diff != "" {
			t.Errorf("%s:\n%s", sent, diff)
		}
		var status jumio.WorkflowStatus
		if err := kyc.Unmarshal([]byte(`{"workflowExecution":{"definitionKey":`+sent+`}}`), &status); err != nil || status.WorkflowExecution.DefinitionKey != want {
			t.Errorf("%s: %q, %v", sent, status.WorkflowExecution.DefinitionKey, err)
		}
	}
}

// Members that are documented somewhere have names.
func TestUncertainMembers(t *testing.T) {
	var d jumio.Details
	raw := `{"credentials":[{"parts":[{"classifier":"SELFIE"}]}],"capabilities":{"extraction":[{"data":{"documentType":"UB","signatureAvailable":true}}]}}`
	if err := kyc.Unmarshal([]byte(raw), &d); err != nil {
		t.Fatal(err)
	}
	data := d.Capabilities.Extraction[0].Data
	if d.Credentials[0].Parts[0].Classifier != jumio.PartSelfie || data.DocumentType != jumio.DocumentCodeUtilityBill || data.SignatureAvailable == nil || !*data.SignatureAvailable {
		t.Error("a classifier, a code or a flag is not read")
	}
	options := jumio.CapabilityOptions{WorkflowDecision: &jumio.DecisionOptions{RiskScoreRulesetID: "r", DecisionLabelRulesetID: "d"}}
	if got := string(must[[]byte](t)(kyc.Marshal(options))); got != `{"workflowDecision":{"riskScoreRulesetId":"r","decisionLabelRulesetId":"d"}}` {
		t.Error(got)
	}
}

func TestPartLocations(t *testing.T) {
	var account jumio.Account
	if err := kyc.Unmarshal(fixture(t, "account-response-10169.json"), &account); err != nil {
		t.Fatal(err)
	}
	credential := account.Credentials(jumio.ChannelAPI)[0]
	if diff := cmp.Diff([]string{"1"}, credential.Pages(jumio.PartDocument)); diff != "" {
		t.Error(diff)
	}
	var parts map[string]jumio.PartLocation
	odd := `{"a":7,"b":null,"c":{"1":2},"d":["x"],"e":"https://x"}`
	if err := kyc.Unmarshal([]byte(odd), &parts); err != nil {
		t.Fatal(err)
	}
	if got := string(must[[]byte](t)(kyc.Marshal(parts))); got != odd {
		t.Errorf("%s came back as %s", odd, got)
	}
	many := jumio.Credential{Locations: map[string]jumio.PartLocation{"document": {Pages: map[string]string{"10": "x", "2": "x", "1": "x"}}}}
	if diff := cmp.Diff([]string{"1", "2", "10"}, many.Pages(jumio.PartDocument)); diff != "" {
		t.Error(diff)
	}
}

func TestAccountHelpers(t *testing.T) {
	var account jumio.Account
	if err := kyc.Unmarshal(fixture(t, "account-response-001.json"), &account); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range account.Credentials(jumio.ChannelAPI) {
		for p := range c.Parts() {
			got = append(got, string(c.Category)+" "+string(p))
		}
	}
	if diff := cmp.Diff([]string{"ID FRONT", "ID BACK", "SELFIE FACE"}, got); diff != "" {
		t.Error(diff)
	}
	if n := len(account.Credentials()); n != 3 {
		t.Errorf("%d credentials, want 3", n)
	}
	if account.APIToken() == "" || account.Ref().Session != "41f71912-1c6b-4e2f-b340-d6dc10cd69b8" {
		t.Error("token or reference is missing")
	}
	var none *jumio.Account
	if none.Ref() != (kyc.Ref{}) || none.APIToken() != "" || none.Credentials() != nil {
		t.Error("a nil account is not empty")
	}
}
