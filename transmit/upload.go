package transmit

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// base64Body makes a JSON body of a request whose content member is a file in base64. Head and tail of the
// JSON are rendered with a mark in the content's place; the file is encoded between them while it is sent.
func base64Body(operation string, file kyc.File, request func(content string) any) (*transport.Body, error) {
	size, err := file.Size()
	if err != nil {
		return nil, &kyc.Error{Vendor: kyc.Transmit, Operation: operation, Kind: kyc.ErrInvalid, Detail: "the file cannot be opened", Err: err}
	}
	mark := rand.Text()
	data, err := kyc.Marshal(request(mark))
	if err != nil {
		return nil, kyc.Invalid(kyc.Transmit, operation, "the request cannot be encoded as JSON")
	}
	head, tail, ok := bytes.Cut(data, []byte(mark))
	if !ok {
		return nil, kyc.Invalid(kyc.Transmit, operation, "the request has no place for the image")
	}
	length := int64(len(head)) + (size+2)/3*4 + int64(len(tail))
	return transport.StreamBody("application/json", length, file.Reopenable(), func() (io.ReadCloser, error) {
		rc, err := file.Open()
		if err != nil {
			return nil, err
		}
		return struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(head), &base64Reader{src: rc}, bytes.NewReader(tail)), rc}, nil
	}), nil
}

// base64Reader gives the base64 form of what src holds, piece by piece.
type base64Reader struct {
	src  io.Reader
	raw  [3 << 12]byte
	text [4 << 12]byte
	rest []byte
	err  error
}

// Read encodes the next piece when the last one was handed on.
func (r *base64Reader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		// Only the last piece may be no multiple of three bytes.
		n, err := io.ReadFull(r.src, r.raw[:])
		switch {
		case errors.Is(err, io.ErrUnexpectedEOF):
			err = io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			r.err = err
			return 0, err
		}
		r.err = err
		base64.StdEncoding.Encode(r.text[:], r.raw[:n])
		r.rest = r.text[:base64.StdEncoding.EncodedLen(n)]
		if len(r.rest) == 0 {
			return 0, r.err
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

const (
	minWidth, maxWidth   = 640, 3840
	minHeight, maxHeight = 480, 2160
)

// checkFile refuses, before anything is sent, a file that is missing, empty or of a length that cannot be declared.
func checkFile(operation string, file kyc.File) error {
	if file.IsZero() {
		return kyc.Invalid(kyc.Transmit, operation, "there is no file")
	}
	switch size, err := file.Size(); {
	case err != nil:
		return nil //nolint:nilerr // The same error is told where the file is opened.
	case size < 0:
		return kyc.Invalid(kyc.Transmit, operation, "the file has no known length")
	case size == 0:
		return kyc.Invalid(kyc.Transmit, operation, "the file is empty")
	}
	return nil
}

// checkJPEG refuses a file that is no JPEG and, with limits, one outside the vendor's limits. A file that can be read
// only once is not looked into.
func checkJPEG(operation string, file kyc.File, limits bool) error {
	if !file.Reopenable() {
		return nil
	}
	rc, err := file.Open()
	if err != nil {
		return &kyc.Error{Vendor: kyc.Transmit, Operation: operation, Kind: kyc.ErrInvalid, Detail: "the file cannot be opened", Err: err}
	}
	width, height, err := jpegSize(bufio.NewReader(rc))
	_ = rc.Close()
	switch {
	case err != nil:
		return kyc.Invalid(kyc.Transmit, operation, "the file is not a JPEG image")
	case limits && (width < minWidth || width > maxWidth || height < minHeight || height > maxHeight):
		return kyc.Invalid(kyc.Transmit, operation, "the image is not between 640x480 and 3840x2160 pixels")
	}
	return nil
}

var errNotJPEG = errors.New("not a JPEG image")

// jpegSize reads width and height from the frame header, without decoding the image.
func jpegSize(r *bufio.Reader) (width, height int, err error) {
	var two [2]byte
	if _, err := io.ReadFull(r, two[:]); err != nil || two != [2]byte{0xff, 0xd8} {
		return 0, 0, errNotJPEG
	}
	for {
		b, err := r.ReadByte()
		if err != nil || b != 0xff {
			return 0, 0, errNotJPEG
		}
		// Markers may be padded with further 0xff.
		for b == 0xff {
			if b, err = r.ReadByte(); err != nil {
				return 0, 0, errNotJPEG
			}
		}
		switch {
		case b == 0x01 || (b >= 0xd0 && b <= 0xd7):
			continue // these have no length
		case b == 0xd9 || b == 0xda:
			return 0, 0, errNotJPEG // the image begins without a frame header
		}
		if _, err := io.ReadFull(r, two[:]); err != nil {
			return 0, 0, errNotJPEG
		}
		length := int(binary.BigEndian.Uint16(two[:])) - 2
		if length < 0 {
			return 0, 0, errNotJPEG
		}
		// Frame headers are C0 to CF without DHT, JPG and DAC.
		if b >= 0xc0 && b <= 0xcf && b != 0xc4 && b != 0xc8 && b != 0xcc {
			var frame [5]byte
			if _, err := io.ReadFull(r, frame[:]); err != nil {
				return 0, 0, errNotJPEG
			}
			return int(binary.BigEndian.Uint16(frame[3:])), int(binary.BigEndian.Uint16(frame[1:])), nil
		}
		if _, err := r.Discard(length); err != nil {
			return 0, 0, errNotJPEG
		}
	}
}

// base64Filter passes base64 on to w and takes off what it may be wrapped in: a JSON string's quotes, a data
// URL's head, white space.
type base64Filter struct {
	w     io.Writer
	head  []byte // what came so far, until the beginning is clear
	begun bool
	ended bool
	seen  bool
	bad   bool
}

var errNotBase64 = errors.New("not base64")

// maxDataHead bounds the head of a data URL, up to its comma.
const maxDataHead = 128

// Write passes on what of p is base64.
func (f *base64Filter) Write(p []byte) (int, error) {
	n := len(p)
	if !f.begun {
		f.head = append(f.head, p...)
		rest, clear := dataHead(f.head)
		if !clear {
			if len(f.head) > maxDataHead {
				f.bad = true
				return 0, errNotBase64
			}
			return n, nil
		}
		f.begun, f.head, p = true, nil, rest
	}
	out := make([]byte, 0, len(p))
	for _, c := range p {
		switch {
		case c == '\r' || c == '\n' || c == ' ' || c == '\t' || c == '\\':
			// A JSON string may write a slash as \/.
		case c == '"':
			f.ended = true
		case f.ended || !isBase64(c):
			f.bad = true
			return 0, errNotBase64
		default:
			out = append(out, c)
		}
	}
	f.seen = f.seen || len(out) > 0
	if len(out) > 0 {
		if _, err := f.w.Write(out); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// close tells whether there was any base64 at all.
func (f *base64Filter) close() error {
	if !f.begun && len(f.head) > 0 {
		head := bytes.TrimLeft(f.head, "\" \t\r\n")
		f.begun, f.head = true, nil
		if _, err := f.Write(head); err != nil {
			return err
		}
	}
	if !f.seen || f.bad {
		return errNotBase64
	}
	return nil
}

// dataHead takes off an opening quote and a data URL's head; clear is false while more has to come.
func dataHead(p []byte) (rest []byte, clear bool) {
	const data = "data:"
	t := bytes.TrimLeft(p, "\" \t\r\n")
	if len(t) < len(data) && bytes.HasPrefix([]byte(data), t) {
		return nil, false
	}
	if !bytes.HasPrefix(t, []byte(data)) {
		return t, true
	}
	_, rest, clear = bytes.Cut(t, []byte(","))
	return rest, clear
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '=' || c == '-' || c == '_'
}
