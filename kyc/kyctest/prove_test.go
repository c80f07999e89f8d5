package kyctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// verdict is the answer of two small vendors: one has a word of its own, the other checks that must all say "yes" and
// a profile that may be missing and must then not say "no".
type verdict struct {
	kyc.Raw `json:"-"`

	State  string `json:"state"`
	Word   string `json:"word"`
	Checks []struct {
		Word string `json:"word"`
	} `json:"checks"`
	Profile string                     `json:"profile"`
	Extra   map[string]json.RawMessage `json:",embed"`
}

func parseVerdict(raw []byte) (*kyc.Result, error) {
	var v verdict
	if err := kyc.Unmarshal(raw, &v); err != nil {
		return nil, kyc.Malformed("small", "parse", "broken", err)
	}
	return v.result(), nil
}

func (v *verdict) result() *kyc.Result {
	r := &kyc.Result{Raw: v.RawJSON(), Status: v.State}
	r.Cite("/state", "state", true)
	if v.State == "done" {
		r.Cite("/word", "word", true)
		r.Decision = map[string]kyc.Decision{"yes": kyc.Approved, "no": kyc.Declined}[v.Word]
	}
	return r
}

func parseChecks(raw []byte) (*kyc.Result, error) {
	var v verdict
	if err := kyc.Unmarshal(raw, &v); err != nil {
		return nil, kyc.Malformed("small", "parse", "broken", err)
	}
	r := &kyc.Result{Raw: v.RawJSON(), Status: v.State}
	r.Cite("/state", "state", true)
	yes := v.State == "done" && len(v.Checks) > 0 && len(v.Mismatches()) == 0 && v.Profile != "no"
	if v.Profile != "" {
		r.Cite("/profile", "profile", true)
	}
	for i, c := range v.Checks {
		r.Cite(kyc.PointerTo("checks", i, "word"), "check", true)
		yes = yes && c.Word == "yes"
	}
	if yes {
		r.Decision = kyc.Approved
	}
	return r, nil
}

var verdicts = []string{
	`{"state":"done","word":"yes","id":"7","person":{"name":"A","tags":["x",1,null,true]}}` + "\n",
	`{"state":"done", "word":"no", "checks":[{"word":"yes"}]}`,
	`{"state":"open", "other":{}, "list":[]}`,
	`{}`, `[1]`, `null`, `"yes"`, `{"state"`, ``,
}

var manyChecks = []string{
	`{"state":"done", "checks":[{"word":"yes"} , {"word":"no","score":0.5}]}`,
	`{"state":"done", "checks":[{"word":"yes"},{"word":"yes"},{"word":"no"}]}`,
	`{"state":"done", "checks":[{"word":"yes"},{"word":"yes"}]}`,
	`{"state":"open", "checks":[{"word":"yes"},{"word":"no"}]}`,
}

func TestProve(t *testing.T) {
	for _, doc := range verdicts {
		if n := Prove(t, parseVerdict, []byte(doc), []string{"yes"}); n < 14 {
			t.Errorf("%s: %d mutations", doc, n)
		}
	}
	for _, doc := range manyChecks {
		if n := Prove(t, parseChecks, []byte(doc), []string{"yes"}); n < 14 {
			t.Errorf("%s: %d mutations", doc, n)
		}
	}
}

// Each of these readers has a fault that is common and that the proof must find.
func TestProveFindsFaults(t *testing.T) {
	lenient := func(raw []byte, v *verdict) error {
		var plain struct {
			State string `json:"state"`
			Word  string `json:"word"`
		}
		if err := json.NewDecoder(bytes.NewReader(raw)).Decode(&plain); err != nil {
			return fmt.Errorf("%w", kyc.ErrMalformed)
		}
		text, err := json.Marshal(plain)
		if err != nil {
			return err
		}
		return kyc.Unmarshal(text, v)
	}
	read := func(raw []byte, change func(v *verdict, r *kyc.Result)) (*kyc.Result, error) {
		var v verdict
		if err := kyc.Unmarshal(raw, &v); err != nil {
			return nil, err
		}
		r := v.result()
		change(&v, r)
		return r, nil
	}
	approve := func(r *kyc.Result, when bool) {
		if when && r.Decision == kyc.Unknown {
			r.Decision = kyc.Approved
		}
	}
	for name, tt := range map[string]struct {
		parse ParseFunc
		doc   string
		want  string
	}{
		"members as encoding/json reads them": {func(raw []byte) (*kyc.Result, error) {
			var v verdict
			if err := lenient(raw, &v); err != nil {
				return nil, err
			}
			r := v.result()
			r.Raw = raw
			return r, nil
		}, verdicts[0], "another name"},
		"the last of two members": {func(raw []byte) (*kyc.Result, error) {
			r, err := parseVerdict(raw)
			if err != nil && bytes.Contains(raw, []byte(`"yes"`)) && json.Valid(raw) {
				return &kyc.Result{Decision: kyc.Approved, Raw: raw}, nil
			}
			return r, err
		}, verdicts[1], "duplicated"},
		"any case of the word": {func(raw []byte) (*kyc.Result, error) {
			return read(raw, func(v *verdict, r *kyc.Result) { approve(r, strings.EqualFold(v.Word, "yes")) })
		}, verdicts[0], "another case"},
		"blanks around the word": {func(raw []byte) (*kyc.Result, error) {
			return read(raw, func(v *verdict, r *kyc.Result) { approve(r, strings.TrimSpace(v.Word) == "yes") })
		}, verdicts[0], "another word"},
		"what is not no is yes": {func(raw []byte) (*kyc.Result, error) {
			return read(raw, func(v *verdict, r *kyc.Result) { approve(r, v.State == "done" && v.Word != "no") })
		}, verdicts[0], "null"},
		"checks that are skipped": {func(raw []byte) (*kyc.Result, error) {
			return read(raw, func(v *verdict, r *kyc.Result) { approve(r, len(v.Mismatches()) > 0) })
		}, verdicts[0], "another type"},
		"a value that decides and is not cited": {func(raw []byte) (*kyc.Result, error) {
			return read(raw, func(v *verdict, r *kyc.Result) { approve(r, v.Extra["id"] == nil) })
		}, strings.Replace(verdicts[1], `"word":"no"`, `"id":1`, 1), "approved, and the original is not"},
		"a given word anywhere": {func(raw []byte) (*kyc.Result, error) {
			return read(raw, func(_ *verdict, r *kyc.Result) { approve(r, bytes.Count(r.Raw, []byte(`"yes"`)) > 0) })
		}, strings.Replace(verdicts[2], "{}", `"text"`, 1), "given word"},
		"half a document": {func(raw []byte) (*kyc.Result, error) {
			if len(raw) == 30 && bytes.HasPrefix(raw, []byte(`{"state":"done","word":"yes"`)) {
				return &kyc.Result{Decision: kyc.Approved, Raw: raw}, nil
			}
			return parseVerdict(raw)
		}, verdicts[0], "truncated"},
		"the first of what remains": {func(raw []byte) (*kyc.Result, error) {
			r, err := parseChecks(raw)
			approve(r, err == nil && len(r.Evidence) == 3 && string(r.Evidence[1].Value) == `"yes"`)
			return r, err
		}, manyChecks[1], "approved beside a word that does not approve"},
		"nothing that remains": {func(raw []byte) (*kyc.Result, error) {
			r, err := parseChecks(raw)
			approve(r, bytes.HasSuffix(raw, []byte("[]}")))
			return r, err
		}, `{"state":"done", "checks":[{"word":"no"}]}`, "approved without an approving word"},
		"an uncited rest": {func(raw []byte) (*kyc.Result, error) {
			r, err := parseChecks(raw)
			if err == nil && len(r.Evidence) == 2 {
				r.Decision = kyc.Approved
				r.Cite("/checks", "new", true)
			}
			return r, err
		}, manyChecks[0], "approved by a value that did not decide before"},
		"a refusal by a value that is not cited": {func(raw []byte) (*kyc.Result, error) {
			return read(raw, func(v *verdict, r *kyc.Result) {
				if string(v.Extra["id"]) != `"7"` {
					r.Decision = kyc.Declined
				}
			})
		}, verdicts[0], "approved has become declined"},
		"an odd value that costs the result": {func(raw []byte) (*kyc.Result, error) {
			var v struct{ ID string }
			if err := json.Unmarshal(raw, &v); err != nil {
				return nil, kyc.ErrMalformed
			}
			return parseVerdict(raw)
		}, verdicts[0], "the whole result is lost"},
		"another error":              {func([]byte) (*kyc.Result, error) { return nil, kyc.ErrInvalid }, verdicts[0], "does not match ErrMalformed"},
		"a panic":                    {func([]byte) (*kyc.Result, error) { panic("x") }, verdicts[0], "panics"},
		"nothing at all":             {func([]byte) (*kyc.Result, error) { return nil, nil }, verdicts[0], "neither"},
		"a Result beside an error":   {func([]byte) (*kyc.Result, error) { return &kyc.Result{}, kyc.ErrMalformed }, verdicts[0], "beside"},
		"a Raw that is not the same": {func([]byte) (*kyc.Result, error) { return &kyc.Result{}, nil }, verdicts[0], "Raw"},
	} {
		t.Run(name, func(t *testing.T) {
			var got complaints
			Prove(&got, tt.parse, []byte(tt.doc), []string{"yes"})
			if !slices.ContainsFunc(got.texts, func(s string) bool { return strings.Contains(s, tt.want) }) {
				t.Errorf("want a complaint on %q, got %q", tt.want, got.texts)
			}
		})
	}
}

// complaints stands in for a test that is expected to fail.
type complaints struct {
	testing.TB
	texts []string
}

func (c *complaints) Helper() {}
func (c *complaints) Errorf(format string, args ...any) {
	c.texts = append(c.texts, fmt.Sprintf(format, args...))
}

func TestProveOptions(t *testing.T) {
	fold := func(raw []byte) (*kyc.Result, error) {
		var v verdict
		if err := kyc.Unmarshal(raw, &v); err != nil {
			return nil, err
		}
		r := v.result()
		if v.State == "done" && v.Checks == nil && len(v.Word) == 3 && strings.EqualFold(v.Word, "yes") {
			r.Decision = kyc.Approved
		}
		return r, nil
	}
	doc := []byte(`{"word":"yes","state":"done"}`)
	all := Prove(t, parseVerdict, doc, []string{"yes"})
	parts := 0
	for i := range 10 {
		n := Prove(t, parseVerdict, doc, []string{"yes"}, Part(i, 10))
		if parts += n; n < all/20 {
			t.Errorf("part %d has %d of %d", i, n, all)
		}
	}
	if parts != all {
		t.Errorf("the parts have %d of %d", parts, all)
	}
	var got complaints
	Prove(&got, fold, doc, []string{"yes"}, IgnoresCase())
	for _, c := range got.texts {
		if !strings.Contains(c, "original is not") && !strings.Contains(c, `at "/state"`) {
			t.Error(c)
		}
	}
	// A verdict that may be missing is no damage; the words beside it must still approve.
	for doc, want := range map[string]bool{
		`{"state":"done","checks":[{"word":"yes"}],"profile":"no"}`: true,
		`{"state":"done","checks":[{"word":"no"}],"profile":"no"}`:  false,
	} {
		got = complaints{}
		Prove(&got, parseChecks, []byte(doc), []string{"yes"})
		if found := slices.ContainsFunc(got.texts, func(s string) bool { return strings.HasPrefix(s, `removed at "/profile"`) }); found != want {
			t.Errorf("%s: %q", doc, got.texts)
		}
		got = complaints{}
		Prove(&got, parseChecks, []byte(doc), []string{"yes"}, Optional("/profile"))
		if slices.ContainsFunc(got.texts, func(s string) bool { return strings.HasPrefix(s, "removed") || strings.HasPrefix(s, "null") }) {
			t.Errorf("%s: %q", doc, got.texts)
		}
	}
}

func TestMutations(t *testing.T) {
	kinds := map[Kind]int{}
	seen := map[string]bool{}
	doc := []byte(` { "a/b" : "Ok" ,"n":[1, null ] } `)
	for m := range Mutations(doc, []string{"PASSED"}) {
		kinds[m.Kind]++
		if bytes.Equal(m.Doc, doc) {
			t.Errorf("%s at %q changes nothing", m.Kind, m.Pointer)
		}
		if valid := json.Valid(m.Doc); valid != (m.Kind != Truncated && m.Kind != Trailing) && m.Kind != AnotherValue {
			t.Errorf("%s at %q: %s", m.Kind, m.Pointer, m.Doc)
		}
		seen[string(m.Kind)+m.Pointer+" "+string(m.Doc)] = true
	}
	for _, want := range []string{
		`removed/a~1b  { "n":[1, null ] } `, `removed/n  { "a/b" : "Ok" } `, `removed/n/0  { "a/b" : "Ok" ,"n":[null ] } `, `removed/n/1  { "a/b" : "Ok" ,"n":[1 ] } `,
		`duplicated/a~1b  { "a/b":"PASSED","a/b" : "Ok" ,"n":[1, null ] } `, `duplicated/n  { "a/b" : "Ok" ,"n":[1, null ],"n":null } `,
		`another case/a~1b  { "a/b" : "OK" ,"n":[1, null ] } `, `another name/a~1b  { "A/B" : "Ok" ,"n":[1, null ] } `,
		`given word/a~1b  { "a/b" : "PASSED" ,"n":[1, null ] } `, `null/n  { "a/b" : "Ok" ,"n":null } `, `emptied  {} `, `emptied/n  { "a/b" : "Ok" ,"n":[] } `,
		`another word/a~1b  { "a/b" : " Ok" ,"n":[1, null ] } `, `another type/a~1b  { "a/b" : ["Ok"] ,"n":[1, null ] } `,
		`trailing bytes  { "a/b" : "Ok" ,"n":[1, null ] } x`, `truncated  { "a/b" : "Ok" ,"n":[1, null ] `, `truncated `, `another value/n/0  { "a/b" : "Ok" ,"n":[-1, null ] } `,
	} {
		if !seen[want] {
			t.Errorf("no %s", want)
		}
	}
	// A name that another member has already would be a duplicate, which is a kind of its own.
	for m := range Mutations([]byte(`{"S":"A","s":""}`), nil) {
		var members map[string]string
		if m.Kind == AnotherName && json.Unmarshal(m.Doc, &members) == nil && len(members) != 2 {
			t.Errorf("another name gives %s", m.Doc)
		}
	}
	if diff := cmp.Diff(len(bytes.TrimRight(doc, " ")), kinds[Truncated]); diff != "" {
		t.Error(diff)
	}
	for range Mutations(doc, nil) {
		break
	}
}

func TestNodesResolve(t *testing.T) {
	for _, doc := range verdicts {
		nodes, err := parseNodes([]byte(doc))
		if json.Valid([]byte(doc)) != (err == nil) {
			t.Errorf("%s: %v", doc, err)
		}
		for _, n := range nodes {
			if err != nil {
				break
			}
			value, err := kyc.Resolve([]byte(doc), n.pointer)
			if err != nil || string(value) != doc[n.start:n.end] {
				t.Errorf("%s: %q is %s, want %s, %v", doc, n.pointer, doc[n.start:n.end], value, err)
			}
		}
	}
}

func FuzzNeverApprovesSmall(f *testing.F) {
	var seeds [][]byte
	for _, doc := range verdicts {
		seeds = append(seeds, []byte(doc))
	}
	FuzzNeverApproves(f, parseVerdict, []string{"yes"}, seeds)
}
