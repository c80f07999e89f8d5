package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
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
		got, err := j.load(path)
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
	// A file of something else is left alone.
	other := []byte("customers\n")
	if err := os.WriteFile(path, other, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := new(journal).load(path); err == nil {
		t.Error("a file of something else was taken")
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, other) {
		t.Errorf("%q, %v", got, err)
	}
	if err := new(journal).note(a, true); err != nil {
		t.Errorf("without a file: %v", err)
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
		a := &app{out: &out, log: slog.New(slog.DiscardHandler), logins: &logins{}, acted: acted}
		a.routes = []route{{pattern: "/back", provider: provider, source: jumio.Callbacks(), follow: true}}
		var err error
		if a.resume, err = a.journal.load(path); err != nil {
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
	left, err := new(journal).load(path)
	if err != nil || len(left) > 0 {
		t.Errorf("%v is still open: %v", left, err)
	}
}
