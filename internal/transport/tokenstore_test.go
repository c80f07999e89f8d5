package transport

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// hooked is a token store that does what the test wants.
type hooked struct{ load, save func(ctx context.Context) }

func (h hooked) LoadToken(ctx context.Context, _ string) (kyc.Secret, time.Time, bool, error) {
	if h.load != nil {
		h.load(ctx)
	}
	return "", time.Time{}, false, ctx.Err()
}

func (h hooked) SaveToken(ctx context.Context, _ string, _ kyc.Secret, _ time.Time) error {
	if h.save != nil {
		h.save(ctx)
	}
	return ctx.Err()
}

func token(int, *http.Request) (*http.Response, error) {
	return reply(200, `{"access_token":"t","expires_in":3600}`), nil
}

// A store that hangs costs a moment, not the token.
func TestHungTokenStore(t *testing.T) {
	for name, h := range map[string]func(ctx context.Context, end chan struct{}){
		"until its context ends": func(ctx context.Context, _ chan struct{}) { <-ctx.Done() },
		"for good":               func(_ context.Context, end chan struct{}) { <-end },
	} {
		for _, where := range []string{"load", "save"} {
			t.Run(where+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					end := make(chan struct{})
					defer close(end)
					store, most := hooked{load: func(ctx context.Context) { h(ctx, end) }}, storeTimeout
					if where == "save" {
						store, most = hooked{save: func(ctx context.Context) { h(ctx, end) }}, 0
					}
					opt, _ := stubbed(token)
					c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt, kyc.WithTokenStore(store)}})
					source := c.TokenSource(ClientCredentials{Base: call.Base, Path: "/token", ClientID: "id"})
					start := time.Now()
					if v, err := source.Token(t.Context()); v != "t" || err != nil || time.Since(start) > most {
						t.Errorf("%q, %v after %v", v, err, time.Since(start))
					}
					time.Sleep(storeTimeout)
				})
			})
		}
	}
}

type panicking struct{ slog.Handler }

func (panicking) Enabled(context.Context, slog.Level) bool  { return true }
func (panicking) Handle(context.Context, slog.Record) error { panic("SENTINEL") }

// A fetch has a goroutine of its own, so that a panic of what the caller brought would end the program.
func TestPanicsOfTheCallersPartsFailTheFetch(t *testing.T) {
	boom := func(context.Context) { panic("SENTINEL") }
	plain, _ := stubbed(token)
	transport, _ := stubbed(func(int, *http.Request) (*http.Response, error) { panic("SENTINEL") })
	goexit, _ := stubbed(func(int, *http.Request) (*http.Response, error) {
		runtime.Goexit()
		return nil, nil
	})
	for name, tt := range map[string]struct {
		options []kyc.Option
		fails   bool
	}{
		"load":      {[]kyc.Option{plain, kyc.WithTokenStore(hooked{load: boom})}, true},
		"save":      {[]kyc.Option{plain, kyc.WithTokenStore(hooked{save: boom})}, false},
		"limiter":   {[]kyc.Option{plain, kyc.WithLimiter(limiterFunc(func(context.Context) error { panic("SENTINEL") }))}, true},
		"observer":  {[]kyc.Option{plain, kyc.WithObserver(func(context.Context, kyc.Observation) { panic("SENTINEL") })}, true},
		"logger":    {[]kyc.Option{plain, kyc.WithLogger(slog.New(panicking{}))}, true},
		"transport": {[]kyc.Option{transport}, true},
		"goexit":    {[]kyc.Option{goexit}, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, call := client(t, "https://vendor.test", Config{Options: tt.options})
				source := c.TokenSource(ClientCredentials{Base: call.Base, Path: "/token", ClientID: "id"})
				for range 2 { // nobody waits for the first for ever, and the second begins anew
					_, err := source.Token(t.Context())
					if (err != nil) != tt.fails {
						t.Fatal(err)
					}
					e, ok := errors.AsType[*kyc.Error](err)
					if tt.fails && (!ok || !errors.Is(err, kyc.ErrUnavailable) || kyc.Uncertain(err) || strings.Contains(err.Error(), "SENTINEL")) {
						t.Errorf("%v", err)
					}
					if tt.fails && name != "goexit" && !strings.Contains(e.Err.Error(), "tokenstore_test.go") {
						t.Errorf("the cause does not say where: %v", e.Err)
					}
				}
			})
		})
	}
}

// What a limiter says in kyc's own words gives the call's error one kind.
func TestLimitersErrorHasOneKind(t *testing.T) {
	cause := errors.New("cause")
	for _, tt := range []struct {
		says, want error
		text       string
	}{
		{kyc.Invalid("", "limiter.new", "the rate is not above zero"), kyc.ErrInvalid, "the rate is not above zero"},
		{&kyc.Error{Kind: kyc.ErrRateLimited, Detail: "the queue is full", RetryAfter: time.Minute, Err: cause}, kyc.ErrRateLimited, "the queue is full"},
		{&kyc.Error{Kind: kyc.ErrNotFound, Detail: "no such key", Err: cause}, kyc.ErrUnavailable, "the limiter failed; nothing was sent in this attempt"},
		{errors.Join(kyc.ErrNotFound, cause), kyc.ErrUnavailable, "the limiter failed; nothing was sent in this attempt"},
	} {
		c, call := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request went out") }, Config{})
		_, err := c.Do(t.Context(), call, kyc.WithLimiter(limiterFunc(func(context.Context) error { return tt.says })))
		e, ok := errors.AsType[*kyc.Error](err)
		if !ok || e.Vendor != kyc.Jumio || e.Detail != tt.text || errors.Is(tt.says, cause) != errors.Is(err, cause) || !errors.Is(err, kyc.ErrNotSent) {
			t.Errorf("%v: %v", tt.says, err)
		}
		for _, kind := range kinds {
			if kind != kyc.ErrNotSent && errors.Is(err, kind) != (kind == tt.want) {
				t.Errorf("%v matches %v: %v", err, kind, errors.Is(err, kind))
			}
		}
	}
}
