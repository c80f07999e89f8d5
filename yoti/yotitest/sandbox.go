package yotitest

import (
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

func (s *Server) configureSession(c *fake.Call, x *session) {
	var req yoti.ResponseConfig
	if read(c, &req) {
		x.script = &req
		c.ReplyEmpty(http.StatusOK)
	}
}

func (s *Server) configureApplication(c *fake.Call) {
	var req yoti.ResponseConfig
	if !read(c, &req) {
		return
	}
	if c.Path("sdk") != SDKID {
		c.Fail(http.StatusNotFound, "APP_NOT_FOUND", "the application is unknown")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.appScript = &req
	c.ReplyEmpty(http.StatusOK)
}

func (s *Server) runAgent(c *fake.Call) {
	var req yoti.AgentRequest
	if !read(c, &req) {
		return
	}
	s.mu.Lock()
	x := s.sessions[req.SessionID]
	s.mu.Unlock()
	if x == nil || x.token != req.ClientSessionToken.Reveal() {
		c.Fail(http.StatusUnauthorized, "BAD_TOKEN", "the token is not this session's")
		return
	}
	if err := s.CompleteJourney(x.id); err != nil {
		c.Fail(http.StatusBadRequest, "MALFORMED_REQUEST", err.Error())
		return
	}
	c.ReplyEmpty(http.StatusNoContent)
}

// scripted finds what a sandbox script says of a kind of check. Filters and delays are not looked at.
func scripted(script *yoti.ResponseConfig, kind yoti.CheckType) (yoti.Report, bool) {
	if script == nil || script.CheckReports == nil {
		return yoti.Report{}, false
	}
	check := scriptedCheck(script.CheckReports, kind)
	if check == nil || check.Result == nil {
		return yoti.Report{}, false
	}
	if check.Result.Report != nil {
		return *check.Result.Report, true
	}
	return templated(kind, check.Result.ReportTemplate), true
}

// scriptedCheck finds the first entry for a kind of check: some kinds have a list, some one entry.
func scriptedCheck(r *yoti.SandboxCheckReports, kind yoti.CheckType) *yoti.SandboxCheck {
	first := func(list []yoti.SandboxCheck) *yoti.SandboxCheck {
		if len(list) == 0 {
			return nil
		}
		return &list[0]
	}
	switch kind {
	case yoti.CheckTypeIDDocumentAuthenticity:
		return first(r.IDDocumentAuthenticity)
	case yoti.CheckTypeIDDocumentTextDataCheck:
		return first(r.IDDocumentTextDataCheck)
	case yoti.CheckTypeSupplementaryDocumentTextDataCheck:
		return first(r.SupplementaryDocumentTextDataCheck)
	case yoti.CheckTypeIDDocumentFaceMatch:
		return first(r.IDDocumentFaceMatch)
	case yoti.CheckTypeLiveness:
		return first(r.Liveness)
	case yoti.CheckTypeIDDocumentComparison:
		return first(r.IDDocumentComparison)
	case yoti.CheckTypeWatchlistAdvancedCA:
		return first(r.WatchlistAdvancedCA)
	case yoti.CheckTypeThirdPartyIdentity:
		return r.ThirdPartyIdentity
	case yoti.CheckTypeThirdPartyIdentityFraud1:
		return r.ThirdPartyIdentityFraud1
	case yoti.CheckTypeFaceComparison:
		return r.FaceComparison
	case yoti.CheckTypeWatchlistScreening:
		return r.WatchlistScreening
	default:
		return nil
	}
}

// templated makes the report of a ready-made outcome.
func templated(kind yoti.CheckType, t yoti.ReportTemplate) yoti.Report {
	switch t {
	case yoti.ReportTemplateSuccess:
		return reportOf(kind, yoti.RecommendationValueApprove)
	case yoti.ReportTemplatePhotoTooBlurry, yoti.ReportTemplateGlareObstruction:
		return reportOf(kind, yoti.RecommendationValueNotAvailable, yoti.ReasonCode(t))
	default:
		return reportOf(kind, yoti.RecommendationValueReject, yoti.ReasonCode(t))
	}
}

// fieldsFor is what is read from a document of the session.
func (s *Server) fieldsFor(x *session) []byte {
	for _, script := range []*yoti.ResponseConfig{x.script, s.appScript} {
		if script == nil || script.TaskResults == nil {
			continue
		}
		for _, t := range script.TaskResults.IDDocumentTextDataExtraction {
			if t.Result != nil && len(t.Result.DocumentFields) > 0 {
				return t.Result.DocumentFields
			}
		}
	}
	return s.cfg.fields
}
