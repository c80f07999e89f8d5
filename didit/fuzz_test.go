package didit

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A list ends, whatever the vendor's links say, and only their query is followed.
func FuzzPages(f *testing.F) {
	f.Add("https://verification.didit.me/v3/sessions/?offset=10", "https://evil.example/?offset=20")
	f.Add("?offset=1", "?offset=1")
	f.Add("%zz", "")
	f.Fuzz(func(t *testing.T, first, second string) {
		links := []string{first, second, first, second, ""}
		calls := 0
		fetch := func(url.Values) ([]*SessionSummary, string, error) {
			calls++
			if calls > len(links) {
				t.Fatalf("%q, %q: no end", first, second)
			}
			return []*SessionSummary{{}}, links[calls-1], nil
		}
		rows := 0
		for row, err := range pages(url.Values{}, fetch, opList) {
			if err != nil {
				if !errors.Is(err, kyc.ErrMalformed) || row != nil {
					t.Fatalf("%v, %v", row, err)
				}
				continue
			}
			rows++
		}
		if rows != calls {
			t.Fatalf("%d rows of %d pages", rows, calls)
		}
	})
}

// A share is a number, a range or a text, and comes back as it was.
func FuzzShare(f *testing.F) {
	for _, s := range []string{`"25%"`, `"25-50"`, `25.5`, `"75 to 100%"`, `null`, `1e999`, `"-5"`, `{}`, `"NaN"`, `"0x1p4"`, `"Inf"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var s Share
		if kyc.Unmarshal(raw, &s) != nil {
			return
		}
		_ = s.Text()
		if low, high, ok := s.Percent(); ok && !(low <= high && low >= 0 && high <= 1e9) {
			t.Fatalf("%q is %v to %v", raw, low, high)
		}
		first, err := kyc.Marshal(s)
		if err != nil {
			t.Fatalf("%q: %v", raw, err)
		}
		var again Share
		if err := kyc.Unmarshal(first, &again); err != nil || again.Text() != s.Text() {
			t.Fatalf("%q became %q, %v", raw, first, err)
		}
	})
}

// Every form of an error body gives an error of one class whose text repeats nothing of it.
func FuzzDescribe(f *testing.F) {
	for _, name := range fixtureNames(f, "errors/*.json") {
		f.Add(400, fixture(f, name))
	}
	f.Add(403, []byte(`{"detail":"You do not have enough credits, Wilhelmina"}`))
	f.Add(404, []byte("<html>"))
	f.Add(400, []byte(`{"detail":"AB1234567"}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 300 || status > 599 {
			return
		}
		e := &kyc.Error{Vendor: kyc.Didit, Operation: opCreate, StatusCode: status, Kind: kyc.KindOf(status)}
		e.WithBody(body)
		describe(e, nil, body)
		classes := 0
		for _, kind := range []error{kyc.ErrNotFound, kyc.ErrUnauthorized, kyc.ErrForbidden, kyc.ErrInvalid, kyc.ErrConflict, kyc.ErrRateLimited, kyc.ErrUnavailable, kyc.ErrMalformed} {
			if errors.Is(e, kind) {
				classes++
			}
		}
		if classes != 1 {
			t.Fatalf("%d %q has %d classes: %v", status, body, classes, e)
		}
		bare := &kyc.Error{Vendor: e.Vendor, Operation: e.Operation, StatusCode: status, Kind: e.Kind, Code: e.Code, Detail: e.Detail}
		if got := fmt.Sprintf("%+v", e); got != bare.Error() {
			t.Fatalf("%d %q prints %q", status, body, got)
		}
		if strings.ContainsAny(e.Code, "0123456789") {
			t.Fatalf("%d %q has the code %q", status, body, e.Code)
		}
		_ = FieldErrors(e)
	})
}
