package kyc

import (
	"errors"
	"strings"
	"testing"
)

// The first rule in the list wins whatever its field, and a rule for a field that is not free never loosens the verdict.
func TestChoose(t *testing.T) {
	rule := func(field, word string, d Decision) Override {
		return Override{Name: field + "=" + word, Field: field, Word: word, Decision: d}
	}
	words := []Word{{Field: "state", Text: "done"}, {Field: "label", Text: "odd", Free: true}, {Field: "word", Check: "FACE", Text: "no", Free: true}}
	for _, tt := range []struct {
		name    string
		verdict Decision
		rules   []Override
		want    Decision
		rule    string
		by      int
	}{
		{"none", Declined, nil, Unknown, "", -1},
		{"none fits", Declined, []Override{rule("state", "open", Review), rule("other", "done", Review)}, Unknown, "", -1},
		{"order of the list", Declined, []Override{rule("word", "no", Declined), rule("label", "odd", Approved)}, Declined, "override word=no", 2},
		{"the other way round", Declined, []Override{rule("label", "odd", Approved), rule("word", "no", Declined)}, Approved, "override label=odd", 1},
		{"a check of another name", Review, []Override{{Name: "x", Field: "word", Check: "TEXT", Word: "no", Decision: Approved}}, Unknown, "", -1},
		{"another vendor's", Review, []Override{{Name: "x", Vendor: Didit, Field: "word", Word: "no", Decision: Approved}}, Unknown, "", -1},
		{"a rule without a name", Review, []Override{{Field: "word", Word: "no", Decision: Declined}}, Unknown, "", -1},
		{"what does not fit is passed over", Declined, []Override{rule("state", "done", Review), rule("word", "no", Failed)}, Failed, "override word=no", 2},
	} {
		d, name, by := NewSettings(WithOverrides(tt.rules...)).Choose(Yoti, tt.verdict, words...)
		if d != tt.want || name != tt.rule || by != tt.by {
			t.Errorf("%s: %v by %q of word %d", tt.name, d, name, by)
		}
	}
	loosened := map[Decision][]Decision{
		Approved: nil, Review: {Approved}, Unknown: {Approved, Review}, Pending: {Approved, Review}, InputRequired: {Approved, Review},
		Expired: {Approved, Review}, Abandoned: {Approved, Review}, Failed: {Approved, Review},
		Declined: {Unknown, Pending, InputRequired, Review, Approved, Expired, Abandoned, Failed},
	}
	for _, verdict := range Decisions() {
		refused := map[Decision]bool{}
		for _, d := range loosened[verdict] {
			refused[d] = true
		}
		for _, d := range Decisions() {
			got, _, by := NewSettings(WithOverrides(rule("state", "done", d))).Choose(Yoti, verdict, words...)
			if (by < 0) != refused[d] || by >= 0 && got != d {
				t.Errorf("%v over %v: %v of word %d", d, verdict, got, by)
			}
		}
	}
}

// A rule that could never fit is refused, and one of another vendor is let be.
func TestCheckOverrides(t *testing.T) {
	fields := Fields{Whole: []string{"state"}, Checks: []string{"checks.word"}}
	for _, tt := range []struct {
		name string
		row  Override
		says string
	}{
		{"whole", Override{Name: "x", Field: "state", Word: "w"}, ""},
		{"check", Override{Name: "x", Field: "checks.word", Check: "FACE", Word: "w"}, ""},
		{"every check", Override{Name: "x", Vendor: Yoti, Field: "checks.word", Word: "w"}, ""},
		{"another vendor's", Override{Name: "x", Vendor: Didit, Field: "status", Check: "FACE", Word: "w"}, ""},
		{"a provider of the caller's own", Override{Name: "x", Vendor: "acme", Field: "status", Word: "w"}, ""},
		{"unknown field", Override{Name: "x", Vendor: Yoti, Field: "status", Word: "w"}, "does not have"},
		{"unknown field for all", Override{Name: "x", Field: "status", Word: "w"}, "set Vendor"},
		{"check of the whole", Override{Name: "x", Field: "state", Check: "FACE", Word: "w"}, "not one of checks"},
		{"capital", Override{Name: "x", Vendor: "Yoti", Field: "state", Word: "w"}, "another spelling"},
		{"blank", Override{Name: "x", Vendor: " didit", Field: "state", Word: "w"}, "another spelling"},
		{"no field", Override{Name: "x", Word: "w"}, "needs a field"},
		{"no word", Override{Name: "x", Field: "state"}, "needs a field"},
		{"no name", Override{Field: "state", Word: "w"}, "no name"},
		{"another vendor's without a name", Override{Vendor: Didit, Field: "state", Word: "w"}, "no name"},
		{"no decision", Override{Name: "x", Field: "state", Word: "w", Decision: Failed + 1}, "not one of the constants"},
	} {
		sound := Override{Name: "sound", Field: "state", Word: "w"}
		err := NewSettings(WithOverrides(sound, tt.row)).CheckOverrides(Yoti, fields)
		if tt.says == "" && err != nil || tt.says != "" && (!errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "override 2: ") || !strings.Contains(err.Error(), tt.says)) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if err := NewSettings(WithOverrides(Override{Name: "x", Vendor: "Jumio", Field: "state", Word: "w"})).Validate(); !errors.Is(err, ErrInvalid) {
		t.Errorf("Validate: %v", err)
	}
}
