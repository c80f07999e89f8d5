package kyctest

import "fmt"

// Fault is a way in which a vendor's answer goes wrong. Every fake server accepts faults, so that a caller's code can be
// tested against each of them with any vendor. The zero value is no fault.
type Fault uint8

const (
	// NoFault leaves the answer as it is.
	NoFault Fault = iota
	// Throttle answers 429 without a Retry-After header. The request is not processed.
	Throttle
	// ThrottleRetryAfter answers 429 with a Retry-After of one second. The request is not processed.
	ThrottleRetryAfter
	// ThrottleLong answers 429 with a Retry-After of one hour, more than a caller should sleep for. The request is not
	// processed.
	ThrottleLong
	// ServerError answers 500. The request is not processed, but a client cannot know that.
	ServerError
	// Unavailable answers 503. The request is not processed.
	Unavailable
	// BadGatewayHTML answers 502 with an HTML page, as a proxy in front of the vendor does. The request is not
	// processed.
	BadGatewayHTML
	// EmptyNotFound answers 404 without a body. The request is not processed.
	EmptyNotFound
	// Hang reads the request and does not answer until the client leaves or the server closes. The request is not
	// processed.
	Hang
	// Truncate processes the request, declares the length of the whole answer, sends half of it and closes the
	// connection.
	Truncate
	// Reset drops the connection with a TCP reset before the request is looked at.
	Reset
	// ResetAfterRead processes the request and then drops the connection with a TCP reset instead of answering: a client
	// cannot know whether its create took effect.
	ResetAfterRead
	// StaleToken answers 401 as for a revoked token, and revokes the token that the request carried if the vendor
	// issues tokens. The request is not processed.
	StaleToken
	// SlowBody sends the right answer in small pieces with pauses between them.
	SlowBody
	// InvalidJSON sends the right answer without its last bracket, and with the length to match.
	InvalidJSON
	// DuplicateMember sends the right answer with its first top-level member repeated.
	DuplicateMember
	// InvalidUTF8 sends the right answer with a byte in one string that is not UTF-8.
	InvalidUTF8
	// OversizedBody sends the right answer followed by more blanks than a client should be willing to read.
	OversizedBody
)

var faultNames = [...]string{
	NoFault:            "none",
	Throttle:           "throttle",
	ThrottleRetryAfter: "throttle with retry-after",
	ThrottleLong:       "throttle for an hour",
	ServerError:        "server error",
	Unavailable:        "unavailable",
	BadGatewayHTML:     "bad gateway with HTML",
	EmptyNotFound:      "empty not found",
	Hang:               "hang",
	Truncate:           "truncate",
	Reset:              "reset",
	ResetAfterRead:     "reset after read",
	StaleToken:         "stale token",
	SlowBody:           "slow body",
	InvalidJSON:        "invalid JSON",
	DuplicateMember:    "duplicate member",
	InvalidUTF8:        "invalid UTF-8",
	OversizedBody:      "oversized body",
}

// String returns the fault's name in words.
func (f Fault) String() string {
	if int(f) < len(faultNames) {
		return faultNames[f]
	}
	return fmt.Sprintf("fault(%d)", uint8(f))
}

// Faults lists every fault but NoFault, in the order of the constants.
func Faults() []Fault {
	all := make([]Fault, 0, len(faultNames)-1)
	for f := Throttle; int(f) < len(faultNames); f++ {
		all = append(all, f)
	}
	return all
}

// Processed reports whether the request took effect at the vendor although the answer went wrong. A create that met
// such a fault must not simply be sent again.
func (f Fault) Processed() bool {
	switch f {
	case NoFault, Truncate, ResetAfterRead, SlowBody, InvalidJSON, DuplicateMember, InvalidUTF8, OversizedBody:
		return true
	}
	return false
}
