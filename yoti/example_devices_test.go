package yoti_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// Forget the devices of a session, which hold addresses of persons.
func ExampleDevicesService_Delete() {
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
	count := func() (n int) {
		for _, err := range client.Devices.List(ctx, created.SessionID) {
			if err != nil {
				log.Fatal(err)
			}
			n++
		}
		return n
	}
	before := count()
	if err := client.Devices.Delete(ctx, created.SessionID); err != nil {
		log.Fatal(err)
	}
	fmt.Println(before > 0, count())
	// Output: true 0
}

// List documents in other scripts too.
func ExampleSupportedDocumentsService_Get_nonLatin() {
	fake, client := newExample()
	defer fake.Close()
	catalogue, err := client.SupportedDocuments.Get(context.Background(), yoti.SupportedDocumentsRequest{IncludeNonLatin: new(true)})
	if err != nil {
		log.Fatal(err)
	}
	for _, country := range catalogue.SupportedCountries {
		for _, document := range country.SupportedDocuments {
			if document.IsStrictlyLatin != nil && !*document.IsStrictlyLatin {
				fmt.Println(country.Code, document.Type)
			}
		}
	}
	// Output: JPN NATIONAL_ID
}
