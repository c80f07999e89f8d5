package kyc

import (
	"errors"
	"net"
	"net/http"
	"slices"
)

// tokenOperation is the call that gets an access token. It comes before every create and buys nothing.
const tokenOperation = "oauth2.token"

// Uncertain tells whether the vendor may have carried out a create that failed
// with err, so that repeating it may pay twice: the connection broke, time ran
// out, the vendor answered with a fault of its own, or the answer could not be
// read. It is false where the vendor refused the call, where it answered 429 or
// 503, and where nothing was sent: the error is marked with [ErrNotSent], no
// connection was made, or the call was the one for an access token. Error.Attempts
// plays no part, since not everybody who makes an [Error] counts. An error that is
// not this module's is uncertain.
func Uncertain(err error) bool {
	if err == nil {
		return false
	}
	var e *Error
	if !errors.As(err, &e) {
		return true
	}
	if markedUnsent(e.Err) {
		return false
	}
	//nolint:errorlint // Kind is a sentinel itself and wraps nothing.
	switch e.Kind {
	case ErrInvalid, ErrUnauthorized, ErrForbidden, ErrNotFound, ErrConflict, ErrRateLimited:
		return false
	case ErrUnavailable:
		return e.Operation != tokenOperation && e.StatusCode != http.StatusServiceUnavailable && !neverConnected(e.Err)
	default:
		return e.Operation != tokenOperation
	}
}

// markedUnsent looks for ErrNotSent, but not behind another Error: that one may be of a call after the create.
func markedUnsent(err error) bool {
	switch err := err.(type) { //nolint:errorlint // The tree is walked here.
	case nil, *Error:
		return false
	case interface{ Unwrap() error }:
		return markedUnsent(err.Unwrap())
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(err.Unwrap(), markedUnsent)
	default:
		return err == ErrNotSent //nolint:errorlint // Nothing is left to unwrap.
	}
}

// neverConnected tells whether err shows that no connection was made.
func neverConnected(err error) bool {
	var dns *net.DNSError
	var op *net.OpError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}
