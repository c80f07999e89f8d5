package transmit_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
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

// The browser's return is the only notice. The state ties it to the browser that left, and works once; the verdict is
// fetched, and goes to whoever the session was opened for: the id in the URL proves nothing.
func ExampleStates_Source() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	states := exampleStates()
	login := func(r *http.Request) string {
		cookie, err := r.Cookie("login")
		if err != nil {
			return "" // matches no state
		}
		return cookie.Value
	}
	owners := make(map[kyc.Ref]string) // a table of the caller's: which session is whose
	back := kyc.Handler(states.Source(login), func(ctx context.Context, e kyc.Event) error {
		result, err := client.Fetch(ctx, e.Ref)
		if err != nil {
			return err
		}
		fmt.Println(owners[e.Ref], result.Decision) // still pending now and then: see ExampleClient_PollSchedule
		return nil
	}, kyc.WithAnswer(func(w http.ResponseWriter, r *http.Request, _ kyc.Event) {
		http.Redirect(w, r, "/thanks", http.StatusSeeOther)
	}))

	callback, ref := visited(ctx, client, fake, states, "login-7")
	owners[ref] = "customer-7"
	for range 2 { // a callback that is opened again is refused
		r := httptest.NewRequest(http.MethodGet, callback, nil)
		r.AddCookie(&http.Cookie{Name: "login", Value: "login-7"})
		w := httptest.NewRecorder()
		back.ServeHTTP(w, r)
		fmt.Println(w.Code, w.Header().Get("Location"))
	}
	// Output:
	// customer-7 approved
	// 303 /thanks
	// 401
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

// Each reason for which a return is refused is told apart from a store that failed.
func ExampleStates_ParseCallback() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	states := exampleStates()
	callback, _ := visited(ctx, client, fake, states, "login-7")
	back, err := url.Parse(callback)
	if err != nil {
		log.Fatal(err)
	}

	for _, login := range []string{"login-8", "login-7"} {
		event, err := states.ParseCallback(ctx, back, login)
		switch {
		case errors.Is(err, kyc.ErrUnauthorized), errors.Is(err, kyc.ErrMalformed):
			fmt.Println(err) // somebody else's browser, a forged URL, an old one: begin anew
		case err != nil:
			log.Fatal(err) // kyc.ErrUnavailable: the store of used states failed, the state may still be good
		default:
			fmt.Println(event.Type, event.Assurance)
		}
	}
	// Output:
	// transmit: callback.parse: unauthorized: the state was not made here for this binding
	// callback none
}

// A program that keeps its sessions' states itself, in the browser's login for example, compares them so. It must not take
// a state twice.
func ExampleParseCallback() {
	back, err := url.Parse("https://example.com/back?sessionId=H1I12&state=af0ifjsldkj")
	if err != nil {
		log.Fatal(err)
	}
	event, err := transmit.ParseCallback(back, "af0ifjsldkj")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(event.Ref, event.Assurance)
	// Output: transmit:H1I12 none
}

// In the terms that all vendors share the state is bound to the Reference, which belongs to the browser's own login.
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
	event, err := states.ParseCallback(ctx, back, "onboarding-42")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(event.Ref == session.Ref)
	// Output: true
}
