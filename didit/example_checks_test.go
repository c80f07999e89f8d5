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

// Compare two pictures. A check that fails is an answer like any other; errors are for calls that gave no check.
func ExampleChecksService_FaceMatch() {
	server := didittest.NewServer(didittest.CheckOutcome("Checks.FaceMatch", didit.FeatureStatusDeclined, "LOW_FACE_MATCH_SIMILARITY"))
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	selfie := kyc.FileBytes("selfie.jpg", "image/jpeg", []byte("\xff\xd8\xff\xe0 a picture"))
	portrait := kyc.FileBytes("portrait.jpg", "image/jpeg", []byte("\xff\xd8\xff\xe0 another picture"))
	match, err := client.Checks.FaceMatch(context.Background(), didit.FaceMatchRequest{UserImage: selfie, RefImage: portrait, VendorData: "onboarding-42"})
	if err != nil {
		log.Fatal(err) // no check was made
	}
	check := match.Check()
	fmt.Println(check.Kind, check.Decision, check.Reasons[0].Code)
	// Output: face_match declined LOW_FACE_MATCH_SIMILARITY
}

// Read and check an identity document from pictures of your own.
func ExampleChecksService_IDVerification() {
	server := didittest.NewServer(didittest.CheckOutcome("Checks.IDVerification", didit.FeatureStatusInReview, "DOCUMENT_EXPIRED"))
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	answer, err := client.Checks.IDVerification(context.Background(), didit.IDVerificationRequest{
		FrontImage:                      kyc.FileBytes("front.jpg", "image/jpeg", []byte("\xff\xd8\xff\xe0 a picture")), // or kyc.FileAt(path)
		BackImage:                       kyc.FileBytes("back.jpg", "image/jpeg", []byte("\xff\xd8\xff\xe0 another picture")),
		ExpirationDateNotDetectedAction: didit.CheckActionDecline,
		VendorData:                      "onboarding-42",
	})
	if err != nil {
		log.Fatal(err)
	}
	check := answer.Check()
	fmt.Println(check.Kind, check.Decision, check.Reasons[0].Code)
	fmt.Println(answer.IDVerification.DocumentType, answer.IDVerification.IssuingState)
	// Output:
	// document_authenticity review DOCUMENT_EXPIRED
	// Passport ESP
}

// A picture that the vendor would refuse is refused before anything is sent, or paid for.
func ExampleChecksService_IDVerification_refused() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Checks.IDVerification(context.Background(), didit.IDVerificationRequest{
		FrontImage: kyc.FileBytes("front.gif", "image/gif", []byte("GIF89a")),
	})
	fmt.Println(errors.Is(err, kyc.ErrInvalid), server.Total())
	// Output: true 0
}

// Look for a living person in a picture, with a bar of your own.
func ExampleChecksService_PassiveLiveness() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	answer, err := client.Checks.PassiveLiveness(context.Background(), didit.PassiveLivenessRequest{
		UserImage:                         kyc.FileBytes("selfie.jpg", "image/jpeg", []byte("\xff\xd8\xff\xe0 a picture")),
		FaceLivenessScoreDeclineThreshold: new(80.0),
		SaveAPIRequest:                    new(false), // the vendor keeps nothing
	})
	if err != nil {
		log.Fatal(err)
	}
	check := answer.Check()
	fmt.Println(check.Kind, check.Decision, check.Score.Value, "of", check.Score.Max)
	// Output: liveness approved 95.5 of 100
}

// Look a face up among those that were verified or blocked before.
func ExampleChecksService_FaceSearch() {
	server := didittest.NewServer(didittest.CheckOutcome("Checks.FaceSearch", didit.FeatureStatusDeclined, "FACE_IN_BLOCKLIST"))
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	selfie := kyc.FileBytes("selfie.jpg", "image/jpeg", []byte("\xff\xd8\xff\xe0 a picture"))
	answer, err := client.Checks.FaceSearch(context.Background(), didit.FaceSearchRequest{UserImage: selfie})
	if err != nil {
		log.Fatal(err)
	}
	for _, match := range answer.FaceSearch.Matches {
		fmt.Println(*match.SimilarityPercentage, *match.IsBlocklisted)
	}
	fmt.Println(answer.Check().Decision)
	// Output:
	// 98.5 true
	// declined
}

// Estimate an age. The estimate is a figure with a margin, and the status alone decides.
func ExampleChecksService_AgeEstimation() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	answer, err := client.Checks.AgeEstimation(context.Background(), didit.AgeEstimationRequest{
		UserImage:                     kyc.FileBytes("selfie.jpg", "image/jpeg", []byte("\xff\xd8\xff\xe0 a picture")),
		AgeEstimationDeclineThreshold: new(int64(18)),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Check().Decision, *answer.Estimation().AgeEstimation)
	// Output: approved 31.5
}

// Read and check a proof of address against what the person said.
func ExampleChecksService_POA() {
	server := didittest.NewServer(didittest.CheckOutcome("Checks.POA", didit.FeatureStatusDeclined, "NAME_MISMATCH_WITH_PROVIDED"))
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	answer, err := client.Checks.POA(context.Background(), didit.POARequest{
		Document:           kyc.FileBytes("bill.pdf", "application/pdf", []byte("%PDF-1.4\n%%EOF\n")),
		ExpectedFirstName:  "Ada",
		ExpectedLastName:   "Sample",
		NameMismatchAction: didit.CheckActionDecline,
	})
	if err != nil {
		log.Fatal(err)
	}
	check := answer.Check()
	fmt.Println(check.Kind, check.Decision, check.Reasons[0].Code)
	// Output: address declined NAME_MISMATCH_WITH_PROVIDED
}
