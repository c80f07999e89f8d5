package yotitest

import (
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// Faults, as package kyctest explains them.
const (
	Throttle           = kyctest.Throttle
	ThrottleRetryAfter = kyctest.ThrottleRetryAfter
	ThrottleLong       = kyctest.ThrottleLong
	ServerError        = kyctest.ServerError
	Unavailable        = kyctest.Unavailable
	BadGatewayHTML     = kyctest.BadGatewayHTML
	EmptyNotFound      = kyctest.EmptyNotFound
	Hang               = kyctest.Hang
	Truncate           = kyctest.Truncate
	Reset              = kyctest.Reset
	ResetAfterRead     = kyctest.ResetAfterRead
	StaleToken         = kyctest.StaleToken
	SlowBody           = kyctest.SlowBody
	InvalidJSON        = kyctest.InvalidJSON
	DuplicateMember    = kyctest.DuplicateMember
	InvalidUTF8        = kyctest.InvalidUTF8
	OversizedBody      = kyctest.OversizedBody
)

// FaultRule says which requests meet which fault. Each rule counts the requests
// that it applies to on its own, from the moment it is given. The first rule that
// fires decides.
type FaultRule struct {
	// Operation limits the rule to one operation, as in "Sessions.Create"; empty for all requests, those for tokens too.
	Operation string
	// From and To are the first and the last request that meet the fault, counted from 1; To 0 for all that follow.
	From, To int
	// Probability below 1 gives the fault to that part of the requests only; 0 counts as 1.
	Probability float64
	// Seed makes the choice repeatable.
	Seed uint64
	// Faults are the faults; of several, one is drawn.
	Faults []kyctest.Fault
}

// Fault gives the nth request to the server, counted from 1, a fault. Requests
// for tokens count.
func Fault(n int, f kyctest.Fault) Option {
	return func(c *config) { c.faults = append(c.faults, fake.FaultAt(n, f)) }
}

// FaultOn gives the nth request of an operation, as in "Sessions.Create", a fault.
func FaultOn(operation string, n int, f kyctest.Fault) Option {
	return func(c *config) { c.faults = append(c.faults, fake.FaultOn(operation, n, f)) }
}

// FaultEvery gives every request of an operation a fault; with "" every request.
func FaultEvery(operation string, f kyctest.Fault) Option {
	return func(c *config) { c.faults = append(c.faults, fake.FaultEvery(operation, f)) }
}

// Pause is the wait between the pieces of a SlowBody.
func Pause(d time.Duration) Option { return func(c *config) { c.slowPause = d } }

// Oversize is the number of blanks that an OversizedBody sends.
func Oversize(n int64) Option { return func(c *config) { c.oversize = n } }
