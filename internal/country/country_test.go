package country

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestAlpha3(t *testing.T) {
	for in, want := range map[string]string{
		"US": "USA", "us": "USA", "USA": "USA", " usa ": "USA", "United States": "USA", "united  states": "USA",
		"DE": "DEU", "D": "DEU", "D<<": "DEU", "DEU": "DEU", "GB": "GBR", "UK": "GBR", "XK": "XKX", "RKS": "XKX",
		"Türkiye": "TUR", "türkiye": "TUR", "Turkey": "TUR", "Czech Republic": "CZE", "Côte d'Ivoire": "CIV",
	} {
		if got, ok := Alpha3(in); !ok || got != want {
			t.Errorf("Alpha3(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestUnknownIsNotGuessed(t *testing.T) {
	for _, in := range []string{"", " ", "ZZ", "XXX", "UTO", "GBN", "U", "USAA", "AN", "SU", "<<<"} {
		if got, ok := Alpha3(in); ok || got != "" {
			t.Errorf("Alpha3(%q) = %q, %v; want none", in, got, ok)
		}
	}
}

func TestTable(t *testing.T) {
	if len(table) != 249 {
		t.Fatalf("%d rows, the standard has 249", len(table))
	}
	if !slices.IsSortedFunc(table, func(a, b row) int { return cmp.Compare(a.alpha2, b.alpha2) }) {
		t.Error("not ordered by alpha-2")
	}
	seen := map[string]string{}
	for _, r := range table {
		if len(r.alpha2) != 2 || len(r.alpha3) != 3 || strings.ToUpper(r.alpha2+r.alpha3) != r.alpha2+r.alpha3 {
			t.Errorf("malformed row %+v", r)
		}
		for _, key := range []string{r.alpha2, r.alpha3, fold(r.name)} {
			if before, ok := seen[key]; ok {
				t.Errorf("%q names %s and %s", key, before, r.alpha3)
			}
			seen[key] = r.alpha3
			if got, ok := Alpha3(key); !ok || got != r.alpha3 {
				t.Errorf("Alpha3(%q) = %q, want %q", key, got, r.alpha3)
			}
		}
	}
	for alias, a3 := range aliases {
		if _, ok := seen[alias]; ok {
			t.Errorf("alias %q is in the table", alias)
		}
		if _, ok := seen[a3]; !ok && a3 != "XKX" {
			t.Errorf("alias %q names %q, which is not in the table", alias, a3)
		}
	}
}

func TestCite(t *testing.T) {
	for _, tt := range []struct {
		raw, text, want string
		evidence        []kyc.Evidence
	}{
		{`{"c":"DEU"}`, "DEU", "DEU", nil},
		{`{"c":"DE"}`, "DE", "DEU", []kyc.Evidence{{Pointer: "/c", Value: []byte(`"DE"`), Rule: "country rewritten as ISO 3166-1 alpha-3"}}},
		{`{"c":"deu"}`, "deu", "DEU", []kyc.Evidence{{Pointer: "/c", Value: []byte(`"deu"`), Rule: "country rewritten as ISO 3166-1 alpha-3"}}},
		{`{"c":"GBN"}`, "GBN", "GBN", []kyc.Evidence{{Pointer: "/c", Value: []byte(`"GBN"`), Rule: "country is in no list and kept as it is"}}},
		{`{"c":" "}`, " ", " ", []kyc.Evidence{{Pointer: "/c", Value: []byte(`" "`), Rule: "country is in no list and kept as it is"}}},
		{`{"c":""}`, "", "", nil},
		{`{}`, "", "", nil},
	} {
		r := &kyc.Result{Raw: []byte(tt.raw)}
		if got := Cite(r, tt.text, "/c"); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.raw, got, tt.want)
		}
		if diff := gocmp.Diff(tt.evidence, r.Evidence); diff != "" {
			t.Errorf("%s: %s", tt.raw, diff)
		}
	}
}
