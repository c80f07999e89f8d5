package yoti

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// No bytes make a key that does not sign, and no refusal repeats them.
func FuzzPrivateKey(f *testing.F) {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	f.Add([]byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"))
	f.Add([]byte("-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: x\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"))
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"))
	f.Add([]byte("/path/to/key.pem"))
	f.Fuzz(func(t *testing.T, text []byte) {
		key, err := parseKey(text)
		if err != nil {
			if line := strings.TrimSpace(string(text)); key != nil || len(line) > 12 && strings.Contains(err.Error(), line) {
				t.Fatalf("%v, %v", key, err)
			}
			return
		}
		if err := key.Validate(); err != nil || key.N.BitLen() < minKeyBits {
			t.Fatalf("a key of %d bits: %v", key.N.BitLen(), err)
		}
	})
}

// Without the credential no bytes are a notification, and with it none is taken for more than it says.
func FuzzParseNotification(f *testing.F) {
	auth := NotificationAuth{Type: NotificationAuthTypeBasic, Token: "user:a long password"}
	f.Add([]byte(`{"session_id":"s","topic":"session_completion"}`), "Basic dXNlcjp4")
	f.Add([]byte(`{"session_id":"s","topic":"CHECK_COMPLETION","check_id":"c"}`), "Bearer user:a long password")
	f.Add([]byte(`{"session_id":"s","session_id":"t"}`), "basic")
	f.Fuzz(func(t *testing.T, body []byte, header string) {
		if header != "Basic dXNlcjphIGxvbmcgcGFzc3dvcmQ=" {
			e, err := ParseNotification(http.Header{"Authorization": {header}}, body, auth)
			// Base64 of the same text may be spelled in another way.
			if !errors.Is(err, kyc.ErrUnauthorized) && !strings.Contains(header, "dXNlcjphIGxvbmcgcGFzc3dvcmQ") {
				t.Fatalf("%q passes: %v, %v", header, e, err)
			}
		}
		e, err := ParseNotification(http.Header{"Authorization": {"Basic dXNlcjphIGxvbmcgcGFzc3dvcmQ="}}, body, auth)
		switch {
		case err != nil && (!errors.Is(err, kyc.ErrMalformed) || e.Raw != nil):
			t.Fatalf("%v, %v", e, err)
		case err == nil && (e.Ref.Session == "" || e.Assurance != kyc.AssuranceSharedSecret):
			t.Fatalf("%q gives %v", body, e)
		}
	})
}

// Media that are JSON decode or are refused, and encode to what decodes to the same.
func FuzzDocumentFields(f *testing.F) {
	f.Add([]byte(`{"document_type":"PASSPORT","structured_postal_address":{"address_line1":"x"}}`))
	f.Add([]byte(`{"full_name":"a","full_name":"b"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		fields, err := ParseDocumentFields(raw)
		if err != nil {
			if !errors.Is(err, kyc.ErrMalformed) || fields != nil {
				t.Fatalf("%v, %v", fields, err)
			}
			return
		}
		first, err := kyc.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseDocumentFields(first)
		if err != nil {
			t.Fatalf("%q became %q: %v", raw, first, err)
		}
		if second, err := kyc.Marshal(again); err != nil || string(second) != string(first) {
			t.Fatalf("%q became %q and then %q, %v", raw, first, second, err)
		}
	})
}

// A source in either form comes back as it was.
func FuzzSource(f *testing.F) {
	for _, s := range []string{`"END_USER"`, `{"type":"END_USER"}`, `null`, `[{}]`, `{"type":1}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var s Source
		if kyc.Unmarshal(raw, &s) != nil {
			return
		}
		first, err := kyc.Marshal(s)
		if err != nil {
			t.Fatalf("%q: %v", raw, err)
		}
		var again Source
		if err := kyc.Unmarshal(first, &again); err != nil {
			t.Fatalf("%q became %q: %v", raw, first, err)
		}
		if second, err := kyc.Marshal(again); err != nil || string(second) != string(first) {
			t.Fatalf("%q became %q and then %q, %v", raw, first, second, err)
		}
	})
}
