package didit

import (
	"context"
	"errors"
	"slices"
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
// same reference that is not finished is returned in place of a new one, with its
// callback and metadata replaced. It keeps whom it expects: with req.Person set,
// Start reads the session, and one that expects somebody else is an error matching
// [kyc.ErrConflict] that names it. Let that one be finished, or delete it. Such a
// session also keeps its language, which the vendor does not tell.
//
// Not supported, and so refused: NotifyURL (notices go to the destinations that
// the console or the management API names), TTL, Consent, and of Person the
// place of birth, a gender other than M and F, a FullName that is not first and
// last name, and an address whose Formatted does not have its other parts. The
// middle name joins the first one.
//
// An API key without write access to sessions opens one and does not see its
// link. That is an error matching [kyc.ErrMalformed] for which [kyc.Uncertain]
// is true; its Body names the session.
func (c *Client) Start(ctx context.Context, req kyc.StartRequest) (*kyc.Session, error) {
	create, err := startRequest(req)
	if err != nil {
		return nil, err
	}
	s, answer, err := c.Sessions.create(ctx, create, nil)
	if err != nil {
		return nil, startError(err)
	}
	if create.ExpectedDetails != nil || create.ContactDetails != nil {
		if err := c.expects(ctx, s, create); err != nil {
			return nil, err
		}
	}
	if s.URL == "" {
		// Not a refusal: a session is open and may be billed, so that asking another vendor would pay twice. See kyc.Uncertain.
		return nil, answer.Malformed(kyc.Didit, opCreate, "the session was created, but the answer has no link, which an API key sees only with write access to sessions: "+
			"look for the session before creating another")
	}
	return &kyc.Session{Ref: s.Ref(), URL: s.URL, Token: s.SessionToken, Reused: s.Reused(), Raw: s.RawJSON()}, nil
}

// startRequest writes req in the vendor's terms.
func startRequest(req kyc.StartRequest) (create SessionRequest, err error) {
	if err := req.Validate(kyc.Didit); err != nil {
		return create, err
	}
	switch {
	case req.NotifyURL != "":
		return create, kyc.Invalid(kyc.Didit, opStart, "NotifyURL is not supported: name the destination in the console")
	case req.TTL != 0:
		return create, kyc.Invalid(kyc.Didit, opStart, "TTL is not supported: the workflow holds it")
	case req.Consent != nil:
		return create, kyc.Invalid(kyc.Didit, opStart, "Consent is not supported: the hosted flow asks for it")
	}
	create = SessionRequest{WorkflowID: req.Workflow, VendorData: req.Reference, Callback: req.RedirectURL}
	if create.Language, err = language(req.Locale); err != nil {
		return create, err
	}
	if len(req.Metadata) > 0 {
		if create.Metadata, err = kyc.Marshal(req.Metadata); err != nil {
			return create, kyc.Invalid(kyc.Didit, opStart, "Metadata cannot be written as JSON")
		}
	}
	return create, expect(&create, req.Person)
}

// startFields are the names that a caller of Start has for the members of a SessionRequest.
var startFields = strings.NewReplacer(
	"neither the request nor the client names a workflow", "neither Workflow nor the client names one",
	"ExpectedDetails.Address needs Country or POACountry", "Person.Address needs Country",
	"ExpectedDetails.Country", "Person.Address.Country", "ExpectedDetails.IdentificationNumber", "Person.PersonalNumber",
	"ExpectedDetails.", "Person.", "ContactDetails.", "Person.", "Callback", "RedirectURL",
)

// startError says what is wrong with a request in the words of the one that the caller made.
func startError(err error) error {
	if e, ok := errors.AsType[*kyc.Error](err); ok && e.Kind == kyc.ErrInvalid && e.StatusCode == 0 { //nolint:errorlint // Kind is a sentinel itself.
		return kyc.Invalid(kyc.Didit, opStart, startFields.Replace(e.Detail))
	}
	return err
}

// expects reads whom a session expects. A new one and one that was open look the same in the vendor's answer to a create.
func (c *Client) expects(ctx context.Context, s *Session, want SessionRequest) error {
	id := "the session"
	if canonicalUUID(s.SessionID) {
		id = "session " + s.SessionID
	}
	d, err := c.Sessions.Decision(ctx, s.SessionID, WithAnyID())
	if err != nil {
		// Uncertain, since a session is open; what failed is only to look at it.
		e := &kyc.Error{Vendor: kyc.Didit, Operation: opStart, Kind: kyc.ErrUnavailable, Detail: id + " is open, but whether it expects this person cannot be read: start again with the same Reference"}
		if ctx.Err() != nil {
			e.Kind, e.Err = nil, ctx.Err()
		}
		return e
	}
	if field := difference(want, d); field != "" {
		return &kyc.Error{
			Vendor: kyc.Didit, Operation: opStart, Kind: kyc.ErrConflict,
			Detail: id + " of this Reference is open and expects another " + field + ": let it be finished, or delete it, before you start one for somebody else",
		}
	}
	return nil
}

// difference names a field of Person that a session does not expect as it was asked to.
func difference(want SessionRequest, have *Decision) string {
	if w := want.ExpectedDetails; w != nil {
		h := have.ExpectedDetails
		if h == nil {
			h = &ExpectedDetails{}
		}
		for _, f := range []struct{ name, want, have string }{
			{"Person.FirstName", w.FirstName, h.FirstName}, {"Person.LastName", w.LastName, h.LastName},
			{"Person.DateOfBirth", string(plainDate(w.DateOfBirth)), string(plainDate(h.DateOfBirth))}, {"Person.Gender", string(w.Gender), string(h.Gender)},
			{"Person.Nationality", w.Nationality, h.Nationality}, {"Person.PersonalNumber", w.IdentificationNumber, h.IdentificationNumber},
			{"Person.Address", w.Address, h.Address}, {"Person.Address.Country", w.Country, h.Country},
		} {
			if f.want != "" && !strings.EqualFold(strings.TrimSpace(f.want), strings.TrimSpace(f.have)) {
				return f.name
			}
		}
	}
	// The vendor leaves out contacts that it cannot use, so only what it has can differ.
	if w, h := want.ContactDetails, have.ContactDetails; w != nil && h != nil {
		switch {
		case w.Email != "" && h.Email != "" && !strings.EqualFold(w.Email, h.Email):
			return "Person.Email"
		case w.Phone != "" && h.Phone != "" && w.Phone != h.Phone:
			return "Person.Phone"
		}
	}
	return ""
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
	case p.FullName != "" && !sameName(p.FullName, strings.Join(nonEmpty(p.FirstName, p.MiddleName, p.LastName), " ")):
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
		if part := unsaid(a); part != "" {
			return kyc.Invalid(kyc.Didit, opStart, "Person.Address."+part+" is not part of Formatted, which is sent in one line: give either")
		}
		e.Address, e.Country = oneLine(a), a.Country
	}
	if body, err := kyc.Marshal(e); err == nil && string(body) != "{}" {
		req.ExpectedDetails = &e
	}
	if p.Email != "" || p.Phone != "" {
		req.ContactDetails = &ContactDetails{Email: p.Email, Phone: p.Phone}
	}
	return nil
}

// unsaid names a part of an address that its one line does not have.
func unsaid(a *kyc.Address) string {
	if a.Formatted == "" {
		return ""
	}
	for _, part := range []struct {
		name  string
		texts []string
	}{{"Lines", a.Lines}, {"City", []string{a.City}}, {"Subdivision", []string{a.Subdivision}}, {"PostalCode", []string{a.PostalCode}}} {
		for _, text := range part.texts {
			if !strings.Contains(strings.ToLower(a.Formatted), strings.ToLower(strings.TrimSpace(text))) {
				return part.name
			}
		}
	}
	return ""
}

func oneLine(a *kyc.Address) string {
	if a.Formatted != "" {
		return a.Formatted
	}
	return strings.Join(nonEmpty(append(slices.Clone(a.Lines), strings.TrimSpace(a.PostalCode+" "+a.City), a.Subdivision)...), ", ")
}

// Fetch reads the decision of a session and normalises it. A decision of a sandbox
// application is an error matching [kyc.ErrInvalid] unless [Config.Sandbox] is set.
func (c *Client) Fetch(ctx context.Context, ref kyc.Ref) (*kyc.Result, error) {
	if err := checkRef(opFetch, ref); err != nil {
		return nil, err
	}
	d, err := c.Sessions.Decision(ctx, ref.Session)
	if err != nil {
		return nil, err
	}
	r := normalise(d, c.http.Settings())
	if r.Test && !c.sandbox {
		return nil, kyc.Invalid(kyc.Didit, opFetch, "the session is one of a sandbox application: set Config.Sandbox, or use the live application's key")
	}
	return r, nil
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
