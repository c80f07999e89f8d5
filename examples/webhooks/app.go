package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

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
	followed  sync.Map // Refs
}

// route is where one vendor's notices arrive.
type route struct {
	pattern  string
	provider kyc.Provider
	source   kyc.NoticeSource
	options  []kyc.HandlerOption
	// follow asks on until the verification is settled, for a vendor that tells nobody when it is.
	follow bool
	// last tells a notice after which no other may come: if the result lags behind it, somebody has to ask again.
	last func(kyc.Event) bool
	// repeats is true of a vendor that is known to send a notice again that was answered with an error.
	repeats bool
}

// errLags makes the vendor send its notice again.
var errLags = errors.New("the result lags behind the notice")

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

// callback processes one notice. It runs while the vendor waits (Didit for five seconds), so anything slow belongs in a
// queue; examples/fleet has one.
func (a *app) callback(work context.Context, r route) func(context.Context, kyc.Event) error {
	return func(ctx context.Context, e kyc.Event) error {
		if e.Ref.IsZero() {
			return nil // about something other than a verification
		}
		// A notice is only a wake-up call, whatever it claims and proves: the fetched result decides.
		result, err := r.provider.Fetch(ctx, e.Ref)
		if gone(err) {
			return nil // deleted in the meantime, or made up by somebody; sending it again changes nothing
		}
		if err != nil {
			return err // asks the vendor to send the notice again
		}
		last := r.last != nil && r.last(e)
		switch {
		case result.Settled() || !last && !r.follow:
			return a.act(ctx, result)
		case last && r.repeats:
			return errLags
		}
		if err := a.journal.note(e.Ref, true); err != nil {
			return err
		}
		a.following.Go(func() { a.follow(work, r.provider, e.Ref) })
		return nil
	}
}

// gone tells whether the vendor does not have the verification. The same fault of the call for an access token says something
// about the credentials, and nothing about the verification.
func gone(err error) bool {
	e, ok := errors.AsType[*kyc.Error](err)
	return ok && e.Operation != kyc.TokenOperation && errors.Is(e, kyc.ErrNotFound)
}

// How long follow waits after a failure. The wait grows.
const (
	shortestPause = time.Minute
	longestPause  = time.Hour
)

// patient is how follow reads once the vendor's own schedule is over: seldom, but without an end.
var patient = []kyc.WaitOption{
	kyc.WithImmediateRead(), kyc.WithSchedule(kyc.Schedule{Then: longestPause}), kyc.WithBudget(30 * 24 * time.Hour),
}

// follow asks until the verification is settled or the program ends; then it stays open in the journal. No fault of a read
// ends it: one unreadable answer, or a key that was replaced too late, must not lose a result. However many notices ask for
// it, a verification is followed once.
func (a *app) follow(ctx context.Context, provider kyc.Provider, ref kyc.Ref, options ...kyc.WaitOption) {
	if _, followed := a.followed.LoadOrStore(ref, true); followed {
		return
	}
	defer a.followed.Delete(ref)
	log := a.log.With("ref", ref.String())
	for wait := shortestPause; ; wait = min(2*wait, longestPause) {
		result, err := kyc.Wait(ctx, provider, ref, options...)
		if err == nil {
			err = a.act(ctx, result)
		}
		if err == nil || gone(err) {
			if err := a.journal.note(ref, false); err != nil {
				log.Warn("verification followed to its end, which is not written down", "error", err)
			}
			return
		}
		if ctx.Err() == nil {
			log.Warn("verification not settled, will be asked for again", "error", err, "after", wait)
		}
		if !pause(ctx, wait) {
			log.Warn("verification not followed to its end")
			return
		}
		options = patient
	}
}

// pause waits for d, and reports whether the program goes on.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// act is where a real program changes something. It may run more than once for a verification, so what it does must bear
// repeating: set a state, do not add to one. An error has it run again later.
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
		return nil // nothing yet; where no other notice may come, follow asks again
	}
	a.printf("%-9s %-14s %s\n", r.Ref.Vendor, r.Decision, action)
	if a.acted != nil {
		a.acted(r)
	}
	return nil
}

// logins stands for a program's login sessions: a cookie of random text leads to the person's check.
type logins struct{ byCookie sync.Map }

// login is a check that was started for a person: the reference it has, and the session it is.
type login struct {
	reference string
	session   kyc.Ref
}

const cookieName = "login"

func (l *logins) open(reference string, session kyc.Ref) *http.Cookie {
	c := &http.Cookie{Name: cookieName, Value: rand.Text(), Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	l.byCookie.Store(c.Value, login{reference, session})
	return c
}

// of gives the check of the browser's login. For a browser that is not logged in it has none; its return is then refused,
// as is one with another person's session.
func (l *logins) of(r *http.Request) (reference string, sessions []kyc.Ref) {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return "", nil
	}
	stored, _ := l.byCookie.Load(c.Value)
	own, ok := stored.(login)
	if !ok {
		return "", nil
	}
	return own.reference, []kyc.Ref{own.session}
}

func (a *app) addJumio(p kyc.Provider) {
	// Jumio signs nothing. If the program sees the sender's address, jumio.WithSources refuses strangers.
	a.routes = append(a.routes, route{pattern: "/notices/jumio", provider: p, source: jumio.Callbacks(), last: func(e kyc.Event) bool {
		switch jumio.Status(e.Status) {
		case jumio.StatusProcessed, jumio.StatusSessionExpired, jumio.StatusTokenExpired:
			return true
		default:
			return false
		}
	}})
}

func (a *app) addDidit(p kyc.Provider, secret kyc.Secret) {
	a.routes = append(a.routes, route{pattern: "/notices/didit", provider: p, source: didit.Webhooks(secret), repeats: true, last: func(e kyc.Event) bool {
		claimed, _ := didit.Table().Decide(didit.FieldStatus, e.Status)
		return claimed.Settled()
	}})
}

func (a *app) addYoti(p kyc.Provider, auth yoti.NotificationAuth) {
	a.routes = append(a.routes, route{pattern: "/notices/yoti", provider: p, source: yoti.Notifications(auth), last: func(e kyc.Event) bool {
		return e.Type == string(yoti.TopicSessionCompletion)
	}})
}

func (a *app) addTransmit(p kyc.Provider, states *transmit.States) {
	page := kyc.WithAnswer(func(w http.ResponseWriter, _ *http.Request, _ kyc.Event) {
		_, _ = io.WriteString(w, "Thank you. We are looking at your documents.\n")
	})
	a.routes = append(a.routes, route{
		pattern: "/back/transmit", provider: p, source: states.SourceFor(a.logins.of), options: []kyc.HandlerOption{page}, follow: true,
	})
}

// goOn follows what the last run left open.
func (a *app) goOn(ctx context.Context) {
	for _, ref := range a.resume {
		i := slices.IndexFunc(a.routes, func(r route) bool { return r.provider.Vendor() == ref.Vendor })
		if i < 0 {
			a.log.Warn("verification not followed: its vendor is not served", "ref", ref.String())
			continue
		}
		a.following.Go(func() { a.follow(ctx, a.routes[i].provider, ref, kyc.WithImmediateRead()) })
	}
}
