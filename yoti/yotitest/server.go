package yotitest

import (
	_ "embed"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

//go:embed zz_schema.json
var schemaJSON []byte

var schemas = sync.OnceValue(func() *fake.Schemas { return fake.MustSchemas(schemaJSON) })

// SDKID is the application that the server knows.
const SDKID = "5f1e0c1a-7d5b-4c7e-9a0a-2f6d3b8c9e10"

// prefix is the version, which is part of the base URL and not of what is signed.
const prefix = "/idverify/v1"

// Recorded is a request as the server received it: Operation, Method and Path,
// the names of Query and Headers, Size and SHA256 of the body, the Fault that it
// met, and the Status of the answer before that fault. Golden renders it.
type Recorded = fake.Recorded

// Server is a started fake. Its methods are safe for concurrent use.
type Server struct {
	cfg    config
	fake   *fake.Server
	tokens *fake.Tokens
	poster *fake.Poster

	mu         sync.Mutex
	sessions   map[string]*session
	order      []string
	nonces     map[string]bool
	assertions map[string]bool
	applicants map[string]*applicant
	pools      map[string]*pool
	appScript  *yoti.ResponseConfig
}

// NewServer starts a server.
func NewServer(opts ...Option) *Server {
	cfg := defaults()
	for _, o := range opts {
		o(&cfg)
	}
	s := &Server{
		cfg: cfg, sessions: map[string]*session{}, nonces: map[string]bool{}, assertions: map[string]bool{},
		applicants: map[string]*applicant{}, pools: map[string]*pool{},
	}
	ids := fake.NewIDs(cfg.seed)
	s.tokens = fake.NewTokens(fake.TokenConfig{Lifetime: cfg.tokenLife, Clock: cfg.clock, IDs: ids})
	s.fake = fake.NewServer(fake.Config{
		Routes: s.routes(), Before: s.before, WriteError: writeError, Tokens: []*fake.Tokens{s.tokens}, Schemas: schemas(),
		Clock: cfg.clock, IDs: ids, InMemory: cfg.inMemory, SlowPause: cfg.slowPause, Oversize: cfg.oversize,
		Mask: fake.Mask{
			Headers: []string{digestHeader}, Query: []string{"nonce", "timestamp"},
			Fields: []string{"client_assertion", "client_session_token", "auth_token", "api_key"},
		},
	})
	client := cfg.poster
	if client == nil {
		// A receiver in the same bubble is reached only over the server's own connections.
		client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	}
	s.poster = fake.NewPoster(fake.PosterConfig{Client: client, Schedule: cfg.schedule, Clock: s.fake.Now})
	s.fake.OnClose(s.poster.Close)
	s.fake.Inject(cfg.faults...)
	return s
}

// routes are the operations by the names of testdata/operations/yoti.yaml.
func (s *Server) routes() []fake.Route {
	const session = "/sessions/{session}"
	route := func(operation, method, pattern, request, answer string, h fake.Handler) fake.Route {
		return fake.Route{Operation: operation, Method: method, Pattern: prefix + pattern, Request: request, Answer: answer, Handler: h}
	}
	reading := "/applicants"
	if s.cfg.singular {
		reading = "/applicant"
	}
	return []fake.Route{
		route("Sessions.Create", "POST", "/sessions", "createSession", "createSession", s.createSession),
		route("Sessions.Get", "GET", session, "", "", s.with(s.getSession)),
		route("Sessions.Delete", "DELETE", session, "", "", s.with(s.deleteSession)),
		route("Sessions.Configuration", "GET", session+"/configuration", "", "getSessionConfiguration", s.with(s.configuration)),
		route("Media.Get", "GET", session+"/media/{media}/content", "", "", s.with(s.getMedia)),
		route("Media.Delete", "DELETE", session+"/media/{media}/content", "", "", s.with(s.deleteMedia)),
		route("SupportedDocuments.Get", "GET", "/supported-documents", "", "getSupportedDocuments", s.supportedDocuments),
		route("Resources.CreateFaceCapture", "POST", session+"/resources/face-capture", "createFaceCapture", "createFaceCapture", s.with(s.createFaceCapture)),
		route("Resources.UploadFaceCapture", "PUT", session+"/resources/face-capture/{resource}/image", "", "", s.with(s.uploadFaceCapture)),
		route("Resources.UseApplicant", "PUT", session+"/resources/face-capture/{resource}/applicant", "useApplicantFace", "", s.with(s.useApplicant)),
		route("Instructions.Put", "PUT", session+"/instructions", "putInstructions", "", s.with(s.putInstructions)),
		route("Instructions.Get", "GET", session+"/instructions", "", "getInstructions", s.with(s.getInstructions)),
		route("Instructions.PDF", "GET", session+"/instructions/pdf", "", "", s.with(s.instructionsPDF)),
		route("Instructions.ContactProfile", "GET", session+"/instructions/contact-profile", "", "getContactProfile", s.with(s.contactProfile)),
		route("Instructions.SendEmail", "POST", session+"/instructions/email", "", "", s.with(s.sendEmail)),
		route("Instructions.PostOffices", "POST", "/lookup/uk-post-office", "lookupPostOffices", "lookupPostOffices", s.postOffices),
		route("Devices.List", "GET", session+"/tracked-devices", "", "", s.with(s.listDevices)),
		route("Devices.Delete", "DELETE", session+"/tracked-devices", "", "", s.with(s.deleteDevices)),
		route("Applicants.Create", "POST", "/applicants", "createApplicant", "createApplicant", s.createApplicant),
		route("Applicants.Get", "GET", reading+"/{applicant}", "", "createApplicant", s.getApplicant),
		route("Applicants.Delete", "DELETE", "/applicants/{applicant}", "", "", s.deleteApplicant),
		route("Applicants.AddFace", "POST", "/applicants/{applicant}/faces", "addApplicantFace", "addApplicantFace", s.addFace),
		route("Applicants.Face", "GET", reading+"/{applicant}/faces/{face}", "", "getApplicantFace", s.getFace),
		route("Applicants.DeleteFace", "DELETE", "/applicants/{applicant}/faces/{face}", "", "", s.deleteFace),
		route("Pools.Create", "POST", "/pools", "createPool", "createPool", s.createPool),
		route("Pools.Delete", "DELETE", "/pools/{pool}", "", "", s.deletePool),
		route("Pools.AddApplicant", "POST", "/pools/{pool}/applicants", "addPoolApplicant", "", s.addPoolApplicant),
		route("Pools.RemoveApplicant", "DELETE", "/pools/{pool}/applicants/{applicant}", "", "", s.removePoolApplicant),
		route("Sandbox.Configure", "PUT", session+"/response-config", "putSessionResponseConfig", "", s.with(s.configureSession)),
		route("Sandbox.ConfigureApplication", "PUT", "/apps/{sdk}/response-config", "putApplicationResponseConfig", "", s.configureApplication),
		route("Sandbox.RunAgent", "POST", "/agent", "runSandboxAgent", "", s.runAgent),
		{Operation: "Token", Method: "POST", Pattern: "/v1/oauth/token", Handler: s.token},
		route("WebClient", "GET", "/web/index.html", "", "", s.webClient),
	}
}

// Config returns what a client of this server needs. Its key is made once a process.
func (s *Server) Config() yoti.Config {
	return yoti.Config{SDKID: SDKID, PrivateKey: PrivateKeyPEM(), BaseURL: s.fake.URL() + prefix}
}

// BearerConfig is Config for a client that authenticates by tokens.
func (s *Server) BearerConfig() yoti.Config {
	cfg := s.Config()
	cfg.Bearer = &yoti.Bearer{Scopes: []string{scope}, TokenURL: s.fake.URL() + "/v1/oauth/token"}
	return cfg
}

// Options returns the options of a client of this server: its connections,
// which close with the server. A server made with [InMemory] is reached only
// with them.
func (s *Server) Options() []kyc.Option { return []kyc.Option{kyc.WithHTTPClient(s.fake.Client())} }

// HTTPClient returns a client for other requests to this server, such as a browser's.
func (s *Server) HTTPClient() *http.Client { return s.fake.Client() }

// URL is the server's root.
func (s *Server) URL() string { return s.fake.URL() }

// Close stops the server. Closing again does nothing.
func (s *Server) Close() { s.fake.Close() }

// Problems lists what clients sent that the vendor would refuse, oldest first:
// one line each, with the operation and the rule that it breaks and no value of
// the request.
func (s *Server) Problems() []string {
	var out []string
	for _, p := range s.fake.Problems() {
		out = append(out, p.String())
	}
	return out
}

// Requests lists the requests that came in, oldest first.
func (s *Server) Requests() []Recorded { return s.fake.Requests() }

// RequestsOf lists the requests for one operation, as in "Sessions.Create".
func (s *Server) RequestsOf(operation string) []Recorded { return s.fake.RequestsOf(operation) }

// Count is how many requests for an operation came in.
func (s *Server) Count(operation string) int { return s.fake.Count(operation) }

// Inject adds faults from now on; see [Fault].
func (s *Server) Inject(rules ...FaultRule) {
	for _, r := range rules {
		s.fake.Inject(fake.FaultRule(r))
	}
}

// ClearFaults removes all faults.
func (s *Server) ClearFaults() { s.fake.ClearFaults() }

// RevokeTokens makes every bearer token issued so far useless.
func (s *Server) RevokeTokens() { s.tokens.RevokeAll() }

// Sessions lists the ids of the sessions that are there, oldest first.
func (s *Server) Sessions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, id := range s.order {
		if s.sessions[id] != nil {
			out = append(out, id)
		}
	}
	return out
}

// Operation is one operation of the server.
type Operation struct{ Name, Method, Path string }

// Operations lists the server's operations with method and path below the base
// URL, for a check against a list of what the vendor documents.
func (s *Server) Operations() []Operation {
	var out []Operation
	for _, r := range s.fake.Routes() {
		out = append(out, Operation{Name: r.Operation, Method: r.Method, Path: strings.TrimPrefix(r.Pattern, prefix)})
	}
	return out
}

func (s *Server) now() time.Time { return s.fake.Now() }

// writeError writes the documented error body.
func writeError(c *fake.Call, e fake.Refusal) {
	code := e.Code
	if code == "" {
		code = codes[e.Status]
	}
	body := yoti.ErrorBody{Code: code, Message: e.Detail}
	for _, f := range e.Fields {
		body.Errors = append(body.Errors, yoti.ErrorItem{Property: f, Message: e.Detail})
	}
	reply(c, e.Status, body)
}

// codes are words for what the documents give no code for; the first three are documented.
var codes = map[int]string{
	400: "PAYLOAD_VALIDATION", 401: "BAD_TOKEN", 422: "PAYLOAD_VALIDATION", 403: "FORBIDDEN", 404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 409: "CONFLICT",
	411: "MALFORMED_REQUEST", 413: "MALFORMED_REQUEST", 415: "MALFORMED_REQUEST", 429: "TOO_MANY_REQUESTS", 500: "INTERNAL_ERROR", 503: "SERVICE_UNAVAILABLE",
}

// reply answers with JSON in the package's own encoding, which knows the members that types keep beside their fields.
func reply(c *fake.Call, status int, v any) {
	body, err := kyc.Marshal(v)
	if err != nil {
		panic("yotitest: answer of " + c.Operation + ": " + err.Error())
	}
	c.ReplyBytes(status, "application/json", body)
}

// read checks a JSON body and decodes it likewise.
func read[T any](c *fake.Call, out *T) bool {
	if !c.JSON(nil) {
		return false
	}
	if err := kyc.Unmarshal(c.Body, out); err != nil {
		c.Refuse(http.StatusBadRequest, fake.RuleJSON, "does not decode")
		return false
	}
	return true
}
