// Command batch goes over thousands of stored results, decides each anew, and
// writes a CSV that holds the stored decision beside the new one. It is for the
// day on which a vendor documents a new word, a table is tightened, or a regulator
// asks.
//
//	go run ./examples/batch -demo                     # 5,000 results made by the fakes
//	go run ./examples/batch results.ndjson            # decide anew from the stored bytes, offline
//	go run ./examples/batch -changed results.ndjson   # only what changed
//	go run ./examples/batch -refetch results.ndjson   # ask the vendors
//
// The input holds one kyc.Result per line, as JSON, which encoding/json writes.
// The CSV goes to standard output, in the order of the input, and holds no
// personal data; progress goes to standard error. With -log debug every call is
// logged there, too, without a person, a secret or a URL.
//
// The CSV has a row for each result. With -changed it has one for each result
// whose decision has changed, and for each that could not be decided.
//
// With -refetch each verification is read from its vendor again, within the
// vendor's published budget. That needs the credentials of every vendor in the
// input. A vendor of which only some variables are set is an error:
//
//	JUMIO_CLIENT_ID, JUMIO_CLIENT_SECRET, JUMIO_REGION (amer-1, emea-1 or apac-1)
//	TRANSMIT_CLIENT_ID, TRANSMIT_CLIENT_SECRET, TRANSMIT_ENVIRONMENT (sandbox, us, eu, ca or au)
//	DIDIT_API_KEY
//	YOTI_SDK_ID, YOTI_KEY_FILE (the PEM file)
//
// The exit status of a built program is 0 when all results were decided, 1 when
// one was not, and 2 for a wrong flag or environment.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"os/signal"
	"slices"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	exitFailure = 1
	exitUsage   = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("batch", flag.ContinueOnError)
	flags.SetOutput(stderr)
	demo := flags.Bool("demo", false, "let the fakes make the input")
	count := flags.Int("n", 5000, "how many results -demo makes")
	refetch := flags.Bool("refetch", false, "read each verification from its vendor again")
	changed := flags.Bool("changed", false, "leave out the results whose decision has not changed")
	workers := flags.Int("workers", 8, "how many results are processed at once")
	level := slog.LevelError
	flags.TextVar(&level, "log", level, "what to log: debug (every call), info, warn (calls that fail) or error")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return exitUsage
	}
	if *workers < 1 || *count < 1 || *demo && flags.NArg() != 0 || !*demo && flags.NArg() != 1 {
		fmt.Fprintln(stderr, "batch: name one file, or -demo; -n and -workers are at least 1; see -help")
		return exitUsage
	}
	log := kyc.WithLogger(slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level})))
	sum, err := work(ctx, task{flags.Arg(0), *demo, *count, *refetch, *changed, *workers}, env, log, stdout, stderr)
	if sum.read > 0 {
		fmt.Fprintf(stderr, "%d results: %d unchanged, %d changed, %d not decided\n", sum.read, sum.read-sum.changed-sum.failed, sum.changed, sum.failed)
	}
	if err != nil {
		fmt.Fprintln(stderr, "batch:", err)
		if errors.Is(err, errPartial) {
			return exitUsage
		}
		return exitFailure
	}
	if sum.failed > 0 {
		return exitFailure
	}
	return 0
}

// task is what the flags say.
type task struct {
	path    string
	demo    bool
	n       int
	refetch bool
	changed bool
	workers int
}

func work(ctx context.Context, t task, env func(string) string, log kyc.Option, stdout, stderr io.Writer) (summary, error) {
	decide := renormalise
	if t.demo {
		fakes, err := startFakes(log)
		if err != nil {
			return summary{}, err
		}
		defer fakes.close()
		if t.path, err = fakes.write(ctx, t.n); err != nil {
			return summary{}, err
		}
		defer func() { _ = os.Remove(t.path) }()
		if t.refetch {
			tell(stderr, "fake", fakes.clients)
			decide = fetcher(fakes.clients)
		}
	} else if t.refetch {
		clients, err := fromEnvironment(env, log)
		if err != nil {
			return summary{}, err
		}
		tell(stderr, "live", clients)
		decide = fetcher(clients)
	}
	in, err := os.Open(t.path)
	if err != nil {
		return summary{}, err
	}
	defer func() { _ = in.Close() }()
	info, err := in.Stat()
	if err != nil {
		return summary{}, err
	}
	bar := newBar(stderr, info.Size())
	defer bar.finish()
	return batch(ctx, bar.reader(in), stdout, t.workers, t.changed, decide)
}

// tell says who answers.
func tell(w io.Writer, service string, clients map[kyc.Vendor]kyc.Provider) {
	for _, vendor := range slices.Sorted(maps.Keys(clients)) {
		fmt.Fprintf(w, "%-9s %s\n", vendor, service)
	}
}
