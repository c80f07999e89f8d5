package yoti_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// newExample starts a fake and a client of it; with the real service only the Config differs.
func newExample(opts ...yotitest.Option) (*yotitest.Server, *yoti.Client) {
	fake := yotitest.NewServer(opts...)
	client, err := yoti.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	return fake, client
}

// A whole verification in the module's own words.
func Example() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42", RedirectURL: "https://example.com/back"})
	if err != nil {
		log.Fatal(err)
	}
	// The page that holds the frame gets session.URL.Reveal(); here the fake's user shows everything.
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
	fmt.Println(result.Decision)
	// Output:
	// document_authenticity approved
	// liveness approved
	// face_match approved
	// approved
}

// ExampleNewClient shows the settings for the real service.
func ExampleNewClient() {
	key, err := os.ReadFile(os.Getenv("YOTI_KEY_FILE"))
	if err != nil {
		fmt.Println("no key file")
		return
	}
	client, err := yoti.NewClient(yoti.Config{SDKID: os.Getenv("YOTI_SDK_ID"), PrivateKey: key, BaseURL: yoti.SandboxURL})
	if err != nil {
		log.Fatal(err)
	}
	_ = client
	// Output: no key file
}

func ExampleSessionsService_Create() {
	fake, client := newExample()
	defer fake.Close()
	_, err := client.Sessions.Create(context.Background(), yoti.SessionRequest{
		ClientSessionTokenTTL: new(int64(900)),
		RequestedChecks: []yoti.RequestedCheck{
			{Type: yoti.CheckTypeLiveness, Config: yoti.CheckConfig{LivenessType: yoti.LivenessTypeZoom, MaxRetries: new(int64(2))}},
			{Type: yoti.CheckTypeIDDocumentFaceMatch, Config: yoti.CheckConfig{ManualCheck: yoti.ManualCheckFallback}},
		},
		SDKConfig: &yoti.SDKConfig{AllowHandoff: new(false)},
	})
	fmt.Println(err)
	// Contradictions are found before anything is sent.
	_, err = client.Sessions.Create(context.Background(), yoti.SessionRequest{ClientSessionTokenTTL: new(int64(60))})
	fmt.Println(err)
	// Output:
	// <nil>
	// yoti: sessions.create: invalid request: ClientSessionTokenTTL is not more than 300 seconds
}

func ExampleSessionsService_Get() {
	fake, client := newExample(yotitest.Outcome(yoti.CheckTypeIDDocumentAuthenticity, yoti.RecommendationValueReject, yoti.ReasonCodeTampered))
	defer fake.Close()
	ctx := context.Background()
	created, err := client.Sessions.Create(ctx, yoti.DefaultSession())
	if err != nil {
		log.Fatal(err)
	}
	if err := fake.CompleteJourney(created.SessionID); err != nil {
		log.Fatal(err)
	}
	session, err := client.Sessions.Get(ctx, created.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	recommendation := session.Checks[0].Report.Recommendation
	fmt.Println(session.State, recommendation.Value, recommendation.Reason)
	// Output: COMPLETED REJECT TAMPERED
}

func ExampleMediaService_Download() {
	fake, client := newExample(yotitest.WithholdMedia(yoti.MediaTypeImage))
	defer fake.Close()
	ctx := context.Background()
	created, err := client.Sessions.Create(ctx, yoti.DefaultSession())
	if err != nil {
		log.Fatal(err)
	}
	if err := fake.CompleteJourney(created.SessionID); err != nil {
		log.Fatal(err)
	}
	session, err := client.Sessions.Get(ctx, created.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	document := session.Resources.IDDocuments[0]
	for _, medium := range []*yoti.Media{document.Pages[0].Media, document.DocumentFields.Media} {
		var content bytes.Buffer
		got, err := client.Media.Download(ctx, created.SessionID, medium.ID, &content)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%v %q\n", got.Available, got.ContentType)
	}
	// Output:
	// false ""
	// true "application/json"
}

func ExampleClient_Extract() {
	fake, client := newExample()
	defer fake.Close()
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
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Person.FullName, result.Document.Number)
	fmt.Println(result.Person) // printing it whole shows nothing
	// Output:
	// ANNA MARIA SPECIMEN 533401372
	// kyc.Person{}
}

func ExampleResourcesService_UploadFaceCapture() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	created, err := client.Sessions.Create(ctx, yoti.SessionRequest{RequestedChecks: []yoti.RequestedCheck{
		{Type: yoti.CheckTypeLiveness, Config: yoti.CheckConfig{LivenessType: yoti.LivenessTypeStatic}}, {Type: yoti.CheckTypeFaceComparison},
	}})
	if err != nil {
		log.Fatal(err)
	}
	configuration, err := client.Sessions.Configuration(ctx, created.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	for _, requirement := range configuration.Capture.RequiredResources {
		if requirement.Type != yoti.RequirementTypeFaceCapture {
			continue
		}
		face, err := client.Resources.CreateFaceCapture(ctx, created.SessionID, yoti.FaceCaptureRequest{RequirementID: requirement.ID})
		if err != nil {
			log.Fatal(err)
		}
		picture := kyc.FileBytes("face.png", "image/png", []byte("\x89PNG\r\n\x1a\n"))
		fmt.Println(client.Resources.UploadFaceCapture(ctx, created.SessionID, face.ID, picture))
	}
	// Output: <nil>
}

func ExampleSupportedDocumentsService_Get() {
	fake, client := newExample()
	defer fake.Close()
	catalogue, err := client.SupportedDocuments.Get(context.Background(), yoti.SupportedDocumentsRequest{})
	if err != nil {
		log.Fatal(err)
	}
	for _, country := range catalogue.SupportedCountries {
		for _, document := range country.SupportedDocuments {
			fmt.Println(country.Code, document.Type)
		}
	}
	// Output:
	// GBR PASSPORT
	// GBR DRIVING_LICENCE
}

func ExampleInstructionsService_PDF() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	created, err := client.Sessions.Create(ctx, yoti.DefaultSession())
	if err != nil {
		log.Fatal(err)
	}
	err = client.Instructions.Put(ctx, created.SessionID, yoti.InstructionsRequest{Branch: &yoti.Branch{Type: yoti.BranchTypeUKPostOffice, FadCode: "1234567"}})
	if err != nil {
		log.Fatal(err)
	}
	var pdf bytes.Buffer
	content, err := client.Instructions.PDF(ctx, created.SessionID, &pdf)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(content.Available, content.ContentType)
	// Output: true application/pdf
}

func ExampleDevicesService_List() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	created, err := client.Sessions.Create(ctx, yoti.DefaultSession())
	if err != nil {
		log.Fatal(err)
	}
	if err := fake.CompleteJourney(created.SessionID); err != nil {
		log.Fatal(err)
	}
	for use, err := range client.Devices.List(ctx, created.SessionID) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(use.Event)
	}
	// Output:
	// CONFIG_FIRST_LOADED
	// RESOURCE_CREATED
	// RESOURCE_CREATED
}

func ExampleApplicantsService_Create() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	applicant, err := client.Applicants.Create(ctx, yoti.ApplicantRequest{Face: &yoti.FaceImage{Data: "aGVsbG8="}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.Applicants.Delete(ctx, applicant.ID))
	// Output: <nil>
}

func ExamplePoolsService_Create() {
	fake, client := newExample()
	defer fake.Close()
	pool, err := client.Pools.Create(context.Background(), yoti.PoolRequest{Label: "staff"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pool.Label)
	// Output: staff
}

func ExampleSandboxService_Configure() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	err = client.Sandbox.Configure(ctx, session.Ref.Session, yoti.ResponseConfig{CheckReports: &yoti.SandboxCheckReports{
		IDDocumentAuthenticity: []yoti.SandboxCheck{{Result: &yoti.SandboxCheckResult{ReportTemplate: yoti.ReportTemplateTampered}}},
	}})
	if err != nil {
		log.Fatal(err)
	}
	if err := client.Sandbox.RunAgent(ctx, yoti.AgentRequest{SessionID: session.Ref.Session, ClientSessionToken: session.Token}); err != nil {
		log.Fatal(err)
	}
	result, err := client.Fetch(ctx, session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Reasons()[0].Code == string(yoti.ReportTemplateTampered))
	// Output: declined true
}

func ExampleParseResult() {
	result, err := yoti.ParseResult([]byte(`{"session_id":"s-1","state":"COMPLETED","checks":[
		{"type":"LIVENESS","state":"DONE","report":{"recommendation":{"value":"APPROVE"}}},
		{"type":"WATCHLIST_SCREENING","state":"DONE","report":{"recommendation":{"value":"CONSIDER","reason":"POTENTIAL_MATCH"}}}]}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Status)
	// Output: review COMPLETED/CONSIDER
}

func ExampleParseNotification() {
	auth := yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBearer, Token: "notice-secret"}
	event, err := yoti.ParseNotification(yotitest.NotificationHeader(auth), yotitest.Notification("s-1", yoti.TopicSessionCompletion), auth)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(event.Ref, event.Type, event.Assurance)
	_, err = yoti.ParseNotification(http.Header{}, nil, auth)
	fmt.Println(errors.Is(err, kyc.ErrUnauthorized))
	// Output:
	// yoti:s-1 SESSION_COMPLETION shared_secret
	// true
}
