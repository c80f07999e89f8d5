package fake_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
)

// sent sends a request with a fixed User-Agent and returns what was recorded of it.
func sent(t *testing.T, s *fake.Server, method, path, body string, header ...string) fake.Recorded {
	t.Helper()
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req, _ := http.NewRequest(method, s.URL()+path, r)
	req.Header.Set("User-Agent", "shop/1.0 kyc-go/0.1")
	req.Header.Set("Accept-Encoding", "identity")
	for i := 0; i < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	if _, err := do(s, req); err != nil {
		t.Fatal(err)
	}
	all := s.Requests()
	return all[len(all)-1]
}

func TestGolden(t *testing.T) {
	s := start(t, fake.Config{Mask: fake.Mask{
		Headers: []string{"x-digest"}, Query: []string{"nonce"}, Fields: []string{"token", "pin"},
	}})
	long := strings.Repeat("é", 300)
	file, fileType := form(t, part{"file", "front.jpg", "image/jpeg", jpeg}, part{"side", "", "", "FRONT"})
	for _, tt := range []struct {
		name               string
		method, path, body string
		header             []string
		want               string
	}{
		{"get", "GET", "/api/v1/things/a%2Fb?view=full&nonce=abc&x=%20", "", []string{
			"Authorization", "Bearer abc.def", "Cookie", "session=abc", "X-Api-Key", "abc", "X-Digest", "abc", "Accept", "b/b",
			"Accept", "a/a",
		}, `GET /v1/things/a%2Fb?view=full&nonce=[masked]&x=%20
Host: api
Accept-Encoding: identity
Accept: a/a
Accept: b/b
Authorization: Bearer [masked]
Cookie: [masked]
User-Agent: shop/1.0 kyc-go/0.1
X-Api-Key: [masked]
X-Digest: [masked]
`},
		{"authorization without a scheme", "GET", "/none", "", []string{"Authorization", "abc"}, `GET /none
Accept-Encoding: identity
Authorization: [masked]
User-Agent: shop/1.0 kyc-go/0.1
`},
		{
			"json", "POST", "/api/v1/things",
			`{"z":1.50,"name":"x","a":[{"token":"abc","pin":1234,"kept":{"token":["abc"]}}],"image":"` + long + `","none":null}`,
			[]string{"Content-Type", "application/json"},
			`POST /v1/things
Host: api
Accept-Encoding: identity
Content-Length: 702
Content-Type: application/json
User-Agent: shop/1.0 kyc-go/0.1

{
  "z": 1.50,
  "name": "x",
  "a": [
    {
      "token": "[masked]",
      "pin": "[masked]",
      "kept": {
        "token": [
          "abc"
        ]
      }
    }
  ],
  "image": "[300 characters, sha256 ` + fmt.Sprintf("%x", sha256.Sum256([]byte(long))) + `]",
  "none": null
}
`,
		},
		{"broken json", "POST", "/api/v1/things", `{"a":1,"a":2}`, []string{"Content-Type", "application/json"}, `POST /v1/things
Host: api
Accept-Encoding: identity
Content-Length: 13
Content-Type: application/json
User-Agent: shop/1.0 kyc-go/0.1

[13 bytes, sha256 ` + fmt.Sprintf("%x", sha256.Sum256([]byte(`{"a":1,"a":2}`))) + `, no proper JSON]
`},
		{
			"form", "POST", "/token", "grant_type=x&client_secret=abc&pin=1", []string{"Content-Type", "application/x-www-form-urlencoded"},
			`POST /token
Accept-Encoding: identity
Content-Length: 36
Content-Type: application/x-www-form-urlencoded
User-Agent: shop/1.0 kyc-go/0.1

grant_type=x
&client_secret=[masked]
&pin=[masked]
`,
		},
		{"multipart", "PUT", "/up", string(file), []string{"Content-Type", fileType}, `PUT /up
Accept-Encoding: identity
Content-Length: ` + fmt.Sprint(len(file)) + `
Content-Type: multipart/form-data; boundary=[boundary]
User-Agent: shop/1.0 kyc-go/0.1

--[boundary]
Content-Disposition: form-data; name="file"; filename="front.jpg"
Content-Type: image/jpeg

[64 bytes, sha256 ` + fmt.Sprintf("%x", sha256.Sum256([]byte(jpeg))) + `]
--[boundary]
Content-Disposition: form-data; name="side"

[5 bytes, sha256 ` + fmt.Sprintf("%x", sha256.Sum256([]byte("FRONT"))) + `]
--[boundary]--
`},
		{"broken multipart", "PUT", "/up", "abc", []string{"Content-Type", `multipart/form-data; boundary="a b"`}, `PUT /up
Accept-Encoding: identity
Content-Length: 3
Content-Type: multipart/form-data; boundary=[boundary]
User-Agent: shop/1.0 kyc-go/0.1

[3 bytes, sha256 ` + fmt.Sprintf("%x", sha256.Sum256([]byte("abc"))) + `, does not end with the closing boundary]
`},
		{"bytes", "PUT", "/up", "abc", []string{"Content-Type", "image/png"}, `PUT /up
Accept-Encoding: identity
Content-Length: 3
Content-Type: image/png
User-Agent: shop/1.0 kyc-go/0.1

[3 bytes, sha256 ` + fmt.Sprintf("%x", sha256.Sum256([]byte("abc"))) + `]
`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := sent(t, s, tt.method, tt.path, tt.body, tt.header...)
			if diff := cmp.Diff(tt.want, r.Golden()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRecorded(t *testing.T) {
	s := start(t, fake.Config{Keep: 2})
	sent(t, s, "GET", "/api/v1/things/1", "")
	got := sent(t, s, "POST", "/api/v1/things?b=1&a=2", `{"name":"x"}`, "Content-Type", "application/json")
	golden := got.Golden()
	want := fake.Recorded{
		Operation: "Things.Create", Host: "api", Method: "POST", Path: "/v1/things", Query: []string{"a", "b"},
		Headers: []string{"Accept-Encoding", "Content-Length", "Content-Type", "User-Agent"}, Size: 12,
		SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(`{"name":"x"}`))), Status: 201,
	}
	if diff := cmp.Diff(want, got, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".golden" }, cmp.Ignore())); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(golden, "POST /v1/things?b=1&a=2\n") {
		t.Error(golden)
	}
	sent(t, s, "GET", "/api/v1/things/count", "")
	var kept []string
	for _, r := range s.Requests() {
		kept = append(kept, r.Operation)
	}
	if diff := cmp.Diff([]string{"Things.Create", "Things.Count"}, kept); diff != "" {
		t.Error(diff)
	}
	if len(s.RequestsOf("Things.Count")) != 1 || s.Count("Things.Get") != 1 {
		t.Error("RequestsOf or Count is wrong")
	}
}

// A chunked body has no length, which the golden file must show.
func TestGoldenChunked(t *testing.T) {
	s := start(t, fake.Config{})
	req, _ := http.NewRequest(http.MethodPut, s.URL()+"/up", io.MultiReader(bytes.NewReader([]byte("abc"))))
	if _, err := do(s, req); err != nil {
		t.Fatal(err)
	}
	if g := s.Requests()[0].Golden(); !strings.Contains(g, "\nTransfer-Encoding: chunked\n") || strings.Contains(g, "Content-Length") {
		t.Error(g)
	}
}
