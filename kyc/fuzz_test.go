package kyc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A stored result reads as what was stored or not at all.
func FuzzStoredResult(f *testing.F) {
	f.Add([]byte(`{"version":1,"ref":"jumio:a/s","decision":"approved","raw":"e30="}`))
	f.Add([]byte(`{"version":1,"decision":"declined","decision":"approved"}`))
	f.Add([]byte(`{"version":2,"decision":"approved"}`))
	f.Add([]byte(`{"Version":1,"Decision":"approved"}`))
	f.Add([]byte(`{"version":1,"decision":"Approved","checks":[{"decision":"approved"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var r Result
		if err := json.Unmarshal(data, &r); err != nil {
			if r.Decision != Unknown {
				t.Fatalf("%q: %v with %v", data, r.Decision, err)
			}
			return
		}
		if r.Decision == Approved {
			var word string
			if at, err := Resolve(data, "/decision"); err != nil || json.Unmarshal(at, &word) != nil || word != "approved" {
				t.Fatalf("%q is approved by %q", data, word)
			}
		}
		first, err := json.Marshal(r)
		if err != nil {
			return // a time that JSON cannot hold
		}
		var again Result
		if err := json.Unmarshal(first, &again); err != nil || again.Decision != r.Decision || !bytes.Equal(again.Raw, r.Raw) {
			t.Fatalf("%q became %q: %v", data, first, err)
		}
	})
}

// A pointer finds what a decoder of its own finds.
func FuzzResolve(f *testing.F) {
	f.Add([]byte(`{"a":[{"b~/c":1}],"":2}`), "/a/0/b~0~1c")
	f.Add([]byte(`{"a":1}`), "/a/")
	f.Add([]byte(`[[],{}]`), "/01")
	f.Fuzz(func(t *testing.T, doc []byte, pointer string) {
		var v any
		if Unmarshal(doc, &v) != nil || !strings.HasPrefix(pointer, "/") {
			_, _ = Resolve(doc, pointer)
			return
		}
		found := true
		for _, token := range strings.Split(pointer[1:], "/") {
			token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
			switch at := v.(type) {
			case map[string]any:
				v, found = at[token]
			case []any:
				i := -1
				found = json.Unmarshal([]byte(token), &i) == nil && i >= 0 && i < len(at) && strings.Trim(token, "0123456789") == ""
				if found {
					v = at[i]
				}
			default:
				found = false
			}
			if !found {
				break
			}
		}
		got, err := Resolve(doc, pointer)
		if found != (err == nil) {
			t.Fatalf("%q at %q: found %v, Resolve gives %v", doc, pointer, found, err)
		}
		if err == nil {
			var back any
			if Unmarshal(got, &back) != nil {
				t.Fatalf("%q at %q gives %q", doc, pointer, got)
			}
		} else if !errors.Is(err, ErrNotFound) {
			t.Fatalf("%q at %q: %v", doc, pointer, err)
		}
	})
}

// Whatever is posted, the handler answers with a status and lets nothing through that the source refuses.
func FuzzHandler(f *testing.F) {
	f.Add("POST", []byte(`{"good":true}`), "application/json")
	f.Add("GET", []byte(nil), "")
	f.Add("POST", bytes.Repeat([]byte("x"), 100), "multipart/form-data")
	f.Fuzz(func(t *testing.T, method string, body []byte, contentType string) {
		r, err := http.NewRequest(method, "/notices", bytes.NewReader(body))
		if err != nil {
			return
		}
		r.Header.Set("Content-Type", contentType)
		events := 0
		source := NoticeSourceFunc(func(_ *http.Request, body []byte) (Event, error) {
			if !bytes.Equal(body, []byte(`{"good":true}`)) {
				return Event{}, Malformed(Didit, "notice", "not good", nil)
			}
			return Event{Vendor: Didit, ID: "1"}, nil
		})
		w := httptest.NewRecorder()
		Handler(source, func(context.Context, Event) error { events++; return nil }).ServeHTTP(w, r)
		good := method == http.MethodPost && bytes.Equal(body, []byte(`{"good":true}`))
		if (events == 1) != good || (w.Code/100 == 2) != good || (len(body) > 8 && bytes.Contains(w.Body.Bytes(), body)) {
			t.Fatalf("%s %q: %d events, status %d, answer %q", method, body, events, w.Code, w.Body)
		}
	})
}
