package yoti_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// sink takes uploads without holding them: it verifies the signature while it reads.
type sink struct {
	url  string
	mu   sync.Mutex
	fail int
	n    int
	size int64
	good bool
}

func newSink(t *testing.T) *sink {
	s := &sink{good: true}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *sink) reset(fail int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail, s.n = fail, 0
}

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := sha256.New()
	_, _ = io.WriteString(h, r.Method+"&"+strings.TrimPrefix(r.RequestURI, "/idverify/v1")+"&")
	enc := base64.NewEncoder(base64.StdEncoding, h)
	size, _ := io.Copy(enc, r.Body)
	_ = enc.Close()
	signature, _ := base64.StdEncoding.DecodeString(r.Header.Get("X-Yoti-Auth-Digest"))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	s.size = size
	s.good = s.good && rsa.VerifyPKCS1v15(yotitest.PublicKey(), crypto.SHA256, h.Sum(nil), signature) == nil && r.ContentLength == size
	if s.n <= s.fail {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

func (s *sink) attempts() int { s.mu.Lock(); defer s.mu.Unlock(); return s.n }
func (s *sink) last() int64   { s.mu.Lock(); defer s.mu.Unlock(); return s.size }
func (s *sink) signed() bool  { s.mu.Lock(); defer s.mu.Unlock(); return s.good }
