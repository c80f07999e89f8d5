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
)

// check is the retry loop's policy. It never returns an error of its own: what happened is in the state.
func (st *state) check(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil || st.local != nil || st.written > 0 {
		return false, nil //nolint:nilerr // The error stays in the state.
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
	if !st.repeatable(resp, err) {
		return false, nil
	}
	st.wait = st.pause(tries)
	if st.answer != nil {
		if asked, ok := RetryAfter(st.answer.StatusCode, st.answer.Header, time.Now()); ok {
			if asked > st.retry.MaxRetryAfter {
				return false, nil
			}
			// Everybody was told the same moment.
			st.wait = max(asked, st.retry.MinBackoff) + time.Duration(rand.Int64N(int64(st.retry.MinBackoff)/4+1))
		}
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= st.wait {
		return false, nil
	}
	st.acted = st.acted || mayHaveActed(resp, err)
	return true, nil
}

// mayHaveActed tells whether the vendor may have carried out what ended so.
func mayHaveActed(resp *http.Response, err error) bool {
	if err != nil {
		return !neverSent(err)
	}
	return resp.StatusCode >= 500 && resp.StatusCode != http.StatusServiceUnavailable
}

// repeatable tells whether the operation's class allows another attempt after what happened.
func (st *state) repeatable(resp *http.Response, err error) bool {
	switch st.call.Operation.Class {
	case Safe:
		if err != nil {
			return passing(err)
		}
		switch resp.StatusCode {
		case 408, 425, 429, 500, 502, 503, 504:
			return true
		}
		return false
	case IfNotProcessed:
		if err != nil {
			return neverSent(err)
		}
		return resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable
	default:
		return false
	}
}

// passing tells faults of the moment from those that will be there next time.
func passing(err error) bool {
	var (
		unknown  x509.UnknownAuthorityError
		name     x509.HostnameError
		invalid  x509.CertificateInvalidError
		verify   *tls.CertificateVerificationError
		header   tls.RecordHeaderError
		notFound *net.DNSError
	)
	switch {
	case errors.Is(err, errTooLong), errors.Is(err, errRedirect), errors.Is(err, http.ErrSchemeMismatch):
		return false
	case errors.As(err, &unknown), errors.As(err, &name), errors.As(err, &invalid), errors.As(err, &verify), errors.As(err, &header):
		return false
	case errors.As(err, &notFound):
		return !notFound.IsNotFound
	default:
		return true
	}
}

// neverSent tells whether err shows that not a byte of the request went out. Only a connection that was
// never made shows it; anything later may have been processed.
func neverSent(err error) bool {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return !dns.IsNotFound
	}
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// unsent tells whether err shows that no byte of the request went out: the name was not resolved, no connection was made,
// or the peer's certificate or first record ended the handshake. It knows less than neverSent where net/http repeats a
// request by itself: then the fault is the repeat's, and the first sending may have arrived.
func unsent(req *http.Request, err error) bool {
	if replayed(req.Method) {
		return false
	}
	for name := range req.Header {
		if strings.HasSuffix(strings.ToLower(name), "idempotency-key") {
			return false
		}
	}
	var (
		dns    *net.DNSError
		op     *net.OpError
		verify *tls.CertificateVerificationError
		header tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &dns), errors.As(err, &verify):
		return true
	case errors.As(err, &op):
		return op.Op == "dial" || op.Op == "proxyconnect"
	default:
		// Conn is set for the first record only.
		return errors.As(err, &header) && header.Conn != nil
	}
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

// backoff hands the loop the wait that check chose; after a renewed credential there is none.
func (st *state) backoff(time.Duration, time.Duration, int, *http.Response) time.Duration {
	return st.wait
}
