package jumio

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// AccountsService creates, updates and deletes accounts. An account stands for
// one person; each create or update starts a workflow execution, which is billed.
type AccountsService struct{ c *Client }

// Create makes an account and starts a workflow on it. It is sent again only
// where it surely was not processed. A request that breaks a documented limit
// is refused before anything is sent.
//
// Vendor: Accounts API, POST /api/v1/accounts.
func (s *AccountsService) Create(ctx context.Context, req AccountRequest, opts ...kyc.Option) (*Account, error) {
	const op = "accounts.create"
	if key := s.c.key(req); key.updateOnly() {
		return nil, kyc.Invalid(kyc.Jumio, op, "the workflow needs an account that exists: use Accounts.Update")
	}
	return s.start(ctx, op, http.MethodPost, "/api/v1/accounts", "", req, opts)
}

// Update starts another workflow on a known account. Like Create it is billed
// and sent again only where it surely was not processed. An answer about another
// account is an error matching [kyc.ErrMalformed] whose Body is the answer.
//
// Vendor: Accounts API, PUT /api/v1/accounts/{accountId}.
func (s *AccountsService) Update(ctx context.Context, accountID string, req AccountRequest, opts ...kyc.Option) (*Account, error) {
	const op = "accounts.update"
	p, err := path(op, "/api/v1/accounts/{}", accountID)
	if err != nil {
		return nil, err
	}
	return s.start(ctx, op, http.MethodPut, p, accountID, req, opts)
}

// start sends a create, or an update of the account with an id.
func (s *AccountsService) start(ctx context.Context, op, method, p, accountID string, req AccountRequest, opts []kyc.Option) (*Account, error) {
	req.Workflow.Key = s.c.key(req)
	if err := s.c.checkAccount(op, req); err != nil {
		return nil, err
	}
	body, err := transport.JSONBody(req)
	if err != nil {
		return nil, err
	}
	var account Account
	answer, err := s.c.http.Do(ctx, transport.Call{
		Operation: transport.Operation{Name: op, Class: transport.IfNotProcessed},
		Method:    method, Base: s.c.account, Path: p, Body: body, Limiter: s.c.accountBudget, Out: &account,
	}, opts...)
	if err != nil {
		return nil, err
	}
	if account.Ref().IsZero() {
		return nil, answer.Malformed(kyc.Jumio, op, "the answer names no account and execution; one may have been started")
	}
	if accountID != "" && foreign(account.Account.ID, accountID) {
		return nil, answer.Malformed(kyc.Jumio, op, "the answer is about another account; an execution may have been started")
	}
	return &account, nil
}

// Delete erases the credentials and data of an account and of all its
// executions, at once and for good. Decision, references and times stay at the
// vendor.
//
// Vendor: Retrieval API, DELETE /api/v1/accounts/{accountId}.
func (s *AccountsService) Delete(ctx context.Context, accountID string, opts ...kyc.Option) error {
	const op = "accounts.delete"
	p, err := path(op, "/api/v1/accounts/{}", accountID)
	if err != nil {
		return err
	}
	return s.c.erase(ctx, op, p, opts)
}

func (c *Client) key(req AccountRequest) WorkflowKey {
	if req.Workflow.Key != "" {
		return req.Workflow.Key
	}
	return c.workflow
}

// referenceForbidden are the characters that every page of the vendor forbids; older pages also name { } and |.
const referenceForbidden = "<>\"/;`%"

var lifetimePattern = regexp.MustCompile(`^([+-]?\d+)([smhd])$`)

// checkAccount finds what the vendor documents as wrong. The texts name fields, never values.
func (c *Client) checkAccount(op string, req AccountRequest) error {
	invalid := func(detail string) error { return kyc.Invalid(kyc.Jumio, op, detail) }
	reference := req.CustomerInternalReference
	switch {
	case req.Workflow.Key == "":
		return invalid("no workflow: set Workflow.Key, or Workflow in the client's Config")
	case reference == "" || utf8.RuneCountInString(reference) > 100:
		return invalid("CustomerInternalReference must have 1 to 100 characters")
	case strings.ContainsAny(reference, referenceForbidden):
		return invalid("CustomerInternalReference must hold none of < > \" / ; ` %")
	case req.UserReference == "" && req.Workflow.Key.screens():
		return invalid("the workflow screens the person, which it does not without UserReference")
	case utf8.RuneCountInString(req.UserReference) > 100:
		return invalid("UserReference is longer than 100 characters")
	case utf8.RuneCountInString(req.ReportingCriteria) > 255:
		return invalid("ReportingCriteria is longer than 255 characters")
	case req.TokenLifetime != "" && !validLifetime(req.TokenLifetime):
		return invalid("TokenLifetime must be a whole number with s, m, h or d, from 5m to 60d")
	}
	if req.CallbackURL != "" {
		if detail := c.checkCallbackURL(req.CallbackURL); detail != "" {
			return invalid("CallbackURL " + detail)
		}
	}
	if web := req.Web; web != nil {
		for name, u := range map[string]string{"Web.SuccessURL": web.SuccessURL, "Web.ErrorURL": web.ErrorURL} {
			if u != "" && (!c.secure(u) || len(u) > 255) {
				return invalid(name + " must be an https URL of at most 255 characters")
			}
		}
	}
	if detail := checkConsent(req.UserConsent); detail != "" {
		return invalid(detail)
	}
	for _, credential := range req.Workflow.Credentials {
		if credential.Category != "DOCUMENT" || credential.ID != "" {
			continue
		}
		if credential.Country == nil || credential.Type == nil || len(credential.Country.Values) != 1 || len(credential.Type.Values) != 1 {
			return invalid("a DOCUMENT credential needs exactly one country and one type")
		}
	}
	return nil
}

func validLifetime(text string) bool {
	m := lifetimePattern.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	n, err := strconv.ParseInt(m[1], 10, 32)
	unit := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[m[2]]
	d := time.Duration(n) * unit
	return err == nil && d >= minLifetime && d <= maxLifetime
}

const (
	minLifetime = 5 * time.Minute
	maxLifetime = 60 * 24 * time.Hour
)

// local tells whether the client speaks to a service without TLS, which only a fake or a proxy of the caller's is. The
// rules on URLs would then keep it from calling back to the same machine.
func (c *Client) local() bool { return c.account.Scheme == "http" }

func (c *Client) secure(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && c.local())
}

func (c *Client) checkCallbackURL(text string) string {
	u, err := url.Parse(text)
	if err != nil || !c.secure(text) || len(text) > 255 {
		return "must be an https URL of at most 255 characters"
	}
	if c.local() {
		return ""
	}
	_, notAddress := netip.ParseAddr(u.Hostname())
	switch {
	case u.Port() != "":
		return "must not name a port"
	case notAddress == nil:
		return "must name a host, not an address"
	case u.Fragment != "" || u.User != nil:
		return "must have no fragment and no user"
	}
	for _, r := range text {
		if r > '~' {
			return "must be ASCII; write other names in punycode"
		}
	}
	return ""
}

func checkConsent(uc *UserConsent) string {
	if uc == nil || uc.Consent == nil {
		if uc != nil && uc.UserLocation != nil && uc.UserLocation.Country == "USA" {
			return "UserConsent.Consent.Obtained is needed for the country USA"
		}
		return ""
	}
	switch {
	case uc.Consent.Obtained == ConsentAnswerYes && uc.Consent.ObtainedAt == "":
		return "UserConsent.Consent.ObtainedAt is needed with Obtained yes"
	case uc.Consent.Obtained == "" && uc.UserLocation != nil && uc.UserLocation.Country == "USA":
		return "UserConsent.Consent.Obtained is needed for the country USA"
	}
	return ""
}
