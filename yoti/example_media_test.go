package yoti_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// Read what was taken from a document, in the vendor's own words. Where regulation forbids to return it there are no fields.
func ExampleMediaService_DocumentFields() {
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
	session, err := client.Sessions.Get(ctx, created.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	for _, document := range session.Resources.IDDocuments {
		fields, content, err := client.Media.DocumentFields(ctx, created.SessionID, document.DocumentFields.Media.ID)
		switch {
		case err != nil:
			log.Fatal(err)
		case !content.Available:
			fmt.Println("withheld")
		default:
			fmt.Println(fields.DocumentType, fields.IssuingCountry)
		}
	}
	// Output: PASSPORT GBR
}

// Erase a picture as soon as it is not needed, and keep the session.
func ExampleMediaService_Delete() {
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
	session, err := client.Sessions.Get(ctx, created.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	picture := session.Resources.IDDocuments[0].Pages[0].Media.ID
	if err := client.Media.Delete(ctx, created.SessionID, picture); err != nil {
		log.Fatal(err) // kyc.ErrConflict while a check is at work on it
	}
	err = client.Media.Delete(ctx, created.SessionID, picture)
	fmt.Println(errors.Is(err, kyc.ErrNotFound))
	// Output: true
}

// Read fields that were stored. What is no whole date stays in the fields, and is never taken for one.
func ExampleParseDocumentFields() {
	fields, err := yoti.ParseDocumentFields([]byte(`{"document_type":"NATIONAL_ID","issuing_country":"ESP","expiration_date":"LIFETIME"}`))
	if err != nil {
		log.Fatal(err)
	}
	document := fields.Document()
	fmt.Println(document.Type, document.IssuingCountry, document.ExpiresOn == "", fields.ExpirationDate)
	// Output: id_card ESP true LIFETIME
}

// Read every field of a document with its source, as to compare what is printed with the machine-readable zone.
func ExampleMediaService_ExpandedDocumentFields() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	request := yoti.DefaultSession()
	request.RequestedTasks[0].Config.CreateExpandedDocumentFields = new(true)
	created, err := client.Sessions.Create(ctx, request)
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
	medium := session.Resources.IDDocuments[0].ExpandedDocumentFields.Media.ID
	expanded, download, err := client.Media.ExpandedDocumentFields(ctx, created.SessionID, medium)
	switch {
	case err != nil:
		log.Fatal(err)
	case !download.Available:
		fmt.Println("withheld")
	default:
		for _, field := range expanded.Fields {
			fmt.Println(field.Name, field.Source)
		}
	}
	// Output:
	// family_name VIZ
	// family_name MRZ
}

// Ask for an identity profile, and read its report. A session whose profile was not made is not approved.
func ExampleMediaService_IdentityProfileReport() {
	fake, client := newExample()
	defer fake.Close()
	ctx := context.Background()
	request := yoti.DefaultSession()
	request.IdentityProfileRequirements = &yoti.ProfileRequirements{
		TrustFramework: yoti.TrustFrameworkUKTFIDA,
		Scheme:         &yoti.ProfileScheme{Type: yoti.ProfileSchemeTypeDBS, Objective: yoti.ProfileObjectiveBasic},
	}
	created, err := client.Sessions.Create(ctx, request)
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
	medium := session.IdentityProfile.IdentityProfileReport.Media.ID
	report, _, err := client.Media.IdentityProfileReport(ctx, created.SessionID, medium)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(session.IdentityProfile.Result, report.VerificationReport.TrustFramework)
	// Output: DONE UK_TFIDA
}
