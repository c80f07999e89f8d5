package didit_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Say who is expected: the vendor warns where the document shows somebody else.
func ExampleClient_Start() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Start(context.Background(), kyc.StartRequest{
		Reference:   "onboarding-42",
		RedirectURL: "https://shop.example/back",
		Locale:      "pt-BR",
		Person:      &kyc.Person{FirstName: "Ada", LastName: "Sample", DateOfBirth: "1990-12-10", Nationality: "PRT"},
	})
	if err != nil {
		log.Fatal(err) // what the vendor cannot honour is refused here, by the name of the field
	}
	// Store session.Ref, and send the person to session.URL.Reveal().
	fmt.Println(session.Ref.Vendor, session.URL)
	// Output: didit [redacted]
}

// A field that this vendor cannot honour is an error, never silence.
func ExampleClient_Start_refused() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42", NotifyURL: "https://shop.example/notices"})
	fmt.Println(errors.Is(err, kyc.ErrInvalid), server.Total())
	fmt.Println(err)
	// Output:
	// true 0
	// didit: start: invalid request: NotifyURL is not supported: name the destination in the console
}

// Delete what the vendor holds of a person, by the Ref that was stored.
func ExampleClient_Delete() {
	server := didittest.NewServer()
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
	if err := client.Delete(ctx, session.Ref); err != nil {
		log.Fatal(err)
	}
	// Deleting again is no failure of the erasure: it was done before.
	err = client.Delete(ctx, session.Ref)
	fmt.Println(errors.Is(err, kyc.ErrNotFound))
	// Output: true
}

// Call what has no method yet. The key, the budget and the errors are those of every other call.
func ExampleClient_Do() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	var answer struct {
		Scenarios []struct {
			Slug string `json:"slug"`
		} `json:"scenarios"`
	}
	if err := client.Do(context.Background(), http.MethodGet, "/v1/sandbox/scenarios/", nil, &answer); err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Scenarios[0].Slug)
	// Output: approve
}

// The workflow decides whether a session verifies a person or a company.
func ExampleSessionsService_Create() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Sessions.Create(ctx, didit.SessionRequest{
		WorkflowID:      didittest.BusinessWorkflow,
		VendorData:      "merchant-7",
		ExpectedDetails: &didit.ExpectedDetails{CompanyName: "Acme Holdings Ltd", RegistryCountry: "GB"},
	})
	if err != nil {
		log.Fatal(err)
	}
	server.Complete(session.SessionID) // somebody of the company opens session.URL
	result, err := client.Fetch(ctx, session.Ref())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Company.Name)
	// Output: approved ACME HOLDINGS LTD
}

// A second create for the same person hands out the session that is still open, which is not paid for again.
func ExampleSession_Reused() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	first, err := client.Sessions.Create(ctx, didit.SessionRequest{VendorData: "user-7"})
	if err != nil {
		log.Fatal(err)
	}
	server.Move(first.SessionID, didit.StatusInProgress) // the person began, and lost the link
	second, err := client.Sessions.Create(ctx, didit.SessionRequest{VendorData: "user-7"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(first.Reused(), second.Reused(), first.SessionID == second.SessionID)
	// Output: false true true
}

// Hand in a portrait that is known already, to compare the person's face with.
func ExamplePortrait() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	portrait, err := didit.Portrait(kyc.FileBytes("portrait.jpg", "image/jpeg", []byte("\xff\xd8\xff\xe0 a picture"))) // or kyc.FileAt(path)
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Sessions.Create(context.Background(), didit.SessionRequest{VendorData: "user-7", PortraitImage: portrait})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(session.Status)
	// Output: Not Started
}

// The time line and the costs come with the decision where they are asked for.
func ExampleIncludeEvents() {
	server := didittest.NewServer()
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
	for _, opts := range [][]kyc.Option{nil, {didit.IncludeEvents()}} {
		decision, err := client.Sessions.Decision(ctx, session.SessionID, opts...)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(decision.Events != nil, decision.CostBreakdown != nil)
	}
	// Output:
	// false false
	// true true
}

// Write the report of a decided session, as for an auditor. The bytes go to the writer as they come.
func ExampleSessionsService_PDF() {
	server := didittest.NewServer()
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
	_, err = client.Sessions.PDF(ctx, session.SessionID, io.Discard)
	fmt.Println("before the decision:", errors.Is(err, didit.ErrSessionState))

	server.Complete(session.SessionID)
	report, err := client.Sessions.PDF(ctx, session.SessionID, io.Discard) // os.Create gives a writer that keeps it
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.ContentType, report.Size > 0)
	// Output:
	// before the decision: true
	// application/pdf true
}

// Walk over what waits for an analyst, page after page, and stop where enough is found.
func ExampleSessionsService_List_filtered() {
	server := didittest.NewServer(didittest.Outcome(didit.StatusInReview, "POSSIBLE_MATCH_FOUND"))
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	for i := range 3 {
		session, err := client.Sessions.Create(ctx, didit.SessionRequest{VendorData: fmt.Sprint("user-", i)})
		if err != nil {
			log.Fatal(err)
		}
		server.Complete(session.SessionID)
	}
	waiting := didit.ListOptions{Statuses: []didit.SessionStatus{didit.StatusInReview}, PageSize: 1}
	for session, err := range client.Sessions.List(ctx, waiting) {
		if err != nil {
			log.Fatal(err) // it is the last pair: what came before is not all there is
		}
		fmt.Println(session.VendorData, session.Status)
		if session.VendorData == "user-1" {
			break // the third page is not read
		}
	}
	fmt.Println(server.Count("Sessions.List"), "pages")
	// Output:
	// user-2 In Review
	// user-1 In Review
	// 2 pages
}

// Take over customers whose checks were made elsewhere. An import runs at the vendor; ask for its state now and then.
func ExampleSessionsService_StartImport() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	job, err := client.Sessions.StartImport(ctx, didit.ImportRequest{
		Type: didit.ImportTypeUserVerification,
		File: kyc.FileBytes("history.csv", "text/csv", []byte("vendor_data,status\nuser-7,Approved\n")),
	})
	if err != nil {
		log.Fatal(err)
	}
	for job.Status == didit.ImportStatusPending || job.Status == didit.ImportStatusProcessing {
		if job, err = client.Sessions.Import(ctx, job.UUID); err != nil { // a program waits before it asks again
			log.Fatal(err)
		}
		fmt.Println(job.Status)
	}
	// Output:
	// PENDING
	// PROCESSING
	// COMPLETED
}
