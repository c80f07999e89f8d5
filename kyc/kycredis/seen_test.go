package kycredis_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kycredis"
)

// claims fails unless Claim returns what is wanted.
func claims(t *testing.T, s kyc.SeenStore, id string, want bool, wantErr error) {
	t.Helper()
	if got, err := s.Claim(t.Context(), id); got != want || !errors.Is(err, wantErr) {
		t.Errorf("Claim(%q) = %v, %v; want %v, %v", id, got, err, want, wantErr)
	}
}

func TestSeenStates(t *testing.T) {
	rdb, _, _ := server(t)
	ctx := t.Context()
	a, b := kycredis.NewSeenStore(rdb, "a:", time.Hour, time.Minute), kycredis.NewSeenStore(rdb, "a:", time.Hour, time.Minute)
	claims(t, a, "1", true, nil)
	claims(t, b, "1", false, kycredis.ErrClaimed)
	claims(t, a, "1", false, kycredis.ErrClaimed)
	if err := b.Release(ctx, "1"); err != nil { // not its own: nothing happens
		t.Error(err)
	}
	claims(t, b, "1", false, kycredis.ErrClaimed)
	if err := a.Release(ctx, "1"); err != nil {
		t.Error(err)
	}
	claims(t, b, "1", true, nil)
	if err := b.Finish(ctx, "1"); err != nil {
		t.Error(err)
	}
	claims(t, a, "1", false, nil)
	if err := a.Release(ctx, "1"); err != nil {
		t.Error(err)
	}
	claims(t, b, "1", false, nil)
	// Another prefix is another store.
	claims(t, kycredis.NewSeenStore(rdb, "b:", 0, 0), "1", true, nil)
}

func TestSeenKeysHoldNoIDAndEnd(t *testing.T) {
	rdb, _, _ := server(t)
	s := kycredis.NewSeenStore(rdb, "seen:", time.Hour, time.Minute)
	for _, id := range []string{"SENTINEL open", strings.Repeat("SENTINEL", 1<<17), "SENTINEL done"} {
		claims(t, s, id, true, nil)
	}
	if err := s.Finish(t.Context(), "SENTINEL done"); err != nil {
		t.Error(err)
	}
	keys, err := rdb.Keys(t.Context(), "*").Result()
	if err != nil || len(keys) != 3 {
		t.Fatalf("%q, %v", keys, err)
	}
	var lives []time.Duration
	for _, key := range keys {
		if strings.Contains(key, "SENTINEL") || len(key) > 80 {
			t.Errorf("key %.100q", key)
		}
		lives = append(lives, rdb.TTL(t.Context(), key).Val().Round(time.Minute))
	}
	if got := map[time.Duration]int{}; true {
		for _, l := range lives {
			got[l]++
		}
		if got[time.Hour] != 1 || got[time.Minute] != 2 {
			t.Errorf("the keys live for %v", lives)
		}
	}
}

func TestSeenForgetsAfterTheTTL(t *testing.T) {
	rdb, _, _ := server(t)
	s := kycredis.NewSeenStore(rdb, "", 50*time.Millisecond, time.Minute)
	claims(t, s, "1", true, nil)
	if err := s.Finish(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	until(t, "the finished id is free again", func() bool { ok, err := s.Claim(t.Context(), "1"); return ok && err == nil })
}

func TestSeenRenewsTheLeaseWhileWorkGoesOn(t *testing.T) {
	rdb, _, _ := server(t)
	const lease = 2 * time.Second
	a, b := kycredis.NewSeenStore(rdb, "", time.Hour, lease), kycredis.NewSeenStore(rdb, "", time.Hour, lease)
	claims(t, a, "1", true, nil)
	left := func() time.Duration { return rdb.PTTL(t.Context(), rdb.Keys(t.Context(), "*").Val()[0]).Val() }
	for range 3 {
		last := left()
		until(t, "the lease grows", func() bool {
			now := left()
			grown := now > last
			last = now
			return grown
		})
		claims(t, b, "1", false, kycredis.ErrClaimed)
	}
	if err := a.Finish(t.Context(), "1"); err != nil {
		t.Error(err)
	}
	claims(t, b, "1", false, nil)
}

func TestSeenTakesOverFromTheDead(t *testing.T) {
	rdb, addr, _ := server(t)
	child := start(t, "claim", addr)
	if got := child.line(); got != "claimed true <nil>" {
		t.Fatalf("the other process says %q", got)
	}
	s := kycredis.NewSeenStore(rdb, "", time.Hour, 1500*time.Millisecond)
	claims(t, s, "1", false, kycredis.ErrClaimed)
	child.kill(t)
	until(t, "the claim of the dead process is given up", func() bool {
		ok, err := s.Claim(t.Context(), "1")
		if err != nil && !errors.Is(err, kycredis.ErrClaimed) {
			t.Fatal(err)
		}
		return ok
	})
}

func playClaim(ctx context.Context, rdb redis.UniversalClient) error {
	ok, err := kycredis.NewSeenStore(rdb, "", time.Hour, 1500*time.Millisecond).Claim(ctx, "1")
	fmt.Println("claimed", ok, err)
	<-ctx.Done()
	return ctx.Err()
}

func TestSeenLateReleaseLeavesTheNextClaimAlone(t *testing.T) {
	rdb, _, _ := server(t)
	a, b := kycredis.NewSeenStore(rdb, "x", time.Hour, time.Minute), kycredis.NewSeenStore(rdb, "x", time.Hour, time.Minute)
	claims(t, a, "1", true, nil)
	if err := rdb.FlushAll(t.Context()).Err(); err != nil { // a's lease has run out
		t.Fatal(err)
	}
	claims(t, b, "1", true, nil)
	if err := a.Release(t.Context(), "1"); err != nil {
		t.Error(err)
	}
	claims(t, a, "1", false, kycredis.ErrClaimed)
}

func TestSeenOnlyOneOfManyGetsIt(t *testing.T) {
	rdb, _, _ := server(t)
	ctx := t.Context()
	var stores []*kycredis.SeenStore
	for range 4 {
		stores = append(stores, kycredis.NewSeenStore(rdb, "", time.Hour, 5*time.Second))
	}
	const ids = 20
	var done, now [ids]atomic.Int32
	var wg sync.WaitGroup
	for worker := range 16 {
		s := stores[worker%len(stores)]
		wg.Go(func() {
			for id := 0; id < ids; {
				name := fmt.Sprint(id)
				got, err := s.Claim(ctx, name)
				switch {
				case err != nil && !errors.Is(err, kycredis.ErrClaimed):
					t.Error(err)
					return
				case got:
					if now[id].Add(1) != 1 {
						t.Errorf("two at once have %d", id)
					}
					fail := worker%3 == 0 // some give up and try again
					if fail && worker%2 == 0 {
						now[id].Add(-1)
						err = s.Release(ctx, name)
						id++
					} else {
						done[id].Add(1)
						now[id].Add(-1)
						err = s.Finish(ctx, name)
						id++
					}
					if err != nil {
						t.Error(err)
					}
				case err == nil:
					id++
				}
			}
		})
	}
	wg.Wait()
	for id := range done {
		if n := done[id].Load(); n != 1 {
			t.Errorf("%d was processed %d times", id, n)
		}
	}
}

func TestSeenFailsClosed(t *testing.T) {
	rdb, _, kill := server(t)
	s := kycredis.NewSeenStore(rdb, "", time.Hour, time.Minute)
	claims(t, s, "open", true, nil)
	kill()
	if ok, err := s.Claim(t.Context(), "1"); ok || err == nil {
		t.Errorf("Claim = %v, %v", ok, err)
	}
	if err := s.Finish(t.Context(), "open"); err == nil {
		t.Error("Finish says that it has written")
	}
	h := kyc.Handler(source, func(context.Context, kyc.Event) error { t.Error("processed"); return nil }, kyc.WithSeenStore(s))
	if got := post(h, "2"); got != http.StatusInternalServerError {
		t.Errorf("the vendor gets %d", got)
	}
}

var source = kyc.NoticeSourceFunc(func(_ *http.Request, body []byte) (kyc.Event, error) {
	return kyc.Event{Vendor: kyc.Didit, ID: string(body), Ref: kyc.Ref{Vendor: kyc.Didit, Session: "s-" + string(body)}}, nil
})

func post(h http.Handler, body string) int {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body)))
	return w.Code
}

func TestSeenUnderTwoHandlers(t *testing.T) {
	rdb, _, _ := server(t)
	var calls atomic.Int32
	var fail atomic.Bool
	began, goOn := make(chan struct{}, 10), make(chan struct{}, 10)
	work := func(context.Context, kyc.Event) error {
		calls.Add(1)
		began <- struct{}{}
		<-goOn
		if fail.Load() {
			return errors.New("no")
		}
		return nil
	}
	var handlers []http.Handler
	for range 2 {
		handlers = append(handlers, kyc.Handler(source, work, kyc.WithSeenStore(kycredis.NewSeenStore(rdb, "", time.Hour, time.Minute))))
	}
	fail.Store(true)
	first := make(chan int)
	go func() { first <- post(handlers[0], "1") }()
	<-began
	// The first is at work and will fail: the repeat must not be confirmed, or nobody sends it again.
	if got := post(handlers[1], "1"); got != 500 {
		t.Errorf("the repeat during the work got %d", got)
	}
	goOn <- struct{}{}
	if got := <-first; got != 500 {
		t.Errorf("the failed one got %d", got)
	}
	fail.Store(false)
	goOn <- struct{}{}
	if got := post(handlers[1], "1"); got != 200 {
		t.Errorf("the third sending got %d", got)
	}
	for _, h := range handlers {
		if got := post(h, "1"); got != 200 {
			t.Errorf("a repeat of what had been processed got %d", got)
		}
	}
	if calls.Load() != 2 {
		t.Errorf("%d callbacks", calls.Load())
	}
}
