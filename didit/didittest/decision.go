package didittest

import (
	"encoding/json"
	"maps"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func splitList(v string) []string { return strings.Split(v, ",") }

func stamp(t time.Time) kyc.Timestamp {
	return kyc.Timestamp(t.UTC().Format("2006-01-02T15:04:05.000000Z"))
}

// featuresOf are the features of the two workflows.
func featuresOf(kind didit.SessionKind) []didit.FeatureName {
	if kind == didit.SessionKindBusiness {
		return []didit.FeatureName{didit.FeatureKYBRegistry, didit.FeatureKYBDocuments, didit.FeatureKYBKeyPeople}
	}
	return []didit.FeatureName{didit.FeatureIDVerification, didit.FeatureLiveness, didit.FeatureFaceMatch, didit.FeatureAML}
}

// nodes are the nodes of the workflows' graphs.
var nodes = map[didit.FeatureName]string{
	didit.FeatureIDVerification: "feature_ocr_1", didit.FeatureLiveness: "feature_liveness_1", didit.FeatureFaceMatch: "feature_face_match_1",
	didit.FeatureAML: "feature_aml_1", didit.FeatureKYBRegistry: "feature_kyb_registry_1", didit.FeatureKYBDocuments: "feature_kyb_documents_1",
	didit.FeatureKYBKeyPeople: "feature_kyb_key_people_1",
}

// riskOf says which feature a code belongs to, and what warnings call that feature.
func riskOf(risk string, kind didit.SessionKind) (didit.FeatureName, didit.WarningFeature) {
	if kind == didit.SessionKindBusiness {
		switch {
		case strings.HasPrefix(risk, "KYB_DOCUMENT"), strings.HasPrefix(risk, "KYB_CROSS_DOCUMENT"):
			return didit.FeatureKYBDocuments, didit.WarningFeatureKYBDocuments
		default:
			return didit.FeatureKYBRegistry, didit.WarningFeatureKYBRegistry
		}
	}
	switch risk {
	case "LOW_FACE_MATCH_SIMILARITY", "NO_REFERENCE_IMAGE":
		return didit.FeatureFaceMatch, didit.WarningFeatureFacematch
	case "POSSIBLE_MATCH_FOUND", "COULD_NOT_PERFORM_AML_SCREENING":
		return didit.FeatureAML, didit.WarningFeatureAML
	case "NO_FACE_DETECTED", "LIVENESS_FACE_ATTACK", "FACE_IN_BLOCKLIST", "LOW_LIVENESS_SCORE", "LOW_FACE_QUALITY", "DUPLICATED_FACE",
		"POSSIBLE_DUPLICATED_FACE", "AGE_BELOW_MINIMUM", "MULTIPLE_FACES_DETECTED":
		return didit.FeatureLiveness, didit.WarningFeatureLiveness
	default:
		return didit.FeatureIDVerification, didit.WarningFeatureIDVerification
	}
}

// featureStatus is what a feature shows: the script's word, else what follows from the session's status.
func (x *session) featureStatus(name didit.FeatureName) didit.FeatureStatus {
	if v, ok := x.node[name]; ok {
		return v
	}
	switch x.status {
	case didit.StatusApproved, didit.StatusKYCExpired, didit.StatusDeclined, didit.StatusInReview:
	case didit.StatusResubmitted:
		return didit.FeatureStatusResubRequested
	default:
		return didit.FeatureStatusNotFinished
	}
	if v, ok := x.script.features[name]; ok {
		return v
	}
	blamed := len(x.script.risks) == 0 && name == featuresOf(x.kind)[0]
	for _, risk := range x.script.risks {
		if f, _ := riskOf(risk, x.kind); f == name {
			blamed = true
		}
	}
	if blamed {
		switch x.status {
		case didit.StatusDeclined:
			return didit.FeatureStatusDeclined
		case didit.StatusInReview:
			return didit.FeatureStatusInReview
		}
	}
	return didit.FeatureStatusApproved
}

func (x *session) warnings(name didit.FeatureName) []didit.Warning {
	out := []didit.Warning{}
	logType := didit.LogTypeInformation
	switch x.status {
	case didit.StatusDeclined:
		logType = didit.LogTypeError
	case didit.StatusInReview:
		logType = didit.LogTypeWarning
	case didit.StatusApproved, didit.StatusKYCExpired:
	default:
		return out
	}
	for _, risk := range x.script.risks {
		if f, word := riskOf(risk, x.kind); f == name {
			out = append(out, didit.Warning{Feature: word, Risk: risk, LogType: logType, ShortDescription: "simulated", NodeID: nodes[name]})
		}
	}
	return out
}

// render makes the decision as it stands; the caller holds the lock.
func (s *Server) render(x *session, events bool) didit.Decision {
	environment := didit.EnvironmentLive
	if s.cfg.sandbox {
		environment = didit.EnvironmentSandbox
	}
	d := didit.Decision{
		SessionID: x.id, SessionKind: x.kind, SessionNumber: new(x.number), SessionURL: s.link(x), Status: x.status, Environment: environment,
		WorkflowID: x.workflow, Features: didit.NewFeatureList(featuresOf(x.kind)...), VendorData: x.vendorData, Metadata: x.metadata,
		ExpectedDetails: x.expected, ContactDetails: x.contact, Callback: x.callback, Reviews: append([]didit.Review{}, x.decisions...),
		CreatedAt: stamp(x.created), ExpiresAt: stamp(x.created.Add(7 * 24 * time.Hour)),
	}
	begun := x.status != didit.StatusNotStarted && x.status != didit.StatusExpired
	switch {
	case begun && x.kind == didit.SessionKindBusiness:
		s.company(x, &d)
	case begun:
		s.person(x, &d)
	}
	if events {
		d.SessionKind = ""
		var list []map[string]string
		for _, name := range featuresOf(x.kind) {
			list = append(list, map[string]string{"feature": string(name), "node_id": nodes[name]})
		}
		raw, err := json.Marshal(list)
		if err == nil {
			err = d.Features.UnmarshalJSON(raw)
		}
		if err != nil {
			panic(err)
		}
		d.Events, d.ActivityReviews = json.RawMessage(`[]`), json.RawMessage(`[]`)
		d.Blocklisted, d.CostBreakdown = json.RawMessage(`{}`), json.RawMessage(`{}`)
		d.WorkflowType, d.WorkflowVersion, d.SessionType, d.HasDeviceNFCSupport = "kyc", new(int64(1)), "HOSTED", new(true)
	}
	return d
}

func (s *Server) media(name string) kyc.Secret {
	if s.cfg.hidden {
		return ""
	}
	return kyc.Secret(s.srv.URL() + "/media/" + name + "?X-Amz-Expires=3600&X-Amz-Signature=didittest")
}

func (s *Server) person(x *session, d *didit.Decision) {
	id := didit.IDVerification{
		NodeID: nodes[didit.FeatureIDVerification], Status: x.featureStatus(didit.FeatureIDVerification), DocumentType: "Passport",
		DocumentNumber: "X0000001", FirstName: "Carmen", LastName: "Sample", FullName: "Carmen Sample", DateOfBirth: "1980-01-01", Gender: "F",
		Nationality: "ESP", IssuingState: "ESP", IssuingStateName: "Spain", DateOfIssue: "2021-06-02", ExpirationDate: "2031-06-02",
		FrontImage: s.media("front.jpg"), PortraitImage: s.media("portrait.jpg"), Warnings: x.warnings(didit.FeatureIDVerification),
	}
	if e := x.expected; e != nil && e.FirstName != "" {
		id.FirstName, id.LastName, id.FullName = e.FirstName, e.LastName, strings.TrimSpace(e.FirstName+" "+e.LastName)
		if e.DateOfBirth != "" {
			id.DateOfBirth = e.DateOfBirth
		}
	}
	overlay(&id, x.idData)
	d.IDVerifications = []didit.IDVerification{id}
	d.LivenessChecks = []didit.LivenessCheck{{
		NodeID: nodes[didit.FeatureLiveness], Status: x.featureStatus(didit.FeatureLiveness), Method: "PASSIVE", Score: new(97.5),
		ReferenceImage: s.media("reference.jpg"), Warnings: x.warnings(didit.FeatureLiveness),
	}}
	d.FaceMatches = []didit.FaceMatch{{
		NodeID: nodes[didit.FeatureFaceMatch], Status: x.featureStatus(didit.FeatureFaceMatch), Score: new(94.2),
		SourceImage: s.media("source.jpg"), TargetImage: s.media("target.jpg"), Warnings: x.warnings(didit.FeatureFaceMatch),
	}}
	aml := didit.AMLScreening{
		NodeID: nodes[didit.FeatureAML], Status: x.featureStatus(didit.FeatureAML), TotalHits: new(int64(0)), EntityType: "person", Score: new(0.0),
		Hits: []didit.AMLHit{}, Warnings: x.warnings(didit.FeatureAML),
	}
	for _, w := range aml.Warnings {
		if w.Risk == "POSSIBLE_MATCH_FOUND" {
			aml.TotalHits, aml.Score = new(int64(1)), new(90.0)
			aml.Hits = []didit.AMLHit{{
				ID: "hit-1", Caption: "Carmen Sample", MatchScore: new(95.0), RiskScore: new(90.0), ReviewStatus: x.hits["hit-1"],
				Datasets: []didit.AMLDataset{didit.AMLDatasetPEP},
			}}
		}
	}
	d.AMLScreenings = []didit.AMLScreening{aml}
}

func (s *Server) company(x *session, d *didit.Decision) {
	c := didit.Company{
		UUID: x.companyID, NodeID: nodes[didit.FeatureKYBRegistry], Status: x.featureStatus(didit.FeatureKYBRegistry), RegistryStatus: "active",
		CompanyName: "ACME HOLDINGS LTD", RegistrationNumber: "12345678", CountryCode: "GB", CompanyType: "Private Limited Company",
		IncorporationDate: "2015-03-12", RegisteredAddress: "1 Example Street, London", IsFromRegistry: new(true),
		Officers: []didit.CompanyOfficer{{UUID: x.companyID[:35] + "1", Name: "Jane Smith", Role: "director", KYCStatus: didit.PersonStatusApproved}},
	}
	overlay(&c, x.companyData)
	d.RegistryChecks = []didit.RegistryCheck{{
		NodeID: nodes[didit.FeatureKYBRegistry], Status: x.featureStatus(didit.FeatureKYBRegistry), DataResolved: new(true), Company: &c,
		Warnings: x.warnings(didit.FeatureKYBRegistry),
	}}
	d.DocumentVerifications = []didit.DocumentVerification{{
		NodeID: nodes[didit.FeatureKYBDocuments], Status: x.featureStatus(didit.FeatureKYBDocuments), Warnings: x.warnings(didit.FeatureKYBDocuments),
		Items: []didit.BusinessDocument{{
			UUID: x.companyID, DocumentType: didit.DocumentGroupLegalPresence, DocumentGroup: didit.DocumentGroupLegalPresence,
			Status: x.featureStatus(didit.FeatureKYBDocuments), FileURL: s.media("certificate.pdf"), CreatedAt: stamp(x.created),
		}},
	}}
	d.KeyPeopleChecks = []didit.KeyPeopleCheck{{
		NodeID: nodes[didit.FeatureKYBKeyPeople], Status: x.featureStatus(didit.FeatureKYBKeyPeople), Warnings: x.warnings(didit.FeatureKYBKeyPeople),
		Registry: &didit.KeyPeopleRegistry{BeneficialOwners: []didit.KeyOwner{{
			UUID: x.companyID[:35] + "2", Name: "John Doe", FirstName: "John", LastName: "Doe", EntityType: didit.EntityTypePerson, Roles: []string{"ubo"},
			OwnershipMinShares: didit.NewShare("50"), OwnershipMaxShares: didit.NewShare("75"), KYCStatus: x.status,
		}}},
	}}
}

// overlay puts corrected members over a record.
func overlay[T any](record *T, members map[string]json.RawMessage) {
	if len(members) == 0 {
		return
	}
	all := make(map[string]json.RawMessage)
	raw, err := kyc.Marshal(*record)
	if err == nil {
		err = kyc.Unmarshal(raw, &all)
	}
	maps.Copy(all, members)
	if err == nil {
		raw, err = kyc.Marshal(all)
	}
	var out T
	if err == nil {
		err = kyc.Unmarshal(raw, &out)
	}
	if err != nil {
		panic(err)
	}
	*record = out
}

func (s *Server) summary(x *session) didit.SessionSummary {
	row := didit.SessionSummary{
		SessionID: x.id, SessionKind: x.kind, SessionNumber: new(x.number), Status: x.status, VendorData: x.vendorData, CreatedAt: stamp(x.created),
	}
	if x.kind == didit.SessionKindBusiness {
		row.WorkflowID, row.CompanyName, row.Country = x.workflow, "ACME HOLDINGS LTD", "GB"
		return row
	}
	row.SessionURL, row.DocumentType, row.FullName, row.Country = s.link(x), "Passport", "Carmen Sample", "ESP"
	for _, name := range featuresOf(x.kind) {
		row.Features = append(row.Features, didit.FeatureSummary{Feature: string(name), Status: string(x.featureStatus(name))})
	}
	return row
}
