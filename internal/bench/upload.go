package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const mebibyte = 1 << 20

// sink is a server that takes uploads. The refuse counter makes it answer 503 so many times, in words of its own.
type sink struct {
	*httptest.Server
	refuse atomic.Int64
	digest bool // answer with the digest of the one file in the form
}

var sinkBuffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// newSink starts a server that speaks "http1", "tls" or "http2".
func newSink(protocol string) *sink {
	s := new(sink)
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.take))
	switch protocol {
	case "http1":
		s.Start()
	case "http2":
		s.EnableHTTP2 = true
		s.StartTLS()
	default:
		s.StartTLS()
	}
	return s
}

func (s *sink) take(w http.ResponseWriter, r *http.Request) {
	var body io.Reader = r.Body
	hash := sha256.New()
	if s.digest {
		form, err := r.MultipartReader()
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		part, err := form.NextPart()
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		body = io.TeeReader(part, hash)
	}
	buf := sinkBuffers.Get().(*[64 << 10]byte)
	defer sinkBuffers.Put(buf)
	// A writer without ReadFrom, so that the buffer is used.
	n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{body}, buf[:])
	if err != nil {
		return
	}
	if s.digest {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	if s.refuse.Add(-1) >= 0 {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"code":"BUSY"}`)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"size":%d,"sha256":%q,"length":%d}`, n, hex.EncodeToString(hash.Sum(nil)), r.ContentLength)
}

// received is the sink's answer.
type received struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	Length int64  `json:"length"`
}

// rawPost sends size bytes of r by net/http alone.
func rawPost(hc *http.Client, url string, r io.ReaderAt, size int64) error {
	req, err := http.NewRequest(http.MethodPost, url+"/upload", io.NewSectionReader(r, 0, size))
	if err != nil {
		return err
	}
	req.ContentLength = size
	req.Header.Set("Content-Type", "application/octet-stream")
	return drain(hc.Do(req))
}

func drain(resp *http.Response, err error) error {
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return errors.New("status " + strconv.Itoa(resp.StatusCode))
	}
	return nil
}

// uploadForm sends a file as a form, through the pipeline that all vendors' uploads take.
func uploadForm(c *transport.Client, base string, file kyc.File) (*received, error) {
	u, err := transport.ParseBase(base)
	if err != nil {
		return nil, err
	}
	body, err := transport.MultipartBody(transport.Field{Name: "file", File: file})
	if err != nil {
		return nil, err
	}
	var out received
	_, err = c.Do(context.Background(), transport.Call{
		Operation: transport.Operation{Name: "files.upload", Class: transport.IfNotProcessed}, Method: http.MethodPost,
		Base: u, Path: "/upload", Body: body, Out: &out,
	})
	return &out, err
}

// bufferPost is what most programs do: the form in memory.
func bufferPost(hc *http.Client, url, path string) error {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", "front.jpg")
	if err != nil {
		return err
	}
	if err := copyFile(part, path); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return drain(hc.Post(url+"/upload", w.FormDataContentType(), &b))
}

// pipePost writes the form while it is sent: little memory, no length, no repeat.
func pipePost(hc *http.Client, url, path string) error {
	r, pw := io.Pipe()
	w := multipart.NewWriter(pw)
	go func() {
		part, err := w.CreateFormFile("file", "front.jpg")
		if err == nil {
			err = copyFile(part, path)
		}
		if err == nil {
			err = w.Close()
		}
		_ = pw.CloseWithError(err)
	}()
	return drain(hc.Post(url+"/upload", w.FormDataContentType(), r))
}

func copyFile(w io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	_, err = io.Copy(w, struct{ io.Reader }{f})
	return err
}

// fastRetry keeps waits between attempts out of the figures.
var fastRetry = kyc.WithRetry(kyc.RetryPolicy{MinBackoff: 1, MaxBackoff: 2})

// uploadTime measures a file of 20 MiB on disk.
func uploadTime(protocol string) *group {
	const size = 20 * mebibyte
	dir, err := os.MkdirTemp("", "kyc-bench")
	must(err)
	path := filepath.Join(dir, "front.jpg")
	f, err := os.Create(path)
	must(err)
	_, err = io.Copy(f, io.NewSectionReader(image{size}, 0, size))
	must(err)
	srv := newSink(protocol)
	hc := srv.Client()
	c, err := client(srv.URL, hc, fastRetry)
	must(err)
	upload := func(refuse int64) func(n int) {
		return func(n int) {
			for range n {
				srv.refuse.Store(refuse)
				out, err := uploadForm(c, srv.URL, kyc.FileAt(path))
				must(err)
				if out.Size <= size {
					panic("the upload is short")
				}
			}
		}
	}
	times := func(f func() error) func(n int) {
		return func(n int) {
			for range n {
				srv.refuse.Store(0)
				must(f())
			}
		}
	}
	return &group{
		name: "Upload/" + protocol + "/20", slice: 60 * time.Millisecond, few: true,
		close: func() { srv.Close(); must(f.Close()); must(os.RemoveAll(dir)) },
		cases: []benchCase{
			{name: "raw_file", bytes: size, run: times(func() error { return rawPost(hc, srv.URL, f, size) })},
			{name: "sdk", bytes: size, run: upload(0)},
			{name: "sdk_retry_once", bytes: size, run: upload(1)},
			{name: "buffer", bytes: size, run: times(func() error { return bufferPost(hc, srv.URL, path) })},
			{name: "pipe", bytes: size, run: times(func() error { return pipePost(hc, srv.URL, path) })},
		},
	}
}

// watched is an image that looks at the heap while it is read.
type watched struct {
	image
	peak atomic.Uint64
}

const heapObjects = "/memory/classes/heap/objects:bytes"

func heapNow() uint64 {
	s := []metrics.Sample{{Name: heapObjects}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// ReadAt looks at the heap every 256 KiB or so.
func (w *watched) ReadAt(p []byte, off int64) (int, error) {
	if off%(256<<10) < int64(len(p)) {
		now := heapNow()
		for {
			old := w.peak.Load()
			if now <= old || w.peak.CompareAndSwap(old, now) {
				break
			}
		}
	}
	return w.image.ReadAt(p, off)
}

// peakHeap returns by how many MiB the heap grew while a file was uploaded in two attempts, of which the first was
// refused after its last byte. What the server needs is in it, and so is what no longer is used but not yet collected.
func peakHeap(protocol string, mib int64) (float64, error) {
	srv := newSink(protocol)
	defer srv.Close()
	c, err := client(srv.URL, srv.Client(), fastRetry)
	if err != nil {
		return 0, err
	}
	small := kyc.FileReaderAt("front.jpg", "image/jpeg", image{1 << 10}, 1<<10)
	if _, err := uploadForm(c, srv.URL, small); err != nil {
		return 0, err
	}
	best := -1.0
	for range 3 {
		srv.refuse.Store(1)
		runtime.GC()
		runtime.GC()
		before := heapNow()
		w := &watched{image: image{mib * mebibyte}}
		out, err := uploadForm(c, srv.URL, kyc.FileReaderAt("front.jpg", "image/jpeg", w, w.size))
		if err != nil {
			return 0, err
		}
		if out.Size <= w.size || srv.refuse.Load() != -1 {
			return 0, errors.New("the upload is short or was not repeated")
		}
		grown := float64(w.peak.Load()-min(before, w.peak.Load())) / mebibyte
		if best < 0 || grown < best {
			best = grown
		}
	}
	return best, nil
}
