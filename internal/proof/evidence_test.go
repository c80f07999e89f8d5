package proof

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// Every pointer of every result's evidence resolves in Raw to the value that is stated.
func TestEvidenceResolves(t *testing.T) {
	for _, v := range vendors {
		v.results(t, func(t *testing.T, r *kyc.Result) {
			if complaint := kyctest.CheckEvidence(r); complaint != "" {
				t.Error(complaint)
			}
			for i, c := range r.Checks {
				if _, err := kyc.Resolve(r.Raw, c.Ref); err != nil {
					t.Errorf("check %d (%s): nothing stands at its Ref %q", i, c.VendorName, c.Ref)
				}
			}
			for i, d := range r.Documents {
				if _, err := kyc.Resolve(r.Raw, d.Ref); err != nil {
					t.Errorf("document %d: nothing stands at its Ref %q", i, d.Ref)
				}
			}
			for i, p := range r.Parties {
				if _, err := kyc.Resolve(r.Raw, p.Pointer); err != nil {
					t.Errorf("party %d: nothing stands at its Pointer %q", i, p.Pointer)
				}
			}
		})
	}
}

// Every result can be stored and read back, and says the same then.
func TestResultsAreStored(t *testing.T) {
	for _, v := range vendors {
		v.results(t, func(t *testing.T, r *kyc.Result) {
			if complaint := kyctest.CheckStored(r); complaint != "" {
				t.Error(complaint)
			}
			if complaint := kyctest.CheckStored(r.Redacted()); complaint != "" {
				t.Errorf("redacted: %s", complaint)
			}
		})
	}
}

// A redacted result says what was decided and why, and nothing of the person.
func TestRedactedHoldsNoPerson(t *testing.T) {
	seen := map[kyc.Vendor]int{}
	for _, v := range vendors {
		v.results(t, func(t *testing.T, r *kyc.Result) {
			redacted := r.Redacted()
			text, err := json.Marshal(redacted)
			if err != nil {
				t.Fatal(err)
			}
			// A word that no rule names could be anything, and goes.
			status := redacted.Status == r.Status || redacted.Status == "" && r.Decision == kyc.Unknown
			if redacted.Decision != r.Decision || !status || len(redacted.Checks) != len(r.Checks) || len(redacted.Reasons()) != len(r.Reasons()) {
				t.Errorf("redacted says something else: %v", redacted)
			}
			for _, value := range personal(t, r) {
				seen[v.name]++
				if quoted, _ := json.Marshal(value); bytes.Contains(text, quoted[1:len(quoted)-1]) {
					t.Errorf("a value of %d bytes from the person, document or company is in it", len(value))
				}
			}
			if bytes.Contains(text, []byte(`"raw"`)) {
				t.Error("Raw is in it")
			}
		})
	}
	for _, v := range vendors {
		if seen[v.name] == 0 && v.name != kyc.Yoti { // Yoti's results name nobody: the document's fields are a download.
			t.Errorf("no personal value in any result of %s", v.name)
		}
	}
}

// personal lists the texts of a result that tell who was verified.
func personal(t *testing.T, r *kyc.Result) []string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"person": r.Person, "documents": r.Documents, "company": r.Company, "parties": r.Parties})
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	var all []string
	var walk func(name string, v any)
	walk = func(name string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				walk(name, member)
			}
		case []any:
			for _, element := range v {
				walk(name, element)
			}
		case string:
			switch name {
			case "type", "vendor_type", "status", "decision", "ref", "pointer", "roles", "gender", "nationality", "country", "issuing_country", "issuing_state":
				// Words and codes that stand elsewhere too and name nobody.
			default:
				if len(v) >= 3 {
					all = append(all, v)
				}
			}
		}
	}
	walk("", tree)
	return all
}
