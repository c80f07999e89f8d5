package faults

import (
	"net/http"
	"strconv"
	"time"
)

// throttleFaults are 429 with each form of the vendor's wish to be left alone.
func throttleFaults() []*fault {
	throttle := func(name string, code int, want func(*operation) want, least, most time.Duration, headers func(now time.Time) []string) *fault {
		return &fault{name: name, answer: func(x *exchange) bool {
			x.readBody()
			return x.send(code, "application/json", []byte(complaint), headers(time.Now())...)
		}, want: want, gap: [2]time.Duration{least, most}}
	}
	header := func(pairs ...string) func(time.Time) []string { return func(time.Time) []string { return pairs } }
	date := func(name string, after time.Duration) func(time.Time) []string {
		return func(now time.Time) []string { return []string{name, now.Add(after).UTC().Format(http.TimeFormat)} }
	}
	unix := func(after time.Duration) func(time.Time) []string {
		return func(now time.Time) []string {
			return []string{"X-RateLimit-Reset", strconv.FormatInt(now.Add(after).Unix(), 10)}
		}
	}
	const own = 9 * time.Second
	again, giveUp := refused(limited), once(limited)
	return []*fault{
		throttle("429 alone", 429, again, 0, own, header()),
		throttle("429, Retry-After in seconds", 429, again, 5*time.Second, 6*time.Second, header("Retry-After", "5")),
		throttle("429, Retry-After of 0", 429, again, 0, time.Second, header("Retry-After", "0")),
		throttle("429, Retry-After with a fraction", 429, again, 1500*time.Millisecond, 2*time.Second, header("Retry-After", "1.5")),
		throttle("429, Retry-After as a date", 429, again, 6*time.Second, 8*time.Second, date("Retry-After", 7*time.Second)),
		throttle("429, Retry-After as a date of long ago", 429, again, 0, own, date("Retry-After", -1000*time.Hour)),
		throttle("429, Retry-After of an hour", 429, giveUp, 0, 0, header("Retry-After", "3600")),
		throttle("429, Retry-After as a date of next year", 429, giveUp, 0, 0, date("Retry-After", 400*24*time.Hour)),
		throttle("429, Retry-After beyond all numbers", 429, giveUp, 0, 0, header("Retry-After", "99999999999999999999999")),
		throttle("429, Retry-After of 1e400", 429, giveUp, 0, 0, header("Retry-After", "1e400")),
		throttle("429, Retry-After negative", 429, again, 0, own, header("Retry-After", "-5")),
		throttle("429, Retry-After in words", 429, again, 0, own, header("Retry-After", "soon, "+personName)),
		throttle("429, reset header in seconds", 429, again, 5*time.Second, 6*time.Second, header("RateLimit-Reset", "5")),
		throttle("429, reset header as Unix time", 429, again, 4*time.Second, 6*time.Second, unix(5*time.Second)),
		throttle("429, reset header as Unix time of tomorrow", 429, giveUp, 0, 0, unix(24*time.Hour)),
		throttle("429, Retry-After goes before the reset header", 429, again, 2*time.Second, 3*time.Second, header("X-RateLimit-Reset", "3600", "Retry-After", "2")),
		throttle("503, Retry-After in seconds", 503, refused(unavailable), 5*time.Second, 6*time.Second, header("Retry-After", "5")),
		throttle("503, Retry-After of an hour", 503, once(unavailable), 0, 0, header("Retry-After", "3600")),
		throttle("500, Retry-After of an hour", 500, once(unavailable), 0, 0, header("Retry-After", "3600")),
		throttle("clock skew: date an hour behind", 429, again, 0, own, date("Retry-After", 5*time.Second-time.Hour)),
		throttle("clock skew: date an hour ahead", 429, giveUp, 0, 0, date("Retry-After", 5*time.Second+time.Hour)),
	}
}

func redirectFaults() []*fault {
	to := func(code int, target func(x *exchange) string) func(x *exchange) bool {
		return func(x *exchange) bool {
			x.readBody()
			return x.send(code, "text/html", []byte("moved"), "Location", target(x))
		}
	}
	other := func(*exchange) string { return "https://" + elsewhere + "/page?who=" + personNumber }
	own := func(x *exchange) string { return x.req.URL.RequestURI() }
	// followed: only downloads of public links go on, and take no credential along.
	followed := func(w want) func(*operation) want {
		return func(op *operation) want {
			if op.has(follows) {
				return w
			}
			return want{kind: malformed, seen: 1}
		}
	}
	return []*fault{
		{name: "302 to another host", processed: true, answer: to(302, other), want: followed(want{kind: fine, seen: 1, foreign: 1})},
		{name: "307 to another host", processed: true, answer: to(307, other), want: followed(want{kind: fine, seen: 1, foreign: 1})},
		{name: "308 to another host", processed: true, answer: to(308, other), want: followed(want{kind: fine, seen: 1, foreign: 1})},
		{name: "302 to plain HTTP", processed: true, answer: to(302, func(*exchange) string { return "http://" + elsewhere + "/" }), want: once(malformed)},
		{name: "redirect loop", processed: true, answer: to(302, own), want: followed(want{kind: malformed, seen: 6, sent: 1})},
		{name: "302 to nowhere", processed: true, answer: to(302, func(*exchange) string { return "" }), want: once(malformed)},
		{name: "300 with a body", processed: true, answer: to(300, other), want: once(malformed)},
	}
}
