package kyctest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"reflect"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// printed returns what a value shows of itself under every verb and in both forms of slog. %p is left out: package fmt prints
// it without asking the type.
func printed(v any) string {
	var b bytes.Buffer
	values := []any{v, []any{v}, map[string]any{"v": v}, struct{ V any }{v}}
	for _, value := range values {
		for _, verb := range [...]string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%o", "%U", "%T"} {
			fmt.Fprintf(&b, verb+"\n", value)
		}
	}
	b.WriteString(fmt.Sprint(v) + fmt.Sprintln(v))
	slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{ReplaceAttr: untimed})).Info("printed", "v", v, slog.Group("g", "v", v))
	if reflect.ValueOf(v).Kind() != reflect.Slice {
		// slog's JSON handler encodes a bare slice as JSON, and JSON is complete on purpose.
		slog.New(slog.NewJSONHandler(&b, &slog.HandlerOptions{ReplaceAttr: untimed})).Info("printed", "v", v, slog.Group("g", "v", v))
	}
	if err, ok := v.(error); ok {
		fmt.Fprintln(&b, err.Error(), fmt.Errorf("wrapped: %w", err), errors.Join(err, err))
		if text, err := json.Marshal(v); err == nil {
			b.Write(text)
		}
	}
	return b.String()
}

// leaked returns which of the secrets a text holds, by number and form, or "" for none.
func leaked(text string, secrets []string) string {
	for i, secret := range secrets {
		if secret == "" {
			continue
		}
		quoted, _ := json.Marshal(secret)
		forms := map[string]string{
			"as it is": secret, "as JSON": string(quoted[1 : len(quoted)-1]), "in a query": url.QueryEscape(secret), "in a path": url.PathEscape(secret),
			"as hex": hex.EncodeToString([]byte(secret)), "as upper hex": strings.ToUpper(hex.EncodeToString([]byte(secret))),
			"as base64": strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "="),
			"as bytes":  strings.Trim(fmt.Sprint([]byte(secret)), "[]"),
		}
		for form, shown := range forms {
			if strings.Contains(text, shown) {
				return fmt.Sprintf("secret %d %s", i, form)
			}
		}
	}
	return ""
}

func (s *suite) printing(t reporter) {
	for _, outcome := range s.Outcomes {
		t.Run(outcome.String(), func(t reporter) {
			s.with(t, Setup{Outcome: outcome}, func(w *world) {
				req := s.request()
				req.Person = &kyc.Person{FirstName: "KYCTEST-FIRST", LastName: "KYCTEST-LAST", DateOfBirth: "1987-06-05"}
				req.Metadata = map[string]string{"kyctest-key": "KYCTEST-METADATA"}
				own := []string{"KYCTEST-FIRST", "KYCTEST-LAST", "1987-06-05", "KYCTEST-METADATA", req.Reference}
				session := s.finish(t, w)
				result, err := w.p.Fetch(t.Context(), session.Ref)
				if err != nil {
					t.Fatalf("Fetch: %v", err)
				}
				secrets := append(w.Secrets(), own...)
				if outcome == kyc.Approved && !served(w.Secrets(), session, result) {
					t.Errorf("the fake sent none of its Secrets, so this proves nothing")
				}
				values := map[string]any{
					"session": *session, "session pointer": session, "result": *result, "result pointer": result, "redacted result": result.Redacted(),
					"person": result.Person, "documents": result.Documents, "company": result.Company, "parties": result.Parties, "checks": result.Checks,
					"evidence": result.Evidence, "request": req, "request pointer": &req, "provider": w.p,
				}
				for _, e := range result.Evidence {
					values["evidence at "+e.Pointer] = e
				}
				for _, d := range result.Documents {
					values["document at "+d.Ref] = d
				}
				for name, v := range values {
					if leak := leaked(printed(v), secrets); leak != "" {
						t.Errorf("the printed %s holds %s", name, leak)
					}
				}
				text, err := json.Marshal(result.Redacted())
				if leak := leaked(string(text), w.Secrets()); leak != "" || err != nil {
					t.Errorf("the redacted result's JSON holds %s, %v", leak, err)
				}
				_, err = w.p.Fetch(t.Context(), kyc.Ref{Vendor: s.Vendor, Account: session.Ref.Account, Session: "11111111-2222-4333-8444-555555555555"})
				if err == nil {
					t.Errorf("a session that was never opened is found")
				} else if leak := leaked(printed(err), secrets); leak != "" {
					t.Errorf("the printed error holds %s", leak)
				}
			})
		})
	}
}

// served reports whether the fake really sent one of the secrets.
func served(secrets []string, session *kyc.Session, result *kyc.Result) bool {
	for _, secret := range secrets {
		quoted, _ := json.Marshal(secret)
		if secret != "" && (bytes.Contains(result.Raw, quoted[1:len(quoted)-1]) || bytes.Contains(session.Raw, quoted[1:len(quoted)-1]) ||
			strings.Contains(session.URL.Reveal(), secret) || session.Token.Reveal() == secret) {
			return true
		}
	}
	return false
}

// untimed keeps times and durations out of records: any short run of digits may be found in them.
func untimed(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindTime || a.Value.Kind() == slog.KindDuration {
		return slog.Attr{}
	}
	return a
}
