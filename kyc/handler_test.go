package kyc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// plainSource reads "id session" and takes one password.
var plainSource = NoticeSourceFunc(func(r *http.Request, body []byte) (Event, error) {
	if r.Header.Get("X-Secret") != "right" {
		return Event{}, &Error{Vendor: Didit, Operation: "webhook", Kind: ErrUnauthorized}
	}
	id, session, ok := strings.Cut(string(body), " ")
	if !ok {
		return Event{}, Malformed(Didit, "webhook", "no space", nil)
	}
	return Event{Vendor: Didit, ID: id, Ref: Ref{Didit, "", session}, Raw: body}, nil
})

func post(h http.Handler, body string, secret ...string) int {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Secret", append(secret, "right")[0])
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func TestHandlerAnswers(t *testing.T) {
	var calls []string
	fail := map[string]error{}
	var log bytes.Buffer
	h := Handler(plainSource, func(_ context.Context, e Event) error {
		calls = append(calls, e.ID)
		if e.ID == "panics" {
			panic("SENTINEL")
		}
		return fail[e.ID]
	}, WithMaxNotice(100), WithHandlerLogger(slog.New(slog.NewTextHandler(&log, nil))))
	for _, tt := range []struct {
		body, secret string
		want         int
	}{
		{"1 s", "right", 200}, {"1 s", "right", 200}, {"2 s", "wrong", 401}, {"broken", "right", 400}, {strings.Repeat("x", 101), "right", 413}, {"panics s", "right", 500}, {"panics s", "right", 500},
	} {
		if got := post(h, tt.body, tt.secret); got != tt.want {
			t.Errorf("%.10q: %d, want %d", tt.body, got, tt.want)
		}
	}
	fail["3"] = errors.New("SENTINEL")
	if got := post(h, "3 s"); got != 500 {
		t.Errorf("failed callback: %d", got)
	}
	delete(fail, "3")
	if got := post(h, "3 s"); got != 200 {
		t.Errorf("sent again: %d", got)
	}
	if got := fmt.Sprint(calls); got != "[1 panics panics 3 3]" {
		t.Errorf("callbacks %s", got)
	}
	if strings.Contains(log.String(), "SENTINEL") {
		t.Errorf("log %s", log.String())
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != 405 || w.Header().Get("Allow") != "POST" {
		t.Errorf("GET: %d", w.Code)
	}
}

// Options that say nothing leave the defaults.
func TestHandlerDefaults(t *testing.T) {
	for _, n := range []int64{0, -1} {
		calls := 0
		h := Handler(plainSource, func(context.Context, Event) error { calls++; return nil }, nil, WithMaxNotice(n), WithSeenStore(nil), WithHandlerLogger(nil), WithAnswer(nil))
		codes := []int{post(h, "1 s"), post(h, "1 s"), post(h, "2 "+strings.Repeat("s", defaultMaxNotice-2)), post(h, "3 "+strings.Repeat("s", defaultMaxNotice-1))}
		if diff := cmp.Diff([]int{200, 200, 200, 413}, codes); diff != "" || calls != 2 {
			t.Errorf("%d callbacks: %s", calls, diff)
		}
	}
}

func TestHandlerOneCallbackAtOnceForASession(t *testing.T) {
	for _, parallel := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var now, most atomic.Int32
			var opts []HandlerOption
			if parallel {
				opts = append(opts, WithParallelCallbacks())
			}
			h := Handler(plainSource, func(context.Context, Event) error {
				n := now.Add(1)
				for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
				}
				time.Sleep(time.Second)
				now.Add(-1)
				return nil
			}, opts...)
			var wg sync.WaitGroup
			for i := range 5 {
				wg.Go(func() { post(h, fmt.Sprint(i, " s")) })
			}
			synctest.Wait()
			if want := map[bool]int32{false: 1, true: 5}[parallel]; most.Load() != want {
				t.Errorf("parallel %v: %d at once", parallel, most.Load())
			}
			start := time.Now()
			wg.Go(func() { post(h, "other other") })
			wg.Wait()
			if want := map[bool]time.Duration{false: 5 * time.Second, true: time.Second}[parallel]; time.Since(start) != want {
				t.Errorf("parallel %v: took %v", parallel, time.Since(start))
			}
			if locks := len(h.(*handler).locks.locks); locks != 0 {
				t.Errorf("%d locks left", locks)
			}
		})
	}
}

func TestMemorySeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		m := &MemorySeen{Max: 3, TTL: time.Hour}
		claim := func(id string, want bool) {
			t.Helper()
			if got, err := m.Claim(ctx, id); got != want || err != nil {
				t.Errorf("Claim(%s) = %v, %v", id, got, err)
			}
		}
		claim("a", true)
		if _, err := m.Claim(ctx, "a"); err == nil {
			t.Error("a notice in work was taken for done")
		}
		_ = m.Release(ctx, "a")
		for _, id := range []string{"a", "b", "c"} {
			claim(id, true)
			_ = m.Finish(ctx, id)
		}
		claim("a", false)
		claim("d", true) // pushes a out
		_ = m.Finish(ctx, "d")
		claim("b", false)
		claim("a", true)
		time.Sleep(time.Hour)
		claim("d", true)
		if len(m.ids) != 1 || m.order.Len() != 1 {
			t.Errorf("%d ids, %d in order", len(m.ids), m.order.Len())
		}
	})
}

// What was released leaves nothing behind, whatever stands before it.
func TestMemorySeenForgetsWhatIsReleased(t *testing.T) {
	m := &MemorySeen{Max: 3}
	for _, id := range []string{"first", "again", "last"} {
		if ok, err := m.Claim(t.Context(), id); !ok || err != nil {
			t.Fatal(ok, err)
		}
		_ = m.Finish(t.Context(), id)
		for i := range 1000 {
			if ok, err := m.Claim(t.Context(), fmt.Sprint("failing ", i)); id != "last" && (!ok || err != nil) {
				t.Fatal(i, ok, err)
			}
			_ = m.Release(t.Context(), fmt.Sprint("failing ", i))
			_ = m.Release(t.Context(), "never claimed")
		}
		if m.order.Len() != len(m.ids) || m.order.Len() > m.Max {
			t.Fatalf("%d ids, %d in order", len(m.ids), m.order.Len())
		}
	}
	// The last one's place was needed for those that failed: the oldest had to go.
	if ok, _ := m.Claim(t.Context(), "first"); !ok {
		t.Error("the oldest was kept beyond Max")
	}
}

// browser is a source whose notices come by GET.
type browser struct{ NoticeSource }

func (browser) NoticeMethod() string { return http.MethodGet }

func TestHandlerOfRedirects(t *testing.T) {
	source := NoticeSourceFunc(func(r *http.Request, _ []byte) (Event, error) {
		return Event{Vendor: Transmit, ID: r.URL.Query().Get("id"), Ref: Ref{Transmit, "", "s"}}, nil
	})
	h := Handler(browser{source}, func(context.Context, Event) error { return nil }, WithAnswer(func(w http.ResponseWriter, r *http.Request, e Event) {
		http.Redirect(w, r, "/done/"+e.Ref.Session, http.StatusSeeOther)
	}))
	for method, want := range map[string]int{http.MethodGet: 303, http.MethodPost: 405} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "/?id=1", nil))
		if w.Code != want || (want == 303) != (w.Header().Get("Location") == "/done/s") || (want == 405) != (w.Header().Get("Allow") == "GET") {
			t.Errorf("%s: %d, %v", method, w.Code, w.Header())
		}
	}
}

// keys is a store that remembers what it was asked.
type keys struct {
	MemorySeen
	asked []string
}

func (k *keys) Claim(ctx context.Context, id string) (bool, error) {
	k.asked = append(k.asked, id)
	return k.MemorySeen.Claim(ctx, id)
}

// An id of any length makes a key of a bounded one, and other ids make other keys.
func TestHandlerBoundsKeys(t *testing.T) {
	var store keys
	calls := 0
	h := Handler(plainSource, func(context.Context, Event) error { calls++; return nil }, WithSeenStore(&store))
	long := strings.Repeat("x", 100<<10)
	for _, id := range []string{"short", long, long + "y", long} {
		if code := post(h, id+" s"); code != 200 {
			t.Errorf("answered %d", code)
		}
	}
	if calls != 3 || store.asked[0] != "didit short" {
		t.Errorf("%d callbacks", calls)
	}
	for _, key := range store.asked {
		if len(key) > 200 {
			t.Errorf("a key of %d bytes", len(key))
		}
	}
}

// A callback that ends its goroutine has not said that it is done.
func TestHandlerAfterGoexit(t *testing.T) {
	n := 0
	seen := &finisher{}
	h := Handler(plainSource, func(context.Context, Event) error {
		if n++; n == 1 {
			runtime.Goexit()
		}
		return nil
	}, WithSeenStore(seen))
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { post(h, "1 s") })
		wg.Wait()
	}
	if got := fmt.Sprint(seen.told); n != 2 || got != "[release didit 1 finish didit 1]" {
		t.Errorf("%d callbacks, told %s", n, got)
	}
	if locks := len(h.(*handler).locks.locks); locks != 0 {
		t.Errorf("%d locks left", locks)
	}
}

// ticket is a source whose notices are claimed.
type ticket struct {
	NoticeSource
	settled []string
	err     error
}

func (c *ticket) ClaimNotice(r *http.Request, body []byte) (Event, func(context.Context, error) error, error) {
	e, err := c.ParseNotice(r, body)
	return e, func(ctx context.Context, err error) error {
		c.settled = append(c.settled, fmt.Sprint(err == nil, ctx.Err()))
		return c.err
	}, err
}

func TestHandlerSettlesWhatItClaims(t *testing.T) {
	source := &ticket{NoticeSource: plainSource}
	end := func() error { return errors.New("no") }
	h := Handler(source, func(context.Context, Event) error { return end() })
	var got []int
	send := func(body string, secret ...string) {
		var wg sync.WaitGroup
		wg.Go(func() {
			code := 0
			defer func() { got = append(got, code) }()
			code = post(h, body, append(secret, "right")[0])
		})
		wg.Wait()
	}
	send("1 s")
	send("1 s", "wrong") // nothing was claimed
	end = func() error { panic("x") }
	send("1 s")
	end = func() error { runtime.Goexit(); return nil }
	send("1 s")
	end = func() error { return nil }
	source.err = errors.New("the work is done all the same")
	send("1 s")
	send("1 s") // has already been processed
	if text := fmt.Sprint(got, source.settled); text != "[500 401 500 0 200 200] [false <nil> false <nil> false <nil> true <nil> true <nil>]" {
		t.Error(text)
	}
}

// finisher is a SeenFinisher that writes down what it is told.
type finisher struct {
	MemorySeen
	told []string
	err  error
}

func (f *finisher) Release(ctx context.Context, id string) error {
	f.told = append(f.told, "release "+id)
	return f.MemorySeen.Release(ctx, id)
}

func (f *finisher) Finish(ctx context.Context, id string) error {
	f.told = append(f.told, "finish "+id)
	return errors.Join(f.err, f.MemorySeen.Finish(ctx, id))
}

func TestHandlerFinishes(t *testing.T) {
	seen := &finisher{}
	var fail error
	h := Handler(plainSource, func(context.Context, Event) error { return fail }, WithSeenStore(seen))
	if got := post(h, "1 s"); got != 200 {
		t.Errorf("processed: %d", got)
	}
	fail = errors.New("no")
	if got := post(h, "2 s"); got != 500 {
		t.Errorf("failed: %d", got)
	}
	// Work that is done stays done although the store cannot write that down.
	fail, seen.err = nil, errors.New("store")
	if got := post(h, "2 s"); got != 200 {
		t.Errorf("sent again: %d", got)
	}
	if got := fmt.Sprint(seen.told); got != "[finish didit 1 release didit 2 finish didit 2]" {
		t.Errorf("told %s", got)
	}
}

func TestHandlerTellsTheCallersErrors(t *testing.T) {
	gone := errors.New("SENTINEL of the database")
	var log bytes.Buffer
	var told []string
	h := Handler(plainSource, func(context.Context, Event) error { return gone }, WithHandlerLogger(slog.New(slog.NewTextHandler(&log, timeless))),
		WithHandlerError(func(_ context.Context, e Event, err error) {
			if errors.Is(err, gone) {
				told = append(told, e.ID)
			}
		}))
	if got := post(h, "1 s-7"); got != http.StatusInternalServerError || fmt.Sprint(told) != "[1]" {
		t.Errorf("answer %d, told %v", got, told)
	}
	post(h, "2 s-7", "wrong")
	if text := log.String(); !strings.Contains(text, "didit:s-7") || strings.Contains(text, "SENTINEL") || len(told) != 1 {
		t.Errorf("logged %s, told %v", text, told)
	}
}

func TestHandlerNeedsSourceAndCallback(t *testing.T) {
	for name, make := range map[string]func(){
		"source":   func() { Handler(nil, func(context.Context, Event) error { return nil }) },
		"callback": func() { Handler(plainSource, nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("made without a %s", name)
				}
			}()
			make()
		}()
	}
}

type long struct{ NoticeSource }

func (long) MaxNotice() int64 { return 2 << 20 }

func TestHandlerTakesWhatTheSourceMaySend(t *testing.T) {
	callback := func(context.Context, Event) error { return nil }
	body := "1 " + strings.Repeat("s", 3<<19)
	for want, h := range map[int]http.Handler{
		http.StatusRequestEntityTooLarge: Handler(plainSource, callback), http.StatusOK: Handler(long{plainSource}, callback),
	} {
		if got := post(h, body); got != want {
			t.Errorf("answer %d, want %d", got, want)
		}
	}
	if got := post(Handler(long{plainSource}, callback, WithMaxNotice(1<<20)), body); got != http.StatusRequestEntityTooLarge {
		t.Errorf("the caller's own cap: %d", got)
	}
}
