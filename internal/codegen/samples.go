package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// finding is where a sample does not fit the shape of its root.
type finding struct {
	sample string
	path   string // in the notation of the overlay: one finding for all items of a list
	text   string
	value  string // an example
	count  int
}

func (f finding) String() string {
	out := f.path + ": " + f.text
	if f.value != "" {
		out += ", such as " + f.value
	}
	if f.count > 1 {
		out += fmt.Sprintf(" (%d times)", f.count)
	}
	return out
}

// checkSamples holds every fixture that the overlay assigns against its root. Findings that the overlay does not
// ignore are errors, and so are entries that match nothing.
func (g *generator) checkSamples(dir fs.FS) (string, error) {
	files, err := sampleFiles(dir)
	if err != nil {
		return "", err
	}
	p := &problems{}
	o := g.overlay
	fail := func(line int, format string, args ...any) { p.add(o.src.file, line, format, args...) }
	assigned := map[string]*root{}
	used := map[string]bool{}
	for _, file := range files {
		entry, err := assign(o.samples, file, used)
		if err != nil {
			fail(0, "samples: %v", err)
		}
		if entry == nil {
			continue
		}
		assigned[file] = g.rootNamed(entry.value)
	}
	for _, e := range o.samples {
		if g.rootNamed(e.value) == nil {
			fail(e.at.Line, "samples: %s is no root", e.value)
		} else if !used[e.key] {
			fail(e.at.Line, "samples: no fixture matches %q", e.key)
		}
	}
	var loose []string
	checked, accepted := 0, 0
	for _, file := range files {
		r := assigned[file]
		if r == nil {
			loose = append(loose, file)
			continue
		}
		data, err := fs.ReadFile(dir, file)
		if err != nil {
			return "", err
		}
		checked++
		for _, f := range g.checkSample(file, data, r) {
			if g.ignores(f) {
				accepted++
				continue
			}
			p.add("testdata/fixtures/"+g.vendor+"/"+file, 0, "%s", f)
		}
	}
	for _, e := range o.ignore {
		if !e.used {
			fail(e.at.Line, "ignore: no sample %s has the finding %q any more", e.sample, e.finding)
		}
	}
	report := fmt.Sprintf("%d samples checked, %d accepted findings", checked, accepted)
	if len(loose) > 0 {
		report += "; fixtures that no samples entry names: " + strings.Join(loose, ", ")
	}
	return report, p.err()
}

// sampleFiles lists the JSON files below a vendor's fixtures; a vendor may have none.
func sampleFiles(dir fs.FS) ([]string, error) {
	var out []string
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name == ".":
			return nil
		case err != nil:
			return err
		case !d.IsDir() && path.Ext(name) == ".json":
			out = append(out, name)
		}
		return nil
	})
	slices.Sort(out)
	return out, err
}

// assign finds the entry for a file. A name written out goes before patterns; two patterns for one file are an error.
func assign(entries []textEntry, file string, used map[string]bool) (*textEntry, error) {
	var found *textEntry
	for i := range entries {
		e := &entries[i]
		ok, err := path.Match(e.key, file)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%q: %w", e.key, err)
		case !ok:
			continue
		case e.key == file:
			used[e.key] = true
			return e, nil
		case found != nil && found.value != e.value:
			return nil, fmt.Errorf("%q and %q both match %s", found.key, e.key, file)
		}
		used[e.key] = true
		found = e
	}
	return found, nil
}

func (g *generator) rootNamed(name string) *root {
	for _, r := range g.roots {
		if r.entry.name == name {
			return r
		}
	}
	return nil
}

func (g *generator) ignores(f finding) bool {
	found := false
	for _, e := range g.overlay.ignore {
		if ok, err := path.Match(e.sample, f.sample); err != nil || !ok {
			continue
		}
		where, text, _ := strings.Cut(e.finding, ": ")
		p, err := parsePattern(where)
		if err == nil && starMatch(text, f.text) && p.matchesText(f.path) {
			e.used = true
			found = true
		}
	}
	return found
}

// starMatch compares a text with a pattern in which * stands for any run of characters.
func starMatch(pattern, text string) bool {
	before, after, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	rest, ok := strings.CutPrefix(text, before)
	for ok {
		if starMatch(after, rest) {
			return true
		}
		if rest == "" {
			break
		}
		rest = rest[1:]
	}
	return false
}

func (g *generator) checkSample(file string, data []byte, r *root) []finding {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows the document")
		}
	}
	if err != nil {
		return []finding{{sample: file, path: r.entry.name, text: "no JSON: " + err.Error()}}
	}
	c := &checker{file: file}
	c.value(&r.slot, v, r.entry.name)
	return c.found
}
