// Package soak holds a bounded load of all four clients against the four fakes
// at once, with faults on five requests in a hundred.
//
//	go test -race ./internal/soak -soak=2m
//
// runs it for two minutes; without the flag it takes some ten seconds, and with
// -short it is left out.
package soak
