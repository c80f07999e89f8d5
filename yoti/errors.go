package yoti

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ErrorDetails returns the vendor's body of a refused call, whose Errors say
// what is wrong where; nil if err is no such error, is another vendor's, or has
// no such body. Its texts may repeat what was sent, so they do not belong into a
// log.
func ErrorDetails(err error) *ErrorBody {
	e, ok := errors.AsType[*kyc.Error](err)
	if !ok || e.Vendor != kyc.Yoti || len(e.Body()) == 0 {
		return nil
	}
	var body ErrorBody
	if kyc.Unmarshal(e.Body(), &body) != nil || body.Code == "" && body.Message == "" && len(body.Errors) == 0 {
		return nil
	}
	return &body
}

// codeNoApplication is the refusal of a key that belongs to no application at this address.
const codeNoApplication = "APP_NOT_FOUND"

// describe reads the code and message, and tells what is not there from what cannot be asked for: whoever erases takes
// ErrNotFound for done.
func describe(e *kyc.Error, header http.Header, body []byte) {
	transport.Describe(e, header, body)
	switch {
	case e.Code == codeNoApplication:
		e.Kind = kyc.ErrUnauthorized
		e.Detail = "the application is unknown: check SDKID, and that id, key and BaseURL are all of production or all of the sandbox"
	case !errors.Is(e.Kind, kyc.ErrNotFound) || coded(body):
	case len(body) > 0 || erases(e.Operation):
		e.Kind = kyc.ErrUnavailable
		e.Detail = "what answered is not the service: check BaseURL and any proxy, and try again later"
	}
}

// coded reports whether an error body has the vendor's code, which that of a proxy or gateway has not.
func coded(body []byte) bool {
	var own struct {
		Code json.RawMessage `json:"code"`
	}
	return kyc.Unmarshal(body, &own) == nil && len(own.Code) > 0 && string(own.Code) != "null" && string(own.Code) != `""`
}

// erases reports whether an operation takes something away for good, so that an answer without a word does not do.
func erases(operation string) bool {
	_, verb, _ := strings.Cut(operation, ".")
	return strings.HasPrefix(verb, "delete") || strings.HasPrefix(verb, "remove")
}
