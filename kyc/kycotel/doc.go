// Package kycotel reports every call to OpenTelemetry, through the observer hook of
// the clients. It is a separate module with its own version tags, so that a program
// without OpenTelemetry does not carry it. Once its first version is tagged,
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
// A call is one span of kind client, with the call's own start and duration, as a
// child of the span in the caller's context. Its name is the vendor and the
// operation, as in "jumio accounts.create", so that there are only as many names as
// operations. Its attributes:
//
//	kyc.vendor                 "jumio"
//	kyc.operation              "accounts.create"
//	kyc.attempts               how many requests were sent
//	http.request.method        "POST"
//	http.response.status_code  of the last answer, if there was one
//	error.type                 the kind of the error, if there was one
//	kyc.request_id             the vendor's id of the exchange, only with WithRequestID
//
// With [WithAttempts] each request is a span too, beside that of its call, with
// kyc.attempt instead of kyc.attempts.
//
// # Metrics
//
//	kyc.call.duration  histogram of seconds  whole calls, waits and repeats included
//	kyc.call.attempts  counter of requests   those that were sent, repeats included
//	kyc.call.errors    counter of calls      those that failed
//
// All have kyc.vendor, kyc.operation and http.request.method. Duration and errors
// have error.type if the call failed. Attempts have it if the request failed, and
// http.response.status_code if there was an answer.
//
// The kinds are those of package kyc: not_found, unauthorized, forbidden,
// invalid, conflict, rate_limited, unavailable, malformed, canceled,
// deadline_exceeded, and other.
//
// # What is never reported
//
// URLs, paths, queries, headers, bodies, error texts, and ids of accounts, sessions
// and people. Vendor and operation are reported only if they look like names, and
// as "other" if they do not.
package kycotel
