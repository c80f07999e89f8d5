// Command webhooks receives the notices of all four vendors behind net/http,
// fetches the result that each of them is about, and acts on its decision. On
// an interrupt it takes no more notices, finishes those that it has, and ends.
//
//	go run ./examples/webhooks -demo         # fakes send the notices; ends by itself
//	go run ./examples/webhooks -addr :8080   # serves until it is interrupted
//	go run ./examples/webhooks -open FILE    # and keeps in FILE what is still open
//	go run ./examples/webhooks -log debug    # and logs every call to standard error
//
// It serves the vendors whose credentials are set. A vendor of which only some
// variables are set is an error:
//
//	/notices/jumio  JUMIO_CLIENT_ID, JUMIO_CLIENT_SECRET, JUMIO_REGION (amer-1, emea-1 or apac-1)
//	/notices/didit  DIDIT_API_KEY, DIDIT_WEBHOOK_SECRET
//	/notices/yoti   YOTI_SDK_ID, YOTI_KEY_FILE (the PEM file), YOTI_NOTIFICATION_TOKEN (user:password)
//	/back/transmit  TRANSMIT_CLIENT_ID, TRANSMIT_CLIENT_SECRET, TRANSMIT_ENVIRONMENT (sandbox, us, eu, ca or au)
//
// Transmit sends no notices: the person's browser comes back instead, and the
// program asks until the result is there. It does the same if the last notice of
// Jumio or Yoti arrives before its result, since neither is known to send a notice
// again; Didit is, and gets an error. It goes on asking for as long as it runs.
// What is still open when it ends is lost, unless -open names a file: the next
// start with that file goes on. The links that people have from Transmit survive a
// restart only if TRANSMIT_STATE_KEY holds the same 64 hexadecimal digits
// (openssl rand -hex 32). The logins of this example live in memory; those of a
// real program must last, too.
//
// Vendors want https, so put a proxy that speaks TLS in front. No log record
// holds a person, a secret or a URL.
//
// The exit status of a built program is 0 at the end, 1 for a failure and 2 for a
// wrong flag or environment.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	exitFailure = 1
	exitUsage   = 2
	// grace is how long notices that are being processed may take after an interrupt.
	grace = 20 * time.Second
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("webhooks", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:8080", "where to listen")
	demo := flags.Bool("demo", false, "let fakes send notices, then end")
	open := flags.String("open", "", "file that keeps what is still open for the next start; created if need be")
	level := slog.LevelInfo
	flags.TextVar(&level, "log", level, "what to log: debug (every call), info, warn (what fails) or error")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return exitUsage
	}
	if flags.NArg() > 0 || *demo && *open != "" {
		fmt.Fprintln(stderr, "webhooks: unknown argument, or -demo with -open; see -help")
		return exitUsage
	}
	a := &app{out: stdout, log: slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level})), logins: &logins{}}
	var err error
	if *demo {
		err = runDemo(ctx, a)
	} else {
		err = runServer(ctx, a, *addr, *open, env)
	}
	if err != nil {
		fmt.Fprintln(stderr, "webhooks:", err)
		if errors.Is(err, errPartial) {
			return exitUsage
		}
		return exitFailure
	}
	return 0
}

func runServer(ctx context.Context, a *app, addr, open string, env func(string) string) (err error) {
	a.service = "live"
	if err := a.fromEnvironment(env); err != nil {
		return err
	}
	if open != "" {
		if a.resume, err = a.journal.load(open, a.log); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, a.journal.close()) }()
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	a.printf("listening on %s\n", listener.Addr())
	return a.serve(ctx, listener)
}

// serve answers on listener until ctx ends, and returns when the last notice is processed.
func (a *app) serve(ctx context.Context, listener net.Listener) error {
	// Work outlives the interrupt by grace, so it must not hang on ctx.
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	server := a.server(work)
	for _, r := range a.routes {
		a.printf("%-9s %-14s %s\n", r.provider.Vendor(), a.service, r.pattern)
	}
	a.goOn(work)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	a.log.Info("shutting down")
	last, end := context.WithTimeout(work, grace)
	defer end()
	err := server.Shutdown(last)
	if err == nil {
		// Nobody has to wait for the vendors' checks: what is still open stands in the file of -open, if there is one, and
		// the next start goes on with it.
		cancel()
		a.following.Wait()
	}
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		return errors.Join(err, served)
	}
	return err
}

// server is one whose requests end with work.
func (a *app) server(work context.Context) *http.Server {
	return &http.Server{
		Handler:           a.mux(work),
		BaseContext:       func(net.Listener) context.Context { return work },
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    1 << 16,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
}
