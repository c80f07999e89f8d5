package transport

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// finish turns what happened into an answer or an error, which says so where nothing was sent.
func (st *state) finish(ctx context.Context, loopErr error) (*Answer, error) {
	answer, err := st.outcome(ctx, loopErr)
	if e, ok := err.(*kyc.Error); ok && !st.wire { //nolint:errorlint // Another's error inside is not this call's.
		// A token's fault is shared by all who waited for it, so this call marks its own copy.
		own := *e
		own.Err = errors.Join(e.Err, kyc.ErrNotSent)
		err = &own
	}
	return answer, err
}

func (st *state) outcome(ctx context.Context, loopErr error) (*Answer, error) {
	a := st.answer
	if a != nil {
		a.Attempts = st.sent
	}
	if st.settings.Response != nil {
		*st.settings.Response = kyc.Response{Attempts: st.sent}
		if a != nil {
			*st.settings.Response = kyc.Response{StatusCode: a.StatusCode, Header: a.Header, RequestID: a.RequestID, Attempts: st.sent}
		}
	}
	switch {
	case st.local != nil:
		return nil, st.localFault(ctx)
	case ctx.Err() != nil && loopErr != nil:
		// The context ended in an exchange or in the wait after one.
		return nil, st.fault(nil, ctx.Err(), st.ended())
	case st.failure == nil && a != nil && st.gone():
		return a, nil
	case st.failure == nil && a != nil && !st.accepted(a.StatusCode):
		return nil, st.refusal()
	case st.failure != nil:
		return nil, st.broken(st.failure)
	case a == nil:
		return nil, st.fault(kyc.ErrUnavailable, loopErr, "")
	}
	if err := st.decode(); err != nil {
		return nil, err
	}
	return a, nil
}

// gone tells whether a repeated delete found nothing because an earlier attempt did it and its answer was lost.
func (st *state) gone() bool {
	return st.acted && st.call.Method == http.MethodDelete && errors.Is(kyc.KindOf(st.answer.StatusCode), kyc.ErrNotFound)
}

// decode reads a success's body into the call's target.
func (st *state) decode() error {
	a, call := st.answer, st.call
	if call.Out == nil || call.Sink != nil || a.StatusCode/100 != 2 {
		return nil
	}
	if len(bytes.TrimSpace(a.Body)) == 0 {
		if call.EmptyOK || a.StatusCode == http.StatusNoContent {
			return nil
		}
		return st.fault(kyc.ErrMalformed, nil, "the answer is empty")
	}
	if err := kyc.Unmarshal(a.Body, call.Out); err != nil {
		return st.fault(kyc.ErrMalformed, err, "the answer is not one complete JSON document of the expected form")
	}
	return nil
}

func (st *state) fault(kind, cause error, detail string) *kyc.Error {
	e := &kyc.Error{
		Vendor: st.client.vendor, Operation: st.call.Operation.Name, Kind: kind, Err: cause, Detail: detail, Attempts: st.sent,
	}
	if st.answer != nil {
		e.StatusCode, e.RequestID = st.answer.StatusCode, st.answer.RequestID
		e.WithBody(st.body[:min(len(st.body), maxErrorBody)])
	}
	return e
}

func (st *state) localFault(ctx context.Context) error {
	var e *kyc.Error
	if errors.As(st.local, &e) {
		return st.local
	}
	if ctx.Err() != nil || errors.Is(st.local, context.Canceled) || errors.Is(st.local, context.DeadlineExceeded) {
		return st.fault(nil, st.local, st.ended())
	}
	return st.fault(kyc.ErrInvalid, st.local, "")
}

// broken names the fault of an exchange that brought no whole answer.
func (st *state) broken(err error) error {
	switch {
	case errors.Is(err, errTooLong):
		return st.fault(kyc.ErrMalformed, err, "the answer is longer than the cap")
	case errors.Is(err, errRedirect):
		return st.fault(kyc.ErrMalformed, err, "the answer redirects too often or to a place without TLS")
	case errors.Is(err, errAttemptTimeout):
		return st.fault(kyc.ErrUnavailable, err, "no whole answer came within the attempt's time"+st.unsure())
	case st.answer != nil && (errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || corrupt(err)):
		return st.fault(kyc.ErrMalformed, err, "the answer is cut short or damaged"+st.unsure())
	case neverSent(err):
		return st.fault(kyc.ErrUnavailable, err, "the vendor's host could not be reached; nothing was sent")
	case !passing(err):
		return st.fault(kyc.ErrUnavailable, err, "the vendor's host could not be trusted: check its certificate, the base URL and any proxy")
	default:
		return st.fault(kyc.ErrUnavailable, err, "the connection failed"+st.unsure())
	}
}

// corrupt tells damaged gzip data, whose error type is not exported under one name.
func corrupt(err error) bool {
	return strings.Contains(err.Error(), "flate: corrupt input")
}

// ended says what a context's end leaves open.
func (st *state) ended() string {
	if st.sent == 0 {
		return "nothing was sent"
	}
	return strings.TrimPrefix(st.unsure(), "; ")
}

// unsure warns where a create may have happened.
func (st *state) unsure() string {
	if st.call.Operation.Class == Safe {
		return ""
	}
	return "; the vendor may have processed the call: look before sending it again"
}

// refusal makes the error for an answer that is no success.
func (st *state) refusal() error {
	a := st.answer
	e := st.fault(kyc.KindOf(a.StatusCode), nil, "")
	if a.StatusCode/100 == 3 {
		e.Detail = "the answer redirects elsewhere, which this call does not follow: check the base URL"
	}
	if wait, ok := RetryAfter(a.StatusCode, a.Header, time.Now()); ok && (a.StatusCode == 429 || a.StatusCode >= 500) {
		e.RetryAfter = wait
	}
	st.client.describe(e, a.Header, a.Body)
	return e
}

// lax reads JSON that decides nothing, such as an error body: a member given twice or broken UTF-8 is no reason to lose
// the rest. It is the decoder that every program links anyway; encoding/json's own would come on top.
func lax(data []byte, out any) error {
	return jsonv2.Unmarshal(data, out, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// Describe reads code and message from the forms of error body that vendors
// share: a JSON object whose members may be text, number or list, under one of
// the usual names, at the top or below "error". Anything else leaves e as it is.
func Describe(e *kyc.Error, _ http.Header, body []byte) {
	var top map[string]json.RawMessage
	if lax(body, &top) != nil {
		return
	}
	describe(e, top)
	for _, name := range [...]string{"error", "errors"} {
		var inner map[string]json.RawMessage
		if lax(top[name], &inner) == nil {
			describe(e, inner)
		}
	}
}

func describe(e *kyc.Error, m map[string]json.RawMessage) {
	for _, name := range [...]string{"code", "error_code", "errorCode", "error", "status_code", "title"} {
		if e.Code == "" {
			e.Code = Text(m[name])
		}
	}
	for _, name := range [...]string{"message", "detail", "error_description", "description", "title", "error"} {
		if e.Message == "" {
			e.Message = Text(m[name])
		}
	}
}

// Text reads a JSON string, number, or list of such as text; anything else is "".
func Text(raw json.RawMessage) string {
	var v any
	if len(raw) == 0 || lax(raw, &v) != nil {
		return ""
	}
	return text(v)
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		var parts []string
		for _, one := range v {
			if s := text(one); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, "; ")
	default:
		return ""
	}
}
