package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Without a connection nothing can have been sent, whatever the error says: net/http tells when it has one.
func TestNotSentWithoutAConnection(t *testing.T) {
	quiet := log.New(io.Discard, "", 0)
	served := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request came in") })
	secure := httptest.NewUnstartedServer(served)
	secure.Config.ErrorLog = quiet
	secure.TLS = &tls.Config{MinVersion: tls.VersionTLS13}
	secure.StartTLS()
	defer secure.Close()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			t.Error("a request came in")
		}
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer proxy.Close()
	proxyURL, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	denied := errors.New("egress denied")
	trusting := secure.Client().Transport.(*http.Transport).TLSClientConfig
	old := trusting.Clone()
	old.MaxVersion = tls.VersionTLS12
	for name, tr := range map[string]*http.Transport{
		"proxy wants a password": {Proxy: http.ProxyURL(proxyURL), TLSClientConfig: trusting},
		"no version in common":   {TLSClientConfig: old},
		"dialer's own error":     {DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, denied }},
		"closed in the handshake": {DialContext: func(context.Context, string, string) (net.Conn, error) {
			near, far := net.Pipe()
			_ = far.Close()
			return near, nil
		}},
	} {
		t.Run(name, func(t *testing.T) {
			limiter := new(counting)
			c, call := client(t, secure.URL, Config{Options: []kyc.Option{fast, kyc.WithHTTPClient(&http.Client{Transport: keyed{tr}}), kyc.WithLimiter(limiter)}})
			call.Method, call.Operation.Class, call.Body = http.MethodPost, IfNotProcessed, BytesBody("text/plain", []byte("x"))
			_, err := c.Do(t.Context(), call)
			if !errors.Is(err, kyc.ErrUnavailable) || !errors.Is(err, kyc.ErrNotSent) || kyc.Uncertain(err) || !strings.HasSuffix(err.Error(), "; nothing was sent") {
				t.Errorf("not sent %v, uncertain %v: %v", errors.Is(err, kyc.ErrNotSent), kyc.Uncertain(err), err)
			}
			if limiter.n.Load() != 4 {
				t.Errorf("%d attempts", limiter.n.Load())
			}
			// Of a read this is known as well.
			call.Method, call.Operation.Class, call.Body = http.MethodGet, Safe, nil
			if _, err := c.Do(t.Context(), call); !errors.Is(err, kyc.ErrNotSent) {
				t.Errorf("read: %v", err)
			}
		})
	}
}

// A firewall drops what it does not like, so that the attempt's own time ends the dial.
func TestNotSentWhereTheDialIsNotAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dials atomic.Int32
		tr := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			dials.Add(1)
			select {
			case <-ctx.Done():
			case <-time.After(2 * time.Minute):
			}
			return nil, errors.New("given up")
		}}
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{kyc.WithHTTPClient(&http.Client{Transport: tr}), kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 2})}})
		call.Method, call.Operation.Class, call.Body = http.MethodPost, IfNotProcessed, BytesBody("text/plain", []byte("x"))
		_, err := c.Do(t.Context(), call)
		if !errors.Is(err, kyc.ErrUnavailable) || !errors.Is(err, kyc.ErrNotSent) || kyc.Uncertain(err) || !strings.HasSuffix(err.Error(), "; nothing was sent") {
			t.Errorf("not sent %v, uncertain %v: %v", errors.Is(err, kyc.ErrNotSent), kyc.Uncertain(err), err)
		}
		if dials.Load() != 2 {
			t.Errorf("%d dials", dials.Load())
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.Do(ctx, call); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, kyc.ErrNotSent) || !strings.HasSuffix(err.Error(), ": nothing was sent") {
			t.Errorf("the caller's deadline: %v", err)
		}
		time.Sleep(5 * time.Minute) // the dials end on their own
	})
}

// asking is a caller's transport that asks another host for something before each request.
type asking struct {
	http.RoundTripper
	first string
}

func (a asking) RoundTrip(r *http.Request) (*http.Response, error) {
	before, err := http.NewRequestWithContext(r.Context(), http.MethodGet, a.first, nil)
	if err != nil {
		return nil, err
	}
	resp, err := a.RoundTripper.RoundTrip(before)
	if err != nil {
		return nil, err
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return a.RoundTripper.RoundTrip(r)
}

func TestTransportThatAsksElsewhereFirst(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer other.Close()
	creates := 0
	c, call := serve(t, func(http.ResponseWriter, *http.Request) { creates++ }, Config{
		Options: []kyc.Option{fast, kyc.WithHTTPClient(&http.Client{Transport: asking{&http.Transport{DisableKeepAlives: true}, other.URL}})},
	})
	call.Method, call.Operation.Class, call.Body = http.MethodPost, IfNotProcessed, BytesBody("text/plain", []byte("x"))
	if a, err := c.Do(t.Context(), call); err != nil || creates != 1 || a.Attempts != 1 {
		t.Errorf("%d creates, %v", creates, err)
	}
}
