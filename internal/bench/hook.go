package main

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stripe/stripe-go/v85/webhook"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const hookSecret = "whsec_of_a_destination_0123456789"

// hook is a signed notice in both vendors' forms.
type hook struct {
	body           []byte
	now            time.Time
	raw, canonical http.Header
	stripe         string
}

func newHook() hook {
	now := time.Now()
	h := hook{body: notice(now.Unix()), now: now}
	all := didit.SignWebhook(hookSecret, h.body, now)
	h.raw, h.canonical = all.Clone(), all.Clone()
	h.raw.Del("X-Signature-V2")
	h.canonical.Del("X-Signature")
	h.stripe = "t=" + strconv.FormatInt(now.Unix(), 10) + ",v1=" + hex.EncodeToString(webhook.ComputeSignature(now, h.body, hookSecret))
	return h
}

// hooks measures the check of a notice of 40 KB.
func hooks() *group {
	h := newHook()
	size := int64(len(h.body))
	v := didit.Verifier{Secrets: []kyc.Secret{hookSecret}, Tolerance: time.Hour}
	check := func(header http.Header, want didit.Signature) func(int) {
		return func(n int) {
			for range n {
				got, err := v.Check(header, h.body)
				must(err)
				if got != want {
					panic("checked by the wrong signature")
				}
			}
		}
	}
	return &group{name: "Hook/40k", cases: []benchCase{
		{name: "sha256", bytes: size, run: func(n int) {
			for range n {
				sum := sha256.Sum256(h.body)
				kept = sum[:0]
			}
		}},
		{name: "raw", bytes: size, run: check(h.raw, didit.SignatureRaw)},
		{name: "stripe", bytes: size, run: func(n int) {
			for range n {
				must(webhook.ValidatePayloadWithTolerance(h.body, h.stripe, hookSecret, time.Hour))
			}
		}},
		{name: "canonical", bytes: size, run: check(h.canonical, didit.SignatureV2)},
		{name: "canonical_jsontext", bytes: size, run: func(n int) {
			for range n {
				v := jsontext.Value(slices.Clone(h.body))
				must(v.Canonicalize(jsontext.CanonicalizeRawInts(false), jsontext.CanonicalizeRawFloats(false)))
				kept = v
			}
		}},
		{name: "canonical_map", bytes: size, run: func(n int) {
			for range n {
				kept = canonicalByMap(h.body)
			}
		}},
		{name: "verify", bytes: size, run: func(n int) {
			for range n {
				_, err := v.Verify(h.raw, h.body)
				must(err)
			}
		}},
	}}
}
