package kyc

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The log form and the JSON form of an error say what its text says, and nothing that is empty.
func TestErrorForms(t *testing.T) {
	for _, tt := range []struct {
		err       *Error
		log, json string
	}{
		{
			&Error{
				Vendor: Jumio, Operation: "accounts.create", Kind: ErrRateLimited, StatusCode: 429, Code: "X1", Message: "SENTINEL", RequestID: "r-1", Attempts: 3,
				RetryAfter: 90 * time.Second, Err: errors.New("SENTINEL"), body: []byte("SENTINEL"),
			},
			`vendor=jumio operation=accounts.create error="rate limited" status=429 code=X1 request_id=r-1 attempts=3 retry_after=1m30s detail="call again after 1m30s"`,
			`{"vendor":"jumio","operation":"accounts.create","error":"rate limited","status":429,"code":"X1","request_id":"r-1","attempts":3,"retry_after":"1m30s",` +
				`"detail":"call again after 1m30s"}`,
		},
		{
			Invalid(Yoti, "sessions.create", "the TTL is below 300 s"),
			`vendor=yoti operation=sessions.create error="invalid request" detail="the TTL is below 300 s"`,
			`{"vendor":"yoti","operation":"sessions.create","error":"invalid request","detail":"the TTL is below 300 s"}`,
		},
		{
			&Error{Vendor: Yoti, Operation: "x y", Code: "Jane Doe", RequestID: "Jane Doe", Err: context.Canceled},
			`vendor=yoti error="context canceled"`,
			`{"vendor":"yoti","error":"context canceled"}`,
		},
		{
			&Error{Kind: ErrUnavailable},
			`error=unavailable detail="try again later, and check whether a create took effect before repeating it"`,
			`{"error":"unavailable","detail":"try again later, and check whether a create took effect before repeating it"}`,
		},
		{&Error{}, "error=failed", `{"error":"failed"}`},
	} {
		var out strings.Builder
		onlyError := &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 {
				return slog.Attr{}
			}
			return a
		}}
		slog.New(slog.NewTextHandler(&out, onlyError)).Info("x", "e", tt.err)
		if diff := cmp.Diff(tt.log, strings.ReplaceAll(strings.TrimSpace(out.String()), "e.", "")); diff != "" {
			t.Error(diff)
		}
		b, err := json.Marshal(tt.err)
		if diff := cmp.Diff(tt.json, string(b)); diff != "" || err != nil {
			t.Errorf("%v: %s", err, diff)
		}
	}
}

func TestSafeRequestID(t *testing.T) {
	for id, want := range map[string]string{
		"req-1_a.b:c/d": "req-1_a.b:c/d", "Jane Doe": "", "a\nb": "", "jane@example.com": "", strings.Repeat("x", 80): strings.Repeat("x", 80), strings.Repeat("x", 81): "", "": "",
	} {
		if diff := cmp.Diff(want, SafeRequestID(id)); diff != "" {
			t.Errorf("%q: %s", id, diff)
		}
	}
}

// What a vendor puts where its code belongs may be made of what was sent.
func TestCodesThatAreNone(t *testing.T) {
	for code, printed := range map[string]bool{
		"PAYLOAD_VALIDATION": true, "session_not_found": true, "invalid.client": true, "X1": true, "OCR-v2": true, "400": true, "9836": true, "62012": true,
		"123456": false, "L8988901": false, "E404": false, "1974-08-12": false, "74-08-12": false, "Duplicate:ERIKSSON": false, "Duplicate:ERIKSSON1974-08-12:L898902C3": false,
		"a/b": false, "Jane Doe": false, "jane@example.com": false, "Müller": false, "": false, strings.Repeat("x", 81): false,
	} {
		e := &Error{Vendor: Didit, Operation: "x", Kind: ErrConflict, Code: code}
		b, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{e.Error(), string(b), e.LogValue().String()} {
			if strings.Contains(text, "code") != printed || printed && !strings.Contains(text, code) {
				t.Errorf("%q: %s", code, text)
			}
		}
	}
}
