package soak

import (
	"fmt"
	"net/http"

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

// server is a started fake: where it is, how the user goes through a session, and what a correct client never makes it say.
type server struct {
	url      string
	client   *http.Client
	play     func(*kyc.Session) error
	problems func() []string
	close    func()
}

// vendor starts fakes and makes the one client that lives through all of them.
type vendor struct {
	name   kyc.Vendor
	create string // the end of the path of the create
	tokens bool   // calls carry an access token that can be renewed
	start  func() server
	client func(s server, opts ...kyc.Option) (kyc.Provider, error)
}

var errClosed = fmt.Errorf("the fake has no such open session")

func done(ok bool) error {
	if !ok {
		return errClosed
	}
	return nil
}

// vendors returns all four. A client is made with the first fake's configuration; later ones stand in for the same host.
func vendors() []*vendor {
	var jumioConfig jumio.Config
	var transmitConfig transmit.Config
	var diditConfig didit.Config
	var yotiConfig yoti.Config
	return []*vendor{
		{
			name: kyc.Jumio, create: "/api/v1/accounts", tokens: true,
			start: func() server {
				s := jumiotest.NewServer()
				jumioConfig = s.Config()
				return server{s.URL(), s.HTTPClient(), func(x *kyc.Session) error { return done(s.CompleteJourney(x.Ref)) }, s.Problems, s.Close}
			},
			client: func(_ server, opts ...kyc.Option) (kyc.Provider, error) { return jumio.NewClient(jumioConfig, opts...) },
		},
		{
			name: kyc.Transmit, create: "/verify/api/v1/verification", tokens: true,
			start: func() server {
				s := transmittest.NewServer()
				transmitConfig = s.Config()
				return server{s.URL(), s.HTTPClient(), func(x *kyc.Session) error { return done(s.Play(x.Ref.Session)) }, s.Problems, s.Close}
			},
			client: func(_ server, opts ...kyc.Option) (kyc.Provider, error) {
				return transmit.NewClient(transmitConfig, opts...)
			},
		},
		{
			name: kyc.Didit, create: "/v3/session/",
			start: func() server {
				s := didittest.NewServer()
				diditConfig = s.Config()
				return server{s.URL(), s.HTTPClient(), func(x *kyc.Session) error { return done(s.Complete(x.Ref.Session)) }, s.Problems, s.Close}
			},
			client: func(_ server, opts ...kyc.Option) (kyc.Provider, error) { return didit.NewClient(diditConfig, opts...) },
		},
		{
			name: kyc.Yoti, create: "/sessions",
			start: func() server {
				s := yotitest.NewServer()
				yotiConfig = s.Config()
				return server{s.URL(), s.HTTPClient(), func(x *kyc.Session) error { return s.CompleteJourney(x.Ref.Session) }, s.Problems, s.Close}
			},
			client: func(_ server, opts ...kyc.Option) (kyc.Provider, error) { return yoti.NewClient(yotiConfig, opts...) },
		},
	}
}
