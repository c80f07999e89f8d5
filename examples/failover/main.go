// Command failover shows a kyc.Chain of three vendors at work. When a vendor is
// down it moves on to the next, unless that could mean paying twice.
//
//	go run ./examples/failover
//	go run ./examples/failover -log debug
//
// The vendors are fakes in this process, with faults switched on and off. The
// function newChain is what a program of your own needs; in place of
// kyc.MemoryChain it takes a store that lasts and that its processes share. With
// -log debug every call is logged to standard error, without a person, a secret or
// a URL.
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

// newChain asks the vendors in the given order. A vendor that fails is left alone for as long as pause says.
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

// request asks for what all three vendors can honour. A field that one of them cannot honour is an error there.
func request(reference string) kyc.StartRequest {
	return kyc.StartRequest{Reference: reference, RedirectURL: "https://example.com/back"}
}

// story plays what may happen, in three chapters.
func story(ctx context.Context, log kyc.Option, out io.Writer) error {
	s, err := newStage(log, out)
	if err != nil {
		return err
	}
	defer s.close()
	fmt.Fprintln(out, "didit, jumio and yoti are fakes in this process.")
	one, two, err := s.outage(ctx)
	if err != nil {
		return err
	}
	three, err := s.doubt(ctx)
	if err != nil {
		return err
	}
	return s.results(ctx, one, two, three)
}

// stage is what the story takes place on: three fakes, and a chain of their clients.
type stage struct {
	didit *didittest.Server
	jumio *jumiotest.Server
	yoti  *yotitest.Server
	chain *kyc.Chain
	out   io.Writer
}

func newStage(log kyc.Option, out io.Writer) (*stage, error) {
	s := &stage{didit: didittest.NewServer(), jumio: jumiotest.NewServer(), yoti: yotitest.NewServer(), out: out}
	// A chain is there to move on, so each vendor gets one repeat and no long waits.
	brief := kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 2, MinBackoff: 10 * time.Millisecond, MaxBackoff: 50 * time.Millisecond})
	first, err1 := didit.NewClient(s.didit.Config(), brief, log)
	second, err2 := jumio.NewClient(s.jumio.Config(), brief, log)
	third, err3 := yoti.NewClient(s.yoti.Config(), brief, log)
	err := errors.Join(err1, err2, err3)
	if err == nil {
		s.chain, err = newChain(&kyc.MemoryChain{}, time.Minute, out, first, second, third)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *stage) close() {
	s.didit.Close()
	s.jumio.Close()
	s.yoti.Close()
}

func (s *stage) start(ctx context.Context, reference string) (*kyc.Session, error) {
	session, err := s.chain.Start(ctx, request(reference))
	if err == nil {
		fmt.Fprintf(s.out, "  %s has a session at %s\n", reference, session.Ref.Vendor)
	}
	return session, err
}

// outage is the first chapter: a vendor goes down, and the next one takes over.
func (s *stage) outage(ctx context.Context) (one, two *kyc.Session, err error) {
	fmt.Fprintln(s.out, "1. All is well: the first vendor is asked.")
	if one, err = s.start(ctx, "customer-1"); err != nil {
		return nil, nil, err
	}

	fmt.Fprintln(s.out, "2. The first vendor is down: the second one is asked, and from now on the first one is left alone.")
	s.didit.Script(didittest.FaultEvery("Sessions.Create", didittest.Unavailable))
	if two, err = s.start(ctx, "customer-2"); err != nil {
		return nil, nil, err
	}

	fmt.Fprintln(s.out, "3. The same customer again: the chain returns the session that there is, and asks nobody.")
	again, err := s.start(ctx, "customer-2")
	if err == nil && again.Ref != two.Ref {
		err = errors.New("a second session was opened")
	}
	return one, two, err
}

// doubt is the second chapter: a vendor may have opened a session, until somebody has looked.
func (s *stage) doubt(ctx context.Context) (*kyc.Session, error) {
	fmt.Fprintln(s.out, "4. The connection breaks after the second vendor has read the request: it may have opened a session, so nobody else is asked.")
	s.jumio.Script(jumiotest.FaultEvery("Accounts.Create", jumiotest.ResetAfterRead))
	if _, err := s.start(ctx, "customer-3"); !kyc.Uncertain(err) {
		return nil, fmt.Errorf("an uncertain create was expected: %w", err)
	}
	_, err := s.start(ctx, "customer-3")
	if !errors.Is(err, kyc.ErrConflict) {
		return nil, fmt.Errorf("a conflict was expected: %w", err)
	}
	fmt.Fprintln(s.out, "  a repeat is refused:", err)

	fmt.Fprintln(s.out, "5. Somebody has looked at the second vendor and found no session: after Forget the third one is asked.")
	if err := s.chain.Forget(ctx, "customer-3"); err != nil {
		return nil, err
	}
	return s.start(ctx, "customer-3")
}

// results is the last chapter.
func (s *stage) results(ctx context.Context, one, two, three *kyc.Session) error {
	fmt.Fprintln(s.out, "6. Results come from the vendor that holds the session, whichever vendor is failing.")
	if !s.didit.Complete(one.Ref.Session) || !s.jumio.CompleteJourney(two.Ref) {
		return errors.New("a fake did not finish")
	}
	if err := s.yoti.CompleteJourney(three.Ref.Session); err != nil {
		return err
	}
	for _, session := range []*kyc.Session{one, two, three} {
		result, err := kyc.Wait(ctx, s.chain, session.Ref, kyc.WithImmediateRead())
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "  %s: %s\n", session.Ref.Vendor, result.Decision)
	}
	return nil
}
