package transport

import (
	"errors"
	"io"
	"sync"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// upload reads a body's source and remembers why it failed. net/http's error does not show whose fault that was.
type upload struct {
	io.Reader
	io.Closer

	mu     sync.Mutex // net/http reads on goroutines of its own
	closed bool
	err    error
}

// sourceError is an error of the source of a body.
type sourceError struct{ err error }

func (e *sourceError) Error() string { return "read the body's source: " + e.err.Error() }
func (e *sourceError) Unwrap() error { return e.err }

func (u *upload) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	err = &sourceError{err}
	u.mu.Lock()
	defer u.mu.Unlock()
	// A read after the end of the attempt fails because the source was closed.
	if !u.closed && u.err == nil {
		u.err = err
	}
	return n, err
}

func (u *upload) Close() error {
	u.mu.Lock()
	u.closed = true
	u.mu.Unlock()
	return u.Closer.Close()
}

// fault returns the source's error. What the vendor got of the body is then not a whole one: its announced length is not
// reached, or its last chunk is missing.
func (u *upload) fault() error {
	if u == nil {
		return nil
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.err
}

// exact fails before its end where r holds more or fewer bytes than size, so that what is cut does not look whole.
func exact(r io.Reader, size int64) io.Reader {
	rc, err := kyc.FileReader("", "", r, size).Open()
	if err != nil {
		return errReader{err}
	}
	return rc
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }
