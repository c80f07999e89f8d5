package transport

import (
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Names of files are the caller's users'. None of them adds a header, a field or a part, and the length is exact.
func FuzzMultipartNames(f *testing.F) {
	f.Add("scan.jpg", "image/jpeg", "bytes", "value")
	f.Add("a\"; name=\"admin\r\nX-Evil: 1\r\n\r\n", "image/jpeg\r\nX-Evil: 1", "--x\r\n", "v\r\n--")
	f.Add("ä\x00\xff.jpg", "", "", "")
	f.Fuzz(func(t *testing.T, name, contentType, content, text string) {
		body, err := MultipartBody(Field{Name: "text", Text: text}, Field{Name: "file", File: kyc.FileBytes(name, contentType, []byte(content))})
		if err != nil {
			return
		}
		r, err := body.Open()
		if err != nil {
			t.Fatal(err)
		}
		all, err := io.ReadAll(r)
		if err != nil || int64(len(all)) != body.Size() {
			t.Fatalf("%d bytes, %d announced, %v", len(all), body.Size(), err)
		}
		_, params, err := mime.ParseMediaType(body.ContentType)
		if err != nil {
			t.Fatal(err)
		}
		parts := multipart.NewReader(strings.NewReader(string(all)), params["boundary"])
		var seen []string
		for {
			p, err := parts.NextRawPart()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("name %q, type %q: %v in %q", name, contentType, err, all)
			}
			for header := range p.Header {
				if header != "Content-Disposition" && header != "Content-Type" {
					t.Fatalf("name %q, type %q: a header %q", name, contentType, header)
				}
			}
			data, err := io.ReadAll(p)
			if err != nil {
				t.Fatal(err)
			}
			seen = append(seen, p.FormName()+"="+string(data))
		}
		if len(seen) != 2 || seen[0] != "text="+text || seen[1] != "file="+content {
			t.Fatalf("name %q, type %q: parts %q", name, contentType, seen)
		}
	})
}

// An id stays one segment of the path, whatever it holds, and the path stays below the base.
func FuzzPath(f *testing.F) {
	for _, id := range []string{"a", "..", ".", "a/b", "%2e%2e", "a?b#c", "\x00", "ä", "//evil.example", "a%2Fb"} {
		f.Add(id, "https://api.example/root")
	}
	f.Fuzz(func(t *testing.T, id, text string) {
		base, err := ParseBase(text)
		if err != nil {
			base = &url.URL{Scheme: "https", Host: "api.example", Path: "/root"}
		}
		path, err := Path("/things/{}/end", id)
		if err != nil {
			if id != "" && id != "." && id != ".." {
				t.Fatalf("%q: %v", id, err)
			}
			return
		}
		u, err := target(base, path, "")
		if err != nil {
			t.Fatalf("%q: %v", id, err)
		}
		req, err := http.NewRequest(http.MethodGet, u.String(), nil)
		if err != nil {
			return // a base that net/http does not take either
		}
		// net/http drops the colon of a port that is empty.
		got := req.URL.EscapedPath()
		// The base's own path may come in another spelling of the same.
		i := strings.LastIndex(got, "/things/")
		below, err := url.PathUnescape(got[:max(i, 0)])
		segment, ok := strings.CutSuffix(got[max(i, 0)+len("/things/"):], "/end")
		if i < 0 || err != nil || below != strings.TrimSuffix(base.Path, "/") || !ok || strings.Contains(segment, "/") || segment == "." || segment == ".." || req.URL.Host != strings.TrimSuffix(base.Host, ":") {
			t.Fatalf("%q below %q becomes %q", id, base, got)
		}
		if back, err := url.PathUnescape(segment); err != nil || back != id {
			t.Fatalf("%q comes back as %q, %v", id, back, err)
		}
	})
}

// What the token endpoint says becomes a token that fits in a header, or an error.
func FuzzTokenAnswer(f *testing.F) {
	for _, s := range []string{
		`{"access_token":"t","token_type":"Bearer","expires_in":3600}`, `{"access_token":"t\r\nX: y"}`, `{"access_token":"t","expires_in":-1}`,
		`{"access_token":"t","expires_in":1e300}`, `{"access_token":"t","expires_in":"60"}`, `{"access_token":"\u0000"}`, `{"access_token":"ä"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		var got string
		option, _ := stubbed(func(_ int, r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/token" {
				return reply(200, string(answer)), nil
			}
			got = r.Header.Get("Authorization")
			return reply(200, "{}"), nil
		})
		base := &url.URL{Scheme: "https", Host: "api.example"}
		c, err := New(Config{Vendor: kyc.Jumio, Origins: []*url.URL{base}, Options: []kyc.Option{option, fast}})
		if err != nil {
			t.Fatal(err)
		}
		c.UseAuth(Bearer(c.TokenSource(ClientCredentials{Base: base, Path: "/token"})))
		_, err = c.Do(t.Context(), Call{Operation: Operation{Name: "things.get", Class: Safe}, Method: http.MethodGet, Base: base, Path: "/things"})
		if err != nil {
			return
		}
		token, ok := strings.CutPrefix(got, "Bearer ")
		if !ok || token == "" || strings.IndexFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }) >= 0 {
			t.Fatalf("%q gives the header %q", answer, got)
		}
	})
}
