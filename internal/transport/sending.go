package transport

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// sending is what net/http tells of one request on its way. It shows whether a byte may have gone out, and it notices when
// net/http sends the request again by itself, which no limiter has paid for.
type sending struct {
	host    string
	limiter kyc.Limiter
	cancel  context.CancelCauseFunc
	once    bool // there must be no second sending
	trace   httptrace.ClientTrace

	mu      sync.Mutex // a transport of the caller's may use goroutines
	asked   bool       // a connection was looked for
	got     bool       // and found
	wrote   bool       // the request's headers have begun to go out
	again   int        // sendings after the first
	refused error      // by the limiter, for one of those
}

// maxAgain is how often net/http may send a read again within one attempt, as it does when a kept connection has ended. The
// retry loop, which waits in between, does the rest.
const maxAgain = 1

var (
	errAgain  = errors.New("the request would have been sent once more")
	errAnswer = errors.New("the transport returned neither a whole answer nor an error")
)

// send sends one request and notes whether it may have gone out.
func (st *state) send(ctx context.Context, out *http.Request) (*http.Response, error) {
	s := &sending{host: out.Host, limiter: st.limiter(), cancel: st.cancel, once: st.call.Operation.Class != Safe}
	if _, ok := st.auth().(SingleUse); ok {
		s.once = true
	}
	s.trace = httptrace.ClientTrace{
		GetConn: s.getConn, WroteHeaderField: s.wroteField,
		GotConn: func(httptrace.GotConnInfo) { s.gotConn(ctx) },
	}
	resp, err := answered(st.base(), out.WithContext(httptrace.WithClientTrace(ctx, &s.trace)))

	s.mu.Lock()
	defer s.mu.Unlock()
	st.sent += s.again
	st.touched = st.touched || s.mayHaveLeft(out, err)
	st.wire = st.wire || st.touched
	switch {
	case err == nil:
		return resp, nil
	case errors.Is(context.Cause(ctx), errAttemptTimeout):
		return nil, err
	case s.refused != nil:
		return nil, st.refuse(st.limited(s.refused))
	case errors.Is(context.Cause(ctx), errAgain):
		return nil, errAgain
	}
	return nil, err
}

// answered holds a caller's transport to what net/http's own promises: an answer with a body, or an error.
func answered(rt http.RoundTripper, out *http.Request) (*http.Response, error) {
	resp, err := rt.RoundTrip(out)
	switch {
	case err != nil:
		return nil, err
	case resp == nil, resp.Body == nil && resp.ContentLength > 0 && out.Method != http.MethodHead:
		return nil, errAnswer
	case resp.Body == nil:
		own := *resp
		own.Body = http.NoBody
		return &own, nil
	}
	return resp, nil
}

// mayHaveLeft reports whether the server may have had the request, or a part of it.
func (s *sending) mayHaveLeft(out *http.Request, err error) bool {
	switch {
	case err == nil:
		return true
	case declined(err):
		return false
	case s.asked:
		return s.got
	default:
		// The transport is none of net/http's; the error has to tell.
		return !unsent(out, err)
	}
}

func (s *sending) getConn(string) {
	s.mu.Lock()
	s.asked = true
	s.mu.Unlock()
}

// wroteField knows the request by its host: a transport of the caller's may ask others for something first.
func (s *sending) wroteField(key string, value []string) {
	if (key == "Host" || key == ":authority") && len(value) == 1 && value[0] == s.host {
		s.mu.Lock()
		s.wrote = true
		s.mu.Unlock()
	}
}

// gotConn is called before the request is written to a connection. With HTTP/2, the context's end then keeps it from being
// written. With HTTP/1 it comes too late; but there net/http repeats only reads, and what has no body and an idempotency key
// of the caller's transport.
func (s *sending) gotConn(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = true
	switch {
	case !s.wrote:
	case s.once, s.again == maxAgain:
		s.cancel(errAgain)
	default:
		s.again++
		if s.limiter == nil {
			return
		}
		s.mu.Unlock()
		err := s.limiter.Wait(ctx)
		s.mu.Lock()
		if err != nil {
			s.refused = err
			s.cancel(errAgain)
		}
	}
}

// declined reports whether a server has said, in HTTP/2's own words, that it did not process the request: by the reset that
// means so, or by the number of the last stream in its GOAWAY. Either is final here, since net/http cannot send the body
// again; it has no error value for it.
func declined(err error) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		text, ok := strings.CutPrefix(err.Error(), "http2: Transport: cannot retry err [")
		if !ok {
			continue
		}
		text, _, ok = strings.Cut(text, "] after Request.Body was written")
		return ok && (text == "http2: Transport received Server's graceful shutdown GOAWAY" ||
			strings.HasPrefix(text, "stream error: stream ID ") && strings.HasSuffix(text, "; REFUSED_STREAM; received from peer"))
	}
	return false
}
