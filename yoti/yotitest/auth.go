package yotitest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
)

const (
	digestHeader = "X-Yoti-Auth-Digest"
	// scope is the one that the token endpoint hands out; the real one is not documented.
	scope = "idv:sessions"
)

// Rules of this fake, besides those that all fakes have.
const (
	ruleSignature = "signature"
	ruleNonce     = "nonce"
	ruleTimestamp = "timestamp"
)

var key = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic("yotitest: " + err.Error())
	}
	return k
})

// PrivateKeyPEM returns the private key of the application. It is made once a
// process and fits every server of this package.
func PrivateKeyPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key())})
}

// PublicKey returns its public half.
func PublicKey() *rsa.PublicKey { return &key().PublicKey }

// before authenticates every call but those of the browser and of the token endpoint.
func (s *Server) before(c *fake.Call) bool {
	if c.Operation == "WebClient" || c.Operation == "Token" {
		return true
	}
	if !c.HasHeader("User-Agent") {
		return false
	}
	if c.Request.Header.Get("Authorization") != "" {
		return s.bearer(c)
	}
	return s.signed(c)
}

func (s *Server) refuse(c *fake.Call, rule, detail string) bool {
	c.Refuse(http.StatusUnauthorized, rule, detail)
	return false
}

// Message recomputes what is signed from a request as it arrived: method, raw
// path and query without the version, and the bytes of the body.
func Message(method, requestURI string, body []byte) string {
	message := method + "&" + strings.TrimPrefix(requestURI, prefix)
	if len(body) > 0 {
		message += "&" + base64.StdEncoding.EncodeToString(body)
	}
	return message
}

func (s *Server) signed(c *fake.Call) bool {
	values := c.Request.Header.Values(digestHeader)
	if len(values) != 1 {
		return s.refuse(c, ruleSignature, "want one "+digestHeader)
	}
	signature, err := base64.StdEncoding.DecodeString(values[0])
	if err != nil {
		return s.refuse(c, ruleSignature, "the digest is not base64")
	}
	sum := sha256.Sum256([]byte(Message(c.Request.Method, c.Request.RequestURI, c.Body)))
	if rsa.VerifyPKCS1v15(PublicKey(), crypto.SHA256, sum[:], signature) != nil {
		return s.refuse(c, ruleSignature, "the signature does not fit the request")
	}
	return s.parameters(c)
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// parameters checks what the query of a signed request must have. The catalogue is open to every application.
func (s *Server) parameters(c *fake.Call) bool {
	query, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		return s.refuse(c, fake.RuleQuery, "does not parse")
	}
	for _, name := range []string{"sdkId", "nonce", "timestamp"} {
		optional := name == "sdkId" && c.Operation == "SupportedDocuments.Get"
		if n := len(query[name]); n > 1 || n == 0 && !optional {
			return s.refuse(c, fake.RuleQuery, "want one "+name)
		}
	}
	if id := query.Get("sdkId"); id != "" && id != SDKID {
		c.RefuseWith(fake.Refusal{Status: http.StatusNotFound, Rule: fake.RuleAuth, Code: "APP_NOT_FOUND", Detail: "the application is unknown"})
		return false
	}
	at, err := strconv.ParseInt(query.Get("timestamp"), 10, 64)
	if err != nil {
		return s.refuse(c, ruleTimestamp, "is no number")
	}
	// Both units are in use; a number of seconds has ten digits.
	stamp := time.UnixMilli(at)
	if at < 1e11 {
		stamp = time.Unix(at, 0)
	}
	if off := s.now().Sub(stamp).Abs(); off > s.cfg.skew {
		return s.refuse(c, ruleTimestamp, "is off by more than the server allows")
	}
	nonce := query.Get("nonce")
	if !uuid.MatchString(nonce) {
		return s.refuse(c, ruleNonce, "is no UUID")
	}
	s.mu.Lock()
	used := s.nonces[strings.ToLower(nonce)]
	s.nonces[strings.ToLower(nonce)] = true
	s.mu.Unlock()
	if used {
		return s.refuse(c, ruleNonce, "was used before")
	}
	return true
}

// bearer takes a token in place of a signature, not beside one.
func (s *Server) bearer(c *fake.Call) bool {
	query := c.Request.URL.Query()
	if c.Request.Header.Get(digestHeader) != "" || query.Has("nonce") || query.Has("timestamp") || query.Has("sdkId") {
		return s.refuse(c, fake.RuleAuth, "a token and a signature in one request")
	}
	_, ok := s.tokens.Check(c)
	return ok
}

// token answers the central authentication: a client assertion for a bearer token.
func (s *Server) token(c *fake.Call) {
	form, ok := c.Form()
	if !ok {
		return
	}
	want := map[string]string{
		"grant_type": "client_credentials", "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "scope": scope,
	}
	for name, value := range want {
		if form.Get(name) != value {
			c.RefuseWith(fake.Refusal{Status: http.StatusBadRequest, Rule: fake.RuleForm, Code: "invalid_request", Detail: "field " + name + " is missing or wrong"})
			return
		}
	}
	if err := s.assertion(form.Get("client_assertion")); err != nil {
		c.RefuseWith(fake.Refusal{Status: http.StatusUnauthorized, Rule: fake.RuleAuth, Code: "invalid_client", Detail: err.Error()})
		return
	}
	c.Header().Set("Cache-Control", "no-store")
	c.Reply(http.StatusOK, map[string]any{
		"access_token": s.tokens.Issue(SDKID), "token_type": "Bearer", "expires_in": int64(s.cfg.tokenLife / time.Second), "scope": scope,
	})
}

// assertion verifies a client assertion as the documents describe it.
func (s *Server) assertion(token string) error {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return errors.New("the assertion is no JWT")
	}
	var raw [3][]byte
	for i, p := range parts {
		b, err := base64.RawURLEncoding.DecodeString(p)
		if err != nil {
			return errors.New("the assertion is not base64url")
		}
		raw[i] = b
	}
	var header struct{ Alg, Typ string }
	var claims struct {
		Iss, Sub, Aud, Jti string
		Iat, Exp           int64
	}
	if json.Unmarshal(raw[0], &header) != nil || json.Unmarshal(raw[1], &claims) != nil {
		return errors.New("the assertion's parts are not JSON")
	}
	sum := sha512.Sum384([]byte(parts[0] + "." + parts[1]))
	now := s.now().Unix()
	switch {
	case header.Alg != "PS384" || header.Typ != "JWT":
		return errors.New("the assertion's algorithm is not PS384")
	case rsa.VerifyPSS(PublicKey(), crypto.SHA384, sum[:], raw[2], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) != nil:
		return errors.New("the assertion's signature does not fit")
	case claims.Iss != "sdk:"+SDKID || claims.Sub != claims.Iss:
		return errors.New("the assertion names another application")
	case claims.Aud != s.fake.URL()+"/v1/oauth/token":
		return errors.New("the assertion is for another audience")
	case claims.Exp <= now || claims.Exp > now+30*60 || claims.Iat > now+60:
		return errors.New("the assertion's times are out of range")
	case len(claims.Jti) < 16 || len(claims.Jti) > 128:
		return errors.New("the assertion's jti is too short or too long")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.assertions[claims.Jti] {
		return errors.New("the assertion was used before")
	}
	s.assertions[claims.Jti] = true
	return nil
}
