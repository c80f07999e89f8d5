package didittest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// listDestinations answers a bare list without the secrets.
func (s *Server) listDestinations(c *fake.Call) {
	if !c.QueryOnly() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := []didit.DestinationSummary{}
	for _, d := range s.records.destinations.all() {
		d.SecretSharedKey, d.Summary = "", nil
		rows = append(rows, as[didit.DestinationSummary](d))
	}
	s.reply(c, http.StatusOK, rows)
}

func (s *Server) createDestination(c *fake.Call) {
	var req didit.DestinationRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken(c, req.URL, "") {
		return
	}
	d := didit.Destination{
		UUID: s.srv.IDs().UUID(), Label: req.Label, URL: req.URL, Enabled: req.Enabled, WebhookVersion: req.WebhookVersion, SubscribedEvents: req.SubscribedEvents,
		SecretSharedKey: kyc.Secret(s.srv.IDs().Hex(21) + "0"), CreatedAt: stamp(s.cfg.clock()), UpdatedAt: stamp(s.cfg.clock()),
		Summary: &didit.DeliverySummary{TotalDeliveries: new(int64(0)), FailedDeliveries: new(int64(0))},
	}
	if d.Enabled == nil {
		d.Enabled = new(true)
	}
	s.reply(c, http.StatusCreated, *s.records.destinations.put(d.UUID, d))
}

// taken refuses an address that another destination has, or that is not https.
func (s *Server) taken(c *fake.Call, url, except string) bool {
	if url != "" && !strings.HasPrefix(url, "https://") {
		c.RefuseWith(fake.Refusal{Status: http.StatusBadRequest, Rule: fake.RuleJSON, Code: "field", Detail: "Must be https.", Fields: []string{"url"}})
		return true
	}
	if url != "" && slices.ContainsFunc(s.records.destinations.all(), func(d didit.Destination) bool { return d.URL == url && d.UUID != except }) {
		fieldError(c, "url", "This webhook destination already exists for the application.")
		return true
	}
	return false
}

func (s *Server) getDestination(c *fake.Call) {
	show(s, c, &s.records.destinations, c.Path("destination"))
}

func (s *Server) updateDestination(c *fake.Call) {
	var req didit.DestinationUpdate
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	refused := s.taken(c, req.URL, c.Path("destination"))
	s.mu.Unlock()
	if !refused {
		change(s, c, &s.records.destinations, c.Path("destination"), nil)
	}
}

func (s *Server) deleteDestination(c *fake.Call) {
	discard(s, c, &s.records.destinations, c.Path("destination"))
}

func (s *Server) getDelivery(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := find(c, &s.records.destinations, c.Path("destination")); d != nil {
		c.Reply(http.StatusOK, map[string]string{"uuid": c.Path("delivery"), "destination": d.UUID})
	}
}

// older is the older webhook; the caller holds the lock.
func (s *Server) older() *didit.WebhookSettings {
	w := &s.records.webhook
	if w.SecretSharedKey == "" {
		w.SecretSharedKey, w.WebhookVersion, w.CaptureMethod = webhookSecret, didit.WebhookVersionV3, didit.CaptureMethodBoth
	}
	return w
}

func (s *Server) webhookSettings(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reply(c, http.StatusOK, *s.older())
}

func (s *Server) updateWebhookSettings(c *fake.Call) {
	var req didit.WebhookSettingsUpdate
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.older()
	var members map[string]json.RawMessage
	merge(&members, c.Body)
	delete(members, "rotate_secret_key")
	overlay(w, members)
	if req.RotateSecretKey != nil && *req.RotateSecretKey {
		w.SecretSharedKey = kyc.Secret(s.srv.IDs().Hex(21) + "0")
	}
	s.reply(c, http.StatusOK, *w)
}

func (s *Server) balance(c *fake.Call) {
	s.reply(c, http.StatusOK, didit.Balance{Balance: "1234.5600", AutoRefillEnabled: new(false)})
}

func (s *Server) topUp(c *fake.Call) {
	var req didit.TopUpRequest
	if !c.JSON(&req) {
		return
	}
	id := s.srv.IDs().Hex(12)
	s.reply(c, http.StatusOK, didit.TopUpResponse{CheckoutSessionID: id, CheckoutSessionURL: kyc.Secret("https://checkout.example/" + id)})
}

// lookOf is the customization; the caller holds the lock.
func (s *Server) lookOf() *didit.Customization {
	l := &s.records.look
	if l.ColorPrimary == "" {
		l.ColorPrimary, l.FontFamily, l.CallbackSeconds = "#000000", "Inter", new(int64(3))
	}
	return l
}

func (s *Server) customization(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reply(c, http.StatusOK, *s.lookOf())
}

func (s *Server) customize(c *fake.Call) {
	logo := []string{"image/png", "image/jpeg", "image/webp"}
	if strings.HasPrefix(c.Request.Header.Get("Content-Type"), "multipart/") {
		parts, ok := c.Multipart(
			fake.PartSpec{Name: "image_square", Optional: true, ContentTypes: logo, MaxSize: 1 << 20}, fake.PartSpec{Name: "image_rectangular", Optional: true, ContentTypes: logo, MaxSize: 1 << 20},
			fake.PartSpec{Name: "image_favicon", Optional: true, MaxSize: 500 << 10},
		)
		if !ok {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		l := s.lookOf()
		for name, link := range map[string]*string{"image_square": &l.LogoSquare, "image_rectangular": &l.LogoRectangular, "image_favicon": &l.Favicon} {
			if _, ok := parts[name]; ok {
				*link = s.media(name).Reveal()
			}
		}
		s.reply(c, http.StatusOK, *l)
		return
	}
	if !c.JSON(nil) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var members map[string]json.RawMessage
	merge(&members, c.Body)
	for name := range members {
		if strings.HasPrefix(name, "delete_") {
			delete(members, name)
		}
	}
	overlay(s.lookOf(), members)
	s.reply(c, http.StatusOK, *s.lookOf())
}

func (s *Server) listTransactions(c *fake.Call) {
	if c.QueryOnly("limit", "offset") {
		s.mu.Lock()
		defer s.mu.Unlock()
		table[didit.TransactionSummary](s, c, s.records.transactions.all(), true)
	}
}

func (s *Server) createTransaction(c *fake.Call) {
	var req didit.TransactionRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.records.transactions.all(), func(t didit.Transaction) bool { return t.TxnID == req.TransactionID }) {
		fieldError(c, "transaction_id", "A transaction with this transaction_id already exists.")
		return
	}
	amount, err := json.Marshal(req.TransactionDetails.Amount)
	if err != nil {
		panic(err)
	}
	direction := didit.TransactionDirectionOutbound
	if strings.HasPrefix(string(req.TransactionDetails.Direction), "in") {
		direction = didit.TransactionDirectionInbound
	}
	t := didit.Transaction{
		UUID: s.srv.IDs().UUID(), TransactionNumber: new(int64(len(s.records.transactions.ids) + 1)), TxnID: req.TransactionID, TransactionType: string(req.TransactionCategory),
		Direction: direction, Status: didit.TransactionStatusApproved, Amount: string(amount), Currency: req.TransactionDetails.Currency, Score: new(int64(0)),
		VendorData: req.Subject.VendorData, TxnDate: stamp(s.cfg.clock()),
	}
	s.reply(c, http.StatusCreated, *s.records.transactions.put(t.UUID, t))
}

func (s *Server) getTransaction(c *fake.Call) {
	show(s, c, &s.records.transactions, c.Path("transaction"))
}

func (s *Server) transactionToken(c *fake.Call) {
	var req didit.TransactionTokenRequest
	if !c.JSON(&req) {
		return
	}
	life := 900 * time.Second
	if req.TTLSeconds != nil {
		life = time.Duration(*req.TTLSeconds) * time.Second
	}
	s.reply(c, http.StatusCreated, didit.TransactionToken{SDKToken: kyc.Secret(s.srv.IDs().Hex(16)), ExpiresAt: stamp(s.cfg.clock().Add(life))})
}
