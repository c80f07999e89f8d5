package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMatch(t *testing.T) {
	in := loadCase(t, "shared")
	g, err := prepare(in)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string][]string{
		"Tree":                {"Tree"},
		"Tree.owner.home":     {"Tree.owner.home"},
		"Tree.*":              {"Tree.id", "Tree.url", "Tree.owner", "Tree.children", "Tree.byName"},
		"Tree.children[]":     {"Tree.children[]"},
		"Tree.children[].id":  {"Tree.children[].id"},
		"Tree.byName{}":       {"Tree.byName{}"},
		"Tree.byName[]":       nil,
		"Tree.children.*":     nil,
		"Owner.home.floor":    {"Owner.home.floor"},
		"**.floor":            {"TreeRequest.owner.home.floor"}, // one member, however many ways lead to it
		"**.length":           {"TreeRequest.chain.length"},
		"Tree.**.url":         {"Tree.url"},
		"Chain.next.next":     {"Chain.next.next"},
		"**":                  nil,
		"TreeRequest.owner.*": {"TreeRequest.owner.name", "TreeRequest.owner.age", "TreeRequest.owner.home"},
	}
	for text, want := range tests {
		p, err := parsePattern(text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, at := range match(g.heads, p) {
			got = append(got, at.path)
		}
		if text == "**" {
			if len(got) != 20 {
				t.Errorf("** matches %d places: %q", len(got), got)
			}
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestPatternFitsText(t *testing.T) {
	tests := []struct {
		pattern, path string
		want          bool
	}{
		{"A.b", "A.b", true},
		{"A.b", "A.c", false},
		{"A.*", "A.b", true},
		{"A.*", "A.b.c", false},
		{"A.*", "A[]", false},
		{"A.*[].c", "A.b[].c", true},
		{"**", "A.b[].c", true},
		{"**.c", "A.b[].c", true},
		{"**.c", "A.c", true},
		{"**.b", "A.b[].c", false},
		{"A.**.d", "A.b{}.c[].d", true},
		{"A.**", "B.c", false},
		{"A.b[].**", "A.b[]", true},
	}
	for _, test := range tests {
		p, err := parsePattern(test.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.matchesText(test.path); got != test.want {
			t.Errorf("%s on %s: %v, want %v", test.pattern, test.path, got, test.want)
		}
	}
}

func TestPatternSyntax(t *testing.T) {
	for _, text := range []string{"", ".", "A.", "A..b", "A.b[", "A.[]", "A.b c", "A.b*", "*", "A.[]b"} {
		if p, err := parsePattern(text); err == nil {
			t.Errorf("%q is read as %q", text, p)
		}
	}
}
