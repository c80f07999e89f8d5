package didit

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Whoever has no secret cannot sign with the empty one either.
func TestEmptySecretSignsNothing(t *testing.T) {
	h := SignWebhook("", []byte(vectorA), sentAt)
	v := verifier()
	v.Secrets = []kyc.Secret{vectorSecret, ""}
	if e, err := v.Verify(h, []byte(vectorA)); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("%v, %v", e, err)
	}
}

// TestNoEventWithoutKey changes signed notices at random. What differs from what was signed gives no Event: in its bytes
// under the raw signature, in what it says under V2.
func TestNoEventWithoutKey(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 0))
	bodies := [][]byte{[]byte(vectorA), []byte(vectorB), fixture(t, "webhook-status-resubmitted.json")}
	refused := map[string]int{}
	for i := range 20_000 {
		signed := bodies[i%len(bodies)]
		body := append([]byte(nil), signed...)
		name, accept := headerSignatureV2, SignatureV2
		if i%2 == 0 {
			name, accept = headerSignature, SignatureRaw
		}
		h := only(SignWebhook(vectorSecret, body, sentAt), name)
		sum := h.Get(name)
		switch r.IntN(4) {
		case 0:
			body[r.IntN(len(body))] ^= byte(1 << r.IntN(8))
		case 1:
			changed := []byte(sum)
			changed[r.IntN(len(changed))] = hexDigits[r.IntN(16)]
			h.Set(name, string(changed))
		case 2:
			body = body[:r.IntN(len(body))]
		case 3:
			at := r.IntN(len(body))
			body = slices.Insert(body, at, body[r.IntN(len(body))])
		}
		v := verifier()
		v.Accept = accept
		e, err := v.Verify(h, body)
		if err != nil {
			refused[name]++
			continue
		}
		same := bytes.Equal(body, signed)
		if accept == SignatureV2 {
			same = cmp.Equal(meaning(t, body), meaning(t, signed))
		}
		if !same || h.Get(name) != sum {
			t.Fatalf("%q gives the event %v", body, e)
		}
	}
	for _, name := range []string{headerSignature, headerSignatureV2} {
		if refused[name] < 7000 {
			t.Errorf("only %d changes were refused under %s", refused[name], name)
		}
	}
}

// meaning is what a JSON text says: an integral number is one number however written.
func meaning(t *testing.T, body []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
