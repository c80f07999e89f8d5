package kyc

import (
	"errors"
	"time"
)

// Timestamp is a point in time as the vendor wrote it. It stays text because
// vendors do not keep to one form, and one odd value must not cost a result.
type Timestamp string

// Vendors' documents use these besides RFC 3339; Go reads a fraction after the seconds in any of them.
var timestampLayouts = [...]string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02",
}

var (
	errTimestamp = errors.New("kyc: not a known form of timestamp")
	errDate      = errors.New("kyc: not a date of the form 2006-01-02")
)

// Time returns the point in time, in UTC. A value without a zone is read as UTC.
// For an empty or unreadable value it returns the zero time and an error that does
// not repeat it.
func (t Timestamp) Time() (time.Time, error) {
	for _, layout := range timestampLayouts {
		// The shift to UTC may lead to a year of five digits or before 0, which encoding/json would refuse to store.
		if at, err := time.Parse(layout, string(t)); err == nil && at.UTC().Year() <= 9999 && at.UTC().Year() >= 0 {
			return at.UTC(), nil
		}
	}
	return time.Time{}, errTimestamp
}

// Date is a calendar date as the vendor wrote it, such as a date of birth.
type Date string

// Time returns midnight UTC of the date. A timestamp is cut to the date that it is
// written with, without a shift of zone. For an empty or unreadable value it
// returns the zero time and an error that does not repeat it.
func (d Date) Time() (time.Time, error) {
	s := string(d)
	if len(s) > len(time.DateOnly) {
		if _, err := Timestamp(d).Time(); err != nil {
			return time.Time{}, errDate
		}
		s = s[:len(time.DateOnly)]
	}
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, errDate
	}
	return at, nil
}

// DateOf returns the date of t in t's own zone, or "" for the zero time.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return ""
	}
	return Date(t.Format(time.DateOnly))
}
