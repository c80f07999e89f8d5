// Package kycotel tells OpenTelemetry of every call to a vendor, through the
// observer hook of the clients. It is a module of its own, so that a program
// without OpenTelemetry does not carry it. Its versions have tags of their own;
// with the first of them
//
//	go get github.com/seed44d1d1b3/kyc-go/kyc/kycotel
//
// installs it.
//
// One option switches it on:
//
//	client, err := jumio.NewClient(config, kyc.WithObserver(kycotel.Observer()))
//
// # Traces
//
// A call is one span of kind client, with the call's own start and duration, a
// child of the span in the caller's context. Its name is vendor and operation,
// as in "jumio accounts.create", so that there are as many names as there are
// operations. Its attributes:
//
//	kyc.vendor                 "jumio"
//	kyc.operation              "accounts.create"
//	kyc.attempts               how many requests were sent
//	http.request.method        "POST"
//	http.response.status_code  of the last answer, where there was one
//	error.type                 the kind of the error, where there was one
//	kyc.request_id             the vendor's id of the exchange, only with WithRequestID
//
// With [WithAttempts] each request is a span as well, next to that of its call,
// with kyc.attempt in place of kyc.attempts.
//
// # Metrics
//
//	kyc.call.duration  histogram of seconds  whole calls, waits and repeats included
//	kyc.call.attempts  counter of requests   those that were sent, repeats included
//	kyc.call.errors    counter of calls      those that failed
//
// All have kyc.vendor, kyc.operation and http.request.method. Duration and
// errors have error.type where the call failed; attempts have it where the
// request did, and http.response.status_code.
//
// The kinds are those of package kyc: not_found, unauthorized, forbidden,
// invalid, conflict, rate_limited, unavailable, malformed, canceled,
// deadline_exceeded, and other.
//
// # What is never told
//
// URLs, paths, queries, headers, bodies, texts of errors, ids of accounts,
// sessions and people. Vendor and operation are let through only where they
// look like names, and are "other" where they do not.
package kycotel
