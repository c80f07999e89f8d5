package transmit_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

// full is the rest of an approval in the current shape, behind its session id.
const full = `"status":"complete","recommendation":"ALLOW","document":{"type":"passport"},"checks":{"document_validation":{"recommendation":"ALLOW"}}}`

// An answer that does not say whose it is must not decide about whoever was asked for.
func TestResultWithoutItsSessionIsRefused(t *testing.T) {
	for _, body := range []string{
		`{"status":"complete","recommendation":"ALLOW"}`, `{"status":"pending"}`, `{` + full, `{"session_id":12345,` + full, `{"session_id":null,` + full, `{"session_id":["other"],` + full,
		`{"session_id":["mine"],` + full, `{"session_id":"",` + full, `{"session_id":"other",` + full, `{"session_id":"Mine",` + full, `{"session_id":"mine ",` + full, `{"Session_id":"mine",` + full,
	} {
		client := serve(t, "application/json", []byte(body))
		if result, err := client.Sessions.Result(t.Context(), "mine"); !errors.Is(err, kyc.ErrMalformed) || result != nil {
			t.Errorf("%s: %v, %v", body, result, err)
		}
		if result, err := client.Fetch(t.Context(), kyc.Ref{Session: "mine"}); !errors.Is(err, kyc.ErrMalformed) || result != nil {
			t.Errorf("fetch %s: %v, %v", body, result, err)
		}
	}
	result, err := serve(t, "application/json", []byte(`{"session_id":"mine",`+full)).Fetch(t.Context(), kyc.Ref{Session: "mine"})
	if err != nil || result.Decision != kyc.Approved || result.Ref.Session != "mine" {
		t.Errorf("its own: %v, %v", result, err)
	}
}

// A stored answer decides only where it names its session and has one of the documented shapes: a stored selfie check
// has neither, and must not pass as a check of a document.
func TestStoredResultOfNoShapeIsUnknown(t *testing.T) {
	for raw, deciding := range map[string]string{
		string(fixture(t, "face-auth-complete-allow.json")):     "/session_id",
		string(fixture(t, "face-auth-complete-challenge.json")): "/session_id",
		string(fixture(t, "face-auth-complete-deny.json")):      "/session_id",
		`{` + full:                         "/session_id",
		`{"session_id":12345,` + full:      "/session_id",
		`{"session_id":null,` + full:       "/session_id",
		`{"session_id":["other"],` + full:  "/session_id",
		`{"session_id":"",` + full:         "/session_id",
		`{"session_id":{"id":"s"},` + full: "/session_id",
		`{"Session_id":"s",` + full:        "/session_id",
		`{"session_id":"s","session":"s","status":"complete","recommendation":"ALLOW"}`:                                         "/checks",
		`{"session_id":"s","status":"complete","recommendation":"DENY"}`:                                                        "/checks",
		`{"session_id":"s","status":"complete","recommendation":"ALLOW","checks":null}`:                                         "/checks",
		`{"session_id":"s","status":"complete","recommendation":"ALLOW","verified_info":null}`:                                  "/checks",
		`{"session_id":"s","status":"complete","recommendation":"ALLOW","verification_images":[],"additional_info":{}}`:         "/checks",
		`{"session_id":"s","status":"complete","recommendation":"ALLOW","Checks":{"document_validation":{}},"Person":{}}`:       "/checks",
		`{"session_id":"s","status":"complete","recommendation":"ALLOW","result":{"checks":{},"document":{},"person":{"x":1}}}`: "/checks",
	} {
		// A caller's rule about the recommendation has no say in whether there is one.
		for _, opts := range [][]kyc.Option{nil, {kyc.WithOverrides(
			kyc.Override{Name: "a", Field: transmit.FieldRecommendation, Word: "CHALLENGE", Decision: kyc.Approved}, kyc.Override{Name: "b", Field: transmit.FieldStatus, Word: "complete", Decision: kyc.Approved},
		)}} {
			result, err := transmit.ParseResult([]byte(raw), opts...)
			if err != nil {
				t.Fatalf("%s: %v", raw, err)
			}
			if result.Decision != kyc.Unknown {
				t.Errorf("%s: %v, want unknown", raw, result.Decision)
			}
			if !slices.ContainsFunc(result.Evidence, func(e kyc.Evidence) bool { return e.Deciding && e.Pointer == deciding && e.Rule != "" }) {
				t.Errorf("%s: no deciding evidence at %s", raw, deciding)
			}
		}
	}
}

// Without its id no recorded approval is one any more.
func TestRecordedResultsNeedTheirSession(t *testing.T) {
	for _, name := range fixtures(t, "result-*.json") {
		raw := fixture(t, name)
		cut := bytes.Replace(raw, []byte(`"session_id": "H1I12oskjzsdhskj4",`), nil, 1)
		if bytes.Equal(cut, raw) {
			t.Fatalf("%s has no session id", name)
		}
		before, err := transmit.ParseResult(raw)
		if err != nil {
			t.Fatal(err)
		}
		after, err := transmit.ParseResult(cut)
		if err != nil || !after.Ref.IsZero() {
			t.Fatalf("%s: %v, %v", name, after, err)
		}
		// An unfinished session decides nothing yet, so its status is told with or without an id.
		want := before.Decision
		if want == kyc.Approved || want == kyc.Review || want == kyc.Declined {
			want = kyc.Unknown
		}
		if after.Decision != want {
			t.Errorf("%s: %v, want %v", name, after.Decision, want)
		}
	}
}

// A stored document check does not pass as a face authentication either, in whatever shape and state it is.
func TestDocumentCheckIsNoFaceAuthentication(t *testing.T) {
	for _, name := range fixtures(t, "result-*.json") {
		raw := fixture(t, name)
		if result, err := transmit.ParseFaceAuthResult(raw); !errors.Is(err, kyc.ErrMalformed) || result != nil {
			t.Errorf("%s: %v, %v", name, result, err)
		}
		var r transmit.FaceAuthResult
		if err := kyc.Unmarshal(raw, &r); err != nil || r.Decision() != kyc.Unknown {
			t.Errorf("%s: %v, %v", name, r.Decision(), err)
		}
	}
	// Each member gives it away alone, however it is spelt and whatever it holds.
	for _, member := range []string{
		"session_id", "person", "document", "additional_info", "checks", "verification_images", "risk_details", "rejection_description", "extracted_info", "verified_info",
		"Session_Id", "CHECKS", "Verified_info",
	} {
		for _, value := range []string{`{}`, `null`, `"x"`, `[]`} {
			raw := []byte(`{"status":"complete","recommendation":"ALLOW","` + member + `":` + value + `}`)
			if result, err := transmit.ParseFaceAuthResult(raw); !errors.Is(err, kyc.ErrMalformed) || result != nil {
				t.Errorf("%s: %v, %v", raw, result, err)
			}
			var r transmit.FaceAuthResult
			if err := kyc.Unmarshal(raw, &r); err != nil || r.Decision() != kyc.Unknown {
				t.Errorf("%s: %v, %v", raw, r.Decision(), err)
			}
		}
	}
}

// A face authentication has four statuses and two members; those of a document verification beside them say nothing, and
// what the vendor may add later takes nothing away.
func TestFaceAuthenticationHasItsOwnWords(t *testing.T) {
	for raw, want := range map[string]kyc.Decision{
		`{"status":"pending"}`: kyc.Pending, `{"status":"capturing"}`: kyc.Pending, `{"status":"processing","recommendation":"ALLOW"}`: kyc.Pending,
		`{"status":"complete","recommendation":"ALLOW","a_new_member":1}`: kyc.Approved, `{"status":"complete","recommendation":"CHALLENGE"}`: kyc.Review,
		`{"status":"complete","recommendation":"DENY"}`: kyc.Declined, `{"status":"complete"}`: kyc.Unknown,
		`{"status":"recapture"}`: kyc.Unknown, `{"status":"error"}`: kyc.Unknown, `{"status":"error","recommendation":"ALLOW"}`: kyc.Unknown, `{"status":"expired"}`: kyc.Unknown,
		`{"status":"complete","recommendation":"ALLOW","Recommendation":"DENY"}`: kyc.Unknown, `{"status":"complete","recommendation":"ALLOW","STATUS":"pending"}`: kyc.Unknown,
		`{"status":"complete","recommendation":"DENY","Recommendation":"ALLOW"}`: kyc.Declined, `{"status":"complete","recommendation":["ALLOW"]}`: kyc.Unknown,
	} {
		result, err := transmit.ParseFaceAuthResult([]byte(raw))
		if err != nil || result.Decision != want || result.Checks[0].Decision != want {
			t.Errorf("%s: %v, %v; want %v", raw, result, err, want)
		}
		var r transmit.FaceAuthResult
		if err := kyc.Unmarshal([]byte(raw), &r); err != nil || r.Decision() != want {
			t.Errorf("%s: Decision gives %v, %v; want %v", raw, r.Decision(), err, want)
		}
	}
}
