// Command batch goes over thousands of stored results, decides each anew, and
// writes a CSV of what changed. It is for the day on which a vendor documents a
// new word, a table is tightened, or a regulator asks.
//
//	go run ./examples/batch -demo                  # 5,000 results made by the fakes
//	go run ./examples/batch results.ndjson         # decide anew from the stored bytes, offline
//	go run ./examples/batch -refetch results.ndjson
//
// The input holds one kyc.Result in its JSON form a line, as encoding/json
// writes it. The CSV goes to standard output, in the order of the input, and
// holds no personal data; progress goes to standard error. With -log debug a line
// for each call follows there, without a person, a secret or a URL.
//
// With -refetch each verification is read from its vendor again, within the
// vendor's published budget. That needs the credentials of every vendor in the
// input: JUMIO_CLIENT_ID, JUMIO_CLIENT_SECRET and JUMIO_REGION;
// TRANSMIT_CLIENT_ID, TRANSMIT_CLIENT_SECRET and TRANSMIT_ENVIRONMENT;
// DIDIT_API_KEY; YOTI_SDK_ID and YOTI_KEY_FILE.
//
// The exit status is 0 when all results were decided, 1 when one was not, and 2
// for a wrong flag.
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
	workers := flags.Int("workers", 8, "how many results are worked on at once")
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
	sum, err := work(ctx, flags.Arg(0), *demo, *count, *refetch, *workers, env, log, stdout, stderr)
	if sum.read > 0 {
		fmt.Fprintf(stderr, "%d results: %d unchanged, %d changed, %d not decided\n", sum.read, sum.read-sum.changed-sum.failed, sum.changed, sum.failed)
	}
	if err != nil {
		fmt.Fprintln(stderr, "batch:", err)
		return exitFailure
	}
	if sum.failed > 0 {
		return exitFailure
	}
	return 0
}

func work(ctx context.Context, path string, demo bool, n int, refetch bool, workers int, env func(string) string, log kyc.Option, stdout, stderr io.Writer) (summary, error) {
	decide := renormalise
	if demo {
		fakes, err := startFakes(log)
		if err != nil {
			return summary{}, err
		}
		defer fakes.close()
		if path, err = fakes.write(ctx, n); err != nil {
			return summary{}, err
		}
		defer func() { _ = os.Remove(path) }()
		if refetch {
			decide = fetcher(fakes.clients)
		}
	} else if refetch {
		clients, err := fromEnvironment(env, log)
		if err != nil {
			return summary{}, err
		}
		decide = fetcher(clients)
	}
	in, err := os.Open(path)
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
	return batch(ctx, bar.reader(in), stdout, workers, decide)
}
