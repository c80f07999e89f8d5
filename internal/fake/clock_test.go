package fake_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
)

func TestIDs(t *testing.T) {
	make3 := func(seed uint64) []string {
		ids := fake.NewIDs(seed)
		return []string{ids.UUID(), ids.UUID(), ids.Hex(8)}
	}
	a := make3(42)
	if diff := cmp.Diff(a, make3(42)); diff != "" {
		t.Errorf("the same seed gives other identifiers: %s", diff)
	}
	seen := map[string]bool{}
	for _, id := range append(append(make3(43), make3(0)...), append(make3(0), a...)...) {
		if seen[id] {
			t.Errorf("%s comes twice", id)
		}
		seen[id] = true
	}
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	ids := fake.NewIDs(0)
	for range 100 {
		if id := ids.UUID(); !form.MatchString(id) {
			t.Fatalf("%s is no version 4 UUID", id)
		}
	}
	if len(a[2]) != 16 {
		t.Errorf("8 bytes are %q", a[2])
	}
}

func TestManualClock(t *testing.T) {
	start := time.Unix(1e9, 0)
	c := fake.NewManualClock(start)
	c.Advance(time.Hour)
	if got := c.Now().Sub(start); got != time.Hour {
		t.Errorf("the clock moved by %v", got)
	}
}
