package fake_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
)

// receiver is a caller's endpoint that answers with the given statuses; 0 drops the connection, -1 hangs.
type receiver struct {
	mu       sync.Mutex
	statuses []int
	bodies   []string
	headers  []http.Header
}

func (r *receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	status := r.statuses[0]
	r.statuses = r.statuses[1:]
	r.bodies = append(r.bodies, string(body))
	r.headers = append(r.headers, req.Header)
	r.mu.Unlock()
	switch status {
	case 0:
		return nil, errors.New("connection refused")
	case -1:
		<-req.Context().Done()
		return nil, req.Context().Err()
	}
	return &http.Response{
		StatusCode: status, Body: http.NoBody, Header: http.Header{"Location": {"http://elsewhere.invalid/"}}, Request: req,
	}, nil
}

func TestPosterSchedule(t *testing.T) {
	for _, tt := range []struct {
		name     string
		cfg      fake.PosterConfig
		statuses []int
		want     fake.Delivery
		at       []time.Duration
	}{
		{
			"at once", fake.PosterConfig{Schedule: []time.Duration{time.Minute}}, []int{204},
			fake.Delivery{Attempts: []fake.Attempt{{Status: 204}}, Delivered: true, Done: true},
			[]time.Duration{0},
		},
		{
			"after repeats", fake.PosterConfig{Schedule: []time.Duration{time.Minute, 4 * time.Minute, time.Hour}},
			[]int{500, 0, 200},
			fake.Delivery{Attempts: []fake.Attempt{{Status: 500}, {}, {Status: 200}}, Delivered: true, Done: true},
			[]time.Duration{0, time.Minute, 5 * time.Minute},
		},
		{
			"given up", fake.PosterConfig{Schedule: []time.Duration{time.Minute}, Timeout: 3 * time.Second}, []int{-1, 302},
			fake.Delivery{Attempts: []fake.Attempt{{}, {Status: 302}}, Done: true},
			[]time.Duration{0, time.Minute + 3*time.Second},
		},
		{
			"not repeated", fake.PosterConfig{
				Schedule: []time.Duration{time.Minute}, Accept: func(s int) bool { return s == 200 },
				Retry: func(s int) bool { return s >= 500 },
			}, []int{201},
			fake.Delivery{Attempts: []fake.Attempt{{Status: 201}}, Done: true},
			[]time.Duration{0},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				tt.cfg.Client = &http.Client{Transport: &receiver{statuses: tt.statuses}}
				p := fake.NewPoster(tt.cfg)
				defer p.Close()
				p.Post(fake.Notice{URL: "http://caller.invalid/notices", Body: []byte("{}")})
				p.Wait()
				got := p.Deliveries()
				opts := cmpopts.IgnoreFields(fake.Attempt{}, "At", "Err")
				if diff := cmp.Diff([]fake.Delivery{tt.want}, got, opts); diff != "" {
					t.Error(diff)
				}
				var at []time.Duration
				for _, a := range got[0].Attempts {
					at = append(at, a.At.Sub(start))
					if (a.Err != nil) != (a.Status == 0) {
						t.Errorf("status %d with error %v", a.Status, a.Err)
					}
				}
				if diff := cmp.Diff(tt.at, at); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestPosterPreparesEachAttempt(t *testing.T) {
	var slept []time.Duration
	clock := fake.NewManualClock(time.Unix(1e9, 0))
	r := &receiver{statuses: []int{503, 200}}
	p := fake.NewPoster(fake.PosterConfig{
		Client: &http.Client{Transport: r}, Schedule: []time.Duration{time.Minute}, Clock: clock.Now,
		Sleep: func(_ context.Context, d time.Duration) error {
			slept = append(slept, d)
			clock.Advance(d)
			return nil
		},
	})
	fixed := http.Header{"Content-Type": {"application/json"}}
	p.Post(fake.Notice{
		ID: "n-1", URL: "http://caller.invalid/", Header: fixed, Body: []byte(`{"a":1}`),
		Prepare: func(attempt int, now time.Time, h http.Header) {
			h.Set("X-Attempt", strconv.Itoa(attempt))
			h.Set("X-Timestamp", strconv.FormatInt(now.Unix(), 10))
		},
	})
	p.Wait()
	p.Close()
	want := []http.Header{
		{"Content-Type": {"application/json"}, "X-Attempt": {"1"}, "X-Timestamp": {"1000000000"}},
		{"Content-Type": {"application/json"}, "X-Attempt": {"2"}, "X-Timestamp": {"1000000060"}},
	}
	if diff := cmp.Diff(want, r.headers); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{`{"a":1}`, `{"a":1}`}, r.bodies); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]time.Duration{time.Minute}, slept); diff != "" {
		t.Error(diff)
	}
	if len(fixed) != 1 || p.Deliveries()[0].ID != "n-1" {
		t.Error("the notice's own headers were changed, or its id is lost")
	}
	p.Post(fake.Notice{URL: "http://caller.invalid/"})
	if len(p.Deliveries()) != 1 {
		t.Error("a closed poster takes notices")
	}
}

func TestPosterCloseGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{statuses: []int{-1, 500}}
		p := fake.NewPoster(fake.PosterConfig{
			Client: &http.Client{Transport: r}, Schedule: []time.Duration{time.Hour}, Timeout: time.Hour,
		})
		p.Post(fake.Notice{ID: "hanging", URL: "http://caller.invalid/"})
		synctest.Wait()
		p.Post(fake.Notice{ID: "waiting", URL: "http://caller.invalid/"})
		synctest.Wait()
		start := time.Now()
		p.Close()
		if time.Since(start) != 0 {
			t.Errorf("Close took %v", time.Since(start))
		}
		for _, d := range p.Deliveries() {
			if !d.Done || d.Delivered || len(d.Attempts) != 1 {
				t.Errorf("%+v", d)
			}
		}
	})
}

// The whole path over sockets: the server's Close stops the poster too.
func TestPosterWithServer(t *testing.T) {
	got := make(chan string, 1)
	caller := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got <- r.Method + " " + r.URL.Path + " " + string(b)
	}))
	defer caller.Close()
	s := start(t, fake.Config{})
	p := fake.NewPoster(fake.PosterConfig{Schedule: []time.Duration{time.Hour}})
	s.OnClose(p.Close)
	p.Post(fake.Notice{URL: caller.URL + "/notices", Body: []byte("{}")})
	p.Wait()
	if diff := cmp.Diff("POST /notices {}", <-got); diff != "" {
		t.Error(diff)
	}
	p.Post(fake.Notice{URL: "http://127.0.0.1:1/"})
	p.Post(fake.Notice{URL: ":"})
	s.Close()
	for i, d := range p.Deliveries() {
		if !d.Done || d.Delivered != (i == 0) {
			t.Errorf("%+v", d)
		}
	}
}
