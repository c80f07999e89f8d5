package transport

import (
	"bytes"
	"cmp"
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
	renewed bool  // that has happened once already
	local   error // a fault on this side, which no repeat would change
	failure error // the fault of the last exchange
	wait    time.Duration
	acted   bool                    // the vendor may have acted on an attempt that was given up
	touched bool                    // a byte of the last attempt's request may have gone out
	wire    bool                    // the same of any attempt
	doubt   bool                    // the text of the error has to say whether the vendor may have acted
	cancel  context.CancelCauseFunc // ends the attempt
	upload  *upload                 // the attempt's body, if it is not in memory
	answer  *Answer
	written int64
	body    []byte

	// What every call needs is allocated together, not piece by piece.
	own      Call
	received Answer
	loop     retryablehttp.Client
	request  retryablehttp.Request
}

// attempts is the http.RoundTripper below the retry loop: one request, made anew from the limiter to the last byte of the answer.
// It deliberately has no CloseIdleConnections: the loop would call it for every call that it gives up, and the pool is shared.
type attempts struct{}

// RoundTrip returns an answer without a body; what was read is in the state.
func (attempts) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	st := ctx.Value(stateKey{}).(*state)
	st.answer, st.failure, st.wait, st.reauth, st.body, st.touched, st.upload = nil, nil, 0, false, nil, false, nil

	if err := ctx.Err(); err != nil {
		return nil, st.refuse(err)
	}
	if limiter := st.limiter(); limiter != nil {
		if err := limiter.Wait(ctx); err != nil {
			return nil, st.refuse(st.limited(err))
		}
	}
	began := time.Now()
	ctx, cancel := context.WithCancelCause(ctx)
	st.cancel = cancel
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

// limiter returns what each sending has to wait for, nil for nothing.
func (st *state) limiter() kyc.Limiter {
	if st.settings.Limiter != nil {
		return st.settings.Limiter
	}
	return st.call.Limiter
}

// refuse ends the call for a fault on this side.
func (st *state) refuse(err error) error {
	st.local = err
	return err
}

func (st *state) limited(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	if e, ok := errors.AsType[*kyc.Error](err); ok && e.Detail != "" && (e.Kind == kyc.ErrInvalid || e.Kind == kyc.ErrRateLimited || e.Kind == kyc.ErrUnavailable) { //nolint:errorlint // Kind wraps nothing.
		own := st.fault(e.Kind, foreign(err), e.Detail)
		own.RetryAfter = e.RetryAfter
		return own
	}
	// x/time/rate has no error value for a wait that would be too long.
	if late := errors.Is(err, context.DeadlineExceeded); late || strings.Contains(err.Error(), "would exceed context deadline") {
		if !late {
			err = errors.Join(err, context.DeadlineExceeded)
		}
		return st.fault(kyc.ErrRateLimited, foreign(err), "the call would have to wait for the client's own rate limit beyond its deadline")
	}
	return st.fault(kyc.ErrUnavailable, foreign(err), "the limiter failed; nothing was sent in this attempt")
}

// exchange authorises, sends and reads, following a download's redirects.
func (st *state) exchange(ctx context.Context, req *http.Request, timer *time.Timer) (*http.Response, error) {
	u := req.URL
	for hop := 0; ; hop++ {
		out, err := st.prepare(ctx, req, u)
		if err != nil {
			return nil, st.refuse(err)
		}
		if hop == 0 {
			st.sent++
		}
		resp, err := st.send(ctx, out)
		if err != nil {
			if cause := st.upload.fault(); cause != nil && st.local == nil {
				err = st.refuse(st.fault(kyc.ErrInvalid, foreign(cause), badSource))
			}
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
		// http.Client follows a Location, and keeps cookies for the host that was asked first.
		back := &http.Response{StatusCode: resp.StatusCode, Body: http.NoBody}
		if cookies := resp.Header["Set-Cookie"]; len(cookies) > 0 && Origin(out.URL) == Origin(req.URL) {
			back.Header = http.Header{"Set-Cookie": cookies}
		}
		return back, nil
	}
}

const badSource = "the file could not be read to its end, or is not as long as its size says"

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
	if u == req.URL || Origin(u) == Origin(req.URL) {
		maps.Copy(h, req.Header) // a caller's cookies, which belong to the host that was asked
	}
	// Each value is a slice of its own, which grows away from its neighbours.
	value := func(i int, v string) []string {
		one.values[i] = v
		return one.values[i : i+1 : i+1]
	}
	h["Accept"] = value(0, cmp.Or(st.call.Accept, "application/json"))
	h["User-Agent"] = value(1, st.agent)
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
		return nil, st.fault(kyc.ErrInvalid, nil, "the URL's host is not a configured one")
	}
	if body != nil && out.Body == nil {
		rc, err := body.Open()
		if err != nil {
			return nil, st.fault(kyc.ErrInvalid, err, "the file or body cannot be opened")
		}
		out.Body = rc
		st.upload, _ = rc.(*upload)
		// net/http sends a request that it can rewind again by itself, over HTTP/2 even one that the server has read.
		if body.data != nil && st.call.Operation.Class == Safe {
			out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body.data)), nil }
		}
	}
	st.client.onceOnly(st.auth(), out)
	return out, nil
}

func (st *state) authFault(err error) error {
	if has[*kyc.Error](err) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if has[*sourceError](err) {
		return st.fault(kyc.ErrInvalid, foreign(err), badSource)
	}
	return st.fault(kyc.ErrUnauthorized, foreign(err), "the call could not be authorised or signed")
}

const maxRedirects = 5

var errRedirect = errors.New("redirected to where it must not go")

// redirect returns where a download continues, and nil if resp is the answer. For every other call a
// redirect is a fault: a result read elsewhere must not decide.
func (st *state) redirect(out *http.Request, resp *http.Response, hop int) (*url.URL, error) {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
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
