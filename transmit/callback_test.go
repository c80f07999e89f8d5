package transmit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func mustURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestParseCallback(t *testing.T) {
	want := kyc.Event{Vendor: kyc.Transmit, Ref: kyc.Ref{Vendor: kyc.Transmit, Session: "H1I12"}, Type: EventCallback, ID: "callback H1I12 tqPD1ryTRbpU_tm5RFfNsg"}
	for _, query := range []string{"sessionId=H1I12&state=s%2F1", "session_id=H1I12&state=s%2F1", "state=s%2F1&sessionId=H1I12&session_id=H1I12&x=y"} {
		got, err := ParseCallback(mustURL(t, "https://example.com/back?"+query), "s/1")
		if err != nil {
			t.Fatal(err)
		}
		want.Raw = []byte(query)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", query, diff)
		}
	}
}

func TestParseCallbackRefused(t *testing.T) {
	for query, want := range map[string]error{
		"sessionId=a&state=other":               kyc.ErrUnauthorized,
		"sessionId=a&state=":                    kyc.ErrUnauthorized,
		"sessionId=a":                           kyc.ErrUnauthorized,
		"sessionId=a&State=good":                kyc.ErrUnauthorized,
		"sessionId=a&state=good&state=good":     kyc.ErrMalformed,
		"sessionId=a&sessionId=b&state=good":    kyc.ErrMalformed,
		"sessionId=a&session_id=b&state=good":   kyc.ErrMalformed,
		"sessionId=&state=good":                 kyc.ErrMalformed,
		"state=good":                            kyc.ErrMalformed,
		"sessionId=a&state=%zz":                 kyc.ErrMalformed,
		"sessionId=a;state=good":                kyc.ErrMalformed,
		"sessionId=a&state=good&extra=%2":       kyc.ErrMalformed,
		"session_id=&sessionId=&state=good":     kyc.ErrMalformed,
		"sessionId=a&state=good ":               kyc.ErrUnauthorized,
		"sessionId=a&state=goo":                 kyc.ErrUnauthorized,
		"sessionId=a&state=good%00":             kyc.ErrUnauthorized,
		"sessionId=a&state=GOOD&xstate=good":    kyc.ErrUnauthorized,
		"SESSIONID=a&state=good&sessionid=good": kyc.ErrMalformed,
	} {
		e, err := ParseCallback(&url.URL{RawQuery: query}, "good")
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", query, err, want)
		}
		if !cmp.Equal(e, kyc.Event{}) {
			t.Errorf("%s: an event beside the error", query)
		}
	}
	if _, err := ParseCallback(nil, "good"); !errors.Is(err, kyc.ErrMalformed) {
		t.Errorf("no URL: %v", err)
	}
	if _, err := ParseCallback(&url.URL{RawQuery: "sessionId=a&state="}, ""); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("an empty state is expected: %v", err)
	}
}

func back(session, state string) *url.URL {
	return &url.URL{RawQuery: url.Values{"sessionId": {session}, "state": {state}}.Encode()}
}

func TestStates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		states, err := NewStates(bytes.Repeat([]byte{7}, 32), time.Hour, nil)
		if err != nil {
			t.Fatal(err)
		}
		state, err := states.New("browser-1")
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := states.New("browser-1"); again == state {
			t.Error("two states are equal")
		}
		if _, err := states.ParseCallback(ctx, back("s1", state), "browser-2"); !errors.Is(err, kyc.ErrUnauthorized) {
			t.Errorf("another browser: %v", err)
		}
		for i := range state {
			c := "A"
			if state[i] == 'A' {
				c = "B"
			}
			if _, err := states.ParseCallback(ctx, back("s1", state[:i]+c+state[i+1:]), "browser-1"); !errors.Is(err, kyc.ErrUnauthorized) {
				t.Errorf("byte %d changed: %v", i, err)
			}
		}
		e, err := states.ParseCallback(ctx, back("s1", state), "browser-1")
		if err != nil || e.Ref.Session != "s1" || e.Assurance != kyc.AssuranceNone {
			t.Fatalf("%v, %v", e, err)
		}
		if _, err := states.ParseCallback(ctx, back("s1", state), "browser-1"); !errors.Is(err, kyc.ErrUnauthorized) {
			t.Errorf("used twice: %v", err)
		}

		late, _ := states.New("browser-1")
		other, err := NewStates(bytes.Repeat([]byte{8}, 32), time.Hour, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.ParseCallback(ctx, back("s1", late), "browser-1"); !errors.Is(err, kyc.ErrUnauthorized) {
			t.Errorf("another key: %v", err)
		}
		time.Sleep(time.Hour)
		if _, err := states.ParseCallback(ctx, back("s1", late), "browser-1"); !errors.Is(err, kyc.ErrUnauthorized) {
			t.Errorf("expired: %v", err)
		}
		fresh, _ := states.New("browser-1")
		if _, err := states.ParseCallback(ctx, back("s1", fresh), "browser-1"); err != nil {
			t.Fatal(err)
		}
	})
}

type brokenStore struct{}

func (brokenStore) Claim(context.Context, string) (bool, error) { return true, errors.New("down") }

func (brokenStore) Release(context.Context, string) error { return nil }

func TestStatesRefused(t *testing.T) {
	if _, err := NewStates(make([]byte, 31), 0, nil); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("short key: %v", err)
	}
	if _, err := NewStates(make([]byte, 32), -1, nil); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("negative time to live: %v", err)
	}
	states, err := NewStates(make([]byte, 32), 0, brokenStore{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := states.New(""); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("empty binding: %v", err)
	}
	if _, err := states.ParseCallback(t.Context(), back("s", "x"), ""); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("empty binding: %v", err)
	}
	state, _ := states.New("b")
	if _, err := states.ParseCallback(t.Context(), back("s", state), "b"); !errors.Is(err, kyc.ErrUnavailable) {
		t.Errorf("a failing store: %v", err)
	}
}

func TestStatesSource(t *testing.T) {
	states, err := NewStates(make([]byte, 32), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	state, _ := states.New("login-1")
	source := states.Source(func(r *http.Request) string { return r.Header.Get("X-Login") })
	req := httptest.NewRequest(http.MethodGet, "/back?"+back("s9", state).RawQuery, nil)
	req.Header.Set("X-Login", "login-1")
	e, err := source.ParseNotice(req, nil)
	if err != nil || e.Ref.Session != "s9" {
		t.Fatalf("%v, %v", e, err)
	}
	if text := fmt.Sprintf("%v %+v %#v", e, e, e); strings.Contains(text, state) {
		t.Errorf("the event prints its state: %s", text)
	}
}

func TestStatesBehindHandler(t *testing.T) {
	states, err := NewStates(make([]byte, 32), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	state, _ := states.New("login-1")
	var got []kyc.Ref
	h := kyc.Handler(states.Source(func(*http.Request) string { return "login-1" }), func(_ context.Context, e kyc.Event) error {
		got = append(got, e.Ref)
		return nil
	}, kyc.WithAnswer(func(w http.ResponseWriter, r *http.Request, _ kyc.Event) {
		http.Redirect(w, r, "/thanks", http.StatusSeeOther)
	}))
	for _, want := range []int{http.StatusSeeOther, http.StatusUnauthorized} { // a state works once
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/back?"+back("s9", state).RawQuery, nil))
		if w.Code != want {
			t.Errorf("%d, want %d", w.Code, want)
		}
	}
	if len(got) != 1 || got[0] != (kyc.Ref{Vendor: kyc.Transmit, Session: "s9"}) {
		t.Errorf("events of %v", got)
	}
}

// A return whose callback failed can be made again with the browser's reload; one that was worked off cannot, anywhere.
func TestStatesBehindHandlerAfterAFailure(t *testing.T) {
	shared := &kyc.MemorySeen{}
	ends := []func() error{
		func() error { return errors.New("the vendor is down") }, func() error { panic("x") }, func() error { runtime.Goexit(); return nil }, func() error { return nil },
	}
	var calls int
	handler := func() http.Handler { // of a process
		states, err := NewStates(make([]byte, 32), 0, shared)
		if err != nil {
			t.Fatal(err)
		}
		return kyc.Handler(states.Source(func(*http.Request) string { return "login-1" }), func(context.Context, kyc.Event) error {
			calls++
			return ends[calls-1]()
		})
	}
	one, two := handler(), handler()
	states, _ := NewStates(make([]byte, 32), 0, shared)
	state, _ := states.New("login-1")
	for i, want := range []int{500, 500, 0, 200, 401, 401} {
		var code int
		var wg sync.WaitGroup
		wg.Go(func() {
			w := httptest.NewRecorder()
			[]http.Handler{one, two}[i%2].ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/back?"+back("s9", state).RawQuery, nil))
			code = w.Code
		})
		wg.Wait()
		if code != want {
			t.Errorf("return %d: %d, want %d", i, code, want)
		}
	}
	if calls != len(ends) {
		t.Errorf("%d callbacks", calls)
	}
	if _, err := states.ParseCallback(t.Context(), back("s9", state), "login-1"); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("used up behind a handler, and good here: %v", err)
	}
}

// While one return is worked off, another with its state is turned away, and may come again.
func TestStatesBehindHandlerAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		states, err := NewStates(make([]byte, 32), 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		state, _ := states.New("login-1")
		calls, hold := 0, make(chan struct{})
		h := kyc.Handler(states.Source(func(*http.Request) string { return "login-1" }), func(context.Context, kyc.Event) error {
			calls++
			<-hold
			return nil
		}, kyc.WithParallelCallbacks())
		send := func() int {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/back?"+back("s9", state).RawQuery, nil))
			return w.Code
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if code := send(); code != http.StatusOK {
				t.Errorf("first: %d", code)
			}
		})
		synctest.Wait()
		if code := send(); code != http.StatusInternalServerError {
			t.Errorf("meanwhile: %d", code)
		}
		close(hold)
		wg.Wait()
		if code := send(); code != http.StatusUnauthorized || calls != 1 {
			t.Errorf("afterwards: %d, %d callbacks", code, calls)
		}
	})
}

func FuzzCallback(f *testing.F) {
	f.Add("sessionId=a&state=good")
	f.Add("session_id=a&state=good&state=bad")
	f.Fuzz(func(t *testing.T, query string) {
		e, err := ParseCallback(&url.URL{RawQuery: query}, "good")
		if err != nil {
			return
		}
		values, perr := url.ParseQuery(query)
		if perr != nil || values.Get("state") != "good" || e.Ref.Session == "" || e.Assurance != kyc.AssuranceNone {
			t.Fatalf("%q is accepted as %v", query, e.Ref)
		}
	})
}
