package main

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"time"
)

// benchCase is one thing that is measured.
type benchCase struct {
	name string
	// bytes is what one operation reads; 0 where a rate says nothing.
	bytes int64
	// run makes n operations.
	run func(n int)
	// least is the smallest n that run takes, for cases that share operations among goroutines.
	least int
}

// group is a set of cases that are measured in turn. The first one is the base.
type group struct {
	name  string
	cases []benchCase
	// slice is the length of one measurement, 12 ms unless it is set.
	slice time.Duration
	// few leaves out the count of allocations, for operations that are too long for it.
	few   bool
	close func()
}

// series is what a case gave, one figure a round.
type series struct {
	wall, cpu []float64 // ns an operation
	bytes     int64
	allocs    float64
	allocated float64 // bytes
}

// results maps full names, as in Decode/didit_user/sdk, to what they gave.
type results map[string]*series

const defaultSlice = 12 * time.Millisecond

// measure runs the group's cases in turn, one slice each, for so many rounds.
// Machines drift by a factor of two between minutes: figures of one round
// belong together, and nothing is compared across rounds.
func (g *group) measure(rounds int, lines io.Writer) results {
	slice := g.slice
	if slice == 0 {
		slice = defaultSlice
	}
	out := make(results)
	counts := make([]int, len(g.cases))
	for i, c := range g.cases {
		counts[i] = calibrate(c.run, max(c.least, 1), slice)
		s := &series{bytes: c.bytes}
		if !g.few {
			s.allocs, s.allocated = countAllocs(c.run, c.least)
		}
		out[g.name+"/"+c.name] = s
	}
	for round := range rounds {
		for k := range g.cases {
			// Each round begins elsewhere, so that no case always follows the same one.
			i := (k + round) % len(g.cases)
			c := g.cases[i]
			runtime.GC()
			cpu, began := cpuTime(), time.Now()
			c.run(counts[i])
			wall := time.Since(began)
			s := out[g.name+"/"+c.name]
			s.wall = append(s.wall, float64(wall)/float64(counts[i]))
			s.cpu = append(s.cpu, float64(cpuTime()-cpu)/float64(counts[i]))
			if lines != nil {
				line := fmt.Sprintf("Benchmark%s/%s %d %.1f ns/op %.1f cpu-ns/op", g.name, c.name, counts[i], s.wall[len(s.wall)-1], s.cpu[len(s.cpu)-1])
				if !g.few {
					line += fmt.Sprintf(" %.0f B/op %.0f allocs/op", s.allocated, s.allocs)
				}
				_, _ = fmt.Fprintln(lines, line)
			}
		}
	}
	return out
}

// calibrate warms a case up and returns how many operations fill a slice. A slow moment of the machine would give too
// short slices to all rounds, so the fastest of three tries counts.
func calibrate(run func(int), least int, slice time.Duration) int {
	n, best := least, 0
	for try := 0; try < 3; {
		began := time.Now()
		run(n)
		took := time.Since(began)
		if took < slice/2 {
			n *= 2
			continue
		}
		best = max(best, int(float64(n)*float64(slice)/float64(took)))
		try++
	}
	return max(least, best)
}

// countAllocs counts what one operation allocates. The least of several tries is the operation itself; the rest is
// what happened to run beside it.
func countAllocs(run func(int), least int) (allocs, allocated float64) {
	const tries = 5
	n := max(least, 200)
	allocs, allocated = math.Inf(1), math.Inf(1)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for range tries {
		var before, after runtime.MemStats
		runtime.GC()
		run(max(least, 1))
		runtime.ReadMemStats(&before)
		run(n)
		runtime.ReadMemStats(&after)
		allocs = min(allocs, math.Floor(float64(after.Mallocs-before.Mallocs)/float64(n)))
		allocated = min(allocated, math.Floor(float64(after.TotalAlloc-before.TotalAlloc)/float64(n)))
	}
	return allocs, allocated
}

// ratio is a paired quotient with the interval in which its median lies in 95 of 100 runs.
type ratio struct{ median, low, high float64 }

// paired divides round by round; perByte divides by the bytes of an operation first.
func (r results) paired(num, den string, perByte bool) (ratio, bool) {
	a, b := r[num], r[den]
	if a == nil || b == nil || len(a.wall) == 0 || len(a.wall) != len(b.wall) {
		return ratio{}, false
	}
	scale := 1.0
	if perByte {
		scale = float64(b.bytes) / float64(a.bytes)
	}
	q := make([]float64, len(a.wall))
	for i := range q {
		q[i] = a.wall[i] / b.wall[i] * scale
	}
	slices.Sort(q)
	n := float64(len(q))
	half := 1.96 * math.Sqrt(n) / 2
	low, high := int(math.Floor(n/2-half)), int(math.Ceil(n/2+half))
	return ratio{median(q), q[max(low, 0)], q[min(high, len(q)-1)]}, true
}

// median returns the middle of values, which it does not change.
func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	v := slices.Sorted(slices.Values(values))
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}
