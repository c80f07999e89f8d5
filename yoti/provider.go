package yoti

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/country"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// DefaultSession is what Start asks for unless Config.Workflows says otherwise:
// one identity document whose text is read, its authenticity, a static liveness
// capture and a match of the two faces, a person looking where automation fails.
func DefaultSession() SessionRequest {
	return SessionRequest{
		ClientSessionTokenTTL: new(int64(900)),
		RequestedChecks: []RequestedCheck{
			{Type: CheckTypeIDDocumentAuthenticity, Config: CheckConfig{ManualCheck: ManualCheckFallback}},
			{Type: CheckTypeLiveness, Config: CheckConfig{LivenessType: LivenessTypeStatic, MaxRetries: new(int64(3)), ManualCheck: ManualCheckNever}},
			{Type: CheckTypeIDDocumentFaceMatch, Config: CheckConfig{ManualCheck: ManualCheckFallback}},
		},
		RequestedTasks: []RequestedTask{
			{Type: TaskTypeIDDocumentTextDataExtraction, Config: TaskConfig{ManualCheck: ManualCheckFallback}},
		},
		RequiredDocuments: []RequiredDocument{{Type: DocumentKindIDDocument}},
	}
}

// Vendor returns [kyc.Yoti].
func (c *Client) Vendor() kyc.Vendor { return kyc.Yoti }

// Start opens a session, which is billable. Workflow names an entry of
// Config.Workflows. The session's URL is for a frame in the caller's page; its
// token is for the vendor's web and mobile clients.
//
// A TTL must be whole seconds, more than 300. Person is honoured by workflows
// with a PROFILE_DOCUMENT_MATCH check or an identity profile: FirstName and
// LastName, with or without MiddleName, or FullName alone, DateOfBirth and
// Address. Consent and Metadata cannot be passed on and are refused: the vendor's
// client asks for consent itself. An error names the field of req that it is
// about.
func (c *Client) Start(ctx context.Context, req kyc.StartRequest) (*kyc.Session, error) {
	const operation = "start"
	if err := req.Validate(kyc.Yoti); err != nil {
		return nil, err
	}
	session, ok := c.workflows[req.Workflow]
	switch {
	case !ok && req.Workflow == "":
		session = DefaultSession()
	case !ok:
		return nil, invalid(operation, "Workflow is not a key of Config.Workflows")
	}
	switch {
	case req.Consent != nil:
		return nil, invalid(operation, "Consent cannot be passed on: Yoti asks for it, unless the workflow sets BlockBiometricConsent")
	case len(req.Metadata) > 0:
		return nil, invalid(operation, "Metadata cannot be passed on: Yoti keeps the Reference only")
	}
	session.UserTrackingID = req.Reference
	for _, apply := range [...]func(*SessionRequest, kyc.StartRequest) *kyc.Error{c.applyClient, c.applyNotices, applyPerson, applyTTL} {
		if err := apply(&session, req); err != nil {
			return nil, err
		}
	}
	// What is left to refuse is the workflow's: a deadline that has passed since, or a comparison with nobody.
	if err := session.validate(c.local()); err != nil {
		return nil, invalid(operation, "Workflow: "+err.Error())
	}
	asked := time.Now()
	created, err := c.Sessions.Create(ctx, session)
	if err != nil {
		return nil, err
	}
	return &kyc.Session{
		Ref: kyc.Ref{Vendor: kyc.Yoti, Session: created.SessionID}, URL: c.Sessions.IframeURL(created), Token: created.ClientSessionToken,
		ExpiresAt: expiresAt(asked, created.ClientSessionTokenTTL), Raw: created.RawJSON(),
	}, nil
}

// applyClient sets where the user returns to and the language. The workflow's own settings are copied, not changed.
func (c *Client) applyClient(s *SessionRequest, req kyc.StartRequest) *kyc.Error {
	if req.RedirectURL == "" && req.Locale == "" {
		return nil
	}
	var config SDKConfig
	if s.SDKConfig != nil {
		config = *s.SDKConfig
	}
	if req.RedirectURL != "" {
		config.SuccessURL, config.ErrorURL = req.RedirectURL, req.RedirectURL
	}
	if req.Locale != "" {
		locale, ok := matchLocale(req.Locale)
		if !ok {
			return invalid("start", "Locale is none that Yoti's client speaks")
		}
		config.Locale = locale
	}
	s.SDKConfig = &config
	return nil
}

// locales are those that the documentation lists.
var locales = []string{
	"en-GB", "ar", "bs", "cs", "da", "de", "el-GR", "en-CA", "en-US", "es", "es-419", "fi", "fr", "hi", "it", "ja", "nb", "nl", "pl", "pt",
	"ro", "ru", "sr", "sv", "th", "tr", "vi",
}

// matchLocale takes the tag itself, else the language without its region, else a region's form of a bare language.
func matchLocale(tag string) (string, bool) {
	language, _, region := strings.Cut(tag, "-")
	for _, want := range [...]string{tag, language} {
		for _, l := range locales {
			if strings.EqualFold(l, want) {
				return l, true
			}
		}
	}
	if region {
		return "", false
	}
	for _, l := range locales {
		if base, _, ok := strings.Cut(l, "-"); ok && strings.EqualFold(base, language) {
			return l, true
		}
	}
	return "", false
}

func (c *Client) applyNotices(s *SessionRequest, req kyc.StartRequest) *kyc.Error {
	if req.NotifyURL == "" {
		return nil
	}
	if u, err := url.Parse(req.NotifyURL); err != nil || u.Scheme != "https" && !c.local() {
		return invalid("start", "NotifyURL is not an https URL")
	}
	if c.notices.Token == "" {
		return invalid("start", "NotifyURL needs Config.NotificationAuth: without it a notice proves nothing")
	}
	n := NotificationConfig{Topics: []Topic{TopicSessionCompletion}}
	if s.Notifications != nil {
		n = *s.Notifications
	}
	n.Endpoint, n.AuthType, n.AuthToken = req.NotifyURL, c.notices.Type, c.notices.Token
	s.Notifications = &n
	return nil
}

func applyPerson(s *SessionRequest, req kyc.StartRequest) *kyc.Error {
	matches := slices.ContainsFunc(s.RequestedChecks, func(c RequestedCheck) bool { return c.Type == CheckTypeProfileDocumentMatch })
	switch {
	case req.Person == nil && matches && (s.Resources == nil || s.Resources.ApplicantProfile == nil):
		return invalid("start", "Person is missing: the workflow compares it with the document")
	case req.Person == nil:
		return nil
	case !matches && s.IdentityProfileRequirements == nil && s.AdvancedIdentityProfileRequirements == nil:
		return invalid("start", "Person needs a workflow with a PROFILE_DOCUMENT_MATCH check or an identity profile")
	}
	p := req.Person
	if p.Gender+p.Nationality+p.PlaceOfBirth+p.PersonalNumber+p.Email+p.Phone != "" {
		return invalid("start", "Person: Gender, Nationality, PlaceOfBirth, PersonalNumber, Email and Phone cannot be passed on")
	}
	profile := ApplicantProfile{
		FullName: p.FullName, FirstName: p.FirstName, MiddleName: p.MiddleName, FamilyName: p.LastName, DateOfBirth: p.DateOfBirth,
	}
	switch parts := p.FirstName + p.MiddleName + p.LastName; {
	case p.FullName == "" && parts == "":
		return invalid("start", "Person has neither FirstName with LastName nor FullName")
	case p.FullName != "" && parts != "":
		return invalid("start", "Person: FullName excludes FirstName, MiddleName and LastName: Yoti takes one of the forms")
	case parts != "" && (p.FirstName == "" || p.LastName == ""):
		return invalid("start", "Person: FirstName, MiddleName and LastName need both FirstName and LastName: pass one name as FullName")
	}
	if p.Address != nil {
		address, fault := postalAddress(p.Address)
		if fault != "" {
			return invalid("start", fault)
		}
		profile.StructuredPostalAddress = address
	}
	// The workflow's own request stays as it is.
	var resources SuppliedResources
	if s.Resources != nil {
		resources = *s.Resources
	}
	resources.ApplicantProfile = &profile
	s.Resources = &resources
	return nil
}

// postalAddress says what is wrong with an address that cannot be passed on.
func postalAddress(a *kyc.Address) (_ *PostalAddress, fault string) {
	out := PostalAddress{TownCity: a.City, State: a.Subdivision, PostalCode: a.PostalCode, FormattedAddress: a.Formatted}
	lines := [...]*string{&out.AddressLine1, &out.AddressLine2, &out.AddressLine3, &out.AddressLine4, &out.AddressLine5, &out.AddressLine6}
	if len(a.Lines) > len(lines) {
		return nil, "Person.Address has more than six Lines"
	}
	for i, line := range a.Lines {
		*lines[i] = line
	}
	if a.Country != "" {
		code, ok := country.Alpha3(a.Country)
		if !ok {
			return nil, "Person.Address.Country is not an ISO 3166-1 country"
		}
		out.CountryISO = code
	}
	return &out, ""
}

func applyTTL(s *SessionRequest, req kyc.StartRequest) *kyc.Error {
	ttl := int64(req.TTL / time.Second)
	switch {
	case req.TTL == 0:
		return nil
	case req.TTL%time.Second != 0:
		return invalid("start", "TTL is not whole seconds")
	case ttl <= minTokenTTL:
		return invalid("start", "TTL is not more than 300 seconds")
	case s.SessionDeadline != "":
		return invalid("start", "TTL cannot be set: the workflow has a SessionDeadline")
	case s.inBranch() && req.TTL < minBranchDeadline:
		return invalid("start", "TTL is less than the seven days that a session in a branch needs")
	}
	s.ClientSessionTokenTTL = &ttl
	return nil
}

// PollSchedule says when [kyc.Wait] looks. The vendor publishes no times and
// sends a notice when a session is completed, so that is the way to be told,
// with [Notifications] and [kyc.WithWake]. Wait looks besides, since there is no
// notice of a session that has expired, and any notice may be lost.
func (c *Client) PollSchedule() kyc.Schedule {
	return kyc.Schedule{At: []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute}, Then: 2 * time.Minute}
}

// Fetch reads a session and normalises it by [Table]; see [ParseResult]. Person
// is nil until [Client.Extract] has downloaded what was read from the documents.
func (c *Client) Fetch(ctx context.Context, ref kyc.Ref) (*kyc.Result, error) {
	if err := own("fetch", ref); err != nil {
		return nil, err
	}
	s, err := c.Sessions.Get(ctx, ref.Session)
	if err != nil {
		return nil, err
	}
	r := normalise(s, c.http.Settings())
	r.Ref = kyc.Ref{Vendor: kyc.Yoti, Session: ref.Session}
	return r, nil
}

// Delete erases the session with all its media, for good. While checks are not
// done the service answers with an error matching [kyc.ErrConflict].
func (c *Client) Delete(ctx context.Context, ref kyc.Ref) error {
	if err := own("delete", ref); err != nil {
		return err
	}
	return c.Sessions.Delete(ctx, ref.Session)
}

func own(operation string, ref kyc.Ref) error {
	switch {
	case ref.Vendor != kyc.Yoti:
		return invalid(operation, "the ref is not one of Yoti")
	case ref.Account != "":
		return invalid(operation, "the ref names an account, which Yoti does not have")
	case ref.Session == "":
		return invalid(operation, "the session id is empty")
	}
	return nil
}
