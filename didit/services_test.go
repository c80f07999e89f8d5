package didit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestBusiness(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer(didittest.Outcome(didit.StatusDeclined, "KYB_COMPANY_NOT_ACTIVE", "KYB_DOCUMENT_NAME_MISMATCH"))
	defer server.Close()
	c := client(t, server)
	s := must(c.Sessions.Create(ctx, didit.SessionRequest{WorkflowID: didittest.BusinessWorkflow, VendorData: "merchant-7"}))(t)
	server.Complete(s.SessionID)
	d := must(c.Sessions.Decision(ctx, s.SessionID, didit.IncludeEvents()))(t)
	if !d.Business() {
		t.Error("the kind is lost: events apply to persons only")
	}
	r := must(c.Fetch(ctx, s.Ref()))(t)
	if r.Decision != kyc.Declined || r.Person != nil || r.Company == nil || r.Company.Country != "GBR" || len(r.Parties) != 2 || *r.Parties[0].OwnershipMax != 75 || r.Parties[1].Roles[0] != "director" {
		t.Errorf("result %v", r)
	}
	if got := len(r.Reasons()); got != 2 {
		t.Errorf("%d reasons", got)
	}
	company := must(c.Sessions.UpdateCompanyData(ctx, s.SessionID, server.CompanyID(s.SessionID), didit.CompanyData{CompanyName: "ACME LTD", LegalAddress: "2 Example Street"}))(t)
	if company.CompanyName != "ACME LTD" || company.RegisteredAddress != "2 Example Street" {
		t.Errorf("company %v", company)
	}
	if r := must(c.Fetch(ctx, s.Ref()))(t); r.Company.Name != "ACME LTD" {
		t.Error("the correction does not stay")
	}
	_, err := c.Sessions.AddReview(ctx, s.SessionID, didit.ReviewRequest{})
	if !errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("a note on a company's session: %v", err)
	}
	var report bytes.Buffer
	must(c.Sessions.PDF(ctx, s.SessionID, &report))(t)
	if !strings.HasPrefix(report.String(), "%PDF-") {
		t.Error("no report")
	}
	clean(t, server)
}

// What is no report does not reach the writer, and the error tells where to look for it.
func TestReportThatIsNone(t *testing.T) {
	server := didittest.NewServer(didittest.Answer("Sessions.PDF", 1, 200, "text/html", "<title>Down</title>"))
	defer server.Close()
	c := client(t, server)
	s := must(c.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: "u"}))(t)
	var report bytes.Buffer
	_, err := c.Sessions.PDF(t.Context(), s.SessionID, &report)
	var e *kyc.Error
	if !errors.Is(err, kyc.ErrMalformed) || !errors.As(err, &e) || e.StatusCode != 200 || e.Attempts != 1 || report.Len() != 0 {
		t.Errorf("%#v, %d bytes written", e, report.Len())
	}
}

func TestCorrections(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	s := must(c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "u"}))(t)
	if _, err := c.Sessions.UpdateIDData(ctx, s.SessionID, didit.IDData{FirstName: "X"}); !errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("a correction before the decision: %v", err)
	}
	if _, err := c.Sessions.PDF(ctx, s.SessionID, io.Discard); !errors.Is(err, didit.ErrSessionState) || !errors.Is(err, kyc.ErrConflict) {
		t.Errorf("a report before the decision: %v", err)
	}
	if _, err := c.Sessions.UpdateStatus(ctx, s.SessionID, didit.StatusRequest{NewStatus: didit.StatusApproved}); !errors.Is(err, didit.ErrSessionState) || !errors.Is(err, kyc.ErrConflict) {
		t.Errorf("a manual decision before the decision: %v", err)
	}
	server.Complete(s.SessionID)
	record := must(c.Sessions.UpdatePOAData(ctx, s.SessionID, didit.POAData{Issuer: "Aguas", Extra: map[string]json.RawMessage{"document_phone_number": []byte(`"+34"`)}}))(t)
	if record.Issuer != "Aguas" || string(record.Extra["document_phone_number"]) != `"+34"` {
		t.Errorf("record %v", record)
	}
	f := must(c.Sessions.UpdateFeatureStatus(ctx, s.SessionID, didit.DefaultNode, didit.FeatureStatusRequest{NewStatus: didit.FeatureStatusDeclined}))(t)
	r := must(c.Fetch(ctx, s.Ref()))(t)
	if f.FeatureType != "KYC" || r.Decision != kyc.Approved || r.Checks[0].Decision != kyc.Declined {
		t.Errorf("feature %v, result %v", f, r)
	}
	must(c.Sessions.Resubmit(ctx, s.SessionID, didit.StatusRequest{Comment: "blurred", NodesToResubmit: []didit.NodeToResubmit{{NodeID: "feature_ocr_1", Feature: didit.ResubmitFeatureOCR}}}))(t)
	if r := must(c.Fetch(ctx, s.Ref()))(t); r.Decision != kyc.InputRequired {
		t.Errorf("after the resubmission: %v", r)
	}
	for i := range 3 {
		must(c.Sessions.AddReview(ctx, s.SessionID, didit.ReviewRequest{Comment: fmt.Sprint("note ", i)}))(t)
	}
	var notes []string
	for n, err := range c.Sessions.Reviews(ctx, s.SessionID) {
		check(t, err)
		notes = append(notes, n.Comment)
	}
	if fmt.Sprint(notes) != "[note 2 note 1 note 0]" {
		t.Errorf("notes %v", notes)
	}
	clean(t, server)
}

func TestShareAndImport(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	s := must(c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "u"}))(t)
	if _, err := c.Sessions.Share(ctx, s.SessionID, didit.ShareRequest{ForApplicationID: didittest.PartnerApplication}); !errors.Is(err, didit.ErrSessionState) || !errors.Is(err, kyc.ErrConflict) {
		t.Errorf("an open session is shared: %v", err)
	}
	server.Complete(s.SessionID)
	share := must(c.Sessions.Share(ctx, s.SessionID, didit.ShareRequest{ForApplicationID: didittest.PartnerApplication}))(t)
	d := must(c.Sessions.ImportShared(ctx, didit.ImportSharedRequest{ShareToken: share.ShareToken, VendorData: "p"}))(t)
	if d.Status != didit.StatusInReview || d.SessionID == s.SessionID || d.VendorData != "p" {
		t.Errorf("imported without trust: %v", d)
	}
	_, err := c.Sessions.ImportShared(ctx, didit.ImportSharedRequest{ShareToken: share.ShareToken, TrustReview: true})
	if !errors.Is(err, didit.ErrAlreadyImported) || !errors.Is(err, kyc.ErrConflict) {
		t.Errorf("a second import: %v", err)
	}
	// Some servers answer the older shape.
	server.Script(didittest.Answer("Sessions.ImportShared", 1, 201, "application/json", string(didit.Fixture(t, "decision-legacy-shared.json"))))
	old := must(c.Sessions.ImportShared(ctx, didit.ImportSharedRequest{ShareToken: "t"}))(t)
	if old.Status != didit.StatusApproved || old.Extra["id_verification"] == nil || len(old.Mismatches()) > 0 {
		t.Errorf("the older shape: %v", old)
	}
	clean(t, server)
}

func TestImports(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	req := didit.ImportRequest{Type: didit.ImportTypeBusinessVerification, SourceFormat: "ndjson", SourceFileURL: "https://files.example/f?sig=1"}
	job := must(c.Sessions.StartImport(ctx, req))(t)
	if _, err := c.Sessions.StartImport(ctx, req, kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1})); !errors.Is(err, kyc.ErrRateLimited) {
		t.Errorf("a second import at once: %v", err)
	}
	for job.Status != didit.ImportStatusCompleted {
		job = must(c.Sessions.Import(ctx, job.UUID))(t)
	}
	if raw := must(c.Sessions.ImportErrors(ctx, job.UUID))(t); !strings.Contains(string(raw), `"count":0`) {
		t.Errorf("errors %s", raw)
	}
	var template bytes.Buffer
	if m := must(c.Sessions.ImportTemplate(ctx, "", &template))(t); m.ContentType != "text/csv" || template.Len() == 0 {
		t.Errorf("template %q", template.String())
	}
	if _, err := c.Sessions.Import(ctx, "a/../b"); !errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("an odd id: %v", err)
	}
}

func TestSandbox(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer(didittest.Sandbox())
	defer server.Close()
	c := client(t, server)
	for scenario, want := range map[string]kyc.Decision{
		"approve": kyc.Approved, "decline_document_expired": kyc.Declined, "review_aml_possible_match": kyc.Review,
	} {
		s := must(c.Sessions.Create(ctx, didit.SessionRequest{VendorData: scenario}))(t)
		check(t, c.Sessions.ArmSandbox(ctx, s.SessionID, s.SessionToken, didit.SandboxArmRequest{Scenario: scenario}))
		server.Complete(s.SessionID)
		if r := must(c.Fetch(ctx, s.Ref()))(t); r.Decision != want {
			t.Errorf("%s gives %v", scenario, r.Decision)
		}
		if err := c.Sessions.ArmSandbox(ctx, s.SessionID, s.SessionToken, didit.SandboxArmRequest{Scenario: scenario}); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("armed too late: %v", err)
		}
		d := must(c.Sessions.Decision(ctx, s.SessionID))(t)
		if d.Environment != didit.EnvironmentSandbox {
			t.Errorf("environment %q", d.Environment)
		}
	}
	clean(t, server)
	_, err := c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "x", SandboxScenario: "dream"})
	if got := didit.FieldErrors(err); len(got) != 1 || got[0].Field != "sandbox_scenario" {
		t.Errorf("an unknown scenario: %v", err)
	}
}

func TestStart(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	person := &kyc.Person{
		FirstName: "Carmen", MiddleName: "M", LastName: "Española", DateOfBirth: "1980-01-01", Gender: "female", Nationality: "ESP", PersonalNumber: "99999999R",
		Email: "carmen@example.com", Phone: "+34600600600", Address: &kyc.Address{Lines: []string{"Avda de Madrid 34"}, City: "Madrid", PostalCode: "28822", Country: "ESP"},
	}
	s := must(c.Start(ctx, kyc.StartRequest{Reference: "r-1", RedirectURL: "https://shop.example/back", Locale: "es-MX", Person: person, Metadata: map[string]string{"plan": "premium"}}))(t)
	if s.URL == "" || s.Token == "" || s.Ref.Vendor != kyc.Didit || s.Raw == nil {
		t.Errorf("session %v", s)
	}
	didit.CheckGolden(t, "requests/Start.txt", []byte(server.Golden("Sessions.Create")[0]))
	for locale, want := range map[string]string{"pt-BR": `"pt-BR"`, "PT_br": `"pt-BR"`, "zh-Hant": `"zh"`, "de": `"de"`} {
		must(c.Start(ctx, kyc.StartRequest{Reference: "l-" + locale, Locale: locale}))(t)
		requests := server.Golden("Sessions.Create")
		if last := requests[len(requests)-1]; !strings.Contains(last, `"language": `+want) {
			t.Errorf("%s asks for %s", locale, last)
		}
	}
	for name, req := range map[string]kyc.StartRequest{
		"no reference": {}, "notify": {Reference: "r", NotifyURL: "https://x.example"}, "ttl": {Reference: "r", TTL: time.Hour},
		"consent": {Reference: "r", Consent: &kyc.Consent{}}, "locale": {Reference: "r", Locale: "xx"},
		"gender": {Reference: "r", Person: &kyc.Person{Gender: "X"}}, "full name": {Reference: "r", Person: &kyc.Person{FullName: "A B"}},
		"place": {Reference: "r", Person: &kyc.Person{PlaceOfBirth: "Madrid"}}, "address": {Reference: "r", Person: &kyc.Person{Address: &kyc.Address{City: "Madrid"}}},
	} {
		if _, err := c.Start(ctx, req); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	clean(t, server)
}

func TestPortrait(t *testing.T) {
	p := must(didit.Portrait(kyc.FileBytes("p.jpg", "image/jpeg", []byte("\xff\xd8\xff"))))(t)
	if p.Reveal() != "/9j/" {
		t.Errorf("portrait %q", p.Reveal())
	}
	for name, f := range map[string]kyc.File{"none": {}, "empty": kyc.FileBytes("p", "", nil), "unknown length": kyc.FileReader("p", "", bytes.NewReader(make([]byte, 3<<20)), -1)} {
		if _, err := didit.Portrait(f); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
