package transmit_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"net/url"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

// A session through the vendor's hosted page, from its creation to the verdict.
func Example() {
	fake := transmittest.NewServer()
	defer fake.Close()
	ctx := context.Background()
	// With an account at the vendor: transmit.Config{ClientID: ..., ClientSecret: ..., Environment: transmit.ProductionEU}
	client, err := transmit.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	states, err := transmit.NewStates([]byte("a secret of at least 32 bytes, from a vault"), 0, nil)
	if err != nil {
		log.Fatal(err)
	}
	state, err := states.New("login-of-this-browser")
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Sessions.Create(ctx, transmit.SessionRequest{CallbackURL: "https://example.com/back", State: state})
	if err != nil {
		log.Fatal(err)
	}

	// Kept with the login, for the browser's return.
	opened := kyc.Ref{Vendor: kyc.Transmit, Session: session.SessionID}

	// The browser goes to client.HostedURL(session) and comes back to the callback URL.
	callback, err := fake.Visit(client.HostedURL(session))
	if err != nil {
		log.Fatal(err)
	}
	back, err := url.Parse(callback)
	if err != nil {
		log.Fatal(err)
	}
	event, err := states.ParseCallbackFor(ctx, back, "login-of-this-browser", opened)
	if err != nil {
		log.Fatal(err) // another browser, or another person's session
	}

	result, err := client.Fetch(ctx, event.Ref)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Status, result.Decision)
	// Output: complete/ALLOW approved
}

// The same in the terms that all vendors share.
func ExampleClient_Start() {
	fake := transmittest.NewServer(transmittest.Outcome(transmit.RecommendationDeny, "biometric_mismatch"))
	defer fake.Close()
	ctx := context.Background()
	var provider kyc.Provider
	provider, err := transmit.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	session, err := provider.Start(ctx, kyc.StartRequest{Reference: "onboarding-42", RedirectURL: "https://example.com/back"})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := fake.Visit(session.URL); err != nil { // the user
		log.Fatal(err)
	}
	result, err := provider.Fetch(ctx, session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Reasons()[0].Code)
	// Output: declined biometric_mismatch
}

// A session that the backend drives. The first image of the document has glare.
func ExampleClient_Verify() {
	fake := transmittest.NewServer(transmittest.Feedback(transmit.ImageTypeDocumentFront, transmit.FeedbackGlare))
	defer fake.Close()
	client, err := transmit.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	outcome, err := client.Verify(context.Background(), transmit.Flow{
		Consent: transmit.Consent{Granted: true, DocumentID: "consent-7"},
		Capture: func(_ context.Context, want transmit.Want) (transmit.ImageUpload, error) {
			fmt.Printf("capture %s, last time %q\n", want.Image, want.Feedback)
			return transmit.ImageUpload{File: transmittest.JPEG(want.Image)}, nil // kyc.FileAt("scan.jpg")
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(outcome.Verdict.Decision)
	// Output:
	// capture document_front, last time ""
	// capture document_front, last time "glare"
	// capture document_back, last time ""
	// capture selfie, last time ""
	// approved
}

// A test session whose outcome is chosen in advance.
func ExampleSessionsService_Create() {
	fake := transmittest.NewServer()
	defer fake.Close()
	client, err := transmit.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Sessions.Create(context.Background(), transmit.SessionRequest{
		Start: &transmit.SessionStart{Consent: &transmit.Consent{Granted: true, DocumentID: "consent-7"}},
		MockBehavior: &transmit.MockBehavior{
			Recommendation: transmit.RecommendationChallenge, ProcessingTime: transmit.Duration(15 * time.Second), ForceRetry: new(true),
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(session.MissingImages)
	// Output: [document_front document_back selfie]
}

func ExampleImagesService_Add() {
	fake := transmittest.NewServer(transmittest.Feedback(transmit.ImageTypeSelfie, transmit.FeedbackClosedEyes))
	defer fake.Close()
	ctx := context.Background()
	client, err := transmit.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Sessions.Create(ctx, transmit.SessionRequest{Start: &transmit.SessionStart{}})
	if err != nil {
		log.Fatal(err)
	}
	receipt, err := client.Images.Add(ctx, session.SessionID, transmit.ImageUpload{
		Type: transmit.ImageTypeSelfie, File: transmittest.JPEG(transmit.ImageTypeSelfie),
	})
	if err != nil {
		log.Fatal(err) // the call failed
	}
	if !receipt.Accepted() { // the call went well, the image did not
		fmt.Println(receipt.Feedback, receipt.Feedback.Fault())
	}
	// Output: closed_eyes subject
}

func ExampleImagesService_Get() {
	fake := transmittest.NewServer()
	defer fake.Close()
	ctx := context.Background()
	client, err := transmit.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Sessions.Create(ctx, transmit.SessionRequest{})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := fake.Visit(client.HostedURL(session)); err != nil { // the user
		log.Fatal(err)
	}
	images, err := client.Images.List(ctx, session.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	for _, image := range images.SessionImages {
		if image.Type != transmit.ImageTypeSelfie {
			continue
		}
		var jpeg bytes.Buffer // or a file
		if _, err := client.Images.Get(ctx, session.SessionID, image.ID, transmit.ImageRaw, &jpeg); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%x\n", jpeg.Bytes()[:2])
	}
	// Output: ffd8
}

func ExampleFaceAuthService_Create() {
	fake := transmittest.NewServer()
	defer fake.Close()
	ctx := context.Background()
	client, err := transmit.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.FaceAuth.Create(ctx, transmit.FaceReference{
		File: transmittest.JPEG(transmit.ImageTypeSelfie), UseCase: transmit.FaceAuthUseCaseStepUp,
	})
	if err != nil {
		log.Fatal(err)
	}
	// The client SDK takes session.DeviceSessionID and lets the user take a selfie.
	result, err := client.FaceAuth.ResultOf(ctx, session)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Status, result.Decision())
	// Output: complete approved
}

func ExampleEventsService_Read() {
	fake := transmittest.NewServer()
	defer fake.Close()
	ctx := context.Background()
	client, err := transmit.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	// Once, when the program is set up:
	if err := client.Events.Start(ctx); err != nil {
		log.Fatal(err)
	}
	if err := client.Events.Open(ctx, "decisions", transmit.EventStreamRequest{}); err != nil {
		log.Fatal(err)
	}

	if _, err := client.Sessions.Create(ctx, transmit.SessionRequest{Start: &transmit.SessionStart{}}); err != nil {
		log.Fatal(err)
	}
	// With Follow the loop goes on until the context ends.
	for event, err := range client.Events.Read(ctx, "decisions", transmit.EventsQuery{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Activity) // an event only wakes: fetch the result of event.Event().Ref
	}
	// Output:
	// session_created
	// session_started
}

// A stored result is read again without the vendor.
func ExampleParseResult() {
	result, err := transmit.ParseResult([]byte(`{
		"session_id": "H1I12", "status": "complete", "recommendation": "CHALLENGE",
		"document": {"type": "passport", "country": "DE"},
		"checks": {"document_validation": {"recommendation": "CHALLENGE", "reasons": ["mrz_check_digits_invalid"]}}
	}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Document.IssuingCountry)
	for _, e := range result.Evidence {
		fmt.Println(e.Pointer, string(e.Value), "-", e.Rule)
	}
	// Output:
	// review DEU
	// /status "complete" - status complete: the recommendation decides
	// /recommendation "CHALLENGE" - recommendation CHALLENGE is review
	// /document/country "DE" - country code rewritten as ISO 3166-1 alpha-3
}
