package didit

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// TestEveryNotice reads every documented event as what it is.
func TestEveryNotice(t *testing.T) {
	seen := map[EventType]bool{}
	for _, name := range fixtureNames(t, "webhook-*.json") {
		body := fixture(t, name)
		h := SignWebhook(vectorSecret, body, sentAt)
		h.Set(headerTest, strconv.FormatBool(strings.Contains(name, "probe")))
		var e kyc.Event
		var err error
		if strings.Contains(name, "registry") {
			e, err = ParseRegistrySearch(http.Header{headerUnsigned: {"true"}}, body)
			if e.Assurance != kyc.AssuranceNone {
				t.Errorf("%s has the assurance %v", name, e.Assurance)
			}
		} else {
			e, err = verifier().Verify(h, body)
			if e.Assurance != kyc.AssuranceSigned {
				t.Errorf("%s has the assurance %v", name, e.Assurance)
			}
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		seen[EventType(e.Type)] = true
		n, err := ReadNotice(e)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, other := n.(*OtherNotice); other || n.Type() != EventType(e.Type) || string(n.RawJSON()) != string(body) {
			t.Errorf("%s reads as %T of %q", name, n, n.Type())
		}
		if s, ok := n.(*SessionNotice); ok {
			if e.Ref.Session != s.SessionID || e.Status != string(s.Status) {
				t.Errorf("%s: event %v of %q", name, e.Ref, e.Status)
			}
			hasDecision := strings.Contains(string(body), `"decision"`)
			if (s.Decision != nil) != hasDecision {
				t.Errorf("%s: decision %v", name, s.Decision)
			}
			if s.Decision != nil && s.Decision.Result().Decision != kyc.Unknown {
				t.Errorf("%s: the decision inside a notice decides", name)
			}
		}
	}
	for _, want := range EventType("").Values() {
		if !seen[want] {
			t.Errorf("no fixture of %s", want)
		}
	}
	body := []byte(`{"webhook_type":"session.dreamt","timestamp":1767225605,"session_id":"s","more":[1.50]}`)
	e, err := verifier().Verify(SignWebhook(vectorSecret, body, sentAt), body)
	if err != nil {
		t.Fatal(err)
	}
	n, err := ReadNotice(e)
	if other, ok := n.(*OtherNotice); err != nil || !ok || string(other.Extra["more"]) != "[1.50]" || e.Ref.Session != "s" || EventType(e.Type).Known() {
		t.Errorf("an unknown event reads as %T, %v", n, err)
	}
	if _, err := ReadNotice(kyc.Event{Vendor: kyc.Jumio, Raw: body}); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("another vendor's event: %v", err)
	}
}

func TestRegistrySearch(t *testing.T) {
	body := fixture(t, "webhook-registry-search.json")
	unsigned := http.Header{headerUnsigned: {"true"}}
	if _, err := verifier().Verify(unsigned, body); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("an unsigned notice passes the verifier: %v", err)
	}
	if _, err := ParseRegistrySearch(http.Header{}, body); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("without its header: %v", err)
	}
	forged := []byte(`{"webhook_type":"status.updated","session_id":"s","status":"Approved"}`)
	if _, err := ParseRegistrySearch(unsigned, forged); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("another event passes unsigned: %v", err)
	}
	named := []byte(`{"webhook_type":"kyb.registry_search.resolved","session_id":"s","status":"Approved"}`)
	e, err := RegistrySearches().ParseNotice(&http.Request{Header: unsigned}, named)
	if err != nil || !e.Ref.IsZero() || e.Assurance != kyc.AssuranceNone {
		t.Errorf("an unsigned notice names a session: %v, %v", e, err)
	}
}

func TestRepeatsHaveOneID(t *testing.T) {
	first := `{"webhook_type":"status.updated","timestamp":1767225605,"created_at":1767225600,"session_id":"s","status":"Approved"}`
	id := func(body string) string {
		n, err := readEnvelope([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return n.event([]byte(body)).ID
	}
	again := strings.Replace(first, "1767225605", "1767225665", 1)
	other := strings.Replace(first, "1767225600", "1767225601", 1)
	if id(first) == "" || id(first) != id(again) || id(first) == id(other) {
		t.Errorf("ids %q, repeated %q, another %q", id(first), id(again), id(other))
	}
}
