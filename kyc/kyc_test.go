package kyc

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestZeroValuesAreSafe(t *testing.T) {
	if Decision(0) != Unknown || Decision(0).Final() || Decision(0).Settled() || Assurance(0) != AssuranceNone || Decision(200).String() != "unknown" || Decision(200).Settled() {
		t.Error("a zero or foreign value says something")
	}
	var r Result
	if r.Decision == Approved || len(r.Reasons()) != 0 {
		t.Error("the zero result says something")
	}
}

func TestDecisionText(t *testing.T) {
	for _, d := range Decisions() {
		text, err := d.MarshalText()
		var back Decision
		if err != nil || back.UnmarshalText(text) != nil || back != d {
			t.Errorf("%v: %q, %v", d, text, err)
		}
	}
	for _, text := range []string{"", "Approved", "APPROVED", "approved ", "yes", "4"} {
		d := Approved
		if err := d.UnmarshalText([]byte(text)); err != nil || d != Unknown {
			t.Errorf("%q: %v, %v", text, d, err)
		}
	}
	final := map[Decision]bool{Approved: true, Declined: true, Expired: true, Abandoned: true, Failed: true}
	settled := map[Decision]bool{Unknown: false, Pending: false}
	for _, d := range Decisions() {
		if d.Final() != final[d] {
			t.Errorf("%v.Final() = %v", d, d.Final())
		}
		if _, open := settled[d]; d.Settled() == open {
			t.Errorf("%v.Settled() = %v", d, d.Settled())
		}
	}
}

func TestRefText(t *testing.T) {
	for _, r := range []Ref{
		{}, {Vendor: Jumio, Account: "a", Session: "s"}, {Vendor: Didit, Session: "s"}, {Vendor: Yoti, Session: "a/b:c d?%"}, {Vendor: "x:y", Account: "/", Session: ".."}, {Vendor: Transmit}, {Vendor: Jumio, Account: "a"},
	} {
		b, err := json.Marshal(r)
		var back Ref
		if err != nil || json.Unmarshal(b, &back) != nil || back != r {
			t.Errorf("%s: %v, %v", b, back, err)
		}
	}
	for _, text := range []string{"jumio", ":s", "jumio:/s", "jumio:/", "jumio:a/b/c", "jumio:%zz"} {
		if _, err := ParseRef(text); !errors.Is(err, ErrInvalid) || strings.Contains(err.Error(), "zz") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestRefValidate(t *testing.T) {
	const none, other, session, needs, has = "the Ref names no vendor", "the Ref is another vendor's", "the Ref names no session", "the Ref needs an account", "the Ref names an account, which this vendor does not have"
	for _, tt := range []struct {
		ref         Ref
		vendor      Vendor
		needAccount bool
		want        string
	}{
		{Ref{Jumio, "a", "s"}, Jumio, true, ""},
		{Ref{Didit, "", "s"}, Didit, false, ""},
		{Ref{}, Jumio, true, none},
		{Ref{"", "", "s"}, Didit, false, none},
		{Ref{"", "a", "s"}, Jumio, true, none},
		{Ref{"", "", "s"}, "", false, none},
		{Ref{Yoti, "", "s"}, Didit, false, other},
		{Ref{"didit ", "", "s"}, Didit, false, other},
		{Ref{"Didit", "", "s"}, Didit, false, other},
		{Ref{ChainVendor, "", "s"}, Didit, false, other},
		{Ref{Jumio, "a", "s"}, Didit, false, other},
		{Ref{Didit, "", ""}, Didit, false, session},
		{Ref{Didit, "a", ""}, Didit, false, session},
		{Ref{Jumio, "a", ""}, Jumio, true, session},
		{Ref{Jumio, "", "s"}, Jumio, true, needs},
		{Ref{Didit, "a", "s"}, Didit, false, has},
	} {
		err := tt.ref.Validate(tt.vendor, "fetch", tt.needAccount)
		if tt.want == "" {
			if err != nil {
				t.Errorf("%v: %v", tt.ref, err)
			}
			continue
		}
		e, ok := errors.AsType[*Error](err)
		if !ok || !errors.Is(err, ErrInvalid) || Uncertain(err) {
			t.Fatalf("%v: %v", tt.ref, err)
		}
		if diff := cmp.Diff([]string{string(tt.vendor), "fetch", tt.want}, []string{string(e.Vendor), e.Operation, e.Detail}); diff != "" {
			t.Errorf("%v: %s", tt.ref, diff)
		}
	}
}

func FuzzParseRef(f *testing.F) {
	f.Add("jumio:a/s")
	f.Add("didit:s%2F")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseRef(s)
		if err != nil {
			return
		}
		if back, err := ParseRef(r.String()); err != nil || back != r {
			t.Errorf("%q: %#v, then %#v, %v", s, [3]string{string(r.Vendor), r.Account, r.Session}, [3]string{string(back.Vendor), back.Account, back.Session}, err)
		}
	})
}

func TestSecretNeverPrints(t *testing.T) {
	s := Secret("hunter2")
	holder := struct{ S Secret }{s}
	var out strings.Builder
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "s", s, "h", fmt.Sprint(holder))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10.3s", "%t"} {
		fmt.Fprintf(&out, verb+verb, s, holder)
		if diff := cmp.Diff("[redacted]", fmt.Sprintf(verb, s)); diff != "" {
			t.Errorf("%s: %s", verb, diff)
		}
	}
	if diff := cmp.Diff("struct { S kyc.Secret }{S:[redacted]}", fmt.Sprintf("%#v", holder)); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(out.String(), "hunter2") || strings.Contains(out.String(), "68756e") || strings.Contains(strings.ToLower(out.String()), "68756e746572") {
		t.Errorf("printed %s", out.String())
	}
	if s.Reveal() != "hunter2" || Secret("").String() != "" {
		t.Error("Reveal or the empty text is wrong")
	}
}

func TestTimestamps(t *testing.T) {
	day := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-05-04T03:02:01Z": day, "2026-05-04T05:02:01+02:00": day, "2026-05-04T03:02:01.123456Z": day.Add(123456 * time.Microsecond),
		"2026-05-04T03:02:01": day, "2026-05-04T03:02:01.5": day.Add(500 * time.Millisecond), "2026-05-04 03:02:01": day, "2026-05-04 03:02:01+00:00": day,
		"2026-05-04T03:02:01+0000": day, "2026-05-04": day.Truncate(24 * time.Hour),
	} {
		if got, err := Timestamp(text).Time(); err != nil || !got.Equal(want) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "yesterday", "1795341600", "2026-13-01T00:00:00Z", "9999-12-31T23:59:59-08:00", "0000-01-01T00:00:00+08:00"} {
		if got, err := Timestamp(text).Time(); err == nil || !got.IsZero() || (text != "" && strings.Contains(err.Error(), text)) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for text, ok := range map[Date]bool{"1990-02-28": true, "1990-02-28T00:00:00.000Z": true, "1990-02-28T00:00:00+14:00": true, "1990-02-30": false, "28.02.1990": false, "": false, "1990-02-28x": false} {
		got, err := text.Time()
		if (err == nil) != ok || (ok && got != time.Date(1990, 2, 28, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	if DateOf(day) != "2026-05-04" || DateOf(time.Time{}) != "" {
		t.Error("DateOf")
	}
}

func FuzzTimestamp(f *testing.F) {
	f.Add("2026-05-04T03:02:01.123Z")
	f.Add("2026-05-04 03:02:01")
	f.Fuzz(func(t *testing.T, s string) {
		if at, err := Timestamp(s).Time(); err != nil && !at.IsZero() {
			t.Errorf("%q: %v with %v", s, at, err)
		}
		if at, err := Date(s).Time(); err == nil && at.Hour()+at.Minute() != 0 {
			t.Errorf("%q: %v", s, at)
		}
	})
}

func TestErrorText(t *testing.T) {
	tests := []struct {
		err  *Error
		want string
	}{
		{&Error{Vendor: Jumio, Operation: "accounts.create", Kind: ErrRateLimited, StatusCode: 429, Code: "X1", RequestID: "r-1", Attempts: 3, RetryAfter: 90 * time.Second},
			"jumio: accounts.create: rate limited (status 429, code X1, request id r-1, 3 attempts): call again after 1m30s"},
		{Invalid(Yoti, "sessions.create", "the TTL is below 300 s"), "yoti: sessions.create: invalid request: the TTL is below 300 s"},
		{&Error{Kind: ErrNotFound, Code: "Jane Doe", RequestID: "a\nb"}, "kyc: not found: check the id; the vendor may have deleted it"},
		{&Error{}, "kyc: failed"},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, fmt.Sprintf("%+v", tt.err)); diff != "" {
			t.Error(diff)
		}
	}
	for status, want := range map[int]error{400: ErrInvalid, 401: ErrUnauthorized, 403: ErrForbidden, 404: ErrNotFound, 410: ErrNotFound, 409: ErrConflict, 422: ErrInvalid,
		408: ErrUnavailable, 425: ErrUnavailable, 429: ErrRateLimited, 500: ErrUnavailable, 503: ErrUnavailable, 302: ErrMalformed} {
		if got := KindOf(status); got != want {
			t.Errorf("%d: %v, want %v", status, got, want)
		}
	}
}

func TestTable(t *testing.T) {
	table := Table{{Field: "status", Word: "ok", Decision: Approved}, {Field: "other", Word: "no", Decision: Declined}}
	s := NewSettings(WithOverrides(
		// Not every way in to the tables validates the options, so what does not validate decides nothing.
		Override{Field: "status", Word: "ok", Decision: Approved}, Override{Name: " ", Field: "other", Word: "no", Decision: Approved},
		Override{Name: "x", Field: "status", Decision: Approved}, Override{Name: "x", Word: "ok", Decision: Approved},
		Override{Name: "x", Field: "other", Word: "no", Decision: Failed + 1},
		Override{Name: "strict", Vendor: Didit, Field: "status", Word: "ok", Decision: Review},
		Override{Name: "tenant", Field: "label", Check: "FACE", Word: "fine", Decision: Approved},
	))
	tests := []struct {
		vendor             Vendor
		field, check, word string
		want               Decision
		rule               string
	}{
		{Yoti, "status", "", "ok", Approved, "status ok is approved"},
		{Yoti, "status", "", "OK", Unknown, "status: no rule names this value"},
		{Yoti, "other", "", "no", Declined, "other no is declined"},
		{Yoti, "status", "", "", Unknown, "status: no rule names this value"},
		{Yoti, "", "", "ok", Unknown, ": no rule names this value"},
		{Yoti, "status", "", "no", Unknown, "status: no rule names this value"},
		{Didit, "status", "", "ok", Review, "override strict"},
		{Yoti, "label", "FACE", "fine", Approved, "override tenant"},
		{Yoti, "label", "TEXT", "fine", Unknown, "label: no rule names this value"},
	}
	for _, tt := range tests {
		if d, rule := s.Decide(table, tt.vendor, tt.field, tt.check, tt.word); d != tt.want || rule != tt.rule {
			t.Errorf("%v: %v by %q", tt, d, rule)
		}
	}
}
