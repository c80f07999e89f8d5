package didit

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// DefaultBaseURL is the vendor's host. Live and sandbox applications share it
// and differ by their API keys.
const DefaultBaseURL = "https://verification.didit.me"

// Config is what a client needs.
type Config struct {
	// APIKey is the application's key. It decides whether sessions are live or sandbox ones.
	APIKey kyc.Secret
	// Workflow is the id of the workflow that is used where a request names none. The workflow decides whether a session
	// verifies a person or a company.
	Workflow string
	// BaseURL is the root of the host, without /v3, for a proxy or a fake. Empty is DefaultBaseURL.
	BaseURL string
	// Sandbox lets [Client.Fetch] return results of a sandbox application, in which nobody real is checked. Leave it out in
	// production: a sandbox's key that strays there then approves nobody.
	Sandbox bool
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (c Config) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, c) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (c Config) LogValue() slog.Value { return kyc.LogRedacted(c) }

// Client speaks for one application. It is safe for use by many goroutines and
// should live as long as the program, since it holds the budgets. It is a
// [kyc.Provider].
type Client struct {
	// Sessions creates, reads, decides and deletes sessions.
	Sessions *SessionsService
	// Media downloads what decisions link to.
	Media *MediaService
	// Checks runs single checks without a session.
	Checks *ChecksService
	// Lists manages block lists, allow lists and others; Blocklist is the older way to block what a session showed.
	Lists     *ListsService
	Blocklist *BlocklistService
	// Workflows and Questionnaires manage what sessions run and ask.
	Workflows      *WorkflowsService
	Questionnaires *QuestionnairesService
	// Users and Businesses manage persons and companies over all their sessions.
	Users      *UsersService
	Businesses *BusinessesService
	// Transactions hands in payments to be monitored.
	Transactions *TransactionsService
	// Webhooks manages where notices go.
	Webhooks *WebhooksService
	// Billing reads and raises the account's credit.
	Billing *BillingService
	// Customization changes the look of the hosted pages.
	Customization *CustomizationService
	// Health asks whether the vendor is up.
	Health *HealthService

	http     *transport.Client
	base     *url.URL
	workflow string
	sandbox  bool
	budgets  *budgets
}

var _ kyc.Provider = (*Client)(nil)

// overridable are the fields that an override may name.
var overridable = kyc.Fields{Whole: []string{FieldStatus, FieldParty}, Checks: []string{FieldFeature}}

// NewClient returns a client. It sends nothing; an error matches [kyc.ErrInvalid].
func NewClient(cfg Config, opts ...kyc.Option) (*Client, error) {
	const op = "client"
	if cfg.APIKey == "" {
		return nil, kyc.Invalid(kyc.Didit, op, "APIKey is empty")
	}
	for _, c := range []byte(cfg.APIKey.Reveal()) {
		if c <= ' ' || c > '~' {
			return nil, kyc.Invalid(kyc.Didit, op, "APIKey has a blank or another character that no key has")
		}
	}
	root := cfg.BaseURL
	if root == "" {
		root = DefaultBaseURL
	}
	base, err := transport.ParseBase(root)
	if err != nil {
		return nil, kyc.Invalid(kyc.Didit, op, "BaseURL is wrong: "+err.Error())
	}
	if strings.HasSuffix(base.Path, "/v3") || strings.HasSuffix(base.Path, "/v1") {
		return nil, kyc.Invalid(kyc.Didit, op, "BaseURL is the host's root, without the version")
	}
	if err := kyc.NewSettings(opts...).CheckOverrides(kyc.Didit, overridable); err != nil {
		return nil, err
	}
	tc, err := transport.New(transport.Config{
		Vendor: kyc.Didit, Origins: []*url.URL{base}, Auth: transport.HeaderAuth("X-Api-Key", cfg.APIKey), Describe: describe, Options: opts,
	})
	if err != nil {
		return nil, err
	}
	c := &Client{http: tc, base: base, workflow: cfg.Workflow, sandbox: cfg.Sandbox, budgets: newBudgets(kyc.NewSettings(opts...))}
	c.Sessions, c.Media = &SessionsService{c}, &MediaService{c}
	c.Checks, c.Lists, c.Blocklist = &ChecksService{c}, &ListsService{c}, &BlocklistService{c}
	c.Workflows, c.Questionnaires = &WorkflowsService{c}, &QuestionnairesService{c}
	c.Users, c.Businesses, c.Transactions = &UsersService{c}, &BusinessesService{c}, &TransactionsService{c}
	c.Webhooks, c.Billing, c.Customization, c.Health = &WebhooksService{c}, &BillingService{c}, &CustomizationService{c}, &HealthService{c}
	return c, nil
}

// Format prints the type's name only.
func (c Client) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, c) }

// LogValue logs the type's name only.
func (c Client) LogValue() slog.Value { return kyc.LogRedacted(c) }

// Do sends a call that this package does not model. path is that of the API,
// such as "/v3/workflows/", with the slash at its end, and may have a query; ids
// in it must be escaped. in is sent as JSON unless it is nil; out receives the
// JSON answer, or the bytes if it is an [io.Writer], and may be nil. GET, HEAD, PUT
// and DELETE are repeated after a passing fault, every other method only if the
// call was certainly not processed.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, opts ...kyc.Option) error {
	const op = "do"
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, "#") {
		return kyc.Invalid(kyc.Didit, op, "the path does not begin with one slash")
	}
	call := transport.Call{
		Operation: transport.Operation{Name: op, Class: transport.IfNotProcessed}, Method: method, Base: c.base, Out: out, EmptyOK: true,
		Limiter: c.budgets.writes,
	}
	call.Path, call.Query, _ = strings.Cut(path, "?")
	switch method {
	case http.MethodGet, http.MethodHead:
		call.Operation.Class, call.Limiter = transport.Safe, c.budgets.reads
	case http.MethodPut, http.MethodDelete:
		call.Operation.Class = transport.Safe
	}
	if w, ok := out.(io.Writer); ok {
		call.Out, call.Sink, call.Accept = nil, w, "*/*"
	}
	if in != nil {
		body, err := transport.JSONBody(in)
		if err != nil {
			return kyc.Invalid(kyc.Didit, op, "the body cannot be written as JSON")
		}
		call.Body = body
	}
	_, err := c.http.Do(ctx, call, opts...)
	return err
}

// request is one call of the API.
type request struct {
	op      string
	class   transport.Class
	method  string
	path    string // template for transport.Path
	ids     []string
	query   url.Values
	in, out any
	budget  kyc.Limiter
	emptyOK bool
	auth    transport.Authorizer
}

// send makes the call; that the ids look like ids is for its callers to check.
func (c *Client) send(ctx context.Context, r request, opts []kyc.Option) (*transport.Answer, error) {
	path, err := transport.Path(r.path, r.ids...)
	if err != nil {
		return nil, kyc.Invalid(kyc.Didit, r.op, "an id is empty")
	}
	call := transport.Call{
		Operation: transport.Operation{Name: r.op, Class: r.class}, Method: r.method, Base: c.base, Path: path, Query: r.query.Encode(),
		Auth: r.auth, Limiter: r.budget, Out: r.out, EmptyOK: r.emptyOK,
	}
	if r.in != nil {
		if call.Body, err = transport.JSONBody(r.in); err != nil {
			return nil, kyc.Invalid(kyc.Didit, r.op, "the request cannot be written as JSON")
		}
	}
	return c.http.Do(ctx, call, opts...)
}

type anyIDKey struct{}

// WithAnyID sends ids as they are. Without it an id that is not a canonical
// UUID is refused before anything is sent, since the vendor answers such a one
// with a page in place of an error.
func WithAnyID() kyc.Option { return func(s *kyc.Settings) { s.Set(anyIDKey{}, true) } }

// checkID refuses an id that no session can have.
func (c *Client) checkID(op, what, id string, opts []kyc.Option) error {
	if id == "" {
		return kyc.Invalid(kyc.Didit, op, "the "+what+" is empty")
	}
	if anyID, _ := c.http.Settings(opts...).Value(anyIDKey{}).(bool); anyID || canonicalUUID(id) {
		return nil
	}
	return kyc.Invalid(kyc.Didit, op, "the "+what+" is not a UUID in lower case with hyphens; see WithAnyID")
}

func canonicalUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f') {
				return false
			}
		}
	}
	return true
}
