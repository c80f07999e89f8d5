package transmit

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Duration is a span in the vendor's notation: "15s", "1m30s", "90d". In Go it
// is a [time.Duration] by another name, so a mocked session is written as
//
//	MockBehavior{ProcessingTime: transmit.Duration(15 * time.Second)}
//
// The zero value is left out of a request.
type Duration time.Duration

// Day is the vendor's unit d, which package time does not have. It is 24 hours.
const Day = 24 * time.Hour

// Duration returns d as package time's type.
func (d Duration) Duration() time.Duration { return time.Duration(d) }

// String returns the vendor's notation. Whole days are written as days, and
// units that are zero are left out: "90d", "36h", "1m30s".
func (d Duration) String() string {
	t := time.Duration(d)
	switch {
	case t == 0:
		return "0s"
	case t%Day == 0:
		return strconv.FormatInt(int64(t/Day), 10) + "d"
	}
	s := t.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// MarshalText writes the vendor's notation. A negative span is refused.
func (d Duration) MarshalText() ([]byte, error) {
	if d < 0 {
		return nil, fmt.Errorf("transmit: negative duration: %w", kyc.ErrInvalid)
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads the vendor's notation.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := ParseDuration(string(text))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// ParseDuration reads the vendor's notation: what [time.ParseDuration] reads,
// and days, which may stand in front of the other units ("1d12h") or have a
// fraction. Signs are refused. The error matches [kyc.ErrInvalid].
func ParseDuration(text string) (Duration, error) {
	bad := fmt.Errorf("transmit: not a duration such as 15s, 1m30s or 90d: %w", kyc.ErrInvalid)
	if text == "" || strings.ContainsAny(text, "+-") {
		return 0, bad
	}
	days, rest, hasDays := strings.Cut(text, "d")
	if !hasDays {
		days, rest = "", text
	}
	var total time.Duration
	if hasDays {
		n, err := strconv.ParseFloat(days, 64)
		if err != nil || strings.Trim(days, "0123456789.") != "" || n*float64(Day) >= math.MaxInt64 {
			return 0, bad
		}
		if whole, err := strconv.ParseInt(days, 10, 64); err == nil {
			total = time.Duration(whole) * Day
		} else {
			total = time.Duration(n * float64(Day))
		}
	}
	if rest != "" {
		t, err := time.ParseDuration(rest)
		if err != nil || t > math.MaxInt64-total {
			return 0, bad
		}
		total += t
	}
	return Duration(total), nil
}
