package transmit

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Whatever bytes come in, a face authentication is approved by the two words that Evidence names and by nothing else.
func FuzzParseFaceAuthResult(f *testing.F) {
	f.Add([]byte(`{"session_id":"s","status":"complete","recommendation":"ALLOW"}`))
	f.Add([]byte(`{"status":"complete","recommendation":"DENY","recommendation":"ALLOW"}`))
	f.Add([]byte(`{"Status":"complete","Recommendation":"ALLOW"}`))
	f.Add([]byte(`{"status":["complete"],"recommendation":{"value":"ALLOW"}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		result, err := ParseFaceAuthResult(raw)
		if err != nil {
			if !errors.Is(err, kyc.ErrMalformed) || result != nil {
				t.Fatalf("%v, %v", result, err)
			}
			return
		}
		if result.Decision != kyc.Approved {
			return
		}
		for pointer, want := range map[string]string{"/status": "complete", "/recommendation": "ALLOW"} {
			var word string
			at, err := kyc.Resolve(raw, pointer)
			if err != nil || json.Unmarshal(at, &word) != nil || word != want {
				t.Fatalf("approved with %s %s", pointer, at)
			}
		}
	})
}

// An event of the stream proves nothing, and keeps its bytes.
func FuzzStreamEvent(f *testing.F) {
	f.Add([]byte(`{"activity":"verify_status_updated","timestamp":"2026-05-04T03:02:01Z","additional_params":{"session_id":"s","result":"complete"}}`))
	f.Add([]byte(`{"additional_params":[],"timestamp":1795341600000}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var event StreamEvent
		if kyc.Unmarshal(raw, &event) != nil {
			return
		}
		e := event.Event()
		if e.Assurance != kyc.AssuranceNone || !bytes.Equal(e.Raw, raw) || (e.Ref != kyc.Ref{} && e.Ref.Session == "") {
			t.Fatalf("%q gives %v", raw, e)
		}
	})
}

// Without the key no text is a state.
func FuzzState(f *testing.F) {
	mine, err := NewStates(bytes.Repeat([]byte("k"), 32), 0, nil)
	if err != nil {
		f.Fatal(err)
	}
	other, err := NewStates(bytes.Repeat([]byte("o"), 32), 0, nil)
	if err != nil {
		f.Fatal(err)
	}
	forged, err := other.New("browser")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(forged, "browser")
	f.Add("", "")
	f.Add("AQ==", "x")
	f.Fuzz(func(t *testing.T, state, binding string) {
		query := url.Values{"sessionId": {"s"}, "state": {state}}
		if e, err := mine.ParseCallback(t.Context(), &url.URL{RawQuery: query.Encode()}, binding); err == nil {
			t.Fatalf("%q passes as %v", state, e)
		}
		good, err := mine.New(binding)
		if err != nil {
			return
		}
		query.Set("state", good)
		if _, err := mine.ParseCallback(t.Context(), &url.URL{RawQuery: query.Encode()}, binding+"x"); err == nil {
			t.Fatalf("the state of %q passes for another", binding)
		}
		if _, err := mine.ParseCallback(t.Context(), &url.URL{RawQuery: query.Encode()}, binding); err != nil {
			t.Fatalf("the state of %q: %v", binding, err)
		}
		if _, err := mine.ParseCallback(t.Context(), &url.URL{RawQuery: query.Encode()}, binding); err == nil {
			t.Fatalf("the state of %q passes twice", binding)
		}
	})
}
