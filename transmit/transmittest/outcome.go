package transmittest

import (
	"slices"

	"github.com/seed44d1d1b3/kyc-go/transmit"
)

// checkNames are the seven checks in the order of the vendor's document.
var checkNames = []string{
	"document_validation", "document_authentication", "document_liveness", "biometric_matching", "biometric_liveness", "flagged_identity", "risk_recommendation",
}

// verdict is the recommendation of a session: its own mock behaviour goes before the server's script.
func (s *Server) verdict(v *session) (transmit.Recommendation, []string) {
	if m := v.req.MockBehavior; m != nil {
		switch {
		case m.Recommendation != "":
			return m.Recommendation, nil
		case m.MockRecommendation != "":
			return m.MockRecommendation, nil
		}
	}
	return s.cfg.recommendation, s.cfg.reasons
}

// checks spreads the reasons over the checks that the vendor documents them for.
func checks(recommendation transmit.Recommendation, reasons []string) map[string]any {
	if len(reasons) == 0 {
		switch recommendation {
		case transmit.RecommendationDeny:
			reasons = []string{string(transmit.BiometricMatchingReasonBiometricMismatch)}
		case transmit.RecommendationChallenge:
			reasons = []string{string(transmit.DocumentValidationReasonDataComparisonFailed)}
		}
	}
	found := make(map[string][]string)
	rows := transmit.Reasons()
	for _, reason := range reasons {
		check := "risk_recommendation"
		if i := slices.IndexFunc(rows, func(r transmit.ReasonRow) bool { return r.Code == reason }); i >= 0 {
			check = rows[i].Check
		}
		found[check] = append(found[check], reason)
	}
	out := make(map[string]any)
	for _, name := range checkNames {
		one := map[string]any{"recommendation": transmit.CheckAllow}
		if list := found[name]; list != nil {
			one["recommendation"], one["reasons"] = recommendation, list
		}
		out[name] = one
	}
	return out
}

// The person and document of the vendor's own examples, unless a session's mock behaviour brings others.
const (
	givenName = "Marie"
	surname   = "Curies"
	fullName  = "Marie Salomea Skłodowska-Curies"
	birth     = "1867-11-07T00:00:00.000Z"
	expires   = "2099-11-07T00:00:00.000Z"
	issued    = "2020-11-07T00:00:00.000Z"
	number    = "1234567"
	personNo  = "123ABC"
)

func (s *Server) completeResult(v *session) map[string]any {
	recommendation, reasons := s.verdict(v)
	person := map[string]any{"full_name": fullName, "given_name": givenName, "surname": surname, "gender": "female", "national_id": personNo, "date_of_birth": birth, "age": 35}
	document := map[string]any{"country": "US", "region": "NY", "type": transmit.DocumentTypeDriversLicense, "number": number, "issue_date": issued, "expiration_date": expires}
	if m := v.req.MockBehavior; m != nil && m.Info != nil {
		if p := m.Info.PersonDetails; p != nil {
			person = filled("full_name", p.FullName, "given_name", p.GivenName, "surname", p.Surname, "date_of_birth", string(p.DateOfBirth))
			if d := m.Info.DocumentDetails; d != nil && d.IDValue != "" {
				person["national_id"] = d.IDValue
			}
		}
		if d := m.Info.DocumentDetails; d != nil {
			document = filled("country", d.Country, "region", d.Region, "number", d.DocumentSerialNumber, "issue_date", string(d.IssueDate), "expiration_date", string(d.ValidUntil))
			document["type"] = d.Type
		}
	}
	images := []map[string]any{}
	for _, i := range v.images {
		if !i.rejected && i.original == "" {
			images = append(images, map[string]any{"id": i.id, "type": i.kind})
		}
	}
	return map[string]any{
		"session_id": v.id, "status": transmit.SessionStatusComplete, "recommendation": recommendation, "person": person, "document": document,
		"additional_info": map[string]any{"address": map[string]any{"country": "USA", "region": "Indiana", "city": "Indianapolis", "street": "Snowy Ridge Road", "house_number": "1234", "postcode": "56789"}},
		"checks":          checks(recommendation, reasons), "verification_images": images,
	}
}

func (s *Server) deprecatedResult(v *session) map[string]any {
	recommendation, reasons := s.verdict(v)
	info := map[string]any{
		"person": map[string]any{"full_name": fullName, "given_name": givenName, "surname": surname, "gender": "F", "date_of_birth": birth, "age": 36},
		"document": map[string]any{
			"country": "USA", "region": "ny", "type": transmit.DocumentTypeDriversLicense, "document_serial_number": number, "id_value": personNo, "issue_date": issued, "valid_until": expires,
			"full_name": fullName, "given_name": givenName, "surname": surname, "date_of_birth": birth,
		},
	}
	out := map[string]any{"session_id": v.id, "status": transmit.SessionStatusComplete, "recommendation": recommendation}
	if recommendation == transmit.RecommendationAllow {
		out["verified_info"] = info
		return out
	}
	out["extracted_info"] = info
	out["rejection_description"] = append([]string{"The session was not verified"}, reasons...)
	return out
}

// filled leaves out what is empty.
func filled(pairs ...string) map[string]any {
	out := make(map[string]any)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out[pairs[i]] = pairs[i+1]
		}
	}
	return out
}
