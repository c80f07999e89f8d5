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

// A stored document check does not pass as a face authentication either.
func TestDocumentCheckIsNoFaceAuthentication(t *testing.T) {
	raw := fixture(t, "result-complete-allow.json")
	if result, err := transmit.ParseFaceAuthResult(raw); !errors.Is(err, kyc.ErrMalformed) || result != nil {
		t.Errorf("%v, %v", result, err)
	}
	var r transmit.FaceAuthResult
	if err := kyc.Unmarshal(raw, &r); err != nil || r.Decision() != kyc.Unknown {
		t.Errorf("%v, %v", r.Decision(), err)
	}
}
