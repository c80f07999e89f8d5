package transport

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

var (
	errTooLong = errors.New("the answer is longer than the cap")
	errLonger  = errors.New("the answer is longer than it announced")
	errPartial = errors.New("the answer is a part")
	errNothing = errors.New("the answer is empty")
	errSink    = errors.New("the writer failed")
)

// read takes in the whole answer: into one buffer that is both decoded and kept, or on to the caller's writer.
func (st *state) read(ctx context.Context, resp *http.Response, timer *time.Timer) error {
	a := &st.received
	*a = Answer{StatusCode: resp.StatusCode, Header: resp.Header, RequestID: requestID(resp.Header), Attempts: st.sent, mayAct: st.call.Operation.Class != Safe}
	st.answer = a
	switch {
	case st.call.Method == http.MethodHead:
		return nil // its length is that of the answer to a GET
	case st.call.Sink == nil || resp.StatusCode/100 != 2:
	case resp.StatusCode == http.StatusNoContent && !st.call.EmptyOK:
		return errNothing
	case resp.StatusCode == http.StatusPartialContent:
		return errPartial // the request names no range
	case resp.StatusCode != http.StatusNoContent:
		return st.download(ctx, resp, timer)
	}
	limit := cmp.Or(st.settings.MaxBody, st.call.MaxBody, defaultMaxBody)
	failed := !st.accepted(resp.StatusCode)
	if failed {
		limit = maxErrorBody
	}
	body, err := readAll(resp, limit)
	if failed {
		// The status is the fault already; a body that is too long or broken adds nothing to it.
		err = nil
	}
	st.body, a.Body = body, body
	return err
}

func (st *state) accepted(status int) bool {
	return status/100 == 2 || (st.call.AllowStatus != nil && st.call.AllowStatus(status))
}

// readAll reads to the end, but at most limit bytes, into one buffer of the right size. Along with errTooLong it returns what
// fits. A caller's transport may leave the length at 0 or announce less than there is; what more there is must not be lost.
func readAll(resp *http.Response, limit int64) ([]byte, error) {
	n := resp.ContentLength
	switch {
	case resp.Body == http.NoBody:
		return nil, nil
	case n > limit:
		buf, err := readFull(resp.Body, make([]byte, limit))
		return buf, cmp.Or(err, errTooLong)
	case n > 0:
		buf, err := readFull(resp.Body, make([]byte, n, n+1))
		if err != nil {
			return buf, err
		}
		if more, err := readFull(resp.Body, buf[n:n+1]); len(more) > 0 || !errors.Is(err, io.ErrUnexpectedEOF) {
			return buf, cmp.Or(err, errLonger)
		}
		return buf, nil
	}
	var b bytes.Buffer
	if n < 0 {
		// The length is not known when the transport unpacks gzip; most answers fit in this.
		b.Grow(32 << 10)
	}
	_, err := b.ReadFrom(io.LimitReader(resp.Body, limit+1))
	if int64(b.Len()) > limit {
		return b.Bytes()[:limit], errTooLong
	}
	return b.Bytes(), err
}

// readFull fills buf; an end before that is an unexpected one.
func readFull(r io.Reader, buf []byte) ([]byte, error) {
	n, err := io.ReadFull(r, buf)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return buf[:n], err
}

// download copies to the caller's writer. The attempt's time starts again with every piece: a long file is not a slow one.
func (st *state) download(ctx context.Context, resp *http.Response, timer *time.Timer) error {
	if st.call.SinkHeader != nil {
		if err := st.call.SinkHeader(st.answer); err != nil {
			return st.refuse(err)
		}
	}
	timeout := st.timeout()
	buf := make([]byte, 32<<10)
	for {
		n, err := resp.Body.Read(buf)
		if n > 0 {
			timer.Stop() // a writer may take its time
			m, werr := st.call.Sink.Write(buf[:n])
			if werr == nil && m != n {
				werr = io.ErrShortWrite
			}
			if werr != nil {
				return st.refuse(&kyc.Error{
					Vendor: st.client.vendor, Operation: st.call.Operation.Name, Attempts: st.sent, Kind: kyc.ErrInvalid,
					Err: errors.Join(errSink, foreign(werr)), Detail: "the writer that takes the download failed",
				})
			}
			timer.Reset(timeout)
			st.written += int64(n)
			st.answer.Written = st.written
		}
		if errors.Is(err, io.EOF) {
			return st.downloaded(resp.ContentLength)
		}
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// downloaded holds a download that came to its end against its announced length, which net/http does for its own answers.
func (st *state) downloaded(length int64) error {
	switch {
	case length > 0 && st.written < length:
		return io.ErrUnexpectedEOF
	case length > 0 && st.written > length:
		return errLonger
	case st.written == 0:
		return errNothing
	default:
		return nil
	}
}
