package didit_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const leak = "LEAKLEAKLEAK"

// fill puts a recognisable text into every string, list and map below v, and something other than zero everywhere else.
func fill(v reflect.Value, depth int) {
	if depth > 8 || !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(leak)
	case reflect.Int64, reflect.Int:
		v.SetInt(7355608)
	case reflect.Float64:
		v.SetFloat(7355608.5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8:
		v.SetUint('L')
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(`"` + leak + `"`))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth+1)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, one := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, depth+1)
		fill(one, depth+1)
		v.SetMapIndex(key, one)
	case reflect.Struct:
		if u, ok := v.Addr().Interface().(interface{ UnmarshalJSON([]byte) error }); ok {
			_ = u.UnmarshalJSON([]byte(`"` + leak + `"`))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), depth+1)
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

// TestNothingPrints prints every type that may hold personal data or secrets.
func TestNothingPrints(t *testing.T) {
	for _, v := range []any{
		new(didit.Config), new(didit.SessionRequest), new(didit.Session), new(didit.Decision), new(didit.SessionPage), new(didit.SessionSummary),
		new(didit.StatusRequest), new(didit.StatusResponse), new(didit.FeatureStatusRequest), new(didit.FeatureStatusResponse),
		new(didit.HitReviewRequest), new(didit.HitReviewResponse), new(didit.HitReviewsRequest), new(didit.HitReviewsResponse),
		new(didit.IDData), new(didit.POAData), new(didit.CompanyData), new(didit.Company), new(didit.DeleteRequest), new(didit.DeleteResponse),
		new(didit.DeleteSessionsRequest), new(didit.DeleteSessionsResponse), new(didit.ReviewRequest), new(didit.ReviewNote), new(didit.ReviewPage),
		new(didit.ShareRequest), new(didit.ShareResponse), new(didit.ImportSharedRequest), new(didit.ImportJob), new(didit.SandboxArmRequest),
		new(didit.SessionNotice), new(didit.EntityNotice), new(didit.ActivityNotice), new(didit.TransactionNotice), new(didit.RegistrySearchNotice),
		new(didit.OtherNotice), new(didit.IDVerification), new(didit.NFCVerification), new(didit.AMLHit), new(didit.Party), new(didit.KeyOwner),
		new(didit.Warning), new(didit.Share), new(didit.FeatureList), new(didit.Feature), new(didit.FieldError), new(didit.ListOptions), new(didit.ImportRequest),
		new(didit.Download), new(didit.Verifier), new(didit.Coordinates), new(didit.ExpectedDetails), new(didit.ContactDetails),
	} {
		fill(reflect.ValueOf(v).Elem(), 0)
		var log bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&log, timeless))
		logger.Info("x", "pointer", v, "value", reflect.ValueOf(v).Elem().Interface())
		slog.New(slog.NewJSONHandler(&log, timeless)).Info("x", "pointer", v, "value", reflect.ValueOf(v).Elem().Interface())
		text := log.String()
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			text += fmt.Sprintf(verb, v) + fmt.Sprintf(verb, reflect.ValueOf(v).Elem().Interface())
		}
		for _, secret := range []string{leak, "7355608", fmt.Sprintf("%x", leak), "TEVBS0xFQUtMRUFL"} {
			if strings.Contains(text, secret) {
				t.Errorf("%T prints %s", v, secret)
			}
		}
	}
}

// TestFixturesDoNotPrint prints what the vendor's examples become.
func TestFixturesDoNotPrint(t *testing.T) {
	private := []string{"Carmen", "Española", "Smith", "John", "CAA000000", "99999999R", "1980-01-01", "Madrid", "600600600", "media-host", "verify.didit.me", "ACME", "example.com", "1990-05-15"}
	for _, name := range didit.FixtureNames(t, "decision-*.json") {
		var d didit.Decision
		if err := kyc.Unmarshal(didit.Fixture(t, name), &d); err != nil {
			t.Fatal(err)
		}
		r := d.Result()
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, timeless)).Info("x", "decision", d, "result", r)
		text := log.String() + fmt.Sprintf("%v %+v %#v %s %v %+v %#v", d, d, &d, d, r, r, r)
		for _, p := range private {
			if strings.Contains(text, p) {
				t.Errorf("%s prints %s", name, p)
			}
		}
		if !strings.Contains(text, "IDVerifications") && !strings.Contains(text, "RegistryChecks") && name != "decision-legacy-shared.json" {
			t.Errorf("%s prints nothing of use: %v", name, d)
		}
	}
	e := kyc.Event{Vendor: kyc.Didit, ID: leak, Raw: []byte(leak), Status: leak, OccurredAt: time.Now()}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", e, e, e), leak) {
		t.Error("an event prints")
	}
}

// TestErrorsDoNotPrint looks at what a failing call leaves in text and log.
func TestErrorsDoNotPrint(t *testing.T) {
	server := didittest.NewServer(didittest.Answer("Sessions.Create", 1, 400, "application/json", `{"vendor_data":["`+leak+` is blocked"],"workflow_id":["`+leak+`"]}`))
	defer server.Close()
	var log bytes.Buffer
	c := client(t, server, kyc.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	_, err := c.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: leak, Callback: "https://" + leak + ".example"})
	if err == nil {
		t.Fatal("no error")
	}
	_, bad := c.Sessions.Decision(t.Context(), leak)
	_, media := c.Media.Download(t.Context(), kyc.Secret(server.URL()+"/media/"+leak+"?token="+leak), &log)
	text := fmt.Sprintf("%v %+v %#v %v %v %v", err, err, err, bad, media, c) + log.String()
	if strings.Contains(text, leak) || strings.Contains(text, server.Config().APIKey.Reveal()) {
		t.Errorf("a failure prints input: %s", text)
	}
	if got := didit.FieldErrors(err); len(got) != 2 || !strings.Contains(got[0].Message, leak) {
		t.Errorf("the messages are not there on purpose: %d", len(got))
	}
}
