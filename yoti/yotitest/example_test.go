package yotitest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// Script an outcome, let the person show everything, and look at what your program makes of it.
func ExampleNewServer() {
	fake := yotitest.NewServer(yotitest.Outcome(yoti.CheckTypeIDDocumentFaceMatch, yoti.RecommendationValueReject, yoti.ReasonCodeTampered))
	defer fake.Close()
	client, err := yoti.NewClient(fake.Config()) // your program gets the same Config
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	if err := fake.CompleteJourney(session.Ref.Session); err != nil {
		log.Fatal(err)
	}
	result, err := client.Fetch(ctx, session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	for _, check := range result.Checks {
		fmt.Println(check.Kind, check.Decision)
	}
	fmt.Println(result.Decision, fake.Problems()) // what the vendor would have refused: a test should find none
	// Output:
	// document_authenticity approved
	// liveness approved
	// face_match declined
	// declined []
}

// Inject a fault, and see that a read is repeated while a create of unknown outcome is not.
func ExampleFaultOn() {
	fake := yotitest.NewServer(
		yotitest.FaultOn("Sessions.Get", 1, yotitest.Throttle),
		yotitest.FaultOn("Sessions.Create", 2, yotitest.ResetAfterRead),
	)
	defer fake.Close()
	client, err := yoti.NewClient(fake.Config(), kyc.WithRetry(kyc.RetryPolicy{MinBackoff: time.Millisecond, MaxBackoff: time.Millisecond}))
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Fetch(ctx, session.Ref)
	fmt.Println(err, fake.Count("Sessions.Get"))

	_, err = client.Start(ctx, kyc.StartRequest{Reference: "onboarding-43"})
	fmt.Println(kyc.Uncertain(err), fake.Count("Sessions.Create"), len(fake.Sessions()))
	// Output:
	// <nil> 2
	// true 2 2
}

// Bring faults in the middle of a test, some of them by chance and still the same in every run, and take them away again.
func ExampleServer_Inject() {
	fake := yotitest.NewServer()
	defer fake.Close()
	client, err := yoti.NewClient(fake.Config(), kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1}))
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	fake.Inject(yotitest.FaultRule{Operation: "Sessions.Get", From: 1, To: 2, Faults: []kyctest.Fault{yotitest.Unavailable}})
	for range 3 {
		_, err := client.Fetch(ctx, session.Ref)
		fmt.Println(errors.Is(err, kyc.ErrUnavailable))
	}
	fake.ClearFaults()
	// Output:
	// true
	// true
	// false
}

// Assert what your program sent. Tokens and signatures are masked, so that it can be held in a file.
func ExampleServer_RequestsOf() {
	fake := yotitest.NewServer()
	defer fake.Close()
	client, err := yoti.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Sessions.Create(context.Background(), yoti.SessionRequest{
		UserTrackingID:  "onboarding-42",
		RequestedChecks: []yoti.RequestedCheck{{Type: yoti.CheckTypeIDDocumentAuthenticity, Config: yoti.CheckConfig{ManualCheck: yoti.ManualCheckNever}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, request := range fake.RequestsOf("Sessions.Create") {
		_, body, _ := strings.Cut(request.Golden(), "\n\n")
		fmt.Println(request.Method, request.Path, request.Status)
		fmt.Println(body)
	}
	// Output:
	// POST /idverify/v1/sessions 201
	// {
	//   "user_tracking_id": "onboarding-42",
	//   "requested_checks": [
	//     {
	//       "type": "ID_DOCUMENT_AUTHENTICITY",
	//       "config": {
	//         "manual_check": "NEVER"
	//       }
	//     }
	//   ]
	// }
}

// See what the service would refuse. A problem holds no value of a request.
func ExampleServer_Problems() {
	fake := yotitest.NewServer()
	defer fake.Close()
	config := fake.Config()
	config.SDKID = "00000000-0000-4000-8000-000000000000" // of the sandbox, say, with the key of the other one
	client, err := yoti.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42"})
	fmt.Println(errors.Is(err, kyc.ErrUnauthorized))
	for _, problem := range fake.Problems() {
		fmt.Println(problem)
	}
	// Output:
	// true
	// Sessions.Create (POST /idverify/v1/sessions): auth: the application is unknown
}

// Let the checks take their time, and move the clock on instead of waiting.
func ExampleProcessing() {
	var passed atomic.Int64 // the server asks from goroutines of its own
	clock := func() time.Time { return time.Now().Add(time.Duration(passed.Load())) }
	fake := yotitest.NewServer(yotitest.Processing(10*time.Minute), yotitest.Clock(clock), yotitest.Skew(time.Hour)) // the client keeps its own time
	defer fake.Close()
	client, err := yoti.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	if err := fake.CompleteJourney(session.Ref.Session); err != nil {
		log.Fatal(err)
	}
	for range 2 {
		result, err := client.Fetch(ctx, session.Ref)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(result.Decision)
		passed.Add(int64(11 * time.Minute))
	}
	// Output:
	// pending
	// approved
}

// Withhold media, as where regulation forbids to return them: an answer, and no error.
func ExampleWithholdMedia() {
	fake := yotitest.NewServer(yotitest.WithholdMedia(yoti.MediaTypeJSON))
	defer fake.Close()
	client, err := yoti.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	if err := fake.CompleteJourney(session.Ref.Session); err != nil {
		log.Fatal(err)
	}
	result, err := client.Fetch(ctx, session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	result, err = client.Extract(ctx, result)
	fmt.Println(err, result.Decision, result.Person == nil)
	// Output: <nil> approved true
}

// Script a whole report, with a word that nobody has documented.
func ExampleReport() {
	fake := yotitest.NewServer(yotitest.Report(yoti.CheckTypeLiveness, yoti.Report{Recommendation: &yoti.Recommendation{Value: "PERHAPS"}}))
	defer fake.Close()
	client, err := yoti.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	if err := fake.CompleteJourney(session.Ref.Session); err != nil {
		log.Fatal(err)
	}
	result, err := client.Fetch(ctx, session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision)
	// Output: unknown
}

// Post notices to your receiver, and assert how it answered. What fails is sent again.
func ExampleServer_Deliveries() {
	fake := yotitest.NewServer(yotitest.NotificationRetries(time.Millisecond))
	defer fake.Close()
	config := fake.Config()
	config.NotificationAuth = yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBearer, Token: "a-long-random-text"}
	client, err := yoti.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	failed := false
	receiver := httptest.NewServer(kyc.Handler(yoti.Notifications(config.NotificationAuth), func(context.Context, kyc.Event) error {
		if !failed {
			failed = true
			return errors.New("the database is away")
		}
		return nil
	}))
	defer receiver.Close()
	session, err := client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42", NotifyURL: receiver.URL})
	if err != nil {
		log.Fatal(err)
	}
	if err := fake.CompleteJourney(session.Ref.Session); err != nil {
		log.Fatal(err)
	}
	fake.WaitNotifications()
	for _, d := range fake.Deliveries() {
		for _, attempt := range d.Attempts {
			fmt.Println(attempt.Status)
		}
		fmt.Println(d.Delivered)
	}
	// Output:
	// 500
	// 200
	// true
}
