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
	// IfNotProcessed: sent again only where the vendor surely did not act: the connection could not be made, or the answer was 429 or 503.
	IfNotProcessed
	// Safe: sent again after any passing fault: reads, deletes, puts of the same bytes.
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
	// Base is the root that Path is put behind. Credentials go to the client's configured origins only.
	Base *url.URL
	// Path is escaped text that begins with a slash; see [Path].
	Path string
	// Query is escaped text without the question mark.
	Query string
	// Header is added to the module's own headers and replaces them.
	Header http.Header
	// Body is nil where nothing is sent.
	Body *Body
	// Auth replaces the client's authorizer; [NoAuth] sends no credential.
	Auth Authorizer
	// Limiter is the vendor's published budget for the operation, nil for none. The caller's option replaces it.
	Limiter kyc.Limiter
	// Accept is the Accept header, "application/json" where it is empty.
	Accept string
	// Out receives the decoded JSON answer; nil to ignore the body.
	Out any
	// EmptyOK accepts a success without a body although Out is set.
	EmptyOK bool
	// Sink receives the body of a success as it comes, without a cap, instead of Out.
	Sink io.Writer
	// SinkHeader, where set, is told of a success before the first byte reaches Sink.
	SinkHeader func(*Answer) error
	// Follow lets a download follow redirects; a credential stays behind where the origin is not a configured one.
	Follow bool
	// MaxBody caps the JSON answer; 0 for the settings' cap.
	MaxBody int64
	// AllowStatus names statuses outside 2xx that are values, not errors. Their body is in Answer and is not decoded.
	AllowStatus func(status int) bool
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
}

// Malformed returns an error for an answer that came whole and is not what it
// should be, with the facts by which the vendor's support finds the exchange.
func (a *Answer) Malformed(vendor kyc.Vendor, operation, detail string) *kyc.Error {
	e := kyc.Malformed(vendor, operation, detail, nil)
	e.StatusCode, e.RequestID, e.Attempts = a.StatusCode, a.RequestID, a.Attempts
	return e.WithBody(a.Body[:min(len(a.Body), maxErrorBody)])
}
