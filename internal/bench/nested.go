package main

import (
	"encoding/json"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// The types below decode a session as the vendor's own Go SDK does: session, resources, documents and tasks have
// unmarshal methods that decode their bytes again, and each liveness capture is kept raw and decoded twice. The leaves
// are the SDK's types, so that only the strategy differs.

type nestedSession struct {
	SessionID              string                `json:"session_id"`
	UserTrackingID         string                `json:"user_tracking_id"`
	State                  yoti.SessionState     `json:"state"`
	ClientSessionTokenTTL  *int64                `json:"client_session_token_ttl"`
	ClientSessionToken     kyc.Secret            `json:"client_session_token"`
	BiometricConsent       kyc.Timestamp         `json:"biometric_consent"`
	Resources              *nestedResources      `json:"resources"`
	Checks                 []*yoti.Check         `json:"checks"`
	IdentityProfile        *yoti.IdentityProfile `json:"identity_profile"`
	IdentityProfilePreview *yoti.MediaHolder     `json:"identity_profile_preview"`
	ImportToken            *yoti.ImportToken     `json:"import_token"`

	byType map[yoti.CheckType][]*yoti.Check
}

// UnmarshalJSON sorts the checks by type.
func (s *nestedSession) UnmarshalJSON(data []byte) error {
	type plain nestedSession
	if err := json.Unmarshal(data, (*plain)(s)); err != nil {
		return err
	}
	s.byType = make(map[yoti.CheckType][]*yoti.Check)
	for _, c := range s.Checks {
		s.byType[c.Type] = append(s.byType[c.Type], c)
	}
	return nil
}

type nestedResources struct {
	IDDocuments            []*nestedDocument        `json:"id_documents"`
	SupplementaryDocuments []*nestedDocument        `json:"supplementary_documents"`
	FaceCapture            []*yoti.FaceCapture      `json:"face_capture"`
	LivenessCapture        []*yoti.LivenessCapture  `json:"-"`
	RawLiveness            []json.RawMessage        `json:"liveness_capture"`
	ApplicantProfiles      []map[string]interface{} `json:"applicant_profiles"`
}

// UnmarshalJSON reads the type of each liveness capture before the capture.
func (r *nestedResources) UnmarshalJSON(data []byte) error {
	type plain nestedResources
	if err := json.Unmarshal(data, (*plain)(r)); err != nil {
		return err
	}
	for _, raw := range r.RawLiveness {
		var head struct {
			LivenessType yoti.LivenessType `json:"liveness_type"`
		}
		if err := json.Unmarshal(raw, &head); err != nil {
			return err
		}
		capture := new(yoti.LivenessCapture)
		if err := json.Unmarshal(raw, capture); err != nil {
			return err
		}
		r.LivenessCapture = append(r.LivenessCapture, capture)
	}
	return nil
}

type nestedDocument struct {
	ID                     string            `json:"id"`
	Tasks                  []*nestedTask     `json:"tasks"`
	Source                 *yoti.Source      `json:"source"`
	CreatedAt              kyc.Timestamp     `json:"created_at"`
	LastUpdated            kyc.Timestamp     `json:"last_updated"`
	DocumentType           yoti.DocumentType `json:"document_type"`
	IssuingCountry         string            `json:"issuing_country"`
	Provider               string            `json:"provider"`
	Pages                  []*yoti.Page      `json:"pages"`
	DocumentFields         *yoti.MediaHolder `json:"document_fields"`
	ExpandedDocumentFields *yoti.MediaHolder `json:"expanded_document_fields"`
	DocumentIDPhoto        *yoti.MediaHolder `json:"document_id_photo"`
	File                   *yoti.MediaHolder `json:"file"`
	textTasks              map[string]*nestedTask
}

// UnmarshalJSON sorts the tasks by type.
func (d *nestedDocument) UnmarshalJSON(data []byte) error {
	type plain nestedDocument
	if err := json.Unmarshal(data, (*plain)(d)); err != nil {
		return err
	}
	d.textTasks = make(map[string]*nestedTask)
	for _, t := range d.Tasks {
		d.textTasks[string(t.Type)] = t
	}
	return nil
}

type nestedTask struct {
	Type            yoti.TaskType            `json:"type"`
	ID              string                   `json:"id"`
	State           yoti.TaskState           `json:"state"`
	Created         kyc.Timestamp            `json:"created"`
	LastUpdated     kyc.Timestamp            `json:"last_updated"`
	GeneratedChecks []*yoti.GeneratedCheck   `json:"generated_checks"`
	GeneratedMedia  []*yoti.GeneratedMedia   `json:"generated_media"`
	Recommendation  *yoti.TaskRecommendation `json:"recommendation"`
	byType          map[string]*yoti.GeneratedCheck
}

// UnmarshalJSON sorts the generated checks by type.
func (t *nestedTask) UnmarshalJSON(data []byte) error {
	type plain nestedTask
	if err := json.Unmarshal(data, (*plain)(t)); err != nil {
		return err
	}
	t.byType = make(map[string]*yoti.GeneratedCheck)
	for _, c := range t.GeneratedChecks {
		t.byType[string(c.Type)] = c
	}
	return nil
}
