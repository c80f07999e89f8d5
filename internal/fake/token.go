package fake

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// AuthStyle is where a token request carries the client's credentials.
type AuthStyle uint8

const (
	// BasicAuth takes them from the Authorization header only.
	BasicAuth AuthStyle = iota
	// FormAuth takes them from client_id and client_secret in the form only.
	FormAuth
)

// TokenConfig describes a token service.
type TokenConfig struct {
	ClientID, ClientSecret string
	Auth                   AuthStyle
	// Fields are form fields that a request must have besides grant_type=client_credentials, with their exact value; an
	// empty value stands for any that is not empty.
	Fields map[string]string
	// Optional are form fields that a request may have.
	Optional []string
	// Lifetime is how long a token lives; 0: one hour.
	Lifetime time.Duration
	// Reuse hands the same token out again for this long after it was issued, with an expires_in as if it were new:
	// only exp in the token tells its real age.
	Reuse time.Duration
	// JWT issues tokens in the form of a JWT with iat, exp, jti and Claims; their signature means nothing.
	JWT    bool
	Claims map[string]any
	// Extra are further members of the answer, as scope.
	Extra map[string]any
	Clock func() time.Time
	IDs   *IDs
}

// TokenState is what a token service knows about a token.
type TokenState uint8

const (
	// TokenUnknown is a token that the service did not issue.
	TokenUnknown TokenState = iota
	// TokenValid is a live token.
	TokenValid
	// TokenExpired is a token past its lifetime.
	TokenExpired
	// TokenRevoked is a token that was revoked.
	TokenRevoked
)

// Tokens is an OAuth2 token service for client credentials, and a store of bearer tokens for anything else.
type Tokens struct {
	cfg TokenConfig
	key []byte

	mu      sync.Mutex
	tokens  map[string]*issued
	last    string
	fetches int
}

type issued struct {
	subject string
	at, end time.Time
	revoked bool
}

// NewTokens returns a token service. Its Handle method is the handler of the token route.
func NewTokens(cfg TokenConfig) *Tokens {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.IDs == nil {
		cfg.IDs = NewIDs(0)
	}
	cfg.Lifetime = orDefault(cfg.Lifetime, time.Hour)
	return &Tokens{cfg: cfg, key: cfg.IDs.Bytes(32), tokens: map[string]*issued{}}
}

// Handle answers a token request. Refusals carry the codes of RFC 6749.
func (t *Tokens) Handle(c *Call) {
	form, ok := c.Form()
	if !ok || !t.authenticate(c, form) || !t.fields(c, form) {
		return
	}
	t.mu.Lock()
	t.fetches++
	token := t.last
	if old := t.tokens[token]; old == nil || old.revoked || t.cfg.Clock().Sub(old.at) >= t.cfg.Reuse {
		token = t.issue(t.cfg.ClientID)
		t.last = token
	}
	t.mu.Unlock()
	answer := map[string]any{
		"access_token": token, "token_type": "Bearer", "expires_in": int64(t.cfg.Lifetime / time.Second),
	}
	maps.Copy(answer, t.cfg.Extra)
	c.Header().Set("Cache-Control", "no-store")
	c.Reply(http.StatusOK, answer)
}

func (t *Tokens) authenticate(c *Call, form url.Values) bool {
	id, secret, basic := c.Request.BasicAuth()
	inForm := form.Has("client_id") || form.Has("client_secret")
	switch {
	case t.cfg.Auth == BasicAuth && (!basic || inForm):
		return t.refuse(c, http.StatusUnauthorized, "invalid_client", "want the credentials in the Authorization header only")
	case t.cfg.Auth == FormAuth && (c.Request.Header.Get("Authorization") != "" || !inForm):
		return t.refuse(c, http.StatusUnauthorized, "invalid_client", "want the credentials in the form only")
	case t.cfg.Auth == FormAuth:
		id, secret = form.Get("client_id"), form.Get("client_secret")
	}
	// both are compared, and as digests, so that neither length nor order shows in the time
	if sameSecret(id, t.cfg.ClientID)&sameSecret(secret, t.cfg.ClientSecret) != 1 {
		return t.refuse(c, http.StatusUnauthorized, "invalid_client", "wrong client credentials")
	}
	return true
}

func sameSecret(got, want string) int {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(want))
	return subtle.ConstantTimeCompare(a[:], b[:])
}

func (t *Tokens) fields(c *Call, form url.Values) bool {
	if form.Get("grant_type") != "client_credentials" {
		return t.refuse(c, http.StatusBadRequest, "unsupported_grant_type", "grant_type is not client_credentials")
	}
	for _, name := range slices.Sorted(maps.Keys(t.cfg.Fields)) {
		want, got := t.cfg.Fields[name], form.Get(name)
		if got == "" || want != "" && got != want {
			return t.refuse(c, http.StatusBadRequest, "invalid_request", "field "+name+" is missing or wrong")
		}
	}
	for name := range form {
		_, required := t.cfg.Fields[name]
		credential := t.cfg.Auth == FormAuth && (name == "client_id" || name == "client_secret")
		if name != "grant_type" && !required && !credential && !slices.Contains(t.cfg.Optional, name) {
			return t.refuse(c, http.StatusBadRequest, "invalid_request", "unknown field "+name)
		}
	}
	return true
}

func (t *Tokens) refuse(c *Call, status int, code, detail string) bool {
	c.RefuseWith(Refusal{Status: status, Rule: RuleAuth, Code: code, Detail: detail})
	return false
}

// Issue makes a live token for a subject.
func (t *Tokens) Issue(subject string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.issue(subject)
}

func (t *Tokens) issue(subject string) string {
	now := t.cfg.Clock()
	end := now.Add(t.cfg.Lifetime)
	token := t.cfg.IDs.Hex(24)
	if t.cfg.JWT {
		token = t.jwt(now, end)
	}
	t.tokens[token] = &issued{subject: subject, at: now, end: end}
	return token
}

func (t *Tokens) jwt(now, end time.Time) string {
	claims := map[string]any{}
	maps.Copy(claims, t.cfg.Claims)
	claims["iat"], claims["exp"], claims["jti"] = now.Unix(), end.Unix(), t.cfg.IDs.UUID()
	payload, err := json.Marshal(claims)
	if err != nil {
		panic("fake: token claims: " + err.Error())
	}
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + enc.EncodeToString(payload)
	mac := hmac.New(sha256.New, t.key)
	mac.Write([]byte(signed))
	return signed + "." + enc.EncodeToString(mac.Sum(nil))
}

// Fetches is how many tokens the endpoint has handed out.
func (t *Tokens) Fetches() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.fetches
}

// Revoke makes a token useless and tells whether the service knew it.
func (t *Tokens) Revoke(token string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	is, ok := t.tokens[token]
	if ok {
		is.revoked = true
	}
	return ok
}

// RevokeAll makes every token issued so far useless.
func (t *Tokens) RevokeAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, is := range t.tokens {
		is.revoked = true
	}
}

// State returns what the service knows about a token, and its subject.
func (t *Tokens) State(token string) (TokenState, string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	is, ok := t.tokens[token]
	switch {
	case !ok:
		return TokenUnknown, ""
	case is.revoked:
		return TokenRevoked, is.subject
	case !t.cfg.Clock().Before(is.end):
		return TokenExpired, is.subject
	}
	return TokenValid, is.subject
}

// Check verifies the bearer token of a request and returns its subject; on false the answer is written. A missing or
// unknown token is a Problem; an expired or revoked one is not, since that can happen to a correct client.
func (t *Tokens) Check(c *Call) (subject string, ok bool) {
	token, found := bearer(c.Request.Header)
	if !found {
		c.Refuse(http.StatusUnauthorized, RuleAuth, "no bearer token")
		return "", false
	}
	state, subject := t.State(token)
	switch state {
	case TokenValid:
		return subject, true
	case TokenExpired:
		c.Fail(http.StatusUnauthorized, "", "the token has expired")
	case TokenRevoked:
		c.Fail(http.StatusUnauthorized, "", "the token was revoked")
	default:
		c.Refuse(http.StatusUnauthorized, RuleAuth, "unknown bearer token")
	}
	return "", false
}

// Require puts Check in front of a handler.
func (t *Tokens) Require(h Handler) Handler {
	return func(c *Call) {
		if _, ok := t.Check(c); ok {
			h(c)
		}
	}
}

// Bearer returns the bearer token of a request, empty without one.
func (c *Call) Bearer() string {
	token, _ := bearer(c.Request.Header)
	return token
}

func bearer(h http.Header) (string, bool) {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return "", false
	}
	token, ok := strings.CutPrefix(values[0], "Bearer ")
	return token, ok && token != ""
}
