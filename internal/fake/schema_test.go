package fake_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
)

const schemaFile = `{
  "requests": {
    "create": {
      "type": "object", "required": ["name", "address"], "additionalProperties": false,
      "properties": {
        "name": {"type": "string", "minLength": 2, "maxLength": 5, "pattern": "^(?!x)[a-z]+$"},
        "born": {"type": "string", "format": "date"},
        "kind": {"enum": ["person", "company"]},
        "count": {"type": ["integer", "null"], "minimum": 1},
        "address": {"$ref": "#/$defs/Address"},
        "tags": {"type": "array", "maxItems": 2, "items": {"type": "string"}},
        "note": {"anyOf": [{"type": "string"}, {"type": "object"}]},
        "open": {"type": "object", "additionalProperties": true}
      }
    },
    "own": {"$ref": "#/$defs/Own", "$defs": {"Own": {"type": "object", "unevaluatedProperties": false}}},
    "broken": {"$ref": "#/$defs/Missing"}
  },
  "responses": {"get": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "format": "uuid"}}}},
  "$defs": {"Address": {"type": "object", "unevaluatedProperties": false, "properties": {"street/no": {"type": "string"}}}}
}`

func TestSchemas(t *testing.T) {
	schemas := fake.MustSchemas([]byte(schemaFile))
	for _, tt := range []struct{ name, id, body, want string }{
		{"good", "create", `{"name":"abc","address":{},"born":"1980-01-31","count":null,"open":{"any":1}}`, ""},
		{"members missing", "create", `{}`, `at "": required member "address"; at "": required member "name"`},
		{"unknown member", "create", `{"name":"abc","address":{},"Name":"abc"}`, `at "/Name": unknown member`},
		{
			"unevaluated member below a pointer to escape", "create",
			`{"name":"abc","address":{"street/no":4711,"x~":"Doe"}}`,
			`at "/address/street~1no": type string; at "/address/x~0": unknown member`,
		},
		{
			"lengths, format, enum, minimum, items", "create",
			`{"name":"d","address":{},"born":"31.01.1980","kind":"Doe","count":0,"tags":["Doe",4711,"c"]}`,
			`at "/born": format date; at "/count": minimum; at "/kind": enum; at "/name": minLength 2; at "/tags": maxItems 2; ` +
				`at "/tags/1": type string`,
		},
		{"alternatives", "create", `{"name":"abc","address":{},"note":4711}`, `at "/note": anyOf; at "/note": type object; at "/note": type string`},
		{"not an object", "create", `"Doe"`, `at "": type object`},
		{"twice", "create", `{"name":"abc","address":{"a":"Doe","a":1}}`, `at "/address/a": duplicate member`},
		{"bad UTF-8", "create", "{\"name\":\"Doe\xff\"}", `at "/name": not UTF-8`},
		{"cut off", "create", `{"name":"Doe`, `at "/name": ends too early`},
		{"no JSON", "create", `{'name':"Doe"}`, `at "": no proper JSON`},
		{"more behind", "create", `{"name":"abc","address":{}} {}`, `at "": bytes after the value`},
		{"empty", "create", ` `, `at "": empty`},
		{"own definitions", "own", `{"x":1}`, `at "/x": unknown member`},
		{"unknown operation", "update", `{}`, `fake: no schema for operation "update"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := schemas.Check(tt.id, []byte(tt.body))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if strings.Contains(got, "Doe") || strings.Contains(got, "4711") {
				t.Error("a value shows")
			}
		})
	}
	if err := schemas.CheckResponse("get", []byte(`{"id":"x"}`)); err == nil || err.Error() != `at "/id": format uuid` {
		t.Errorf("response: %v", err)
	}
	var se *fake.SchemaError
	if err := schemas.Check("broken", []byte(`{}`)); err == nil || errors.As(err, &se) {
		t.Errorf("a schema that does not compile: %v", err)
	}
	if diff := cmp.Diff([][]string{{"broken", "create", "own"}, {"get"}}, [][]string{schemas.Requests(), schemas.Responses()}); diff != "" {
		t.Error(diff)
	}
}

func TestSchemaFileBroken(t *testing.T) {
	for _, file := range []string{``, `{"requests":[]}`, `{"requests":{},"requests":{}}`, `{"requests":{"a":{}}`} {
		if _, err := fake.NewSchemas([]byte(file)); err == nil {
			t.Errorf("%q is accepted", file)
		}
	}
}

func TestRouteSchemas(t *testing.T) {
	answer := `{"id":"0b5b8f3e-1d4c-4c1e-9b8e-2f0f6f5c7a11"}`
	var fields []string
	s := start(t, fake.Config{
		Schemas: fake.MustSchemas([]byte(schemaFile)),
		WriteError: func(c *fake.Call, e fake.Refusal) {
			fields = e.Fields
			c.Reply(e.Status, map[string]string{"error": e.Detail})
		},
		Routes: []fake.Route{{
			Operation: "Create", Method: "POST", Pattern: "/", Request: "create", Answer: "get", Handler: func(c *fake.Call) {
				if c.JSON(nil) {
					c.Reply(http.StatusCreated, []byte(answer))
				}
			},
		}},
	})
	mustCall(t, s, "POST", "/", `{"name":"abc","address":{}}`).want(t, 201, answer)
	mustCall(t, s, "POST", "/", `{"name":"abc","address":{},"x":1}`).want(t, 400, `{"error":"at \"/x\": unknown member"}`)
	if diff := cmp.Diff([]string{"/x"}, fields); diff != "" {
		t.Error(diff)
	}
	answer = `{"id":7}`
	mustCall(t, s, "POST", "/", `{"name":"abc","address":{}}`).want(t, 201, answer)
	want := []string{
		`Create (POST /): schema: at "/x": unknown member`, `Create (POST /): fake: answer: at "/id": type string`,
	}
	if diff := cmp.Diff(want, problems(s)); diff != "" {
		t.Error(diff)
	}
}
