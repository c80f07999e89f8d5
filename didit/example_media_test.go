package didit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Keep the portrait of a document, with a bound on what is taken into memory.
func ExampleMediaService_Download_portrait() {
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
	decision, err := client.Sessions.Decision(ctx, session.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	for _, document := range decision.IDVerifications {
		var portrait bytes.Buffer
		media, err := client.Media.Download(ctx, document.PortraitImage, &portrait)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(media.ContentType, media.Size == int64(portrait.Len()))
	}
	// Output: image/jpeg true
}

// Links run out after about an hour. A new one comes with the decision, read again.
func ExampleMediaService_Download_expired() {
	server := didittest.NewServer(didittest.Answer("Media.Download", 1, 403, "application/xml", "<Error><Code>AccessDenied</Code></Error>"))
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
	for range 2 {
		decision, err := client.Sessions.Decision(ctx, session.SessionID)
		if err != nil {
			log.Fatal(err)
		}
		media, err := client.Media.Download(ctx, decision.LivenessChecks[0].ReferenceImage, io.Discard)
		if errors.Is(err, kyc.ErrForbidden) {
			fmt.Println("the link has run out")
			continue
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(media.ContentType)
	}
	// Output:
	// the link has run out
	// image/jpeg
}
