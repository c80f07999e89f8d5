// Command failover shows a kyc.Chain of three vendors at work: the next vendor
// is asked where one is down, and nobody is asked where that could pay twice.
//
//	go run ./examples/failover
//	go run ./examples/failover -log debug
//
// The vendors are fakes in this process, with faults switched on and off. The
// function newChain is what a program of your own needs; a store that several
// processes share takes the place of kyc.MemoryChain there. With -log debug every
// call is logged to standard error, without a person, a secret or a URL.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

const (
	exitFailure = 1
	exitUsage   = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("failover", flag.ContinueOnError)
	flags.SetOutput(stderr)
	level := slog.LevelError
	flags.TextVar(&level, "log", level, "what to log: debug (every call), info, warn (calls that fail) or error")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return exitUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintln(stderr, "failover: unknown argument; see -help")
		return exitUsage
	}
	log := kyc.WithLogger(slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level})))
	if err := story(ctx, log, stdout); err != nil {
		fmt.Fprintln(stderr, "failover:", err)
		return exitFailure
	}
	return 0
}

// newChain asks the vendors in the given order. A vendor that fails is left alone for pause.
func newChain(store kyc.ChainStore, pause time.Duration, out io.Writer, vendors ...kyc.Provider) (*kyc.Chain, error) {
	chain, err := kyc.NewChain(store, vendors...)
	if err != nil {
		return nil, err
	}
	chain.Pause = pause
	chain.Failed = func(_ context.Context, vendor kyc.Vendor, err error) {
		// The error's text holds no URL, no body and no personal data.
		fmt.Fprintf(out, "  %s failed: %v\n", vendor, err)
	}
	return chain, nil
}

// request asks for what all three vendors can honour. Fields that one of them cannot are an error there.
func request(reference string) kyc.StartRequest {
	return kyc.StartRequest{Reference: reference, RedirectURL: "https://example.com/back"}
}

func story(ctx context.Context, log kyc.Option, out io.Writer) error {
	d, j, y := didittest.NewServer(), jumiotest.NewServer(), yotitest.NewServer()
	defer d.Close()
	defer j.Close()
	defer y.Close()
	// A chain is there to move on, so each vendor gets one repeat and no long waits.
	brief := kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 2, MinBackoff: 10 * time.Millisecond, MaxBackoff: 50 * time.Millisecond})
	first, err1 := didit.NewClient(d.Config(), brief, log)
	second, err2 := jumio.NewClient(j.Config(), brief, log)
	third, err3 := yoti.NewClient(y.Config(), brief, log)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	chain, err := newChain(&kyc.MemoryChain{}, time.Minute, out, first, second, third)
	if err != nil {
		return err
	}
	start := func(reference string) (*kyc.Session, error) {
		session, err := chain.Start(ctx, request(reference))
		if err == nil {
			fmt.Fprintf(out, "  %s has a session at %s\n", reference, session.Ref.Vendor)
		}
		return session, err
	}

	fmt.Fprintln(out, "didit, jumio and yoti are fakes in this process.")
	fmt.Fprintln(out, "1. All is well: the first vendor is asked.")
	one, err := start("customer-1")
	if err != nil {
		return err
	}

	fmt.Fprintln(out, "2. The first vendor is down: the second one is asked, and the first one is left alone from now on.")
	d.Script(didittest.FaultEvery("Sessions.Create", didittest.Unavailable))
	two, err := start("customer-2")
	if err != nil {
		return err
	}

	fmt.Fprintln(out, "3. The same customer again: the session that there is, and no request.")
	if again, err := start("customer-2"); err != nil {
		return err
	} else if again.Ref != two.Ref {
		return errors.New("a second session was opened")
	}

	fmt.Fprintln(out, "4. The connection breaks after the second vendor has read the request: it may have opened a session, so nobody else is asked.")
	j.Script(jumiotest.FaultEvery("Accounts.Create", jumiotest.ResetAfterRead))
	_, err = start("customer-3")
	if !kyc.Uncertain(err) {
		return fmt.Errorf("an uncertain create was expected: %w", err)
	}
	if _, err = start("customer-3"); !errors.Is(err, kyc.ErrConflict) {
		return fmt.Errorf("a conflict was expected: %w", err)
	}
	fmt.Fprintln(out, "  a repeat is refused:", err)

	fmt.Fprintln(out, "5. Somebody has looked at the second vendor and found no session: Forget, and the third one is asked.")
	if err := chain.Forget(ctx, "customer-3"); err != nil {
		return err
	}
	three, err := start("customer-3")
	if err != nil {
		return err
	}

	fmt.Fprintln(out, "6. Results come from the vendor that holds the session, whoever is failing.")
	if !d.Complete(one.Ref.Session) || !j.CompleteJourney(two.Ref) {
		return errors.New("a fake did not finish")
	}
	if err := y.CompleteJourney(three.Ref.Session); err != nil {
		return err
	}
	for _, s := range []*kyc.Session{one, two, three} {
		result, err := kyc.Wait(ctx, chain, s.Ref, kyc.WithFirstReadNow())
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  %s: %s\n", s.Ref.Vendor, result.Decision)
	}
	return nil
}
