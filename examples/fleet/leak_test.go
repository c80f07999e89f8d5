package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// At debug level the processes tell of each call, and nothing of what went over the wire but references. The same holds for
// what Redis and the queue keep on their disks.
func TestNothingPersonalIsLoggedOrStored(t *testing.T) {
	s := newSite(t)
	w := &wire{t: t}
	for i, v := range s.crew.env {
		s.crew.env[i] = strings.ReplaceAll(v, s.front.url, w.before(s.front.url))
		if name, secret, _ := strings.Cut(v, "="); name == "FLEET_TOKEN_KEY" || name == "FLEET_REFERENCE_KEY" || name == "JUMIO_CLIENT_SECRET" {
			w.note(secret)
		}
	}
	s.receiver("127.0.0.1:0", "-log", "debug")
	receiver, err := url.Parse(s.address)
	if err != nil {
		t.Fatal(err)
	}
	s.address = w.before("http://"+receiver.Host) + receiver.Path
	for _, name := range []string{"a", "b"} {
		s.worker(name, append([]string{"-log", "debug"}, patient...)...)
	}
	// Some calls fail, and somebody posts rubbish.
	s.vendor.Script(jumiotest.FaultEvery("Workflows.Details", jumiotest.Unavailable))
	refs := s.verify(10)
	until(t, "a call fails", time.Minute, func() bool { return strings.Contains(s.logs.String(), "kyc call failed") })
	s.vendor.ClearFaults()
	resp, err := http.Post(s.address, "application/json", strings.NewReader(`{"customer":"Zaphod Beeblebrox"`))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	w.note("Zaphod Beeblebrox")
	s.settled(refs, 2*time.Minute)
	s.crew.dismiss()

	logged := timesAndDurations.ReplaceAllString(s.logs.String(), "")
	for text, least := range map[string]int{"level=DEBUG msg=\"kyc call\"": len(refs), "kyc call failed": 1, "kyc notice refused": 1, "msg=processed": len(refs)} {
		if got := strings.Count(logged, text); got < least {
			t.Errorf("%q is logged %d times, want at least %d", text, got, least)
		}
	}
	values := w.values(refs)
	if len(values) < 50 || !slices.Contains(values, "ERIKSSON") || !slices.Contains(values, "1974-08-12") {
		t.Errorf("%d values went over the wire, and not all of the person", len(values))
	}
	stored := readAll(t, s.redis.dir) + readAll(t, s.nats.dir)
	for _, ref := range refs {
		if !strings.Contains(logged, ref.Session) || !strings.Contains(stored, ref.Session) {
			t.Errorf("%v is not where it is looked for", ref)
		}
	}
	for _, v := range values {
		if strings.Contains(logged, v) {
			t.Errorf("the logs tell %q", v)
		}
		if strings.Contains(stored, v) {
			t.Errorf("the disks hold %q", v)
		}
	}
}

// timesAndDurations are digits in which a short value might be found by chance.
var timesAndDurations = regexp.MustCompile(`(?m)^time=\S+ | duration=\S+`)

func readAll(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		b.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// wire stands between two programs and notes what they tell each other.
type wire struct {
	t    *testing.T
	mu   sync.Mutex
	seen []string
}

// before returns the URL of a proxy.
func (w *wire) before(target string) string {
	w.t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		w.t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(u)
	proxy.ModifyResponse = func(r *http.Response) error {
		r.Body = w.body(r.Body)
		return nil
	}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		for name, values := range r.Header {
			if name != "Accept" && name != "Accept-Encoding" && name != "Content-Type" && name != "User-Agent" {
				for _, v := range values {
					w.note(v)
				}
			}
		}
		for _, values := range r.URL.Query() {
			for _, v := range values {
				w.note(v)
			}
		}
		r.Body = w.body(r.Body)
		proxy.ServeHTTP(rw, r)
	}))
	w.t.Cleanup(server.Close)
	return server.URL
}

// body notes every text in a body and returns the body anew.
func (w *wire) body(body io.ReadCloser) io.ReadCloser {
	data, err := io.ReadAll(body)
	_ = body.Close()
	if err != nil {
		return io.NopCloser(io.MultiReader(bytes.NewReader(data), brokenBody{err}))
	}
	var v any
	if json.Unmarshal(data, &v) == nil {
		w.walk(v)
	} else if form, err := url.ParseQuery(string(data)); err == nil {
		for _, values := range form {
			for _, v := range values {
				w.note(v)
			}
		}
	}
	return io.NopCloser(bytes.NewReader(data))
}

type brokenBody struct{ err error }

// Read fails as the body did.
func (b brokenBody) Read([]byte) (int, error) { return 0, b.err }

func (w *wire) walk(v any) {
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

// note keeps a value, and what stands in a header of credentials.
func (w *wire) note(v string) {
	if basic, ok := strings.CutPrefix(v, "Basic "); ok {
		if pair, err := base64.StdEncoding.DecodeString(basic); err == nil {
			_, secret, _ := strings.Cut(string(pair), ":")
			w.note(secret)
		}
	}
	v = strings.TrimPrefix(strings.TrimPrefix(v, "Bearer "), "Basic ")
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, v)
}

// harmless are words of the vendor and moments, of which a notice's id is made.
var harmless = regexp.MustCompile(`^(PROCESSED|unavailable|20\d\d-\d\d-\d\dT[0-9:.]+Z)$`)

// values are those that are long enough not to be met by chance, without references.
func (w *wire) values(refs []kyc.Ref) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := slices.Compact(slices.Sorted(slices.Values(w.seen)))
	return slices.DeleteFunc(out, func(v string) bool {
		return len(v) < 6 || harmless.MatchString(v) || slices.ContainsFunc(refs, func(r kyc.Ref) bool { return v == r.Session || v == r.Account })
	})
}
