package jumio

import "github.com/seed44d1d1b3/kyc-go/kyc"

// Fields of the decision table, for [kyc.Override].
const (
	// FieldStatus is workflow.status. It decides alone unless it is PROCESSED. An override of it can tighten only: it
	// neither approves, nor turns a rejection into something milder.
	FieldStatus = "workflow.status"
	// FieldDecision is decision.type, which decides a PROCESSED execution.
	FieldDecision = "decision.type"
	// FieldLabel is decision.details.label. No row of the table names one; an override may, for labels that the tenant
	// defines. It can approve only beside PASSED and WARNING, and beside any other decision.type tighten only. Where there
	// is such an override, a label of another JSON type than text keeps the execution from being approved.
	FieldLabel = "decision.details.label"
	// FieldCapability is the decision.type of one capability. It gives the decision of a check, never that of the whole.
	// An override's Check is the capability's key, as in "liveness".
	FieldCapability = "capabilities.decision.type"
	// FieldNFC is the outcome of reading the document's chip, which stands in what was read from it. It gives the decision
	// of a check, never that of the whole.
	FieldNFC = "nfcValidationResult"
	// FieldFaceSearch is the state of the search for known faces. It gives the decision of a check, never that of the
	// whole; what was found is the label of imageChecks.
	FieldFaceSearch = "faceSearchFindings.status"
	// FieldFeedback is what the customer reported to the vendor later. It gives the decision of a check, never that of the
	// whole.
	FieldFeedback = "feedback.status"
)

// overridable are the fields that an override may name.
var overridable = kyc.Fields{
	Whole:  []string{FieldStatus, FieldDecision, FieldLabel},
	Checks: []string{FieldCapability, FieldNFC, FieldFaceSearch, FieldFeedback},
}

const (
	sourceStatus     = "Workflow Status, Callback"
	sourceDecision   = "Workflow Details, decision"
	sourceCapability = "Workflow Details, capabilities"
	sourceNFC        = "Workflow Details, extraction"
	sourceFaceSearch = "Workflow Details, imageChecks"
	sourceFeedback   = "Workflow Details, feedback"
)

var table = kyc.Table{
	{Field: FieldStatus, Word: string(StatusInitiated), Decision: kyc.Pending, Source: sourceStatus},
	{Field: FieldStatus, Word: string(StatusAcquisitionStarted), Decision: kyc.Pending, Source: sourceStatus},
	{Field: FieldStatus, Word: string(StatusAcquired), Decision: kyc.Pending, Source: sourceStatus},
	{Field: FieldStatus, Word: string(StatusSessionExpired), Decision: kyc.Expired, Source: sourceStatus},
	{Field: FieldStatus, Word: string(StatusTokenExpired), Decision: kyc.Expired, Source: sourceStatus},

	{Field: FieldDecision, Word: string(DecisionPassed), Decision: kyc.Approved, Source: sourceDecision},
	{Field: FieldDecision, Word: string(DecisionWarning), Decision: kyc.Review, Source: sourceDecision},
	{Field: FieldDecision, Word: string(DecisionRejected), Decision: kyc.Declined, Source: sourceDecision},
	{Field: FieldDecision, Word: string(DecisionNotExecuted), Decision: kyc.Failed, Source: sourceDecision},

	{Field: FieldCapability, Word: string(DecisionPassed), Decision: kyc.Approved, Source: sourceCapability},
	{Field: FieldCapability, Word: string(DecisionWarning), Decision: kyc.Review, Source: sourceCapability},
	{Field: FieldCapability, Word: string(DecisionRejected), Decision: kyc.Declined, Source: sourceCapability},
	{Field: FieldCapability, Word: string(DecisionNotExecuted), Decision: kyc.Failed, Source: sourceCapability},

	{Field: FieldNFC, Word: string(NFCResultReadValidated), Decision: kyc.Approved, Source: sourceNFC},
	{Field: FieldNFC, Word: string(NFCResultReadOnly), Decision: kyc.Review, Source: sourceNFC},
	{Field: FieldNFC, Word: string(NFCResultValidationFailed), Decision: kyc.Declined, Source: sourceNFC},
	{Field: FieldNFC, Word: string(NFCResultSkipped), Decision: kyc.Failed, Source: sourceNFC},
	{Field: FieldNFC, Word: string(NFCResultSkippedMaxRetries), Decision: kyc.Failed, Source: sourceNFC},
	{Field: FieldNFC, Word: string(NFCResultTechnicalError), Decision: kyc.Failed, Source: sourceNFC},
	{Field: FieldNFC, Word: string(NFCResultReaderUnavailable), Decision: kyc.Failed, Source: sourceNFC},
	{Field: FieldNFC, Word: string(NFCResultCountryUnavailable), Decision: kyc.Failed, Source: sourceNFC},

	{Field: FieldFaceSearch, Word: string(FaceSearchStatusPending), Decision: kyc.Pending, Source: sourceFaceSearch},
	{Field: FieldFaceSearch, Word: string(FaceSearchStatusError), Decision: kyc.Failed, Source: sourceFaceSearch},
	// That it ran says nothing about what was found.
	{Field: FieldFaceSearch, Word: string(FaceSearchStatusDone), Decision: kyc.Unknown, Source: sourceFaceSearch},

	{Field: FieldFeedback, Word: string(FeedbackStatusFraud), Decision: kyc.Declined, Source: sourceFeedback},
	// It takes a suspicion back and finds nothing else.
	{Field: FieldFeedback, Word: string(FeedbackStatusNotFraud), Decision: kyc.Unknown, Source: sourceFeedback},
}

// Table returns the decision table. A status of PROCESSED has no row: then
// decision.type decides. PROCESSED details that lack the id of the account or of
// the execution, or that hold a deciding member or an id in another spelling, are
// Unknown unless decision.type declines.
func Table() kyc.Table { return append(kyc.Table(nil), table...) }

// checkKinds gives each known capability its kind of check.
var checkKinds = map[string]kyc.CheckKind{
	"usability":                  kyc.CheckUsability,
	"imageChecks":                kyc.CheckDocumentAuthenticity,
	"extraction":                 kyc.CheckDocumentExtraction,
	"dataChecks":                 kyc.CheckDocumentData,
	"similarity":                 kyc.CheckFaceMatch,
	"liveness":                   kyc.CheckLiveness,
	"authentication":             kyc.CheckAuthentication,
	"watchlistScreening":         kyc.CheckWatchlist,
	"addressValidation":          kyc.CheckAddress,
	"proofOfResidency":           kyc.CheckAddress,
	"drivingLicenseVerification": kyc.CheckDatabase,
	"braCpfValidation":           kyc.CheckDatabase,
	"biometricVerification":      kyc.CheckDatabase,
	"deviceRiskVerification":     kyc.CheckDevice,
	"emailVerification":          kyc.CheckEmail,
}
