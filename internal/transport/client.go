package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Version is the module's version, as the User-Agent names it.
const Version = "0.1.0"

const (
	defaultAttemptTimeout = 30 * time.Second
	defaultMaxBody        = 4 << 20
	maxErrorBody          = 1 << 20
	// uploadRate is what an attempt's time grows by: one second for each of so many bytes.
	uploadRate = 128 << 10
)

// Config is what a vendor's client is made of.
type Config struct {
	Vendor kyc.Vendor
	// Origins are the base URLs to which credentials may go.
	Origins []*url.URL
	// Auth is used by calls that have none of their own.
	Auth Authorizer
	// Describe reads the vendor's code and message from an error body, and may refine Kind. Nil for [Describe].
	Describe func(e *kyc.Error, header http.Header, body []byte)
	// Options are the caller's.
	Options []kyc.Option
}

// Client sends calls.
type Client struct {
	vendor   kyc.Vendor
	origins  map[string]bool
	bases    []*url.URL
	auth     Authorizer
	describe func(*kyc.Error, http.Header, []byte)
	settings kyc.Settings
	agent    string
	plain    *http.Client
	// overHTTP1 holds origins; see noteProtocol.
	overHTTP1 sync.Map
}

// New returns a client. The error matches [kyc.ErrInvalid].
func New(cfg Config) (*Client, error) {
	settings := kyc.NewSettings(cfg.Options...)
	if err := of(cfg.Vendor, settings.ValidateClient()); err != nil {
		return nil, err
	}
	c := &Client{
		vendor: cfg.Vendor, origins: make(map[string]bool), auth: cfg.Auth, describe: cfg.Describe, settings: settings,
		plain: &http.Client{Transport: attempts{}, CheckRedirect: neverRedirect},
	}
	if c.describe == nil {
		c.describe = Describe
	}
	if c.auth == nil {
		c.auth = NoAuth
	}
	for _, u := range cfg.Origins {
		c.origins[Origin(u)] = true
		own := *u
		c.bases = append(c.bases, &own)
	}
	c.agent = c.userAgent(settings)
	return c, nil
}

// UseAuth sets the authorizer of calls that have none of their own. It is for
// constructors whose authorizer fetches its tokens through the client itself.
func (c *Client) UseAuth(a Authorizer) { c.auth = a }

// Settings returns the client's settings with opts applied.
func (c *Client) Settings(opts ...kyc.Option) kyc.Settings { return c.settings.With(opts...) }

// Configured reports whether u has one of the configured origins.
func (c *Client) Configured(u *url.URL) bool {
	for _, base := range c.bases {
		// The usual spelling is that of the configuration; others are compared below.
		if u.Scheme == base.Scheme && u.Host == base.Host {
			return true
		}
	}
	return c.origins[Origin(u)]
}

func (c *Client) userAgent(s kyc.Settings) string {
	own := "kyc-go/" + Version + " (" + string(c.vendor) + ")"
	if s.UserAgent != "" {
		return s.UserAgent + " " + own
	}
	return own
}

// of names the vendor in a fault of the options.
func of(vendor kyc.Vendor, err error) error {
	if e, ok := errors.AsType[*kyc.Error](err); ok {
		e.Vendor = vendor
	}
	return err
}

func neverRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// sharedTransport pools the connections of all clients that have no http.Client of their own.
var sharedTransport = sync.OnceValue(func() http.RoundTripper { return pooled(http.DefaultTransport) })

func pooled(like http.RoundTripper) *http.Transport {
	var t *http.Transport
	if d, ok := like.(*http.Transport); ok {
		t = d.Clone()
	} else {
		// The program has put a transport of its own there, such as one that traces.
		t = &http.Transport{
			Proxy:       http.ProxyFromEnvironment,
			DialContext: (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext, TLSHandshakeTimeout: 10 * time.Second,
			ExpectContinueTimeout: time.Second,
		}
	}
	t.MaxIdleConns = 0
	t.MaxIdleConnsPerHost = 100
	// Load balancers end kept connections after a minute or so. A create that meets such an end is uncertain.
	t.IdleConnTimeout = 30 * time.Second
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	t.ForceAttemptHTTP2 = true
	return t
}

// Do sends a call. The order of its steps is the order of this function and, for
// each attempt, of [attempts.RoundTrip].
func (c *Client) Do(ctx context.Context, call Call, opts ...kyc.Option) (*Answer, error) {
	switch {
	case ctx == nil:
		return nil, kyc.Invalid(c.vendor, call.Operation.Name, "the context is nil")
	case !isToken(call.Method):
		return nil, kyc.Invalid(c.vendor, call.Operation.Name, "the method is not one of HTTP")
	}
	st := &state{client: c, own: call, settings: c.settings, agent: c.agent, start: time.Now()}
	st.call = &st.own
	if len(opts) > 0 {
		st.settings = c.settings.With(opts...)
		if err := of(c.vendor, st.settings.ValidateCall()); err != nil {
			return nil, err
		}
		if st.settings.UserAgent != c.settings.UserAgent {
			st.agent = c.userAgent(st.settings)
		}
	}
	st.retry = st.settings.Retry.OrDefaults()
	u, err := target(call.Base, call.Path, call.Query)
	if err != nil {
		return nil, kyc.Invalid(c.vendor, call.Operation.Name, err.Error())
	}
	req := blankRequest.WithContext(context.WithValue(ctx, stateKey{}, st))
	// The header is empty: each attempt makes its own.
	req.Method, req.URL, req.Host, req.Header = call.Method, u, u.Host, http.Header{}

	st.loop = retryablehttp.Client{
		HTTPClient: c.httpClient(st.settings), Logger: nil, RetryMax: st.retry.MaxAttempts + 1,
		CheckRetry: st.check, Backoff: st.backoff, ErrorHandler: retryablehttp.PassthroughErrorHandler, PrepareRetry: freshHeader,
	}
	st.request.Request = req
	// What came back is in st, not in the library's errors, which name URLs.
	_, loopErr := st.loop.Do(&st.request) //nolint:bodyclose // The round tripper has read and closed it.
	answer, err := st.finish(ctx, loopErr)
	st.report(ctx, err)
	return answer, err
}

// isToken reports whether s can be the method of a request.
func isToken(s string) bool {
	const signs = "!#$%&'*+-.^_`|~"
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.Contains(signs, string(rune(c))) {
			return false
		}
	}
	return s != ""
}

// freshHeader keeps the cookies that http.Client wrote into the header for one attempt out of the next.
func freshHeader(r *http.Request) error {
	r.Header = http.Header{}
	return nil
}

// blankRequest is what all requests are copied from, since only a copy can be given a context.
var blankRequest = &http.Request{Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}

// httpClient keeps a caller's cookie jar; its transport is used below the attempt's own steps.
func (c *Client) httpClient(s kyc.Settings) *http.Client {
	if s.HTTPClient == nil || s.HTTPClient.Jar == nil {
		return c.plain
	}
	return &http.Client{Transport: attempts{}, CheckRedirect: neverRedirect, Jar: s.HTTPClient.Jar}
}

func (st *state) base() http.RoundTripper {
	hc := st.settings.HTTPClient
	switch {
	case hc == nil, hc.Transport == nil && http.DefaultTransport == nil:
		return sharedTransport()
	case hc.Transport == nil:
		return http.DefaultTransport
	default:
		return hc.Transport
	}
}

// timeout bounds one attempt.
func (st *state) timeout() time.Duration {
	if st.settings.AttemptTimeout > 0 {
		return st.settings.AttemptTimeout
	}
	d := defaultAttemptTimeout
	if hc := st.settings.HTTPClient; hc != nil && hc.Timeout > 0 {
		return hc.Timeout
	}
	if b := st.call.Body; b != nil && b.Size() > 0 {
		d += time.Duration(b.Size()/uploadRate) * time.Second
	}
	return d
}

// requestID reads the vendor's id of an exchange.
func requestID(h http.Header) string {
	for _, name := range [...]string{"X-Request-Id", "Request-Id", "X-Correlation-Id", "X-Amzn-Requestid"} {
		if v := h.Get(name); v != "" {
			return strings.TrimSpace(v)
		}
	}
	return ""
}
