package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// demoTime bounds the demo as a whole.
const demoTime = 30 * time.Second

// runDemo serves on loopback, lets a fake of each vendor send notices and a stranger a forged one, and shuts down when all
// of them were dealt with.
func runDemo(ctx context.Context, a *app) error {
	ctx, cancel := context.WithTimeoutCause(ctx, demoTime, errors.New("the demo took too long"))
	defer cancel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	a.service = "fake"
	f := startFakes("http://" + listener.Addr().String())
	defer f.close()
	if err := f.serve(a); err != nil {
		return err
	}
	acted := make(chan kyc.Ref, 16)
	a.acted = func(r *kyc.Result) {
		select {
		case acted <- r.Ref:
		default: // repeats, which the demo need not see
		}
	}
	serving, stop := context.WithCancel(ctx)
	defer stop()
	served := make(chan error, 1)
	go func() { served <- a.serve(serving, listener) }()
	open, err := f.play(ctx, a)
	if err != nil {
		return err
	}
	if err := forge(ctx, a, f.base+"/notices/didit"); err != nil {
		return err
	}
	for len(open) > 0 {
		select {
		case ref := <-acted:
			delete(open, ref)
		case err := <-served:
			return err
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	stop()
	if err := <-served; err != nil {
		return err
	}
	a.printf("shut down; all notices were processed\n")
	return nil
}

// fakes are the four vendors, and the clients that talk to them.
type fakes struct {
	base     string // where the app is
	jumio    *jumiotest.Server
	didit    *didittest.Server
	yoti     *yotitest.Server
	transmit *transmittest.Server

	jumioClient    *jumio.Client
	diditClient    *didit.Client
	yotiClient     *yoti.Client
	transmitClient *transmit.Client
}

func startFakes(base string) *fakes {
	return &fakes{
		base:     base,
		jumio:    jumiotest.NewServer(jumiotest.Outcome(jumio.DecisionWarning)),
		didit:    didittest.NewServer(didittest.Outcome(didit.StatusDeclined), didittest.WebhookURL(base+"/notices/didit")),
		yoti:     yotitest.NewServer(),
		transmit: transmittest.NewServer(transmittest.Processing(time.Second)),
	}
}

func (f *fakes) close() {
	f.jumio.Close()
	f.didit.Close()
	f.yoti.Close()
	f.transmit.Close()
}

// serve has the app serve the fakes.
func (f *fakes) serve(a *app) error {
	states, err := newStates(newKey())
	if err != nil {
		return err
	}
	auth := yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBasic, Token: "user:a secret of this demo"}
	yotiConfig := f.yoti.Config()
	yotiConfig.NotificationAuth = auth
	log := kyc.WithLogger(a.log)
	var errs [4]error
	f.jumioClient, errs[0] = jumio.NewClient(f.jumio.Config(), log)
	f.diditClient, errs[1] = didit.NewClient(f.didit.Config(), log)
	f.yotiClient, errs[2] = yoti.NewClient(yotiConfig, log)
	f.transmitClient, errs[3] = transmit.NewClient(f.transmit.Config(), transmit.WithStates(states), log)
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	a.addJumio(f.jumioClient)
	a.addDidit(f.diditClient, f.didit.WebhookSecret())
	a.addYoti(f.yotiClient, auth)
	a.addTransmit(f.transmitClient, states)
	return nil
}

// play does what people and their browsers do: a check at each vendor. It returns the checks.
func (f *fakes) play(ctx context.Context, a *app) (map[kyc.Ref]bool, error) {
	open := map[kyc.Ref]bool{}
	for _, check := range []struct {
		provider kyc.Provider
		req      kyc.StartRequest
		finish   func(*kyc.Session) error
	}{
		{f.jumioClient, kyc.StartRequest{Reference: "demo-1", NotifyURL: f.base + "/notices/jumio"}, func(s *kyc.Session) error {
			return did(f.jumio.CompleteJourney(s.Ref))
		}},
		{f.diditClient, kyc.StartRequest{Reference: "demo-2"}, func(s *kyc.Session) error {
			return did(f.didit.Complete(s.Ref.Session))
		}},
		{f.yotiClient, kyc.StartRequest{Reference: "demo-3", NotifyURL: f.base + "/notices/yoti"}, func(s *kyc.Session) error {
			return f.yoti.CompleteJourney(s.Ref.Session)
		}},
		{f.transmitClient, kyc.StartRequest{Reference: "demo-4", RedirectURL: f.base + "/back/transmit"}, func(s *kyc.Session) error {
			back, err := f.transmit.Visit(s.URL)
			if err != nil {
				return err
			}
			return browse(ctx, back, a.logins.open("demo-4", s.Ref))
		}},
	} {
		session, err := check.provider.Start(ctx, check.req)
		if err == nil {
			open[session.Ref] = true
			err = check.finish(session)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", check.provider.Vendor(), err)
		}
	}
	return open, nil
}

// did is an error if a fake has not finished a journey.
func did(finished bool) error {
	if !finished {
		return errors.New("the fake did not finish")
	}
	return nil
}

// browse is a browser that comes back with its login cookie.
func browse(ctx context.Context, url string, cookie *http.Cookie) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	req.AddCookie(cookie)
	status, err := send(req)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("the browser's return was answered with %d", status)
	}
	return err
}

// forge posts a notice that nobody signed.
func forge(ctx context.Context, a *app, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, http.NoBody)
	if err != nil {
		return err
	}
	status, err := send(req)
	if err == nil && status != http.StatusUnauthorized {
		err = fmt.Errorf("a forged notice was answered with %d", status)
	}
	if err == nil {
		a.printf("forged    refused\n")
	}
	return err
}

func send(req *http.Request) (int, error) {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode, res.Body.Close()
}
