package transport

import (
	"errors"
	"slices"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// foreign returns the cause of an error of this package's own. What a caller's limiter, reader, writer or transport returns
// may be one of kyc's errors, and would give the error a second kind.
func foreign(err error) error {
	if err == nil || !has[*kyc.Error](err) && !slices.ContainsFunc(kinds, func(kind error) bool { return errors.Is(err, kind) }) {
		return err
	}
	return kindless{err}
}

var kinds = []error{
	kyc.ErrNotFound, kyc.ErrUnauthorized, kyc.ErrForbidden, kyc.ErrInvalid, kyc.ErrConflict, kyc.ErrRateLimited, kyc.ErrUnavailable, kyc.ErrMalformed,
	kyc.ErrNotSent,
}

// kindless is an error that matches whatever the one inside matches, but for what kyc tells errors apart by.
type kindless struct{ err error }

func (e kindless) Error() string { return e.err.Error() }

func (e kindless) Is(target error) bool {
	return !slices.Contains(kinds, target) && errors.Is(e.err, target)
}

func (e kindless) As(target any) bool {
	if _, ok := target.(**kyc.Error); ok {
		return false
	}
	return errors.As(e.err, target)
}
