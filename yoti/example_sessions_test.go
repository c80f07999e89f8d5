package yoti_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// Name the sessions that your onboarding knows; Start picks one by StartRequest.Workflow. One that compares takes the
// person who is expected.
func ExampleClient_Start() {
	fake := yotitest.NewServer()
	defer fake.Close()
	compare := yoti.DefaultSession()
	compare.RequestedChecks = append(compare.RequestedChecks, yoti.RequestedCheck{Type: yoti.CheckTypeProfileDocumentMatch})
	config := fake.Config()
	config.Workflows = map[string]yoti.SessionRequest{"": yoti.DefaultSession(), "compare": compare}
	client, err := yoti.NewClient(config) // a workflow that contradicts itself is an error here
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Start(context.Background(), kyc.StartRequest{
		Reference: "onboarding-42", Workflow: "compare", RedirectURL: "https://example.com/back", TTL: 20 * time.Minute,
		Person: &kyc.Person{FirstName: "Ada", LastName: "Sample", DateOfBirth: "1990-12-10"},
	})
	if err != nil {
		log.Fatal(err)
	}
	// session.URL.Reveal() is for a frame with allow="camera"; the session ends with its token.
	fmt.Println(session.URL, time.Until(session.ExpiresAt) > 19*time.Minute)
	// Output: [redacted] true
}

// A field that this vendor cannot honour is an error, never silence.
func ExampleClient_Start_refused() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	for _, req := range []kyc.StartRequest{
		{Reference: "onboarding-42", Metadata: map[string]string{"branch": "7"}},
		{Reference: "onboarding-42", NotifyURL: "https://example.com/notices"},
	} {
		_, err := client.Start(ctx, req)
		fmt.Println(err)
	}
	fmt.Println(fake.Count("Sessions.Create"), "sessions")
	// Output:
	// yoti: start: invalid request: Metadata cannot be passed on: Yoti keeps the Reference only
	// yoti: start: invalid request: NotifyURL needs Config.NotificationAuth: without it a notice proves nothing
	// 0 sessions
}

// Authenticate by tokens of the central authentication instead of signing every request.
func ExampleBearer() {
	fake := yotitest.NewServer()
	defer fake.Close()
	config := fake.Config()
	config.Bearer = &yoti.Bearer{
		Scopes:   []string{"idv:sessions"},
		TokenURL: fake.BearerConfig().Bearer.TokenURL, // left out, it is yoti.AuthURL
	}
	client, err := yoti.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	for i := range 3 {
		if _, err := client.Start(ctx, kyc.StartRequest{Reference: fmt.Sprint("onboarding-", i)}); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(fake.Count("Sessions.Create"), "sessions with", fake.Count("Token"), "token")
	// Output: 3 sessions with 1 token
}

// Erase a session with all its media. While checks are not done the service refuses.
func ExampleClient_Delete() {
	fake, client := newExample(yotitest.Processing(time.Hour))
	defer fake.Close()
	ctx := context.Background()
	busy, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	if err := fake.CompleteJourney(busy.Ref.Session); err != nil { // its checks take an hour from now on
		log.Fatal(err)
	}
	untouched, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-43"})
	if err != nil {
		log.Fatal(err)
	}
	for _, session := range []*kyc.Session{busy, untouched, untouched} {
		switch err := client.Delete(ctx, session.Ref); {
		case errors.Is(err, kyc.ErrConflict):
			fmt.Println("its checks are at work: try again later")
		case errors.Is(err, kyc.ErrNotFound):
			fmt.Println("gone before")
		case err != nil:
			log.Fatal(err)
		default:
			fmt.Println("erased")
		}
	}
	// Output:
	// its checks are at work: try again later
	// erased
	// gone before
}

// Read what a session still has to capture, for a client of your own.
func ExampleSessionsService_Configuration() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	created, err := client.Sessions.Create(ctx, yoti.DefaultSession())
	if err != nil {
		log.Fatal(err)
	}
	configuration, err := client.Sessions.Configuration(ctx, created.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("biometric consent:", configuration.Capture.BiometricConsent)
	for _, requirement := range configuration.Capture.RequiredResources {
		fmt.Println(requirement.Type, requirement.State, requirement.AllowedSources[0].Type)
	}
	// Output:
	// biometric consent: REQUIRED
	// ID_DOCUMENT REQUIRED END_USER
	// LIVENESS REQUIRED END_USER
}

// Make the address of the frame from a session that was made in the vendor's own words.
func ExampleSessionsService_IframeURL() {
	fake, client := newExample()
	defer fake.Close()
	created, err := client.Sessions.Create(context.Background(), yoti.DefaultSession())
	if err != nil {
		log.Fatal(err)
	}
	frame := client.Sessions.IframeURL(created)
	fmt.Println(frame) // it opens the session without further proof, so it prints as a secret does

	// Who opens it goes through the session; here that is the fake's user.
	answer, err := fake.HTTPClient().Get(frame.Reveal())
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	fmt.Println(answer.StatusCode)
	// Output:
	// [redacted]
	// 200
}

// Erase a session by its id, where a Ref is not at hand.
func ExampleSessionsService_Delete() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	created, err := client.Sessions.Create(ctx, yoti.DefaultSession())
	if err != nil {
		log.Fatal(err)
	}
	if err := client.Sessions.Delete(ctx, created.SessionID); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(fake.Sessions()), "sessions left")
	// Output: 0 sessions left
}

// Call what has no method yet. It is signed, retried and logged like every other call.
func ExampleClient_Do() {
	fake, client := newExample()
	defer fake.Close()
	var answer struct {
		Countries []struct {
			Code string `json:"code"`
		} `json:"supported_countries"`
	}
	if err := client.Do(context.Background(), http.MethodGet, "/supported-documents", nil, &answer); err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Countries[0].Code)
	// Output: GBR
}

// Tell what the service found wrong with a request. Its texts may repeat what was sent: keep them out of the log.
func ExampleErrorDetails() {
	fake, client := newExample()
	defer fake.Close()
	request := map[string]any{"client_session_token_ttl": "soon"}
	err := client.Do(context.Background(), http.MethodPost, "/sessions", request, nil)
	fmt.Println(err) // safe to log
	for _, e := range yoti.ErrorDetails(err).Errors {
		fmt.Println(e.Property)
	}
	// Output:
	// yoti: do: invalid request (status 400, code PAYLOAD_VALIDATION): the vendor says what is wrong in Error.Message and Error.Body
	// /client_session_token_ttl
}
