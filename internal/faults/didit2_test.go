package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/jpeg"
	"sync"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// diditCall is a call of the vendor's client.
type diditCall = func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error

var squarePicture = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 300, 300)), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
})

// diditChecks are the single checks, each of which costs money.
func diditChecks(add func(name string, class class, output output, traits trait, good recorded, call diditCall) *operation) []*operation {
	answer := inline(`{"request_id":"22222222-3333-4444-5555-666666666666","note":"the check of ` + personName + `"}`)
	check := func(name string, call diditCall) *operation {
		return add("Checks."+name, ifNotProcessed, decoded, 0, answer, call)
	}
	database := didit.DatabaseValidationRequest{IssuingState: "BRA", FullName: personName, IdentificationNumber: personNumber}
	return []*operation{
		check("IDVerification", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.IDVerification(ctx, didit.IDVerificationRequest{FrontImage: photo(), VendorData: personNumber}, opts...))
		}),
		check("PassiveLiveness", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.PassiveLiveness(ctx, didit.PassiveLivenessRequest{UserImage: photo()}, opts...))
		}),
		check("FaceMatch", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.FaceMatch(ctx, didit.FaceMatchRequest{UserImage: photo(), RefImage: photo()}, opts...))
		}),
		check("FaceSearch", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.FaceSearch(ctx, didit.FaceSearchRequest{UserImage: photo()}, opts...))
		}),
		check("AgeEstimation", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.AgeEstimation(ctx, didit.AgeEstimationRequest{UserImage: photo()}, opts...))
		}),
		check("AML", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.AML(ctx, didit.AMLRequest{FullName: personName}, opts...))
		}),
		check("POA", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.POA(ctx, didit.POARequest{Document: photo(), ExpectedLastName: personName}, opts...))
		}),
		check("DatabaseValidation", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.DatabaseValidation(ctx, database, opts...))
		}),
		check("DatabaseValidationWithSelfie", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.DatabaseValidationWithSelfie(ctx, database, photo(), opts...))
		}),
		check("PhoneSend", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.PhoneSend(ctx, didit.PhoneSendRequest{PhoneNumber: "+4930123456789"}, opts...))
		}),
		check("PhoneCheck", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.PhoneCheck(ctx, didit.PhoneCheckRequest{PhoneNumber: "+4930123456789", Code: "123456"}, opts...))
		}),
		check("EmailSend", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.EmailSend(ctx, didit.EmailSendRequest{Email: "wilhelmina@shop.example"}, opts...))
		}),
		check("EmailCheck", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.EmailCheck(ctx, didit.EmailCheckRequest{Email: "wilhelmina@shop.example", Code: "123456"}, opts...))
		}),
		check("KYBSearch", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.KYBSearch(ctx, didit.KYBSearchRequest{CountryCode: "ES", Name: personName}, opts...))
		}),
		check("KYBSelect", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.KYBSelect(ctx, didit.KYBSelectRequest{KYBResponseID: personNumber}, opts...))
		}),
		check("WalletScreening", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Checks.WalletScreening(ctx, didit.WalletScreeningRequest{WalletAddress: personNumber, Blockchain: "ethereum"}, opts...))
		}),
	}
}

// diditManagement are the families around the sessions. Those of one resource have the same methods.
func diditManagement(add func(name string, class class, output output, traits trait, good recorded, call diditCall) *operation) []*operation {
	const id = "11111111-2222-3333-4444-555555555555"
	answer := inline(`{"uuid":"33333333-4444-5555-6666-777777777777","note":"all about ` + personName + `"}`)
	var all []*operation
	read := func(name string, call diditCall) { all = append(all, add(name, safe, decoded, 0, answer, call)) }
	create := func(name string, call diditCall) {
		all = append(all, add(name, ifNotProcessed, decoded, 0, answer, call))
	}
	list := func(name string, call diditCall) {
		all = append(all, add(name, safe, decoded, listed|identified, inline("[]"), call))
	}
	remove := func(name string, call func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error) {
		all = append(all, add(name, safe, ignored, 0, nothing(), call))
	}
	flags := func(name string, call diditCall) { all = append(all, add(name, safe, decoded, emptyOK, answer, call)) }
	page := didit.PageOptions{Size: 10}

	flags("Blocklist.Add", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Blocklist.Add(ctx, didit.BlocklistRequest{SessionID: id, BlocklistFace: new(true)}, opts...))
	})
	flags("Blocklist.Remove", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Blocklist.Remove(ctx, didit.UnblockRequest{SessionID: id, UnblockFace: new(true)}, opts...))
	})
	list("Blocklist.List", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return drain(c.Blocklist.List(ctx, didit.BlockedFace, opts...))
	})
	list("Lists.List", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return drain(c.Lists.List(ctx, didit.ListFilter{}, opts...))
	})
	create("Lists.Create", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Lists.Create(ctx, didit.ListRequest{Name: personName, ListType: didit.ListTypeCustom, EntryType: "face"}, opts...))
	})
	read("Lists.Get", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Lists.Get(ctx, id, opts...))
	})
	read("Lists.Update", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Lists.Update(ctx, id, didit.ListUpdate{Name: personName}, opts...))
	})
	remove("Lists.Delete", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return c.Lists.Delete(ctx, id, opts...)
	})
	list("Lists.Entries", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return drain(c.Lists.Entries(ctx, id, personName, opts...))
	})
	create("Lists.AddEntry", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Lists.AddEntry(ctx, id, didit.ListEntryRequest{Value: personNumber}, opts...))
	})
	create("Lists.UploadFace", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Lists.UploadFace(ctx, id, photo(), didit.ListFaceRequest{DisplayLabel: personName}, opts...))
	})
	remove("Lists.DeleteEntry", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return c.Lists.DeleteEntry(ctx, id, id, opts...)
	})
	list("Workflows.List", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return drain(c.Workflows.List(ctx, page, opts...))
	})
	create("Workflows.Create", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Workflows.Create(ctx, didit.WorkflowRequest{Features: make([]didit.WorkflowStep, 1)}, opts...))
	})
	read("Workflows.Get", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Workflows.Get(ctx, id, opts...))
	})
	create("Workflows.Update", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Workflows.Update(ctx, id, didit.WorkflowUpdate{WorkflowLabel: "onboarding"}, opts...))
	})
	remove("Workflows.Delete", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return c.Workflows.Delete(ctx, id, opts...)
	})
	list("Questionnaires.List", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return drain(c.Questionnaires.List(ctx, page, opts...))
	})
	create("Questionnaires.Create", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Questionnaires.Create(ctx, didit.QuestionnaireRequest{
			Title: personName, Languages: []string{"en"}, FormElements: make([]didit.FormElement, 1),
		}, opts...))
	})
	read("Questionnaires.Get", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Questionnaires.Get(ctx, id, opts...))
	})
	create("Questionnaires.Update", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Questionnaires.Update(ctx, id, didit.QuestionnaireUpdate{Title: personName}, opts...))
	})
	remove("Questionnaires.Delete", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return c.Questionnaires.Delete(ctx, id, opts...)
	})
	list("Users.List", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return drain(c.Users.List(ctx, page, opts...))
	})
	create("Users.Create", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Users.Create(ctx, didit.UserRequest{VendorData: personNumber, FullName: personName}, opts...))
	})
	read("Users.Get", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Users.Get(ctx, personNumber, opts...))
	})
	read("Users.Update", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Users.Update(ctx, personNumber, didit.UserUpdate{FullName: personName}, opts...))
	})
	read("Users.UpdateStatus", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Users.UpdateStatus(ctx, personNumber, didit.EntityStatusBlocked, opts...))
	})
	create("Users.Delete", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Users.Delete(ctx, didit.DeleteUsersRequest{VendorDataList: []string{personNumber}}, opts...))
	})
	create("Users.UploadFace", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Users.UploadFace(ctx, id, id, id, photo(), personName, opts...))
	})
	list("Businesses.List", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return drain(c.Businesses.List(ctx, page, opts...))
	})
	create("Businesses.Create", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Businesses.Create(ctx, didit.BusinessRequest{VendorData: personNumber, LegalName: personName}, opts...))
	})
	read("Businesses.Get", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Businesses.Get(ctx, personNumber, opts...))
	})
	read("Businesses.Update", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Businesses.Update(ctx, personNumber, didit.BusinessUpdate{LegalName: personName}, opts...))
	})
	read("Businesses.UpdateStatus", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Businesses.UpdateStatus(ctx, personNumber, didit.EntityStatusBlocked, opts...))
	})
	create("Businesses.Delete", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Businesses.Delete(ctx, didit.DeleteBusinessesRequest{VendorDataList: []string{personNumber}}, opts...))
	})
	list("Webhooks.List", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return drain(c.Webhooks.List(ctx, opts...))
	})
	create("Webhooks.Create", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Webhooks.Create(ctx, didit.DestinationRequest{Label: "shop", URL: "https://shop.example/notices"}, opts...))
	})
	read("Webhooks.Get", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Webhooks.Get(ctx, id, opts...))
	})
	read("Webhooks.Update", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Webhooks.Update(ctx, id, didit.DestinationUpdate{Label: "shop"}, opts...))
	})
	remove("Webhooks.Delete", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return c.Webhooks.Delete(ctx, id, opts...)
	})
	read("Webhooks.GetSettings", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Webhooks.GetSettings(ctx, opts...))
	})
	read("Webhooks.UpdateSettings", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Webhooks.UpdateSettings(ctx, didit.WebhookSettingsUpdate{WebhookURL: "https://shop.example/notices"}, opts...))
	})
	create("Webhooks.UpdateSettings with a new secret", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Webhooks.UpdateSettings(ctx, didit.WebhookSettingsUpdate{RotateSecretKey: new(true)}, opts...))
	})
	all[len(all)-1].extra = true
	read("Webhooks.Delivery", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		var out json.RawMessage
		var err error
		out, err = c.Webhooks.Delivery(ctx, id, id, opts...)
		return only(out, err)
	})
	read("Billing.Balance", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Billing.Balance(ctx, opts...))
	})
	create("Billing.TopUp", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Billing.TopUp(ctx, didit.TopUpRequest{AmountInDollars: 100}, opts...))
	})
	read("Customization.Get", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Customization.Get(ctx, opts...))
	})
	read("Customization.Update", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Customization.Update(ctx, didit.CustomizationUpdate{ColorPrimary: "#112233"}, opts...))
	})
	create("Customization.UpdateImages", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Customization.UpdateImages(ctx, didit.CustomizationImages{Square: kyc.FileBytes("logo.jpg", "image/jpeg", squarePicture())}, opts...))
	})
	create("Transactions.Create", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Transactions.Create(ctx, didit.TransactionRequest{
			TransactionID: "t-1", TransactionCategory: "finance", Subject: didit.TransactionSubject{VendorData: personNumber, FullName: personName},
			TransactionDetails: didit.TransactionDetails{Direction: "INBOUND", Currency: "EUR"},
		}, opts...))
	})
	list("Transactions.List", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return drain(c.Transactions.List(ctx, page, opts...))
	})
	read("Transactions.Get", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Transactions.Get(ctx, id, opts...))
	})
	create("Transactions.SDKToken", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Transactions.SDKToken(ctx, didit.TransactionTokenRequest{VendorData: personNumber}, opts...))
	})
	read("Health.Get", func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Health.Get(ctx, opts...))
	})
	return all
}
