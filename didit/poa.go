package didit

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opPOA = "checks.poa"

	// poaTimeout is how long a document of several pages may take.
	poaTimeout = time.Minute
)

// POARequest is a proof of address to read and check: TIFF, JPEG, PNG, PDF or
// WebP of at most 15 MB.
type POARequest struct {
	// Document is the proof; required.
	Document kyc.File
	// DocumentPassword opens an encrypted PDF.
	DocumentPassword kyc.Secret
	// ExpectedAddress and its neighbours are what the document should show.
	ExpectedAddress   string
	ExpectedCountry   string
	ExpectedFirstName string
	ExpectedLastName  string
	// LanguagesAllowed are the languages that a document may have.
	LanguagesAllowed []string
	// DocumentAgeMonths is how old a document of each kind may be, as in "utility_bill:3,bank_statement:3".
	DocumentAgeMonths string
	// NameMismatchAction is taken by the vendor and, as documented, not applied.
	NameMismatchAction CheckAction
	// The actions are DECLINE where they are empty.
	DocumentIssuesAction       CheckAction
	DocumentAuthenticityAction CheckAction
	UnsupportedLanguageAction  CheckAction
	AddressMismatchAction      CheckAction
	IssuerNotIdentifiedAction  CheckAction
	// SaveAPIRequest keeps the check as a session; the vendor does where it is nil.
	SaveAPIRequest *bool
	// VendorData is the caller's own id of the person.
	VendorData string
	// Metadata is any JSON of the caller's.
	Metadata json.RawMessage
}

// Format prints the type's name and the actions only; see [kyc.FormatRedacted].
func (r POARequest) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, r) }

// LogValue logs the type's name and the actions only; see [kyc.LogRedacted].
func (r POARequest) LogValue() slog.Value { return kyc.LogRedacted(r) }

// POA reads and checks a proof of address, which may take the better part of a
// minute.
func (s *ChecksService) POA(ctx context.Context, req POARequest, opts ...kyc.Option) (*POAResponse, error) {
	f := &form{op: opPOA}
	f.file("document", "Document", req.Document, addressFile)
	f.text("document_password", req.DocumentPassword.Reveal())
	f.text("expected_address", req.ExpectedAddress)
	f.text("expected_country", req.ExpectedCountry)
	f.text("expected_first_name", req.ExpectedFirstName)
	f.text("expected_last_name", req.ExpectedLastName)
	f.text("poa_languages_allowed", strings.Join(req.LanguagesAllowed, ","))
	f.text("poa_document_age_months", req.DocumentAgeMonths)
	f.text("poa_name_mismatch_action", string(req.NameMismatchAction))
	f.text("poa_document_issues_action", string(req.DocumentIssuesAction))
	f.text("poa_document_authenticity_action", string(req.DocumentAuthenticityAction))
	f.text("poa_unsupported_language_action", string(req.UnsupportedLanguageAction))
	f.text("poa_address_mismatch_action", string(req.AddressMismatchAction))
	f.text("poa_issuer_not_identified_action", string(req.IssuerNotIdentifiedAction))
	f.kept(req.SaveAPIRequest, req.VendorData, req.Metadata)
	return upload[POAResponse](ctx, s.c, f, http.MethodPost, "/v3/poa/", patient(poaTimeout, opts))
}

// Check is the outcome in this module's terms. Only
// [kyc.WithOverrides] has an effect.
func (r *POAResponse) Check(opts ...kyc.Option) kyc.Check {
	v := standalone{feature: FeaturePOA, kind: kyc.CheckAddress, at: "/poa"}
	if b := r.POA; b != nil {
		v.status, v.warnings = string(b.Status), b.Warnings
	}
	return v.check(r.Settings(opts...))
}
