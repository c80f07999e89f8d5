package country

import (
	"sort"
	"strings"
	"testing"
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
	rows := All()
	if len(rows) != 249 {
		t.Fatalf("%d rows, the standard has 249", len(rows))
	}
	if !sort.SliceIsSorted(rows, func(i, j int) bool { return rows[i].Alpha2 < rows[j].Alpha2 }) {
		t.Error("not ordered by alpha-2")
	}
	seen := map[string]string{}
	for _, r := range rows {
		if len(r.Alpha2) != 2 || len(r.Alpha3) != 3 || strings.ToUpper(r.Alpha2+r.Alpha3) != r.Alpha2+r.Alpha3 {
			t.Errorf("malformed row %+v", r)
		}
		for _, key := range []string{r.Alpha2, r.Alpha3, fold(r.Name)} {
			if before, ok := seen[key]; ok {
				t.Errorf("%q names %s and %s", key, before, r.Alpha3)
			}
			seen[key] = r.Alpha3
			if got, ok := Alpha3(key); !ok || got != r.Alpha3 {
				t.Errorf("Alpha3(%q) = %q, want %q", key, got, r.Alpha3)
			}
			if got, ok := Alpha2(key); !ok || got != r.Alpha2 {
				t.Errorf("Alpha2(%q) = %q, want %q", key, got, r.Alpha2)
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

func TestAllIsACopy(t *testing.T) {
	All()[0].Alpha3 = "???"
	if All()[0].Alpha3 == "???" {
		t.Error("the table can be changed from outside")
	}
}
