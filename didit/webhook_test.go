package didit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// sentAt is the moment of sending in the fixtures and in vector A.
var sentAt = time.Unix(1767225605, 0)

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

func verifier() Verifier { return Verifier{Secrets: []kyc.Secret{vectorSecret}, Now: at(sentAt)} }

// only keeps one signature of a signed notice.
func only(h http.Header, name string) http.Header {
	out := h.Clone()
	for _, other := range []string{headerSignature, headerSignatureV2, headerSignatureSimple} {
		if other != name {
			out.Del(other)
		}
	}
	return out
}

func TestVerify(t *testing.T) {
	h := SignWebhook(vectorSecret, []byte(vectorA), sentAt)
	want := kyc.Event{
		Vendor: kyc.Didit, Ref: kyc.Ref{Vendor: kyc.Didit, Session: "11111111-2222-3333-4444-555555555555"}, Type: "status.updated",
		Status: "Approved", Assurance: kyc.AssuranceSigned, OccurredAt: time.Unix(1767225600, 0).UTC(), Raw: []byte(vectorA),
	}
	for _, name := range []string{headerSignature, headerSignatureV2} {
		got, err := verifier().Verify(only(h, name), []byte(vectorA))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want.ID = got.ID
		if diff := cmp.Diff(fmt.Sprintf("%#v", plainEvent(want)), fmt.Sprintf("%#v", plainEvent(got))); diff != "" || got.ID == "" {
			t.Errorf("%s gives another event (-want +got):\n%s", name, diff)
		}
	}
}

// plainEvent prints in full.
func plainEvent(e kyc.Event) any {
	type plain kyc.Event
	return plain(e)
}

func TestVerifySimple(t *testing.T) {
	body := string(fixture(t, "webhook-status-approved.json"))
	h := only(SignWebhook(vectorSecret, []byte(body), sentAt), headerSignatureSimple)
	if _, err := verifier().Verify(h, []byte(body)); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("the simple signature is taken unasked: %v", err)
	}
	v := verifier()
	v.Accept = SignatureV2 | SignatureSimple
	e, err := v.Verify(h, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if e.Assurance != kyc.AssuranceSharedSecret {
		t.Errorf("assurance = %v", e.Assurance)
	}
	n, err := ReadNotice(e)
	if err != nil {
		t.Fatal(err)
	}
	if s := n.(*SessionNotice); s.Decision != nil || s.Status != StatusApproved {
		t.Errorf("an unprotected decision is handed out: %v", s)
	}
	// What is not covered can be changed by anybody, and must not give the notice another id.
	forged := strings.Replace(body, "0f0f0f0f-1e1e-2d2d-3c3c-4b4b4b4b4b4b", "the id of a notice to come", 1)
	again, err := v.Verify(h, []byte(forged))
	if err != nil || again.ID != e.ID {
		t.Errorf("a forged id is taken over: %v, %v", again.ID, err)
	}
	// The status is covered.
	if _, err := v.Verify(h, []byte(strings.Replace(body, `"status": "Approved"`, `"status": "Declined"`, 1))); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("a forged status is taken: %v", err)
	}
}

func TestVerifyCanonical(t *testing.T) {
	// A framework between the vendor and the handler has written the JSON anew.
	rewritten := strings.NewReplacer(`\u00e9`, "é", `\u00f8`, "ø", `90.0`, "90", `,"session_id"`, ` ,  "session_id"`).Replace(vectorA)
	h := SignWebhook(vectorSecret, []byte(vectorA), sentAt)
	if _, err := verifier().Verify(h, []byte(rewritten)); err != nil {
		t.Errorf("V2 does not survive rewriting: %v", err)
	}
	v := verifier()
	v.Accept = SignatureRaw
	if _, err := v.Verify(h, []byte(rewritten)); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("the raw signature survives rewriting: %v", err)
	}
	// Some pages have V2 over the escaped form.
	text, err := canonicalForm([]byte(vectorA), true)
	if err != nil {
		t.Fatal(err)
	}
	escaped := only(h, headerSignatureV2)
	escaped.Set(headerSignatureV2, sign(vectorSecret, text))
	if _, err := verifier().Verify(escaped, []byte(vectorA)); err != nil {
		t.Errorf("the escaped form is refused: %v", err)
	}
	// A prefix is not a form that this package takes.
	prefixed := only(h, headerSignatureV2)
	prefixed.Set(headerSignatureV2, sign(vectorSecret, append([]byte("1767225605:"), text...)))
	if _, err := verifier().Verify(prefixed, []byte(vectorA)); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("a prefixed form: %v", err)
	}
}

func TestVerifySecrets(t *testing.T) {
	h := SignWebhook(vectorSecret, []byte(vectorA), sentAt)
	for _, c := range []struct {
		name    string
		secrets []kyc.Secret
		want    error
	}{
		{"none", nil, kyc.ErrInvalid},
		{"empty", []kyc.Secret{""}, kyc.ErrInvalid},
		{"blank", []kyc.Secret{" "}, kyc.ErrInvalid},
		{"empty beside the right one", []kyc.Secret{"", vectorSecret, " "}, nil},
		{"empty beside a wrong one", []kyc.Secret{"another", ""}, kyc.ErrUnauthorized},
		{"wrong", []kyc.Secret{"another"}, kyc.ErrUnauthorized},
		{"right", []kyc.Secret{vectorSecret}, nil},
		{"new beside old", []kyc.Secret{"whsec_new", vectorSecret}, nil},
		{"a prefix is part of the secret", []kyc.Secret{"whsec_" + vectorSecret}, kyc.ErrUnauthorized},
	} {
		v := verifier()
		v.Secrets = c.secrets
		if _, err := v.Verify(h, []byte(vectorA)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := VerifyWebhook(h, []byte(vectorA), vectorSecret); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("a notice of long ago by the real clock: %v", err)
	}
}

func TestVerifyHeaders(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(http.Header)
	}{
		{"no signature", func(h http.Header) { h.Del(headerSignature); h.Del(headerSignatureV2); h.Del(headerSignatureSimple) }},
		{"empty signature", func(h http.Header) { h.Set(headerSignature, ""); h.Set(headerSignatureV2, "") }},
		{"upper case", func(h http.Header) {
			h.Set(headerSignature, strings.ToUpper(h.Get(headerSignature)))
			h.Del(headerSignatureV2)
		}},
		{"cut", func(h http.Header) { h.Set(headerSignature, h.Get(headerSignature)[:62]); h.Del(headerSignatureV2) }},
		{"twice", func(h http.Header) { h.Add(headerSignature, h.Get(headerSignature)); h.Del(headerSignatureV2) }},
		{"no time stamp", func(h http.Header) { h.Del(headerTimestamp) }},
		{"two time stamps", func(h http.Header) { h.Add(headerTimestamp, h.Get(headerTimestamp)) }},
		{"time stamp in words", func(h http.Header) { h.Set(headerTimestamp, "now") }},
		{"time stamp too old", func(h http.Header) { h.Set(headerTimestamp, strconv.FormatInt(sentAt.Unix()-301, 10)) }},
		{"time stamp too far ahead", func(h http.Header) { h.Set(headerTimestamp, strconv.FormatInt(sentAt.Unix()+301, 10)) }},
		{"time stamp beyond time", func(h http.Header) { h.Set(headerTimestamp, "-9223372036854775808") }},
		{"raw under the name of V2", func(h http.Header) { h.Set(headerSignatureV2, h.Get(headerSignature)); h.Del(headerSignature) }},
	} {
		h := SignWebhook(vectorSecret, []byte(vectorA), sentAt)
		c.change(h)
		if e, err := verifier().Verify(h, []byte(vectorA)); !errors.Is(err, kyc.ErrUnauthorized) {
			t.Errorf("%s: %v, %v", c.name, e, err)
		}
	}
}

func TestVerifyWindow(t *testing.T) {
	body := []byte(vectorA)
	for _, c := range []struct {
		off time.Duration
		ok  bool
	}{{-300 * time.Second, true}, {300 * time.Second, true}, {-301 * time.Second, false}, {301 * time.Second, false}, {0, true}} {
		v := verifier()
		v.Now = at(sentAt.Add(c.off))
		if _, err := v.Verify(SignWebhook(vectorSecret, body, sentAt), body); (err == nil) != c.ok {
			t.Errorf("now %v off: %v", c.off, err)
		}
		// A new header makes an old notice no younger: the header is outside the signature.
		v.Now = at(sentAt.Add(c.off))
		if _, err := v.Verify(SignWebhook(vectorSecret, body, sentAt.Add(c.off)), body); (err == nil) != c.ok {
			t.Errorf("replayed %v later with a new header: %v", c.off, err)
		}
	}
	v := verifier()
	v.Tolerance = 10 * time.Second
	v.Now = at(sentAt.Add(11 * time.Second))
	if _, err := v.Verify(SignWebhook(vectorSecret, body, sentAt), body); err == nil {
		t.Error("the own tolerance is not kept")
	}
}

func TestVerifyProbe(t *testing.T) {
	body := fixture(t, "webhook-status-test-probe.json")
	created := time.Unix(1767225600, 0)
	h := SignWebhook(vectorSecret, body, created)
	v := verifier()
	if _, err := v.Verify(h, body); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("a notice without a time stamp: %v", err)
	}
	h.Set(headerTest, "true")
	e, err := v.Verify(h, body)
	if err != nil || !e.Test {
		t.Errorf("the console's probe: %v, %v", e, err)
	}
	v.Now = at(created.Add(time.Hour))
	h.Set(headerTimestamp, strconv.FormatInt(created.Add(time.Hour).Unix(), 10))
	if _, err := v.Verify(h, body); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("an old probe: %v", err)
	}
}

func TestVerifyMalformed(t *testing.T) {
	for _, body := range []string{
		``, `[]`, `"x"`, `{}`, `{"timestamp":1767225605}`, `{"webhook_type":7,"timestamp":1767225605}`,
		`{"webhook_type":"status.updated","timestamp":1767225605,"status":"Declined","status":"Approved"}`,
		`{"webhook_type":"status.updated","timestamp":1767225605} {}`, `{"webhook_type":"status.updated","timestamp":1767225605`,
		"{\"webhook_type\":\"\xff\",\"timestamp\":1767225605}",
	} {
		h := SignWebhook(vectorSecret, []byte(body), sentAt)
		if e, err := verifier().Verify(h, []byte(body)); !errors.Is(err, kyc.ErrMalformed) {
			t.Errorf("%q: %v, %v", body, e, err)
		}
	}
	for _, body := range []string{
		`{"webhook_type":"status.updated","timestamp":"1767225605"}`, `{"webhook_type":"status.updated","timestamp":1767225605.5}`,
		`{"webhook_type":"status.updated","timestamp":null}`, `{"webhook_type":"status.updated"}`,
	} {
		h := SignWebhook(vectorSecret, []byte(body), sentAt)
		if e, err := verifier().Verify(h, []byte(body)); !errors.Is(err, kyc.ErrUnauthorized) {
			t.Errorf("%q: %v, %v", body, e, err)
		}
	}
	long := append([]byte(vectorB), make([]byte, maxNotice)...)
	if _, err := verifier().Verify(SignWebhook(vectorSecret, []byte(vectorB), sentAt), long); !errors.Is(err, kyc.ErrMalformed) {
		t.Errorf("a long notice: %v", err)
	}
}

func TestHandler(t *testing.T) {
	calls := 0
	h := kyc.Handler(verifier(), func(_ context.Context, e kyc.Event) error {
		calls++
		return nil
	})
	post := func(header http.Header, body string) int {
		r := httptest.NewRequest(http.MethodPost, "/notices", strings.NewReader(body))
		r.Header = header
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	signed := SignWebhook(vectorSecret, []byte(vectorA), sentAt)
	if code := post(signed, vectorA); code != http.StatusOK || calls != 1 {
		t.Errorf("a notice: %d, %d calls", code, calls)
	}
	if code := post(signed, vectorA); code != http.StatusOK || calls != 1 {
		t.Errorf("its repeat: %d, %d calls", code, calls)
	}
	if code := post(signed, strings.Replace(vectorA, "Approved", "Declined", 1)); code != http.StatusUnauthorized || calls != 1 {
		t.Errorf("a forged one: %d, %d calls", code, calls)
	}
}

func FuzzVerifyWebhook(f *testing.F) {
	h := SignWebhook("somebody else's", []byte(vectorA), sentAt)
	f.Add([]byte(vectorA), h.Get(headerSignature), h.Get(headerSignatureV2), h.Get(headerSignatureSimple), "1767225605")
	f.Add([]byte(vectorB), "", "", "", "1767225605")
	f.Add(fixture(f, "webhook-data-updated.json"), strings.Repeat("0", 64), strings.Repeat("f", 64), strings.Repeat("a", 64), "1767225605")
	v := verifier()
	v.Accept = SignatureV2 | SignatureRaw | SignatureSimple
	f.Fuzz(func(t *testing.T, body []byte, raw, v2, simple, timestamp string) {
		h := http.Header{}
		h.Set(headerSignature, raw)
		h.Set(headerSignatureV2, v2)
		h.Set(headerSignatureSimple, simple)
		h.Set(headerTimestamp, timestamp)
		if e, err := v.Verify(h, body); err == nil {
			t.Fatalf("an event without the key: %v", e)
		}
		if e, err := ParseRegistrySearch(http.Header{headerUnsigned: {"true"}}, body); err == nil && (e.Assurance != kyc.AssuranceNone || !e.Ref.IsZero()) {
			t.Fatalf("an unsigned event with more than it proves: %v", e)
		}
		// With the key, the same bytes must never panic either.
		if e, err := v.Verify(SignWebhook(vectorSecret, body, sentAt), body); err == nil {
			if _, err := ReadNotice(e); err != nil {
				t.Fatalf("an event that does not read: %v", err)
			}
		}
	})
}

func BenchmarkVerifyWebhook(b *testing.B) {
	var body []byte
	for _, c := range []struct {
		name   string
		header string
	}{{"raw", headerSignature}, {"v2", headerSignatureV2}} {
		body = fixture(b, "decision-user.json")
		body = append([]byte(`{"webhook_type":"status.updated","timestamp":1767225605,"decision":`), append(body, '}')...)
		h := only(SignWebhook(vectorSecret, body, sentAt), c.header)
		v := verifier()
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.Check(h, body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
