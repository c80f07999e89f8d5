package didit_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// TestRepeatsRunOnce lets every first attempt take longer than the vendor waits: the callback has run when the repeat comes.
func TestRepeatsRunOnce(t *testing.T) {
	for name, opts := range map[string][]didittest.Option{"ids that stay": nil, "ids that move": {didittest.MovingEventIDs()}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var server *didittest.Server
				var mu sync.Mutex // the fake does not wait for a handler that it has given up
				var statuses []string
				handler := kyc.Handler(lazy(func() kyc.NoticeSource { return didit.Webhooks(server.WebhookSecret()) }), func(_ context.Context, e kyc.Event) error {
					mu.Lock()
					defer mu.Unlock()
					statuses = append(statuses, e.Status)
					return nil
				})
				slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					handler.ServeHTTP(w, r)
					<-r.Context().Done() // the vendor has given up waiting
				})
				server = didittest.NewServer(append(opts, didittest.InMemory(), didittest.WebhookHandler(slow))...)
				defer server.Close()
				s := must(client(t, server).Sessions.Create(t.Context(), didit.SessionRequest{VendorData: "r"}))(t)
				want := []didit.SessionStatus{
					didit.StatusInProgress, didit.StatusInReview, didit.StatusResubmitted, didit.StatusInReview, didit.StatusApproved,
				}
				for _, status := range want {
					if !server.Move(s.SessionID, status) {
						t.Fatalf("the session does not go to %s", status)
					}
					server.WaitWebhooks()
				}
				for _, d := range server.Deliveries() {
					if fmt.Sprint(d.Statuses) != "[0 0 0]" {
						t.Errorf("attempts %v", d.Statuses)
					}
				}
				mu.Lock()
				defer mu.Unlock()
				if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprint(statuses)); diff != "" {
					t.Errorf("callbacks (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestEventIDs(t *testing.T) {
	const secret = kyc.Secret("didit-sheet-example-secret-not-real-0000001")
	at := time.Unix(1767225605, 0)
	id := func(body string) string {
		v := didit.Webhooks(secret)
		v.Now = func() time.Time { return at }
		e, err := v.Verify(didit.SignWebhook(secret, []byte(body), at), []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return e.ID
	}
	const first = `{"created_at":1767225600,"decision":{"id_verifications":[{"front_image":"https://media.example/a.jpg?X-Amz-Signature=1\u0026e=2","first_name":"A?1"}]},` +
		`"event_id":"e-1","session_id":"s","status":"In Review","timestamp":1767225604,"webhook_type":"status.updated"}`
	for name, c := range map[string]struct {
		old, new string
		same     bool
	}{
		"as it is":                         {"", "", true},
		"sent again":                       {`"timestamp":1767225604`, `"timestamp":1767225605`, true},
		"another event_id":                 {"e-1", "e-2", true},
		"no event_id":                      {`"event_id":"e-1",`, "", true},
		"links signed anew":                {"X-Amz-Signature=1", "X-Amz-Signature=22", true},
		"another moment":                   {`"created_at":1767225600`, `"created_at":1767225601`, false},
		"another status":                   {"In Review", "Approved", false},
		"another type":                     {"status.updated", "data.updated", false},
		"another session":                  {`"session_id":"s"`, `"session_id":"t"`, false},
		"other data in the same second":    {"A?1", "A?2", false},
		"another picture":                  {"a.jpg", "b.jpg", false},
		"a member that only this one has":  {`"status":`, `"trigger":"manual_review","status":`, false},
		"a decision that only one of both": {`"front_image"`, `"back_image"`, false},
	} {
		if got := id(strings.Replace(first, c.old, c.new, 1)); got == "" || (got == id(first)) != c.same {
			t.Errorf("%s: %q after %q", name, got, id(first))
		}
	}
	// Without the event's own moment nothing that stays tells two events apart, and a lost one is worse than one that runs twice.
	bare := strings.Replace(first, `"created_at":1767225600,`, "", 1)
	if id(bare) == id(strings.Replace(bare, "e-1", "e-2", 1)) {
		t.Error("two ids without a moment are one event")
	}
	if id(bare) != id(strings.Replace(bare, `"timestamp":1767225604`, `"timestamp":1767225605`, 1)) {
		t.Error("one id sent twice is two events")
	}
	bare = strings.Replace(bare, `"event_id":"e-1",`, "", 1)
	if id(bare) == id(strings.Replace(bare, `"timestamp":1767225604`, `"timestamp":1767225605`, 1)) {
		t.Error("two events without id and moment are one")
	}
}
