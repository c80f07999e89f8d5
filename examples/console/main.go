// Command console is a small web application to try the four vendors with: it
// starts a check, follows it live, and shows the normalised result beside the
// vendor's own answer, with each piece of evidence marked where it stands.
//
//	go run ./examples/console
//	go run ./examples/console -demo
//
// It listens on 127.0.0.1:8080 and on loopback addresses only, since it has no
// login. The vendors are fakes in the same process. Credentials in the
// environment replace a fake with the real service, which bills its checks. If only
// some of a vendor's variables are set, that is an error; the output says which
// service is fake and which is live:
//
//	JUMIO_CLIENT_ID, JUMIO_CLIENT_SECRET, JUMIO_REGION (amer-1, emea-1 or apac-1)
//	TRANSMIT_CLIENT_ID, TRANSMIT_CLIENT_SECRET, TRANSMIT_ENVIRONMENT (sandbox, us, eu, ca or au)
//	DIDIT_API_KEY, with DIDIT_WORKFLOW_ID for the default workflow and DIDIT_WEBHOOK_SECRET for notices
//	YOTI_SDK_ID, YOTI_KEY_FILE (the PEM file)
//
// With -public and the https URL of a tunnel the real services can post their
// notices. They come in at a listener of their own, 127.0.0.1:8081 unless -notices
// says otherwise, which serves nothing else. Point the tunnel there, and never at
// the address of the pages:
//
//	go run ./examples/console -public https://example-tunnel.test   # the tunnel leads to 127.0.0.1:8081
//
// With -demo it checks itself with every vendor and ends. With -log debug each
// call to a vendor and each request of a browser is logged to standard error,
// without a person, a secret or an address.
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
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	exitFailure = 1
	exitUsage   = 2
	// shutdownTime bounds how long open requests may take once the program is told to end.
	shutdownTime = 5 * time.Second
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

type config struct {
	addr    string
	public  *url.URL
	notices string
	demo    bool
	quick   bool
	log     *slog.Logger
}

func run(ctx context.Context, args []string, env getenv, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("console", flag.ContinueOnError)
	flags.SetOutput(stderr)
	cfg := config{}
	flags.StringVar(&cfg.addr, "addr", "127.0.0.1:8080", "loopback address to listen on; port 0 takes a free one")
	flags.BoolVar(&cfg.demo, "demo", false, "run a self-check with every vendor on a free port, then end")
	flags.BoolVar(&cfg.quick, "quick", false, "let the fakes answer without pauses")
	public := flags.String("public", "", "https URL at which real services can post notices: that of a tunnel which leads to -notices")
	flags.StringVar(&cfg.notices, "notices", "127.0.0.1:8081", "address that takes notices and nothing else, with -public")
	level := slog.LevelInfo
	flags.TextVar(&level, "log", level, "what to log: debug (every call and request), info, warn (what fails) or error")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return exitUsage
	}
	cfg.log = slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))
	if *public != "" {
		u, err := url.Parse(*public)
		if err != nil || u.Scheme != "https" || u.Host == "" {
			fmt.Fprintln(stderr, "console: -public is not an https URL")
			return exitUsage
		}
		cfg.public = u
	}
	if flags.NArg() > 0 {
		fmt.Fprintln(stderr, "console: unknown argument; see -help")
		return exitUsage
	}
	if cfg.demo {
		// Real checks are billed, so the self-check keeps to the fakes.
		cfg.addr, cfg.public, cfg.quick, env = "127.0.0.1:0", nil, true, func(string) string { return "" }
	}
	if err := serve(ctx, cfg, env, stdout); err != nil {
		fmt.Fprintln(stderr, "console:", err)
		if errors.Is(err, errPartial) {
			return exitUsage
		}
		return exitFailure
	}
	return 0
}

// serve runs the console until ctx ends, or until the self-check is done.
func serve(ctx context.Context, cfg config, env getenv, stdout io.Writer) error {
	all, err := vendors(env, kyc.WithUserAgent(userAgent), kyc.WithLogger(cfg.log))
	if err != nil {
		return err
	}
	listeners, err := listen(cfg)
	if err != nil {
		return err
	}
	base := &url.URL{Scheme: "http", Host: listeners[0].Addr().String()}
	p := calm
	if cfg.quick {
		p = quick
	}
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	a, err := newApp(running, base, cfg.public, all, p, cfg.log)
	if err != nil {
		closeAll(listeners)
		return err
	}
	servers := []*http.Server{pageServer(a), noticeServer(a)}[:len(listeners)]
	served := make(chan error, len(servers))
	for i, s := range servers {
		go func() { served <- s.Serve(listeners[i]) }()
	}
	fmt.Fprintf(stdout, "console on %s\n", base)
	for _, l := range listeners[1:] {
		fmt.Fprintf(stdout, "notices on http://%s, for a tunnel from %s\n", l.Addr(), cfg.public)
	}
	for _, v := range all {
		fmt.Fprintf(stdout, "  %-18s %s\n", v.Name, serviceName(v))
	}
	var result error
	if cfg.demo {
		result = demo(running, base, all, stdout)
	} else {
		select {
		case <-ctx.Done():
		case result = <-served:
		}
	}
	// The streams end with this context; Shutdown waits for the rest.
	cancel()
	ending, stop := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer stop()
	for _, s := range servers {
		if err := s.Shutdown(ending); err != nil && result == nil {
			result = err
		}
	}
	a.close()
	return result
}

// pageServer has no ReadTimeout, which would end the streams of events.
func pageServer(a *app) *http.Server {
	return &http.Server{
		Handler: a.routes(), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
}

// noticeServer is for strangers, who get no time to hold connections.
func noticeServer(a *app) *http.Server {
	return &http.Server{
		Handler: a.publicRoutes(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
}

// listen opens the listener of the pages and, with -public, that of the notices. The pages take loopback addresses only:
// whoever reaches them can start checks.
func listen(cfg config) ([]net.Listener, error) {
	tcp, err := net.ResolveTCPAddr("tcp", cfg.addr)
	if err != nil {
		return nil, fmt.Errorf("-addr: %w", err)
	}
	if !tcp.IP.IsLoopback() {
		return nil, errors.New("-addr is not a loopback address, and the console has no login")
	}
	pages, err := net.ListenTCP("tcp", tcp)
	if err != nil {
		return nil, err
	}
	if cfg.public == nil {
		return []net.Listener{pages}, nil
	}
	notices, err := net.Listen("tcp", cfg.notices)
	if err != nil {
		_ = pages.Close() // nothing was served on it
		return nil, fmt.Errorf("-notices: %w", err)
	}
	return []net.Listener{pages, notices}, nil
}

func closeAll(listeners []net.Listener) {
	for _, l := range listeners {
		_ = l.Close() // nothing was served on it
	}
}
