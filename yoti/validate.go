package yoti

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	// minTokenTTL is exclusive: the documents say "more than".
	minTokenTTL = 300
	// minResourcesTTL is the lower of the two documented minimums, 86400 and 86700: the service is left to refuse what
	// only the other one forbids.
	minResourcesTTL = 24 * 60 * 60
	// minBranchDeadline is the shortest time that a session in a branch needs.
	minBranchDeadline = 7 * 24 * time.Hour
)

// validate refuses what contradicts itself or the documents. Its errors name fields and never repeat values. What only
// the service can know is left to it, and so are kinds and words that this package does not know. local admits notices
// without TLS, for a service on the same machine.
func (r SessionRequest) validate(local bool) error {
	for _, check := range [...]func() error{
		r.validateTimes, r.validateChecks, r.validateTasks, r.validateDocuments, r.validateClient, r.validateBranch, r.validateProfiles, r.validateApplicant,
		func() error { return r.Notifications.validate(local) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (r SessionRequest) validateTimes() error {
	ttl := r.ClientSessionTokenTTL
	switch {
	case ttl != nil && r.SessionDeadline != "":
		return errors.New("ClientSessionTokenTTL and SessionDeadline exclude each other")
	case ttl != nil && *ttl <= minTokenTTL:
		return errors.New("ClientSessionTokenTTL is not more than 300 seconds")
	case ttl != nil && r.inBranch() && *ttl < int64(minBranchDeadline/time.Second):
		return errors.New("ClientSessionTokenTTL is less than the seven days that a session in a branch needs")
	case r.ResourcesTTL != nil && *r.ResourcesTTL < minResourcesTTL:
		return errors.New("ResourcesTTL is less than 86400 seconds")
	case r.ImportToken != nil && r.ImportToken.TTL != nil && *r.ImportToken.TTL <= 0:
		return errors.New("ImportToken.TTL is not positive")
	}
	if r.SessionDeadline == "" {
		return nil
	}
	deadline, err := time.Parse(time.RFC3339, string(r.SessionDeadline))
	switch {
	case err != nil:
		return errors.New("SessionDeadline is not an RFC 3339 time")
	case !deadline.After(time.Now()):
		return errors.New("SessionDeadline has passed")
	case r.inBranch() && time.Until(deadline) < minBranchDeadline:
		return errors.New("SessionDeadline is less than seven days away, which a session in a branch needs")
	}
	return nil
}

// checkSettings are the settings that each known kind of check takes. A kind that is not listed takes any.
var checkSettings = map[CheckType][]string{
	CheckTypeIDDocumentAuthenticity:      {"manual_check", "issuing_authority_sub_check"},
	CheckTypeLiveness:                    {"liveness_type", "max_retries", "manual_check"},
	CheckTypeIDDocumentFaceMatch:         {"manual_check"},
	CheckTypeFaceComparison:              {"manual_check"},
	CheckTypeIDDocumentComparison:        {},
	CheckTypeThirdPartyIdentity:          {},
	CheckTypeWatchlistScreening:          {"categories", "manual_check"},
	CheckTypeWatchlistAdvancedCA:         {"type", "remove_deceased", "share_url", "sources", "matching_strategy", "manual_check", "api_key", "monitoring", "tags", "client_ref"},
	CheckTypeIBVVisualReviewCheck:        {"manual_check"},
	CheckTypeProfileDocumentMatch:        {"manual_check"},
	CheckTypeDocumentSchemeValidityCheck: {"manual_check", "scheme"},
	CheckTypeFamiliarFaceSearch:          {"pool_id", "approval_criteria"},
}

// neverManual are the kinds of check at which no person looks; the documents allow them NEVER only.
var neverManual = []CheckType{CheckTypeFaceComparison, CheckTypeWatchlistScreening}

// customAccountSettings belong to a ComplyAdvantage account of the caller's own.
var customAccountSettings = []string{"api_key", "monitoring", "tags", "client_ref"}

// settings lists the members of c that would be sent.
func (c CheckConfig) settings() []string {
	var set []string
	for _, m := range [...]struct {
		name string
		set  bool
	}{
		{"manual_check", c.ManualCheck != ""}, {"issuing_authority_sub_check", c.IssuingAuthoritySubCheck != nil},
		{"liveness_type", c.LivenessType != ""}, {"max_retries", c.MaxRetries != nil}, {"categories", c.Categories != nil},
		{"type", c.Type != ""}, {"remove_deceased", c.RemoveDeceased != nil}, {"share_url", c.ShareURL != nil},
		{"sources", c.Sources != nil}, {"matching_strategy", c.MatchingStrategy != nil}, {"api_key", c.APIKey != ""},
		{"monitoring", c.Monitoring != nil}, {"tags", c.Tags != nil}, {"client_ref", c.ClientRef != ""}, {"scheme", c.Scheme != ""},
		{"pool_id", c.PoolID != ""}, {"approval_criteria", c.ApprovalCriteria != ""},
	} {
		if m.set {
			set = append(set, m.name)
		}
	}
	return set
}

func (r SessionRequest) validateChecks() error {
	has := make(map[CheckType]bool)
	for i, c := range r.RequestedChecks {
		if err := c.validate(); err != nil {
			return fmt.Errorf("RequestedChecks[%d]: %w", i, err)
		}
		has[c.Type] = true
	}
	switch {
	case has[CheckTypeIDDocumentFaceMatch] && !has[CheckTypeLiveness]:
		return errors.New("an ID_DOCUMENT_FACE_MATCH check needs a LIVENESS check beside it")
	case has[CheckTypeIDDocumentFaceMatch] && r.withoutIDDocument():
		return errors.New("an ID_DOCUMENT_FACE_MATCH check needs an ID_DOCUMENT among RequiredDocuments")
	case has[CheckTypeProfileDocumentMatch] && (r.Resources == nil || r.Resources.ApplicantProfile == nil):
		return errors.New("a PROFILE_DOCUMENT_MATCH check needs Resources.ApplicantProfile")
	case has[CheckTypeProfileDocumentMatch] && r.Resources.ApplicantProfile.empty():
		return errors.New("a PROFILE_DOCUMENT_MATCH check compares with Resources.ApplicantProfile, which names nobody")
	}
	return nil
}

func (c RequestedCheck) validate() error {
	switch c.Type {
	case "":
		return errors.New("Type is empty")
	case CheckTypeIDDocumentTextDataCheck, CheckTypeSupplementaryDocumentTextDataCheck:
		return errors.New("a text data check cannot be requested: the extraction task makes it")
	}
	set := c.Config.settings()
	if allowed, known := checkSettings[c.Type]; known {
		for _, name := range set {
			if !slices.Contains(allowed, name) {
				return errors.New("this kind of check takes no " + name)
			}
		}
	}
	if slices.Contains(neverManual, c.Type) && c.Config.ManualCheck.Known() && c.Config.ManualCheck != ManualCheckNever {
		return errors.New("ManualCheck of this kind of check can only be NEVER")
	}
	if c.Config.MaxRetries != nil && *c.Config.MaxRetries < 1 {
		return errors.New("MaxRetries is less than 1")
	}
	if c.Type == CheckTypeFamiliarFaceSearch && c.Config.PoolID == "" {
		return errors.New("PoolID is empty")
	}
	if sub := c.Config.IssuingAuthoritySubCheck; sub != nil && sub.Filter != nil {
		if sub.Requested != nil && !*sub.Requested {
			return errors.New("IssuingAuthoritySubCheck has a Filter and is not requested")
		}
		if err := sub.Filter.validate(); err != nil {
			return fmt.Errorf("IssuingAuthoritySubCheck.Filter: %w", err)
		}
	}
	if c.Type == CheckTypeWatchlistAdvancedCA {
		return c.Config.validateSearch(set)
	}
	return nil
}

func (c CheckConfig) validateSearch(set []string) error {
	switch c.Type {
	case "":
		return errors.New("an advanced watchlist search needs Type")
	case WatchlistAccountTypeWithYotiAccount:
		for _, name := range customAccountSettings {
			if slices.Contains(set, name) {
				return errors.New(name + " belongs to WITH_CUSTOM_ACCOUNT")
			}
		}
	case WatchlistAccountTypeWithCustomAccount:
		if c.APIKey == "" {
			return errors.New("WITH_CUSTOM_ACCOUNT needs APIKey")
		}
	}
	if s := c.Sources; s != nil {
		switch {
		case s.Type == "":
			return errors.New("Sources.Type is empty")
		case s.Type == SourcesTypeTypeList && s.SearchProfile != "":
			return errors.New("Sources: a TYPE_LIST takes no SearchProfile")
		case s.Type == SourcesTypeProfile && len(s.Types) > 0:
			return errors.New("Sources: a PROFILE takes no Types")
		case s.Type == SourcesTypeProfile && s.SearchProfile == "":
			return errors.New("Sources: a PROFILE needs SearchProfile")
		}
	}
	if m := c.MatchingStrategy; m != nil {
		switch {
		case m.Type == "":
			return errors.New("MatchingStrategy.Type is empty")
		case m.Type == StrategyTypeExact && m.Fuzziness != nil:
			return errors.New("MatchingStrategy: EXACT takes no Fuzziness")
		case m.Type == StrategyTypeFuzzy && m.ExactMatch != nil:
			return errors.New("MatchingStrategy: FUZZY takes no ExactMatch")
		case m.Fuzziness != nil && !(*m.Fuzziness >= 0 && *m.Fuzziness <= 1):
			return errors.New("MatchingStrategy: Fuzziness is not between 0 and 1")
		}
	}
	return nil
}

func (r SessionRequest) validateTasks() error {
	for i, t := range r.RequestedTasks {
		switch {
		case t.Type == "":
			return fmt.Errorf("RequestedTasks[%d]: Type is empty", i)
		case t.Type == TaskTypeSupplementaryDocumentTextDataExtraction && (t.Config.ChipData != "" || t.Config.CreateExpandedDocumentFields != nil):
			return fmt.Errorf("RequestedTasks[%d]: this kind of task takes ManualCheck only", i)
		}
	}
	return nil
}

func (r SessionRequest) validateDocuments() error {
	for i, d := range r.RequiredDocuments {
		if err := d.validate(); err != nil {
			return fmt.Errorf("RequiredDocuments[%d]: %w", i, err)
		}
	}
	return nil
}

func (d RequiredDocument) validate() error {
	switch {
	case d.Type == "":
		return errors.New("Type is empty")
	case d.Type == DocumentKindIDDocument && (d.Objective != nil || d.DocumentTypes != nil || d.CountryCodes != nil):
		return errors.New("an ID_DOCUMENT is narrowed by Filter, not by Objective, DocumentTypes or CountryCodes")
	case d.Type == DocumentKindSupplementaryDocument && d.Filter != nil:
		return errors.New("a SUPPLEMENTARY_DOCUMENT takes no Filter")
	case d.Type == DocumentKindSupplementaryDocument && (d.Objective == nil || d.Objective.Type == ""):
		return errors.New("a SUPPLEMENTARY_DOCUMENT needs Objective")
	case !isAlpha3(d.CountryCodes...):
		return errCountry
	}
	if d.Filter != nil {
		if err := d.Filter.validate(); err != nil {
			return fmt.Errorf("Filter: %w", err)
		}
	}
	return nil
}

func (f DocumentFilter) validate() error {
	switch {
	case f.Type == "":
		return errors.New("Type is empty")
	case f.Type == FilterTypeOrthogonalRestrictions && (f.Inclusion != "" || f.Documents != nil):
		return errors.New("ORTHOGONAL_RESTRICTIONS takes CountryRestriction and TypeRestriction, not Inclusion and Documents")
	case f.Type == FilterTypeDocumentRestrictions && (f.CountryRestriction != nil || f.TypeRestriction != nil):
		return errors.New("DOCUMENT_RESTRICTIONS takes Inclusion and Documents, not CountryRestriction and TypeRestriction")
	case f.Type == FilterTypeDocumentRestrictions && f.Inclusion == "":
		return errors.New("DOCUMENT_RESTRICTIONS needs Inclusion")
	case f.CountryRestriction != nil && f.CountryRestriction.Inclusion == "", f.TypeRestriction != nil && f.TypeRestriction.Inclusion == "":
		return errors.New("a restriction needs Inclusion")
	case f.CountryRestriction != nil && !isAlpha3(f.CountryRestriction.CountryCodes...):
		return errCountry
	}
	for _, d := range f.Documents {
		if !isAlpha3(d.CountryCodes...) {
			return errCountry
		}
	}
	return nil
}

var errCountry = errors.New("a country is not an ISO 3166-1 alpha-3 code, such as GBR")

func isAlpha3(codes ...string) bool {
	for _, c := range codes {
		if len(c) != 3 || strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return false
		}
	}
	return true
}

func (r SessionRequest) validateClient() error {
	c := r.SDKConfig
	if c == nil {
		return nil
	}
	for _, u := range [...]struct{ name, value string }{
		{"SuccessURL", c.SuccessURL}, {"ErrorURL", c.ErrorURL}, {"PrivacyPolicyURL", c.PrivacyPolicyURL},
	} {
		if u.value == "" {
			continue
		}
		if p, err := url.Parse(u.value); err != nil || p.Scheme == "" || p.Host == "" && p.Opaque == "" {
			return errors.New("SDKConfig." + u.name + " is not an absolute URL")
		}
	}
	if c.PresetIssuingCountry != "" && !isAlpha3(c.PresetIssuingCountry) {
		return fmt.Errorf("SDKConfig.PresetIssuingCountry: %w", errCountry)
	}
	for _, attempts := range c.AttemptsConfiguration {
		for _, n := range attempts {
			if n < 0 {
				return errors.New("SDKConfig.AttemptsConfiguration has a negative number of attempts")
			}
		}
	}
	return nil
}

// validate refuses an endpoint without TLS, a topic that is none, and half a credential. Without notices it has nothing to refuse.
func (n *NotificationConfig) validate(local bool) error {
	if n == nil {
		return nil
	}
	u, err := url.Parse(n.Endpoint)
	switch {
	case n.Endpoint == "":
		return errors.New("Notifications.Endpoint is empty")
	case err != nil || u.Host == "" || u.Scheme != "https" && !(local && u.Scheme == "http"):
		return errors.New("Notifications.Endpoint is not an https URL")
	}
	for i, t := range n.Topics {
		if !Topic(strings.ToUpper(string(t))).Known() {
			return fmt.Errorf("Notifications.Topics[%d] is not a topic of the documentation", i)
		}
	}
	if n.AuthType == "" && n.AuthToken == "" {
		return nil
	}
	if err := (NotificationAuth{Type: n.AuthType, Token: n.AuthToken}).validate(false); err != nil {
		return fmt.Errorf("Notifications: %w", err)
	}
	return nil
}
