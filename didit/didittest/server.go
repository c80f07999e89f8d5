package didittest

import (
	_ "embed" // the request schemas
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

//go:embed zz_schema.json
var schemaFile []byte

// schemas are compiled once for all servers of a program.
var schemas = sync.OnceValue(func() *fake.Schemas { return fake.MustSchemas(schemaFile) })

const (
	// Workflow is the workflow of the fake's application that verifies persons.
	Workflow = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
	// BusinessWorkflow is the one that verifies companies.
	BusinessWorkflow = "bbbbbbbb-cccc-dddd-eeee-ffffffffffff"

	apiKey        = "didittest-api-key"
	webhookSecret = "didittest-webhook-secret-0123456789abcdefghi"
	// Application is the id of the fake's application.
	Application = "cccccccc-dddd-eeee-ffff-000000000000"
	// PartnerApplication is the id of another one, to share sessions with.
	PartnerApplication = "dddddddd-eeee-ffff-0000-111111111111"
)

// Rules that this fake checks besides those for all vendors.
const (
	ruleUserAgent = "user agent"
	ruleID        = "id"
	ruleMediaKey  = "API key sent with a media link"
)

// Server is a started fake Didit. Its methods are safe for concurrent use.
type Server struct {
	srv    *fake.Server
	cfg    config
	poster *poster
	limits limits

	mu       sync.Mutex
	script   script
	answers  []*scripted
	sessions map[string]*session
	order    []*session
	shared   map[string]*share
	jobs     map[string]*job
	codes    map[string]*sent
	records  records
	timers   []*time.Timer
	numbers  map[didit.SessionKind]int64
}

// NewServer starts a fake on a loopback port. By default everybody is approved.
func NewServer(opts ...Option) *Server {
	s := &Server{
		sessions: make(map[string]*session), shared: make(map[string]*share), jobs: make(map[string]*job), codes: make(map[string]*sent), numbers: make(map[didit.SessionKind]int64),
		cfg: config{script: script{status: didit.StatusApproved}, signatures: didit.SignatureV2 | didit.SignatureRaw | didit.SignatureSimple},
	}
	for _, o := range opts {
		o(&s.cfg)
	}
	if s.cfg.clock == nil {
		s.cfg.clock = time.Now
	}
	s.script = s.cfg.script
	s.addAnswers(s.cfg.answers)
	s.srv = fake.NewServer(fake.Config{
		Routes: append(s.routes(), s.moreRoutes()...), Before: s.before, WriteError: writeError, NoRoute: s.noRoute, Schemas: schemas(),
		Clock: s.cfg.clock, IDs: fake.NewIDs(s.cfg.seed), InMemory: s.cfg.inMemory, Mask: fake.Mask{Headers: []string{"Session-Token"}, Fields: []string{"share_token", "code", "image", "front_image_password", "back_image_password", "document_password"}},
	})
	s.poster = newPoster(s)
	s.srv.OnClose(s.stop)
	s.srv.Inject(s.cfg.faults...)
	return s
}

func (s *Server) stop() {
	s.mu.Lock()
	for _, t := range s.timers {
		t.Stop()
	}
	s.timers = nil
	s.mu.Unlock()
	s.poster.close()
}

// Close stops the server. Closing again does nothing.
func (s *Server) Close() { s.srv.Close() }

// Config returns what [didit.NewClient] needs to talk to this server. With
// [InMemory] the client also needs the option kyc.WithHTTPClient(s.HTTPClient()).
func (s *Server) Config() didit.Config {
	return didit.Config{APIKey: apiKey, Workflow: Workflow, BaseURL: s.srv.URL(), Sandbox: s.cfg.sandbox}
}

// WebhookSecret signs the server's notices.
func (s *Server) WebhookSecret() kyc.Secret { return webhookSecret }

// HTTPClient returns a client of its own connections for this server.
func (s *Server) HTTPClient() *http.Client { return s.srv.Client() }

// URL is the server's root.
func (s *Server) URL() string { return s.srv.URL() }

// Problems lists what clients sent that the real service would refuse. The
// texts hold no value of a request.
func (s *Server) Problems() []string {
	var out []string
	for _, p := range s.srv.Problems() {
		out = append(out, p.String())
	}
	return out
}

// Count is how many requests came in for an operation, as in "Sessions.Create";
// with "" those that no route fitted.
func (s *Server) Count(operation string) int { return s.srv.Count(operation) }

// Total is how many requests came in.
func (s *Server) Total() int { return s.srv.Total() }

// Created is how many sessions were made, those included whose create was not answered.
func (s *Server) Created() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.order)
}

// Golden renders the requests for an operation as they came in, secrets masked.
func (s *Server) Golden(operation string) []string {
	var out []string
	for _, r := range s.srv.RequestsOf(operation) {
		out = append(out, r.Golden())
	}
	return out
}

// Routes lists the operations that the server knows, as in
// "Sessions.Create POST /v3/session/".
func (s *Server) Routes() []string {
	var out []string
	for _, r := range s.srv.Routes() {
		out = append(out, r.String())
	}
	return out
}

// Script changes what becomes of sessions that are created from now on, and
// adds answers and faults.
func (s *Server) Script(opts ...Option) {
	s.mu.Lock()
	s.cfg.script, s.cfg.faults, s.cfg.answers = s.script, nil, nil
	for _, o := range opts {
		o(&s.cfg)
	}
	s.script = s.cfg.script
	s.addAnswers(s.cfg.answers)
	faults := s.cfg.faults
	s.mu.Unlock()
	s.srv.Inject(faults...)
}

func (s *Server) addAnswers(answers []scripted) {
	for _, a := range answers {
		s.answers = append(s.answers, &a)
	}
}

// ClearFaults removes all faults.
func (s *Server) ClearFaults() { s.srv.ClearFaults() }

// before checks what every call must have. The owner of a session is looked up before the key is: an unknown id is 404
// even without one.
func (s *Server) before(c *fake.Call) bool {
	if strings.HasPrefix(c.Route.Pattern, "/session/") {
		return !s.answered(c)
	}
	if strings.HasPrefix(c.Route.Pattern, "/media/") {
		if c.Request.Header.Get("X-Api-Key") != "" || c.Request.Header.Get("Authorization") != "" {
			c.Refuse(http.StatusBadRequest, ruleMediaKey, "the key belongs to the API only")
			return false
		}
		return !s.answered(c)
	}
	if !strings.Contains(c.Request.UserAgent(), "kyc-go/") {
		c.Refuse(http.StatusForbidden, ruleUserAgent, "want the SDK's own")
		return false
	}
	for _, name := range uuidNames {
		if strings.Contains(c.Route.Pattern, "{"+name+"}") && !canonical(c.Path(name)) {
			c.Refuse(http.StatusNotFound, ruleID, "the "+name+" id is no canonical UUID")
			notFoundPage(c)
			return false
		}
	}
	if id := c.Path("session"); id != "" && c.Operation != "Sessions.Reviews" && !s.exists(id) {
		c.Fail(http.StatusNotFound, "", "Not found.")
		return false
	}
	if c.Operation != "Sessions.ArmSandbox" && c.Operation != "Health.Get" && c.Request.Header.Get("X-Api-Key") != apiKey {
		status := http.StatusForbidden
		if s.cfg.status401 || answers401(c.Operation) {
			status = http.StatusUnauthorized
		}
		c.Refuse(status, fake.RuleAuth, "Authentication credentials were not provided or are invalid.")
		return false
	}
	if id := c.Path("session"); id != "" && !s.exists(id) {
		c.Fail(http.StatusNotFound, "", "Not found.")
		return false
	}
	if !s.limits.allow(c, s.cfg.enforce) {
		return false
	}
	return !s.answered(c)
}

// answered gives a scripted answer.
func (s *Server) answered(c *fake.Call) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.answers {
		if a.operation == c.Operation && a.left > 0 {
			a.left--
			c.ReplyBytes(a.status, a.contentType, []byte(a.body))
			return true
		}
	}
	return false
}

// writeError gives the vendor's usual form. Details of refusals are the fake's own words.
func writeError(c *fake.Call, e fake.Refusal) {
	detail := e.Detail
	if e.Rule == fake.RuleFault {
		switch e.Status {
		case http.StatusTooManyRequests:
			detail = "Request was throttled."
		case http.StatusUnauthorized:
			detail = "Authentication credentials were not provided or are invalid."
		default:
			detail = "A server error occurred."
		}
	}
	if len(e.Fields) == 1 && e.Code == "field" {
		c.Reply(e.Status, map[string][]string{e.Fields[0]: {detail}})
		return
	}
	c.Reply(e.Status, map[string]string{"detail": detail})
}

// noRoute does what the vendor's router does: a read without its slash is sent to the right place, all else is a page.
func (s *Server) noRoute(c *fake.Call, _ []string) {
	path := c.Request.URL.EscapedPath()
	if c.Request.Method == http.MethodGet && s.srv.Has(http.MethodGet, path+"/") {
		target := path + "/"
		if q := c.Request.URL.RawQuery; q != "" {
			target += "?" + q
		}
		c.Header().Set("Location", target)
		c.ReplyEmpty(http.StatusMovedPermanently)
		return
	}
	notFoundPage(c)
}

func notFoundPage(c *fake.Call) {
	c.ReplyBytes(http.StatusNotFound, "text/html; charset=utf-8", []byte("<!doctype html>\n<html lang=\"en\"><head><title>Not Found</title></head><body><h1>Not Found</h1></body></html>\n"))
}

func canonical(s string) bool {
	if len(s) != 36 || strings.ToLower(s) != s {
		return false
	}
	for i, c := range s {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (c == '-') || !dash && !strings.ContainsRune("0123456789abcdef", c) {
			return false
		}
	}
	return true
}

// limits counts a sliding minute for each scope.
type limits struct {
	mu    sync.Mutex
	calls map[string][]time.Time
}

func scopes(c *fake.Call) map[string]int {
	switch c.Operation {
	case "Health.Get":
		return nil
	case "Sessions.Create":
		return map[string]int{"create": 600}
	case "Sessions.PDF":
		return map[string]int{"read": 600, "pdf": 50}
	case "Sessions.UpdateIDData":
		return map[string]int{"write": 300, "data": 10}
	case "Sessions.UpdatePOAData":
		return map[string]int{"write": 300, "poa": 10}
	}
	if c.Request.Method == http.MethodGet {
		return map[string]int{"read": 600}
	}
	return map[string]int{"write": 300}
}

func (l *limits) allow(c *fake.Call, enforce bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.calls == nil {
		l.calls = make(map[string][]time.Time)
	}
	now, h := c.Now(), c.Header()
	for scope, limit := range scopes(c) {
		calls := l.calls[scope]
		for len(calls) > 0 && now.Sub(calls[0]) >= time.Minute {
			calls = calls[1:]
		}
		reset := now.Add(time.Minute)
		if len(calls) > 0 {
			reset = calls[0].Add(time.Minute)
		}
		h.Set("X-RateLimit-Limit", strconv.Itoa(limit))
		h.Set("X-RateLimit-Remaining", strconv.Itoa(max(0, limit-len(calls)-1)))
		h.Set("X-RateLimit-Reset", strconv.FormatInt(reset.Unix(), 10))
		if enforce && len(calls) >= limit {
			h.Set("Retry-After", strconv.Itoa(int(reset.Sub(now)/time.Second)+1))
			c.Refuse(http.StatusTooManyRequests, "budget", scope+" rate limit exceeded. You can make up to "+strconv.Itoa(limit)+" requests per minute.")
			return false
		}
		l.calls[scope] = append(calls, now)
	}
	return true
}
