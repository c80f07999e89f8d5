package fake_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

func TestCloseEndsHangingRequests(t *testing.T) {
	s := start(t, fake.Config{})
	s.Inject(fake.FaultEvery("", kyctest.Hang))
	var wg sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		wg.Go(func() { _, errs[i] = call(t, s, "GET", "/api/v1/things/7", "") })
	}
	waitFor(t, s, 4)
	s.Close()
	wg.Wait()
	for _, err := range errs {
		if err == nil {
			t.Error("a hanging request was answered")
		}
	}
	s.Close()
	stacks := ownGoroutines()
	// net/http reports a connection as closed in the last lines of its goroutine, which may still have to run
	for end := time.Now().Add(10 * time.Second); stacks != "" && time.Now().Before(end); {
		runtime.Gosched()
		stacks = ownGoroutines()
	}
	if stacks != "" {
		t.Errorf("goroutines left after Close:\n%s", stacks)
	}
}

// waitFor returns when n requests have reached the server.
func waitFor(t *testing.T, s *fake.Server, n int) {
	t.Helper()
	for s.Total() < n || len(s.Requests()) < n {
		if t.Context().Err() != nil {
			t.Fatal("requests do not arrive")
		}
		runtime.Gosched()
	}
}

// ownGoroutines returns the stacks of goroutines that run code of the server.
func ownGoroutines() string {
	buf := make([]byte, 1<<20)
	var own []string
	for stack := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(stack, "fake.(*Server).serve") || strings.Contains(stack, "fake.(*Poster)") ||
			strings.Contains(stack, "fake.(*pipeListener)") {
			own = append(own, stack)
		}
	}
	return strings.Join(own, "\n\n")
}

// A client that stops reading in the middle of a huge answer must not keep Close waiting.
func TestCloseWithUnreadAnswer(t *testing.T) {
	s := start(t, fake.Config{Oversize: 1 << 30})
	s.Inject(fake.FaultEvery("", kyctest.OversizedBody))
	req, _ := http.NewRequest(http.MethodGet, s.URL()+"/api/v1/things/7", nil)
	resp, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err == nil {
		t.Error("the answer came to its end")
	}
	_ = resp.Body.Close()
}

// Inside a bubble, a goroutine that is left over fails the test.
func TestInMemoryLeavesNoGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := fake.NewServer(fake.Config{Routes: thingRoutes(), InMemory: true, Clock: time.Now})
		start := s.Now()
		mustCall(t, s, "GET", "/api/v1/things/7", "").want(t, 200, `{"id":"7","state":"new"}`)
		s.Inject(fake.FaultOn("Things.Get", 1, kyctest.Hang), fake.FaultOn("Things.Count", 1, kyctest.SlowBody),
			fake.FaultOn("Things.Delete", 1, kyctest.Reset), fake.FaultOn("Things.Create", 1, kyctest.Truncate))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+"/api/v1/things/7", nil)
		if _, err := do(s, req); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("hanging request: %v", err)
		}
		mustCall(t, s, "GET", "/api/v1/things/count", "").want(t, 200, `{"count":3}`)
		if _, err := call(t, s, "DELETE", "/api/v1/things/7", ""); err == nil {
			t.Error("the dropped request was answered")
		}
		if _, err := call(t, s, "POST", "/api/v1/things", `{"name":"x"}`); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("truncated answer: %v", err)
		}
		// one byte at a time takes eleven pauses
		if got := s.Now().Sub(start); got != time.Minute+11*50*time.Millisecond {
			t.Errorf("time passed: %v", got)
		}
		s.Close()
	})
}

func TestInMemoryCloseWhileHanging(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := fake.NewServer(fake.Config{Routes: thingRoutes(), InMemory: true})
		s.Inject(fake.FaultEvery("", kyctest.Hang))
		var err error
		var wg sync.WaitGroup
		wg.Go(func() { _, err = call(t, s, "POST", "/api/v1/things", `{"name":"x"}`) })
		synctest.Wait()
		s.Close()
		wg.Wait()
		if err == nil {
			t.Error("the hanging request was answered")
		}
		if _, err := call(t, s, "GET", "/api/v1/things/7", ""); !errors.Is(err, net.ErrClosed) {
			t.Errorf("call after Close: %v", err)
		}
	})
}
