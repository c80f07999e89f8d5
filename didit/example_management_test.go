package didit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Make a workflow of steps in order. Sessions name it by WorkflowID, changes to it by the UUID of its version.
func ExampleWorkflowsService_Create() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	workflow, err := client.Workflows.Create(ctx, didit.WorkflowRequest{
		WorkflowLabel: "light onboarding",
		Status:        didit.PublicationStatusDraft,
		Features: []didit.WorkflowStep{
			{Feature: didit.StepFeatureOCR},
			{Feature: didit.StepFeatureLiveness, Config: json.RawMessage(`{"face_liveness_method":"PASSIVE"}`)},
		},
		MaxRetryAttempts: new(int64(3)),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(workflow.Status, *workflow.TotalPrice)
	workflow, err = client.Workflows.Update(ctx, workflow.UUID, didit.WorkflowUpdate{Status: didit.PublicationStatusPublished})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(workflow.Status, workflow.WorkflowID != "")
	// Output:
	// draft 0.15
	// published true
}

// Settings out of the documented bounds are refused before anything is sent.
func ExampleWorkflowsService_Create_refused() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Workflows.Create(context.Background(), didit.WorkflowRequest{
		Features: []didit.WorkflowStep{{Feature: didit.StepFeatureOCR}}, SessionExpirationTime: new(int64(60)),
	})
	fmt.Println(err)
	// Output: didit: workflows.create: invalid request: SessionExpirationTime is out of the documented bounds
}

// Ask what the documents do not tell. English must be among the languages.
func ExampleQuestionnairesService_Create() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	_, err = client.Questionnaires.Create(ctx, didit.QuestionnaireRequest{
		Title: "source of funds", Languages: []string{"en", "de"}, DefaultLanguage: "en",
		FormElements: []didit.FormElement{{
			ID: "source", ElementType: didit.FormElementTypeSingleChoice, IsRequired: new(true),
			Label: map[string]string{"en": "Where does the money come from?", "de": "Woher kommt das Geld?"},
			Options: []didit.FormOption{
				{Value: "salary", Label: map[string]string{"en": "Salary", "de": "Gehalt"}},
				{Value: "sale", Label: map[string]string{"en": "A sale", "de": "Ein Verkauf"}},
			},
		}},
	})
	if err != nil {
		log.Fatal(err)
	}
	for questionnaire, err := range client.Questionnaires.List(ctx, didit.PageOptions{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(questionnaire.Title, questionnaire.Languages, *questionnaire.Version)
	}
	// Output: source of funds [en de] 1
}

// Make a user before the first session, and look it up by your own id.
func ExampleUsersService_Create() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	if _, err := client.Users.Create(ctx, didit.UserRequest{VendorData: "user-7", DisplayName: "customer 7", IssuingStates: []string{"PRT"}}); err != nil {
		log.Fatal(err)
	}
	user, err := client.Users.Get(ctx, "user-7")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.DisplayName, user.Status, *user.SessionCount)
	// Output: customer 7 ACTIVE 0
}

// Block a user. Creating a session for a blocked one then fails with ErrBlocked.
func ExampleUsersService_UpdateStatus() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	if _, err := client.Users.Create(ctx, didit.UserRequest{VendorData: "user-7"}); err != nil {
		log.Fatal(err)
	}
	user, err := client.Users.UpdateStatus(ctx, "user-7", didit.EntityStatusBlocked)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.Status)
	// Output: BLOCKED
}

// Delete users for good. Unknown ids are not counted, so that a smaller number tells of some.
func ExampleUsersService_Delete() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	if _, err := client.Users.Create(ctx, didit.UserRequest{VendorData: "user-7"}); err != nil {
		log.Fatal(err)
	}
	ids := []string{"user-7", "user-8"}
	answer, err := client.Users.Delete(ctx, didit.DeleteUsersRequest{VendorDataList: ids})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*answer.Deleted, "of", len(ids))
	// Output: 1 of 2
}

// Make a business before the first session, and change what is known of it.
func ExampleBusinessesService_Create() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	if _, err := client.Businesses.Create(ctx, didit.BusinessRequest{VendorData: "merchant-7", LegalName: "Acme Holdings Ltd", CountryCode: "GB"}); err != nil {
		log.Fatal(err)
	}
	business, err := client.Businesses.Update(ctx, "merchant-7", didit.BusinessUpdate{RegistrationNumber: "12345678"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(business.LegalName, business.RegistrationNumber, business.Status)
	_, err = client.Businesses.Get(ctx, "merchant-8")
	fmt.Println(errors.Is(err, kyc.ErrNotFound))
	// Output:
	// Acme Holdings Ltd 12345678 ACTIVE
	// true
}

// Name where notices go. The answer has the secret that signs them: keep it where your secrets are kept.
func ExampleWebhooksService_Create() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	destination, err := client.Webhooks.Create(context.Background(), didit.DestinationRequest{
		Label: "onboarding", URL: "https://shop.example/notices/didit",
		WebhookVersion:   didit.WebhookVersionV3,                      // the one that this package reads
		SubscribedEvents: []didit.EventType{didit.EventStatusUpdated}, // without events it receives nothing
	})
	if err != nil {
		log.Fatal(err)
	}
	source := didit.Webhooks(destination.SecretSharedKey)
	fmt.Println(destination.SecretSharedKey, len(source.Secrets))
	// Output: [redacted] 1
}

// Take a destination out of use while its receiver is repaired. What is not named stays as it is.
func ExampleWebhooksService_Update() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	destination, err := client.Webhooks.Create(ctx, didit.DestinationRequest{
		Label: "onboarding", URL: "https://shop.example/notices/didit", SubscribedEvents: []didit.EventType{didit.EventStatusUpdated},
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Webhooks.Update(ctx, destination.UUID, didit.DestinationUpdate{Enabled: new(false)}); err != nil {
		log.Fatal(err)
	}
	for one, err := range client.Webhooks.List(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(one.Label, *one.Enabled, one.SubscribedEvents)
	}
	// Output: onboarding false [status.updated]
}
