package transmit

import "strings"

// positive are the signals of the risk check that speak for the person. The
// vendor lists them among the reasons all the same.
var positive = map[RiskReason]bool{
	RiskReasonActionIsLegit:              true,
	RiskReasonIPTrusted:                  true,
	RiskReasonProfileDeviceFamiliar:      true,
	RiskReasonProfileDeviceFamiliarModel: true,
	RiskReasonProfileFamiliar:            true,
	RiskReasonProfileIPFamiliar:          true,
	RiskReasonProfileTrusted:             true,
	RiskReasonUserTrusted:                true,
}

// Positive tells whether the signal speaks for the person (trusted, familiar,
// legitimate). Such a signal stands in the vendor's list and is not among the
// reasons of the normalised [kyc.Check].
func (r RiskReason) Positive() bool { return positive[r] }

// ReasonRow is one word that a check may give as its reason.
type ReasonRow struct {
	// Check is the vendor's name of the check.
	Check string
	// Code is the vendor's word.
	Code string
	// Against is true where the word speaks against the person or the capture.
	Against bool
}

// Reasons returns one row for each reason that the vendor documents, in the
// order of its document.
func Reasons() []ReasonRow {
	var rows []ReasonRow
	add := func(check string, codes []string) {
		for _, code := range codes {
			rows = append(rows, ReasonRow{Check: check, Code: code, Against: against(check, code)})
		}
	}
	add("document_validation", texts(DocumentValidationReason("").Values()))
	add("document_authentication", texts(DocumentAuthenticationReason("").Values()))
	add("document_liveness", texts(DocumentLivenessReason("").Values()))
	add("biometric_matching", texts(BiometricMatchingReason("").Values()))
	add("biometric_liveness", texts(BiometricLivenessReason("").Values()))
	add("flagged_identity", texts(FlaggedIdentityReason("").Values()))
	add("risk_recommendation", texts(RiskReason("").Values()))
	return rows
}

// against tells whether a reason is listed as one. A word that no list names is: leaving out what
// might speak against somebody would be the wrong mistake. The reasons of risk_details have no list of
// their own; a word that differs from a positive signal only by its capitals is one.
func against(check, code string) bool {
	switch check {
	case "risk_recommendation":
		return !RiskReason(code).Positive()
	case riskDetails:
		return !RiskReason(strings.ToLower(code)).Positive()
	default:
		return true
	}
}

// Accepted tells whether the image was taken. Any other word, a new one
// included, means that another image is wanted.
func (f Feedback) Accepted() bool { return f == FeedbackOK }

// Fault says what a rejected image suffers from.
type Fault string

// The faults.
const (
	// FaultNone: the image was accepted.
	FaultNone Fault = ""
	// FaultQuality: the capture is poor (blur, glare, something in front). The same subject again, better.
	FaultQuality Fault = "quality"
	// FaultSubject: the wrong thing is in the picture, or not all of it.
	FaultSubject Fault = "subject"
	// FaultDocument: this document will not do, however well it is captured.
	FaultDocument Fault = "document"
	// FaultOther: the vendor does not say, or says something new.
	FaultOther Fault = "other"
)

var faults = map[Feedback]Fault{
	FeedbackOK:                   FaultNone,
	FeedbackOther:                FaultOther,
	FeedbackDocumentNotFound:     FaultSubject,
	FeedbackFaceNotFound:         FaultSubject,
	FeedbackDocumentFaceNotFound: FaultSubject,
	FeedbackObstructed:           FaultQuality,
	FeedbackBlur:                 FaultQuality,
	FeedbackGlare:                FaultQuality,
	FeedbackDocumentNotSupported: FaultDocument,
	FeedbackDocumentNotMatching:  FaultSubject,
	FeedbackWrongDocumentSide:    FaultSubject,
	FeedbackMultiFace:            FaultSubject,
	FeedbackFaceRotated:          FaultSubject,
	FeedbackFaceTooSmall:         FaultSubject,
	FeedbackFaceTooClose:         FaultSubject,
	FeedbackClosedEyes:           FaultSubject,
	FeedbackFaceAngleTooLarge:    FaultSubject,
	FeedbackFaceCloseToBorder:    FaultSubject,
	FeedbackFaceOccluded:         FaultSubject,
	FeedbackFaceCropped:          FaultSubject,
	FeedbackBarcodeNotFound:      FaultSubject,
	FeedbackGlareSelfie:          FaultQuality,
	FeedbackBlurSelfie:           FaultQuality,
	FeedbackRestrictedCriteria:   FaultDocument,
}

// Fault says what the rejected image suffers from.
func (f Feedback) Fault() Fault {
	if fault, ok := faults[f]; ok {
		return fault
	}
	return FaultOther
}
