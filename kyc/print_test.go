package kyc

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What has a lock prints its name only, and can be printed while it is in use: under -race, a copy of the lock would show.
func TestLockedTypesPrintWhileInUse(t *testing.T) {
	store, seen := &MemoryChain{}, &MemorySeen{Max: 4711}
	chain, err := NewChain(store, &stub{vendor: Didit})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		for i := range 200 {
			_, _ = chain.Start(t.Context(), StartRequest{Reference: fmt.Sprint("SENTINEL-", i)})
			_, _ = seen.Claim(t.Context(), fmt.Sprint("SENTINEL-", i))
			chain.pause(Didit, 0)
		}
	})
	var out strings.Builder
	for range 200 {
		out.Reset()
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
			fmt.Fprintf(&out, verb+verb+verb+"\n", chain, store, seen)
		}
		if diff := cmp.Diff(strings.Repeat("*kyc.Chain{}*kyc.MemoryChain{}*kyc.MemorySeen{}\n", 5), out.String()); diff != "" {
			t.Fatal(diff)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "chain", chain, "store", store, "all", []any{chain, store, seen})
		if strings.Contains(out.String(), "SENTINEL") || strings.Contains(out.String(), "4711") {
			t.Fatal(out.String())
		}
	}
	for _, none := range []any{(*Chain)(nil), (*MemoryChain)(nil), (*MemorySeen)(nil)} {
		if diff := cmp.Diff("<nil>", fmt.Sprint(none)); diff != "" {
			t.Error(diff)
		}
	}
}
