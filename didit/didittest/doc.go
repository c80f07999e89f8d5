// Package didittest is a fake of Didit for tests and examples: a loopback
// server that is as strict as the vendor documents itself to be.
//
//	server := didittest.NewServer(didittest.Outcome(didit.StatusDeclined, "DOCUMENT_EXPIRED"))
//	defer server.Close()
//	client, err := didit.NewClient(server.Config())
//	session, err := client.Sessions.Create(ctx, didit.SessionRequest{VendorData: "onboarding-42"})
//	server.Complete(session.SessionID) // what the user does in the browser
//	decision, err := client.Sessions.Decision(ctx, session.SessionID)
//
// The session's link leads to the fake as well: opening it does what Complete
// does and redirects to the callback.
//
// What a client sends that the vendor would refuse is refused and kept in
// [Server.Problems]; a test should find that empty. Sessions live in memory.
// Notices are signed with [Server.WebhookSecret] and posted to where
// [WebhookURL] or [WebhookHandler] says, and again after a minute and after
// four more where the receiver fails.
package didittest
