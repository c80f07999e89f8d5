package transmittest

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

var (
	errVisit = errors.New("transmittest: the hosted page cannot be reached")
	errUsed  = errors.New("transmittest: the start token is unknown or was used before")
)

// vendorTime is how the vendor writes a point in time.
const vendorTime = "2006-01-02T15:04:05.000Z"

// beginWithin is how long a session waits to be started.
const beginWithin = time.Hour

func (s *Server) createSession(c *fake.Call) {
	if !c.QueryOnly() || !c.JSON(nil) {
		return
	}
	var req transmit.SessionRequest
	if err := kyc.Unmarshal(c.Body, &req); err != nil {
		c.Refuse(http.StatusBadRequest, fake.RuleJSON, "does not decode")
		return
	}
	if detail := checkRequest(req); detail != "" {
		c.Refuse(http.StatusBadRequest, "request", detail)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.newSession(req)
	answer := map[string]any{"session_id": v.id, "expiration": s.now().Add(beginWithin).UTC().Format(vendorTime), "missing_images": s.missing(v)}
	switch {
	case req.Start != nil:
		var granted *bool
		if req.Start.Consent != nil {
			granted = &req.Start.Consent.Granted
		}
		s.start(v, granted)
	case req.AutoStart != nil && *req.AutoStart:
		s.start(v, nil)
	default:
		token := "st_" + s.fake.IDs().Hex(16)
		s.starts[token] = v
		answer["start_token"] = token
	}
	c.Reply(s.cfg.createStatus, answer)
}

// checkRequest tells what the vendor's prose forbids and a schema cannot say.
func checkRequest(req transmit.SessionRequest) string {
	if req.CallbackURL != "" {
		if u, err := url.Parse(req.CallbackURL); err != nil || u.Scheme == "" || (u.Host == "" && u.Opaque == "" && u.Path == "") {
			return "callback_url must be a URL address"
		}
	}
	if v := req.CustomerInformation; v != nil && strings.IndexFunc(v.ExternalUserID, unicode.IsSpace) >= 0 {
		return "external_user_id must be one word"
	}
	return ""
}

func (s *Server) result(c *fake.Call) {
	if !c.QueryOnly("detailed") || !c.NoBody() {
		return
	}
	deprecated := s.cfg.defaultShape
	switch c.Query("detailed") {
	case "":
	case "true":
		deprecated = false
	case "false":
		deprecated = true
	default:
		c.Refuse(http.StatusBadRequest, fake.RuleQuery, "detailed is neither true nor false")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.live(c.Path("sid"))
	if v == nil {
		c.Fail(http.StatusNotFound, "", "Session not found")
		return
	}
	status := s.status(v)
	switch {
	case status != transmit.SessionStatusComplete:
		s.replyResult(c, map[string]any{"session_id": v.id, "status": status}, status.Known())
	case s.cfg.body != nil:
		c.Reply(http.StatusOK, s.cfg.body(v.id))
	case deprecated:
		s.replyResult(c, s.deprecatedResult(v), s.listed(v))
	default:
		s.replyResult(c, s.completeResult(v), s.listed(v))
	}
}

// replyResult holds the fake's own result against the vendor's document, unless a script made up a word.
func (s *Server) replyResult(c *fake.Call, v any, listed bool) {
	body, err := json.Marshal(v)
	if err == nil && listed {
		err = schemas().CheckResponse("getResult", body)
	}
	if err != nil {
		s.fake.AddProblem(fake.Problem{Operation: c.Operation, Rule: fake.RuleFake, Detail: "answer: " + err.Error()})
	}
	c.Reply(http.StatusOK, body)
}

// listed tells whether the session's verdict and reasons are words of the vendor's document.
func (s *Server) listed(v *session) bool {
	recommendation, reasons := s.verdict(v)
	for _, reason := range reasons {
		if !slices.ContainsFunc(transmit.Reasons(), func(r transmit.ReasonRow) bool { return r.Code == reason }) {
			return false
		}
	}
	return recommendation.Known()
}

func (s *Server) deleteSession(c *fake.Call) {
	if !c.QueryOnly() || !c.NoBody() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.live(c.Path("sid"))
	if v == nil {
		c.Fail(http.StatusNotFound, "", "Session not found")
		return
	}
	v.deleted, v.images = true, nil
	s.emit("session_deleted", v.id)
	c.ReplyEmpty(http.StatusOK)
}

func (s *Server) consent(c *fake.Call) {
	if !c.QueryOnly() || !c.NoBody() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.live(c.Path("sid"))
	if v == nil {
		c.Fail(http.StatusNotFound, "", "Session not found")
		return
	}
	if v.consent == nil || !*v.consent {
		c.Reply(http.StatusOK, map[string]any{"consent_granted": false, "consent_date": ""})
		return
	}
	c.Reply(http.StatusOK, map[string]any{"consent_granted": true, "consent_date": v.consentAt.UTC().Format(vendorTime)})
}

// hostedPage is the vendor's page with a user who does at once what it asks for. It needs no access token.
func (s *Server) hostedPage(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := c.Path("start_token")
	v := s.starts[token]
	if v == nil || s.live(v.id) == nil || !s.now().Before(v.created.Add(beginWithin)) {
		c.ReplyBytes(http.StatusGone, "text/html", []byte("<html><body>This link cannot be used any more.</body></html>\n"))
		return
	}
	s.starts[token] = nil
	s.start(v, new(true))
	s.capture(v)
	if v.req.CallbackURL == "" {
		c.ReplyBytes(http.StatusOK, "text/html", []byte("<html><body>Done.</body></html>\n"))
		return
	}
	back, err := url.Parse(v.req.CallbackURL)
	if err != nil {
		c.Fail(http.StatusInternalServerError, "", "the callback URL does not parse")
		return
	}
	query := back.Query()
	query.Set("sessionId", v.id)
	if v.req.State != "" {
		query.Set("state", v.req.State)
	}
	back.RawQuery = query.Encode()
	c.Header().Set("Location", back.String())
	c.ReplyEmpty(http.StatusFound)
}

// batchSize reads the parameter of the event stream.
func batchSize(c *fake.Call) (int, bool) {
	text := c.Query("batch_size")
	if text == "" {
		return 100, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1000 {
		c.Refuse(http.StatusBadRequest, fake.RuleQuery, "batch_size is not between 1 and 1000")
		return 0, false
	}
	return n, true
}
