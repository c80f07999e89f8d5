package didit

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// What newer servers say of wallets, of chips that were not read and of shared sessions has fields of its own, and no part
// in the decision.
func TestDigitalID(t *testing.T) {
	const body = `{"session_id":"s","status":"Approved","id_verifications":[{"verification_method":"wallet","assurance":"cryptographic","wallet_provider":"eudi","fallback_from":"id_lookup","id_lookup":{"number":"1"},"wallet_verification":{"claims":[]}}],` +
		`"nfc_verifications":[{"is_nfc_skipped":true,"skip_reason":"DOCUMENT_WITHOUT_CHIP"}],"liveness_checks":[{"matches":[{"source":"retained_template"}]}],` +
		`"poa_verifications":[{"detected_codes":[{"type":"QR"}]}],"nfc_skip_reason":"USER_SKIPPED","shared_from_session":{"session_id":"t"}}`
	var d Decision
	if err := kyc.Unmarshal([]byte(body), &d); err != nil {
		t.Fatal(err)
	}
	id, chip := d.IDVerifications[0], d.NFCVerifications[0]
	if id.VerificationMethod != IDMethodWallet || id.Assurance != IDAssuranceCryptographic || id.WalletProvider != "eudi" || id.FallbackFrom != "id_lookup" ||
		string(id.IDLookup) != `{"number":"1"}` || string(id.WalletVerification) != `{"claims":[]}` {
		t.Errorf("the reading: %#v", id.Extra)
	}
	if chip.IsNFCSkipped == nil || !*chip.IsNFCSkipped || chip.SkipReason != NFCSkipReasonDocumentWithoutChip || d.NFCSkipReason != NFCSkipReasonUserSkipped {
		t.Errorf("the chip: %q, %q", chip.SkipReason, d.NFCSkipReason)
	}
	if !d.LivenessChecks[0].Matches[0].Source.Known() || len(d.POAVerifications[0].DetectedCodes) != 1 || string(d.SharedFromSession) != `{"session_id":"t"}` {
		t.Error("matches, codes or the shared session are not read")
	}
	again, err := kyc.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(meaning(t, []byte(body)), meaning(t, again)); diff != "" || len(d.Extra)+len(id.Extra)+len(chip.Extra) > 0 {
		t.Errorf("written back it differs (-want +got):\n%s", diff)
	}
}
