package main

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const barWidth = 30

// bar shows how far an upload is. Off a terminal it writes one line when a file is done.
type bar struct {
	out      io.Writer
	terminal bool

	mu          sync.Mutex
	name        string
	total, done int64
	shown       int // percent; -1 for nothing yet
}

func newBar(out io.Writer) *bar {
	b := &bar{out: out, shown: -1}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		b.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return b
}

// open returns the file at path as an upload whose reading moves the bar.
func (b *bar) open(path, name string) (file kyc.File, closeFile func(), err error) {
	f, err := os.Open(path)
	if err != nil {
		// A path may be named after a customer, so it stays out of the error.
		var pe *os.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return kyc.File{}, nil, fmt.Errorf("open the %s: %w", name, err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("the %s is not a regular file", name)
	}
	if err != nil {
		_ = f.Close()
		return kyc.File{}, nil, err
	}
	b.mu.Lock()
	b.name, b.total, b.done, b.shown = name, info.Size(), 0, -1
	b.mu.Unlock()
	// A FileReaderAt can be read again, so that a refused attempt can be repeated.
	upload := kyc.FileReaderAt(filepath.Base(path), mime.TypeByExtension(filepath.Ext(path)), counted{f, b}, info.Size())
	return upload, func() { _ = f.Close() }, nil
}

// counted tells the bar where the reading stands. When an attempt is repeated the bar starts again.
type counted struct {
	io.ReaderAt
	bar *bar
}

// ReadAt reads and moves the bar.
func (c counted) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, off)
	c.bar.moved(off + int64(n))
	return n, err
}

func (b *bar) moved(done int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done = done
	if !b.terminal || b.total == 0 {
		return
	}
	percent := int(100 * b.done / b.total)
	if percent == b.shown {
		return
	}
	b.shown = percent
	full := barWidth * percent / 100
	fmt.Fprintf(b.out, "\r%-6s [%s%s] %3d %%", b.name, strings.Repeat("#", full), strings.Repeat(".", barWidth-full), percent)
}

// finish ends the line of the file.
func (b *bar) finish(ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	word := "sent"
	if !ok {
		word = "not sent"
	}
	if b.terminal {
		fmt.Fprintf(b.out, " %s\n", word)
		return
	}
	fmt.Fprintf(b.out, "%-6s %d KiB %s\n", b.name, (b.total+1023)/1024, word)
}
