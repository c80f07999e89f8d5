package didit_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
)

// Keep a list of values that sessions are held against.
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

// Put what a session showed on a list, without handling the data.
func ExampleListsService_AddEntry() {
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
	list, err := client.Lists.Create(ctx, didit.ListRequest{Name: "test documents", ListType: didit.ListTypeCustom, EntryType: didit.EntryTypeDocument})
	if err != nil {
		log.Fatal(err)
	}
	entry, err := client.Lists.AddEntry(ctx, list.UUID, didit.ListEntryRequest{ReferenceSessionID: session.SessionID, Comment: "seen in three accounts"})
	if err != nil {
		log.Fatal(err)
	}
	list, err = client.Lists.Get(ctx, list.UUID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(entry.ReferenceSessionID == session.SessionID, *list.EntryCount)
	// Output: true 1
}

// Walk over the lists of one kind. The block lists exist by themselves.
func ExampleListsService_List() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	for _, kind := range []didit.EntryType{didit.EntryTypeEmail, didit.EntryTypePhone} {
		if _, err := client.Lists.Create(ctx, didit.ListRequest{Name: "our own, " + string(kind), ListType: didit.ListTypeAllowlist, EntryType: kind}); err != nil {
			log.Fatal(err)
		}
	}
	for list, err := range client.Lists.List(ctx, didit.ListFilter{Type: didit.ListTypeAllowlist, EntryType: didit.EntryTypePhone}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(list.Name)
	}
	// Output: our own, phone
}

// Block the face and the document of a session, so that whoever shows them again is declined.
func ExampleBlocklistService_Add() {
	server := didittest.NewServer(didittest.Outcome(didit.StatusDeclined, "LIVENESS_FACE_ATTACK"))
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
	block := didit.BlocklistRequest{SessionID: session.SessionID, BlocklistFace: new(true), BlocklistDocument: new(true)}
	if _, err := client.Blocklist.Add(ctx, block); err != nil {
		log.Fatal(err)
	}
	blocked := 0
	for _, err := range client.Blocklist.List(ctx, didit.BlockedFace) {
		if err != nil {
			log.Fatal(err)
		}
		blocked++
	}
	fmt.Println(blocked, "face")
	// Output: 1 face
}
