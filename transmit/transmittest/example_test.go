package transmittest_test

import (
	"context"
	"fmt"
	"log"
	"net/url"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

// begin stands for the code under test: it opens a session at a fake that the test has scripted.
func begin(fake *transmittest.Server, opts ...kyc.Option) (*transmit.Client, *kyc.Session) {
	client, err := transmit.NewClient(fake.Config(), append(fake.Options(), opts...)...)
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42", RedirectURL: "https://example.com/back"})
	if err != nil {
		log.Fatal(err)
	}
	return client, session
}

// decision stands for the code under test: it reads how a session ended.
func decision(client *transmit.Client, ref kyc.Ref) kyc.Decision {
	result, err := client.Fetch(context.Background(), ref)
	if err != nil {
		log.Fatal(err)
	}
	return result.Decision
}

// A test scripts the outcome, lets the code under test run, does what the user does, and looks at what arrived.
func Example() {
	fake := transmittest.NewServer(transmittest.Outcome(transmit.RecommendationDeny, "biometric_mismatch"))
	defer fake.Close()
	client, err := transmit.NewClient(fake.Config(), fake.Options()...)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := fake.Visit(session.URL); err != nil { // the user
		log.Fatal(err)
	}
	result, err := client.Fetch(ctx, session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Reasons()[0].Code)
	fmt.Println(fake.Count("Sessions.Create"), len(fake.Problems()))
	// Output:
	// declined biometric_mismatch
	// 1 0
}

// Without options everybody is allowed. The Config holds credentials and address, and nothing leaves loopback.
func ExampleNewServer() {
	fake := transmittest.NewServer()
	defer fake.Close()
	client, session := begin(fake)
	fmt.Println(decision(client, session.Ref))
	fake.Play(session.Ref.Session)
	fmt.Println(decision(client, session.Ref))
	// Output:
	// pending
	// approved
}

// Any word may be given. One that the vendor does not document must not approve anybody.
func ExampleOutcome() {
	for _, word := range []transmit.Recommendation{transmit.RecommendationAllow, transmit.RecommendationChallenge, transmit.RecommendationDeny, "SPLENDID"} {
		fake := transmittest.NewServer(transmittest.Outcome(word))
		client, session := begin(fake)
		fake.Play(session.Ref.Session)
		fmt.Println(word, decision(client, session.Ref))
		fake.Close()
	}
	// Output:
	// ALLOW approved
	// CHALLENGE review
	// DENY declined
	// SPLENDID unknown
}

// Code that serves several vendors is tried with every outcome that this one has.
func ExampleDecision() {
	for _, want := range kyc.Decisions() {
		script, ok := transmittest.Decision(want)
		if !ok {
			fmt.Println(want, "does not happen here")
			continue
		}
		fake := transmittest.NewServer(script)
		client, session := begin(fake)
		fake.Play(session.Ref.Session)
		if got := decision(client, session.Ref); got != want {
			fmt.Println(want, "came as", got)
		}
		fake.Close()
	}
	// Output:
	// expired does not happen here
	// abandoned does not happen here
}

// A session that failed at the vendor.
func ExampleStatus() {
	fake := transmittest.NewServer(transmittest.Status(transmit.SessionStatusError))
	defer fake.Close()
	client, session := begin(fake)
	fake.Play(session.Ref.Session)
	fmt.Println(decision(client, session.Ref))
	// Output: failed
}

// The first images of a type are rejected, one for each word: does the code under test ask again, and with what text?
func ExampleFeedback() {
	fake := transmittest.NewServer(
		transmittest.Needs(transmit.ImageTypeDocumentFront), // of a passport, and without a selfie
		transmittest.Feedback(transmit.ImageTypeDocumentFront, transmit.FeedbackGlare, transmit.FeedbackBlur),
	)
	defer fake.Close()
	client, err := transmit.NewClient(fake.Config(), fake.Options()...)
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Verify(context.Background(), transmit.Flow{
		Consent: transmit.Consent{Granted: true, DocumentID: "consent-7"},
		Capture: func(_ context.Context, want transmit.Want) (transmit.ImageUpload, error) {
			fmt.Printf("%d %q\n", want.Attempt, want.Feedback)
			return transmit.ImageUpload{File: transmittest.JPEG(want.Image)}, nil
		},
	})
	fmt.Println(err)
	// Output:
	// 1 ""
	// 2 "glare"
	// 3 "blur"
	// <nil>
}

// The checks may want new images. The session is the same, and the user comes back to it.
func ExampleRecaptures() {
	fake := transmittest.NewServer(transmittest.Recaptures(1))
	defer fake.Close()
	client, session := begin(fake)
	for range 2 {
		fake.Play(session.Ref.Session)
		fmt.Println(decision(client, session.Ref))
	}
	// Output:
	// input_required
	// approved
}

// The checks need their time: the user is done, and there is no verdict yet.
func ExampleProcessing() {
	fake := transmittest.NewServer(transmittest.Processing(time.Hour))
	defer fake.Close()
	client, session := begin(fake)
	fake.Play(session.Ref.Session)
	fmt.Println(decision(client, session.Ref))
	// Output: pending
}

// An answer that no document foresees: a finished session without a verdict decides nothing.
func ExampleResultBody() {
	fake := transmittest.NewServer(transmittest.ResultBody(func(id string) []byte {
		return fmt.Appendf(nil, `{"session_id":%q,"status":"complete","brand_new":true}`, id)
	}))
	defer fake.Close()
	client, session := begin(fake)
	fake.Play(session.Ref.Session)
	fmt.Println(decision(client, session.Ref))
	// Output: unknown
}

// Script changes what the server does from now on, for sessions that are open too.
func ExampleServer_Script() {
	fake := transmittest.NewServer()
	defer fake.Close()
	client, session := begin(fake)
	fake.Script(transmittest.Outcome(transmit.RecommendationChallenge))
	fake.Play(session.Ref.Session)
	fmt.Println(decision(client, session.Ref))
	// Output: review
}

// A test that is about the redirect gets the URL that the browser is sent back to. The link is good for one visit.
func ExampleServer_Visit() {
	fake := transmittest.NewServer()
	defer fake.Close()
	_, session := begin(fake)
	callback, err := fake.Visit(session.URL)
	if err != nil {
		log.Fatal(err)
	}
	back, err := url.Parse(callback)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(back.Host, back.Path, back.Query().Get("sessionId") == session.Ref.Session)
	_, err = fake.Visit(session.URL)
	fmt.Println(err)
	// Output:
	// example.com /back true
	// transmittest: the start token is unknown or was used before
}

// Without a socket, client and server fit into the bubble of testing/synctest.Test, where an hour of kyc.Wait passes at
// once. Such a server is reached only with its Options.
func ExampleInMemory() {
	fake := transmittest.NewServer(transmittest.InMemory())
	defer fake.Close()
	client, session := begin(fake)
	fake.Play(session.Ref.Session)
	fmt.Println(decision(client, session.Ref))
	// Output: approved
}
