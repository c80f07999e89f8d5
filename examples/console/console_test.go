package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// site is a console on a loopback port, and a browser with cookies.
type site struct {
	t      *testing.T
	app    *app
	base   *url.URL
	client *http.Client
	log    *lockedBuffer
	stop   context.CancelFunc
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newSite(t *testing.T, public string, env map[string]string) *site {
	t.Helper()
	all, err := vendors(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	s := &site{t: t, base: &url.URL{Scheme: "http", Host: server.Listener.Addr().String()}, log: &lockedBuffer{}}
	var outside *url.URL
	if public != "" {
		outside, _ = url.Parse(public)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s.stop = cancel
	s.app, err = newApp(ctx, s.base, outside, all, quick, slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = s.app.routes()
	server.Start()
	t.Cleanup(func() {
		cancel()
		server.Close()
		s.app.close()
	})
	s.client = s.browser()
	return s
}

// browser has cookies of its own and does not follow redirects.
func (s *site) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (s *site) do(req *http.Request) (*http.Response, string) {
	s.t.Helper()
	resp, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, string(body)
}

func (s *site) request(method, path string, body io.Reader) *http.Request {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.base.String()+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	return req
}

func (s *site) get(path string) (*http.Response, string) {
	s.t.Helper()
	return s.do(s.request(http.MethodGet, path, nil))
}

func (s *site) post(path string, form url.Values) (*http.Response, string) {
	s.t.Helper()
	req := s.request(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(req)
}

// token opens the start page and returns what its forms carry.
func (s *site) token() string {
	s.t.Helper()
	_, page := s.get("/")
	m := tokenInput.FindStringSubmatch(page)
	if m == nil {
		s.t.Fatal("the start page has no token")
	}
	return m[1]
}

// start begins a check and returns its path.
func (s *site) start(vendor, outcome string) string {
	s.t.Helper()
	resp, body := s.post("/checks", url.Values{"csrf": {s.token()}, "vendor": {vendor}, "outcome": {outcome}})
	if resp.StatusCode != http.StatusSeeOther {
		s.t.Fatalf("start %s: status %d\n%s", vendor, resp.StatusCode, body)
	}
	return resp.Header.Get("Location")
}

// follow reads the stream to its end.
func (s *site) follow(path string) string {
	s.t.Helper()
	resp, body := s.get(path + "/events")
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		s.t.Errorf("Content-Type %q", got)
	}
	if !strings.HasSuffix(body, "event: end\ndata: {}\n\n") {
		s.t.Errorf("the stream does not tell of the end:\n%s", body)
	}
	return body
}

var href = regexp.MustCompile(`href="#([^"]+)"`)

func TestEveryOutcome(t *testing.T) {
	s := newSite(t, "", nil)
	for _, v := range s.app.vendors {
		for _, o := range v.Outcomes {
			t.Run(string(v.ID)+" "+o.Word, func(t *testing.T) {
				t.Parallel()
				one := *s
				one.t, one.client = t, s.browser()
				path := one.start(string(v.ID), o.Word)
				steps := one.follow(path)
				_, page := one.get(path)
				if !strings.Contains(page, `class="verdict d-`+o.Decision.String()+`"`) {
					t.Errorf("not %s:\n%s", o.Decision, steps)
				}
				for _, link := range href.FindAllStringSubmatch(page, -1) {
					if !strings.Contains(page, `id="`+link[1]+`"`) {
						t.Errorf("#%s leads nowhere", link[1])
					}
				}
				if !strings.Contains(page, `href="#value-1"`) || !strings.Contains(page, `href="#evidence-1"`) {
					t.Error("the first evidence is not linked both ways")
				}
			})
		}
	}
}

// Only a notice can end these checks: the next read by schedule is an hour away.
func TestNoticesWake(t *testing.T) {
	s := newSite(t, "", nil)
	s.app.pace = pace{Person: time.Hour, Poll: time.Hour, Budget: time.Hour}
	for vendor, assurance := range map[string]string{"jumio": "none", "didit": "signed", "yoti": "shared secret"} {
		t.Run(vendor, func(t *testing.T) {
			one := *s
			one.t = t
			v := s.app.vendor(vendor)
			path := one.start(vendor, v.Outcomes[0].Word)
			c := s.app.find(s.cookie(), strings.TrimPrefix(path, "/checks/"))
			for c.state(time.Now()).Reads == 0 {
				_, _, changed := c.since(0)
				if c.state(time.Now()).Reads == 0 {
					<-changed
				}
			}
			b, err := s.app.backend(v, 0)
			if err != nil {
				t.Fatal(err)
			}
			if err := b.play(c.Session); err != nil {
				t.Fatal(err)
			}
			if steps := one.follow(path); !strings.Contains(steps, "Notice received, assurance "+assurance) {
				t.Errorf("no notice of that assurance:\n%s", steps)
			}
			if got := c.state(time.Now()).Result.Decision; got != kyc.Approved {
				t.Errorf("%s", got)
			}
		})
	}
}

func TestPersonalDataIsHiddenUntilAskedFor(t *testing.T) {
	s := newSite(t, "", nil)
	// What the fakes' people have in their answers.
	for vendor, personal := range map[string][]string{
		"jumio": {"ERIKSSON", "L898902C3"}, "transmit": {"Curie", "123ABC", "Snowy Ridge"}, "didit": {}, "yoti": {},
	} {
		t.Run(vendor, func(t *testing.T) {
			one := *s
			one.t = t
			v := s.app.vendor(vendor)
			path := one.start(vendor, v.Outcomes[0].Word)
			steps := one.follow(path)
			_, hidden := one.get(path)
			c := s.app.find(s.cookie(), strings.TrimPrefix(path, "/checks/"))
			if c == nil {
				t.Fatal("the check is not there")
			}
			r := c.state(time.Now()).Result
			if r.Person != nil {
				personal = append(personal, r.Person.FirstName, r.Person.LastName, string(r.Person.DateOfBirth), r.Person.PersonalNumber)
			}
			for _, d := range r.Documents {
				personal = append(personal, d.Number, string(d.ExpiresOn))
			}
			resp, _ := one.post(path+"/reveal", url.Values{"csrf": {one.token()}})
			if to := resp.Header.Get("Location"); to != path+"#person" {
				t.Errorf("reveal leads to %q", to)
			}
			_, shown := one.get(path)
			for _, word := range personal {
				if word == "" || word == time.Now().Format(time.DateOnly) {
					continue
				}
				if strings.Contains(hidden, word) || strings.Contains(steps, word) || strings.Contains(s.log.String(), word) {
					t.Errorf("%s is seen unasked", word)
				}
				if !strings.Contains(shown, word) {
					t.Errorf("%s is not shown when asked for", word)
				}
			}
			one.post(path+"/hide", url.Values{"csrf": {one.token()}})
			if _, page := one.get(path); page != hidden {
				t.Error("hiding does not bring the first page back")
			}
			for _, secret := range []kyc.Secret{c.Session.Token, c.Session.URL} {
				if secret != "" && strings.Contains(shown+steps+s.log.String(), secret.Reveal()) {
					t.Error("a secret of the session is seen")
				}
			}
		})
	}
	for _, c := range s.app.checks {
		if strings.Contains(s.log.String(), c.ID) {
			t.Error("the log names a check")
		}
	}
}

func (s *site) cookie() string {
	for _, c := range s.client.Jar.Cookies(s.base) {
		if c.Name == sessionCookie {
			return c.Value
		}
	}
	return ""
}

func TestStreamGoesOnAfterTheLastStep(t *testing.T) {
	s := newSite(t, "", nil)
	path := s.start("didit", "Approved")
	all := s.follow(path)
	req := s.request(http.MethodGet, path+"/events?after=1", nil)
	req.Header.Set("Last-Event-ID", "3") // goes before the address
	_, rest := s.do(req)
	_, want, ok := strings.Cut(all, "id: 3\n")
	if !ok {
		t.Fatalf("few steps:\n%s", all)
	}
	_, want, _ = strings.Cut(want, "\n\n")
	if rest != want {
		t.Errorf("got\n%s\nwant\n%s", rest, want)
	}
	for _, after := range []string{"-1", "x"} {
		if _, got := s.get(path + "/events?after=" + after); got != all {
			t.Errorf("after=%s gives\n%s", after, got)
		}
	}
	if _, got := s.get(path + "/events?after=99999"); !strings.HasPrefix(got, "event: end") {
		t.Errorf("after the last:\n%s", got)
	}
}

func TestStreamEndsWithTheProgram(t *testing.T) {
	s := newSite(t, "", nil)
	s.app.pace = pace{Person: time.Hour, Processing: time.Hour, Poll: time.Hour, Budget: time.Hour}
	path := s.start("transmit", "ALLOW")
	resp, err := s.client.Do(s.request(http.MethodGet, path+"/events", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	lines := bufio.NewScanner(resp.Body)
	for seen := 0; seen < 2 && lines.Scan(); {
		if lines.Text() == "event: step" {
			seen++
		}
	}
	_, page := s.get(path)
	if !strings.Contains(page, `<noscript><meta http-equiv="refresh" content="2"></noscript>`) {
		t.Error("a check that runs does not load itself again without script")
	}
	s.stop()
	for lines.Scan() {
		// The rest of the stream: it may tell of the end or just stop.
	}
	if err := lines.Err(); err != nil {
		t.Errorf("the stream breaks off: %v", err)
	}
}
