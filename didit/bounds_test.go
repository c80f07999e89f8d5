package didit_test

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// refusedHere fails where a call does not end before the network, or where its error repeats input.
func refusedHere(t *testing.T, calls map[string]error) {
	t.Helper()
	for name, err := range calls {
		var e *kyc.Error
		if !errors.Is(err, kyc.ErrInvalid) || !errors.As(err, &e) || e.Attempts != 0 || e.StatusCode != 0 {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(e.Error(), "SENT") {
			t.Errorf("%s: the error repeats input", name)
		}
	}
}

func TestCreateBounds(t *testing.T) {
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	create := func(req didit.SessionRequest) error {
		req.VendorData = "r"
		_, err := c.Sessions.Create(t.Context(), req)
		return err
	}
	expect := func(e didit.ExpectedDetails) error { return create(didit.SessionRequest{ExpectedDetails: &e}) }
	portrait := func(n int) kyc.Secret { return kyc.Secret(base64.StdEncoding.EncodeToString(make([]byte, n))) }
	refusedHere(t, map[string]error{
		"callback":            create(didit.SessionRequest{Callback: "SENT/back"}),
		"callback method":     create(didit.SessionRequest{CallbackMethod: "SENT"}),
		"portrait too long":   create(didit.SessionRequest{PortraitImage: portrait(2<<20 + 1)}),
		"portrait URI":        create(didit.SessionRequest{PortraitImage: "data:image/png;base64," + portrait(2<<20+1)}),
		"portrait no base64":  create(didit.SessionRequest{PortraitImage: "SENT!"}),
		"portrait empty":      create(didit.SessionRequest{PortraitImage: "data:image/png;base64,"}),
		"e-mail":              create(didit.SessionRequest{ContactDetails: &didit.ContactDetails{Email: "SENT"}}),
		"phone":               create(didit.SessionRequest{ContactDetails: &didit.ContactDetails{Phone: "600 SENT"}}),
		"date of birth":       expect(didit.ExpectedDetails{DateOfBirth: "01.02.1990"}),
		"day":                 expect(didit.ExpectedDetails{DateOfBirth: "1990-02-30"}),
		"gender":              expect(didit.ExpectedDetails{Gender: didit.GenderU}),
		"nationality":         expect(didit.ExpectedDetails{Nationality: "ES"}),
		"country":             expect(didit.ExpectedDetails{Country: "E5P"}),
		"id country":          expect(didit.ExpectedDetails{IDCountry: "Spain"}),
		"poa country":         expect(didit.ExpectedDetails{POACountry: "ES"}),
		"address":             expect(didit.ExpectedDetails{Address: "SENT", IDCountry: "ESP"}),
		"ip address":          expect(didit.ExpectedDetails{IPAddress: "SENT"}),
		"ip address zone":     expect(didit.ExpectedDetails{IPAddress: "fe80::1%eth0"}),
		"company name":        expect(didit.ExpectedDetails{CompanyName: strings.Repeat("ñ", 256)}),
		"registration number": expect(didit.ExpectedDetails{RegistrationNumber: strings.Repeat("1", 101)}),
		"registry country":    expect(didit.ExpectedDetails{RegistryCountry: "GBR"}),
		"registry region":     expect(didit.ExpectedDetails{RegistryCountry: "US-"}),
		"registry too long":   expect(didit.ExpectedDetails{RegistryCountry: "US-12345678"}),
	})
	for name, err := range map[string]error{
		"longest portrait": create(didit.SessionRequest{PortraitImage: portrait(2 << 20)}),
		"data URI":         create(didit.SessionRequest{PortraitImage: "data:image/png;base64," + portrait(8)}),
		"custom scheme":    create(didit.SessionRequest{Callback: "myapp://back?x=1"}),
		"all at the limit": expect(didit.ExpectedDetails{
			DateOfBirth: "1990-02-28", Gender: didit.GenderM, Nationality: "ESP", Address: "Avda", POACountry: "esp", IPAddress: "2001:db8::1",
			CompanyName: strings.Repeat("ñ", 255), RegistrationNumber: strings.Repeat("1", 100), RegistryCountry: "US-CA",
		}),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	clean(t, server)
}

func TestUpdateBounds(t *testing.T) {
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	ctx := context.Background()
	long := func(n int) string { return strings.Repeat("x", n) }
	id := func(d didit.IDData) error { _, err := c.Sessions.UpdateIDData(ctx, anID, d); return err }
	poa := func(d didit.POAData) error { _, err := c.Sessions.UpdatePOAData(ctx, anID, d); return err }
	company := func(d didit.CompanyData) error {
		_, err := c.Sessions.UpdateCompanyData(ctx, anID, anID, d)
		return err
	}
	status := func(r didit.StatusRequest) error { _, err := c.Sessions.UpdateStatus(ctx, anID, r); return err }
	hit := func(r didit.HitReviewRequest) error {
		_, err := c.Sessions.UpdateAMLHitStatus(ctx, anID, r)
		return err
	}
	hits := func(u ...didit.HitUpdate) error {
		_, err := c.Sessions.UpdateAMLHitStatuses(ctx, anID, didit.HitReviewsRequest{HitUpdates: u})
		return err
	}
	_, review := c.Sessions.AddReview(ctx, anID, didit.ReviewRequest{NewStatus: "approved"})
	_, user := c.Users.Update(ctx, "u", didit.UserUpdate{FullName: long(513)})
	_, born := c.Users.Create(ctx, didit.UserRequest{VendorData: "u", DateOfBirth: "1990"})
	_, named := c.Users.Create(ctx, didit.UserRequest{VendorData: "u", DisplayName: long(256)})
	_, business := c.Businesses.Create(ctx, didit.BusinessRequest{VendorData: "b", RegistrationNumber: long(101)})
	_, label := c.Webhooks.Update(ctx, anID, didit.DestinationUpdate{Label: long(256)})
	refusedHere(t, map[string]error{
		"review": review, "user": user, "user's birth": born, "user's name": named, "business": business, "label": label,
		"subtype":               id(didit.IDData{DocumentSubtype: long(129)}),
		"document number":       id(didit.IDData{DocumentNumber: long(256)}),
		"personal number":       id(didit.IDData{PersonalNumber: long(256)}),
		"first name":            id(didit.IDData{FirstName: long(256)}),
		"last name":             id(didit.IDData{LastName: long(256)}),
		"address":               id(didit.IDData{Address: long(256)}),
		"place of birth":        id(didit.IDData{PlaceOfBirth: long(256)}),
		"nationality":           id(didit.IDData{Nationality: long(33)}),
		"born":                  id(didit.IDData{DateOfBirth: "1990-1-1"}),
		"issued":                id(didit.IDData{DateOfIssue: "1990-01-01T00:00:00Z"}),
		"expires":               id(didit.IDData{ExpirationDate: "SENT"}),
		"issuing state":         id(didit.IDData{IssuingState: "ES"}),
		"gender":                id(didit.IDData{Gender: "X"}),
		"marital status":        id(didit.IDData{MaritalStatus: "SENT"}),
		"parsed address":        id(didit.IDData{ParsedAddress: &didit.PlainAddress{Country: "ESP"}}),
		"poa state":             poa(didit.POAData{IssuingState: "ES"}),
		"poa type":              poa(didit.POAData{DocumentType: "utility_bill"}),
		"poa language":          poa(didit.POAData{DocumentLanguage: long(51)}),
		"poa issuer":            poa(didit.POAData{Issuer: long(256)}),
		"poa name":              poa(didit.POAData{NameOnDocument: long(256)}),
		"poa date":              poa(didit.POAData{IssueDate: "SENT"}),
		"poa address":           poa(didit.POAData{POAParsedAddress: &didit.PlainAddress{Country: "ESP"}}),
		"company name":          company(didit.CompanyData{CompanyName: long(256)}),
		"company number":        company(didit.CompanyData{RegistrationNumber: long(101)}),
		"company country":       company(didit.CompanyData{CountryCode: "GBR"}),
		"company date":          company(didit.CompanyData{IncorporationDate: "SENT"}),
		"company e-mail":        company(didit.CompanyData{Email: "SENT"}),
		"capital":               company(didit.CompanyData{RegisteredCapitalAmount: "1,000"}),
		"capital of three":      company(didit.CompanyData{RegisteredCapitalAmount: "1.000"}),
		"capital too long":      company(didit.CompanyData{RegisteredCapitalAmount: strings.Repeat("1", 21)}),
		"currency":              company(didit.CompanyData{RegisteredCapitalCurrency: "EURO"}),
		"a step of companies":   status(didit.StatusRequest{NewStatus: didit.StatusResubmitted, NodesToResubmit: []didit.NodeToResubmit{{NodeID: "n", Feature: "KYB_REGISTRY"}}}),
		"e-mail of a status":    status(didit.StatusRequest{NewStatus: didit.StatusApproved, SendEmail: new(true), EmailAddress: "SENT"}),
		"verdict on a hit":      hit(didit.HitReviewRequest{HitID: "h", ReviewStatus: "SENT"}),
		"no hit":                hit(didit.HitReviewRequest{ReviewStatus: didit.AMLReviewStatusFalsePositive}),
		"verdict on second hit": hits(didit.HitUpdate{HitID: "h", ReviewStatus: didit.AMLReviewStatusFalsePositive}, didit.HitUpdate{HitID: "h"}),
	})
}
