// Command quickstart runs one identity check from the first call to the
// decision: it creates an account, uploads pictures of an ID's front and back
// and of a face, finalizes, receives the notice, and prints the result.
//
//	go run ./examples/quickstart
//	go run ./examples/quickstart -outcome warning
//
// It talks to a fake Jumio in the same process. With JUMIO_CLIENT_ID,
// JUMIO_CLIENT_SECRET and JUMIO_REGION (amer-1, emea-1 or apac-1) set it talks
// to the real service instead, which bills the check and refuses the generated
// pictures.
//
// The exit status tells the decision: 0 approved, 3 review, 4 declined, 5
// anything else; 1 is a failure of the program and 2 a wrong flag.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

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

// outcomes are what the fake can be told to find.
var outcomes = map[string]jumiotest.Option{
	"passed":          jumiotest.Outcome(jumio.DecisionPassed),
	"warning":         jumiotest.Outcome(jumio.DecisionWarning),
	"rejected":        jumiotest.Outcome(jumio.DecisionRejected),
	"not_executed":    jumiotest.Outcome(jumio.DecisionNotExecuted),
	"session_expired": jumiotest.FinalStatus(jumio.StatusSessionExpired),
	"token_expired":   jumiotest.FinalStatus(jumio.StatusTokenExpired),
}

func run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(stderr)
	outcome := flags.String("outcome", "passed", "what the fake finds: passed, warning, rejected, not_executed, session_expired or token_expired")
	show := flags.Bool("show-personal-data", false, "print person and document in clear")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return exitUsage
	}
	script, ok := outcomes[*outcome]
	if !ok || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "quickstart: unknown outcome or argument; see -help")
		return exitUsage
	}
	result, err := check(ctx, env, script, stdout)
	if err != nil {
		fmt.Fprintln(stderr, "quickstart:", err)
		return exitFailure
	}
	write(stdout, result, *show)
	return exitStatus(result.Decision)
}

// exitStatus lets a script act on the decision. Only approved is 0.
func exitStatus(d kyc.Decision) int {
	switch d {
	case kyc.Approved:
		return 0
	case kyc.Review:
		return 3
	case kyc.Declined:
		return 4
	default:
		return 5
	}
}

func check(ctx context.Context, env func(string) string, script jumiotest.Option, stdout io.Writer) (*kyc.Result, error) {
	events := make(chan kyc.Event, 1)
	req := jumio.AccountRequest{
		CustomerInternalReference: "quickstart-1",
		// There is nobody behind the pictures who could consent; a real check needs yes and the time.
		UserConsent: &jumio.UserConsent{
			UserIP: "192.0.2.1", UserLocation: &jumio.UserLocation{Country: "GBR"}, Consent: &jumio.Consent{Obtained: jumio.ConsentAnswerNA},
		},
	}
	cfg, live := fromEnvironment(env)
	var options []kyc.WaitOption
	if !live {
		fake := jumiotest.NewServer(script, jumiotest.Processing(200*time.Millisecond))
		defer fake.Close()
		cfg = fake.Config()
		callback, stop, err := listen(events)
		if err != nil {
			return nil, err
		}
		defer stop()
		req.CallbackURL = callback
		// The real service needs an https URL on a public host, so there the schedule alone has to do.
		options = append(options, kyc.WithWake(events))
		fmt.Fprintln(stdout, "service     fake, in this process")
	} else {
		fmt.Fprintln(stdout, "service     Jumio,", cfg.Region)
	}
	client, err := jumio.NewClient(cfg, kyc.WithUserAgent("kyc-go-quickstart/1.0"))
	if err != nil {
		return nil, err
	}
	account, err := client.Accounts.Create(ctx, req)
	if err != nil {
		return nil, err
	}
	ref := account.Ref()
	fmt.Fprintln(stdout, "account    ", ref.Account)
	fmt.Fprintln(stdout, "execution  ", ref.Session)
	if err := deliver(ctx, client, account, stdout); err != nil {
		// An execution that has expired takes nothing; it has a result all the same.
		if !errors.Is(err, kyc.ErrUnauthorized) {
			return nil, err
		}
		fmt.Fprintln(stdout, "upload      refused")
		return client.Fetch(ctx, ref)
	}
	return kyc.Wait(ctx, client, ref, options...)
}

func fromEnvironment(env func(string) string) (jumio.Config, bool) {
	cfg := jumio.Config{
		ClientID: env("JUMIO_CLIENT_ID"), ClientSecret: kyc.Secret(env("JUMIO_CLIENT_SECRET")), Region: jumio.Region(env("JUMIO_REGION")),
		Workflow: jumio.WorkflowIDAndIdentity,
	}
	return cfg, cfg.ClientID != "" && cfg.ClientSecret != "" && cfg.Region != ""
}

// deliver uploads what the workflow wants of the API channel and finalizes.
func deliver(ctx context.Context, client *jumio.Client, account *jumio.Account, stdout io.Writer) error {
	for _, credential := range account.Credentials(jumio.ChannelAPI) {
		for part := range credential.Parts() {
			file, err := picture(part)
			if err != nil {
				return err
			}
			if _, err := client.Credentials.Upload(ctx, credential, part, file); err != nil {
				return err
			}
			fmt.Fprintf(stdout, "uploaded    %s %s\n", credential.Category, part)
		}
	}
	_, err := client.Workflows.Finalize(ctx, account)
	return err
}

// listen receives notices on a loopback port and hands them on.
func listen(events chan<- kyc.Event) (url string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	handler := kyc.Handler(jumio.Callbacks(), func(_ context.Context, e kyc.Event) error {
		select {
		case events <- e:
		default: // one wake is enough
		}
		return nil
	})
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		// It ends with http.ErrServerClosed when stop is called.
		_ = server.Serve(listener)
	}()
	return "http://" + listener.Addr().String() + "/notices/jumio", func() {
		_ = server.Close()
		<-done
	}, nil
}
