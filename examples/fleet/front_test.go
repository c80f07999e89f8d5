package main

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// front stands before the vendor. It writes down when each request of the workers comes in, and can hold a fetch up.
type front struct {
	url string

	mu      sync.Mutex
	at      []time.Time
	fetches map[string]int
	held    map[string]chan struct{}
	slow    time.Duration // how long each fetch takes
	behind  int           // how many fetches of each verification find it as it was before the end
}

func newFront(t *testing.T, vendor string) *front {
	t.Helper()
	target, err := url.Parse(vendor)
	if err != nil {
		t.Fatal(err)
	}
	f := &front{fetches: make(map[string]int), held: make(map[string]chan struct{})}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	proxy.ModifyResponse = f.age
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session := path.Base(r.URL.Path)
		f.mu.Lock()
		f.at = append(f.at, time.Now())
		var hold chan struct{}
		var slow time.Duration
		if r.Method == http.MethodGet {
			f.fetches[session]++
			hold, slow = f.held[session], f.slow
		}
		f.mu.Unlock()
		pause(r.Context(), slow)
		if hold != nil {
			select {
			case <-hold:
			case <-r.Context().Done():
				return
			}
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	f.url = server.URL
	return f
}

// age turns an answer into the one before the end, if it is one of the first of a verification.
func (f *front) age(r *http.Response) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Request.Method != http.MethodGet || f.fetches[path.Base(r.Request.URL.Path)] > f.behind {
		return nil
	}
	data, err := io.ReadAll(r.Body)
	_ = r.Body.Close()
	data = bytes.Replace(data, []byte(`"status":"PROCESSED"`), []byte(`"status":"ACQUIRED"`), 1)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
	r.Header.Set("Content-Length", strconv.Itoa(len(data)))
	return err
}

// fetched is how often the vendor was asked for a verification.
func (f *front) fetched(ref kyc.Ref) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.fetches[ref.Session]
}

// allFetches is how often the vendor was asked for any.
func (f *front) allFetches() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	sum := 0
	for _, n := range f.fetches {
		sum += n
	}
	return sum
}

// hold keeps every fetch of a verification waiting until the returned function is called.
func (f *front) hold(ref kyc.Ref) (release func()) {
	stop := make(chan struct{})
	f.mu.Lock()
	defer f.mu.Unlock()
	f.held[ref.Session] = stop
	return sync.OnceFunc(func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.held, ref.Session)
		close(stop)
	})
}

// slowDown lets each fetch take d.
func (f *front) slowDown(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.slow = d
}

// arrivals are the times of all requests.
func (f *front) arrivals() []time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.at)
}
