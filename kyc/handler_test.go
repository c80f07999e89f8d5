package kyc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
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

func TestHandlerOneCallbackAtOnceForASession(t *testing.T) {
	for _, parallel := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var now, most atomic.Int32
			var opts []HandlerOption
			if parallel {
				opts = append(opts, WithParallelCallbacks())
			}
			h := Handler(plainSource, func(context.Context, Event) error {
				most.Store(max(most.Load(), now.Add(1)))
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
		if len(m.ids) != 1 || len(m.order) != 1 {
			t.Errorf("%d ids, %d in order", len(m.ids), len(m.order))
		}
	})
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
		t.Errorf("worked off: %d", got)
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
