// Package yotitest is a Yoti Identity Verification in the same process: a
// loopback server with every operation of package yoti. It is strict: it
// verifies each signature with the public key over the bytes that arrived,
// refuses a nonce that it has seen and a time stamp that is off, holds every
// body against the documented shape, and remembers in [Server.Problems] what the
// real service would refuse. Outcomes are scripted and faults are injected.
// Nothing in it needs a test.
//
//	fake := yotitest.NewServer(yotitest.Outcome(yoti.CheckTypeIDDocumentAuthenticity, yoti.RecommendationValueReject, "TAMPERED"))
//	defer fake.Close()
//	client, err := yoti.NewClient(fake.Config())
//
// A session is ONGOING until its user is done, which [Server.CompleteJourney]
// or a visit of its frame's address says. Its checks are then PENDING for the
// time of [Processing], none by default; at the end it is COMPLETED and a notice
// goes to its endpoint. One whose user never comes is EXPIRED when its token is.
//
// What it cannot tell is how the real service judges documents and faces, how
// long it takes, how far a clock may be off, and what its undocumented answers
// look like.
package yotitest
