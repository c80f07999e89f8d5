package yoti

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const mediaID = "media id"

// MediaService downloads and erases what a session holds.
type MediaService struct{ client *Client }

// MediaContent says what a download was.
type MediaContent struct {
	// Available is false where regulation forbids the service to return the medium: that is an answer, not a fault, and
	// nothing was written.
	Available bool
	// ContentType is what the service calls it, empty where it does not say. It is the authority, not Media.Type.
	ContentType string
	// Size is the number of bytes that were written.
	Size int64
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (m MediaContent) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, m) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (m MediaContent) LogValue() slog.Value { return kyc.LogRedacted(m) }

// Get writes the bytes of a medium to w as they come. After an error w may hold
// a part of them.
func (s *MediaService) Get(ctx context.Context, session, medium string, w io.Writer, opts ...kyc.Option) (*MediaContent, error) {
	return s.client.download(ctx, request{
		operation: "media.get", class: transport.Safe, method: http.MethodGet, template: "/sessions/{}/media/{}/content",
		names: []string{sessionID, mediaID}, ids: []string{session, medium},
	}, "*/*", w, opts)
}

// Delete erases a medium. While it is in use the service answers with an error
// matching [kyc.ErrConflict].
func (s *MediaService) Delete(ctx context.Context, session, medium string, opts ...kyc.Option) error {
	_, err := s.client.call(ctx, request{
		operation: "media.delete", class: transport.Safe, method: http.MethodDelete, template: "/sessions/{}/media/{}/content",
		names: []string{sessionID, mediaID}, ids: []string{session, medium},
	}, opts)
	return err
}

// DocumentFields downloads a document_fields medium and decodes it. It returns
// nil where the service must not return the medium; see [MediaContent].
func (s *MediaService) DocumentFields(ctx context.Context, session, medium string, opts ...kyc.Option) (*DocumentFields, *MediaContent, error) {
	var out DocumentFields
	return decodeMedium(ctx, s, session, medium, &out, opts)
}

// ExpandedDocumentFields downloads an expanded_document_fields medium and
// decodes it; nil as for DocumentFields.
func (s *MediaService) ExpandedDocumentFields(ctx context.Context, session, medium string, opts ...kyc.Option) (*ExpandedDocumentFields, *MediaContent, error) {
	var out ExpandedDocumentFields
	return decodeMedium(ctx, s, session, medium, &out, opts)
}

// IdentityProfileReport downloads the report of an identity profile and decodes
// it; nil as for DocumentFields. The signature over the report is not verified.
func (s *MediaService) IdentityProfileReport(ctx context.Context, session, medium string, opts ...kyc.Option) (*IdentityProfileReport, *MediaContent, error) {
	var out IdentityProfileReport
	return decodeMedium(ctx, s, session, medium, &out, opts)
}

// jsonMediumCap bounds a medium that is decoded, which has to be in memory as a whole.
const jsonMediumCap = 8 << 20

func decodeMedium[T any](ctx context.Context, s *MediaService, session, medium string, out *T, opts []kyc.Option) (*T, *MediaContent, error) {
	var buf bytes.Buffer
	sink := &capped{w: &buf, left: jsonMediumCap}
	content, err := s.Get(ctx, session, medium, sink, opts...)
	if sink.over {
		return nil, nil, kyc.Malformed(kyc.Yoti, "media.get", "the medium is longer than the cap of 8 MiB", nil)
	}
	if err != nil {
		return nil, nil, err
	}
	if !content.Available {
		return nil, content, nil
	}
	if err := kyc.Unmarshal(buf.Bytes(), out); err != nil {
		return nil, nil, kyc.Malformed(kyc.Yoti, "media.get", "the medium is not one complete JSON document", err)
	}
	return out, content, nil
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
func (c *Client) download(ctx context.Context, r request, accept string, w io.Writer, opts []kyc.Option) (*MediaContent, error) {
	if w == nil {
		return nil, invalid(r.operation, "the writer is nil")
	}
	call, err := c.prepare(r)
	if err != nil {
		return nil, err
	}
	call.Accept, call.Sink = accept, w
	answer, err := c.core.Do(ctx, call, opts...)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode == http.StatusNoContent {
		return &MediaContent{}, nil
	}
	return &MediaContent{Available: true, ContentType: answer.Header.Get("Content-Type"), Size: answer.Written}, nil
}
