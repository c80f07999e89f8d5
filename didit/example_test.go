package didit_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Start a session, send the user to it, and read the decision.
func Example() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	session, err := client.Sessions.Create(ctx, didit.SessionRequest{VendorData: "onboarding-42", Callback: "https://shop.example/back"})
	if err != nil {
		fmt.Println(err)
		return
	}
	server.Complete(session.SessionID) // the user opens session.URL and goes through the flow
	result, err := client.Fetch(ctx, session.Ref())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Decision, result.Reference)
	for _, check := range result.Checks {
		fmt.Println(check.VendorName, check.Decision)
	}
	// Output:
	// approved onboarding-42
	// ID_VERIFICATION approved
	// LIVENESS approved
	// FACE_MATCH approved
	// AML approved
}

// Receive a notice. It is only a wake-up call: the fetched result decides.
func ExampleWebhooks() {
	const secret = "the secret of the destination"
	handler := kyc.Handler(didit.Webhooks(secret), func(_ context.Context, e kyc.Event) error {
		fmt.Println(e.Type, e.Status, e.Assurance)
		return nil // fetch e.Ref here
	})

	// What the vendor sends, signed for this example.
	now := time.Now()
	body := fmt.Sprintf(`{"webhook_type":"status.updated","timestamp":%d,"session_id":"11111111-2222-3333-4444-555555555555","status":"Approved"}`, now.Unix())
	request := httptest.NewRequest(http.MethodPost, "/notices/didit", strings.NewReader(body))
	request.Header = didit.SignWebhook(secret, []byte(body), now)
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	fmt.Println(answer.Code)
	// Output:
	// status.updated Approved signed
	// 200
}

// Normalise a decision that was stored.
func ExampleParseResult() {
	stored := []byte(`{"session_id":"11111111-2222-3333-4444-555555555555","status":"In Review","aml_screenings":[
		{"node_id":"aml","status":"In Review","score":80,"warnings":[{"risk":"POSSIBLE_MATCH_FOUND","log_type":"warning"}]}]}`)
	result, err := didit.ParseResult(stored)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Decision)
	for _, reason := range result.Reasons() {
		fmt.Println(reason.Code)
	}
	// Output:
	// review
	// POSSIBLE_MATCH_FOUND
}

// Walk over the sessions of one user.
func ExampleSessionsService_List() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	if _, err := client.Sessions.Create(ctx, didit.SessionRequest{VendorData: "user-7"}); err != nil {
		fmt.Println(err)
		return
	}
	for session, err := range client.Sessions.List(ctx, didit.ListOptions{VendorData: "user-7"}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(session.VendorData, session.Status)
	}
	// Output: user-7 Not Started
}

// Tell apart why a call was refused.
func ExampleFieldErrors() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Sessions.Create(context.Background(), didit.SessionRequest{WorkflowID: "11111111-2222-3333-4444-555555555555"})
	fmt.Println(err)
	for _, f := range didit.FieldErrors(err) {
		fmt.Println(f.Field+":", f.Message)
	}
	// Output:
	// didit: sessions.create: invalid request (status 400): the vendor says what is wrong in Error.Message and Error.Body
	// workflow_id: Invalid workflow_id.
}

// Download an image of a decision. The API key stays behind.
func ExampleMediaService_Download() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	session, err := client.Sessions.Create(ctx, didit.SessionRequest{VendorData: "user-7"})
	if err != nil {
		fmt.Println(err)
		return
	}
	server.Complete(session.SessionID)
	decision, err := client.Sessions.Decision(ctx, session.SessionID)
	if err != nil {
		fmt.Println(err)
		return
	}
	media, err := client.Media.Download(ctx, decision.IDVerifications[0].FrontImage, io.Discard)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(media.ContentType)
	// Output: image/jpeg
}
