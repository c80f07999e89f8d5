package jumio_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ID and selfie through the API channel, to the decision and back to nothing.
func TestJourneyAPIChannel(t *testing.T) {
	ctx := t.Context()
	server, client := start(t, jumiotest.RequireConsent())
	account := must[*jumio.Account](t)(client.Accounts.Create(ctx, request()))
	ref := account.Ref()
	if s := must[*jumio.WorkflowStatus](t)(client.Workflows.Status(ctx, ref)); s.WorkflowExecution.Status != jumio.StatusInitiated {
		t.Errorf("status %s before the journey", s.WorkflowExecution.Status)
	}
	if r := must[*kyc.Result](t)(client.Fetch(ctx, ref)); r.Decision != kyc.Pending {
		t.Errorf("%v before the journey", r.Decision)
	}
	deliver(ctx, t, client, account)
	result := must[*kyc.Result](t)(client.Fetch(ctx, ref))
	if result.Decision != kyc.Approved || result.Reference != "onboarding-42" || result.Person.LastName != "ERIKSSON" || result.Document.Number == "" {
		t.Errorf("decision %v, reference %s", result.Decision, result.Reference)
	}
	details := must[*jumio.Details](t)(client.Workflows.Details(ctx, ref))
	for _, credential := range details.Credentials {
		for _, part := range credential.Parts {
			var b bytes.Buffer
			got := must[*jumio.Download](t)(client.Credentials.Download(ctx, ref.Account, credential.ID, part.Classifier, &b))
			if got.ContentType != "image/png" || got.Size != int64(b.Len()) || !bytes.Equal(b.Bytes(), recorded(t)) {
				t.Errorf("%s: %s, %d bytes", part.Classifier, got.ContentType, got.Size)
			}
			b.Reset()
			must[*jumio.Download](t)(client.Credentials.DownloadHref(ctx, part.Href, &b))
			if !bytes.Equal(b.Bytes(), recorded(t)) {
				t.Errorf("%s through its href: %d bytes", part.Classifier, b.Len())
			}
		}
	}
	if err := client.Delete(ctx, ref); err != nil {
		t.Fatal(err)
	}
	wiped := must[*jumio.Details](t)(client.Workflows.Details(ctx, ref))
	if wiped.WipedOutAt == "" || wiped.Result().Decision != kyc.Approved || wiped.Result().Person != nil {
		t.Error("the decision should stay and the person should go")
	}
	if err := client.Accounts.Delete(ctx, ref.Account); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Accounts.Update(ctx, ref.Account, request()); !errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("update of a deleted account: %v", err)
	}
	noProblems(t, server)
}

// onboard brings an account with a facemap about, in the web client.
func onboard(ctx context.Context, t *testing.T, server *jumiotest.Server, client *jumio.Client) kyc.Ref {
	t.Helper()
	account := must[*jumio.Account](t)(client.Accounts.Create(ctx, request()))
	if !server.CompleteJourney(account.Ref()) {
		t.Fatal("the journey was not open")
	}
	return account.Ref()
}

// Authentication: workflow 10014 on an account that has a facemap.
func TestJourneyAuthentication(t *testing.T) {
	ctx := t.Context()
	server, client := start(t)
	req := jumio.AccountRequest{CustomerInternalReference: "login-1", Workflow: jumio.Workflow{Key: jumio.WorkflowAuthentication}}
	if _, err := client.Accounts.Create(ctx, req); !errors.Is(err, kyc.ErrInvalid) || server.Count("Accounts.Create") != 0 {
		t.Errorf("a create with 10014 must be refused here: %v", err)
	}
	onboarded := onboard(ctx, t, server, client)
	account := must[*jumio.Account](t)(client.Accounts.Update(ctx, onboarded.Account, req))
	if len(account.Credentials(jumio.ChannelAPI)) != 0 || len(account.Credentials(jumio.ChannelWeb)) != 2 || account.Ref().Account != onboarded.Account {
		t.Error("10014 offers a facemap and a selfie to web client and mobile SDK only")
	}
	if _, err := client.Workflows.Finalize(ctx, account); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("there is no API channel to finalize: %v", err)
	}
	server.CompleteJourney(account.Ref())
	details := must[*jumio.Details](t)(client.Workflows.Details(ctx, account.Ref()))
	if details.Capabilities.Authentication[0].Decision.Type != jumio.DecisionPassed || details.Result().Decision != kyc.Approved {
		t.Error("not authenticated")
	}
	steps := must[*jumio.Steps](t)(client.Workflows.Steps(ctx, account.Ref()))
	if steps.Steps[0].Name != jumio.StepNameAuthentication {
		t.Errorf("step %s", steps.Steps[0].Name)
	}
	noProblems(t, server)
}

// Authentication on-premises: workflow 10071 with a facemap that the caller kept.
func TestJourneyAuthenticationOnPremises(t *testing.T) {
	ctx := t.Context()
	server, client := start(t, jumiotest.FacemapDownload())
	onboarded := onboard(ctx, t, server, client)
	details := must[*jumio.Details](t)(client.Workflows.Details(ctx, onboarded))
	var facemap bytes.Buffer
	must[*jumio.Download](t)(client.Credentials.DownloadHref(ctx, details.Capabilities.Liveness[0].ValidFaceMapForAuthentication, &facemap))

	req := jumio.AccountRequest{CustomerInternalReference: "login-2", Workflow: jumio.Workflow{Key: jumio.WorkflowAuthenticationOnPremises}}
	for _, uploaded := range []bool{true, false} {
		account := must[*jumio.Account](t)(client.Accounts.Update(ctx, onboarded.Account, req))
		credentials := account.Credentials(jumio.ChannelAPI)
		if len(credentials) != 1 || credentials[0].Category != jumio.CategoryFacemap {
			t.Fatalf("%d credentials for the API channel", len(credentials))
		}
		want := kyc.Declined
		if uploaded {
			want = kyc.Approved
			file := kyc.FileBytes("facemap.bin", "", facemap.Bytes())
			must[*jumio.Upload](t)(client.Credentials.Upload(ctx, credentials[0], jumio.PartFacemap, file))
		}
		// Not finalized: the person's own journey does that.
		server.CompleteJourney(account.Ref())
		if r := must[*kyc.Result](t)(client.Fetch(ctx, account.Ref())); r.Decision != want {
			t.Errorf("facemap uploaded: %v; decision %v", uploaded, r.Decision)
		}
	}
	noProblems(t, server)
}

func TestFinalizeTooEarly(t *testing.T) {
	ctx := t.Context()
	_, client := start(t)
	account := must[*jumio.Account](t)(client.Accounts.Create(ctx, request()))
	must[*jumio.Finalized](t)(client.Workflows.Finalize(ctx, account))
	details := must[*jumio.Details](t)(client.Workflows.Details(ctx, account.Ref()))
	if details.Capabilities.Extraction[0].Decision.Details.Label != jumio.LabelPreconditionNotFulfilled || details.Result().Decision != kyc.Failed {
		t.Errorf("%v", details.Result())
	}
}

func TestPreparedDataAndDocuments(t *testing.T) {
	ctx := t.Context()
	server, client := start(t, jumiotest.PagedDocuments())
	req := request()
	req.Workflow.Key = jumio.WorkflowDocumentProof
	req.Workflow.Credentials = []jumio.CredentialPreset{{Category: jumio.CategoryDocument}}
	if _, err := client.Accounts.Create(ctx, req); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("a document without country and type: %v", err)
	}
	req.Workflow.Credentials[0].Country = &jumio.Preset{PredefinedType: jumio.PredefinedTypeDefined, Values: []string{"USA"}}
	req.Workflow.Credentials[0].Type = &jumio.Preset{PredefinedType: jumio.PredefinedTypeDefined, Values: []string{"BS"}}
	account := must[*jumio.Account](t)(client.Accounts.Create(ctx, req))
	for _, credential := range account.Credentials(jumio.ChannelAPI) {
		switch credential.Category {
		case jumio.CategoryData:
			data := jumio.PreparedData{FirstName: "Anna", LastName: "Example", Address: &jumio.PreparedAddress{Country: "USA"}}
			upload := must[*jumio.Upload](t)(client.Credentials.UploadPreparedData(ctx, credential, data))
			if len(upload.API.Parts) != 0 {
				t.Error("prepared data leaves no parts")
			}
		case jumio.CategoryDocument:
			pdf := kyc.FileBytes("statement.pdf", "application/pdf", []byte("%PDF-1.4\n%%EOF\n"))
			if _, err := client.Credentials.Upload(ctx, credential, jumio.PartDocument, pdf); !errors.Is(err, kyc.ErrInvalid) {
				t.Errorf("two pages in one: %v", err)
			}
			if _, err := client.Credentials.UploadPage(ctx, credential, jumio.PartDocument, "9", pdf); !errors.Is(err, kyc.ErrInvalid) {
				t.Errorf("a page that is not offered: %v", err)
			}
			for _, page := range credential.Pages(jumio.PartDocument) {
				must[*jumio.Upload](t)(client.Credentials.UploadPage(ctx, credential, jumio.PartDocument, page, pdf))
			}
		}
	}
	must[*jumio.Finalized](t)(client.Workflows.Finalize(ctx, account))
	result := must[*kyc.Result](t)(client.Fetch(ctx, account.Ref()))
	if result.Decision != kyc.Approved || result.Document.VendorType != "BS" || result.Person.Address == nil {
		t.Errorf("%v %v", result, result.Document)
	}
	noProblems(t, server)
}

// The hosted journey by way of the shared interface, with the notice that wakes and the redirect that proves nothing.
func TestJourneyProvider(t *testing.T) {
	ctx := t.Context()
	server, client := start(t)
	events := make(chan kyc.Event, 1)
	listener := httptest.NewServer(kyc.Handler(jumio.Callbacks(), func(_ context.Context, e kyc.Event) error {
		events <- e
		return nil
	}))
	defer listener.Close()
	session := must[*kyc.Session](t)(client.Start(ctx, kyc.StartRequest{
		Reference: "onboarding-43", RedirectURL: "https://portal.example.com/back?x=1", NotifyURL: listener.URL, Locale: "de", TTL: time.Hour,
		Consent: &kyc.Consent{Obtained: true, ObtainedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), IP: "192.0.2.1", Country: "us", State: "CA"},
	}))
	if session.URL == "" || session.Token == "" || session.ExpiresAt.IsZero() {
		t.Fatalf("incomplete session: %v", session)
	}
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	page := must[*http.Response](t)(browser.Get(session.URL.Reveal()))
	_ = page.Body.Close()
	back := must[*url.URL](t)(page.Location())
	redirect := must[jumio.Redirect](t)(jumio.ParseRedirect(back.Query()))
	if redirect.Ref != session.Ref || redirect.Status != jumio.AcquisitionSuccess || back.Query().Get("x") != "1" {
		t.Errorf("redirect %v", redirect)
	}
	event := <-events
	if event.Ref != session.Ref || event.Assurance != kyc.AssuranceNone || event.Status != "PROCESSED" {
		t.Errorf("event %v", event)
	}
	result := must[*kyc.Result](t)(client.Fetch(ctx, event.Ref))
	if result.Decision != kyc.Approved {
		t.Errorf("%v", result)
	}
	server.WaitCallbacks()
	if accepted, failed := server.Callbacks(); accepted != 1 || failed != 0 {
		t.Errorf("%d notices accepted, %d failed", accepted, failed)
	}
	noProblems(t, server)
}

func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		name   string
		opts   []jumiotest.Option
		want   kyc.Decision
		reason string
	}{
		{"passed", nil, kyc.Approved, ""},
		{"warning", []jumiotest.Option{jumiotest.Outcome(jumio.DecisionWarning)}, kyc.Review, "REPEATED_FACE"},
		{"rejected", []jumiotest.Option{jumiotest.Outcome(jumio.DecisionRejected)}, kyc.Declined, "MANIPULATED_DOCUMENT"},
		{"rejected elsewhere", []jumiotest.Option{jumiotest.Outcome(jumio.DecisionRejected, jumio.LabelNoFacePresent)}, kyc.Declined, "NO_FACE_PRESENT"},
		{
			"one capability", []jumiotest.Option{jumiotest.Capability("futureCheck", jumio.DecisionWarning, "SOMETHING_NEW")},
			kyc.Approved, "SOMETHING_NEW",
		},
		{"not executed", []jumiotest.Option{jumiotest.Outcome(jumio.DecisionNotExecuted)}, kyc.Failed, "TECHNICAL_ERROR"},
		{"a new word", []jumiotest.Option{jumiotest.Outcome("APPROVED_VERIFIED")}, kyc.Unknown, "APPROVED_VERIFIED"},
		{"session expired", []jumiotest.Option{jumiotest.FinalStatus(jumio.StatusSessionExpired)}, kyc.Expired, "SESSION_EXPIRED"},
		{"token expired, older tenant", []jumiotest.Option{jumiotest.FinalStatus(jumio.StatusTokenExpired), jumiotest.LegacyExpiry()}, kyc.Expired, "TOKEN_EXPIRED"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, client := start(t, c.opts...)
			account := must[*jumio.Account](t)(client.Accounts.Create(t.Context(), request()))
			server.CompleteJourney(account.Ref())
			result := must[*kyc.Result](t)(client.Fetch(t.Context(), account.Ref()))
			reason := ""
			if r := result.Reasons(); len(r) > 0 {
				reason = r[0].Code
			}
			if c.name == "a new word" {
				reason = c.reason // the checks passed; only the decision is new
			}
			if result.Decision != c.want || reason != c.reason {
				t.Errorf("%v %s, want %v %s", result.Decision, reason, c.want, c.reason)
			}
			noProblems(t, server)
		})
	}
}

// kyc.Wait keeps to the vendor's times: 40 s after the journey is the first read.
func TestWaitOnTheVendorsSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := jumiotest.NewServer(jumiotest.InMemory(), jumiotest.Processing(90*time.Second))
		defer server.Close()
		client := connect(t, server)
		account := must[*jumio.Account](t)(client.Accounts.Create(t.Context(), request()))
		deliver(t.Context(), t, client, account)
		began := time.Now()
		result := must[*kyc.Result](t)(kyc.Wait(t.Context(), client, account.Ref()))
		if took := time.Since(began).Round(time.Second); result.Decision != kyc.Approved || took != 100*time.Second {
			t.Errorf("%v after %v", result.Decision, took)
		}
		if n := server.Count("Workflows.Details"); n != 3 {
			t.Errorf("%d reads, want 3", n)
		}
	})
}

// An execution whose token ran out is expired, not pending for ever. The OAuth2 token ran out too and is renewed.
func TestTokenLifetimeRunsOut(t *testing.T) {
	clock := fake.NewManualClock(time.Now())
	server, client := start(t, jumiotest.Clock(clock.Now))
	req := request()
	req.TokenLifetime = "1d"
	account := must[*jumio.Account](t)(client.Accounts.Create(t.Context(), req))
	clock.Advance(24*time.Hour + time.Second)
	credential := account.Credentials(jumio.ChannelAPI)[0]
	if _, err := client.Credentials.Upload(t.Context(), credential, jumio.PartFront, photo(t)); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("upload: %v", err)
	}
	if r := must[*kyc.Result](t)(client.Fetch(t.Context(), account.Ref())); r.Decision != kyc.Expired {
		t.Errorf("%v", r.Decision)
	}
	if n := server.Count("Token.Create"); n != 2 {
		t.Errorf("%d tokens fetched, want 2", n)
	}
	noProblems(t, server)
}
