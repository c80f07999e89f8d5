package fake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
)

// PartSpec is a part that a multipart request must have.
type PartSpec struct {
	Name string
	// Field is a part without file name and content type.
	Field bool
	// Optional parts may be missing.
	Optional bool
	// ContentTypes are those that may be declared; empty: any.
	ContentTypes []string
	// MaxSize is the largest content in bytes; 0: no limit.
	MaxSize int64
	// AllowEmpty lets content of no bytes pass.
	AllowEmpty bool
}

// Part is a part as it was received.
type Part struct {
	Name        string
	FileName    string
	ContentType string
	Data        []byte
}

// Multipart reads a multipart/form-data body that has exactly the given parts, once each, and declares its length. The
// content of a file must be what its content type says. On false the answer is written.
func (c *Call) Multipart(specs ...PartSpec) (map[string]Part, bool) {
	params, ok := c.declared("multipart/form-data")
	if !ok {
		return nil, false
	}
	parts, err := readParts(c.Body, params["boundary"])
	if err != nil {
		c.Refuse(http.StatusBadRequest, RuleMultipart, err.Error())
		return nil, false
	}
	out := map[string]Part{}
	for _, p := range parts {
		if e := c.checkPart(specs, out, p); e != nil {
			e.Fields = []string{p.Name}
			c.RefuseWith(*e)
			return nil, false
		}
		out[p.Name] = p.Part
	}
	for _, s := range specs {
		if _, ok := out[s.Name]; !ok && !s.Optional {
			c.RefuseWith(Refusal{
				Status: http.StatusBadRequest, Rule: RuleMultipart, Detail: "no part " + s.Name, Fields: []string{s.Name},
			})
			return nil, false
		}
	}
	return out, true
}

func (c *Call) checkPart(specs []PartSpec, have map[string]Part, p rawPart) *Refusal {
	bad := func(status int, rule, format string, args ...any) *Refusal {
		return &Refusal{Status: status, Rule: rule, Detail: fmt.Sprintf(format, args...)}
	}
	i := slices.IndexFunc(specs, func(s PartSpec) bool { return s.Name == p.Name })
	if i < 0 {
		return bad(http.StatusBadRequest, RuleMultipart, "unknown part %q", p.Name)
	}
	spec := specs[i]
	if _, twice := have[p.Name]; twice {
		return bad(http.StatusBadRequest, RuleMultipart, "part %s is repeated", p.Name)
	}
	if len(p.Data) == 0 && !spec.AllowEmpty {
		return bad(http.StatusBadRequest, RuleMultipart, "part %s is empty", p.Name)
	}
	if spec.MaxSize > 0 && int64(len(p.Data)) > spec.MaxSize {
		return bad(http.StatusRequestEntityTooLarge, RuleBodySize, "part %s has more than %d bytes", p.Name, spec.MaxSize)
	}
	if spec.Field {
		if p.hasFile {
			return bad(http.StatusBadRequest, RuleMultipart, "part %s has a file name", p.Name)
		}
		return nil
	}
	if p.FileName == "" {
		return bad(http.StatusBadRequest, RuleMultipart, "part %s has no file name", p.Name)
	}
	declared, _, err := mime.ParseMediaType(p.ContentType)
	if err != nil {
		return bad(http.StatusUnsupportedMediaType, RuleContentType, "part %s has no content type", p.Name)
	}
	if len(spec.ContentTypes) > 0 && !slices.Contains(spec.ContentTypes, declared) {
		return bad(http.StatusUnsupportedMediaType, RuleContentType, "part %s is none of %s", p.Name,
			strings.Join(spec.ContentTypes, ", "))
	}
	if !contentFits(declared, p.Data) {
		return bad(http.StatusUnsupportedMediaType, RuleContentType, "the content of part %s is not %s", p.Name, declared)
	}
	return nil
}

// contentFits compares content with the type declared for it. A type that can be told from the first bytes must be
// that; one that cannot must not be one that can.
func contentFits(declared string, data []byte) bool {
	sniffed, _, _ := mime.ParseMediaType(http.DetectContentType(data))
	switch declared {
	case "application/octet-stream":
		return true
	case "application/json":
		return CheckJSON(data) == nil
	case "image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "application/pdf", "video/mp4", "video/webm",
		"application/zip":
		return sniffed == declared
	}
	return sniffed == declared || sniffed == "application/octet-stream" || strings.HasPrefix(sniffed, "text/") &&
		strings.HasPrefix(declared, "text/")
}

type rawPart struct {
	Part
	hasFile bool
}

// readParts takes a multipart body apart. Its errors hold no content.
func readParts(body []byte, boundary string) ([]rawPart, error) {
	if boundary == "" {
		return nil, errors.New("no boundary")
	}
	tail := []byte("--" + boundary + "--")
	if !bytes.HasSuffix(bytes.TrimSuffix(body, []byte("\r\n")), tail) {
		return nil, errors.New("does not end with the closing boundary")
	}
	if !bytes.HasPrefix(body, []byte("--"+boundary+"\r\n")) && !bytes.HasPrefix(body, tail) {
		return nil, errors.New("does not begin with the boundary")
	}
	var parts []rawPart
	for r := multipart.NewReader(bytes.NewReader(body), boundary); ; {
		// raw: a transfer encoding would hide what was really sent
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return parts, nil
		}
		if err != nil {
			return nil, errors.New("does not parse")
		}
		disposition, params, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
		if err != nil || disposition != "form-data" || params["name"] == "" {
			return nil, errors.New("a part has no form-data name")
		}
		if p.Header.Get("Content-Transfer-Encoding") != "" {
			return nil, errors.New("a part has a transfer encoding")
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return nil, errors.New("does not parse")
		}
		_, hasFile := params["filename"]
		parts = append(parts, rawPart{hasFile: hasFile, Part: Part{
			Name: params["name"], FileName: params["filename"], ContentType: p.Header.Get("Content-Type"), Data: data,
		}})
	}
}
