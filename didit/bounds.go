package didit

import (
	"encoding/base64"
	"io"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// bounds holds a request against what the vendor documents, and keeps the first thing that is wrong with it. An empty
// member is left out of the request and so never wrong. Words that the vendor adds to, such as languages and kinds of
// document, are left to it.
type bounds struct {
	op  string
	err error
}

func (b *bounds) require(ok bool, detail string) {
	if !ok && b.err == nil {
		b.err = kyc.Invalid(kyc.Didit, b.op, detail)
	}
}

// atMost bounds a text in characters.
func (b *bounds) atMost(field, value string, limit int) {
	b.require(!longer(value, limit), field+" is longer than "+strconv.Itoa(limit)+" characters")
}

// longer counts characters, as the vendor does.
func longer(text string, limit int) bool { return utf8.RuneCountInString(text) > limit }

func (b *bounds) date(field string, value kyc.Date) {
	_, err := time.Parse(time.DateOnly, string(value))
	b.require(value == "" || err == nil, field+" is not a date in the form YYYY-MM-DD")
}

// country checks the form of a code only: which ones there are is the vendor's to say.
func (b *bounds) country(field, value string, letters int) {
	b.require(value == "" || len(value) == letters && allLetters(value), field+" is not an ISO 3166-1 alpha-"+strconv.Itoa(letters)+" code")
}

func (b *bounds) email(field, value string) {
	b.require(value == "" || checkEmail(b.op, value) == nil, field+" is no e-mail address")
}

func allLetters(s string) bool {
	for i := range len(s) {
		if c := lower(s[i]); c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

func checkSession(req SessionRequest) error {
	b := &bounds{op: opCreate}
	b.require(req.WorkflowID != "", "neither the request nor the client names a workflow")
	if req.Callback != "" {
		u, err := url.Parse(req.Callback)
		b.require(err == nil && u.Scheme != "", "Callback is not a URL")
	}
	b.require(req.CallbackMethod == "" || req.CallbackMethod.Known(), "CallbackMethod is none of initiator, completer and both")
	b.require(portraitFits(req.PortraitImage), "PortraitImage is not base64 or is longer than 2 MB")
	if c := req.ContactDetails; c != nil {
		b.email("ContactDetails.Email", c.Email)
		b.require(c.Phone == "" || checkPhone(b.op, c.Phone) == nil, "ContactDetails.Phone is not in the form of E.164, and the vendor would leave it out without a word")
	}
	if e := req.ExpectedDetails; e != nil {
		b.expected(e)
	}
	return b.err
}

func (b *bounds) expected(e *ExpectedDetails) {
	b.date("ExpectedDetails.DateOfBirth", e.DateOfBirth)
	b.require(e.Gender == "" || e.Gender == GenderM || e.Gender == GenderF, "ExpectedDetails.Gender is neither M nor F")
	b.country("ExpectedDetails.Nationality", e.Nationality, 3)
	b.country("ExpectedDetails.Country", e.Country, 3)
	b.country("ExpectedDetails.IDCountry", e.IDCountry, 3)
	b.country("ExpectedDetails.POACountry", e.POACountry, 3)
	b.require(e.Address == "" || e.Country != "" || e.POACountry != "", "ExpectedDetails.Address needs Country or POACountry")
	if e.IPAddress != "" {
		ip, err := netip.ParseAddr(e.IPAddress)
		b.require(err == nil && ip.Zone() == "", "ExpectedDetails.IPAddress is no IP address")
	}
	b.atMost("ExpectedDetails.CompanyName", e.CompanyName, 255)
	b.atMost("ExpectedDetails.RegistrationNumber", e.RegistrationNumber, 100)
	b.atMost("ExpectedDetails.RegistryCountry", e.RegistryCountry, 10)
	code, region, divided := strings.Cut(e.RegistryCountry, "-")
	b.require(e.RegistryCountry == "" || len(code) == 2 && allLetters(code) && (!divided || region != ""),
		"ExpectedDetails.RegistryCountry is neither alpha-2 nor alpha-2 with a region")
}

// portraitFits reads base64 as the vendor would, a data URI's head left out.
func portraitFits(portrait kyc.Secret) bool {
	text := portrait.Reveal()
	if strings.HasPrefix(text, "data:") {
		_, text, _ = strings.Cut(text, ",")
	} else if text == "" {
		return true
	}
	n, err := io.Copy(io.Discard, base64.NewDecoder(base64.StdEncoding, strings.NewReader(text)))
	return err == nil && n > 0 && n <= maxPortrait
}

func checkStatus(req StatusRequest) error {
	b := &bounds{op: opUpdateStatus}
	switch req.NewStatus {
	case StatusApproved, StatusDeclined, StatusResubmitted:
	default:
		b.require(false, "NewStatus is none of Approved, Declined and Resubmitted")
	}
	b.require(req.NewStatus == StatusResubmitted || len(req.NodesToResubmit) == 0, "NodesToResubmit goes with Resubmitted only")
	for _, n := range req.NodesToResubmit {
		switch n.Feature {
		case "KYB_REGISTRY", "KYB_KEY_PEOPLE", "KYB":
			b.require(false, "NodesToResubmit names a step of a company's verification that nobody can repeat")
		}
	}
	b.require(!yes(req.SendEmail) || req.EmailAddress != "", "SendEmail needs EmailAddress")
	b.email("EmailAddress", req.EmailAddress)
	return b.err
}

func checkIDData(req IDData) error {
	b := &bounds{op: opUpdateID}
	b.atMost("DocumentSubtype", req.DocumentSubtype, 128)
	for _, f := range []struct{ name, value string }{
		{"DocumentNumber", req.DocumentNumber}, {"PersonalNumber", req.PersonalNumber}, {"FirstName", req.FirstName}, {"LastName", req.LastName},
		{"Address", req.Address}, {"PlaceOfBirth", req.PlaceOfBirth},
	} {
		b.atMost(f.name, f.value, 255)
	}
	b.atMost("Nationality", req.Nationality, 32)
	b.date("DateOfBirth", req.DateOfBirth)
	b.date("DateOfIssue", req.DateOfIssue)
	b.date("ExpirationDate", req.ExpirationDate)
	b.country("IssuingState", req.IssuingState, 3)
	b.require(req.Gender == "" || req.Gender == GenderM || req.Gender == GenderF || req.Gender == GenderU, "Gender is none of M, F and U")
	b.require(req.MaritalStatus == "" || req.MaritalStatus.Known(), "MaritalStatus is none of the documented words")
	b.address("ParsedAddress", req.ParsedAddress)
	return b.err
}

func (b *bounds) address(field string, a *PlainAddress) {
	if a != nil {
		b.country(field+".Country", a.Country, 2)
	}
}

func checkPOAData(req POAData) error {
	b := &bounds{op: opUpdatePOA}
	b.country("IssuingState", req.IssuingState, 3)
	b.require(req.DocumentType == "" || req.DocumentType.Known(), "DocumentType is none of the documented words, which are in capitals")
	b.atMost("DocumentLanguage", req.DocumentLanguage, 50)
	b.atMost("Issuer", req.Issuer, 255)
	b.atMost("NameOnDocument", req.NameOnDocument, 255)
	b.date("IssueDate", req.IssueDate)
	b.address("POAParsedAddress", req.POAParsedAddress)
	return b.err
}

func checkCompanyData(req CompanyData) error {
	b := &bounds{op: opUpdateCompany}
	for _, f := range []struct {
		name, value string
		limit       int
	}{
		{"CompanyName", req.CompanyName, 255}, {"RegistrationNumber", req.RegistrationNumber, 100}, {"Region", req.Region, 10},
		{"TaxNumber", req.TaxNumber, 100}, {"CompanyType", req.CompanyType, 100}, {"Website", req.Website, 500}, {"Phone", req.Phone, 50},
		{"LegalEntityIdentifier", req.LegalEntityIdentifier, 50}, {"LocationOfRegistration", req.LocationOfRegistration, 255},
	} {
		b.atMost(f.name, f.value, f.limit)
	}
	b.country("CountryCode", req.CountryCode, 2)
	b.date("IncorporationDate", req.IncorporationDate)
	b.email("Email", req.Email)
	b.require(req.RegisteredCapitalAmount == "" || isDecimal(req.RegisteredCapitalAmount), "RegisteredCapitalAmount is not a decimal of at most 20 digits, two of them after the point")
	b.require(req.RegisteredCapitalCurrency == "" || len(req.RegisteredCapitalCurrency) == 3 && allLetters(req.RegisteredCapitalCurrency),
		"RegisteredCapitalCurrency is not an ISO 4217 code")
	return b.err
}

// isDecimal takes the amounts that the vendor stores: twenty digits, two of them after the point.
func isDecimal(s string) bool {
	whole, part, divided := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return whole != "" && len(whole)+len(part) <= 20 && strings.Trim(whole+part, "0123456789") == "" && (!divided || part != "" && len(part) <= 2)
}

func checkHit(op, id string, status AMLReviewStatus) error {
	b := &bounds{op: op}
	b.require(id != "" && status != "", "HitID or ReviewStatus is empty")
	b.require(status.Known(), "ReviewStatus is none of the documented words")
	return b.err
}

func checkUser(op string, req UserRequest) error {
	b := &bounds{op: op}
	b.atMost("FullName", req.FullName, 512)
	b.atMost("DisplayName", req.DisplayName, 255)
	b.date("DateOfBirth", req.DateOfBirth)
	return b.err
}

func checkBusiness(req BusinessRequest) error {
	b := &bounds{op: opCreateBusiness}
	b.atMost("DisplayName", req.DisplayName, 255)
	b.atMost("LegalName", req.LegalName, 255)
	b.atMost("RegistrationNumber", req.RegistrationNumber, 100)
	b.atMost("CountryCode", req.CountryCode, 10)
	return b.err
}
