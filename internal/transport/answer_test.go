package transport

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestBrokenAnswersNeverDecode(t *testing.T) {
	gz := func(s string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = io.WriteString(w, s)
		_ = w.Close()
		return b.String()
	}
	tests := []struct {
		name  string
		write func(w http.ResponseWriter)
	}{
		{"truncated", func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"name":"x"}`)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}},
		{"truncated chunked", func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"name":"x"}`)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}},
		{"gzip cut", func(w http.ResponseWriter) {
			body := gz(`{"name":"x"}`)
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, body[:len(body)-6])
		}},
		{"gzip lies", func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, `{"name":"x"}`)
		}},
		{"gzip not to be unpacked", func(w http.ResponseWriter) {
			body := []byte(gz(`{"name":"x"}`))
			body[10] ^= 0xff // the first byte behind the header
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(body)
		}},
		{"gzip damaged", func(w http.ResponseWriter) {
			body := []byte(gz(`{"name":"x"}`))
			body[12] ^= 0xff
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(body)
		}},
		{"too long", func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"name":"`+strings.Repeat("x", 2000)+`"}`) }},
		{"too long chunked", func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"name":"`)
			w.(http.Flusher).Flush()
			_, _ = io.WriteString(w, strings.Repeat("x", 2000)+`"}`)
		}},
		{"gzip bomb", func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, gz(`{"name":"`+strings.Repeat("x", 2000)+`"}`))
		}},
		{"not JSON", func(w http.ResponseWriter) { _, _ = io.WriteString(w, `<html>`) }},
		{"empty", func(http.ResponseWriter) {}},
		{"member twice", func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"name":"x","name":"y"}`) }},
		{"bad UTF-8", func(w http.ResponseWriter) { _, _ = io.WriteString(w, "{\"name\":\"\xff\"}") }},
		{"trailing bytes", func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"name":"x"}{}`) }},
		{"deep nesting", func(w http.ResponseWriter) { _, _ = io.WriteString(w, strings.Repeat("[", 900)) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, call := serve(t, func(w http.ResponseWriter, _ *http.Request) { tt.write(w) }, Config{Options: []kyc.Option{kyc.WithMaxBody(1000), fast}})
			var out thing
			call.Out = &out
			a, err := c.Do(t.Context(), call)
			if !errors.Is(err, kyc.ErrMalformed) || a != nil || out.Name != "" || out.RawJSON() != nil {
				t.Errorf("got %v, name %q", err, out.Name)
			}
			if err != nil && strings.Contains(err.Error(), "hidden") {
				t.Errorf("text %q", err)
			}
		})
	}
}

func TestGzipIsUnpacked(t *testing.T) {
	c, call := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, `{"name":"x"}`)
		_ = z.Close()
	}, Config{})
	var out thing
	call.Out = &out
	if a, err := c.Do(t.Context(), call); err != nil || out.Name != "x" || string(a.Body) != `{"name":"x"}` {
		t.Errorf("got %q, %v", out.Name, err)
	}
}

func TestDownload(t *testing.T) {
	n := 0
	c, call := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		n++
		switch n {
		case 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 2:
			w.Header().Set("Content-Type", "image/png")
			_, _ = io.WriteString(w, "bytes")
		default:
			w.Header().Set("Content-Length", strconv.Itoa(1<<20))
			_, _ = io.WriteString(w, strings.Repeat("x", 100<<10))
			panic(http.ErrAbortHandler)
		}
	}, Config{Options: []kyc.Option{fast}})
	var sink bytes.Buffer
	var contentType string
	call.Sink = &sink
	call.SinkHeader = func(a *Answer) error { contentType = a.Header.Get("Content-Type"); return nil }
	a, err := c.Do(t.Context(), call)
	if err != nil || sink.String() != "bytes" || a.Written != 5 || contentType != "image/png" || n != 2 {
		t.Errorf("%q, %v, %d requests", sink.String(), err, n)
	}
	// Once bytes went to the writer, nothing is sent again.
	if _, err := c.Do(t.Context(), call); !errors.Is(err, kyc.ErrMalformed) || n != 3 {
		t.Errorf("cut download: %v after %d requests", err, n)
	}
}

// slowWriter takes longer for each piece than an attempt may last.
type slowWriter struct{ bytes.Buffer }

func (w *slowWriter) Write(p []byte) (int, error) {
	time.Sleep(time.Minute)
	return w.Buffer.Write(p)
}

func TestDownloadToSlowWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opt, s := stubbed(func(_ int, r *http.Request) (*http.Response, error) {
			a := reply(200, strings.Repeat("x", 100<<10))
			a.Body = io.NopCloser(&contextReader{r.Context(), strings.NewReader(strings.Repeat("x", 100<<10))})
			return a, nil
		})
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt}})
		var sink slowWriter
		call.Sink = &sink
		if _, err := c.Do(t.Context(), call); err != nil || sink.Len() != 100<<10 || s.n != 1 {
			t.Errorf("%d bytes, %d requests, %v", sink.Len(), s.n, err)
		}
	})
}

// contextReader fails when its request has ended, as a body does.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

func TestHead(t *testing.T) {
	c, call := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "1000") }, Config{Options: []kyc.Option{fast}})
	call.Method = http.MethodHead
	if a, err := c.Do(t.Context(), call); err != nil || a.StatusCode != 200 || len(a.Body) != 0 || a.Header.Get("Content-Length") != "1000" {
		t.Errorf("%v", err)
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("disk full at /home/jane") }

func TestDownloadToFailingWriter(t *testing.T) {
	c, call := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "bytes") }, Config{})
	call.Sink = failingWriter{}
	if _, err := c.Do(t.Context(), call); err == nil || !strings.Contains(err.Error(), "writer") || strings.Contains(err.Error(), "jane") {
		t.Errorf("got %v", err)
	}
}
