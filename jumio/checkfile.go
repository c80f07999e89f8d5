package jumio

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	// maxUpload is the cap of the present API description; older guides say 5 and 10 MB.
	maxUpload     = 15_000_000
	maxImageSide  = 8000
	minImageSide  = 300
	typeJPEG      = "image/jpeg"
	typePNG       = "image/png"
	typePDF       = "application/pdf"
	typeBinary    = "application/octet-stream"
	headerEnough  = 512
	headerForSize = 1 << 20
)

// checkFile finds what the vendor would refuse, and gives the file the name and type that the form needs. A source that
// can be read only once is not looked into.
func checkFile(op string, category Category, part Part, file kyc.File) (kyc.File, error) {
	invalid := func(detail string) (kyc.File, error) { return kyc.File{}, kyc.Invalid(kyc.Jumio, op, detail) }
	if file.IsZero() {
		return invalid("the file has no source")
	}
	size, err := file.Size()
	if err != nil {
		return kyc.File{}, &kyc.Error{Vendor: kyc.Jumio, Operation: op, Kind: kyc.ErrInvalid, Err: err, Detail: "the file cannot be opened"}
	}
	switch {
	case size < 0:
		return invalid("the file has no known length, which the vendor wants declared")
	case size == 0:
		return invalid("the file is empty")
	case size > maxUpload:
		return invalid("the file is larger than 15 MB")
	}
	if file.Name() == "" {
		file = file.WithName(strings.ToLower(string(part)))
	}
	if part == PartFacemap {
		return file.WithContentType(typeBinary), nil
	}
	if !file.Reopenable() {
		switch file.ContentType() {
		case typeJPEG, typePNG, typePDF:
			return file, nil
		}
		return invalid("a file that can be read only once must say that it is image/jpeg, image/png or application/pdf")
	}
	media, config, err := look(file)
	switch {
	case errors.Is(err, errDamaged):
		return invalid("the image is damaged")
	case err != nil:
		return kyc.File{}, &kyc.Error{Vendor: kyc.Jumio, Operation: op, Kind: kyc.ErrInvalid, Err: err, Detail: "the file cannot be read"}
	case media == typePDF && (part == PartFace || category == "SELFIE"):
		return invalid("a face must be a JPEG or PNG image")
	case media == typePDF:
		return file.WithContentType(media), nil
	case media != typeJPEG && media != typePNG:
		return invalid("the file is neither JPEG nor PNG, nor PDF for a document")
	case config.Width > maxImageSide || config.Height > maxImageSide:
		return invalid("the image is larger than 8000 by 8000 pixels")
	case config.Width > 0 && max(config.Width, config.Height) <= minImageSide:
		return invalid("the longer side of the image must be above 300 pixels")
	}
	return file.WithContentType(media), nil
}

var errDamaged = errors.New("jumio: the image is damaged")

// look reads media type and measures of a file. Measures of a form that the decoders do not know are zero.
func look(file kyc.File) (string, image.Config, error) {
	rc, err := file.Open()
	if err != nil {
		return "", image.Config{}, err
	}
	defer func() { _ = rc.Close() }()
	head := make([]byte, headerEnough)
	n, err := io.ReadFull(rc, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", image.Config{}, err
	}
	head = head[:n]
	media := http.DetectContentType(head)
	// The measures stand near the beginning; an endless header is not worth reading.
	rest := io.LimitReader(io.MultiReader(bytes.NewReader(head), rc), headerForSize)
	var config image.Config
	switch media {
	case typeJPEG:
		config, err = jpeg.DecodeConfig(rest)
	case typePNG:
		config, err = png.DecodeConfig(rest)
	default:
		return media, image.Config{}, nil
	}
	var jpegFault jpeg.FormatError
	var pngFault png.FormatError
	if errors.As(err, &jpegFault) || errors.As(err, &pngFault) {
		return media, image.Config{}, errDamaged
	}
	return media, config, nil
}
