package transmit_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

// opened stands for a session that waits for its user.
func opened(ctx context.Context, client *transmit.Client) *transmit.Session {
	session, err := client.Sessions.Create(ctx, transmit.SessionRequest{})
	if err != nil {
		log.Fatal(err)
	}
	return session
}

// A session that is not finished has a result too, with little more than its status. Only with status complete the
// recommendation counts.
func ExampleSessionsService_Result() {
	ctx := context.Background()
	client, fake := exampleClient(transmittest.Outcome(transmit.RecommendationChallenge, "mrz_check_digits_invalid"))
	defer fake.Close()
	session := opened(ctx, client)
	for range 2 {
		result, err := client.Sessions.Result(ctx, session.SessionID)
		if err != nil {
			log.Fatal(err)
		}
		if result.Running() {
			fmt.Println(result.Status)
			fake.Play(session.SessionID) // the user
			continue
		}
		fmt.Println(result.Status, result.Recommendation)
		if check := result.Checks.DocumentValidation; check != nil {
			fmt.Println(check.Recommendation, check.Reasons)
		}
	}
	// Output:
	// pending
	// complete CHALLENGE
	// CHALLENGE [mrz_check_digits_invalid]
}

// The hosted page asks the user by itself; when they agreed is kept as proof.
func ExampleSessionsService_Consent() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	session := opened(ctx, client)
	fake.Play(session.SessionID) // the user

	consent, err := client.Sessions.Consent(ctx, session.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	if consent.ConsentGranted == nil || !*consent.ConsentGranted {
		fmt.Println("not agreed")
		return
	}
	at, err := consent.ConsentDate.Time()
	fmt.Println("agreed", time.Since(at) < time.Minute, err)
	// Output: agreed true <nil>
}

// Images, data and result go together: what has to be kept is read before.
func ExampleSessionsService_Delete() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	session := opened(ctx, client)
	fake.Play(session.SessionID) // the user

	result, err := client.Sessions.Result(ctx, session.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	kept := result.Recommendation
	err = client.Sessions.Delete(ctx, session.SessionID)
	if err != nil && !errors.Is(err, kyc.ErrNotFound) { // deleted before, or by the vendor after its time
		log.Fatal(err)
	}
	_, err = client.Sessions.Result(ctx, session.SessionID)
	fmt.Println(kept, errors.Is(err, kyc.ErrNotFound))
	// Output: ALLOW true
}

// A session costs money, and the vendor has no key that makes a create safe to repeat. Where nobody knows whether it was
// carried out, it was not sent again.
func ExampleSessionsService_Create_uncertain() {
	client, fake := exampleClient(transmittest.FaultOn("Sessions.Create", 1, kyctest.ResetAfterRead))
	defer fake.Close()
	_, err := client.Sessions.Create(context.Background(), transmit.SessionRequest{})
	var e *kyc.Error
	if kyc.Uncertain(err) && errors.As(err, &e) {
		fmt.Println("a session may have been opened:", e.Kind)
	}
	fmt.Println(fake.Count("Sessions.Create"))
	// Output:
	// a session may have been opened: unavailable
	// 1
}

// In the sandbox a session brings its outcome along, so that every branch of a program can be tried: here the checks ask
// for new images once and leave the verdict to a person then.
func ExampleMockBehavior() {
	client, fake := exampleClient()
	defer fake.Close()
	outcome, err := client.Verify(context.Background(), transmit.Flow{
		Session: transmit.SessionRequest{MockBehavior: &transmit.MockBehavior{
			Recommendation: transmit.RecommendationChallenge, ForceRetry: new(true),
		}},
		Consent: transmit.Consent{Granted: true, DocumentID: "consent-7"},
		Capture: func(_ context.Context, want transmit.Want) (transmit.ImageUpload, error) {
			return transmit.ImageUpload{File: transmittest.JPEG(want.Image)}, nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(outcome.Uploads), outcome.Recaptures, outcome.Verdict.Decision)
	// Output: 6 1 review
}

// Spans are written as the vendor writes them, with days.
func ExampleDuration() {
	fmt.Println(transmit.Duration(90*time.Second), transmit.Duration(30*transmit.Day))
	d, err := transmit.ParseDuration("1d12h")
	fmt.Println(d.Duration(), err)
	// Output:
	// 1m30s 30d
	// 36h0m0s <nil>
}

// The vendor means to retire one shape of a result. Either is read, and both give the same decision.
func ExampleWithDetailed() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	session := opened(ctx, client)
	fake.Play(session.SessionID) // the user
	for _, detailed := range []transmit.Detailed{transmit.DetailedTrue, transmit.DetailedFalse} {
		result, err := client.Sessions.Result(ctx, session.SessionID, transmit.WithDetailed(detailed))
		if err != nil {
			log.Fatal(err)
		}
		shared, err := transmit.ParseResult(result.RawJSON())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(result.Complete(), result.Deprecated(), shared.Decision)
	}
	// Output:
	// true false approved
	// false true approved
}
