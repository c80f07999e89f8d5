package didittest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Script an outcome, let the person go through, and look at what your program makes of it.
func ExampleNewServer() {
	server := didittest.NewServer(didittest.Outcome(didit.StatusDeclined, "DOCUMENT_EXPIRED", "LOW_FACE_MATCH_SIMILARITY"))
	defer server.Close()
	client, err := didit.NewClient(server.Config()) // your program gets the same Config
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	server.Complete(session.Ref.Session)
	result, err := client.Fetch(ctx, session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	for _, reason := range result.Reasons() {
		fmt.Println(result.Decision, reason.Code)
	}
	fmt.Println(server.Problems()) // what the vendor would have refused: a test should find it empty
	// Output:
	// declined DOCUMENT_EXPIRED
	// declined LOW_FACE_MATCH_SIMILARITY
	// []
}

// Change the script between two cases of a test. Sessions that are there keep theirs.
func ExampleServer_Script() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	for _, status := range []didit.SessionStatus{didit.StatusApproved, didit.StatusInReview, "A New Word"} {
		server.Script(didittest.Outcome(status))
		session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding for " + string(status)})
		if err != nil {
			log.Fatal(err)
		}
		server.Complete(session.Ref.Session)
		result, err := client.Fetch(ctx, session.Ref)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(status, "is", result.Decision)
	}
	// Output:
	// Approved is approved
	// In Review is review
	// A New Word is unknown
}

// Inject a fault, and see that a read is repeated while a create of unknown outcome is not.
func ExampleFaultOn() {
	server := didittest.NewServer(
		didittest.FaultOn("Sessions.Decision", 1, didittest.BadGatewayHTML),
		didittest.FaultOn("Sessions.Create", 2, didittest.ResetAfterRead),
	)
	defer server.Close()
	client, err := didit.NewClient(server.Config(), kyc.WithRetry(kyc.RetryPolicy{MinBackoff: time.Millisecond, MaxBackoff: time.Millisecond}))
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Fetch(ctx, session.Ref)
	fmt.Println(err, server.Count("Sessions.Decision"))

	_, err = client.Start(ctx, kyc.StartRequest{Reference: "onboarding-43"})
	fmt.Println(kyc.Uncertain(err), server.Count("Sessions.Create"), server.Created())
	// Output:
	// <nil> 2
	// true 2 2
}

// Make the vendor unreachable in the middle of a test, and bring it back.
func ExampleServer_ClearFaults() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config(), kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1}))
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	server.Script(didittest.FaultEvery("", didittest.Unavailable))
	_, err = client.Fetch(ctx, session.Ref)
	fmt.Println(errors.Is(err, kyc.ErrUnavailable))
	server.ClearFaults()
	_, err = client.Fetch(ctx, session.Ref)
	fmt.Println(err)
	// Output:
	// true
	// <nil>
}

// Assert what your program sent. Secrets are masked, so that it can be held in a file.
func ExampleServer_Golden() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42", Locale: "de-AT"})
	if err != nil {
		log.Fatal(err)
	}
	for _, request := range server.Golden("Sessions.Create") {
		_, body, _ := strings.Cut(request, "\n\n")
		fmt.Println(body)
	}
	// Output:
	// {
	//   "workflow_id": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
	//   "vendor_data": "onboarding-42",
	//   "language": "de"
	// }
}

// See what the vendor would refuse. The texts hold no value of a request.
func ExampleServer_Problems() {
	server := didittest.NewServer()
	defer server.Close()
	config := server.Config()
	config.APIKey = "the-key-of-another-application"
	client, err := didit.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42"})
	fmt.Println(errors.Is(err, kyc.ErrUnauthorized))
	for _, problem := range server.Problems() {
		fmt.Println(problem)
	}
	// Output:
	// true
	// Sessions.Create (POST /v3/session/): auth: Authentication credentials were not provided or are invalid.
}

// Answer with bytes that were seen elsewhere, once, in place of the fake's own.
func ExampleAnswer() {
	server := didittest.NewServer(didittest.Answer("Sessions.Create", 1, http.StatusBadRequest, "application/json",
		`{"error":"You don't have enough credits to perform this request."}`))
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42"})
	fmt.Println(errors.Is(err, didit.ErrNoCredits))
	// Output: true
}

// Let sessions end with a decision of your own making, such as one that was recorded.
func ExampleDecisionBody() {
	server := didittest.NewServer(didittest.DecisionBody(func(sessionID string) []byte {
		return fmt.Appendf(nil, `{"session_id":%q,"status":"Approved","a_new_member":true}`, sessionID)
	}))
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Sessions.Create(ctx, didit.SessionRequest{VendorData: "user-7"})
	if err != nil {
		log.Fatal(err)
	}
	server.Complete(session.SessionID)
	decision, err := client.Sessions.Decision(ctx, session.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(decision.Status, string(decision.Extra["a_new_member"]))
	// Output: Approved true
}

// Take a session through its life, one status for each read.
func ExamplePath() {
	server := didittest.NewServer(didittest.Path(didit.StatusNotStarted, didit.StatusInProgress, didit.StatusInReview, didit.StatusApproved))
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	for range 4 {
		result, err := client.Fetch(ctx, session.Ref)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(result.Status, result.Decision)
	}
	// Output:
	// Not Started pending
	// In Progress pending
	// In Review review
	// Approved approved
}

// Deliver the notices of a session to your handler, and assert how it answered.
func ExampleWebhookHandler() {
	mux := http.NewServeMux()
	server := didittest.NewServer(didittest.WebhookHandler(mux))
	defer server.Close()
	mux.Handle("POST /", kyc.Handler(didit.Webhooks(server.WebhookSecret()), func(context.Context, kyc.Event) error { return nil }))
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	server.Complete(session.Ref.Session)
	server.Move(session.Ref.Session, didit.StatusKYCExpired) // years later
	server.WaitWebhooks()
	for _, d := range server.Deliveries() {
		fmt.Println(d.Type, d.Statuses, d.Delivered)
	}
	// Output:
	// status.updated [200] true
	// status.updated [200] true
	// status.updated [200] true
}
