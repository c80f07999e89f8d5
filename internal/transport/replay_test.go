package transport

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// stamper gives every attempt another stamp.
type stamper struct{ n atomic.Int64 }

func (s *stamper) Authorize(_ context.Context, req *http.Request, _ *Body) error {
	req.Header.Set("Stamp", strconv.FormatInt(s.n.Add(1), 10))
	return nil
}

func (s *stamper) SingleUse() {}

// net/http repeats no create, so its empty body stays as it is.
func TestSingleUseCreateHasNoBody(t *testing.T) {
	var bodies atomic.Int32
	c, call := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 || len(r.TransferEncoding) > 0 {
			bodies.Add(1)
		}
	}, Config{Auth: &stamper{}})
	call.Method = http.MethodPost
	for range 3 {
		if _, err := c.Do(t.Context(), call); err != nil {
			t.Fatal(err)
		}
	}
	if bodies.Load() != 0 {
		t.Errorf("%d requests came with a body", bodies.Load())
	}
}

// A kept connection that breaks under a read must not bring the same credential twice: net/http would send the read
// again by itself.
func TestSingleUseIsNotReplayed(t *testing.T) {
	var mu sync.Mutex
	stamps := map[string]int{}
	requests, bodies := 0, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		requests++
		n := requests
		stamps[r.Header.Get("Stamp")]++
		if r.ContentLength != 0 || len(r.TransferEncoding) > 0 {
			bodies++
		}
		mu.Unlock()
		if n%2 == 0 {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
			return
		}
		_, _ = w.Write([]byte("{}"))
	}))
	defer server.Close()
	base, err := ParseBase(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(Config{
		Vendor: kyc.Yoti, Origins: []*url.URL{base}, Auth: &stamper{},
		Options: []kyc.Option{kyc.WithRetry(kyc.RetryPolicy{MinBackoff: time.Millisecond, MaxBackoff: time.Millisecond})},
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		_, err := c.Do(t.Context(), Call{Operation: Operation{Name: "x.get", Class: Safe}, Method: http.MethodGet, Base: base, Path: "/x"})
		if err != nil {
			t.Fatal(err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for stamp, n := range stamps {
		if n > 1 {
			t.Errorf("stamp %s was sent %d times", stamp, n)
		}
	}
	if bodies > 0 {
		t.Errorf("%d reads announced a body", bodies)
	}
	if requests < 8 {
		t.Errorf("only %d requests: the connections did not break", requests)
	}
}
