package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree lays out a module with one vendor.
func tree(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	in := loadCase(t, "merge")
	write(t, filepath.Join(root, "testdata", "openapi", "acme.yaml"), in.document)
	write(t, filepath.Join(root, "testdata", "openapi", "acme.overlay.yaml"), append(in.overlay, "\nsamples: {result.json: Result}\n"...))
	write(t, filepath.Join(root, "testdata", "fixtures", "acme", "result.json"), []byte(`{"id": "1", "state": "done"}`))
	return root
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func files(t *testing.T, root string) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(os.DirFS(filepath.Join(root, "acme")), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRun(t *testing.T) {
	root := tree(t)
	var out bytes.Buffer
	want := `codegen acme:
acme/zz_types.go is missing; run go generate
acme/acmetest/zz_schema.json is missing; run go generate`
	if diff := cmp.Diff(want, message(run([]string{"-check", "-root", root, "acme"}, &out))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if _, err := os.Stat(filepath.Join(root, "acme")); err == nil {
		t.Error("-check has written")
	}
	write(t, filepath.Join(root, "testdata", "fixtures", "acme", "result.json"), []byte(`{"id": "1", "state": "done", "verdict": "later"}`))
	out.Reset()
	if err := run([]string{"-root", root, "acme"}, &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("acme: 11 types; 1 samples checked, 0 accepted findings\n", out.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"acmetest/zz_schema.json", "zz_types.go"}, files(t, root)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err := run([]string{"-check", "-root", root, "acme"}, &out); err != nil {
		t.Errorf("check of fresh output: %v", err)
	}
}

func TestDrift(t *testing.T) {
	root := tree(t)
	overlay := filepath.Join(root, "testdata", "openapi", "acme.overlay.yaml")
	text, err := os.ReadFile(overlay)
	if err != nil {
		t.Fatal(err)
	}
	write(t, overlay, bytes.Replace(text, []byte("samples: {result.json: Result}"), nil, 1))
	var out bytes.Buffer
	if err := run([]string{"-root", root, "acme"}, &out); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "acme", "zz_types.go")
	text, err = os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, bytes.Replace(text, []byte("// ID of the result."), []byte("// Edited."), 1))
	want := `codegen acme:
acme/zz_types.go is out of date; run go generate
  line 17
  on disk:   	// Edited.
  generated: 	// ID of the result.
  (248 lines on disk, 248 generated)`
	got := message(run([]string{"-check", "-root", root, "acme"}, &out))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if edited, err := os.ReadFile(path); err != nil || !bytes.Contains(edited, []byte("// Edited.")) {
		t.Errorf("-check has repaired the file (%v)", err)
	}
	if got := firstDifference([]byte("a\nb"), []byte("a")); !strings.Contains(got, "on disk:   b\n  generated: (end of file)") {
		t.Errorf("a longer file: %s", got)
	}
}

func TestRunRefuses(t *testing.T) {
	root := tree(t)
	tests := map[string]struct {
		args []string
		want string
	}{
		"no vendor":      {[]string{"-root", root}, "name the vendors"},
		"no documents":   {[]string{"-check", "-root", root, "other"}, "other.overlay.yaml: no such file"},
		"a path":         {[]string{"-root", root, "../acme"}, `"../acme" is no vendor`},
		"unknown option": {[]string{"-chek", "acme"}, "flag provided but not defined"},
	}
	for name, test := range tests {
		if err := run(test.args, new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q in it", name, err, test.want)
		}
	}
}

func TestFindingsFailAfterWriting(t *testing.T) {
	root := tree(t)
	write(t, filepath.Join(root, "testdata", "fixtures", "acme", "result.json"), []byte(`{"id": 1}`))
	err := run([]string{"-root", root, "acme"}, new(bytes.Buffer))
	want := "codegen acme:\ntestdata/fixtures/acme/result.json: Result.id: want string, not number"
	if diff := cmp.Diff(want, message(err)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := files(t, root); len(got) != 2 {
		t.Errorf("written: %q", got)
	}
}
