package transmit_test

import (
	"os"
	"slices"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

// Every word of the specification's enumerations has a constant and, where it has a meaning for the result, a row.
func TestEveryWordHasARow(t *testing.T) {
	data, err := os.ReadFile("../testdata/openapi/transmit.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct {
					Enum  []string
					Items struct{ Enum []string }
				}
			}
		}
	}
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	inTable := func(field, word string) bool {
		return slices.ContainsFunc(transmit.Table(), func(r kyc.Rule) bool { return r.Field == field && r.Word == word && r.Source != "" })
	}
	inReasons := func(check, word string) bool {
		return slices.ContainsFunc(transmit.Reasons(), func(r transmit.ReasonRow) bool { return r.Check == check && r.Code == word })
	}
	checkOf := map[string]string{
		"DocumentValidationCheckDto": "document_validation", "DocumentAuthenticationCheckDto": "document_authentication", "DocumentLivenessCheckDto": "document_liveness",
		"BiometricMatchingCheckDto": "biometric_matching", "BiometricLivenessCheckDto": "biometric_liveness", "FlaggedIdentityCheckDto": "flagged_identity",
		"RiskRecommendationCheckDto": "risk_recommendation",
	}
	seen := 0
	for name, schema := range doc.Components.Schemas {
		for member, p := range schema.Properties {
			for _, word := range append(slices.Clone(p.Enum), p.Items.Enum...) {
				seen++
				ok := false
				switch check, isCheck := checkOf[name]; {
				case isCheck && member == "reasons":
					ok = inReasons(check, word)
				case isCheck:
					ok = inTable(transmit.FieldCheck, word) && transmit.CheckRecommendation(word).Known()
				case member == "status" && name == "FaceAuthSessionResultResponse":
					ok = inTable(transmit.FieldStatus, word) && transmit.FaceAuthStatus(word).Known()
				case member == "status":
					ok = inTable(transmit.FieldStatus, word) && transmit.SessionStatus(word).Known()
				case member == "recommendation" || member == "mock_recommendation":
					ok = inTable(transmit.FieldRecommendation, word) && transmit.Recommendation(word).Known()
				case member == "feedback":
					ok = transmit.Feedback(word).Known() && (transmit.Feedback(word).Fault() != transmit.FaultOther || word == "other")
				case member == "type" && (name == "DocumentDto" || name == "DeprecatedDocumentDto"):
					ok = transmit.DocumentType(word).Known() && documentRow(t, word)
				case member == "type" && name == "RawImage":
					ok = transmit.RawImageType(word).Known()
				case member == "type" || member == "image_type" || member == "missing_images":
					ok = transmit.ImageType(word).Known()
				case member == "gender":
					ok = transmit.Gender(word).Known()
				case member == "context":
					ok = transmit.SessionContext(word).Known()
				case member == "device_type":
					ok = transmit.DeviceType(word).Known()
				case member == "use_case":
					ok = transmit.FaceAuthUseCase(word).Known()
				case member == "activity":
					ok = transmit.Activity(word).Known()
				case member == "grant_type" || member == "resource":
					ok = true // sent by the client itself
				}
				if !ok {
					t.Errorf("%s.%s: %q has no constant or no row", name, member, word)
				}
			}
		}
	}
	if seen < 200 {
		t.Errorf("only %d words were found", seen)
	}
	for _, r := range transmit.Table() {
		if r.Field == transmit.FieldRecommendation && (r.Decision == kyc.Approved) != (r.Word == "ALLOW") {
			t.Errorf("%s", r.Name())
		}
		if r.Field == transmit.FieldStatus && r.Decision == kyc.Approved {
			t.Errorf("%s", r.Name())
		}
	}
}

func documentRow(t *testing.T, word string) bool {
	t.Helper()
	result, err := transmit.ParseResult([]byte(`{"status":"complete","document":{"type":"` + word + `"}}`))
	return err == nil && result.Document.Type.Known() && result.Document.VendorType == word
}

func TestShapes(t *testing.T) {
	for raw, want := range map[string][4]bool{ // complete, deprecated, incomplete, running
		string(fixture(t, "result-complete-allow.json")):                          {true, false, false, false},
		string(fixture(t, "result-complete-minimal.json")):                        {true, false, false, false},
		string(fixture(t, "result-deprecated-allow.json")):                        {false, true, false, false},
		string(fixture(t, "result-deprecated-deny.json")):                         {false, true, false, false},
		string(fixture(t, "result-deprecated-no-recommendation.json")):            {false, true, false, false},
		string(fixture(t, "result-processing.json")):                              {false, false, true, true},
		string(fixture(t, "result-recapture.json")):                               {false, false, true, false},
		string(fixture(t, "result-error.json")):                                   {false, false, true, false},
		`{"status":"complete"}`:                                                   {},
		`{"status":"expired","checks":{}}`:                                        {},
		`{"status":"complete","checks":[]}`:                                       {},
		`{"status":"complete","verified_info":7}`:                                 {},
		`{"status":"complete","person":[],"verified_info":{}}`:                    {false, true, false, false},
		`{"status":"complete","rejection_description":[]}`:                        {false, true, false, false},
		`{"status":"complete","verified_info":{},"checks":{}}`:                    {true, false, false, false},
		`{"status":"processing","verified_info":{},"recommendation":"ALLOW"}`:     {false, false, true, true},
		`{"status":"complete","checks":null,"verified_info":{"person":{}},"a":1}`: {false, true, false, false},
	} {
		var r transmit.Result
		if err := kyc.Unmarshal([]byte(raw), &r); err != nil {
			t.Fatal(err)
		}
		if got := [4]bool{r.Complete(), r.Deprecated(), r.Incomplete(), r.Running()}; got != want {
			t.Errorf("%.90s: %v, want %v", raw, got, want)
		}
	}
}
