package transport

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	tests := []struct {
		name, value string
		want        time.Duration
		ok          bool
	}{
		{"Retry-After", "120", 2 * time.Minute, true},
		{"Retry-After", " 1.5 ", 1500 * time.Millisecond, true},
		{"Retry-After", "0", 0, true},
		{"Retry-After", now.Add(90 * time.Second).Format(http.TimeFormat), 90 * time.Second, true},
		{"Retry-After", now.Add(-time.Hour).Format(http.TimeFormat), 0, true},
		{"Retry-After", "9223372036854775807", maxWait, true},
		{"Retry-After", "1e300", maxWait, true},
		{"Retry-After", "-5", 0, false},
		{"Retry-After", "NaN", 0, false},
		{"Retry-After", "Inf", 0, false},
		{"Retry-After", "0x10", 0, false},
		{"Retry-After", "soon", 0, false},
		{"Retry-After", "", 0, false},
		{"RateLimit-Reset", "30", 30 * time.Second, true},
		{"X-RateLimit-Reset", "1795341660", time.Minute, true},
		{"X-RateLimit-Reset", "1795341000", 0, true},
		{"X-RateLimit-Reset", "1795341660000", time.Minute, true},
		{"X-RateLimit-Reset", "1795341661500", 61*time.Second + 500*time.Millisecond, true},
		{"X-RateLimit-Reset", "200000000000", maxWait, true},
		{"X-RateLimit-Reset", "1795341660000000", maxWait, true},
		{"X-Other", "30", 0, false},
	}
	now = time.Unix(1795341600, 0)
	for _, tt := range tests {
		h := http.Header{}
		h.Set(tt.name, tt.value)
		at := now
		if tt.name == "Retry-After" {
			at = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
		}
		if got, ok := RetryAfter(429, h, at); got != tt.want || ok != tt.ok {
			t.Errorf("%s: %q = %v, %v, want %v, %v", tt.name, tt.value, got, ok, tt.want, tt.ok)
		}
	}
}

func TestRetryAfterCountsByTheVendorsClock(t *testing.T) {
	theirs := time.Date(2026, 11, 22, 11, 0, 0, 0, time.UTC)
	for _, off := range []time.Duration{-time.Hour, 0, time.Hour} {
		h := http.Header{"Date": {theirs.Format(http.TimeFormat)}, "Retry-After": {theirs.Add(5 * time.Second).Format(http.TimeFormat)}}
		if got, ok := RetryAfter(429, h, theirs.Add(off)); got != 5*time.Second || !ok {
			t.Errorf("our clock off by %v: %v, %v", off, got, ok)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"120", "1.5", "Fri, 31 Dec 1999 23:59:59 GMT", "9223372036854775807", "1e400", "-1", "NaN", "0x1p9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, name := range []string{"Retry-After", "X-Ratelimit-Reset"} {
			if d, _ := RetryAfter(429, http.Header{name: {s}}, time.Unix(1795341600, 0)); d < 0 || d > maxWait {
				t.Errorf("%s %q gives %v", name, s, d)
			}
		}
	})
}
