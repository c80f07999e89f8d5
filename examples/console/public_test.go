package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// What a tunnel leads to serves notices of real services, whatever name it is reached by, and nothing else.
func TestPublicListener(t *testing.T) {
	env := map[string]string{"DIDIT_API_KEY": "hush-3", "DIDIT_WEBHOOK_SECRET": "hush-4"}
	s := newSite(t, "https://tunnel.example", env)
	s.follow(s.start("yoti", s.app.vendor("yoti").Outcomes[0].Word))
	outside := s.app.publicRoutes()
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{http.MethodPost, "/notices/didit/live", http.StatusUnauthorized}, // forged
		{http.MethodGet, "/notices/didit/live", http.StatusMethodNotAllowed},
		{http.MethodPost, "/notices/yoti/live", http.StatusNotFound},
		{http.MethodPost, "/notices/yoti/0", http.StatusNotFound},
		{http.MethodPost, "/notices/none/live", http.StatusNotFound},
		{http.MethodPost, "/checks", http.StatusNotFound},
		{http.MethodGet, "/", http.StatusNotFound},
		{http.MethodGet, "/mappings", http.StatusNotFound},
		{http.MethodGet, "/assets/console.js", http.StatusNotFound},
	} {
		for _, host := range []string{"tunnel.example", s.base.Host, "localhost"} {
			r := httptest.NewRequest(c.method, "http://"+host+c.path, strings.NewReader("{}"))
			r.Header.Set("Cookie", sessionCookie+"="+s.cookie())
			w := httptest.NewRecorder()
			outside.ServeHTTP(w, r)
			if w.Code != c.want || len(w.Result().Cookies()) > 0 {
				t.Errorf("%s %s at %s: status %d, want %d", c.method, c.path, host, w.Code, c.want)
			}
		}
	}
}

func TestPublicFlag(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, stdout := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		args := []string{"-addr", "127.0.0.1:0", "-notices", "127.0.0.1:0", "-public", "https://tunnel.example"}
		ended <- run(ctx, args, func(string) string { return "" }, stdout, io.Discard)
		_ = stdout.Close()
	}()
	lines := bufio.NewScanner(out)
	var pages, notices string
	for range 2 {
		if !lines.Scan() {
			t.Fatal("no output")
		}
		if _, err := fmt.Sscanf(lines.Text(), "console on %s", &pages); err == nil {
			continue
		}
		var tunnel string
		if _, err := fmt.Sscanf(lines.Text(), "notices on %s for a tunnel from %s", &notices, &tunnel); err != nil || tunnel != "https://tunnel.example" {
			t.Errorf("%q: %v", lines.Text(), err)
		}
		notices = strings.TrimSuffix(notices, ",")
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	for address, want := range map[string]int{pages + "/": http.StatusOK, notices + "/": http.StatusNotFound} {
		resp, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: status %d, want %d", address, resp.StatusCode, want)
		}
	}
	cancel()
	if status := <-ended; status != 0 {
		t.Errorf("status %d", status)
	}
	var stderr bytes.Buffer
	args := []string{"-addr", "127.0.0.1:0", "-notices", "nonsense", "-public", "https://tunnel.example"}
	if status := run(t.Context(), args, func(string) string { return "" }, io.Discard, &stderr); status != exitFailure || !strings.Contains(stderr.String(), "-notices: ") {
		t.Errorf("status %d: %s", status, stderr.String())
	}
}

func TestTheServersWaitForNobody(t *testing.T) {
	a := newSite(t, "", nil).app
	if s := pageServer(a); s.ReadHeaderTimeout <= 0 || s.IdleTimeout <= 0 {
		t.Errorf("pages: %v, %v", s.ReadHeaderTimeout, s.IdleTimeout)
	}
	if s := noticeServer(a); s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.IdleTimeout <= 0 {
		t.Errorf("notices: %v, %v, %v", s.ReadHeaderTimeout, s.ReadTimeout, s.IdleTimeout)
	}
}

// failing is a real service whose starts fail, each in its own way, and then succeed.
type failing struct {
	kyc.Provider
	faults []error
	starts []kyc.StartRequest
}

func (f *failing) Start(ctx context.Context, req kyc.StartRequest) (*kyc.Session, error) {
	f.starts = append(f.starts, req)
	if len(f.faults) == 0 {
		return f.Provider.Start(ctx, req)
	}
	err := f.faults[0]
	f.faults = f.faults[1:]
	return nil, err
}

// If a session may exist nobody is told that there is none, and a second press uses the same reference.
func TestUncertainStart(t *testing.T) {
	for _, live := range []bool{true, false} {
		t.Run(fmt.Sprintf("live %v", live), func(t *testing.T) {
			s := newSite(t, "", nil)
			v := s.app.vendor("didit")
			open := v.Outcomes[1].open
			fault := func(kind error, status int) error {
				return &kyc.Error{Vendor: kyc.Didit, Operation: "sessions.create", Kind: kind, StatusCode: status}
			}
			f := &failing{faults: []error{fault(kyc.ErrUnavailable, http.StatusBadGateway), fault(kyc.ErrMalformed, http.StatusOK), fault(kyc.ErrUnauthorized, http.StatusUnauthorized)}}
			opener := func(p pace, notify string) (*backend, error) {
				b, err := open(p, notify)
				if err == nil {
					f.Provider, b.provider = b.provider, f
				}
				return b, err
			}
			v.Outcomes[1].open, v.open = opener, opener
			form := url.Values{"csrf": {s.token()}, "vendor": {"didit"}, "outcome": {v.Outcomes[1].Word}}
			kept := `<option value="` + v.Outcomes[1].Word + `" selected>`
			if live {
				v.Live = "somewhere"
				form.Set("workflow", "w-1")
				kept = `value="w-1"`
			}
			for i := range 2 {
				resp, page := s.post("/checks", form)
				reference := f.starts[0].Reference
				for _, want := range []string{
					"A session may exist at the vendor", reference + " before you press Start again", kept, `<input type="hidden" name="reference" value="` + reference + `">`, `role="alert"`,
				} {
					if strings.Count(page, want) != 1 {
						t.Errorf("press %d: %q is on the page %d times", i, want, strings.Count(page, want))
					}
				}
				if resp.StatusCode != http.StatusBadGateway || strings.Contains(page, "was not started") || f.starts[i].Reference != reference {
					t.Errorf("press %d: status %d, references %q and %q", i, resp.StatusCode, reference, f.starts[i].Reference)
				}
				form.Set("reference", reference)
			}
			_, page := s.post("/checks", form)
			if !strings.Contains(page, "Didit: the check was not started.") || strings.Contains(page, `name="reference"`) {
				t.Error("a refused start leaves a doubt")
			}
			// Nobody else's reference is taken.
			form.Set("reference", "somebody@example.com")
			form.Del("workflow") // the fake knows its own only
			if resp, _ := s.post("/checks", form); resp.StatusCode != http.StatusSeeOther {
				t.Errorf("status %d", resp.StatusCode)
			}
			if got := f.starts[3].Reference; got == f.starts[0].Reference || !references.MatchString(got) {
				t.Errorf("reference %q", got)
			}
		})
	}
}
