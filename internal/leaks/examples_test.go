package leaks

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// patch changes a file of the module for one build only.
type patch struct{ file, old, new string }

var patches = []patch{
	{"kyc/handler.go", "func (h *handler) ServeHTTP(", "func (h *handler) serveUntapped("},
	{"internal/fake/server.go", "Handler:           http.HandlerFunc(s.serve),", "Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { kyc.WireTap(w, r, s.serve) }),"},
	{"internal/fake/server.go", `"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"`, `"github.com/seed44d1d1b3/kyc-go/kyc";"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"`},
	{"examples/console/app.go", "return a.logged(a.hardened(mux))", "inner := a.logged(a.hardened(mux)); return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { kyc.WireTap(w, r, inner.ServeHTTP) })"},
}

// buildExamples builds every example, with fakes and receivers of notices that write down what went over the wire.
func buildExamples(t *testing.T, names []string) (dir string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	failed(t, err)
	dir = t.TempDir()
	tapped, err := filepath.Abs("testdata/wire.go.txt")
	failed(t, err)
	replace := map[string]string{filepath.Join(root, "kyc", "zz_wire.go"): tapped}
	for _, p := range patches {
		file := filepath.Join(root, p.file)
		from := file
		if replace[file] != "" {
			from = replace[file]
		}
		text, err := os.ReadFile(from)
		failed(t, err)
		if strings.Count(string(text), p.old) != 1 {
			t.Fatalf("%s does not hold %q, where the wire is tapped", p.file, p.old)
		}
		to := filepath.Join(dir, strings.ReplaceAll(p.file, "/", "_"))
		failed(t, os.WriteFile(to, []byte(strings.Replace(string(text), p.old, p.new, 1)), 0o600))
		replace[file] = to
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	failed(t, err)
	file := filepath.Join(dir, "overlay.json")
	failed(t, os.WriteFile(file, overlay, 0o600))
	args := []string{"build", "-overlay", file, "-o", dir + string(filepath.Separator)}
	for _, n := range names {
		args = append(args, "./examples/"+n)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

type run struct {
	args   string
	status int
}

var runs = map[string][]run{
	"quickstart": {{"", 0}, {"-outcome review", 3}, {"-outcome expired", 5}, {"-vendor jumio", 0}, {"-vendor transmit", 0}, {"-vendor didit", 0}, {"-vendor yoti", 0}},
	"upload":     {{"", 0}},
	"webhooks":   {{"-demo", 0}},
	"batch":      {{"-demo -n 40", 0}, {"-demo -n 40 -refetch", 0}},
	"failover":   {{"", 0}},
	"console":    {{"-demo", 0}},
}

func TestExamplesAtDebugLevel(t *testing.T) {
	var names []string
	for n := range runs {
		names = append(names, n)
	}
	slices.Sort(names)
	dir := buildExamples(t, names)
	known := knownWords()
	for _, n := range names {
		for i, r := range runs[n] {
			wireFile := filepath.Join(dir, n+string(rune('a'+i))+".wire")
			cmd := exec.Command(filepath.Join(dir, n), append(strings.Fields(r.args), "-log", "debug")...)
			cmd.Env = []string{"KYC_WIRE=" + wireFile, "TMPDIR=" + dir}
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			_ = cmd.Run()
			t.Log(n, r.args, cmd.ProcessState.ExitCode(), strings.Count(out.String(), "level=DEBUG msg=\"kyc call\""))
			w := &tap{}
			data, err := os.ReadFile(wireFile)
			failed(t, err)
			for line := range bytes.Lines(data) {
				var x struct {
					URL                  string
					Header, AnswerHeader http.Header
					Body, Answer         []byte
				}
				failed(t, json.Unmarshal(line, &x))
				u, err := url.Parse(x.URL)
				failed(t, err)
				w.url(u)
				w.header(x.Header)
				w.header(x.AnswerHeader)
				w.body(x.Body)
				w.body(x.Answer)
			}
			text := timesAndDurations.ReplaceAllString(out.String(), "")
			vals := w.values()
			t.Log(len(vals), slices.Contains(vals, "ERIKSSON"))
			for _, v := range vals {
				if !slices.Contains(known, v) && strings.Contains(text, v) {
					t.Errorf("%s %s tells %q", n, r.args, v)
				}
			}
		}
	}
}

var timesAndDurations = regexp.MustCompile(`(?m)^time=\S+ | duration=\S+| took=\S+`)
