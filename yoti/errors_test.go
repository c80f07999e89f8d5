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

// refused answers everything with one status and body.
type refused struct {
	status      int
	contentType string
	body        string
}

func (r refused) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: r.status, Header: http.Header{"Content-Type": {r.contentType}}, Body: io.NopCloser(strings.NewReader(r.body)),
		ContentLength: int64(len(r.body)), Request: req,
	}, nil
}

func refusedClient(t *testing.T, r refused) *yoti.Client {
	t.Helper()
	fake := yotitest.NewServer()
	t.Cleanup(fake.Close)
	return newClient(t, fake, fake.Config(), kyc.WithHTTPClient(&http.Client{Transport: r}))
}

// Whoever erases takes ErrNotFound for done: only the service itself can say it, and of the session, not of the application.
func TestNotFoundIsTheServicesOwnWord(t *testing.T) {
	ref := kyc.Ref{Vendor: kyc.Yoti, Session: "s"}
	for name, c := range map[string]struct {
		answer      refused
		fetch, gone error
	}{
		"code":              {refused{404, "application/json", `{"code":"SESSION_NOT_FOUND"}`}, kyc.ErrNotFound, kyc.ErrNotFound},
		"code and message":  {refused{404, "application/json", `{"code":"NOT_FOUND","message":"no such session"}`}, kyc.ErrNotFound, kyc.ErrNotFound},
		"application":       {refused{404, "application/json", `{"code":"APP_NOT_FOUND","message":"no"}`}, kyc.ErrUnauthorized, kyc.ErrUnauthorized},
		"application, 400":  {refused{400, "application/json", `{"code":"APP_NOT_FOUND"}`}, kyc.ErrUnauthorized, kyc.ErrUnauthorized},
		"page of a gateway": {refused{404, "text/html", "<html>404</html>"}, kyc.ErrUnavailable, kyc.ErrUnavailable},
		"gateway's JSON":    {refused{404, "application/json", `{"message":"no Route matched with those values"}`}, kyc.ErrUnavailable, kyc.ErrUnavailable},
		"empty code":        {refused{404, "application/json", `{"code":"","error":"Not Found"}`}, kyc.ErrUnavailable, kyc.ErrUnavailable},
		"gateway, 410":      {refused{410, "text/html", "<html>410</html>"}, kyc.ErrUnavailable, kyc.ErrUnavailable},
		"nothing":           {refused{404, "", ""}, kyc.ErrNotFound, kyc.ErrUnavailable},
	} {
		client := refusedClient(t, c.answer)
		_, err := client.Fetch(t.Context(), ref)
		wantErr(t, name+", Fetch", err, c.fetch)
		wantErr(t, name+", Delete", client.Delete(t.Context(), ref), c.gone)
		wantErr(t, name+", RemoveApplicant", client.Pools.RemoveApplicant(t.Context(), "p", "a"), c.gone)
	}
}

// An applicant of an unknown application is not looked for in a second place.
func TestUnknownApplicationIsAskedOnce(t *testing.T) {
	fake := yotitest.NewServer()
	t.Cleanup(fake.Close)
	cfg := fake.Config()
	cfg.SDKID = "another"
	_, err := newClient(t, fake, cfg).Applicants.Get(t.Context(), "a")
	wantErr(t, "another application", err, kyc.ErrUnauthorized)
	if n := len(fake.Requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// Details are of this vendor's errors only: those of another have another shape.
func TestErrorDetailsAreYotis(t *testing.T) {
	body := []byte(`{"code":"PAYLOAD_VALIDATION","errors":[{"property":"p","message":"m"}]}`)
	own := (&kyc.Error{Vendor: kyc.Yoti, Kind: kyc.ErrInvalid}).WithBody(body)
	if d := yoti.ErrorDetails(errors.Join(io.EOF, own)); d == nil || d.Code != "PAYLOAD_VALIDATION" {
		t.Error("the details of an error inside another are not found")
	}
	if yoti.ErrorDetails((&kyc.Error{Vendor: kyc.Didit, Kind: kyc.ErrInvalid}).WithBody(body)) != nil {
		t.Error("another vendor's error has details of Yoti")
	}
}

// What a file or a form brings along with a credential is refused at once, not by the service.
func TestCredentialsWithBlanks(t *testing.T) {
	fake := yotitest.NewServer()
	t.Cleanup(fake.Close)
	for name, change := range map[string]func(*yoti.Config){
		"SDKID, line break":    func(c *yoti.Config) { c.SDKID += "\n" },
		"SDKID, blank":         func(c *yoti.Config) { c.SDKID = " " + c.SDKID },
		"SDKID, inner blank":   func(c *yoti.Config) { c.SDKID = "a b" },
		"SDKID, no-break":      func(c *yoti.Config) { c.SDKID += "\u00a0" },
		"SDKID, control":       func(c *yoti.Config) { c.SDKID += "\x00" },
		"basic, line break":    func(c *yoti.Config) { c.NotificationAuth = basic("user:password\n") },
		"basic, blank":         func(c *yoti.Config) { c.NotificationAuth = basic(" user:password") },
		"basic, tab":           func(c *yoti.Config) { c.NotificationAuth = basic("user:pass\tword") },
		"any kind, line break": func(c *yoti.Config) { c.NotificationAuth.Token = "secret\r\n" },
		"bearer, blank":        func(c *yoti.Config) { c.NotificationAuth = yoti.NotificationAuth{Type: "BEARER", Token: "a b"} },
	} {
		cfg := fake.Config()
		change(&cfg)
		client, err := yoti.NewClient(cfg)
		if client != nil {
			t.Errorf("%s: there is a client", name)
		}
		wantErr(t, name, err, kyc.ErrInvalid)
	}
	cfg := fake.Config()
	cfg.NotificationAuth = basic("user:pass word")
	if _, err := yoti.NewClient(cfg); err != nil {
		t.Errorf("a password of two words: %v", err)
	}
}

func basic(token kyc.Secret) yoti.NotificationAuth {
	return yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBasic, Token: token}
}

// Do writes an answer that is no JSON to a writer.
func TestDoWritesBytes(t *testing.T) {
	fake, client := start(t)
	id := finished(t, fake, client)
	session := must[*yoti.SessionResult](t)(client.Sessions.Get(t.Context(), id))
	medium := session.Resources.IDDocuments[0].Pages[0].Media.ID
	var want, got bytes.Buffer
	must[*yoti.Download](t)(client.Media.Download(t.Context(), id, medium, &want))
	if err := client.Do(t.Context(), http.MethodGet, "/sessions/"+id+"/media/"+medium+"/content", nil, &got); err != nil {
		t.Fatal(err)
	}
	if got.Len() == 0 || !bytes.Equal(want.Bytes(), got.Bytes()) {
		t.Errorf("%d bytes, want %d", got.Len(), want.Len())
	}
	wantErr(t, "a body that is no JSON", client.Do(t.Context(), http.MethodPost, "/pools", make(chan int), nil), kyc.ErrInvalid)
}

// A content type comes without its parameters.
func TestDownloadContentType(t *testing.T) {
	for given, want := range map[string]string{
		"image/jpeg": "image/jpeg", "Application/JSON; charset=utf-8": "application/json", "": "", "of no form;": "of no form;",
	} {
		d := must[*yoti.Download](t)(refusedClient(t, refused{200, given, "x"}).Media.Download(t.Context(), "s", "m", io.Discard))
		if d.ContentType != want || d.Size != 1 || !d.Available {
			t.Errorf("%q: %q", given, d.ContentType)
		}
	}
}
