package didittest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// session is one verification. Its fields are guarded by Server.mu.
type session struct {
	id, token       string
	kind            didit.SessionKind
	number          int64
	workflow        string
	vendorData      string
	callback        string
	metadata        json.RawMessage
	expected        *didit.ExpectedDetails
	contact         *didit.ContactDetails
	status          didit.SessionStatus
	script          script
	reads           int
	created         time.Time
	deleted         bool
	reviews         []*didit.ReviewNote
	decisions       []didit.Review
	node            map[didit.FeatureName]didit.FeatureStatus
	hits            map[string]didit.AMLReviewStatus
	idData          map[string]json.RawMessage
	poaData         map[string]json.RawMessage
	companyData     map[string]json.RawMessage
	sharedFrom      string
	scenario        string
	companyID       string
	lastResubmitted *didit.ResubmitInfo
}

// next are the moves that the vendor documents.
var next = map[didit.SessionStatus][]didit.SessionStatus{
	didit.StatusNotStarted: {didit.StatusInProgress, didit.StatusExpired},
	didit.StatusInProgress: {
		didit.StatusApproved, didit.StatusDeclined, didit.StatusInReview, didit.StatusAwaitingUser, didit.StatusAbandoned,
	},
	didit.StatusAwaitingUser: {didit.StatusApproved, didit.StatusDeclined, didit.StatusInReview},
	didit.StatusInReview:     {didit.StatusApproved, didit.StatusDeclined, didit.StatusResubmitted},
	didit.StatusApproved:     {didit.StatusKYCExpired, didit.StatusDeclined, didit.StatusResubmitted},
	didit.StatusDeclined:     {didit.StatusResubmitted, didit.StatusApproved},
	didit.StatusResubmitted:  {didit.StatusApproved, didit.StatusDeclined, didit.StatusInReview, didit.StatusInProgress},
	didit.StatusKYCExpired:   {didit.StatusApproved, didit.StatusDeclined, didit.StatusResubmitted},
	didit.StatusAbandoned:    {didit.StatusApproved, didit.StatusDeclined, didit.StatusResubmitted},
}

// unfinished sessions are handed out again.
func (x *session) unfinished() bool {
	switch x.status {
	case didit.StatusNotStarted, didit.StatusInProgress, didit.StatusResubmitted, didit.StatusAwaitingUser:
		return true
	}
	return false
}

// decided sessions can be corrected, shared and printed.
func (x *session) decided() bool {
	return slices.Contains([]didit.SessionStatus{didit.StatusApproved, didit.StatusDeclined, didit.StatusInReview, didit.StatusKYCExpired}, x.status)
}

func (s *Server) exists(id string) bool { return s.session(id) != nil }

func (s *Server) session(id string) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[id]
	if x == nil || x.deleted {
		return nil
	}
	return x
}

// Status returns a session's status, and false for one that is unknown or deleted.
func (s *Server) Status(id string) (didit.SessionStatus, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[id]
	if x == nil || x.deleted {
		return "", false
	}
	return x.status, true
}

// Complete does what a user does who opens the link and goes through to the
// end: the session becomes In Progress and, after the time of [Processing], what
// [Outcome] says. It returns false for a session that cannot be begun.
func (s *Server) Complete(id string) bool {
	s.mu.Lock()
	x := s.sessions[id]
	ok := x != nil && !x.deleted && (x.status == didit.StatusNotStarted || x.status == didit.StatusResubmitted || x.status == didit.StatusInProgress)
	if ok {
		s.set(x, didit.StatusInProgress)
		end := x.script.status
		if s.cfg.processing <= 0 {
			s.set(x, end)
		} else {
			s.timers = append(s.timers, time.AfterFunc(s.cfg.processing, func() {
				s.mu.Lock()
				defer s.mu.Unlock()
				if !x.deleted && x.status == didit.StatusInProgress {
					s.set(x, end)
				}
			}))
		}
	}
	s.mu.Unlock()
	return ok
}

// Move gives a session another status, with its notice. It returns false where
// the vendor documents no such move; from or to a word that is not documented,
// every move is taken.
func (s *Server) Move(id string, status didit.SessionStatus) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[id]
	if x == nil || x.deleted {
		return false
	}
	if status.Known() && x.status.Known() && !slices.Contains(next[x.status], status) {
		return false
	}
	s.set(x, status)
	return true
}

// set changes the status and sends the notice; the caller holds the lock.
func (s *Server) set(x *session, status didit.SessionStatus) {
	if x.status == status {
		return
	}
	x.status = status
	if status != didit.StatusResubmitted {
		x.lastResubmitted = nil
	}
	s.notify(x, didit.EventStatusUpdated, "")
}

func (s *Server) create(c *fake.Call) {
	var req didit.SessionRequest
	if !c.JSON(&req) {
		return
	}
	kind := didit.SessionKindUser
	switch req.WorkflowID {
	case Workflow:
	case BusinessWorkflow:
		kind = didit.SessionKindBusiness
	default:
		c.Reply(http.StatusBadRequest, map[string]string{"workflow_id": "Invalid workflow_id."})
		return
	}
	if req.SandboxScenario != "" && !s.cfg.sandbox {
		c.Reply(http.StatusBadRequest, map[string][]string{"sandbox_scenario": {"Only sandbox applications simulate."}})
		return
	}
	if e := req.ExpectedDetails; e != nil && e.Address != "" && e.Country == "" && e.POACountry == "" {
		c.Reply(http.StatusBadRequest, map[string]map[string][]string{"expected_details": {"address": {"A country is required with it."}}})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var x *session
	for _, known := range s.order {
		if !known.deleted && known.vendorData != "" && known.vendorData == req.VendorData && known.workflow == req.WorkflowID && known.unfinished() {
			x = known
		}
	}
	if x == nil {
		x = s.newSession(kind, req.WorkflowID, req.VendorData)
		x.status = didit.StatusNotStarted
		x.expected, x.contact = req.ExpectedDetails, req.ContactDetails
		if req.SandboxScenario != "" && !x.arm(req.SandboxScenario) {
			delete(s.sessions, x.id)
			s.order = s.order[:len(s.order)-1]
			c.Reply(http.StatusBadRequest, map[string][]string{"sandbox_scenario": {"Unknown sandbox scenario."}})
			return
		}
	}
	x.callback, x.metadata = req.Callback, req.Metadata
	s.reply(c, http.StatusCreated, s.created(x))
}

func (s *Server) newSession(kind didit.SessionKind, workflow, vendorData string) *session {
	s.numbers[kind]++
	x := &session{
		id: s.srv.IDs().UUID(), token: s.srv.IDs().Hex(6), kind: kind, number: 1000 + s.numbers[kind], workflow: workflow, vendorData: vendorData,
		script: s.script, created: s.cfg.clock(), node: make(map[didit.FeatureName]didit.FeatureStatus), companyID: s.srv.IDs().UUID(),
		hits: map[string]didit.AMLReviewStatus{"hit-1": didit.AMLReviewStatusUnreviewed},
	}
	s.sessions[x.id] = x
	s.order = append(s.order, x)
	return x
}

func (s *Server) link(x *session) kyc.Secret {
	if s.cfg.hidden {
		return ""
	}
	return kyc.Secret(s.srv.URL() + "/session/" + x.token)
}

func (s *Server) created(x *session) didit.Session {
	out := didit.Session{
		SessionID: x.id, SessionNumber: new(x.number), SessionToken: kyc.Secret(x.token), URL: s.link(x), VendorData: x.vendorData,
		Metadata: x.metadata, Status: x.status, Callback: x.callback, WorkflowID: x.workflow, WorkflowVersion: new(int64(1)),
	}
	if s.cfg.hidden {
		out.SessionToken = ""
	}
	return out
}

// reply writes a value of package didit.
func (s *Server) reply(c *fake.Call, status int, v any) {
	body, err := kyc.Marshal(v)
	if err != nil {
		panic(err)
	}
	c.Reply(status, body)
}

// open is the hosted page: it goes through the flow at once.
func (s *Server) open(c *fake.Call) {
	s.mu.Lock()
	var x *session
	if i := slices.IndexFunc(s.order, func(x *session) bool { return x.token == c.Path("token") && !x.deleted }); i >= 0 {
		x = s.order[i]
	}
	s.mu.Unlock()
	if x == nil {
		notFoundPage(c)
		return
	}
	s.Complete(x.id)
	s.mu.Lock()
	defer s.mu.Unlock()
	back, err := url.Parse(x.callback)
	if x.callback == "" || err != nil {
		c.ReplyBytes(http.StatusOK, "text/html; charset=utf-8", []byte("<!doctype html>\n<title>Done</title>\n"))
		return
	}
	q := back.Query()
	q.Set("verificationSessionId", x.id)
	q.Set("status", string(x.status))
	back.RawQuery = q.Encode()
	c.Header().Set("Location", back.String())
	c.ReplyEmpty(http.StatusFound)
}

func (s *Server) decision(c *fake.Call) {
	if !c.QueryOnly("include") {
		return
	}
	events := c.Query("include") == "events"
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[c.Path("session")]
	if path := x.script.path; len(path) > 0 {
		s.set(x, path[min(x.reads, len(path)-1)])
	}
	x.reads++
	if x.script.body != nil && x.status == x.script.status {
		c.Reply(http.StatusOK, x.script.body(x.id))
		return
	}
	s.reply(c, http.StatusOK, s.render(x, events && x.kind == didit.SessionKindUser))
}

// listFilters are the documented ones. The fake applies kind, status, vendor_data and workflow.
var listFilters = []string{
	"session_kind", "limit", "offset", "status", "vendor_data", "search", "workflow_id", "date_from", "date_to", "country", "document_type",
	"document_name", "region", "didit_internal_id", "session_type", "api_service", "screened_full_name", "warning",
	"status_initialized_as_in_review", "is_kyc_to_be_reviewed", "euuid", "organization_name",
}

func (s *Server) list(c *fake.Call) {
	if !c.QueryOnly(listFilters...) {
		return
	}
	kind := c.Query("session_kind")
	switch kind {
	case "", "user", "business", "all":
	default:
		c.Reply(http.StatusBadRequest, map[string]string{"session_kind": "Must be user, business or all."})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var rows []didit.SessionSummary
	for _, x := range slices.Backward(s.order) {
		if x.deleted || (kind != "all" && string(x.kind) != kind && !(kind == "" && x.kind == didit.SessionKindUser)) {
			continue
		}
		if v := c.Query("vendor_data"); v != "" && v != x.vendorData {
			continue
		}
		if v := c.Query("status"); v != "" && !slices.Contains(splitList(v), string(x.status)) {
			continue
		}
		if v := c.Query("workflow_id"); v != "" && !slices.Contains(splitList(v), x.workflow) {
			continue
		}
		rows = append(rows, s.summary(x))
	}
	total := len(rows)
	if kind == "business" {
		total = min(total, 100)
	}
	page, links := paginate(c, s.srv.URL(), rows)
	s.reply(c, http.StatusOK, didit.SessionPage{Count: new(int64(total)), Next: links[0], Previous: links[1], Results: page})
}

// paginate cuts a page and returns the absolute links to its neighbours.
func paginate[T any](c *fake.Call, root string, rows []T) ([]T, [2]string) {
	limit, offset := 50, 0
	if n, err := strconv.Atoi(c.Query("limit")); err == nil && n > 0 {
		limit = n
	}
	if n, err := strconv.Atoi(c.Query("offset")); err == nil && n > 0 {
		offset = n
	}
	link := func(offset int) string {
		q := c.Request.URL.Query()
		q.Set("limit", strconv.Itoa(limit))
		q.Set("offset", strconv.Itoa(offset))
		return root + c.Request.URL.Path + "?" + q.Encode()
	}
	var links [2]string
	if offset+limit < len(rows) {
		links[0] = link(offset + limit)
	}
	if offset > 0 {
		links[1] = link(max(0, offset-limit))
	}
	from := min(offset, len(rows))
	page := rows[from:min(from+limit, len(rows))]
	return append([]T{}, page...), links
}
