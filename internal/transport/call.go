package transport

import (
	"io"
	"net/http"
	"net/url"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Class says when an operation may be sent again.
type Class uint8

// The classes. The zero value is the most careful one.
const (
	// Never: sent once, whatever happens.
	Never Class = iota
	// IfNotProcessed: sent again only if the vendor certainly did not act: no connection was made, an HTTP/2 server declined the
	// request, or the answer was 429 or a 503 of the vendor's own.
	IfNotProcessed
	// Safe: sent again after any transient fault: reads, deletes, puts of the same bytes.
	Safe
)

// Operation is what the vendor documents as one call.
type Operation struct {
	// Name is "resource.verb"; errors, logs and observations show it.
	Name string
	// Class says when it may be sent again.
	Class Class
}

// Call is one use of an operation.
type Call struct {
	Operation Operation
	Method    string
	// Base is the root to which Path is appended. Credentials go to the client's configured origins only.
	Base *url.URL
	// Path is escaped text that begins with a slash; see [Path].
	Path string
	// Query is escaped text without the question mark.
	Query string
	// Header is added to the module's own headers and replaces them.
	Header http.Header
	// Body is nil if nothing is sent.
	Body *Body
	// Auth replaces the client's authorizer; [NoAuth] sends no credential.
	Auth Authorizer
	// Limiter is the vendor's published budget for the operation, nil for none. The caller's option replaces it.
	Limiter kyc.Limiter
	// Accept is the Accept header, by default "application/json".
	Accept string
	// Out receives the decoded JSON answer; nil to ignore the body.
	Out any
	// EmptyOK accepts a success without a body even though Out is set. With Sink it accepts 204 only.
	EmptyOK bool
	// Sink receives the body of a success as it comes, without a cap, instead of Out.
	Sink io.Writer
	// SinkHeader, if set, is called for a success before the first byte reaches Sink. Its error ends the call.
	SinkHeader func(*Answer) error
	// Follow lets a download follow redirects; an origin that is not a configured one gets no credential.
	Follow bool
	// MaxBody caps the JSON answer where the caller's options have no cap; 0 for the default.
	MaxBody int64
	// AllowStatus names statuses outside 2xx that are values, not errors. Their body is in Answer and is not decoded.
	AllowStatus func(status int) bool

	// refine, if set, corrects the error for an answer that is not a success.
	refine func(*kyc.Error)
}

// Answer is what came back.
type Answer struct {
	StatusCode int
	Header     http.Header
	// Body is the whole body; nil for a download.
	Body []byte
	// Written counts the bytes of a download.
	Written   int64
	RequestID string
	Attempts  int

	mayAct bool // the operation is not Safe
}

// Malformed returns an error for an answer that arrived whole but is not what it
// should be, with the facts by which the vendor's support can find the exchange.
func (a *Answer) Malformed(vendor kyc.Vendor, operation, detail string) *kyc.Error {
	e := kyc.Malformed(vendor, operation, detail, nil)
	e.StatusCode, e.RequestID, e.Attempts = a.StatusCode, a.RequestID, a.Attempts
	if a.mayAct {
		e.Detail += "; " + mayHaveBeen
	}
	return e.WithBody(a.Body[:min(len(a.Body), maxErrorBody)])
}
