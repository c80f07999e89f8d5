package yoti

import (
	"slices"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// The fields of the decision table, for [kyc.Override].
const (
	// FieldState is the state of a session. An override of it can tighten and cannot approve.
	FieldState = "state"
	// FieldCheckState is the state of one check; kyc.Override.Check names its type, as in "LIVENESS". An override of it
	// can tighten and cannot approve.
	FieldCheckState = "checks.state"
	// FieldRecommendation is the verdict of one check; kyc.Override.Check names its type.
	FieldRecommendation = "checks.recommendation"
	// FieldProfile is the result of an identity profile, simple or advanced.
	FieldProfile = "identity_profile.result"
)

const (
	sourceResult = "GET /sessions/{id}, a recorded result"
	sourceStates = "API reference of identity verification: session result (state)"
	sourceChecks = "developers.yoti.com, retrieving a session, version 2.0 (check states)"
	sourceReport = "developers.yoti.com, check reports (recommendation)"
)

// table is from the vendor's words to decisions. COMPLETED and DONE decide nothing by themselves: they send the reader on
// to the checks and to the recommendation.
var table = kyc.Table{
	{Field: FieldState, Word: "ONGOING", Decision: kyc.Pending, Source: sourceStates},
	{Field: FieldState, Word: "COMPLETED", Decision: kyc.Unknown, Source: sourceResult + "; the checks decide"},
	{Field: FieldState, Word: "EXPIRED", Decision: kyc.Expired, Source: sourceStates},
	{Field: FieldCheckState, Word: "CREATED", Decision: kyc.Pending, Source: sourceChecks},
	{Field: FieldCheckState, Word: "READY", Decision: kyc.Pending, Source: sourceChecks},
	{Field: FieldCheckState, Word: "PENDING", Decision: kyc.Pending, Source: sourceChecks},
	{Field: FieldCheckState, Word: "INTERNAL_ERROR", Decision: kyc.Failed, Source: sourceChecks},
	{Field: FieldCheckState, Word: "DONE", Decision: kyc.Unknown, Source: sourceResult + "; the recommendation decides"},
	{Field: FieldRecommendation, Word: "APPROVE", Decision: kyc.Approved, Source: sourceResult},
	{Field: FieldRecommendation, Word: "REJECT", Decision: kyc.Declined, Source: sourceReport},
	{Field: FieldRecommendation, Word: "NOT_AVAILABLE", Decision: kyc.Review, Source: sourceReport},
	{Field: FieldRecommendation, Word: "CONSIDER", Decision: kyc.Review, Source: sourceReport},
	{Field: FieldProfile, Word: "DONE", Decision: kyc.Approved, Source: "official SDKs; the checks decide beside it"},
	{Field: FieldProfile, Word: "ABORTED", Decision: kyc.Unknown, Source: "official SDKs"},
}

// Table returns the decision table. A session's state COMPLETED sends on to its
// checks: their parts combine in the order Declined, Unknown, Review, Approved,
// and a session without checks, or with one that is not DONE, is Unknown unless
// another check declines. So is one without a session id, and one that holds a
// deciding member in another spelling or of another JSON type. An identity profile that was not made, or whose
// requirements were not met, keeps a session from being Approved.
func Table() kyc.Table { return slices.Clone(table) }

// kinds are the shared words for the vendor's checks.
var kinds = map[CheckType]kyc.CheckKind{
	CheckTypeIDDocumentAuthenticity:             kyc.CheckDocumentAuthenticity,
	CheckTypeLiveness:                           kyc.CheckLiveness,
	CheckTypeIDDocumentFaceMatch:                kyc.CheckFaceMatch,
	CheckTypeFaceComparison:                     kyc.CheckFaceMatch,
	CheckTypeIDDocumentComparison:               kyc.CheckDocumentData,
	CheckTypeIDDocumentTextDataCheck:            kyc.CheckDocumentData,
	CheckTypeSupplementaryDocumentTextDataCheck: kyc.CheckDocumentData,
	CheckTypeThirdPartyIdentity:                 kyc.CheckDatabase,
	CheckTypeThirdPartyIdentityFraud1:           kyc.CheckDatabase,
	CheckTypeSynecticsIdentityFraud:             kyc.CheckDatabase,
	CheckTypeWatchlistScreening:                 kyc.CheckWatchlist,
	CheckTypeWatchlistAdvancedCA:                kyc.CheckWatchlist,
	CheckTypeIBVVisualReviewCheck:               kyc.CheckDocumentAuthenticity,
	CheckTypeProfileDocumentMatch:               kyc.CheckDocumentData,
	CheckTypeDocumentSchemeValidityCheck:        kyc.CheckDocumentData,
	CheckTypeFamiliarFaceSearch:                 kyc.CheckFaceSearch,
}

// documentTypes are the shared words for the vendor's documents.
var documentTypes = map[DocumentType]kyc.DocumentType{
	DocumentTypePassport:            kyc.DocumentPassport,
	DocumentTypeDrivingLicence:      kyc.DocumentDrivingLicense,
	DocumentTypePaperDrivingLicence: kyc.DocumentDrivingLicense,
	DocumentTypeNationalID:          kyc.DocumentIDCard,
	DocumentTypeStateID:             kyc.DocumentIDCard,
	DocumentTypeAadhaar:             kyc.DocumentIDCard,
	DocumentTypeDigitalAadhaar:      kyc.DocumentIDCard,
	DocumentTypeEphilID:             kyc.DocumentIDCard,
	DocumentTypeResidencePermit:     kyc.DocumentResidencePermit,
	DocumentTypePAN:                 kyc.DocumentTaxCard,
	DocumentTypeUtilityBill:         kyc.DocumentProofOfAddress,
	DocumentTypeCouncilTaxBill:      kyc.DocumentProofOfAddress,
	DocumentTypePhoneBill:           kyc.DocumentProofOfAddress,
	DocumentTypeBankStatement:       kyc.DocumentProofOfAddress,
}

// documentType returns the shared word; every other kind is DocumentOther, with the vendor's word beside it.
func documentType(t DocumentType) kyc.DocumentType {
	if shared, ok := documentTypes[t]; ok {
		return shared
	}
	if t == "" {
		return ""
	}
	return kyc.DocumentOther
}
