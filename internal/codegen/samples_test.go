package main

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const sampled = `
Thing:
  type: object
  description: Thing is a thing.
  required: [id]
  properties:
    id: {type: string, format: uuid, description: x}
    at: {type: string, format: date-time, nullable: true, description: x}
    day: {type: string, format: date, description: x}
    link: {type: string, format: uri, description: x}
    state: {type: string, enum: [ON, OFF], description: x}
    count: {type: integer, description: x}
    score: {type: number, description: x}
    ok: {type: boolean, description: x}
    list: {type: array, description: x, items: {type: object, description: x, properties: {no: {type: integer, description: x}}}}
    counts: {type: object, description: x, additionalProperties: {type: integer}}
    any: {description: x}
    free: {type: object, description: x}
    open: {type: object, description: x, additionalProperties: true, properties: {a: {type: string, description: x}}}
    mixed: {description: x, oneOf: [{type: string}, {type: object, additionalProperties: {type: string}}]}
`

const sampledOverlay = base + "types: {Thing.mixed: Mixed}\n" // 4 lines

func checkFiles(t *testing.T, overlay string, files map[string]string) (report, problems string) {
	t.Helper()
	g, err := prepare(small(sampled, overlay))
	if err != nil {
		t.Fatal(err)
	}
	dir := fstest.MapFS{}
	for name, text := range files {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	report, err = g.checkSamples(dir)
	return report, message(err)
}

const uuid = `"id": "01234567-89ab-cdef-0123-456789ABCDEF"`

func TestFindings(t *testing.T) {
	tests := map[string]struct {
		sample string
		want   string // without the file's name
	}{
		"everything in order": {`{` + uuid + `, "at": "2026-01-02T03:04:05.678+01:00", "day": "2026-01-02", "link": "https://x.test/y",
			"state": "ON", "count": 5.0, "score": 1, "ok": false, "list": [{"no": 1}, {}], "counts": {"a": 1}, "any": [null],
			"free": {"a": {}}, "open": {"a": "x", "b": 1}, "mixed": {"a": "b"}}`, ""},
		"null where it may be":     {`{` + uuid + `, "at": null, "any": null}`, ""},
		"null where not":           {`{` + uuid + `, "state": null}`, "Thing.state: null is not in the schema"},
		"null in a list":           {`{` + uuid + `, "list": [null, {}, null]}`, "Thing.list[]: null is not in the schema (2 times)"},
		"required":                 {`{}`, "Thing.id: required member is missing"},
		"uuid":                     {`{"id": "7"}`, `Thing.id: no uuid, such as "7"`},
		"date-time without zone":   {`{` + uuid + `, "at": "2031-02-18 10:21:11"}`, `Thing.at: no date-time, such as "2031-02-18 10:21:11"`},
		"empty date":               {`{` + uuid + `, "day": ""}`, `Thing.day: no date, such as ""`},
		"uri with a placeholder":   {`{` + uuid + `, "link": "https://<host>/x"}`, `Thing.link: no uri, such as "https://<host>/x"`},
		"uri without scheme":       {`{` + uuid + `, "link": "/x"}`, `Thing.link: no uri, such as "/x"`},
		"word":                     {`{` + uuid + `, "state": "on"}`, `Thing.state: "on" is no value of ThingState`},
		"unknown members":          {`{` + uuid + `, "b": 1, "list": [{"c.d": 1}, {"c.d": 2}]}`, "Thing.list[].c_d: unknown member (2 times)\nThing.b: unknown member"},
		"text for a number":        {`{` + uuid + `, "count": "1"}`, "Thing.count: want integer, not string"},
		"fraction":                 {`{` + uuid + `, "count": 1.5}`, "Thing.count: want integer, not a fraction"},
		"number for a truth value": {`{` + uuid + `, "ok": 1}`, "Thing.ok: want boolean, not number"},
		"object for a list":        {`{` + uuid + `, "list": {}}`, "Thing.list: want array, not object"},
		"list for an object":       {`{` + uuid + `, "free": []}`, "Thing.free: want object, not array"},
		"map of the wrong type":    {`{` + uuid + `, "counts": {"a": true, "b": 1}}`, "Thing.counts{}: want integer, not boolean"},
		"union":                    {`{` + uuid + `, "mixed": {"a": 1}}`, "Thing.mixed: fits none of its shapes"},
		"root of another type":     {`[]`, "Thing: want object, not array"},
		"no JSON":                  {`{"id": }`, "Thing: no JSON: invalid character '}' looking for beginning of value"},
		"something behind":         {`{` + uuid + `} {}`, "Thing: no JSON: something follows the document"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, got := checkFiles(t, sampledOverlay+`samples: {"*.json": Thing}`, map[string]string{"x.json": test.sample})
			if diff := cmp.Diff(test.want, strings.ReplaceAll(got, "testdata/fixtures/acme/x.json: ", "")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestSampleEntries(t *testing.T) {
	two := map[string]string{
		"x-1.json": `{"id": "1"}`, "x-2.json": `{"id": "2", "state": "AUTO"}`, "y.json": `{` + uuid + `}`,
		"NOTES.md": "text", "errors/500.json": `[`,
	}
	tests := map[string]struct {
		overlay, report, problems string
	}{
		"accepted findings": {
			overlay: `
samples: {"x-*.json": Thing, y.json: Thing}
values: {ThingState: [AUTO]}
ignore:
  - {sample: "x-*.json", finding: "Thing.id: no uuid", reason: placeholder}
`,
			report: "3 samples checked, 2 accepted findings; fixtures that no samples entry names: errors/500.json",
		},
		"patterns in a finding": {
			overlay: `
samples: {"?*.json": Thing}
ignore:
  - {sample: "*", finding: "**: no *", reason: placeholder}
  - {sample: "x-2.json", finding: "Thing.*: \"AUTO\" is*", reason: stress}
`,
			report: "3 samples checked, 3 accepted findings; fixtures that no samples entry names: errors/500.json",
		},
		"entries that are not needed": {
			overlay: `
samples: {"x-1.json": Thing, "z.json": Thing, "y.json": Order}
ignore:
  - {sample: "x-1.json", finding: "Thing.id: no uuid", reason: placeholder}
  - {sample: "x-1.json", finding: "Thing.id: no date", reason: gone}
`,
			report: "1 samples checked, 1 accepted findings; fixtures that no samples entry names: errors/500.json, x-2.json, y.json",
			problems: `ov:6: samples: no fixture matches "z.json"
ov:6: samples: Order is no root
ov:9: ignore: no sample x-1.json has the finding "Thing.id: no date" any more`,
		},
		"two patterns for one file": {
			overlay:  "roots: {Thing: {component: Thing}, Order: {component: Order}}\nsamples: {\"x-*.json\": Thing, \"*1.json\": Order, \"y.json\": Order, \"y*\": Thing}\nignore:\n  - {sample: \"*\", finding: \"**: *\", reason: all}",
			report:   "2 samples checked, 3 accepted findings; fixtures that no samples entry names: errors/500.json, x-1.json",
			problems: "ov: samples: \"x-*.json\" and \"*1.json\" both match x-1.json\nov:2: samples: no fixture matches \"*1.json\"\nov:2: samples: no fixture matches \"y*\"",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			overlay := sampledOverlay + test.overlay
			if strings.HasPrefix(test.overlay, "roots") {
				overlay = test.overlay + "\npackage: acme\ntypes: {Thing.mixed: Mixed}"
			}
			report, problems := checkFiles(t, overlay, two)
			if diff := cmp.Diff([]string{test.report, test.problems}, []string{report, problems}); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestNoFixtures(t *testing.T) {
	report, problems := checkFiles(t, sampledOverlay, nil)
	if report != "0 samples checked, 0 accepted findings" || problems != "" {
		t.Errorf("got %q, %q", report, problems)
	}
}
