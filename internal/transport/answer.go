package transport

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

var (
	errTooLong = errors.New("the answer is longer than the cap")
	errSink    = errors.New("the writer failed")
)

// read takes the whole answer: into one buffer that is both decoded and kept, or on to the caller's writer.
func (st *state) read(ctx context.Context, resp *http.Response, timer *time.Timer) error {
	a := &st.received
	*a = Answer{StatusCode: resp.StatusCode, Header: resp.Header, RequestID: st.client.requestID(resp.Header), Attempts: st.sent}
	st.answer = a
	if st.call.Sink != nil && resp.StatusCode/100 == 2 && resp.StatusCode != http.StatusNoContent {
		return st.download(ctx, resp, timer)
	}
	limit := st.call.MaxBody
	if limit <= 0 {
		limit = st.settings.MaxBody
	}
	if limit <= 0 {
		limit = defaultMaxBody
	}
	failed := !st.accepted(resp.StatusCode)
	if failed {
		limit = maxErrorBody
	}
	if st.call.Method == http.MethodHead {
		resp.ContentLength = 0 // it tells the length that the answer to a GET would have
	}
	body, err := readAll(resp, limit)
	if errors.Is(err, errTooLong) && failed {
		err = nil
	}
	if err != nil && failed && resp.StatusCode != 0 {
		// The status is the fault already; a broken body adds nothing to it.
		err = nil
	}
	st.body, a.Body = body, body
	return err
}

func (st *state) accepted(status int) bool {
	return status/100 == 2 || (st.call.AllowStatus != nil && st.call.AllowStatus(status))
}

// readAll reads at most limit bytes into one buffer of the right size. With errTooLong it returns what fits.
func readAll(resp *http.Response, limit int64) ([]byte, error) {
	n := resp.ContentLength
	if n > limit {
		n = limit
	}
	if n >= 0 {
		buf := make([]byte, n)
		m, err := io.ReadFull(resp.Body, buf)
		if err != nil {
			if errors.Is(err, io.EOF) && n > 0 {
				err = io.ErrUnexpectedEOF
			}
			return buf[:m], err
		}
		if resp.ContentLength > limit {
			return buf, errTooLong
		}
		return buf, nil
	}
	// The length is not known where the transport unpacks gzip; most answers fit in this.
	var b bytes.Buffer
	b.Grow(32 << 10)
	_, err := b.ReadFrom(io.LimitReader(resp.Body, limit+1))
	if int64(b.Len()) > limit {
		return b.Bytes()[:limit], errTooLong
	}
	return b.Bytes(), err
}

// download copies to the caller's writer. The attempt's time starts anew with every piece: a long file is not a slow one.
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
			if _, werr := st.call.Sink.Write(buf[:n]); werr != nil {
				return st.refuse(&kyc.Error{
					Vendor: st.client.vendor, Operation: st.call.Operation.Name, Attempts: st.sent, Kind: kyc.ErrInvalid,
					Err: errors.Join(errSink, werr), Detail: "the writer that takes the download failed",
				})
			}
			timer.Reset(timeout)
			st.written += int64(n)
			st.answer.Written = st.written
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}
