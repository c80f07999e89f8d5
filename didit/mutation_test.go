package didit

import (
	"encoding/json"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// TestMutations replaces each value of each fixture by others: nothing but the status approves, and an approved one stays
// approved only by its own word.
func TestMutations(t *testing.T) {
	all := []any{nil, "Approved", "approved ", "Declined", true, 1.0, "", []any{}, map[string]any{}}
	for _, name := range fixtureNames(t, "decision-*.json") {
		raw, replacements := fixture(t, name), all
		var doc any
		if err := json.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		base, err := ParseResult(raw)
		if err != nil {
			t.Fatal(err)
		}
		if len(raw) > 10<<10 {
			replacements = replacements[:2]
		}
		mutated := 0
		mutate(doc, "", replacements, func(pointer string) {
			mutated++
			body, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			r, err := ParseResult(body)
			if err != nil {
				t.Fatalf("%s: %s: %v", name, pointer, err)
			}
			if r.Decision == kyc.Approved {
				if base.Decision != kyc.Approved && pointer != "/status" {
					t.Errorf("%s: another %s approves", name, pointer)
				}
				status, _ := doc.(map[string]any)["status"].(string)
				if !equalASCII(status, "Approved") {
					t.Errorf("%s: approved with the status %q", name, status)
				}
			}
			if pointer != "/status" && pointer != "/session_id" && r.Decision != base.Decision {
				t.Errorf("%s: another %s gives %v, was %v", name, pointer, r.Decision, base.Decision)
			}
		})
		if mutated < 20 {
			t.Errorf("%s: only %d mutations", name, mutated)
		}
	}
}

func mutate(v any, at string, replacements []any, try func(pointer string)) {
	switch v := v.(type) {
	case map[string]any:
		for name, was := range v {
			pointer := at + kyc.PointerTo(name)
			for _, r := range replacements {
				v[name] = r
				try(pointer)
			}
			delete(v, name)
			try(pointer)
			v[name] = was
			if len(pointer) < 60 {
				mutate(was, pointer, replacements[:2], try)
			}
		}
	case []any:
		// The first items show what all do.
		for i := range min(len(v), 2) {
			was := v[i]
			for _, r := range replacements[:2] {
				v[i] = r
				try(at + kyc.PointerTo(i))
			}
			v[i] = was
			mutate(was, at+kyc.PointerTo(i), replacements[:2], try)
		}
	}
}
