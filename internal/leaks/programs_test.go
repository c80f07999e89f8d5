package leaks

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// program is one way to run an example.
type program struct {
	args   string // FILES is a folder with a picture
	status int
	calls  int      // lines about calls at the least
	sent   []string // what must have gone over the wire, lest nothing is looked for
}

// What the fakes tell about the person. Of Yoti no example asks for the person's fields.
var (
	jumioPerson    = []string{"ERIKSSON", "1974-08-12", "L898902C3"}
	transmitPerson = []string{"Curies", "Marie Salomea Skłodowska-Curies", "123ABC"}
	diditPerson    = []string{"Carmen Sample", "1980-01-01", "X0000001"}
	yotiApp        = []string{yotitest.SDKID}
	everybody      = slices.Concat(jumioPerson, transmitPerson, diditPerson, yotiApp)
)

// programs are all examples but examples/fleet, which needs servers and has a test of its own.
var programs = map[string][]program{
	"quickstart": {
		{"", 0, 8, everybody}, {"-outcome review", 3, 8, everybody}, {"-outcome declined", 4, 8, nil}, {"-outcome expired", 5, 6, nil},
		{"-vendor jumio", 0, 6, jumioPerson}, {"-vendor transmit", 0, 3, transmitPerson}, {"-vendor didit", 0, 2, diditPerson}, {"-vendor yoti", 0, 2, yotiApp},
	},
	"upload": {
		{"", 0, 6, jumioPerson}, {"-front FILES/jane-doe.png -ip 203.0.113.77", 0, 6, jumioPerson}, {"-front FILES/jane-doe-missing.png", 1, 1, nil},
	},
	"webhooks": {{"-demo", 0, 10, everybody}},
	"batch":    {{"-demo -n 40", 0, 10, everybody}, {"-demo -n 40 -refetch", 0, 40, everybody}},
	"failover": {{"", 0, 6, slices.Concat(jumioPerson, diditPerson, yotiApp)}},
	"console":  {{"-demo", 0, 10, everybody}},
}

// Every example, run as a program at debug level, prints nothing that went over the wire but references and known words.
func TestProgramsAtDebugLevel(t *testing.T) {
	bin := buildExamples(t)
	files := t.TempDir()
	var picture bytes.Buffer
	failed(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 640, 400))))
	failed(t, os.WriteFile(filepath.Join(files, "jane-doe.png"), picture.Bytes(), 0o600))
	for name, list := range programs {
		for _, p := range list {
			t.Run(strings.TrimSpace(name+" "+p.args), func(t *testing.T) {
				t.Parallel()
				args := append(strings.Fields(strings.ReplaceAll(p.args, "FILES", files)), "-log", "debug")
				text, values, status := execute(t, filepath.Join(bin, name), args...)
				if status != p.status {
					t.Errorf("status %d, want %d", status, p.status)
				}
				if got := strings.Count(text, `level=DEBUG msg="kyc call"`); got < p.calls {
					t.Errorf("%d calls are logged, want at least %d", got, p.calls)
				}
				if len(values) < 10 {
					t.Errorf("only %d values went over the wire", len(values))
				}
				for _, v := range p.sent {
					if !slices.Contains(values, v) {
						t.Errorf("%q did not go over the wire", v)
					}
				}
				for _, v := range told(text, values) {
					t.Errorf("%q is printed", v)
				}
				if t.Failed() {
					t.Log(text)
				}
			})
		}
	}
	// What is looked for is found where it is printed on purpose.
	t.Run("control", func(t *testing.T) {
		t.Parallel()
		text, values, _ := execute(t, filepath.Join(bin, "quickstart"), "-vendor", "jumio", "-show-personal-data", "-log", "debug")
		found := told(text, values)
		for _, v := range jumioPerson {
			if !slices.Contains(found, v) {
				t.Errorf("%q is not found in\n%s", v, text)
			}
		}
	})
}

// onPurpose are the places where a program prints a reference, the vendor's id of a request, or figures in which a short value
// might be met by chance.
var onPurpose = regexp.MustCompile(`(?m)^time=\S+ |\b(duration|took|request_id)=\S+|\b(jumio|transmit|didit|yoti):[\w/-]+|^(account|execution) +\S+$|` +
	`\b(quickstart|customer|upload|batch|demo|onboarding)-\d+\b`)

// patterns look like a secret, whatever its value is: credentials, keys, tokens, links with a query.
var patterns = regexp.MustCompile(`Bearer |Basic |BEGIN |PRIVATE KEY|eyJ|client_secret|[Aa]uthorization|https?://\S*\?|sdkId=|sessionToken|csrf|jane-doe|203\.0\.113\.77`)

// words are vendors' words beyond those of the enumerations: their own names, and names of what was measured.
var words = append(knownWords(), "jumio", "transmit", "ai_face_match", "confidence_score", "no_sign_of_tampering")

// told lists what text tells of values, and what looks like a secret.
func told(text string, values []string) []string {
	text = onPurpose.ReplaceAllString(text, "")
	found := patterns.FindAllString(text, -1)
	for _, v := range values {
		quoted := strconv.Quote(v)
		if !slices.Contains(words, v) && (strings.Contains(text, v) || strings.Contains(text, quoted[1:len(quoted)-1])) {
			found = append(found, v)
		}
	}
	return found
}

// execute runs a program and returns what it printed, the values that went over the wire, and its status. The environment is
// empty, since credentials in it would lead to a real service.
func execute(t *testing.T, path string, args ...string) (text string, values []string, status int) {
	t.Helper()
	dir := t.TempDir()
	wire := filepath.Join(dir, "wire")
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = []string{"KYC_WIRE=" + wire, "TMPDIR=" + dir}, &out, &out
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(wire)
	failed(t, err)
	seen := &tap{}
	for line := range bytes.Lines(data) {
		var x struct {
			URL                  string
			Header, AnswerHeader http.Header
			Body, Answer         []byte
		}
		failed(t, json.Unmarshal(line, &x))
		u, err := url.Parse(x.URL)
		failed(t, err)
		seen.url(u)
		seen.header(x.Header)
		seen.header(x.AnswerHeader)
		seen.body(x.Body)
		seen.body(x.Answer)
	}
	// Keys of signatures do not go over the wire.
	fakes := []func() (string, func()){
		func() (string, func()) { s := jumiotest.NewServer(); return s.Config().ClientSecret.Reveal(), s.Close },
		func() (string, func()) {
			s := transmittest.NewServer()
			return s.Config().ClientSecret.Reveal(), s.Close
		},
		func() (string, func()) { s := didittest.NewServer(); return s.Config().APIKey.Reveal(), s.Close },
		func() (string, func()) { s := didittest.NewServer(); return s.WebhookSecret().Reveal(), s.Close },
	}
	for _, f := range fakes {
		secret, end := f()
		seen.note(secret)
		end()
	}
	return out.String(), seen.values(), cmd.ProcessState.ExitCode()
}

// taps are the places of the sources at which testdata/wire.go.txt is put in between, for this build only.
var taps = []struct{ file, old, new string }{
	{"kyc/handler.go", "func (h *handler) ServeHTTP(", "func (h *handler) serveUntapped("},
	{"internal/fake/server.go", "http.HandlerFunc(s.serve)", "kyc.WireTap(http.HandlerFunc(s.serve))"},
	{"internal/fake/server.go", "import (", "import (\n\"github.com/seed44d1d1b3/kyc-go/kyc\""},
	{"examples/console/app.go", "a.logged(a.hardened(mux))", "kyc.WireTap(a.logged(a.hardened(mux)))"},
}

// buildExamples builds every example, so that its fakes and its receivers of notices write down what goes over the wire.
func buildExamples(t *testing.T) (dir string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	failed(t, err)
	dir = t.TempDir()
	replace := map[string]string{filepath.Join(root, "kyc", "zz_wire.go"): filepath.Join(root, "internal", "leaks", "testdata", "wire.go.txt")}
	texts := map[string]string{}
	for _, p := range taps {
		text, ok := texts[p.file]
		if !ok {
			data, err := os.ReadFile(filepath.Join(root, p.file))
			failed(t, err)
			text = string(data)
		}
		if strings.Count(text, p.old) != 1 {
			t.Fatalf("%s does not hold %q once: where is the wire to be tapped?", p.file, p.old)
		}
		texts[p.file] = strings.Replace(text, p.old, p.new, 1)
	}
	for file, text := range texts {
		to := filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		failed(t, os.WriteFile(to, []byte(text), 0o600))
		replace[filepath.Join(root, file)] = to
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	failed(t, err)
	file := filepath.Join(dir, "overlay.json")
	failed(t, os.WriteFile(file, overlay, 0o600))

	args := []string{"build", "-overlay", file, "-o", dir + string(filepath.Separator)}
	for _, name := range examples(t, root) {
		args = append(args, "./examples/"+name)
	}
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// examples lists the programs of this module, all of which must be known here. It looks at their files, so that a result of this
// test is not taken from the cache when one of them has changed.
func examples(t *testing.T, root string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(root, "examples"))
	failed(t, err)
	var names []string
	for _, e := range entries {
		dir := filepath.Join(root, "examples", e.Name())
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			continue // a module of its own
		}
		names = append(names, e.Name())
		failed(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err == nil {
				_, err = os.Stat(path)
			}
			return err
		}))
	}
	if known := slices.Sorted(maps.Keys(programs)); !slices.Equal(names, known) {
		t.Fatalf("examples are %v, and known are %v", names, known)
	}
	return names
}
