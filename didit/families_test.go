package didit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// TestRefusedBeforeSending holds what the package refuses: nothing of it reaches the server.
func TestRefusedBeforeSending(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	long := func(name string, mb int) kyc.File { return kyc.FileBytes(name, "", make([]byte, mb<<20+1)) }
	liveness := func(f kyc.File) error {
		_, err := c.Checks.PassiveLiveness(ctx, didit.PassiveLivenessRequest{UserImage: f})
		return err
	}
	id := func(r didit.IDVerificationRequest) error { _, err := c.Checks.IDVerification(ctx, r); return err }
	aml := func(r didit.AMLRequest) error { _, err := c.Checks.AML(ctx, r); return err }
	logo := func(r didit.CustomizationImages) error { _, err := c.Customization.UpdateImages(ctx, r); return err }
	poa := func(f kyc.File) error { _, err := c.Checks.POA(ctx, didit.POARequest{Document: f}); return err }
	match := func(r didit.FaceMatchRequest) error { _, err := c.Checks.FaceMatch(ctx, r); return err }
	phone := func(n string) error {
		_, err := c.Checks.PhoneSend(ctx, didit.PhoneSendRequest{PhoneNumber: n})
		return err
	}
	workflow := func(r didit.WorkflowUpdate) error { _, err := c.Workflows.Update(ctx, anID, r); return err }
	for name, err := range map[string]error{
		"no image":             liveness(kyc.File{}),
		"empty image":          liveness(kyc.FileBytes("a.jpg", "", nil)),
		"long image":           liveness(long("a.jpg", 5)),
		"unknown length":       liveness(kyc.FileReader("a.jpg", "image/jpeg", strings.NewReader("x"), -1)),
		"other type":           liveness(kyc.FileBytes("a.gif", "image/gif", []byte("GIF89a"))),
		"type of a document":   liveness(pdf),
		"name and type differ": liveness(jpeg.WithName("a.png")),
		"no name, no type":     liveness(kyc.FileBytes("", "", []byte("x"))),
		"threshold": func() error {
			_, err := c.Checks.PassiveLiveness(ctx, didit.PassiveLivenessRequest{UserImage: jpeg, FaceLivenessScoreDeclineThreshold: new(100.5)})
			return err
		}(),
		"metadata":       match(didit.FaceMatchRequest{UserImage: jpeg, RefImage: jpeg, Metadata: []byte("{")}),
		"no reference":   match(didit.FaceMatchRequest{UserImage: jpeg}),
		"long document":  id(didit.IDVerificationRequest{FrontImage: long("a.pdf", 10)}),
		"long back":      id(didit.IDVerificationRequest{FrontImage: jpeg, BackImage: long("a.pdf", 10)}),
		"age":            id(didit.IDVerificationRequest{FrontImage: jpeg, MinimumAge: new(int64(121))}),
		"long bill":      poa(long("a.pdf", 15)),
		"no name":        aml(didit.AMLRequest{}),
		"weights":        aml(didit.AMLRequest{FullName: "A", AMLNameWeight: new(int64(50))}),
		"watch unsaved":  aml(didit.AMLRequest{FullName: "A", IncludeOngoingMonitoring: new(true), SaveAPIRequest: new(false)}),
		"AML threshold":  aml(didit.AMLRequest{FullName: "A", AMLScoreReviewThreshold: new(-1.0)}),
		"local number":   phone("600600600"),
		"long number":    phone("+12345678901234567890"),
		"word as number": phone("+34six"),
		"no logo":        logo(didit.CustomizationImages{}),
		"oblong square":  logo(didit.CustomizationImages{Square: png(16, 8)}),
		"square oblong":  logo(didit.CustomizationImages{Rectangular: png(8, 8)}),
		"long logo":      logo(didit.CustomizationImages{Square: long("a.png", 1)}),
		"retries":        workflow(didit.WorkflowUpdate{MaxRetryAttempts: new(int64(11))}),
		"label":          workflow(didit.WorkflowUpdate{WorkflowLabel: strings.Repeat("x", 51)}),
	} {
		if !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i, call := range []func() error{
		func() error {
			_, err := c.Checks.DatabaseValidation(ctx, didit.DatabaseValidationRequest{})
			return err
		},
		func() error {
			_, err := c.Checks.DatabaseValidationWithSelfie(ctx, didit.DatabaseValidationRequest{IssuingState: "ARG"}, pdf)
			return err
		},
		func() error {
			_, err := c.Checks.PhoneCheck(ctx, didit.PhoneCheckRequest{PhoneNumber: "+34600600600", Code: "12a4"})
			return err
		},
		func() error { _, err := c.Checks.EmailSend(ctx, didit.EmailSendRequest{Email: "nobody"}); return err },
		func() error {
			_, err := c.Checks.EmailCheck(ctx, didit.EmailCheckRequest{Email: "a@b.example"})
			return err
		},
		func() error { _, err := c.Checks.KYBSearch(ctx, didit.KYBSearchRequest{CountryCode: "GB"}); return err },
		func() error {
			_, err := c.Checks.KYBSearch(ctx, didit.KYBSearchRequest{CountryCode: "GB", Name: "A", WebhookURL: "http://a.example"})
			return err
		},
		func() error {
			_, err := c.Checks.KYBSelect(ctx, didit.KYBSelectRequest{KYBResponseID: "x", SaveAPIRequest: new(false)})
			return err
		},
		func() error { _, err := c.Checks.WalletScreening(ctx, didit.WalletScreeningRequest{}); return err },
		func() error {
			_, err := c.Lists.Create(ctx, didit.ListRequest{Name: "a", ListType: didit.ListTypeBlocklist, EntryType: didit.EntryTypeFace})
			return err
		},
		func() error { _, err := c.Lists.AddEntry(ctx, anID, didit.ListEntryRequest{}); return err },
		func() error { _, err := c.Lists.UploadFace(ctx, anID, pdf, didit.ListFaceRequest{}); return err },
		func() error { _, err := c.Lists.Get(ctx, "faces"); return err },
		func() error { return c.Lists.DeleteEntry(ctx, anID, "x") },
		func() error { _, err := c.Blocklist.Add(ctx, didit.BlocklistRequest{SessionID: anID}); return err },
		func() error { _, err := c.Workflows.Create(ctx, didit.WorkflowRequest{}); return err },
		func() error {
			_, err := c.Questionnaires.Create(ctx, didit.QuestionnaireRequest{Title: "a", Languages: []string{"es"}, FormElements: make([]didit.FormElement, 1)})
			return err
		},
		func() error { _, err := c.Users.Create(ctx, didit.UserRequest{}); return err },
		func() error { _, err := c.Users.Get(ctx, ""); return err },
		func() error { _, err := c.Users.Delete(ctx, didit.DeleteUsersRequest{}); return err },
		func() error {
			_, err := c.Users.Delete(ctx, didit.DeleteUsersRequest{DeleteAll: new(true), VendorDataList: []string{"a"}})
			return err
		},
		func() error { _, err := c.Users.UploadFace(ctx, anID, anID, "x", jpeg, ""); return err },
		func() error { _, err := c.Businesses.Delete(ctx, didit.DeleteBusinessesRequest{}); return err },
		func() error {
			_, err := c.Transactions.Create(ctx, didit.TransactionRequest{TransactionID: strings.Repeat("x", 129)})
			return err
		},
		func() error {
			_, err := c.Transactions.SDKToken(ctx, didit.TransactionTokenRequest{VendorData: "a", TTLSeconds: new(int64(86401))})
			return err
		},
		func() error {
			_, err := c.Webhooks.Create(ctx, didit.DestinationRequest{Label: "a", URL: "http://a.example"})
			return err
		},
		func() error {
			_, err := c.Webhooks.Update(ctx, anID, didit.DestinationUpdate{SubscribedEvents: []didit.EventType{}})
			return err
		},
		func() error {
			_, err := c.Webhooks.UpdateSettings(ctx, didit.WebhookSettingsUpdate{DataRetentionMonths: new(int64(121))})
			return err
		},
		func() error { _, err := c.Billing.TopUp(ctx, didit.TopUpRequest{AmountInDollars: 49.5}); return err },
		func() error {
			_, err := c.Customization.Update(ctx, didit.CustomizationUpdate{ColorPanel: "blue"})
			return err
		},
	} {
		if err := call(); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if server.Total() != 0 {
		t.Errorf("%d requests went out", server.Total())
	}
}

// TestFileNames sends files whose names do not say what they are.
func TestFileNames(t *testing.T) {
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	for _, f := range []kyc.File{
		jpeg.WithName("IMG_1"), jpeg.WithName("scan.JPG").WithContentType(""), jpeg.WithName("x").WithContentType("image/jpeg; q=1"), jpeg.WithContentType("application/octet-stream"),
	} {
		must(c.Checks.PassiveLiveness(t.Context(), didit.PassiveLivenessRequest{UserImage: f}))(t)
	}
	clean(t, server)
}

// TestListsInEitherForm reads lists that come at once, in pages, in a circle and broken.
func TestListsInEitherForm(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	for i := range 7 {
		must(c.Users.Create(ctx, didit.UserRequest{VendorData: fmt.Sprint("user-", i)}))(t)
		must(c.Webhooks.Create(ctx, didit.DestinationRequest{Label: "a", URL: fmt.Sprint("https://a.example/", i)}))(t)
	}
	if users := walk(t, c.Users.List(ctx, didit.PageOptions{Size: 3, Offset: 1})); len(users) != 6 || users[0].VendorData != "user-5" {
		t.Errorf("%d users", len(users))
	}
	if n := server.Count("Users.List"); n != 2 {
		t.Errorf("%d pages", n)
	}
	destinations := walk(t, c.Webhooks.List(ctx))
	if raw := must(kyc.Marshal(destinations[0]))(t); len(destinations) != 7 || bytes.Contains(raw, []byte("secret_shared_key")) {
		t.Errorf("%d destinations", len(destinations))
	}
	script := func(operation, body string) {
		server.Script(didittest.Answer(operation, 1, 200, "application/json", body))
	}
	script("Webhooks.List", `{"count":1,"next":null,"results":[{"uuid":"x"}]}`)
	if got := walk(t, c.Webhooks.List(ctx)); len(got) != 1 || got[0].UUID != "x" {
		t.Error("a page of destinations")
	}
	script("Blocklist.List", `{"results":[{"session_id":"x"}]}`)
	if got := walk(t, c.Blocklist.List(ctx, "")); len(got) != 1 || string(got[0]) != `{"session_id":"x"}` {
		t.Error("a page of the block list")
	}
	script("Lists.List", `[{"uuid":"x"}]`)
	if got := walk(t, c.Lists.List(ctx, didit.ListFilter{})); len(got) != 1 {
		t.Error("lists at once")
	}
	for _, body := range []string{`{"detail":"x"}`, `{"results":null}`, `{"results":{}}`, `"x"`, `[{]`, `{"results":[],"next":"https://verification.didit.me/v3/workflows/"}`, `{"results":[],"next":"%"}`} {
		script("Workflows.List", body)
		var last error
		for _, err := range c.Workflows.List(ctx, didit.PageOptions{}) {
			last = err
		}
		if !errors.Is(last, kyc.ErrMalformed) {
			t.Errorf("%s: %v", body, last)
		}
	}
	clean(t, server)
}

func TestEntities(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	u := must(c.Users.Create(ctx, didit.UserRequest{VendorData: "a/b?c", FullName: "Carmen Sample", Metadata: []byte(`{"a":1}`)}))(t)
	if u.Status != didit.EntityStatusActive {
		t.Errorf("status %q", u.Status)
	}
	if _, err := c.Users.Create(ctx, didit.UserRequest{VendorData: "a/b?c"}); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("a second user: %v", err)
	}
	u = must(c.Users.Update(ctx, "a/b?c", didit.UserUpdate{DisplayName: "C", Extra: map[string]json.RawMessage{"full_name": []byte("null")}}))(t)
	if u.DisplayName != "C" || u.FullName != "" || string(u.Metadata) != `{"a":1}` {
		t.Errorf("updated %v", u)
	}
	if u = must(c.Users.UpdateStatus(ctx, "a/b?c", didit.EntityStatusBlocked))(t); u.Status != didit.EntityStatusBlocked {
		t.Errorf("blocked %v", u)
	}
	for i := range 6 {
		_, err := c.Users.UploadFace(ctx, anID, didittest.Application, u.DiditInternalID, jpeg, "")
		if wrong := err != nil; wrong != (i == 5) || wrong && !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("face %d: %v", i, err)
		}
	}
	if r := must(c.Users.Delete(ctx, didit.DeleteUsersRequest{VendorDataList: []string{"a/b?c", "nobody"}}))(t); *r.Deleted != 1 {
		t.Errorf("deleted %d", *r.Deleted)
	}
	if _, err := c.Users.Get(ctx, "a/b?c"); !errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("after the delete: %v", err)
	}
	wrong := must(didit.NewClient(didit.Config{APIKey: "wrong", BaseURL: server.URL()}))(t)
	for name, err := range map[string]error{
		"users": func() error { _, err := wrong.Users.Get(ctx, "x"); return err }(),
		"wallet": func() error {
			_, err := wrong.Checks.WalletScreening(ctx, didit.WalletScreeningRequest{WalletAddress: "x", Blockchain: "BTC"})
			return err
		}(),
		"billing": func() error { _, err := wrong.Billing.Balance(ctx); return err }(),
	} {
		if !errors.Is(err, kyc.ErrUnauthorized) {
			t.Errorf("%s with a wrong key: %v", name, err)
		}
	}
	if h := must(wrong.Health.Get(ctx))(t); h.Status != "ok" {
		t.Errorf("health %q", h.Status)
	}
}

// TestWebhookSecrets follows a secret from the destination to a verifier.
func TestWebhookSecrets(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	before := must(c.Webhooks.GetSettings(ctx))(t)
	after := must(c.Webhooks.UpdateSettings(ctx, didit.WebhookSettingsUpdate{RotateSecretKey: new(true)}))(t)
	if before.SecretSharedKey == "" || after.SecretSharedKey == before.SecretSharedKey || after.WebhookVersion != didit.WebhookVersionV3 {
		t.Errorf("settings %v", after)
	}
	d := must(c.Webhooks.Create(ctx, didit.DestinationRequest{Label: "a", URL: "https://a.example", SubscribedEvents: []didit.EventType{didit.EventDataUpdated, didit.EventStatusUpdated}}))(t)
	got := must(c.Webhooks.Get(ctx, d.UUID))(t)
	if len(d.SecretSharedKey.Reveal()) != 43 || got.SecretSharedKey != d.SecretSharedKey || len(got.SubscribedEvents) != 2 || !*got.Enabled {
		t.Errorf("destination %v", got)
	}
	if _, err := c.Webhooks.Create(ctx, didit.DestinationRequest{Label: "b", URL: "https://a.example"}); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("a second destination at one address: %v", err)
	}
}

// TestCredits tells what has no credit from what has no right.
func TestCredits(t *testing.T) {
	server := didittest.NewServer(didittest.Answer("Checks.AML", 1, 403, "application/json", `{"error":"You don't have enough credits to perform this request."}`),
		didittest.Answer("Checks.IDVerification", 1, 400, "application/json", `{"error":"COULD_NOT_RECOGNIZE_DOCUMENT"}`))
	defer server.Close()
	c := client(t, server)
	_, err := c.Checks.AML(t.Context(), didit.AMLRequest{FullName: "A"})
	if !errors.Is(err, didit.ErrNoCredits) || !errors.Is(err, kyc.ErrForbidden) {
		t.Errorf("without credit: %v", err)
	}
	_, err = c.Checks.IDVerification(t.Context(), didit.IDVerificationRequest{FrontImage: jpeg})
	var e *kyc.Error
	if !errors.As(err, &e) || e.Code != "COULD_NOT_RECOGNIZE_DOCUMENT" || !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("no document: %v", err)
	}
}
