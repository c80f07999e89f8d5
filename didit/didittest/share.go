package didittest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// share is a token that was given out.
type share struct {
	session  *session
	expires  time.Time
	imported bool
}

func (s *Server) share(c *fake.Call) {
	var req didit.ShareRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[c.Path("session")]
	switch {
	case req.ForApplicationID == Application:
		c.Reply(http.StatusBadRequest, map[string][]string{"for_application_id": {"Must be another application."}})
		return
	case !x.decided() || x.status == didit.StatusKYCExpired:
		c.Reply(http.StatusBadRequest, map[string][]string{"detail": {"Only finished sessions can be shared."}})
		return
	}
	ttl := time.Hour
	if req.TTLInSeconds != nil {
		ttl = time.Duration(*req.TTLInSeconds) * time.Second
	}
	token := "eyJhbGciOiJIUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(x.id)) + "." + s.srv.IDs().Hex(16)
	s.shared[token] = &share{session: x, expires: s.cfg.clock().Add(ttl)}
	s.reply(c, http.StatusOK, didit.ShareResponse{ShareToken: kyc.Secret(token), ForApplicationID: req.ForApplicationID, SessionKind: x.kind})
}

func (s *Server) importShared(c *fake.Call) {
	var req didit.ImportSharedRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.shared[req.ShareToken.Reveal()]
	switch {
	case sh == nil || s.cfg.clock().After(sh.expires):
		c.Reply(http.StatusBadRequest, map[string]string{"share_token": "Invalid or expired token."})
		return
	case sh.imported:
		c.Fail(http.StatusForbidden, "", "This session has already been imported.")
		return
	case req.WorkflowID != Workflow && req.WorkflowID != BusinessWorkflow:
		c.Fail(http.StatusNotFound, "", "Not found.")
		return
	}
	sh.imported = true
	x := s.newSession(sh.session.kind, req.WorkflowID, req.VendorData)
	x.script, x.status, x.sharedFrom = sh.session.script, didit.StatusInReview, sh.session.id
	if req.TrustReview {
		x.status = sh.session.status
	}
	s.reply(c, http.StatusCreated, s.render(x, false))
}

func (s *Server) pdf(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[c.Path("session")]
	if !x.decided() || x.kind == didit.SessionKindBusiness && x.status == didit.StatusKYCExpired {
		c.Fail(http.StatusForbidden, "", "The session is not in a state that allows a PDF.")
		return
	}
	name := "session_"
	if x.kind == didit.SessionKindBusiness {
		name = "business_"
	}
	c.Header().Set("Content-Disposition", "attachment; filename="+name+x.id+".pdf")
	c.ReplyBytes(http.StatusOK, "application/pdf", []byte("%PDF-1.4\n% a report by didittest\n%%EOF\n"))
}

func (s *Server) file(c *fake.Call) {
	if c.Query("X-Amz-Signature") == "" {
		c.ReplyBytes(http.StatusForbidden, "application/xml", []byte("<Error><Code>AccessDenied</Code></Error>"))
		return
	}
	contentType := "image/jpeg"
	if strings.HasSuffix(c.Path("name"), ".pdf") {
		contentType = "application/pdf"
	}
	c.ReplyBytes(http.StatusOK, contentType, []byte("a file by didittest: "+c.Path("name")))
}

// job is an import.
type job struct {
	record didit.ImportJob
	reads  int
}

// maxImport is the longest file that the vendor takes.
const maxImport = 25 << 20

func (s *Server) startImport(c *fake.Call) {
	parts, ok := c.Multipart(
		fake.PartSpec{Name: "import_type", Field: true}, fake.PartSpec{Name: "workflow_id", Field: true, Optional: true},
		fake.PartSpec{Name: "source_format", Field: true, Optional: true}, fake.PartSpec{Name: "source_file_url", Field: true, Optional: true},
		fake.PartSpec{Name: "file", Optional: true, MaxSize: maxImport},
	)
	if !ok {
		return
	}
	kind := didit.ImportType(parts["import_type"].Data)
	_, file := parts["file"]
	_, link := parts["source_file_url"]
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.cfg.sandbox:
		c.Fail(http.StatusForbidden, "", "Imports are not available in a sandbox.")
		return
	case !kind.Known():
		c.Reply(http.StatusBadRequest, map[string][]string{"import_type": {"Not a valid choice."}})
		return
	case file == link:
		c.Reply(http.StatusBadRequest, map[string][]string{"non_field_errors": {"Give a file or a source_file_url."}})
		return
	}
	for _, j := range s.jobs {
		if j.record.Status == didit.ImportStatusPending || j.record.Status == didit.ImportStatusProcessing {
			c.Fail(http.StatusTooManyRequests, "", "Another import is active.")
			return
		}
	}
	j := &job{record: didit.ImportJob{UUID: s.srv.IDs().UUID(), ImportType: kind, Status: didit.ImportStatusPending, CreatedAt: stamp(s.cfg.clock())}}
	s.jobs[j.record.UUID] = j
	s.reply(c, http.StatusCreated, j.record)
}

// getImport moves an import on with each read.
func (s *Server) getImport(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := s.jobs[c.Path("import")]
	if j == nil {
		c.Fail(http.StatusNotFound, "", "Not found.")
		return
	}
	steps := []didit.ImportStatus{didit.ImportStatusPending, didit.ImportStatusProcessing, didit.ImportStatusCompleted}
	j.record.Status = steps[min(j.reads, len(steps)-1)]
	j.reads++
	s.reply(c, http.StatusOK, j.record)
}

func (s *Server) importErrors(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.jobs[c.Path("import")] == nil {
		c.Fail(http.StatusNotFound, "", "Not found.")
		return
	}
	c.Reply(http.StatusOK, json.RawMessage(`{"count":0,"results":[]}`))
}

func (s *Server) importTemplate(c *fake.Call) {
	if c.QueryOnly("import_type") {
		c.ReplyBytes(http.StatusOK, "text/csv", []byte("vendor_data,status\n"))
	}
}

// Scenarios are the outcomes that the sandbox can simulate.
//
// Experimental: all names but decline_aml_hit and decline_document_expired are
// known from a third party only.
func Scenarios() []string {
	return []string{
		"approve", "decline_document_expired", "decline_could_not_recognize_document", "decline_mrz_validation", "decline_minimum_age",
		"decline_face_match_low_similarity", "decline_liveness_attack", "decline_aml_hit", "decline_ip_blocklist", "decline_poa_address_mismatch",
		"decline_nfc_chip_not_verified", "decline_database_no_match", "decline_kyb_registry_mismatch", "review_aml_possible_match",
		"review_face_match_borderline", "review_poa_partial_match",
	}
}

// arm sets what a scenario simulates; false for an unknown one.
func (x *session) arm(scenario string) bool {
	if !slices.Contains(Scenarios(), scenario) {
		return false
	}
	x.scenario = scenario
	kind, rest, _ := strings.Cut(scenario, "_")
	codes := map[string]string{
		"document_expired": "DOCUMENT_EXPIRED", "could_not_recognize_document": "COULD_NOT_RECOGNIZE_DOCUMENT", "mrz_validation": "MRZ_VALIDATION_FAILED",
		"minimum_age": "MINIMUM_AGE_NOT_MET", "face_match_low_similarity": "LOW_FACE_MATCH_SIMILARITY", "face_match_borderline": "LOW_FACE_MATCH_SIMILARITY",
		"liveness_attack": "LIVENESS_FACE_ATTACK", "aml_hit": "POSSIBLE_MATCH_FOUND", "aml_possible_match": "POSSIBLE_MATCH_FOUND",
	}
	x.script = script{status: didit.StatusApproved}
	switch kind {
	case "decline":
		x.script.status = didit.StatusDeclined
	case "review":
		x.script.status = didit.StatusInReview
	}
	if code := codes[rest]; code != "" {
		x.script.risks = []string{code}
	}
	return true
}

func (s *Server) arm(c *fake.Call) {
	var req didit.SandboxArmRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[c.Path("session")]
	switch {
	case !s.cfg.sandbox:
		c.Fail(http.StatusNotFound, "", "Not found.")
	case c.Request.Header.Get("Session-Token") != x.token || c.Request.Header.Get("X-Api-Key") != "":
		c.Refuse(http.StatusForbidden, fake.RuleAuth, "Authentication credentials were not provided or are invalid.")
	case x.status != didit.StatusNotStarted:
		c.Reply(http.StatusBadRequest, []string{"Scenario can only be armed before the verification starts."})
	case !x.arm(req.Scenario):
		c.Reply(http.StatusBadRequest, map[string][]string{"scenario": {"Unknown sandbox scenario: " + strconv.Quote(req.Scenario) + "."}})
	default:
		c.Reply(http.StatusOK, map[string]string{"scenario": x.scenario})
	}
}

func (s *Server) scenarios(c *fake.Call) {
	list := []map[string]string{}
	for _, name := range Scenarios() {
		list = append(list, map[string]string{"slug": name})
	}
	c.Reply(http.StatusOK, map[string]any{"scenarios": list})
}
