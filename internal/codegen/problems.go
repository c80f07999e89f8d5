package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// problem is one fault of an input file.
type problem struct {
	file string
	line int
	text string
}

// problems collects faults, so that one run shows all of them.
type problems struct {
	list []problem
}

func (p *problems) add(file string, line int, format string, args ...any) {
	one := problem{file, line, fmt.Sprintf(format, args...)}
	if !slices.Contains(p.list, one) {
		p.list = append(p.list, one)
	}
}

func (p *problems) failed() bool { return len(p.list) > 0 }

// err joins the faults in the order of files and lines; it is nil when there are none.
func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	slices.SortStableFunc(p.list, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line))
	})
	lines := make([]string, len(p.list))
	for i, one := range p.list {
		place := one.file
		if one.line > 0 {
			place = fmt.Sprintf("%s:%d", one.file, one.line)
		}
		lines[i] = place + ": " + one.text
	}
	return errors.New(strings.Join(lines, "\n"))
}
