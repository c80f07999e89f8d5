// Package transmittest is a fake of Transmit Security's identity verification
// for tests and examples: a server on the loopback interface with all operations
// of package transmit, scripted outcomes and injected faults. It needs no
// account at the vendor and no package testing.
//
//	fake := transmittest.NewServer(transmittest.Outcome(transmit.RecommendationDeny, "biometric_mismatch"))
//	defer fake.Close()
//	client, err := transmit.NewClient(fake.Config(), fake.Options()...)
//
// The server is strict: it refuses what the vendor's document does not allow,
// and notes it in [Server.Problems]. A session that waits for its front end goes
// on when its hosted page is opened, see [Server.Visit]; one that the backend
// started waits for its images.
package transmittest
