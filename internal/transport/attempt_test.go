package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestEachAttemptIsLimitedAndAuthorisedAnew(t *testing.T) {
	var waits, signs, n int
	var keys []string
	c, call := serve(t, func(w http.ResponseWriter, r *http.Request) {
		keys = append(keys, r.Header.Get("X-Nonce")+" "+r.URL.Query().Get("nonce"))
		if n++; n < 3 {
			w.WriteHeader(500)
		}
	}, Config{
		Options: []kyc.Option{fast, kyc.WithLimiter(limiterFunc(func(context.Context) error { waits++; return nil }))},
		Auth: AuthorizerFunc(func(_ context.Context, req *http.Request, _ *Body) error {
			signs++
			nonce := string(rune('a' + signs))
			req.Header.Set("X-Nonce", nonce)
			req.URL.RawQuery += "&nonce=" + nonce
			return nil
		}),
	})
	if _, err := c.Do(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	// The vendor's published budget is spent likewise.
	published := 0
	call.Limiter = limiterFunc(func(context.Context) error { published++; return nil })
	n, signs, keys = 0, 0, nil
	if _, err := c.Do(t.Context(), call, kyc.WithLimiter(nil)); err != nil || published != 3 {
		t.Errorf("%d waits for the published budget, %v", published, err)
	}
	if waits != 3 || strings.Join(keys, ",") != "b b,c c,d d" {
		t.Errorf("%d waits, credentials %q", waits, keys)
	}
}

func TestLimiterFaults(t *testing.T) {
	c, call := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request went out") }, Config{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	slow := kyc.NewLimiter(0.0001, 1)
	_ = slow.Wait(ctx)
	if _, err := c.Do(ctx, call, kyc.WithLimiter(slow)); !errors.Is(err, kyc.ErrRateLimited) {
		t.Errorf("a wait beyond the deadline: %v", err)
	}
	if _, err := c.Do(t.Context(), call, kyc.WithLimiter(limiterFunc(func(context.Context) error { return errors.New("store is down") }))); !errors.Is(err, kyc.ErrUnavailable) {
		t.Errorf("a failing limiter: %v", err)
	}
	hour := rate.NewLimiter(rate.Every(2*time.Hour), 1)
	hour.Allow()
	if _, err := c.Do(ctx, call, kyc.WithLimiter(hour)); !errors.Is(err, kyc.ErrRateLimited) {
		t.Errorf("x/time/rate: %v", err)
	}
	canceled, stop := context.WithCancel(t.Context())
	stop()
	if _, err := c.Do(canceled, call, kyc.WithLimiter(slow)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestCredentialStaysOnConfiguredHosts(t *testing.T) {
	var leaked atomic.Bool
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" {
			leaked.Store(true)
		}
		_, _ = io.WriteString(w, `{"name":"elsewhere"}`)
	}))
	defer other.Close()
	c, call := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			t.Error("no credential on the configured host")
		}
		http.Redirect(w, r, strings.Replace(other.URL, "127.0.0.1", "localhost", 1)+"/x", http.StatusFound)
	}, Config{Auth: StaticBearer("token")})

	var out thing
	call.Out = &out
	if _, err := c.Do(t.Context(), call); !errors.Is(err, kyc.ErrMalformed) || out.Name != "" {
		t.Errorf("a result was read from another host: %q, %v", out.Name, err)
	}
	var sink bytes.Buffer
	call.Out, call.Sink, call.Follow = nil, &sink, true
	if _, err := c.Do(t.Context(), call); err != nil || !strings.Contains(sink.String(), "elsewhere") {
		t.Errorf("download: %q, %v", sink.String(), err)
	}
	u, _ := url.Parse(other.URL)
	// Cookies know no ports, so the two servers need different names.
	u.Host = strings.Replace(u.Host, "127.0.0.1", "localhost", 1)
	cookieBase := call.Base
	call.Base, call.Path = u, "/from-a-payload"
	if _, err := c.Do(t.Context(), call); err != nil {
		t.Errorf("payload URL: %v", err)
	}
	call.Body, call.Method, call.Sink = BytesBody("text/plain", []byte("person")), "POST", nil
	if _, err := c.Do(t.Context(), call); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("a body went to another host: %v", err)
	}
	jar, _ := cookiejar.New(nil)
	jar.SetCookies(cookieBase, []*http.Cookie{{Name: "session", Value: "cookie-1"}})
	call.Base, call.Path, call.Method, call.Body, call.Sink = cookieBase, "/things/1", http.MethodGet, nil, &sink
	if _, err := c.Do(t.Context(), call, kyc.WithHTTPClient(&http.Client{Jar: jar})); err != nil {
		t.Errorf("with cookies: %v", err)
	}
	if leaked.Load() {
		t.Error("the credential reached another host")
	}
}

func TestRedirectLoopAndDowngrade(t *testing.T) {
	c, call := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.RequestURI, http.StatusFound) }, Config{})
	call.Sink, call.Follow = io.Discard, true
	c2 := 0
	call.Auth = AuthorizerFunc(func(context.Context, *http.Request, *Body) error { c2++; return nil })
	if _, err := c.Do(t.Context(), call); !errors.Is(err, kyc.ErrMalformed) || c2 > maxRedirects+1 {
		t.Errorf("loop: %v after %d", err, c2)
	}
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+r.Host+"/plain", http.StatusFound)
	}))
	defer secure.Close()
	c, call = client(t, secure.URL, Config{Options: []kyc.Option{kyc.WithHTTPClient(secure.Client())}})
	call.Sink, call.Follow = io.Discard, true
	if _, err := c.Do(t.Context(), call); !errors.Is(err, kyc.ErrMalformed) {
		t.Errorf("downgrade: %v", err)
	}
}

func TestUnauthorizedRenewsTheTokenOnce(t *testing.T) {
	for _, class := range []Class{Safe, IfNotProcessed, Never} {
		var fetches, requests int
		source := NewTokenSource(func(context.Context) (Token, error) {
			fetches++
			return Token{Value: string(rune('a' + fetches - 1)), Expiry: time.Now().Add(time.Hour)}, nil
		})
		good := "Bearer b"
		c, call := serve(t, func(w http.ResponseWriter, r *http.Request) {
			requests++
			if r.Header.Get("Authorization") != good {
				w.WriteHeader(http.StatusUnauthorized)
			}
		}, Config{Auth: Bearer(source)})
		call.Operation.Class = class
		if _, err := c.Do(t.Context(), call); err != nil || requests != 2 || fetches != 2 {
			t.Errorf("class %d: %d requests, %d tokens, %v", class, requests, fetches, err)
		}
		good = "Bearer none"
		requests, fetches = 0, 1
		if _, err := c.Do(t.Context(), call); !errors.Is(err, kyc.ErrUnauthorized) || requests != 2 {
			t.Errorf("class %d: %d requests, %v", class, requests, err)
		}
	}
}

func TestAttemptTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opt, s := stubbed(func(n int, r *http.Request) (*http.Response, error) {
			if n < 3 {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return reply(200, `{}`), nil
		})
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt}})
		start := time.Now()
		if _, err := c.Do(t.Context(), call); err != nil || s.n != 3 {
			t.Errorf("%d requests, %v", s.n, err)
		}
		if d := time.Since(start); d < time.Minute || d > 63*time.Second {
			t.Errorf("two timeouts took %v", d)
		}
		call.Operation.Class, s.n = IfNotProcessed, 0
		_, err := c.Do(t.Context(), call)
		if !errors.Is(err, kyc.ErrUnavailable) || errors.Is(err, context.Canceled) || s.n != 1 || !strings.Contains(err.Error(), "check before") {
			t.Errorf("%d requests, %v", s.n, err)
		}
	})
}

func TestHungTokenEndpointIsUnavailable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		opt, _ := stubbed(func(_ int, r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/token") {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			sent++
			return reply(200, `{}`), nil
		})
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt}})
		c.UseAuth(Bearer(c.TokenSource(ClientCredentials{Base: call.Base, Path: "/token"})))
		for _, class := range []Class{Safe, IfNotProcessed} {
			call.Operation.Class = class
			start := time.Now()
			_, err := c.Do(t.Context(), call)
			var e *kyc.Error
			if !errors.Is(err, kyc.ErrUnavailable) || errors.Is(err, context.Canceled) || !errors.As(err, &e) || e.Attempts != 0 || time.Since(start) > time.Minute {
				t.Errorf("%v after %v", err, time.Since(start))
			}
			// The next call shall begin a fetch of its own, not share this one's last moment.
			time.Sleep(tokenFetchTimeout)
		}
		// A caller that waits longer is told by the fetch's own deadline.
		start := time.Now()
		_, err := c.Do(t.Context(), call, kyc.WithAttemptTimeout(time.Hour))
		if !errors.Is(err, kyc.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 2*time.Minute || sent != 0 {
			t.Errorf("%v after %v, %d sent", err, time.Since(start), sent)
		}
	})
}

func TestEndedContextSendsNothing(t *testing.T) {
	c, call := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request went out") }, Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	call.Operation.Class = IfNotProcessed
	_, err := c.Do(ctx, call)
	var e *kyc.Error
	if !errors.Is(err, context.Canceled) || !errors.As(err, &e) || e.Attempts != 0 || !strings.Contains(err.Error(), "nothing was sent") {
		t.Errorf("got %v", err)
	}
}

func TestPlainHTTPBehindHTTPSIsNotRepeated(t *testing.T) {
	var n atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { n.Add(1) }))
	defer srv.Close()
	c, call := client(t, "https"+strings.TrimPrefix(srv.URL, "http"), Config{})
	_, err := c.Do(t.Context(), call)
	var e *kyc.Error
	if !errors.Is(err, kyc.ErrUnavailable) || !errors.As(err, &e) || e.Attempts != 1 || !strings.Contains(err.Error(), "base URL") {
		t.Errorf("got %v", err)
	}
}

func TestFailingCallsKeepThePool(t *testing.T) {
	const workers, calls = 16, 100
	var conns, n atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1)%20 == 0 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	c, call := client(t, srv.URL, Config{Options: []kyc.Option{kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1})}})
	var failed atomic.Int32
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range calls {
				if _, err := c.Do(t.Context(), call); err != nil {
					failed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if failed.Load() != workers*calls/20 {
		t.Errorf("%d calls failed", failed.Load())
	}
	if conns.Load() > 2*workers {
		t.Errorf("%d connections for %d goroutines", conns.Load(), workers)
	}
}

// Calls that are given up in the pause before a repeat leave the other connections alone.
func TestCallsGivenUpKeepThePool(t *testing.T) {
	const workers, calls = 16, 100
	var conns atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Fail") != "" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	c, call := client(t, srv.URL, Config{Options: []kyc.Option{kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 3, MinBackoff: time.Hour, MaxBackoff: time.Hour})}})
	var failed atomic.Int32
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range calls {
				call := call
				ctx, cancel := context.WithCancel(t.Context())
				if i%20 == 19 {
					call.Header = http.Header{"Fail": {"yes"}}
				}
				if _, err := c.Do(ctx, call, kyc.WithObserver(func(_ context.Context, o kyc.Observation) {
					if o.Err != nil {
						cancel() // the pause of an hour begins
					}
				})); err != nil {
					failed.Add(1)
				}
				cancel()
			}
		})
	}
	wg.Wait()
	if failed.Load() != workers*calls/20 {
		t.Errorf("%d calls failed", failed.Load())
	}
	if conns.Load() > 2*workers {
		t.Errorf("%d connections for %d goroutines", conns.Load(), workers)
	}
}

func TestDefaults(t *testing.T) {
	for _, like := range []http.RoundTripper{http.DefaultTransport, keyed{http.DefaultTransport}, nil} {
		tr := pooled(like)
		if tr.MaxIdleConnsPerHost != 100 || tr.TLSClientConfig.MinVersion != tls.VersionTLS12 || !tr.ForceAttemptHTTP2 || tr.Proxy == nil ||
			tr.DialContext == nil || tr.TLSHandshakeTimeout == 0 || tr.IdleConnTimeout != 30*time.Second {
			t.Errorf("transport %+v", tr)
		}
	}
	var agent, accept string
	c, call := serve(t, func(_ http.ResponseWriter, r *http.Request) { agent, accept = r.UserAgent(), r.Header.Get("Accept") },
		Config{Options: []kyc.Option{kyc.WithUserAgent("Acme Onboarding/2.1")}})
	if _, err := c.Do(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(agent, "Acme Onboarding/2.1 kyc-go/"+Version+" (jumio)") || accept != "application/json" {
		t.Errorf("User-Agent %q, Accept %q", agent, accept)
	}
	st := &state{call: &Call{}, settings: kyc.Settings{}}
	if st.timeout() != 30*time.Second {
		t.Errorf("timeout %v", st.timeout())
	}
	st.call.Body = StreamBody("", 10*uploadRate, true, nil)
	if st.timeout() != 40*time.Second {
		t.Errorf("upload timeout %v", st.timeout())
	}
}

func TestConfigFaults(t *testing.T) {
	for _, o := range []kyc.Option{
		kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: -1}), kyc.WithRetry(kyc.RetryPolicy{MinBackoff: 2, MaxBackoff: 1}), kyc.WithAttemptTimeout(-1),
		kyc.WithMaxBody(-1), kyc.WithUserAgent("a\nb"), kyc.WithOverrides(kyc.Override{}), kyc.WithResponse(new(kyc.Response)),
	} {
		if _, err := New(Config{Vendor: kyc.Yoti, Options: []kyc.Option{o}}); !errors.Is(err, kyc.ErrInvalid) || !strings.HasPrefix(err.Error(), "yoti: options: ") {
			t.Errorf("got %v", err)
		}
	}
}

// An option that would do nothing in its place, or too much, is refused.
func TestMisplacedOptions(t *testing.T) {
	store := kyc.WithTokenStore(&tokenMap{tokens: map[string]Token{}})
	limiters := kyc.WithLimiters(func(kyc.Budget) kyc.Limiter { return nil })
	c, call := serve(t, func(http.ResponseWriter, *http.Request) {}, Config{Options: []kyc.Option{store, limiters}})
	if _, err := c.Do(t.Context(), call, kyc.WithUserAgent("a"), kyc.WithResponse(new(kyc.Response))); err != nil {
		t.Error(err)
	}
	for _, o := range []kyc.Option{store, limiters} {
		if _, err := c.Do(t.Context(), call, o); !errors.Is(err, kyc.ErrInvalid) || !strings.HasPrefix(err.Error(), "jumio: options: ") {
			t.Errorf("for one call: %v", err)
		}
	}
}
