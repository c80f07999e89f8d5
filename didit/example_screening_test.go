package didit_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Screen a person against sanctions and lists of politically exposed persons.
func ExampleChecksService_AML() {
	server := didittest.NewServer(didittest.CheckOutcome("Checks.AML", didit.FeatureStatusInReview, "POSSIBLE_MATCH_FOUND"))
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	answer, err := client.Checks.AML(context.Background(), didit.AMLRequest{
		FullName: "Ada Sample", DateOfBirth: "1990-12-10", Nationality: "PT", // alpha-2 here, unlike elsewhere
		VendorData: "onboarding-42",
	})
	if err != nil {
		log.Fatal(err)
	}
	check := answer.Check()
	fmt.Println(check.Kind, check.Decision, check.Score.Value, "of", check.Score.Max)
	for _, hit := range answer.AML.Hits {
		fmt.Println(hit.ReviewStatus, *hit.MatchScore)
	}
	// Output:
	// watchlist review 90 of 100
	// Unreviewed 95
}

// Compare a person with the official sources of a country. The sources decide which members they need.
func ExampleChecksService_DatabaseValidation() {
	server := didittest.NewServer(didittest.CheckOutcome("Checks.DatabaseValidation", didit.FeatureStatusDeclined, "DATABASE_VALIDATION_NO_MATCH"))
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	answer, err := client.Checks.DatabaseValidation(context.Background(), didit.DatabaseValidationRequest{
		IssuingState: "BRA", IdentificationNumber: "00000000000", FullName: "Ada Sample", DateOfBirth: "1990-12-10", Consent: new(true),
	})
	if err != nil {
		for _, f := range didit.FieldErrors(err) { // what the source wants besides
			fmt.Println(f.Field, f.Message)
		}
		log.Fatal(err)
	}
	fmt.Println(answer.Check().Decision, answer.DatabaseValidation.MatchType)
	for field, match := range answer.DatabaseValidation.Validations.Fields() {
		fmt.Println(field, match)
	}
	// Output:
	// declined no_match
	// full_name no_match
}

// Send a code to a telephone number. Whether it went out is in the answer, not in the error.
func ExampleChecksService_PhoneSend() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	sent, err := client.Checks.PhoneSend(context.Background(), didit.PhoneSendRequest{
		PhoneNumber: "+442079460000",
		Options:     &didit.PhoneOptions{CodeSize: new(int64(6)), PreferredChannel: didit.PhoneChannelSMS},
	})
	switch {
	case errors.Is(err, kyc.ErrRateLimited):
		fmt.Println("the number has had four messages within an hour")
	case err != nil:
		log.Fatal(err)
	case sent.Status != didit.SendStatusSuccess:
		fmt.Println("not sent:", sent.Reason)
	default:
		fmt.Println("sent")
	}
	// Output: sent
}

// Compare the code that the person entered. A wrong one is an answer too, which leaves further attempts.
func ExampleChecksService_PhoneCheck() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	const number = "+442079460000"
	if _, err := client.Checks.PhoneSend(ctx, didit.PhoneSendRequest{PhoneNumber: number}); err != nil {
		log.Fatal(err)
	}
	for _, entered := range []kyc.Secret{"000000", didittest.Code} {
		answer, err := client.Checks.PhoneCheck(ctx, didit.PhoneCheckRequest{
			PhoneNumber: number, Code: entered, DisposableNumberAction: didit.CheckActionDecline,
		})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(answer.Status, answer.Check().Decision)
	}
	// Output:
	// Failed unknown
	// Approved approved
}

// Prove an e-mail address in the same two steps.
func ExampleChecksService_EmailCheck() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	const address = "ada@example.com"
	sent, err := client.Checks.EmailSend(ctx, didit.EmailSendRequest{Email: address})
	if err != nil {
		log.Fatal(err)
	}
	if sent.Status != didit.SendStatusSuccess {
		fmt.Println("not sent:", sent.Reason)
		return
	}
	answer, err := client.Checks.EmailCheck(ctx, didit.EmailCheckRequest{Email: address, Code: didittest.Code})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Check().Decision)
	// Output: approved
}

// Find a company in the registry of its country, and read its profile.
func ExampleChecksService_KYBSearch() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	found, err := client.Checks.KYBSearch(ctx, didit.KYBSearchRequest{CountryCode: "GB", RegistrationNumber: "12345678"})
	if err != nil {
		log.Fatal(err)
	}
	if found.Pending() {
		fmt.Println("the registry is slow: search again later")
		return
	}
	for _, hit := range found.KYBRegistry.Companies {
		profile, err := client.Checks.KYBSelect(ctx, didit.KYBSelectRequest{KYBResponseID: hit.KYBResponseID, VendorData: "merchant-7"})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(profile.KYBRegistry.CompanyName, profile.Check().Decision)
	}
	// Output: ACME HOLDINGS LTD approved
}

// Rate a wallet. The vendor gives a rating and no verdict, so it is Unknown until you say what a rating means to you.
func ExampleChecksService_WalletScreening() {
	server := didittest.NewServer(didittest.CheckOutcome("Checks.WalletScreening", didit.FeatureStatusDeclined, "sanctions"))
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	answer, err := client.Checks.WalletScreening(context.Background(), didit.WalletScreeningRequest{
		WalletAddress: "0x0000000000000000000000000000000000000000", Blockchain: didit.BlockchainETH,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Severity, answer.Check().Decision)
	strict := kyc.WithOverrides(kyc.Override{
		Name: "no risky wallets", Vendor: kyc.Didit, Field: didit.FieldFeature, Check: string(didit.FeatureWalletScreening),
		Word: string(didit.SeverityHigh), Decision: kyc.Declined,
	})
	check := answer.Check(strict)
	fmt.Println(check.Decision, check.Reasons[0].Code)
	// Output:
	// HIGH unknown
	// declined sanctions_hit
}
