package didit_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

type operation struct {
	Name, Method, Path, Host, Source, Confidence, State, Why, Go string
	Fake                                                         bool
}

func operations(t *testing.T) []operation {
	t.Helper()
	data, err := os.ReadFile("../testdata/operations/didit.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var ops []operation
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&ops); err != nil {
		t.Fatal(err)
	}
	return ops
}

// TestOperations holds the list of operations against the services' methods and the fake's routes.
func TestOperations(t *testing.T) {
	methods := map[string]bool{}
	for _, service := range []any{
		&didit.SessionsService{}, &didit.MediaService{}, &didit.ChecksService{}, &didit.ListsService{}, &didit.BlocklistService{}, &didit.WorkflowsService{},
		&didit.QuestionnairesService{}, &didit.UsersService{}, &didit.BusinessesService{}, &didit.TransactionsService{}, &didit.WebhooksService{},
		&didit.BillingService{}, &didit.CustomizationService{}, &didit.HealthService{},
	} {
		typ := reflect.TypeOf(service)
		for i := range typ.NumMethod() {
			if name := typ.Method(i).Name; name != "Format" && name != "LogValue" {
				methods["didit."+typ.Elem().Name()+"."+name] = true
			}
		}
	}
	server := didittest.NewServer()
	defer server.Close()
	routes := map[string]bool{}
	for _, r := range server.Routes() {
		_, request, _ := strings.Cut(r, " ")
		routes[placeholders(request)] = true
	}
	seen := map[string]bool{}
	for _, op := range operations(t) {
		if seen[op.Name] {
			t.Errorf("%s stands twice", op.Name)
		}
		seen[op.Name] = true
		if !slices.Contains([]string{"documented", "third-party", "uncertain"}, op.Confidence) || op.Source == "" {
			t.Errorf("%s has no source or confidence", op.Name)
		}
		switch op.State {
		case "done":
			if !methods[op.Go] {
				t.Errorf("%s: no method %s", op.Name, op.Go)
			}
			delete(methods, op.Go)
			request := placeholders(op.Method + " " + op.Path)
			if op.Host == "media" {
				request = "GET /media/{}"
			}
			if !op.Fake || !routes[request] {
				t.Errorf("%s: the fake has no %s", op.Name, request)
			}
		case "planned", "out of scope":
			if op.Why == "" || op.Go != "" || op.Fake {
				t.Errorf("%s is not done and says not why, or says what does it", op.Name)
			}
		default:
			t.Errorf("%s has the state %q", op.Name, op.State)
		}
	}
	for m := range methods {
		t.Errorf("no operation names %s", m)
	}
}

// placeholders makes all names of a path's variables the same.
func placeholders(request string) string {
	parts := strings.Split(request, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, "{") {
			parts[i] = "{}"
		}
	}
	return strings.Join(parts, "/")
}

// TestGoldenRequests shows every operation as it goes out.
func TestGoldenRequests(t *testing.T) {
	ctx := context.Background()
	server := didittest.NewServer(didittest.Seed(7), didittest.Sandbox())
	defer server.Close()
	live := didittest.NewServer(didittest.Seed(8))
	defer live.Close()
	c, liveClient := client(t, server), client(t, live)

	create := didit.SessionRequest{
		VendorData: "onboarding-42", Callback: "https://shop.example/back?a=1&b=2", CallbackMethod: didit.CallbackMethodBoth, Language: didit.LanguagePtBR,
		Metadata: []byte(`{"plan":"premium"}`), ContactDetails: &didit.ContactDetails{Email: "carmen@example.com", Phone: "+34600600600"},
		ExpectedDetails: &didit.ExpectedDetails{FirstName: "Carmen", LastName: "Española", DateOfBirth: "1980-01-01", Gender: didit.GenderF},
	}
	s := must(c.Sessions.Create(ctx, create))(t)
	id := s.SessionID
	check(t, c.Sessions.ArmSandbox(ctx, id, s.SessionToken, didit.SandboxArmRequest{Scenario: "review_aml_possible_match"}))
	must(c.Sessions.SandboxScenarios(ctx))(t)
	server.Complete(id)
	d := must(c.Sessions.Decision(ctx, id, didit.IncludeEvents()))(t)
	must(c.Media.Download(ctx, d.IDVerifications[0].FrontImage, io.Discard))(t)
	for _, err := range c.Sessions.List(ctx, didit.ListOptions{
		Kind: didit.ListAll, PageSize: 20, Statuses: []didit.SessionStatus{didit.StatusInReview, didit.StatusKYCExpired}, VendorData: "onboarding-42",
		From: "2026-01-01", To: "2026-12-31", More: map[string]string{"warning": "POSSIBLE_MATCH_FOUND"},
	}) {
		check(t, err)
	}
	must(c.Sessions.UpdateFeatureStatus(ctx, id, "feature_aml_1", didit.FeatureStatusRequest{NewStatus: didit.FeatureStatusApproved, Comment: "cleared"}))(t)
	must(c.Sessions.UpdateAMLHitStatus(ctx, id, didit.HitReviewRequest{HitID: "hit-1", ReviewStatus: didit.AMLReviewStatusFalsePositive}))(t)
	must(c.Sessions.UpdateAMLHitStatuses(ctx, id, didit.HitReviewsRequest{HitUpdates: []didit.HitUpdate{{HitID: "hit-1", ReviewStatus: didit.AMLReviewStatusInconclusive}}}))(t)
	must(c.Sessions.UpdateIDData(ctx, id, didit.IDData{FirstName: "Carmen", ExtraFields: []byte(`{"height":null}`)}, didit.WithNode("feature_ocr_1")))(t)
	must(c.Sessions.UpdatePOAData(ctx, id, didit.POAData{Issuer: "Aguas del Norte"}))(t)
	must(c.Sessions.AddReview(ctx, id, didit.ReviewRequest{NewStatus: didit.StatusApproved, Comment: "looks fine"}))(t)
	for _, err := range c.Sessions.Reviews(ctx, id) {
		check(t, err)
	}
	must(c.Sessions.UpdateStatus(ctx, id, didit.StatusRequest{NewStatus: didit.StatusApproved, Comment: "by hand"}))(t)
	must(c.Sessions.PDF(ctx, id, io.Discard))(t)
	shared := must(c.Sessions.Share(ctx, id, didit.ShareRequest{ForApplicationID: didittest.PartnerApplication, TTLInSeconds: new(int64(600))}))(t)
	must(c.Sessions.ImportShared(ctx, didit.ImportSharedRequest{ShareToken: shared.ShareToken, TrustReview: true, VendorData: "partner-7"}))(t)
	must(c.Sessions.Resubmit(ctx, id, didit.StatusRequest{
		NodesToResubmit: []didit.NodeToResubmit{{NodeID: "feature_ocr_1", Feature: didit.ResubmitFeatureOCR}}, SendEmail: new(true), EmailAddress: "carmen@example.com", EmailLanguage: "es",
	}))(t)
	must(c.Sessions.Delete(ctx, id, didit.DeleteRequest{DeletionInstruction: didit.DeletionInstructionPrivacyErasure}))(t)
	must(c.Sessions.DeleteMany(ctx, didit.DeleteSessionsRequest{SessionNumbers: []string{"1001"}}))(t)

	b := must(liveClient.Sessions.Create(ctx, didit.SessionRequest{WorkflowID: didittest.BusinessWorkflow, VendorData: "merchant-7"}))(t)
	live.Complete(b.SessionID)
	must(liveClient.Sessions.UpdateCompanyData(ctx, b.SessionID, live.CompanyID(b.SessionID), didit.CompanyData{CompanyName: "ACME LTD", LegalAddress: "2 Example Street"}))(t)
	job := must(liveClient.Sessions.StartImport(ctx, didit.ImportRequest{
		Type: didit.ImportTypeUserVerification, SourceFormat: "csv", File: kyc.FileBytes("users.csv", "text/csv", []byte("vendor_data,status\nuser-1,Approved\n")),
	}))(t)
	must(liveClient.Sessions.Import(ctx, job.UUID))(t)
	must(liveClient.Sessions.ImportErrors(ctx, job.UUID))(t)
	must(liveClient.Sessions.ImportTemplate(ctx, didit.ImportTypeUserVerification, io.Discard))(t)

	for _, op := range operations(t) {
		if family, _, _ := strings.Cut(op.Name, "."); op.State != "done" || family != "Sessions" && family != "Media" {
			continue
		}
		name, index := op.Name, 0
		if name == "Sessions.Resubmit" {
			name, index = "Sessions.UpdateStatus", 1
		}
		got := append(server.Golden(name), live.Golden(name)...)
		if len(got) <= index {
			t.Errorf("%s was not called", op.Name)
			continue
		}
		text := strings.ReplaceAll(strings.ReplaceAll(got[index], server.URL(), "http://api"), live.URL(), "http://api")
		didit.CheckGolden(t, "requests/"+op.Name+".txt", []byte(text))
	}
	clean(t, server)
	clean(t, live)
}
