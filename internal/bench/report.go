package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// table is written as Markdown with aligned columns, so that it reads well on a terminal too.
type table [][]string

func (t table) String() string {
	var width []int
	for _, row := range t {
		for i, cell := range row {
			if i == len(width) {
				width = append(width, 3)
			}
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for n, row := range t {
		for i, cell := range row {
			b.WriteString("| " + cell + strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell)) + " ")
		}
		b.WriteString("|\n")
		if n == 0 {
			for _, w := range width {
				b.WriteString("|" + strings.Repeat("-", w+2))
			}
			b.WriteString("|\n")
		}
	}
	return b.String()
}

// groupTable shows a group, each case against the first.
func groupTable(g *group, r results) string {
	base := g.name + "/" + g.cases[0].name
	perByte := strings.HasPrefix(g.name, "DecodeScale/")
	heading := "ratio to " + g.cases[0].name
	if perByte {
		heading += ", a byte"
	}
	t := table{{"case", "time", heading, "CPU", "MB/s", "B", "allocs"}}
	for _, c := range g.cases {
		name := g.name + "/" + c.name
		s := r[name]
		q, _ := r.paired(name, base, perByte)
		row := []string{
			c.name, time.Duration(median(s.wall)).Round(precision(median(s.wall))).String(), fmt.Sprintf("%.2f (%.2f–%.2f)", q.median, q.low, q.high),
			fmt.Sprintf("%.2f", median(s.cpu)/median(r[base].cpu)), "", "", "",
		}
		if c.bytes > 0 {
			row[4] = fmt.Sprintf("%.0f", float64(c.bytes)/median(s.wall)*1e3)
		}
		if !g.few {
			row[5], row[6] = fmt.Sprintf("%.0f", s.allocated), fmt.Sprintf("%.0f", s.allocs)
		}
		t = append(t, row)
	}
	return "### " + g.name + "\n\n" + t.String()
}

// precision leaves three digits.
func precision(ns float64) time.Duration {
	p := time.Duration(1)
	for float64(p)*1000 < ns {
		p *= 10
	}
	return p
}

func verdictTable(verdicts []verdict) string {
	t := table{{"", "target", "bound", "measured", "verdict"}}
	for _, v := range verdicts {
		word := "met"
		switch {
		case v.shown:
			word = "for comparison"
		case !v.ok:
			word = "**missed**"
		}
		t = append(t, []string{v.id, v.what, v.limit, v.got, word})
	}
	text := "### Targets\n\n" + t.String()
	for _, v := range verdicts {
		if !v.ok && !v.shown && v.why != "" {
			text += "\n" + v.id + ", " + v.what + ": " + v.why + "\n"
		}
	}
	return text
}

const resultsHead = `# Measured against its peers

Written by ` + "`go -C internal/bench run . -write`" + `; each supported Go release has its own section, that of the newer one from
` + "`GOTOOLCHAIN=go1.27.4 go -C internal/bench run . -write`" + `.

How to read it: all cases of a group run in turn in slices of some milliseconds, and a ratio is the median over rounds of the
case divided by the group's first case *in the same round*, with the interval in which that median lies in 95 of 100 runs.
Times differ between machines and minutes; ratios and allocations hardly do. CPU is the process's own time, servers on
loopback included. Decoders fill the same generated types. encoding/json (std) and goccy drop unknown members and take a member
given twice, one whose name differs by case, and broken UTF-8; gojsonexp is the engine below the SDK, called directly.
`

var release = regexp.MustCompile(`^go1\.\d+`)

// section is what one Go release has in the page.
func section(body string, rounds int, pattern string) string {
	head := fmt.Sprintf("%s, %s, %s/%s, %d CPUs, %d rounds", runtime.Version(), time.Now().UTC().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), rounds)
	if pattern != "" {
		head += ", groups " + pattern
	}
	// Wide intervals have a reason that the page should name.
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		head += ", load " + strings.SplitN(string(load), " ", 2)[0]
	}
	return "## " + head + "\n\n" + body
}

// writeResults puts the section in place of the one of the same Go release.
func writeResults(path, text string) error {
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	mine := release.FindString(runtime.Version())
	var sections []string
	for _, s := range bytes.Split(old, []byte("\n## "))[1:] {
		if kept := "## " + strings.TrimSpace(string(s)) + "\n"; release.FindString(kept[3:]) != mine {
			sections = append(sections, kept)
		}
	}
	sections = append(sections, strings.TrimSpace(text)+"\n")
	slices.Sort(sections)
	return os.WriteFile(path, []byte(resultsHead+"\n"+strings.Join(sections, "\n")), 0o644)
}
