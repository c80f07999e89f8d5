package transmit

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestBase64Body(t *testing.T) {
	for _, size := range []int{0, 1, 2, 3, 4, 3<<12 - 1, 3 << 12, 3<<12 + 1, 100_000} {
		data := bytes.Repeat([]byte{0xfb, 0x01, 0x7f}, size/3+1)[:size]
		for name, wrap := range map[string]func(io.Reader) io.Reader{
			"whole": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader, "halves": iotest.HalfReader, "error with data": iotest.DataErrReader,
		} {
			file := kyc.FileReader("a.jpg", "image/jpeg", wrap(bytes.NewReader(data)), int64(size))
			body, err := base64Body("test", file, func(content string) any {
				return FaceAuthRequest{Reference: RawImage{Type: RawImageTypeRaw, Content: content, DataFormat: FormatJPG}}
			})
			if err != nil {
				t.Fatal(err)
			}
			rc, err := body.Open()
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(rc)
			if err != nil || int64(len(got)) != body.Size() {
				t.Fatalf("%d bytes, %s: %d read, %d declared, %v", size, name, len(got), body.Size(), err)
			}
			var back FaceAuthRequest
			if err := kyc.Unmarshal(got, &back); err != nil {
				t.Fatal(err)
			}
			if back.Reference.Content != base64.StdEncoding.EncodeToString(data) {
				t.Errorf("%d bytes, %s: the content differs", size, name)
			}
		}
	}
}

func TestBase64BodyFails(t *testing.T) {
	broken := errors.New("broken")
	file := kyc.FileReader("a.jpg", "image/jpeg", iotest.ErrReader(broken), 10)
	body, err := base64Body("test", file, func(content string) any { return RawImage{Content: content} })
	if err != nil {
		t.Fatal(err)
	}
	rc, err := body.Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(rc); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if _, err := body.Open(); !errors.Is(err, kyc.ErrFileConsumed) {
		t.Errorf("opened twice: %v", err)
	}
	if _, err := base64Body("test", file, func(string) any { return RawImage{} }); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("no place for the image: %v", err)
	}
}

// However the answer is cut into pieces, the same base64 comes out.
func FuzzBase64Filter(f *testing.F) {
	f.Add([]byte(`"data:image/jpg;base64,QUJD"`), 3)
	f.Add([]byte("QUJD\r\nREVG"), 1)
	f.Add([]byte(`"\/9j="`), 2)
	f.Fuzz(func(t *testing.T, text []byte, step int) {
		if step < 1 || step > 1000 {
			return
		}
		run := func(step int) (string, bool) {
			var out bytes.Buffer
			filter := &base64Filter{w: &out}
			for rest := text; len(rest) > 0; {
				n := min(step, len(rest))
				if _, err := filter.Write(rest[:n]); err != nil {
					return "", false
				}
				rest = rest[n:]
			}
			return out.String(), filter.close() == nil
		}
		whole, ok := run(len(text) + 1)
		cut, cutOK := run(step)
		if ok != cutOK && len(text) <= maxDataHead || ok && cutOK && whole != cut {
			t.Fatalf("%q: %q, %v; in pieces of %d: %q, %v", text, whole, ok, step, cut, cutOK)
		}
		for i := range len(whole) {
			if !isBase64(whole[i]) {
				t.Fatalf("%q gives %q", text, whole)
			}
		}
	})
}

func FuzzJPEGSize(f *testing.F) {
	f.Add([]byte{0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 17, 8, 1, 224, 2, 128})
	f.Fuzz(func(t *testing.T, data []byte) {
		w, h, err := jpegSize(bufio.NewReader(bytes.NewReader(data)))
		if err == nil && (w < 0 || w > 65535 || h < 0 || h > 65535) {
			t.Fatal(w, h)
		}
	})
}
