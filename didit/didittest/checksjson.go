package didittest

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Code is the code that the fake's messages hold, as in the vendor's sandbox.
const Code = "123456"

const (
	codeLife     = 5 * time.Minute
	maxAttempts  = 3
	sendsPerHour = 4
)

// sent is what went out to a number or address.
type sent struct {
	times    []time.Time
	attempts int
	open     bool
}

func (s *Server) screen(c *fake.Call) {
	var req didit.AMLRequest
	if !c.JSON(&req) {
		return
	}
	if len(req.Nationality) != 0 && len(req.Nationality) != 2 {
		c.Reply(http.StatusBadRequest, map[string][]string{"nationality": {"Invalid ISO 3166-1 alpha-2 country code."}})
		return
	}
	k, o := keptOf(req.SaveAPIRequest, req.VendorData, req.Metadata), s.outcome(c.Operation)
	aml := didit.AMLScreening{
		Status: o.status, TotalHits: new(int64(0)), EntityType: string(req.EntityType), Score: new(0.0), Hits: []didit.AMLHit{}, Warnings: o.warnings(didit.WarningFeatureAML),
	}
	if len(o.risks) > 0 {
		aml.TotalHits, aml.Score = new(int64(1)), new(90.0)
		aml.Hits = []didit.AMLHit{{ID: "hit-1", Caption: "Carmen Sample", MatchScore: new(95.0), RiskScore: new(90.0), ReviewStatus: didit.AMLReviewStatusUnreviewed}}
	}
	s.reply(c, http.StatusOK, didit.AMLResponse{RequestID: s.keep(c, k, o), AML: &aml, VendorData: k.vendorData, Metadata: k.metadata, CreatedAt: s.now()})
}

func (s *Server) validate(c *fake.Call) {
	var k kept
	var state string
	var services bool
	if strings.HasPrefix(c.Request.Header.Get("Content-Type"), "multipart/") {
		specs := fields("issuing_state", "services", "consent", "identification_number", "first_name", "last_name", "date_of_birth", "document_number")
		parts, ok := c.Multipart(append(specs, fake.PartSpec{Name: "selfie", ContentTypes: []string{"image/jpeg", "image/png", "image/webp"}, MaxSize: 2 << 20})...)
		if !ok {
			return
		}
		state, services = string(parts["issuing_state"].Data), parts["services"].Data != nil
		k = kept{save: string(parts["save_api_request"].Data) != "false", vendorData: string(parts["vendor_data"].Data), metadata: parts["metadata"].Data}
	} else {
		var req didit.DatabaseValidationRequest
		if !c.JSON(&req) {
			return
		}
		state, services, k = req.IssuingState, len(req.Services) > 0, keptOf(req.SaveAPIRequest, req.VendorData, req.Metadata)
	}
	if len(state) != 3 {
		c.Reply(http.StatusBadRequest, map[string][]string{"error": {"Invalid issuing state."}})
		return
	}
	o := s.outcome(c.Operation)
	db := didit.DatabaseCheck{
		Status: o.status, IssuingState: state, ValidationType: didit.ValidationTypeOneByOne, ScreenedData: json.RawMessage(`{"first_name":"Carmen"}`),
		MatchType: didit.MatchTypeFullMatch, Warnings: o.warnings(didit.WarningFeatureDatabaseValidation),
	}
	if o.status == didit.FeatureStatusDeclined {
		db.MatchType = didit.MatchTypeNoMatch
	}
	form := `{"full_name":"` + string(db.MatchType) + `"}`
	if k.save {
		form = `[{"service_id":"fake_registry","service_name":"Fake registry","validation":` + form + `,"outcome_code":"MATCH"}]`
	}
	if err := db.Validations.UnmarshalJSON([]byte(form)); err != nil {
		panic(err)
	}
	if services {
		db.ServicesUsed, db.MatchScore = []string{"fake_registry"}, new(1.0)
	}
	s.reply(c, http.StatusOK, didit.DatabaseValidationResponse{
		RequestID: s.keep(c, k, o), DatabaseValidation: &db, VendorData: k.vendorData, Metadata: k.metadata, CreatedAt: s.now(),
	})
}

// send notes that a code went out; false where the number has had too many.
func (s *Server) send(to string, limited bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.clock()
	x := s.codes[to]
	if x == nil {
		x = &sent{}
		s.codes[to] = x
	}
	for len(x.times) > 0 && now.Sub(x.times[0]) >= time.Hour {
		x.times = x.times[1:]
	}
	if limited && len(x.times) >= sendsPerHour {
		return false
	}
	x.times, x.attempts, x.open = append(x.times, now), 0, true
	return true
}

// enter compares a code with the one that went out.
func (s *Server) enter(to, code string, o checkOutcome) (status didit.CodeStatus, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.codes[to]
	if x == nil || !x.open || s.cfg.clock().Sub(x.times[len(x.times)-1]) > codeLife {
		return didit.CodeStatusExpiredOrNotFound, "Nothing was sent in the last minutes."
	}
	x.attempts++
	switch {
	case code == Code:
		x.open = false
		return didit.CodeStatus(o.status), "The code is correct."
	case x.attempts >= maxAttempts:
		x.open = false
		return didit.CodeStatusDeclined, "The code is wrong. No attempts remain."
	default:
		return didit.CodeStatusFailed, "The code is wrong."
	}
}

func (s *Server) sendPhone(c *fake.Call) {
	var req didit.PhoneSendRequest
	if !c.JSON(&req) {
		return
	}
	if !s.send(req.PhoneNumber, true) {
		c.Fail(http.StatusTooManyRequests, "", "Maximum verification attempts reached for this phone number.")
		return
	}
	s.reply(c, http.StatusOK, didit.PhoneSendResponse{RequestID: s.srv.IDs().UUID(), Status: didit.SendStatusSuccess, VendorData: req.VendorData, Metadata: req.Metadata})
}

func (s *Server) checkPhone(c *fake.Call) {
	var req didit.PhoneCheckRequest
	if !c.JSON(&req) {
		return
	}
	o := s.outcome(c.Operation)
	status, message := s.enter(req.PhoneNumber, req.Code.Reveal(), o)
	out := didit.PhoneCheckResponse{RequestID: s.srv.IDs().UUID(), Status: status, Message: message, CreatedAt: s.now()}
	if status != didit.CodeStatusFailed && status != didit.CodeStatusExpiredOrNotFound {
		out.Phone = &didit.PhoneVerification{
			Status: didit.FeatureStatus(status), FullNumber: req.PhoneNumber, VerificationMethod: "whatsapp", Carrier: &didit.PhoneCarrier{Name: "Example", Type: "mobile"},
			Warnings: o.warnings(didit.WarningFeaturePhone),
		}
	}
	s.reply(c, http.StatusOK, out)
}

func (s *Server) sendEmail(c *fake.Call) {
	var req didit.EmailSendRequest
	if !c.JSON(&req) {
		return
	}
	out := didit.EmailSendResponse{RequestID: s.srv.IDs().UUID(), Status: didit.SendStatusSuccess, VendorData: req.VendorData, Metadata: req.Metadata}
	if strings.HasSuffix(req.Email, ".invalid") {
		out.Status, out.Reason = didit.SendStatusUndeliverable, "email_can_not_be_delivered"
	} else {
		s.send(req.Email, false)
	}
	s.reply(c, http.StatusOK, out)
}

func (s *Server) checkEmail(c *fake.Call) {
	var req didit.EmailCheckRequest
	if !c.JSON(&req) {
		return
	}
	o := s.outcome(c.Operation)
	status, message := s.enter(req.Email, req.Code.Reveal(), o)
	out := didit.EmailCheckResponse{RequestID: s.srv.IDs().UUID(), Status: status, Message: message, CreatedAt: s.now()}
	if status != didit.CodeStatusFailed && status != didit.CodeStatusExpiredOrNotFound {
		out.Email = &didit.EmailVerification{Status: didit.FeatureStatus(status), Email: req.Email, Warnings: o.warnings(didit.WarningFeatureEmail)}
	}
	s.reply(c, http.StatusOK, out)
}

// registryHit is the one company that the fake's registry knows.
const registryHit = "didittest-company"

func (s *Server) searchRegistry(c *fake.Call) {
	var req didit.KYBSearchRequest
	if !c.JSON(&req) {
		return
	}
	if req.Name == "" && req.RegistrationNumber == "" {
		c.Reply(http.StatusBadRequest, map[string][]string{"non_field_errors": {"Give a name or a registration_number."}})
		return
	}
	found := didit.RegistrySearch{Companies: []didit.RegistryHit{}, SearchStatus: didit.SearchStatusPending, SearchResolved: new(false), Pagination: &didit.RegistryPagination{Total: new(int64(0)), Page: new(int64(1)), PerPage: new(int64(25))}}
	if req.WebhookURL == "" {
		found.SearchStatus, found.SearchResolved, found.Pagination.Total = didit.SearchStatusResolved, new(true), new(int64(1))
		found.Companies = []didit.RegistryHit{{KYBResponseID: registryHit, Name: "ACME HOLDINGS LTD", RegistrationNumber: "12345678", Status: "active", FetchStatus: "pending"}}
	}
	s.reply(c, http.StatusOK, didit.KYBSearchResponse{RequestID: s.srv.IDs().UUID(), KYBRegistry: &found, VendorData: req.VendorData, Metadata: req.Metadata, CreatedAt: s.now()})
}

func (s *Server) selectCompany(c *fake.Call) {
	var req didit.KYBSelectRequest
	if !c.JSON(&req) {
		return
	}
	switch {
	case req.SaveAPIRequest != nil && !*req.SaveAPIRequest:
		c.Reply(http.StatusBadRequest, map[string][]string{"save_api_request": {"Must be saved."}})
		return
	case req.KYBResponseID != registryHit:
		c.Fail(http.StatusNotFound, "", "Not found.")
		return
	}
	o := s.outcome(c.Operation)
	profile := didit.RegistryCompany{
		UUID: s.srv.IDs().UUID(), Status: o.status, RegistryStatus: "active", DataResolved: new(true), CompanyName: "ACME HOLDINGS LTD", RegistrationNumber: "12345678",
		CountryCode: "GB", RiskLevel: "low risk", FetchStatus: "resolved", IsFromRegistry: new(true), AlternativeNames: json.RawMessage(`"ACME"`), Accounts: json.RawMessage(`{}`),
		BeneficialOwners: []didit.CompanyOwner{{Name: "John Doe", EntityType: didit.EntityTypePerson, Roles: []string{"ubo"}, OwnershipMinShares: didit.NewShare("25%"), OwnershipMaxShares: didit.NewShare("50%")}},
	}
	s.reply(c, http.StatusOK, didit.KYBSelectResponse{RequestID: s.srv.IDs().UUID(), KYBRegistry: &profile, VendorData: req.VendorData, Metadata: req.Metadata, CreatedAt: s.now()})
}

func (s *Server) screenWallet(c *fake.Call) {
	var req didit.WalletScreeningRequest
	if !c.JSON(&req) {
		return
	}
	out := didit.WalletScreeningResponse{
		Provider: "didittest", ScreeningType: "WALLET_SCREENING", RiskScore: new(int64(5)), Severity: didit.SeverityLow, Status: didit.WalletStatusScreened,
		Summary: "simulated", WalletAddress: req.WalletAddress, Blockchain: string(req.Blockchain), SanctionsHit: new(false), SourceOfFunds: []didit.WalletExposure{},
		DestinationOfFunds: []didit.WalletExposure{}, CounterpartyConnections: []didit.WalletCounterparty{},
	}
	if o := s.outcome(c.Operation); len(o.risks) > 0 {
		out.RiskScore, out.Severity, out.SanctionsHit, out.DominantRiskCategory = new(int64(72)), didit.SeverityHigh, new(true), o.risks[0]
	}
	s.reply(c, http.StatusOK, out)
}

func (s *Server) health(c *fake.Call) {
	if c.QueryOnly() {
		s.reply(c, http.StatusOK, didit.HealthStatus{Status: "ok", Timestamp: kyc.Timestamp(s.cfg.clock().UTC().Format(time.RFC3339))})
	}
}
