package kyc

import (
	"errors"
	"time"
)

// RetryPolicy bounds the repeats of a call. Which calls are repeated at all is
// a property of the operation: reads, deletes and puts of the same bytes are;
// a create is only where it surely was not processed. The zero value means the
// defaults.
type RetryPolicy struct {
	// MaxAttempts counts all requests of one call: 4 by default, 1 for no repeat.
	MaxAttempts int
	// MinBackoff and MaxBackoff bound the wait between attempts, which grows by two and is jittered: 500 ms and 8 s by default.
	MinBackoff, MaxBackoff time.Duration
	// MaxRetryAfter is the longest wait that the vendor may impose: 30 s by default. Above it the call
	// returns at once, with the wait in Error.RetryAfter.
	MaxRetryAfter time.Duration
}

// Defaults of RetryPolicy.
const (
	DefaultMaxAttempts   = 4
	DefaultMinBackoff    = 500 * time.Millisecond
	DefaultMaxBackoff    = 8 * time.Second
	DefaultMaxRetryAfter = 30 * time.Second
)

// OrDefaults returns p with its zero fields set to the defaults.
func (p RetryPolicy) OrDefaults() RetryPolicy {
	if p.MaxAttempts == 0 {
		p.MaxAttempts = DefaultMaxAttempts
	}
	if p.MinBackoff == 0 {
		p.MinBackoff = DefaultMinBackoff
	}
	if p.MaxBackoff == 0 {
		p.MaxBackoff = max(DefaultMaxBackoff, p.MinBackoff)
	}
	if p.MaxRetryAfter == 0 {
		p.MaxRetryAfter = DefaultMaxRetryAfter
	}
	return p
}

func (p RetryPolicy) validate() error {
	if p.MaxAttempts < 0 || p.MinBackoff < 0 || p.MaxBackoff < 0 || p.MaxRetryAfter < 0 {
		return errors.New("the retry policy has a negative bound")
	}
	if q := p.OrDefaults(); q.MinBackoff > q.MaxBackoff {
		return errors.New("the retry policy's MinBackoff is above its MaxBackoff")
	}
	return nil
}
