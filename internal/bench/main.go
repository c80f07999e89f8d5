// Command bench measures the SDK against its peers and against its targets.
//
//	go -C internal/bench run . [-write] [-gate] [-run regexp] [-short] [-rounds n] [-lines file]
//
// It prints a table for each group and the targets with their verdicts.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	write := flag.Bool("write", false, "write RESULTS.md beside the program")
	gate := flag.Bool("gate", false, "fail when a target is missed")
	pattern := flag.String("run", "", "measure the groups that match only")
	short := flag.Bool("short", false, "leave out uploads and limiters")
	rounds := flag.Int("rounds", 21, "slices of each case")
	lines := flag.String("lines", "", "write a Go benchmark line for each slice to this file, for benchstat")
	flag.Parse()
	if err := run(*write, *gate, *pattern, *short, *rounds, *lines); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// slow are the groups that -short leaves out.
var slow = regexp.MustCompile(`^(Upload|Limiter)`)

// groups are all of them. Each is built when its turn comes, and closed after it.
func groups() []func() *group {
	all := slices.Concat(decodeGroups(), requestGroups())
	all = append(all, parallel, tokenHits, hooks, limiterCost)
	for _, protocol := range []string{"http1", "tls", "http2"} {
		all = append(all, func() *group { return uploadTime(protocol) })
	}
	return all
}

func run(write, gate bool, pattern string, short bool, rounds int, lines string) error {
	match, err := regexp.Compile(pattern)
	if err != nil {
		return err
	}
	var out io.Writer
	if lines != "" {
		f, err := os.Create(lines)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		out = f
	}
	wanted := func(name string) bool { return match.MatchString(name) && !(short && slow.MatchString(name)) }
	var (
		verdicts []verdict
		body     strings.Builder
		missed   int
	)
	for _, build := range groups() {
		g := build()
		if wanted(g.name) {
			text, judged := g.judged(rounds, out)
			fmt.Println(text)
			body.WriteString(text + "\n")
			verdicts = append(verdicts, judged...)
		}
		if g.close != nil {
			g.close()
		}
	}
	for _, c := range counts() {
		if !wanted(c.group) {
			continue
		}
		v, err := c.judge()
		if err != nil {
			return fmt.Errorf("%s: %w", c.what, err)
		}
		verdicts = append(verdicts, v)
	}
	slices.SortStableFunc(verdicts, func(a, b verdict) int { return strings.Compare(a.id, b.id) })
	for _, v := range verdicts {
		if !v.ok && !v.shown {
			missed++
		}
	}
	text := verdictTable(verdicts)
	fmt.Println(text)
	if write {
		path := filepath.Join(root(), "internal", "bench", "RESULTS.md")
		if err := writeResults(path, section(text+"\n"+body.String(), rounds, pattern)); err != nil {
			return err
		}
	}
	if gate && missed > 0 {
		return fmt.Errorf("%d targets missed", missed)
	}
	return nil
}

// judged measures a group and holds it against its targets. On a miss it measures once more, with twice the rounds.
func (g *group) judged(rounds int, lines io.Writer) (string, []verdict) {
	for again := 1; ; again++ {
		r := g.measure(rounds*again, lines)
		var verdicts []verdict
		missed := false
		for _, t := range targets {
			if v, ok := t.judge(r); ok {
				verdicts = append(verdicts, v)
				missed = missed || !v.ok
			}
		}
		if !missed || again == 2 {
			return groupTable(g, r), verdicts
		}
	}
}
