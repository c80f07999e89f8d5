// Command upload sends pictures of an identity document and a face from disk
// through Jumio's API channel, shows its progress, and waits for the decision.
//
//	go run ./examples/upload
//	go run ./examples/upload -front front.jpg -back back.jpg -face face.jpg \
//		-country DEU -ip 192.0.2.1 -consent 2026-01-02T15:04:05Z
//
// It talks to a fake Jumio in the same process, with generated pictures for
// those that no flag names. With JUMIO_CLIENT_ID, JUMIO_CLIENT_SECRET and
// JUMIO_REGION (amer-1, emea-1 or apac-1) set it talks to the real service
// instead, which bills the check; then the pictures and the person's consent
// must be given. If only some of the three are set, that is an error. The output
// says whether the fake or the live service answered.
//
// Progress goes to standard error: a bar on a terminal, a line for each file
// elsewhere. With -log debug every call is logged there, too, without a person, a
// secret or a URL.
//
// The exit status of a built program gives the decision: 0 approved, 3 review, 4
// declined, 5 anything else; 1 is a failure and 2 a wrong flag or environment.
// (go run ends with 1 for everything but 0.)
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
	"strings"
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

// order is what the command line asks for.
type order struct {
	reference string
	country   string
	ip        string
	consent   string
	pictures  map[jumio.Part]*string
	log       slog.Level
}

func run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer) int {
	o := order{pictures: map[jumio.Part]*string{}, log: slog.LevelError}
	flags := flag.NewFlagSet("upload", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.reference, "reference", "upload-1", "your own id for the check; no personal data")
	flags.StringVar(&o.country, "country", "GBR", "where the person is, ISO 3166-1 alpha-3")
	flags.StringVar(&o.ip, "ip", "192.0.2.1", "the person's IP address")
	flags.StringVar(&o.consent, "consent", "", "when the person agreed to the processing of biometric data, RFC 3339")
	o.pictures[jumio.PartFront] = flags.String("front", "", "picture of the document's front, JPEG or PNG")
	o.pictures[jumio.PartBack] = flags.String("back", "", "picture of the document's back")
	o.pictures[jumio.PartFace] = flags.String("face", "", "picture of the face")
	flags.TextVar(&o.log, "log", o.log, "what to log: debug (every call), info, warn (calls that fail) or error")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return exitUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintln(stderr, "upload: unknown argument; see -help")
		return exitUsage
	}
	result, err := check(ctx, o, env, stdout, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "upload:", err)
		if errors.Is(err, errPartial) {
			return exitUsage
		}
		return exitFailure
	}
	fmt.Fprintln(stdout, "decision   ", result.Decision)
	for _, r := range result.Reasons() {
		fmt.Fprintln(stdout, "reason     ", r.Code)
	}
	return exitStatus(result.Decision)
}

// exitStatus lets a script act on the decision. Only approved is 0.
func exitStatus(d kyc.Decision) int {
	//exhaustive:enforce
	switch d {
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

func check(ctx context.Context, o order, env func(string) string, stdout, stderr io.Writer) (*kyc.Result, error) {
	cfg, live, err := fromEnvironment(env)
	if err != nil {
		return nil, err
	}
	consent, err := o.userConsent(live)
	if err != nil {
		return nil, err
	}
	var wait []kyc.WaitOption
	if !live {
		fake := jumiotest.NewServer()
		defer fake.Close()
		cfg = fake.Config()
		wait = append(wait, kyc.WithImmediateRead())
		remove, err := o.generate()
		if err != nil {
			return nil, err
		}
		defer remove()
		fmt.Fprintln(stdout, "service     fake, in this process")
	} else {
		fmt.Fprintln(stdout, "service     live, Jumio", cfg.Region)
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: o.log}))
	client, err := jumio.NewClient(cfg, kyc.WithUserAgent("kyc-go-upload/1.0"), kyc.WithLogger(log))
	if err != nil {
		return nil, err
	}
	account, err := client.Accounts.Create(ctx, jumio.AccountRequest{CustomerInternalReference: o.reference, UserConsent: consent})
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(stdout, "execution  ", account.Ref().Session)
	bar := newBar(stderr)
	for _, credential := range account.Credentials(jumio.ChannelAPI) {
		for part := range credential.Parts() {
			path := o.path(part)
			if path == "" {
				return nil, fmt.Errorf("the workflow asks for the %s: name a file for it", part)
			}
			if err := send(ctx, client, credential, part, path, bar); err != nil {
				return nil, err
			}
		}
	}
	if _, err := client.Workflows.Finalize(ctx, account); err != nil {
		return nil, err
	}
	return kyc.Wait(ctx, client, account.Ref(), wait...)
}

// send uploads one file. The source stays open for all attempts and is read again for each.
func send(ctx context.Context, client *jumio.Client, credential jumio.Credential, part jumio.Part, path string, bar *bar) error {
	file, closeFile, err := bar.open(path, string(part))
	if err != nil {
		return err
	}
	defer closeFile()
	_, err = client.Credentials.Upload(ctx, credential, part, file)
	bar.finish(err == nil)
	return err
}

// errPartial is the error of credentials of which only some are set.
var errPartial = errors.New("incomplete credentials")

// complete tells whether all the named variables are set. If only some are, that is an error: a fake in the place of a
// service that somebody meant to reach would mislead.
func complete(env func(string) string, names ...string) (bool, error) {
	var set, missing []string
	for _, n := range names {
		if env(n) == "" {
			missing = append(missing, n)
		} else {
			set = append(set, n)
		}
	}
	if len(set) > 0 && len(missing) > 0 {
		return false, fmt.Errorf("%w: %s set, but %s not", errPartial, are(set), are(missing))
	}
	return len(missing) == 0, nil
}

// are joins names as in "A is" or "A and B are".
func are(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0] + " is"
	}
	return strings.Join(names[:last], ", ") + " and " + names[last] + " are"
}

func fromEnvironment(env func(string) string) (jumio.Config, bool, error) {
	live, err := complete(env, "JUMIO_CLIENT_ID", "JUMIO_CLIENT_SECRET", "JUMIO_REGION")
	cfg := jumio.Config{
		ClientID: env("JUMIO_CLIENT_ID"), ClientSecret: kyc.Secret(env("JUMIO_CLIENT_SECRET")), Region: jumio.Region(env("JUMIO_REGION")),
		Workflow: jumio.WorkflowIDAndIdentity,
	}
	return cfg, live, err
}

// userConsent says what the person agreed to. The service takes no biometric data through the API channel without it.
func (o order) userConsent(live bool) (*jumio.UserConsent, error) {
	c := &jumio.UserConsent{UserIP: o.ip, UserLocation: &jumio.UserLocation{Country: o.country}}
	if o.consent == "" {
		if live {
			return nil, errors.New("the real service needs -consent, and the person's -ip and -country")
		}
		// There is nobody behind generated pictures who could consent.
		c.Consent = &jumio.Consent{Obtained: jumio.ConsentAnswerNA}
		return c, nil
	}
	at, err := time.Parse(time.RFC3339, o.consent)
	if err != nil {
		return nil, errors.New("-consent is not a time of the form 2006-01-02T15:04:05Z")
	}
	c.Consent = &jumio.Consent{Obtained: jumio.ConsentAnswerYes, ObtainedAt: kyc.Timestamp(at.UTC().Format("2006-01-02T15:04:05.000Z"))}
	return c, nil
}

func (o order) path(part jumio.Part) string {
	if p := o.pictures[part]; p != nil {
		return *p
	}
	return ""
}
