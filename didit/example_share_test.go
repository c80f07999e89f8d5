package didit_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
)

// Let a partner's application import a session that is decided.
func ExampleSessionsService_Share() {
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
	shared, err := client.Sessions.Share(ctx, session.SessionID, didit.ShareRequest{
		ForApplicationID: didittest.PartnerApplication, TTLInSeconds: new(int64(600)),
	})
	if err != nil {
		log.Fatal(err)
	}
	// Who has the token has the session: shared.ShareToken.Reveal() goes to the partner over a channel of its own.
	fmt.Println(shared.SessionKind, shared.ShareToken)
	// Output: user [redacted]
}

// Import what a partner shared. A token can be used once.
func ExampleSessionsService_ImportShared() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Sessions.Create(ctx, didit.SessionRequest{VendorData: "theirs-7"})
	if err != nil {
		log.Fatal(err)
	}
	server.Complete(session.SessionID)
	shared, err := client.Sessions.Share(ctx, session.SessionID, didit.ShareRequest{ForApplicationID: didittest.PartnerApplication})
	if err != nil {
		log.Fatal(err)
	}

	// Without TrustReview the partner's verdict does not count, and the session waits for one of your own.
	request := didit.ImportSharedRequest{ShareToken: shared.ShareToken, VendorData: "ours-42"}
	imported, err := client.Sessions.ImportShared(ctx, request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(imported.VendorData, imported.Status)
	_, err = client.Sessions.ImportShared(ctx, request)
	fmt.Println(errors.Is(err, didit.ErrAlreadyImported))
	// Output:
	// ours-42 In Review
	// true
}

// Choose in a sandbox how a session will end. The call is made with the session's own token.
func ExampleSessionsService_ArmSandbox() {
	server := didittest.NewServer(didittest.Sandbox())
	defer server.Close()
	client, err := didit.NewClient(server.Config()) // with an account: the key of a sandbox application
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Sessions.Create(ctx, didit.SessionRequest{VendorData: "user-7"})
	if err != nil {
		log.Fatal(err)
	}
	scenario := didit.SandboxArmRequest{Scenario: "decline_document_expired"}
	if err := client.Sessions.ArmSandbox(ctx, session.SessionID, session.SessionToken, scenario); err != nil {
		log.Fatal(err)
	}
	server.Complete(session.SessionID)
	result, err := client.Fetch(ctx, session.Ref())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Reasons()[0].Code)
	// Output: declined DOCUMENT_EXPIRED
}

// The scenario can be named when the session is made, too; outside a sandbox that is refused. A decision says where it is
// from, so that a simulated one is never taken for a real one.
func ExampleSessionsService_Create_sandbox() {
	server := didittest.NewServer(didittest.Sandbox())
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	session, err := client.Sessions.Create(ctx, didit.SessionRequest{VendorData: "user-7", SandboxScenario: "review_aml_possible_match"})
	if err != nil {
		log.Fatal(err)
	}
	server.Complete(session.SessionID)
	decision, err := client.Sessions.Decision(ctx, session.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(decision.Status, decision.Environment == didit.EnvironmentLive)
	// Output: In Review false
}
