package transmit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

// A client lives as long as the program, which finds a wrong setting when it begins.
func ExampleNewClient() {
	cfg := transmit.Config{ClientID: "acme", ClientSecret: "from a vault"}
	_, err := transmit.NewClient(cfg)
	fmt.Println(errors.Is(err, kyc.ErrInvalid), err)

	cfg.Environment = transmit.Sandbox
	if _, err := transmit.NewClient(cfg, kyc.WithUserAgent("Acme Onboarding/2.1"), kyc.WithAttemptTimeout(20*time.Second)); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%+v\n", cfg) // a Config can be logged
	// Output:
	// true transmit: config: invalid request: neither Environment nor BaseURL is set
	// transmit.Config{Environment:sandbox}
}

// What the vendor cannot honour is refused before anything is sent, and before anything is paid for.
func ExampleClient_Start_refused() {
	client, fake := exampleClient()
	defer fake.Close()
	_, err := client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42", NotifyURL: "https://example.com/notices"})
	fmt.Println(err)
	fmt.Println(fake.Count("Sessions.Create"))
	// Output:
	// transmit: start: invalid request: NotifyURL: the vendor sends no notices; poll, or read the event stream
	// 0
}

// Nothing tells a backend that the checks are done, so Wait reads until there is something to act on.
func ExampleClient_PollSchedule() {
	ctx := context.Background()
	client, fake := exampleClient(transmittest.Outcome(transmit.RecommendationDeny, "biometric_mismatch"))
	defer fake.Close()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := fake.Visit(session.URL); err != nil { // the user
		log.Fatal(err)
	}
	fmt.Println(client.PollSchedule().At)
	result, err := kyc.Wait(ctx, client, session.Ref,
		kyc.WithImmediateRead(), // the checks take seconds, and the browser's way back took some
		kyc.WithBudget(2*time.Minute),
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Reasons()[0].Code)
	// Output:
	// [2s 4s 7s 10s]
	// declined biometric_mismatch
}

// A user who does not come back is no fault: the session stays open, and is looked at again later.
func ExampleClient_PollSchedule_open() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = kyc.Wait(ctx, client, session.Ref, kyc.WithImmediateRead(), kyc.WithBudget(time.Millisecond))
	var open *kyc.WaitError
	if errors.Is(err, kyc.ErrStillOpen) && errors.As(err, &open) {
		fmt.Println(open.Last.Decision, open.Last.Status)
	}
	// Output: pending pending
}

// The errors of every call are told apart in the same way.
func ExampleClient_Fetch() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	ref := kyc.Ref{Vendor: kyc.Transmit, Session: opened(ctx, client).SessionID}

	for _, fault := range []kyctest.Fault{kyctest.NoFault, kyctest.EmptyNotFound, kyctest.ThrottleLong, kyctest.DuplicateMember} {
		fake.ClearFaults()
		fake.Script(transmittest.FaultEvery("Sessions.Result", fault))
		result, err := client.Fetch(ctx, ref)
		var e *kyc.Error
		switch {
		case err == nil:
			fmt.Println(result.Decision)
		case errors.Is(err, kyc.ErrNotFound):
			fmt.Println("deleted, by the vendor after its time perhaps")
		case errors.Is(err, kyc.ErrRateLimited) && errors.As(err, &e):
			fmt.Println("not before", e.RetryAfter)
		case errors.Is(err, kyc.ErrUnavailable):
			fmt.Println("later")
		case errors.Is(err, kyc.ErrMalformed):
			fmt.Println("nothing is decided on such an answer")
		default:
			log.Print(err) // the text holds no URL, no body and nothing of the person
		}
	}
	// Output:
	// pending
	// deleted, by the vendor after its time perhaps
	// not before 1h0m0s
	// nothing is decided on such an answer
}

// Deleting what is gone already is not worth an alarm.
func ExampleClient_Delete() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	ref := kyc.Ref{Vendor: kyc.Transmit, Session: opened(ctx, client).SessionID}
	for range 2 {
		err := client.Delete(ctx, ref)
		if err != nil && !errors.Is(err, kyc.ErrNotFound) {
			log.Fatal(err)
		}
		fmt.Println("gone before:", err != nil)
	}
	// Output:
	// gone before: false
	// gone before: true
}

// A call that the package does not have goes out with the client's token, budget and retries.
func ExampleClient_Do() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	session := opened(ctx, client)
	var answer map[string]json.RawMessage
	if err := client.Do(ctx, http.MethodGet, "/verify/api/v1/verification/"+url.PathEscape(session.SessionID)+"/consent", nil, &answer); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", answer["consent_granted"])
	// Output: false
}

// A stricter reading than the table's: who has nobody to look at a challenge declines it. The evidence names the rule.
func ExampleParseResult_overrides() {
	// As it was stored.
	raw := []byte(`{"session_id": "H1I12", "status": "complete", "recommendation": "CHALLENGE", "document": {"type": "passport"}}`)
	result, err := transmit.ParseResult(raw, kyc.WithOverrides(kyc.Override{
		Name: "no reviewers", Vendor: kyc.Transmit, Field: transmit.FieldRecommendation,
		Word: string(transmit.RecommendationChallenge), Decision: kyc.Declined,
	}))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision)
	for _, e := range result.Evidence {
		fmt.Println(e.Pointer, "-", e.Rule)
	}
	// Output:
	// declined
	// /status - status complete: the recommendation decides
	// /recommendation - override no reviewers
}
