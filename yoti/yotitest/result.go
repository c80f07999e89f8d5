package yotitest

import (
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// defaultFields is what is read from every identity document unless a script says otherwise.
var defaultFields = []byte(`{"full_name":"ANNA MARIA SPECIMEN","given_names":"ANNA MARIA","family_name":"SPECIMEN","date_of_birth":"1988-07-06",` +
	`"gender":"FEMALE","nationality":"GBR","document_type":"PASSPORT","issuing_country":"GBR","document_number":"533401372",` +
	`"date_of_issue":"2019-02-01","expiration_date":"2029-02-01","mrz":{"type":2,"line1":"P<GBRSPECIMEN<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<<"}}`)

// picture is the start of a PNG file: enough for whoever looks at the first bytes.
var picture = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")

func (s *Server) getSession(c *fake.Call, x *session) {
	if !c.NoBody() {
		return
	}
	out := yoti.SessionResult{
		SessionID: x.id, UserTrackingID: x.request.UserTrackingID, State: s.state(x), ClientSessionTokenTTL: new(s.left(x)),
		ClientSessionToken: kyc.Secret(x.token), Resources: &x.resources, Checks: x.checks, CompanyProfile: x.request.CompanyProfile,
		IdentityProfile: x.profile, AdvancedIdentityProfile: x.advancedProfile,
	}
	if !x.captured.IsZero() {
		out.BiometricConsent = x.devices[0].Created
	}
	if out.Checks == nil {
		out.Checks = []yoti.Check{}
	}
	reply(c, http.StatusOK, out)
}

// capture makes the resources that the user supplies, and the checks on them.
func (s *Server) capture(x *session) {
	ids := s.fake.IDs()
	end := yoti.Source{Type: yoti.SourceTypeEndUser}
	x.devices = append(x.devices, yoti.TrackedDevice{Event: yoti.DeviceEventConfigFirstLoaded, Created: s.stamp(), Device: device()})
	for _, r := range x.requirements {
		id := ids.UUID()
		switch r.Type {
		case yoti.RequirementTypeIDDocument:
			x.resources.IDDocuments = append(x.resources.IDDocuments, s.document(x, id, r))
		case yoti.RequirementTypeSupplementaryDocument:
			x.resources.SupplementaryDocuments = append(x.resources.SupplementaryDocuments, yoti.SupplementaryDocument{
				ID: id, Tasks: s.tasks(r, nil), Source: end, CreatedAt: s.stamp(), LastUpdated: s.stamp(), DocumentType: yoti.DocumentTypeUtilityBill,
				IssuingCountry: "GBR", Pages: []yoti.Page{}, File: s.holder(x, yoti.MediaTypeBinary, "application/pdf", []byte("%PDF-1.7\n")),
			})
		case yoti.RequirementTypeLiveness:
			x.resources.LivenessCapture = append(x.resources.LivenessCapture, s.liveness(x, id, r.LivenessType))
		default:
			continue
		}
		x.devices = append(x.devices, yoti.TrackedDevice{Event: yoti.DeviceEventResourceCreated, ResourceID: id, Created: s.stamp(), Device: device()})
	}
	for _, r := range x.request.RequestedChecks {
		check := yoti.Check{
			Type: r.Type, ID: ids.UUID(), State: yoti.CheckStatePending, ResourcesUsed: s.used(x, r.Type), GeneratedMedia: []yoti.GeneratedMedia{},
			Created: s.stamp(), LastUpdated: s.stamp(), Scheme: r.Config.Scheme,
		}
		if r.Type == yoti.CheckTypeFamiliarFaceSearch {
			check.Config = &yoti.FaceSearchConfig{PoolID: r.Config.PoolID, ApprovalCriteria: r.Config.ApprovalCriteria}
		}
		x.checks = append(x.checks, check)
	}
}

func (s *Server) holder(x *session, kind yoti.MediaType, contentType string, data []byte) *yoti.MediaHolder {
	return &yoti.MediaHolder{Media: s.store(x, kind, contentType, data)}
}

func (s *Server) document(x *session, id string, r yoti.Requirement) yoti.IDDocument {
	fields := s.fieldsFor(x)
	holder := s.holder(x, yoti.MediaTypeJSON, "application/json", fields)
	var expanded *yoti.MediaHolder
	if wantsExpanded(x) {
		expanded = s.holder(x, yoti.MediaTypeJSON, "application/json", []byte(expandedFields))
	}
	// A task is listed for every extraction that was asked for; its medium is the fields'.
	return yoti.IDDocument{
		ID: id, Tasks: s.tasks(r, holder.Media), Source: yoti.Source{Type: yoti.SourceTypeEndUser}, CreatedAt: s.stamp(), LastUpdated: s.stamp(),
		DocumentType: yoti.DocumentTypePassport, IssuingCountry: "GBR",
		Pages: []yoti.Page{{
			CaptureMethod: yoti.CaptureMethodCamera, Media: s.store(x, yoti.MediaTypeImage, "image/png", picture),
			Frames: []yoti.MediaHolder{*s.holder(x, yoti.MediaTypeImage, "image/png", picture), {}, {}},
		}},
		DocumentFields: holder, ExpandedDocumentFields: expanded, DocumentIDPhoto: s.holder(x, yoti.MediaTypeImage, "image/png", picture),
	}
}

func (s *Server) tasks(r yoti.Requirement, fields *yoti.Media) []yoti.Task {
	out := []yoti.Task{}
	for _, t := range r.RequestedTasks {
		task := yoti.Task{
			Type: t.Type, ID: s.fake.IDs().UUID(), State: yoti.TaskStateDone, Created: s.stamp(), LastUpdated: s.stamp(),
			GeneratedChecks: []yoti.GeneratedCheck{}, GeneratedMedia: []yoti.GeneratedMedia{},
		}
		if fields != nil {
			task.GeneratedMedia = append(task.GeneratedMedia, yoti.GeneratedMedia{ID: fields.ID, Type: fields.Type})
		}
		out = append(out, task)
	}
	return out
}

func (s *Server) liveness(x *session, id string, kind yoti.LivenessType) yoti.LivenessCapture {
	out := yoti.LivenessCapture{
		ID: id, Tasks: []yoti.Task{}, Source: yoti.Source{Type: yoti.SourceTypeEndUser}, CreatedAt: s.stamp(), LastUpdated: s.stamp(), LivenessType: kind,
	}
	if kind == yoti.LivenessTypeStatic {
		out.Image = s.holder(x, yoti.MediaTypeImage, "image/png", picture)
		out.CaptureType = yoti.LivenessCaptureTypePhotograph
		return out
	}
	out.Facemap = s.holder(x, yoti.MediaTypeBinary, "application/octet-stream", []byte("facemap"))
	out.Frames = []yoti.MediaHolder{*s.holder(x, yoti.MediaTypeImage, "image/png", picture), {}, {}}
	return out
}

// used lists the resources that a check looks at.
func (s *Server) used(x *session, kind yoti.CheckType) []string {
	out := []string{}
	documents := kind != yoti.CheckTypeLiveness && kind != yoti.CheckTypeFaceComparison
	faces := kind == yoti.CheckTypeLiveness || kind == yoti.CheckTypeIDDocumentFaceMatch || kind == yoti.CheckTypeFaceComparison
	if documents {
		for _, d := range x.resources.IDDocuments {
			out = append(out, d.ID)
		}
	}
	if faces {
		for _, l := range x.resources.LivenessCapture {
			out = append(out, l.ID)
		}
	}
	if kind == yoti.CheckTypeFaceComparison {
		for _, f := range x.resources.FaceCapture {
			out = append(out, f.ID)
		}
	}
	return out
}

// finish gives a check its report, by the script of the session, of the application, of the options, or approving.
func (s *Server) finish(x *session, check *yoti.Check) {
	check.LastUpdated = s.stamp()
	check.State = yoti.CheckStateDone
	if state, ok := s.cfg.states[check.Type]; ok {
		check.State = state
		if state != yoti.CheckStateDone {
			return
		}
	}
	report, ok := scripted(x.script, check.Type)
	if !ok {
		report, ok = scripted(s.appScript, check.Type)
	}
	if !ok {
		report, ok = s.cfg.reports[check.Type]
	}
	if !ok {
		report = reportOf(check.Type, yoti.RecommendationValueApprove)
	}
	if check.Type == yoti.CheckTypeWatchlistScreening || check.Type == yoti.CheckTypeWatchlistAdvancedCA {
		report.WatchlistSummary = s.watchlist(x, check.Type, report.WatchlistSummary)
	}
	check.Report = &report
}

// watchlist echoes the settings of the search, the caller's key among them, as the real service does.
func (s *Server) watchlist(x *session, kind yoti.CheckType, given *yoti.WatchlistSummary) *yoti.WatchlistSummary {
	if given != nil {
		return given
	}
	out := &yoti.WatchlistSummary{TotalHits: new(int64(0)), AssociatedCountryCodes: []string{}, RawResults: s.holder(x, yoti.MediaTypeJSON, "application/json", []byte(`{"hits":[]}`))}
	for _, r := range x.request.RequestedChecks {
		if c := r.Config; r.Type == kind {
			out.SearchConfig = &yoti.SearchConfig{
				Categories: c.Categories, Type: c.Type, RemoveDeceased: c.RemoveDeceased, ShareURL: c.ShareURL, Sources: c.Sources,
				MatchingStrategy: c.MatchingStrategy, APIKey: c.APIKey, Monitoring: c.Monitoring, Tags: c.Tags, ClientRef: c.ClientRef,
			}
		}
	}
	return out
}

// subChecks is one documented sub-check for each kind of check.
var subChecks = map[yoti.CheckType]string{
	yoti.CheckTypeIDDocumentAuthenticity: "no_sign_of_tampering", yoti.CheckTypeLiveness: "liveness_auth", yoti.CheckTypeIDDocumentFaceMatch: "ai_face_match",
	yoti.CheckTypeFaceComparison: "ai_face_match", yoti.CheckTypeIDDocumentComparison: "name_match", yoti.CheckTypeThirdPartyIdentity: "address_match",
	yoti.CheckTypeWatchlistScreening: "sanction", yoti.CheckTypeWatchlistAdvancedCA: "sanction", yoti.CheckTypeFamiliarFaceSearch: "face_not_found_in_pool",
}

// reportOf makes the report for a recommendation: the sub-check fails unless it approves.
func reportOf(kind yoti.CheckType, value yoti.RecommendationValue, reason ...yoti.ReasonCode) yoti.Report {
	result, confidence := yoti.SubCheckResultPass, "0.97"
	if value != yoti.RecommendationValueApprove {
		result, confidence = yoti.SubCheckResultFail, "0.21"
	}
	recommendation := &yoti.Recommendation{Value: value}
	if len(reason) > 0 {
		recommendation.Reason = reason[0]
	}
	if value == "" {
		recommendation = nil
	}
	out := yoti.Report{Recommendation: recommendation, Breakdown: []yoti.Breakdown{}}
	if name := subChecks[kind]; name != "" {
		b := yoti.Breakdown{SubCheck: name, Result: result, Details: []yoti.Detail{}, Process: yoti.SubCheckProcessAutomated}
		if name == "ai_face_match" {
			b.Details = append(b.Details, yoti.Detail{Name: "confidence_score", Value: confidence})
		}
		out.Breakdown = append(out.Breakdown, b)
	}
	return out
}

func device() *yoti.Device {
	return &yoti.Device{IPAddress: "192.0.2.1", IPISOCountryCode: "GBR", OSName: "Linux", BrowserName: "Firefox", BrowserVersion: "126.0", Locale: "en-GB", ClientVersion: "2.3.1"}
}
