// Package jumio is a client of the Jumio platform (KYX, API version 1):
// accounts, uploads through the API channel, retrieval, deletion and notices.
//
//	client, err := jumio.NewClient(jumio.Config{
//		ClientID: id, ClientSecret: secret, Region: jumio.RegionEMEA, Workflow: jumio.WorkflowIDAndIdentity,
//	})
//	if err != nil {
//		return err
//	}
//	session, err := client.Start(ctx, kyc.StartRequest{
//		Reference: "onboarding-42", RedirectURL: "https://example.com/back", NotifyURL: "https://example.com/notices/jumio",
//	})
//	if err != nil {
//		return err
//	}
//	// Send the person to session.URL, and when a notice comes:
//	result, err := client.Fetch(ctx, session.Ref)
//	if err != nil {
//		return err
//	}
//	if result.Decision == kyc.Approved {
//		...
//	}
//
// The package example runs the same against the fake of jumio/jumiotest.
//
// # Journeys
//
// In the web client or a mobile SDK the vendor's pages capture the images;
// Accounts.Create starts it. Through the API channel the caller captures:
// Accounts.Create with UserConsent, then Credentials.Upload for each part of
// each credential that [Account.Credentials] lists for [ChannelAPI], then
// Workflows.Finalize. A facemap cannot be uploaded then, so liveness is weaker.
//
// Authentication ([WorkflowAuthentication]) starts with Accounts.Update on the
// account that holds the facemap. With [WorkflowAuthenticationOnPremises] the
// caller uploads a facemap that it stored, to the FACEMAP credential of the API
// channel, and does not finalize: the web client or mobile SDK does.
//
// # Decisions
//
// Only a details answer with status PROCESSED and decision.type PASSED is
// [kyc.Approved]. WARNING is [kyc.Review], REJECTED [kyc.Declined], NOT_EXECUTED
// [kyc.Failed]. Any other status is pending or expired, whatever its decision
// says: older tenants send REJECTED with an expired session. A word that the
// vendor does not document is [kyc.Unknown]. Overrides use the fields
// [FieldStatus], [FieldDecision] and [FieldLabel] for the whole, [FieldCapability],
// [FieldNFC], [FieldFaceSearch] and [FieldFeedback] for checks. One for the status
// can only tighten, and one for a label cannot approve what the vendor refused.
//
// WARNING with REPEATED_FACE also comes for earlier attempts of the same
// person: compare the findings with your own executions before you refuse.
//
// # Budgets and repeats
//
// The published budgets (10 tokens, 1 account, 15 retrievals a second for each
// tenant) are kept by each [Client]; share one. A create is billed and no key
// makes it idempotent, so it is sent again only where it surely was not
// processed.
//
// # Notices
//
// Jumio signs nothing. [ParseCallback] and [Callbacks] give events without
// assurance; [WithSources] and [WithUserReferenceSigner] make forging harder. A
// notice or a redirect may be about another execution than the one you started,
// of the same person even and approved, only by a lesser workflow: compare the Ref
// with the one that you stored, and kyc.Result.Workflow with what you asked for.
package jumio

//go:generate go -C ../internal/codegen run . jumio
