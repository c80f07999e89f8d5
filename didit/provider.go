package didit

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opStart = "start"
	opFetch = "fetch"
)

// Vendor returns [kyc.Didit].
func (c *Client) Vendor() kyc.Vendor { return kyc.Didit }

// Start creates a session with req.Reference as vendor_data. A session of the
// same reference that is not finished is returned in place of a new one.
//
// Not supported, and so refused: NotifyURL (notices go to the destinations that
// the console or the management API names), TTL, Consent, and of Person the
// place of birth and a gender other than M and F. The middle name joins the
// first one.
//
// An API key without write access to sessions opens one and does not see its
// link. That is an error matching [kyc.ErrMalformed] for which [kyc.Uncertain]
// is true; its Body names the session.
func (c *Client) Start(ctx context.Context, req kyc.StartRequest) (*kyc.Session, error) {
	if err := req.Validate(kyc.Didit); err != nil {
		return nil, err
	}
	switch {
	case req.NotifyURL != "":
		return nil, kyc.Invalid(kyc.Didit, opStart, "NotifyURL is not supported: name the destination in the console")
	case req.TTL != 0:
		return nil, kyc.Invalid(kyc.Didit, opStart, "TTL is not supported: the workflow holds it")
	case req.Consent != nil:
		return nil, kyc.Invalid(kyc.Didit, opStart, "Consent is not supported: the hosted flow asks for it")
	}
	create := SessionRequest{WorkflowID: req.Workflow, VendorData: req.Reference, Callback: req.RedirectURL}
	var err error
	if create.Language, err = language(req.Locale); err != nil {
		return nil, err
	}
	if len(req.Metadata) > 0 {
		if create.Metadata, err = json.Marshal(req.Metadata); err != nil {
			return nil, kyc.Invalid(kyc.Didit, opStart, "Metadata cannot be written as JSON")
		}
	}
	if err := expect(&create, req.Person); err != nil {
		return nil, err
	}
	s, answer, err := c.Sessions.create(ctx, create, nil)
	if err != nil {
		return nil, err
	}
	if s.URL == "" {
		// Not a refusal: a session is open and may be billed, so that asking another vendor would pay twice. See kyc.Uncertain.
		return nil, answer.Malformed(kyc.Didit, opCreate, "the session was created, but the answer has no link, which an API key sees only with write access to sessions: "+
			"look for the session before creating another")
	}
	return &kyc.Session{Ref: s.Ref(), URL: s.URL, Token: s.SessionToken, Raw: s.RawJSON()}, nil
}

// language finds the vendor's word for a BCP 47 tag: the tag itself, or its language alone.
func language(locale string) (Language, error) {
	if locale == "" {
		return "", nil
	}
	tag := strings.ReplaceAll(locale, "_", "-")
	base, _, _ := strings.Cut(tag, "-")
	for _, want := range []string{tag, base} {
		for _, l := range Language("").Values() {
			if equalASCII(string(l), want) {
				return l, nil
			}
		}
	}
	return "", kyc.Invalid(kyc.Didit, opStart, "Locale is none of the vendor's languages")
}

// expect tells the vendor who is expected.
func expect(req *SessionRequest, p *kyc.Person) error {
	if p == nil {
		return nil
	}
	switch {
	case p.PlaceOfBirth != "":
		return kyc.Invalid(kyc.Didit, opStart, "Person.PlaceOfBirth is not supported")
	case p.FullName != "" && p.FirstName == "" && p.LastName == "":
		return kyc.Invalid(kyc.Didit, opStart, "Person.FullName is not supported: give FirstName and LastName")
	}
	e := ExpectedDetails{
		FirstName: strings.TrimSpace(p.FirstName + " " + p.MiddleName), LastName: p.LastName, DateOfBirth: p.DateOfBirth,
		Nationality: p.Nationality, IdentificationNumber: p.PersonalNumber,
	}
	switch {
	case p.Gender == "":
	case equalASCII(p.Gender, string(GenderM)), equalASCII(p.Gender, "male"):
		e.Gender = GenderM
	case equalASCII(p.Gender, string(GenderF)), equalASCII(p.Gender, "female"):
		e.Gender = GenderF
	default:
		return kyc.Invalid(kyc.Didit, opStart, "Person.Gender is neither M nor F")
	}
	if a := p.Address; a != nil {
		e.Address, e.Country = oneLine(a), a.Country
		if e.Address != "" && e.Country == "" {
			return kyc.Invalid(kyc.Didit, opStart, "Person.Address needs a country")
		}
	}
	if body, err := kyc.Marshal(e); err == nil && string(body) != "{}" {
		req.ExpectedDetails = &e
	}
	if p.Email != "" || p.Phone != "" {
		req.ContactDetails = &ContactDetails{Email: p.Email, Phone: p.Phone}
	}
	return nil
}

func oneLine(a *kyc.Address) string {
	if a.Formatted != "" {
		return a.Formatted
	}
	return strings.Join(nonEmpty(append(append([]string{}, a.Lines...), strings.TrimSpace(a.PostalCode+" "+a.City), a.Subdivision)...), ", ")
}

// Fetch reads the decision of a session and normalises it.
func (c *Client) Fetch(ctx context.Context, ref kyc.Ref) (*kyc.Result, error) {
	if err := checkRef(opFetch, ref); err != nil {
		return nil, err
	}
	d, err := c.Sessions.Decision(ctx, ref.Session)
	if err != nil {
		return nil, err
	}
	return normalise(d, c.http.Settings()), nil
}

// Delete deletes a session; see [SessionsService.Delete] for what stays.
func (c *Client) Delete(ctx context.Context, ref kyc.Ref) error {
	if err := checkRef(opDelete, ref); err != nil {
		return err
	}
	_, err := c.Sessions.Delete(ctx, ref.Session, DeleteRequest{})
	return err
}

func checkRef(op string, ref kyc.Ref) error {
	switch {
	case ref.Vendor != kyc.Didit:
		return kyc.Invalid(kyc.Didit, op, "the Ref is not one of Didit")
	case ref.Session == "":
		return kyc.Invalid(kyc.Didit, op, "the Ref has no session")
	case ref.Account != "":
		return kyc.Invalid(kyc.Didit, op, "the Ref has an account, which Didit does not know")
	}
	return nil
}

// PollSchedule says when [kyc.Wait] reads. The vendor publishes no times and
// asks for webhooks; these stay far within its budget.
func (c *Client) PollSchedule() kyc.Schedule {
	return kyc.Schedule{At: []time.Duration{5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute}, Then: 30 * time.Second}
}
