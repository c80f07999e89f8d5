package jumio_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// timeless keeps the time out of a log record, whose digits any number may be found in.
var timeless = &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}}

// prints returns v under every verb and as a log record.
func prints(v any) string {
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&b, verb+"\n", v)
		fmt.Fprintf(&b, verb+"\n", []any{v})
	}
	slog.New(slog.NewJSONHandler(&b, timeless)).Info("x", "v", v)
	slog.New(slog.NewTextHandler(&b, timeless)).Info("x", "v", v)
	return b.String()
}

// values collects every string, number and key of a JSON document that is no documented word.
func values(v any, out map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			values(x, out)
		}
	case []any:
		for _, x := range v {
			values(x, out)
		}
	case string:
		out[v] = true
	case float64:
		out[fmt.Sprint(v)] = true
	}
}

var shout = regexp.MustCompile(`^[A-Z][A-Z_0-9]*$`)

// Nothing of any fixture shows but documented words: no name, number, date, address, token or URL.
func TestPrintingShowsNothingPersonal(t *testing.T) {
	known := make(map[string]bool)
	for _, name := range list(t, "*.json") {
		var doc any
		if err := json.Unmarshal(fixture(t, name), &doc); err != nil {
			t.Fatal(err)
		}
		found := make(map[string]bool)
		values(doc, found)
		for s := range found {
			known[s] = true
		}
	}
	personal := []string{"JOHN", "DOE", "ERIKA", "MUSTERMANN", "SPECIMEN", "USA", "GBR", "DEU", "CA", "HMPO", "LONDON", "CROYDON"}
	for name, v := range decoded(t) {
		text := prints(v) + prints(reflect.ValueOf(v).Elem().Interface())
		if d, ok := v.(*jumio.Details); ok {
			result := d.Result()
			text += prints(result) + prints(*result) + prints(result.Redacted())
			if result.Person != nil {
				text += prints(result.Person) + prints(result.Document)
			}
		}
		for s := range known {
			// Documented words, kinds of checks and single letters say nothing of a person; ids of a Ref may show in a Result.
			if len(s) < 4 || kyc.CheckKind(s).Known() || shout.MatchString(s) || strings.Contains(text, ":"+s+"/") || strings.Contains(text, "/"+s) && !strings.Contains(s, "/") {
				continue
			}
			if strings.Contains(text, s) {
				t.Errorf("%s shows %q", name, s)
			}
		}
		for _, s := range personal {
			if regexp.MustCompile(`\b` + s + `\b`).MatchString(text) {
				t.Errorf("%s shows %q", name, s)
			}
		}
		for _, s := range []string{"http://", "https://", "eyJ", "transaction-token", "\"M\"", ":M ", ":F "} {
			if strings.Contains(text, s) {
				t.Errorf("%s shows %q", name, s)
			}
		}
	}
}

func TestPrintingHandWrittenTypes(t *testing.T) {
	signer := must[*jumio.ReferenceSigner](t)(jumio.NewReferenceSigner("canary-0123456789abcdef"))
	client := must[*jumio.Client](t)(jumio.NewClient(jumio.Config{ClientID: "canary-id", ClientSecret: "canary-secret", Region: jumio.RegionEMEA}))
	for _, v := range []any{
		jumio.Config{ClientID: "canary-id", ClientSecret: "canary-secret", Endpoints: jumio.Endpoints{API: "https://canary"}},
		jumio.Endpoints{API: "https://canary"},
		jumio.Credential{ID: "canary", Token: "canary", Locations: map[string]jumio.PartLocation{"canary": {URL: "canary"}}},
		jumio.PartLocation{URL: "canary", Pages: map[string]string{"canary": "canary"}},
		jumio.Redirect{CustomerInternalReference: "canary", ErrorCode: "canary", Status: "canary"},
		jumio.Download{ContentType: "canary"},
		*signer, signer, client,
		jumio.AccountRequest{CustomerInternalReference: "canary", UserReference: "canary", Workflow: jumio.Workflow{Key: "canary"}, Extra: map[string]json.RawMessage{"canary": json.RawMessage(`"canary"`)}},
		jumio.ExtractedData{FirstName: "canary", Gender: "canary", SubType: "canary"},
		must[kyc.Event](t)(jumio.ParseCallback([]byte(`{"userReference":"canary","account":{"id":"a"},"workflowExecution":{"id":"w","status":"canary"}}`))),
	} {
		if text := prints(v); strings.Contains(text, "canary") || strings.Contains(text, fmt.Sprintf("%x", "canary")) {
			t.Errorf("%T shows it: %s", v, text)
		}
	}
}
