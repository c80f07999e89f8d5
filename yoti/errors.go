package yoti

import (
	"errors"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ErrorDetails returns the vendor's body of a refused call, whose Errors say
// what is wrong where; nil where err is no such error or has no such body. Its
// texts may repeat what was sent, so they do not belong into a log.
func ErrorDetails(err error) *ErrorBody {
	var e *kyc.Error
	if !errors.As(err, &e) || len(e.Body()) == 0 {
		return nil
	}
	var body ErrorBody
	if kyc.Unmarshal(e.Body(), &body) != nil || body.Code == "" && body.Message == "" && len(body.Errors) == 0 {
		return nil
	}
	return &body
}
