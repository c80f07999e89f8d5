// Package kyctest tests what talks to an identity-verification vendor through
// package kyc: the four vendor packages of this module, and a [kyc.Provider] of
// your own.
//
// [Run] is the conformance suite. It takes a Provider together with the controls
// of the vendor's fake, and checks every outcome, every [Fault], cancellation at
// every step and unknown words, and that nothing leaks and no goroutine is left
// behind.
//
// [Prove] is the mutation proof: no single change to a vendor's answer makes it
// an approval. [FuzzNeverApproves] continues from there for as long as go test
// -fuzz runs.
package kyctest
