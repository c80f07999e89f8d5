package transport

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

type stateKey struct{}

// state is one call on its way. Attempts follow each other, so it needs no lock.
type state struct {
	client   *Client
	call     *Call
	settings kyc.Settings
	retry    kyc.RetryPolicy
	agent    string
	start    time.Time

	sent    int   // attempts that went out
	reauth  bool  // the last answer was a 401 whose credential was dropped
	renewed bool  // that happened once already
	local   error // a fault before anything was sent, which no repeat mends
	failure error // the fault of the last exchange
	wait    time.Duration
	acted   bool // an attempt that was given up may have been carried out
	wire    bool // a byte of the request may have gone out
	answer  *Answer
	written int64
	body    []byte

	// What a call needs anyway is allocated with it, not piece by piece.
	own      Call
	received Answer
	loop     retryablehttp.Client
	request  retryablehttp.Request
}

// attempts is the http.RoundTripper below the retry loop: one request, done anew from the limiter to the last byte of the answer.
// It has no CloseIdleConnections on purpose: the loop calls it on every call that it gives up, and the pool is shared.
type attempts struct{}

// RoundTrip returns an answer without a body; what was read is in the state.
func (attempts) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	st := ctx.Value(stateKey{}).(*state)
	st.answer, st.failure, st.wait, st.reauth, st.body = nil, nil, 0, false, nil

	if err := ctx.Err(); err != nil {
		return nil, st.refuse(err)
	}
	limiter := st.settings.Limiter
	if limiter == nil {
		limiter = st.call.Limiter
	}
	if limiter != nil {
		if err := limiter.Wait(ctx); err != nil {
			return nil, st.refuse(st.limited(err))
		}
	}
	began := time.Now()
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(st.timeout(), func() { cancel(errAttemptTimeout) })
	defer func() {
		timer.Stop()
		cancel(nil)
	}()
	resp, err := st.exchange(ctx, req, timer)
	if err != nil && errors.Is(context.Cause(ctx), errAttemptTimeout) {
		err = errAttemptTimeout
		if st.local != nil {
			// The caller's own context has not ended: what took too long is the token.
			st.local = st.fault(kyc.ErrUnavailable, err, "no token came within the attempt's time; nothing was sent")
		}
	}
	if st.local == nil {
		st.failure = err
		st.observe(ctx, began)
	}
	if err != nil {
		return nil, err
	}
	return resp, nil
}

var errAttemptTimeout = errors.New("the attempt took too long")

// refuse ends the call for a fault on this side.
func (st *state) refuse(err error) error {
	st.local = err
	return err
}

func (st *state) limited(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	// x/time/rate has no error value for a wait that would be too long.
	if errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "would exceed context deadline") {
		return st.fault(kyc.ErrRateLimited, err, "the call would have to wait for the client's own rate limit beyond its deadline")
	}
	return st.fault(kyc.ErrUnavailable, err, "the limiter failed; nothing was sent in this attempt")
}

// exchange authorises, sends and reads, following a download's redirects.
func (st *state) exchange(ctx context.Context, req *http.Request, timer *time.Timer) (*http.Response, error) {
	u := req.URL
	st.sent++
	for hop := 0; ; hop++ {
		out, err := st.prepare(ctx, req, u)
		if err != nil {
			st.sent--
			return nil, st.refuse(err)
		}
		resp, err := st.base().RoundTrip(out)
		st.wire = st.wire || err == nil || !unsent(out, err)
		if err != nil {
			return nil, err
		}
		st.client.noteProtocol(st.auth(), out.URL, resp)
		if next, err := st.redirect(out, resp, hop); err != nil || next != nil {
			_, _ = io.CopyN(io.Discard, resp.Body, 4<<10)
			_ = resp.Body.Close()
			if err != nil {
				return nil, err
			}
			u = next
			continue
		}
		err = st.read(ctx, resp, timer)
		_ = resp.Body.Close()
		if err != nil {
			return nil, err
		}
		if resp.StatusCode == http.StatusUnauthorized && !st.renewed && st.client.Configured(out.URL) {
			if r, ok := st.auth().(Refresher); ok && r.Refused(out) {
				st.reauth, st.renewed = true, true
			}
		}
		resp.Body = http.NoBody
		return resp, nil
	}
}

func (st *state) auth() Authorizer {
	if st.call.Auth != nil {
		return st.call.Auth
	}
	return st.client.auth
}

// prepare builds the attempt's own request: nothing of it is shared with another attempt.
func (st *state) prepare(ctx context.Context, req *http.Request, u *url.URL) (*http.Request, error) {
	out := req.WithContext(ctx)
	one := &struct {
		url    url.URL
		values [3]string
	}{url: *u}
	out.URL, out.Host = &one.url, one.url.Host
	h := make(http.Header, 8)
	if u == req.URL || origin(u) == origin(req.URL) {
		maps.Copy(h, req.Header) // a caller's cookies, which belong to the host that was asked
	}
	accept := st.call.Accept
	if accept == "" {
		accept = "application/json"
	}
	// Each value is a slice of its own, which grows away from its neighbours.
	value := func(i int, v string) []string {
		one.values[i] = v
		return one.values[i : i+1 : i+1]
	}
	h["Accept"] = value(0, accept)
	h["User-Agent"] = value(1, st.agent)
	maps.Copy(h, st.client.header)
	maps.Copy(h, st.call.Header)
	out.Header = h
	body := st.call.Body
	if body != nil {
		if body.ContentType != "" {
			h["Content-Type"] = value(2, body.ContentType)
		}
		out.ContentLength = body.Size()
		if out.ContentLength == 0 {
			out.Body = http.NoBody
		}
	}
	// A credential goes to configured origins only, wherever the URL came from.
	if st.client.Configured(out.URL) {
		if err := st.auth().Authorize(ctx, out, body); err != nil {
			return nil, st.authFault(err)
		}
	} else if body != nil {
		return nil, kyc.Invalid(st.client.vendor, st.call.Operation.Name, "the URL is not of a configured host")
	}
	if body != nil && out.Body == nil {
		rc, err := body.Open()
		if err != nil {
			return nil, &kyc.Error{Vendor: st.client.vendor, Operation: st.call.Operation.Name, Kind: kyc.ErrInvalid, Err: err, Detail: "the file or body cannot be opened"}
		}
		out.Body = rc
		if body.data != nil {
			out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body.data)), nil }
		}
	}
	st.client.onceOnly(st.auth(), out)
	return out, nil
}

func (st *state) authFault(err error) error {
	var e *kyc.Error
	if errors.As(err, &e) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &kyc.Error{Vendor: st.client.vendor, Operation: st.call.Operation.Name, Kind: kyc.ErrUnauthorized, Err: err, Detail: "the call could not be authorised or signed"}
}

const maxRedirects = 5

var errRedirect = errors.New("redirected where it may not go")

// redirect returns where a download goes on, nil where resp is the answer. Every other call takes a
// redirect as a fault: a result read elsewhere must not decide.
func (st *state) redirect(out *http.Request, resp *http.Response, hop int) (*url.URL, error) {
	switch resp.StatusCode {
	case 301, 302, 303, 307, 308:
	default:
		return nil, nil
	}
	if !st.call.Follow || st.call.Method != http.MethodGet {
		return nil, nil
	}
	next, err := out.URL.Parse(resp.Header.Get("Location"))
	if err != nil || resp.Header.Get("Location") == "" || hop >= maxRedirects || next.User != nil ||
		(next.Scheme != "https" && next.Scheme != out.URL.Scheme) || next.Host == "" {
		return nil, errRedirect
	}
	return next, nil
}
