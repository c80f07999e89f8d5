package fake_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

const created = `{"id":"t-1","state":"new"}`

// create sends a create that meets the fault.
func create(t *testing.T, s *fake.Server, f kyctest.Fault) (reply, error) {
	t.Helper()
	s.ClearFaults()
	s.Inject(fake.FaultEvery("Things.Create", f))
	return call(t, s, "POST", "/api/v1/things", `{"name":"x"}`)
}

func TestFaultAnswers(t *testing.T) {
	s := start(t, fake.Config{SlowPause: time.Microsecond, WriteError: func(c *fake.Call, e fake.Refusal) {
		// a vendor's own header must not soften the fault
		c.Header().Set("Retry-After", "5")
		c.Reply(e.Status, map[string]string{"rule": e.Rule, "detail": e.Detail})
	}})
	for _, tt := range []struct {
		fault             kyctest.Fault
		status            int
		retryAfter, ctype string
		body              string
	}{
		{kyctest.NoFault, 201, "", "application/json", created},
		{kyctest.Throttle, 429, "", "application/json", `{"detail":"throttle","rule":"fault"}`},
		{kyctest.ThrottleRetryAfter, 429, "1", "application/json", `{"detail":"throttle with retry-after","rule":"fault"}`},
		{kyctest.ThrottleLong, 429, "3600", "application/json", `{"detail":"throttle for an hour","rule":"fault"}`},
		{kyctest.ServerError, 500, "", "application/json", `{"detail":"server error","rule":"fault"}`},
		{kyctest.Unavailable, 503, "", "application/json", `{"detail":"unavailable","rule":"fault"}`},
		{kyctest.StaleToken, 401, "", "application/json", `{"detail":"stale token","rule":"fault"}`},
		{kyctest.EmptyNotFound, 404, "", "", ""},
		{kyctest.SlowBody, 201, "", "application/json", created},
		{kyctest.InvalidJSON, 201, "", "application/json", `{"id":"t-1","state":"new"`},
		{kyctest.DuplicateMember, 201, "", "application/json", `{"id":"t-1","state":"new","id":"t-1"}`},
		{kyctest.InvalidUTF8, 201, "", "application/json", "{\"id\":\"\xfft-1\",\"state\":\"new\"}"},
	} {
		t.Run(tt.fault.String(), func(t *testing.T) {
			r, err := create(t, s, tt.fault)
			if err != nil {
				t.Fatal(err)
			}
			want := []any{tt.status, tt.retryAfter, tt.ctype, tt.body}
			got := []any{r.Status, r.header.Get("Retry-After"), r.header.Get("Content-Type"), r.Body}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	r, err := create(t, s, kyctest.BadGatewayHTML)
	if err != nil || r.Status != 502 || !strings.HasPrefix(r.Body, "<html>") || r.header.Get("Content-Type") != "text/html" {
		t.Errorf("bad gateway: %+v, %v", r, err)
	}
	if got := problems(s); got != nil {
		t.Errorf("faults are no problems: %q", got)
	}
}

func TestFaultsOfTheConnection(t *testing.T) {
	var processed atomic.Int32
	routes := thingRoutes()
	inner := routes[0].Handler
	routes[0].Handler = func(c *fake.Call) { processed.Add(1); inner(c) }
	s := start(t, fake.Config{Routes: routes})
	dropped := func(err error) bool {
		return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF)
	}
	if _, err := create(t, s, kyctest.Reset); !dropped(err) || processed.Load() != 0 {
		t.Errorf("reset: %v, processed %d times", err, processed.Load())
	}
	if _, err := create(t, s, kyctest.ResetAfterRead); !dropped(err) || processed.Load() != 1 {
		t.Errorf("reset after read: %v, processed %d times", err, processed.Load())
	}
	r, err := create(t, s, kyctest.Truncate)
	if !errors.Is(err, io.ErrUnexpectedEOF) || processed.Load() != 2 {
		t.Errorf("truncate: %v, processed %d times", err, processed.Load())
	}
	if r.Status != 201 || r.Body != created[:len(created)/2] || r.header.Get("Content-Length") != "26" {
		t.Errorf("truncated answer: %+v", r)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.ClearFaults()
	s.Inject(fake.FaultAt(1, kyctest.Hang))
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+"/api/v1/things/7", nil)
	hung := make(chan error, 1)
	go func() { _, err := do(s, req); hung <- err }()
	waitFor(t, s, 4)
	select {
	case err := <-hung:
		t.Fatalf("a hanging request ended by itself: %v", err)
	default:
	}
	cancel()
	if err := <-hung; !errors.Is(err, context.Canceled) {
		t.Errorf("hang: %v", err)
	}
	var faults []kyctest.Fault
	var statuses []int
	for _, r := range s.Requests() {
		faults = append(faults, r.Fault)
		statuses = append(statuses, r.Status)
	}
	want := []kyctest.Fault{kyctest.Reset, kyctest.ResetAfterRead, kyctest.Truncate, kyctest.Hang}
	if diff := cmp.Diff(want, faults); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{0, 201, 201, 0}, statuses); diff != "" {
		t.Error(diff)
	}
}

func TestOversizedBody(t *testing.T) {
	s := start(t, fake.Config{Oversize: 3 << 20})
	r, err := create(t, s, kyctest.OversizedBody)
	if err != nil || len(r.Body) != 3<<20+len(created) || !json.Valid([]byte(r.Body)) {
		t.Errorf("%d bytes, %v", len(r.Body), err)
	}
	if r.header.Get("Content-Length") != "" {
		t.Error("the length is declared, so that a client need not count")
	}
}

// A fault must show also where the right answer has no body or is no object.
func TestFaultsOnOtherAnswers(t *testing.T) {
	s := start(t, fake.Config{Oversize: 10})
	for _, tt := range []struct {
		method, path string
		fault        kyctest.Fault
		body         string
	}{
		{"DELETE", "/api/v1/things/7", kyctest.InvalidJSON, `{"id":`},
		{"DELETE", "/api/v1/things/7", kyctest.DuplicateMember, `{"id":null,"id":null}`},
		{"DELETE", "/api/v1/things/7", kyctest.InvalidUTF8, "{\"id\":\"\xff\"}"},
		{"DELETE", "/api/v1/things/7", kyctest.OversizedBody, `{}          `},
		{"GET", "/lists/all/", kyctest.InvalidJSON, `[1,2`},
		{"GET", "/lists/all/", kyctest.DuplicateMember, `{"id":null,"id":null}`},
		{"GET", "/lists/all/", kyctest.InvalidUTF8, "{\"id\":\"\xff\"}"},
	} {
		s.ClearFaults()
		s.Inject(fake.FaultAt(1, tt.fault))
		r, err := call(t, s, tt.method, tt.path, "")
		if err != nil {
			t.Errorf("%v: %v", tt.fault, err)
		}
		r.want(t, 200, tt.body)
	}
	s.Inject(fake.FaultAt(1, kyctest.Truncate))
	if _, err := call(t, s, "DELETE", "/api/v1/things/7", ""); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("truncate without a body: %v", err)
	}
	s.Inject(fake.FaultOn("Things.Delete", 1, kyctest.SlowBody))
	if r, err := call(t, s, "DELETE", "/api/v1/things/7", ""); err != nil || r.Status != 204 {
		t.Errorf("slow without a body: %d, %v", r.Status, err)
	}
}

func TestFaultScript(t *testing.T) {
	s := start(t, fake.Config{})
	statuses := func(paths ...string) []int {
		var out []int
		for _, p := range paths {
			out = append(out, mustCall(t, s, "GET", p, "").Status)
		}
		return out
	}
	const get, count = "/api/v1/things/7", "/api/v1/things/count"
	check := func(want []int, got []int) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	s.Inject(fake.FaultOn("Things.Count", 2, kyctest.Throttle), fake.FaultAt(4, kyctest.ServerError),
		fake.FaultAt(5, kyctest.Unavailable))
	check([]int{200, 200, 200, 429, 503}, statuses(get, count, get, count, count))
	s.ClearFaults()
	s.Inject(fake.FaultRule{From: 2, To: 3, Faults: []kyctest.Fault{kyctest.ServerError}})
	check([]int{200, 500, 500, 200}, statuses(get, get, get, get))
	s.ClearFaults()
	s.Inject(fake.FaultEvery("Things.Count", kyctest.EmptyNotFound))
	check([]int{404, 200, 404}, statuses(count, get, count))
	s.ClearFaults()
	s.Inject(fake.FaultRule{})
	check([]int{200}, statuses(get))
}

func TestFaultRandomRepeats(t *testing.T) {
	run := func(seed uint64) (out []int) {
		s := start(t, fake.Config{})
		s.Inject(fake.FaultRandom(0.5, seed, kyctest.Throttle, kyctest.ServerError))
		for range 40 {
			out = append(out, mustCall(t, s, "GET", "/api/v1/things/7", "").Status)
		}
		return out
	}
	first := run(1)
	if diff := cmp.Diff(first, run(1)); diff != "" {
		t.Errorf("the same seed gives other faults: %s", diff)
	}
	if cmp.Equal(first, run(2)) {
		t.Error("another seed gives the same faults")
	}
	seen := map[int]bool{}
	for _, status := range first {
		seen[status] = true
	}
	if diff := cmp.Diff(map[int]bool{200: true, 429: true, 500: true}, seen); diff != "" {
		t.Error(diff)
	}
}
