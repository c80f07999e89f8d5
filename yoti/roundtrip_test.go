package yoti

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// decoders give the type of each fixture.
var decoders = []struct {
	prefix string
	new    func() any
}{
	{"session-", func() any { return new(SessionResult) }},
	{"created-", func() any { return new(CreatedSession) }},
	{"configuration-", func() any { return new(SessionConfiguration) }},
	{"supported-documents", func() any { return new(SupportedDocuments) }},
	{"document-fields-", func() any { return new(DocumentFields) }},
	{"expanded-", func() any { return new(ExpandedDocumentFields) }},
	{"profile-report-", func() any { return new(IdentityProfileReport) }},
	{"instructions", func() any { return new(Instructions) }},
	{"contact-profile", func() any { return new(ContactProfile) }},
	{"post-offices", func() any { return new(PostOffices) }},
	{"tracked-device-", func() any { return new(TrackedDevice) }},
	{"notification-", func() any { return new(Notification) }},
	{"error-", func() any { return new(ErrorBody) }},
}

func decodeFixture(t testing.TB, name string) (any, []byte) {
	t.Helper()
	data := readFixture(t, name)
	for _, d := range decoders {
		if strings.HasPrefix(name, d.prefix) {
			out := d.new()
			if err := kyc.Unmarshal(data, out); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return out, data
		}
	}
	t.Fatalf("%s has no type", name)
	return nil, nil
}

// What was decoded and is encoded again says the same, but for null and empty text, which read as absent.
func TestFixturesRoundTrip(t *testing.T) {
	for _, name := range fixtureNames(t, "*.json") {
		v, data := decodeFixture(t, name)
		if m := v.(interface{ Mismatches() []string }).Mismatches(); len(m) > 0 {
			t.Errorf("%s: unexpected types at %v", name, m)
		}
		again, err := kyc.Marshal(v)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(prune(plainJSON(t, data)), prune(plainJSON(t, again))); diff != "" {
			t.Errorf("%s loses something (-sent +encoded):\n%s", name, diff)
		}
		if got := v.(interface{ RawJSON() []byte }).RawJSON(); string(got) != string(data) {
			t.Errorf("%s: RawJSON differs from what was sent", name)
		}
	}
}

// prune drops members that are null or empty text.
func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, m := range v {
			if m != nil && m != "" {
				out[name] = prune(m)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			// A null element becomes an empty object: a check that is null is a check that says nothing.
			if out[i] = prune(e); e == nil {
				out[i] = map[string]any{}
			}
		}
		return out
	}
	return v
}

// The recorded session holds nothing that the types do not name, and comes back exactly.
func TestRecordedIsFullyTyped(t *testing.T) {
	v, data := decodeFixture(t, recorded)
	if extras := extra(reflect.ValueOf(v), ""); len(extras) > 0 {
		t.Errorf("members without a field: %v", extras)
	}
	again, err := kyc.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plainJSON(t, data), plainJSON(t, again)); diff != "" {
		t.Errorf("(-sent +encoded):\n%s", diff)
	}
}

// Only the fixtures about unknown things have members without a field.
func TestExtrasAreExpected(t *testing.T) {
	want := map[string][]string{
		"session-unknown-kinds.json":      {"Checks[0].palm_side", "Resources.IDDocuments[0].Tasks[0].colour", "Resources.palm_capture"},
		"configuration-unknown.json":      {"Capture.RequiredResources[0].hands"},
		"document-fields-licence.json":    {"blood_group"},
		"notification-unknown-topic.json": {"palm_id"},
	}
	for _, name := range fixtureNames(t, "*.json") {
		v, _ := decodeFixture(t, name)
		if diff := cmp.Diff(want[name], extra(reflect.ValueOf(v), "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// extra lists the members that ended in an Extra field, by Go path.
func extra(v reflect.Value, path string) []string {
	var out []string
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return extra(v.Elem(), path)
		}
	case reflect.Slice:
		for i := range v.Len() {
			out = append(out, extra(v.Index(i), fmt.Sprintf("%s[%d]", path, i))...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			switch {
			case f.Name == "Extra":
				for _, name := range slices.Sorted(maps.Keys(v.Field(i).Interface().(map[string]json.RawMessage))) {
					out = append(out, strings.TrimPrefix(path+"."+name, "."))
				}
			case f.IsExported() && !f.Anonymous:
				out = append(out, extra(v.Field(i), strings.TrimPrefix(path+"."+f.Name, "."))...)
			}
		}
	}
	slices.Sort(out)
	return out
}

func TestUnknownKindsKeepTheirPlace(t *testing.T) {
	v, _ := decodeFixture(t, "session-unknown-kinds.json")
	s := v.(*SessionResult)
	if s.Checks[0].Type != "PALM_READING" || s.Checks[0].Type.Known() || s.Checks[0].State != CheckStateDone || s.Checks[1].Type != CheckTypeLiveness {
		t.Error("an unknown check is not kept in its place with its common members")
	}
	if l := s.Resources.LivenessCapture; l[0].LivenessType != "OTHER_LIVENESS_TYPE" || len(l[1].Frames) != 2 || l[1].Frames[0].Media != nil {
		t.Error("an unknown liveness capture or an empty frame is not kept")
	}
	if got := s.Resources.ShareCodes[0].Source; got.Type != SourceTypeEndUser {
		t.Error("a source that is a bare word is not read")
	}
	if got := s.Resources.IDDocuments[0].Source; got.Type != "SOME_NEW_SOURCE" {
		t.Error("a source of an unknown type is not read")
	}
}

func TestExactMatchIsBoolean(t *testing.T) {
	v, _ := decodeFixture(t, "session-watchlist-exact.json")
	search := v.(*SessionResult).Checks[0].Report.WatchlistSummary.SearchConfig
	if m := search.MatchingStrategy; m.Type != StrategyTypeExact || m.ExactMatch == nil || !*m.ExactMatch {
		t.Error("exact_match is not read")
	}
	if search.RemoveDeceased == nil || *search.RemoveDeceased || search.APIKey.Reveal() != "key-of-the-caller" {
		t.Error("false or the key is not read")
	}
}

func TestOddTimes(t *testing.T) {
	v, _ := decodeFixture(t, "session-odd-times.json")
	checks := v.(*SessionResult).Checks
	if _, err := checks[0].Created.Time(); err == nil || checks[0].Created != "yesterday" {
		t.Error("an unreadable time stamp is not kept as text")
	}
	at, err := checks[1].LastUpdated.Time()
	if err != nil || at.UTC().Format("15:04:05.0") != "10:00:00.5" {
		t.Errorf("got %v, %v", at, err)
	}
}

func TestSourceForms(t *testing.T) {
	for text, want := range map[string]SourceType{
		`{"type":"IBV"}`: SourceTypeIBV, `"END_USER"`: SourceTypeEndUser, `{"type":"NEW","more":[1]}`: "NEW", `7`: "", `[]`: "", `{"type":7}`: "",
	} {
		var s Source
		if err := kyc.Unmarshal([]byte(text), &s); err != nil || s.Type != want {
			t.Errorf("%s: got %q, %v", text, s.Type, err)
		}
		if again, err := json.Marshal(s); err != nil || string(again) != text {
			t.Errorf("%s comes back as %s, %v", text, again, err)
		}
	}
	if again, err := json.Marshal(Source{Type: SourceTypeIBV}); err != nil || string(again) != `{"type":"IBV"}` {
		t.Errorf("a source of one's own is %s, %v", again, err)
	}
}

// Whatever is printed of what was decoded, no value of a fixture is in it, but for documented words.
func TestNothingPersonalPrints(t *testing.T) {
	for _, name := range fixtureNames(t, "*.json") {
		v, data := decodeFixture(t, name)
		checkPrints(t, name, v, data)
		if strings.HasPrefix(name, "session-") {
			r := mustParse(t, data)
			r.Reference = ""
			r.Ref = kyc.Ref{}
			checkPrints(t, name+" as a result", r, data)
			checkPrints(t, name+" as a result", *r, data)
		}
	}
	fields, data := decodeFixture(t, "document-fields-passport.json")
	checkPrints(t, "person", fields.(*DocumentFields).Person(), data)
	checkPrints(t, "document", *fields.(*DocumentFields).Document(), data)
	cfg := Config{SDKID: "sdk-7531", PrivateKey: []byte("key-8642"), NotificationAuth: NotificationAuth{Token: "user:pass-9753"}, Bearer: &Bearer{Scopes: []string{"scope-1357"}}}
	for _, secret := range []string{"7531", "8642", "9753"} {
		for how, text := range printed(cfg) {
			if strings.Contains(text, secret) {
				t.Errorf("Config under %s prints %s", how, secret)
			}
		}
	}
}

// timeless keeps the time out of a log record, whose digits any number may be found in.
var timeless = &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}}

func printed(v any) map[string]string {
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, timeless)).Info("x", "v", v)
	out := map[string]string{"slog": log.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		out[verb] = fmt.Sprintf(verb, v)
	}
	return out
}

func checkPrints(t *testing.T, name string, v any, data []byte) {
	t.Helper()
	// What was read from a person's document may be in capitals too.
	strict := strings.HasPrefix(name, "document-fields") || strings.HasPrefix(name, "contact") || name == "person" || name == "document"
	values := texts(plainJSON(t, data), strict)
	for how, text := range printed(v) {
		for _, value := range values {
			if strings.Contains(text, value) {
				t.Errorf("%s under %s prints the value %q", name, how, value)
			}
		}
	}
}

var vendorWord = regexp.MustCompile(`^[A-Z]+([_-][A-Z0-9]+)*$`)

// texts lists the strings of a document that are not words of the vendor: those have capitals and underscores only. Where
// strict is set it lists all.
func texts(v any, strict bool) []string {
	var out []string
	switch v := v.(type) {
	case map[string]any:
		for _, m := range v {
			out = append(out, texts(m, strict)...)
		}
	case []any:
		for _, e := range v {
			out = append(out, texts(e, strict)...)
		}
	case string:
		if len(v) > 3 && (strict && v != "PASSPORT" || !vendorWord.MatchString(v)) {
			out = append(out, v)
		}
	}
	return out
}
