package transmit_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

// deciding lists where the deciding evidence of a result stands.
func deciding(r *kyc.Result) []string {
	var at []string
	for _, e := range r.Evidence {
		if e.Deciding {
			at = append(at, e.Pointer)
		}
	}
	return at
}

// An answer that contradicts itself, or of which a part cannot be read, approves nobody and reviews nobody; a decline
// stands. Evidence says what is wrong.
func TestBrokenAnswersAreUnknown(t *testing.T) {
	current, deprecated := `"checks":{"document_validation":{"recommendation":"ALLOW"}}`, `"verified_info":{"person":{"full_name":"x"}}`
	for _, tt := range []struct {
		name, rest string
		cites      []string
		// noShape: there is nothing to decide about, so that not even a decline stands.
		noShape bool
	}{
		{"recommendation in another spelling", current + `,"Recommendation":"DENY"`, []string{"/Recommendation"}, false},
		{"recommendation in capitals", deprecated + `,"RECOMMENDATION":"DENY"`, []string{"/RECOMMENDATION"}, false},
		{"status in another spelling", current + `,"Status":"error"`, []string{"/Status"}, false},
		{"session in another spelling", current + `,"Session_Id":"other"`, []string{"/Session_Id"}, false},
		{"checks twice", current + `,"Checks":{"document_validation":{"recommendation":"DENY"}}`, []string{"/Checks"}, false},
		{"another spelling says null", current + `,"STATUS":null`, []string{"/STATUS"}, false},
		{"checks are a text", `"checks":"unavailable"`, []string{"/checks", "/checks"}, true},
		{"checks are a list", `"checks":[]`, []string{"/checks", "/checks"}, true},
		{"verified_info is a text", `"verified_info":"x"`, []string{"/checks", "/verified_info"}, true},
		{"person is a list beside sound checks", current + `,"person":[]`, []string{"/person"}, false},
		{"document is a text beside sound checks", current + `,"document":"passport"`, []string{"/document"}, false},
		{"checks are a number beside a person", `"person":{"full_name":"x"},"checks":7`, []string{"/checks"}, false},
		{"verified_info is a list beside sound checks", current + `,"verified_info":[]`, []string{"/verified_info"}, false},
		{"rejection_description is a text", deprecated + `,"rejection_description":"no"`, []string{"/rejection_description"}, false},
		{"extracted_info is a text", deprecated + `,"extracted_info":"x"`, []string{"/extracted_info"}, false},
	} {
		for word, want := range map[string]kyc.Decision{"ALLOW": kyc.Unknown, "CHALLENGE": kyc.Unknown, "DENY": kyc.Declined} {
			cites := append([]string{"/status", "/recommendation"}, tt.cites...)
			if tt.noShape {
				want, cites = kyc.Unknown, append([]string{"/status"}, tt.cites...)
			}
			result, err := transmit.ParseResult([]byte(`{"session_id":"s","status":"complete","recommendation":"` + word + `",` + tt.rest + `}`))
			if err != nil {
				t.Fatal(err)
			}
			if result.Decision != want || !result.Ended {
				t.Errorf("%s, %s: %v, want %v; ended %v", tt.name, word, result.Decision, want, result.Ended)
			}
			if diff := cmp.Diff(cites, deciding(result)); diff != "" {
				t.Errorf("%s, %s: cited (-want +got)\n%s", tt.name, word, diff)
			}
		}
	}
}

// The vendor sends reasons for a rejection, and data that was not verified, with every word but ALLOW. A caller's rule that
// approves one of the others still does: those come with them.
func TestAllowBesideARejectionIsUnknown(t *testing.T) {
	for rest, at := range map[string]string{
		`"rejection_description":["The document is a fake"]`:                               "/rejection_description",
		`"rejection_description":[]`:                                                       "/rejection_description",
		`"extracted_info":{"person":{"given_name":"A"}}`:                                   "/extracted_info",
		`"verified_info":{"person":{"given_name":"A"}},"extracted_info":{}`:                "/extracted_info",
		`"checks":{},"person":{"given_name":"A"},"rejection_description":["Not the same"]`: "/rejection_description",
	} {
		ours := kyc.WithOverrides(kyc.Override{Name: "ours", Field: transmit.FieldRecommendation, Word: "CHALLENGE", Decision: kyc.Approved})
		for word, want := range map[string]kyc.Decision{"ALLOW": kyc.Unknown, "CHALLENGE": kyc.Approved, "DENY": kyc.Declined} {
			result, err := transmit.ParseResult([]byte(`{"session_id":"s","status":"complete","recommendation":"`+word+`",`+rest+`}`), ours)
			if err != nil || result.Decision != want {
				t.Errorf("%s beside %s: %v, %v; want %v", rest, word, result.Decision, err, want)
			}
			if cited := slices.Contains(deciding(result), at); cited != (word == "ALLOW") {
				t.Errorf("%s beside %s: cited %v", rest, word, deciding(result))
			}
		}
	}
	// null is the same as nothing there.
	result, err := transmit.ParseResult([]byte(`{"session_id":"s","status":"complete","recommendation":"ALLOW","verified_info":{},"extracted_info":null,"rejection_description":null,"checks":null}`))
	if err != nil || result.Decision != kyc.Approved {
		t.Errorf("%v, %v", result, err)
	}
}

// Whatever a member of an approval is called besides, in another spelling, approves no more.
func TestNoFixtureIsApprovedBesideAnotherSpelling(t *testing.T) {
	tried := 0
	for _, name := range append(fixtures(t, "result-*.json"), "face-auth-complete-allow.json") {
		raw, parse := fixture(t, name), transmit.ParseResult
		if strings.HasPrefix(name, "face-auth") {
			parse = transmit.ParseFaceAuthResult
		}
		if before, err := parse(raw); err != nil || before.Decision != kyc.Approved {
			continue
		}
		members := []string{"Recommendation", "Status", "STATUS", "recommendatioN"}
		if !strings.HasPrefix(name, "face-auth") {
			members = append(members, "Session_id", "Checks", "Person", "Document", "Verified_info", "Extracted_info", "Rejection_description")
		}
		for _, member := range members {
			for _, value := range []string{`"DENY"`, `"error"`, `{}`, `null`, `"ALLOW"`} {
				tried++
				mutated := strings.TrimSuffix(strings.TrimSpace(string(raw)), "}") + `,"` + member + `":` + value + `}`
				if result, err := parse([]byte(mutated)); err != nil || result.Decision != kyc.Unknown {
					t.Errorf("%s with %s %s: %v, %v", name, member, value, result, err)
				}
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d were tried", tried)
	}
}

// A rule about the status of a finished session may hold back what the recommendation lets through, and takes nothing back
// of what it refuses.
func TestStatusRuleNeverLoosens(t *testing.T) {
	all := map[kyc.Decision]map[string]kyc.Decision{ // what the rule gives: by the session's recommendation
		kyc.Approved:      {"ALLOW": kyc.Approved, "CHALLENGE": kyc.Review, "DENY": kyc.Declined, "MAYBE": kyc.Unknown},
		kyc.Review:        {"ALLOW": kyc.Review, "CHALLENGE": kyc.Review, "DENY": kyc.Declined, "MAYBE": kyc.Unknown},
		kyc.Pending:       {"ALLOW": kyc.Pending, "CHALLENGE": kyc.Pending, "DENY": kyc.Declined, "MAYBE": kyc.Pending},
		kyc.InputRequired: {"ALLOW": kyc.InputRequired, "CHALLENGE": kyc.InputRequired, "DENY": kyc.Declined, "MAYBE": kyc.InputRequired},
		kyc.Unknown:       {"ALLOW": kyc.Unknown, "CHALLENGE": kyc.Unknown, "DENY": kyc.Declined, "MAYBE": kyc.Unknown},
		kyc.Failed:        {"ALLOW": kyc.Failed, "CHALLENGE": kyc.Failed, "DENY": kyc.Declined, "MAYBE": kyc.Failed},
		kyc.Declined:      {"ALLOW": kyc.Declined, "CHALLENGE": kyc.Declined, "DENY": kyc.Declined, "MAYBE": kyc.Declined},
	}
	for rule, words := range all {
		ours := kyc.WithOverrides(kyc.Override{Name: "ours", Vendor: kyc.Transmit, Field: transmit.FieldStatus, Word: "complete", Decision: rule})
		for word, want := range words {
			head := `{"status":"complete","recommendation":"` + word + `"`
			for name, parse := range map[string]func() (*kyc.Result, error){
				"document": func() (*kyc.Result, error) {
					return transmit.ParseResult([]byte(head+`,"session_id":"s","checks":{}}`), ours)
				},
				"face": func() (*kyc.Result, error) { return transmit.ParseFaceAuthResult([]byte(head+`}`), ours) },
			} {
				result, err := parse()
				if err != nil || result.Decision != want || result.Status != "complete/"+word || !result.Ended {
					t.Errorf("%s, complete as %v beside %s: %v %q, %v; want %v", name, rule, word, result.Decision, result.Status, err, want)
					continue
				}
				if diff := cmp.Diff([]string{"/status", "/recommendation"}, deciding(result)); diff != "" {
					t.Errorf("%s, %v, %s: (-want +got)\n%s", name, rule, word, diff)
				}
				byRule := strings.Contains(result.Evidence[0].Rule, "override ours")
				if loosens := rule == kyc.Approved && word != "ALLOW" || rule != kyc.Declined && word == "DENY" || rule == kyc.Review && word == "MAYBE"; byRule == loosens {
					t.Errorf("%s, %v, %s: the status is cited by %q", name, rule, word, result.Evidence[0].Rule)
				}
			}
		}
	}
	// Without a session or a shape there is no verdict for a rule to loosen either.
	ours := kyc.WithOverrides(kyc.Override{Name: "ours", Field: transmit.FieldStatus, Word: "complete", Decision: kyc.Review})
	for _, raw := range []string{`{"status":"complete","recommendation":"ALLOW","checks":{}}`, `{"session_id":"s","status":"complete","recommendation":"ALLOW"}`} {
		if result, err := transmit.ParseResult([]byte(raw), ours); err != nil || result.Decision != kyc.Unknown {
			t.Errorf("%s: %v, %v", raw, result, err)
		}
	}
}

func TestEnded(t *testing.T) {
	for raw, want := range map[string]bool{
		`{"session_id":"s","status":"complete"}`: true, `{"session_id":"s","status":"error"}`: true, `{"status":"complete","recommendation":"MAYBE","checks":{}}`: true,
		`{"session_id":"s","status":"pending"}`: false, `{"session_id":"s","status":"capturing"}`: false, `{"session_id":"s","status":"processing"}`: false,
		`{"session_id":"s","status":"recapture"}`: false, `{"session_id":"s","status":"expired"}`: false, `{"session_id":"s"}`: false,
	} {
		result, err := transmit.ParseResult([]byte(raw))
		if err != nil || result.Ended != want || result.Workflow != "" {
			t.Errorf("%s: ended %v, workflow %q, %v", raw, result.Ended, result.Workflow, err)
		}
	}
	// A rule changes what is decided, and not how far the vendor is.
	late := kyc.WithOverrides(kyc.Override{Name: "late", Field: transmit.FieldStatus, Word: "error", Decision: kyc.Review})
	if result, err := transmit.ParseResult([]byte(`{"session_id":"s","status":"error"}`), late); err != nil || !result.Ended || result.Decision != kyc.Review {
		t.Errorf("%v, %v", result, err)
	}
	for raw, want := range map[string]bool{`{"status":"complete"}`: true, `{"status":"processing"}`: false, `{"status":"error"}`: false} {
		if result, err := transmit.ParseFaceAuthResult([]byte(raw)); err != nil || result.Ended != want {
			t.Errorf("face authentication, %s: ended %v, %v", raw, result.Ended, err)
		}
	}
}

// A rule that could never fit is told wherever there is an error to tell it by, and before anything is paid for.
func TestUnfitRuleIsRefused(t *testing.T) {
	client, fake := start(t)
	for _, row := range []kyc.Override{
		{Name: "of another vendor's field", Vendor: kyc.Transmit, Field: "decision.type", Word: "ALLOW", Decision: kyc.Review},
		{Name: "of a check for the whole", Check: "document_liveness", Field: transmit.FieldRecommendation, Word: "ALLOW", Decision: kyc.Review},
		{Field: transmit.FieldRecommendation, Word: "ALLOW", Decision: kyc.Review},
	} {
		ours := kyc.WithOverrides(row)
		for name, call := range map[string]func() (any, error){
			"ParseResult": func() (any, error) { return transmit.ParseResult(fixture(t, "result-complete-allow.json"), ours) },
			"ParseFaceAuthResult": func() (any, error) {
				return transmit.ParseFaceAuthResult(fixture(t, "face-auth-complete-allow.json"), ours)
			},
			"NewClient": func() (any, error) { return transmit.NewClient(fake.Config(), ours) },
			"Verify": func() (any, error) {
				return client.Verify(t.Context(), transmit.Flow{Consent: agreed(), Capture: camera(new([]string))}, ours)
			},
		} {
			if _, err := call(); !errors.Is(err, kyc.ErrInvalid) {
				t.Errorf("%s, %s: %v", name, row.Name, err)
			}
		}
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests went out", n)
	}
}
