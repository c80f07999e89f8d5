package yoti

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
)

// fixedSigner gives the nonce and time of the check values.
func fixedSigner(t *testing.T) *signer {
	t.Helper()
	base, err := url.Parse("https://api.yoti.com/idverify/v1")
	if err != nil {
		t.Fatal(err)
	}
	s := newSigner("00000000-0000-4000-8000-000000000001", testKey(), base, false)
	s.nonce = func() string { return "11111111-1111-4111-8111-111111111111" }
	s.now = func() time.Time { return time.UnixMilli(1700000000000) }
	return s
}

var checkValues = []struct {
	method, path, query, body, message, sha256 string
}{
	{
		"GET", "/sessions/abc", "", "", "GET&/sessions/abc?Q",
		"76c04a648c1bc8b002a81d499f92ec8f1b548dce4e6f63befc9c7a61d0853826",
	},
	{
		"DELETE", "/sessions/abc/media/m1/content", "", "", "DELETE&/sessions/abc/media/m1/content?Q",
		"3991b49599cdb458ed44dda9db30f52ba1351c59d590cdd17362c63fd530ff52",
	},
	{
		"GET", "/supported-documents", "includeNonLatin=true", "", "GET&/supported-documents?includeNonLatin=true&Q",
		"426f97d723592a4b23391dfde78d97e3e2e7f4136af835f21c8b232117c7bbee",
	},
	{
		"POST", "/sessions", "", `{"client_session_token_ttl":900}`,
		"POST&/sessions?Q&eyJjbGllbnRfc2Vzc2lvbl90b2tlbl90dGwiOjkwMH0=",
		"dd5d5a215ce2665aa729fefc123246f28f2af7d3f051d03717d952ab280b6111",
	},
}

const checkQuery = "sdkId=00000000-0000-4000-8000-000000000001&nonce=11111111-1111-4111-8111-111111111111&timestamp=1700000000000"

func signedRequest(t *testing.T, s *signer, method, path, query, body string) *http.Request {
	t.Helper()
	target := "https://api.yoti.com/idverify/v1" + path
	if query != "" {
		target += "?" + query
	}
	req, err := http.NewRequestWithContext(t.Context(), method, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b *transport.Body
	if body != "" {
		b = transport.BytesBody("application/json", []byte(body))
	}
	if err := s.Authorize(t.Context(), req, b); err != nil {
		t.Fatal(err)
	}
	return req
}

func TestSignatureCheckValues(t *testing.T) {
	for _, v := range checkValues {
		req := signedRequest(t, fixedSigner(t), v.method, v.path, v.query, v.body)
		message := strings.Replace(v.message, "Q", checkQuery, 1)
		digest := sha256.Sum256([]byte(message))
		if got := hex.EncodeToString(digest[:]); got != v.sha256 {
			t.Errorf("%s: the test's own string has the hash %s, want %s", v.message, got, v.sha256)
		}
		signature, err := base64.StdEncoding.DecodeString(req.Header.Get("X-Yoti-Auth-Digest"))
		if err != nil {
			t.Fatal(err)
		}
		if err := rsa.VerifyPKCS1v15(&testKey().PublicKey, crypto.SHA256, digest[:], signature); err != nil {
			t.Errorf("%s: the signature does not fit the documented string: %v", v.message, err)
		}
		want := v.query
		if want != "" {
			want += "&"
		}
		if req.URL.RawQuery != want+checkQuery {
			t.Errorf("%s: the query on the wire differs from the signed one", v.message)
		}
	}
}

// The vendor's own SDK has an example of the third part.
func TestBodyPart(t *testing.T) {
	h := sha256.New()
	if err := writeMessage(h, "POST", "/endpoint", transport.BytesBody("", []byte("simple message body"))); err != nil {
		t.Fatal(err)
	}
	want := sha256.Sum256([]byte("POST&/endpoint&c2ltcGxlIG1lc3NhZ2UgYm9keQ=="))
	if !bytes.Equal(h.Sum(nil), want[:]) {
		t.Error("the body is not the base64 of its bytes")
	}
}

// An empty body, known or not to be empty, counts as none: there is no ampersand at the end.
func TestEmptyBodyIsNoBody(t *testing.T) {
	want := sha256.Sum256([]byte("PUT&/x?a=b"))
	empty := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("")), nil }
	for name, body := range map[string]*transport.Body{
		"nil": nil, "no bytes": transport.BytesBody("", nil), "stream": transport.StreamBody("", -1, true, empty),
	} {
		h := sha256.New()
		if err := writeMessage(h, "PUT", "/x?a=b", body); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(h.Sum(nil), want[:]) {
			t.Errorf("%s: something was added for the body", name)
		}
	}
}

func TestSignedTwiceDiffers(t *testing.T) {
	s := newSigner("id", testKey(), &url.URL{Scheme: "https", Host: "api.yoti.com", Path: "/idverify/v1"}, false)
	first := signedRequest(t, s, "GET", "/sessions/abc", "", "")
	second := signedRequest(t, s, "GET", "/sessions/abc", "", "")
	if first.URL.RawQuery == second.URL.RawQuery || first.Header.Get(digestHeader) == second.Header.Get(digestHeader) {
		t.Error("two attempts carry the same nonce or signature")
	}
	uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	if nonce := first.URL.Query().Get("nonce"); !uuid.MatchString(nonce) {
		t.Errorf("the nonce %q is no version 4 UUID", nonce)
	}
}

func TestTimestampUnit(t *testing.T) {
	for _, seconds := range []bool{false, true} {
		s := fixedSigner(t)
		s.seconds = seconds
		want := "1700000000000"
		if seconds {
			want = "1700000000"
		}
		if got := signedRequest(t, s, "GET", "/x", "", "").URL.Query().Get("timestamp"); got != want {
			t.Errorf("seconds %v: timestamp is %s, want %s", seconds, got, want)
		}
	}
}

func TestSignerKeepsToItsBase(t *testing.T) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://api.yoti.com/other/v1/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := fixedSigner(t).Authorize(t.Context(), req, nil); err == nil {
		t.Error("a path outside the base URL was signed")
	}
}

// openssl is the second opinion: it verifies the client's signature over the documented string, and makes the same one,
// since PKCS#1 v1.5 leaves nothing to chance.
func TestOpenSSLAgrees(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	public, err := x509.MarshalPKIXPublicKey(&testKey().PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	pub := file("public.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}))
	key := file("key.pem", pkcs1(testKey()))
	for _, v := range checkValues {
		req := signedRequest(t, fixedSigner(t), v.method, v.path, v.query, v.body)
		signature, err := base64.StdEncoding.DecodeString(req.Header.Get(digestHeader))
		if err != nil {
			t.Fatal(err)
		}
		message := file("message", []byte(strings.Replace(v.message, "Q", checkQuery, 1)))
		out, err := exec.CommandContext(t.Context(), openssl, "dgst", "-sha256", "-verify", pub, "-signature", file("signature", signature), message).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "Verified OK") {
			t.Errorf("%s: openssl: %v: %s", v.message, err, out)
		}
		own, err := exec.CommandContext(t.Context(), openssl, "dgst", "-sha256", "-sign", key, message).Output()
		if err != nil || !bytes.Equal(own, signature) {
			t.Errorf("%s: openssl signs differently: %v", v.message, err)
		}
	}
}

// A body is hashed as a stream, whatever its length.
func TestSigningAllocatesLittle(t *testing.T) {
	const size = 10 << 20
	body := transport.StreamBody("image/png", size, true, func() (io.ReadCloser, error) {
		return io.NopCloser(io.LimitReader(zeros{}, size)), nil
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := writeMessage(sha256.New(), "PUT", "/x", body); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 256<<10 {
		t.Errorf("signing 10 MiB allocates %d bytes", got)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
