package kyc

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"slices"
)

// TokenOperation is the [Error.Operation] of the call that gets an access token.
// Such a call comes before others and buys nothing.
const TokenOperation = "oauth2.token"

// Uncertain reports whether the vendor may have carried out a create that failed
// with err, so that repeating it may cost twice: the connection broke, time ran
// out, the vendor answered with a fault of its own, or the answer could not be
// read. It is false if the vendor refused the call, if it answered 429, if it turned
// the call away with 503, and if the create was not sent: the error is marked with
// [ErrNotSent], no connection was made, or the failed call was the one for an access
// token. It is also false if a file of the caller's could not be read to its end,
// which is [ErrInvalid]: what went out then does not look like a whole request.
//
// A 503 turns the call away where it has a RetryAfter or a JSON object for a Body,
// as the vendor's own have. Any other may come from a gateway that had passed the
// create on and lost its answer. Error.Attempts plays no part, since not everybody
// who makes an [Error] counts. An error that is not an [Error] is uncertain.
func Uncertain(err error) bool {
	if err == nil {
		return false
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
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
		return e.Operation != TokenOperation && !e.turnedAway() && !neverConnected(e.Err)
	default:
		return e.Operation != TokenOperation
	}
}

// turnedAway reports whether e is a 429, or a 503 of the vendor itself.
func (e *Error) turnedAway() bool {
	switch e.StatusCode {
	case http.StatusTooManyRequests:
		return true
	case http.StatusServiceUnavailable:
		return e.RetryAfter > 0 || bytes.HasPrefix(bytes.TrimSpace(e.body), []byte("{")) && json.Valid(e.body)
	default:
		return false
	}
}

// markedUnsent looks for ErrNotSent, but not inside another Error: that may be the error of a call after the create.
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

// neverConnected reports whether err shows that no connection was made. It judges errors of Providers that do not mark what
// they did not send. internal/transport does, and its errors say so if the connection that failed was not the first.
func neverConnected(err error) bool {
	var before interface{ SentBefore() }
	if errors.As(err, &before) {
		return false
	}
	var dns *net.DNSError
	var op *net.OpError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}
