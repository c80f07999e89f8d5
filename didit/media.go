package didit

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// MediaService downloads images, videos and files.
type MediaService struct{ c *Client }

// Download says what was downloaded.
type Download struct {
	// ContentType is the media type in lower case, without parameters; empty if the vendor does not say.
	ContentType string
	// Size is the number of bytes that were written.
	Size int64
}

func downloaded(a *transport.Answer) *Download {
	// A type that does not parse says nothing.
	media, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	return &Download{ContentType: media, Size: a.Written}
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (d Download) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, d) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (d Download) LogValue() slog.Value { return kyc.LogRedacted(d) }

const opMedia = "media.download"

// Download writes what a link of a decision points at to w. Links open
// without further proof and soon run out (after about an hour); read the
// decision again for new ones. The API key is never sent along, wherever the
// link leads. A link without a host, as some samples have, is taken as the
// vendor's own.
//
// Experimental: links without a host; no page says what they are relative to.
//
// Take links only from decisions that this client fetched: the call goes
// wherever the link says.
func (s *MediaService) Download(ctx context.Context, link kyc.Secret, w io.Writer, opts ...kyc.Option) (*Download, error) {
	u, err := s.target(link.Reveal())
	if err != nil {
		return nil, err
	}
	if w == nil {
		return nil, kyc.Invalid(kyc.Didit, opMedia, "the writer is nil")
	}
	answer, err := s.c.http.Do(ctx, transport.Call{
		Operation: transport.Operation{Name: opMedia, Class: transport.Safe}, Method: http.MethodGet,
		Base: &url.URL{Scheme: u.Scheme, Host: u.Host}, Path: u.EscapedPath(), Query: u.RawQuery,
		Auth: transport.NoAuth, Accept: "*/*", Sink: w, Follow: true,
	}, opts...)
	if err != nil {
		return nil, err
	}
	return downloaded(answer), nil
}

func (s *MediaService) target(link string) (*url.URL, error) {
	if link == "" {
		return nil, kyc.Invalid(kyc.Didit, opMedia, "the link is empty: the session has no such file, or the API key may not see it")
	}
	u, err := url.Parse(link)
	if err != nil {
		return nil, kyc.Invalid(kyc.Didit, opMedia, "the link is not a URL")
	}
	u = s.c.base.ResolveReference(u)
	// http is for fakes and proxies on the caller's own machine.
	if u.Host == "" || u.User != nil || (u.Scheme != "https" && (u.Scheme != "http" || s.c.base.Scheme != "http")) {
		return nil, kyc.Invalid(kyc.Didit, opMedia, "the link is not an https URL")
	}
	return u, nil
}

// pdfOnly refuses a success that is no PDF before a byte of it reaches the caller.
func pdfOnly(a *transport.Answer) error {
	media, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil || (media != "application/pdf" && media != "application/octet-stream") {
		return a.Malformed(kyc.Didit, opPDF, "the answer is no PDF")
	}
	return nil
}
