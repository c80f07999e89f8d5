package jumiotest_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// raw sends a request that no client of ours would send.
type raw struct {
	method, url, auth, contentType, body string
	agent                                string
}

func (r raw) send(t *testing.T, server *jumiotest.Server) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), r.method, r.url, strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "Acme/1.0")
	if r.agent != "" {
		req.Header["User-Agent"] = []string{strings.TrimSpace(r.agent)}
	}
	if r.auth != "" {
		req.Header.Set("Authorization", r.auth)
	}
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	resp, err := server.HTTPClient().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var e jumio.ErrorBody
	if resp.StatusCode >= 400 && !strings.Contains(r.url, "/auth/") && (json.Unmarshal(body, &e) != nil || e.Title == "" || *e.Status != int64(resp.StatusCode)) {
		t.Errorf("%s %s: error body %s", r.method, r.url, body)
	}
	return resp.StatusCode
}

func bearer(t *testing.T, server *jumiotest.Server) string {
	t.Helper()
	cfg := server.Config()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, cfg.Endpoints.Auth+"/oauth2/token", strings.NewReader("grant_type=client_credentials"))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(cfg.ClientID, cfg.ClientSecret.Reveal())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", "Acme/1.0")
	resp, err := server.HTTPClient().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var token struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&token); err != nil || token.AccessToken == "" || token.ExpiresIn != 3600 {
		t.Fatalf("token: %v", err)
	}
	return "Bearer " + token.AccessToken
}

func TestStrict(t *testing.T) {
	const good = `{"customerInternalReference":"r","workflowDefinition":{"key":10011}}`
	for _, c := range []struct {
		name   string
		change func(*raw)
		status int
		rule   string
	}{
		{"good", func(*raw) {}, 200, ""},
		{"no user agent", func(r *raw) { r.agent = " " }, 403, "user agent"},
		{"Go's user agent", func(r *raw) { r.agent = "Go-http-client/1.1" }, 403, "user agent"},
		{"no bearer", func(r *raw) { r.auth = "" }, 401, "auth"},
		{"unknown bearer", func(r *raw) { r.auth = "Bearer x" }, 401, "auth"},
		{"basic auth", func(r *raw) { r.auth = "Basic " + base64.StdEncoding.EncodeToString([]byte("a:b")) }, 401, "auth"},
		{"form", func(r *raw) { r.contentType = "text/plain" }, 415, "content type"},
		{"unknown member", func(r *raw) { r.body = `{"customerInternalReference":"r","workflowDefinition":{"key":1},"x":1}` }, 400, "schema"},
		{"member twice", func(r *raw) { r.body = strings.Replace(good, "{", `{"customerInternalReference":"q",`, 1) }, 400, "json"},
		{"no key", func(r *raw) { r.body = `{"customerInternalReference":"r","workflowDefinition":{}}` }, 400, "schema"},
		{"bad reference", func(r *raw) { r.body = strings.Replace(good, `"r"`, `"a<b"`, 1) }, 400, "schema"},
		{"update only", func(r *raw) { r.body = strings.Replace(good, "10011", `"10014"`, 1) }, 400, "workflow"},
		{"screening of nobody", func(r *raw) { r.body = strings.Replace(good, "10011", "10013", 1) }, 400, "workflow"},
		{"legacy screening of nobody", func(r *raw) { r.body = strings.Replace(good, "10011", `"32"`, 1) }, 400, "workflow"},
		{"slash", func(r *raw) { r.url += "/" }, 404, "route"},
		{"query", func(r *raw) { r.url += "?x=1" }, 400, "query"},
		{"other host", func(r *raw) { r.url = strings.Replace(r.url, "/account/", "/retrieval/", 1) }, 404, "route"},
		{"other method", func(r *raw) { r.method = http.MethodPatch }, 405, "method"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := jumiotest.NewServer()
			defer server.Close()
			r := raw{
				method: http.MethodPost, url: server.Config().Endpoints.Account + "/api/v1/accounts", auth: bearer(t, server),
				contentType: "application/json", body: good,
			}
			c.change(&r)
			if status := r.send(t, server); status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			problems := strings.Join(server.Problems(), "\n")
			if c.rule == "" && problems != "" || !strings.Contains(problems, c.rule) {
				t.Errorf("problems %q, want %s", problems, c.rule)
			}
		})
	}
}

// Uploads that break the order, the channel, the form or the token are refused and remembered.
func TestStrictUploads(t *testing.T) {
	form := func(field, contentType string, data []byte) (string, string) {
		var b bytes.Buffer
		b.WriteString("--B\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"x.png\"\r\nContent-Type: " + contentType + "\r\n\r\n")
		b.Write(data)
		b.WriteString("\r\n--B--")
		return "multipart/form-data; boundary=B", b.String()
	}
	small := []byte("\x89PNG\r\n\x1a\n not an image")
	for _, c := range []struct {
		name   string
		change func(r *raw, account *jumio.Account)
		rule   string
	}{
		{"wrong field", func(r *raw, _ *jumio.Account) { r.contentType, r.body = form("image", "image/png", small) }, "multipart"},
		{"wrong type", func(r *raw, _ *jumio.Account) { r.contentType, r.body = form("file", "image/gif", small) }, "content type"},
		{"lying type", func(r *raw, _ *jumio.Account) { r.contentType, r.body = form("file", "image/jpeg", small) }, "content type"},
		{"no picture", func(r *raw, _ *jumio.Account) { r.contentType, r.body = form("file", "image/png", small) }, "multipart"},
		{"JSON", func(r *raw, _ *jumio.Account) { r.contentType, r.body = "application/json", "{}" }, "content type"},
		{"OAuth token", func(r *raw, _ *jumio.Account) { r.auth = "oauth" }, "auth"},
		{"unknown part", func(r *raw, _ *jumio.Account) { r.url = strings.Replace(r.url, "/FRONT", "/FACE", 1) }, "channel"},
		{"small letters", func(r *raw, _ *jumio.Account) { r.url = strings.Replace(r.url, "/FRONT", "/front", 1) }, "channel"},
		{"channel", func(r *raw, a *jumio.Account) {
			c := a.WorkflowExecution.Credentials
			r.url = strings.Replace(r.url, c[0].ID, c[1].ID, 1)
		}, "channel"},
		{"finalize with a body", func(r *raw, _ *jumio.Account) {
			r.method, r.url, r.contentType, r.body = http.MethodPut, r.url[:strings.Index(r.url, "/credentials/")], "application/json", "{}"
		}, "body"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := jumiotest.NewServer()
			defer server.Close()
			client, err := jumio.NewClient(server.Config())
			if err != nil {
				t.Fatal(err)
			}
			account, err := client.Accounts.Create(t.Context(), jumio.AccountRequest{CustomerInternalReference: "r"})
			if err != nil {
				t.Fatal(err)
			}
			r := raw{
				method: http.MethodPost, url: account.WorkflowExecution.Credentials[0].API.Parts["front"].URL,
				auth: "Bearer " + account.APIToken().Reveal(),
			}
			c.change(&r, account)
			if r.auth == "oauth" {
				r.auth = bearer(t, server)
			}
			if status := r.send(t, server); status < 400 {
				t.Errorf("status %d", status)
			}
			if problems := strings.Join(server.Problems(), "\n"); !strings.Contains(problems, c.rule) {
				t.Errorf("problems %q, want %s", problems, c.rule)
			}
		})
	}
}

// A notice is repeated until it is answered with exactly 200.
func TestCallbackRepeats(t *testing.T) {
	var calls atomic.Int32
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if e, perr := jumio.ParseCallback(body); err != nil || perr != nil || r.Header.Get("Content-Type") != "application/json" || e.Ref.Session == "" {
			t.Errorf("notice %s: %v %v", body, err, perr)
		}
		switch calls.Add(1) {
		case 1:
			w.WriteHeader(http.StatusInternalServerError)
		case 2:
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	defer listener.Close()
	server := jumiotest.NewServer(jumiotest.CallbackRetries(0, 0, 0), jumiotest.InterimCallbacks())
	defer server.Close()
	client, err := jumio.NewClient(server.Config())
	if err != nil {
		t.Fatal(err)
	}
	session, err := client.Start(t.Context(), kyc.StartRequest{Reference: "r", NotifyURL: listener.URL})
	if err != nil {
		t.Fatal(err)
	}
	server.CompleteJourney(session.Ref)
	server.WaitCallbacks()
	if accepted, failed := server.Callbacks(); accepted != 2 || failed != 0 || calls.Load() != 4 {
		t.Errorf("%d accepted, %d failed, %d calls", accepted, failed, calls.Load())
	}
}

func TestScriptExpireAndOddRefs(t *testing.T) {
	server := jumiotest.NewServer()
	defer server.Close()
	client, err := jumio.NewClient(server.Config())
	if err != nil {
		t.Fatal(err)
	}
	if server.CompleteJourney(kyc.Ref{}) || server.Expire(kyc.Ref{}, jumio.StatusSessionExpired) {
		t.Error("an unknown execution")
	}
	first, err := client.Start(t.Context(), kyc.StartRequest{Reference: "a"})
	if err != nil {
		t.Fatal(err)
	}
	server.Script(jumiotest.Outcome(jumio.DecisionRejected))
	second, err := client.Start(t.Context(), kyc.StartRequest{Reference: "b"})
	if err != nil {
		t.Fatal(err)
	}
	if !server.Expire(first.Ref, jumio.StatusSessionExpired) || server.Expire(first.Ref, jumio.StatusSessionExpired) || server.CompleteJourney(first.Ref) {
		t.Error("an execution ends once")
	}
	server.CompleteJourney(second.Ref)
	for ref, want := range map[kyc.Ref]kyc.Decision{first.Ref: kyc.Expired, second.Ref: kyc.Declined} {
		result, err := client.Fetch(t.Context(), ref)
		if err != nil || result.Decision != want {
			t.Errorf("%v %v, want %v", result, err, want)
		}
	}
}
