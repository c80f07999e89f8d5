package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Body is what a call sends. Its length is known wherever its source's is, and
// it is opened again for signing and for each attempt.
type Body struct {
	// ContentType is the header's value.
	ContentType string

	data       []byte // set for bodies in memory
	open       func() (io.ReadCloser, error)
	size       int64
	replayable bool
}

// Size returns the number of bytes, or -1 if it is not known.
func (b *Body) Size() int64 { return b.size }

// Replayable reports whether Open can be called more than once.
func (b *Body) Replayable() bool { return b.replayable }

// Open returns a reader over the whole body.
func (b *Body) Open() (io.ReadCloser, error) {
	if b.open == nil {
		return io.NopCloser(bytes.NewReader(b.data)), nil
	}
	rc, err := b.open()
	if err != nil {
		return nil, err
	}
	if b.size < 0 {
		return &upload{Reader: rc, Closer: rc}, nil
	}
	return &upload{Reader: exact(rc, b.size), Closer: rc}, nil
}

// BytesBody sends data.
func BytesBody(contentType string, data []byte) *Body {
	return &Body{ContentType: contentType, data: data, size: int64(len(data)), replayable: true}
}

// JSONBody sends v as JSON.
func JSONBody(v any) (*Body, error) {
	data, err := kyc.Marshal(v)
	if err != nil {
		return nil, err
	}
	return BytesBody("application/json", data), nil
}

// StreamBody sends what open returns each time, size bytes of it or, with -1, as much as there is.
func StreamBody(contentType string, size int64, replayable bool, open func() (io.ReadCloser, error)) *Body {
	return &Body{ContentType: contentType, open: open, size: size, replayable: replayable}
}

// onlyRead hides what else a reader can do: an *os.File handed to the transport is sent by system call, past the request's
// own bounds.
type onlyRead struct{ io.ReadCloser }

// Field is one part of a multipart form: text, or a file.
type Field struct {
	Name string
	// Text is the value of a field that is not a file.
	Text string
	// File is sent if it has a source.
	File kyc.File
	// ContentType is the part's type if it is not the file's own.
	ContentType string
}

// MultipartBody sends a multipart/form-data form. Only the boundaries are held
// in memory; the length is exact where all files know theirs.
func MultipartBody(fields ...Field) (*Body, error) {
	var text bytes.Buffer
	w := multipart.NewWriter(&text)
	var parts []part
	body := &Body{ContentType: w.FormDataContentType(), replayable: true}
	known := true
	cut := func() {
		parts = append(parts, part{text: bytes.Clone(text.Bytes())})
		body.size += int64(text.Len())
		text.Reset()
	}
	for _, f := range fields {
		if f.File.IsZero() {
			if err := w.WriteField(f.Name, f.Text); err != nil {
				return nil, err
			}
			continue
		}
		contentType, err := f.mediaType()
		if err != nil {
			return nil, err
		}
		h := make(textproto.MIMEHeader)
		h.Set("Content-Disposition", multipart.FileContentDisposition(f.Name, f.File.Name()))
		h.Set("Content-Type", contentType)
		if _, err := w.CreatePart(h); err != nil {
			return nil, err
		}
		cut()
		size, err := f.File.Size()
		if err != nil {
			return nil, err
		}
		known = known && size >= 0
		body.size += max(size, 0)
		body.replayable = body.replayable && f.File.Reopenable()
		parts = append(parts, part{file: f.File, size: size})
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	cut()
	if !known {
		body.size = -1
	}
	body.open = func() (io.ReadCloser, error) { return openParts(parts) }
	return body, nil
}

// mediaType returns the part's type, and refuses a name or type that would break the form.
func (f Field) mediaType() (string, error) {
	switch {
	case f.File.Name() == "":
		return "", fmt.Errorf("the file has no name: %w", kyc.ErrInvalid)
	case !utf8.ValidString(f.File.Name()) || strings.IndexFunc(f.File.Name(), unicode.IsControl) >= 0:
		return "", fmt.Errorf("the file's name has a control character or is not UTF-8: %w", kyc.ErrInvalid)
	}
	contentType := f.ContentType
	if contentType == "" {
		contentType = f.File.ContentType()
	}
	if contentType == "" {
		return "application/octet-stream", nil
	}
	if _, _, err := mime.ParseMediaType(contentType); err != nil || strings.IndexFunc(contentType, notText) >= 0 {
		return "", fmt.Errorf("the file's content type is not a media type: %w", kyc.ErrInvalid)
	}
	return contentType, nil
}

func notText(r rune) bool { return r < ' ' || r > '~' }

type part struct {
	text []byte
	file kyc.File
	size int64
}

func openParts(parts []part) (io.ReadCloser, error) {
	readers := make([]io.Reader, 0, len(parts))
	var files closers
	for _, p := range parts {
		if p.file.IsZero() {
			readers = append(readers, bytes.NewReader(p.text))
			continue
		}
		rc, err := p.file.Open()
		if err != nil {
			_ = files.Close()
			return nil, err
		}
		files = append(files, rc)
		if p.size >= 0 {
			readers = append(readers, exact(rc, p.size))
		} else {
			readers = append(readers, onlyRead{rc})
		}
	}
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(readers...), files}, nil
}

type closers []io.Closer

func (c closers) Close() error {
	var err error
	for _, one := range c {
		err = errors.Join(err, one.Close())
	}
	return err
}
