package kyc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"mime"
	"os"
	"path/filepath"
	"sync/atomic"
)

// File is something to upload: a name, a content type and a source. A source
// that can be opened again lets a failed upload be repeated; each opening is
// independent. The zero File has no source and is refused.
type File struct {
	name, contentType string
	open              func() (io.ReadCloser, error)
	size              func() (int64, error)
	once              bool
}

// ErrFileConsumed is returned when a file made by [FileReader] is opened a
// second time.
var ErrFileConsumed = errors.New("kyc: the reader behind the file has already been read")

var errNoSource = errors.New("kyc: the file has no source")

// FileBytes returns a file held in memory. name is the file name that the vendor sees.
func FileBytes(name, contentType string, data []byte) File {
	return FileReaderAt(name, contentType, bytes.NewReader(data), int64(len(data)))
}

// FileReaderAt returns a file of the first size bytes of r, which must allow
// concurrent reads. What r holds beyond them is not sent.
func FileReaderAt(name, contentType string, r io.ReaderAt, size int64) File {
	return File{
		name: name, contentType: contentType,
		open: func() (io.ReadCloser, error) {
			if r == nil {
				return nil, errNoSource
			}
			return io.NopCloser(io.NewSectionReader(r, 0, size)), nil
		},
		size: func() (int64, error) { return size, nil },
	}
}

// FileAt returns the file at path. It is opened for each attempt, and its content
// type follows from its extension. The vendor sees its base name.
func FileAt(path string) File {
	return File{
		name: filepath.Base(path), contentType: mime.TypeByExtension(filepath.Ext(path)),
		open: func() (io.ReadCloser, error) {
			f, err := os.Open(path)
			if err != nil {
				return nil, fileError(err)
			}
			return f, nil
		},
		size: func() (int64, error) {
			info, err := os.Stat(path)
			if err != nil {
				return 0, fileError(err)
			}
			if !info.Mode().IsRegular() {
				return 0, errors.New("kyc: the path is not a regular file")
			}
			return info.Size(), nil
		},
	}
}

// fileError drops the path: people name scans after their customers.
func fileError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("kyc: open file: %w", err)
}

// FileReader returns a file that is read once, from where r stands, so its upload
// is never repeated. size is the number of bytes, or -1 if it is not known. r must
// end after size bytes, which shows only when it is read: the file then fails with
// an error matching [ErrInvalid] before its last piece, so that no vendor takes a
// cut image for a whole one. Give a part of a stream as an [io.LimitReader].
func FileReader(name, contentType string, r io.Reader, size int64) File {
	var consumed atomic.Bool
	return File{
		name: name, contentType: contentType, once: true,
		open: func() (io.ReadCloser, error) {
			if r == nil {
				return nil, errNoSource
			}
			if consumed.Swap(true) {
				return nil, ErrFileConsumed
			}
			if size >= 0 {
				return io.NopCloser(newExactReader(r, size)), nil
			}
			return io.NopCloser(r), nil
		},
		size: func() (int64, error) { return size, nil },
	}
}

var (
	errShorter = fmt.Errorf("kyc: the reader behind the file holds less than its size says: %w", ErrInvalid)
	errLonger  = fmt.Errorf("kyc: the reader behind the file holds more than its size says: %w", ErrInvalid)
)

// exactReader reads left bytes from r, which must hold no more and no fewer.
type exactReader struct {
	r    io.Reader
	left int64
	err  error
}

func newExactReader(r io.Reader, size int64) *exactReader {
	e := &exactReader{r: r, left: size}
	if size == 0 {
		e.err = e.end()
	}
	return e
}

// Read withholds the last bytes until it is clear that they are the last.
func (e *exactReader) Read(p []byte) (int, error) {
	if e.err != nil || len(p) == 0 {
		return 0, e.err
	}
	n, err := e.r.Read(p[:min(int64(len(p)), e.left)])
	e.left -= int64(n)
	switch {
	case e.left == 0:
		if e.err = e.end(); errors.Is(e.err, io.EOF) {
			return n, nil
		}
		return 0, e.err
	case errors.Is(err, io.EOF):
		err = errShorter
	}
	e.err = err
	return n, err
}

// end looks for one byte more. What else r says after its last byte does not matter.
func (e *exactReader) end() error {
	if n, _ := io.ReadAtLeast(e.r, make([]byte, 1), 1); n > 0 {
		return errLonger
	}
	return io.EOF
}

// Name returns the file name that the vendor sees.
func (f File) Name() string { return f.name }

// ContentType returns the media type, or "" if it is not known.
func (f File) ContentType() string { return f.contentType }

// WithContentType returns the same file with another media type.
func (f File) WithContentType(contentType string) File {
	f.contentType = contentType
	return f
}

// WithName returns the same file with another name.
func (f File) WithName(name string) File {
	f.name = name
	return f
}

// IsZero reports whether the file has no source.
func (f File) IsZero() bool { return f.open == nil }

// Reopenable reports whether Open can be called more than once.
func (f File) Reopenable() bool { return f.open != nil && !f.once }

// Open returns a reader over the whole file. The readers of separate calls are
// independent.
func (f File) Open() (io.ReadCloser, error) {
	if f.open == nil {
		return nil, errNoSource
	}
	return f.open()
}

// Size returns the number of bytes, or -1 if it is not known.
func (f File) Size() (int64, error) {
	if f.size == nil {
		return 0, errNoSource
	}
	return f.size()
}

// Format prints the type's name only: people name scans after their customers.
func (f File) Format(s fmt.State, verb rune) { FormatRedacted(s, verb, f) }

// LogValue logs the type's name only.
func (f File) LogValue() slog.Value { return LogRedacted(f) }
