package transmit_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

// The consent goes out wherever the caller has put it, and no session is opened without one that is granted.
func TestFlowSendsTheConsent(t *testing.T) {
	withheld := transmit.Consent{DocumentID: "consent-7"}
	for _, tt := range []struct {
		name    string
		consent transmit.Consent
		start   *transmit.SessionStart
		refused bool
	}{
		{"in the flow", agreed(), nil, false},
		{"in the flow, with an empty start", agreed(), &transmit.SessionStart{}, false},
		{"in the start", transmit.Consent{}, &transmit.SessionStart{Consent: new(agreed())}, false},
		{"in both", agreed(), &transmit.SessionStart{Consent: new(agreed())}, false},
		{"nowhere", transmit.Consent{}, &transmit.SessionStart{}, true},
		{"withheld in the start", agreed(), &transmit.SessionStart{Consent: &withheld}, true},
		{"withheld in the start alone", transmit.Consent{}, &transmit.SessionStart{Consent: &withheld}, true},
		{"withheld in the flow", withheld, &transmit.SessionStart{Consent: new(agreed())}, true},
		{"withheld in the flow, with an empty start", withheld, &transmit.SessionStart{}, true},
		{"to another text", agreed(), &transmit.SessionStart{Consent: &transmit.Consent{Granted: true, DocumentID: "consent-8"}}, true},
		{"to no text", transmit.Consent{}, &transmit.SessionStart{Consent: &transmit.Consent{Granted: true}}, true},
	} {
		client, fake := start(t)
		var before string
		if tt.start != nil {
			before = plain(tt.start)
		}
		out, err := client.Verify(t.Context(), transmit.Flow{
			Consent: tt.consent, Session: transmit.SessionRequest{Start: tt.start}, MinPoll: time.Millisecond, Capture: camera(new([]string)),
		})
		if tt.start != nil && plain(tt.start) != before {
			t.Errorf("%s: the caller's request was changed", tt.name)
		}
		if tt.refused {
			if !errors.Is(err, kyc.ErrInvalid) || out != nil || len(fake.Requests()) != 0 {
				t.Errorf("%s: %v, %v, %d requests", tt.name, out, err, len(fake.Requests()))
			}
			continue
		}
		if err != nil || out.Verdict.Decision != kyc.Approved {
			t.Fatalf("%s: %v, %v", tt.name, out, err)
		}
		consent, err := client.Sessions.Consent(t.Context(), out.Session.SessionID)
		if err != nil || consent.ConsentGranted == nil || !*consent.ConsentGranted {
			t.Errorf("%s: the vendor knows of no consent: %v, %v", tt.name, consent, err)
		}
	}
}

// The state may say recapture for a while after the new images came in. The user is not asked again for that, and is for
// one that stays, or that comes after the checks have begun anew.
func TestFlowWaitsForOldRecapture(t *testing.T) {
	first := "document_front 0.1 "
	for name, tt := range map[string]struct {
		// state is what the vendor says by the number of images and the time since the last of them.
		state  func(images int, since time.Duration) string
		flow   transmit.Flow
		wanted []string
		want   kyc.Decision
		took   time.Duration // at least
	}{
		"late": {
			state: func(images int, since time.Duration) string {
				if images == 1 || since < 6*time.Second {
					return "recapture"
				}
				return "complete"
			},
			wanted: []string{first, "document_front 1.1 "}, want: kyc.Approved, took: 6 * time.Second,
		},
		"late, with the recaptures spent": {
			state: func(images int, since time.Duration) string {
				if images == 1 || since < 6*time.Second {
					return "recapture"
				}
				return "complete"
			},
			flow: transmit.Flow{MaxRecaptures: 1}, wanted: []string{first, "document_front 1.1 "}, want: kyc.Approved, took: 6 * time.Second,
		},
		"a new one": {
			state: func(images int, since time.Duration) string {
				switch {
				case images == 3:
					return "complete"
				case images == 2 && since < 4*time.Second:
					return "processing"
				}
				return "recapture"
			},
			wanted: []string{first, "document_front 1.1 ", "document_front 2.1 "}, want: kyc.Approved, took: 4 * time.Second,
		},
		"one that stays": {
			state:  func(int, time.Duration) string { return "recapture" },
			wanted: []string{first, "document_front 1.1 ", "document_front 2.1 "}, want: kyc.InputRequired, took: 20 * time.Second,
		},
		"one that stays, with a grace of its own": {
			state: func(int, time.Duration) string { return "recapture" }, flow: transmit.Flow{RecaptureGrace: time.Minute, MaxRecaptures: 1},
			wanted: []string{first, "document_front 1.1 "}, want: kyc.InputRequired, took: time.Minute,
		},
		"without grace": {
			state: func(int, time.Duration) string { return "recapture" }, flow: transmit.Flow{RecaptureGrace: -1},
			wanted: []string{first, "document_front 1.1 ", "document_front 2.1 "}, want: kyc.InputRequired,
		},
		"a grace longer than the budget": {
			state: func(int, time.Duration) string { return "recapture" }, flow: transmit.Flow{RecaptureGrace: time.Hour, Budget: time.Minute, MaxRecaptures: 1},
			wanted: []string{first, "document_front 1.1 "}, want: kyc.InputRequired, took: 30 * time.Second,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				images, last := 0, time.Now()
				client, err := transmit.NewClient(transmit.Config{ClientID: "id", ClientSecret: "s", BaseURL: "https://vendor.invalid"}, kyc.WithHTTPClient(&http.Client{
					Transport: roundTripper(func(r *http.Request) string {
						switch path := r.Method + " " + r.URL.Path; {
						case strings.HasSuffix(path, "/token"):
							return `{"access_token":"t","expires_in":3600}`
						case strings.HasSuffix(path, "/result"):
							return fmt.Sprintf(`{"session_id":"s1","status":%q,"recommendation":"ALLOW","checks":{}}`, tt.state(images, time.Since(last)))
						case strings.HasPrefix(path, "GET "):
							return `{"session_images":[{"id":"1","type":"document_front","rejected":true,"original":true}]}`
						case strings.HasSuffix(path, "/images"):
							_, _ = io.Copy(io.Discard, r.Body)
							images, last = images+1, time.Now()
							return `{"feedback":"ok","complete":true}`
						default:
							return `{"session_id":"s1","expiration":"","missing_images":["document_front"]}`
						}
					}),
				}))
				if err != nil {
					t.Fatal(err)
				}
				var wanted []string
				flow := tt.flow
				flow.Consent, flow.Capture = agreed(), camera(&wanted)
				began := time.Now()
				out, err := client.Verify(t.Context(), flow)
				if err != nil || out.Verdict.Decision != tt.want {
					t.Fatalf("%v, %v", out, err)
				}
				if diff := cmp.Diff(tt.wanted, wanted); diff != "" {
					t.Errorf("wanted (-want +got)\n%s", diff)
				}
				if took := time.Since(began); took < tt.took || took > tt.took+6*time.Second {
					t.Errorf("took %v, want %v", took, tt.took)
				}
			})
		})
	}
}

// A flow that goes on with a session whose images an earlier run has just added gives the state the same time.
func TestFlowThatGoesOnWaitsForOldRecapture(t *testing.T) {
	for name, tt := range map[string]struct {
		late   time.Duration // how long the state still says recapture
		images string
		wanted []string
	}{
		"late":             {6 * time.Second, `{"id":"1","type":"selfie","rejected":true},{"id":"2","type":"selfie","rejected":false}`, nil},
		"one that stays":   {15 * time.Second, `{"id":"1","type":"selfie","rejected":false}`, []string{"selfie 0.1 "}},
		"nothing added":    {6 * time.Second, `{"id":"1","type":"selfie","rejected":true}`, []string{"selfie 0.1 "}},
		"nothing is there": {6 * time.Second, ``, []string{"document_front 0.1 "}},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			client, err := transmit.NewClient(transmit.Config{ClientID: "id", ClientSecret: "s", BaseURL: "https://vendor.invalid"}, kyc.WithHTTPClient(&http.Client{
				Transport: roundTripper(func(r *http.Request) string {
					switch path := r.Method + " " + r.URL.Path; {
					case strings.HasSuffix(path, "/token"):
						return `{"access_token":"t","expires_in":3600}`
					case strings.HasPrefix(path, "GET ") && strings.HasSuffix(path, "/images"):
						return `{"session_images":[` + tt.images + `]}`
					case strings.HasPrefix(path, "POST "):
						_, _ = io.Copy(io.Discard, r.Body)
						return `{"feedback":"ok","complete":true}`
					case time.Since(began) < tt.late:
						return `{"session_id":"s1","status":"recapture"}`
					default:
						return `{"session_id":"s1","status":"complete","recommendation":"ALLOW","checks":{}}`
					}
				}),
			}))
			if err != nil {
				t.Fatal(err)
			}
			var wanted []string
			out, err := client.Verify(t.Context(), transmit.Flow{Existing: &transmit.Session{SessionID: "s1"}, Capture: camera(&wanted)})
			if err != nil || out.Verdict.Decision != kyc.Approved {
				t.Fatalf("%s: %v, %v", name, out, err)
			}
			if diff := cmp.Diff(tt.wanted, wanted); diff != "" {
				t.Errorf("%s: wanted (-want +got)\n%s", name, diff)
			}
		})
	}
}
