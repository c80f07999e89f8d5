package jumio

import (
	"encoding/json"
	"strconv"
)

// WorkflowKey is the key of a workflow. Tenants get keys of their own, so any
// value may be used. A key of digits goes out as a JSON number, as the vendor's
// pages show it; any other as a string.
type WorkflowKey string

// legacyScreening is the key of the screening workflow before 10010.
const legacyScreening WorkflowKey = "32"

// Standard workflow keys. Which of them a tenant may use depends on its contract.
const (
	// WorkflowIDAndIdentity verifies an ID and a selfie.
	WorkflowIDAndIdentity WorkflowKey = "10011"
	// WorkflowIDIdentityScreening adds screening, proof of residency, address and US driving licence to WorkflowIDAndIdentity.
	WorkflowIDIdentityScreening WorkflowKey = "10013"
	// WorkflowAuthentication compares a new face with the stored facemap. Only Accounts.Update can start it.
	WorkflowAuthentication WorkflowKey = "10014"
	// WorkflowAuthenticationOnPremises compares a new face with a facemap that the caller stored. Only Accounts.Update can start it.
	WorkflowAuthenticationOnPremises WorkflowKey = "10071"
	// WorkflowIDAndIdentitySupportingData is WorkflowIDAndIdentity with prepared data.
	WorkflowIDAndIdentitySupportingData WorkflowKey = "10163"
	// WorkflowIDAndSelfie verifies an ID and a selfie, with or without prepared data.
	WorkflowIDAndSelfie WorkflowKey = "10164"
	// WorkflowID verifies an ID.
	WorkflowID WorkflowKey = "10165"
	// WorkflowIDAndIdentityWatchlist is WorkflowIDAndIdentitySupportingData with watchlist screening.
	WorkflowIDAndIdentityWatchlist WorkflowKey = "10167"
	// WorkflowDocumentProof verifies a document that is no ID.
	WorkflowDocumentProof WorkflowKey = "10169"
	// WorkflowIDCapture reads and stores an ID.
	WorkflowIDCapture WorkflowKey = "10171"
	// WorkflowBrazilCPF looks a Brazilian CPF up, through the API channel only.
	WorkflowBrazilCPF WorkflowKey = "10005"
	// WorkflowBrazilBiometric compares a selfie with the Brazilian register, through the API channel only.
	WorkflowBrazilBiometric WorkflowKey = "10006"
	// WorkflowUSDrivingLicense looks a US driving licence up, through the API channel only.
	WorkflowUSDrivingLicense WorkflowKey = "10008"
	// WorkflowWatchlist screens a name, through the API channel only. It needs a user reference.
	WorkflowWatchlist WorkflowKey = "10010"
	// WorkflowIDOnly verifies an ID; named in the vendor's migration pages.
	WorkflowIDOnly WorkflowKey = "10015"
	// WorkflowLiveness tests liveness only.
	WorkflowLiveness WorkflowKey = "10016"
	// WorkflowSimilarityToExisting compares a new selfie with an ID of the account.
	WorkflowSimilarityToExisting WorkflowKey = "10025"
	// WorkflowDocumentVerification verifies a document; named in the vendor's migration pages.
	WorkflowDocumentVerification WorkflowKey = "10026"
	// WorkflowIDCaptureOnly captures an ID; named in the vendor's migration pages.
	WorkflowIDCaptureOnly WorkflowKey = "10031"
	// WorkflowEmailCheck rates an e-mail address.
	WorkflowEmailCheck WorkflowKey = "10066"
)

// WorkflowKeys returns the standard keys in the order of their constants.
func WorkflowKeys() []WorkflowKey {
	return []WorkflowKey{
		WorkflowIDAndIdentity, WorkflowIDIdentityScreening, WorkflowAuthentication, WorkflowAuthenticationOnPremises,
		WorkflowIDAndIdentitySupportingData, WorkflowIDAndSelfie, WorkflowID, WorkflowIDAndIdentityWatchlist, WorkflowDocumentProof,
		WorkflowIDCapture, WorkflowBrazilCPF, WorkflowBrazilBiometric, WorkflowUSDrivingLicense, WorkflowWatchlist, WorkflowIDOnly,
		WorkflowLiveness, WorkflowSimilarityToExisting, WorkflowDocumentVerification, WorkflowIDCaptureOnly, WorkflowEmailCheck,
	}
}

// updateOnly tells whether a workflow needs an account that exists.
func (k WorkflowKey) updateOnly() bool {
	return k == WorkflowAuthentication || k == WorkflowAuthenticationOnPremises
}

// screens tells whether a workflow screens the person, which it does only with a user reference.
func (k WorkflowKey) screens() bool {
	switch k {
	case WorkflowWatchlist, WorkflowIDIdentityScreening, WorkflowIDAndIdentityWatchlist, legacyScreening:
		return true
	default:
		return false
	}
}

// MarshalJSON writes a number for a key of digits, else a string.
func (k WorkflowKey) MarshalJSON() ([]byte, error) {
	// A leading zero is no JSON number, and a number must come back as the same text.
	if n, err := strconv.ParseUint(string(k), 10, 53); err == nil && strconv.FormatUint(n, 10) == string(k) {
		return []byte(k), nil
	}
	return json.Marshal(string(k))
}

// UnmarshalJSON reads a number or a string. Anything else is the empty key: one
// odd field must not cost the rest.
func (k *WorkflowKey) UnmarshalJSON(data []byte) error {
	*k = WorkflowKey(textOf(data))
	return nil
}
