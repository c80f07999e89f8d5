package jumio

import (
	"strconv"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// date gives a date of the form 2006-01-02, which the vendor documents for all of them, and cites what it made it of. at is
// where the date stands; its parts stand beside it.
func date(r *kyc.Result, d kyc.Date, parts *DateParts, at string) kyc.Date {
	if day, ok := cut(d); ok {
		if day != d {
			r.Cite(at, "time stamp cut to its date", false)
		}
		return day
	}
	if d != "" {
		r.Cite(at, "not a date, left out", false)
	}
	if day, ok := parts.date(); ok {
		r.Cite(at+"Parts", "date put together from its parts", false)
		return day
	}
	return ""
}

// cut takes the time off a time stamp of midnight, as it is written: a shift of zone would make another day of it. Any other
// time may be midnight somewhere else, and says nothing certain about the day.
func cut(d kyc.Date) (kyc.Date, bool) {
	if _, err := d.Time(); err != nil {
		return "", false
	}
	day, clock := d[:len(time.DateOnly)], string(d[len(time.DateOnly):])
	if clock == "" {
		return day, true
	}
	rest, midnight := strings.CutPrefix(clock[1:], "00:00:00")
	// A fraction may follow, then the zone.
	if fraction := strings.TrimLeft(rest, ".,"); fraction != rest {
		midnight = midnight && strings.Trim(fraction[:digits(fraction)], "0") == ""
	}
	return day, midnight
}

// digits counts those at the beginning.
func digits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

// date puts the parts together; ok is false where one is missing, or the day is in no calendar.
func (p *DateParts) date() (kyc.Date, bool) {
	if p == nil || len(p.Year) != 4 {
		return "", false
	}
	var n [3]int
	for i, text := range [...]string{p.Year, p.Month, p.Day} {
		if text == "" || digits(text) != len(text) || i > 0 && len(text) > 2 {
			return "", false
		}
		n[i], _ = strconv.Atoi(text)
	}
	at := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
	// A day that the month does not have becomes one of the next month.
	if at.Year() != n[0] || int(at.Month()) != n[1] || at.Day() != n[2] {
		return "", false
	}
	return kyc.DateOf(at), true
}
