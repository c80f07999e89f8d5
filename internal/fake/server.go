package fake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// Config describes a vendor's fake. Only Routes is needed.
type Config struct {
	Routes []Route
	// Before runs in front of every handler (User-Agent, API key, signature ...); false means that it has answered.
	Before func(c *Call) bool
	// WriteError writes the vendor's error body. It serves Call.Refuse, Call.Fail, unknown routes and injected faults.
	// The default writes {"error": detail}.
	WriteError func(c *Call, e Refusal)
	// NoRoute answers a request that no route fits, after the Problem is recorded; allowed are the methods that the
	// path has. The default is WriteError with 404 or 405.
	NoRoute func(c *Call, allowed []string)
	// Stale makes the token of a request useless, for the fault StaleToken. The default revokes it in Tokens.
	Stale func(c *Call)
	// Tokens are the token services that the default of Stale knows.
	Tokens []*Tokens
	// Schemas check JSON bodies; see Route.Request and Route.Answer.
	Schemas *Schemas
	// Clock is the server's time; nil: time.Now.
	Clock func() time.Time
	// IDs are the server's identifiers; nil: random ones.
	IDs *IDs
	// Mask names what golden requests hide besides credentials.
	Mask Mask
	// MaxBody is the largest request body that is read; 0: 64 MiB.
	MaxBody int64
	// Keep is how many requests the recorder keeps, the newest ones; 0: 4096.
	Keep int
	// SlowPause is the pause between two of the sixteen pieces of SlowBody; 0: 50 ms.
	SlowPause time.Duration
	// Oversize is how many blanks OversizedBody sends; 0: 40 MiB.
	Oversize int64
	// InMemory serves over pipes in place of a socket: only Client reaches the server, and both can live inside a
	// testing/synctest bubble. A reset connection then reads as a closed one.
	InMemory bool
}

// Server is a started fake. Its methods are safe for concurrent use.
type Server struct {
	cfg    Config
	router *router
	http   *httptest.Server
	client *http.Client
	faults faults

	done    chan struct{}
	closing sync.Once
	active  sync.WaitGroup

	mu          sync.Mutex
	problems    []Problem
	recorded    []*Recorded
	counts      map[string]int
	total       int
	connections int
	onClose     []func()
}

// NewServer starts a server. It panics when the table of routes is wrong.
func NewServer(cfg Config) *Server {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.IDs == nil {
		cfg.IDs = NewIDs(0)
	}
	if cfg.WriteError == nil {
		cfg.WriteError = writePlainError
	}
	cfg.MaxBody = orDefault(cfg.MaxBody, 64<<20)
	cfg.Keep = orDefault(cfg.Keep, 4096)
	cfg.SlowPause = orDefault(cfg.SlowPause, 50*time.Millisecond)
	cfg.Oversize = orDefault(cfg.Oversize, 40<<20)
	s := &Server{cfg: cfg, router: newRouter(cfg.Routes), done: make(chan struct{}), counts: map[string]int{}}
	s.checkSchemas()
	handler := &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		ReadHeaderTimeout: time.Minute,
		// what goes wrong here is in Problems, not on somebody's terminal
		ErrorLog: log.New(io.Discard, "", 0),
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				s.mu.Lock()
				s.connections++
				s.mu.Unlock()
			}
		},
	}
	transport := &http.Transport{}
	if cfg.InMemory {
		l := newPipeListener()
		transport.DialContext = l.dial
		s.http = &httptest.Server{Listener: l, Config: handler}
	} else {
		s.http = httptest.NewUnstartedServer(nil)
		s.http.Config = handler
	}
	s.client = &http.Client{Transport: transport}
	s.http.Start()
	return s
}

// checkSchemas panics when a route names a schema that the file does not have.
func (s *Server) checkSchemas() {
	for _, r := range s.router.routes {
		if !s.cfg.Schemas.has(r.Request, r.Answer) {
			panic("fake: route " + r.String() + " names a schema that is not there")
		}
	}
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

func writePlainError(c *Call, e Refusal) { c.Reply(e.Status, map[string]string{"error": e.Detail}) }

// URL is the server's root, without a slash at the end.
func (s *Server) URL() string { return s.http.URL }

// HostURL is the base URL of one logical host.
func (s *Server) HostURL(host string) string { return s.http.URL + mount(host) }

// Client returns a client of its own connections for this server: no proxy, closed with the server.
func (s *Server) Client() *http.Client { return s.client }

// Now is the server's time.
func (s *Server) Now() time.Time { return s.cfg.Clock() }

// IDs is the server's source of identifiers.
func (s *Server) IDs() *IDs { return s.cfg.IDs }

// Done is closed when the server closes; a handler that waits must watch it.
func (s *Server) Done() <-chan struct{} { return s.done }

// OnClose adds something to stop when the server closes, such as a Poster.
func (s *Server) OnClose(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onClose = append(s.onClose, f)
}

// Close ends every request, hanging ones too, stops the server and returns when its goroutines have ended. It must not
// be called from a handler. Closing again does nothing.
func (s *Server) Close() {
	s.closing.Do(func() {
		close(s.done)
		s.mu.Lock()
		hooks := s.onClose
		s.mu.Unlock()
		for _, f := range hooks {
			f()
		}
		s.client.CloseIdleConnections()
		// a client that does not read what it is sent must not keep the server from closing
		_ = s.http.Config.Close()
		s.http.Close()
		s.active.Wait()
	})
}

// Routes lists the operations that the server knows, as declared.
func (s *Server) Routes() []Route {
	routes := make([]Route, len(s.router.routes))
	for i, r := range s.router.routes {
		routes[i] = *r
	}
	return routes
}

// Has tells whether a route fits the method and the escaped path.
func (s *Server) Has(method, escapedPath string) bool {
	r, _, _ := s.router.match(method, escapedPath)
	return r != nil
}

// Problems lists what clients sent that the vendor would refuse, oldest first.
func (s *Server) Problems() []Problem {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Problem(nil), s.problems...)
}

// AddProblem records a problem that is found outside a request.
func (s *Server) AddProblem(p Problem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = append(s.problems, p)
}

// Count is how many requests for an operation came in, those with a fault included; with "" how many no route fitted.
func (s *Server) Count(operation string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[operation]
}

// Total is how many requests came in.
func (s *Server) Total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total
}

// Connections is how many connections clients opened.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections
}

// Inject adds fault rules; see FaultAt, FaultOn, FaultEvery and FaultRandom. Their counts start now.
func (s *Server) Inject(rules ...FaultRule) { s.faults.add(rules) }

// ClearFaults removes all fault rules.
func (s *Server) ClearFaults() { s.faults.clear() }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.active.Add(1)
	defer s.active.Done()
	route, values, allowed := s.router.match(r.Method, r.URL.EscapedPath())
	c := &Call{Request: r, Server: s, answer: newAnswer()}
	if route != nil {
		c.Route, c.Operation = *route, route.Operation
		for name, v := range values {
			r.SetPathValue(name, v)
		}
	}
	s.mu.Lock()
	s.counts[c.Operation]++
	s.total++
	s.mu.Unlock()
	fault := s.faults.next(c.Operation)
	if fault == kyctest.Reset {
		s.record(c, fault)
		reset(w)
	}
	if !s.read(c) {
		s.record(c, fault)
		c.answer.send(w)
		return
	}
	rec := s.record(c, fault)
	if !s.before(c, fault) {
		s.dispatch(c, route, allowed)
	}
	s.mu.Lock()
	rec.Status = c.answer.status
	s.mu.Unlock()
	s.finish(c, w, fault)
}

// read takes the body in. A false means that the answer is ready.
func (s *Server) read(c *Call) bool {
	body, err := io.ReadAll(io.LimitReader(c.Request.Body, s.cfg.MaxBody+1))
	if err != nil {
		// the client left in the middle of its own request
		panic(http.ErrAbortHandler)
	}
	if int64(len(body)) > s.cfg.MaxBody {
		c.answer.header.Set("Connection", "close")
		c.Refuse(http.StatusRequestEntityTooLarge, RuleBodySize, fmt.Sprintf("more than %d bytes", s.cfg.MaxBody))
		return false
	}
	c.Body = body
	return true
}

func (s *Server) dispatch(c *Call, route *Route, allowed []string) {
	defer func() {
		if v := recover(); v != nil {
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			c.problem(RuleFake, fmt.Sprintf("the handler panicked: %v", v))
			c.answer.reset()
			c.Reply(http.StatusInternalServerError, map[string]string{"error": "the fake panicked"})
		}
	}()
	if route == nil {
		status, rule := http.StatusNotFound, RuleRoute
		if len(allowed) > 0 {
			status, rule = http.StatusMethodNotAllowed, RuleMethod
			allowHeader(c.answer.header, allowed)
		}
		detail := s.router.explain(c.Request.Method, c.Request.URL.EscapedPath(), allowed)
		c.problem(rule, detail)
		if s.cfg.NoRoute != nil {
			s.cfg.NoRoute(c, allowed)
			return
		}
		s.cfg.WriteError(c, Refusal{Status: status, Rule: rule, Detail: detail})
		return
	}
	if s.cfg.Before != nil && !s.cfg.Before(c) {
		return
	}
	route.Handler(c)
	s.checkAnswer(c)
}

// checkAnswer holds the fake's own answer against the vendor's schema.
func (s *Server) checkAnswer(c *Call) {
	if c.Route.Answer == "" || s.cfg.Schemas == nil || c.answer.status/100 != 2 || !json.Valid(c.answer.body) {
		return
	}
	if err := s.cfg.Schemas.CheckResponse(c.Route.Answer, c.answer.body); err != nil {
		c.problem(RuleFake, "answer: "+err.Error())
	}
}
