package didittest

import (
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
)

func (s *Server) routes() []fake.Route {
	return []fake.Route{
		{Operation: "Sessions.Create", Method: http.MethodPost, Pattern: "/v3/session/", Request: "createSession", Answer: "createSession", Handler: s.create},
		{Operation: "Sessions.Decision", Method: http.MethodGet, Pattern: "/v3/session/{session}/decision/", Handler: s.decision},
		{Operation: "Sessions.List", Method: http.MethodGet, Pattern: "/v3/sessions/", Answer: "listSessions", Handler: s.list},
		{
			Operation: "Sessions.UpdateStatus", Method: http.MethodPatch, Pattern: "/v3/session/{session}/update-status/",
			Request: "updateSessionStatus", Answer: "updateSessionStatus", Handler: s.updateStatus,
		},
		{
			Operation: "Sessions.UpdateFeatureStatus", Method: http.MethodPatch, Pattern: "/v3/session/{session}/features/{node}/update-status/",
			Request: "updateFeatureStatus", Answer: "updateFeatureStatus", Handler: s.updateFeature,
		},
		{
			Operation: "Sessions.UpdateAMLHitStatus", Method: http.MethodPatch, Pattern: "/v3/session/{session}/update-aml-hit-status/",
			Request: "updateAMLHitStatus", Answer: "updateAMLHitStatus", Handler: s.updateHit,
		},
		{
			Operation: "Sessions.UpdateAMLHitStatuses", Method: http.MethodPatch, Pattern: "/v3/session/{session}/bulk-update-aml-hit-status/",
			Request: "bulkUpdateAMLHitStatus", Answer: "bulkUpdateAMLHitStatus", Handler: s.updateHits,
		},
		{
			Operation: "Sessions.UpdateIDData", Method: http.MethodPatch, Pattern: "/v3/session/{session}/update-data/",
			Request: "updateIDData", Handler: s.updateID,
		},
		{
			Operation: "Sessions.UpdatePOAData", Method: http.MethodPatch, Pattern: "/v3/session/{session}/update-poa-data/",
			Request: "updatePOAData", Handler: s.updatePOA,
		},
		{
			Operation: "Sessions.UpdateCompanyData", Method: http.MethodPatch, Pattern: "/v3/session/{session}/kyb/{company}/update-data/",
			Request: "updateCompanyData", Handler: s.updateCompany,
		},
		{Operation: "Sessions.Delete", Method: http.MethodDelete, Pattern: "/v3/session/{session}/delete/", Request: "deleteSession", Answer: "deleteSession", Handler: s.remove},
		{Operation: "Sessions.DeleteMany", Method: http.MethodPost, Pattern: "/v3/sessions/delete/", Request: "deleteSessions", Handler: s.removeMany},
		{Operation: "Sessions.Reviews", Method: http.MethodGet, Pattern: "/v3/sessions/{session}/reviews/", Answer: "listReviews", Handler: s.reviews},
		{Operation: "Sessions.AddReview", Method: http.MethodPost, Pattern: "/v3/sessions/{session}/reviews/", Request: "createReview", Handler: s.addReview},
		{Operation: "Sessions.PDF", Method: http.MethodGet, Pattern: "/v3/session/{session}/generate-pdf/", Handler: s.pdf},
		{Operation: "Sessions.Share", Method: http.MethodPost, Pattern: "/v3/session/{session}/share/", Request: "shareSession", Answer: "shareSession", Handler: s.share},
		{Operation: "Sessions.ImportShared", Method: http.MethodPost, Pattern: "/v3/session/import-shared/", Request: "importSharedSession", Handler: s.importShared},
		{Operation: "Sessions.StartImport", Method: http.MethodPost, Pattern: "/v3/session/imports/", Handler: s.startImport},
		{Operation: "Sessions.Import", Method: http.MethodGet, Pattern: "/v3/session/imports/{import}/", Handler: s.getImport},
		{Operation: "Sessions.ImportErrors", Method: http.MethodGet, Pattern: "/v3/session/imports/{import}/errors/", Handler: s.importErrors},
		{Operation: "Sessions.ImportTemplate", Method: http.MethodGet, Pattern: "/v3/session/imports/template/", Handler: s.importTemplate},
		{Operation: "Sessions.ArmSandbox", Method: http.MethodPost, Pattern: "/v3/session/{session}/sandbox/arm/", Request: "armSandbox", Handler: s.arm},
		{Operation: "Sessions.SandboxScenarios", Method: http.MethodGet, Pattern: "/v1/sandbox/scenarios/", Handler: s.scenarios},
		{Operation: "Media.Download", Method: http.MethodGet, Pattern: "/media/{name}", Handler: s.file},
		// what the user opens in the browser
		{Operation: "Hosted.Open", Method: http.MethodGet, Pattern: "/session/{token}", Handler: s.open},
	}
}
