package yoti_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// canned answers everything with one body.
type canned struct{ body string }

func (c canned) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(c.body)),
		ContentLength: int64(len(c.body)), Request: req,
	}, nil
}

func cannedClient(t *testing.T, body string) *yoti.Client {
	t.Helper()
	fake := yotitest.NewServer()
	t.Cleanup(fake.Close)
	return newClient(t, fake, fake.Config(), kyc.WithHTTPClient(&http.Client{Transport: canned{body}}))
}

// A result of another person's session is no result.
func TestAnswersAboutOthersAreRefused(t *testing.T) {
	const approved = `{"session_id":"own","state":"COMPLETED","checks":[{"type":"LIVENESS","state":"DONE","report":{"recommendation":{"value":"APPROVE"}}}]}`
	client := cannedClient(t, approved)
	if r := must[*kyc.Result](t)(client.Fetch(t.Context(), kyc.Ref{Vendor: kyc.Yoti, Session: "own"})); r.Decision != kyc.Approved {
		t.Errorf("one's own session: %v", r.Decision)
	}
	for _, other := range []string{"another", "own2", "OWN"} {
		r, err := client.Fetch(t.Context(), kyc.Ref{Vendor: kyc.Yoti, Session: other})
		wantErr(t, "Fetch", err, kyc.ErrMalformed)
		s, err := client.Sessions.Get(t.Context(), other)
		wantErr(t, "Sessions.Get", err, kyc.ErrMalformed)
		var e *kyc.Error
		if !errors.As(err, &e) || e.Body() != nil {
			t.Error("the error holds what is somebody else's")
		}
		if r != nil || s != nil {
			t.Error("there is a result beside the error")
		}
	}
	// An answer that does not say whose it is decides nothing.
	client = cannedClient(t, strings.Replace(approved, `"session_id":"own",`, "", 1))
	if r := must[*kyc.Result](t)(client.Fetch(t.Context(), kyc.Ref{Vendor: kyc.Yoti, Session: "own"})); r.Decision != kyc.Unknown {
		t.Errorf("an answer without an id: %v", r.Decision)
	}
}

// A session that nobody can open may have been billed: whoever asked for it hears that, and does not take it for started.
func TestCreateNeedsIDAndToken(t *testing.T) {
	for _, body := range []string{
		`{}`, `{"session_id":"s"}`, `{"session_id":"s","client_session_token":""}`, `{"session_id":"s","client_session_token":null}`,
		`{"session_id":"s","client_session_token":7}`, `{"session_id":"s","Client_Session_Token":"t"}`, `{"session_id":7,"client_session_token":"t"}`,
		`{"client_session_token":"t"}`,
	} {
		client := cannedClient(t, body)
		created, err := client.Sessions.Create(t.Context(), yoti.DefaultSession())
		wantErr(t, "Create, "+body, err, kyc.ErrMalformed)
		session, startErr := client.Start(t.Context(), kyc.StartRequest{Reference: "r"})
		wantErr(t, "Start, "+body, startErr, kyc.ErrMalformed)
		if created != nil || session != nil || !kyc.Uncertain(err) || !kyc.Uncertain(startErr) {
			t.Errorf("%s: taken for a create that surely did nothing, or that succeeded", body)
		}
		var e *kyc.Error
		if !errors.As(err, &e) || string(e.Body()) != body {
			t.Errorf("%s: the error does not keep the answer, whose id may be the only one", body)
		}
	}
	session := must[*kyc.Session](t)(cannedClient(t, `{"session_id":"s","client_session_token":"t"}`).Start(t.Context(), kyc.StartRequest{Reference: "r"}))
	if session.URL == "" || session.Token == "" {
		t.Error("a session cannot be opened")
	}
}

// A medium of exactly 8 MiB is decoded; one byte more is not.
func TestDecodedMediumCap(t *testing.T) {
	const limit = 8 << 20
	for size, want := range map[int]error{limit: nil, limit + 1: kyc.ErrMalformed} {
		body := `{"full_name":"ANNA"}`
		client := cannedClient(t, body+strings.Repeat(" ", size-len(body)))
		fields, _, err := client.Media.DocumentFields(t.Context(), "s", "m")
		if !errors.Is(err, want) || (err == nil) != (fields != nil) {
			t.Errorf("%d bytes: %v", size, err)
		}
		// Whoever writes the bytes elsewhere has no cap.
		var buf bytes.Buffer
		if _, err := client.Media.Download(t.Context(), "s", "m", &buf); err != nil || buf.Len() != size {
			t.Errorf("%d bytes as they are: %d, %v", size, buf.Len(), err)
		}
	}
}

// A person of an earlier extraction does not stay beside documents of which nothing was returned.
func TestExtractForgetsTheEarlierPerson(t *testing.T) {
	fake, client := start(t, yotitest.WithholdMedia())
	id := finished(t, fake, client)
	before := must[*kyc.Result](t)(client.Fetch(t.Context(), kyc.Ref{Vendor: kyc.Yoti, Session: id}))
	stale := &kyc.Person{FullName: "SOMEBODY ELSE"}
	before.Person = stale
	after := must[*kyc.Result](t)(client.Extract(t.Context(), before))
	if after.Person != nil {
		t.Error("the person of another extraction stays")
	}
	if before.Person != stale {
		t.Error("the result that was given was changed")
	}
}
