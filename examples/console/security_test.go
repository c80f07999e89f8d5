package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

func TestHeaders(t *testing.T) {
	s := newSite(t, "", nil)
	for _, path := range []string{"/", "/mappings", "/assets/console.css", "/assets/console.js", "/none", "/checks/none"} {
		resp, body := s.get(path)
		for name, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"X-Frame-Options": "DENY", "Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		for _, inline := range []string{"<script>", " style=", " onclick=", "<style"} {
			if strings.Contains(body, inline) {
				t.Errorf("%s has %s in it", path, inline)
			}
		}
	}
	for _, forbidden := range []string{"unsafe", "*", "data:", "http"} {
		if strings.Contains(policy, forbidden) {
			t.Errorf("the policy allows %s", forbidden)
		}
	}
}

func TestCookie(t *testing.T) {
	s := newSite(t, "", nil)
	resp, _ := s.get("/")
	c := resp.Cookies()
	if len(c) != 1 || !c[0].HttpOnly || c[0].SameSite != http.SameSiteLaxMode || c[0].Path != "/" || len(c[0].Value) != 26 {
		t.Errorf("%v", c)
	}
	if again, _ := s.get("/"); len(again.Cookies()) != 0 {
		t.Error("a second session")
	}
}

func TestFormsNeedTheirToken(t *testing.T) {
	s := newSite(t, "", nil)
	token := s.token()
	path := s.start("didit", "Approved")
	s.follow(path)
	other := *s
	other.client = s.browser()
	foreign := other.token()
	for name, form := range map[string]url.Values{
		"none": {}, "empty": {"csrf": {""}}, "of another browser": {"csrf": {foreign}}, "changed": {"csrf": {token[:63] + "x"}}, "longer": {"csrf": {token + "0"}},
	} {
		form.Set("vendor", "didit")
		form.Set("outcome", "Approved")
		for _, to := range []string{"/checks", path + "/reveal", path + "/hide", path + "/delete"} {
			if resp, _ := s.post(to, form); resp.StatusCode != http.StatusForbidden {
				t.Errorf("token %s, %s: status %d", name, to, resp.StatusCode)
			}
		}
	}
	// A token in the address is none, and a browser that says it comes from another site is refused whatever it carries.
	if resp, _ := s.post("/checks?csrf="+token, url.Values{"vendor": {"didit"}, "outcome": {"Approved"}}); resp.StatusCode != http.StatusForbidden {
		t.Errorf("token in the address: status %d", resp.StatusCode)
	}
	req := s.request(http.MethodPost, path+"/reveal", strings.NewReader(url.Values{"csrf": {token}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	if resp, _ := s.do(req); resp.StatusCode != http.StatusForbidden {
		t.Errorf("from another site: status %d", resp.StatusCode)
	}
	if resp, _ := s.post(path+"/reveal", url.Values{"csrf": {token}, "more": {strings.Repeat("x", maxForm)}}); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("a long form: status %d", resp.StatusCode)
	}
	// Another browser does not see the check, whatever it knows.
	for _, to := range []string{path, path + "/events"} {
		if resp, _ := other.get(to); resp.StatusCode != http.StatusNotFound {
			t.Errorf("another browser, %s: status %d", to, resp.StatusCode)
		}
	}
	for _, to := range []string{"/reveal", "/hide", "/delete"} {
		if resp, _ := other.post(path+to, url.Values{"csrf": {foreign}}); resp.StatusCode != http.StatusNotFound {
			t.Errorf("another browser, %s: status %d", to, resp.StatusCode)
		}
	}
}

func TestHosts(t *testing.T) {
	s := newSite(t, "https://tunnel.example/", nil)
	for _, c := range []struct {
		host, path string
		status     int
	}{
		{s.base.Host, "/", http.StatusOK},
		{"localhost:" + s.base.Port(), "/", http.StatusOK},
		{"evil.example", "/", http.StatusMisdirectedRequest},
		{"evil.example", "/notices/jumio/0", http.StatusMisdirectedRequest},
		{"localhost", "/", http.StatusMisdirectedRequest},
		{"tunnel.example", "/", http.StatusMisdirectedRequest},
		{"tunnel.example", "/mappings", http.StatusMisdirectedRequest},
		{"tunnel.example", "/notices/jumio/0", http.StatusMisdirectedRequest},
	} {
		method := http.MethodGet
		if strings.HasPrefix(c.path, "/notices/") {
			method = http.MethodPost
		}
		req := s.request(method, c.path, nil)
		req.Host = c.host
		if resp, _ := s.do(req); resp.StatusCode != c.status {
			t.Errorf("%s at %s: status %d, want %d", c.path, c.host, resp.StatusCode, c.status)
		}
	}
}

func TestForgedNoticesAreRefused(t *testing.T) {
	s := newSite(t, "", nil)
	for _, vendor := range []string{"didit", "yoti"} {
		s.follow(s.start(vendor, s.app.vendor(vendor).Outcomes[0].Word))
		resp, _ := s.do(s.request(http.MethodPost, "/notices/"+vendor+"/0", strings.NewReader(`{"session_id":"x"}`)))
		if resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: status %d", vendor, resp.StatusCode)
		}
	}
	s.follow(s.start("transmit", "ALLOW"))
	for _, to := range []string{"/notices/transmit/0", "/notices/jumio/9", "/notices/jumio/live", "/notices/none/0"} {
		if resp, _ := s.do(s.request(http.MethodPost, to, strings.NewReader("{}"))); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", to, resp.StatusCode)
		}
	}
}

func TestStartRefused(t *testing.T) {
	s := newSite(t, "", nil)
	token := s.token()
	for _, form := range []url.Values{
		{"csrf": {token}}, {"csrf": {token}, "vendor": {"other"}}, {"csrf": {token}, "vendor": {"jumio"}}, {"csrf": {token}, "vendor": {"jumio"}, "outcome": {"<b>"}},
	} {
		resp, body := s.post("/checks", form)
		if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, `role="alert"`) || strings.Contains(body, "<b>") {
			t.Errorf("%v: status %d", form, resp.StatusCode)
		}
	}
}

func TestDelete(t *testing.T) {
	s := newSite(t, "", nil)
	for _, v := range s.app.vendors {
		path := s.start(string(v.ID), v.Outcomes[0].Word)
		s.follow(path)
		resp, body := s.post(path+"/delete", url.Values{"csrf": {s.token()}})
		if resp.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: status %d: %s", v.ID, resp.StatusCode, body)
		}
		if resp, _ := s.get(path); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: it is still there", v.ID)
		}
	}
}

func TestOldChecksGo(t *testing.T) {
	s := newSite(t, "", nil)
	s.app.keep = 3
	v := s.app.vendor("didit")
	var first *check
	for i := range s.app.keep + 1 {
		c, err := s.app.begin(t.Context(), order{owner: "somebody", vendor: v})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = c
		}
	}
	if n := len(s.app.owned("somebody")); n != s.app.keep || s.app.find("somebody", first.ID) != nil {
		t.Errorf("%d checks are kept", n)
	}
}

func TestMappings(t *testing.T) {
	s := newSite(t, "", nil)
	_, page := s.get("/mappings")
	for _, v := range s.app.vendors {
		for _, r := range v.Table {
			if !strings.Contains(page, "<code>"+r.Word+"</code>") || !strings.Contains(page, "<code>"+r.Field+"</code>") {
				t.Errorf("%s: %s %s is missing", v.ID, r.Field, r.Word)
			}
		}
	}
}

// keyFile writes a key that fits nothing but the form.
func keyFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(name, yotitest.PrivateKeyPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestCredentialsReplaceFakes(t *testing.T) {
	env := map[string]string{
		"JUMIO_CLIENT_ID": "id", "JUMIO_CLIENT_SECRET": "hush-1", "JUMIO_REGION": "emea-1",
		"TRANSMIT_CLIENT_ID": "id", "TRANSMIT_CLIENT_SECRET": "hush-2", "TRANSMIT_ENVIRONMENT": "sandbox",
		"DIDIT_API_KEY": "hush-3", "DIDIT_WORKFLOW_ID": "w", "DIDIT_WEBHOOK_SECRET": "hush-4", "YOTI_SDK_ID": "id", "YOTI_KEY_FILE": keyFile(t),
	}
	s := newSite(t, "https://tunnel.example", env)
	_, page := s.get("/")
	if n := strings.Count(page, "Real service"); n != 4 || strings.Contains(page, "hush") || strings.Contains(page, "<select") {
		t.Errorf("%d real services", n)
	}
	notify := map[kyc.Vendor]string{}
	for _, v := range s.app.vendors {
		b, err := s.app.backend(v, -1)
		if err != nil {
			t.Fatalf("%s: %v", v.ID, err)
		}
		if b.play != nil {
			t.Errorf("%s is played", v.ID)
		}
		notify[v.ID] = b.notifyURL
	}
	want := map[kyc.Vendor]string{
		"jumio": "https://tunnel.example/notices/jumio/live", "yoti": "https://tunnel.example/notices/yoti/live", "transmit": "", "didit": "",
	}
	if diff := cmp.Diff(want, notify); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for name := range env {
		if name == "DIDIT_WORKFLOW_ID" || name == "DIDIT_WEBHOOK_SECRET" {
			continue
		}
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), nil, func(n string) string {
			if n == name {
				return ""
			}
			return env[n]
		}, &stdout, &stderr)
		if text := stdout.String() + stderr.String(); status != exitUsage || strings.Contains(text, "hush") || !strings.Contains(text, ", but "+name+" is not") {
			t.Errorf("without %s: status %d: %s", name, status, text)
		}
	}
	for _, v := range s.app.vendors {
		if !strings.HasPrefix(serviceName(v), "live, ") {
			t.Errorf("%s is %s", v.ID, serviceName(v))
		}
	}
}

func TestRun(t *testing.T) {
	none := func(string) string { return "" }
	for args, want := range map[string]int{
		"-demo": 0, "-help": 0, "-nonsense": exitUsage, "more": exitUsage, "-public http://x": exitUsage, "-public %": exitUsage,
		"-addr 0.0.0.0:0": exitFailure, "-addr nonsense": exitFailure,
	} {
		var stdout, stderr bytes.Buffer
		if got := run(t.Context(), strings.Fields(args), none, &stdout, &stderr); got != want {
			t.Errorf("%s: status %d\n%s%s", args, got, stdout.String(), stderr.String())
		}
		if out := stdout.String(); args == "-demo" && (strings.Count(out, "approved, followed and shown") != 4 || strings.Count(out, " fake, in this") != 4) {
			t.Errorf("%s", stdout.String())
		}
	}
}

func TestViewJSON(t *testing.T) {
	raw := `{"a":{"b/c":[1.50,"x\"y",{"d":null,"e":true}],"~":"word"},"f":[],"g":{},"t":"see tok-1"}`
	r := &kyc.Result{Raw: []byte(raw)}
	r.Cite("/a/b~1c/0", "one", true)
	r.Cite("/a/b~1c", "two", false)
	r.Cite("/a/~0", "three", false)
	r.Cite("/a/~0", "four", false)
	r.Cite("/none", "five", true)
	text := func(show bool) (string, map[string]string) {
		lines, anchors := viewJSON(r, func(s string) bool { return s == "word" }, func(s string) bool { return strings.Contains(s, "tok-1") }, show)
		var b strings.Builder
		for _, l := range lines {
			for _, token := range l.Tokens {
				b.WriteString(token.Text)
			}
		}
		return b.String(), anchors
	}
	hidden, anchors := text(false)
	if want := `{"a": {"b/c": [1.50,hidden,{"d": null,"e": hidden}],"~": "word"},"f": [],"g": {},"t": secret}`; hidden != want {
		t.Errorf("got\n%s\nwant\n%s", hidden, want)
	}
	if shown, _ := text(true); strings.ReplaceAll(shown, ": ", ":") != strings.ReplaceAll(raw, `"see tok-1"`, "secret") {
		t.Errorf("shown: %s", shown)
	}
	if len(anchors) != 3 || anchors["/none"] != "" {
		t.Errorf("anchors: %v", anchors)
	}
	if lines, _ := viewJSON(&kyc.Result{Raw: []byte(`{"a":`)}, nil, nil, true); lines != nil {
		t.Error("what is no JSON has lines")
	}
}

func FuzzViewJSON(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":"\\\""}],"":{}}`))
	f.Add([]byte(` [ null , "x" , -1e5 ] `))
	f.Fuzz(func(t *testing.T, raw []byte) {
		lines, _ := viewJSON(&kyc.Result{Raw: raw}, func(string) bool { return false }, func(string) bool { return false }, true)
		if (lines != nil) != json.Valid(raw) {
			t.Fatalf("lines: %t", lines != nil)
		}
		if lines == nil {
			return
		}
		var b bytes.Buffer
		for _, l := range lines {
			for _, token := range l.Tokens {
				if token.Kind == "punct" && token.Text == ": " {
					token.Text = ":"
				}
				_, _ = io.WriteString(&b, token.Text)
			}
		}
		var want bytes.Buffer
		if err := json.Compact(&want, raw); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.String(), b.String()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestFieldsLeaveOutWhatIsPersonal(t *testing.T) {
	p := &kyc.Person{FirstName: "A", Address: &kyc.Address{Lines: []string{"B", "C"}, City: "D"}}
	want := []field{{"First name", ""}, {"Address: Lines", ""}, {"Address: City", ""}}
	if diff := cmp.Diff(want, fields(p, false)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	want = []field{{"First name", "A"}, {"Address: Lines", "B, C"}, {"Address: City", "D"}}
	if diff := cmp.Diff(want, fields(p, true)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	d := &kyc.Document{Type: kyc.DocumentPassport, Number: "X", Ref: "/documents/0"}
	if diff := cmp.Diff([]field{{"Type", "passport"}, {"Number", ""}}, fields(d, false)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestShowingEnds(t *testing.T) {
	c := &check{changed: make(chan struct{})}
	now := time.Now()
	c.show(now.Add(showFor))
	if !c.state(now).Shown || c.state(now.Add(showFor)).Shown {
		t.Error("personal data is not shown for its time")
	}
}
