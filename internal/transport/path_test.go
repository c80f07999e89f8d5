package transport

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPath(t *testing.T) {
	tests := []struct {
		template string
		ids      []string
		want     string
		fails    bool
	}{
		{"/a/{}", []string{"x"}, "/a/x", false},
		{"/a/{}/b/{}", []string{"x", "y"}, "/a/x/b/y", false},
		{"/a/{}", []string{"x/y"}, "/a/x%2Fy", false},
		{"/a/{}", []string{"x?y=1"}, "/a/x%3Fy=1", false},
		{"/a/{}", []string{"..."}, "/a/...", false},
		{"/a/{}", []string{".."}, "", true},
		{"/a/{}/b/{}", []string{"x", "."}, "", true},
		{"/a/{}", []string{"a b"}, "/a/a%20b", false},
		{"/a/{}", []string{"%2F"}, "/a/%252F", false},
		{"/a/{}", []string{"{}"}, "/a/%7B%7D", false},
		{"/a/{}", []string{""}, "", true},
		{"/a/{}", nil, "", true},
		{"/a", []string{"x"}, "", true},
	}
	for _, tt := range tests {
		got, err := Path(tt.template, tt.ids...)
		if got != tt.want || (err != nil) != tt.fails {
			t.Errorf("Path(%q, %q) = %q, %v, want %q", tt.template, tt.ids, got, err, tt.want)
		}
	}
}

func TestEscapedIDReachesTheServerAsOneSegment(t *testing.T) {
	var got []string
	c, call := serve(t, func(_ http.ResponseWriter, r *http.Request) { got = append(got, r.RequestURI) }, Config{})
	for _, id := range []string{"../other?x=1", "a b", "ü"} {
		call.Path, _ = Path("/things/{}/end", id)
		if _, err := c.Do(t.Context(), call); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"/prefix/things/..%2Fother%3Fx=1/end?secret=hidden",
		"/prefix/things/a%20b/end?secret=hidden", "/prefix/things/%C3%BC/end?secret=hidden",
	}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Errorf("request URIs %q, want %q", got, want)
			break
		}
	}
}

func TestOrigin(t *testing.T) {
	for text, want := range map[string]string{
		"https://api.vendor.test/v1?a=b": "https://api.vendor.test", "HTTPS://API.Vendor.Test:443": "https://api.vendor.test", "http://x.test:80/": "http://x.test",
		"https://x.test:80": "https://x.test:80", "http://x.test:443": "http://x.test:443", "https://[::1]:443/": "https://[::1]", "http://127.0.0.1:8080": "http://127.0.0.1:8080",
	} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, Origin(u)); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestParseBase(t *testing.T) {
	for s, ok := range map[string]bool{
		"https://api.vendor.test": true, "https://api.vendor.test/v1/": true, "http://127.0.0.1:8080/x": true,
		"": false, "api.vendor.test": false, "ftp://x.test": false, "https://u:p@x.test": false, "https://x.test?a=b": false, "https://x.test#f": false, "https://": false, "http://:": false, "http://:80": false,
		"http://localhost:1": true, "http://Fake.LOCALHOST.": true, "http://[::1]:80/x": true, "http://127.9.9.9": true, "http://[::ffff:127.0.0.1]": true, "http://fake.invalid": true,
		"http://api.vendor.test": false, "HTTP://api.vendor.test": false, "http://10.0.0.1": false, "http://localhost.vendor.test": false, "http://127.0.0.1.vendor.test": false, "http://0.0.0.0": false,
		"https://x.test/it's": false, "https://x.test/(a)/b*": false, "https://x.test/a%27": false, "https://x.test/a%20b": true,
	} {
		if _, err := ParseBase(s); (err == nil) != ok {
			t.Errorf("ParseBase(%q): %v", s, err)
		}
	}
}
