// Package yoti speaks to Yoti Identity Verification (IDV): sessions in which a
// person shows documents and a face, the checks on them, and their media.
//
//	client, err := yoti.NewClient(yoti.Config{SDKID: id, PrivateKey: pem})
//	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42", RedirectURL: back})
//	// Open session.URL in a frame with allow="camera", wait for the notice or poll, then:
//	result, err := client.Fetch(ctx, session.Ref)
//	if result.Decision == kyc.Approved { ... }
//
// The same in the vendor's own words: [SessionsService.Create] takes every
// documented setting, [SessionsService.Get] returns the whole result with what
// this package has no word for, and [ParseResult] decides over stored JSON.
//
// # Authentication
//
// Every attempt is signed anew with the application's RSA key over method, path
// with query, and body; nonce and time stamp are part of it. A body is signed as
// a stream. With [Config.Bearer] the client asks the vendor's central
// authentication for tokens instead.
//
// # Decisions
//
// A session decides by its state and, once COMPLETED, by the recommendations of
// its checks: all APPROVE is Approved, one REJECT is Declined, NOT_AVAILABLE and
// CONSIDER are Review, and everything else is Unknown: no checks, a check that
// is not DONE, a word without a row in [Table]. A session may hold several
// checks of one kind, one for each attempt at a liveness capture; all of them
// count. Overrides name the fields [FieldState], [FieldCheckState],
// [FieldRecommendation] and [FieldProfile], and a check by its type.
//
// # Personal data
//
// Names, numbers and images are not in the session result but in media.
// [Client.Extract] downloads what was read from the documents and fills Person
// and Document. No type of this package prints personal data, tokens or keys,
// whatever the verb; RawJSON and encoding to JSON give everything.
//
// # What is not certain
//
// The vendor's documents contradict each other or are silent in places. Doc
// comments say Experimental there; the code works with either answer where that
// is possible, and has a setting where it is not.
package yoti

//go:generate go -C ../internal/codegen run . yoti
