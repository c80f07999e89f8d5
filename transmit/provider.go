package transmit

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

var _ kyc.Provider = (*Client)(nil)

// Keys of [kyc.StartRequest].Metadata that Start takes.
const (
	MetadataOrganizationName = "organization_name"
	MetadataOrganizationID   = "organization_id"
)

type statesKey struct{}

// WithStates makes Start send a state with its RedirectURL, bound to the
// request's Reference. Check the browser's return with the same States, the
// Reference that belongs to the browser's own login, and the Ref that Start
// returned for it: see [States.ParseCallbackFor]. Without this option Start sends
// no state, and nothing ties the return to the browser that left.
func WithStates(states *States) kyc.Option {
	return func(s *kyc.Settings) { s.Set(statesKey{}, states) }
}

// Start opens a session for the vendor's hosted page, which asks the user for
// consent by itself. The Reference travels as the external user id: one word,
// which the result does not repeat. Workflow may be one of the [SessionContext]
// words. Metadata takes [MetadataOrganizationName] and [MetadataOrganizationID].
// The vendor sends no notices and takes no locale, expected person, consent or
// time to live for a hosted session; asking for one is an error. ExpiresAt is the
// vendor's expiration, which presumably bounds when the user may begin.
func (c *Client) Start(ctx context.Context, req kyc.StartRequest) (*kyc.Session, error) {
	const operation = "start"
	refuse := func(detail string) (*kyc.Session, error) {
		return nil, kyc.Invalid(kyc.Transmit, operation, detail)
	}
	if err := req.Validate(kyc.Transmit); err != nil {
		return nil, err
	}
	switch {
	case strings.IndexFunc(req.Reference, unicode.IsSpace) >= 0:
		return refuse("Reference has a blank: the vendor takes one word")
	case req.NotifyURL != "":
		return refuse("NotifyURL: the vendor sends no notices; poll, or read the event stream")
	case req.Locale != "":
		return refuse("Locale: the hosted page takes none")
	case req.Person != nil:
		return refuse("Person: the vendor compares with no expected person")
	case req.Consent != nil:
		return refuse("Consent: the hosted page asks for it; a session of the backend's own takes it, see Verify")
	case req.TTL != 0:
		return refuse("TTL: the vendor's portal sets how long a session may be used")
	}
	create := SessionRequest{
		CallbackURL:         req.RedirectURL,
		CustomerInformation: &CustomerInformation{ExternalUserID: req.Reference},
	}
	if req.Workflow != "" {
		create.Context = SessionContext(req.Workflow)
		if !create.Context.Known() {
			return refuse("Workflow is none of the vendor's contexts")
		}
	}
	for key, value := range req.Metadata {
		switch key {
		case MetadataOrganizationName:
			create.CustomerInformation.OrganizationName = value
		case MetadataOrganizationID:
			create.CustomerInformation.OrganizationID = value
		default:
			return refuse("Metadata has a key that the vendor does not keep")
		}
	}
	if states, _ := c.http.Settings().Value(statesKey{}).(*States); states != nil && req.RedirectURL != "" {
		state, err := states.New(req.Reference)
		if err != nil {
			return nil, err
		}
		create.State = state
	}
	session, err := c.Sessions.Create(ctx, create)
	if err != nil {
		return nil, err
	}
	out := &kyc.Session{
		Ref: kyc.Ref{Vendor: kyc.Transmit, Session: session.SessionID}, URL: c.HostedURL(session), Token: session.StartToken, Raw: session.RawJSON(),
	}
	if at, err := session.Expiration.Time(); err == nil {
		out.ExpiresAt = at
	}
	return out, nil
}

// PollSchedule says when [kyc.Wait] looks. The vendor publishes no schedule; it
// claims that its checks take less than ten seconds, and gives a user up to an
// hour for the capture.
func (c *Client) PollSchedule() kyc.Schedule {
	return kyc.Schedule{At: []time.Duration{2 * time.Second, 4 * time.Second, 7 * time.Second, 10 * time.Second}, Then: 10 * time.Second}
}

// Fetch reads the session's result and normalises it.
func (c *Client) Fetch(ctx context.Context, ref kyc.Ref) (*kyc.Result, error) {
	if err := checkRef("fetch", ref); err != nil {
		return nil, err
	}
	result, err := c.Sessions.Result(ctx, ref.Session)
	if err != nil {
		return nil, err
	}
	out := normalise(result, c.http.Settings())
	out.Ref = kyc.Ref{Vendor: kyc.Transmit, Session: ref.Session}
	return out, nil
}

// Delete removes the session with its images and personal data. Events of the
// stream stay.
func (c *Client) Delete(ctx context.Context, ref kyc.Ref) error {
	if err := checkRef("delete", ref); err != nil {
		return err
	}
	return c.Sessions.Delete(ctx, ref.Session)
}

func checkRef(operation string, ref kyc.Ref) error {
	switch {
	case ref.Vendor != "" && ref.Vendor != kyc.Transmit:
		return kyc.Invalid(kyc.Transmit, operation, "the Ref is of another vendor")
	case ref.Account != "":
		return kyc.Invalid(kyc.Transmit, operation, "the Ref names an account, which this vendor does not have")
	case ref.Session == "":
		return kyc.Invalid(kyc.Transmit, operation, "the Ref names no session")
	}
	return nil
}
