package didit

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// One signature is good for one event, however the notice is spelled: else it could be replayed past the store of what was
// seen, by somebody who has no secret.
func TestOneSignatureOneID(t *testing.T) {
	const signed = `{"created_at":1767225600,"decision":{"liveness_checks":[{"score":90.0,"url":"https://m.example/a?b=1"}]},"event_id":"e-1","session_id":"s","status":"Approved","timestamp":1767225605,"webhook_type":"status.updated"}`
	h := only(SignWebhook(vectorSecret, []byte(signed), sentAt), headerSignatureV2)
	want, err := verifier().Verify(h, []byte(signed))
	if err != nil || want.ID == "" {
		t.Fatalf("%v, %v", want, err)
	}
	for _, change := range [][2]string{
		{"90.0", "90"}, {"90.0", "9e1"}, {"90.0", "90.00"}, {"90.0", "9.0E+1"}, {"Approved", `\u0041pproved`}, {`"score"`, `"\u0073core"`}, {`"created_at"`, `"\u0063reated_at"`},
		{"https://m", `\u0068ttps:\/\/m`}, {",", " ,\n"}, {`"status":"Approved",`, ``}, {`"event_id":"e-1",`, ``}, {`1767225600,`, `1767225600.0,`}, {`1767225600,`, `1.7672256e9,`},
	} {
		body := strings.ReplaceAll(signed, change[0], change[1])
		switch change[0] { // the order of members
		case `"status":"Approved",`:
			body = strings.Replace(body, "{", `{"status":"Approved",`, 1)
		case `"event_id":"e-1",`:
			body = strings.Replace(body, "{", `{"event_id":"e-1",`, 1)
		}
		got, err := verifier().Verify(h, []byte(body))
		if err != nil {
			t.Errorf("%s: %v", body, err)
		} else if got.ID != want.ID {
			t.Errorf("%s has the id %s, not %s", body, got.ID, want.ID)
		}
	}
}

// Ref is what work is done for, so it must be under the signature.
func TestSimpleProvesNoBusinessSession(t *testing.T) {
	v := verifier()
	v.Accept = SignatureSimple
	body := []byte(`{"created_at":1767225600,"business_session_id":"b-1","status":"ACTIVE","timestamp":1767225605,"webhook_type":"business.status.updated"}`)
	h := only(SignWebhook(vectorSecret, body, sentAt), headerSignatureSimple)
	e, err := v.Verify(h, bytes.Replace(body, []byte("b-1"), []byte("b-2"), 1))
	if err != nil || !e.Ref.IsZero() || !e.OccurredAt.IsZero() || e.Status != "ACTIVE" {
		t.Errorf("an unsigned session becomes the event's: %v, %v", e.Ref, err)
	}
	if e, err := verifier().Verify(SignWebhook(vectorSecret, body, sentAt), body); err != nil || e.Ref.Session != "b-1" {
		t.Errorf("a signed one: %v, %v", e.Ref, err)
	}
	// The moment of a probe is unsigned too, so that it could be kept young for ever.
	probe := []byte(`{"created_at":1767225605,"session_id":"s","status":"Approved","webhook_type":"status.updated"}`)
	h = only(SignWebhook(vectorSecret, probe, sentAt), headerSignatureSimple)
	h.Set(headerTest, "true")
	if e, err := v.Verify(h, probe); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("a probe without a moment: %v, %v", e, err)
	}
}

func TestAcceptV2RefusesRaw(t *testing.T) {
	h := SignWebhook(vectorSecret, []byte(vectorA), sentAt)
	v := verifier()
	v.Accept = SignatureV2
	if s, err := v.Check(only(h, headerSignature), []byte(vectorA)); !errors.Is(err, kyc.ErrUnauthorized) || s != 0 {
		t.Errorf("the raw signature: %v, %v", s, err)
	}
	if s, err := v.Check(h, []byte(vectorA)); err != nil || s != SignatureV2 {
		t.Errorf("both signatures: %v, %v", s, err)
	}
}

// tamper checks one change of a notice that V2 signs: it is accepted only where it means the same, and is the same event then.
func tamper(t *testing.T, signed, changed []byte) (accepted bool) {
	t.Helper()
	h := only(SignWebhook(vectorSecret, signed, sentAt), headerSignatureV2)
	want, err := verifier().Verify(h, signed)
	if err != nil {
		return false
	}
	got, err := verifier().Verify(h, changed)
	if err != nil {
		return false
	}
	if got.ID != want.ID || got.Ref != want.Ref || got.Status != want.Status || got.Type != want.Type {
		t.Fatalf("%q of %q is another event", changed, signed)
	}
	// The standard reader does not know the canonical form; it goes by values.
	var a, b any
	if json.Unmarshal(signed, &a) != nil || json.Unmarshal(changed, &b) != nil {
		return true // beyond a double's range
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Fatalf("%q is accepted for %q:\n%s", changed, signed, diff)
	}
	return true
}

// change spells a notice anew or makes it another one, at random.
func change(r *rand.Rand, body []byte) []byte {
	out := bytes.Clone(body)
	spot := func(of string) int {
		var at []int
		for i := range out {
			if strings.IndexByte(of, out[i]) >= 0 {
				at = append(at, i)
			}
		}
		if len(at) == 0 {
			return 0
		}
		return at[r.IntN(len(at))]
	}
	insert := func(i int, text string) { out = append(out[:i:i], append([]byte(text), out[i:]...)...) }
	switch r.IntN(8) {
	case 0:
		out[r.IntN(len(out))] ^= byte(1 << r.IntN(8))
	case 1:
		insert(spot(",:{}[]"), " ")
	case 2:
		insert(spot(",}]"), []string{".0", "e0", "0", ".00e0", "e1", ".5"}[r.IntN(6)])
	case 3:
		i := spot("abcdefghijklmnopqrstuvwxyz")
		c := out[i]
		out = append(out[:i:i], append([]byte{'\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15]}, out[i+1:]...)...)
	case 4:
		i := spot("0123456789")
		out[i] = '0' + byte(r.IntN(10))
	case 5:
		insert(1, []string{`"more":1,`, `"status":"Approved",`, `"\u0073tatus":"Approved",`, `"":null,`}[r.IntN(4)])
	case 6:
		i := spot(`"`)
		insert(i, []string{`"`, `\`, `\"`}[r.IntN(3)])
	case 7:
		// The members in another order.
		var members map[string]json.RawMessage
		if json.Unmarshal(out, &members) == nil {
			var b bytes.Buffer
			for name, value := range members { // at random too
				b.WriteString(`,"` + name + `":`)
				b.Write(value)
			}
			out = append(append([]byte{'{'}, b.Bytes()[min(1, b.Len()):]...), '}')
		}
	}
	return out
}

func TestTamperedV2(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 0))
	bodies := [][]byte{[]byte(vectorA), []byte(vectorB), fixture(t, "webhook-status-resubmitted.json")}
	accepted := 0
	const rounds = 6000
	for i := range rounds {
		signed := bodies[i%len(bodies)]
		changed := signed
		for range 1 + r.IntN(3) {
			changed = change(r, changed)
		}
		if tamper(t, signed, changed) {
			accepted++
		}
	}
	// Without both kinds of change this test would show nothing.
	if accepted < rounds/20 || accepted > rounds*19/20 {
		t.Errorf("%d of %d are accepted", accepted, rounds)
	}
}

func FuzzTamperedV2(f *testing.F) {
	f.Add([]byte(vectorA), []byte(strings.Replace(vectorA, "90.0", "9e1", 1)), uint64(1))
	f.Add([]byte(vectorB), []byte(vectorB), uint64(2))
	f.Fuzz(func(t *testing.T, signed, changed []byte, seed uint64) {
		tamper(t, signed, changed)
		if len(signed) > 1 {
			tamper(t, signed, change(rand.New(rand.NewPCG(seed, 0)), signed))
		}
	})
}
