// Package jumiotest is a Jumio in the same process: a loopback server with the
// hosts for tokens, accounts, uploads, retrieval and status. It is strict: what
// the real service would refuse is refused and remembered in [Server.Problems].
// Outcomes are scripted and faults are injected. Nothing in it needs a test.
//
//	fake := jumiotest.NewServer(jumiotest.Outcome(jumio.DecisionWarning, jumio.LabelRepeatedFace))
//	defer fake.Close()
//	client, err := jumio.NewClient(fake.Config())
//
// An execution starts as INITIATED. It becomes ACQUIRED when its journey ends:
// through the API channel with Finalize, in the web client with
// [Server.CompleteJourney] or a visit of the web address. It is PROCESSED after
// the time of [Processing], at once by default, and then a notice goes to its
// callbackUrl.
//
// What it cannot tell is how the real service judges images, how long it takes
// and what its undocumented answers look like.
package jumiotest
