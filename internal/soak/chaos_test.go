package soak

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"syscall"
)

// chaos is a client's way to the fake that is up now. Five requests in a hundred meet a fault on it.
type chaos struct {
	vendor *vendor

	mu     sync.Mutex
	rand   *rand.Rand
	server server
	base   *url.URL
	// creates counts, by reference, the creates that the vendor carried out.
	creates map[string]int
	faults  map[string]int
	sent    int
}

const faultRate = 0.05

// stages of a fault.
const (
	refuse   = "connection refused"
	throttle = "429"
	busy     = "503"
	broken   = "500"
	stale    = "401"
	lost     = "answer lost"
	cut      = "answer cut short"
)

func newChaos(v *vendor, seed uint64) *chaos {
	return &chaos{vendor: v, rand: rand.New(rand.NewPCG(seed, 4711)), creates: map[string]int{}, faults: map[string]int{}}
}

// turn leads to another fake, as after a restart of the vendor's: open tokens are unknown there.
func (c *chaos) turn(s server) error {
	base, err := url.Parse(s.url)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.server, c.base = s, base
	return err
}

// draw chooses the fault of one request, "" for none.
func (c *chaos) draw() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent++
	if c.rand.Float64() >= faultRate {
		return ""
	}
	kinds := []string{refuse, throttle, busy, broken, lost, cut}
	if c.vendor.tokens {
		kinds = append(kinds, stale)
	}
	kind := kinds[c.rand.IntN(len(kinds))]
	c.faults[kind]++
	return kind
}

var referencePattern = regexp.MustCompile(`soak-[a-z]+-\d+`)

func (c *chaos) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		body, err = io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil {
			return nil, err
		}
	}
	kind := c.draw()
	switch kind {
	case refuse:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	case throttle:
		return answer(r, 429, "Retry-After", "0"), nil
	case busy:
		return answer(r, 503), nil
	case broken:
		return answer(r, 500), nil
	case stale:
		return answer(r, 401), nil
	}
	c.mu.Lock()
	if c.server.client == nil {
		// A token's fetch outlives the call that began it, and with that the round.
		c.mu.Unlock()
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	base, next := c.base, c.server.client.Transport
	c.mu.Unlock()
	out := r.Clone(r.Context())
	out.URL.Scheme, out.URL.Host, out.Host = base.Scheme, base.Host, base.Host
	if r.Body != nil {
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	resp, err := next.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, c.vendor.create) && resp.StatusCode/100 == 2 {
		c.mu.Lock()
		c.creates[string(referencePattern.Find(body))]++
		c.mu.Unlock()
	}
	switch kind {
	case lost:
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	case cut:
		all, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			return nil, err
		}
		if len(all) == 0 {
			return resp, nil
		}
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(all[:len(all)/2]), endless{}))
	}
	return resp, nil
}

// endless fails as a connection does that ends too early.
type endless struct{}

func (endless) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func answer(r *http.Request, status int, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	const body = `{"message":"not now"}`
	return &http.Response{
		StatusCode: status, Header: h, Request: r, ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
	}
}
