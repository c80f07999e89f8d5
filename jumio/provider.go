package jumio

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/country"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Vendor returns [kyc.Jumio].
func (c *Client) Vendor() kyc.Vendor { return kyc.Jumio }

// Start creates an account and starts the workflow of the request, or that of
// the client's Config. Reference goes out as CustomerInternalReference, which comes
// back in the browser, and as UserReference, which comes back in the notices and
// without which no workflow screens; [WithUserReferenceSigner] signs the latter.
// RedirectURL serves for success and failure of the
// journey; arriving there is no verification result. Session.URL is empty where
// the tenant has no web client, and Session.ExpiresAt is known only where the
// request sets TTL. An answer that opens neither the web client nor a mobile SDK
// nor an upload is an error matching [kyc.ErrMalformed] whose Body is the answer:
// an execution was started that its user cannot enter.
//
// Jumio cannot honour Person (use Accounts.Create and
// Credentials.UploadPreparedData) and Metadata; a TTL must be whole seconds
// between five minutes and 60 days; consent that was given needs its time. A
// workflow that needs an account starts with Accounts.Update.
func (c *Client) Start(ctx context.Context, req kyc.StartRequest) (*kyc.Session, error) {
	account, err := c.accountRequest(req)
	if err != nil {
		return nil, err
	}
	answer, err := c.Accounts.Create(ctx, account)
	if err != nil {
		return nil, err
	}
	session := &kyc.Session{Ref: answer.Ref(), Raw: answer.RawJSON()}
	if session.Ref.IsZero() {
		return nil, kyc.Malformed(kyc.Jumio, "accounts.create", "the answer lacks the account or the workflow execution", nil)
	}
	if answer.Web != nil && webClient(answer.Web.Href.Reveal()) {
		session.URL = answer.Web.Href
	}
	if answer.SDK != nil {
		session.Token = answer.SDK.Token
	}
	if at, err := answer.Timestamp.Time(); err == nil && req.TTL > 0 {
		session.ExpiresAt = at.Add(req.TTL)
	}
	if session.URL == "" && session.Token == "" && answer.APIToken() == "" {
		const detail = "the answer opens no channel: an execution was started that nobody can enter"
		return nil, kyc.Malformed(kyc.Jumio, "accounts.create", detail, nil).WithBody(answer.RawJSON())
	}
	return session, nil
}

// webClient tells a page for a browser from the address of an API, which workflows without a web client were seen to give.
func webClient(href string) bool {
	u, err := url.Parse(href)
	return err == nil && u.Query().Get("authorizationToken") != ""
}

func (c *Client) accountRequest(req kyc.StartRequest) (AccountRequest, error) {
	const op = "start"
	if err := req.Validate(kyc.Jumio); err != nil {
		return AccountRequest{}, err
	}
	invalid := func(detail string) (AccountRequest, error) {
		return AccountRequest{}, kyc.Invalid(kyc.Jumio, op, detail)
	}
	switch {
	case req.Person != nil:
		return invalid("Person cannot be sent with the start: use Accounts.Create and Credentials.UploadPreparedData")
	case len(req.Metadata) > 0:
		return invalid("Jumio keeps no Metadata")
	case req.TTL != 0 && (req.TTL < minLifetime || req.TTL > maxLifetime || req.TTL%time.Second != 0):
		return invalid("TTL must be whole seconds between five minutes and 60 days")
	}
	user, err := c.userReference(req.Reference)
	if err != nil {
		return AccountRequest{}, err
	}
	out := AccountRequest{
		CustomerInternalReference: req.Reference, UserReference: user, Workflow: Workflow{Key: WorkflowKey(req.Workflow)}, CallbackURL: req.NotifyURL,
	}
	if req.TTL != 0 {
		out.TokenLifetime = lifetimeText(req.TTL)
	}
	if req.RedirectURL != "" || req.Locale != "" {
		out.Web = &WebRequest{SuccessURL: req.RedirectURL, ErrorURL: req.RedirectURL, Locale: req.Locale}
	}
	if consent := req.Consent; consent != nil {
		if consent.Obtained && consent.ObtainedAt.IsZero() {
			return invalid("Consent.ObtainedAt is needed where consent was obtained")
		}
		uc := &UserConsent{UserIP: consent.IP, Consent: &Consent{Obtained: ConsentAnswerNo}}
		if consent.Obtained {
			uc.Consent = &Consent{
				Obtained: ConsentAnswerYes, ObtainedAt: kyc.Timestamp(consent.ObtainedAt.UTC().Format("2006-01-02T15:04:05.000Z")),
			}
		}
		if consent.Country != "" {
			code, ok := country.Alpha3(consent.Country)
			if !ok {
				return invalid("Consent.Country is not an ISO 3166-1 country")
			}
			uc.UserLocation = &UserLocation{Country: code, State: consent.State}
		} else if consent.State != "" {
			return invalid("Consent.State needs Consent.Country")
		}
		out.UserConsent = uc
	}
	return out, nil
}

// lifetimeText writes a duration in the largest unit that fits it.
func lifetimeText(d time.Duration) string {
	for _, unit := range []struct {
		d    time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if d%unit.d == 0 {
			return strconv.FormatInt(int64(d/unit.d), 10) + unit.name
		}
	}
	return strconv.FormatInt(int64(d/time.Second), 10) + "s"
}

// Fetch reads the details and normalises them. The result has ref as it was given,
// also where the vendor writes its ids in another case of letters.
func (c *Client) Fetch(ctx context.Context, ref kyc.Ref) (*kyc.Result, error) {
	details, err := c.Workflows.Details(ctx, ref)
	if err != nil {
		return nil, err
	}
	// An answer that does not say whose it is decides nothing.
	if details.Ref().IsZero() {
		return nil, kyc.Malformed(kyc.Jumio, "workflows.details", "the answer lacks the account or the workflow execution", nil)
	}
	r := normalise(details, c.http.Settings())
	r.Ref = ref
	return r, nil
}

// Delete erases the execution. Decision, references and times stay at the vendor.
// A ref without an execution is refused: Accounts.Delete erases a whole account.
func (c *Client) Delete(ctx context.Context, ref kyc.Ref) error {
	if ref.Vendor == kyc.Jumio && ref.Account != "" && ref.Session == "" {
		return kyc.Invalid(kyc.Jumio, "workflows.delete", "the Ref lacks the workflow execution; to erase the whole account, use Accounts.Delete")
	}
	return c.Workflows.Delete(ctx, ref)
}
