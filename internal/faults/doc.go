// Package faults holds the fault matrix: every operation of every vendor meets
// every fault of the network and of the vendor, and each meeting is held
// against what is promised of it: the class of the error, how often the request
// was sent, that nothing is left open and that nothing is told that is secret.
//
//	go test ./internal/faults -update
//
// writes MATRIX.md, and without the flag a difference to it fails.
package faults
