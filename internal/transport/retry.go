package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// check is the retry loop's policy. It never returns an error of its own: what happened is in the state.
func (st *state) check(ctx context.Context, _ *http.Response, _ error) (bool, error) {
	if ctx.Err() != nil || st.local != nil || st.written > 0 {
		return false, nil
	}
	if b := st.call.Body; b != nil && !b.Replayable() {
		return false, nil
	}
	if st.reauth {
		return true, nil
	}
	tries := st.sent
	if st.renewed {
		tries--
	}
	if tries >= st.retry.MaxAttempts {
		return false, nil
	}
	if !st.repeatable() {
		return false, nil
	}
	st.wait = st.pause(tries)
	if st.answer != nil {
		if asked, ok := RetryAfter(st.answer.StatusCode, st.answer.Header, time.Now()); ok {
			if asked > st.retry.MaxRetryAfter {
				return false, nil
			}
			// All clients were given the same moment, and should not come back all at once.
			st.wait = max(asked, st.retry.MinBackoff) + time.Duration(rand.Int64N(int64(st.retry.MinBackoff)/4+1))
		}
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= st.wait {
		return false, nil
	}
	st.acted = st.acted || st.mayHaveActed()
	return true, nil
}

// mayHaveActed reports whether the vendor may have carried out an attempt that ended as this one did and is repeated.
func (st *state) mayHaveActed() bool {
	if st.failure != nil {
		return st.touched
	}
	return st.answer.StatusCode >= 500 && !st.turnedAway()
}

// turnedAway reports whether the answer says that the request was not processed: a 429, or a 503 that kyc.Uncertain takes for
// the vendor's own.
func (st *state) turnedAway() bool {
	if s := st.answer.StatusCode; s != http.StatusTooManyRequests && s != http.StatusServiceUnavailable {
		return false
	}
	e := st.fault(kyc.ErrUnavailable, nil, "")
	e.RetryAfter, _ = RetryAfter(e.StatusCode, st.answer.Header, time.Now())
	return !kyc.Uncertain(e)
}

// repeatable reports whether the operation's class allows another attempt after what happened.
func (st *state) repeatable() bool {
	if st.failure == nil && st.answer == nil {
		return false
	}
	switch st.call.Operation.Class {
	case Safe:
		if st.failure != nil {
			return passing(st.failure)
		}
		switch st.answer.StatusCode {
		case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests,
			http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	case IfNotProcessed:
		if st.failure != nil {
			return !st.touched && passing(st.failure)
		}
		return st.turnedAway()
	default:
		return false
	}
}

// Three questions about an error of the network, none of which answers another:
//
//   - passing: may another attempt fare better?
//   - state.touched: may the server have had this attempt's request? What net/http tells on its way decides; unsent is asked where
//     the transport is none of net/http's. Only if no attempt's request left may kyc.ErrNotSent stand in the call's error.
//   - kyc.neverConnected: was the call not sent, as far as the error of a Provider that may not mark it shows?

// passing reports whether err is a fault of the moment, rather than one that will be there next time.
func passing(err error) bool {
	switch {
	case errors.Is(err, errTooLong), errors.Is(err, errLonger), errors.Is(err, errRedirect), errors.Is(err, errPartial), errors.Is(err, errNothing),
		errors.Is(err, errAnswer), errors.Is(err, http.ErrSchemeMismatch):
		return false
	case has[x509.UnknownAuthorityError](err), has[x509.HostnameError](err), has[x509.CertificateInvalidError](err),
		has[*tls.CertificateVerificationError](err), has[tls.RecordHeaderError](err):
		return false
	default:
		return !noSuchHost(err)
	}
}

// unsent reports whether err shows that no byte of the request went out: the host's name was not resolved, no connection was
// made, or the peer's certificate or first record ended the handshake.
func unsent(req *http.Request, err error) bool {
	if replayed(req.Method) {
		return false
	}
	for name := range req.Header {
		// net/http takes such a request for one that may be repeated, too.
		if strings.HasSuffix(strings.ToLower(name), "idempotency-key") {
			return false
		}
	}
	if has[*net.DNSError](err) || has[*tls.CertificateVerificationError](err) {
		return true
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Op == "dial" || op.Op == "proxyconnect"
	}
	// Conn is set for the first record only.
	var header tls.RecordHeaderError
	return errors.As(err, &header) && header.Conn != nil
}

// noSuchHost reports whether the host's name does not exist, as one that is mistyped.
func noSuchHost(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// has reports whether there is an error of type E in err's tree.
func has[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

// pause doubles from MinBackoff to MaxBackoff and is jittered downwards by up to a half.
func (st *state) pause(tries int) time.Duration {
	d := st.retry.MinBackoff
	for range tries - 1 {
		if d >= st.retry.MaxBackoff/2 {
			d = st.retry.MaxBackoff
			break
		}
		d *= 2
	}
	return d - time.Duration(rand.Int64N(int64(d)/2+1))
}

// backoff hands the loop the wait that check chose; after a 401 whose credential is renewed there is none.
func (st *state) backoff(time.Duration, time.Duration, int, *http.Response) time.Duration {
	return st.wait
}
