package kyc

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type leaf struct {
	N     *int64                     `json:"n,omitzero"`
	Extra map[string]json.RawMessage `json:",embed"`
}

type root struct {
	Raw    `json:"-"`
	Text   string                     `json:"text,omitzero"`
	Score  *float64                   `json:"score,omitzero"`
	Flag   *bool                      `json:"flag,omitzero"`
	Leaf   *leaf                      `json:"leaf,omitzero"`
	Leaves []leaf                     `json:"leaves,omitzero"`
	Words  map[string]string          `json:"words,omitzero"`
	Free   json.RawMessage            `json:"free,omitzero"`
	Extra  map[string]json.RawMessage `json:",embed"`
}

func TestUnmarshalKeepsEverything(t *testing.T) {
	const doc = `{"text":"a","new":{"b":[1,2]},"leaf":{"n":1,"m":null},"leaves":[],"free":{"k":1.50},"Text":"other case"}`
	var v root
	if err := Unmarshal([]byte(doc), &v); err != nil {
		t.Fatal(err)
	}
	if string(v.RawJSON()) != doc || v.Text != "a" || len(v.Mismatches()) != 0 {
		t.Errorf("text %q, mismatches %v", v.Text, v.Mismatches())
	}
	b, err := Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	_ = json.Unmarshal([]byte(doc), &want)
	_ = json.Unmarshal(b, &got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnmarshalToleratesOddFields(t *testing.T) {
	const doc = `{"text":5,"score":"0.9","flag":"true","leaf":[1],"leaves":[{"n":"1"},7,{"n":1.5},{"n":99999999999999999999},{"n":3}],"words":{"a":1,"b":"x"},"free":1}`
	var v root
	if err := Unmarshal([]byte(doc), &v); err != nil {
		t.Fatal(err)
	}
	if v.Text != "" || v.Score != nil || v.Flag != nil || v.Leaf != nil || len(v.Leaves) != 5 || v.Words["b"] != "x" || string(v.Free) != "1" {
		t.Errorf("got %s", mustMarshal(t, v))
	}
	for i, l := range v.Leaves {
		if (l.N != nil) != (i == 4) {
			t.Errorf("element %d: %v", i, l.N)
		}
	}
	want := []string{"/text", "/score", "/flag", "/leaf", "/leaves/0/n", "/leaves/1", "/leaves/2/n", "/leaves/3/n", "/words/a"}
	if diff := cmp.Diff(want, v.Mismatches()); diff != "" {
		t.Error(diff)
	}
}

func mustMarshal(t *testing.T, v any) string {
	t.Helper()
	b, err := Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A whole number may be written with a point.
func TestUnmarshalTakesWholeFloats(t *testing.T) {
	for text, want := range map[string]int64{"43762.0": 43762, "-3.000": -3, "0.0": 0, "9223372036854775807.0": math.MaxInt64, "7": 7} {
		var out struct {
			Raw `json:"-"`
			N   *int64 `json:"n"`
		}
		if err := Unmarshal([]byte(`{"n":`+text+`}`), &out); err != nil || out.N == nil || *out.N != want || len(out.Mismatches()) != 0 {
			t.Errorf("%s became %v, %q, %v", text, out.N, out.Mismatches(), err)
		}
	}
	for _, text := range []string{"1.5", "9223372036854775808.0", "1e400", "0.000001"} {
		var out struct {
			Raw `json:"-"`
			N   *int64 `json:"n"`
		}
		if err := Unmarshal([]byte(`{"n":`+text+`}`), &out); err != nil || out.N != nil || len(out.Mismatches()) != 1 {
			t.Errorf("%s became %v, %q, %v", text, out.N, out.Mismatches(), err)
		}
	}
}

func TestUnmarshalRefuses(t *testing.T) {
	for _, doc := range []string{
		``, `{`, `{"text":"Jane"`, `{"text":"Jane"}x`, `{"text":"a","text":"Jane"}`, `{"text":5,"text":"Jane"}`, `{"x":{"Jane":1,"Jane":2}}`,
		"{\"text\":\"\xff\"}", `{"text":"\ud800"}`, `{"text":"a",}`, `{'text':"a"}`, strings.Repeat("[", 100000),
	} {
		v := root{Text: "left over"}
		err := Unmarshal([]byte(doc), &v)
		if !errors.Is(err, ErrMalformed) || strings.Contains(err.Error(), "Jane") {
			t.Errorf("%.40q: %v", doc, err)
		}
		if v.Text != "" || v.RawJSON() != nil {
			t.Errorf("%.40q left %q behind", doc, v.Text)
		}
	}
}

func TestResolve(t *testing.T) {
	doc := []byte(`{"a":{"b~/c":[10, {"":"x"} ]},"":1,"n":null}`)
	for pointer, want := range map[string]string{
		"/a/b~0~1c/0": "10", "/a/b~0~1c/1": `{"":"x"}`, "/a/b~0~1c/1/": `"x"`, "/": "1", "/n": "null", "": string(doc),
	} {
		if got, err := Resolve(doc, pointer); err != nil || string(got) != want {
			t.Errorf("%q: %s, %v", pointer, got, err)
		}
	}
	for pointer, want := range map[string]error{
		"/x": ErrNotFound, "/a/b~0~1c/2": ErrNotFound, "/a/b~0~1c/-1": ErrNotFound, "/a/b~0~1c/01": ErrNotFound, "/n/x": ErrNotFound, "a": ErrInvalid,
	} {
		if _, err := Resolve(doc, pointer); !errors.Is(err, want) {
			t.Errorf("%q: %v", pointer, err)
		}
	}
	if _, err := Resolve([]byte(`{"a":`), "/a"); !errors.Is(err, ErrMalformed) {
		t.Errorf("broken document: %v", err)
	}
	if got := PointerTo("a", "b~/c", 1, ""); got != "/a/b~0~1c/1/" {
		t.Errorf("PointerTo: %q", got)
	}
}

func FuzzUnmarshal(f *testing.F) {
	for _, s := range []string{`{"text":"a","leaf":{"n":1}}`, `{"leaves":[{"n":"1"},7]}`, `{"words":{"a":1}}`, `{"text":1,"text":2}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var v root
		if err := Unmarshal(data, &v); err != nil {
			if !errors.Is(err, ErrMalformed) || v.RawJSON() != nil {
				t.Fatal(err)
			}
			return
		}
		for _, p := range v.Mismatches() {
			if _, err := Resolve(data, p); err != nil {
				t.Errorf("mismatch %q is nowhere: %v", p, err)
			}
		}
		if _, err := Marshal(v); err != nil {
			t.Errorf("decoded and not encodable: %v", err)
		}
	})
}

// The overrides of the client that received an answer hold for its Result method too.
func TestAnswerKeepsTheClientsOverrides(t *testing.T) {
	var answer struct {
		Raw  `json:"-"`
		Name string `json:"name"`
	}
	if err := Unmarshal([]byte(`{"name":"x"}`), &answer); err != nil {
		t.Fatal(err)
	}
	own, later := Override{Vendor: Didit, Field: "status", Word: "Approved", Decision: Review}, Override{Vendor: Didit, Field: "status", Word: "Declined", Decision: Review}
	Bind(&answer, NewSettings(WithOverrides(own)))
	for range 2 {
		if diff := cmp.Diff([]Override{own, later}, answer.Settings(WithOverrides(later)).Overrides); diff != "" {
			t.Error(diff)
		}
	}
	if got := answer.Settings().Overrides; len(got) != 1 {
		t.Errorf("a call's own rows stayed: %d", len(got))
	}
	Bind(new(int), Settings{}) // what embeds no Raw is left alone
}
