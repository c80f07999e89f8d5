package fake_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
)

var (
	jpeg = "\xff\xd8\xff\xe0" + strings.Repeat("j", 60)
	png  = "\x89PNG\r\n\x1a\n" + strings.Repeat("p", 60)
)

type part struct{ name, file, contentType, data string }

func form(t *testing.T, parts ...part) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		h := textproto.MIMEHeader{}
		disposition := fmt.Sprintf(`form-data; name=%q`, p.name)
		if p.file != "" {
			disposition += fmt.Sprintf(`; filename=%q`, p.file)
		}
		h.Set("Content-Disposition", disposition)
		if p.contentType != "" {
			h.Set("Content-Type", p.contentType)
		}
		pw, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(pw, p.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

func uploadServer(t *testing.T) *fake.Server {
	t.Helper()
	return start(t, fake.Config{Routes: []fake.Route{{
		Operation: "Upload", Method: "POST", Pattern: "/up", Handler: func(c *fake.Call) {
			parts, ok := c.Multipart(
				fake.PartSpec{Name: "file", ContentTypes: []string{"image/jpeg", "image/png", "application/octet-stream"}, MaxSize: 100},
				fake.PartSpec{Name: "data", Optional: true},
				fake.PartSpec{Name: "side", Field: true, Optional: true},
			)
			if ok {
				c.Reply(http.StatusOK, fmt.Sprintf("%s %s %d %q", parts["file"].FileName, parts["file"].ContentType,
					len(parts["file"].Data), parts["side"].Data))
			}
		},
	}}})
}

func upload(t *testing.T, s *fake.Server, contentType string, body io.Reader) reply {
	t.Helper()
	req, _ := http.NewRequest(http.MethodPost, s.URL()+"/up", body)
	req.Header.Set("Content-Type", contentType)
	r, err := do(s, req)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestMultipart(t *testing.T) {
	s := uploadServer(t)
	front := part{"file", "front.jpg", "image/jpeg", jpeg}
	for _, tt := range []struct {
		name   string
		parts  []part
		status int
		want   string
	}{
		{"file", []part{front}, 200, "front.jpg image/jpeg 64 \"\""},
		{"file and field", []part{{"side", "", "", "FRONT"}, front}, 200, "front.jpg image/jpeg 64 \"FRONT\""},
		{"opaque", []part{{"file", "m.bin", "application/octet-stream", png}}, 200, "m.bin application/octet-stream 68 \"\""},
		{"json", []part{front, {"data", "d.json", "application/json", `{"a":1}`}}, 200, "front.jpg image/jpeg 64 \"\""},
		{"text", []part{front, {"data", "d.txt", "text/csv", "a,b"}}, 200, "front.jpg image/jpeg 64 \"\""},
		{"unknown kind", []part{front, {"data", "d.heic", "image/heic", "\x00\x01\x02"}}, 200, "front.jpg image/jpeg 64 \"\""},
		{"png called jpeg", []part{{"file", "a.jpg", "image/jpeg", png}}, 415, "the content of part file is not image/jpeg"},
		{"png called heic", []part{front, {"data", "d.heic", "image/heic", png}}, 415, "the content of part data is not image/heic"},
		{"broken json", []part{front, {"data", "d.json", "application/json", `{"a":1`}}, 415, "the content of part data is not application/json"},
		{"type not allowed", []part{{"file", "a.gif", "image/gif", "GIF89a"}}, 415, "part file is none of image/jpeg, image/png, application/octet-stream"},
		{"no type", []part{{"file", "a.jpg", "", jpeg}}, 415, "part file has no content type"},
		{"no file name", []part{{"file", "", "image/jpeg", jpeg}}, 400, "part file has no file name"},
		{"field as file", []part{front, {"side", "x", "", "FRONT"}}, 400, "part side has a file name"},
		{"empty", []part{{"file", "a.jpg", "image/jpeg", ""}}, 400, "part file is empty"},
		{"too large", []part{{"file", "a.jpg", "image/jpeg", jpeg + jpeg}}, 413, "part file has more than 100 bytes"},
		{"twice", []part{front, front}, 400, "part file is repeated"},
		{"unknown", []part{front, {"x", "", "", "1"}}, 400, `unknown part "x"`},
		{"missing", []part{{"side", "", "", "FRONT"}}, 400, "no part file"},
		{"none", nil, 400, "does not begin with the boundary"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := len(s.Problems())
			body, contentType := form(t, tt.parts...)
			r := upload(t, s, contentType, bytes.NewReader(body))
			want := fmt.Sprintf("%q", tt.want)
			if tt.status != 200 {
				want = fmt.Sprintf(`{"error":%q}`, tt.want)
			}
			r.want(t, tt.status, want)
			if got := len(s.Problems()) - before; got == 1 != (tt.status != 200) {
				t.Errorf("%d problems", got)
			}
		})
	}
}

func TestMultipartFraming(t *testing.T) {
	s := uploadServer(t)
	body, contentType := form(t, part{"file", "front.jpg", "image/jpeg", jpeg})
	upload(t, s, contentType, bytes.NewReader(body)).want(t, 200, `"front.jpg image/jpeg 64 \"\""`)
	edit := func(old, new string) []byte { return bytes.ReplaceAll(body, []byte(old), []byte(new)) }
	for _, tt := range []struct {
		name, contentType string
		body              io.Reader
		status            int
		want              string
	}{
		{"chunked", contentType, io.MultiReader(bytes.NewReader(body)), 411, "the length is not declared"},
		{"other type", "image/jpeg", strings.NewReader(jpeg), 415, "want multipart/form-data"},
		{"no boundary", "multipart/form-data", bytes.NewReader(body), 400, "no boundary"},
		{"other boundary", "multipart/form-data; boundary=x", bytes.NewReader(body), 400, "does not end with the closing boundary"},
		{"cut off", contentType, bytes.NewReader(body[:len(body)-4]), 400, "does not end with the closing boundary"},
		{"text in front", contentType, io.Reader(bytes.NewReader(append([]byte("x\r\n"), body...))), 400, "does not begin with the boundary"},
		{"no name", contentType, bytes.NewReader(edit(`name="file"; `, "")), 400, "a part has no form-data name"},
		{"no blank line", contentType, bytes.NewReader(edit("\r\n\r\n", "\r\n")), 400, "does not parse"},
		{"encoded", contentType, bytes.NewReader(edit("Content-Type: image/jpeg", "Content-Transfer-Encoding: base64")), 400, "a part has a transfer encoding"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			upload(t, s, tt.contentType, tt.body).want(t, tt.status, fmt.Sprintf(`{"error":%q}`, tt.want))
		})
	}
	if diff := cmp.Diff(9, len(s.Problems())); diff != "" {
		t.Error(diff)
	}
}
