package yoti_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// Script what the sandbox reads from documents, for every session of the application.
func ExampleSandboxService_ConfigureApplication() {
	fake, client := newExample() // with an account: BaseURL yoti.SandboxURL, with the sandbox's own id and key
	defer fake.Close()
	ctx := context.Background()
	err := client.Sandbox.ConfigureApplication(ctx, yoti.ResponseConfig{TaskResults: &yoti.SandboxTaskResults{
		IDDocumentTextDataExtraction: []yoti.SandboxTask{{Result: &yoti.SandboxTaskResult{
			DocumentFields: []byte(`{"document_type":"PASSPORT","issuing_country":"FRA","expiration_date":"2031-01-31"}`),
		}}},
	}})
	if err != nil {
		log.Fatal(err)
	}
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
	if result, err = client.Extract(ctx, result); err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Document.IssuingCountry, result.Document.ExpiresOn)
	// Output: FRA 2031-01-31
}

// Scripts never reach production: a client that works for real people refuses to send one.
func ExampleSandboxService_Configure_production() {
	client, err := yoti.NewClient(yoti.Config{SDKID: yotitest.SDKID, PrivateKey: yotitest.PrivateKeyPEM()})
	if err != nil {
		log.Fatal(err)
	}
	err = client.Sandbox.Configure(context.Background(), "s-1", yoti.ResponseConfig{})
	fmt.Println(errors.Is(err, kyc.ErrInvalid))
	// Output: true
}
