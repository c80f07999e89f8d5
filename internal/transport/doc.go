// Package transport makes all of this module's HTTP requests. [Client.Do] and the
// RoundTrip of an attempt show the order of its steps:
//
//	operation -> retry -> per attempt: limiter -> authorise or sign -> send -> read -> classify
//
// Retry is go-retryablehttp with our own policy; everything that must be done again
// for each attempt is done in the RoundTripper below it.
package transport
