package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"sync"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// app receives notices and acts on results.
type app struct {
	out    io.Writer
	log    *slog.Logger
	logins *logins
	routes []route
	// acted, if set, is told of each result that was acted on.
	acted func(*kyc.Result)

	mu        sync.Mutex // of out
	following sync.WaitGroup
}

// route is where one vendor's notices arrive.
type route struct {
	pattern  string
	provider kyc.Provider
	source   kyc.NoticeSource
	options  []kyc.HandlerOption
	// follow asks on until the verification is settled, for a vendor that tells nobody when it is.
	follow bool
}

func (a *app) printf(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	fmt.Fprintf(a.out, format, args...)
}

func (a *app) mux(ctx context.Context) *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range a.routes {
		options := append([]kyc.HandlerOption{kyc.WithHandlerLogger(a.log)}, r.options...)
		mux.Handle(r.pattern, kyc.Handler(r.source, a.callback(ctx, r), options...))
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	return mux
}

// callback works one notice off. It runs while the vendor waits (Didit for five seconds), so anything slow belongs into a
// queue; examples/fleet has one.
func (a *app) callback(work context.Context, r route) func(context.Context, kyc.Event) error {
	return func(ctx context.Context, e kyc.Event) error {
		if e.Ref.IsZero() {
			return nil // about something else than a verification
		}
		// A notice only wakes, whatever it claims and proves: the fetched result decides.
		result, err := r.provider.Fetch(ctx, e.Ref)
		if errors.Is(err, kyc.ErrNotFound) {
			return nil // deleted in the meantime, or made up by somebody; sending it again changes nothing
		}
		if err != nil {
			return err // the vendor sends the notice again
		}
		if r.follow && !result.Decision.Settled() {
			a.following.Go(func() { a.follow(work, r.provider, e.Ref) })
			return nil
		}
		return a.act(ctx, result)
	}
}

func (a *app) follow(ctx context.Context, provider kyc.Provider, ref kyc.Ref) {
	result, err := kyc.Wait(ctx, provider, ref)
	if err == nil {
		err = a.act(ctx, result)
	}
	if err != nil {
		a.log.Warn("verification not followed to its end", "ref", ref.String(), "error", err)
	}
}

// act is where a real program changes something. It may run more than once for a verification, so what it does must bear
// repeating: set a state, do not add to one. An error makes the vendor send the notice again.
func (a *app) act(_ context.Context, r *kyc.Result) error {
	action := ""
	//exhaustive:enforce
	switch r.Decision {
	case kyc.Approved:
		action = "activate the account"
	case kyc.Declined:
		action = "refuse, and say why"
	case kyc.Review, kyc.Unknown:
		action = "queue for a human"
	case kyc.InputRequired:
		action = "ask the person to capture again"
	case kyc.Expired, kyc.Abandoned, kyc.Failed:
		action = "offer a new check"
	case kyc.Pending:
		return nil // another notice follows
	}
	a.printf("%-9s %-14s %s\n", r.Ref.Vendor, r.Decision, action)
	if a.acted != nil {
		a.acted(r)
	}
	return nil
}

// logins stands for a program's login sessions: a cookie of random text leads to the reference of the person's check.
type logins struct{ byCookie sync.Map }

const cookieName = "login"

func (l *logins) open(reference string) *http.Cookie {
	c := &http.Cookie{Name: cookieName, Value: rand.Text(), Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	l.byCookie.Store(c.Value, reference)
	return c
}

// reference is "" for a browser that is not logged in; its return is then refused.
func (l *logins) reference(r *http.Request) string {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	reference, _ := l.byCookie.Load(c.Value)
	text, _ := reference.(string)
	return text
}

func (a *app) addJumio(p kyc.Provider) {
	// Jumio signs nothing. Where the program sees the sender's address, jumio.WithSources refuses strangers.
	a.routes = append(a.routes, route{pattern: "/notices/jumio", provider: p, source: jumio.Callbacks()})
}

func (a *app) addDidit(p kyc.Provider, secret kyc.Secret) {
	a.routes = append(a.routes, route{pattern: "/notices/didit", provider: p, source: didit.Webhooks(secret)})
}

func (a *app) addYoti(p kyc.Provider, auth yoti.NotificationAuth) {
	a.routes = append(a.routes, route{pattern: "/notices/yoti", provider: p, source: yoti.Notifications(auth)})
}

func (a *app) addTransmit(p kyc.Provider, states *transmit.States) {
	page := kyc.WithAnswer(func(w http.ResponseWriter, _ *http.Request, _ kyc.Event) {
		_, _ = io.WriteString(w, "Thank you. We are looking at your documents.\n")
	})
	a.routes = append(a.routes, route{
		pattern: "/back/transmit", provider: p, source: states.Source(a.logins.reference), options: []kyc.HandlerOption{page}, follow: true,
	})
}

// newStates makes the state values that tie a browser's return to the browser that left. Processes that share the work
// need one key, and one store of the states that were used.
func newStates() (*transmit.States, error) {
	key := make([]byte, 32)
	// crypto/rand.Read never fails.
	_, _ = rand.Read(key)
	return transmit.NewStates(key, 0, nil)
}

func (a *app) fromEnvironment(env func(string) string) error {
	options := []kyc.Option{kyc.WithUserAgent("kyc-go-webhooks/1.0"), kyc.WithLogger(a.log)}
	if id := env("JUMIO_CLIENT_ID"); id != "" {
		client, err := jumio.NewClient(jumio.Config{
			ClientID: id, ClientSecret: kyc.Secret(env("JUMIO_CLIENT_SECRET")), Region: jumio.Region(env("JUMIO_REGION")),
		}, options...)
		if err != nil {
			return err
		}
		a.addJumio(client)
	}
	if key := env("DIDIT_API_KEY"); key != "" {
		secret := env("DIDIT_WEBHOOK_SECRET")
		if secret == "" {
			return errors.New("DIDIT_WEBHOOK_SECRET is missing: without it every notice is refused")
		}
		client, err := didit.NewClient(didit.Config{APIKey: kyc.Secret(key)}, options...)
		if err != nil {
			return err
		}
		a.addDidit(client, kyc.Secret(secret))
	}
	if id := env("YOTI_SDK_ID"); id != "" {
		token := env("YOTI_NOTIFICATION_TOKEN")
		if token == "" {
			return errors.New("YOTI_NOTIFICATION_TOKEN (user:password) is missing: without it every notice is refused")
		}
		pem, err := os.ReadFile(env("YOTI_KEY_FILE"))
		if err != nil {
			return fmt.Errorf("YOTI_KEY_FILE: %w", err)
		}
		auth := yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBasic, Token: kyc.Secret(token)}
		client, err := yoti.NewClient(yoti.Config{SDKID: id, PrivateKey: pem, NotificationAuth: auth}, options...)
		if err != nil {
			return err
		}
		a.addYoti(client, auth)
	}
	if id := env("TRANSMIT_CLIENT_ID"); id != "" {
		states, err := newStates()
		if err != nil {
			return err
		}
		client, err := transmit.NewClient(transmit.Config{
			ClientID: id, ClientSecret: kyc.Secret(env("TRANSMIT_CLIENT_SECRET")), Environment: transmit.Environment(env("TRANSMIT_ENVIRONMENT")),
		}, append(options, transmit.WithStates(states))...)
		if err != nil {
			return err
		}
		a.addTransmit(client, states)
	}
	if len(a.routes) == 0 {
		return errors.New("no vendor's credentials are set; see -help, or try -demo")
	}
	return nil
}
