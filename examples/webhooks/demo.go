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
	base := "http://" + listener.Addr().String()

	j := jumiotest.NewServer(jumiotest.Outcome(jumio.DecisionWarning))
	defer j.Close()
	d := didittest.NewServer(didittest.Outcome(didit.StatusDeclined), didittest.WebhookURL(base+"/notices/didit"))
	defer d.Close()
	y := yotitest.NewServer()
	defer y.Close()
	t := transmittest.NewServer(transmittest.Processing(time.Second))
	defer t.Close()

	states, err := newStates(newKey())
	if err != nil {
		return err
	}
	auth := yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBasic, Token: "user:a secret of this demo"}
	yotiConfig := y.Config()
	yotiConfig.NotificationAuth = auth
	log := kyc.WithLogger(a.log)
	jumioClient, err1 := jumio.NewClient(j.Config(), log)
	diditClient, err2 := didit.NewClient(d.Config(), log)
	yotiClient, err3 := yoti.NewClient(yotiConfig, log)
	transmitClient, err4 := transmit.NewClient(t.Config(), transmit.WithStates(states), log)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	a.addJumio(jumioClient)
	a.addDidit(diditClient, d.WebhookSecret())
	a.addYoti(yotiClient, auth)
	a.addTransmit(transmitClient, states)

	finals := make(chan kyc.Ref, 16)
	a.acted = func(r *kyc.Result) {
		select {
		case finals <- r.Ref:
		default: // repeats, which the demo need not see
		}
	}
	serving, stop := context.WithCancel(ctx)
	defer stop()
	served := make(chan error, 1)
	go func() { served <- a.serve(serving, listener) }()

	// What the vendors' servers and people's browsers do.
	open := map[kyc.Ref]bool{}
	start := func(p kyc.Provider, req kyc.StartRequest) (*kyc.Session, error) {
		session, err := p.Start(ctx, req)
		if err == nil {
			open[session.Ref] = true
		}
		return session, err
	}
	if s, err := start(jumioClient, kyc.StartRequest{Reference: "demo-1", NotifyURL: base + "/notices/jumio"}); err != nil {
		return err
	} else if !j.CompleteJourney(s.Ref) {
		return errors.New("the fake Jumio did not finish")
	}
	if s, err := start(diditClient, kyc.StartRequest{Reference: "demo-2"}); err != nil {
		return err
	} else if !d.Complete(s.Ref.Session) {
		return errors.New("the fake Didit did not finish")
	}
	if s, err := start(yotiClient, kyc.StartRequest{Reference: "demo-3", NotifyURL: base + "/notices/yoti"}); err != nil {
		return err
	} else if err := y.CompleteJourney(s.Ref.Session); err != nil {
		return err
	}
	s, err := start(transmitClient, kyc.StartRequest{Reference: "demo-4", RedirectURL: base + "/back/transmit"})
	if err != nil {
		return err
	}
	back, err := t.Visit(s.URL)
	if err != nil {
		return err
	}
	if err := browse(ctx, back, a.logins.open("demo-4")); err != nil {
		return err
	}
	if err := forge(ctx, a, base+"/notices/didit"); err != nil {
		return err
	}
	for len(open) > 0 {
		select {
		case ref := <-finals:
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
	a.printf("shut down; all notices were worked off\n")
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
