package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// small builds an input of one operation with one component more or less; lines of the document begin at 16 with schemas.
func small(schemas, overlay string) input {
	document := `openapi: 3.0.3
info: {title: Small, version: "1"}
paths:
  /things:
    post:
      operationId: makeThing
      requestBody:
        content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
      responses:
        "200":
          description: the thing
          content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
        "204": {description: nothing}
components:
  schemas:
` + indent(schemas, "    ") + `
    Order: {type: object, description: Order asks for a thing., properties: {size: {type: integer, description: size}}}
`
	return input{vendor: "acme", documentFile: "doc", overlayFile: "ov", document: []byte(document), overlay: []byte(overlay)}
}

func indent(text, by string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	return by + strings.Join(lines, "\n"+by)
}

const (
	thing = `
Thing:
  type: object
  description: Thing is a thing.
  properties:
    id: {type: string, description: id}
    state: {type: string, enum: [ON, OFF], description: state}
    part: {type: object, description: part, properties: {no: {type: integer, description: number}}}
    rows: {type: array, description: rows, items: {type: object, description: part, properties: {no: {type: number, description: number}}}}
    tag: {$ref: "#/components/schemas/Tag"}
Tag: {type: object, description: Tag marks., properties: {text: {type: string, description: text}}}`
	base = "package: acme\nroots:\n  Thing: {operation: makeThing, response: \"200\"}\n" // 3 lines
)

func TestOverlayErrors(t *testing.T) {
	tests := map[string]struct {
		overlay string
		want    string
	}{
		"unknown key":            {base + "nams: {}", `ov:4: unknown key "nams"`},
		"key twice":              {base + "package: acme", `ov:4: overlay: key "package" stands already in line 1`},
		"not YAML":               {"a: [", `ov: yaml: line 1: did not find expected node content`},
		"two documents":          {base + "---\na: b", `ov: more than one YAML document`},
		"nothing at all":         {"{}", "ov: package is missing\nov: roots are missing"},
		"wrong package":          {strings.Replace(base, "acme", "other", 1), `ov: package is other, want acme`},
		"root of no operation":   {base + "  X: {operation: none, request: true}", `ov:4: root X: the document has no operation none`},
		"root of no answer":      {base + "  X: {operation: makeThing, response: \"204\"}", `ov:4: root X: operation makeThing has no JSON answer 204`},
		"root of no component":   {base + "  X: {component: Nothing}", `ov:4: root X: Nothing is no component`},
		"root of both":           {base + "  X: {component: Tag, operation: makeThing}", "ov:4: root X: want either operation or component\nov:4: root X: an operation wants request or response, a component neither"},
		"root with odd key":      {base + "  X: {component: Tag, status: 200}", `ov:4: root X: unknown key "status"`},
		"root twice":             {base + "  X: {component: Thing}", `ov:4: root X: the same shape is root Thing already`},
		"root name":              {base + "  x: {component: Tag}", `ov:4: root x: want an exported Go name`},
		"path without match":     {base + "names: {\"Thing.rows[].x\": X}", `ov:4: names: "Thing.rows[].x" matches nothing; below Thing.rows[] stands: .no`},
		"path into a text":       {base + "personal: [Thing.id.x]", `ov:4: personal: "Thing.id.x" matches nothing; below Thing.id stands: nothing, it is string`},
		"path with unknown head": {base + "personal: [Thong.id]", `ov:4: personal: "Thong.id" matches nothing; Thong is no root, component or named struct`},
		"path with any head":     {base + "personal: [\"**.nope\"]", `ov:4: personal: "**.nope" matches nothing`},
		"no path":                {base + "personal: [\"Thing..id\"]", `ov:4: personal: "Thing..id" is no path: look at ""`},
		"no path, star":          {base + "personal: [\"*.id\"]", `ov:4: personal: "*.id" is no path: it begins with *`},
		"name of a text":         {base + "names: {Thing.id: X}", `ov:4: names: Thing.id is string, not an object`},
		"name of a list":         {base + "names: {Thing.rows: X}", `ov:4: names: Thing.rows is array, not an object; its items are meant with [] or {} at the end`},
		"name of a root":         {base + "names: {Thing: X}", `ov:4: names: Thing is root Thing`},
		"name twice":             {base + "names:\n  Thing.part: X\n  \"**.part\": Y", `ov:6: names: Thing.part is named X already, in line 5`},
		"small name":             {base + "names: {Thing.part: x}", `ov:4: names: "x" is no exported Go name`},
		"name is taken":          {base + "names: {Thing.part: ThingState}", `doc:21: the name ThingState is taken twice: by the enumeration of Thing.state and by the object in line 22`},
		"name of a component":    {base + "names: {Thing.part: Tag}", `ov:4: Tag is to be one type for two shapes that differ (document lines 22 and 25): only the first has no, only the second has text`},
		"fold of two shapes":     {base + "names: {Thing.part: Part, \"Thing.rows[]\": Part}", `ov:4: Part is to be one type for two shapes that differ (document lines 22 and 23): no is int64 in the first and float64 in the second`},
		"name out of reach":      {base + "types: {Thing.tag: Tag}\nnames: {Tag: Label}", `ov:5: names: Label does not reach the output, no root needs it`},
		"enum of a text":         {base + "enums: {X: [Thing.id]}", `ov:4: enums X: nothing that "Thing.id" matches is an enumeration`},
		"enum of a list":         {base + "enums: {X: [Thing.rows]}", `ov:4: enums X: Thing.rows is array, not an enumeration`},
		"enum twice":             {base + "enums:\n  X: [Thing.state]\n  Y: [\"**.state\"]", `ov:6: enums Y: Thing.state belongs to X already`},
		"enum name taken":        {base + "enums: {Tag: [Thing.state]}", `ov:4: the name Tag is taken twice: by the enumeration of enums Tag and by component Tag`},
		"value is known":         {base + "values:\n  ThingState: [\"ON\"]", `ov:5: values: ThingState has "ON" in the document now`},
		"value of nothing":       {base + "values: {State: [A]}", `ov:4: values: State is no enumeration of the output`},
		"value without name":     {base + "values: {ThingState: [\"+\"]}", `doc:21: enumeration ThingState: the value "+" gives no Go name; add "ThingState.+" to constants`},
		"values clash":           {base + "values: {ThingState: [\"On\"]}", `doc:21: the constant ThingStateOn of ThingState "On" clashes with ThingState "ON"; use constants or enumPrefix`},
		"constant of no value":   {base + "constants: {ThingState.X: Y}", `ov:4: constants: ThingState has no value "X"`},
		"prefix of nothing":      {base + "enumPrefix: {X: Y}", `ov:4: enumPrefix: X is no enumeration of the output`},
		"type is no type":        {base + "types: {Thing.id: \"func()\"}", `ov:4: types: "func()" is no Go type of the package, of kyc or json.RawMessage`},
		"type of a package":      {base + "types: {Thing.id: time.Time}", `ov:4: types: "time.Time" is no Go type of the package, of kyc or json.RawMessage`},
		"type twice":             {base + "types:\n  Thing.id: A\n  \"**.id\": B", `ov:6: types: Thing.id has the type A already`},
		"type of a root":         {base + "types: {Thing: A}", `ov:4: types: Thing is a root`},
		"extension is there":     {base + "extend:\n  Thing:\n    id: {type: string}", `ov:6: extend: Thing has a member "id" in the document now`},
		"extension of a text":    {base + "extend: {Thing.id: {x: {type: string, description: x}}}", `ov:4: extend: Thing.id is string, not an object`},
		"extension to nowhere":   {base + "extend:\n  Thing:\n    x: {$ref: \"#/components/schemas/None\"}", `ov:6: $ref to None, which is no component`},
		"merge of nothing":       {base + "merge: {X: [Tag, None]}", "ov:4: merge X: None is no component\nov:4: merge X: want two components or more"},
		"rename to the same":     {base + "rename: {Thing.id: ID}", `ov:4: rename: Thing.id is called ID anyway`},
		"rename of a root":       {base + "rename: {Thing: ID}", `ov:4: rename: Thing is no member`},
		"rename clash":           {base + "rename: {Thing.id: State}", "doc:21: Thing.state: the field name State is that of id too; add it to rename"},
		"rename to a method":     {base + "rename: {Thing.id: Format}", "doc:20: Thing.id: the field name Format is used by the generated code; add it to rename"},
		"secret object":          {base + "secret: [Thing.part]", `ov:4: secret: Thing.part is object, only a plain text can be secret`},
		"secret number":          {base + "secret: [\"**.no\"]", `ov:4: secret: nothing that "**.no" matches is a text`},
		"personal root":          {base + "personal: [Thing]", `ov:4: personal: Thing is a root, its members carry the mark`},
		"docs of nothing":        {base + "docs: {Nothing: text}", `ov:4: docs: "Nothing" matches nothing; Nothing is no root, component or named struct`},
		"fieldDocs unused":       {base + "fieldDocs: {id: text}", `ov:4: fieldDocs: no member "id" is without a description`},
		"list entry twice":       {base + "secret: [Thing.id, Thing.id]", `ov:4: secret: "Thing.id" stands already in line 4`},
		"empty list":             {base + "enums: {X: []}", `ov:4: enums X: empty list`},
		"a number for a text":    {base + "docs: {Thing: 1}", `ov:4: docs Thing: 1 is not a text for YAML, quote it`},
		"ignore in part":         {base + "ignore: [{sample: x, finding: y}]", `ov:4: ignore: want sample, finding and reason`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := prepare(small(thing, test.overlay))
			if diff := cmp.Diff(test.want, message(err)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestDocumentErrors(t *testing.T) {
	tests := map[string]struct {
		schemas, overlay string
		want             string
	}{
		"unknown keyword": {
			schemas: `Thing: {type: object, description: x, properties: {a: {type: string, not: {type: string}}}}`,
			want:    `doc:16: Thing.a: the generator does not know the keyword "not"`,
		},
		"no description": {
			schemas: `
Thing:
  type: object
  properties:
    a: {type: string}
    b: {type: string, enum: [x]}
    c: {type: array, items: {type: object, properties: {d: {type: string}}}}`,
			want: `doc:17: type Thing has no description; add it there or to docs
doc:19: Thing.a has no description; add it there, to docs or to fieldDocs
doc:20: Thing.b has no description; add it there, to docs or to fieldDocs
doc:20: enumeration ThingB (Thing.b) has no description; add it there or to docs
doc:21: Thing.c has no description; add it there, to docs or to fieldDocs
doc:21: type ThingC has no description; add it there or to docs
doc:21: ThingC.d has no description; add it there, to docs or to fieldDocs`,
		},
		"union": {
			schemas: `
Thing:
  type: object
  description: x
  properties:
    a: {description: x, oneOf: [{type: string}, {type: number}]}`,
			want: `doc:20: Thing.a is a oneOf or anyOf: give it a type with types, or merge its components`,
		},
		"default names clash": {
			schemas: `
Thing:
  type: object
  description: x
  properties:
    a: {type: object, description: x, properties: {b: {type: string, description: x}}}
    ThingA: {$ref: "#/components/schemas/ThingA"}
ThingA: {type: object, description: x, properties: {c: {type: string, description: x}}}`,
			want: `doc:22: the name ThingA is taken twice: by the object in line 20 and by component ThingA; give one of them another in names`,
		},
		"enumeration names clash": {
			schemas: `
Thing:
  type: object
  description: x
  properties:
    a_b: {type: string, enum: [x], description: x}
    a: {type: object, description: x, properties: {b: {type: string, enum: [y], description: x}}}`,
			want: `doc:21: Thing.a.b: the enumeration's name ThingAB is taken by that of Thing.a_b; name it in enums`,
		},
		"folded enumerations differ": {
			schemas: `
Thing:
  type: object
  description: x
  properties:
    a: {type: object, description: x, properties: {b: {type: string, enum: [x], description: x}}}
    c: {type: object, description: x, properties: {b: {type: string, enum: [y], description: x}}}`,
			overlay: "names: {Thing.a: A, Thing.c: A}",
			want:    `doc:21: Thing.a.b and Thing.c.b are to be one type AB, but their words differ: ["x"] and ["y"]`,
		},
		"folded children differ": {
			schemas: `
Thing:
  type: object
  description: x
  properties:
    a: {type: object, description: x, properties: {b: {type: object, description: x, properties: {c: {type: string, description: x}}}}}
    d: {type: object, description: x, properties: {b: {type: object, description: x, properties: {e: {type: string, description: x}}}}}`,
			overlay: "names: {Thing.a: A, Thing.d: A}",
			want:    `doc:21: AB is to be one type for two shapes that differ (document lines 20 and 21): only the first has c, only the second has e`,
		},
		"field names": {
			schemas: `
Thing:
  type: object
  description: x
  properties:
    2nd: {type: string, description: x}
    log_value: {type: string, description: x}
    raw: {type: string, description: x}
    a_b: {type: string, description: x}
    aB: {type: string, description: x}`,
			want: `doc:20: Thing.2nd: gives the field name "2nd"; add it to rename
doc:21: Thing.log_value: the field name LogValue is used by the generated code; add it to rename
doc:22: Thing.raw: the field name Raw is used by the generated code; add it to rename
doc:24: Thing.aB: the field name AB is that of a_b too; add it to rename`,
		},
		"merge of members that differ": {
			schemas: `
Thing: {type: object, description: x, properties: {a: {type: string, description: x}, p: {$ref: "#/components/schemas/P"}}}
Other: {type: object, description: x, properties: {a: {type: number, description: x}, p: {$ref: "#/components/schemas/Q"}}}
P: {type: object, description: x, properties: {b: {type: string, description: x}}}
Q: {type: object, description: x, properties: {c: {type: string, description: x}}}`,
			overlay: "merge: {Thing: [Thing, Other]}",
			want: `ov:4: merge Thing: member "a" is string in one and number in another
ov:4: merge Thing: member "p" is P in one and Q in another; merge these too`,
		},
		"root is a list": {
			schemas: `Thing: {type: array, description: x, items: {type: string}}`,
			want:    `ov:3: root Thing: want an object, not array`,
		},
		"allOf of different types": {
			schemas: `Thing: {description: x, allOf: [{type: object, properties: {a: {type: string, description: x}}}, {type: string}]}`,
			want:    `doc:16: allOf unites object and string`,
		},
		"required without property": {
			schemas: `Thing: {type: object, description: x, required: [b], properties: {a: {type: string, description: x}}}`,
			want:    `doc:16: Thing: required member "b" is not among the properties`,
		},
		"words and numbers": {
			schemas: `Thing: {type: object, description: x, properties: {a: {type: string, description: x, enum: [x, 1]}}}`,
			want:    `doc:16: Thing.a: enum mixes texts with other values`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := prepare(small(test.schemas, base+test.overlay))
			if diff := cmp.Diff(test.want, message(err)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestInvalidDocument(t *testing.T) {
	in := small(thing, base)
	in.document = []byte(strings.Replace(string(in.document), `description: the thing`, `summary: the thing`, 1))
	if _, err := prepare(in); err == nil || !strings.Contains(err.Error(), "doc: invalid paths") {
		t.Errorf("got %v, want the validator's fault", err)
	}
	in.document = []byte("openapi: 3.1.0\ninfo: {title: x, version: x}\npaths: {}\n")
	if _, err := prepare(in); err == nil || !strings.Contains(err.Error(), "doc:1: want openapi 3.0") {
		t.Errorf("got %v, want the version refused", err)
	}
}
