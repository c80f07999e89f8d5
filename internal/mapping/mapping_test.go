package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// The page is what the tables say.
func TestPageIsUpToDate(t *testing.T) {
	text, err := render(vendors())
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "kyc", "MAPPING.md"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(page), text); diff != "" {
		t.Errorf("run go generate ./kyc (-page +tables):\n%s", diff)
	}
	if err := run(true); err != nil {
		t.Error(err)
	}
	if !strings.Contains(text, "| `workflow.status` | `PROCESSED` | `decision.type` decides |") {
		t.Error("no row for the word that sends on")
	}
	for _, v := range vendors() {
		for _, r := range v.table {
			if !strings.Contains(text, "| `"+r.Field+"` | `"+r.Word+"` | ") {
				t.Errorf("no row for %s %s %s", v.name, r.Field, r.Word)
			}
		}
	}
}

func TestRender(t *testing.T) {
	v := vendor{
		name: "Small", rule: "The word decides.", fields: []field{{name: "a|b", role: "all", whole: true, hands: map[string]string{"on": "go on"}}, {name: "c", role: "part"}},
		table: kyc.Table{
			{Field: "a|b", Word: "yes", Decision: kyc.Approved, Source: "x\ny"}, {Field: "a|b", Word: "on", Source: "x"},
			{Field: "c", Word: "again", Decision: kyc.InputRequired, Source: "x"},
		},
	}
	text, err := render([]vendor{v})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| approved | `yes` |\n", "| input required |  |\n", "| `a\\|b` | `yes` | approved | all | x y |\n", "| `a\\|b` | `on` | go on | all | x |\n", "| `c` | `again` | input required | part | x |\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for want, change := range map[string]func(*vendor){
		"not described":   func(v *vendor) { v.table = append(v.table, kyc.Rule{Field: "d", Word: "x", Source: "x"}) },
		"does not name":   func(v *vendor) { v.fields = append(v.fields, field{name: "d"}) },
		"no source":       func(v *vendor) { v.table = append(v.table, kyc.Rule{Field: "c", Word: "x"}) },
		"two rows":        func(v *vendor) { v.table = append(v.table, v.table[0]) },
		"and hands on":    func(v *vendor) { v.fields[0].hands["yes"] = "x" },
		"no word or no s": func(v *vendor) { v.table = append(v.table, kyc.Rule{Field: "c", Source: "x"}) },
	} {
		broken := v
		broken.table = v.table[:len(v.table):len(v.table)]
		broken.fields = v.fields[:len(v.fields):len(v.fields)]
		change(&broken)
		if _, err := render([]vendor{broken}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
		delete(v.fields[0].hands, "yes")
	}
}
