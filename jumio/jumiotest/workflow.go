package jumiotest

import (
	"slices"

	"github.com/seed44d1d1b3/kyc-go/jumio"
)

// wanted is a credential that a workflow asks for.
type wanted struct {
	category jumio.Category
	channels []jumio.Channel
	parts    []jumio.Part
	// optional credentials need not be there when the execution is finalized.
	optional bool
}

var (
	everyChannel = []jumio.Channel{jumio.ChannelWeb, jumio.ChannelAPI, jumio.ChannelSDK}
	captureOnly  = []jumio.Channel{jumio.ChannelWeb, jumio.ChannelSDK}
	apiOnly      = []jumio.Channel{jumio.ChannelAPI}

	wantID       = wanted{category: jumio.CategoryID, channels: everyChannel, parts: []jumio.Part{jumio.PartFront, jumio.PartBack}}
	wantFacemap  = wanted{category: jumio.CategoryFacemap, channels: captureOnly}
	wantSelfie   = wanted{category: jumio.CategorySelfie, channels: everyChannel, parts: []jumio.Part{jumio.PartFace}}
	wantCapture  = wanted{category: jumio.CategorySelfie, channels: captureOnly}
	wantStored   = wanted{category: jumio.CategoryFacemap, channels: apiOnly, parts: []jumio.Part{jumio.PartFacemap}}
	wantDocument = wanted{category: jumio.CategoryDocument, channels: everyChannel, parts: []jumio.Part{jumio.PartDocument}}
	wantData     = wanted{category: jumio.CategoryData, channels: apiOnly, parts: []jumio.Part{jumio.PartPreparedData}}
	offerData    = wanted{category: jumio.CategoryData, channels: apiOnly, parts: []jumio.Part{jumio.PartPreparedData}, optional: true}
)

// credentialsOf gives the credentials of the standard workflows; a key that it does not know gets an ID and a selfie.
func credentialsOf(key jumio.WorkflowKey) []wanted {
	switch key {
	case jumio.WorkflowAuthentication:
		return []wanted{wantFacemap, wantCapture}
	case jumio.WorkflowAuthenticationOnPremises:
		return []wanted{wantFacemap, wantStored, wantCapture}
	case jumio.WorkflowID, jumio.WorkflowIDCapture, jumio.WorkflowIDOnly, jumio.WorkflowIDCaptureOnly:
		return []wanted{wantID, offerData}
	case jumio.WorkflowDocumentProof, jumio.WorkflowDocumentVerification:
		return []wanted{wantDocument, offerData}
	case jumio.WorkflowBrazilCPF, jumio.WorkflowUSDrivingLicense, jumio.WorkflowWatchlist, jumio.WorkflowEmailCheck:
		return []wanted{wantData}
	case jumio.WorkflowBrazilBiometric:
		return []wanted{wantData, {category: jumio.CategorySelfie, channels: apiOnly, parts: []jumio.Part{jumio.PartFace}}}
	case jumio.WorkflowLiveness:
		return []wanted{wantFacemap, wantSelfie}
	case jumio.WorkflowIDAndIdentitySupportingData, jumio.WorkflowIDAndSelfie, jumio.WorkflowIDAndIdentityWatchlist, jumio.WorkflowIDIdentityScreening:
		return []wanted{wantID, wantFacemap, wantSelfie, offerData}
	default:
		return []wanted{wantID, wantFacemap, wantSelfie}
	}
}

// capabilitiesOf gives the capabilities of a workflow in the order in which the vendor's samples list them.
func capabilitiesOf(key jumio.WorkflowKey) []string {
	switch key {
	case jumio.WorkflowAuthentication, jumio.WorkflowAuthenticationOnPremises:
		return []string{"usability", "authentication"}
	case jumio.WorkflowID, jumio.WorkflowIDOnly:
		return []string{"extraction", "dataChecks", "imageChecks", "usability"}
	case jumio.WorkflowIDCapture, jumio.WorkflowIDCaptureOnly:
		return []string{"extraction", "usability"}
	case jumio.WorkflowDocumentProof, jumio.WorkflowDocumentVerification:
		return []string{"extraction", "imageChecks", "usability"}
	case jumio.WorkflowBrazilCPF:
		return []string{"braCpfValidation"}
	case jumio.WorkflowBrazilBiometric:
		return []string{"biometricVerification", "usability"}
	case jumio.WorkflowUSDrivingLicense:
		return []string{"drivingLicenseVerification"}
	case jumio.WorkflowWatchlist:
		return []string{"watchlistScreening"}
	case jumio.WorkflowEmailCheck:
		return []string{"emailVerification"}
	case jumio.WorkflowLiveness:
		return []string{"liveness", "usability"}
	case jumio.WorkflowIDAndIdentityWatchlist:
		return []string{"extraction", "similarity", "liveness", "dataChecks", "imageChecks", "usability", "watchlistScreening"}
	case jumio.WorkflowIDIdentityScreening:
		return []string{
			"extraction", "similarity", "liveness", "dataChecks", "imageChecks", "usability", "watchlistScreening", "proofOfResidency",
			"addressValidation", "drivingLicenseVerification",
		}
	default:
		return []string{"extraction", "similarity", "liveness", "dataChecks", "imageChecks", "usability"}
	}
}

// screens tells whether a workflow has a screening, which needs a user reference.
func screens(key jumio.WorkflowKey) bool {
	return key == "32" || slices.Contains(capabilitiesOf(key), "watchlistScreening")
}

// documented lists the labels of each capability for WARNING and REJECTED; the first capability that has one gets it.
var documented = []struct {
	capability string
	decision   jumio.DecisionType
	labels     []jumio.Label
}{
	{"imageChecks", jumio.DecisionWarning, []jumio.Label{"DIFFERENT_PERSON", "REPEATED_FACE"}},
	{"imageChecks", jumio.DecisionRejected, []jumio.Label{
		"FAILED", "DIGITAL_COPY", "WATERMARK", "OTHER_REJECTION", "GHOST_IMAGE_DIFFERENT", "PUNCHED", "SAMPLE", "FAKE", "CHIP_MISSING",
		"DIGITAL_MANIPULATION", "MISMATCH_FRONT_BACK", "MANIPULATED_DOCUMENT", "MANIPULATED_DOCUMENT_PHOTO",
		"MANIPULATED_DOCUMENT_DOCUMENT_NUMBER", "MANIPULATED_DOCUMENT_EXPIRY", "MANIPULATED_DOCUMENT_DOB", "MANIPULATED_DOCUMENT_NAME",
		"MANIPULATED_DOCUMENT_ADDRESS", "MANIPULATED_DOCUMENT_SECURITY_CHECKS", "MANIPULATED_DOCUMENT_SIGNATURE",
		"MANIPULATED_DOCUMENT_PERSONAL_NUMBER", "MANIPULATED_DOCUMENT_PLACE_OF_BIRTH", "MANIPULATED_DOCUMENT_GENDER",
		"MANIPULATED_DOCUMENT_ISSUING_DATE",
	}},
	{"usability", jumio.DecisionWarning, []jumio.Label{"LIVENESS_UNDETERMINED", "UNSUPPORTED_COUNTRY", "UNSUPPORTED_DOCUMENT_TYPE"}},
	{"usability", jumio.DecisionRejected, []jumio.Label{
		"BAD_QUALITY", "BLURRED", "BAD_QUALITY_IMAGE", "PART_OF_DOCUMENT_MISSING", "PART_OF_DOCUMENT_HIDDEN", "DAMAGED_DOCUMENT", "GLARE",
		"MISSING_MANDATORY_DATAPOINTS", "BLACK_WHITE", "MISSING_PAGE", "MISSING_SIGNATURE", "NOT_A_DOCUMENT", "PHOTOCOPY",
	}},
	{"dataChecks", jumio.DecisionWarning, []jumio.Label{
		"DOCUMENT_EXPIRY_WITHIN_CONFIGURED_LIMIT", "LOOKUPS_MEDIUM_RISK_IP_ADDRESS", "LOOKUPS_MEDIUM_RISK_DEVICE",
	}},
	{"dataChecks", jumio.DecisionRejected, []jumio.Label{
		"HIGH_FRAUD_RISK", "NFC_CERTIFICATE", "MISMATCHING_DATAPOINTS", "MRZ_CHECKSUM", "MISMATCHING_DATA_REPEATED_FACE",
		"MISMATCH_HRZ_MRZ_DATA", "CUSTOMER_FEEDBACK", "ID_DATA_MISMATCH", "LOOKUPS_HIGH_RISK_SAME_DATA", "SUPERIMPOSED_TEXT",
	}},
	{"similarity", jumio.DecisionWarning, []jumio.Label{"NOT_POSSIBLE"}},
	{"similarity", jumio.DecisionRejected, []jumio.Label{"NO_MATCH"}},
	{"liveness", jumio.DecisionWarning, []jumio.Label{"AGE_DIFFERENCE", "BAD_QUALITY"}},
	{"liveness", jumio.DecisionRejected, []jumio.Label{
		"LIVENESS_UNDETERMINED", "ID_USED_AS_SELFIE", "MULTIPLE_PEOPLE", "MANIPULATED", "NO_FACE_PRESENT", "FACE_NOT_FULLY_VISIBLE",
	}},
	{"watchlistScreening", jumio.DecisionWarning, []jumio.Label{"ALERT"}},
	{"addressValidation", jumio.DecisionRejected, []jumio.Label{"DENY"}},
	{"emailVerification", jumio.DecisionRejected, []jumio.Label{"HIGH_RISK"}},
	{"emailVerification", jumio.DecisionWarning, []jumio.Label{"MEDIUM_RISK"}},
}

// capabilityOf finds the capability that documents a label for a decision; what none does goes to imageChecks.
func capabilityOf(decision jumio.DecisionType, label jumio.Label) string {
	for _, d := range documented {
		if d.decision == decision && slices.Contains(d.labels, label) {
			return d.capability
		}
	}
	return "imageChecks"
}

// passedLabel is the label of a capability that passed.
func passedLabel(capability string) jumio.Label {
	switch capability {
	case "similarity":
		return jumio.LabelMatch
	case "biometricVerification", "emailVerification", "deviceRiskVerification":
		return jumio.LabelLowRisk
	default:
		return jumio.LabelOK
	}
}
