package yoti

import (
	"slices"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// The fields that the decision table names; overrides use the same names.
const (
	fieldState          = "state"
	fieldCheckState     = "checks.state"
	fieldRecommendation = "checks.recommendation"
	fieldProfile        = "identity_profile.result"
)

// table is from the vendor's words to decisions. COMPLETED and DONE decide nothing by themselves: they send the reader on
// to the checks and to the recommendation.
var table = kyc.Table{
	{Field: fieldState, Word: "ONGOING", Decision: kyc.Pending, Source: "documentation"},
	{Field: fieldState, Word: "COMPLETED", Decision: kyc.Unknown, Source: "recorded result; the checks decide"},
	{Field: fieldState, Word: "EXPIRED", Decision: kyc.Expired, Source: "documentation"},
	{Field: fieldCheckState, Word: "CREATED", Decision: kyc.Pending, Source: "documentation"},
	{Field: fieldCheckState, Word: "READY", Decision: kyc.Pending, Source: "documentation"},
	{Field: fieldCheckState, Word: "PENDING", Decision: kyc.Pending, Source: "documentation"},
	{Field: fieldCheckState, Word: "INTERNAL_ERROR", Decision: kyc.Failed, Source: "documentation"},
	{Field: fieldCheckState, Word: "DONE", Decision: kyc.Unknown, Source: "recorded result; the recommendation decides"},
	{Field: fieldRecommendation, Word: "APPROVE", Decision: kyc.Approved, Source: "recorded result"},
	{Field: fieldRecommendation, Word: "REJECT", Decision: kyc.Declined, Source: "documentation"},
	{Field: fieldRecommendation, Word: "NOT_AVAILABLE", Decision: kyc.Review, Source: "documentation"},
	{Field: fieldRecommendation, Word: "CONSIDER", Decision: kyc.Review, Source: "documentation"},
	{Field: fieldProfile, Word: "DONE", Decision: kyc.Approved, Source: "official SDKs; the checks decide beside it"},
	{Field: fieldProfile, Word: "ABORTED", Decision: kyc.Unknown, Source: "official SDKs"},
}

// Table returns the decision table. A session's state COMPLETED sends on to its
// checks: their parts combine in the order Declined, Unknown, Review, Approved,
// and a session without checks, or with one that is not DONE, is Unknown unless
// another check declines. An identity profile that was not made, or whose
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
