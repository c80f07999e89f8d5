package main

import (
	"fmt"
	"math"
	"runtime"
	"strings"
)

// target is a bound on a quotient of two cases of one group, or on how many allocations one has more than the other.
type target struct {
	id, what string
	num, den string
	// limit holds on the older supported Go release, next on the newer where it differs.
	limit, next float64
	// perByte divides by what was read first.
	perByte bool
	// allocs compares allocations, which are exact. Without den it bounds them.
	allocs bool
	// why explains a miss that stays.
	why string
}

// count is a figure that is counted, or timed by itself.
type count struct {
	id, what, unit string
	limit          float64 // 0 for a figure that is shown for comparison
	group          string
	f              func() (float64, error)
}

// verdict is a target with what came out.
type verdict struct {
	id, what, limit, got string
	ok, shown            bool
	why                  string
}

var targets = []target{
	{id: "D1", what: "Didit decode, read, kept and strict, ÷ encoding/json", num: "Decode/didit_user/sdk_read", den: "Decode/didit_user/std", limit: 0.60, next: 1.15},
	{id: "D4", what: "its allocations, above encoding/json's", num: "Decode/didit_user/sdk_read", den: "Decode/didit_user/std", allocs: true, limit: 0, next: 25},
	{id: "D5", what: "a byte of 10 times the hits ÷ a byte of the document", num: "DecodeScale/didit_aml/didit_aml_x10", den: "DecodeScale/didit_aml/didit_user", perByte: true, limit: 1.15},
	{id: "D5", what: "a byte of 100 times the hits ÷ a byte of the document", num: "DecodeScale/didit_aml/didit_aml_x100", den: "DecodeScale/didit_aml/didit_user", perByte: true, limit: 1.15},
	{id: "D6", what: "Yoti decode, kept and strict, ÷ nested strategy", num: "DecodeYoti/session/sdk", den: "DecodeYoti/session/nested", limit: 0.40, why: whyNested},
	{id: "D6", what: "Yoti decode, read, kept and strict, ÷ nested strategy", num: "DecodeYoti/session/sdk_read", den: "DecodeYoti/session/nested", limit: 0.40, why: whyNested},
	{id: "R1", what: "GET on a stub ÷ bare net/http", num: "Request/stub/sdk", den: "Request/stub/bare", limit: 1.20, why: whyRequest},
	{id: "R1", what: "its allocations, above bare net/http's", num: "Request/stub/sdk", den: "Request/stub/bare", allocs: true, limit: 10},
	{id: "R1", what: "GET on a stub ÷ go-github", num: "Request/stub/sdk", den: "Request/stub/gogithub", limit: 1},
	{id: "R1", what: "GET on a stub ÷ stripe-go", num: "Request/stub/sdk", den: "Request/stub/stripe", limit: 1},
	{id: "R2", what: "GET on loopback ÷ bare net/http", num: "Request/loopback/sdk", den: "Request/loopback/bare", limit: 1.10, why: whyRequest},
	{id: "R3", what: "signed GET on a stub ÷ bare RSA signature", num: "Request/signed/sdk_signed", den: "Request/signed/rsa_only", limit: 1.10},
	{id: "C1", what: "a call among 128 goroutines ÷ among 16", num: "Parallel/loopback/sdk_128", den: "Parallel/loopback/sdk_16", limit: 1.15},
	{id: "U1", what: "20 MiB form ÷ raw POST from a file, HTTP/1", num: "Upload/http1/20/sdk", den: "Upload/http1/20/raw_file", limit: 1.15},
	{id: "U1", what: "20 MiB form ÷ raw POST from a file, HTTP/1 with TLS", num: "Upload/tls/20/sdk", den: "Upload/tls/20/raw_file", limit: 1.15},
	{id: "U1", what: "20 MiB form ÷ raw POST from a file, HTTP/2", num: "Upload/http2/20/sdk", den: "Upload/http2/20/raw_file", limit: 1.15},
	{id: "W1", what: "notice of 40 KB, raw signature ÷ SHA-256 of it", num: "Hook/40k/raw", den: "Hook/40k/sha256", limit: 1.10},
	{id: "W1", what: "notice of 40 KB, raw signature ÷ stripe-go's check", num: "Hook/40k/raw", den: "Hook/40k/stripe", limit: 1.05},
	{id: "W2", what: "canonical signature ÷ raw signature", num: "Hook/40k/canonical", den: "Hook/40k/raw", limit: 8, why: whyCanonical},
}

func counts() []count {
	all := []count{
		{id: "C2", what: "connections for each goroutine, 5% of the calls failing", limit: 2, group: "Parallel", f: func() (float64, error) { return countConnections(sdkCaller) }},
		{id: "C2", what: "the same, net/http with a plain loop", limit: math.Inf(1), group: "Parallel", f: func() (float64, error) { return countConnections(bareCaller) }},
		{id: "C2", what: "the same, go-retryablehttp as it comes", limit: math.Inf(1), group: "Parallel", f: func() (float64, error) { return countConnections(retryableCaller) }},
		{id: "C3", what: "token fetches for each window, 1,000 goroutines", limit: 1, group: "Token", f: countFetches},
		{id: "C3", what: "allocations of a call that finds its token", limit: 0, group: "Token", f: countHitAllocs},
		{id: "C3", what: "a waiter leaves after its context's end", unit: "ms", limit: 5, group: "Token", f: timeToLeave},
	}
	for _, protocol := range []string{"http1", "tls", "http2"} {
		limit := 0.5
		if protocol == "http2" {
			limit = 2.5
		}
		for _, mib := range []int64{5, 20, 30} {
			all = append(all, count{
				id: "U2", what: fmt.Sprintf("peak heap of %d MiB with one retry, %s", mib, protocol), unit: "MiB", limit: limit, group: "Upload",
				f: func() (float64, error) { return peakHeap(protocol, mib) },
			})
		}
	}
	return append(all,
		count{id: "L2", what: "half of 1,000 waiters cancelled: end ÷ ideal", limit: 1.05, group: "Limiter", f: cancelHalf},
		count{id: "L2", what: "the same, x/time/rate alone", limit: math.Inf(1), group: "Limiter", f: cancelHalfPlain},
		count{id: "L3", what: "waiters of 1,000 served out of order", limit: 0, group: "Limiter", f: countInversions},
		count{id: "L1", what: "10,000 waiters at 5,000 a second: end ÷ ideal", limit: math.Inf(1), group: "Limiter", f: manyWaiters},
	)
}

const whyCanonical = `SHA-256 has instructions of its own and keeps its 1.7 GB/s on a busy machine, where everything else halves; the ratio to
jsontext's Canonicalize, which is the exact alternative, is the steadier figure. Notices that carry the raw signature too never take this path.`

const whyRequest = `from Go 1.27 the bare call decodes with the engine that the SDK uses on 1.26 already, and is a quarter faster than there. More
than half of what the SDK adds is the deadline of the attempt, which the bare call lacks (bare_deadline has it); the rest is one copy of the request and its
headers by the retry loop, one by net/http's Client, and the check that the answer names what was asked for.`

const whyNested = `from Go 1.27 encoding/json itself runs on the engine that the SDK uses on 1.26 already, and what the nested strategy
costs falls to a third; the one pass of encoding/json itself is then at 0.47 and the fast, lax decoder at 0.24.`

// newerGo tells whether this is the newer of the supported releases, whose encoding/json is another one.
func newerGo() bool { return !strings.HasPrefix(runtime.Version(), "go1.26") }

func (t target) bound() float64 {
	if t.next != 0 && newerGo() {
		return t.next
	}
	return t.limit
}

// judge holds a target against the results; ok is false where its group was not run.
func (t target) judge(r results) (verdict, bool) {
	v := verdict{id: t.id, what: t.what, why: t.why}
	limit := t.bound()
	if t.allocs {
		a, b := r[t.num], r[t.den]
		if a == nil || b == nil {
			return v, false
		}
		more := a.allocs - b.allocs
		v.limit, v.got, v.ok = fmt.Sprintf("≤ %+.0f", limit), fmt.Sprintf("%+.0f", more), more <= limit
		return v, true
	}
	q, ok := r.paired(t.num, t.den, t.perByte)
	v.limit, v.got, v.ok = fmt.Sprintf("≤ %.2f", limit), fmt.Sprintf("%.2f (%.2f–%.2f)", q.median, q.low, q.high), q.median <= limit
	return v, ok
}

func (c count) judge() (verdict, error) {
	got, err := c.f()
	if err == nil && got > c.limit {
		got, err = c.f()
	}
	v := verdict{id: c.id, what: c.what, ok: got <= c.limit, got: figure(got, c.unit), limit: "≤ " + figure(c.limit, c.unit)}
	if math.IsInf(c.limit, 1) {
		v.limit, v.shown = "–", true
	}
	return v, err
}

func figure(f float64, unit string) string {
	text := fmt.Sprintf("%.2f", f)
	if f == math.Trunc(f) {
		text = fmt.Sprintf("%.0f", f)
	}
	if unit != "" {
		text += " " + unit
	}
	return text
}
