package yoti

import (
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"strings"
)

// minKeyBits is the least that crypto/rsa signs with. The vendor issues the keys and does not document their size, so
// the bound is no higher.
const minKeyBits = 1024

// parseKey reads an RSA private key, PKCS#1 or PKCS#8, and readies it for signing. Its errors say what to pass instead
// and hold nothing of the key.
func parseKey(text []byte) (*rsa.PrivateKey, error) {
	if len(strings.TrimSpace(string(text))) == 0 {
		return nil, errors.New("PrivateKey is empty: pass the contents of the PEM file that the Yoti Hub issued")
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("PrivateKey holds no PEM block: pass the contents of the file, not its path")
	}
	key, err := keyOf(block)
	if err != nil {
		return nil, err
	}
	if key.N == nil || key.N.BitLen() < minKeyBits {
		return nil, errors.New("PrivateKey is too short: an RSA key of at least 1024 bits is needed")
	}
	if err := key.Validate(); err != nil {
		return nil, errors.New("PrivateKey is damaged: its numbers do not fit together")
	}
	// Without this every signature costs half as much again.
	key.Precompute()
	return key, nil
}

func keyOf(block *pem.Block) (*rsa.PrivateKey, error) {
	switch {
	case strings.Contains(block.Type, "ENCRYPTED") || block.Headers["DEK-Info"] != "":
		return nil, errors.New("PrivateKey is encrypted: decrypt it first, as with openssl rsa")
	case strings.Contains(block.Type, "PUBLIC KEY"):
		return nil, errors.New("PrivateKey is a public key: pass the private one")
	case block.Type == "CERTIFICATE":
		return nil, errors.New("PrivateKey is a certificate: pass the private key")
	case block.Type == "RSA PRIVATE KEY":
		key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			return nil, damaged(block)
		}
		return key, nil
	case block.Type == "PRIVATE KEY":
		return unwrap(block)
	default:
		return nil, errors.New("PrivateKey is not an RSA private key in PKCS#1 or PKCS#8 form")
	}
}

var rsaEncryption = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}

// unwrap reads a PKCS#8 key, RFC 5208. x509.ParsePKCS8PrivateKey reads keys of every kind, and with it every program would
// link the signing of all of them.
func unwrap(block *pem.Block) (*rsa.PrivateKey, error) {
	var wrapped struct {
		Version    int
		Algorithm  pkix.AlgorithmIdentifier
		PrivateKey []byte
		Attributes asn1.RawValue `asn1:"optional,tag:0"`
	}
	if rest, err := asn1.Unmarshal(block.Bytes, &wrapped); err != nil || len(rest) > 0 {
		return nil, damaged(block)
	}
	if !wrapped.Algorithm.Algorithm.Equal(rsaEncryption) {
		return nil, errors.New("PrivateKey is not an RSA key")
	}
	key, err := x509.ParsePKCS1PrivateKey(wrapped.PrivateKey)
	if err != nil {
		return nil, damaged(block)
	}
	return key, nil
}

// damaged tells a short key from a broken one: the parser refuses both with a text that may quote numbers.
func damaged(block *pem.Block) error {
	if len(block.Bytes) > 0 && len(block.Bytes) < minKeyBits/8*4 {
		return errors.New("PrivateKey is too short or damaged: an RSA key of at least 1024 bits is needed")
	}
	return errors.New("PrivateKey is damaged: it does not parse")
}
