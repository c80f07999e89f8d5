package kyc

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func TestFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "face.jpg")
	if err := os.WriteFile(path, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]File{
		"bytes": FileBytes("face.jpg", "image/jpeg", []byte("12345")), "at": FileAt(path),
		"reader at": FileReaderAt("face.jpg", "image/jpeg", strings.NewReader("1234567"), 5),
		"reader":    FileReader("face.jpg", "image/jpeg", strings.NewReader("12345"), 5),
	} {
		size, err := f.Size()
		if err != nil || size != 5 || f.Name() != "face.jpg" || f.ContentType() != "image/jpeg" || f.IsZero() || f.Reopenable() != (name != "reader") {
			t.Errorf("%s: size %d, %v, %s %s", name, size, err, f.Name(), f.ContentType())
		}
		for i := range 2 {
			rc, err := f.Open()
			if name == "reader" && i == 1 {
				if !errors.Is(err, ErrFileConsumed) {
					t.Errorf("opened twice: %v", err)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(rc); string(b) != "12345" || err != nil || rc.Close() != nil {
				t.Errorf("%s: %q, %v", name, b, err)
			}
		}
	}
	if f := FileAt(path).WithName("other").WithContentType("a/b"); f.Name() != "other" || f.ContentType() != "a/b" {
		t.Error("WithName or WithContentType")
	}
}

func TestFileFaults(t *testing.T) {
	dir := t.TempDir()
	for name, f := range map[string]File{
		"zero": {}, "missing": FileAt(filepath.Join(dir, "Jane Doe.jpg")), "no reader": FileReader("a", "", nil, 1), "no reader at": FileReaderAt("a", "", nil, 1),
	} {
		if _, err := f.Open(); err == nil || strings.Contains(err.Error(), "Jane") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := FileAt(dir).Size(); err == nil {
		t.Error("a folder has a size")
	}
	if _, err := FileAt(filepath.Join(dir, "Jane")).Size(); !errors.Is(err, os.ErrNotExist) || strings.Contains(err.Error(), "Jane") {
		t.Errorf("missing: %v", err)
	}
}

// A reader that is not as long as was said must not give a cut file, however it hands out its bytes.
func TestFileReaderIsAsLongAsItSays(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct {
		source string
		size   int64
		most   int // bytes that may be read
		want   error
	}{
		{"12345", 5, 5, nil}, {"", 0, 0, nil}, {"12345", -1, 5, nil},
		{"12345", 4, 3, ErrInvalid}, {"1", 0, 0, ErrInvalid}, {"12345", 1, 0, ErrInvalid},
		{"12345", 6, 5, ErrInvalid}, {"", 1, 0, ErrInvalid},
	} {
		for name, wrap := range map[string]func(io.Reader) io.Reader{
			"whole": func(r io.Reader) io.Reader { return r }, "bytes": iotest.OneByteReader, "end with data": iotest.DataErrReader, "halves": iotest.HalfReader,
		} {
			rc, err := FileReader("a", "", wrap(strings.NewReader(tt.source)), tt.size).Open()
			if err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(rc); len(b) > tt.most || !strings.HasPrefix(tt.source, string(b)) || !errors.Is(err, tt.want) {
				t.Errorf("%s, %q as %d bytes: %q, %v", name, tt.source, tt.size, b, err)
			}
			if b, err := io.ReadAll(rc); len(b) > 0 || !errors.Is(err, tt.want) {
				t.Errorf("%s, %q as %d bytes, read on: %q, %v", name, tt.source, tt.size, b, err)
			}
		}
	}
	rc, err := FileReader("a", "", io.MultiReader(strings.NewReader("12"), iotest.ErrReader(broken)), 5).Open()
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(rc); string(b) != "12" || !errors.Is(err, broken) {
		t.Errorf("%q, %v", b, err)
	}
}
