package faults

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// complaint is an error body that tells of a person.
const complaint = `{"code":4711,"message":"` + personName + ` has been here","errors":[{"` + personNumber + `":"` + personName + `"}]}`

func statusFaults() []*fault {
	status := func(code int, want func(*operation) want) *fault {
		return &fault{name: "status " + strconv.Itoa(code), answer: func(x *exchange) bool {
			x.readBody()
			return x.send(code, "application/json", []byte(complaint))
		}, want: want}
	}
	all := []*fault{
		status(400, ofRequest(invalid)),
		status(401, func(op *operation) want {
			if usesToken(op) {
				// With a token that was fetched anew, once.
				return want{kind: unauthorized, seen: 2}
			}
			return want{kind: unauthorized, seen: 1}
		}),
		status(402, ofRequest(invalid)),
		status(403, once(forbidden)),
		status(404, func(op *operation) want {
			if op.has(second) {
				return want{kind: notFound, seen: 2, sent: 1}
			}
			return ofRequest(notFound)(op)
		}),
		status(408, repeated(unavailable)),
		status(409, func(op *operation) want {
			if op.has(conflictOK) {
				return want{kind: fine, seen: 1}
			}
			return ofRequest(conflict)(op)
		}),
		status(410, ofRequest(notFound)),
		status(422, ofRequest(invalid)),
		status(425, repeated(unavailable)),
		status(500, repeated(unavailable)),
		status(501, once(unavailable)),
		status(502, repeated(unavailable)),
		status(503, refused(unavailable)),
		status(504, repeated(unavailable)),
	}
	for _, f := range all {
		f.processed = f.name != "status 503"
	}
	return append(all, []*fault{
		{name: "status 502 with HTML", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			return x.send(502, "text/html", []byte("<html>"+personName+"</html>"), "X-Request-Id", personName)
		}, want: repeated(unavailable)},
		{name: "status 503 of a gateway", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			return x.send(503, "text/plain", []byte("upstream connect error or disconnect/reset before headers: "+personName))
		}, want: repeated(unavailable)},
		{name: "status 503 with HTML", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			return x.send(503, "text/html", []byte("<html>"+personName+"</html>"))
		}, want: repeated(unavailable)},
		{name: "status 503, empty", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			return x.send(503, "", nil)
		}, want: repeated(unavailable)},
		{name: "status 500, empty", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			return x.send(500, "", nil)
		}, want: repeated(unavailable)},
		{name: "status 500, cut short", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			x.head(500, "Content-Length", "1000")
			x.raw(complaint)
			return x.cut()
		}, want: repeated(unavailable)},
		{name: "status 500, two megabytes", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			return x.send(500, "application/json", bytes.Repeat([]byte(personName), 2<<20/len(personName)))
		}, want: repeated(unavailable)},
		{name: "status 400, nested too deep", answer: func(x *exchange) bool {
			x.readBody()
			return x.send(400, "application/json", bytes.Repeat([]byte("["), 100_000))
		}, want: ofRequest(invalid)},
		{name: "one 500, then 404", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			if x.n == 1 {
				return x.send(500, "application/json", []byte(complaint))
			}
			return x.send(404, "application/json", []byte(complaint))
		}, want: func(op *operation) want {
			switch {
			case op.class != safe:
				return want{kind: unavailable, seen: 1}
			case op.token:
				return want{kind: unavailable, seen: 2}
			case op.method == http.MethodDelete:
				return want{kind: fine, seen: 2}
			case op.has(second):
				return want{kind: notFound, seen: 3, sent: 1}
			default:
				return want{kind: notFound, seen: 2}
			}
		}},
		{name: "one 503, then good", answer: func(x *exchange) bool {
			x.readBody()
			if x.n == 1 {
				return x.send(503, "application/json", []byte(complaint))
			}
			return x.good()
		}, want: func(op *operation) want {
			if op.class == never {
				return want{kind: unavailable, seen: 1}
			}
			return want{kind: fine, seen: 2}
		}},
		{name: "status 500, one attempt allowed", processed: true, options: []kyc.Option{kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1})}, answer: func(x *exchange) bool {
			x.readBody()
			return x.send(500, "application/json", []byte(complaint))
		}, want: once(unavailable), applies: func(op *operation) bool { return !op.token }},
	}...)
}
