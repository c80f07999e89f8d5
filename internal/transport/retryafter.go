package transport

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxWait bounds what a header can ask for, before anything is multiplied.
const maxWait = 365 * 24 * time.Hour

// RetryAfter returns how long the vendor asks to be left alone: Retry-After in
// seconds, whole or not, or as a date; otherwise, with status 429, a reset header
// in seconds from now or as Unix time, in seconds or milliseconds. With other statuses a reset header says when
// the budget's window ends, which is no reason to wait. ok is false if there is no
// header that can be read.
func RetryAfter(status int, h http.Header, now time.Time) (wait time.Duration, ok bool) {
	if v := strings.TrimSpace(h.Get("Retry-After")); v != "" {
		if wait, ok := seconds(v); ok {
			return wait, true
		}
		if at, err := http.ParseTime(v); err == nil {
			// The vendor's date goes by the vendor's clock.
			if theirs, err := http.ParseTime(h.Get("Date")); err == nil {
				now = theirs
			}
			return clamp(at.Sub(now)), true
		}
	}
	if status != http.StatusTooManyRequests {
		return 0, false
	}
	for _, name := range [...]string{"RateLimit-Reset", "X-RateLimit-Reset"} {
		v := strings.TrimSpace(h.Get(name))
		if v == "" {
			continue
		}
		wait, ok := seconds(v)
		if !ok {
			continue
		}
		// Both readings are in use. A number that would be more than 30 years of waiting is a Unix time.
		if wait == maxWait {
			switch f, err := strconv.ParseFloat(v, 64); {
			case err != nil:
			case f >= 1e9 && f < 1e11:
				return clamp(time.Unix(int64(f), 0).Sub(now)), true
			case f >= 1e12 && f < 1e14:
				return clamp(time.UnixMilli(int64(f)).Sub(now)), true
			}
		}
		return wait, true
	}
	return 0, false
}

func seconds(v string) (time.Duration, bool) {
	f, err := strconv.ParseFloat(v, 64)
	if (err != nil && !math.IsInf(f, 1)) || math.IsNaN(f) || f < 0 || strings.ContainsAny(v, "xXpPnNiI_") {
		return 0, false
	}
	if f >= maxWait.Seconds() {
		return maxWait, true
	}
	return time.Duration(f * float64(time.Second)), true
}

func clamp(d time.Duration) time.Duration { return min(max(d, 0), maxWait) }
