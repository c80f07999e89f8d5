package yoti

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// The nested types have the decoding strategy of the vendor's own Go SDK: every list of mixed kinds is decoded to raw
// elements first, each element is decoded for its type and then again as that type, in UnmarshalJSON methods inside each
// other, with times parsed on the way. They are the peer of BenchmarkDecode, nothing else.
type (
	nestedMedia struct {
		ID          string     `json:"id"`
		Type        string     `json:"type"`
		Created     *time.Time `json:"created"`
		LastUpdated *time.Time `json:"last_updated"`
	}
	nestedHolder struct {
		Media *nestedMedia `json:"media"`
	}
	nestedReport struct {
		Recommendation *struct {
			Value  string `json:"value"`
			Reason string `json:"reason"`
		} `json:"recommendation"`
		Breakdown []*struct {
			SubCheck string `json:"sub_check"`
			Result   string `json:"result"`
			Details  []*struct {
				Name  string `json:"name"`
				Value string `json:"value"`
			} `json:"details"`
		} `json:"breakdown"`
	}
	nestedCheck struct {
		ID             string         `json:"id"`
		Type           string         `json:"type"`
		State          string         `json:"state"`
		ResourcesUsed  []string       `json:"resources_used"`
		GeneratedMedia []*nestedMedia `json:"generated_media"`
		Report         *nestedReport  `json:"report"`
		Created        *time.Time     `json:"created"`
		LastUpdated    *time.Time     `json:"last_updated"`
	}
	nestedTask struct {
		ID              string            `json:"id"`
		Type            string            `json:"type"`
		State           string            `json:"state"`
		Created         *time.Time        `json:"created"`
		LastUpdated     *time.Time        `json:"last_updated"`
		GeneratedChecks []json.RawMessage `json:"generated_checks"`
		GeneratedMedia  []*nestedMedia    `json:"generated_media"`
	}
	nestedDocument struct {
		ID             string            `json:"id"`
		RawTasks       []json.RawMessage `json:"tasks"`
		DocumentType   string            `json:"document_type"`
		IssuingCountry string            `json:"issuing_country"`
		Pages          []*struct {
			CaptureMethod string          `json:"capture_method"`
			Media         *nestedMedia    `json:"media"`
			Frames        []*nestedHolder `json:"frames"`
		} `json:"pages"`
		DocumentFields *nestedHolder `json:"document_fields"`
		tasks          []*nestedTask
	}
	nestedLiveness struct {
		ID           string            `json:"id"`
		RawTasks     []json.RawMessage `json:"tasks"`
		LivenessType string            `json:"liveness_type"`
		Frames       []*nestedHolder   `json:"frames"`
		Facemap      *nestedHolder     `json:"facemap"`
	}
	nestedResources struct {
		IDDocuments     []*nestedDocument `json:"id_documents"`
		LivenessCapture []json.RawMessage `json:"liveness_capture"`
		zoom            []*nestedLiveness
	}
	nestedSession struct {
		ClientSessionTokenTTL int               `json:"client_session_token_ttl"`
		SessionID             string            `json:"session_id"`
		UserTrackingID        string            `json:"user_tracking_id"`
		State                 string            `json:"state"`
		ClientSessionToken    string            `json:"client_session_token"`
		Resources             *nestedResources  `json:"resources"`
		RawChecks             []json.RawMessage `json:"checks"`
		checks                []*nestedCheck
	}
)

type kindOnly struct {
	Type         string `json:"type"`
	LivenessType string `json:"liveness_type"`
}

// UnmarshalJSON decodes the checks one by one, twice each.
func (s *nestedSession) UnmarshalJSON(data []byte) error {
	type alias nestedSession
	if err := json.Unmarshal(data, (*alias)(s)); err != nil {
		return err
	}
	for _, raw := range s.RawChecks {
		var kind kindOnly
		var c nestedCheck
		if err := json.Unmarshal(raw, &kind); err != nil {
			return err
		}
		if err := json.Unmarshal(raw, &c); err != nil {
			return err
		}
		s.checks = append(s.checks, &c)
	}
	return nil
}

// UnmarshalJSON decodes the tasks likewise.
func (d *nestedDocument) UnmarshalJSON(data []byte) error {
	type alias nestedDocument
	if err := json.Unmarshal(data, (*alias)(d)); err != nil {
		return err
	}
	for _, raw := range d.RawTasks {
		var kind kindOnly
		var t nestedTask
		if err := json.Unmarshal(raw, &kind); err != nil {
			return err
		}
		if err := json.Unmarshal(raw, &t); err != nil {
			return err
		}
		d.tasks = append(d.tasks, &t)
	}
	return nil
}

// UnmarshalJSON decodes the liveness captures likewise.
func (r *nestedResources) UnmarshalJSON(data []byte) error {
	type alias nestedResources
	if err := json.Unmarshal(data, (*alias)(r)); err != nil {
		return err
	}
	for _, raw := range r.LivenessCapture {
		var kind kindOnly
		var l nestedLiveness
		if err := json.Unmarshal(raw, &kind); err != nil {
			return err
		}
		if err := json.Unmarshal(raw, &l); err != nil {
			return err
		}
		r.zoom = append(r.zoom, &l)
	}
	return nil
}

// The peer reads what this package reads: without that a comparison of times says nothing.
func TestNestedStandInReadsTheSame(t *testing.T) {
	var peer nestedSession
	if err := json.Unmarshal(readFixture(t, recorded), &peer); err != nil {
		t.Fatal(err)
	}
	v, _ := decodeFixture(t, recorded)
	own := v.(*SessionResult)
	if len(peer.checks) != len(own.Checks) || len(peer.Resources.zoom) != len(own.Resources.LivenessCapture) || len(peer.Resources.IDDocuments[0].tasks) != 1 {
		t.Fatal("the peer reads other lists")
	}
	for i, c := range own.Checks {
		if p := peer.checks[i]; p.ID != c.ID || p.Report.Recommendation.Value != string(c.Report.Recommendation.Value) || len(p.Report.Breakdown) != len(c.Report.Breakdown) {
			t.Errorf("check %d differs", i)
		}
	}
}

// BenchmarkDecode compares decoding the recorded result, raw bytes kept and strictly, with the nested strategy.
func BenchmarkDecode(b *testing.B) {
	data := readFixture(b, recorded)
	run := func(name string, decode func() error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if err := decode(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("nested", func() error { return json.Unmarshal(data, new(nestedSession)) })
	run("sdk", func() error { return kyc.Unmarshal(data, new(SessionResult)) })
	run("parse_result", func() error { _, err := ParseResult(data); return err })
}
