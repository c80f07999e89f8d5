package yoti_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// A session that goes on in a branch: a deadline at least a week away, and checks that people make there.
func ExampleIBVOptions() {
	fake, client := newExample()
	defer fake.Close()
	deadline := time.Now().Add(14 * 24 * time.Hour).UTC().Format(time.RFC3339)
	created, err := client.Sessions.Create(context.Background(), yoti.SessionRequest{
		SessionDeadline: kyc.Timestamp(deadline),
		IBVOptions: &yoti.IBVOptions{
			Support: yoti.IBVSupportMandatory, GuidanceURL: "https://example.com/help", UserPrice: &yoti.Price{Amount: "1.20", Currency: yoti.CurrencyGBP},
		},
		RequestedChecks: []yoti.RequestedCheck{
			{Type: yoti.CheckTypeIBVVisualReviewCheck, Config: yoti.CheckConfig{ManualCheck: yoti.ManualCheckIBV}},
		},
		RequestedTasks: []yoti.RequestedTask{
			{Type: yoti.TaskTypeIDDocumentTextDataExtraction, Config: yoti.TaskConfig{ManualCheck: yoti.ManualCheckIBV}},
		},
		RequiredDocuments: []yoti.RequiredDocument{{Type: yoti.DocumentKindIDDocument}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(created.SessionID != "", created.ClientSessionToken)
	// Output: true [redacted]
}

// Say which document is shown in which branch, and to whom the instructions go.
func ExampleInstructionsService_Put() {
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
	plan := yoti.InstructionsRequest{
		ContactProfile: &yoti.ContactProfileRequest{FirstName: "Ada", LastName: "Sample", Email: "ada@example.com"},
		Branch:         &yoti.Branch{Type: yoti.BranchTypeUKPostOffice, FadCode: "1234567"},
	}
	for _, requirement := range configuration.Capture.RequiredResources {
		if requirement.Type == yoti.RequirementTypeIDDocument {
			passport := &yoti.ChosenDocument{Type: yoti.DocumentKindIDDocument, CountryCode: "GBR", DocumentType: yoti.DocumentTypePassport}
			plan.Documents = append(plan.Documents, yoti.InstructionsDocument{RequirementID: requirement.ID, Document: passport})
		}
	}
	if err := client.Instructions.Put(ctx, created.SessionID, plan); err != nil {
		log.Fatal(err)
	}
	instructions, err := client.Instructions.Get(ctx, created.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(instructions.Branch.FadCode, len(instructions.Documents), *instructions.ContactProfileExists)
	// Output: 1234567 1 true
}

// Find the post offices near the person. What is searched for is personal, and is in no log.
func ExampleInstructionsService_PostOffices() {
	fake, client := newExample()
	defer fake.Close()
	found, err := client.Instructions.PostOffices(context.Background(), yoti.PostOfficeSearch{SearchString: "LS1 1AA"})
	if err != nil {
		log.Fatal(err)
	}
	for _, branch := range found.Branches {
		fmt.Println(branch.FadCode, branch.Name)
	}
	// Output: 1234567 High Street
}

// Send the instructions by e-mail. Without a contact there is nobody to send them to.
func ExampleInstructionsService_SendEmail() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	created, err := client.Sessions.Create(ctx, yoti.DefaultSession())
	if err != nil {
		log.Fatal(err)
	}
	plan := yoti.InstructionsRequest{Branch: &yoti.Branch{Type: yoti.BranchTypeUKPostOffice, FadCode: "1234567"}}
	for _, contact := range []*yoti.ContactProfileRequest{nil, {FirstName: "Ada", LastName: "Sample", Email: "ada@example.com"}} {
		plan.ContactProfile = contact
		if err := client.Instructions.Put(ctx, created.SessionID, plan); err != nil {
			log.Fatal(err)
		}
		err := client.Instructions.SendEmail(ctx, created.SessionID)
		fmt.Println(errors.Is(err, kyc.ErrConflict), fake.Emails(created.SessionID))
	}
	// Output:
	// true 0
	// false 1
}

// Read to whom the instructions go. Printed as a whole it shows nothing.
func ExampleInstructionsService_ContactProfile() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	created, err := client.Sessions.Create(ctx, yoti.DefaultSession())
	if err != nil {
		log.Fatal(err)
	}
	err = client.Instructions.Put(ctx, created.SessionID, yoti.InstructionsRequest{
		ContactProfile: &yoti.ContactProfileRequest{FirstName: "Ada", LastName: "Sample", Email: "ada@example.com"},
	})
	if err != nil {
		log.Fatal(err)
	}
	contact, err := client.Instructions.ContactProfile(ctx, created.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(contact.Email, contact)
	// Output: ada@example.com yoti.ContactProfile{}
}
