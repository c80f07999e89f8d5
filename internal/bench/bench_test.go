package main

import (
	"bytes"
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stripe/stripe-go/v85/webhook"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// same compares what all decoders fill: the peers keep neither raw bytes nor unknown members.
var same = cmp.Options{
	cmp.FilterPath(func(p cmp.Path) bool {
		field, ok := p.Last().(cmp.StructField)
		return ok && (field.Name() == "Extra" || field.Name() == "Raw")
	}, cmp.Ignore()),
	cmp.Exporter(func(reflect.Type) bool { return true }),
}

func TestDecodersAgree(t *testing.T) {
	decodersAgree[didit.Decision](t, "didit_user")
	decodersAgree[didit.Decision](t, "didit_business")
	decodersAgree[didit.Decision](t, "didit_aml_x10")
	decodersAgree[didit.Decision](t, "didit_aml_x100")
	decodersAgree[yoti.SessionResult](t, "yoti_session")
	decodersAgree[jumio.Details](t, "jumio_retrieval")
	decodersAgree[transmit.Result](t, "transmit_result")
}

func decodersAgree[T any](t *testing.T, name string) {
	t.Helper()
	data := inputNamed(name)
	want := new(T)
	if err := stdDecode(data, want); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for library, decode := range map[string]decoder[T]{"sdk": sdkDecode[T], "sdk_read": readDecode[T], "goccy": goccyDecode[T]} {
		got := new(T)
		if err := decode(data, got); err != nil {
			t.Errorf("%s: %s: %v", name, library, err)
			continue
		}
		if diff := cmp.Diff(want, got, same); diff != "" {
			t.Errorf("%s: %s differs from encoding/json (-want +got):\n%.2000s", name, library, diff)
		}
		if raw, ok := any(got).(interface {
			RawJSON() []byte
			Mismatches() []string
		}); ok && strings.HasPrefix(library, "sdk") && (!bytes.Equal(raw.RawJSON(), data) || raw.Mismatches() != nil) {
			t.Errorf("%s: %s did not keep the bytes, or left %v out", name, library, raw.Mismatches())
		}
	}
}

func TestNestedStandIn(t *testing.T) {
	data := inputNamed("yoti_session")
	var nested nestedSession
	var got yoti.SessionResult
	if err := json.Unmarshal(data, &nested); err != nil {
		t.Fatal(err)
	}
	if err := kyc.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Checks) < 7 || len(got.Resources.IDDocuments) == 0 || len(got.Resources.LivenessCapture) == 0 || len(got.Resources.IDDocuments[0].Tasks) == 0 {
		t.Fatal("the session is poorer than it should be")
	}
	var checks []yoti.Check
	for _, c := range nested.Checks {
		checks = append(checks, *c)
	}
	if diff := cmp.Diff(checks, got.Checks, same); diff != "" {
		t.Errorf("checks (-nested +sdk):\n%s", diff)
	}
	for i, l := range nested.Resources.LivenessCapture {
		if diff := cmp.Diff(*l, got.Resources.LivenessCapture[i], same); diff != "" {
			t.Errorf("liveness (-nested +sdk):\n%s", diff)
		}
	}
	for i, d := range nested.Resources.IDDocuments {
		own := got.Resources.IDDocuments[i]
		if d.ID != own.ID || len(d.Tasks) != len(own.Tasks) || len(d.Pages) != len(own.Pages) || d.Tasks[0].ID != own.Tasks[0].ID {
			t.Error("a document differs")
		}
	}
}

func TestReadersAgree(t *testing.T) {
	want := new(jumio.WorkflowStatus)
	if err := kyc.Unmarshal(readAnswer(), want); err != nil {
		t.Fatal(err)
	}
	srv := serveAnswers()
	defer srv.Close()
	rt := newTransport(10)
	defer rt.CloseIdleConnections()
	for place, list := range map[string][]struct {
		name string
		read reader
	}{"stub": readers(stubHost, stub{}), "loopback": readers(srv.URL, rt)} {
		for _, r := range list {
			got, err := r.read(t.Context())
			if err != nil {
				t.Errorf("%s/%s: %v", place, r.name, err)
				continue
			}
			if diff := cmp.Diff(want, got, same); diff != "" {
				t.Errorf("%s/%s (-want +got):\n%s", place, r.name, diff)
			}
		}
	}
}

// checkSigned verifies what the Yoti client sends before it answers.
type checkSigned struct {
	stub
	seen *atomic.Int64
}

func (c checkSigned) RoundTrip(r *http.Request) (*http.Response, error) {
	signature, err := base64.StdEncoding.DecodeString(r.Header.Get("X-Yoti-Auth-Digest"))
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256([]byte(r.Method + "&" + r.URL.RequestURI()))
	if err := rsa.VerifyPKCS1v15(&rsaKey().PublicKey, crypto.SHA256, digest[:], signature); err != nil {
		return nil, err
	}
	c.seen.Add(1)
	return c.stub.RoundTrip(r)
}

func TestSigned(t *testing.T) {
	var seen atomic.Int64
	s, err := yotiClient(checkSigned{seen: &seen}).Sessions.Get(t.Context(), yotiID)
	if err != nil || seen.Load() != 1 || s.State != yoti.SessionStateOngoing {
		t.Errorf("%v after %d signed requests", err, seen.Load())
	}
}

func TestUploads(t *testing.T) {
	const size = 3*mebibyte + 17
	hash := sha256.New()
	if _, err := io.Copy(hash, io.NewSectionReader(image{size}, 0, size)); err != nil {
		t.Fatal(err)
	}
	for _, protocol := range []string{"http1", "tls", "http2"} {
		srv := newSink(protocol)
		srv.digest = true
		srv.refuse.Store(1)
		c, err := client(srv.URL, srv.Client(), fastRetry)
		if err != nil {
			t.Fatal(err)
		}
		got, err := uploadForm(c, srv.URL, kyc.FileReaderAt("front.jpg", "image/jpeg", image{size}, size))
		switch {
		case err != nil:
			t.Errorf("%s: %v", protocol, err)
		case got.Size != size || got.SHA256 != hex.EncodeToString(hash.Sum(nil)):
			t.Errorf("%s: the server received something else", protocol)
		case got.Length <= size:
			t.Errorf("%s: the length was not announced", protocol)
		case srv.refuse.Load() != -1:
			t.Errorf("%s: sent %d times", protocol, 1-srv.refuse.Load())
		}
		srv.Close()
	}
}

func TestImage(t *testing.T) {
	whole := make([]byte, 1000)
	if _, err := (image{1000}).ReadAt(whole, 0); err != nil {
		t.Fatal(err)
	}
	for off := int64(0); off < 1000; off += 37 {
		piece := make([]byte, 53)
		n, err := (image{1000}).ReadAt(piece, off)
		if want := whole[off:min(off+53, 1000)]; !bytes.Equal(piece[:n], want) || (err == io.EOF) != (len(want) < 53) {
			t.Fatalf("at %d: %d bytes, %v", off, n, err)
		}
	}
}

func TestHooks(t *testing.T) {
	h := newHook()
	if len(h.body) < 39_000 || len(h.body) > 41_000 {
		t.Errorf("the notice has %d bytes", len(h.body))
	}
	v := didit.Verifier{Secrets: []kyc.Secret{hookSecret}}
	if got, err := v.Check(h.raw, h.body); err != nil || got != didit.SignatureRaw {
		t.Errorf("raw: %v, %v", got, err)
	}
	if got, err := v.Check(h.canonical, h.body); err != nil || got != didit.SignatureV2 {
		t.Errorf("canonical: %v, %v", got, err)
	}
	if event, err := v.Verify(h.raw, h.body); err != nil || event.Assurance != kyc.AssuranceSigned {
		t.Errorf("verify: %v, %v", event, err)
	}
	if err := webhook.ValidatePayload(h.body, h.stripe, hookSecret); err != nil {
		t.Errorf("stripe: %v", err)
	}
	mac := hmac.New(sha256.New, []byte(hookSecret))
	mac.Write(canonicalByMap(h.body))
	if got := hex.EncodeToString(mac.Sum(nil)); got != h.canonical.Get("X-Signature-V2") {
		t.Error("the canonical form differs from the one by a map")
	}
	forged := bytes.Replace(h.body, []byte("Approved"), []byte("Declined"), 1)
	for name, header := range map[string]http.Header{"raw": h.raw, "canonical": h.canonical} {
		if _, err := v.Check(header, forged); err == nil {
			t.Errorf("%s: a forged notice passed", name)
		}
	}
	if webhook.ValidatePayload(forged, h.stripe, hookSecret) == nil {
		t.Error("stripe: a forged notice passed")
	}
}

func TestCounts(t *testing.T) {
	// Which of two waiters writes its turn down first is the scheduler's affair; the order itself is tested in package kyc, in fake time.
	if g, err := crowd(kyc.NewLimiter(5000, 1), 100, 50, time.Millisecond); err != nil {
		t.Errorf("limiter: %+v, %v", g, err)
	}
	for name, f := range map[string]func() (float64, error){"fetches": countFetches, "allocs": countHitAllocs, "leave": timeToLeave} {
		if _, err := f(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPaired(t *testing.T) {
	r := results{
		"g/a": {wall: []float64{10, 20, 40}, bytes: 1},
		"g/b": {wall: []float64{20, 40, 80}, bytes: 4},
	}
	q, ok := r.paired("g/b", "g/a", false)
	if want := (ratio{2, 2, 2}); !ok || q != want {
		t.Errorf("ratio %+v", q)
	}
	if q, _ := r.paired("g/b", "g/a", true); q.median != 0.5 {
		t.Errorf("ratio a byte %+v", q)
	}
	if _, ok := r.paired("g/b", "g/c", false); ok {
		t.Error("a case that was not run has a ratio")
	}
}

// TestGroups runs each case of each group once, so that a case that no longer works does not wait for the next measurement.
func TestGroups(t *testing.T) {
	names := make(map[string]bool)
	for _, build := range groups() {
		g := build()
		for _, c := range g.cases {
			names[g.name+"/"+c.name] = true
			c.run(max(c.least, 1))
		}
		if g.close != nil {
			g.close()
		}
	}
	for _, target := range targets {
		if !names[target.num] || !names[target.den] {
			t.Errorf("target %s names a case that does not exist: %s or %s", target.id, target.num, target.den)
		}
	}
}

func TestResultsPage(t *testing.T) {
	path := t.TempDir() + "/RESULTS.md"
	if err := os.WriteFile(path, []byte("head\n\n## go1.0, of another release\n\nkept\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{"the old one\n", "the new one\n"} {
		if err := writeResults(path, section(body, 3, "")); err != nil {
			t.Fatal(err)
		}
	}
	page := string(readFile(t, path))
	if strings.Contains(page, "the old one") || strings.Count(page, "\n## ") != 2 || !strings.Contains(page, "kept") || !strings.Contains(page, "the new one") {
		t.Errorf("page:\n%s", page)
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
