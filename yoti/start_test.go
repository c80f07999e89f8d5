package yoti_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// fillers are values that fit the fields which take no text.
var fillers = map[string]any{
	"Workflow": "own", "RedirectURL": "https://example.com/set", "NotifyURL": "https://example.com/set", "Locale": "de", "TTL": 1234 * time.Second,
	"Person.DateOfBirth": kyc.Date("1988-07-06"), "Person.Address.Country": "FRA", "Person.Address.Lines": []string{"line that was set"},
	"Consent.Obtained": true, "Consent.ObtainedAt": time.Unix(1, 0), "Metadata": map[string]string{"set": "set"},
}

// shown is what stands in the request where it is not the value itself.
var shown = map[string]string{"Workflow": "brand", "TTL": "1234", "Consent.Obtained": "-", "Consent.ObtainedAt": "-", "Metadata": "-", "Person.Address.Lines": "line that was set"}

// leaves lists the fields below a type that hold a value.
func leaves(t reflect.Type, path string, yield func(path string)) {
	for f := range fields(t) {
		name := strings.TrimPrefix(path+"."+f.Name, ".")
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct && inner != reflect.TypeFor[time.Time]() {
			leaves(inner, name, yield)
			continue
		}
		yield(name)
	}
}

func fields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}

// set puts a value at a path, and says as what it is looked for in the request.
func set(t *testing.T, req *kyc.StartRequest, path string) string {
	t.Helper()
	v := reflect.ValueOf(req).Elem()
	for step := range strings.SplitSeq(path, ".") {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.FieldByName(step)
	}
	text := "set-" + strings.ReplaceAll(path, ".", "-")
	if value, ok := fillers[path]; ok {
		v.Set(reflect.ValueOf(value))
		text = v.String()
	} else {
		v.SetString(text)
	}
	if as, ok := shown[path]; ok {
		text = as
	}
	return text
}

// Every field of a StartRequest goes out, alone or beside a name in either form, or is refused by its own name.
func TestStartLosesNoField(t *testing.T) {
	fake := yotitest.NewServer()
	t.Cleanup(fake.Close)
	cfg := withWorkflow(fake.Config(), matching)
	cfg.Workflows["own"] = matching
	cfg.NotificationAuth = noticeAuth
	client := newClient(t, fake, cfg)
	tried := 0
	leaves(reflect.TypeFor[kyc.StartRequest](), "", func(path string) {
		for name, person := range map[string]*kyc.Person{
			"alone": nil, "beside names": {FirstName: "Anna", LastName: "Specimen"}, "beside a full name": {FullName: "Anna Specimen"},
		} {
			named := strings.HasSuffix(path, "Name") || strings.HasPrefix(path, "Person.") && fillers[path] == nil && !strings.Contains(path, "Address")
			if person == nil && !named {
				continue // the workflow compares somebody, and nobody is compared without a name
			}
			tried++
			req := kyc.StartRequest{Reference: "r"}
			if person != nil {
				own := *person
				req.Person = &own
			}
			text := set(t, &req, path)
			before := len(fake.RequestsOf("Sessions.Create"))
			_, err := client.Start(t.Context(), req)
			if err != nil {
				field := path[strings.LastIndex(path, ".")+1:]
				if top, _, nested := strings.Cut(path, "."); nested && top == "Consent" {
					field = top
				}
				if !strings.Contains(err.Error(), field) || strings.Contains(err.Error(), text) {
					t.Errorf("%s, %s: the error does not name the field, or repeats its value: %v", path, name, err)
				}
				wantErr(t, path, err, kyc.ErrInvalid)
				continue
			}
			if sent := fake.RequestsOf("Sessions.Create")[before]; !strings.Contains(sent.Golden(), text) {
				t.Errorf("%s, %s: neither sent nor refused", path, name)
			}
		}
	})
	if tried < 45 {
		t.Errorf("only %d requests were tried", tried)
	}
}

// Errors speak of what the caller of Start wrote, not of what it became.
func TestStartNamesItsOwnFields(t *testing.T) {
	fake, _ := start(t)
	late := yoti.SessionRequest{SessionDeadline: kyc.Timestamp(time.Now().Add(time.Hour).UTC().Format(time.RFC3339))}
	for name, c := range map[string]struct {
		workflow yoti.SessionRequest
		change   func(*kyc.StartRequest)
		want     string
	}{
		"half a second":      {yoti.SessionRequest{}, func(r *kyc.StartRequest) { r.TTL = 900*time.Second + time.Second/2 }, "start: invalid request: TTL is not whole seconds"},
		"less than a second": {yoti.SessionRequest{}, func(r *kyc.StartRequest) { r.TTL = time.Nanosecond }, "start: invalid request: TTL is not whole seconds"},
		"short":              {yoti.SessionRequest{}, func(r *kyc.StartRequest) { r.TTL = 300 * time.Second }, "start: invalid request: TTL is not more than 300 seconds"},
		"beside a deadline":  {late, func(r *kyc.StartRequest) { r.TTL = time.Hour }, "start: invalid request: TTL cannot be set"},
		"nobody to compare":  {matching, func(*kyc.StartRequest) {}, "start: invalid request: Person is missing"},
		"first name alone":   {matching, func(r *kyc.StartRequest) { r.Person = &kyc.Person{FirstName: "Anna"} }, "FirstName and LastName"},
		"middle and full":    {matching, func(r *kyc.StartRequest) { r.Person = &kyc.Person{FullName: "Anna", MiddleName: "M"} }, "FullName excludes"},
		"country of no world": {matching, func(r *kyc.StartRequest) {
			r.Person = &kyc.Person{FullName: "Anna", Address: &kyc.Address{Country: "Atlantis"}}
		}, "Person.Address.Country"},
	} {
		req := kyc.StartRequest{Reference: "r"}
		c.change(&req)
		_, err := newClient(t, fake, withWorkflow(fake.Config(), c.workflow)).Start(t.Context(), req)
		wantErr(t, name, err, kyc.ErrInvalid)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// The end of a session can be stored and compared.
func TestExpiresAtIsPlain(t *testing.T) {
	_, client := start(t)
	session := must[*kyc.Session](t)(client.Start(t.Context(), kyc.StartRequest{Reference: "r"}))
	text := must[[]byte](t)(session.ExpiresAt.MarshalText())
	var stored time.Time
	if err := stored.UnmarshalText(text); err != nil {
		t.Fatal(err)
	}
	if session.ExpiresAt != stored || session.ExpiresAt.Location() != time.UTC || strings.Contains(session.ExpiresAt.String(), "m=") {
		t.Error("ExpiresAt is not a plain time in UTC: " + cmp.Diff(stored.String(), session.ExpiresAt.String()))
	}
}
