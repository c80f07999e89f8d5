package jumio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Region is the data centre that holds the tenant.
type Region string

// The regions.
const (
	// RegionAMER is the data centre in the United States.
	RegionAMER Region = "amer-1"
	// RegionEMEA is the data centre in the European Union.
	RegionEMEA Region = "emea-1"
	// RegionAPAC is the data centre in Singapore.
	RegionAPAC Region = "apac-1"
)

// Known tells whether r is one of the constants.
func (r Region) Known() bool {
	switch r {
	case RegionAMER, RegionEMEA, RegionAPAC:
		return true
	default:
		return false
	}
}

// Endpoints are the roots of the vendor's hosts, such as
// "https://account.emea-1.jumio.ai". An empty one follows the region.
type Endpoints struct {
	// Auth issues the OAuth2 tokens.
	Auth string
	// Account creates and updates accounts.
	Account string
	// API takes uploads and finalize.
	API string
	// Retrieval reads and deletes.
	Retrieval string
	// Status tells the state of the platform.
	Status string
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (e Endpoints) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, e) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (e Endpoints) LogValue() slog.Value { return kyc.LogRedacted(e) }

// Config is what a client needs.
type Config struct {
	// ClientID and ClientSecret are an OAuth2 client of the tenant; the portal calls them API token and API secret. A
	// pair may be allowed to initiate, to retrieve and delete, or both; the wrong one fails with [kyc.ErrForbidden].
	ClientID     string
	ClientSecret kyc.Secret
	// Region is the tenant's data centre. It may be empty where all Endpoints are set.
	Region Region
	// Workflow is the key that is used where a request names none.
	Workflow WorkflowKey
	// Endpoints replace the region's hosts, for a proxy or a fake.
	Endpoints Endpoints
}

// Format prints the type's name and the region only; see [kyc.FormatRedacted].
func (c Config) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, c) }

// LogValue logs the type's name and the region only; see [kyc.LogRedacted].
func (c Config) LogValue() slog.Value { return kyc.LogRedacted(c) }

// Published budgets, for each tenant. The account host tolerates short bursts.
const (
	tokensPerSecond     = 10
	accountsPerSecond   = 1
	accountsBurst       = 3
	retrievalsPerSecond = 15
)

// Client speaks to one tenant. It is safe for use by many goroutines and should
// live as long as the program: it holds the token and the budgets. It is a
// [kyc.Provider].
type Client struct {
	// Accounts creates, updates and deletes accounts.
	Accounts *AccountsService
	// Credentials uploads and downloads.
	Credentials *CredentialsService
	// Workflows finalizes, reads and deletes executions.
	Workflows *WorkflowsService
	// Health tells the state of the platform.
	Health *HealthService

	http      *transport.Client
	auth      *url.URL
	account   *url.URL
	api       *url.URL
	retrieval *url.URL
	status    *url.URL
	workflow  WorkflowKey

	accountBudget   kyc.Limiter
	retrievalBudget kyc.Limiter
}

var _ kyc.Provider = (*Client)(nil)

// NewClient returns a client. It sends nothing; an error matches [kyc.ErrInvalid].
func NewClient(cfg Config, opts ...kyc.Option) (*Client, error) {
	const op = "client"
	switch {
	case cfg.ClientID == "":
		return nil, kyc.Invalid(kyc.Jumio, op, "ClientID is empty")
	case strings.Contains(cfg.ClientID, ":"):
		return nil, kyc.Invalid(kyc.Jumio, op, "ClientID holds a colon, which Basic authentication cannot carry")
	case cfg.ClientSecret == "":
		return nil, kyc.Invalid(kyc.Jumio, op, "ClientSecret is empty")
	case cfg.Region != "" && !cfg.Region.Known():
		return nil, kyc.Invalid(kyc.Jumio, op, "Region is none of RegionAMER, RegionEMEA and RegionAPAC")
	}
	settings := kyc.NewSettings(opts...)
	if err := settings.CheckOverrides(kyc.Jumio, overridable); err != nil {
		return nil, err
	}
	if signer, ok := settings.Value(userReferenceKey{}).(*ReferenceSigner); ok && signer == nil {
		return nil, kyc.Invalid(kyc.Jumio, op, "the signer of user references is nil")
	}
	budget := func(name string, perSecond float64, burst int) kyc.Limiter {
		return settings.LimiterFor(kyc.Budget{Vendor: kyc.Jumio, Name: name, PerSecond: perSecond, Burst: burst})
	}
	c := &Client{
		workflow:        cfg.Workflow,
		accountBudget:   budget("accounts", accountsPerSecond, accountsBurst),
		retrievalBudget: budget("retrieval", retrievalsPerSecond, retrievalsPerSecond),
	}
	e := cfg.Endpoints
	for _, host := range []struct {
		name, configured string
		base             **url.URL
	}{
		{"auth", e.Auth, &c.auth},
		{"account", e.Account, &c.account},
		{"api", e.API, &c.api},
		{"retrieval", e.Retrieval, &c.retrieval},
		{"status", e.Status, &c.status},
	} {
		root := host.configured
		if root == "" {
			if cfg.Region == "" {
				return nil, kyc.Invalid(kyc.Jumio, op, "Region is empty, and so is the endpoint "+host.name)
			}
			root = "https://" + host.name + "." + string(cfg.Region) + ".jumio.ai"
		}
		base, err := transport.ParseBase(root)
		if err != nil {
			return nil, kyc.Invalid(kyc.Jumio, op, "the endpoint "+host.name+" is wrong: "+err.Error())
		}
		*host.base = base
	}
	tc, err := transport.New(transport.Config{
		Vendor: kyc.Jumio, Origins: []*url.URL{c.auth, c.account, c.api, c.retrieval, c.status},
		Describe: describe, Options: opts,
	})
	if err != nil {
		return nil, err
	}
	// The service hands out tokens that it issued a while ago; the pipeline also reads the end that stands in the token.
	tc.UseAuth(transport.Bearer(tc.TokenSource(transport.ClientCredentials{
		Base: c.auth, Path: "/oauth2/token", ClientID: cfg.ClientID, Auth: transport.BasicAuth(cfg.ClientID, cfg.ClientSecret), Limiter: budget("tokens", tokensPerSecond, tokensPerSecond),
	})))
	c.http = tc
	c.Accounts, c.Credentials = &AccountsService{c}, &CredentialsService{c}
	c.Workflows, c.Health = &WorkflowsService{c}, &HealthService{c}
	return c, nil
}

// Endpoints returns the roots of the hosts in use, for [Client.Do].
func (c *Client) Endpoints() Endpoints {
	return Endpoints{
		Auth: c.auth.String(), Account: c.account.String(), API: c.api.String(), Retrieval: c.retrieval.String(), Status: c.status.String(),
	}
}

// Format prints the type's name only.
func (c Client) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, c) }

// LogValue logs the type's name only.
func (c Client) LogValue() slog.Value { return kyc.LogRedacted(c) }

// describe reads the platform's and the legacy error bodies, which transport.Describe knows, and the one error of the
// token endpoint that has a misleading status.
func describe(e *kyc.Error, header http.Header, body []byte) {
	transport.Describe(e, header, body)
	if e.Operation == "oauth2.token" && errors.Is(e.Kind, kyc.ErrInvalid) && (e.Code == "invalid_client" || e.Code == "unauthorized_client") {
		e.Kind = kyc.ErrUnauthorized
	}
}

// path fills a template with ids; an empty id is refused before anything is sent.
func path(op, template string, ids ...string) (string, error) {
	p, err := transport.Path(template, ids...)
	if errors.Is(err, transport.ErrEmptyID) {
		return "", kyc.Invalid(kyc.Jumio, op, "an id is empty")
	}
	if err != nil {
		return "", kyc.Invalid(kyc.Jumio, op, err.Error())
	}
	return p, nil
}

// checkRef refuses a reference of another vendor and one that lacks an id.
func checkRef(op string, ref kyc.Ref) error {
	switch {
	case ref.Vendor != kyc.Jumio:
		return kyc.Invalid(kyc.Jumio, op, "the Ref is not one of Jumio")
	case ref.Account == "" || ref.Session == "":
		return kyc.Invalid(kyc.Jumio, op, "the Ref lacks the account or the workflow execution")
	}
	return nil
}

// erase sends a delete.
func (c *Client) erase(ctx context.Context, op, p string, opts []kyc.Option) error {
	_, err := c.http.Do(ctx, transport.Call{
		Operation: transport.Operation{Name: op, Class: transport.Safe},
		Method:    http.MethodDelete, Base: c.retrieval, Path: p, Limiter: c.retrievalBudget,
	}, opts...)
	return err
}
