package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// upload runs a check through Jumio's API channel: it creates an account, uploads pictures of an ID's front and back and
// of a face, finalizes and receives the notice.
func upload(ctx context.Context, env func(string) string, script jumiotest.Option, log kyc.Option, stdout io.Writer) (*kyc.Result, error) {
	events := make(chan kyc.Event, 1)
	req := jumio.AccountRequest{
		CustomerInternalReference: "quickstart-1",
		// There is nobody behind the pictures who could consent; a real check needs yes and the time.
		UserConsent: &jumio.UserConsent{
			UserIP: "192.0.2.1", UserLocation: &jumio.UserLocation{Country: "GBR"}, Consent: &jumio.Consent{Obtained: jumio.ConsentAnswerNA},
		},
	}
	cfg, live := jumioConfig(env)
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
		fmt.Fprintln(stdout, "service     live, Jumio", cfg.Region)
	}
	client, err := jumio.NewClient(cfg, kyc.WithUserAgent("kyc-go-quickstart/1.0"), log)
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
		default: // one wake-up call is enough
		}
		return nil
	})
	server := httpServer(handler)
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

func httpServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, IdleTimeout: time.Minute}
}
