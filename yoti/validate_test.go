package yoti

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func check(kind CheckType, c CheckConfig) SessionRequest {
	return SessionRequest{RequestedChecks: []RequestedCheck{{Type: kind, Config: c}}}
}

func document(d RequiredDocument) SessionRequest {
	return SessionRequest{RequiredDocuments: []RequiredDocument{d}}
}

func ca(c CheckConfig) SessionRequest {
	if c.Type == "" {
		c.Type = WatchlistAccountTypeWithYotiAccount
	}
	return check(CheckTypeWatchlistAdvancedCA, c)
}

// supplied asks for a comparison of the profile with the document.
func supplied(p ApplicantProfile) SessionRequest {
	r := check(CheckTypeProfileDocumentMatch, CheckConfig{})
	r.Resources = &SuppliedResources{ApplicantProfile: &p}
	return r
}

func notice(n NotificationConfig) SessionRequest {
	if n.Endpoint == "" {
		n.Endpoint = "https://example.com/notices"
	}
	return SessionRequest{Notifications: &n}
}

func in(d time.Duration) kyc.Timestamp {
	return kyc.Timestamp(time.Now().Add(d).UTC().Format(time.RFC3339))
}

func TestContradictionsAreRefused(t *testing.T) {
	branch := &IBVOptions{Support: IBVSupportNotAllowed}
	for name, c := range map[string]struct {
		request SessionRequest
		want    string
	}{
		"ttl 0":                   {SessionRequest{ClientSessionTokenTTL: new(int64(0))}, "300"},
		"ttl 300":                 {SessionRequest{ClientSessionTokenTTL: new(int64(300))}, "300"},
		"ttl negative":            {SessionRequest{ClientSessionTokenTTL: new(int64(-900))}, "300"},
		"ttl and deadline":        {SessionRequest{ClientSessionTokenTTL: new(int64(900)), SessionDeadline: in(time.Hour)}, "exclude"},
		"deadline not a time":     {SessionRequest{SessionDeadline: "tomorrow"}, "RFC 3339"},
		"deadline passed":         {SessionRequest{SessionDeadline: in(-time.Hour)}, "passed"},
		"deadline in a branch":    {SessionRequest{SessionDeadline: in(24 * time.Hour), IBVOptions: &IBVOptions{Support: IBVSupportMandatory}}, "seven days"},
		"resources ttl":           {SessionRequest{ResourcesTTL: new(int64(86399))}, "86400"},
		"import token":            {SessionRequest{ImportToken: &ImportTokenRequest{TTL: new(int64(0))}}, "ImportToken"},
		"check without type":      {check("", CheckConfig{}), "Type is empty"},
		"text check":              {check(CheckTypeIDDocumentTextDataCheck, CheckConfig{}), "cannot be requested"},
		"retries 0":               {check(CheckTypeLiveness, CheckConfig{MaxRetries: new(int64(0))}), "less than 1"},
		"liveness with pool":      {check(CheckTypeLiveness, CheckConfig{PoolID: "p"}), "takes no pool_id"},
		"authenticity, retries":   {check(CheckTypeIDDocumentAuthenticity, CheckConfig{MaxRetries: new(int64(1))}), "takes no max_retries"},
		"comparison, manual":      {check(CheckTypeIDDocumentComparison, CheckConfig{ManualCheck: ManualCheckAlways}), "takes no manual_check"},
		"match without liveness":  {check(CheckTypeIDDocumentFaceMatch, CheckConfig{}), "LIVENESS"},
		"profile match alone":     {check(CheckTypeProfileDocumentMatch, CheckConfig{}), "ApplicantProfile"},
		"profile match, nobody":   {supplied(ApplicantProfile{}), "names nobody"},
		"full name and first":     {supplied(ApplicantProfile{FullName: "A B", FirstName: "A"}), "FullName"},
		"full name and middle":    {supplied(ApplicantProfile{FullName: "A B", MiddleName: "A"}), "FullName"},
		"full name and given":     {supplied(ApplicantProfile{FullName: "A B", GivenNames: "A"}), "FullName"},
		"full name and family":    {supplied(ApplicantProfile{FullName: "A B", FamilyName: "B"}), "FullName"},
		"faces, a person looks":   {check(CheckTypeFaceComparison, CheckConfig{ManualCheck: ManualCheckAlways}), "NEVER"},
		"faces, fallback":         {check(CheckTypeFaceComparison, CheckConfig{ManualCheck: ManualCheckFallback}), "NEVER"},
		"screening, person looks": {check(CheckTypeWatchlistScreening, CheckConfig{ManualCheck: ManualCheckAlways}), "NEVER"},
		"short ttl in a branch":   {SessionRequest{ClientSessionTokenTTL: new(int64(7*86400 - 1)), IBVOptions: &IBVOptions{Support: IBVSupportMandatory}}, "seven days"},
		"match without document": {SessionRequest{
			RequestedChecks:   []RequestedCheck{{Type: CheckTypeLiveness}, {Type: CheckTypeIDDocumentFaceMatch}},
			RequiredDocuments: []RequiredDocument{{Type: DocumentKindSupplementaryDocument, Objective: &Objective{Type: ObjectiveTypeProofOfAddress}}},
		}, "ID_DOCUMENT"},
		"search without pool":     {check(CheckTypeFamiliarFaceSearch, CheckConfig{}), "PoolID"},
		"sub-check not requested": {check(CheckTypeIDDocumentAuthenticity, CheckConfig{IssuingAuthoritySubCheck: &IssuingAuthoritySubCheck{Requested: new(false), Filter: &DocumentFilter{Type: FilterTypeOrthogonalRestrictions}}}), "not requested"},
		"sub-check, bad filter":   {check(CheckTypeIDDocumentAuthenticity, CheckConfig{IssuingAuthoritySubCheck: &IssuingAuthoritySubCheck{Filter: &DocumentFilter{}}}), "Type is empty"},
		"search without type":     {check(CheckTypeWatchlistAdvancedCA, CheckConfig{}), "needs Type"},
		"Yoti account with key":   {ca(CheckConfig{APIKey: "k"}), "WITH_CUSTOM_ACCOUNT"},
		"Yoti account, monitored": {ca(CheckConfig{Monitoring: new(false)}), "WITH_CUSTOM_ACCOUNT"},
		"own account, no key":     {ca(CheckConfig{Type: WatchlistAccountTypeWithCustomAccount}), "APIKey"},
		"list with profile":       {ca(CheckConfig{Sources: &WatchlistSources{Type: SourcesTypeTypeList, SearchProfile: "p"}}), "TYPE_LIST"},
		"profile with list":       {ca(CheckConfig{Sources: &WatchlistSources{Type: SourcesTypeProfile, SearchProfile: "p", Types: []WatchlistSourceType{"pep"}}}), "PROFILE"},
		"profile without name":    {ca(CheckConfig{Sources: &WatchlistSources{Type: SourcesTypeProfile}}), "SearchProfile"},
		"sources without type":    {ca(CheckConfig{Sources: &WatchlistSources{}}), "Sources.Type"},
		"exact with fuzziness":    {ca(CheckConfig{MatchingStrategy: &MatchingStrategy{Type: StrategyTypeExact, Fuzziness: new(0.0)}}), "EXACT"},
		"fuzzy with exact":        {ca(CheckConfig{MatchingStrategy: &MatchingStrategy{Type: StrategyTypeFuzzy, ExactMatch: new(false)}}), "FUZZY"},
		"fuzziness 1.1":           {ca(CheckConfig{MatchingStrategy: &MatchingStrategy{Type: StrategyTypeFuzzy, Fuzziness: new(1.1)}}), "between 0 and 1"},
		"strategy without type":   {ca(CheckConfig{MatchingStrategy: &MatchingStrategy{}}), "MatchingStrategy.Type"},
		"task without type":       {SessionRequest{RequestedTasks: []RequestedTask{{}}}, "Type is empty"},
		"task with chip":          {SessionRequest{RequestedTasks: []RequestedTask{{Type: TaskTypeSupplementaryDocumentTextDataExtraction, Config: TaskConfig{ChipData: ChipDataIgnore}}}}, "ManualCheck only"},
		"document without type":   {document(RequiredDocument{}), "Type is empty"},
		"ID with objective":       {document(RequiredDocument{Type: DocumentKindIDDocument, Objective: &Objective{Type: ObjectiveTypeUKDBS}}), "Filter"},
		"proof with filter":       {document(RequiredDocument{Type: DocumentKindSupplementaryDocument, Filter: &DocumentFilter{}}), "no Filter"},
		"proof without objective": {document(RequiredDocument{Type: DocumentKindSupplementaryDocument}), "Objective"},
		"country of two letters":  {document(RequiredDocument{Type: DocumentKindSupplementaryDocument, Objective: &Objective{Type: ObjectiveTypeProofOfAddress}, CountryCodes: []string{"GB"}}), "alpha-3"},
		"orthogonal, documents":   {document(RequiredDocument{Type: DocumentKindIDDocument, Filter: &DocumentFilter{Type: FilterTypeOrthogonalRestrictions, Inclusion: InclusionWhitelist}}), "ORTHOGONAL"},
		"documents, orthogonal":   {document(RequiredDocument{Type: DocumentKindIDDocument, Filter: &DocumentFilter{Type: FilterTypeDocumentRestrictions, Inclusion: InclusionWhitelist, TypeRestriction: &TypeRestriction{}}}), "DOCUMENT_RESTRICTIONS"},
		"no inclusion":            {document(RequiredDocument{Type: DocumentKindIDDocument, Filter: &DocumentFilter{Type: FilterTypeDocumentRestrictions}}), "Inclusion"},
		"restriction, inclusion":  {document(RequiredDocument{Type: DocumentKindIDDocument, Filter: &DocumentFilter{Type: FilterTypeOrthogonalRestrictions, CountryRestriction: &CountryRestriction{}}}), "Inclusion"},
		"restriction, country":    {document(RequiredDocument{Type: DocumentKindIDDocument, Filter: &DocumentFilter{Type: FilterTypeOrthogonalRestrictions, CountryRestriction: &CountryRestriction{Inclusion: InclusionWhitelist, CountryCodes: []string{"gbr"}}}}), "alpha-3"},
		"combination, country":    {document(RequiredDocument{Type: DocumentKindIDDocument, Filter: &DocumentFilter{Type: FilterTypeDocumentRestrictions, Inclusion: InclusionBlacklist, Documents: []DocumentRestriction{{CountryCodes: []string{"UK"}}}}}), "alpha-3"},
		"relative URL":            {SessionRequest{SDKConfig: &SDKConfig{SuccessURL: "/ok"}}, "SuccessURL"},
		"preset country":          {SessionRequest{SDKConfig: &SDKConfig{PresetIssuingCountry: "UK"}}, "PresetIssuingCountry"},
		"negative attempts":       {SessionRequest{SDKConfig: &SDKConfig{AttemptsConfiguration: map[string]map[string]int64{"X": {"GENERIC": -1}}}}, "negative"},
		"branch without support":  {SessionRequest{IBVOptions: &IBVOptions{}}, "Support"},
		"price without currency":  {SessionRequest{IBVOptions: &IBVOptions{Support: IBVSupportMandatory, UserPrice: &Price{Amount: "1.00"}}}, "Currency"},
		"branch check":            {SessionRequest{IBVOptions: branch, RequestedChecks: []RequestedCheck{{Type: CheckTypeIBVVisualReviewCheck}}}, "branch"},
		"branch task":             {SessionRequest{IBVOptions: branch, RequestedTasks: []RequestedTask{{Type: TaskTypeIDDocumentTextDataExtraction, Config: TaskConfig{ManualCheck: ManualCheckIBV}}}}, "branch"},
		"profile filter":          {SessionRequest{AdvancedIdentityProfileRequirements: &AdvancedProfileRequirements{Profiles: []ProfileRequirement{{Schemes: []ProfileScheme{{Config: &ProfileSchemeConfig{Filter: &DocumentFilter{}}}}}}}}, "Type is empty"},
		"notice over http":        {notice(NotificationConfig{Endpoint: "http://example.com"}), "https"},
		"notice nowhere":          {SessionRequest{Notifications: &NotificationConfig{}}, "Endpoint"},
		"unknown topic":           {notice(NotificationConfig{Topics: []Topic{"SESSION_COMPLETED"}}), "Topics[0]"},
		"type without token":      {notice(NotificationConfig{AuthType: NotificationAuthTypeBearer}), "token"},
		"basic without colon":     {notice(NotificationConfig{AuthType: NotificationAuthTypeBasic, AuthToken: "secret"}), "user:password"},
		"unknown auth":            {notice(NotificationConfig{AuthType: "DIGEST", AuthToken: "secret"}), "neither"},
	} {
		err := c.request.validate(false)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want one that says %q", name, err, c.want)
		}
	}
}

func TestSoundRequestsPass(t *testing.T) {
	for name, r := range map[string]SessionRequest{
		"nothing":         {},
		"default":         DefaultSession(),
		"ttl 301":         {ClientSessionTokenTTL: new(int64(301)), ResourcesTTL: new(int64(86400))},
		"deadline":        {SessionDeadline: in(8 * 24 * time.Hour), IBVOptions: &IBVOptions{Support: IBVSupportMandatory}},
		"ttl in a branch": {ClientSessionTokenTTL: new(int64(7 * 86400)), IBVOptions: &IBVOptions{Support: IBVSupportMandatory}},
		"ttl, no branch":  {ClientSessionTokenTTL: new(int64(900)), IBVOptions: &IBVOptions{Support: IBVSupportNotAllowed}},
		"full name":       supplied(ApplicantProfile{FullName: "A B"}),
		"names":           supplied(ApplicantProfile{FirstName: "A", MiddleName: "M", FamilyName: "B"}),
		"given names":     supplied(ApplicantProfile{GivenNames: "A", FamilyName: "B"}),
		"birth only":      supplied(ApplicantProfile{DateOfBirth: "1988-07-06"}),
		"new member":      supplied(ApplicantProfile{Extra: map[string]json.RawMessage{"name_in_kanji": []byte(`"x"`)}}),
		"faces":           check(CheckTypeFaceComparison, CheckConfig{ManualCheck: ManualCheckNever}),
		"faces, unsaid":   check(CheckTypeFaceComparison, CheckConfig{}),
		"faces, new word": check(CheckTypeFaceComparison, CheckConfig{ManualCheck: "SOMETIMES"}),
		"match, documents left to the checks": {
			RequestedChecks: []RequestedCheck{{Type: CheckTypeLiveness}, {Type: CheckTypeIDDocumentFaceMatch}},
		},
		"match, a new kind of document": {
			RequestedChecks:   []RequestedCheck{{Type: CheckTypeLiveness}, {Type: CheckTypeIDDocumentFaceMatch}},
			RequiredDocuments: []RequiredDocument{{Type: "DIGITAL_DOCUMENT"}},
		},
		"unknown check":    check("PALM_READING", CheckConfig{PoolID: "p", MaxRetries: new(int64(2))}),
		"exact":            ca(CheckConfig{MatchingStrategy: &MatchingStrategy{Type: StrategyTypeExact, ExactMatch: new(false)}}),
		"fuzzy 0":          ca(CheckConfig{MatchingStrategy: &MatchingStrategy{Type: StrategyTypeFuzzy, Fuzziness: new(0.0)}}),
		"unknown strategy": ca(CheckConfig{MatchingStrategy: &MatchingStrategy{Type: "PHONETIC"}}),
		"topic, lower":     notice(NotificationConfig{Topics: []Topic{"session_completion"}, AuthToken: "user:secret"}),
	} {
		if err := r.validate(false); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Topics go out in capitals, and the caller's request stays as it was.
func TestTopicsAreSpelled(t *testing.T) {
	r := notice(NotificationConfig{Topics: []Topic{"session_completion", TopicTaskCompletion}})
	sent := r.normalised().Notifications.Topics
	if sent[0] != TopicSessionCompletion || sent[1] != TopicTaskCompletion || r.Notifications.Topics[0] != "session_completion" {
		t.Errorf("sent %v, kept %v", sent, r.Notifications.Topics)
	}
}

// false and 0 are values: they are sent where they are set, and nothing is where they are not.
func TestZeroValuesAreSent(t *testing.T) {
	r := SessionRequest{
		BlockBiometricConsent: new(false), EphemeralMedia: new(false), CreateIdentityProfilePreview: new(false),
		SDKConfig: &SDKConfig{AllowHandoff: new(false), AttemptsConfiguration: map[string]map[string]int64{"T": {"GENERIC": 0}}},
		RequestedChecks: []RequestedCheck{
			{Type: CheckTypeWatchlistAdvancedCA, Config: CheckConfig{
				Type: WatchlistAccountTypeWithCustomAccount, APIKey: "k", RemoveDeceased: new(false), ShareURL: new(false), Monitoring: new(false),
				MatchingStrategy: &MatchingStrategy{Type: StrategyTypeFuzzy, Fuzziness: new(0.0)},
			}},
			{Type: CheckTypeIDDocumentComparison},
		},
		RequiredDocuments: []RequiredDocument{{Type: DocumentKindIDDocument, Filter: &DocumentFilter{
			Type: FilterTypeOrthogonalRestrictions, AllowExpiredDocuments: new(false), AllowNonLatinDocuments: new(false), AllowDigitalIDs: new(false),
		}}},
	}
	got, err := kyc.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"block_biometric_consent":false`, `"ephemeral_media":false`, `"create_identity_profile_preview":false`, `"allow_handoff":false`, `"GENERIC":0`,
		`"remove_deceased":false`, `"share_url":false`, `"monitoring":false`, `"fuzziness":0`, `{"type":"ID_DOCUMENT_COMPARISON","config":{}}`,
		`"allow_expired_documents":false`, `"allow_non_latin_documents":false`, `"allow_digital_ids":false`, `"api_key":"k"`,
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("%s is not sent", want)
		}
	}
	if empty, err := kyc.Marshal(SessionRequest{}); err != nil || string(empty) != "{}" {
		t.Errorf("an empty request is %s, %v", empty, err)
	}
}
