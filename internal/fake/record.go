package fake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// Mask names what golden requests hide. Authorization, cookies, X-Api-Key and client_secret are hidden always. Names
// of headers ignore case.
type Mask struct {
	// Headers and Query are hidden as they change with every request (a nonce, a signature) or are secret.
	Headers []string
	Query   []string
	// Fields are members of JSON bodies, at any depth, and fields of forms.
	Fields []string
}

const masked = "[masked]"

// longString is the length above which a string in a JSON body is described and not shown.
const longString = 256

// Recorded is a request as the server received it. It holds no header value, query value or body beyond what Golden
// shows.
type Recorded struct {
	Operation string
	Host      string
	Method    string
	Path      string // escaped, without the mount of the host
	Query     []string
	Headers   []string
	Size      int64
	SHA256    string
	Fault     kyctest.Fault
	// Status is that of the answer, before a fault that changes or drops it; 0 where there was none.
	Status int

	golden string
}

// Golden renders the request for a golden file: method, path and query, sorted headers with the secrets masked, and the
// body: JSON indented, the parts of a multipart body described by size and digest.
func (r *Recorded) Golden() string { return r.golden }

// Requests lists the requests that came in, oldest first.
func (s *Server) Requests() []Recorded { return s.requests(func(*Recorded) bool { return true }) }

// RequestsOf lists the requests for one operation.
func (s *Server) RequestsOf(operation string) []Recorded {
	return s.requests(func(r *Recorded) bool { return r.Operation == operation })
}

func (s *Server) requests(want func(*Recorded) bool) []Recorded {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Recorded
	for _, r := range s.recorded {
		if want(r) {
			out = append(out, *r)
		}
	}
	return out
}

func (s *Server) record(c *Call, fault kyctest.Fault) *Recorded {
	r := c.Request
	path := strings.TrimPrefix(r.URL.EscapedPath(), mount(c.Route.Host))
	sum := sha256.Sum256(c.Body)
	rec := &Recorded{
		Operation: c.Operation, Host: c.Route.Host, Method: r.Method, Path: path,
		Query: slices.Sorted(maps.Keys(r.URL.Query())), Headers: slices.Sorted(maps.Keys(r.Header)),
		Size: int64(len(c.Body)), SHA256: hex.EncodeToString(sum[:]), Fault: fault,
	}
	if c.answer.written {
		rec.Status = c.answer.status
	}
	rec.golden = s.cfg.Mask.golden(r, c.Route.Host, path, c.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.recorded) >= s.cfg.Keep {
		s.recorded = slices.Delete(s.recorded, 0, len(s.recorded)-s.cfg.Keep+1)
	}
	s.recorded = append(s.recorded, rec)
	return rec
}

func (m Mask) golden(r *http.Request, host, path string, body []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", r.Method, path)
	if r.URL.RawQuery != "" {
		b.WriteString("?" + m.query(r.URL.RawQuery))
	}
	b.WriteString("\n")
	if host != "" {
		fmt.Fprintf(&b, "Host: %s\n", host)
	}
	lines := m.headers(r)
	b.WriteString(strings.Join(lines, ""))
	if len(body) > 0 {
		b.WriteString("\n" + strings.TrimRight(m.body(r.Header.Get("Content-Type"), body), "\n") + "\n")
	}
	return b.String()
}

// query keeps the order in which the parameters were sent.
func (m Mask) query(raw string) string {
	pairs := strings.Split(raw, "&")
	for i, pair := range pairs {
		name, _, _ := strings.Cut(pair, "=")
		if n, err := url.QueryUnescape(name); err == nil && slices.Contains(m.Query, n) {
			pairs[i] = name + "=" + masked
		}
	}
	return strings.Join(pairs, "&")
}

func (m Mask) headers(r *http.Request) []string {
	var lines []string
	add := func(name, value string) { lines = append(lines, name+": "+value+"\n") }
	for name, values := range r.Header {
		for _, v := range values {
			switch {
			case name == "Authorization" || name == "Proxy-Authorization":
				scheme, _, hasScheme := strings.Cut(v, " ")
				if hasScheme {
					add(name, scheme+" "+masked)
				} else {
					add(name, masked)
				}
			case name == "Cookie" || name == "X-Api-Key" || m.hides(name):
				add(name, masked)
			case name == "Content-Type":
				add(name, normalBoundary(v))
			default:
				add(name, v)
			}
		}
	}
	if len(r.TransferEncoding) > 0 {
		add("Transfer-Encoding", strings.Join(r.TransferEncoding, ", "))
	}
	slices.Sort(lines)
	return lines
}

func (m Mask) hides(header string) bool {
	return slices.ContainsFunc(m.Headers, func(h string) bool { return http.CanonicalHeaderKey(h) == header })
}

func normalBoundary(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["boundary"] == "" {
		return contentType
	}
	return strings.NewReplacer(`"`+params["boundary"]+`"`, "[boundary]", params["boundary"], "[boundary]").Replace(contentType)
}

func (m Mask) body(contentType string, body []byte) string {
	media, params, _ := mime.ParseMediaType(contentType)
	switch {
	case media == "application/json" || strings.HasSuffix(media, "+json"):
		if text, ok := m.json(body); ok {
			return text
		}
		return describeBytes(body, "no proper JSON")
	case media == "application/x-www-form-urlencoded":
		return m.form(string(body))
	case media == "multipart/form-data":
		parts, err := readParts(body, params["boundary"])
		if err != nil {
			return describeBytes(body, err.Error())
		}
		return describeParts(parts)
	}
	return describeBytes(body, "")
}

func describeBytes(b []byte, remark string) string {
	if remark != "" {
		remark = ", " + remark
	}
	return fmt.Sprintf("[%d bytes, sha256 %x%s]", len(b), sha256.Sum256(b), remark)
}

func describeParts(parts []rawPart) string {
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&b, "--[boundary]\nContent-Disposition: form-data; name=%q", p.Name)
		if p.hasFile {
			fmt.Fprintf(&b, "; filename=%q", p.FileName)
		}
		b.WriteString("\n")
		if p.ContentType != "" {
			fmt.Fprintf(&b, "Content-Type: %s\n", p.ContentType)
		}
		fmt.Fprintf(&b, "\n%s\n", describeBytes(p.Data, ""))
	}
	return b.String() + "--[boundary]--\n"
}

func (m Mask) form(body string) string {
	pairs := strings.Split(body, "&")
	for i, pair := range pairs {
		name, _, _ := strings.Cut(pair, "=")
		if m.hidesField(name) {
			pairs[i] = name + "=" + masked
		}
	}
	return strings.Join(pairs, "\n&")
}

func (m Mask) hidesField(name string) bool {
	return name == "client_secret" || slices.Contains(m.Fields, name)
}

// json indents a document in its own order, with long strings described and hidden members masked.
func (m Mask) json(body []byte) (string, bool) {
	var out bytes.Buffer
	dec := jsontext.NewDecoder(bytes.NewReader(body))
	enc := jsontext.NewEncoder(&out, jsontext.WithIndent("  "))
	name := ""
	for {
		tok, err := dec.ReadToken()
		if err != nil {
			// the end of the input; anything else is no proper JSON
			return out.String(), out.Len() > 0 && CheckJSON(body) == nil
		}
		k, n := dec.StackIndex(dec.StackDepth())
		isName := k == '{' && n%2 == 1
		switch {
		case isName && tok.Kind() == '"':
			name = tok.String()
		case k == '{' && m.hidesField(name) && (tok.Kind() == '"' || tok.Kind() == '0'):
			tok = jsontext.String(masked)
		case tok.Kind() == '"':
			if s := tok.String(); len(s) > longString {
				sum := sha256.Sum256([]byte(s))
				tok = jsontext.String(fmt.Sprintf("[%d characters, sha256 %x]", utf8.RuneCountInString(s), sum))
			}
		}
		if err := enc.WriteToken(tok); err != nil {
			return "", false
		}
	}
}
