package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "open")
	a, b, c := kyc.Ref{Vendor: kyc.Transmit, Session: "a"}, kyc.Ref{Vendor: kyc.Transmit, Session: "b"}, kyc.Ref{Vendor: kyc.Jumio, Account: "c", Session: "c"}
	reopen := func(want ...kyc.Ref) *journal {
		t.Helper()
		j := &journal{}
		got, err := j.load(path, silent)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		return j
	}
	note := func(j *journal, ref kyc.Ref, open bool) {
		t.Helper()
		if err := j.note(ref, open); err != nil {
			t.Fatal(err)
		}
	}
	j := reopen()
	note(j, a, true)
	note(j, b, true)
	note(j, b, true) // the browser came back twice
	note(j, a, false)
	note(j, c, true)
	if err := j.close(); err != nil {
		t.Fatal(err)
	}
	j = reopen(b, c)
	note(j, b, false)
	// Killed in mid-write, without a close.
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(`{"ref":"transmit:d","op`); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if err := reopen(c).close(); err != nil {
		t.Fatal(err)
	}
	if err := new(journal).note(a, true); err != nil {
		t.Errorf("without a file: %v", err)
	}
}

// A last line that cannot be read is dropped with a warning. A file of something else is left alone.
func TestJournalWithABrokenLine(t *testing.T) {
	const good = `{"ref":"transmit:a","open":true}` + "\n"
	for text, c := range map[string]struct {
		open  int
		warns bool
		fails bool
	}{
		"":                                      {0, false, false},
		good:                                    {1, false, false},
		good[:1]:                                {0, true, false},
		good[:len(good)-4]:                      {0, true, false},
		good + good[:len(good)-4]:               {1, true, false},
		good + "\x00\x00\x00":                   {1, true, false},
		good + `{"ref":"transmit:b","op` + "\n": {1, true, false},
		good[:9] + "\n" + good:                  {0, false, true},
		good[:9] + good + good:                  {0, false, true},
		"customers\n":                           {0, false, true},
		"customers":                             {0, false, true},
		"customers\n" + good:                    {0, false, true},
	} {
		path := filepath.Join(t.TempDir(), "open")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		j := &journal{}
		open, err := j.load(path, slog.New(slog.NewTextHandler(&log, nil)))
		if len(open) != c.open || (err != nil) != c.fails || strings.Contains(log.String(), "level=WARN") != c.warns || strings.Contains(log.String(), "transmit:") {
			t.Errorf("%q: %v, %v, %s", text, open, err, log.String())
		}
		if c.fails {
			if got := read(t, path); got != text {
				t.Errorf("%q became %q", text, got)
			}
			continue
		}
		if err := errors.Join(j.note(kyc.Ref{Vendor: kyc.Didit, Session: "n"}, true), j.close()); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if open, err := new(journal).load(path, silent); err != nil || len(open) != c.open+1 {
			t.Errorf("%q: after one more, %v, %v", text, open, err)
		}
	}
}

// disk is a file on a disk with little room, of which some calls fail.
type disk struct {
	*os.File
	room               int
	noSync, noTruncate bool
}

var errDisk = errors.New("no space left on device")

func (d *disk) Write(p []byte) (int, error) {
	n, err := d.File.Write(p[:min(d.room, len(p))])
	if d.room -= n; err == nil && n < len(p) {
		err = errDisk
	}
	return n, err
}

func (d *disk) Sync() error {
	if d.noSync {
		return errDisk
	}
	return d.File.Sync()
}

func (d *disk) Truncate(size int64) error {
	if d.noTruncate {
		return errDisk
	}
	return d.File.Truncate(size)
}

// A line that a full disk cut is cut off, so that the next one does not go on from there.
func TestJournalOnAFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "open")
	j := &journal{}
	if _, err := j.load(path, silent); err != nil {
		t.Fatal(err)
	}
	d := &disk{File: j.file.(*os.File), room: 1 << 20}
	j.file = d
	ref := func(i int) kyc.Ref { return kyc.Ref{Vendor: kyc.Didit, Session: strconv.Itoa(i)} }
	note := func(i int, want bool, text string) {
		t.Helper()
		if err := j.note(ref(i), true); (err == nil) != want || err != nil && !errors.Is(err, errDisk) {
			t.Errorf("note %d: %v", i, err)
		}
		if got := read(t, path); got != text {
			t.Errorf("after note %d: %q, want %q", i, got, text)
		}
	}
	const one, two, three = `{"ref":"didit:1","open":true}` + "\n", `{"ref":"didit:2","open":true}` + "\n", `{"ref":"didit:3","open":true}` + "\n"
	note(1, true, one)
	d.room = 10
	note(2, false, one)
	d.room, d.noSync = 1<<20, true
	note(2, false, one) // whether it is on the disk is not known
	d.noSync, d.room, d.noTruncate = false, 10, true
	note(2, false, one+two[:10])
	d.room = 1 << 20
	note(2, false, one+two[:10]) // nothing is written until the rest is cut off
	d.noTruncate = false
	note(2, true, one+two)
	note(3, true, one+two+three)
	if err := j.close(); err != nil {
		t.Fatal(err)
	}
	if open, err := new(journal).load(path, silent); err != nil || len(open) != 3 {
		t.Errorf("%v, %v", open, err)
	}
}

// undecided is a provider that says of a session what it holds, and pending of all others.
type undecided struct {
	decided kyc.Ref
	asked   chan kyc.Ref
}

func (undecided) Vendor() kyc.Vendor { return kyc.Jumio }
func (undecided) Start(context.Context, kyc.StartRequest) (*kyc.Session, error) {
	return nil, kyc.Invalid(kyc.Jumio, "start", "not in this test")
}
func (undecided) Delete(context.Context, kyc.Ref) error { return nil }
func (u undecided) Fetch(_ context.Context, ref kyc.Ref) (*kyc.Result, error) {
	u.asked <- ref
	if ref == u.decided {
		return &kyc.Result{Ref: ref, Decision: kyc.Approved}, nil
	}
	return &kyc.Result{Ref: ref, Decision: kyc.Pending}, nil
}

// What is open at an interrupt is asked for after the next start, until it is settled.
func TestRestartGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "open")
	ref := kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: "w"}
	// serve runs a program until work is done in it, and returns what it printed.
	serve := func(provider kyc.Provider, acted func(*kyc.Result), work func(url string)) string {
		t.Helper()
		var out bytes.Buffer
		a := &app{out: &out, log: silent, logins: &logins{}, acted: acted}
		a.routes = []route{{pattern: "/back", provider: provider, source: jumio.Callbacks(), follow: true}}
		var err error
		if a.resume, err = a.journal.load(path, silent); err != nil {
			t.Fatal(err)
		}
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, interrupt := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- a.serve(ctx, listener) }()
		work("http://" + listener.Addr().String() + "/back")
		interrupt()
		if err := <-served; err != nil {
			t.Error(err)
		}
		if err := a.journal.close(); err != nil {
			t.Error(err)
		}
		return out.String()
	}
	asked := make(chan kyc.Ref, 8)
	serve(undecided{asked: asked}, nil, func(url string) {
		body := `{"callbackSentAt":"2026-01-02T15:04:05.000Z","workflowExecution":{"id":"w","status":"PROCESSED"},"account":{"id":"a"}}`
		res, err := http.Post(url, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if got := <-asked; got != ref {
			t.Fatalf("%v was asked for", got)
		}
	})
	settled := make(chan kyc.Ref, 1)
	out := serve(undecided{decided: ref, asked: asked}, func(r *kyc.Result) { settled <- r.Ref }, func(string) {
		if got := <-settled; got != ref {
			t.Errorf("%v was settled", got)
		}
	})
	if !strings.Contains(out, "activate") {
		t.Error(out)
	}
	left, err := new(journal).load(path, silent)
	if err != nil || len(left) > 0 {
		t.Errorf("%v is still open: %v", left, err)
	}
}
