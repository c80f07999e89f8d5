package didit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"slices"
	"strconv"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
)

// Delete a session because the person asked for it. Newer servers say what became of the face template.
func ExampleSessionsService_Delete() {
	server := didittest.NewServer(didittest.Delete200())
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
	deleted, err := client.Sessions.Delete(ctx, session.SessionID, didit.DeleteRequest{RetainFaceEmbeddings: new(false)})
	if err != nil {
		log.Fatal(err)
	}
	if deleted.FaceRetentionOutcome == "" {
		fmt.Println("deleted; this server says nothing of the face template")
		return
	}
	fmt.Println("face template:", deleted.FaceRetentionOutcome)
	// Output: face template: deleted
}

// Delete many sessions at once. Unknown numbers are skipped without a word, so compare what was asked for with what was done.
func ExampleSessionsService_DeleteMany() {
	server := didittest.NewServer(didittest.Delete200())
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
	wanted := []string{strconv.FormatInt(*session.SessionNumber, 10), "9999"}
	answer, err := client.Sessions.DeleteMany(ctx, didit.DeleteSessionsRequest{SessionNumbers: wanted})
	if err != nil {
		log.Fatal(err) // it is not known which were deleted; sending the same numbers again does no harm
	}
	for _, raw := range answer.Results { // the shape of a result is not published: take from it what is there
		var one struct {
			Number  json.Number `json:"session_number"`
			Deleted bool        `json:"deleted"`
		}
		if err := json.Unmarshal(raw, &one); err != nil {
			log.Fatal(err)
		}
		if one.Deleted {
			wanted = slices.DeleteFunc(wanted, func(n string) bool { return n == one.Number.String() })
		}
	}
	fmt.Println("not confirmed:", wanted)
	// Output: not confirmed: [9999]
}

// Older servers answer without results. Whether a session is gone is then asked session by session.
func ExampleSessionsService_DeleteMany_withoutResults() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	for i := range 2 {
		if _, err := client.Sessions.Create(ctx, didit.SessionRequest{VendorData: fmt.Sprint("user-", i)}); err != nil {
			log.Fatal(err)
		}
	}
	answer, err := client.Sessions.DeleteMany(ctx, didit.DeleteSessionsRequest{DeleteAll: new(true)})
	if err != nil {
		log.Fatal(err)
	}
	left := 0
	for _, err := range client.Sessions.List(ctx, didit.ListOptions{}) {
		if err != nil {
			log.Fatal(err)
		}
		left++
	}
	fmt.Println(len(answer.Results), "results,", left, "sessions left")
	// Output: 0 results, 0 sessions left
}
