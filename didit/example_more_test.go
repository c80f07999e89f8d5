package didit_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"net/url"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Read what the browser brings back, and believe only that it is back.
func ExampleParseRedirect() {
	query, err := url.ParseQuery("verificationSessionId=11111111-2222-3333-4444-555555555555&status=Approved")
	if err != nil {
		log.Fatal(err)
	}
	redirect, err := didit.ParseRedirect(query)
	if err != nil {
		log.Fatal(err)
	}
	stored := kyc.Ref{Vendor: kyc.Didit, Session: "99999999-2222-3333-4444-555555555555"} // of this login, from Start
	fmt.Println("says:", redirect.Status)
	fmt.Println("ours:", redirect.Ref == stored)
	// Output:
	// says: Approved
	// ours: false
}

// Unblock a document that was blocked by mistake.
func ExampleBlocklistService_Remove() {
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
	server.Complete(session.SessionID)
	if _, err := client.Blocklist.Add(ctx, didit.BlocklistRequest{SessionID: session.SessionID, BlocklistDocument: new(true)}); err != nil {
		log.Fatal(err)
	}
	if _, err := client.Blocklist.Remove(ctx, didit.UnblockRequest{SessionID: session.SessionID, UnblockDocument: new(true)}); err != nil {
		log.Fatal(err)
	}
	fmt.Println("unblocked")
	// Output: unblocked
}

// Compare a person with a source that wants to see a face.
func ExampleChecksService_DatabaseValidationWithSelfie() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	selfie := kyc.FileBytes("selfie.jpg", "image/jpeg", []byte("\xff\xd8\xff\xe0 the picture"))
	answer, err := client.Checks.DatabaseValidationWithSelfie(context.Background(), didit.DatabaseValidationRequest{
		IssuingState: "ARG", IdentificationNumber: "12345678",
	}, selfie)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Check().Decision)
	// Output: approved
}

// Take one entry off a list.
func ExampleListsService_DeleteEntry() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	list, err := client.Lists.Create(ctx, didit.ListRequest{Name: "trusted offices", ListType: didit.ListTypeAllowlist, EntryType: didit.EntryTypeIPAddress})
	if err != nil {
		log.Fatal(err)
	}
	entry, err := client.Lists.AddEntry(ctx, list.UUID, didit.ListEntryRequest{Value: "192.0.2.0/24"})
	if err != nil {
		log.Fatal(err)
	}
	if err := client.Lists.DeleteEntry(ctx, list.UUID, entry.UUID); err != nil {
		log.Fatal(err)
	}
	left := 0
	for _, err := range client.Lists.Entries(ctx, list.UUID, "") {
		if err != nil {
			log.Fatal(err)
		}
		left++
	}
	fmt.Println(left)
	// Output: 0
}

// Put a face on a list of faces.
func ExampleListsService_UploadFace() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	list, err := client.Lists.Create(ctx, didit.ListRequest{Name: "seen before", ListType: didit.ListTypeCustom, EntryType: didit.EntryTypeFace})
	if err != nil {
		log.Fatal(err)
	}
	face := kyc.FileBytes("face.jpg", "image/jpeg", []byte("\xff\xd8\xff\xe0 the picture"))
	entry, err := client.Lists.UploadFace(ctx, list.UUID, face, didit.ListFaceRequest{DisplayLabel: "case 12"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(entry.DisplayLabel)
	// Output: case 12
}

// Save the head line that an import's file has to have, and read what an import refused.
func ExampleSessionsService_ImportTemplate() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	var template bytes.Buffer
	saved, err := client.Sessions.ImportTemplate(context.Background(), didit.ImportTypeUserVerification, &template)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(saved.ContentType, saved.Size == int64(template.Len()))
	// Output: text/csv true
}

// Read what an import refused. The vendor publishes no shape for it.
func ExampleSessionsService_ImportErrors() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	job, err := client.Sessions.StartImport(ctx, didit.ImportRequest{
		Type: didit.ImportTypeUserVerification, File: kyc.FileBytes("history.csv", "text/csv", []byte("vendor_data,status\nuser-7,Approved\n")),
	})
	if err != nil {
		log.Fatal(err)
	}
	refused, err := client.Sessions.ImportErrors(ctx, job.UUID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(refused) > 0)
	// Output: true
}

// Ask which outcomes a sandbox can simulate, and choose one for a session.
func ExampleSessionsService_SandboxScenarios() {
	server := didittest.NewServer(didittest.Sandbox())
	defer server.Close()
	client, err := didit.NewClient(server.Config()) // Config.Sandbox is set
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	scenarios, err := client.Sessions.SandboxScenarios(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.Contains(scenarios, []byte("decline_aml_hit")))
	session, err := client.Sessions.Create(ctx, didit.SessionRequest{VendorData: "user-7", SandboxScenario: "decline_aml_hit"})
	if err != nil {
		log.Fatal(err)
	}
	server.Complete(session.SessionID)
	result, err := client.Fetch(ctx, session.Ref())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Test)
	// Output:
	// true
	// declined true
}

// Record an analyst's verdicts on the hits of one screening, all at once.
func ExampleSessionsService_UpdateAMLHitStatuses() {
	server := didittest.NewServer(didittest.Outcome(didit.StatusInReview, "POSSIBLE_MATCH_FOUND"))
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
	var verdicts didit.HitReviewsRequest
	for _, screening := range decision.AMLScreenings {
		for _, hit := range screening.Hits {
			verdicts.HitUpdates = append(verdicts.HitUpdates, didit.HitUpdate{HitID: hit.ID, ReviewStatus: didit.AMLReviewStatusFalsePositive})
		}
	}
	if _, err := client.Sessions.UpdateAMLHitStatuses(ctx, session.SessionID, verdicts); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(verdicts.HitUpdates), "verdicts; the session stays", decision.Status)
	// Output: 1 verdicts; the session stays In Review
}

// Correct what was read from a proof of address.
func ExampleSessionsService_UpdatePOAData() {
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
	server.Complete(session.SessionID)
	record, err := client.Sessions.UpdatePOAData(ctx, session.SessionID, didit.POAData{Issuer: "Aguas del Norte", IssueDate: "2026-04-01"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(record.Issuer, record.IssueDate)
	// Output: Aguas del Norte 2026-04-01
}

// Correct the record of a company. Its id stands in the decision.
func ExampleSessionsService_UpdateCompanyData() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Sessions.Create(ctx, didit.SessionRequest{WorkflowID: didittest.BusinessWorkflow, VendorData: "merchant-7"})
	if err != nil {
		log.Fatal(err)
	}
	server.Complete(session.SessionID)
	decision, err := client.Sessions.Decision(ctx, session.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	id := decision.RegistryChecks[0].Company.UUID
	company, err := client.Sessions.UpdateCompanyData(ctx, session.SessionID, id, didit.CompanyData{CompanyName: "ACME LTD"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(company.CompanyName)
	// Output: ACME LTD
}

// Give a user a face to be recognised by. The ids are the vendor's own.
func ExampleUsersService_UploadFace() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	user, err := client.Users.Create(ctx, didit.UserRequest{VendorData: "user-7"})
	if err != nil {
		log.Fatal(err)
	}
	const organization = "eeeeeeee-ffff-0000-1111-222222222222"
	face := kyc.FileBytes("face.jpg", "image/jpeg", []byte("\xff\xd8\xff\xe0 the picture"))
	stored, err := client.Users.UploadFace(ctx, organization, didittest.Application, user.DiditInternalID, face, "from the branch")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(stored.Comment)
	// Output: from the branch
}

// Look at one delivery of a notice. The vendor publishes no shape for it.
func ExampleWebhooksService_Delivery() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	destination, err := client.Webhooks.Create(ctx, didit.DestinationRequest{
		Label: "main", URL: "https://app.example/notices", SubscribedEvents: []didit.EventType{didit.EventStatusUpdated}, WebhookVersion: didit.WebhookVersionV3,
	})
	if err != nil {
		log.Fatal(err)
	}
	const delivery = "aaaaaaaa-0000-4000-8000-000000000001" // from the console's list of deliveries
	raw, err := client.Webhooks.Delivery(ctx, destination.UUID, delivery)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(raw) > 0)
	// Output: true
}

// Read the application's older webhook, which counts while no destination is enabled, and give it another secret.
func ExampleWebhooksService_UpdateSettings() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	before, err := client.Webhooks.GetSettings(ctx)
	if err != nil {
		log.Fatal(err)
	}
	after, err := client.Webhooks.UpdateSettings(ctx, didit.WebhookSettingsUpdate{RotateSecretKey: new(true)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(before.SecretSharedKey != after.SecretSharedKey) // the old one is of no use from now on
	// Output: true
}

// Read how the application's notices are sent.
func ExampleWebhooksService_GetSettings() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	settings, err := client.Webhooks.GetSettings(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(settings.WebhookVersion)
	// Output: v3
}
