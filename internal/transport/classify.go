package transport

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// finish turns what happened into an answer or an error.
func (st *state) finish(ctx context.Context, loopErr error) (*Answer, error) {
	st.doubt = false
	answer, err := st.outcome(ctx, loopErr)
	if e, ok := err.(*kyc.Error); ok { //nolint:errorlint // Another's error inside is not this call's.
		err = st.settled(e)
	}
	return answer, err
}

// settled marks the error of a call of which nothing was sent. Where the call may have been processed, and where its text has
// left that open, the text ends with the same verdict as kyc.Uncertain's.
func (st *state) settled(e *kyc.Error) *kyc.Error {
	// The error of a token fetch is shared by all who waited for it, so this call changes its own copy.
	own := *e
	e = &own
	if !st.wire {
		e.Err = errors.Join(e.Err, kyc.ErrNotSent)
	}
	verdict := ""
	switch {
	case !st.doubt:
	case !st.wire:
		verdict = "nothing was sent"
	case st.call.Operation.Class != Safe && kyc.Uncertain(e):
		verdict = mayHaveBeen
	}
	if e.Detail != "" && verdict != "" {
		verdict = "; " + verdict
	}
	e.Detail += verdict
	return e
}

const mayHaveBeen = "the vendor may have processed the call: check before sending it again"

// doubtful is fault where the text has to say whether the vendor may have acted.
func (st *state) doubtful(kind, cause error, detail string) *kyc.Error {
	st.doubt = true
	return st.fault(kind, cause, detail)
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
		return nil, st.doubtful(nil, ctx.Err(), "")
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

// gone reports whether a repeated delete found nothing because an earlier attempt succeeded and its answer was lost.
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
		return st.doubtful(kyc.ErrMalformed, nil, "the answer is empty")
	}
	if err := kyc.Unmarshal(a.Body, call.Out); err != nil {
		return st.doubtful(kyc.ErrMalformed, err, "the answer is not one complete JSON document of the expected form")
	}
	kyc.Bind(call.Out, st.settings)
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
	if has[*kyc.Error](st.local) {
		return st.local
	}
	if ctx.Err() != nil || errors.Is(st.local, context.Canceled) || errors.Is(st.local, context.DeadlineExceeded) {
		return st.doubtful(nil, st.local, "")
	}
	return st.fault(kyc.ErrInvalid, foreign(st.local), "")
}

// broken returns the error of an exchange that brought no whole answer.
func (st *state) broken(err error) *kyc.Error {
	if declined(err) && !st.wire {
		return st.fault(kyc.ErrUnavailable, foreign(err), "the vendor's server declined to process the request: try again later")
	}
	kind, detail := kyc.ErrUnavailable, "the connection failed"
	switch {
	case errors.Is(err, errTooLong):
		kind, detail = kyc.ErrMalformed, "the answer is longer than the cap"
	case errors.Is(err, errLonger):
		kind, detail = kyc.ErrMalformed, "the answer is longer than it announced"
	case errors.Is(err, errPartial):
		kind, detail = kyc.ErrMalformed, "the answer is a part of what was asked for"
	case errors.Is(err, errNothing):
		kind, detail = kyc.ErrMalformed, "the answer holds nothing of what was asked for"
	case errors.Is(err, errRedirect):
		kind, detail = kyc.ErrMalformed, "the answer redirects too often, or to a URL without TLS"
	case errors.Is(err, errAnswer):
		detail = "the transport of the http.Client returned neither a whole answer nor an error"
	case errors.Is(err, errAttemptTimeout) && !st.touched:
		detail = "no connection came about within the attempt's time"
	case errors.Is(err, errAttemptTimeout):
		detail = "no whole answer came within the attempt's time"
	case st.answer != nil && (errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || has[flate.CorruptInputError](err)):
		kind, detail = kyc.ErrMalformed, "the answer is cut short or damaged"
	case throughProxy(err):
		detail = "the proxy could not be reached, or refused the connection"
	case noSuchHost(err):
		detail = "the vendor's host name does not exist: check the region or base URL"
	case !passing(err):
		detail = "the vendor's host could not be trusted: check its certificate, the base URL and any proxy"
	case !st.touched:
		detail = "the vendor's host could not be reached"
	}
	if st.touched && (has[*net.DNSError](err) || has[*net.OpError](err)) {
		err = sentBefore{err}
	}
	return st.doubtful(kind, foreign(err), detail)
}

// sentBefore is a fault of a connection that was not the request's first: kyc.Uncertain must not take it for the only one.
type sentBefore struct{ error }

func (e sentBefore) Unwrap() error { return e.error }

// SentBefore is what kyc.Uncertain looks for.
func (e sentBefore) SentBefore() {}

// throughProxy reports whether the way to the proxy is what failed.
func throughProxy(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "proxyconnect"
}

// refusal returns the error for an answer that is not a success.
func (st *state) refusal() error {
	a := st.answer
	e := st.fault(kyc.KindOf(a.StatusCode), nil, "")
	if a.StatusCode/100 == 3 {
		e.Detail = "the answer redirects elsewhere, which this call does not follow: check the base URL"
	}
	if wait, ok := RetryAfter(a.StatusCode, a.Header, time.Now()); ok && (a.StatusCode == http.StatusTooManyRequests || a.StatusCode >= 500) {
		e.RetryAfter = wait
	}
	st.client.describe(e, a.Header, a.Body)
	if st.call.refine != nil {
		st.call.refine(e)
	}
	if e.Detail == "" {
		e.Detail = st.advice(e)
	}
	// What kyc.Error advises for a kind of its own accord says enough.
	st.doubt = e.Detail != "" || errors.Is(e.Kind, kyc.ErrMalformed)
	return e
}

// advice is what to do about an answer where that depends on the operation; kyc.Error knows the rest.
func (st *state) advice(e *kyc.Error) string {
	safe := st.call.Operation.Class == Safe
	//nolint:errorlint // Kind is a sentinel itself and wraps nothing.
	switch {
	case e.Kind == kyc.ErrNotFound && !safe:
		return "something that the request names is not there: check its ids and the base URL"
	case e.Kind == kyc.ErrUnavailable && (safe || !kyc.Uncertain(e)):
		return "try again later"
	default:
		return ""
	}
}

// lax reads JSON that decides nothing, such as an error body: a member given twice or broken UTF-8 is no reason to lose
// the rest. It uses the decoder that every program links anyway; encoding/json's own would come on top.
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
