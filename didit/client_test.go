package didit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const anID = "11111111-2222-3333-4444-555555555555"

func TestNewClient(t *testing.T) {
	for _, c := range []struct {
		name string
		cfg  didit.Config
		ok   bool
	}{
		{"plain", didit.Config{APIKey: "k"}, true},
		{"proxy", didit.Config{APIKey: "k", BaseURL: "https://proxy.example/didit/"}, true},
		{"no key", didit.Config{}, false},
		{"key with a line break", didit.Config{APIKey: "k\n"}, false},
		{"key with a blank", didit.Config{APIKey: "a b"}, false},
		{"version", didit.Config{APIKey: "k", BaseURL: "https://verification.didit.me/v3"}, false},
		{"no scheme", didit.Config{APIKey: "k", BaseURL: "verification.didit.me"}, false},
		{"query", didit.Config{APIKey: "k", BaseURL: "https://x.example/?a=1"}, false},
	} {
		if _, err := didit.NewClient(c.cfg); (err == nil) != c.ok || err != nil && !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestRefusedBeforeTheNetwork makes every call with what cannot be right.
func TestRefusedBeforeTheNetwork(t *testing.T) {
	server := didittest.NewServer()
	defer server.Close()
	c, ctx := client(t, server), t.Context()
	cfg := server.Config()
	cfg.Workflow = ""
	bare, err := didit.NewClient(cfg)
	check(t, err)
	s := c.Sessions
	calls := map[string]func(id string) error{
		"decision": func(id string) error { _, err := s.Decision(ctx, id); return err },
		"status": func(id string) error {
			_, err := s.UpdateStatus(ctx, id, didit.StatusRequest{NewStatus: didit.StatusApproved})
			return err
		},
		"resubmit": func(id string) error { _, err := s.Resubmit(ctx, id, didit.StatusRequest{}); return err },
		"feature": func(id string) error {
			_, err := s.UpdateFeatureStatus(ctx, id, "n", didit.FeatureStatusRequest{NewStatus: didit.FeatureStatusApproved})
			return err
		},
		"hit": func(id string) error {
			_, err := s.UpdateAMLHitStatus(ctx, id, didit.HitReviewRequest{HitID: "h", ReviewStatus: "x"})
			return err
		},
		"hits": func(id string) error {
			_, err := s.UpdateAMLHitStatuses(ctx, id, didit.HitReviewsRequest{HitUpdates: []didit.HitUpdate{{}}})
			return err
		},
		"id data": func(id string) error { _, err := s.UpdateIDData(ctx, id, didit.IDData{}); return err },
		"poa":     func(id string) error { _, err := s.UpdatePOAData(ctx, id, didit.POAData{}); return err },
		"company": func(id string) error { _, err := s.UpdateCompanyData(ctx, id, anID, didit.CompanyData{}); return err },
		"company id": func(id string) error {
			_, err := s.UpdateCompanyData(ctx, anID, id, didit.CompanyData{})
			return err
		},
		"delete": func(id string) error { _, err := s.Delete(ctx, id, didit.DeleteRequest{}); return err },
		"review": func(id string) error { _, err := s.AddReview(ctx, id, didit.ReviewRequest{}); return err },
		"reviews": func(id string) (err error) {
			for _, err = range s.Reviews(ctx, id) {
			}
			return err
		},
		"pdf": func(id string) error { _, err := s.PDF(ctx, id, io.Discard); return err },
		"share": func(id string) error {
			_, err := s.Share(ctx, id, didit.ShareRequest{ForApplicationID: anID})
			return err
		},
		"arm":    func(id string) error { return s.ArmSandbox(ctx, id, "t", didit.SandboxArmRequest{Scenario: "approve"}) },
		"fetch":  func(id string) error { _, err := c.Fetch(ctx, kyc.Ref{Vendor: kyc.Didit, Session: id}); return err },
		"remove": func(id string) error { return c.Delete(ctx, kyc.Ref{Vendor: kyc.Didit, Session: id}) },
	}
	for name, call := range calls {
		for _, id := range []string{"", "x", "../" + anID, strings.ToUpper(strings.Replace(anID, "1", "a", 1)), anID + "/", " " + anID, anID[:35] + "g", strings.ReplaceAll(anID, "-", "")} {
			if err := call(id); !errors.Is(err, kyc.ErrInvalid) {
				t.Errorf("%s takes the id %q: %v", name, id, err)
			}
		}
	}
	for name, call := range map[string]func() error{
		"no workflow": func() error { _, err := bare.Sessions.Create(ctx, didit.SessionRequest{}); return err },
		"other status": func() error {
			_, err := s.UpdateStatus(ctx, anID, didit.StatusRequest{NewStatus: didit.StatusInReview})
			return err
		},
		"nodes with approved": func() error {
			_, err := s.UpdateStatus(ctx, anID, didit.StatusRequest{NewStatus: didit.StatusApproved, NodesToResubmit: []didit.NodeToResubmit{{}}})
			return err
		},
		"e-mail to nobody": func() error {
			_, err := s.Resubmit(ctx, anID, didit.StatusRequest{SendEmail: new(true)})
			return err
		},
		"resubmit as approved": func() error {
			_, err := s.Resubmit(ctx, anID, didit.StatusRequest{NewStatus: didit.StatusApproved})
			return err
		},
		"no node": func() error {
			_, err := s.UpdateFeatureStatus(ctx, anID, "", didit.FeatureStatusRequest{NewStatus: didit.FeatureStatusApproved})
			return err
		},
		"no feature status": func() error {
			_, err := s.UpdateFeatureStatus(ctx, anID, "n", didit.FeatureStatusRequest{})
			return err
		},
		"no hit":  func() error { _, err := s.UpdateAMLHitStatus(ctx, anID, didit.HitReviewRequest{}); return err },
		"no hits": func() error { _, err := s.UpdateAMLHitStatuses(ctx, anID, didit.HitReviewsRequest{}); return err },
		"nothing to delete": func() error {
			_, err := s.DeleteMany(ctx, didit.DeleteSessionsRequest{})
			return err
		},
		"numbers and all": func() error {
			_, err := s.DeleteMany(ctx, didit.DeleteSessionsRequest{SessionNumbers: []string{"1"}, DeleteAll: new(true)})
			return err
		},
		"no number": func() error {
			_, err := s.DeleteMany(ctx, didit.DeleteSessionsRequest{SessionNumbers: []string{"1a"}})
			return err
		},
		"share with nobody": func() error { _, err := s.Share(ctx, anID, didit.ShareRequest{}); return err },
		"share for a second": func() error {
			_, err := s.Share(ctx, anID, didit.ShareRequest{ForApplicationID: anID, TTLInSeconds: new(int64(1))})
			return err
		},
		"no token":         func() error { _, err := s.ImportShared(ctx, didit.ImportSharedRequest{}); return err },
		"no scenario":      func() error { return s.ArmSandbox(ctx, anID, "t", didit.SandboxArmRequest{}) },
		"no session token": func() error { return s.ArmSandbox(ctx, anID, "", didit.SandboxArmRequest{Scenario: "approve"}) },
		"no import id":     func() error { _, err := s.Import(ctx, ""); return err },
		"no import":        func() error { _, err := s.StartImport(ctx, didit.ImportRequest{}); return err },
		"no source": func() error {
			_, err := s.StartImport(ctx, didit.ImportRequest{Type: didit.ImportTypeTransactions})
			return err
		},
		"http source": func() error {
			_, err := s.StartImport(ctx, didit.ImportRequest{Type: didit.ImportTypeTransactions, SourceFileURL: "http://x.example/f"})
			return err
		},
		"long file": func() error {
			file := kyc.FileReaderAt("f.csv", "text/csv", strings.NewReader(""), 26<<20)
			_, err := s.StartImport(ctx, didit.ImportRequest{Type: didit.ImportTypeTransactions, File: file})
			return err
		},
		"no writer":      func() error { _, err := s.PDF(ctx, anID, nil); return err },
		"empty link":     func() error { _, err := c.Media.Download(ctx, "", io.Discard); return err },
		"file link":      func() error { _, err := c.Media.Download(ctx, "file:///etc/passwd", io.Discard); return err },
		"link with user": func() error { _, err := c.Media.Download(ctx, "https://a:b@x.example/f", io.Discard); return err },
		"other vendor":   func() error { _, err := c.Fetch(ctx, kyc.Ref{Vendor: kyc.Jumio, Session: anID}); return err },
		"account":        func() error { return c.Delete(ctx, kyc.Ref{Vendor: kyc.Didit, Account: "a", Session: anID}) },
		"page size": func() (err error) {
			for _, err = range s.List(ctx, didit.ListOptions{PageSize: -1}) {
			}
			return err
		},
		"kind": func() (err error) {
			for _, err = range s.List(ctx, didit.ListOptions{Kind: "KYC"}) {
			}
			return err
		},
		"path": func() error { return c.Do(ctx, "GET", "https://evil.example/", nil, nil) },
		"portrait": func() error {
			_, err := didit.Portrait(kyc.FileBytes("p.jpg", "image/jpeg", make([]byte, 2<<20+1)))
			return err
		},
	} {
		if err := call(); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, r := range server.Routes() {
		op, _, _ := strings.Cut(r, " ")
		if n := server.Count(op); n > 0 {
			t.Errorf("%d requests for %s", n, op)
		}
	}
}

func TestLifeOfASession(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer(didittest.Outcome(didit.StatusInReview, "POSSIBLE_MATCH_FOUND"))
	defer server.Close()
	c := client(t, server)
	back := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer back.Close()

	first := must(c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "u-1", Callback: back.URL + "/a"}))(t)
	again := must(c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "u-1", Callback: back.URL + "/b"}))(t)
	if first.SessionID != again.SessionID || again.Callback != back.URL+"/b" || again.Reused() {
		t.Errorf("an unfinished session is not handed out again: %v", again)
	}
	if !server.Move(first.SessionID, didit.StatusInProgress) || server.Move(first.SessionID, didit.StatusKYCExpired) {
		t.Error("moves are not the vendor's")
	}
	if third := must(c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "u-1"}))(t); !third.Reused() || third.Ref() != first.Ref() {
		t.Error("a begun session does not tell that it is not new")
	}
	if other := must(c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "u-2"}))(t); other.SessionID == first.SessionID || other.Reused() {
		t.Error("another user gets the same session")
	}
	resp, err := http.Get(first.URL.Reveal())
	check(t, err)
	_ = resp.Body.Close()
	d := must(c.Sessions.Decision(ctx, first.SessionID))(t)
	if d.Status != didit.StatusInReview || len(d.AMLScreenings[0].Warnings) != 1 || d.Business() {
		t.Errorf("after the flow: %v", d)
	}
	var image bytes.Buffer
	m := must(c.Media.Download(ctx, d.IDVerifications[0].FrontImage, &image))(t)
	if m.ContentType != "image/jpeg" || m.Size != int64(image.Len()) || image.Len() == 0 {
		t.Errorf("media %v of %d bytes", m, image.Len())
	}
	r := must(c.Fetch(ctx, first.Ref()))(t)
	if r.Decision != kyc.Review || r.Reference != "u-1" || r.Ref != first.Ref() || len(r.Reasons()) != 1 || r.Reasons()[0].Code != "POSSIBLE_MATCH_FOUND" {
		t.Errorf("result %v for %v", r, r.Reasons())
	}
	must(c.Sessions.UpdateStatus(ctx, first.SessionID, didit.StatusRequest{NewStatus: didit.StatusApproved}))(t)
	_, err = c.Sessions.UpdateStatus(ctx, first.SessionID, didit.StatusRequest{NewStatus: didit.StatusApproved})
	if !errors.Is(err, didit.ErrSessionState) || !errors.Is(err, kyc.ErrConflict) {
		t.Errorf("the same status again: %v", err)
	}
	if r := must(c.Fetch(ctx, first.Ref()))(t); r.Decision != kyc.Approved {
		t.Errorf("after the manual decision: %v", r.Decision)
	}
	check(t, c.Delete(ctx, first.Ref()))
	if _, err := c.Fetch(ctx, first.Ref()); !errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("after the delete: %v", err)
	}
	if err := c.Delete(ctx, first.Ref()); !errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("a second delete: %v", err)
	}
	clean(t, server)
}

// TestWholeMachine shows every status, for persons and companies, and that Wait ends with the right ones.
func TestWholeMachine(t *testing.T) {
	for _, workflow := range []string{didittest.Workflow, didittest.BusinessWorkflow} {
		for _, status := range didit.SessionStatus("").Values() {
			synctest.Test(t, func(t *testing.T) {
				server := didittest.NewServer(didittest.InMemory(), didittest.Path(didit.StatusNotStarted, didit.StatusInProgress, status))
				defer server.Close()
				c := client(t, server)
				s := must(c.Start(t.Context(), kyc.StartRequest{Reference: "r", Workflow: workflow}))(t)
				r, err := kyc.Wait(t.Context(), c, s.Ref)
				want := must(didit.ParseResult([]byte(fmt.Sprintf(`{"session_id":"s","status":%q}`, status))))(t).Decision
				if want == kyc.Pending {
					if !errors.Is(err, kyc.ErrStillOpen) {
						t.Errorf("%s: %v", status, err)
					}
				} else if err != nil || r.Decision != want || r.Status != string(status) {
					t.Errorf("%s gives %v, %v", status, r, err)
				}
				clean(t, server)
			})
		}
	}
}

func TestUncertainAnswers(t *testing.T) {
	ctx := t.Context()
	for _, opts := range [][]didittest.Option{nil, {didittest.Delete200(), didittest.Unauthorized401()}} {
		server := didittest.NewServer(opts...)
		c := client(t, server)
		s := must(c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "u"}))(t)
		deleted := must(c.Sessions.Delete(ctx, s.SessionID, didit.DeleteRequest{}))(t)
		if (deleted.FaceRetentionOutcome != "") != (opts != nil) {
			t.Errorf("delete says %v", deleted)
		}
		s = must(c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "u"}))(t)
		many := must(c.Sessions.DeleteMany(ctx, didit.DeleteSessionsRequest{SessionNumbers: []string{"999999", fmt.Sprint(*s.SessionNumber)}}))(t)
		if (len(many.Results) == 1) != (opts != nil) {
			t.Errorf("batch delete says %d results", len(many.Results))
		}
		s = must(c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "u"}))(t)
		cfg := server.Config()
		cfg.APIKey = "wrong"
		wrong, err := didit.NewClient(cfg)
		check(t, err)
		if _, err := wrong.Sessions.Decision(ctx, s.SessionID); !errors.Is(err, kyc.ErrUnauthorized) {
			t.Errorf("a wrong key: %v", err)
		}
		// The vendor looks for the session first.
		if _, err := wrong.Sessions.Decision(ctx, anID); !errors.Is(err, kyc.ErrNotFound) {
			t.Errorf("a wrong key for an unknown session: %v", err)
		}
		server.Close()
	}
}

func TestAnyID(t *testing.T) {
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	_, err := c.Sessions.Decision(t.Context(), "a/b?c#d", didit.WithAnyID())
	if !errors.Is(err, kyc.ErrNotFound) || !errors.Is(err, didit.ErrBadPath) {
		t.Errorf("an odd id: %v", err)
	}
	if p := server.Problems(); len(p) != 1 || !strings.Contains(p[0], "/v3/session/a%2Fb%3Fc%23d/decision/") {
		t.Errorf("the id was not escaped: %v", p)
	}
}

func TestDo(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	var page didit.SessionPage
	check(t, c.Do(ctx, http.MethodGet, "/v3/sessions/?limit=5", nil, &page))
	var raw bytes.Buffer
	check(t, c.Do(ctx, http.MethodGet, "/v3/sessions/?limit=5", nil, &raw))
	if diff := cmp.Diff(string(page.RawJSON()), raw.String()); diff != "" {
		t.Errorf("bytes differ (-decoded +written):\n%s", diff)
	}
	var s didit.Session
	check(t, c.Do(ctx, http.MethodPost, "/v3/session/", didit.SessionRequest{WorkflowID: didittest.Workflow}, &s))
	clean(t, server)
	// Without its slash the vendor redirects, and a redirect loses the key.
	if err := c.Do(ctx, http.MethodGet, "/v3/sessions", nil, &page); !errors.Is(err, kyc.ErrMalformed) {
		t.Errorf("a path without a slash: %v", err)
	}
}

// TestWrongAnswers shows that no other session's answer passes.
func TestWrongAnswers(t *testing.T) {
	ctx := context.Background()
	for name, body := range map[string]string{
		"another session": `{"session_id":"99999999-2222-3333-4444-555555555555","status":"Approved"}`, "no session": `{"status":"Approved"}`, "empty": ``,
	} {
		server := didittest.NewServer(didittest.Answer("Sessions.Decision", 9, 200, "application/json", body), didittest.Answer("Sessions.Create", 1, 201, "application/json", `{"status":"Not Started"}`))
		c := client(t, server)
		if _, err := c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "r"}); !errors.Is(err, kyc.ErrMalformed) {
			t.Errorf("a create without a session: %v", err)
		}
		s := must(c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "r"}))(t)
		if r, err := c.Fetch(ctx, s.Ref()); !errors.Is(err, kyc.ErrMalformed) {
			t.Errorf("%s: %v, %v", name, r, err)
		}
		server.Script(didittest.Answer("Sessions.Create", 1, 201, "application/json", `{"session_id":"`+anID+`","vendor_data":"somebody else","url":"https://x.example"}`))
		if _, err := c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "r"}); !errors.Is(err, kyc.ErrMalformed) {
			t.Errorf("somebody else's session: %v", err)
		}
		server.Close()
	}
}
