package yoti_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

func TestLifeCycle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := yotitest.NewServer(yotitest.InMemory(), yotitest.Processing(time.Minute))
		defer fake.Close()
		client := newClient(t, fake, fake.Config())
		session := must[*kyc.Session](t)(client.Start(t.Context(), kyc.StartRequest{Reference: "onboarding-42", RedirectURL: "https://example.com/back", Locale: "de"}))
		if session.Ref.Vendor != kyc.Yoti || session.Token == "" || time.Until(session.ExpiresAt).Round(time.Second) != 900*time.Second {
			t.Errorf("the session lacks its ref or token, or ends at %v", session.ExpiresAt)
		}
		u, err := url.Parse(session.URL.Reveal())
		if err != nil || !strings.HasSuffix(u.Path, "/idverify/v1/web/index.html") || u.Query().Get("sessionID") != session.Ref.Session || u.Query().Get("sessionToken") != session.Token.Reveal() {
			t.Errorf("the frame's address is wrong: %v", err)
		}
		if got := must[*kyc.Result](t)(client.Fetch(t.Context(), session.Ref)).Decision; got != kyc.Pending {
			t.Errorf("before the user: %v, want pending", got)
		}
		visit(t, fake, session.URL)
		if got := must[*kyc.Result](t)(client.Fetch(t.Context(), session.Ref)).Decision; got != kyc.Pending {
			t.Errorf("while checks run: %v, want pending", got)
		}
		wantErr(t, "delete while checks run", client.Delete(t.Context(), session.Ref), kyc.ErrConflict)
		r := must[*kyc.Result](t)(kyc.Wait(t.Context(), client, session.Ref))
		if r.Decision != kyc.Approved || r.Reference != "onboarding-42" || len(r.Checks) != 3 || r.Ref != session.Ref {
			t.Errorf("at the end: %v with %d checks", r.Decision, len(r.Checks))
		}
		if err := client.Delete(t.Context(), session.Ref); err != nil {
			t.Errorf("delete at the end: %v", err)
		}
		_, err = client.Fetch(t.Context(), session.Ref)
		wantErr(t, "fetch after delete", err, kyc.ErrNotFound)
		if problems := fake.Problems(); len(problems) > 0 {
			t.Error(problems)
		}
	})
}

// visit opens the frame as the user's browser does.
func visit(t *testing.T, fake *yotitest.Server, address kyc.Secret) {
	t.Helper()
	page, err := fake.HTTPClient().Get(address.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, page.Body); err != nil || page.StatusCode != http.StatusOK {
		t.Errorf("the frame answers %d, %v", page.StatusCode, err)
	}
	if err := page.Body.Close(); err != nil {
		t.Error(err)
	}
}

func TestSessionExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := yotitest.NewServer(yotitest.InMemory())
		defer fake.Close()
		client := newClient(t, fake, fake.Config())
		session := must[*kyc.Session](t)(client.Start(t.Context(), kyc.StartRequest{Reference: "r", TTL: 10 * time.Minute}))
		r := must[*kyc.Result](t)(kyc.Wait(t.Context(), client, session.Ref))
		if r.Decision != kyc.Expired {
			t.Errorf("got %v, want expired", r.Decision)
		}
	})
}

func TestScriptedOutcomes(t *testing.T) {
	face, auth := yoti.CheckTypeIDDocumentFaceMatch, yoti.CheckTypeIDDocumentAuthenticity
	for name, c := range map[string]struct {
		opts []yotitest.Option
		want kyc.Decision
	}{
		"nothing scripted": {nil, kyc.Approved},
		"reject":           {[]yotitest.Option{yotitest.Outcome(auth, yoti.RecommendationValueReject, yoti.ReasonCodeTampered)}, kyc.Declined},
		"not available":    {[]yotitest.Option{yotitest.Outcome(face, yoti.RecommendationValueNotAvailable)}, kyc.Review},
		"consider":         {[]yotitest.Option{yotitest.Outcome(face, yoti.RecommendationValueConsider)}, kyc.Review},
		"another word":     {[]yotitest.Option{yotitest.Outcome(face, "PERHAPS")}, kyc.Unknown},
		"no word":          {[]yotitest.Option{yotitest.Outcome(face, "")}, kyc.Unknown},
		"not done":         {[]yotitest.Option{yotitest.CheckState(face, yoti.CheckStateInternalError)}, kyc.Unknown},
		"not done, reject": {[]yotitest.Option{yotitest.CheckState(face, yoti.CheckStateInternalError), yotitest.Outcome(auth, yoti.RecommendationValueReject)}, kyc.Declined},
		"expired":          {[]yotitest.Option{yotitest.FinalState(yoti.SessionStateExpired)}, kyc.Expired},
		"another state":    {[]yotitest.Option{yotitest.FinalState("ARCHIVED")}, kyc.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			fake, client := start(t, c.opts...)
			r := must[*kyc.Result](t)(client.Fetch(t.Context(), kyc.Ref{Vendor: kyc.Yoti, Session: finished(t, fake, client)}))
			if r.Decision != c.want {
				t.Errorf("got %v, want %v", r.Decision, c.want)
			}
		})
	}
}

// A create costs money: it is sent again only if it was certainly not processed. Reads and deletes are sent again, each
// time with another nonce, which the fake insists on.
func TestRetryClasses(t *testing.T) {
	for f, createOnce := range map[kyctest.Fault]bool{
		yotitest.ServerError: true, yotitest.BadGatewayHTML: true, yotitest.ResetAfterRead: true, yotitest.Truncate: true,
		yotitest.Unavailable: false, yotitest.Throttle: false,
	} {
		t.Run(f.String(), func(t *testing.T) {
			fake, client := start(t)
			fake.Inject(faultOn("Sessions.Create", f))
			_, err := client.Sessions.Create(t.Context(), yoti.DefaultSession())
			if n := fake.Count("Sessions.Create"); createOnce && (n != 1 || err == nil) || !createOnce && (n != 2 || err != nil) {
				t.Errorf("the create was sent %d times: %v", n, err)
			}
			id := create(t, client).SessionID
			fake.Inject(faultOn("Sessions.Get", f))
			if _, err := client.Sessions.Get(t.Context(), id); err != nil && f != yotitest.Truncate {
				t.Errorf("the read was not repeated: %v", err)
			}
		})
	}
}

func faultOn(operation string, f kyctest.Fault) yotitest.FaultRule {
	return yotitest.FaultRule{Operation: operation, From: 1, To: 1, Faults: []kyctest.Fault{f}}
}

// Whatever goes wrong with the answer, there is no result.
func TestFaultsGiveNoResult(t *testing.T) {
	for _, f := range kyctest.Faults() {
		if f == yotitest.SlowBody || f == yotitest.Hang {
			continue // the one is no fault in the end, the other has a test of its own
		}
		t.Run(f.String(), func(t *testing.T) {
			fake, client := start(t, yotitest.Oversize(40<<20))
			ref := kyc.Ref{Vendor: kyc.Yoti, Session: finished(t, fake, client)}
			fake.Inject(yotitest.FaultRule{Operation: "Sessions.Get", From: 1, Faults: []kyctest.Fault{f}})
			r, err := client.Fetch(t.Context(), ref)
			if err == nil || r != nil {
				t.Errorf("got %v and %v", r, err)
			}
			var e *kyc.Error
			if !errors.As(err, &e) || e.Vendor != kyc.Yoti || e.Operation != "sessions.get" {
				t.Errorf("the error %v is not one of the operation", err)
			}
			if err != nil && (strings.Contains(err.Error(), "nonce") || strings.Contains(err.Error(), ref.Session) || strings.Contains(err.Error(), fake.URL())) {
				t.Errorf("the error's text holds the URL: %v", err)
			}
		})
	}
}

func TestHang(t *testing.T) {
	fake, client := start(t)
	id := create(t, client).SessionID
	fake.Inject(yotitest.FaultRule{Operation: "Sessions.Get", From: 1, Faults: []kyctest.Fault{yotitest.Hang}})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := client.Sessions.Get(ctx, id)
	wantErr(t, "a read that hangs", err, context.DeadlineExceeded)
}

func TestErrorBody(t *testing.T) {
	fake, client := start(t)
	_, err := client.Sessions.Get(t.Context(), "nobody")
	var e *kyc.Error
	if !errors.As(err, &e) || e.Code != "SESSION_NOT_FOUND" || e.StatusCode != 404 {
		t.Errorf("got %v", err)
	}
	fake.Inject(faultOn("Sessions.Get", yotitest.EmptyNotFound))
	_, err = client.Sessions.Get(t.Context(), "nobody")
	wantErr(t, "an empty 404", err, kyc.ErrNotFound)
	if body := yoti.ErrorDetails(err); body != nil {
		t.Errorf("an empty body has the details %v", body)
	}
}

func TestErrorDetails(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"code":"PAYLOAD_VALIDATION","errors":[{"property":"requested_checks","message":"Anna is not valid"}]}`)
	}))
	defer server.Close()
	cfg := yoti.Config{SDKID: yotitest.SDKID, PrivateKey: yotitest.PrivateKeyPEM(), BaseURL: server.URL}
	client := must[*yoti.Client](t)(yoti.NewClient(cfg))
	_, err := client.Sessions.Create(t.Context(), yoti.DefaultSession())
	wantErr(t, "a refused payload", err, kyc.ErrInvalid)
	if strings.Contains(err.Error(), "Anna") || !strings.Contains(err.Error(), "PAYLOAD_VALIDATION") {
		t.Errorf("the text is %q", err)
	}
	body := yoti.ErrorDetails(err)
	if body == nil || len(body.Errors) != 1 || body.Errors[0].Property != "requested_checks" {
		t.Errorf("got %v", body)
	}
}

// An odd id stays one segment, and the signature fits what is sent.
func TestIDsAreEscaped(t *testing.T) {
	fake, client := start(t)
	id := finished(t, fake, client)
	for _, odd := range []string{"a b", "a%2Fb", "ü", "a;b", "a+b", "..a", "a&b=c", "%"} {
		_, err := client.Media.Download(t.Context(), id, odd, io.Discard)
		var e *kyc.Error
		if !errors.As(err, &e) || e.Code != "MEDIA_NOT_FOUND" {
			t.Errorf("%s: got %v, want the answer of the medium's path", odd, err)
		}
		err = client.Sessions.Delete(t.Context(), odd)
		wantErr(t, odd, err, kyc.ErrNotFound)
	}
}

// An id that could change the path is refused before anything is sent, with an error that does not repeat it.
func TestIDsThatAreNone(t *testing.T) {
	fake, client := start(t)
	for id, want := range map[string]string{
		"": "media id is empty", " ": "is empty", "a/b": "a slash", "../../other?x=": "a slash", "a\\b": "a slash", "a?b": "question mark", "a#b": "number sign",
		".": "dots", "..": "dots", "a\nb": "control character",
	} {
		_, err := client.Media.Download(t.Context(), "s", id, io.Discard)
		wantErr(t, id, err, kyc.ErrInvalid)
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "other") {
			t.Errorf("%q: got %v, want one that says %q", id, err, want)
		}
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestEmptyIDs(t *testing.T) {
	fake, client := start(t)
	before := len(fake.Requests())
	ctx := t.Context()
	calls := map[string]error{
		"session delete": client.Sessions.Delete(ctx, ""), "media delete": client.Media.Delete(ctx, "s", " "),
		"upload": client.Resources.UploadFaceCapture(ctx, "s", "", kyc.FileBytes("f", "image/png", pngImage(t))),
		"use":    client.Resources.UseApplicant(ctx, "s", "r", yoti.ApplicantReference{}), "put": client.Instructions.Put(ctx, "", yoti.InstructionsRequest{}),
		"email": client.Instructions.SendEmail(ctx, ""), "devices": client.Devices.Delete(ctx, ""), "applicant": client.Applicants.Delete(ctx, ""),
		"face": client.Applicants.DeleteFace(ctx, "a", ""), "pool": client.Pools.Delete(ctx, ""), "member": client.Pools.RemoveApplicant(ctx, "p", ""),
		"sandbox": client.Sandbox.Configure(ctx, "", yoti.ResponseConfig{}), "agent": client.Sandbox.RunAgent(ctx, yoti.AgentRequest{}),
		"delete": client.Delete(ctx, kyc.Ref{Vendor: kyc.Yoti}), "other vendor": client.Delete(ctx, kyc.Ref{Vendor: kyc.Didit, Session: "s"}),
	}
	_, calls["get"] = client.Sessions.Get(ctx, "")
	_, calls["configuration"] = client.Sessions.Configuration(ctx, "")
	_, calls["media"] = client.Media.Download(ctx, "", "m", io.Discard)
	_, calls["media id"] = client.Media.Download(ctx, "s", "", io.Discard)
	_, calls["no writer"] = client.Media.Download(ctx, "s", "m", nil)
	_, calls["capture"] = client.Resources.CreateFaceCapture(ctx, "s", yoti.FaceCaptureRequest{})
	_, calls["offices"] = client.Instructions.PostOffices(ctx, yoti.PostOfficeSearch{})
	_, calls["pdf"] = client.Instructions.PDF(ctx, "", io.Discard)
	_, calls["new pool"] = client.Pools.Create(ctx, yoti.PoolRequest{})
	_, calls["add face"] = client.Applicants.AddFace(ctx, "a", yoti.FaceRequest{})
	_, calls["fetch"] = client.Fetch(ctx, kyc.Ref{Vendor: kyc.Yoti, Account: "a", Session: "s"})
	for d, err := range client.Devices.List(ctx, "") {
		calls["list"] = err
		if d != nil {
			t.Error("a device beside an error")
		}
	}
	for name, err := range calls {
		wantErr(t, name, err, kyc.ErrInvalid)
	}
	if n := len(fake.Requests()) - before; n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestMedia(t *testing.T) {
	fake, client := start(t)
	id := finished(t, fake, client)
	s := must[*yoti.SessionResult](t)(client.Sessions.Get(t.Context(), id))
	page := s.Resources.IDDocuments[0].Pages[0].Media.ID
	var buf bytes.Buffer
	content := must[*yoti.Download](t)(client.Media.Download(t.Context(), id, page, &buf))
	want := &yoti.Download{Available: true, ContentType: "image/png", Size: int64(buf.Len())}
	if diff := cmp.Diff(want, content); diff != "" || buf.Len() == 0 {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := client.Media.Delete(t.Context(), id, page); err != nil {
		t.Error(err)
	}
	_, err := client.Media.Download(t.Context(), id, page, io.Discard)
	wantErr(t, "a medium that was erased", err, kyc.ErrNotFound)
}

// 204 is an answer: the medium must not be returned.
func TestMediaNotAvailable(t *testing.T) {
	fake, client := start(t, yotitest.WithholdMedia())
	id := finished(t, fake, client)
	s := must[*yoti.SessionResult](t)(client.Sessions.Get(t.Context(), id))
	var buf bytes.Buffer
	content := must[*yoti.Download](t)(client.Media.Download(t.Context(), id, s.Resources.IDDocuments[0].DocumentFields.Media.ID, &buf))
	if content.Available || buf.Len() > 0 {
		t.Errorf("got %d bytes, available %v", buf.Len(), content.Available)
	}
	fields, content, err := client.Media.DocumentFields(t.Context(), id, s.Resources.IDDocuments[0].DocumentFields.Media.ID)
	if err != nil || fields != nil || content == nil || content.Available {
		t.Errorf("got %v, %v, %v", fields, content, err)
	}
	before := must[*kyc.Result](t)(client.Fetch(t.Context(), kyc.Ref{Vendor: kyc.Yoti, Session: id}))
	after := must[*kyc.Result](t)(client.Extract(t.Context(), before))
	if after.Person != nil || len(after.Documents) != 1 || after.Documents[0].Number != "" {
		t.Error("something was extracted although nothing was returned")
	}
}

func TestExtract(t *testing.T) {
	fake, client := start(t)
	id := finished(t, fake, client)
	before := must[*kyc.Result](t)(client.Fetch(t.Context(), kyc.Ref{Vendor: kyc.Yoti, Session: id}))
	if before.Person != nil {
		t.Error("the result has a person before the second call")
	}
	r := must[*kyc.Result](t)(client.Extract(t.Context(), before))
	person := &kyc.Person{
		FirstName: "ANNA MARIA", LastName: "SPECIMEN", FullName: "ANNA MARIA SPECIMEN", DateOfBirth: "1988-07-06", Gender: "FEMALE", Nationality: "GBR",
	}
	if diff := cmp.Diff(person, r.Person); diff != "" {
		t.Errorf("person (-want +got):\n%s", diff)
	}
	document := &kyc.Document{
		Type: kyc.DocumentPassport, VendorType: "PASSPORT", Number: "533401372", IssuingCountry: "GBR", IssuedOn: "2019-02-01", ExpiresOn: "2029-02-01",
		Ref: "/resources/id_documents/0",
	}
	if diff := cmp.Diff(document, r.Document); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	if r.Decision != before.Decision || before.Document.Number != "" {
		t.Error("the extraction changed the decision or the result that it was given")
	}
}

func TestExtractBadMedium(t *testing.T) {
	for name, content := range map[string]string{"not JSON": "JFIF", "cut short": `{"full_name":"A`, "twice": `{"full_name":"A","full_name":"B"}`} {
		fake, client := start(t, yotitest.DocumentFields([]byte(content)))
		id := finished(t, fake, client)
		before := must[*kyc.Result](t)(client.Fetch(t.Context(), kyc.Ref{Vendor: kyc.Yoti, Session: id}))
		r, err := client.Extract(t.Context(), before)
		wantErr(t, name, err, kyc.ErrMalformed)
		if r != nil {
			t.Errorf("%s: there is a result beside the error", name)
		}
	}
	fake, client := start(t, yotitest.DocumentFields(bytes.Repeat([]byte(" "), 9<<20)))
	id := finished(t, fake, client)
	s := must[*yoti.SessionResult](t)(client.Sessions.Get(t.Context(), id))
	_, _, err := client.Media.DocumentFields(t.Context(), id, s.Resources.IDDocuments[0].DocumentFields.Media.ID)
	wantErr(t, "a medium over the cap", err, kyc.ErrMalformed)
}

func TestDo(t *testing.T) {
	fake, client := start(t)
	id := create(t, client).SessionID
	var out map[string]any
	if err := client.Do(t.Context(), "GET", "/sessions/"+id, nil, &out); err != nil || out["session_id"] != id {
		t.Errorf("got %v, %v", out["session_id"], err)
	}
	if err := client.Do(t.Context(), "GET", "/supported-documents?includeNonLatin=true", nil, &out); err != nil {
		t.Error(err)
	}
	if err := client.Do(t.Context(), "POST", "/pools", map[string]string{"label": "x"}, nil); err != nil {
		t.Error(err)
	}
	for _, path := range []string{"", "sessions", "/a b", "/a#b"} {
		wantErr(t, path, client.Do(t.Context(), "GET", path, nil, nil), kyc.ErrInvalid)
	}
	wantErr(t, "no method", client.Do(t.Context(), "", "/x", nil, nil), kyc.ErrInvalid)
	if fake.Count("") != 0 {
		t.Error("a refused path was sent")
	}
}
