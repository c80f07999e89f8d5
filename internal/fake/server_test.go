package fake_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// thingRoutes are the operations of a small vendor with two hosts.
func thingRoutes() []fake.Route {
	return []fake.Route{
		{Operation: "Things.Create", Method: "POST", Host: "api", Pattern: "/v1/things", Handler: func(c *fake.Call) {
			var in struct {
				Name string `json:"name"`
			}
			if !c.JSON(&in) {
				return
			}
			if in.Name == "taken" {
				c.Fail(http.StatusConflict, "taken", "the name is taken")
				return
			}
			c.Reply(http.StatusCreated, map[string]string{"id": "t-1", "state": "new"})
		}},
		{Operation: "Things.Get", Method: "GET", Host: "api", Pattern: "/v1/things/{id}", Handler: func(c *fake.Call) {
			if c.NoBody() && c.QueryOnly("view") {
				c.Reply(http.StatusOK, map[string]string{"id": c.Path("id"), "state": "new"})
			}
		}},
		{Operation: "Things.Count", Method: "GET", Host: "api", Pattern: "/v1/things/count", Handler: func(c *fake.Call) {
			c.Reply(http.StatusOK, map[string]int{"count": 3})
		}},
		{Operation: "Things.Delete", Method: "DELETE", Host: "api", Pattern: "/v1/things/{id}", Handler: func(c *fake.Call) {
			c.ReplyEmpty(http.StatusNoContent)
		}},
		{Operation: "Lists.All", Method: "GET", Host: "lists", Pattern: "/all/", Handler: func(c *fake.Call) {
			c.Reply(http.StatusOK, []int{1, 2})
		}},
	}
}

func start(t *testing.T, cfg fake.Config) *fake.Server {
	t.Helper()
	if cfg.Routes == nil {
		cfg.Routes = thingRoutes()
	}
	s := fake.NewServer(cfg)
	t.Cleanup(s.Close)
	return s
}

type reply struct {
	Status int
	Body   string
	header http.Header
}

// call sends a request; a body makes it JSON.
func call(t *testing.T, s *fake.Server, method, path, body string) (reply, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return do(s, req)
}

func do(s *fake.Server, req *http.Request) (reply, error) {
	resp, err := s.Client().Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	return reply{resp.StatusCode, string(b), resp.Header}, err
}

func mustCall(t *testing.T, s *fake.Server, method, path, body string) reply {
	t.Helper()
	r, err := call(t, s, method, path, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (r reply) want(t *testing.T, status int, body string) {
	t.Helper()
	if diff := cmp.Diff([]any{status, body}, []any{r.Status, r.Body}); diff != "" {
		t.Error(diff)
	}
}

func problems(s *fake.Server) []string {
	var out []string
	for _, p := range s.Problems() {
		out = append(out, p.String())
	}
	return out
}

func TestRoutes(t *testing.T) {
	s := start(t, fake.Config{})
	mustCall(t, s, "GET", "/api/v1/things/a%2Fb", "").want(t, 200, `{"id":"a/b","state":"new"}`)
	mustCall(t, s, "GET", "/api/v1/things/count", "").want(t, 200, `{"count":3}`)
	mustCall(t, s, "DELETE", "/api/v1/things/count", "").want(t, 204, "")
	mustCall(t, s, "GET", "/lists/all/", "").want(t, 200, `[1,2]`)
	if got := problems(s); got != nil {
		t.Errorf("problems of good requests: %q", got)
	}
	if diff := cmp.Diff([]int{1, 1, 4}, []int{s.Count("Things.Get"), s.Count("Things.Count"), s.Total()}); diff != "" {
		t.Error(diff)
	}
	var lines []string
	for _, r := range s.Routes() {
		lines = append(lines, r.String())
	}
	want := []string{
		"Things.Create POST api /v1/things", "Things.Get GET api /v1/things/{id}", "Things.Count GET api /v1/things/count",
		"Things.Delete DELETE api /v1/things/{id}", "Lists.All GET lists /all/",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	if s.HostURL("api") != s.URL()+"/api" || !s.Has("GET", "/lists/all/") || s.Has("GET", "/lists/all") {
		t.Error("HostURL or Has is wrong")
	}
}

func TestUnknownRoutes(t *testing.T) {
	s := start(t, fake.Config{})
	for _, tt := range []struct {
		method, path string
		status       int
		detail       string
	}{
		{"GET", "/v1/things/7", 404, "route: this is Things.Get without the base URL of api"},
		{"GET", "/lists/all", 404, "route: this is Lists.All but for the slash at the end"},
		{"GET", "/api/v1/things/7/", 404, "route: this is Things.Get but for the slash at the end"},
		{"PATCH", "/api/v1/things/7", 405, "method: the path has DELETE, GET"},
		{"GET", "/api/v1/things//x", 404, "route: no such path"},
		{"GET", "/api/v1/things/%2e%2e", 404, "route: no such path"},
		{"DELETE", "/api/v1/things/", 404, "route: no such path"},
	} {
		before := len(s.Problems())
		if got := mustCall(t, s, tt.method, tt.path, ""); got.Status != tt.status {
			t.Errorf("%s %s: status %d, want %d", tt.method, tt.path, got.Status, tt.status)
		}
		want := []string{"unknown operation (" + tt.method + " " + tt.path + "): " + tt.detail}
		if diff := cmp.Diff(want, problems(s)[before:]); diff != "" {
			t.Error(diff)
		}
	}
	if s.Count("") != 7 {
		t.Errorf("unknown requests: %d, want 7", s.Count(""))
	}
}

func TestNoRouteHook(t *testing.T) {
	s := start(t, fake.Config{NoRoute: func(c *fake.Call, _ []string) {
		if path := c.Request.URL.EscapedPath() + "/"; c.Server.Has(c.Request.Method, path) {
			c.Header().Set("Location", path)
			c.ReplyEmpty(http.StatusMovedPermanently)
			return
		}
		c.ReplyBytes(http.StatusNotFound, "text/html", []byte("<h1>no</h1>"))
	}})
	mustCall(t, s, "GET", "/lists/all", "").want(t, 200, "[1,2]") // the client follows
	mustCall(t, s, "GET", "/lists/none", "").want(t, 404, "<h1>no</h1>")
	if got := len(s.Problems()); got != 2 {
		t.Errorf("%d problems, want 2", got)
	}
}

func TestRefuseAndFail(t *testing.T) {
	s := start(t, fake.Config{
		Before: func(c *fake.Call) bool { return c.HasHeader("User-Agent") },
		WriteError: func(c *fake.Call, e fake.Refusal) {
			c.Reply(e.Status, map[string]any{"title": e.Rule, "code": e.Code, "about": e.Fields})
		},
	})
	mustCall(t, s, "POST", "/api/v1/things", `{"name":"taken"}`).want(t, 409, `{"about":null,"code":"taken","title":""}`)
	if got := problems(s); got != nil {
		t.Errorf("an ordinary failure is no problem: %q", got)
	}
	mustCall(t, s, "GET", "/api/v1/things/7?debug=1", "").want(t, 400, `{"about":["debug"],"code":"","title":"query"}`)
	mustCall(t, s, "GET", "/api/v1/things/7?view=1&view=2", "")
	mustCall(t, s, "GET", "/api/v1/things/7", `{}`)
	req, _ := http.NewRequest(http.MethodGet, s.URL()+"/api/v1/things/7", nil)
	req.Header.Set("User-Agent", "")
	if r, err := do(s, req); err != nil || r.Status != 400 {
		t.Errorf("without User-Agent: %d, %v", r.Status, err)
	}
	want := []string{
		"Things.Get (GET /api/v1/things/7): query: unknown parameter debug",
		"Things.Get (GET /api/v1/things/7): query: repeated parameter view",
		"Things.Get (GET /api/v1/things/7): body: the operation takes no body",
		"Things.Get (GET /api/v1/things/7): header: no User-Agent",
	}
	if diff := cmp.Diff(want, problems(s)); diff != "" {
		t.Error(diff)
	}
}

func TestJSONRequests(t *testing.T) {
	const secret = "Doe-19800101"
	s := start(t, fake.Config{MaxBody: 200})
	for _, tt := range []struct {
		name, contentType, body string
		chunked                 bool
		status                  int
		rule                    string
	}{
		{"plain", "application/json", `{"name":"x"}`, false, 201, ""},
		{"charset", "application/json; charset=UTF-8", `{"name":"x"}`, false, 201, ""},
		{"other charset", "application/json; charset=latin1", `{"name":"x"}`, false, 415, fake.RuleContentType},
		{"no type", "", `{"name":"x"}`, false, 415, fake.RuleContentType},
		{"chunked", "application/json", `{"name":"x"}`, true, 411, fake.RuleContentLength},
		{"twice", "application/json", `{"name":"` + secret + `","name":"x"}`, false, 400, fake.RuleJSON},
		{"bad UTF-8", "application/json", "{\"name\":\"" + secret + "\xff\"}", false, 400, fake.RuleJSON},
		{"cut off", "application/json", `{"name":"` + secret, false, 400, fake.RuleJSON},
		{"wrong type", "application/json", `{"name":[` + "19800101" + `]}`, false, 400, fake.RuleJSON},
		{"empty", "application/json", "", false, 400, fake.RuleJSON},
		{"too large", "application/json", `{"name":"` + strings.Repeat("x", 200) + `"}`, false, 413, fake.RuleBodySize},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := len(s.Problems())
			var body io.Reader = strings.NewReader(tt.body)
			if tt.chunked {
				body = io.MultiReader(body)
			}
			req, _ := http.NewRequest(http.MethodPost, s.URL()+"/api/v1/things", body)
			req.Header.Set("Content-Type", tt.contentType)
			r, err := do(s, req)
			if err != nil || r.Status != tt.status {
				t.Fatalf("status %d, %v; want %d", r.Status, err, tt.status)
			}
			got := s.Problems()[before:]
			if tt.rule == "" {
				if len(got) != 0 {
					t.Errorf("problems %v", got)
				}
				return
			}
			if len(got) != 1 || got[0].Rule != tt.rule {
				t.Fatalf("problems %v, want one of rule %q", got, tt.rule)
			}
			if text := got[0].String() + r.Body; strings.Contains(text, secret) || strings.Contains(text, "19800101") {
				t.Errorf("a value shows in %q", text)
			}
		})
	}
}

func TestHandlerPanics(t *testing.T) {
	s := start(t, fake.Config{Routes: []fake.Route{{
		Operation: "Broken", Method: "GET", Pattern: "/", Handler: func(*fake.Call) { panic("no such outcome") },
	}}})
	if r := mustCall(t, s, "GET", "/", ""); r.Status != 500 {
		t.Errorf("status %d", r.Status)
	}
	if diff := cmp.Diff([]string{"Broken (GET /): fake: the handler panicked: no such outcome"}, problems(s)); diff != "" {
		t.Error(diff)
	}
}

func TestWrongTables(t *testing.T) {
	ok := func(*fake.Call) {}
	for name, cfg := range map[string]fake.Config{
		"no handler": {Routes: []fake.Route{{Method: "GET", Pattern: "/"}}},
		"no slash":   {Routes: []fake.Route{{Method: "GET", Pattern: "a", Handler: ok}}},
		"no schemas": {Routes: []fake.Route{{Method: "POST", Pattern: "/", Request: "create", Handler: ok}}},
		"same request": {Routes: []fake.Route{
			{Method: "GET", Pattern: "/{a}", Handler: ok}, {Method: "GET", Pattern: "/{b}", Handler: ok},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("NewServer accepts the table")
				}
			}()
			fake.NewServer(cfg).Close()
		})
	}
}

func TestConcurrentCalls(t *testing.T) {
	s := start(t, fake.Config{})
	s.Inject(fake.FaultRandom(0.3, 7, kyctest.Throttle, kyctest.Unavailable))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 25 {
				_, _ = call(t, s, "POST", "/api/v1/things", `{"name":"x"}`)
				s.Requests()
				s.Problems()
			}
		})
	}
	wg.Wait()
	if s.Total() != 200 || s.Connections() == 0 {
		t.Errorf("%d requests over %d connections", s.Total(), s.Connections())
	}
}

func TestBinaryAnswer(t *testing.T) {
	data := bytes.Repeat([]byte{0, 1, 2}, 100)
	s := start(t, fake.Config{Routes: []fake.Route{{
		Operation: "Media.Get", Method: "GET", Pattern: "/m", Handler: func(c *fake.Call) { c.ReplyBytes(200, "", data) },
	}}})
	r := mustCall(t, s, "GET", "/m", "")
	r.want(t, 200, string(data))
	if got, has := r.header["Content-Type"]; has {
		t.Errorf("content type %q", got)
	}
}
