package jumiotest

import (
	_ "embed" // the request schemas
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

//go:embed zz_schema.json
var schemaFile []byte

var schemas = sync.OnceValue(func() *fake.Schemas { return fake.MustSchemas(schemaFile) })

const (
	clientID     = "jumiotest-client"
	clientSecret = "jumiotest-secret"
)

// Rules that this fake checks besides those for all vendors.
const (
	ruleUserAgent = "user agent"
	ruleOrder     = "order of calls"
	ruleChannel   = "channel"
	ruleWorkflow  = "workflow"
	ruleConsent   = "consent"
)

// Server is a started fake Jumio. Its methods are safe for concurrent use.
type Server struct {
	srv    *fake.Server
	oauth  *fake.Tokens
	poster *fake.Poster
	cfg    config

	mu         sync.Mutex
	script     script
	accounts   map[string]*account
	executions map[string]*execution
	byToken    map[string]*execution
	timers     []*time.Timer
}

// NewServer starts a fake on a loopback port. By default everything passes.
func NewServer(opts ...Option) *Server {
	s := &Server{
		accounts: make(map[string]*account), executions: make(map[string]*execution), byToken: make(map[string]*execution),
		cfg: config{schedule: []time.Duration{50 * time.Millisecond, 200 * time.Millisecond}},
	}
	Outcome(jumio.DecisionPassed)(&s.cfg)
	for _, o := range opts {
		o(&s.cfg)
	}
	s.script = s.cfg.script
	ids := fake.NewIDs(s.cfg.seed)
	s.oauth = fake.NewTokens(fake.TokenConfig{
		ClientID: clientID, ClientSecret: clientSecret, Auth: fake.BasicAuth, Lifetime: s.cfg.tokenLife, Reuse: s.cfg.tokenReuse, JWT: true,
		Clock: s.cfg.clock, IDs: ids,
	})
	s.srv = fake.NewServer(fake.Config{
		Routes: s.routes(), Before: before, WriteError: writeError, Tokens: []*fake.Tokens{s.oauth}, Schemas: schemas(),
		Clock: s.cfg.clock, IDs: ids, InMemory: s.cfg.inMemory,
	})
	s.poster = fake.NewPoster(fake.PosterConfig{
		// The vendor's pages name 200; other successes are not known to count.
		Accept: func(status int) bool { return status == http.StatusOK }, Schedule: s.cfg.schedule, Clock: s.cfg.clock,
	})
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
	s.poster.Close()
}

// Close stops the server. Closing again does nothing.
func (s *Server) Close() { s.srv.Close() }

// Config returns what [jumio.NewClient] needs to talk to this server. With
// [InMemory] the client also needs the option kyc.WithHTTPClient(s.HTTPClient()).
func (s *Server) Config() jumio.Config {
	return jumio.Config{
		ClientID: clientID, ClientSecret: clientSecret, Workflow: jumio.WorkflowIDAndIdentity,
		Endpoints: jumio.Endpoints{
			Auth: s.srv.HostURL("auth"), Account: s.srv.HostURL("account"), API: s.srv.HostURL("api"),
			Retrieval: s.srv.HostURL("retrieval"), Status: s.srv.HostURL("status"),
		},
	}
}

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

// Count is how many requests came in for an operation, as in "Accounts.Create";
// with "" those that no route fitted.
func (s *Server) Count(operation string) int { return s.srv.Count(operation) }

// Golden renders the requests for an operation as they came in, secrets masked.
func (s *Server) Golden(operation string) []string {
	var out []string
	for _, r := range s.srv.RequestsOf(operation) {
		out = append(out, r.Golden())
	}
	return out
}

// Routes lists the operations that the server knows, as in
// "Accounts.Create POST account /api/v1/accounts".
func (s *Server) Routes() []string {
	var out []string
	for _, r := range s.srv.Routes() {
		out = append(out, r.String())
	}
	return out
}

// Script changes the outcome of executions that start from now on, and adds faults.
func (s *Server) Script(opts ...Option) {
	s.mu.Lock()
	s.cfg.script, s.cfg.faults = s.script, nil
	for _, o := range opts {
		o(&s.cfg)
	}
	s.script = s.cfg.script
	faults := s.cfg.faults
	s.mu.Unlock()
	s.srv.Inject(faults...)
}

// ClearFaults removes all faults.
func (s *Server) ClearFaults() { s.srv.ClearFaults() }

// WaitCallbacks returns when no notice is under way.
func (s *Server) WaitCallbacks() { s.poster.Wait() }

// Callbacks returns how many notices were accepted with 200, and how many were given up.
func (s *Server) Callbacks() (accepted, failed int) {
	for _, d := range s.poster.Deliveries() {
		switch {
		case d.Delivered:
			accepted++
		case d.Done:
			failed++
		}
	}
	return accepted, failed
}

func (s *Server) routes() []fake.Route {
	const (
		accountPath   = "/api/v1/accounts/{account}"
		executionPath = accountPath + "/workflow-executions/{execution}"
		partPath      = executionPath + "/credentials/{credential}/parts/{part}"
		storedPath    = accountPath + "/credentials/{credential}/parts/{part}"
	)
	return []fake.Route{
		{Operation: "Token.Create", Method: http.MethodPost, Host: "auth", Pattern: "/oauth2/token", Handler: s.oauth.Handle},
		{
			Operation: "Accounts.Create", Method: http.MethodPost, Host: "account", Pattern: "/api/v1/accounts",
			Request: "createAccount", Answer: "createAccount", Handler: s.oauth.Require(s.create),
		},
		{
			Operation: "Accounts.Update", Method: http.MethodPut, Host: "account", Pattern: accountPath,
			Request: "updateAccount", Answer: "createAccount", Handler: s.oauth.Require(s.update),
		},
		{Operation: "Accounts.Delete", Method: http.MethodDelete, Host: "retrieval", Pattern: accountPath, Handler: s.oauth.Require(s.deleteAccount)},
		{Operation: "Credentials.Upload", Method: http.MethodPost, Host: "api", Pattern: partPath, Answer: "uploadPart", Handler: s.upload},
		{Operation: "Credentials.UploadPage", Method: http.MethodPost, Host: "api", Pattern: partPath + "/{page}", Answer: "uploadPart", Handler: s.upload},
		{Operation: "Credentials.Replace", Method: http.MethodPut, Host: "api", Pattern: partPath, Answer: "uploadPart", Handler: s.upload},
		{
			Operation: "Credentials.UploadPreparedData", Method: http.MethodPost, Host: "api",
			Pattern: executionPath + "/credentials/{credential}/parts/PREPARED_DATA", Request: "uploadPreparedData", Answer: "uploadPart", Handler: s.prepared,
		},
		{Operation: "Credentials.Download", Method: http.MethodGet, Host: "retrieval", Pattern: storedPath, Handler: s.oauth.Require(s.download)},
		{Operation: "Workflows.Finalize", Method: http.MethodPut, Host: "api", Pattern: executionPath, Answer: "finalizeWorkflow", Handler: s.finalize},
		{
			Operation: "Workflows.Status", Method: http.MethodGet, Host: "retrieval", Pattern: executionPath + "/status", Answer: "getWorkflowStatus",
			Handler: s.oauth.Require(s.status),
		},
		{
			Operation: "Workflows.Details", Method: http.MethodGet, Host: "retrieval", Pattern: executionPath,
			Handler: s.oauth.Require(s.details),
		},
		{
			Operation: "Workflows.Steps", Method: http.MethodGet, Host: "retrieval", Pattern: executionPath + "/steps", Answer: "getWorkflowSteps",
			Handler: s.oauth.Require(s.steps),
		},
		{Operation: "Workflows.Rules", Method: http.MethodGet, Host: "retrieval", Pattern: executionPath + "/rules", Handler: s.oauth.Require(s.rules)},
		{
			Operation: "Workflows.Report", Method: http.MethodGet, Host: "retrieval", Pattern: executionPath + "/generate", Answer: "generateReport",
			Handler: s.oauth.Require(s.report),
		},
		{Operation: "Workflows.Delete", Method: http.MethodDelete, Host: "retrieval", Pattern: executionPath, Handler: s.oauth.Require(s.deleteExecution)},
		{Operation: "Health.Get", Method: http.MethodGet, Host: "status", Pattern: "/", Answer: "getHealth", Handler: health},
		{Operation: "Web.Client", Method: http.MethodGet, Host: "web", Pattern: "/web/v4/app", Handler: s.webClient},
	}
}

// before checks what the vendor wants of every request: a User-Agent that names the caller.
func before(c *fake.Call) bool {
	if c.Operation == "Web.Client" {
		return true
	}
	agent := c.Request.Header.Get("User-Agent")
	if agent == "" || strings.HasPrefix(agent, "Go-http-client/") {
		c.Refuse(http.StatusForbidden, ruleUserAgent, "the User-Agent names no caller")
		return false
	}
	// Paths, not queries, say everything; the web client alone has a query.
	return c.QueryOnly()
}

// writeError writes the platform's error body.
func writeError(c *fake.Call, e fake.Refusal) {
	if c.Operation == "Token.Create" && e.Code != "" {
		c.Reply(e.Status, map[string]string{"error": e.Code, "error_description": e.Detail})
		return
	}
	status := int64(e.Status)
	c.Reply(e.Status, jumio.ErrorBody{Title: http.StatusText(e.Status), Status: &status, Detail: e.Detail})
}

func health(c *fake.Call) {
	if c.NoBody() {
		c.Reply(http.StatusOK, jumio.Health{Status: jumio.HealthUp})
	}
}

// reply encodes an answer with its kept members; plain encoding/json does not know them.
func reply(c *fake.Call, v any) {
	body, err := kyc.Marshal(v)
	if err != nil {
		panic("jumiotest: " + err.Error())
	}
	c.Reply(http.StatusOK, json.RawMessage(body))
}
