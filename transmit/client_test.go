package transmit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

func TestConfigIsChecked(t *testing.T) {
	good := transmit.Config{ClientID: "id", ClientSecret: "s", Environment: transmit.Sandbox}
	for name, change := range map[string]func(*transmit.Config){
		"no id":            func(c *transmit.Config) { c.ClientID = "" },
		"blank id":         func(c *transmit.Config) { c.ClientID = " " },
		"no secret":        func(c *transmit.Config) { c.ClientSecret = "" },
		"no place":         func(c *transmit.Config) { c.Environment = "" },
		"unknown place":    func(c *transmit.Config) { c.Environment = "mars" },
		"relative URL":     func(c *transmit.Config) { c.BaseURL = "/x" },
		"URL with verify":  func(c *transmit.Config) { c.BaseURL = "https://api.example.com/verify" },
		"URL with slash":   func(c *transmit.Config) { c.BaseURL = "https://api.example.com/verify/" },
		"URL with user":    func(c *transmit.Config) { c.BaseURL = "https://u:p@api.example.com" },
		"other scheme":     func(c *transmit.Config) { c.BaseURL = "ftp://api.example.com" },
		"bad events path":  func(c *transmit.Config) { c.EventsPath = "activities/v2" },
		"open events path": func(c *transmit.Config) { c.EventsPath = "/activities/v2/" },
	} {
		cfg := good
		change(&cfg)
		client, err := transmit.NewClient(cfg)
		if !errors.Is(err, kyc.ErrInvalid) || client != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (strings.Contains(err.Error(), "mars") || strings.Contains(err.Error(), "u:p")) {
			t.Errorf("%s: the error repeats the value: %v", name, err)
		}
	}
	if _, err := transmit.NewClient(good, kyc.WithMaxBody(-1)); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("bad option: %v", err)
	}
}

// The hosts are written out here a second time: data sent to another region's installation is data sent to a stranger.
func TestEnvironments(t *testing.T) {
	hosts := map[transmit.Environment]string{
		transmit.Sandbox:      "api.sbx.transmitsecurity.io",
		transmit.ProductionUS: "api.transmitsecurity.io",
		transmit.ProductionEU: "api.eu.transmitsecurity.io",
		transmit.ProductionCA: "api.ca.transmitsecurity.io",
		transmit.ProductionAU: "api.au.transmitsecurity.io",
	}
	if n := len(transmit.Environment("").Values()); n != len(hosts) {
		t.Fatalf("%d environments", n)
	}
	for env, host := range hosts {
		var asked []string
		client, err := transmit.NewClient(transmit.Config{ClientID: "id", ClientSecret: "s", Environment: env}, kyc.WithHTTPClient(&http.Client{
			Transport: roundTripper(func(r *http.Request) string {
				asked = append(asked, r.URL.Scheme+"://"+r.URL.Host+r.URL.Path)
				return `{"access_token":"t","expires_in":3600,"session_id":"s","status":"pending"}`
			}),
		}))
		if err != nil || client.Vendor() != kyc.Transmit {
			t.Fatal(env, err)
		}
		if _, err := client.Sessions.Result(t.Context(), "s"); err != nil {
			t.Fatal(env, err)
		}
		if err := client.Events.Start(t.Context()); err != nil {
			t.Fatal(env, err)
		}
		root := "https://" + host
		want := []string{root + "/oidc/token", root + "/verify/api/v1/verification/s/result", root + "/activities/v1/activities/start-collect"}
		if !slices.Equal(asked, want) || env.BaseURL() != root {
			t.Errorf("%s: %q, want %q", env, asked, want)
		}
		if page := client.HostedURL(&transmit.Session{StartToken: "a/b"}).Reveal(); page != root+"/verify/app/a%2Fb" {
			t.Errorf("%s: %s", env, page)
		}
	}
}

func TestTokenIsAskedForTheResource(t *testing.T) {
	client, fake := startLoose(t)
	if _, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{}); err != nil {
		t.Fatal(err)
	}
	got := fake.RequestsOf("Token")[0].Golden()
	if !strings.Contains(got, "resource=https%3A%2F%2Fverify.identity.security") || !strings.HasPrefix(got, "POST /oidc/token\n") || strings.Contains(got, transmittest.ClientSecret) {
		t.Error(got)
	}
	// The fake refuses a token request without the resource, as the vendor means to.
	resp, err := fake.Client().PostForm(fake.URL()+"/oidc/token", map[string][]string{
		"client_id": {transmittest.ClientID}, "client_secret": {transmittest.ClientSecret}, "grant_type": {"client_credentials"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest || len(fake.Problems()) != 1 {
		t.Errorf("without a resource: %d, %v", resp.StatusCode, fake.Problems())
	}
}

func TestTokenIsShared(t *testing.T) {
	client, fake := startLoose(t)
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if _, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{}); err != nil {
				t.Error(err)
			}
			for _, err := range client.Events.Read(t.Context(), "s", transmit.EventsQuery{}) {
				if !errors.Is(err, kyc.ErrForbidden) {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if n := fake.TokenFetches(); n != 1 {
		t.Errorf("%d tokens for 40 calls", n)
	}
	// A revoked token is renewed once, for a create too: a 401 was not processed.
	fake.RevokeTokens()
	if _, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{}); err != nil {
		t.Error(err)
	}
	if n := fake.TokenFetches(); n != 2 {
		t.Errorf("%d tokens after the first was revoked", n)
	}
}

func TestTokenIsRenewedInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, fake := start(t, transmittest.InMemory(), transmittest.TokenLifetime(time.Hour))
		for range 30 {
			if _, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Minute)
		}
		for _, r := range fake.RequestsOf("Sessions.Create") {
			if r.Status != http.StatusOK {
				t.Errorf("a call was answered %d", r.Status)
			}
		}
		if n := fake.TokenFetches(); n < 5 || n > 8 {
			t.Errorf("%d tokens in five hours", n)
		}
		fake.Close()
	})
}

func TestWrongCredentials(t *testing.T) {
	_, fake := startLoose(t)
	cfg := fake.Config()
	cfg.ClientSecret = "wrong-secret"
	client, err := transmit.NewClient(cfg, fake.Options()...)
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Sessions.Create(t.Context(), transmit.SessionRequest{})
	var e *kyc.Error
	if !errors.Is(err, kyc.ErrUnauthorized) || !errors.As(err, &e) || e.Code != "invalid_client" || strings.Contains(fmt.Sprintf("%+v", err), "wrong-secret") {
		t.Errorf("%v", err)
	}
}

// RFC 6749 answers wrong credentials with 400 as well as with 401.
func TestInvalidClientIsUnauthorized(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write(fixture(t, "error-oauth.json"))
	}))
	defer server.Close()
	client, err := transmit.NewClient(transmit.Config{ClientID: "id", ClientSecret: "s", BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Sessions.Result(t.Context(), "s"); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("%v", err)
	}
}

// Every form of an error body gives a typed error, whose text repeats none of it.
func TestErrorBodies(t *testing.T) {
	for name, want := range map[string]struct{ code, message string }{
		"error-message.json":      {"400", "Bad request"},
		"error-message-list.json": {"400", "callback_url must be a URL address; state should not be empty"},
		"error-code-text.json":    {"session_not_found", "Session not found"},
		"error-nest.json":         {"Unauthorized", "Unauthorized"},
		"error-nest-list.json":    {"Bad Request", "image.image_type must be one of the known types"},
		"error-oauth.json":        {"invalid_client", "Client authentication failed"},
		"error-empty.txt":         {},
		"error-edge.html":         {},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/oidc/token" {
				_, _ = w.Write([]byte(`{"access_token":"t","token_type":"Bearer","expires_in":3600}`))
				return
			}
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write(fixture(t, name))
		}))
		client, err := transmit.NewClient(transmit.Config{ClientID: "id", ClientSecret: "s", BaseURL: server.URL})
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Sessions.Result(t.Context(), "s")
		server.Close()
		var e *kyc.Error
		if !errors.Is(err, kyc.ErrInvalid) || !errors.As(err, &e) || e.StatusCode != 400 {
			t.Fatalf("%s: %v", name, err)
		}
		if e.Code != want.code || e.Message != want.message || string(e.Body()) != string(fixture(t, name)) {
			t.Errorf("%s: code %q, message %q", name, e.Code, e.Message)
		}
		if want.message != "" && want.message != want.code && strings.Contains(err.Error(), want.message) {
			t.Errorf("%s: the text repeats the message: %v", name, err)
		}
	}
}

func TestDo(t *testing.T) {
	client, fake := start(t)
	var out struct {
		SessionID string                     `json:"session_id"`
		Extra     map[string]json.RawMessage `json:",embed"`
	}
	if err := client.Do(t.Context(), http.MethodPost, "/verify/api/v1/verification", map[string]any{"state": "x"}, &out); err != nil || out.SessionID == "" {
		t.Fatalf("%q, %v", out.SessionID, err)
	}
	if err := client.Do(t.Context(), http.MethodGet, "/verify/api/v1/verification/"+out.SessionID+"/result?detailed=true", nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := client.Do(t.Context(), http.MethodDelete, "/verify/api/v1/verification/"+out.SessionID, nil, &out); err != nil {
		t.Fatal(err)
	}
	before := len(fake.Requests())
	for _, path := range []string{"", "verify/x", "/verify/../oidc/token"} {
		if err := client.Do(t.Context(), http.MethodGet, path, nil, nil); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%q: %v", path, err)
		}
	}
	if err := client.Do(t.Context(), http.MethodPost, "/x", func() {}, nil); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("a function as JSON: %v", err)
	}
	if len(fake.Requests()) != before {
		t.Error("a bad path went out")
	}
}

// A root below a path prefix is kept in front of every path.
func TestBaseURLWithPrefix(t *testing.T) {
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.URL.Path)
		_, _ = w.Write([]byte(`{"access_token":"t","expires_in":3600,"session_id":"s","status":"pending"}`))
	}))
	defer server.Close()
	client, err := transmit.NewClient(transmit.Config{ClientID: "id", ClientSecret: "s", BaseURL: server.URL + "/proxy/"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Sessions.Result(t.Context(), "s"); err != nil {
		t.Fatal(err)
	}
	if err := client.Events.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(paths, " "); got != "/proxy/oidc/token /proxy/verify/api/v1/verification/s/result /proxy/activities/v1/activities/start-collect" {
		t.Error(got)
	}
}

func TestCancelledCallEndsAtOnce(t *testing.T) {
	client, fake := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Sessions.Create(ctx, transmit.SessionRequest{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if n := fake.Count("Sessions.Create"); n != 0 {
		t.Errorf("%d creates went out", n)
	}
}
