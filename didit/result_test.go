package didit

import (
	"bytes"
	"encoding/json"
	"math/big"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestGoldenResults(t *testing.T) {
	want := map[string]kyc.Decision{
		"decision-user.json": kyc.Review, "decision-business.json": kyc.Review, "decision-events.json": kyc.Review,
		"decision-prose-user.json": kyc.Approved, "decision-prose-business.json": kyc.Approved, "decision-restricted.json": kyc.Approved,
		"decision-legacy-shared.json": kyc.Approved,
	}
	for _, name := range fixtureNames(t, "decision-*.json") {
		t.Run(name, func(t *testing.T) {
			raw := fixture(t, name)
			r, err := ParseResult(raw)
			if err != nil {
				t.Fatal(err)
			}
			if r.Decision != want[name] {
				t.Errorf("decision = %v, want %v", r.Decision, want[name])
			}
			if !bytes.Equal(r.Raw, raw) {
				t.Error("Raw is not what was read")
			}
			// The fixture itself lies beside it; a copy in base64 would tell nobody anything.
			r.Raw = nil
			got, err := json.MarshalIndent(r, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			checkGolden(t, "results/"+filepath.Base(name), append(got, '\n'))
		})
	}
}

func TestDecodeLosesNothing(t *testing.T) {
	// Members that the vendor's samples have and its document has not.
	unknown := map[string][]string{
		"decision-prose-user.json":     {"/id_verifications/0/..."},
		"decision-prose-business.json": {"/key_people_checks/0/officers", "/key_people_checks/0/beneficial_owners", "/key_people_checks/0/submitted/parties/0/role", "/key_people_checks/0/submitted/parties/0/ownership_percent"},
		"decision-legacy-shared.json":  {"/id_verification", "/liveness", "/face_match", "/aml"},
	}
	for _, name := range fixtureNames(t, "decision-*.json") {
		t.Run(name, func(t *testing.T) {
			raw := fixture(t, name)
			var d Decision
			if err := kyc.Unmarshal(raw, &d); err != nil {
				t.Fatal(err)
			}
			if m := d.Mismatches(); len(m) > 0 {
				t.Errorf("mismatches: %v", m)
			}
			want := unknown[name]
			got := extras(reflect.ValueOf(d), "")
			slices.Sort(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("unknown members (-want +got):\n%s", diff)
			}
			again, err := kyc.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(withoutNulls(t, raw), withoutNulls(t, again)); diff != "" {
				t.Errorf("written back it differs (-want +got):\n%s", diff)
			}
		})
	}
}

// extras lists the JSON pointers of members that no struct names.
func extras(v reflect.Value, at string) []string {
	var out []string
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return extras(v.Elem(), at)
		}
	case reflect.Slice:
		for i := range v.Len() {
			if k := v.Type().Elem().Kind(); k == reflect.Struct {
				out = append(out, extras(v.Index(i), at+kyc.PointerTo(i))...)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.Name == "Extra" {
				for _, k := range v.Field(i).MapKeys() {
					out = append(out, at+kyc.PointerTo(k.String()))
				}
				continue
			}
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.IsExported() && name != "-" {
				out = append(out, extras(v.Field(i), at+kyc.PointerTo(name))...)
			}
		}
	}
	return out
}

// emptyTexts are members of the fixtures that hold an empty text. A struct does not tell it from an absent one, only the raw
// bytes do.
var emptyTexts = []string{
	"/id_verifications/0/mrz/optional_data_2", "/aml_screenings/0/hits/0/rca_name", "/aml_screenings/0/hits/0/pep_matches/0/pep_position",
}

// withoutNulls reads JSON with exact numbers, and drops members that are null: only the raw bytes tell them from absent.
func withoutNulls(t *testing.T, raw []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return dropNulls(v, "")
}

func dropNulls(v any, at string) any {
	switch v := v.(type) {
	case map[string]any:
		for name, one := range v {
			pointer := at + kyc.PointerTo(name)
			if one == nil || one == "" && slices.Contains(emptyTexts, pointer) {
				delete(v, name)
				continue
			}
			v[name] = dropNulls(one, pointer)
		}
	case []any:
		for i := range v {
			v[i] = dropNulls(v[i], at+kyc.PointerTo(i))
		}
	case json.Number:
		// 40.0 and 40 are one number, and so is nothing else.
		if exact, ok := new(big.Rat).SetString(v.String()); ok {
			return exact.RatString()
		}
	}
	return v
}

func TestTableNamesEveryWord(t *testing.T) {
	for _, f := range []struct {
		field string
		words []string
	}{
		{FieldStatus, words(SessionStatus("").Values())},
		{FieldFeature, words(FeatureStatus("").Values())},
		{FieldParty, append(words(SessionStatus("").Values()), string(PersonStatusPending))},
	} {
		rows := map[string]bool{}
		for _, row := range Table() {
			if row.Field == f.field {
				if rows[row.Word] {
					t.Errorf("%s %s stands twice", f.field, row.Word)
				}
				rows[row.Word] = true
			}
		}
		for _, w := range f.words {
			if !rows[w] {
				t.Errorf("no row names %s %s", f.field, w)
			}
			delete(rows, w)
		}
		for w := range rows {
			t.Errorf("%s %s is no documented word", f.field, w)
		}
	}
}

func words[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		status string
		want   kyc.Decision
	}{
		{"Not Started", kyc.Pending},
		{"In Progress", kyc.Pending},
		{"Awaiting User", kyc.InputRequired},
		{"In Review", kyc.Review},
		{"Approved", kyc.Approved},
		{"Declined", kyc.Declined},
		{"Resubmitted", kyc.InputRequired},
		{"Expired", kyc.Expired},
		{"Kyc Expired", kyc.Expired},
		{"Abandoned", kyc.Abandoned},
		{"APPROVED", kyc.Approved},
		{"aPPROVED", kyc.Approved},
		{"KYC EXPIRED", kyc.Expired},
		// everything else is unknown
		{"", kyc.Unknown},
		{"IN_REVIEW", kyc.Unknown},
		{"NOT_STARTED", kyc.Unknown},
		{" Approved", kyc.Unknown},
		{"Approved ", kyc.Unknown},
		{"Approved\u200b", kyc.Unknown},
		{"Approved\x00", kyc.Unknown},
		{"\u212Ayc Expired", kyc.Unknown}, // a Kelvin sign
		{"Expıred", kyc.Unknown},          // a dotless i
		{"Not Approved", kyc.Unknown},
		{"Approve", kyc.Unknown},
		{"true", kyc.Unknown},
	} {
		body, err := json.Marshal(map[string]string{"session_id": "11111111-2222-3333-4444-555555555555", "status": c.status})
		if err != nil {
			t.Fatal(err)
		}
		r, err := ParseResult(body)
		if err != nil {
			t.Fatal(err)
		}
		if r.Decision != c.want {
			t.Errorf("status %q gives %v, want %v", c.status, r.Decision, c.want)
		}
	}
}

func TestUnknownShapes(t *testing.T) {
	for _, body := range []string{
		`{}`, `[]`, `"Approved"`, `null`, `true`, `1`, `{"status":"Approved"}`, `{"session_id":"","status":"Approved"}`, `{"session_id":7,"status":"Approved"}`,
		`{"session_id":"s","status":["Approved"]}`, `{"session_id":"s","status":{"Approved":true}}`, `{"session_id":"s","status":null}`,
		`{"session_id":"s","Status":"Approved"}`, `{"session_id":"s","decision":{"status":"Approved"}}`,
		`{"session_id":"s","status":"Approved","webhook_type":"status.updated"}`, `{"detail":"Not found."}`,
	} {
		r, err := ParseResult([]byte(body))
		if err != nil || r.Decision != kyc.Unknown {
			t.Errorf("%s gives %v, %v; want unknown", body, r, err)
		}
	}
	for _, body := range []string{
		``, `{`, `{"session_id":"s","status":"Declined","status":"Approved"}`, `{"session_id":"s","status":"Approved"}}`,
		`{"session_id":"s","status":"Approved"`, "{\"session_id\":\"\xff\",\"status\":\"Approved\"}", `{"session_id":"s","status":"Approved",}`,
	} {
		if r, err := ParseResult([]byte(body)); err == nil {
			t.Errorf("%s gives %v, want an error", body, r.Decision)
		}
	}
	var none Decision
	none.SessionID, none.Status = "s", StatusApproved
	if r := none.Result(); r.Decision != kyc.Unknown {
		t.Errorf("a decision that was not read gives %v", r.Decision)
	}
}

func TestOverrides(t *testing.T) {
	raw := fixture(t, "decision-user.json")
	r, err := ParseResult(raw, kyc.WithOverrides(
		kyc.Override{Name: "strict review", Field: FieldStatus, Word: "In Review", Decision: kyc.Declined},
		kyc.Override{Name: "liveness", Field: FieldFeature, Check: "LIVENESS", Word: "Approved", Decision: kyc.Review},
		kyc.Override{Name: "others", Vendor: kyc.Yoti, Field: FieldFeature, Word: "In Review", Decision: kyc.Approved},
	))
	if err != nil {
		t.Fatal(err)
	}
	if r.Decision != kyc.Declined || r.Evidence[0].Rule != "override strict review" || string(r.Evidence[0].Value) != `"In Review"` || !r.Evidence[0].Deciding {
		t.Errorf("decision %v by %+v", r.Decision, r.Evidence)
	}
	for _, c := range r.Checks {
		switch c.VendorName {
		case "LIVENESS":
			if c.Decision != kyc.Review {
				t.Errorf("liveness is %v", c.Decision)
			}
		case "FACE_MATCH":
			if c.Decision != kyc.Review || c.Status != "In Review" {
				t.Errorf("face match is %v by %q", c.Decision, c.Status)
			}
		}
	}
}

// At Didit one word tells both how far a session is and what it found. No rule approves a word of the first kind.
func TestOverridesApproveNothingUnfinished(t *testing.T) {
	unfinished := map[kyc.Decision]bool{kyc.Pending: true, kyc.InputRequired: true, kyc.Expired: true, kyc.Abandoned: true, kyc.Failed: true}
	rows := append(Table(),
		kyc.Rule{Field: FieldStatus, Word: "not started", Decision: kyc.Pending}, // as samples spell it
		kyc.Rule{Field: FieldFeature, Word: "NOT FINISHED", Decision: kyc.Pending},
		kyc.Rule{Field: FieldStatus, Word: "a tenant's own", Decision: kyc.Unknown},
		kyc.Rule{Field: FieldFeature, Word: "a tenant's own", Decision: kyc.Unknown},
	)
	for _, row := range rows {
		for _, forced := range []kyc.Decision{kyc.Approved, kyc.Declined} {
			settings := kyc.NewSettings(kyc.WithOverrides(kyc.Override{Name: "forced", Field: row.Field, Word: row.Word, Decision: forced}))
			want := forced
			if forced == kyc.Approved && unfinished[row.Decision] {
				want = row.Decision
			}
			if got, _ := decideWord(settings, row.Field, "", row.Word); got != want {
				t.Errorf("%s %q under a rule of %v is %v, want %v", row.Field, row.Word, forced, got, want)
			}
		}
	}
	// Words that only other fields or other pages have for the same, and which the table leaves Unknown here.
	for field, words := range map[string][]string{
		FieldStatus:  {"NOT_STARTED", "IN_PROGRESS", "AWAITING_USER", "Not Finished", "Pending"},
		FieldFeature: {"In Progress", "Abandoned", "Expired or Not Found", "Failed", "PENDING"},
	} {
		for _, word := range words {
			rule := kyc.Override{Name: "forced", Field: field, Word: word, Decision: kyc.Approved}
			if got, _ := decideWord(kyc.NewSettings(kyc.WithOverrides(rule)), field, "", word); got == kyc.Approved {
				t.Errorf("%s %q is approved by a rule", field, word)
			}
		}
	}
	// A rule that fits after one that does not is asked.
	settings := kyc.NewSettings(kyc.WithOverrides(
		kyc.Override{Name: "no", Field: FieldStatus, Word: "Expired", Decision: kyc.Approved},
		kyc.Override{Name: "yes", Field: FieldStatus, Word: "Expired", Decision: kyc.Declined},
	))
	if got, rule := decideWord(settings, FieldStatus, "", "Expired"); got != kyc.Declined || rule != "override yes" {
		t.Errorf("Expired is %v by %s", got, rule)
	}
}

// A standalone check whose code was wrong has found nothing yet.
func TestOverridesApproveNoFailedCode(t *testing.T) {
	rules := []kyc.Override{
		{Name: "a", Field: FieldFeature, Word: "Failed", Decision: kyc.Approved},
		{Name: "b", Field: FieldFeature, Word: "Expired or Not Found", Decision: kyc.Approved},
	}
	for _, status := range []CodeStatus{CodeStatusFailed, CodeStatusExpiredOrNotFound} {
		for name, check := range map[string]kyc.Check{
			"phone": (&PhoneCheckResponse{Status: status, Phone: &PhoneVerification{Status: FeatureStatusApproved}}).Check(kyc.WithOverrides(rules...)),
			"email": (&EmailCheckResponse{Status: status, Email: &EmailVerification{Status: FeatureStatusApproved}}).Check(kyc.WithOverrides(rules...)),
		} {
			if check.Decision == kyc.Approved {
				t.Errorf("%s of the status %q is approved", name, status)
			}
		}
	}
}
