package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func none(string) string { return "" }

func TestDemo(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"-demo"}, none, &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s", status, stderr.String())
	}
	for _, want := range []string{
		"jumio     review         queue for a human", "didit     declined       refuse, and say why", "yoti      approved       activate the account",
		"jumio     fake           /notices/jumio", "transmit  fake           /back/transmit", "transmit  approved       activate the account", "forged    refused", "shut down; all notices were worked off",
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
		"didit without its secret": {map[string]string{"DIDIT_API_KEY": "x"}, "but not DIDIT_WEBHOOK_SECRET"},
		"yoti without its token":   {map[string]string{"YOTI_SDK_ID": "x", "YOTI_KEY_FILE": "x"}, "but not YOTI_NOTIFICATION_TOKEN"},
		"yoti without its key":     {map[string]string{"YOTI_SDK_ID": "x", "YOTI_NOTIFICATION_TOKEN": "u:p", "YOTI_KEY_FILE": missing}, "YOTI_KEY_FILE"},
		"half of jumio":            {map[string]string{"JUMIO_CLIENT_SECRET": "x"}, "but not JUMIO_CLIENT_ID, JUMIO_REGION"},
		"half of transmit":         {map[string]string{"TRANSMIT_CLIENT_ID": "x"}, "but not TRANSMIT_CLIENT_SECRET, TRANSMIT_ENVIRONMENT"},
	} {
		var stderr bytes.Buffer
		status := run(t.Context(), []string{"-addr", "127.0.0.1:0"}, func(n string) string { return c.env[n] }, io.Discard, &stderr)
		if want := strings.Contains(c.says, "but not"); (status == exitUsage) != want || status == 0 || !strings.Contains(stderr.String(), c.says) {
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
	a := &app{logins: &logins{}, log: slog.New(slog.DiscardHandler)}
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
	a := &app{out: &out, log: slog.New(slog.DiscardHandler), logins: &logins{}}
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
		t.Fatalf("the server ended before the notice was worked off: %v", err)
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
	cookie := l.open("reference")
	r, err := http.NewRequest(http.MethodGet, "/back/transmit", nil)
	if err != nil {
		t.Fatal(err)
	}
	if l.reference(r) != "" {
		t.Error("a browser without a cookie has a reference")
	}
	r.AddCookie(cookie)
	if l.reference(r) != "reference" {
		t.Error("the cookie leads nowhere")
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
