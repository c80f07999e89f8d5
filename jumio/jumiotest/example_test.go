package jumiotest_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// begin stands for the code under test: it starts a check at a fake that the test has scripted.
func begin(fake *jumiotest.Server, opts ...kyc.Option) (*jumio.Client, *kyc.Session) {
	client, err := jumio.NewClient(fake.Config(), opts...)
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42", RedirectURL: "https://example.com/back"})
	if err != nil {
		log.Fatal(err)
	}
	return client, session
}

// decision stands for the code under test: it reads how a check ended.
func decision(client *jumio.Client, ref kyc.Ref) kyc.Decision {
	result, err := client.Fetch(context.Background(), ref)
	if err != nil {
		log.Fatal(err)
	}
	return result.Decision
}

// A test scripts the outcome, lets the code under test run, does what the person does, and looks at what arrived.
func Example() {
	fake := jumiotest.NewServer(jumiotest.Outcome(jumio.DecisionRejected, jumio.LabelManipulatedDocument))
	defer fake.Close()
	client, err := jumio.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	fake.CompleteJourney(session.Ref) // the person
	result, err := client.Fetch(ctx, session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Reasons()[0].Code)
	fmt.Println(fake.Count("Accounts.Create"), len(fake.Problems()))
	// Output:
	// declined MANIPULATED_DOCUMENT
	// 1 0
}

// Without options everything passes. The Config holds credentials and addresses, and nothing leaves loopback.
func ExampleNewServer() {
	fake := jumiotest.NewServer()
	defer fake.Close()
	client, session := begin(fake)
	fmt.Println(decision(client, session.Ref))
	fake.CompleteJourney(session.Ref)
	fmt.Println(decision(client, session.Ref))
	// Output:
	// pending
	// approved
}

// Any word may be given. One that the vendor does not document must not approve anybody.
func ExampleOutcome() {
	for _, word := range []jumio.DecisionType{jumio.DecisionPassed, jumio.DecisionWarning, jumio.DecisionRejected, "SPLENDID"} {
		fake := jumiotest.NewServer(jumiotest.Outcome(word))
		client, session := begin(fake)
		fake.CompleteJourney(session.Ref)
		fmt.Println(word, decision(client, session.Ref))
		fake.Close()
	}
	// Output:
	// PASSED approved
	// WARNING review
	// REJECTED declined
	// SPLENDID unknown
}

// One capability may say something else than the whole, which it does not overrule.
func ExampleCapability() {
	fake := jumiotest.NewServer(jumiotest.Capability("liveness", jumio.DecisionWarning, "AGE_DIFFERENCE"))
	defer fake.Close()
	client, session := begin(fake)
	fake.CompleteJourney(session.Ref)
	result, err := client.Fetch(context.Background(), session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	for _, check := range result.Checks {
		if check.Kind == kyc.CheckLiveness {
			fmt.Println(result.Decision, check.Decision, check.Reasons[0].Code)
		}
	}
	// Output: approved review AGE_DIFFERENCE
}

// Older tenants say REJECTED of a session that ran out. It has expired all the same.
func ExampleLegacyExpiry() {
	fake := jumiotest.NewServer(jumiotest.FinalStatus(jumio.StatusSessionExpired), jumiotest.LegacyExpiry())
	defer fake.Close()
	client, session := begin(fake)
	fmt.Println(decision(client, session.Ref))
	// Output: expired
}

// The vendor needs its time: the person is done, and there is no decision yet.
func ExampleProcessing() {
	fake := jumiotest.NewServer(jumiotest.Processing(time.Hour))
	defer fake.Close()
	client, session := begin(fake)
	fake.CompleteJourney(session.Ref)
	fmt.Println(decision(client, session.Ref))
	// Output: pending
}

// Script changes what becomes of the checks that start from now on.
func ExampleServer_Script() {
	fake := jumiotest.NewServer()
	defer fake.Close()
	client, first := begin(fake)
	fake.Script(jumiotest.Outcome(jumio.DecisionWarning))
	_, second := begin(fake)
	for _, session := range []*kyc.Session{first, second} {
		fake.CompleteJourney(session.Ref)
		fmt.Println(decision(client, session.Ref))
	}
	// Output:
	// approved
	// review
}

// A person can finish once.
func ExampleServer_CompleteJourney() {
	fake := jumiotest.NewServer()
	defer fake.Close()
	_, session := begin(fake)
	fmt.Println(fake.CompleteJourney(session.Ref))
	fmt.Println(fake.CompleteJourney(session.Ref))
	// Output:
	// true
	// false
}

// A person who stays away.
func ExampleServer_Expire() {
	fake := jumiotest.NewServer()
	defer fake.Close()
	client, session := begin(fake)
	fake.Expire(session.Ref, jumio.StatusTokenExpired)
	fmt.Println(decision(client, session.Ref))
	// Output: expired
}

// A test that is about the redirect visits the web client as a browser does, which ends the journey.
func ExampleServer_HTTPClient() {
	fake := jumiotest.NewServer()
	defer fake.Close()
	_, session := begin(fake)
	browser := *fake.HTTPClient()
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // stay on loopback
	resp, err := browser.Get(session.URL.Reveal())
	if err != nil {
		log.Fatal("the web client cannot be reached") // the error would tell the link
	}
	_ = resp.Body.Close()
	back, err := url.Parse(resp.Header.Get("Location"))
	if err != nil {
		log.Fatal(err)
	}
	redirect, err := jumio.ParseRedirect(back.Query())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(back.Host, redirect.Status, redirect.Ref == session.Ref)
	// Output: example.com SUCCESS true
}

// A notice that was not answered with 200 is sent again.
func ExampleServer_WaitCallbacks() {
	fake := jumiotest.NewServer(jumiotest.CallbackRetries(time.Millisecond))
	defer fake.Close()
	var notices atomic.Int32
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // the code under test
		if notices.Add(1) == 1 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	defer receiver.Close()
	client, err := jumio.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42", NotifyURL: receiver.URL})
	if err != nil {
		log.Fatal(err)
	}
	fake.CompleteJourney(session.Ref)
	fake.WaitCallbacks()
	accepted, failed := fake.Callbacks()
	fmt.Println(notices.Load(), accepted, failed)
	// Output: 2 1 0
}

// Without a socket, client and server fit into the bubble of testing/synctest.Test, where an hour of kyc.Wait passes at
// once.
func ExampleInMemory() {
	fake := jumiotest.NewServer(jumiotest.InMemory())
	defer fake.Close()
	client, session := begin(fake, kyc.WithHTTPClient(fake.HTTPClient()))
	fake.CompleteJourney(session.Ref)
	fmt.Println(decision(client, session.Ref))
	// Output: approved
}
