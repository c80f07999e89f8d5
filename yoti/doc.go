// Package yoti speaks to Yoti Identity Verification (IDV): sessions in which a
// person shows documents and a face, the checks on them, and their media.
//
//	client, err := yoti.NewClient(yoti.Config{SDKID: id, PrivateKey: pem})
//	if err != nil {
//		return err
//	}
//	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42", RedirectURL: "https://example.com/back"})
//	if err != nil {
//		return err
//	}
//	// Open session.URL in a frame with allow="camera", wait for the notice or poll, then:
//	result, err := client.Fetch(ctx, session.Ref)
//	if err != nil {
//		return err
//	}
//	if result.Decision == kyc.Approved {
//		...
//	}
//
// The package example runs the same against the fake of yoti/yotitest, and the
// example of [Notifications] acts on every decision.
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
// its checks: all APPROVE is [kyc.Approved], one REJECT is [kyc.Declined],
// NOT_AVAILABLE and CONSIDER are [kyc.Review], and everything else is
// [kyc.Unknown]: no checks, a check that is not DONE or does not say what it
// checked, an identity profile that was not made, a word without a row in
// [Table]. A session may hold several checks of one kind, one for each attempt at
// a liveness capture; all of them count. Overrides name the fields [FieldState],
// [FieldCheckState], [FieldRecommendation] and [FieldProfile], and a check by its
// type.
//
// # Personal data
//
// Names, numbers and images are not in the session result but in media, so the
// Person of [Client.Fetch] is nil. [Client.Extract] downloads what was read from
// the documents, and fills Person and Document from the one that the checks used.
// No type of this package prints personal data, tokens or keys, whatever the
// verb; RawJSON and encoding to JSON give everything.
//
// # What is not certain
//
// The vendor's documents contradict each other or are silent in places. Doc
// comments say Experimental there; the code works with either answer where that
// is possible, and has a setting where it is not.
package yoti

//go:generate go -C ../internal/codegen run . yoti
