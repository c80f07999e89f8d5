package jumiotest

import (
	"encoding/json"
	"strconv"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// record builds the details of an execution. The caller holds the lock.
func (s *Server) record(e *execution) jumio.Details {
	d := jumio.Details{
		Workflow: &jumio.DetailsWorkflow{
			ID: e.id, Status: e.status, DefinitionKey: jumio.TextOrNumber(e.key), UserReference: e.request.UserReference,
			CustomerInternalReference: e.request.CustomerInternalReference, ReportingCriteria: e.request.ReportingCriteria,
		},
		Account: &jumio.AccountRef{ID: e.account.id}, CreatedAt: stamp(e.created), StartedAt: stamp(e.started), WipedOutAt: stamp(e.wiped),
		Steps:        &jumio.StepsLink{Href: s.srv.HostURL("retrieval") + "/api/v1/accounts/" + e.account.id + "/workflow-executions/" + e.id + "/steps"},
		Capabilities: &jumio.Capabilities{},
	}
	for _, k := range e.credentials {
		credential := jumio.DetailsCredential{ID: k.id, Category: k.category, Label: k.label}
		for _, p := range k.partsInOrder() {
			part := jumio.DetailsPart{Classifier: p, Href: s.partHref(e, k, p)}
			if p == jumio.PartFacemap && !s.cfg.facemap {
				part.Href = ""
			}
			credential.Parts = append(credential.Parts, part)
		}
		d.Credentials = append(d.Credentials, credential)
	}
	switch e.status {
	case jumio.StatusProcessed:
		d.CompletedAt = stamp(e.completed)
		s.decide(e, &d)
	case jumio.StatusSessionExpired, jumio.StatusTokenExpired:
		d.Decision = overallDecision(jumio.DecisionNotExecuted, jumio.Label(e.status))
		if e.script.legacy {
			d.Decision = overallDecision(jumio.DecisionRejected, jumio.Label(e.status))
		}
	}
	return d
}

func overallDecision(word jumio.DecisionType, label jumio.Label) *jumio.Decision {
	score := map[jumio.DecisionType]float64{jumio.DecisionWarning: 50, jumio.DecisionRejected: 100, jumio.DecisionNotExecuted: -1}[word]
	return &jumio.Decision{Type: word, Details: &jumio.DecisionDetails{Label: label}, Risk: &jumio.Risk{Score: &score}}
}

// decide fills decision and capabilities of a processed execution.
func (s *Server) decide(e *execution, d *jumio.Details) {
	script := e.script
	if e.early {
		script = unprepared(jumio.DecisionNotExecuted)
	} else if s.lacksFacemap(e) {
		script = unprepared(jumio.DecisionRejected)
	}
	d.Decision = overallDecision(script.decision, script.label)
	if !e.wiped.IsZero() {
		return
	}
	names := capabilitiesOf(e.key)
	for name := range script.results {
		known := false
		for _, n := range names {
			known = known || n == name
		}
		if !known {
			names = append(names, name)
		}
	}
	for _, name := range names {
		v, scripted := script.results[name]
		switch {
		case scripted:
		case script.decision == jumio.DecisionNotExecuted:
			v = verdict{jumio.DecisionNotExecuted, jumio.LabelTechnicalError}
			if e.early {
				v.label = jumio.LabelPreconditionNotFulfilled
			}
		default:
			v = verdict{jumio.DecisionPassed, passedLabel(name)}
		}
		s.fill(e, d, name, v)
	}
}

func unprepared(word jumio.DecisionType) script {
	return script{
		decision: word, label: jumio.Label(word),
		results: map[string]verdict{"authentication": {jumio.DecisionNotExecuted, jumio.LabelPreconditionNotFulfilled}},
	}
}

// lacksFacemap tells whether the stored facemap of an on-premises authentication was never uploaded.
func (s *Server) lacksFacemap(e *execution) bool {
	if e.key != jumio.WorkflowAuthenticationOnPremises {
		return false
	}
	for _, k := range e.credentials {
		if len(k.channels) == 1 && len(k.stored) == 0 {
			return true
		}
	}
	return false
}

// seen lists the credentials of the given categories that were delivered.
func (e *execution) seen(categories ...jumio.Category) []jumio.CapabilityCredential {
	var out []jumio.CapabilityCredential
	for _, k := range e.credentials {
		for _, category := range categories {
			if k.category == category && len(k.stored) > 0 {
				out = append(out, jumio.CapabilityCredential{ID: k.id, Category: k.category, Label: k.label})
			}
		}
	}
	return out
}

// fill adds the result of one capability. Of usability there is one for each credential; the first has the scripted verdict.
func (s *Server) fill(e *execution, d *jumio.Details, name string, v verdict) {
	caps := d.Capabilities
	id := s.resultID(e, name+"/0")
	decision := &jumio.CapabilityDecision{Type: v.decision, Details: &jumio.DecisionDetails{Label: v.label}}
	passed := v.decision == jumio.DecisionPassed
	plain := []jumio.CapabilityResult{{ID: id, Credentials: e.seen(jumio.CategoryData), Decision: decision}}
	switch name {
	case "usability":
		for i, c := range e.seen(jumio.CategoryID, jumio.CategoryDocument, jumio.CategoryFacemap, jumio.CategorySelfie) {
			result := jumio.CapabilityResult{ID: s.resultID(e, "usability/"+strconv.Itoa(i)), Credentials: []jumio.CapabilityCredential{c}, Decision: decision}
			if i > 0 && v.decision != jumio.DecisionNotExecuted {
				result.Decision = &jumio.CapabilityDecision{Type: jumio.DecisionPassed, Details: &jumio.DecisionDetails{Label: jumio.LabelOK}}
			}
			caps.Usability = append(caps.Usability, result)
		}
	case "imageChecks":
		result := jumio.ImageChecks{ID: id, Credentials: e.seen(jumio.CategorySelfie, jumio.CategoryID, jumio.CategoryDocument), Decision: decision}
		if v.label == jumio.LabelRepeatedFace {
			result.Data = &jumio.ImageChecksData{FaceSearchFindings: &jumio.FaceSearchFindings{
				Status: jumio.FaceSearchStatusDone, Findings: []string{s.resultID(e, "finding")},
			}}
		}
		caps.ImageChecks = []jumio.ImageChecks{result}
	case "extraction":
		result := jumio.Extraction{ID: id, Credentials: e.seen(jumio.CategoryID, jumio.CategoryDocument), Decision: decision, Data: &jumio.ExtractedData{}}
		if passed {
			result.Data = e.extracted()
		}
		caps.Extraction = []jumio.Extraction{result}
	case "dataChecks":
		caps.DataChecks = plain
		caps.DataChecks[0].Credentials = e.seen(jumio.CategoryID)
	case "similarity":
		outcome := map[jumio.DecisionType]jumio.SimilarityOutcome{
			jumio.DecisionPassed: jumio.SimilarityOutcomeMatch, jumio.DecisionRejected: jumio.SimilarityOutcomeNotMatch,
			jumio.DecisionWarning: jumio.SimilarityOutcomeNotPossible,
		}[v.decision]
		caps.Similarity = []jumio.Similarity{{
			ID: id, Credentials: e.seen(jumio.CategorySelfie, jumio.CategoryID), Decision: decision, Data: &jumio.SimilarityData{Similarity: outcome},
		}}
	case "liveness":
		result := jumio.Liveness{ID: id, Credentials: e.seen(jumio.CategorySelfie, jumio.CategoryFacemap), Decision: decision}
		if passed {
			result.Data = &jumio.LivenessData{Type: jumio.LivenessTypeJumioStandard, PredictedAge: new(int64(44)), AgeConfidenceRange: "32-56"}
			result.ValidFaceMapForAuthentication = s.facemapHref(e)
		}
		caps.Liveness = []jumio.Liveness{result}
	case "authentication":
		result := jumio.Authentication{ID: id, Credentials: e.seen(jumio.CategoryFacemap), Decision: decision}
		if passed {
			result.Data = &jumio.AuthenticationData{Type: jumio.LivenessTypeIproovStandard}
			result.ValidFaceMapForAuthentication = s.facemapHref(e)
		}
		caps.Authentication = []jumio.Authentication{result}
	case "watchlistScreening":
		result := jumio.WatchlistScreening{ID: id, Credentials: e.seen(jumio.CategoryData, jumio.CategoryID), Decision: decision, Data: &jumio.WatchlistData{}}
		if v.decision != jumio.DecisionNotExecuted {
			hits := int64(0)
			if !passed {
				hits = 1
			}
			result.Data = &jumio.WatchlistData{SearchDate: stamp(e.completed), SearchID: "1", SearchStatus: jumio.SearchStatusSuccess, SearchResults: &hits}
		}
		caps.WatchlistScreening = []jumio.WatchlistScreening{result}
	case "addressValidation":
		caps.AddressValidation = plain
	case "proofOfResidency":
		caps.ProofOfResidency = plain
	case "drivingLicenseVerification":
		caps.DrivingLicenseVerification = plain
	case "braCpfValidation":
		caps.BraCPFValidation = plain
	case "biometricVerification":
		caps.BiometricVerification = plain
	case "deviceRiskVerification":
		caps.DeviceRiskVerification = []jumio.DeviceRisk{{ID: id, Decision: decision}}
	case "emailVerification":
		caps.EmailVerification = []jumio.EmailVerification{{ID: id, Credentials: e.seen(jumio.CategoryData), Decision: decision}}
	default:
		raw, err := kyc.Marshal(plain)
		if err != nil {
			panic("jumiotest: " + err.Error())
		}
		if caps.Extra == nil {
			caps.Extra = make(map[string]json.RawMessage)
		}
		caps.Extra[name] = raw
	}
}

// facemapHref is the address of the facemap that the journey captured.
func (s *Server) facemapHref(e *execution) string {
	for _, k := range e.credentials {
		if _, ok := k.stored[jumio.PartFacemap]; ok && k.category == jumio.CategoryFacemap && len(k.channels) > 1 {
			return s.partHref(e, k, jumio.PartFacemap)
		}
	}
	return ""
}

// extracted is what the fake reads off every document.
func (e *execution) extracted() *jumio.ExtractedData {
	data := &jumio.ExtractedData{
		Type: jumio.DocumentTypeIDCard, SubType: jumio.DocumentSubTypeNationalID, IssuingCountry: "UTO", FirstName: "ANNA MARIA", LastName: "ERIKSSON",
		DateOfBirth: "1974-08-12", ExpiryDate: "2032-04-15", IssuingDate: "2022-04-15", DocumentNumber: "L898902C3", Gender: jumio.GenderF,
		Nationality: "UTO", CurrentAge: "51",
	}
	for _, k := range e.credentials {
		if k.category != jumio.CategoryDocument {
			continue
		}
		data = &jumio.ExtractedData{
			FirstName: "ANNA MARIA", LastName: "ERIKSSON", IssuingCountry: "UTO",
			Address: &jumio.ExtractedAddress{Line1: "1 Sample Street", City: "Zenith", PostalCode: "12345", Country: "UTO"},
		}
		if k.preset.Type != nil && len(k.preset.Type.Values) == 1 {
			data.DocumentType = jumio.DocumentCode(k.preset.Type.Values[0])
		}
	}
	return data
}
