package proof

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

const (
	// leastMutations is how many the proof must try.
	leastMutations = 200_000
	// raceSample is every how many mutations the race detector sees.
	raceSample = 40
	// partBytes is the length of a document that one goroutine proves.
	partBytes = 8 << 10
)

// No single change to any fixture of any vendor makes it an approval.
func TestNeverApprovesByAccident(t *testing.T) {
	var total atomic.Int64
	t.Run("all", func(t *testing.T) {
		for _, v := range vendors {
			words := v.approving()
			if len(words) == 0 {
				t.Errorf("the table of %s has no approving word", v.name)
			}
			for name, raw := range v.fixtures(t) {
				for _, reader := range v.parse {
					parts := 1 + len(raw)/partBytes
					of := parts
					if raceEnabled || testing.Short() {
						parts, of = 1, raceSample
					}
					for i := range parts {
						t.Run(fmt.Sprintf("%s/%s/%d", name, reader.name, i), func(t *testing.T) {
							t.Parallel()
							options := append(v.options[:len(v.options):len(v.options)], kyctest.Part(i, of))
							total.Add(int64(kyctest.Prove(t, reader.parse, raw, words, options...)))
						})
					}
				}
			}
		}
	})
	least := int64(leastMutations)
	if raceEnabled || testing.Short() {
		least /= raceSample
	}
	t.Logf("%d mutations", total.Load())
	if total.Load() < least {
		t.Errorf("%d mutations, want at least %d", total.Load(), least)
	}
}

func fuzz(f *testing.F, v vendor) {
	var seeds [][]byte
	for _, raw := range v.fixtures(f) {
		seeds = append(seeds, raw)
	}
	kyctest.FuzzNeverApproves(f, v.parse[0].parse, v.approving(), seeds, v.options...)
}

func FuzzJumio(f *testing.F)    { fuzz(f, vendors[0]) }
func FuzzTransmit(f *testing.F) { fuzz(f, vendors[1]) }
func FuzzDidit(f *testing.F)    { fuzz(f, vendors[2]) }
func FuzzYoti(f *testing.F)     { fuzz(f, vendors[3]) }
