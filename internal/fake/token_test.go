package fake_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

const resource = "https://vendor.example/api"

// tokenServer starts a vendor with a token endpoint and one operation that needs a token.
func tokenServer(t *testing.T, clock *fake.ManualClock, cfg fake.TokenConfig) (*fake.Server, *fake.Tokens) {
	t.Helper()
	cfg.ClientID, cfg.ClientSecret, cfg.Clock, cfg.IDs = "client", "s3cret", clock.Now, fake.NewIDs(1)
	tokens := fake.NewTokens(cfg)
	s := start(t, fake.Config{
		Clock:  clock.Now,
		Tokens: []*fake.Tokens{tokens},
		Routes: []fake.Route{
			{Operation: "Token", Method: "POST", Host: "auth", Pattern: "/oauth2/token", Handler: tokens.Handle},
			{Operation: "Me", Method: "GET", Pattern: "/me", Handler: tokens.Require(func(c *fake.Call) {
				_, subject := tokens.State(c.Bearer())
				c.Reply(http.StatusOK, subject)
			})},
		},
		WriteError: func(c *fake.Call, e fake.Refusal) { c.Reply(e.Status, map[string]string{"error": e.Code}) },
	})
	return s, tokens
}

func fetch(t *testing.T, s *fake.Server, form url.Values, id, secret string) reply {
	t.Helper()
	req, _ := http.NewRequest(http.MethodPost, s.HostURL("auth")+"/oauth2/token", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if id != "" {
		req.SetBasicAuth(id, secret)
	}
	r, err := do(s, req)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func me(t *testing.T, s *fake.Server, authorization ...string) reply {
	t.Helper()
	req, _ := http.NewRequest(http.MethodGet, s.URL()+"/me", nil)
	req.Header["Authorization"] = authorization
	r, err := do(s, req)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"`
	Scope       string `json:"scope"`
}

func (r reply) token(t *testing.T) tokenAnswer {
	t.Helper()
	var a tokenAnswer
	if err := json.Unmarshal([]byte(r.Body), &a); err != nil || r.Status != 200 || a.AccessToken == "" {
		t.Fatalf("token answer %d %s: %v", r.Status, r.Body, err)
	}
	return a
}

func grant(extra ...string) url.Values {
	form := url.Values{"grant_type": {"client_credentials"}}
	for i := 0; i < len(extra); i += 2 {
		form.Add(extra[i], extra[i+1])
	}
	return form
}

func TestTokenRequests(t *testing.T) {
	for _, tt := range []struct {
		name       string
		auth       fake.AuthStyle
		form       url.Values
		id, secret string
		status     int
		code       string
	}{
		{"basic", fake.BasicAuth, grant("resource", resource), "client", "s3cret", 200, ""},
		{"basic and optional field", fake.BasicAuth, grant("resource", resource, "scope", "a"), "client", "s3cret", 200, ""},
		{"basic, wrong secret", fake.BasicAuth, grant("resource", resource), "client", "s3cre", 401, "invalid_client"},
		{"basic, wrong id", fake.BasicAuth, grant("resource", resource), "client2", "s3cret", 401, "invalid_client"},
		{"none", fake.BasicAuth, grant("resource", resource), "", "", 401, "invalid_client"},
		{
			"both", fake.BasicAuth, grant("resource", resource, "client_id", "client", "client_secret", "s3cret"),
			"client", "s3cret", 401, "invalid_client",
		},
		{"form", fake.FormAuth, grant("resource", resource, "client_id", "client", "client_secret", "s3cret"), "", "", 200, ""},
		{"form, wrong secret", fake.FormAuth, grant("client_id", "client", "client_secret", "no"), "", "", 401, "invalid_client"},
		{"basic in place of form", fake.FormAuth, grant("resource", resource), "client", "s3cret", 401, "invalid_client"},
		{"no grant type", fake.BasicAuth, url.Values{"resource": {resource}}, "client", "s3cret", 400, "unsupported_grant_type"},
		{"no resource", fake.BasicAuth, grant(), "client", "s3cret", 400, "invalid_request"},
		{"wrong resource", fake.BasicAuth, grant("resource", "x"), "client", "s3cret", 400, "invalid_request"},
		{"repeated field", fake.BasicAuth, grant("resource", resource, "resource", resource), "client", "s3cret", 400, ""},
		{"unknown field", fake.BasicAuth, grant("resource", resource, "x", "1"), "client", "s3cret", 400, "invalid_request"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, tokens := tokenServer(t, fake.NewManualClock(time.Unix(1e9, 0)), fake.TokenConfig{
				Auth: tt.auth, Fields: map[string]string{"resource": resource}, Optional: []string{"scope"},
				Extra: map[string]any{"scope": "verify"},
			})
			r := fetch(t, s, tt.form, tt.id, tt.secret)
			if tt.status == 200 {
				a := r.token(t)
				if diff := cmp.Diff(tokenAnswer{a.AccessToken, "Bearer", 3600, "verify"}, a); diff != "" {
					t.Error(diff)
				}
			} else {
				r.want(t, tt.status, `{"error":"`+tt.code+`"}`)
			}
			good := tt.status == 200
			if refused := len(s.Problems()) == 1; refused == good || tokens.Fetches() == 1 != good {
				t.Errorf("problems %q, %d fetches", problems(s), tokens.Fetches())
			}
			if text := strings.Join(problems(s), " "); strings.Contains(text, "s3cre") {
				t.Errorf("the secret shows in %q", text)
			}
		})
	}
}

func TestTokenLife(t *testing.T) {
	clock := fake.NewManualClock(time.Unix(1e9, 0))
	s, tokens := tokenServer(t, clock, fake.TokenConfig{Lifetime: time.Minute})
	a := fetch(t, s, grant(), "client", "s3cret").token(t)
	me(t, s, "Bearer "+a.AccessToken).want(t, 200, `"client"`)
	clock.Advance(59 * time.Second)
	me(t, s, "Bearer "+a.AccessToken).want(t, 200, `"client"`)
	clock.Advance(time.Second)
	me(t, s, "Bearer "+a.AccessToken).want(t, 401, `{"error":""}`)
	if state, subject := tokens.State(a.AccessToken); state != fake.TokenExpired || subject != "client" {
		t.Errorf("state %d, subject %q", state, subject)
	}
	b := fetch(t, s, grant(), "client", "s3cret").token(t)
	if a.AccessToken == b.AccessToken {
		t.Error("an expired token was handed out again")
	}
	if !tokens.Revoke(b.AccessToken) || tokens.Revoke("other") {
		t.Error("Revoke does not say what it knows")
	}
	me(t, s, "Bearer "+b.AccessToken).want(t, 401, `{"error":""}`)
	c := tokens.Issue("account-7")
	me(t, s, "Bearer "+c).want(t, 200, `"account-7"`)
	tokens.RevokeAll()
	me(t, s, "Bearer "+c).want(t, 401, `{"error":""}`)
	if got := problems(s); got != nil {
		t.Errorf("expired and revoked tokens are no problems: %q", got)
	}
	revoked, _ := tokens.State(b.AccessToken)
	unknown, _ := tokens.State("other")
	if diff := cmp.Diff([]fake.TokenState{fake.TokenRevoked, fake.TokenUnknown}, []fake.TokenState{revoked, unknown}); diff != "" {
		t.Error(diff)
	}
	for _, bad := range [][]string{
		nil, {"Bearer "}, {"Bearer nonsense"}, {"Basic Y2xpZW50"}, {"Bearer " + c, "Bearer " + c},
	} {
		before := len(s.Problems())
		if r := me(t, s, bad...); r.Status != 401 || len(s.Problems()) != before+1 {
			t.Errorf("authorization %q: %d", bad, r.Status)
		}
	}
}

func TestTokenReuse(t *testing.T) {
	clock := fake.NewManualClock(time.Unix(1e9, 0))
	s, tokens := tokenServer(t, clock, fake.TokenConfig{
		Lifetime: time.Hour, Reuse: 50 * time.Minute, JWT: true, Claims: map[string]any{"tid": "tenant"},
	})
	a := fetch(t, s, grant(), "client", "s3cret").token(t)
	clock.Advance(49 * time.Minute)
	b := fetch(t, s, grant(), "client", "s3cret").token(t)
	if a != b {
		t.Error("the token is new, or its expires_in tells its age")
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(a.AccessToken, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Iat, Exp int64
		Tid      string
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	if claims.Iat != 1e9 || claims.Exp != 1e9+3600 || claims.Tid != "tenant" || strings.Count(a.AccessToken, ".") != 2 {
		t.Errorf("claims %+v in %d parts", claims, strings.Count(a.AccessToken, ".")+1)
	}
	tokens.Revoke(a.AccessToken)
	c := fetch(t, s, grant(), "client", "s3cret").token(t)
	clock.Advance(50 * time.Minute)
	d := fetch(t, s, grant(), "client", "s3cret").token(t)
	if c.AccessToken == a.AccessToken || d.AccessToken == c.AccessToken || tokens.Fetches() != 4 {
		t.Error("a revoked token, or one that is too old, was handed out again")
	}
}

func TestStaleToken(t *testing.T) {
	s, tokens := tokenServer(t, fake.NewManualClock(time.Unix(1e9, 0)), fake.TokenConfig{})
	token := tokens.Issue("x")
	s.Inject(fake.FaultOn("Me", 1, kyctest.StaleToken))
	me(t, s, "Bearer "+token).want(t, 401, `{"error":""}`)
	// the same token stays useless, another one works
	me(t, s, "Bearer "+token).want(t, 401, `{"error":""}`)
	me(t, s, "Bearer "+tokens.Issue("x")).want(t, 200, `"x"`)

	called := false
	own := start(t, fake.Config{Stale: func(*fake.Call) { called = true }})
	own.Inject(fake.FaultAt(1, kyctest.StaleToken))
	if r := mustCall(t, own, "GET", "/api/v1/things/7", ""); r.Status != 401 || !called {
		t.Errorf("status %d, hook called: %v", r.Status, called)
	}
}
