package yotitest

import (
	"slices"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// expandedFields is what is read from every identity document whose expanded fields were asked for.
const expandedFields = `{"fields":[{"name":"family_name","value":"SPECIMEN","source":"VIZ"},{"name":"family_name","value":"SPECIMEN","source":"MRZ"}]}`

// wantsExpanded reports whether a session asks for the expanded fields of identity documents.
func wantsExpanded(x *session) bool {
	return slices.ContainsFunc(x.request.RequestedTasks, func(t yoti.RequestedTask) bool {
		wanted := t.Config.CreateExpandedDocumentFields
		return t.Type == yoti.TaskTypeIDDocumentTextDataExtraction && wanted != nil && *wanted
	})
}

// makeProfiles makes the identity profiles that a session asks for: with all requirements met where every check approves,
// and else none, with a reason.
func (s *Server) makeProfiles(x *session) {
	schemes := func(list ...yoti.ProfileScheme) []yoti.SchemeCompliance {
		var out []yoti.SchemeCompliance
		for _, p := range list {
			scheme := yoti.ProfileScheme{Type: p.Type, Objective: p.Objective, Label: p.Label}
			out = append(out, yoti.SchemeCompliance{Scheme: &scheme, RequirementsMet: new(true)})
		}
		return out
	}
	if r := x.request.IdentityProfileRequirements; r != nil {
		report := yoti.ProfileReport{TrustFramework: r.TrustFramework}
		if r.Scheme != nil {
			report.SchemesCompliance = schemes(*r.Scheme)
		}
		x.profile = s.profile(x, report)
	}
	if r := x.request.AdvancedIdentityProfileRequirements; r != nil {
		var report yoti.ProfileReport
		for _, p := range r.Profiles {
			report.Compliance = append(report.Compliance, yoti.FrameworkCompliance{TrustFramework: p.TrustFramework, SchemesCompliance: schemes(p.Schemes...)})
		}
		x.advancedProfile = s.profile(x, report)
	}
}

func (s *Server) profile(x *session, report yoti.ProfileReport) *yoti.IdentityProfile {
	out := &yoti.IdentityProfile{Result: yoti.ProfileResultDone}
	if x.request.Subject != nil {
		out.SubjectID = x.request.Subject.SubjectID
	}
	for _, c := range x.checks {
		if c.Report == nil || c.Report.Recommendation == nil || c.Report.Recommendation.Value != yoti.RecommendationValueApprove {
			out.Result = yoti.ProfileResultAborted
			out.FailureReason = &yoti.ProfileFailure{ReasonCode: yoti.ProfileReasonCodeIdentityCheckFailed}
			return out
		}
	}
	content, err := kyc.Marshal(yoti.IdentityProfileReport{VerificationReport: &yoti.VerificationReport{
		ReportID: s.fake.IDs().UUID(), Timestamp: s.stamp(), SubjectID: out.SubjectID, TrustFramework: report.TrustFramework, SchemesCompliance: report.SchemesCompliance,
	}})
	if err != nil {
		panic("yotitest: " + err.Error())
	}
	report.Media = s.store(x, yoti.MediaTypeJSON, "application/json", content)
	out.IdentityProfileReport = &report
	return out
}
