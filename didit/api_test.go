package didit_test

import (
	"iter"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

var (
	jpeg = kyc.FileBytes("face.jpg", "image/jpeg", []byte("\xff\xd8\xff\xe0 a picture"))
	pdf  = kyc.FileBytes("bill.pdf", "application/pdf", []byte("%PDF-1.4\n% a bill\n"))
)

// png is the head of a picture of that size.
func png(width, height byte) kyc.File {
	return kyc.FileBytes("logo.png", "image/png", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00"+string([]byte{width})+"\x00\x00\x00"+string([]byte{height})+"\x08\x06\x00\x00\x00"))
}

func walk[T any](t testing.TB, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var out []T
	for row, err := range seq {
		check(t, err)
		out = append(out, row)
	}
	return out
}

// TestGoldenRequestsOfFamilies shows every operation beside the sessions as it goes out.
func TestGoldenRequestsOfFamilies(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer(didittest.Seed(9))
	defer server.Close()
	c := client(t, server)

	metadata := []byte(`{"plan":"premium"}`)
	must(c.Checks.IDVerification(ctx, didit.IDVerificationRequest{
		FrontImage: jpeg.WithName("front.jpg"), BackImage: pdf.WithName("back.pdf"), BackImagePassword: "secret", PerformDocumentLiveness: new(true), MinimumAge: new(int64(18)),
		ExpirationDateNotDetectedAction: didit.CheckActionDecline, PreferredCharacters: "latin", VendorData: "onboarding-42", Metadata: metadata,
	}))(t)
	must(c.Checks.PassiveLiveness(ctx, didit.PassiveLivenessRequest{UserImage: jpeg, FaceLivenessScoreDeclineThreshold: new(62.5), RotateImage: new(true), SaveAPIRequest: new(false)}))(t)
	must(c.Checks.FaceMatch(ctx, didit.FaceMatchRequest{UserImage: jpeg, RefImage: jpeg.WithName("reference.jpg"), FaceMatchScoreDeclineThreshold: new(50.0), VendorData: "onboarding-42"}))(t)
	must(c.Checks.FaceSearch(ctx, didit.FaceSearchRequest{UserImage: jpeg, SearchType: didit.FaceSearchBlocklistedOrApproved}))(t)
	must(c.Checks.AgeEstimation(ctx, didit.AgeEstimationRequest{UserImage: jpeg, AgeEstimationDeclineThreshold: new(int64(21))}))(t)
	must(c.Checks.POA(ctx, didit.POARequest{Document: pdf, ExpectedCountry: "ESP", LanguagesAllowed: []string{"en", "es"}, DocumentAgeMonths: "utility_bill:3", AddressMismatchAction: didit.CheckActionNoAction}))(t)
	must(c.Checks.AML(ctx, didit.AMLRequest{FullName: "Carmen Sample", DateOfBirth: "1980-01-01", Nationality: "ES", IncludeOngoingMonitoring: new(true), VendorData: "onboarding-42", Metadata: metadata}))(t)
	must(c.Checks.DatabaseValidation(ctx, didit.DatabaseValidationRequest{IssuingState: "BRA", TaxNumber: "12345678900", Gender: didit.DatabaseGenderF, Address: []byte(`{"city":"Recife"}`)}))(t)
	must(c.Checks.DatabaseValidationWithSelfie(ctx, didit.DatabaseValidationRequest{IssuingState: "ARG", Services: []string{"arg_renaper"}, Consent: new(true), DocumentNumber: "1"}, jpeg))(t)
	must(c.Checks.PhoneSend(ctx, didit.PhoneSendRequest{
		PhoneNumber: "+34600600600", Options: &didit.PhoneOptions{CodeSize: new(int64(6)), Locale: "es", PreferredChannel: didit.PhoneChannelSMS},
		Signals: &didit.DeviceSignals{IP: "192.0.2.1", DevicePlatform: didit.DevicePlatformWeb},
	}))(t)
	must(c.Checks.PhoneCheck(ctx, didit.PhoneCheckRequest{PhoneNumber: "+34600600600", Code: didittest.Code, VoIPNumberAction: didit.CheckActionDecline}))(t)
	must(c.Checks.EmailSend(ctx, didit.EmailSendRequest{Email: "carmen@example.com", Options: &didit.EmailOptions{AlphanumericCode: new(true)}}))(t)
	must(c.Checks.EmailCheck(ctx, didit.EmailCheckRequest{Email: "carmen@example.com", Code: didittest.Code}))(t)
	found := must(c.Checks.KYBSearch(ctx, didit.KYBSearchRequest{CountryCode: "GB", Name: "ACME", SearchType: didit.SearchTypeStartWith}))(t)
	must(c.Checks.KYBSelect(ctx, didit.KYBSelectRequest{KYBResponseID: found.KYBRegistry.Companies[0].KYBResponseID, VendorData: "merchant-7"}))(t)
	must(c.Checks.WalletScreening(ctx, didit.WalletScreeningRequest{WalletAddress: "0x28c6c06298d514db089934071355e5743bf21d60", Blockchain: didit.BlockchainETH, Direction: didit.WalletDirectionInbound}))(t)

	list := must(c.Lists.Create(ctx, didit.ListRequest{Name: "known faces", ListType: didit.ListTypeCustom, EntryType: didit.EntryTypeFace}))(t)
	must(c.Lists.Get(ctx, list.UUID))(t)
	must(c.Lists.Update(ctx, list.UUID, didit.ListUpdate{Description: "faces of staff"}))(t)
	walk(t, c.Lists.List(ctx, didit.ListFilter{Type: didit.ListTypeCustom, EntryType: didit.EntryTypeFace, Ordering: "-created_at", Page: didit.PageOptions{Size: 20}}))
	entry := must(c.Lists.AddEntry(ctx, list.UUID, didit.ListEntryRequest{Value: "someone", DisplayLabel: "staff", Metadata: []byte(`{"team":"a"}`)}))(t)
	must(c.Lists.UploadFace(ctx, list.UUID, jpeg, didit.ListFaceRequest{Comment: "staff"}))(t)
	walk(t, c.Lists.Entries(ctx, list.UUID, "staff"))
	check(t, c.Lists.DeleteEntry(ctx, list.UUID, entry.UUID))
	check(t, c.Lists.Delete(ctx, list.UUID))
	session := must(c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "blocked-1"}))(t)
	must(c.Blocklist.Add(ctx, didit.BlocklistRequest{SessionID: session.SessionID, BlocklistFace: new(true), BlocklistEmail: new(true)}))(t)
	walk(t, c.Blocklist.List(ctx, didit.BlockedFace))
	must(c.Blocklist.Remove(ctx, didit.UnblockRequest{SessionID: session.SessionID, UnblockFace: new(true)}))(t)

	workflow := must(c.Workflows.Create(ctx, didit.WorkflowRequest{
		WorkflowLabel: "Standard", Features: []didit.WorkflowStep{{Feature: didit.StepFeatureOCR, Config: []byte(`{"duplicated_user_action":"review"}`)}, {Feature: didit.StepFeatureLiveness}},
		MaxRetryAttempts: new(int64(3)),
	}))(t)
	must(c.Workflows.Get(ctx, workflow.UUID))(t)
	must(c.Workflows.Update(ctx, workflow.UUID, didit.WorkflowUpdate{WorkflowLabel: "Thorough", Status: didit.PublicationStatusDraft}))(t)
	walk(t, c.Workflows.List(ctx, didit.PageOptions{Size: 10, Offset: 1}))
	check(t, c.Workflows.Delete(ctx, workflow.UUID))
	questions := must(c.Questionnaires.Create(ctx, didit.QuestionnaireRequest{
		Title: "Onboarding", Languages: []string{"en", "es"},
		FormElements: []didit.FormElement{{ID: "job", ElementType: didit.FormElementTypeShortText, Label: map[string]string{"en": "Your job?"}, IsRequired: new(true)}},
	}))(t)
	must(c.Questionnaires.Get(ctx, questions.QuestionnaireID))(t)
	must(c.Questionnaires.Update(ctx, questions.QuestionnaireID, didit.QuestionnaireUpdate{Title: "Welcome"}))(t)
	walk(t, c.Questionnaires.List(ctx, didit.PageOptions{}))
	check(t, c.Questionnaires.Delete(ctx, questions.QuestionnaireID))

	user := must(c.Users.Create(ctx, didit.UserRequest{VendorData: "onboarding/42 a", FullName: "Carmen Sample", ApprovedEmails: []string{"carmen@example.com"}}))(t)
	must(c.Users.Get(ctx, user.VendorData))(t)
	must(c.Users.Update(ctx, user.VendorData, didit.UserUpdate{DisplayName: "Carmen"}))(t)
	must(c.Users.UpdateStatus(ctx, user.VendorData, didit.EntityStatusFlagged))(t)
	must(c.Users.UploadFace(ctx, "eeeeeeee-ffff-0000-1111-222222222222", didittest.Application, user.DiditInternalID, jpeg, "from the counter"))(t)
	walk(t, c.Users.List(ctx, didit.PageOptions{}))
	must(c.Users.Delete(ctx, didit.DeleteUsersRequest{VendorDataList: []string{user.VendorData}}))(t)
	business := must(c.Businesses.Create(ctx, didit.BusinessRequest{VendorData: "merchant-7", LegalName: "ACME HOLDINGS LTD", CountryCode: "GB"}))(t)
	must(c.Businesses.Get(ctx, business.VendorData))(t)
	must(c.Businesses.Update(ctx, business.VendorData, didit.BusinessUpdate{DisplayName: "ACME"}))(t)
	must(c.Businesses.UpdateStatus(ctx, business.VendorData, didit.EntityStatusBlocked))(t)
	walk(t, c.Businesses.List(ctx, didit.PageOptions{}))
	must(c.Businesses.Delete(ctx, didit.DeleteBusinessesRequest{DiditInternalIDList: []string{business.DiditInternalID}}))(t)

	payment := must(c.Transactions.Create(ctx, didit.TransactionRequest{
		TransactionID: "payment-1", TransactionCategory: didit.TransactionCategoryFinance,
		TransactionDetails: didit.TransactionDetails{Direction: didit.TransactionWayOutbound, Amount: 150.25, Currency: "EUR"},
		Subject:            didit.TransactionSubject{VendorData: "onboarding-42", FullName: "Carmen Sample"},
	}))(t)
	must(c.Transactions.Get(ctx, payment.UUID))(t)
	walk(t, c.Transactions.List(ctx, didit.PageOptions{}))
	must(c.Transactions.SDKToken(ctx, didit.TransactionTokenRequest{VendorData: "onboarding-42", TTLSeconds: new(int64(600))}))(t)

	destination := must(c.Webhooks.Create(ctx, didit.DestinationRequest{Label: "backend", URL: "https://shop.example/notices", WebhookVersion: didit.WebhookVersionV3, SubscribedEvents: []didit.EventType{didit.EventStatusUpdated}}))(t)
	must(c.Webhooks.Get(ctx, destination.UUID))(t)
	must(c.Webhooks.Update(ctx, destination.UUID, didit.DestinationUpdate{Enabled: new(false)}))(t)
	must(c.Webhooks.Delivery(ctx, destination.UUID, "delivery-1"))(t)
	walk(t, c.Webhooks.List(ctx))
	check(t, c.Webhooks.Delete(ctx, destination.UUID))
	must(c.Webhooks.GetSettings(ctx))(t)
	must(c.Webhooks.UpdateSettings(ctx, didit.WebhookSettingsUpdate{RotateSecretKey: new(true), CaptureMethod: didit.CaptureMethodMobile, DataRetentionMonths: new(int64(24))}))(t)
	must(c.Billing.Balance(ctx))(t)
	must(c.Billing.TopUp(ctx, didit.TopUpRequest{AmountInDollars: 50}))(t)
	must(c.Customization.Get(ctx))(t)
	must(c.Customization.Update(ctx, didit.CustomizationUpdate{ColorPrimary: "#2567FF", SkipWelcomeScreen: new(true)}))(t)
	must(c.Customization.UpdateImages(ctx, didit.CustomizationImages{Square: png(8, 8), Rectangular: png(16, 8)}))(t)
	must(c.Health.Get(ctx))(t)

	for _, op := range operations(t) {
		if family, _, _ := strings.Cut(op.Name, "."); op.State != "done" || family == "Sessions" || family == "Media" {
			continue
		}
		name, index := op.Name, 0
		switch name {
		case "Checks.DatabaseValidationWithSelfie":
			name, index = "Checks.DatabaseValidation", 1
		case "Customization.UpdateImages":
			name, index = "Customization.Update", 1
		}
		got := server.Golden(name)
		if len(got) <= index {
			t.Errorf("%s was not called", op.Name)
			continue
		}
		didit.CheckGolden(t, "requests/"+op.Name+".txt", []byte(strings.ReplaceAll(got[index], server.URL(), "http://api")))
	}
	clean(t, server)
}
