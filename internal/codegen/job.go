package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// job is the work for one vendor.
type job struct {
	root, vendor string
	check        bool
	out          io.Writer
}

func (j *job) run() error {
	in, err := j.read()
	if err != nil {
		return err
	}
	g, err := prepare(in)
	if err != nil {
		return err
	}
	types, err := g.emitGo()
	if err != nil {
		return err
	}
	schemas, err := g.emitSchemas()
	if err != nil {
		return err
	}
	var errs []error
	errs = append(errs,
		j.output(filepath.Join(j.vendor, "zz_types.go"), types),
		j.output(filepath.Join(j.vendor, j.vendor+"test", "zz_schema.json"), schemas))
	report, err := g.checkSamples(os.DirFS(filepath.Join(j.root, "testdata", "fixtures", j.vendor)))
	errs = append(errs, err)
	fmt.Fprintf(j.out, "%s: %d types; %s\n", j.vendor, len(g.order), report)
	return errors.Join(errs...)
}

// read loads both documents; they are named relative to the module's root in every message.
func (j *job) read() (input, error) {
	in := input{
		vendor:       j.vendor,
		documentFile: "testdata/openapi/" + j.vendor + ".yaml",
		overlayFile:  "testdata/openapi/" + j.vendor + ".overlay.yaml",
	}
	var err1, err2 error
	in.document, err1 = os.ReadFile(filepath.Join(j.root, filepath.FromSlash(in.documentFile)))
	in.overlay, err2 = os.ReadFile(filepath.Join(j.root, filepath.FromSlash(in.overlayFile)))
	return in, errors.Join(err1, err2)
}

// output writes a file, or with -check compares it.
func (j *job) output(name string, want []byte) error {
	path := filepath.Join(j.root, name)
	got, err := os.ReadFile(path)
	if j.check {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%s is missing; run go generate", name)
		case err != nil:
			return err
		case !bytes.Equal(got, want):
			return fmt.Errorf("%s is out of date; run go generate\n%s", name, firstDifference(got, want))
		}
		return nil
	}
	if err == nil && bytes.Equal(got, want) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, want, 0o644)
}

// firstDifference shows the first line that is not the same, and how much differs.
func firstDifference(got, want []byte) string {
	a, b := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	line := func(lines [][]byte, i int) string {
		if i >= len(lines) {
			return "(end of file)"
		}
		return string(lines[i])
	}
	first := 0
	for first < len(a) && first < len(b) && bytes.Equal(a[first], b[first]) {
		first++
	}
	return fmt.Sprintf("  line %d\n  on disk:   %s\n  generated: %s\n  (%d lines on disk, %d generated)",
		first+1, line(a, first), line(b, first), len(a), len(b))
}
