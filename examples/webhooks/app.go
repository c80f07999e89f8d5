package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
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
	// service is "fake" or "live".
	service string
	// journal keeps what is followed, and resume is what the last run left open.
	journal journal
	resume  []kyc.Ref
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
		if r.follow && !result.Settled() {
			if err := a.journal.note(e.Ref, true); err != nil {
				return err
			}
			a.following.Go(func() { a.follow(work, r.provider, e.Ref) })
			return nil
		}
		return a.act(ctx, result)
	}
}

// follow asks until the verification is settled. One that is not by the end of the program, or of the patience of
// kyc.Wait, stays open in the journal.
func (a *app) follow(ctx context.Context, provider kyc.Provider, ref kyc.Ref, options ...kyc.WaitOption) {
	result, err := kyc.Wait(ctx, provider, ref, options...)
	if err == nil {
		err = a.act(ctx, result)
	}
	if err == nil || errors.Is(err, kyc.ErrNotFound) {
		err = errors.Join(err, a.journal.note(ref, false))
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

// goOn follows what the last run left open.
func (a *app) goOn(ctx context.Context) {
	for _, ref := range a.resume {
		i := slices.IndexFunc(a.routes, func(r route) bool { return r.follow && r.provider.Vendor() == ref.Vendor })
		if i < 0 {
			a.log.Warn("verification not followed: its vendor is not served", "ref", ref.String())
			continue
		}
		a.following.Go(func() { a.follow(ctx, a.routes[i].provider, ref, kyc.WithFirstReadNow()) })
	}
}

// newStates makes the state values that tie a browser's return to the browser that left. Processes that share the work
// need one key, and one store of the states that were used; this one remembers them in memory.
func newStates(key []byte) (*transmit.States, error) { return transmit.NewStates(key, 0, nil) }

// newKey makes a key that lasts as long as the program.
func newKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails
	return key
}

// stateKey reads the key of the states, which has to be the same after a restart.
func (a *app) stateKey(env func(string) string) ([]byte, error) {
	text := env("TRANSMIT_STATE_KEY")
	if text == "" {
		a.log.Warn("TRANSMIT_STATE_KEY is not set: links to Transmit that are out when this program ends will be refused at their return")
		return newKey(), nil
	}
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != 32 {
		return nil, errors.New("TRANSMIT_STATE_KEY must be 64 hexadecimal digits: openssl rand -hex 32")
	}
	return key, nil
}

// errPartial is the error of credentials of which only some are set.
var errPartial = errors.New("half-set credentials")

// complete tells whether all the named variables are set. Only some of them is an error: a vendor that is left out without a
// word would be missed too late.
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
		return false, fmt.Errorf("%w: there is %s, but not %s", errPartial, strings.Join(set, ", "), strings.Join(missing, ", "))
	}
	return len(missing) == 0, nil
}

// fromEnvironment serves each vendor whose credentials are set.
func (a *app) fromEnvironment(env func(string) string) error {
	options := []kyc.Option{kyc.WithUserAgent("kyc-go-webhooks/1.0"), kyc.WithLogger(a.log)}
	if ok, err := complete(env, "JUMIO_CLIENT_ID", "JUMIO_CLIENT_SECRET", "JUMIO_REGION"); err != nil {
		return err
	} else if ok {
		client, err := jumio.NewClient(jumio.Config{
			ClientID: env("JUMIO_CLIENT_ID"), ClientSecret: kyc.Secret(env("JUMIO_CLIENT_SECRET")), Region: jumio.Region(env("JUMIO_REGION")),
		}, options...)
		if err != nil {
			return err
		}
		a.addJumio(client)
	}
	// Without its secret every notice of Didit or Yoti is refused.
	if ok, err := complete(env, "DIDIT_API_KEY", "DIDIT_WEBHOOK_SECRET"); err != nil {
		return err
	} else if ok {
		client, err := didit.NewClient(didit.Config{APIKey: kyc.Secret(env("DIDIT_API_KEY"))}, options...)
		if err != nil {
			return err
		}
		a.addDidit(client, kyc.Secret(env("DIDIT_WEBHOOK_SECRET")))
	}
	if ok, err := complete(env, "YOTI_SDK_ID", "YOTI_KEY_FILE", "YOTI_NOTIFICATION_TOKEN"); err != nil {
		return err
	} else if ok {
		pem, err := os.ReadFile(env("YOTI_KEY_FILE"))
		if err != nil {
			return fmt.Errorf("YOTI_KEY_FILE: %w", err)
		}
		auth := yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBasic, Token: kyc.Secret(env("YOTI_NOTIFICATION_TOKEN"))}
		client, err := yoti.NewClient(yoti.Config{SDKID: env("YOTI_SDK_ID"), PrivateKey: pem, NotificationAuth: auth}, options...)
		if err != nil {
			return err
		}
		a.addYoti(client, auth)
	}
	if ok, err := complete(env, "TRANSMIT_CLIENT_ID", "TRANSMIT_CLIENT_SECRET", "TRANSMIT_ENVIRONMENT"); err != nil {
		return err
	} else if ok {
		key, err := a.stateKey(env)
		if err != nil {
			return err
		}
		states, err := newStates(key)
		if err != nil {
			return err
		}
		client, err := transmit.NewClient(transmit.Config{
			ClientID: env("TRANSMIT_CLIENT_ID"), ClientSecret: kyc.Secret(env("TRANSMIT_CLIENT_SECRET")), Environment: transmit.Environment(env("TRANSMIT_ENVIRONMENT")),
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
