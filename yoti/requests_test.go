package yoti_test

import (
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// everything is a session with every documented setting.
func everything() yoti.SessionRequest {
	filter := &yoti.DocumentFilter{
		Type:                   yoti.FilterTypeOrthogonalRestrictions,
		CountryRestriction:     &yoti.CountryRestriction{Inclusion: yoti.InclusionWhitelist, CountryCodes: []string{"GBR", "FRA"}},
		TypeRestriction:        &yoti.TypeRestriction{Inclusion: yoti.InclusionBlacklist, DocumentTypes: []yoti.DocumentType{yoti.DocumentTypeStateID}},
		AllowDigitalIDs:        new(false),
		AllowedProviders:       []yoti.DigitalIDProvider{{Name: "DIGILOCKER"}},
		AllowNonLatinDocuments: new(true), AllowExpiredDocuments: new(false),
	}
	combinations := &yoti.DocumentFilter{
		Type: yoti.FilterTypeDocumentRestrictions, Inclusion: yoti.InclusionWhitelist,
		Documents: []yoti.DocumentRestriction{{CountryCodes: []string{"GBR"}, DocumentTypes: []yoti.DocumentType{yoti.DocumentTypePassport}}},
	}
	return yoti.SessionRequest{
		ClientSessionTokenTTL: new(int64(604800)), ResourcesTTL: new(int64(691200)), UserTrackingID: "onboarding-42",
		Notifications: &yoti.NotificationConfig{
			Endpoint: "https://example.com/notices", Topics: []yoti.Topic{yoti.TopicSessionCompletion, "check_completion"},
			AuthType: yoti.NotificationAuthTypeBasic, AuthToken: "user:secret",
		},
		RequestedChecks: []yoti.RequestedCheck{
			{Type: yoti.CheckTypeIDDocumentAuthenticity, Config: yoti.CheckConfig{
				ManualCheck: yoti.ManualCheckFallback, IssuingAuthoritySubCheck: &yoti.IssuingAuthoritySubCheck{Requested: new(true), Filter: combinations},
			}},
			{Type: yoti.CheckTypeLiveness, Config: yoti.CheckConfig{LivenessType: yoti.LivenessTypeZoom, MaxRetries: new(int64(1))}},
			{Type: yoti.CheckTypeIDDocumentFaceMatch, Config: yoti.CheckConfig{ManualCheck: yoti.ManualCheckAlways}},
			{Type: yoti.CheckTypeFaceComparison, Config: yoti.CheckConfig{ManualCheck: yoti.ManualCheckNever}},
			{Type: yoti.CheckTypeIDDocumentComparison},
			{Type: yoti.CheckTypeThirdPartyIdentity},
			{Type: yoti.CheckTypeWatchlistScreening, Config: yoti.CheckConfig{Categories: []yoti.WatchlistCategory{yoti.WatchlistCategoryAdverseMedia, yoti.WatchlistCategorySanctions}}},
			{Type: yoti.CheckTypeWatchlistAdvancedCA, Config: yoti.CheckConfig{
				Type: yoti.WatchlistAccountTypeWithCustomAccount, RemoveDeceased: new(false), ShareURL: new(true), APIKey: "key-of-the-caller", Monitoring: new(false),
				Sources:          &yoti.WatchlistSources{Type: yoti.SourcesTypeProfile, SearchProfile: "profile"},
				MatchingStrategy: &yoti.MatchingStrategy{Type: yoti.StrategyTypeFuzzy, Fuzziness: new(0.0)}, Tags: map[string]string{"team": "onboarding"}, ClientRef: "ref-1",
			}},
			{Type: yoti.CheckTypeProfileDocumentMatch, Config: yoti.CheckConfig{ManualCheck: yoti.ManualCheckNever}},
			{Type: yoti.CheckTypeDocumentSchemeValidityCheck, Config: yoti.CheckConfig{ManualCheck: yoti.ManualCheckIBV, Scheme: yoti.SchemeNameUKDBS}},
			{Type: yoti.CheckTypeIBVVisualReviewCheck, Config: yoti.CheckConfig{ManualCheck: yoti.ManualCheckIBV}},
			{Type: yoti.CheckTypeFamiliarFaceSearch, Config: yoti.CheckConfig{PoolID: "pool-1", ApprovalCriteria: yoti.ApprovalCriteriaNoMatch}},
		},
		RequestedTasks: []yoti.RequestedTask{
			{Type: yoti.TaskTypeIDDocumentTextDataExtraction, Config: yoti.TaskConfig{ManualCheck: yoti.ManualCheckNever, ChipData: yoti.ChipDataDesired, CreateExpandedDocumentFields: new(true)}},
			{Type: yoti.TaskTypeSupplementaryDocumentTextDataExtraction, Config: yoti.TaskConfig{ManualCheck: yoti.ManualCheckAlways}},
		},
		RequiredDocuments: []yoti.RequiredDocument{
			{Type: yoti.DocumentKindIDDocument, Filter: filter},
			{
				Type: yoti.DocumentKindSupplementaryDocument, Objective: &yoti.Objective{Type: yoti.ObjectiveTypeProofOfAddress},
				DocumentTypes: []yoti.DocumentType{yoti.DocumentTypeUtilityBill}, CountryCodes: []string{"GBR"},
			},
		},
		SDKConfig: &yoti.SDKConfig{
			AllowedCaptureMethods: yoti.AllowedCaptureMethodsCameraAndUpload, PrimaryColour: "#2d9fff", PrimaryColourDarkMode: "#36c5f0", SecondaryColour: "#ffffff",
			FontColour: "#ffffff", DarkMode: yoti.DarkModeAuto, Locale: "en-GB", PresetIssuingCountry: "GBR", SuccessURL: "https://example.com/ok",
			ErrorURL: "https://example.com/fail", PrivacyPolicyURL: "https://example.com/privacy", AllowHandoff: new(false), BrandID: "brand",
			AttemptsConfiguration: map[string]map[string]int64{"ID_DOCUMENT_TEXT_DATA_EXTRACTION": {"GENERIC": 2, "RECLASSIFICATION": 0}},
			BiometricConsentFlow:  yoti.ConsentFlowJustInTime, SuppressedScreens: []yoti.SuppressedScreen{yoti.SuppressedScreenFlowCompletion},
		},
		BlockBiometricConsent:       new(false),
		IBVOptions:                  &yoti.IBVOptions{Support: yoti.IBVSupportMandatory, GuidanceURL: "https://example.com/help", UserPrice: &yoti.Price{Amount: "1.20", Currency: yoti.CurrencyGBP}},
		IdentityProfileRequirements: &yoti.ProfileRequirements{TrustFramework: yoti.TrustFrameworkUKTFIDA, Scheme: &yoti.ProfileScheme{Type: yoti.ProfileSchemeTypeDBS, Objective: yoti.ProfileObjectiveStandard}},
		AdvancedIdentityProfileRequirements: &yoti.AdvancedProfileRequirements{Profiles: []yoti.ProfileRequirement{{
			TrustFramework: yoti.TrustFrameworkYotiGlobal,
			Schemes:        []yoti.ProfileScheme{{Type: yoti.ProfileSchemeTypeIdentity, Objective: yoti.ProfileObjectiveAlL1, Label: "onboarding", Config: &yoti.ProfileSchemeConfig{Filter: combinations}}},
		}}},
		CreateIdentityProfilePreview: new(true), Subject: &yoti.Subject{SubjectID: "subject-1"},
		Resources: &yoti.SuppliedResources{ApplicantProfile: &yoti.ApplicantProfile{
			FullName: "Anna Specimen", DateOfBirth: "1988-07-06", StructuredPostalAddress: &yoti.PostalAddress{AddressFormat: new(int64(1)), BuildingNumber: "9", AddressLine1: "9 High Street", TownCity: "Leeds", PostalCode: "LS1 1AA", CountryISO: "GBR"},
		}},
		ImportToken: &yoti.ImportTokenRequest{TTL: new(int64(365 * 24 * 3600))}, EphemeralMedia: new(false), CompanyProfile: &yoti.CompanyProfile{CompanyName: "Example Ltd"},
	}
}

// operation is one line of testdata/operations/yoti.yaml.
type operation struct {
	Name, Method, Path, Host, Source, Confidence, State, Why, Go string
	Fake                                                         bool
}

func operations(t *testing.T) []operation {
	t.Helper()
	data, err := os.ReadFile("../testdata/operations/yoti.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var out []operation
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	dec.KnownFields(true)
	if err := dec.Decode(&out); err != nil {
		t.Fatal(err)
	}
	// What is out of scope has a reason in place of a method.
	return slices.DeleteFunc(out, func(o operation) bool { return o.State == "out of scope" && o.Why != "" && o.Go == "" })
}

// The list of operations, the client's methods and the fake's routes are the same.
func TestOperations(t *testing.T) {
	fake := yotitest.NewServer()
	defer fake.Close()
	routes := map[string]string{}
	for _, o := range fake.Operations() {
		routes[o.Name] = o.Method + " " + o.Path
	}
	delete(routes, "WebClient") // the user's, not the back end's
	methods := map[string]bool{}
	client := reflect.TypeFor[yoti.Client]()
	for i := range client.NumField() {
		f := client.Field(i)
		if !f.IsExported() {
			continue
		}
		for j := range f.Type.NumMethod() {
			if name := f.Type.Method(j).Name; name != "Format" && name != "LogValue" {
				methods[f.Type.Elem().Name()+"."+name] = true
			}
		}
	}
	// These put the operations to use and are none themselves.
	for _, name := range []string{"SessionsService.IframeURL", "MediaService.Get", "MediaService.DocumentFields", "MediaService.ExpandedDocumentFields", "MediaService.IdentityProfileReport"} {
		if !methods[name] {
			t.Errorf("%s is gone", name)
		}
		delete(methods, name)
	}
	braces := regexp.MustCompile(`\{\w+\}`)
	for _, o := range operations(t) {
		if o.State != "done" || o.Source == "" || o.Confidence == "" {
			t.Errorf("%s is not described", o.Name)
		}
		if o.Go != "" {
			name := strings.TrimPrefix(o.Go, "yoti.")
			if !methods[name] {
				t.Errorf("%s names %s, which is no method", o.Name, o.Go)
			}
			delete(methods, name)
		}
		got, want := braces.ReplaceAllString(routes[o.Name], "{}"), o.Method+" "+braces.ReplaceAllString(o.Path, "{}")
		if o.Fake && got != want {
			t.Errorf("%s: the fake has %q, the list %q", o.Name, got, want)
		}
		delete(routes, o.Name)
	}
	if len(methods) > 0 || len(routes) > 0 {
		t.Errorf("not in the list: methods %v, routes %v", methods, routes)
	}
}

// Every operation as it goes out.
func TestGoldenRequests(t *testing.T) {
	fake := yotitest.NewServer(yotitest.Seed(7))
	defer fake.Close()
	client := newClient(t, fake, fake.Config(), kyc.WithUserAgent("golden/1"))
	ctx := t.Context()
	s, m, r := "session-1", "media-1", "resource-1"
	branch := &yoti.Branch{Type: yoti.BranchTypeUKPostOffice, FadCode: "1234567", Location: &yoti.Location{Latitude: new(53.8), Longitude: new(0.0)}}
	calls := map[string]func() error{
		"Sessions.Create":        func() error { _, err := client.Sessions.Create(ctx, everything()); return err },
		"Sessions.Get":           func() error { _, err := client.Sessions.Get(ctx, s); return err },
		"Sessions.Delete":        func() error { return client.Sessions.Delete(ctx, s) },
		"Sessions.Configuration": func() error { _, err := client.Sessions.Configuration(ctx, s); return err },
		"Media.Get":              func() error { _, err := client.Media.Download(ctx, s, m, io.Discard); return err },
		"Media.Delete":           func() error { return client.Media.Delete(ctx, s, m) },
		"SupportedDocuments.Get": func() error {
			_, err := client.SupportedDocuments.Get(ctx, yoti.SupportedDocumentsRequest{IncludeNonLatin: new(true)})
			return err
		},
		"Resources.CreateFaceCapture": func() error {
			_, err := client.Resources.CreateFaceCapture(ctx, s, yoti.FaceCaptureRequest{RequirementID: "requirement-1"})
			return err
		},
		"Resources.UploadFaceCapture": func() error {
			return client.Resources.UploadFaceCapture(ctx, s, r, kyc.FileBytes("anna.png", "", pngImage(t)))
		},
		"Resources.UseApplicant": func() error {
			return client.Resources.UseApplicant(ctx, s, r, yoti.ApplicantReference{ApplicantID: "applicant-1"})
		},
		"Instructions.Put": func() error {
			return client.Instructions.Put(ctx, s, yoti.InstructionsRequest{
				ContactProfile: &yoti.ContactProfileRequest{FirstName: "Anna", LastName: "Specimen", Email: "anna@example.com"},
				Documents:      []yoti.InstructionsDocument{{RequirementID: "q-1", Document: &yoti.ChosenDocument{Type: yoti.DocumentKindSupplementaryDocument, CountryCode: "GBR", DocumentType: yoti.DocumentTypeUtilityBill}}},
				Branch:         branch,
			})
		},
		"Instructions.Get":            func() error { _, err := client.Instructions.Get(ctx, s); return err },
		"Instructions.PDF":            func() error { _, err := client.Instructions.PDF(ctx, s, io.Discard); return err },
		"Instructions.ContactProfile": func() error { _, err := client.Instructions.ContactProfile(ctx, s); return err },
		"Instructions.SendEmail":      func() error { return client.Instructions.SendEmail(ctx, s) },
		"Instructions.PostOffices": func() error {
			_, err := client.Instructions.PostOffices(ctx, yoti.PostOfficeSearch{SearchString: "LS1 1AA"})
			return err
		},
		"Devices.List": func() error {
			for _, err := range client.Devices.List(ctx, s) {
				return err
			}
			return nil
		},
		"Devices.Delete": func() error { return client.Devices.Delete(ctx, s) },
		"Applicants.Create": func() error {
			_, err := client.Applicants.Create(ctx, yoti.ApplicantRequest{Face: &yoti.FaceImage{Data: "aGVsbG8="}})
			return err
		},
		"Applicants.Get":    func() error { _, err := client.Applicants.Get(ctx, "applicant-1"); return err },
		"Applicants.Delete": func() error { return client.Applicants.Delete(ctx, "applicant-1") },
		"Applicants.AddFace": func() error {
			_, err := client.Applicants.AddFace(ctx, "applicant-1", yoti.FaceRequest{Face: yoti.FaceImage{Source: &yoti.FaceSource{SessionID: s, MediaID: m}}})
			return err
		},
		"Applicants.Face":       func() error { _, err := client.Applicants.Face(ctx, "applicant-1", "face-1"); return err },
		"Applicants.DeleteFace": func() error { return client.Applicants.DeleteFace(ctx, "applicant-1", "face-1") },
		"Pools.Create":          func() error { _, err := client.Pools.Create(ctx, yoti.PoolRequest{Label: "staff"}); return err },
		"Pools.Delete":          func() error { return client.Pools.Delete(ctx, "pool-1") },
		"Pools.AddApplicant": func() error {
			return client.Pools.AddApplicant(ctx, "pool-1", yoti.ApplicantReference{ApplicantID: "applicant-1"})
		},
		"Pools.RemoveApplicant": func() error { return client.Pools.RemoveApplicant(ctx, "pool-1", "applicant-1") },
		"Sandbox.Configure":     func() error { return client.Sandbox.Configure(ctx, s, tampered()) },
		"Sandbox.ConfigureApplication": func() error {
			return client.Sandbox.ConfigureApplication(ctx, tampered())
		},
		"Sandbox.RunAgent": func() error {
			return client.Sandbox.RunAgent(ctx, yoti.AgentRequest{SessionID: s, ClientSessionToken: "token", Resources: &yoti.AgentResources{
				IDDocuments: []yoti.AgentDocument{{IssuingCountry: "GBR", DocumentType: yoti.DocumentTypePassport, CaptureMethod: yoti.CaptureMethodCamera}},
			}})
		},
		"Token": func() error {
			_, err := newClient(t, fake, fake.BearerConfig(), kyc.WithUserAgent("golden/1")).SupportedDocuments.Get(ctx, yoti.SupportedDocumentsRequest{})
			return err
		},
	}
	for _, o := range operations(t) {
		call := calls[o.Name]
		if call == nil {
			t.Errorf("%s has no golden request", o.Name)
			continue
		}
		// Most ids are unknown to the fake; what counts is what was sent.
		if err := call(); err != nil && o.Name == "Sessions.Create" {
			t.Error(err)
		}
		sent := fake.RequestsOf(o.Name)
		if len(sent) == 0 {
			t.Errorf("%s was not sent", o.Name)
			continue
		}
		golden(t, "requests/"+o.Name+".txt", stable(o.Name, sent[0].Golden()))
	}
	for _, p := range fake.Problems() {
		// The singular spelling of the applicants' path is asked where the plural one is not found.
		if !strings.Contains(p, "): route: ") {
			t.Errorf("the fake refused: %s", p)
		}
	}
}

func tampered() yoti.ResponseConfig {
	return yoti.ResponseConfig{
		TaskResults: &yoti.SandboxTaskResults{IDDocumentTextDataExtraction: []yoti.SandboxTask{{
			Result:         &yoti.SandboxTaskResult{DocumentFields: []byte(`{"full_name":"SANDRA BOX"}`), DetectedCountry: "GBR", DetectedDocumentType: yoti.DocumentTypePassport},
			DocumentFilter: &yoti.SandboxDocumentFilter{DocumentTypes: []yoti.DocumentType{yoti.DocumentTypePassport}, CountryCodes: []string{"GBR"}}, ResponseDelay: new(int64(0)),
		}}},
		CheckReports: &yoti.SandboxCheckReports{
			IDDocumentAuthenticity: []yoti.SandboxCheck{{Result: &yoti.SandboxCheckResult{ReportTemplate: yoti.ReportTemplateTampered}}},
			Liveness: []yoti.SandboxCheck{{LivenessType: yoti.LivenessTypeZoom, Result: &yoti.SandboxCheckResult{Report: &yoti.Report{
				Recommendation: &yoti.Recommendation{Value: yoti.RecommendationValueApprove}, Breakdown: []yoti.Breakdown{{SubCheck: "liveness_auth", Result: yoti.SubCheckResultPass, Details: []yoti.Detail{}}},
			}}}},
			WatchlistScreening: &yoti.SandboxCheck{Result: &yoti.SandboxCheckResult{ReportTemplate: yoti.ReportTemplateSuccess}}, AsyncReportDelay: new(int64(0)),
		},
	}
}

var tokenLength = regexp.MustCompile(`Content-Length: \d+`)

// stable takes out what differs from run to run: the length of a token request, which holds the fake's port.
func stable(operation, text string) string {
	if operation == "Token" {
		return tokenLength.ReplaceAllString(text, "Content-Length: [varies]")
	}
	return text
}
