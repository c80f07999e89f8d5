package didit_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// What is sent twice without harm is repeated, and nothing else.
func TestDoRepeats(t *testing.T) {
	for method, want := range map[string]int32{"GET": 2, "HEAD": 2, "PUT": 2, "DELETE": 2, "POST": 1, "PATCH": 1} {
		var calls atomic.Int32
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			calls.Add(1)
			w.WriteHeader(http.StatusInternalServerError)
		}))
		c := must(didit.NewClient(didit.Config{APIKey: "k", BaseURL: server.URL}, kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 2, MinBackoff: time.Millisecond})))(t)
		if err := c.Do(t.Context(), method, "/v3/new/", nil, io.Discard); !errors.Is(err, kyc.ErrUnavailable) || calls.Load() != want {
			t.Errorf("%s was sent %d times, want %d: %v", method, calls.Load(), want, err)
		}
		server.Close()
	}
}

func TestDoBody(t *testing.T) {
	server := didittest.NewServer()
	defer server.Close()
	err := client(t, server).Do(t.Context(), "POST", "/v3/session/", func() {}, nil)
	var e *kyc.Error
	if !errors.As(err, &e) || e.Kind != kyc.ErrInvalid || e.Operation != "do" || server.Total() != 0 {
		t.Errorf("a body that is no JSON: %v", err)
	}
}

// A type comes without what some servers add to it.
func TestDownloadType(t *testing.T) {
	for sent, want := range map[string]string{"image/jpeg": "image/jpeg", "Image/JPEG; charset=binary": "image/jpeg", ";": ""} {
		server := didittest.NewServer(didittest.Answer("Media.Download", 1, 200, sent, "bytes"))
		got := must(client(t, server).Media.Download(t.Context(), "/media/a.jpg", io.Discard))(t)
		if got.ContentType != want || got.Size != 5 {
			t.Errorf("%q is %q of %d bytes", sent, got.ContentType, got.Size)
		}
		server.Close()
	}
}

// The bytes say what a file is, where they can be read more than once.
func TestFilesAreTold(t *testing.T) {
	const picture, document = "\xff\xd8\xff\xe0 picture", "%PDF-1.7 document"
	for _, c := range []struct {
		name, media, data string
		once, ok          bool
		sent              string
	}{
		{"photo", "", picture, false, true, "photo.jpg"},
		{"", "", picture, false, true, "file.jpg"},
		{"photo", "image/jpg", picture, false, true, "photo.jpg"},
		{"photo.jpg", "image/jpg", picture, false, true, "photo.jpg"},
		{"photo.jpg", "application/octet-stream", picture, false, true, "photo.jpg"},
		{"scan.pdf", "", picture, false, false, ""},
		{"scan.pdf", "application/pdf", picture, false, false, ""},
		{"photo.jpg", "image/jpeg", document, false, false, ""},
		{"scan", "", document, false, true, "scan.pdf"},
		{"photo.png", "", "\x89PNG\r\n\x1a\n....", false, true, "photo.png"},
		{"photo", "", "RIFF\x00\x00\x00\x00WEBPVP8 ", false, true, "photo.webp"},
		{"photo", "", "II*\x00....", false, true, "photo.tiff"},
		{"photo", "", "GIF89a......", false, false, ""},
		{"photo.jpg", "", picture, true, true, "photo.jpg"},
		{"photo", "", picture, true, false, ""},
	} {
		file := kyc.FileBytes(c.name, c.media, []byte(c.data))
		if c.once {
			file = kyc.FileReader(c.name, c.media, io.LimitReader(must(file.Open())(t), 1<<20), int64(len(c.data)))
		}
		server := didittest.NewServer()
		_, err := client(t, server).Checks.IDVerification(t.Context(), didit.IDVerificationRequest{FrontImage: file})
		if c.ok && err != nil || !c.ok && (!errors.Is(err, kyc.ErrInvalid) || server.Total() != 0) {
			t.Errorf("%q %q %.10q: %v", c.name, c.media, c.data, err)
		}
		if sent := server.Golden("Checks.IDVerification"); c.ok && !slices.ContainsFunc(sent, func(text string) bool { return containsName(text, c.sent) }) {
			t.Errorf("%q was not sent as %s: %v", c.name, c.sent, sent)
		}
		server.Close()
	}
}

func containsName(text, name string) bool { return strings.Contains(text, `filename="`+name+`"`) }
