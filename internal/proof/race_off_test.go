//go:build !race

package proof

// raceEnabled tells whether the race detector is on, which makes everything some ten times slower.
const raceEnabled = false
