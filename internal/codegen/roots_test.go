package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRoots(t *testing.T) {
	const request = "package: acme\nroots:\n  Thing: {operation: makeThing, request: true}\n"
	const one = `
Thing:
  type: object
  description: Thing is a thing.
  required: [no]
  properties: {no: {type: integer, description: number}}`
	tests := map[string]struct {
		schemas, overlay string
		fields           []string // of Thing
	}{
		"answer":    {one, base, []string{"kyc.Raw `json:\"-\"`", "No *int64 `json:\"no,omitzero\"`"}},
		"component": {one, strings.Replace(base, `operation: makeThing, response: "200"`, "component: Thing", 1), []string{"kyc.Raw `json:\"-\"`", "No *int64 `json:\"no,omitzero\"`"}},
		"request": {
			one, strings.Replace(request, "Thing:", "Order:", 1) + "  Thing: {operation: makeThing, response: \"200\"}",
			[]string{"kyc.Raw `json:\"-\"`", "No *int64 `json:\"no,omitzero\"`"},
		},
		"request only": {one, request + "extend: {Thing: {plus: {type: boolean, description: more}}}", []string{"Size *int64 `json:\"size,omitzero\"`", "Plus *bool `json:\"plus,omitzero\"`"}},
		"free-form":    {`Thing: {type: object, description: Thing has no documented members.}`, base, []string{"kyc.Raw `json:\"-\"`"}},
		"map":          {`Thing: {type: object, description: Thing counts., additionalProperties: {type: integer}}`, base, []string{"kyc.Raw `json:\"-\"`"}},
		"extended":     {`Thing: {type: object, description: Thing grows.}`, base + "extend: {Thing: {a: {type: string, description: a}}}", []string{"kyc.Raw `json:\"-\"`", "A string `json:\"a,omitzero\"`"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			goFile, _ := generate(t, small(test.schemas, test.overlay))
			typeCheck(t, goFile)
			if diff := cmp.Diff(append(test.fields, "Extra map[string]json.RawMessage `json:\",embed\"`"), structFields(string(goFile), "Thing")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// structFields lists the fields of a struct, without comments and alignment.
func structFields(src, name string) []string {
	_, body, _ := strings.Cut(src, "type "+name+" struct {\n")
	body, _, _ = strings.Cut(body, "\n}\n")
	var out []string
	for line := range strings.SplitSeq(body, "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line != "" && !strings.HasPrefix(line, "//") {
			out = append(out, line)
		}
	}
	return out
}

// A request that the answer repeats is one type, under the rules of answers.
func TestRequestAndAnswer(t *testing.T) {
	in := small(`Thing: {$ref: "#/components/schemas/Order"}`,
		"package: acme\nroots:\n  Order: {operation: makeThing, request: true, response: \"200\"}\n")
	goFile, schemaFile := generate(t, in)
	typeCheck(t, goFile)
	want := []string{"kyc.Raw `json:\"-\"`", "Size *int64 `json:\"size,omitzero\"`", "Extra map[string]json.RawMessage `json:\",embed\"`"}
	if diff := cmp.Diff(want, structFields(string(goFile), "Order")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, part := range []string{`"requests.Order": {`, `"responses.Order": {`} {
		if !strings.Contains(string(schemaFile), part) {
			t.Errorf("schemas lack %s", part)
		}
	}
}

func TestReferenceToItself(t *testing.T) {
	_, err := prepare(small("Thing: {$ref: \"#/components/schemas/Other\"}\nOther: {$ref: \"#/components/schemas/Thing\"}", base))
	if err == nil {
		t.Error("no error")
	}
}
