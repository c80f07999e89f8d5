package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// spread makes n calls by g goroutines.
func spread(g, n int, call func()) {
	var left atomic.Int64
	left.Store(int64(n))
	var wg sync.WaitGroup
	for range g {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				call()
			}
		})
	}
	wg.Wait()
}

// parallel measures what a call costs when many go out at once over the SDK's own connections.
func parallel() *group {
	srv := serveAnswers()
	wide := newTransport(200)
	g := &group{name: "Parallel/loopback", slice: 100 * time.Millisecond, few: true, close: func() { wide.CloseIdleConnections(); srv.Close() }}
	for _, c := range []struct {
		name string
		read reader
	}{{"sdk", sdk(srv.URL, nil, free{})}, {"bare", bare(srv.URL, wide)}} {
		for _, goroutines := range []int{16, 128} {
			g.cases = append(g.cases, benchCase{name: fmt.Sprintf("%s_%d", c.name, goroutines), least: 4 * goroutines, run: func(n int) {
				spread(goroutines, n, func() { c.read.run(1) })
			}})
		}
	}
	return g
}

const failPath = "/always-busy"

// countConnections makes calls by 64 goroutines of which five in a hundred fail after one repeat, and returns how many
// connections the server saw for each goroutine: the median of several runs, since how many a cold start dials is chance.
func countConnections(caller func(base string, rt *http.Transport) func(path string) error) (float64, error) {
	var all []float64
	for range 5 {
		n, err := connections(caller)
		if err != nil {
			return 0, err
		}
		all = append(all, n)
	}
	return median(all), nil
}

func connections(caller func(base string, rt *http.Transport) func(path string) error) (float64, error) {
	const goroutines, calls = 64, 6400
	var conns, made, failed atomic.Int64
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == failPath {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, _ = w.Write(answers(r.URL.Path))
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	// Connections that are dropped in their handshake are what is counted, not news.
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	defer srv.Close()
	rt := srv.Client().Transport.(*http.Transport)
	rt.MaxIdleConnsPerHost = 256
	call := caller(srv.URL, rt)
	spread(goroutines, calls, func() {
		path := readPath
		if made.Add(1)%20 == 0 {
			path = failPath
		}
		if call(path) != nil {
			failed.Add(1)
		}
	})
	if failed.Load() != calls/20 {
		return 0, fmt.Errorf("%d of %d calls failed", failed.Load(), calls)
	}
	return float64(conns.Load()) / goroutines, nil
}

func sdkCaller(base string, rt *http.Transport) func(path string) error {
	u, err := transport.ParseBase(base)
	must(err)
	c, err := client(base, &http.Client{Transport: rt}, kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 2, MinBackoff: time.Millisecond, MaxBackoff: time.Millisecond}))
	must(err)
	return func(path string) error {
		_, err := c.Do(context.Background(), transport.Call{
			Operation: transport.Operation{Name: "things.get", Class: transport.Safe}, Method: http.MethodGet, Base: u, Path: path,
		})
		return err
	}
}

func bareCaller(base string, rt *http.Transport) func(path string) error {
	hc := &http.Client{Transport: rt}
	return func(path string) error {
		if drain(hc.Get(base+path)) == nil {
			return nil
		}
		return drain(hc.Get(base + path))
	}
}

func retryableCaller(base string, rt *http.Transport) func(path string) error {
	c := retryablehttp.NewClient()
	c.Logger, c.HTTPClient.Transport = nil, rt
	c.RetryMax, c.RetryWaitMin, c.RetryWaitMax = 1, time.Millisecond, time.Millisecond
	return func(path string) error { return drain(c.Get(base + path)) }
}

// client returns a client of the pipeline alone, for calls that no vendor's client has in that form.
func client(base string, hc *http.Client, opts ...kyc.Option) (*transport.Client, error) {
	u, err := transport.ParseBase(base)
	if err != nil {
		return nil, err
	}
	return transport.New(transport.Config{
		Vendor: kyc.Jumio, Origins: []*url.URL{u}, Auth: transport.StaticBearer(token), Options: append(opts, kyc.WithHTTPClient(hc)),
	})
}
