package soak

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

var duration = flag.Duration("soak", 8*time.Second, "how long the load lasts")

const (
	// workers is how many verifications of one vendor are under way at once.
	workers = 4
	// rounds is how often the fakes are replaced. After each the heap is measured, so that it holds the clients only.
	rounds = 6
	// patience is how many calls a caller makes for one thing.
	patience = 20
	// heapGrowth is what may come on top of the second round's heap.
	heapGrowth = 4 << 20
)

// tally is what happened to one vendor's verifications.
type tally struct {
	mu       sync.Mutex
	next     int
	started  map[string]kyc.Ref // by reference
	approved int
	failed   map[string]error // starts that ended in an error, by reference
	calls    map[string]int   // errors by class
}

// few reports whether a slow machine has not got through enough verifications yet.
func (t *tally) few(round int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.started) < 5*(round+1)
}

func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some ten seconds")
	}
	all := vendors()
	lines := make([]*chaos, len(all))
	clients := make([]kyc.Provider, len(all))
	tallies := make([]*tally, len(all))
	var heaps []uint64
	var goroutines []int
	for round := range rounds {
		servers := make([]server, len(all))
		for i, v := range all {
			servers[i] = v.start()
			if round == 0 {
				lines[i] = newChaos(v, uint64(i)+1)
				tallies[i] = &tally{started: map[string]kyc.Ref{}, failed: map[string]error{}, calls: map[string]int{}}
				var err error
				clients[i], err = v.client(servers[i], kyc.WithHTTPClient(&http.Client{Transport: lines[i]}), kyc.WithLimiter(kyc.NewLimiter(1e6, 1e6)),
					kyc.WithRetry(kyc.RetryPolicy{MinBackoff: time.Millisecond, MaxBackoff: 5 * time.Millisecond}))
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := lines[i].turn(servers[i]); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), *duration/rounds)
		var load sync.WaitGroup
		for i, v := range all {
			for range workers {
				load.Go(func() {
					for ctx.Err() == nil || tallies[i].few(round) {
						verify(t, v, clients[i], servers[i], tallies[i])
					}
				})
			}
		}
		load.Wait()
		cancel()
		for i, v := range all {
			// The token of the fake before is the one thing that a new fake may find wrong.
			p := slices.DeleteFunc(servers[i].problems(), func(p string) bool { return strings.HasSuffix(p, "auth: unknown bearer token") })
			if len(p) > 0 {
				t.Errorf("%s would have refused: %q", v.name, p[:min(len(p), 5)])
			}
			servers[i].client.CloseIdleConnections()
			servers[i].close()
			servers[i] = server{}
			if err := lines[i].turn(server{}); err != nil {
				t.Fatal(err)
			}
		}
		heap, n := settle()
		heaps, goroutines = append(heaps, heap), append(goroutines, n)
	}
	total := 0
	for i, v := range all {
		total += judge(t, v, lines[i], tallies[i])
	}
	steady(t, heaps, goroutines, total)
}

// verify takes one person through one verification, as a careful caller does: a create that failed is given up, everything
// else is tried again.
func verify(t *testing.T, v *vendor, client kyc.Provider, s server, tally *tally) {
	tally.mu.Lock()
	tally.next++
	reference := fmt.Sprintf("soak-%s-%d", v.name, tally.next)
	hurried := tally.next%50 == 0
	tally.mu.Unlock()

	ctx, cancel := t.Context(), context.CancelFunc(func() {})
	if hurried {
		ctx, cancel = context.WithTimeout(ctx, 2*time.Millisecond)
	}
	session, err := client.Start(ctx, kyc.StartRequest{Reference: reference})
	cancel()
	tally.note(err)
	tally.mu.Lock()
	if err != nil {
		tally.failed[reference] = err
	} else {
		tally.started[reference] = session.Ref
	}
	tally.mu.Unlock()
	if err != nil {
		return
	}
	if err := s.play(session); err != nil {
		t.Errorf("%s: the session of %s is lost: %v", v.name, reference, err)
		return
	}
	var result *kyc.Result
	for range patience {
		result, err = client.Fetch(t.Context(), session.Ref)
		tally.note(err)
		if err == nil && result.Decision.Final() {
			break
		}
	}
	switch {
	case err != nil:
		t.Errorf("%s: the result of %s is lost: %v", v.name, reference, err)
		return
	case result.Decision != kyc.Approved || result.Ref != session.Ref || result.Reference != "" && result.Reference != reference:
		t.Errorf("%s: %s became %v of %v for %q", v.name, reference, result.Decision, result.Ref, result.Reference)
		return
	}
	for range patience {
		err = client.Delete(t.Context(), session.Ref)
		tally.note(err)
		if err == nil || errors.Is(err, kyc.ErrNotFound) {
			break
		}
	}
	if err != nil && !errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("%s: %s cannot be deleted: %v", v.name, reference, err)
		return
	}
	tally.mu.Lock()
	tally.approved++
	tally.mu.Unlock()
}

// uncertain are the classes that leave open whether the vendor acted.
var uncertain = []error{kyc.ErrUnavailable, kyc.ErrMalformed, context.Canceled, context.DeadlineExceeded}

func (t *tally) note(err error) {
	if err == nil {
		return
	}
	name := "other"
	for _, class := range append(uncertain, kyc.ErrRateLimited, kyc.ErrUnauthorized, kyc.ErrNotFound, kyc.ErrInvalid, kyc.ErrConflict, kyc.ErrForbidden) {
		if errors.Is(err, class) {
			name = class.Error()
		}
	}
	t.mu.Lock()
	t.calls[name]++
	t.mu.Unlock()
}

// judge holds the books of the client against those of the vendor, and returns how many verifications there were.
func judge(t *testing.T, v *vendor, line *chaos, tally *tally) int {
	t.Helper()
	for reference, n := range line.creates {
		if n > 1 {
			t.Errorf("%s: %s was created %d times", v.name, reference, n)
		}
		_, started := tally.started[reference]
		err, failed := tally.failed[reference]
		switch {
		case !started && !failed:
			t.Errorf("%s: %q was created and nobody asked for it", v.name, reference)
		case failed && !slices.ContainsFunc(uncertain, func(class error) bool { return errors.Is(err, class) }):
			t.Errorf("%s: %s was created, and its error says that it was not: %v", v.name, reference, err)
		}
	}
	for reference := range tally.started {
		if line.creates[reference] != 1 {
			t.Errorf("%s: %s is started and was created %d times", v.name, reference, line.creates[reference])
		}
	}
	refs := map[kyc.Ref]string{}
	for reference, ref := range tally.started {
		if other, ok := refs[ref]; ok {
			t.Errorf("%s: %s and %s are the same session", v.name, reference, other)
		}
		refs[ref] = reference
	}
	if tally.approved == 0 || len(tally.started) < 10 {
		t.Errorf("%s: %d verifications are too few", v.name, len(tally.started))
	}
	t.Logf("%s: %d requests, %d verifications, %d approved, %d starts failed; faults %v; errors %v", v.name, line.sent, tally.next, tally.approved,
		len(tally.failed), text(line.faults), text(tally.calls))
	return tally.next
}

func text(m map[string]int) string {
	var b []byte
	for _, k := range slices.Sorted(maps.Keys(m)) {
		b = fmt.Appendf(b, "%s: %d, ", k, m[k])
	}
	return string(b)
}

// settle returns heap and goroutines once what has ended is gone.
func settle() (heap uint64, goroutines int) {
	var m runtime.MemStats
	for end := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		runtime.GC()
		runtime.ReadMemStats(&m)
		heap = m.HeapAlloc
		if goroutines = runtime.NumGoroutine(); goroutines <= 3 || time.Now().After(end) {
			break
		}
	}
	return heap, goroutines
}

// steady compares every round with the second one, when the caches are full. What the test itself keeps of each
// verification is taken off.
func steady(t *testing.T, heaps []uint64, goroutines []int, verifications int) {
	t.Helper()
	const kept = 1 << 10
	own := uint64(verifications * kept)
	t.Logf("heap after each round %d KiB, goroutines %d", kib(heaps), goroutines)
	for i := 2; i < len(heaps); i++ {
		if heaps[i] > heaps[1]+heapGrowth+own {
			t.Errorf("the heap grew from %d to %d KiB", heaps[1]>>10, heaps[i]>>10)
		}
		if goroutines[i] > goroutines[1]+2 {
			t.Errorf("the goroutines grew from %d to %d", goroutines[1], goroutines[i])
		}
	}
}

func kib(heaps []uint64) []uint64 {
	out := make([]uint64, len(heaps))
	for i, h := range heaps {
		out[i] = h >> 10
	}
	return out
}
