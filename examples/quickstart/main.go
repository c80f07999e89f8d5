// Command quickstart runs one identity check with each vendor, side by side, and
// prints what came of it:
//
//	go run ./examples/quickstart
//	go run ./examples/quickstart -outcome review
//	go run ./examples/quickstart -vendor jumio -outcome warning
//
// With -vendor jumio it goes through the API channel instead of the hosted page:
// it creates an account, uploads pictures of an ID's front and back and of a
// face, finalizes, receives the notice, and prints the whole result.
//
// It talks to fakes in the same process, which find what -outcome says. A vendor
// whose credentials are in the environment is called for real, and bills the check:
//
//	JUMIO_CLIENT_ID, JUMIO_CLIENT_SECRET, JUMIO_REGION (amer-1, emea-1 or apac-1)
//	TRANSMIT_CLIENT_ID, TRANSMIT_CLIENT_SECRET, TRANSMIT_ENVIRONMENT (sandbox, us, eu, ca or au)
//	DIDIT_API_KEY, DIDIT_WORKFLOW_ID
//	YOTI_SDK_ID, YOTI_KEY_FILE (the PEM file)
//
// If only some of a vendor's variables are set, that is an error. For each vendor
// the output says whether the fake or the live service answered.
//
// With -log debug every call to a vendor is logged to standard error: what was
// called, how it went and how long it took, without a person, a secret or a URL.
//
// The exit status of a built program gives the decision: 0 approved, 3 review, 4
// declined, 5 anything else, or vendors that do not agree; 1 is a failure and 2 a
// wrong flag or environment. (go run ends with 1 for everything but 0.)
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
	"slices"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
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

// jumioWords are Jumio's own words for outcomes.
var jumioWords = map[string]kyc.Decision{
	"passed": kyc.Approved, "warning": kyc.Review, "rejected": kyc.Declined, "not_executed": kyc.Failed,
	"session_expired": kyc.Expired, "token_expired": kyc.Expired,
}

func run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(stderr)
	vendor := flags.String("vendor", "all", "jumio, transmit, didit, yoti or all")
	word := flags.String("outcome", "approved", "what the fakes find: approved, review, declined, expired, input_required, abandoned or failed; or one of Jumio's words: passed, warning, rejected, not_executed, session_expired, token_expired")
	level := slog.LevelError
	flags.TextVar(&level, "log", level, "what to log: debug (every call), info, warn (calls that fail) or error")
	show := flags.Bool("show-personal-data", false, "print person and document in the clear, with a single vendor")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return exitUsage
	}
	outcome, ok := jumioWords[*word]
	if !ok {
		outcome = kyc.ParseDecision(*word)
	}
	list := services
	if *vendor != "all" {
		i := slices.IndexFunc(services, func(s service) bool { return string(s.vendor) == *vendor })
		if i < 0 {
			list = nil
		} else {
			list = services[i : i+1]
		}
	}
	if !outcome.Settled() || list == nil || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "quickstart: unknown vendor, outcome or argument; see -help")
		return exitUsage
	}
	for _, s := range list {
		if _, err := complete(env, s.variables...); err != nil {
			fmt.Fprintln(stderr, "quickstart:", err)
			return exitUsage
		}
	}
	log := kyc.WithLogger(slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level})))
	if *vendor == string(kyc.Jumio) {
		script, ok := jumioOutcomes[outcome]
		if *word == "token_expired" {
			script = jumiotest.FinalStatus(jumio.StatusTokenExpired)
		}
		if !ok {
			fmt.Fprintln(stdout, "jumio has no such outcome")
			return exitStatus(nil)
		}
		result, err := upload(ctx, env, script, log, stdout)
		if err != nil {
			fmt.Fprintln(stderr, "quickstart:", err)
			return exitFailure
		}
		write(stdout, result, *show)
		return exitStatus([]row{{result: result}})
	}
	rows := table(ctx, list, env, outcome, log, stdout)
	if len(list) == 1 && rows[0].result != nil {
		write(stdout, rows[0].result, *show)
	}
	for _, r := range rows {
		if r.err != nil {
			return exitFailure
		}
	}
	return exitStatus(rows)
}

// exitStatus lets a script act on the decision. Only approved by all is 0.
func exitStatus(rows []row) int {
	decision, first := kyc.Unknown, true
	for _, r := range rows {
		if r.result == nil {
			continue
		}
		if !first && r.result.Decision != decision {
			return 5
		}
		decision, first = r.result.Decision, false
	}
	//exhaustive:enforce
	switch decision {
	case kyc.Approved:
		return 0
	case kyc.Review:
		return 3
	case kyc.Declined:
		return 4
	case kyc.Unknown, kyc.Pending, kyc.InputRequired, kyc.Expired, kyc.Abandoned, kyc.Failed:
		return 5
	}
	return 5
}
