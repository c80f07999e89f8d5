package transport

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

type thing struct {
	kyc.Raw `json:"-"`
	Name    string `json:"name,omitzero"`
}

// newTestClient serves h below a path prefix, so that a call that forgets the base URL fails.
func newTestClient(t *testing.T, h http.HandlerFunc, cfg Config) (*Client, Call) {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/prefix/", http.StripPrefix("/prefix", h))
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	base, err := ParseBase(srv.URL + "/prefix")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Vendor = kyc.Jumio
	cfg.Origins = append(cfg.Origins, base)
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c, Call{Operation: Operation{Name: "things.get", Class: Safe}, Method: "GET", Base: base, Path: "/things/1"}
}

var fast = kyc.WithRetry(kyc.RetryPolicy{MinBackoff: 1, MaxBackoff: 2})

func TestReadSucceedsOnThirdAttempt(t *testing.T) {
	var n atomic.Int32
	c, call := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Key") != "k" {
			t.Errorf("attempt without credential")
		}
		if n.Add(1) < 3 {
			w.WriteHeader(503)
			return
		}
		_, _ = w.Write([]byte(`{"name":"x","other":1}`))
	}, Config{Auth: HeaderAuth("X-Key", "k"), Options: []kyc.Option{fast}})
	var out thing
	call.Out = &out
	var meta kyc.Response
	a, err := c.Do(t.Context(), call, kyc.WithResponse(&meta))
	if err != nil || out.Name != "x" || a.Attempts != 3 || meta.Attempts != 3 || string(out.RawJSON()) != `{"name":"x","other":1}` {
		t.Fatalf("got %v, %d attempts, raw %q, err %v", out.Name, meta.Attempts, out.RawJSON(), err)
	}
}

func TestCreateIsSentOnceOn500(t *testing.T) {
	var n atomic.Int32
	c, call := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) { n.Add(1); w.WriteHeader(500) }, Config{Options: []kyc.Option{fast}})
	call.Method, call.Operation.Class, call.Query = "POST", IfNotProcessed, "secret=1"
	_, err := c.Do(t.Context(), call)
	if n.Load() != 1 || !errors.Is(err, kyc.ErrUnavailable) || strings.Contains(err.Error(), "secret") {
		t.Fatalf("%d requests, err %v", n.Load(), err)
	}
}
