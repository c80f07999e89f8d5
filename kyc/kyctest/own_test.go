package kyctest_test

import (
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// The examples' own provider and reader pass what the examples tell their readers to run.
func TestExampleSubject(t *testing.T) { kyctest.Run(t, subject()) }

func TestExampleReader(t *testing.T) {
	for _, answer := range acmeAnswers {
		if n := kyctest.Prove(t, parseAcme, answer, acmeWords); n < 50 {
			t.Errorf("only %d mutations were tried", n)
		}
	}
}
