package leaks

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"go/doc"
	"go/parser"
	"go/token"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// vendor opens a client on a fake and plays the user.
type vendor struct {
	name string
	open func(t *testing.T, opts func(base http.RoundTripper) []kyc.Option) (client kyc.Provider, play func(*kyc.Session) bool, end func())
}

var vendors = []vendor{
	{"jumio", func(t *testing.T, opts func(http.RoundTripper) []kyc.Option) (kyc.Provider, func(*kyc.Session) bool, func()) {
		s := jumiotest.NewServer()
		c, err := jumio.NewClient(s.Config(), opts(s.HTTPClient().Transport)...)
		failed(t, err)
		return c, func(session *kyc.Session) bool { return s.CompleteJourney(session.Ref) }, s.Close
	}},
	{"transmit", func(t *testing.T, opts func(http.RoundTripper) []kyc.Option) (kyc.Provider, func(*kyc.Session) bool, func()) {
		s := transmittest.NewServer()
		c, err := transmit.NewClient(s.Config(), opts(s.HTTPClient().Transport)...)
		failed(t, err)
		return c, func(session *kyc.Session) bool {
			_, err := s.Visit(session.URL)
			return err == nil
		}, s.Close
	}},
	{"didit", func(t *testing.T, opts func(http.RoundTripper) []kyc.Option) (kyc.Provider, func(*kyc.Session) bool, func()) {
		s := didittest.NewServer()
		c, err := didit.NewClient(s.Config(), opts(s.HTTPClient().Transport)...)
		failed(t, err)
		return c, func(session *kyc.Session) bool { return s.Complete(session.Ref.Session) }, s.Close
	}},
	{"yoti", func(t *testing.T, opts func(http.RoundTripper) []kyc.Option) (kyc.Provider, func(*kyc.Session) bool, func()) {
		s := yotitest.NewServer()
		c, err := yoti.NewClient(s.Config(), opts(s.HTTPClient().Transport)...)
		failed(t, err)
		return c, func(session *kyc.Session) bool { return s.CompleteJourney(session.Ref.Session) == nil }, s.Close
	}},
}

func failed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A whole journey at debug level, with every value that a program has in its hands logged too, tells nothing that went over
// the wire but references, known words and the vendor's request ids.
func TestJourneysAtDebugLevel(t *testing.T) {
	known := knownWords()
	for _, v := range vendors {
		t.Run(v.name, func(t *testing.T) {
			var text, records bytes.Buffer
			log := slog.New(both{slog.NewTextHandler(&text, timeless), slog.NewJSONHandler(&records, timeless)})
			wire := &tap{}
			client, play, end := v.open(t, func(base http.RoundTripper) []kyc.Option {
				wire.next = base
				return []kyc.Option{
					kyc.WithHTTPClient(&http.Client{Transport: wire}), kyc.WithLogger(log),
					kyc.WithObserver(func(ctx context.Context, o kyc.Observation) {
						log.DebugContext(ctx, "observed", "o", fmt.Sprintf("%+v", o))
					}),
				}
			})
			defer end()
			ctx := t.Context()
			log.Debug("made", "client", client, "text", fmt.Sprintf("%+v", client))
			session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-4711", RedirectURL: "https://shop.example/back"})
			failed(t, err)
			log.Debug("started", "session", session, "text", fmt.Sprintf("%+v", session))
			if !play(session) {
				t.Fatal("the journey was not open")
			}
			result, err := client.Fetch(ctx, session.Ref)
			failed(t, err)
			log.Debug("fetched", "result", result, "text", fmt.Sprintf("%+v %#v", result, *result), "redacted", result.Redacted(),
				"person", fmt.Sprint(result.Person), "documents", fmt.Sprint(result.Documents), "checks", fmt.Sprint(result.Checks), "evidence", fmt.Sprint(result.Evidence))
			missing := session.Ref
			missing.Session = "11111111-2222-3333-4444-555555555555"
			_, err = client.Fetch(ctx, missing)
			log.Debug("missed", "error", err, "wrapped", fmt.Errorf("fetch: %w", err))
			var missed *kyc.Error
			if !errors.As(err, &missed) {
				t.Fatal("a session that is not there was found")
			}
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			_, err = client.Start(ctx, kyc.StartRequest{Reference: "onboarding-4712"})
			log.Debug("cancelled", "error", err)
			failed(t, client.Delete(t.Context(), session.Ref))

			// Any digits may stand in a duration.
			logged := durations.ReplaceAllString(text.String()+records.String(), "")
			if strings.Count(logged, "kyc call") < 8 {
				t.Errorf("the log is too short:\n%s", text.String())
			}
			values := wire.values()
			if len(values) < 30 {
				t.Errorf("only %d values went over the wire", len(values))
			}
			for _, value := range values {
				if slices.Contains(known, value) || value == session.Ref.Session || value == session.Ref.Account || value == missing.Session || value == missed.Code || value == v.name {
					continue
				}
				if strings.Contains(logged, value) {
					t.Errorf("the log tells %q", value)
				}
			}
		})
	}
}

var durations = regexp.MustCompile(`"duration":\d+|duration=\S+`)

// both hands each record to several handlers.
type both []slog.Handler

func (b both) Enabled(context.Context, slog.Level) bool { return true }
func (b both) Handle(ctx context.Context, r slog.Record) error {
	for _, h := range b {
		if err := h.Handle(ctx, r.Clone()); err != nil {
			return err
		}
	}
	return nil
}
func (b both) WithAttrs([]slog.Attr) slog.Handler { return b }
func (b both) WithGroup(string) slog.Handler      { return b }

// knownWords are the values of all enumerations, which may be printed.
func knownWords() []string {
	// Words of package kyc, and names of operations and fields that vendors use as values too.
	words := []string{"onboarding-4711"}
	for _, typ := range types {
		values := reflect.Zero(typ).MethodByName("Values")
		if typ.Kind() != reflect.String || !values.IsValid() || values.Type().NumIn() != 0 {
			continue
		}
		list := values.Call(nil)[0]
		for i := range list.Len() {
			words = append(words, list.Index(i).String())
		}
	}
	return words
}

// tap notes every text that goes over the wire.
type tap struct {
	next http.RoundTripper
	mu   sync.Mutex
	seen []string
}

func (w *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	w.header(r.Header)
	w.url(r.URL)
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		w.body(body)
	}
	resp, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	w.body(body)
	return resp, err
}

// header notes the values, and the credentials in them.
func (w *tap) header(h http.Header) {
	for name, values := range h {
		switch name {
		case "Accept", "User-Agent", "Content-Type":
		default:
			for _, v := range values {
				w.note(v)
				w.note(strings.TrimPrefix(strings.TrimPrefix(v, "Bearer "), "Basic "))
				if pair, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(v, "Basic ")); err == nil {
					_, secret, _ := strings.Cut(string(pair), ":")
					w.note(secret)
				}
			}
		}
	}
}

func (w *tap) url(u *url.URL) {
	for _, values := range u.Query() {
		for _, v := range values {
			w.note(v)
		}
	}
	w.note(u.String())
	w.note(u.RawQuery)
}

func (w *tap) note(v string) {
	// Shorter ones are found in any text.
	if len(v) >= 6 {
		w.mu.Lock()
		w.seen = append(w.seen, v)
		w.mu.Unlock()
	}
}

func (w *tap) body(body []byte) {
	var v any
	if json.Unmarshal(body, &v) == nil {
		w.walk(v)
		return
	}
	if form, err := url.ParseQuery(string(body)); err == nil {
		for _, values := range form {
			for _, v := range values {
				w.note(v)
			}
		}
	}
}

func (w *tap) walk(v any) {
	switch v := v.(type) {
	case string:
		w.note(v)
	case []any:
		for _, one := range v {
			w.walk(one)
		}
	case map[string]any:
		for _, one := range v {
			w.walk(one)
		}
	}
}

func (w *tap) values() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	slices.Sort(w.seen)
	return slices.Compact(w.seen)
}

// What the examples of all packages print is part of their sources; it holds nothing that looks like a token or a key.
func TestExamplesPrintNoSecrets(t *testing.T) {
	count := 0
	for _, p := range packages {
		files, err := filepath.Glob(filepath.Join("..", "..", p, "*_test.go"))
		failed(t, err)
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			failed(t, err)
			for _, example := range doc.Examples(parsed) {
				count++
				for _, bad := range []string{"Bearer ", "eyJ", "BEGIN RSA", "access_token", "client_secret", "Authorization", "sdkId=", "signature="} {
					if strings.Contains(example.Output, bad) {
						t.Errorf("the example %s of %s prints %q", example.Name, p, bad)
					}
				}
			}
		}
	}
	if count < 10 {
		t.Errorf("only %d examples", count)
	}
}
