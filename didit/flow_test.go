package didit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

func TestList(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server, kyc.WithLimiter(kyc.NewLimiter(1e6, 1e6)))
	var want []string
	for i := range 7 {
		s := must(c.Sessions.Create(ctx, didit.SessionRequest{VendorData: fmt.Sprint("u-", i)}))(t)
		want = append(want, s.SessionID)
	}
	company := must(c.Sessions.Create(ctx, didit.SessionRequest{WorkflowID: didittest.BusinessWorkflow, VendorData: "m"}))(t)
	slices.Reverse(want)
	collect := func(o didit.ListOptions) (ids []string) {
		for row, err := range c.Sessions.List(ctx, o) {
			check(t, err)
			ids = append(ids, row.SessionID)
		}
		return ids
	}
	if diff := cmp.Diff(want, collect(didit.ListOptions{PageSize: 3})); diff != "" {
		t.Errorf("sessions (-want +got):\n%s", diff)
	}
	if n := server.Count("Sessions.List"); n != 3 {
		t.Errorf("%d pages", n)
	}
	if got := collect(didit.ListOptions{Kind: didit.ListBusiness}); len(got) != 1 || got[0] != company.SessionID {
		t.Errorf("companies: %v", got)
	}
	if got := collect(didit.ListOptions{VendorData: "u-3"}); len(got) != 1 {
		t.Errorf("one user's: %v", got)
	}
	if got := collect(didit.ListOptions{Statuses: []didit.SessionStatus{didit.StatusApproved}}); got != nil {
		t.Errorf("approved: %v", got)
	}
	for range c.Sessions.List(ctx, didit.ListOptions{PageSize: 1}) {
		break
	}
	if n := server.Count("Sessions.List"); n != 7 {
		t.Errorf("a walk that is left reads on: %d", n)
	}
	clean(t, server)
}

// TestListCursor gives the iterator pages that lead astray.
func TestListCursor(t *testing.T) {
	page := func(next string) string {
		return `{"count":1,"next":"` + next + `","previous":null,"results":[{"session_id":"s"}]}`
	}
	for name, next := range map[string]string{
		"itself": "https://verification.didit.me/v3/sessions/?", "circle": "https://verification.didit.me/v3/sessions/?offset=1", "no URL": "http://[",
	} {
		server := didittest.NewServer(didittest.Answer("Sessions.List", 99, 200, "application/json", page(next)))
		rows, last := 0, error(nil)
		for _, err := range client(t, server).Sessions.List(t.Context(), didit.ListOptions{}) {
			if err != nil {
				last = err
				break
			}
			if rows++; rows > 10 {
				t.Fatalf("%s: no end", name)
			}
		}
		if !errors.Is(last, kyc.ErrMalformed) {
			t.Errorf("%s: %d rows, %v", name, rows, last)
		}
		server.Close()
	}
	// Only the query of a link counts: the key goes to the client's own host.
	var stolen atomic.Bool
	evil := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { stolen.Store(true) }))
	defer evil.Close()
	server := didittest.NewServer(didittest.Answer("Sessions.List", 1, 200, "application/json", page(evil.URL+"/v3/sessions/?offset=50")))
	defer server.Close()
	for _, err := range client(t, server).Sessions.List(t.Context(), didit.ListOptions{}) {
		check(t, err)
	}
	if got := server.Golden("Sessions.List"); stolen.Load() || len(got) != 2 || !strings.HasPrefix(got[1], "GET /v3/sessions/?offset=50\n") {
		t.Errorf("the next page was read elsewhere: %v", got)
	}
}

func TestFixturePages(t *testing.T) {
	server := didittest.NewServer(
		didittest.Answer("Sessions.List", 1, 200, "application/json", string(didit.Fixture(t, "list-sessions-user-1.json"))),
	)
	defer server.Close()
	server.Script(didittest.Answer("Sessions.List", 1, 200, "application/json", string(didit.Fixture(t, "list-sessions-user-2.json"))))
	var statuses []didit.SessionStatus
	for row, err := range client(t, server).Sessions.List(t.Context(), didit.ListOptions{PageSize: 2}) {
		check(t, err)
		statuses = append(statuses, row.Status)
	}
	if diff := cmp.Diff([]didit.SessionStatus{didit.StatusApproved, didit.StatusInReview, didit.StatusKYCExpired}, statuses); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

// TestFaults shows for each fault what a read and a create make of it, and how often they are sent.
func TestFaults(t *testing.T) {
	for _, f := range kyctest.Faults() {
		synctest.Test(t, func(t *testing.T) {
			server := didittest.NewServer(didittest.InMemory())
			defer server.Close()
			c := client(t, server, kyc.WithMaxBody(1<<20))
			s := must(c.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: "r"}))(t)
			server.Complete(s.SessionID)
			server.Script(didittest.FaultOn("Sessions.Decision", 1, f))
			r, err := c.Fetch(t.Context(), s.Ref())
			if err == nil && r.Decision != kyc.Approved || err != nil && r != nil {
				t.Errorf("%v: %v, %v", f, r, err)
			}
			server.ClearFaults()
			server.Script(didittest.FaultOn("Sessions.Create", 1, f))
			before := server.Count("Sessions.Create")
			_, err = c.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: "new"})
			sent := server.Count("Sessions.Create") - before
			repeatable := f == kyctest.Throttle || f == kyctest.ThrottleRetryAfter || f == kyctest.Unavailable
			if repeatable != (sent > 1) || repeatable && err != nil {
				t.Errorf("%v: a create was sent %d times: %v", f, sent, err)
			}
			if f == kyctest.ThrottleLong {
				var e *kyc.Error
				if !errors.As(err, &e) || !errors.Is(err, kyc.ErrRateLimited) || e.RetryAfter != time.Hour {
					t.Errorf("a long wait: %v", err)
				}
			}
		})
	}
}

// TestLostDelete loses the answer to a delete: the repeat finds nothing, which is what was wanted.
func TestLostDelete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := didittest.NewServer(didittest.InMemory(), didittest.FaultOn("Sessions.Delete", 1, didittest.ResetAfterRead))
		defer server.Close()
		c := client(t, server)
		s := must(c.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: "r"}))(t)
		check(t, c.Delete(t.Context(), s.Ref()))
		if _, known := server.Status(s.SessionID); known || server.Count("Sessions.Delete") != 2 {
			t.Errorf("known %v after %d requests", known, server.Count("Sessions.Delete"))
		}
	})
}

// TestBudgetsAreKept reads as fast as the client lets it, and the server counts.
func TestBudgetsAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := didittest.NewServer(didittest.InMemory(), didittest.EnforceBudgets())
		defer server.Close()
		c := client(t, server)
		s := must(c.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: "r"}))(t)
		server.Complete(s.SessionID)
		for range 15 {
			must(c.Sessions.UpdateIDData(t.Context(), s.SessionID, didit.IDData{FirstName: "Carmen"}))(t)
			must(c.Sessions.PDF(t.Context(), s.SessionID, io.Discard))(t)
			must(c.Sessions.Decision(t.Context(), s.SessionID))(t)
		}
		clean(t, server)
	})
}

func TestWebhooksEndToEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c *didit.Client
		var server *didittest.Server
		var decisions []kyc.Decision
		failures := 2
		// The secret is known before the server is.
		handler := kyc.Handler(lazy(func() kyc.NoticeSource { return didit.Webhooks("rotated away", server.WebhookSecret()) }), func(ctx context.Context, e kyc.Event) error {
			if e.Status == string(didit.StatusApproved) && failures > 0 {
				failures--
				return errors.New("not now")
			}
			r, err := c.Fetch(ctx, e.Ref)
			if err != nil {
				return err
			}
			decisions = append(decisions, r.Decision)
			return nil
		})
		server = didittest.NewServer(didittest.InMemory(), didittest.WebhookHandler(handler), didittest.Processing(time.Minute))
		defer server.Close()
		c = client(t, server)
		s := must(c.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: "r"}))(t)
		server.Complete(s.SessionID)
		<-time.After(time.Minute + time.Second)
		server.WaitWebhooks()
		if diff := cmp.Diff([]kyc.Decision{kyc.Pending, kyc.Approved}, decisions); diff != "" {
			t.Errorf("decisions (-want +got):\n%s", diff)
		}
		d := server.Deliveries()
		if len(d) != 2 || !d[1].Delivered || fmt.Sprint(d[1].Statuses) != "[500 500 200]" {
			t.Errorf("deliveries: %v", d)
		}
		clean(t, server)
	})
}

// lazy is a source that is made when the first notice comes.
func lazy(source func() kyc.NoticeSource) kyc.NoticeSource {
	return kyc.NoticeSourceFunc(func(r *http.Request, body []byte) (kyc.Event, error) { return source().ParseNotice(r, body) })
}

func TestWebhookDelivery(t *testing.T) {
	for _, c := range []struct {
		status int
		want   string
	}{{204, "[204]"}, {401, "[401]"}, {302, "[302]"}, {404, "[404 404 404]"}, {503, "[503 503 503]"}} {
		synctest.Test(t, func(t *testing.T) {
			var seen []string
			server := didittest.NewServer(didittest.InMemory(), didittest.WebhookSignatures(didit.SignatureV2), didittest.MovingEventIDs(),
				didittest.WebhookHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					body, err := io.ReadAll(r.Body)
					check(t, err)
					if _, err := didit.VerifyWebhook(r.Header, body, "didittest-webhook-secret-0123456789abcdefghi"); err != nil {
						t.Errorf("a notice does not verify: %v", err)
					}
					seen = append(seen, r.Header.Get("X-Signature"))
					w.WriteHeader(c.status)
				})))
			defer server.Close()
			s := must(client(t, server).Sessions.Create(t.Context(), didit.SessionRequest{VendorData: "r"}))(t)
			start := time.Now()
			server.Move(s.SessionID, didit.StatusInProgress)
			server.WaitWebhooks()
			d := server.Deliveries()
			if len(d) != 1 || fmt.Sprint(d[0].Statuses) != c.want || !d[0].Done || len(seen) != len(d[0].Statuses) || seen[0] != "" {
				t.Errorf("%d: deliveries %v", c.status, d)
			}
			if len(seen) == 3 && time.Since(start) != 5*time.Minute {
				t.Errorf("%d: three attempts in %v", c.status, time.Since(start))
			}
		})
	}
}

func TestMediaRedirect(t *testing.T) {
	var key, path string
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, path = r.Header.Get("X-Api-Key"), r.URL.RequestURI()
		_, _ = io.WriteString(w, "bytes")
	}))
	defer other.Close()
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	var out bytes.Buffer
	link := other.URL + "/a%2Fb/c?sig=x%2By&e=1"
	must(c.Media.Download(t.Context(), kyc.Secret(link), &out))(t)
	if out.String() != "bytes" || key != "" || path != "/a%2Fb/c?sig=x%2By&e=1" {
		t.Errorf("got %q from %q with the key %q", out.String(), path, key)
	}
	_, err := c.Media.Download(t.Context(), "/media/ocr/answer.jpg?X-Amz-Signature=s", io.Discard)
	if !errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("a relative link: %v", err)
	}
}

// A script answers for every operation that the fake lists, those without a key included.
func TestScriptedAnswerWithoutAKey(t *testing.T) {
	server := didittest.NewServer(
		didittest.Answer("Media.Download", 1, 403, "application/xml", "<Error><Code>AccessDenied</Code></Error>"),
		didittest.Answer("Hosted.Open", 1, 503, "text/html", "<title>Down</title>"),
	)
	defer server.Close()
	c := client(t, server)
	s := must(c.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: "u-1"}))(t)
	server.Complete(s.SessionID)
	link := must(c.Sessions.Decision(t.Context(), s.SessionID))(t).IDVerifications[0].FrontImage
	if _, err := c.Media.Download(t.Context(), link, io.Discard); !errors.Is(err, kyc.ErrForbidden) {
		t.Errorf("a link that ran out: %v", err)
	}
	must(c.Media.Download(t.Context(), link, io.Discard))(t)
	resp := must(server.HTTPClient().Get(s.URL.Reveal()))(t)
	check(t, resp.Body.Close())
	if resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("the hosted page answers %d", resp.StatusCode)
	}
}
