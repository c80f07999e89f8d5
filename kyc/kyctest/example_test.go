package kyctest_test

import (
	"fmt"
	"log"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// Continue where Prove ends, for as long as go test -fuzz runs.
func ExampleFuzzNeverApproves() {
	var f *testing.F // that of func FuzzParseResult(f *testing.F)
	kyctest.FuzzNeverApproves(f, parseAcme, acmeWords, acmeAnswers)
}

// A long answer has many mutations: share them between subtests, or try a sample of them.
func ExamplePart() {
	var t *testing.T // that of func TestProve(t *testing.T)
	const parts = 4
	for i := range parts {
		t.Run(fmt.Sprint("part ", i), func(t *testing.T) {
			t.Parallel()
			kyctest.Prove(t, parseAcme, acmeAnswers[0], acmeWords, kyctest.Part(i, parts))
		})
	}
}

// See what Prove tries, for example to check another reader of the same answers with it.
func ExampleMutations() {
	kinds := map[kyctest.Kind]int{}
	for m := range kyctest.Mutations([]byte(`{"verdict":"reject"}`), acmeWords) {
		kinds[m.Kind]++
	}
	fmt.Println(kinds[kyctest.GivenWord], kinds[kyctest.Null], kinds[kyctest.Removed], kinds[kyctest.Truncated])
	// Output: 2 2 1 20
}

// Compare the evidence of a stored result with its raw answer: what decided must be where the result says.
func ExampleCheckEvidence() {
	result, err := parseAcme(acmeAnswers[0])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q\n", kyctest.CheckEvidence(result))
	result.Raw = acmeAnswers[1] // of another verification
	fmt.Println(kyctest.CheckEvidence(result))
	// Output:
	// ""
	// evidence at "/verdict": another value is there
}

// Check that a result survives being stored and read back.
func ExampleCheckStored() {
	result, err := parseAcme(acmeAnswers[0])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision == kyc.Approved, kyctest.CheckStored(result) == "")
	// Output: true true
}
