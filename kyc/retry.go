package kyc

import (
	"errors"
	"time"
)

// RetryPolicy bounds the repeats of a call. Which calls are repeated at all is
// a property of the operation: reads, deletes and puts of the same bytes are; a
// create is repeated only if it was certainly not processed: nothing was sent, or
// the vendor answered 429 or a 503 that [Uncertain] takes for a refusal. The zero
// value means the defaults.
type RetryPolicy struct {
	// MaxAttempts counts all requests of one call: 4 by default, 1 for no repeats. Only a read may go out once more, when the
	// kept connection that it went to has ended.
	MaxAttempts int
	// MinBackoff is the wait before the second attempt, 500 ms by default. It doubles before each further one up to
	// MaxBackoff, 8 s by default. Jitter takes up to half off each wait.
	MinBackoff, MaxBackoff time.Duration
	// MaxRetryAfter is the longest wait that the vendor may impose, 30 s by default. If the vendor asks for more, the call
	// returns at once, with the wait in Error.RetryAfter.
	MaxRetryAfter time.Duration
}

// The defaults of RetryPolicy.
const (
	DefaultMaxAttempts   = 4
	DefaultMinBackoff    = 500 * time.Millisecond
	DefaultMaxBackoff    = 8 * time.Second
	DefaultMaxRetryAfter = 30 * time.Second
)

// OrDefaults returns p with its zero fields set to the defaults. A MinBackoff above
// the default MaxBackoff raises that as well.
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
