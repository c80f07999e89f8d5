package didittest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func (s *Server) updateStatus(c *fake.Call) {
	var req didit.StatusRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[c.Path("session")]
	switch {
	case req.SendEmail != nil && *req.SendEmail && req.EmailAddress == "":
		c.Reply(http.StatusBadRequest, map[string][]string{"email_address": {"This field is required."}})
		return
	case !x.decided() && x.status != didit.StatusAbandoned && x.status != didit.StatusResubmitted:
		c.Reply(http.StatusBadRequest, map[string]string{"detail": "The session's status cannot be updated now."})
		return
	case x.status == req.NewStatus:
		c.Reply(http.StatusBadRequest, []string{"The new status is the same as the current status."})
		return
	}
	if req.NewStatus == didit.StatusResubmitted {
		x.lastResubmitted = &didit.ResubmitInfo{Reasons: map[string]string{}}
		for _, n := range req.NodesToResubmit {
			raw, err := kyc.Marshal(n)
			if err != nil {
				panic(err)
			}
			x.lastResubmitted.NodesToResubmit = append(x.lastResubmitted.NodesToResubmit, raw)
			x.lastResubmitted.Reasons[n.NodeID] = req.Comment
		}
		// The user starts over.
		x.node = make(map[didit.FeatureName]didit.FeatureStatus)
	}
	x.decisions = append(x.decisions, didit.Review{User: "API Client", NewStatus: string(req.NewStatus), Comment: req.Comment, CreatedAt: stamp(s.cfg.clock())})
	s.set(x, req.NewStatus)
	s.reply(c, http.StatusOK, didit.StatusResponse{SessionID: x.id})
}

func (s *Server) updateFeature(c *fake.Call) {
	var req didit.FeatureStatusRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[c.Path("session")]
	name := featuresOf(x.kind)[0]
	if node := c.Path("node"); node != didit.DefaultNode {
		name = ""
		for _, f := range featuresOf(x.kind) {
			if nodes[f] == node {
				name = f
			}
		}
	}
	if name == "" {
		c.Fail(http.StatusNotFound, "", "Not found.")
		return
	}
	x.node[name] = req.NewStatus
	s.notify(x, didit.EventDataUpdated, "manual_review")
	feature := string(name)
	if name == didit.FeatureIDVerification {
		feature = "KYC"
	}
	s.reply(c, http.StatusOK, didit.FeatureStatusResponse{SessionID: x.id, NodeID: c.Path("node"), FeatureType: feature, NewStatus: req.NewStatus})
}

func (s *Server) updateHit(c *fake.Call) {
	var req didit.HitReviewRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[c.Path("session")]
	if _, ok := x.hits[req.HitID]; !ok {
		c.Fail(http.StatusNotFound, "", "Not found.")
		return
	}
	x.hits[req.HitID] = req.ReviewStatus
	s.notify(x, didit.EventDataUpdated, "manual_review")
	s.reply(c, http.StatusOK, didit.HitReviewResponse{Message: "updated", HitID: req.HitID, ReviewStatus: req.ReviewStatus})
}

func (s *Server) updateHits(c *fake.Call) {
	var req didit.HitReviewsRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[c.Path("session")]
	for _, h := range req.HitUpdates {
		if _, ok := x.hits[h.HitID]; !ok {
			c.Reply(http.StatusBadRequest, map[string][]map[string][]string{"hit_updates": {{"hit_id": {"Unknown hit."}}}})
			return
		}
	}
	var updated []string
	for _, h := range req.HitUpdates {
		x.hits[h.HitID] = h.ReviewStatus
		updated = append(updated, h.HitID)
	}
	s.notify(x, didit.EventDataUpdated, "manual_review")
	s.reply(c, http.StatusOK, didit.HitReviewsResponse{Message: "updated", UpdatedHits: updated})
}

// merge puts the members of a request over those stored.
func merge(into *map[string]json.RawMessage, body []byte) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		panic(err)
	}
	if *into == nil {
		*into = make(map[string]json.RawMessage)
	}
	for name, value := range members {
		(*into)[name] = value
	}
}

// correct stores a correction; the vendor does not find a session that is not decided.
func (s *Server) correct(c *fake.Call, members func(*session) *map[string]json.RawMessage, always bool) *session {
	if !c.QueryOnly("node_id") || !c.JSON(nil) {
		return nil
	}
	x := s.sessions[c.Path("session")]
	if !x.decided() {
		c.Fail(http.StatusNotFound, "", "Session not found.")
		return nil
	}
	before, _ := json.Marshal(*members(x))
	merge(members(x), c.Body)
	if after, _ := json.Marshal(*members(x)); always || string(before) != string(after) {
		s.notify(x, didit.EventDataUpdated, "manual_review")
	}
	return x
}

func (s *Server) updateID(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.correct(c, func(x *session) *map[string]json.RawMessage { return &x.idData }, true)
	if x == nil {
		return
	}
	record := didit.IDData{DocumentType: "P", DocumentNumber: "X0000001", FirstName: "Carmen", LastName: "Sample", DateOfBirth: "1980-01-01"}
	overlay(&record, x.idData)
	s.reply(c, http.StatusOK, record)
}

func (s *Server) updatePOA(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.correct(c, func(x *session) *map[string]json.RawMessage { return &x.poaData }, false)
	if x == nil {
		return
	}
	record := didit.POAData{DocumentType: didit.POADocumentTypeUtilityBill, Issuer: "Example Water", IssuingState: "ESP"}
	overlay(&record, x.poaData)
	s.reply(c, http.StatusOK, record)
}

func (s *Server) updateCompany(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[c.Path("session")]
	if x.kind != didit.SessionKindBusiness || c.Path("company") != x.companyID {
		c.Fail(http.StatusNotFound, "", "Not found.")
		return
	}
	if x = s.correct(c, func(x *session) *map[string]json.RawMessage { return &x.companyData }, false); x == nil {
		return
	}
	if v, ok := x.companyData["legal_address"]; ok {
		x.companyData["registered_address"] = v
		delete(x.companyData, "legal_address")
	}
	var d didit.Decision
	s.company(x, &d)
	s.reply(c, http.StatusOK, d.RegistryChecks[0].Company)
}

// CompanyID returns the id of the company of a business session.
func (s *Server) CompanyID(sessionID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x := s.sessions[sessionID]; x != nil {
		return x.companyID
	}
	return ""
}

func (s *Server) remove(c *fake.Call) {
	if len(c.Body) > 0 && !c.JSON(nil) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[c.Path("session")]
	x.deleted = true
	if s.cfg.delete200 {
		s.reply(c, http.StatusOK, didit.DeleteResponse{FaceRetentionOutcome: didit.FaceRetentionOutcomeDeleted})
		return
	}
	c.ReplyEmpty(http.StatusNoContent)
}

func (s *Server) removeMany(c *fake.Call) {
	var req didit.DeleteSessionsRequest
	if !c.JSON(&req) {
		return
	}
	all := req.DeleteAll != nil && *req.DeleteAll
	if !all && len(req.SessionNumbers) == 0 {
		c.Reply(http.StatusBadRequest, map[string][]string{"non_field_errors": {"Give session_numbers or delete_all."}})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	results := []json.RawMessage{}
	for _, x := range s.order {
		if x.kind != didit.SessionKindUser || x.deleted || !all && !slices.Contains(req.SessionNumbers, strconv.FormatInt(x.number, 10)) {
			continue
		}
		x.deleted = true
		results = append(results, json.RawMessage(`{"session_number":`+strconv.FormatInt(x.number, 10)+`,"deleted":true}`))
	}
	if s.cfg.delete200 {
		s.reply(c, http.StatusOK, didit.DeleteSessionsResponse{Results: results})
		return
	}
	c.ReplyEmpty(http.StatusNoContent)
}

func (s *Server) reviews(c *fake.Call) {
	if !c.QueryOnly("limit", "offset", "ordering") {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[c.Path("session")]
	if x == nil || x.kind != didit.SessionKindUser {
		c.Fail(http.StatusNotFound, "", "Not found.")
		return
	}
	rows := []didit.ReviewNote{}
	for _, n := range slices.Backward(x.reviews) {
		rows = append(rows, *n)
	}
	page, links := paginate(c, s.srv.URL(), rows)
	s.reply(c, http.StatusOK, didit.ReviewPage{Count: new(int64(len(rows))), Next: links[0], Previous: links[1], Results: page})
}

func (s *Server) addReview(c *fake.Call) {
	var req didit.ReviewRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[c.Path("session")]
	if x.kind != didit.SessionKindUser {
		c.Fail(http.StatusNotFound, "", "Not found.")
		return
	}
	note := didit.ReviewNote{
		UUID: s.srv.IDs().UUID(), ActivityType: "COMMENT", ActorType: didit.ActorTypeConsoleUser, User: "Unknown",
		NewStatus: string(req.NewStatus), Comment: req.Comment, CreatedAt: stamp(s.cfg.clock()),
	}
	x.reviews = append(x.reviews, &note)
	s.reply(c, http.StatusCreated, note)
}
