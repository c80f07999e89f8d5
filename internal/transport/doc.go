// Package transport is the one way in which this module talks HTTP. The order
// of its steps stands in [Client.Do] and in the attempt's RoundTrip:
//
//	operation -> retry -> per attempt: limiter -> authorise or sign -> send -> read -> classify
//
// Retry is go-retryablehttp with a policy of our own; everything that must
// happen anew for each attempt happens in the RoundTripper below it.
package transport
