package yoti

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"unicode"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// The base URLs, with the version that is part of them.
const (
	ProductionURL = "https://api.yoti.com/idverify/v1"
	SandboxURL    = "https://api.yoti.com/sandbox/idverify/v1"
)

// Config is what a client needs.
type Config struct {
	// SDKID is the application's id in the Yoti Hub.
	SDKID string
	// PrivateKey is the application's RSA key: the contents of its PEM file, PKCS#1 or PKCS#8.
	PrivateKey []byte
	// BaseURL is ProductionURL where it is empty. It holds the version prefix.
	BaseURL string
	// Bearer replaces the signature of every request by tokens, where it is set.
	Bearer *Bearer
	// Workflows are the sessions that Start opens, by StartRequest.Workflow. The one named "" is the default;
	// without it the default is DefaultSession.
	Workflows map[string]SessionRequest
	// NotificationAuth is what Start asks the service to prove itself with in notices; see [Notifications]. Start
	// refuses a NotifyURL without it.
	NotificationAuth NotificationAuth
	// TimestampInSeconds sends the time stamp of a signature in seconds. Experimental: the documents have seconds, the
	// vendor's own SDKs send milliseconds, and so does this client unless told.
	TimestampInSeconds bool
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (c Config) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, c) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (c Config) LogValue() slog.Value { return kyc.LogRedacted(c) }

// Client speaks to Yoti Identity Verification. It is safe for use by many
// goroutines, and it is a [kyc.Provider].
type Client struct {
	http      *transport.Client
	base      *url.URL
	signed    bool
	sdkID     string
	workflows map[string]SessionRequest
	notices   NotificationAuth

	// Sessions creates, reads and erases sessions.
	Sessions *SessionsService
	// Media downloads and erases what a session holds.
	Media *MediaService
	// Resources supplies reference faces to sessions.
	Resources *ResourcesService
	// SupportedDocuments is the catalogue of documents.
	SupportedDocuments *SupportedDocumentsService
	// Instructions serves sessions that go on in a branch.
	Instructions *InstructionsService
	// Devices lists the devices with which a user worked.
	Devices *DevicesService
	// Applicants keeps people for face searches.
	Applicants *ApplicantsService
	// Pools groups applicants for face searches.
	Pools *PoolsService
	// Sandbox scripts the answers of the sandbox.
	Sandbox *SandboxService
}

var _ kyc.Provider = (*Client)(nil)

// Format prints the type's name only; see [kyc.FormatRedacted].
func (c Client) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, c) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (c Client) LogValue() slog.Value { return kyc.LogRedacted(c) }

// NewClient returns a client. It does not use the network. The error says what
// is wrong with cfg or opts and matches [kyc.ErrInvalid].
func NewClient(cfg Config, opts ...kyc.Option) (*Client, error) {
	const operation = "client"
	switch {
	case cfg.SDKID == "":
		return nil, invalid(operation, "SDKID is empty")
	case strings.ContainsFunc(cfg.SDKID, blank):
		return nil, invalid(operation, "SDKID holds a blank, a line break or a control character: was it read from a file?")
	}
	key, err := parseKey(cfg.PrivateKey)
	if err != nil {
		return nil, invalid(operation, err.Error())
	}
	if cfg.BaseURL == "" {
		cfg.BaseURL = ProductionURL
	}
	base, err := transport.ParseBase(cfg.BaseURL)
	if err != nil {
		return nil, invalid(operation, "BaseURL: "+err.Error())
	}
	if err := cfg.NotificationAuth.validate(true); err != nil {
		return nil, invalid(operation, "NotificationAuth: "+err.Error())
	}
	if err := kyc.NewSettings(opts...).CheckOverrides(kyc.Yoti, overridable); err != nil {
		return nil, err
	}
	workflows := make(map[string]SessionRequest, len(cfg.Workflows))
	for name, w := range cfg.Workflows {
		checked := w
		if checked.Resources == nil {
			// Start brings the person, for whom a name stands in here.
			checked.Resources = &SuppliedResources{ApplicantProfile: &ApplicantProfile{FullName: "-"}}
		}
		if err := checked.validate(base.Scheme == "http"); err != nil {
			return nil, invalid(operation, "Workflows: "+err.Error())
		}
		workflows[name] = w
	}
	c := &Client{base: base, signed: cfg.Bearer == nil, sdkID: cfg.SDKID, workflows: workflows, notices: cfg.NotificationAuth}
	settings := transport.Config{Vendor: kyc.Yoti, Origins: []*url.URL{base}, Describe: describe, Options: opts}
	var endpoint *url.URL
	if cfg.Bearer == nil {
		settings.Auth = newSigner(cfg.SDKID, key, base, cfg.TimestampInSeconds)
	} else {
		if endpoint, err = cfg.Bearer.parse(); err != nil {
			return nil, err
		}
		settings.Origins = append(settings.Origins, endpoint)
	}
	if c.http, err = transport.New(settings); err != nil {
		return nil, err
	}
	if cfg.Bearer != nil {
		c.http.UseAuth(transport.Bearer(cfg.Bearer.source(c.http, endpoint, cfg.SDKID, key)))
	}
	c.Sessions = &SessionsService{c}
	c.Media = &MediaService{c}
	c.Resources = &ResourcesService{c}
	c.SupportedDocuments = &SupportedDocumentsService{c}
	c.Instructions = &InstructionsService{c}
	c.Devices = &DevicesService{c}
	c.Applicants = &ApplicantsService{c}
	c.Pools = &PoolsService{c}
	c.Sandbox = &SandboxService{c}
	return c, nil
}

// blank reports whether a rune is white space or a control character, which come with what is copied or read from a file.
func blank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// local reports whether the service is reached without TLS, as a fake on the same machine is.
func (c *Client) local() bool { return c.base.Scheme == "http" }

// request is one call of a service before its ids are put in.
type request struct {
	operation string
	class     transport.Class
	method    string
	// template has {} for each of ids; names are what an error calls them.
	template string
	names    []string
	ids      []string
	query    string
	in       any
	body     *transport.Body
	out      any
	emptyOK  bool
}

// fetch makes a call and returns its decoded answer.
func fetch[T any](ctx context.Context, c *Client, r request, opts []kyc.Option) (*T, error) {
	var out T
	r.out = &out
	if _, err := c.call(ctx, r, opts); err != nil {
		return nil, err
	}
	return &out, nil
}

// call refuses empty ids before anything is sent.
func (c *Client) call(ctx context.Context, r request, opts []kyc.Option) (*transport.Answer, error) {
	call, err := c.prepare(r)
	if err != nil {
		return nil, err
	}
	return c.http.Do(ctx, call, opts...)
}

// idFault says what is wrong with an id. What no id of the vendor holds and could change a path on its way is refused;
// anything else is escaped.
func idFault(id string) string {
	switch {
	case strings.TrimSpace(id) == "":
		return "is empty"
	case strings.ContainsAny(id, "/\\?#"):
		return "holds a slash, a question mark or a number sign: pass the id alone, not a path or an address"
	case strings.Trim(id, ".") == "":
		return "consists of dots"
	case strings.IndexFunc(id, unicode.IsControl) >= 0:
		return "holds a control character"
	}
	return ""
}

func (c *Client) prepare(r request) (transport.Call, error) {
	for i, id := range r.ids {
		if fault := idFault(id); fault != "" {
			return transport.Call{}, invalid(r.operation, "the "+r.names[i]+" "+fault)
		}
	}
	path, err := transport.Path(r.template, r.ids...)
	if errors.Is(err, transport.ErrEmptyID) {
		return transport.Call{}, invalid(r.operation, "an id is empty")
	}
	if err != nil {
		return transport.Call{}, invalid(r.operation, err.Error())
	}
	body := r.body
	if r.in != nil {
		if body, err = transport.JSONBody(r.in); err != nil {
			return transport.Call{}, invalid(r.operation, "the request cannot be written as JSON")
		}
	}
	return transport.Call{
		Operation: transport.Operation{Name: r.operation, Class: r.class}, Method: r.method, Base: c.base, Path: path, Query: r.query,
		Body: body, Out: r.out, EmptyOK: r.emptyOK,
	}, nil
}
