package kyctest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

func TestFaultNames(t *testing.T) {
	seen := map[string]kyctest.Fault{}
	for _, f := range append(kyctest.Faults(), kyctest.NoFault) {
		name := f.String()
		if other, twice := seen[name]; name == "" || twice {
			t.Errorf("fault %d is called %q as fault %d is", f, name, other)
		}
		seen[name] = f
	}
	if got := len(kyctest.Faults()); got != int(kyctest.OversizedBody) {
		t.Errorf("Faults lists %d, want %d", got, kyctest.OversizedBody)
	}
	got := []string{kyctest.Fault(0).String(), kyctest.Reset.String(), kyctest.Fault(200).String()}
	if diff := cmp.Diff([]string{"none", "reset", "fault(200)"}, got); diff != "" {
		t.Error(diff)
	}
}

// A client may repeat a create after a fault that is not processed and that it can tell apart; the list of the
// processed ones is what such tests rely on.
func TestFaultProcessed(t *testing.T) {
	var got []kyctest.Fault
	for _, f := range kyctest.Faults() {
		if f.Processed() {
			got = append(got, f)
		}
	}
	want := []kyctest.Fault{
		kyctest.Truncate, kyctest.ResetAfterRead, kyctest.SlowBody, kyctest.InvalidJSON, kyctest.DuplicateMember,
		kyctest.InvalidUTF8, kyctest.OversizedBody,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
