package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// brokenFiles are files that cannot be read, by what is wrong with them, and the cause that the error keeps.
func brokenFiles(t *testing.T) map[string]struct {
	file  func() kyc.File
	cause error
} {
	t.Helper()
	image := strings.Repeat("x", 100<<10)
	path := filepath.Join(t.TempDir(), "face.jpg")
	if err := os.WriteFile(path, []byte(image), 0o600); err != nil {
		t.Fatal(err)
	}
	disk := errors.New("broken at /home/jane.jpg")
	reader := func(size int, end io.Reader) func() kyc.File {
		return func() kyc.File {
			return kyc.FileReader("face.jpg", "image/jpeg", io.MultiReader(strings.NewReader(image[:60<<10]), end), int64(size))
		}
	}
	return map[string]struct {
		file  func() kyc.File
		cause error
	}{
		"closed": {func() kyc.File {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			_ = f.Close()
			return kyc.FileReaderAt("face.jpg", "image/jpeg", f, int64(len(image)))
		}, os.ErrClosed},
		"fails":                {reader(100<<10, iotest.ErrReader(disk)), disk},
		"fails, length open":   {reader(-1, iotest.ErrReader(disk)), disk},
		"fails in kyc's words": {reader(100<<10, iotest.ErrReader(errors.Join(kyc.ErrNotFound, disk))), disk},
		"longer":               {reader(100<<10, strings.NewReader(image)), nil},
		"shorter":              {reader(100<<10, strings.NewReader("")), nil},
		"shorter, read at":     {func() kyc.File { return kyc.FileReaderAt("face.jpg", "", strings.NewReader(image), 1<<20) }, nil},
		"grown since its size": {grown(path, image), nil},
		"fails at its last byte": {func() kyc.File {
			return kyc.FileReader("face.jpg", "", iotest.DataErrReader(io.MultiReader(strings.NewReader(image[:99]), iotest.ErrReader(disk))), 100)
		}, disk},
	}
}

// grown returns a file that is appended to between the question for its size and its opening.
func grown(path, image string) func() kyc.File {
	return func() kyc.File {
		_ = os.WriteFile(path, []byte(image), 0o600)
		return kyc.FileAt(path)
	}
}

// A file that cannot be read is the caller's fault and no vendor's: the call is not repeated, and no vendor gets a form that
// looks whole.
func TestFaultOfTheFileIsTheCallers(t *testing.T) {
	for name, tt := range brokenFiles(t) {
		for _, http2 := range []bool{false, true} {
			t.Run(name+map[bool]string{true: ", HTTP/2"}[http2], func(t *testing.T) {
				var whole atomic.Int32
				srv := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					form, err := r.MultipartReader()
					for err == nil {
						var p io.Reader
						if p, err = form.NextPart(); err == nil {
							_, err = io.Copy(io.Discard, p)
						}
					}
					if errors.Is(err, io.EOF) {
						whole.Add(1)
					}
				}))
				srv.EnableHTTP2 = http2
				srv.StartTLS()
				defer srv.Close()
				c, call := client(t, srv.URL, Config{Options: []kyc.Option{fast, kyc.WithHTTPClient(srv.Client())}})
				file := tt.file()
				body, err := MultipartBody(Field{Name: "image", File: file})
				if err != nil {
					t.Fatal(err)
				}
				if name == "grown since its size" {
					rc, _ := file.Open()
					_ = os.WriteFile(rc.(*os.File).Name(), make([]byte, 200<<10), 0o600)
					_ = rc.Close()
				}
				call.Method, call.Body = http.MethodPost, body
				for _, class := range []Class{IfNotProcessed, Safe} {
					if class == Safe && !body.Replayable() {
						continue
					}
					call.Operation.Class = class
					_, err = c.Do(t.Context(), call)
					e, ok := errors.AsType[*kyc.Error](err)
					if !ok || !errors.Is(err, kyc.ErrInvalid) || errors.Is(err, kyc.ErrUnavailable) || errors.Is(err, kyc.ErrNotFound) ||
						kyc.Uncertain(err) || e.Attempts != 1 || e.Detail != badSource {
						t.Errorf("uncertain %v: %v", kyc.Uncertain(err), err)
					}
					if tt.cause != nil && !errors.Is(err, tt.cause) {
						t.Errorf("the cause is lost: %v", err.(*kyc.Error).Err)
					}
				}
				if whole.Load() > 0 {
					t.Error("the vendor had a whole form")
				}
			})
		}
	}
}

// A signature that has to read the file finds the same fault.
func TestFaultOfTheFileWhileSigning(t *testing.T) {
	c, call := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request went out") }, Config{
		Auth: AuthorizerFunc(func(_ context.Context, _ *http.Request, body *Body) error {
			rc, err := body.Open()
			if err == nil {
				_, err = io.Copy(io.Discard, rc)
			}
			return err
		}),
	})
	body, err := MultipartBody(Field{Name: "image", File: kyc.FileReaderAt("a", "", strings.NewReader("123"), 4)})
	if err != nil {
		t.Fatal(err)
	}
	call.Method, call.Body = http.MethodPost, body
	if _, err := c.Do(t.Context(), call); !errors.Is(err, kyc.ErrInvalid) || errors.Is(err, kyc.ErrUnauthorized) || !errors.Is(err, kyc.ErrNotSent) {
		t.Errorf("%v", err)
	}
}

// The end of an attempt closes the file; what its readers then say is not the fault.
func TestClosedByTheAttemptIsNoFaultOfTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "face.jpg")
	if err := os.WriteFile(path, make([]byte, 8<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	hang := make(chan struct{})
	c, call := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.CopyN(io.Discard, r.Body, 1<<10)
		cancel()
		<-hang
	}, Config{})
	defer close(hang)
	body, err := MultipartBody(Field{Name: "image", File: kyc.FileAt(path)})
	if err != nil {
		t.Fatal(err)
	}
	call.Method, call.Operation.Class, call.Body = http.MethodPost, IfNotProcessed, body
	if _, err := c.Do(ctx, call); !errors.Is(err, context.Canceled) || errors.Is(err, kyc.ErrInvalid) || !kyc.Uncertain(err) {
		t.Errorf("%v", err)
	}
}

func TestMethodAndContextAreChecked(t *testing.T) {
	c, call := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request went out") }, Config{})
	var none context.Context
	if _, err := c.Do(none, call); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("no context: %v", err)
	}
	for _, method := range []string{"", "G ET", "GET\r\nX: y", "GÉT"} {
		call.Method = method
		if _, err := c.Do(t.Context(), call); !errors.Is(err, kyc.ErrInvalid) || kyc.Uncertain(err) {
			t.Errorf("%q: %v", method, err)
		}
	}
}
