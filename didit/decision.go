package didit

import (
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// FeatureName is a feature as decisions name it. It is open. Other places of
// the API have other words for the same things: see [ResubmitFeature] and
// [WarningFeature].
type FeatureName string

// The features of decisions.
const (
	FeatureIDVerification     FeatureName = "ID_VERIFICATION"
	FeatureNFC                FeatureName = "NFC"
	FeatureLiveness           FeatureName = "LIVENESS"
	FeatureFaceMatch          FeatureName = "FACE_MATCH"
	FeaturePOA                FeatureName = "POA"
	FeaturePhone              FeatureName = "PHONE"
	FeatureEmailVerification  FeatureName = "EMAIL_VERIFICATION"
	FeatureAML                FeatureName = "AML"
	FeatureIPAnalysis         FeatureName = "IP_ANALYSIS"
	FeatureDatabaseValidation FeatureName = "DATABASE_VALIDATION"
	FeatureQuestionnaire      FeatureName = "QUESTIONNAIRE"
	FeatureAgeEstimation      FeatureName = "AGE_ESTIMATION"
	FeatureFaceSearch         FeatureName = "FACE_SEARCH"
	// FeatureDocumentAI is Experimental: no page lists the name that decisions give to it.
	FeatureDocumentAI   FeatureName = "DOCUMENT_AI"
	FeatureKYBRegistry  FeatureName = "KYB_REGISTRY"
	FeatureKYBDocuments FeatureName = "KYB_DOCUMENTS"
	FeatureKYBKeyPeople FeatureName = "KYB_KEY_PEOPLE"
)

// Other names of features: EMAIL_VERIFICATION is called EMAIL with [IncludeEvents], and the AML of a company has a name of its
// own in older decisions.
const (
	featureEmailShort FeatureName = "EMAIL"
	featureCompanyAML FeatureName = "KYB_COMPANY_AML"
)

// Values returns the documented features.
func (FeatureName) Values() []FeatureName {
	return []FeatureName{
		FeatureIDVerification, FeatureNFC, FeatureLiveness, FeatureFaceMatch, FeaturePOA, FeaturePhone, FeatureEmailVerification,
		FeatureAML, FeatureIPAnalysis, FeatureDatabaseValidation, FeatureQuestionnaire, FeatureAgeEstimation, FeatureFaceSearch,
		FeatureDocumentAI, FeatureKYBRegistry, FeatureKYBDocuments, FeatureKYBKeyPeople,
	}
}

// Known reports whether n is a documented feature.
func (n FeatureName) Known() bool { return slices.Contains(n.Values(), n) }

// Feature is a feature that a workflow runs.
type Feature struct {
	// Name is the feature; EMAIL, as it is called with [IncludeEvents], reads as FeatureEmailVerification, and the older
	// KYB_COMPANY_AML as FeatureAML.
	Name FeatureName `json:"feature"`
	// NodeID is the node of the workflow, known with [IncludeEvents] only.
	NodeID string `json:"node_id,omitzero"`
}

// Format prints the feature only; see [kyc.FormatRedacted].
func (f Feature) Format(s fmt.State, verb rune) { kyc.FormatRedacted(s, verb, f) }

// LogValue logs the feature only; see [kyc.LogRedacted].
func (f Feature) LogValue() slog.Value { return kyc.LogRedacted(f) }

// FeatureList is the features of a decision. The vendor writes them as a list
// of names, as a list of objects with the node's id, or as one text with commas;
// all read the same, and each is written back as it came.
type FeatureList struct{ rawJSON }

// NewFeatureList returns a list of names.
func NewFeatureList(names ...FeatureName) FeatureList {
	if names == nil {
		names = []FeatureName{}
	}
	// Names have no value that cannot be written.
	b, _ := kyc.Marshal(names)
	return FeatureList{rawJSON{string(b)}}
}

// All returns the features in the vendor's order.
func (l FeatureList) All() []Feature {
	if text, ok := jsonText([]byte(l.raw)); ok {
		return splitFeatures(text)
	}
	var all []Feature
	for _, item := range jsonList([]byte(l.raw)) {
		var f Feature
		if text, ok := jsonText(item); ok {
			f.Name = FeatureName(text)
		} else if kyc.Unmarshal(item, &f) != nil {
			continue
		}
		if f.Name != "" {
			all = append(all, f.named())
		}
	}
	return all
}

func (f Feature) named() Feature {
	switch f.Name {
	case featureEmailShort:
		f.Name = FeatureEmailVerification
	case featureCompanyAML:
		f.Name = FeatureAML
	}
	return f
}

// splitFeatures reads the one-text form, in which workflows use plus signs for commas.
func splitFeatures(text string) []Feature {
	var all []Feature
	for _, name := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '+' }) {
		if name = strings.TrimSpace(name); name != "" {
			all = append(all, Feature{Name: FeatureName(name)}.named())
		}
	}
	return all
}

// Names returns the features' names in the vendor's order.
func (l FeatureList) Names() []FeatureName {
	var names []FeatureName
	for _, f := range l.All() {
		names = append(names, f.Name)
	}
	return names
}

// Has reports whether the workflow runs the feature.
func (l FeatureList) Has(name FeatureName) bool { return slices.Contains(l.Names(), name) }

// Format prints the features that are known.
func (l FeatureList) Format(s fmt.State, _ rune) {
	var known []string
	for _, n := range l.Names() {
		if n.Known() {
			known = append(known, string(n))
		}
	}
	_, _ = fmt.Fprintf(s, "%s", known)
}

// LogValue logs what Format prints.
func (l FeatureList) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(l)) }

// Share is a share in percent as a registry gives it: a number, a text such as
// "25.00" or "25%", or a range such as "25-50%". It is written back as it came.
type Share struct{ rawJSON }

// NewShare returns a share that is written as text.
func NewShare(text string) Share {
	// A text has no value that cannot be written.
	b, _ := kyc.Marshal(text)
	return Share{rawJSON{string(b)}}
}

// Text returns the share without the quotes of JSON.
func (s Share) Text() string {
	if isNumber([]byte(s.raw)) {
		return s.raw
	}
	text, _ := jsonText([]byte(s.raw))
	return text
}

// Percent returns the bounds of the share, equal where it is no range. ok is
// false where it cannot be read as percent.
func (s Share) Percent() (low, high float64, ok bool) {
	text := strings.TrimSpace(s.Text())
	from, to, isRange := strings.Cut(text, "-")
	if !isRange {
		to = from
	}
	low, ok = percent(from)
	if !ok {
		return 0, 0, false
	}
	high, ok = percent(to)
	if !ok || high < low {
		return 0, 0, false
	}
	return low, high, true
}

func percent(text string) (float64, bool) {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%"))
	// ParseFloat also knows words and hexadecimal, which are no shares.
	if strings.Trim(text, "0123456789.") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && v <= 100
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (s Share) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (s Share) LogValue() slog.Value { return kyc.LogRedacted(s) }

// FieldMatches is how each field compared with a source, by the field's name:
// [MatchTypeFullMatch] and its neighbours, or a word that is new.
type FieldMatches map[string]MatchType

// Informs reports whether the warning is for information only: neither a reason
// to decline nor to review.
func (w Warning) Informs() bool { return w.LogType == LogTypeInformation }

// Business reports whether the session verified a company. Without a kind, as
// with [IncludeEvents], it is a person's.
func (d *Decision) Business() bool { return d.SessionKind == SessionKindBusiness }

// Ref returns the verification's reference; it is zero without an id.
func (d *Decision) Ref() kyc.Ref {
	if d.SessionID == "" {
		return kyc.Ref{}
	}
	return kyc.Ref{Vendor: kyc.Didit, Session: d.SessionID}
}
