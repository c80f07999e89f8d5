package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

func none(string) string { return "" }

var silent = slog.New(slog.DiscardHandler)

func TestDemo(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"-demo"}, none, &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s", status, stderr.String())
	}
	for _, want := range []string{
		"jumio     review         queue for a human", "didit     declined       refuse, and say why", "yoti      approved       activate the account",
		"jumio     fake           /notices/jumio", "transmit  fake           /back/transmit", "transmit  approved       activate the account", "forged    refused", "shut down; all notices were processed",
	} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("%q is missing from:\n%s", want, stdout.String())
		}
	}
}

func TestUsage(t *testing.T) {
	for args, want := range map[string]int{"-nonsense": exitUsage, "-demo more": exitUsage, "-demo -open file": exitUsage, "-help": 0, "": exitFailure} {
		if got := run(t.Context(), strings.Fields(args), none, io.Discard, io.Discard); got != want {
			t.Errorf("%q: %d, want %d", args, got, want)
		}
	}
}

func TestEnvironment(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.pem")
	for name, c := range map[string]struct {
		env  map[string]string
		says string
	}{
		"didit without its secret": {map[string]string{"DIDIT_API_KEY": "x"}, "DIDIT_API_KEY is set, but DIDIT_WEBHOOK_SECRET is not"},
		"yoti without its token":   {map[string]string{"YOTI_SDK_ID": "x", "YOTI_KEY_FILE": "x"}, "YOTI_SDK_ID and YOTI_KEY_FILE are set, but YOTI_NOTIFICATION_TOKEN is not"},
		"yoti without its key":     {map[string]string{"YOTI_SDK_ID": "x", "YOTI_NOTIFICATION_TOKEN": "u:p", "YOTI_KEY_FILE": missing}, "YOTI_KEY_FILE"},
		"half of jumio":            {map[string]string{"JUMIO_CLIENT_SECRET": "x"}, "JUMIO_CLIENT_SECRET is set, but JUMIO_CLIENT_ID and JUMIO_REGION are not"},
		"half of transmit":         {map[string]string{"TRANSMIT_CLIENT_ID": "x"}, "TRANSMIT_CLIENT_ID is set, but TRANSMIT_CLIENT_SECRET and TRANSMIT_ENVIRONMENT are not"},
	} {
		var stderr bytes.Buffer
		status := run(t.Context(), []string{"-addr", "127.0.0.1:0"}, func(n string) string { return c.env[n] }, io.Discard, &stderr)
		if want := strings.Contains(c.says, " set, but "); (status == exitUsage) != want || status == 0 || !strings.Contains(stderr.String(), c.says) {
			t.Errorf("%s: status %d: %s", name, status, stderr.String())
		}
		err := new(app).fromEnvironment(func(n string) string { return c.env[n] })
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	all := map[string]string{
		"JUMIO_CLIENT_ID": "x", "JUMIO_CLIENT_SECRET": "x", "JUMIO_REGION": "emea-1", "DIDIT_API_KEY": "x", "DIDIT_WEBHOOK_SECRET": "x",
		"TRANSMIT_CLIENT_ID": "x", "TRANSMIT_CLIENT_SECRET": "x", "TRANSMIT_ENVIRONMENT": "eu",
	}
	a := &app{logins: &logins{}, log: silent}
	if err := a.fromEnvironment(func(n string) string { return all[n] }); err != nil || len(a.routes) != 3 {
		t.Errorf("%d routes, %v", len(a.routes), err)
	}
}

// slow is a provider whose answer waits.
type slow struct {
	asked  chan struct{}
	answer chan *kyc.Result
}

func (slow) Vendor() kyc.Vendor { return kyc.Jumio }
func (slow) Start(context.Context, kyc.StartRequest) (*kyc.Session, error) {
	return nil, kyc.Invalid(kyc.Jumio, "start", "not in this test")
}
func (slow) Delete(context.Context, kyc.Ref) error { return nil }
func (s slow) Fetch(ctx context.Context, _ kyc.Ref) (*kyc.Result, error) {
	close(s.asked)
	select {
	case r := <-s.answer:
		return r, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// A notice that is being worked on when the interrupt comes is finished and answered.
func TestShutdownFinishesNotices(t *testing.T) {
	provider := slow{make(chan struct{}), make(chan *kyc.Result)}
	var out bytes.Buffer
	a := &app{out: &out, log: silent, logins: &logins{}}
	a.addJumio(provider)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	served := make(chan error, 1)
	go func() { served <- a.serve(ctx, listener) }()
	status := make(chan int, 1)
	go func() {
		defer close(status)
		body := `{"callbackSentAt":"2026-01-02T15:04:05.000Z","workflowExecution":{"id":"w","status":"PROCESSED"},"account":{"id":"a"}}`
		res, err := http.Post("http://"+listener.Addr().String()+"/notices/jumio", "application/json", strings.NewReader(body))
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = res.Body.Close() }()
		status <- res.StatusCode
	}()
	<-provider.asked
	interrupt()
	select {
	case err := <-served:
		t.Fatalf("the server ended before the notice was processed: %v", err)
	case provider.answer <- &kyc.Result{Ref: kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: "w"}, Decision: kyc.Approved}:
	}
	if got := <-status; got != http.StatusOK {
		t.Errorf("the notice was answered with %d", got)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	if !strings.Contains(out.String(), "activate") {
		t.Error(out.String())
	}
}

func TestEachDecisionHasAnAction(t *testing.T) {
	for _, d := range kyc.Decisions() {
		var out bytes.Buffer
		if err := (&app{out: &out}).act(t.Context(), &kyc.Result{Decision: d}); err != nil {
			t.Error(err)
		}
		if (out.Len() == 0) != (d == kyc.Pending) || strings.Contains(out.String(), "activate") != (d == kyc.Approved) {
			t.Errorf("%v: %q", d, out.String())
		}
	}
}

func TestStrangersReturnIsRefused(t *testing.T) {
	l := &logins{}
	ref := kyc.Ref{Vendor: kyc.Transmit, Session: "s1"}
	cookie := l.open("reference", ref)
	r, err := http.NewRequest(http.MethodGet, "/back/transmit", nil)
	if err != nil {
		t.Fatal(err)
	}
	if reference, sessions := l.of(r); reference != "" || sessions != nil {
		t.Error("a browser without a cookie has a check")
	}
	r.AddCookie(cookie)
	if reference, sessions := l.of(r); reference != "reference" || !slices.Equal(sessions, []kyc.Ref{ref}) {
		t.Error("the cookie leads nowhere")
	}
}

// Somebody who is logged in and brings another person's session is refused, and may come again with their own.
func TestAnothersSessionIsRefused(t *testing.T) {
	fake := transmittest.NewServer()
	defer fake.Close()
	states, err := newStates(newKey())
	if err != nil {
		t.Fatal(err)
	}
	client, err := transmit.NewClient(fake.Config(), transmit.WithStates(states))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	a := &app{out: &out, log: silent, logins: &logins{}}
	a.addTransmit(client, states)
	start := func(reference string) (kyc.Ref, *url.URL) {
		session, err := client.Start(t.Context(), kyc.StartRequest{Reference: reference, RedirectURL: "https://example.com/back/transmit"})
		if err != nil {
			t.Fatal(err)
		}
		back, err := fake.Visit(session.URL)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(back)
		if err != nil {
			t.Fatal(err)
		}
		return session.Ref, u
	}
	bob, _ := start("bob")
	eve, own := start("eve")
	cookie := a.logins.open("eve", eve)
	query := own.Query()
	query.Set("sessionId", bob.Session)
	for _, step := range []struct {
		query string
		want  int
	}{{query.Encode(), http.StatusUnauthorized}, {own.RawQuery, http.StatusOK}, {own.RawQuery, http.StatusUnauthorized}} {
		r := httptest.NewRequest(http.MethodGet, "/back/transmit?"+step.query, nil)
		r.AddCookie(cookie)
		w := httptest.NewRecorder()
		a.mux(t.Context()).ServeHTTP(w, r)
		if w.Code != step.want {
			t.Errorf("answered with %d, want %d", w.Code, step.want)
		}
	}
}

func TestStateKey(t *testing.T) {
	const digits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	for text, says := range map[string]string{digits: "", "": "TRANSMIT_STATE_KEY is not set", digits[2:]: "must be 64", digits[1:] + "x": "must be 64"} {
		var log bytes.Buffer
		a := &app{log: slog.New(slog.NewTextHandler(&log, nil))}
		key, err := a.stateKey(func(string) string { return text })
		if err != nil {
			log.WriteString(err.Error())
		}
		if (len(key) == 32) != (says != "must be 64") || !strings.Contains(log.String(), says) || says == "" && (log.Len() > 0 || key[31] != 31) {
			t.Errorf("%q: %x, %s", text, key, log.String())
		}
	}
}

func TestTheServerWaitsForNobody(t *testing.T) {
	if s := (&app{log: silent}).server(t.Context()); s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.IdleTimeout <= 0 {
		t.Errorf("%v, %v, %v", s.ReadHeaderTimeout, s.ReadTimeout, s.IdleTimeout)
	}
}
