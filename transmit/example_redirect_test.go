package transmit_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

// exampleClient stands for the caller's own client; here it talks to a fake.
func exampleClient(opts ...transmittest.Option) (*transmit.Client, *transmittest.Server) {
	fake := transmittest.NewServer(opts...)
	client, err := transmit.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	return client, fake
}

// exampleStates stands for the caller's own States.
func exampleStates() *transmit.States {
	states, err := transmit.NewStates([]byte("a secret of at least 32 bytes, from a vault"), 0, nil)
	if err != nil {
		log.Fatal(err)
	}
	return states
}

// The browser's return is the only notice. The state ties it to the browser that left, and works once; the session must be
// one that was opened for this login, since the id in the URL could be anybody's. The verdict is fetched.
func ExampleStates_SourceFor() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	states := exampleStates()
	opened := make(map[string][]kyc.Ref) // a table of the caller's: which login has which sessions
	login := func(r *http.Request) (binding string, sessions []kyc.Ref) {
		cookie, err := r.Cookie("login")
		if err != nil {
			return "", nil // matches no state
		}
		return cookie.Value, opened[cookie.Value]
	}
	back := kyc.Handler(states.SourceFor(login), func(ctx context.Context, e kyc.Event) error {
		result, err := client.Fetch(ctx, e.Ref)
		if err != nil {
			return err
		}
		fmt.Println(result.Decision) // still pending now and then: see ExampleClient_PollSchedule
		return nil
	}, kyc.WithAnswer(func(w http.ResponseWriter, r *http.Request, _ kyc.Event) {
		http.Redirect(w, r, "/thanks", http.StatusSeeOther)
	}))

	callback, ref := visited(ctx, client, fake, states, "login-7")
	opened["login-7"] = append(opened["login-7"], ref)
	foreign := strings.ReplaceAll(callback, ref.Session, "H1I12oskjzsdhskj4")
	for _, url := range []string{foreign, callback, callback} { // a callback that is opened again is refused
		r := httptest.NewRequest(http.MethodGet, url, nil)
		r.AddCookie(&http.Cookie{Name: "login", Value: "login-7"})
		w := httptest.NewRecorder()
		back.ServeHTTP(w, r)
		fmt.Printf("%d %q\n", w.Code, w.Header().Get("Location"))
	}
	// Output:
	// 401 ""
	// approved
	// 303 "/thanks"
	// 401 ""
}

// visited stands for the user: a session with a state for the login is opened, the user goes through the hosted page, and
// the browser is sent back.
func visited(ctx context.Context, client *transmit.Client, fake *transmittest.Server, states *transmit.States, login string) (string, kyc.Ref) {
	state, err := states.New(login)
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Sessions.Create(ctx, transmit.SessionRequest{CallbackURL: "https://example.com/back", State: state})
	if err != nil {
		log.Fatal(err)
	}
	callback, err := fake.Visit(client.HostedURL(session))
	if err != nil {
		log.Fatal(err)
	}
	return callback, kyc.Ref{Vendor: kyc.Transmit, Session: session.SessionID}
}

// Each reason for which a return is refused is told apart from a store that failed. None of them uses the state up.
func ExampleStates_ParseCallbackFor() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	states := exampleStates()
	callback, ref := visited(ctx, client, fake, states, "login-7")
	back, err := url.Parse(callback)
	if err != nil {
		log.Fatal(err)
	}

	for _, one := range []struct {
		login  string
		opened kyc.Ref
	}{{"login-8", ref}, {"login-7", kyc.Ref{Vendor: kyc.Transmit, Session: "another"}}, {"login-7", ref}} {
		event, err := states.ParseCallbackFor(ctx, back, one.login, one.opened)
		switch {
		case errors.Is(err, kyc.ErrUnauthorized), errors.Is(err, kyc.ErrMalformed):
			fmt.Println(err) // somebody else's browser or session, a forged URL, an old one: begin anew
		case err != nil:
			log.Fatal(err) // kyc.ErrUnavailable: the store of used states failed, the state may still be good
		default:
			fmt.Println(event.Type, event.Assurance)
		}
	}
	// Output:
	// transmit: callback.parse: unauthorized: the state was not made here for this binding
	// transmit: callback.parse: unauthorized: the session is none that was opened for this binding
	// callback none
}

// A program that keeps its sessions' states itself, in the browser's login for example, compares them so, and compares the
// session that it keeps there besides. It must not take a state twice.
func ExampleParseCallback() {
	back, err := url.Parse("https://example.com/back?sessionId=H1I12&state=af0ifjsldkj")
	if err != nil {
		log.Fatal(err)
	}
	event, err := transmit.ParseCallback(back, "af0ifjsldkj")
	if err != nil {
		log.Fatal(err)
	}
	if opened := (kyc.Ref{Vendor: kyc.Transmit, Session: "H1I12"}); event.Ref != opened { // kept with the state
		log.Fatal("another person's session")
	}
	fmt.Println(event.Ref, event.Assurance)
	// Output: transmit:H1I12 none
}

// In the terms that all vendors share the state is bound to the Reference, which belongs to the browser's own login, as does
// the Ref of the session.
func ExampleWithStates() {
	ctx := context.Background()
	fake := transmittest.NewServer()
	defer fake.Close()
	states, err := transmit.NewStates([]byte("a secret of at least 32 bytes, from a vault"), 24*time.Hour, nil)
	if err != nil {
		log.Fatal(err)
	}
	client, err := transmit.NewClient(fake.Config(), transmit.WithStates(states))
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42", RedirectURL: "https://example.com/back"})
	if err != nil {
		log.Fatal(err)
	}
	callback, err := fake.Visit(session.URL) // the user
	if err != nil {
		log.Fatal(err)
	}
	back, err := url.Parse(callback)
	if err != nil {
		log.Fatal(err)
	}
	event, err := states.ParseCallbackFor(ctx, back, "onboarding-42", session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(event.Ref == session.Ref)
	// Output: true
}
