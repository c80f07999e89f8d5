package transmit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

// A word that is not exactly ALLOW beside exactly complete never approves.
func TestNeverApprovedByAccident(t *testing.T) {
	words := []string{
		``, `"recommendation":null,`, `"recommendation":"",`, `"recommendation":"N/A",`, `"recommendation":"ALOW",`, `"recommendation":"allow",`, `"recommendation":"Allow",`,
		`"recommendation":"ALLOW ",`, `"recommendation":" ALLOW",`, `"recommendation":"ALLOWED",`, `"recommendation":"approved",`, `"recommendation":"TRUSTED",`, `"recommendation":true,`,
		`"recommendation":1,`, `"recommendation":["ALLOW"],`, `"recommendation":{"value":"ALLOW"},`, `"Recommendation":"ALLOW",`, `"recommendation ":"ALLOW",`, `"recommendation":"ALLOW\u0000",`,
	}
	tails := map[string]string{
		"current":    `"person":{"full_name":"x"},"document":{"type":"passport"},"checks":{"document_validation":{"recommendation":"ALLOW"}},"verification_images":[]`,
		"deprecated": `"verified_info":{"person":{"full_name":"x"},"document":{"type":"passport"}}`,
		"bare":       `"x":1`,
	}
	for shape, tail := range tails {
		for _, word := range words {
			raw := `{"session_id":"s","status":"complete",` + word + tail + `}`
			result, err := transmit.ParseResult([]byte(raw))
			if err != nil {
				t.Fatalf("%s: %v", raw, err)
			}
			if result.Decision != kyc.Unknown {
				t.Errorf("%s %s: %v, want unknown", shape, word, result.Decision)
			}
		}
		for _, status := range []string{`null`, `""`, `"Complete"`, `"COMPLETE"`, `"completed"`, `"complete "`, `"expired"`, `1`, `["complete"]`, `"pending"`, `"capturing"`, `"processing"`, `"recapture"`, `"error"`} {
			raw := `{"session_id":"s","status":` + status + `,"recommendation":"ALLOW",` + tail + `}`
			result, err := transmit.ParseResult([]byte(raw))
			if err != nil {
				t.Fatalf("%s: %v", raw, err)
			}
			if result.Decision == kyc.Approved {
				t.Errorf("%s, status %s: approved", shape, status)
			}
		}
	}
	for _, raw := range []string{
		``, `null`, `[]`, `"complete"`, `1`, `{`, `{"status":"complete","recommendation":"ALLOW"`, `{"status":"complete","recommendation":"ALLOW"}x`, `{"status":"complete","recommendation":"ALLOW"}{}`,
		`{"status":"complete","recommendation":"DENY","recommendation":"ALLOW"}`, `{"status":"complete","recommendation":"ALLOW","recommendation":"DENY"}`,
		`{"status":"complete","status":"error","recommendation":"ALLOW"}`, "{\"status\":\"complete\",\"recommendation\":\"ALLOW\",\"x\":\"\xff\"}", `[{"status":"complete","recommendation":"ALLOW"}]`,
	} {
		if result, err := transmit.ParseResult([]byte(raw)); !errors.Is(err, kyc.ErrMalformed) || result != nil {
			t.Errorf("%q: %v, %v; want an error that matches ErrMalformed", raw, result, err)
		}
	}
}

// Whatever one word is put in the place of another, no fixture turns approved that was not.
func TestMutatedFixtures(t *testing.T) {
	words := []string{"", "N/A", "allow", "Allow", "ALLOW ", "ALOW", "TRUE", "APPROVED", "PASSED", "Complete", "completed"}
	for _, name := range fixtures(t, "result-*.json") {
		raw := fixture(t, name)
		for _, pointer := range []string{"/status", "/recommendation"} {
			old, err := kyc.Resolve(raw, pointer)
			if err != nil {
				continue
			}
			at := bytes.Index(raw, append([]byte(`"`+pointer[1:]+`": `), old...)) + len(pointer) - 1 + 4
			for _, word := range words {
				with, _ := json.Marshal(word)
				mutated := slices.Concat(raw[:at], with, raw[at+len(old):])
				result, err := transmit.ParseResult(mutated)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if result.Decision != kyc.Unknown {
					t.Errorf("%s with %s %s: %v", name, pointer, with, result.Decision)
				}
			}
		}
		for cut := range len(bytes.TrimSpace(raw)) {
			if result, err := transmit.ParseResult(raw[:cut]); err == nil {
				t.Errorf("%s cut at byte %d: %v", name, cut, result.Decision)
			}
		}
	}
}

// Whatever bytes come in, an approval rests on the two words that Evidence names.
func FuzzParseResult(f *testing.F) {
	for _, name := range fixtures(f, "result-*.json") {
		f.Add(fixture(f, name))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		result, err := transmit.ParseResult(raw)
		if err != nil {
			if !errors.Is(err, kyc.ErrMalformed) || result != nil {
				t.Fatalf("%v, %v", result, err)
			}
			return
		}
		for _, e := range result.Evidence {
			if at, err := kyc.Resolve(raw, e.Pointer); err == nil && !bytes.Equal(at, e.Value) {
				t.Fatalf("evidence %s: %s", e.Pointer, e.Value)
			}
		}
		if result.Decision != kyc.Approved {
			return
		}
		for pointer, want := range map[string]string{"/status": "complete", "/recommendation": "ALLOW"} {
			var word string
			at, err := kyc.Resolve(raw, pointer)
			if err != nil || json.Unmarshal(at, &word) != nil || word != want {
				t.Fatalf("approved with %s %s", pointer, at)
			}
		}
	})
}
