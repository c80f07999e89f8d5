package transmittest

import (
	_ "embed"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

//go:embed zz_schema.json
var schemaJSON []byte

var schemas = sync.OnceValue(func() *fake.Schemas { return fake.MustSchemas(schemaJSON) })

// ClientID and ClientSecret are the credentials that the server takes.
const (
	ClientID     = "transmittest-client"
	ClientSecret = "transmittest-secret"
)

// Recorded is a request as the server received it.
type Recorded = fake.Recorded

// FaultRule says which requests meet which fault.
type FaultRule = fake.FaultRule

// Server is a started fake. Its methods are safe for concurrent use.
type Server struct {
	fake   *fake.Server
	tokens *fake.Tokens
	events *fake.Tokens
	// What stays as it was made.
	eventsPath     string
	eventsResource *string
	errors         atomic.Uint32

	mu        sync.Mutex
	cfg       config
	sessions  map[string]*session
	starts    map[string]*session // by start token; nil once it was used
	order     []string
	faces     map[string]*faceSession // by either id
	faceOrder []*faceSession
	stream    eventStream
}

// NewServer starts a server.
func NewServer(opts ...Option) *Server {
	cfg := defaults()
	for _, o := range opts {
		o(&cfg)
	}
	s := &Server{
		cfg: cfg, sessions: make(map[string]*session), starts: make(map[string]*session), faces: make(map[string]*faceSession),
		stream: eventStream{open: make(map[string]int)}, eventsPath: cfg.eventsPath, eventsResource: cfg.eventsResource,
	}
	s.errors.Store(uint32(cfg.errors))
	ids := fake.NewIDs(cfg.seed)
	tokens := fake.TokenConfig{
		ClientID: ClientID, ClientSecret: ClientSecret, Auth: fake.FormAuth, Fields: map[string]string{"resource": transmit.Resource},
		Lifetime: cfg.tokenLife, JWT: true, Extra: map[string]any{"scope": ""}, Clock: cfg.clock, IDs: ids,
	}
	s.tokens = fake.NewTokens(tokens)
	s.events = s.tokens
	if cfg.eventsResource != nil {
		tokens.Fields = nil
		if *cfg.eventsResource != "" {
			tokens.Fields = map[string]string{"resource": *cfg.eventsResource}
		}
		s.events = fake.NewTokens(tokens)
	}
	s.fake = fake.NewServer(fake.Config{
		Routes: s.routes(), Before: before, WriteError: s.writeError, Tokens: []*fake.Tokens{s.tokens, s.events}, Schemas: schemas(),
		Clock: cfg.clock, IDs: ids, InMemory: cfg.inMemory, Oversize: cfg.oversize, SlowPause: cfg.slowPause,
		Mask: fake.Mask{Fields: []string{"client_secret"}},
	})
	s.fake.Inject(cfg.faults...)
	return s
}

func before(c *fake.Call) bool { return c.HasHeader("User-Agent") }

// routes are the operations by the names of testdata/operations/transmit.yaml.
func (s *Server) routes() []fake.Route {
	const api = "/verify/api/v1"
	verify, events := s.tokens.Require, s.events.Require
	path := s.eventsPath + "/activities"
	return []fake.Route{
		{Operation: "Token", Method: "POST", Pattern: "/oidc/token", Handler: s.token},
		{Operation: "Sessions.Create", Method: "POST", Pattern: api + "/verification", Request: "createSession", Answer: "createSession", Handler: verify(s.createSession)},
		{Operation: "Sessions.Result", Method: "GET", Pattern: api + "/verification/{sid}/result", Handler: verify(s.result)},
		{Operation: "Sessions.Delete", Method: "DELETE", Pattern: api + "/verification/{sid}", Handler: verify(s.deleteSession)},
		{Operation: "Sessions.Consent", Method: "GET", Pattern: api + "/verification/{sid}/consent", Answer: "getConsent", Handler: verify(s.consent)},
		{Operation: "Images.List", Method: "GET", Pattern: api + "/verification/{sid}/images", Answer: "getImages", Handler: verify(s.listImages)},
		{Operation: "Images.Get", Method: "GET", Pattern: api + "/verification/{sid}/images/{id}", Handler: verify(s.getImage)},
		{Operation: "Images.Add", Method: "POST", Pattern: api + "/verification/{sid}/images", Request: "addImage", Answer: "addImage", Handler: verify(s.addImage)},
		{Operation: "FaceAuth.Create", Method: "POST", Pattern: api + "/face-auth", Request: "createFaceAuthSession", Answer: "createFaceAuthSession", Handler: verify(s.createFaceAuth)},
		{Operation: "FaceAuth.Result", Method: "GET", Pattern: api + "/face-auth/{dsid}/result", Answer: "getAuthSessionResult", Handler: verify(s.faceAuthResult)},
		{Operation: "Events.Start", Method: "PUT", Pattern: path + "/start-collect", Handler: events(s.startCollect)},
		{Operation: "Events.Open", Method: "PUT", Pattern: path + "/stream", Request: "createEventsStream", Handler: events(s.openStream)},
		{Operation: "Events.Read", Method: "POST", Pattern: path + "/collect", Handler: events(s.collect)},
		{Operation: "Events.Close", Method: "DELETE", Pattern: path + "/stream", Handler: events(s.closeStream)},
		{Operation: "Events.Stop", Method: "DELETE", Pattern: path + "/stop-collect", Handler: events(s.stopCollect)},
		{Operation: "HostedPage", Method: "GET", Pattern: "/verify/app/{start_token}", Handler: s.hostedPage},
	}
}

// token sends each request to the service of its audience.
func (s *Server) token(c *fake.Call) {
	form, ok := c.Form()
	if !ok {
		return
	}
	if s.eventsResource != nil && form.Get("resource") == *s.eventsResource {
		s.events.Handle(c)
		return
	}
	s.tokens.Handle(c)
}

// Config returns what a client of this server needs.
func (s *Server) Config() transmit.Config {
	return transmit.Config{ClientID: ClientID, ClientSecret: ClientSecret, BaseURL: s.fake.URL(), EventsPath: s.eventsPath, EventsResource: s.eventsResource}
}

// Options returns the options of a client of this server: its connections,
// which close with the server. A server made with [InMemory] is reached only
// with them.
func (s *Server) Options() []kyc.Option {
	return []kyc.Option{kyc.WithHTTPClient(s.fake.Client())}
}

// HTTPClient returns the client behind Options.
func (s *Server) HTTPClient() *http.Client { return s.fake.Client() }

// Client returns a client for other requests to this server, such as a
// browser's. It does not follow redirects.
func (s *Server) Client() *http.Client {
	hc := *s.fake.Client()
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &hc
}

// URL is the server's root.
func (s *Server) URL() string { return s.fake.URL() }

// Close stops the server. Closing again does nothing.
func (s *Server) Close() { s.fake.Close() }

// Problems lists what clients sent that the vendor would refuse, oldest first,
// one line each: operation, rule and what is wrong, without values.
func (s *Server) Problems() []string {
	var out []string
	for _, p := range s.fake.Problems() {
		out = append(out, p.String())
	}
	return out
}

// Script changes what the server does from now on. Options that concern how it
// was made ([Clock], [Seed], [InMemory], [EventsPath], [EventsResource],
// [TokenLifetime]) have no effect any more.
func (s *Server) Script(opts ...Option) {
	s.mu.Lock()
	defer s.mu.Unlock()
	cfg := s.cfg
	cfg.faults = nil
	cfg.feedback = maps.Clone(cfg.feedback)
	for _, o := range opts {
		o(&cfg)
	}
	s.cfg = cfg
	s.errors.Store(uint32(cfg.errors))
	s.fake.Inject(cfg.faults...)
}

// Requests lists the requests that came in, oldest first.
func (s *Server) Requests() []Recorded { return s.fake.Requests() }

// RequestsOf lists the requests for one operation, as in "Sessions.Create".
func (s *Server) RequestsOf(operation string) []Recorded { return s.fake.RequestsOf(operation) }

// Count is how many requests for an operation came in.
func (s *Server) Count(operation string) int { return s.fake.Count(operation) }

// Connections is how many connections clients opened.
func (s *Server) Connections() int { return s.fake.Connections() }

// Inject adds faults from now on; see [Fault].
func (s *Server) Inject(rules ...FaultRule) { s.fake.Inject(rules...) }

// ClearFaults removes all faults.
func (s *Server) ClearFaults() { s.fake.ClearFaults() }

// RevokeTokens makes every access token issued so far useless.
func (s *Server) RevokeTokens() {
	s.tokens.RevokeAll()
	s.events.RevokeAll()
}

// TokenFetches is how many access tokens were handed out.
func (s *Server) TokenFetches() int {
	if s.events == s.tokens {
		return s.tokens.Fetches()
	}
	return s.tokens.Fetches() + s.events.Fetches()
}

// Operations lists the server's operations with method and path, for a check
// against a list of what the vendor documents.
func (s *Server) Operations() []Operation {
	var out []Operation
	for _, r := range s.fake.Routes() {
		out = append(out, Operation{Name: r.Operation, Method: r.Method, Path: r.Pattern})
	}
	return out
}

// Operation is one operation of the server.
type Operation struct{ Name, Method, Path string }

// Sessions lists the ids of the verification sessions, oldest first, deleted ones included.
func (s *Server) Sessions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.order...)
}

func (s *Server) now() time.Time { return s.fake.Now() }

// Fault gives the nth request, counted from 1, a fault; [FaultOn] and [FaultEvery] limit it to one operation.
func Fault(n int, f kyctest.Fault) Option {
	return func(c *config) { c.faults = append(c.faults, fake.FaultAt(n, f)) }
}

// FaultOn gives the nth request of an operation a fault.
func FaultOn(operation string, n int, f kyctest.Fault) Option {
	return func(c *config) { c.faults = append(c.faults, fake.FaultOn(operation, n, f)) }
}

// FaultEvery gives every request of an operation a fault; with "" every request.
func FaultEvery(operation string, f kyctest.Fault) Option {
	return func(c *config) { c.faults = append(c.faults, fake.FaultEvery(operation, f)) }
}
