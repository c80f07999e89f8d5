package transport

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// made is an answer as stubs and middlewares make them, with any length.
func made(status int, length int64, body io.Reader) *http.Response {
	r := &http.Response{StatusCode: status, ContentLength: length}
	if body != nil {
		r.Body = io.NopCloser(body)
	}
	return r
}

// A transport of the caller's need not keep to what net/http's own promises. Nothing of an answer may be lost for that: what
// follows a document may contradict it.
func TestHandmadeAnswers(t *testing.T) {
	const doc = `{"name":"approved"}`
	long := strings.Repeat(" ", 40<<10)
	for _, tt := range []struct {
		name string
		resp *http.Response
		want error
	}{
		{"as declared", made(200, int64(len(doc)), strings.NewReader(doc)), nil},
		{"no length", made(200, -1, strings.NewReader(doc)), nil},
		{"length left at zero", made(200, 0, strings.NewReader(doc)), nil},
		{"length left at zero, long", made(200, 0, strings.NewReader(long+doc)), nil},
		{"byte by byte", made(200, int64(len(doc)), iotest.OneByteReader(strings.NewReader(doc))), nil},
		{"end with data", made(200, int64(len(doc)), iotest.DataErrReader(strings.NewReader(doc))), nil},
		{"longer than declared", made(200, int64(len(doc)), strings.NewReader(doc+`{"name":"declined"}`)), kyc.ErrMalformed},
		{"a space longer", made(200, int64(len(doc)), strings.NewReader(doc+" ")), kyc.ErrMalformed},
		{"two documents, no length", made(200, 0, strings.NewReader(doc+`{"name":"declined"}`)), kyc.ErrMalformed},
		{"shorter than declared", made(200, 100, strings.NewReader(doc)), kyc.ErrMalformed},
		{"breaks after what was declared", made(200, int64(len(doc)), io.MultiReader(strings.NewReader(doc), iotest.ErrReader(errors.New("broken")))), kyc.ErrUnavailable},
		{"nothing at all", nil, kyc.ErrUnavailable},
		{"no body", made(200, 0, nil), kyc.ErrMalformed},
		{"no body, yet a length", made(200, 20, nil), kyc.ErrUnavailable},
		{"no body, no content", made(204, 0, nil), nil},
		{"no body, refused", made(404, 0, nil), kyc.ErrNotFound},
		{"no status", made(0, 0, strings.NewReader(doc)), kyc.ErrMalformed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opt, _ := stubbed(func(int, *http.Request) (*http.Response, error) { return tt.resp, nil })
			c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt, kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1})}})
			var out thing
			call.Out, call.Method, call.Operation.Class = &out, http.MethodPost, IfNotProcessed
			_, err := c.Do(t.Context(), call)
			if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) || err != nil && out.Name != "" {
				t.Errorf("%q, %v", out.Name, err)
			}
			// The text of a create that may have been carried out says so.
			if kyc.Uncertain(err) != (err != nil && strings.HasSuffix(err.Error(), mayHaveBeen)) {
				t.Errorf("uncertain %v: %v", kyc.Uncertain(err), err)
			}
		})
	}
}

// short takes less than it is given and says nothing.
type short struct{ bytes.Buffer }

func (s *short) Write(p []byte) (int, error) { return s.Buffer.Write(p[:len(p)-1]) }

func TestDownloadsAreWhole(t *testing.T) {
	for _, tt := range []struct {
		name    string
		resp    *http.Response
		emptyOK bool
		want    error
	}{
		{"whole", made(200, 5, strings.NewReader("bytes")), false, nil},
		{"no length", made(200, -1, strings.NewReader("bytes")), false, nil},
		{"length left at zero", made(200, 0, strings.NewReader("bytes")), false, nil},
		{"shorter", made(200, 9, strings.NewReader("bytes")), false, kyc.ErrMalformed},
		{"longer", made(200, 3, strings.NewReader("bytes")), false, kyc.ErrMalformed},
		{"a part", made(206, 5, strings.NewReader("bytes")), true, kyc.ErrMalformed},
		{"empty", made(200, 0, nil), false, kyc.ErrMalformed},
		{"empty where that may be", made(200, 0, nil), true, kyc.ErrMalformed},
		{"no content", made(204, 0, nil), false, kyc.ErrMalformed},
		{"no content where that may be", made(204, 0, nil), true, nil},
	} {
		opt, s := stubbed(func(int, *http.Request) (*http.Response, error) { return tt.resp, nil })
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt, fast}})
		var sink bytes.Buffer
		call.Sink, call.EmptyOK = &sink, tt.emptyOK
		if _, err := c.Do(t.Context(), call); !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) || s.n != 1 {
			t.Errorf("%s: %q after %d requests, %v", tt.name, sink.String(), s.n, err)
		}
	}
	opt, _ := stubbed(func(int, *http.Request) (*http.Response, error) { return made(200, 5, strings.NewReader("bytes")), nil })
	c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt, fast}})
	call.Sink = new(short)
	if _, err := c.Do(t.Context(), call); !errors.Is(err, kyc.ErrInvalid) || !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a writer that takes less: %v", err)
	}
	call.Sink = errWriter{&kyc.Error{Kind: kyc.ErrNotFound}}
	if _, err := c.Do(t.Context(), call); !errors.Is(err, kyc.ErrInvalid) || errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("a writer with one of kyc's errors: %v", err)
	}
}

type errWriter struct{ err error }

func (w errWriter) Write([]byte) (int, error) { return 0, w.err }

// Cookies of one attempt are not sent twice with the next, and those of another host are not kept for the vendor's.
func TestCookiesOfEachAttempt(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "node", Value: "elsewhere", Path: "/"})
		_, _ = io.WriteString(w, "bytes")
	}))
	defer other.Close()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	c, call := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, strings.Join(r.Header["Cookie"], " | "))
		http.SetCookie(w, &http.Cookie{Name: "node", Value: string(rune('0' + len(seen))), Path: "/"})
		if r.URL.Path == "/media" {
			http.Redirect(w, r, strings.Replace(other.URL, "127.0.0.1", "localhost", 1), http.StatusFound)
			return
		}
		if len(seen) < 4 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}, Config{Options: []kyc.Option{fast, kyc.WithHTTPClient(&http.Client{Jar: jar})}})
	if _, err := c.Do(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"", "node=1", "node=2", "node=3"}, seen); diff != "" {
		t.Error(diff)
	}
	call.Path, call.Sink, call.Follow = "/media", io.Discard, true
	if _, err := c.Do(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	if kept := jar.Cookies(call.Base); len(kept) != 1 || kept[0].Value == "elsewhere" {
		t.Errorf("kept %v", kept)
	}
}

// Where a read is answered by a redirect that leads nowhere, that is the answer.
func TestRedirectThatCannotBeParsed(t *testing.T) {
	for _, location := range []string{"http://[", "https://vendor.test/%zz", ":", ""} {
		opt, s := stubbed(func(int, *http.Request) (*http.Response, error) {
			return reply(http.StatusFound, "", "Location", location), nil
		})
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt, fast}})
		for _, follow := range []bool{false, true} {
			s.n = 0
			call.Follow, call.Sink = follow, io.Discard
			if _, err := c.Do(t.Context(), call); !errors.Is(err, kyc.ErrMalformed) || s.n != 1 || strings.Contains(err.Error(), "%zz") {
				t.Errorf("%q: %d requests, %v", location, s.n, err)
			}
		}
	}
}

// What to do about an answer depends on what was asked.
func TestAdviceByOperation(t *testing.T) {
	for _, tt := range []struct {
		class  Class
		status int
		body   string
		text   string
	}{
		{Safe, 404, "", "check the id; the vendor may have deleted it"},
		{IfNotProcessed, 404, "", "something that the request names is not there: check its ids and the base URL"},
		{Safe, 500, "", "try again later"},
		{IfNotProcessed, 500, "", "try again later, and check whether a create took effect before repeating it"},
		{IfNotProcessed, 503, `{"message":"busy"}`, "try again later"},
		{IfNotProcessed, 503, "busy", "try again later, and check whether a create took effect before repeating it"},
		{IfNotProcessed, 400, `{"message":"Jane Doe"}`, "the vendor says what is wrong in Error.Message and Error.Body"},
		{IfNotProcessed, 200, "{", "the answer is not one complete JSON document of the expected form; " + mayHaveBeen},
		{Safe, 200, "{", "the answer is not one complete JSON document of the expected form"},
	} {
		opt, _ := stubbed(func(int, *http.Request) (*http.Response, error) { return reply(tt.status, tt.body), nil })
		c, call := client(t, "https://vendor.test", Config{Options: []kyc.Option{opt, kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1})}})
		var out thing
		call.Operation.Class, call.Out = tt.class, &out
		if tt.class != Safe {
			call.Method = http.MethodPost
		}
		if _, err := c.Do(t.Context(), call); !strings.HasSuffix(err.Error(), "): "+tt.text) {
			t.Errorf("%d: %v", tt.status, err)
		}
	}
	// An answer that only the vendor's package can judge.
	a := &Answer{StatusCode: 200, mayAct: true}
	if err := a.Malformed(kyc.Didit, "sessions.create", "the answer names no session"); !strings.HasSuffix(err.Error(), "the answer names no session; "+mayHaveBeen) {
		t.Error(err)
	}
}
