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
	{Field: FieldState, Word: string(SessionStateOngoing), Decision: kyc.Pending, Source: sourceStates},
	{Field: FieldState, Word: string(SessionStateCompleted), Decision: kyc.Unknown, Source: sourceResult + "; the checks decide"},
	{Field: FieldState, Word: string(SessionStateExpired), Decision: kyc.Expired, Source: sourceStates},
	{Field: FieldCheckState, Word: string(CheckStateCreated), Decision: kyc.Pending, Source: sourceChecks},
	{Field: FieldCheckState, Word: string(CheckStateReady), Decision: kyc.Pending, Source: sourceChecks},
	{Field: FieldCheckState, Word: string(CheckStatePending), Decision: kyc.Pending, Source: sourceChecks},
	{Field: FieldCheckState, Word: string(CheckStateInternalError), Decision: kyc.Failed, Source: sourceChecks},
	{Field: FieldCheckState, Word: string(CheckStateDone), Decision: kyc.Unknown, Source: sourceResult + "; the recommendation decides"},
	{Field: FieldRecommendation, Word: string(RecommendationValueApprove), Decision: kyc.Approved, Source: sourceResult},
	{Field: FieldRecommendation, Word: string(RecommendationValueReject), Decision: kyc.Declined, Source: sourceReport},
	{Field: FieldRecommendation, Word: string(RecommendationValueNotAvailable), Decision: kyc.Review, Source: sourceReport},
	{Field: FieldRecommendation, Word: string(RecommendationValueConsider), Decision: kyc.Review, Source: sourceReport},
	{Field: FieldProfile, Word: string(ProfileResultDone), Decision: kyc.Approved, Source: "official SDKs; the checks decide beside it"},
	{Field: FieldProfile, Word: string(ProfileResultAborted), Decision: kyc.Unknown, Source: "official SDKs"},
}

// overridable are the fields of the table that an override may name.
var overridable = kyc.Fields{Whole: []string{FieldState, FieldProfile}, Checks: []string{FieldCheckState, FieldRecommendation}}

// Table returns the decision table. A session's state COMPLETED sends on to its
// checks: their parts combine in the order Declined, Unknown, Review, Approved.
//
// Unless a check declines, a COMPLETED session is Unknown that has no session id,
// no checks, a check that is not DONE or does not say what it checked, or a
// deciding member in another spelling or of another JSON type. So is one whose
// identity profile is null, was not made or misses a requirement, or is absent
// although the answer shows that one was asked for.
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
