package didit_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
)

// Decide by hand what the workflow left to review.
func ExampleSessionsService_UpdateStatus() {
	server := didittest.NewServer(didittest.Outcome(didit.StatusInReview, "POSSIBLE_MATCH_FOUND"))
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
	verdict := didit.StatusRequest{NewStatus: didit.StatusApproved, Comment: "another person of the same name"}
	if _, err := client.Sessions.UpdateStatus(ctx, session.SessionID, verdict); err != nil {
		log.Fatal(err)
	}
	result, err := client.Fetch(ctx, session.Ref()) // the vendor's word decides, not the analyst's click
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision)
	// Output: approved
}

// Setting the status that a session has already, as after a crash, is told apart from a failure.
func ExampleSessionsService_UpdateStatus_again() {
	server := didittest.NewServer(didittest.Outcome(didit.StatusInReview))
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
		_, err := client.Sessions.UpdateStatus(ctx, session.SessionID, didit.StatusRequest{NewStatus: didit.StatusDeclined})
		switch {
		case errors.Is(err, didit.ErrSessionState):
			fmt.Println("it was declined before")
		case err != nil:
			log.Fatal(err)
		default:
			fmt.Println("declined")
		}
	}
	// Output:
	// declined
	// it was declined before
}

// Send the person back to show the document again, over the same link.
func ExampleSessionsService_Resubmit() {
	server := didittest.NewServer(didittest.Outcome(didit.StatusDeclined, "DOCUMENT_EXPIRED"))
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
	// Without nodes the vendor picks the steps that failed.
	again := didit.StatusRequest{
		Comment:         "please show a document that is valid",
		NodesToResubmit: []didit.NodeToResubmit{{NodeID: decision.IDVerifications[0].NodeID, Feature: didit.ResubmitFeatureOCR}},
	}
	if _, err := client.Sessions.Resubmit(ctx, session.SessionID, again); err != nil {
		log.Fatal(err)
	}
	result, err := client.Fetch(ctx, session.Ref())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Status, result.Decision)
	// Output: Resubmitted input_required
}

// Decide one feature by hand. The session keeps its own status, and so the result its decision.
func ExampleSessionsService_UpdateFeatureStatus() {
	server := didittest.NewServer(didittest.Outcome(didit.StatusInReview, "LOW_FACE_MATCH_SIMILARITY"))
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
	node := decision.FaceMatches[0].NodeID // or didit.DefaultNode, for a workflow that is no graph
	changed, err := client.Sessions.UpdateFeatureStatus(ctx, session.SessionID, node, didit.FeatureStatusRequest{NewStatus: didit.FeatureStatusApproved})
	if err != nil {
		log.Fatal(err)
	}
	result, err := client.Fetch(ctx, session.Ref())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(changed.NewStatus, result.Decision)
	// Output: Approved review
}

// Record what an analyst says of each watchlist hit.
func ExampleSessionsService_UpdateAMLHitStatus() {
	server := didittest.NewServer(didittest.Outcome(didit.StatusInReview, "POSSIBLE_MATCH_FOUND"))
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
	for _, hit := range decision.AMLScreenings[0].Hits {
		verdict := didit.HitReviewRequest{HitID: hit.ID, ReviewStatus: didit.AMLReviewStatusFalsePositive}
		reviewed, err := client.Sessions.UpdateAMLHitStatus(ctx, session.SessionID, verdict)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(hit.ReviewStatus, "->", reviewed.ReviewStatus)
	}
	// Output: Unreviewed -> False Positive
}

// Correct what was read from the document. Members left empty stay as they are.
func ExampleSessionsService_UpdateIDData() {
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
	record, err := client.Sessions.UpdateIDData(ctx, session.SessionID, didit.IDData{DateOfIssue: "2021-06-03"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(record.DateOfIssue, record.DocumentType)
	// Output: 2021-06-03 P
}

// Leave a note for the next analyst. Its status is a label: the session's own stays.
func ExampleSessionsService_AddReview() {
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
	if _, err := client.Sessions.AddReview(ctx, session.SessionID, didit.ReviewRequest{Comment: "asked for a second document"}); err != nil {
		log.Fatal(err)
	}
	for note, err := range client.Sessions.Reviews(ctx, session.SessionID) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(note.ActivityType, note.Comment)
	}
	// Output: COMMENT asked for a second document
}
