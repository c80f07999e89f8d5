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
// that can be opened again lets a failed upload be repeated; each opening
// stands for itself. The zero File has no source and is refused.
type File struct {
	name, contentType string
	open              func() (io.ReadCloser, error)
	size              func() (int64, error)
	once              bool
}

// ErrFileConsumed is returned when a file made by [FileReader] is opened a
// second time.
var ErrFileConsumed = errors.New("kyc: the reader behind the file was read already")

// FileBytes returns a file held in memory. name is the file name that the vendor sees.
func FileBytes(name, contentType string, data []byte) File {
	return FileReaderAt(name, contentType, bytes.NewReader(data), int64(len(data)))
}

// FileReaderAt returns a file of the first size bytes of r, which must allow
// reads at the same time.
func FileReaderAt(name, contentType string, r io.ReaderAt, size int64) File {
	return File{
		name: name, contentType: contentType,
		open: func() (io.ReadCloser, error) {
			if r == nil {
				return nil, errors.New("kyc: the file has no source")
			}
			return io.NopCloser(io.NewSectionReader(r, 0, size)), nil
		},
		size: func() (int64, error) { return size, nil },
	}
}

// FileAt returns the file at path. It is opened for each attempt; its content
// type follows its extension. The vendor sees its base name.
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
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Errorf("kyc: open file: %w", err)
}

// FileReader returns a file that is read once, from where r stands: its upload
// is never repeated. size is the number of bytes, or -1 where it is not known.
func FileReader(name, contentType string, r io.Reader, size int64) File {
	var consumed atomic.Bool
	return File{
		name: name, contentType: contentType, once: true,
		open: func() (io.ReadCloser, error) {
			if r == nil {
				return nil, errors.New("kyc: the file has no source")
			}
			if consumed.Swap(true) {
				return nil, ErrFileConsumed
			}
			if size >= 0 {
				return io.NopCloser(io.LimitReader(r, size)), nil
			}
			return io.NopCloser(r), nil
		},
		size: func() (int64, error) { return size, nil },
	}
}

// Name returns the file name that the vendor sees.
func (f File) Name() string { return f.name }

// ContentType returns the media type, "" where it is not known.
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

// IsZero tells whether the file has no source.
func (f File) IsZero() bool { return f.open == nil }

// Reopenable tells whether Open can be called more than once.
func (f File) Reopenable() bool { return f.open != nil && !f.once }

// Open returns a reader over the whole file. Readers of different openings do
// not disturb each other.
func (f File) Open() (io.ReadCloser, error) {
	if f.open == nil {
		return nil, errors.New("kyc: the file has no source")
	}
	return f.open()
}

// Size returns the number of bytes, -1 where it is not known.
func (f File) Size() (int64, error) {
	if f.size == nil {
		return 0, errors.New("kyc: the file has no source")
	}
	return f.size()
}

// Format prints the type's name only: people name scans after their customers.
func (f File) Format(s fmt.State, verb rune) { FormatRedacted(s, verb, f) }

// LogValue logs the type's name only.
func (f File) LogValue() slog.Value { return LogRedacted(f) }
