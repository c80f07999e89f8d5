package jumio_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"log"
	"net/url"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// exampleClient stands for the caller's own client; here it talks to a fake.
func exampleClient(opts ...jumiotest.Option) (*jumio.Client, *jumiotest.Server) {
	fake := jumiotest.NewServer(opts...)
	client, err := jumio.NewClient(fake.Config(), kyc.WithUserAgent("Acme Onboarding/1.0"))
	if err != nil {
		log.Fatal(err)
	}
	return client, fake
}

// photograph stands for a picture that the caller took.
func photograph() kyc.File {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 640, 400))); err != nil {
		log.Fatal(err)
	}
	return kyc.FileBytes("photo.png", "image/png", b.Bytes())
}

// The shared interface: start, send the person to the page, fetch the result.
func Example() {
	ctx := context.Background()
	fake := jumiotest.NewServer()
	defer fake.Close()

	client, err := jumio.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42", RedirectURL: "https://example.com/back"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(session.URL) // a link that opens without further proof does not print

	fake.CompleteJourney(session.Ref) // the person's part

	result, err := client.Fetch(ctx, session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Reference)
	// Output:
	// [redacted]
	// approved onboarding-42
}

// The vendor's own words, through the API channel.
func ExampleAccountsService_Create() {
	ctx := context.Background()
	client, fake := exampleClient(jumiotest.Outcome(jumio.DecisionWarning, jumio.LabelRepeatedFace))
	defer fake.Close()

	account, err := client.Accounts.Create(ctx, jumio.AccountRequest{
		CustomerInternalReference: "onboarding-42",
		Workflow:                  jumio.Workflow{Key: jumio.WorkflowIDAndIdentity},
		UserConsent: &jumio.UserConsent{
			UserIP: "192.0.2.7", UserLocation: &jumio.UserLocation{Country: "USA", State: "CA"},
			Consent: &jumio.Consent{Obtained: jumio.ConsentAnswerYes, ObtainedAt: "2026-01-02T03:04:05.678Z"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, credential := range account.Credentials(jumio.ChannelAPI) {
		for part := range credential.Parts() {
			if _, err := client.Credentials.Upload(ctx, credential, part, photograph()); err != nil {
				log.Fatal(err)
			}
			fmt.Println(credential.Category, part)
		}
	}
	if _, err := client.Workflows.Finalize(ctx, account); err != nil {
		log.Fatal(err)
	}
	details, err := client.Workflows.Details(ctx, account.Ref())
	if err != nil {
		log.Fatal(err)
	}
	if details.Decision.Type == jumio.DecisionWarning {
		fmt.Println(details.Capabilities.ImageChecks[0].Decision.Details.Label)
	}
	// Output:
	// ID FRONT
	// ID BACK
	// SELFIE FACE
	// REPEATED_FACE
}

// A known person logs in again with a face.
func ExampleAccountsService_Update() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	first, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	fake.CompleteJourney(first.Ref)

	account, err := client.Accounts.Update(ctx, first.Ref.Account, jumio.AccountRequest{
		CustomerInternalReference: "login-1", Workflow: jumio.Workflow{Key: jumio.WorkflowAuthentication},
	})
	if err != nil {
		log.Fatal(err)
	}
	fake.CompleteJourney(account.Ref())
	result, err := client.Fetch(ctx, account.Ref())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Checks[0].Kind)
	// Output: approved usability
}

// A stored part goes to any writer.
func ExampleCredentialsService_Download() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	fake.CompleteJourney(session.Ref)
	details, err := client.Workflows.Details(ctx, session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	credential := details.Credentials[0]
	var picture bytes.Buffer
	download, err := client.Credentials.Download(ctx, session.Ref.Account, credential.ID, jumio.PartFront, &picture)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(credential.Category, download.ContentType, download.Size == int64(picture.Len()))
	// Output: ID image/png true
}

// What is known about the person goes to the DATA credential.
func ExampleCredentialsService_UploadPreparedData() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	account, err := client.Accounts.Create(ctx, jumio.AccountRequest{
		CustomerInternalReference: "screening-1", UserReference: "user-7", Workflow: jumio.Workflow{Key: jumio.WorkflowWatchlist},
	})
	if err != nil {
		log.Fatal(err)
	}
	data := account.Credentials(jumio.ChannelAPI)[0]
	_, err = client.Credentials.UploadPreparedData(ctx, data, jumio.PreparedData{FirstName: "Anna", LastName: "Eriksson", DateOfBirth: "1974-08-12"})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Workflows.Finalize(ctx, account); err != nil {
		log.Fatal(err)
	}
	result, err := client.Fetch(ctx, account.Ref())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Checks[0].VendorName)
	// Output: approved watchlistScreening
}

// Status is the cheap call; kyc.Wait keeps to the vendor's times.
func ExampleWorkflowsService_Status() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	status, err := client.Workflows.Status(ctx, session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(status.WorkflowExecution.Status)

	_, err = client.Workflows.Status(ctx, kyc.Ref{Vendor: kyc.Jumio, Account: session.Ref.Account, Session: "unknown"})
	fmt.Println(errors.Is(err, kyc.ErrNotFound))
	// Output:
	// INITIATED
	// true
}

func ExampleHealthService_Get() {
	client, fake := exampleClient()
	defer fake.Close()
	health, err := client.Health.Get(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(health.Status)
	// Output: UP
}

// The vendor signs nothing, but it echoes the user reference.
func ExampleReferenceSigner() {
	signer, err := jumio.NewReferenceSigner("a key of the caller's own")
	if err != nil {
		log.Fatal(err)
	}
	signed, err := signer.SignUser("user-7")
	if err != nil {
		log.Fatal(err)
	}
	reference, err := signer.VerifyUser(signed) // from a notice or a details answer
	fmt.Println(reference, err)
	// Output: user-7 <nil>
}

func ExampleParseRedirect() {
	back, err := url.Parse("https://example.com/back?accountId=a-1&workflowExecutionId=w-1&acquisitionStatus=ERROR&errorCode=9210")
	if err != nil {
		log.Fatal(err)
	}
	redirect, err := jumio.ParseRedirect(back.Query())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(redirect.Ref, redirect.Status, redirect.ErrorCode == jumio.RedirectSessionExpired)
	// Output: jumio:a-1/w-1 ERROR true
}

// A stored details answer gives the same result offline.
func ExampleParseResult() {
	result, err := jumio.ParseResult([]byte(`{"workflow":{"id":"w-1","status":"PROCESSED"},"account":{"id":"a-1"},"decision":{"type":"WARNING"}}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Evidence[1].Rule)
	// Output: review decision.type WARNING is review
}
