package transmit_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

// newStates returns states with a store that counts what is claimed in it.
func newStates(t *testing.T) (*transmit.States, *claims) {
	t.Helper()
	store := new(claims)
	states, err := transmit.NewStates(make([]byte, 32), 0, store)
	if err != nil {
		t.Fatal(err)
	}
	return states, store
}

type claims struct {
	kyc.MemorySeen
	n int
}

func (c *claims) Claim(ctx context.Context, id string) (bool, error) {
	c.n++
	return c.MemorySeen.Claim(ctx, id)
}

func returns(session, state string) *url.URL {
	return &url.URL{Path: "/back", RawQuery: url.Values{"sessionId": {session}, "state": {state}}.Encode()}
}

func refs(sessions ...string) []kyc.Ref {
	var out []kyc.Ref
	for _, s := range sessions {
		out = append(out, kyc.Ref{Vendor: kyc.Transmit, Session: s})
	}
	return out
}

// A state of one's own does not open the session of another: that is refused before the state is used up.
func TestParseCallbackForItsOwnSession(t *testing.T) {
	for _, tt := range []struct {
		name, session string
		opened        []kyc.Ref
		want          error
	}{
		{"its own", "s1", refs("s1"), nil},
		{"one of several", "s2", refs("s1", "s2"), nil},
		{"without the vendor", "s1", []kyc.Ref{{Session: "s1"}}, nil},
		{"another's", "s9", refs("s1"), kyc.ErrUnauthorized},
		{"in capitals", "S1", refs("s1"), kyc.ErrUnauthorized},
		{"nothing opened", "s1", nil, kyc.ErrUnauthorized},
		{"an empty Ref", "s1", []kyc.Ref{{}}, kyc.ErrUnauthorized},
		{"another vendor's", "s1", []kyc.Ref{{Vendor: kyc.Didit, Session: "s1"}}, kyc.ErrUnauthorized},
		{"with an account", "s1", []kyc.Ref{{Vendor: kyc.Transmit, Account: "a", Session: "s1"}}, kyc.ErrUnauthorized},
	} {
		states, store := newStates(t)
		state, err := states.New("login-1")
		if err != nil {
			t.Fatal(err)
		}
		e, err := states.ParseCallbackFor(t.Context(), returns(tt.session, state), "login-1", tt.opened...)
		if !errors.Is(err, tt.want) || (err == nil) != (e.Ref.Session == tt.session) {
			t.Errorf("%s: %v, %v; want %v", tt.name, e, err, tt.want)
		}
		if tt.want == nil {
			if _, err := states.ParseCallbackFor(t.Context(), returns(tt.session, state), "login-1", tt.opened...); !errors.Is(err, kyc.ErrUnauthorized) {
				t.Errorf("%s: used twice: %v", tt.name, err)
			}
			continue
		}
		if store.n != 0 {
			t.Errorf("%s: the state was claimed", tt.name)
		}
		if _, err := states.ParseCallbackFor(t.Context(), returns("s1", state), "login-1", refs("s1")...); err != nil {
			t.Errorf("%s: the state is gone: %v", tt.name, err)
		}
	}
	states, _ := newStates(t)
	state, _ := states.New("login-1")
	if _, err := states.ParseCallbackFor(t.Context(), returns("s1", state), "login-2", refs("s1")...); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("another login: %v", err)
	}
	if _, err := states.ParseCallbackFor(t.Context(), returns("s1", state), "", refs("s1")...); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("no login: %v", err)
	}
}

// Behind a Handler somebody who brings another's session is turned away before anything runs, and the other's own return is
// worked off, with SourceFor and with Source alike.
func TestStrangersReturnSwallowsNobodysOwn(t *testing.T) {
	opened := map[string][]kyc.Ref{"eve": refs("s-eve"), "bob": refs("s-bob")}
	login := func(r *http.Request) string { return r.Header.Get("Login") }
	for name, tt := range map[string]struct {
		source func(*transmit.States) kyc.NoticeSource
		eve    int
		ran    []string
	}{
		"SourceFor": {func(s *transmit.States) kyc.NoticeSource {
			return s.SourceFor(func(r *http.Request) (string, []kyc.Ref) { return login(r), opened[login(r)] })
		}, http.StatusUnauthorized, []string{"s-bob", "s-eve"}},
		// Here the callback has to compare; the return of the one must not count as that of the other.
		"Source": {func(s *transmit.States) kyc.NoticeSource { return s.Source(login) }, http.StatusOK, []string{"s-bob", "s-bob"}},
	} {
		states, _ := newStates(t)
		source := tt.source(states)
		var ran []string
		h := kyc.Handler(source, func(_ context.Context, e kyc.Event) error {
			ran = append(ran, e.Ref.Session)
			return nil
		})
		send := func(who, session, state string) int {
			r := httptest.NewRequest(http.MethodGet, returns(session, state).String(), nil)
			r.Header.Set("Login", who)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w.Code
		}
		eve, err1 := states.New("eve")
		bob, err2 := states.New("bob")
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if code := send("eve", "s-bob", eve); code != tt.eve {
			t.Errorf("%s: another's session is answered with %d", name, code)
		}
		if code := send("bob", "s-bob", bob); code != http.StatusOK {
			t.Errorf("%s: the own session is answered with %d", name, code)
		}
		if tt.eve == http.StatusUnauthorized { // and the state is still good for the session that it belongs to
			if code := send("eve", "s-eve", eve); code != http.StatusOK {
				t.Errorf("%s: the own session after all is answered with %d", name, code)
			}
		}
		if !slices.Equal(ran, tt.ran) {
			t.Errorf("%s: the callback ran for %q, want %q", name, ran, tt.ran)
		}
		r := httptest.NewRequest(http.MethodGet, returns("s-bob", eve).String(), nil)
		r.Header.Set("Login", "eve")
		if e, err := source.ParseNotice(r, nil); !errors.Is(err, kyc.ErrUnauthorized) {
			t.Errorf("%s: ParseNotice takes it: %v, %v", name, e, err)
		}
	}
}

// The id of an event tells two returns of one session apart, stays the same for one of them, and does not hold the state.
func TestEventIDIsOfOneReturn(t *testing.T) {
	id := func(session, state string) string {
		e, err := transmit.ParseCallback(returns(session, state), state)
		if err != nil {
			t.Fatal(err)
		}
		return e.ID
	}
	if a, again := id("s1", "state-a"), id("s1", "state-a"); a != again {
		t.Errorf("%q and %q for one return", a, again)
	}
	if a, b := id("s1", "state-a"), id("s1", "state-b"); a == b {
		t.Errorf("%q for two states", a)
	}
	if a, b := id("s1", "state-a"), id("s2", "state-a"); a == b {
		t.Errorf("%q for two sessions", a)
	}
}
