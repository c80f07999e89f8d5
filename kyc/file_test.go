package kyc

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "face.jpg")
	if err := os.WriteFile(path, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]File{
		"bytes": FileBytes("face.jpg", "image/jpeg", []byte("12345")), "at": FileAt(path),
		"reader at": FileReaderAt("face.jpg", "image/jpeg", strings.NewReader("1234567"), 5),
		"reader":    FileReader("face.jpg", "image/jpeg", strings.NewReader("1234567"), 5),
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
