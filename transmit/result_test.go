package transmit_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

func TestGoldenResults(t *testing.T) {
	for _, name := range append(fixtures(t, "result-*.json"), fixtures(t, "face-auth-*.json")...) {
		t.Run(name, func(t *testing.T) {
			raw := fixture(t, name)
			parse := transmit.ParseResult
			switch {
			case name == "face-auth-created.json":
				return
			case strings.HasPrefix(name, "face-auth"):
				parse = transmit.ParseFaceAuthResult
			}
			result, err := parse(raw)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(result.Raw, raw) {
				t.Error("Raw is not what was given")
			}
			for _, e := range result.Evidence {
				at, err := kyc.Resolve(raw, e.Pointer)
				if err != nil && e.Value != nil || !bytes.Equal(at, e.Value) {
					t.Errorf("evidence %s does not resolve to its value: %v", e.Pointer, err)
				}
			}
			text, err := json.MarshalIndent(result, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "results/"+name, append(text, '\n'))
			var stored kyc.Result
			if err := json.Unmarshal(text, &stored); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(compact(t, result), compact(t, &stored)); diff != "" {
				t.Errorf("stored and read back: (-want +got)\n%s", diff)
			}
		})
	}
}

func compact(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestDecisions(t *testing.T) {
	want := map[string]kyc.Decision{
		"result-complete-allow.json":                kyc.Approved,
		"result-complete-allow-signals.json":        kyc.Approved,
		"result-complete-minimal.json":              kyc.Approved,
		"result-complete-challenge.json":            kyc.Review,
		"result-complete-unlisted-reason.json":      kyc.Review,
		"result-complete-deny.json":                 kyc.Declined,
		"result-complete-risk-details.json":         kyc.Declined,
		"result-pending.json":                       kyc.Pending,
		"result-capturing.json":                     kyc.Pending,
		"result-processing.json":                    kyc.Pending,
		"result-recapture.json":                     kyc.InputRequired,
		"result-error.json":                         kyc.Failed,
		"result-deprecated-allow.json":              kyc.Approved,
		"result-deprecated-challenge.json":          kyc.Review,
		"result-deprecated-deny.json":               kyc.Declined,
		"result-deprecated-no-recommendation.json":  kyc.Unknown,
		"result-check-document-validation.json":     kyc.Declined,
		"result-check-document-authentication.json": kyc.Declined,
		"result-check-document-liveness.json":       kyc.Declined,
		"result-check-biometric-matching.json":      kyc.Declined,
		"result-check-biometric-liveness.json":      kyc.Declined,
		"result-check-flagged-identity.json":        kyc.Declined,
		"result-check-risk-recommendation.json":     kyc.Declined,
	}
	for _, name := range fixtures(t, "result-*.json") {
		result, err := transmit.ParseResult(fixture(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if d, ok := want[name]; !ok || result.Decision != d {
			t.Errorf("%s: %v, want %v (listed: %v)", name, result.Decision, d, ok)
		}
		if result.Ref.Session != "H1I12oskjzsdhskj4" || result.Ref.Vendor != kyc.Transmit {
			t.Errorf("%s: ref %v", name, result.Ref)
		}
	}
	for name, d := range map[string]kyc.Decision{
		"face-auth-pending.json": kyc.Pending, "face-auth-capturing.json": kyc.Pending, "face-auth-processing.json": kyc.Pending,
		"face-auth-complete-allow.json": kyc.Approved, "face-auth-complete-challenge.json": kyc.Review, "face-auth-complete-deny.json": kyc.Declined,
		"face-auth-complete-no-recommendation.json": kyc.Unknown,
	} {
		result, err := transmit.ParseFaceAuthResult(fixture(t, name))
		if err != nil || result.Decision != d {
			t.Errorf("%s: %v, %v; want %v", name, result, err, d)
		}
		var r transmit.FaceAuthResult
		if err := kyc.Unmarshal(fixture(t, name), &r); err != nil || r.Decision() != d {
			t.Errorf("%s: Decision gives %v, %v", name, r.Decision(), err)
		}
	}
}

func TestPositiveSignalsAreNoReasons(t *testing.T) {
	result, err := transmit.ParseResult(fixture(t, "result-complete-allow-signals.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range result.Checks {
		if len(c.Reasons) > 0 {
			t.Errorf("%s lists %d reasons", c.VendorName, len(c.Reasons))
		}
	}
	result, err = transmit.ParseResult(fixture(t, "result-check-risk-recommendation.json"))
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, r := range result.Reasons() {
		codes = append(codes, r.Code)
	}
	for _, r := range transmit.RiskReason("").Values() {
		if listed := slices.Contains(codes, string(r)); listed == r.Positive() {
			t.Errorf("%s: listed %v, positive %v", r, listed, r.Positive())
		}
	}
	if len(codes) != 61-8 {
		t.Errorf("%d reasons", len(codes))
	}
}

// What stands behind the risk recommendation is a check of its own: with the score as it was sent, and with reasons as those
// of the other checks. It decides nothing.
func TestRiskDetailsAreACheck(t *testing.T) {
	for _, tt := range []struct {
		details string
		want    kyc.Check
	}{
		{
			`{"general":{"recommendation":"rejected","risk_score":94.6},"recommendation_reasons":["DEVICE_SPOOFED_BY_USERAGENT","IP_TRUSTED","ACTION_IS_LEGIT","DEVICE_NEW"]}`,
			kyc.Check{
				Kind: kyc.CheckRisk, VendorName: "risk_details", Status: "rejected", Ref: "/risk_details", Score: &kyc.Score{Value: 94.6, Name: "risk_score"},
				Reasons: []kyc.Reason{{Code: "DEVICE_SPOOFED_BY_USERAGENT", Category: "risk_details"}, {Code: "DEVICE_NEW", Category: "risk_details"}},
			},
		},
		{`{"general":{"recommendation":"ALLOW"}}`, kyc.Check{Kind: kyc.CheckRisk, VendorName: "risk_details", Status: "ALLOW", Ref: "/risk_details"}},
		{`{"device":{"spoofed":true}}`, kyc.Check{Kind: kyc.CheckRisk, VendorName: "risk_details", Ref: "/risk_details"}},
		{
			`{"general":{"recommendation":"ours"}}`,
			kyc.Check{Kind: kyc.CheckRisk, VendorName: "risk_details", Status: "ours", Decision: kyc.Declined, Ref: "/risk_details"},
		},
	} {
		ours := kyc.WithOverrides(kyc.Override{Name: "ours", Field: transmit.FieldCheck, Check: "risk_details", Word: "ours", Decision: kyc.Declined})
		result, err := transmit.ParseResult([]byte(`{"session_id":"s","status":"complete","recommendation":"ALLOW","document":{"type":"passport"},"risk_details":`+tt.details+`}`), ours)
		if err != nil || result.Decision != kyc.Approved {
			t.Fatalf("%s: %v, %v", tt.details, result, err)
		}
		if diff := cmp.Diff(plain([]kyc.Check{tt.want}), plain(result.Checks)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.details, diff)
		}
	}
}

func TestNormalisedPeople(t *testing.T) {
	for name, want := range map[string]struct {
		person   kyc.Person
		document kyc.Document
		cites    []string
	}{
		"result-complete-allow.json": {
			person: kyc.Person{
				FirstName: "Marie", LastName: "Curies", FullName: "Marie Salomea Skłodowska-Curies", DateOfBirth: "1867-11-07", Gender: "female", PersonalNumber: "123ABC",
				Address: &kyc.Address{Lines: []string{"Snowy Ridge Road", "1234", "12"}, City: "Indianapolis", Subdivision: "Indiana", PostalCode: "56789", Country: "USA", Formatted: "1234 Snowy Ridge Road Indianapolis, IN 56789"},
			},
			document: kyc.Document{
				Type: kyc.DocumentDrivingLicense, VendorType: "drivers_license", Number: "1234567", SerialNumber: "1234567", IssuingCountry: "USA", IssuingState: "NY",
				IssuedOn: "1867-11-07", ExpiresOn: "1867-11-07", Ref: "/document",
			},
			cites: []string{"/person/date_of_birth", "/document/country", "/document/issue_date", "/document/expiration_date"},
		},
		"result-deprecated-deny.json": {
			person: kyc.Person{
				FirstName: "Marie", LastName: "Curie", FullName: "Marie Salomea Skłodowska-Curies", DateOfBirth: "1867-11-07", Gender: "F", PersonalNumber: "123ABC",
				Address: &kyc.Address{Lines: []string{"Snowy Ridge Road", "1234", "12"}, City: "Indianapolis", Subdivision: "Indiana", PostalCode: "56789", Country: "USA", Formatted: "1234 Snowy Ridge Road Indianapolis, IN 56789"},
			},
			document: kyc.Document{
				Type: kyc.DocumentDrivingLicense, VendorType: "drivers_license", Number: "1234567", SerialNumber: "1234567", PersonalNumber: "123ABC", IssuingCountry: "USA", IssuingState: "ny",
				IssuedOn: "1867-11-07", ExpiresOn: "1867-11-07", Ref: "/extracted_info/document",
			},
			cites: []string{
				"/extracted_info/person/date_of_birth", "/extracted_info/document/issue_date", "/extracted_info/document/valid_until",
				"/extracted_info/document/document_serial_number", "/extracted_info/document/id_value",
			},
		},
	} {
		result, err := transmit.ParseResult(fixture(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(plain(want.person), plain(*result.Person)); diff != "" {
			t.Errorf("%s: person (-want +got)\n%s", name, diff)
		}
		if diff := cmp.Diff(plain(want.document), plain(*result.Document)); diff != "" {
			t.Errorf("%s: document (-want +got)\n%s", name, diff)
		}
		var cites []string
		for _, e := range result.Evidence {
			if !e.Deciding {
				cites = append(cites, e.Pointer)
			}
		}
		slices.Sort(cites)
		slices.Sort(want.cites)
		if diff := cmp.Diff(want.cites, cites); diff != "" {
			t.Errorf("%s: evidence (-want +got)\n%s", name, diff)
		}
	}
}

// plain makes a comparison show values: the types print none.
func plain(v any) string {
	b, _ := json.MarshalIndent(v, "", " ")
	return string(b)
}

func TestOddPeople(t *testing.T) {
	raw := `{"session_id":"s","status":"complete","recommendation":"CHALLENGE","person":{"date_of_birth":"unreadable","gender":"x"},
		"document":{"type":"library_card","country":"ZZ","issue_date":"2020-01-31T23:00:00.000-05:00","serial_number":"77"},"additional_info":{"address":{"country":"us"}}}`
	result, err := transmit.ParseResult([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	got := [...]string{
		string(result.Person.DateOfBirth), result.Person.Gender, result.Person.Address.Country, string(result.Document.Type), result.Document.VendorType,
		result.Document.IssuingCountry, string(result.Document.IssuedOn), result.Document.Number,
	}
	want := [...]string{"", "x", "USA", "other", "library_card", "ZZ", "2020-01-31", "77"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	var rules []string
	for _, e := range result.Evidence {
		rules = append(rules, fmt.Sprint(e.Pointer, " ", e.Rule))
	}
	if !slices.Contains(rules, "/person/date_of_birth not a date, left out") || !slices.Contains(rules, "/document/country country code is in no list and kept as it is") {
		t.Errorf("evidence: %q", rules)
	}
}

// What the vendor adds to its checks later is listed, with its name.
func TestUnlistedCheck(t *testing.T) {
	raw := `{"session_id":"s","status":"complete","recommendation":"DENY","checks":{"zz_new":{"recommendation":"DENY","reasons":["r1"]},"document_liveness":{"recommendation":"N/A"},"aa_odd":"?"}}`
	result, err := transmit.ParseResult([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	want := []kyc.Check{
		{Kind: kyc.CheckDocumentLiveness, VendorName: "document_liveness", Status: "N/A", Ref: "/checks/document_liveness"},
		{Kind: kyc.CheckOther, VendorName: "aa_odd", Ref: "/checks/aa_odd"},
		{Kind: kyc.CheckOther, VendorName: "zz_new", Decision: kyc.Declined, Status: "DENY", Reasons: []kyc.Reason{{Code: "r1", Category: "zz_new"}}, Ref: "/checks/zz_new"},
	}
	if diff := cmp.Diff(plain(want), plain(result.Checks)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestOverrides(t *testing.T) {
	raw := fixture(t, "result-complete-challenge.json")
	result, err := transmit.ParseResult(raw, kyc.WithOverrides(kyc.Override{Name: "our policy", Vendor: kyc.Transmit, Field: transmit.FieldRecommendation, Word: "CHALLENGE", Decision: kyc.Declined}))
	if err != nil || result.Decision != kyc.Declined || !strings.Contains(result.Evidence[1].Rule, "our policy") {
		t.Errorf("%v, %v, %q", result.Decision, err, result.Evidence[1].Rule)
	}
	result, err = transmit.ParseResult([]byte(`{"status":"expired"}`), kyc.WithOverrides(kyc.Override{Name: "seen once", Field: transmit.FieldStatus, Word: "expired", Decision: kyc.Expired}))
	if err != nil || result.Decision != kyc.Expired {
		t.Errorf("%v, %v", result.Decision, err)
	}
	result, err = transmit.ParseResult(raw, kyc.WithOverrides(kyc.Override{Name: "check", Field: transmit.FieldCheck, Check: "document_validation", Word: "CHALLENGE", Decision: kyc.Approved}))
	if err != nil || result.Decision != kyc.Review || result.Checks[0].Decision != kyc.Approved {
		t.Errorf("a check overruled the verdict, or its override did nothing: %v, %v", result, err)
	}
	for _, status := range []string{"processing", "expired"} {
		early := kyc.WithOverrides(kyc.Override{Name: "early", Field: transmit.FieldStatus, Word: status, Decision: kyc.Approved})
		result, err = transmit.ParseResult([]byte(`{"session_id":"s","status":"`+status+`","recommendation":"ALLOW"}`), early)
		if err != nil || result.Decision == kyc.Approved {
			t.Errorf("a rule approved a session that is %s: %v, %v", status, result, err)
		}
	}
}

// Every document survives decoding and encoding, members that no type names included.
func TestRoundTrip(t *testing.T) {
	for pattern, out := range map[string]func() any{
		"result-*.json": func() any { return new(transmit.Result) }, "session-*.json": func() any { return new(transmit.Session) },
		"images*.json": func() any { return new(transmit.SessionImages) }, "image-added-*.json": func() any { return new(transmit.ImageReceipt) },
		"consent-*.json": func() any { return new(transmit.ConsentStatus) }, "face-auth-created.json": func() any { return new(transmit.FaceAuthSession) },
		"face-auth-[cp]*[a-z].json": func() any { return new(transmit.FaceAuthResult) }, "event-*.json": func() any { return new(transmit.StreamEvent) },
	} {
		for _, name := range fixtures(t, pattern) {
			raw := fixture(t, name)
			for _, doc := range [][]byte{raw, append([]byte(`{"a_new_member":{"deep":[1,null]},`), bytes.TrimSpace(raw)[1:]...)} {
				v := out()
				if err := kyc.Unmarshal(doc, v); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				back, err := kyc.Marshal(v)
				if err != nil {
					t.Fatal(err)
				}
				var want, got any
				if json.Unmarshal(doc, &want) != nil || json.Unmarshal(back, &got) != nil {
					t.Fatalf("%s: no JSON", name)
				}
				// An empty text says the same as none; the raw bytes keep the difference.
				if m := want.(map[string]any); m["consent_date"] == "" {
					delete(m, "consent_date")
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: (-want +got)\n%s", name, diff)
				}
			}
		}
	}
}
