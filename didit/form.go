package didit

import (
	"encoding/json"
	"io"
	"mime"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// fileRule is what the vendor documents of a file.
type fileRule struct {
	max   int64
	limit string // max in words
	types []string
}

var (
	documentFile = fileRule{10 << 20, "10 MB", []string{"tiff", "jpg", "jpeg", "png", "webp", "pdf"}}
	faceFile     = fileRule{5 << 20, "5 MB", []string{"tiff", "jpg", "jpeg", "png", "webp"}}
	addressFile  = fileRule{15 << 20, "15 MB", []string{"tiff", "jpg", "jpeg", "png", "pdf", "webp"}}
	selfieFile   = fileRule{2 << 20, "2 MB", []string{"jpg", "jpeg", "png", "webp"}}
	logoFile     = fileRule{1 << 20, "1 MB", []string{"png", "jpg", "jpeg", "webp"}}
	faviconFile  = fileRule{500 << 10, "500 KB", []string{"png", "jpg", "jpeg", "webp", "ico", "svg"}}
	storedFace   = fileRule{2 << 20, "2 MB", []string{"jpg", "jpeg", "png"}}
)

// mediaTypes are the types of the extensions; the vendor goes by the extension.
var mediaTypes = map[string]string{
	"tiff": "image/tiff", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "pdf": "application/pdf",
	"ico": "image/x-icon", "svg": "image/svg+xml",
}

// form gathers the parts of a request and the first thing that is wrong with them.
type form struct {
	op     string
	fields []transport.Field
	err    error
}

func (f *form) fail(detail string) {
	if f.err == nil {
		f.err = kyc.Invalid(kyc.Didit, f.op, detail)
	}
}

func (f *form) text(name, value string) {
	if value != "" {
		f.fields = append(f.fields, transport.Field{Name: name, Text: value})
	}
}

func (f *form) boolean(name string, value *bool) {
	if value != nil {
		f.text(name, strconv.FormatBool(*value))
	}
}

// threshold is a figure from 0 to 100.
func (f *form) threshold(name, field string, value *float64) {
	if value == nil {
		return
	}
	if !(*value >= 0 && *value <= 100) {
		f.fail(field + " is not between 0 and 100")
	}
	f.text(name, strconv.FormatFloat(*value, 'f', -1, 64))
}

// whole is a whole figure with bounds.
func (f *form) whole(name, field string, value *int64, low, high int64) {
	if value == nil {
		return
	}
	if *value < low || *value > high {
		f.fail(field + " is not between " + strconv.FormatInt(low, 10) + " and " + strconv.FormatInt(high, 10))
	}
	f.text(name, strconv.FormatInt(*value, 10))
}

// kept adds what every check has. In a form metadata is JSON as text.
func (f *form) kept(save *bool, vendorData string, metadata json.RawMessage) {
	f.boolean("save_api_request", save)
	f.text("vendor_data", vendorData)
	if len(metadata) > 0 && kyc.Unmarshal(metadata, new(json.RawMessage)) != nil {
		f.fail("Metadata is not JSON")
	}
	f.text("metadata", string(metadata))
}

// file adds a file that keeps to the rule; field is its name in Go.
func (f *form) file(name, field string, file kyc.File, rule fileRule) {
	if file.IsZero() {
		f.fail(field + " is missing")
		return
	}
	file, detail := rule.apply(file)
	if detail != "" {
		f.fail(field + " " + detail)
		return
	}
	f.fields = append(f.fields, transport.Field{Name: name, File: file})
}

// optional adds a file where there is one.
func (f *form) optional(name, field string, file kyc.File, rule fileRule) {
	if !file.IsZero() {
		f.file(name, field, file, rule)
	}
}

// apply returns the file with the name and type that the vendor goes by, or what is wrong with it.
func (r fileRule) apply(file kyc.File) (kyc.File, string) {
	size, err := file.Size()
	switch {
	case err != nil:
		return file, "cannot be read"
	case size < 0:
		return file, "has no known length, so that the vendor's limit cannot be checked"
	case size == 0:
		return file, "is empty"
	case size > r.max:
		return file, "is longer than " + r.limit
	}
	if file.Name() == "" {
		file = file.WithName("file")
	}
	declared, _, _ := mime.ParseMediaType(file.ContentType())
	switch declared {
	case "application/octet-stream":
		declared = ""
	case "image/jpg":
		declared = "image/jpeg"
	}
	shown := sniff(file)
	if shown != "" && declared != "" && shown != declared {
		return file, "is not of the content type that it has"
	}
	if declared == "" {
		declared = shown
	}
	extension := strings.ToLower(strings.TrimPrefix(path.Ext(file.Name()), "."))
	if !slices.Contains(r.types, extension) {
		i := slices.IndexFunc(r.types, func(t string) bool { return declared != "" && mediaTypes[t] == declared })
		if i < 0 {
			return file, "is none of " + strings.Join(r.types, ", ")
		}
		return file.WithName(file.Name() + "." + r.types[i]).WithContentType(declared), ""
	}
	if declared != "" && declared != mediaTypes[extension] {
		return file, "has a name and a content type that do not fit"
	}
	return file.WithContentType(mediaTypes[extension]), ""
}

// magic are the first bytes of the types that have some.
var magic = []struct{ head, media string }{
	{"\xff\xd8\xff", "image/jpeg"}, {"\x89PNG\r\n\x1a\n", "image/png"}, {"%PDF-", "application/pdf"}, {"II*\x00", "image/tiff"},
	{"MM\x00*", "image/tiff"}, {"\x00\x00\x01\x00", "image/x-icon"},
}

// sniff tells the type of a file by its first bytes, "" where they say nothing or can be read only once.
func sniff(file kyc.File) string {
	if !file.Reopenable() {
		return ""
	}
	r, err := file.Open()
	if err != nil {
		return ""
	}
	defer func() { _ = r.Close() }()
	var buffer [12]byte
	n, _ := io.ReadFull(r, buffer[:])
	head := string(buffer[:n])
	if len(head) == len(buffer) && head[:4] == "RIFF" && head[8:] == "WEBP" {
		return "image/webp"
	}
	for _, m := range magic {
		if strings.HasPrefix(head, m.head) {
			return m.media
		}
	}
	return ""
}

func (f *form) body() (*transport.Body, error) {
	if f.err != nil {
		return nil, f.err
	}
	body, err := transport.MultipartBody(f.fields...)
	if err != nil {
		return nil, kyc.Invalid(kyc.Didit, f.op, "a file cannot be read")
	}
	return body, nil
}
