package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

const barWidth = 40

// bar shows how much of the input was read. Off a terminal it writes a line at each tenth.
type bar struct {
	out         io.Writer
	terminal    bool
	total, done int64
	shown       int // percent; -1 for nothing yet
}

func newBar(out io.Writer, total int64) *bar {
	b := &bar{out: out, total: total, shown: -1}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		b.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return b
}

// reader returns r with the bar moving as it is read. Reads must come one after the other.
func (b *bar) reader(r io.Reader) io.Reader { return counted{r, b} }

type counted struct {
	io.Reader
	bar *bar
}

// Read reads and moves the bar.
func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.bar.add(int64(n))
	return n, err
}

func (b *bar) add(n int64) {
	b.done += n
	if b.total == 0 {
		return
	}
	percent := int(100 * b.done / b.total)
	if percent == b.shown || !b.terminal && percent/10 == b.shown/10 && b.shown >= 0 {
		return
	}
	b.shown = percent
	if !b.terminal {
		fmt.Fprintf(b.out, "%d %% read\n", percent)
		return
	}
	full := barWidth * percent / 100
	fmt.Fprintf(b.out, "\r[%s%s] %3d %%", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), percent)
}

// finish ends the bar's line.
func (b *bar) finish() {
	if b.terminal {
		fmt.Fprintln(b.out)
	}
}
