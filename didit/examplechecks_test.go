package didit_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

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

func ExampleListsService_Entries() {
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
	if _, err := client.Lists.AddEntry(ctx, list.UUID, didit.ListEntryRequest{Value: "192.0.2.0/24", DisplayLabel: "head office"}); err != nil {
		log.Fatal(err)
	}
	for entry, err := range client.Lists.Entries(ctx, list.UUID, "") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(entry.DisplayLabel)
	}
	// Output: head office
}
