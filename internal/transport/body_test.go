package transport

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// pattern is a reader of any length that holds no memory.
type pattern struct{}

func (pattern) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		p[i] = byte((off + int64(i)) * 31)
	}
	return len(p), nil
}

func TestUploadTwoAttemptsConstantMemory(t *testing.T) {
	const size = 64 << 20
	want := sha256.New()
	_, _ = io.Copy(want, io.NewSectionReader(pattern{}, 0, size))
	var sums [][]byte
	var lengths []int64
	c, call := serve(t, func(w http.ResponseWriter, r *http.Request) {
		lengths = append(lengths, r.ContentLength)
		mr, err := r.MultipartReader()
		if err != nil {
			t.Error(err)
			return
		}
		p, err := mr.NextPart()
		if err != nil {
			t.Error(err)
			return
		}
		h := sha256.New()
		_, _ = io.Copy(h, p)
		sums = append(sums, h.Sum(nil))
		if p.FormName() != "file" || p.FileName() != "big.bin" || p.Header.Get("Content-Type") != "image/png" {
			t.Errorf("part %v", p.Header)
		}
		if len(sums) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}, Config{Options: []kyc.Option{fast}})
	body, err := MultipartBody(Field{Name: "file", File: kyc.FileReaderAt("big.bin", "image/png", pattern{}, size)})
	if err != nil {
		t.Fatal(err)
	}
	call.Method, call.Body = http.MethodPut, body
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	if _, err := c.Do(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n >= 1<<20 {
		t.Errorf("allocated %d bytes for client and server together", n)
	}
	if len(sums) != 2 || !bytes.Equal(sums[0], want.Sum(nil)) || !bytes.Equal(sums[1], want.Sum(nil)) {
		t.Errorf("%d uploads; the bytes differ from the file's", len(sums))
	}
	for _, n := range lengths {
		if n != body.Size() {
			t.Errorf("Content-Length %d, want %d", n, body.Size())
		}
	}
}

func TestMultipartLengthIsExact(t *testing.T) {
	path := filepath.Join(t.TempDir(), "on disk.jpg")
	if err := os.WriteFile(path, []byte("disk"), 0o600); err != nil {
		t.Fatal(err)
	}
	body, err := MultipartBody(
		Field{Name: "first", Text: "one"},
		Field{Name: "a", File: kyc.FileBytes("a\"; x=\"\\.png", "image/png", []byte("aaaa"))},
		Field{Name: "b", File: kyc.FileAt(path)},
		Field{Name: "last", Text: "end"},
	)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		rc, err := body.Open()
		if err != nil {
			t.Fatal(err)
		}
		all, err := io.ReadAll(rc)
		if err != nil || int64(len(all)) != body.Size() || rc.Close() != nil {
			t.Fatalf("%d bytes, declared %d, %v", len(all), body.Size(), err)
		}
		_, params, _ := mime.ParseMediaType(body.ContentType)
		form, err := multipart.NewReader(bytes.NewReader(all), params["boundary"]).ReadForm(1 << 20)
		if err != nil {
			t.Fatal(err)
		}
		if form.Value["first"][0] != "one" || form.Value["last"][0] != "end" || form.File["b"][0].Filename != "on disk.jpg" || len(form.File["a"]) != 1 {
			t.Errorf("form %v %v", form.Value, form.File)
		}
		if name := form.File["a"][0].Filename; name != "a\"; x=\"\\.png" {
			t.Errorf("file name %q", name)
		}
	}
}

func TestMultipartFaults(t *testing.T) {
	if _, err := MultipartBody(Field{Name: "f", File: kyc.FileAt(filepath.Join(t.TempDir(), "no passport of Jane Doe.jpg"))}); err == nil || strings.Contains(err.Error(), "Jane") {
		t.Errorf("missing file: %v", err)
	}
	for _, f := range []kyc.File{
		kyc.FileBytes("", "image/png", nil), kyc.FileBytes("a\r\nX-Evil: 1", "image/png", nil), kyc.FileBytes("a\x00", "image/png", nil),
		kyc.FileBytes("a\xff", "image/png", nil), kyc.FileBytes("a", "image/png\r\nX-Evil: 1", nil), kyc.FileBytes("a", "image", nil).WithContentType("not a type"),
	} {
		if _, err := MultipartBody(Field{Name: "f", File: f}); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("a name or type that breaks the form is accepted: %v", err)
		}
	}
	b, err := MultipartBody(Field{Name: "f", File: kyc.FileReader("a", "", strings.NewReader("abc"), -1)})
	if err != nil || b.Size() != -1 || b.Replayable() {
		t.Fatalf("size %d, replayable %v, %v", b.Size(), b.Replayable(), err)
	}
	rc, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	_ = rc.Close()
	if _, err := b.Open(); !errors.Is(err, kyc.ErrFileConsumed) {
		t.Errorf("second opening: %v", err)
	}
}
