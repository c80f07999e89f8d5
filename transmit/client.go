package transmit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Environment is one of the vendor's installations. Data and credentials of
// one are unknown to the others.
type Environment string

// The environments.
const (
	// Sandbox is for tests.
	Sandbox Environment = "sandbox"
	// ProductionUS is for the United States and everybody without an installation of their own.
	ProductionUS Environment = "us"
	// ProductionEU is for the European Union.
	ProductionEU Environment = "eu"
	// ProductionCA is for Canada.
	ProductionCA Environment = "ca"
	// ProductionAU is for Australia.
	ProductionAU Environment = "au"
)

var hosts = map[Environment]string{
	Sandbox:      "https://api.sbx.transmitsecurity.io",
	ProductionUS: "https://api.transmitsecurity.io",
	ProductionEU: "https://api.eu.transmitsecurity.io",
	ProductionCA: "https://api.ca.transmitsecurity.io",
	ProductionAU: "https://api.au.transmitsecurity.io",
}

// Values returns the environments.
func (Environment) Values() []Environment {
	return []Environment{Sandbox, ProductionUS, ProductionEU, ProductionCA, ProductionAU}
}

// Known tells whether e is one of the constants.
func (e Environment) Known() bool { return slices.Contains(e.Values(), e) }

// BaseURL returns the host root of the environment, "" for one that is not known.
func (e Environment) BaseURL() string { return hosts[e] }

// Resource is the audience that every token of this product names, the same in
// all environments.
const Resource = "https://verify.identity.security"

// DefaultEventsPath is where the event stream's operations are, below the host root.
const DefaultEventsPath = "/activities/v1"

const (
	tokenPath  = "/oidc/token"
	verifyPath = "/verify"
)

// Config says who calls and where. ClientID, ClientSecret and one of
// Environment and BaseURL are needed.
type Config struct {
	// ClientID and ClientSecret are the application's, from the vendor's portal.
	ClientID     string
	ClientSecret kyc.Secret
	// Environment chooses the host.
	Environment Environment
	// BaseURL replaces the environment's host root, for a proxy or a fake: a root without /verify.
	BaseURL string
	// EventsPath replaces [DefaultEventsPath]. The vendor's pages name /activities/v2 as well, and /risk/v1 for Canada and Australia.
	EventsPath string
	// EventsResource is the audience of the event stream's token. No page names it: nil sends the token of the
	// other calls, an empty text asks for one without an audience.
	EventsResource *string
}

// Format prints the environment only.
func (c Config) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, c) }

// LogValue logs the environment only.
func (c Config) LogValue() slog.Value { return kyc.LogRedacted(c) }

// Client calls the vendor. It is safe for use by many goroutines, and one is
// enough for a program: its services share connections and the access token.
type Client struct {
	// Sessions opens, reads and deletes verifications.
	Sessions *SessionsService
	// Images adds, lists and reads the images of a verification.
	Images *ImagesService
	// FaceAuth compares a selfie with a reference image.
	FaceAuth *FaceAuthService
	// Events reads the stream of what happened to all sessions.
	Events *EventsService

	http    *transport.Client
	root    *url.URL
	limiter kyc.Limiter
}

// edgeRate is the one budget that the vendor publishes and that covers this product: 90,000 requests a minute
// from one address.
const edgeRate = 90000.0 / 60

// overridable are the fields that an override may name.
var overridable = kyc.Fields{Whole: []string{FieldStatus, FieldRecommendation}, Checks: []string{FieldCheck}}

// NewClient returns a client. It checks cfg and opts and sends nothing; the
// error matches [kyc.ErrInvalid].
func NewClient(cfg Config, opts ...kyc.Option) (*Client, error) {
	root, err := cfg.root()
	if err != nil {
		return nil, err
	}
	eventsPath := cfg.EventsPath
	if eventsPath == "" {
		eventsPath = DefaultEventsPath
	}
	if !strings.HasPrefix(eventsPath, "/") || strings.HasSuffix(eventsPath, "/") || strings.ContainsAny(eventsPath, "?#%") {
		return nil, invalidConfig("EventsPath is not a path such as /activities/v1")
	}
	if err := kyc.NewSettings(opts...).CheckOverrides(kyc.Transmit, overridable); err != nil {
		return nil, err
	}
	h, err := transport.New(transport.Config{Vendor: kyc.Transmit, Origins: []*url.URL{root}, Describe: describe, Options: opts})
	if err != nil {
		return nil, err
	}
	c := &Client{http: h, root: root, limiter: kyc.NewSettings(opts...).LimiterFor(kyc.Budget{Vendor: kyc.Transmit, Name: "edge", PerSecond: edgeRate, Burst: int(edgeRate)})}
	h.UseAuth(transport.Bearer(h.TokenSource(c.credentials(cfg, Resource))))
	c.Sessions = &SessionsService{c}
	c.Images = &ImagesService{c}
	c.FaceAuth = &FaceAuthService{c}
	c.Events = &EventsService{client: c, path: eventsPath}
	if cfg.EventsResource != nil {
		c.Events.auth = transport.Bearer(h.TokenSource(c.credentials(cfg, *cfg.EventsResource)))
	}
	return c, nil
}

func invalidConfig(detail string) error { return kyc.Invalid(kyc.Transmit, "config", detail) }

func (c Config) root() (*url.URL, error) {
	switch {
	case strings.TrimSpace(c.ClientID) == "":
		return nil, invalidConfig("ClientID is empty")
	case strings.TrimSpace(c.ClientSecret.Reveal()) == "":
		return nil, invalidConfig("ClientSecret is empty")
	case c.Environment != "" && !c.Environment.Known():
		return nil, invalidConfig("Environment is none of the constants")
	case c.Environment == "" && c.BaseURL == "":
		return nil, invalidConfig("neither Environment nor BaseURL is set")
	}
	base := c.BaseURL
	if base == "" {
		base = c.Environment.BaseURL()
	}
	root, err := transport.ParseBase(base)
	if err != nil {
		return nil, invalidConfig("BaseURL: " + err.Error())
	}
	if strings.HasSuffix(root.Path, verifyPath) {
		return nil, invalidConfig("BaseURL is the host root, without /verify: the token endpoint is not below it")
	}
	return root, nil
}

// credentials asks for a token at the host root. The vendor's samples send the credentials in the form, never in a header.
func (c *Client) credentials(cfg Config, resource string) transport.ClientCredentials {
	form := url.Values{"client_id": {cfg.ClientID}, "client_secret": {cfg.ClientSecret.Reveal()}}
	if resource != "" {
		form.Set("resource", resource)
	}
	return transport.ClientCredentials{Base: c.root, Path: tokenPath, ClientID: cfg.ClientID, Form: form, Limiter: c.limiter}
}

// describe tells wrong credentials from a wrong request: the token endpoint may answer both with 400.
func describe(e *kyc.Error, header http.Header, body []byte) {
	transport.Describe(e, header, body)
	if e.Operation == "oauth2.token" && errors.Is(e.Kind, kyc.ErrInvalid) && (e.Code == "invalid_client" || e.Code == "unauthorized_client") {
		e.Kind = kyc.ErrUnauthorized
	}
}

// Vendor returns [kyc.Transmit].
func (c *Client) Vendor() kyc.Vendor { return kyc.Transmit }

// Format prints the type's name only.
func (c Client) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, c) }

// LogValue logs the type's name only.
func (c Client) LogValue() slog.Value { return kyc.LogRedacted(c) }

// HostedURL returns the vendor's page for a session that waits for its front
// end: send the user's browser there. It is empty for a session that was started
// by the backend. The URL works once, for whoever opens it first; it is a secret
// until then.
func (c *Client) HostedURL(s *Session) kyc.Secret {
	if s == nil || s.StartToken == "" {
		return ""
	}
	path, err := transport.Path(verifyPath+"/app/{}", s.StartToken.Reveal())
	if err != nil {
		return ""
	}
	return kyc.Secret(c.root.String() + path)
}

// Do sends a call that this package does not have: path is below the host root
// and escaped, as in "/verify/api/v1/verification", and may have a query. in is
// encoded as JSON unless it is nil; out receives the JSON answer unless it is
// nil. GET, PUT and DELETE are repeated after a passing fault, other methods
// only where the vendor surely did nothing.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, opts ...kyc.Option) error {
	const operation = "do"
	path, query, _ := strings.Cut(path, "?")
	if !strings.HasPrefix(path, "/") || slices.Contains(strings.Split(path, "/"), "..") {
		return kyc.Invalid(kyc.Transmit, operation, "the path does not begin with a slash, or leaves its place")
	}
	call := transport.Call{
		Operation: transport.Operation{Name: operation, Class: transport.IfNotProcessed}, Method: method,
		Base: c.root, Path: path, Query: query, Limiter: c.limiter, Out: out, EmptyOK: true,
	}
	switch method {
	case http.MethodGet, http.MethodPut, http.MethodDelete, http.MethodHead:
		call.Operation.Class = transport.Safe
	}
	if in != nil {
		body, err := transport.JSONBody(in)
		if err != nil {
			return kyc.Invalid(kyc.Transmit, operation, "the request cannot be encoded as JSON")
		}
		call.Body = body
	}
	_, err := c.http.Do(ctx, call, opts...)
	return err
}

// production tells whether the client calls one of the vendor's production hosts.
func (c *Client) production() bool {
	for environment, base := range hosts {
		if environment != Sandbox && strings.EqualFold("https://"+c.root.Hostname(), base) {
			return true
		}
	}
	return false
}

// warnOfMock tells the log of a session that will be decided without a check, since its result will not tell.
func (c *Client) warnOfMock(ctx context.Context, operation string, opts []kyc.Option) {
	log := c.http.Settings(opts...).Logger
	if log == nil || !c.production() {
		return
	}
	log.LogAttrs(ctx, slog.LevelWarn, "kyc session asked for with a mocked outcome on a production host",
		slog.String("vendor", string(kyc.Transmit)), slog.String("operation", operation))
}

// send fills in what all calls of the product share. template has {} for each id.
func (c *Client) send(ctx context.Context, call transport.Call, template string, ids []string, opts []kyc.Option) (*transport.Answer, error) {
	path, err := transport.Path(verifyPath+"/api/v1"+template, ids...)
	if err != nil {
		return nil, kyc.Invalid(kyc.Transmit, call.Operation.Name, err.Error())
	}
	call.Base, call.Path, call.Limiter = c.root, path, c.limiter
	return c.http.Do(ctx, call, opts...)
}

func safe(name string) transport.Operation {
	return transport.Operation{Name: name, Class: transport.Safe}
}

func create(name string) transport.Operation {
	return transport.Operation{Name: name, Class: transport.IfNotProcessed}
}

// jsonBody encodes a request of this package.
func jsonBody(operation string, v any) (*transport.Body, error) {
	body, err := transport.JSONBody(v)
	if err != nil {
		return nil, kyc.Invalid(kyc.Transmit, operation, "the request cannot be encoded as JSON")
	}
	return body, nil
}
