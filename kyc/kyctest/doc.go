// Package kyctest tests what speaks to an identity-verification vendor through
// package kyc: the four vendor packages of this module, and a [kyc.Provider] of
// your own.
//
// [Run] is the conformance suite. It takes a Provider together with the
// controls of the vendor's fake and proves every outcome, every [Fault],
// cancellation at every step, unknown words, and that nothing leaks and no
// goroutine stays.
//
// [Prove] is the mutation proof: no single change to a vendor's answer makes it
// an approval. [FuzzNeverApproves] goes on from there for as long as go test
// -fuzz runs.
package kyctest
