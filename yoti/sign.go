package yoti

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// digestHeader carries the signature of a request.
const digestHeader = "X-Yoti-Auth-Digest"

// signer signs every attempt on its own: nonce and time stamp are part of what is signed. The key is read-only, so one
// signer serves all goroutines.
type signer struct {
	sdkID string
	key   *rsa.PrivateKey
	// prefix is the escaped path of the base URL. It is on the wire and never in what is signed.
	prefix  string
	seconds bool
	now     func() time.Time
	nonce   func() string
}

func newSigner(sdkID string, key *rsa.PrivateKey, base *url.URL, seconds bool) *signer {
	return &signer{
		sdkID: sdkID, key: key, prefix: strings.TrimSuffix(base.EscapedPath(), "/"), seconds: seconds,
		now: time.Now, nonce: newUUID,
	}
}

// Authorize puts sdkId, nonce and timestamp behind the query and the signature into a header. A body is read through
// once for the signature and opened anew for sending, so it is never held in memory. The vendor's own SDKs also name
// themselves in two headers; the documents require the digest only, so this client, which is none of them, does not.
func (s *signer) Authorize(_ context.Context, req *http.Request, body *transport.Body) error {
	endpoint, ok := strings.CutPrefix(req.URL.EscapedPath(), s.prefix)
	if !ok || !strings.HasPrefix(endpoint, "/") {
		return errors.New("the path is outside the base URL")
	}
	req.URL.RawQuery = s.query(req.URL.RawQuery)
	digest := sha256.New()
	if err := writeMessage(digest, req.Method, endpoint+"?"+req.URL.RawQuery, body); err != nil {
		return &kyc.Error{
			Vendor: kyc.Yoti, Operation: "requests.sign", Kind: kyc.ErrInvalid, Err: err,
			Detail: "the body cannot be read for the signature",
		}
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, digest.Sum(nil))
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	req.Header.Set(digestHeader, base64.StdEncoding.EncodeToString(signature))
	return nil
}

// SingleUse keeps net/http from repeating a signed request by itself: the same nonce would go out twice.
func (s *signer) SingleUse() {}

// query appends the parameters of the signature. What is signed is this very text, so its order does not matter.
func (s *signer) query(query string) string {
	now := s.now()
	stamp := now.UnixMilli()
	if s.seconds {
		stamp = now.Unix()
	}
	if query != "" {
		query += "&"
	}
	return query + "sdkId=" + url.QueryEscape(s.sdkID) + "&nonce=" + s.nonce() + "&timestamp=" + strconv.FormatInt(stamp, 10)
}

// writeMessage writes what is signed: METHOD&path?query and, where there is a body, &base64(body). An empty body counts
// as none.
func writeMessage(w hash.Hash, method, endpoint string, body *transport.Body) error {
	_, _ = io.WriteString(w, method+"&"+endpoint)
	if body == nil || body.Size() == 0 {
		return nil
	}
	r, err := body.Open()
	if err != nil {
		return err
	}
	lazy := &ampersand{w: w}
	encoder := base64.NewEncoder(base64.StdEncoding, lazy)
	_, err = io.Copy(encoder, r)
	if closeErr := r.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = encoder.Close()
	}
	return err
}

// ampersand writes the separator in front of the first byte only, since a body of unknown length may turn out empty.
type ampersand struct {
	w    io.Writer
	done bool
}

func (a *ampersand) Write(p []byte) (int, error) {
	if !a.done && len(p) > 0 {
		a.done = true
		if _, err := io.WriteString(a.w, "&"); err != nil {
			return 0, err
		}
	}
	return a.w.Write(p)
}

// newUUID returns a random version 4 UUID.
func newUUID() string {
	var b [16]byte
	// crypto/rand never fails: it ends the program where it cannot read.
	_, _ = rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
