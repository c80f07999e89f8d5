package yoti

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func block(kind string, der []byte, headers map[string]string) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der, Headers: headers})
}

func TestKeyForms(t *testing.T) {
	pkcs8, err := x509.MarshalPKCS8PrivateKey(testKey())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"PKCS#1":            pkcs1(testKey()),
		"PKCS#8":            block("PRIVATE KEY", pkcs8, nil),
		"text in front":     append([]byte("Bag Attributes\n  friendlyName: hub\n"), pkcs1(testKey())...),
		"carriage returns":  bytes.ReplaceAll(pkcs1(testKey()), []byte("\n"), []byte("\r\n")),
		"blanks at the end": append(pkcs1(testKey()), "\n \n"...),
	} {
		if _, err := NewClient(Config{SDKID: "id", PrivateKey: text}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeyFaults(t *testing.T) {
	public, err := x509.MarshalPKIXPublicKey(&testKey().PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ec, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	der := x509.MarshalPKCS1PrivateKey(testKey())
	broken := *testKey()
	broken.D = new(big.Int).Add(testKey().D, big.NewInt(2))
	for name, c := range map[string]struct {
		text []byte
		want string
	}{
		"empty":            {nil, "is empty"},
		"blanks":           {[]byte(" \n"), "is empty"},
		"a path":           {[]byte("/etc/yoti/key.pem"), "not its path"},
		"public, PKIX":     {block("PUBLIC KEY", public, nil), "public key"},
		"public, PKCS#1":   {block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&testKey().PublicKey), nil), "public key"},
		"encrypted PKCS#8": {block("ENCRYPTED PRIVATE KEY", der, nil), "encrypted"},
		"encrypted PKCS#1": {block("RSA PRIVATE KEY", der, map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}), "encrypted"},
		"certificate":      {block("CERTIFICATE", der, nil), "certificate"},
		"elliptic curve":   {block("PRIVATE KEY", ec, nil), "not an RSA key"},
		"other":            {block("EC PRIVATE KEY", der, nil), "not an RSA private key"},
		"cut short":        {block("RSA PRIVATE KEY", der[:len(der)-20], nil), "damaged"},
		"wrong numbers":    {block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(&broken), nil), "damaged"},
		"512 bits":         {shortKey(t), "too short"},
	} {
		_, err := NewClient(Config{SDKID: "id", PrivateKey: c.text})
		if !errors.Is(err, kyc.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want one that says %q", name, err, c.want)
		}
	}
}

// shortKey builds a key that crypto/rsa no longer makes.
func shortKey(t *testing.T) []byte {
	t.Helper()
	p, err := rand.Prime(rand.Reader, 256)
	if err != nil {
		t.Fatal(err)
	}
	q, err := rand.Prime(rand.Reader, 256)
	if err != nil {
		t.Fatal(err)
	}
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537}, Primes: []*big.Int{p, q}}
	if key.D = new(big.Int).ModInverse(big.NewInt(65537), phi); key.D == nil {
		return shortKey(t)
	}
	return pkcs1(key)
}

func TestConfigFaults(t *testing.T) {
	good := Config{SDKID: "id", PrivateKey: pkcs1(testKey())}
	for name, change := range map[string]func(*Config){
		"no id":              func(c *Config) { c.SDKID = " " },
		"relative URL":       func(c *Config) { c.BaseURL = "/idverify/v1" },
		"URL with query":     func(c *Config) { c.BaseURL = "https://api.yoti.com/idverify/v1?a=b" },
		"URL with password":  func(c *Config) { c.BaseURL = "https://u:p@api.yoti.com/idverify/v1" },
		"bearer, no scope":   func(c *Config) { c.Bearer = &Bearer{} },
		"bearer, two in one": func(c *Config) { c.Bearer = &Bearer{Scopes: []string{"a b"}} },
		"bearer, bad URL":    func(c *Config) { c.Bearer = &Bearer{Scopes: []string{"a"}, TokenURL: "auth"} },
		"basic, no colon": func(c *Config) {
			c.NotificationAuth = NotificationAuth{Type: NotificationAuthTypeBasic, Token: "secret"}
		},
		"unknown auth": func(c *Config) { c.NotificationAuth = NotificationAuth{Type: "DIGEST", Token: "secret"} },
		"bad workflow": func(c *Config) { c.Workflows = map[string]SessionRequest{"": {ClientSessionTokenTTL: new(int64(1))}} },
	} {
		cfg := good
		change(&cfg)
		if _, err := NewClient(cfg); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
	if _, err := NewClient(good, kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: -1})); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("a bad option: got %v, want ErrInvalid", err)
	}
}
