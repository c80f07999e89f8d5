package yoti

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	nameResource = "resource id"
	// faceImageName is the file name that the vendor's own SDKs send; the form needs one.
	faceImageName = "face-capture-image"
	// onceCap bounds what is taken into memory of a file that can be read only once.
	onceCap = 32 << 20
)

// ResourcesService supplies reference faces to sessions with a FACE_COMPARISON
// check. The face has to be there before the user's client starts.
type ResourcesService struct{ c *Client }

// CreateFaceCapture opens a face resource for a FACE_CAPTURE requirement of the
// session's configuration.
func (s *ResourcesService) CreateFaceCapture(ctx context.Context, sessionID string, req FaceCaptureRequest, opts ...kyc.Option) (*FaceCaptureResource, error) {
	const operation = "resources.create_face_capture"
	if req.RequirementID == "" {
		return nil, invalid(operation, "RequirementID is empty")
	}
	return fetch[FaceCaptureResource](ctx, s.c, request{
		operation: operation, class: transport.IfNotProcessed, method: http.MethodPost, template: "/sessions/{}/resources/face-capture",
		names: []string{nameSession}, ids: []string{sessionID}, in: req,
	}, opts)
}

// UploadFaceCapture uploads the reference face, a JPEG or PNG image; its content
// type is read from the first bytes if the file has none. The form is signed
// and sent as a stream, so the file is opened twice an attempt; one that can be
// read only once, or whose length is not known, is taken into memory first, up
// to 32 MiB.
func (s *ResourcesService) UploadFaceCapture(ctx context.Context, sessionID, resourceID string, image kyc.File, opts ...kyc.Option) error {
	const operation = "resources.upload_face_capture"
	if image.IsZero() {
		return invalid(operation, "the image has no source")
	}
	size, err := image.Size()
	if err != nil {
		return &kyc.Error{Vendor: kyc.Yoti, Operation: operation, Kind: kyc.ErrInvalid, Err: err, Detail: "the image cannot be opened"}
	}
	if size == 0 {
		return invalid(operation, "the image is empty")
	}
	image, err = s.reopenable(image, size)
	if err != nil {
		return &kyc.Error{Vendor: kyc.Yoti, Operation: operation, Kind: kyc.ErrInvalid, Err: err, Detail: "the image cannot be read, or is longer than 32 MiB"}
	}
	if image, err = typed(image); err != nil {
		return &kyc.Error{Vendor: kyc.Yoti, Operation: operation, Kind: kyc.ErrInvalid, Err: err, Detail: "the image cannot be read"}
	}
	if t := image.ContentType(); t != "image/jpeg" && t != "image/png" {
		return invalid(operation, "the image is neither image/jpeg nor image/png")
	}
	// The name of a file may name its person; the form wants a name, not this one.
	body, err := transport.MultipartBody(transport.Field{Name: "binary-content", File: image.WithName(faceImageName)})
	if err != nil {
		return &kyc.Error{Vendor: kyc.Yoti, Operation: operation, Kind: kyc.ErrInvalid, Err: err, Detail: "the image cannot be opened"}
	}
	_, err = s.c.call(ctx, request{
		operation: operation, class: transport.Safe, method: http.MethodPut,
		template: "/sessions/{}/resources/face-capture/{}/image", names: []string{nameSession, nameResource}, ids: []string{sessionID, resourceID}, body: body,
	}, opts)
	return err
}

// UseApplicant answers a face resource with the face of a stored applicant.
//
// Experimental: known from one page of the documentation, no SDK has it.
func (s *ResourcesService) UseApplicant(ctx context.Context, sessionID, resourceID string, req ApplicantReference, opts ...kyc.Option) error {
	const operation = "resources.use_applicant"
	if req.ApplicantID == "" {
		return invalid(operation, "ApplicantID is empty")
	}
	_, err := s.c.call(ctx, request{
		operation: operation, class: transport.Safe, method: http.MethodPut,
		template: "/sessions/{}/resources/face-capture/{}/applicant", names: []string{nameSession, nameResource}, ids: []string{sessionID, resourceID}, in: req,
	}, opts)
	return err
}

// reopenable takes a file into memory that cannot be streamed: one that can be read once, where its bytes are needed for
// the signature and for sending, and one of unknown length, since the form declares its own.
func (s *ResourcesService) reopenable(f kyc.File, size int64) (kyc.File, error) {
	if size >= 0 && (f.Reopenable() || !s.c.signed) {
		return f, nil
	}
	r, err := f.Open()
	if err != nil {
		return kyc.File{}, err
	}
	var buf bytes.Buffer
	_, err = io.Copy(&capped{w: &buf, left: onceCap}, r)
	_ = r.Close()
	if err != nil {
		return kyc.File{}, err
	}
	if buf.Len() == 0 {
		return kyc.File{}, io.ErrUnexpectedEOF
	}
	return kyc.FileBytes(f.Name(), f.ContentType(), buf.Bytes()), nil
}

// typed gives a file the content type of its first bytes, where it has none.
func typed(f kyc.File) (kyc.File, error) {
	if f.ContentType() != "" {
		t, _, err := mime.ParseMediaType(f.ContentType())
		if err != nil {
			return f, nil //nolint:nilerr // What is no media type is refused as one that is not taken.
		}
		if t == "image/jpg" {
			// No registered name, and a usual one.
			t = "image/jpeg"
		}
		return f.WithContentType(t), nil
	}
	if !f.Reopenable() {
		return f, nil
	}
	r, err := f.Open()
	if err != nil {
		return kyc.File{}, err
	}
	defer func() { _ = r.Close() }()
	head := make([]byte, 512)
	n, err := io.ReadFull(r, head)
	if err != nil && n == 0 {
		return kyc.File{}, err
	}
	return f.WithContentType(http.DetectContentType(head[:n])), nil
}
