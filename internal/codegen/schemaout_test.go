package main

import (
	"bytes"
	"maps"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// compile picks one schema of an emitted file, with the shared parts beside it.
func compile(t *testing.T, file []byte, side, operation string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	all := doc.(map[string]any)
	one, ok := all[side].(map[string]any)[operation].(map[string]any)
	if !ok {
		t.Fatalf("no schema %s %s", side, operation)
	}
	one = maps.Clone(one)
	one["$defs"] = all["$defs"]
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("file:///x.json", one); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("file:///x.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func TestSchemas(t *testing.T) {
	const check = `"reference": "a", "limit": 1, "applicant": {"dateOfBirth": "2000-01-01"}, "kinds": ["face"], "note": null, "weight": 1`
	const chain = `{"length": 1, "next": null, "other": null}`
	tests := []struct {
		in, side, operation, body string
		valid                     bool
	}{
		{"shapes", "requests", "createCheck", `{` + check + `}`, true},
		{"shapes", "requests", "createCheck", `{` + check + `, "options": {"a": true}, "metadata": {"a": 1}, "tier": 2}`, true},
		{"shapes", "requests", "createCheck", `{}`, false},
		{"shapes", "requests", "createCheck", `{` + check + `, "extra": 1}`, false},
		{"shapes", "requests", "createCheck", `{` + check + `, "tier": 3}`, false},
		{"shapes", "requests", "createCheck", `{` + check + `, "options": {"a": 1}}`, false},
		{"shapes", "requests", "createCheck", `{` + check + `, "metadata": 1}`, false},
		{"shapes", "requests", "replaceCheck", `{"until": "2026-01-02T03:04:05Z", "mode": null, "more": 1}`, true},
		{"shapes", "requests", "replaceCheck", `{"until": "soon"}`, false},
		{"shapes", "requests", "replaceCheck", `{"mode": true}`, false},
		{"shapes", "responses", "getCheck", `{"id": "no uuid", "status": null, "created_at": "soon", "new": 1, "region": "eu", "groups": {"a": {"count": 1, "b": 2}}}`, true},
		{"shapes", "responses", "getCheck", `{"status": "NEW"}`, false},
		{"shapes", "responses", "getCheck", `{"id": null}`, false},
		{"shapes", "responses", "getCheck", `{"histories": null, "score": null}`, true},
		{"merge", "requests", "sendResult", `{"verdict": "later"}`, true},
		{"merge", "requests", "sendResult", `{"verdict": "maybe"}`, false}, // known to the type, not to this request
		{"merge", "responses", "getResult", `{"verdict": "maybe", "state": "running", "person": {"home": {"city": "x", "country": "y"}}}`, true},
		{"merge", "responses", "getResult", `{"person": {"home": {"city": 1}}}`, false},
		{"shared", "responses", "createTree", `{"id": "1", "children": [{"id": "2", "children": [], "url": "no uri"}], "byName": {}}`, true},
		{"shared", "responses", "createTree", `{"id": "1", "children": [{"id": 2, "children": []}]}`, false},
		{"shared", "responses", "createTree", `{"id": "1"}`, false},
		{"shared", "requests", "createTree", `{"owner": {"name": "x", "age": 1, "home": {"floor": 1}}, "soil": {"acid": true}, "chain": ` + chain + `}`, false},
	}
	for _, test := range tests {
		_, file := generate(t, loadCase(t, test.in))
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(test.body)))
		if err != nil {
			t.Fatalf("%s: %v", test.body, err)
		}
		if err := compile(t, file, test.side, test.operation).Validate(value); (err == nil) != test.valid {
			t.Errorf("%s %s %s: valid is %v, want %v: %v", test.side, test.operation, test.body, err == nil, test.valid, err)
		}
	}
}
