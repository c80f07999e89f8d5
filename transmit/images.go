package transmit

import (
	"context"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ImagesService adds, lists and reads the images of a verification.
type ImagesService struct{ client *Client }

// FormatJPG is the only data format of images that the vendor takes today.
const FormatJPG = "jpg"

// ImageFormat says in which form an image is read.
type ImageFormat string

// The formats.
const (
	// ImageRaw is the bytes of the image.
	ImageRaw ImageFormat = "raw"
	// ImageBase64 is the image as base64 text. The vendor does not say how that text is wrapped, so quotes, a
	// data URL's head and line breaks are taken off, and what is written is the base64 itself.
	ImageBase64 ImageFormat = "base64"
)

// Download is what was read into a writer.
type Download struct {
	// ContentType is the vendor's. Its document says image/jpg, which is no registered type.
	ContentType string
	// Bytes counts what was written.
	Bytes int64
}

// List lists the images of a session, rejected and refined ones included.
func (s *ImagesService) List(ctx context.Context, sessionID string, opts ...kyc.Option) (*SessionImages, error) {
	out := new(SessionImages)
	call := transport.Call{Operation: safe("images.list"), Method: http.MethodGet, Out: out}
	if _, err := s.client.send(ctx, call, "/verification/{}/images", []string{sessionID}, opts); err != nil {
		return nil, err
	}
	return out, nil
}

// Get reads an image into w as it comes, without holding it. Where the answer
// is empty or of a type that is no image the error matches [kyc.ErrMalformed] and
// nothing is written. After another error w may hold a part of the image.
func (s *ImagesService) Get(ctx context.Context, sessionID, imageID string, format ImageFormat, w io.Writer, opts ...kyc.Option) (*Download, error) {
	op := safe("images.get")
	if w == nil {
		return nil, kyc.Invalid(kyc.Transmit, op.Name, "no writer")
	}
	d := new(Download)
	counted := &counter{w: w}
	call := transport.Call{Operation: op, Method: http.MethodGet, Query: "format=" + string(format), Accept: "*/*", Sink: counted}
	call.SinkHeader = func(a *transport.Answer) error {
		d.ContentType = a.Header.Get("Content-Type")
		if format == ImageRaw && !isImage(d.ContentType) {
			return a.Malformed(kyc.Transmit, op.Name, "the answer is not an image")
		}
		return nil
	}
	var text *base64Filter
	switch format {
	case ImageRaw:
	case ImageBase64:
		text = &base64Filter{w: counted}
		call.Sink = text
	default:
		return nil, kyc.Invalid(kyc.Transmit, op.Name, "the format is neither raw nor base64")
	}
	answer, err := s.client.send(ctx, call, "/verification/{}/images/{}", []string{sessionID, imageID}, opts)
	if err != nil {
		if text != nil && text.bad {
			return nil, kyc.Malformed(kyc.Transmit, op.Name, "the answer is not base64 text", nil)
		}
		return nil, err
	}
	if text != nil {
		if err := text.close(); err != nil {
			return nil, answer.Malformed(kyc.Transmit, op.Name, "the answer is not base64 text")
		}
	}
	if counted.n == 0 {
		// A success without content, as 204 is, must not be kept as somebody's document.
		return nil, answer.Malformed(kyc.Transmit, op.Name, "the answer holds no image")
	}
	d.Bytes = counted.n
	return d, nil
}

func isImage(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return contentType == "" || (err == nil && (strings.HasPrefix(media, "image/") || media == "application/octet-stream" || media == "binary/octet-stream"))
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// ImageUpload is an image to add to a session.
type ImageUpload struct {
	// Type says what the image shows.
	Type ImageType
	// File is a JPEG of 640x480 to 3840x2160 pixels and of known length.
	File kyc.File
	// ImageID is the caller's own unique id of the image.
	ImageID string
	// Margins names the part of the image to use; nil for the whole. The vendor does not state the unit.
	Margins *CaptureMargins
	// Device is what took the image.
	Device *DeviceInfo
	// Unchecked sends the file as it is: whether it is a JPEG of the right size is left to the vendor.
	Unchecked bool
}

// Accepted tells whether the image was taken. A rejected image is not an error:
// Feedback says what to do better.
func (r *ImageReceipt) Accepted() bool { return r.Feedback.Accepted() }

type addImageKey struct{}

type addImagePlace struct{ method, template string }

// WithAddImage changes method and path of [ImagesService.Add], which no page of
// the vendor confirms: they are POST and "/verification/{sid}/images" without
// this option. path is below /verify/api/v1 and has {sid} for the session id.
func WithAddImage(method, path string) kyc.Option {
	return func(s *kyc.Settings) {
		s.Set(addImageKey{}, addImagePlace{method, strings.ReplaceAll(path, "{sid}", "{}")})
	}
}

// Add sends one image to a session that the backend started. Its base64 form is
// produced while it is sent and never held whole; that it is a JPEG of the right
// size is checked first, where the file can be opened twice.
//
// The answer tells an image that was taken from one that has to be captured
// again ([ImageReceipt.Accepted], [Feedback]), and which images are still missing:
// ask for those, since some documents need no back side.
//
// Experimental: the bodies of this call are documented; its method and path, and
// that it takes the backend's token, are not and were inferred; [WithAddImage]
// changes the first two. The call is repeated only where the vendor surely did nothing.
func (s *ImagesService) Add(ctx context.Context, sessionID string, image ImageUpload, opts ...kyc.Option) (*ImageReceipt, error) {
	op := create("images.add")
	switch {
	case image.Type == "":
		return nil, kyc.Invalid(kyc.Transmit, op.Name, "Type is empty")
	case sessionID == "":
		// Before the file is looked at.
		return nil, kyc.Invalid(kyc.Transmit, op.Name, transport.ErrEmptyID.Error())
	}
	if err := checkFile(op.Name, image.File); err != nil {
		return nil, err
	}
	if !image.Unchecked {
		if err := checkJPEG(op.Name, image.File, true); err != nil {
			return nil, err
		}
	}
	body, err := base64Body(op.Name, image.File, func(content string) any {
		return AddImageRequest{
			Image:      Image{DataFormat: FormatJPG, ImageType: image.Type, Content: content, CaptureMargins: image.Margins, ImageID: image.ImageID},
			DeviceInfo: image.Device,
		}
	})
	if err != nil {
		return nil, err
	}
	place := addImagePlace{http.MethodPost, "/verification/{}/images"}
	if other, ok := s.client.http.Settings(opts...).Value(addImageKey{}).(addImagePlace); ok {
		place = other
	}
	out := new(ImageReceipt)
	answer, err := s.client.send(ctx, transport.Call{Operation: op, Method: place.method, Body: body, Out: out}, place.template, []string{sessionID}, opts)
	if err != nil {
		return nil, err
	}
	if out.Feedback == "" {
		return nil, answer.Malformed(kyc.Transmit, op.Name, "the answer holds no feedback on the image")
	}
	return out, nil
}
