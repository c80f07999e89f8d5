package yoti

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const nameMedium = "media id"

// MediaService downloads and erases what a session holds.
type MediaService struct{ c *Client }

// Download is what came with the bytes of a download.
type Download struct {
	// ContentType is what the service calls the bytes, without parameters; empty if it does not say. It is the authority,
	// not Media.Type.
	ContentType string
	// Size is the number of bytes written.
	Size int64
	// Available is false if regulation forbids the service to return the medium: that is an answer, not a fault, and
	// nothing was written.
	Available bool
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (d Download) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, d) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (d Download) LogValue() slog.Value { return kyc.LogRedacted(d) }

// Download writes the bytes of a medium to w as they come. After an error w may
// hold part of them.
func (s *MediaService) Download(ctx context.Context, sessionID, mediaID string, w io.Writer, opts ...kyc.Option) (*Download, error) {
	return s.c.download(ctx, request{
		operation: "media.download", class: transport.Safe, method: http.MethodGet, template: "/sessions/{}/media/{}/content",
		names: []string{nameSession, nameMedium}, ids: []string{sessionID, mediaID},
	}, "*/*", w, opts)
}

// Get is Download.
func (s *MediaService) Get(ctx context.Context, sessionID, mediaID string, w io.Writer, opts ...kyc.Option) (*Download, error) {
	return s.Download(ctx, sessionID, mediaID, w, opts...)
}

// Delete erases a medium. While it is in use the service answers with an error
// matching [kyc.ErrConflict].
func (s *MediaService) Delete(ctx context.Context, sessionID, mediaID string, opts ...kyc.Option) error {
	_, err := s.c.call(ctx, request{
		operation: "media.delete", class: transport.Safe, method: http.MethodDelete, template: "/sessions/{}/media/{}/content",
		names: []string{nameSession, nameMedium}, ids: []string{sessionID, mediaID},
	}, opts)
	return err
}

// DocumentFields downloads a document_fields medium and decodes it. It returns
// nil if the service must not return the medium; see [Download].
func (s *MediaService) DocumentFields(ctx context.Context, sessionID, mediaID string, opts ...kyc.Option) (*DocumentFields, *Download, error) {
	return decodeMedium[DocumentFields](ctx, s, sessionID, mediaID, opts)
}

// ExpandedDocumentFields downloads an expanded_document_fields medium and
// decodes it; nil as for DocumentFields.
func (s *MediaService) ExpandedDocumentFields(ctx context.Context, sessionID, mediaID string, opts ...kyc.Option) (*ExpandedDocumentFields, *Download, error) {
	return decodeMedium[ExpandedDocumentFields](ctx, s, sessionID, mediaID, opts)
}

// IdentityProfileReport downloads the report of an identity profile and decodes
// it; nil as for DocumentFields. The signature over the report is not verified.
func (s *MediaService) IdentityProfileReport(ctx context.Context, sessionID, mediaID string, opts ...kyc.Option) (*IdentityProfileReport, *Download, error) {
	return decodeMedium[IdentityProfileReport](ctx, s, sessionID, mediaID, opts)
}

// jsonMediumCap bounds a medium that is decoded, which has to be in memory as a whole.
const jsonMediumCap = 8 << 20

func decodeMedium[T any](ctx context.Context, s *MediaService, sessionID, mediaID string, opts []kyc.Option) (*T, *Download, error) {
	const operation = "media.parse"
	var buf bytes.Buffer
	sink := &capped{w: &buf, left: jsonMediumCap}
	content, err := s.Download(ctx, sessionID, mediaID, sink, opts...)
	if sink.over {
		return nil, nil, kyc.Malformed(kyc.Yoti, operation, "the medium is longer than the cap of 8 MiB", nil)
	}
	if err != nil {
		return nil, nil, err
	}
	if !content.Available {
		return nil, content, nil
	}
	var out T
	if err := kyc.Unmarshal(buf.Bytes(), &out); err != nil {
		return nil, nil, kyc.Malformed(kyc.Yoti, operation, "the medium is not one complete JSON document", err)
	}
	return &out, content, nil
}

// capped refuses more than left bytes.
type capped struct {
	w    io.Writer
	left int
	over bool
}

var errOverCap = errors.New("more bytes than the cap")

func (c *capped) Write(p []byte) (int, error) {
	if len(p) > c.left {
		c.over = true
		return 0, errOverCap
	}
	c.left -= len(p)
	return c.w.Write(p)
}

// download runs a call whose answer goes to w. 204 is a value: what was asked for is not to be had.
func (c *Client) download(ctx context.Context, r request, accept string, w io.Writer, opts []kyc.Option) (*Download, error) {
	if w == nil {
		return nil, invalid(r.operation, "the writer is nil")
	}
	call, err := c.prepare(r)
	if err != nil {
		return nil, err
	}
	call.Accept, call.Sink, call.EmptyOK = accept, w, true
	answer, err := c.http.Do(ctx, call, opts...)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode == http.StatusNoContent {
		return &Download{}, nil
	}
	contentType := answer.Header.Get("Content-Type")
	if media, _, err := mime.ParseMediaType(contentType); err == nil {
		contentType = media
	}
	return &Download{ContentType: contentType, Size: answer.Written, Available: true}, nil
}
