package kyc

import (
	"fmt"
	"io"
	"log/slog"
	"slices"
)

// CheckKind says what a check looked at. It is open: a vendor's check that fits
// none of the constants has kind CheckOther and keeps its name in
// Check.VendorName.
type CheckKind string

// The kinds of checks.
const (
	// CheckDocumentAuthenticity asks whether the document is genuine.
	CheckDocumentAuthenticity CheckKind = "document_authenticity"
	// CheckDocumentData asks whether the data on the document are valid and consistent.
	CheckDocumentData CheckKind = "document_data"
	// CheckDocumentExtraction reads the data off the document.
	CheckDocumentExtraction CheckKind = "document_extraction"
	// CheckDocumentLiveness asks whether the document itself was presented, not a copy of it.
	CheckDocumentLiveness CheckKind = "document_liveness"
	// CheckNFC reads and verifies the document's chip.
	CheckNFC CheckKind = "nfc"
	// CheckFaceMatch compares the person's face with the document's.
	CheckFaceMatch CheckKind = "face_match"
	// CheckFaceSearch looks the face up among others.
	CheckFaceSearch CheckKind = "face_search"
	// CheckLiveness asks whether a living person was present.
	CheckLiveness CheckKind = "liveness"
	// CheckAge estimates or verifies the age.
	CheckAge CheckKind = "age"
	// CheckWatchlist screens against sanctions, politically exposed persons and adverse media (AML).
	CheckWatchlist CheckKind = "watchlist"
	// CheckAddress verifies the address or its proof.
	CheckAddress CheckKind = "address"
	// CheckPhone verifies the phone number.
	CheckPhone CheckKind = "phone"
	// CheckEmail verifies the e-mail address.
	CheckEmail CheckKind = "email"
	// CheckDevice rates device, network and IP address.
	CheckDevice CheckKind = "device"
	// CheckDatabase compares with registers and other sources.
	CheckDatabase CheckKind = "database"
	// CheckQuestionnaire asks the person questions.
	CheckQuestionnaire CheckKind = "questionnaire"
	// CheckCompanyRegistry looks a company up in its register.
	CheckCompanyRegistry CheckKind = "company_registry"
	// CheckCompanyDocument verifies a company's papers.
	CheckCompanyDocument CheckKind = "company_document"
	// CheckKeyPeople verifies a company's officers and owners.
	CheckKeyPeople CheckKind = "key_people"
	// CheckUsability asks whether the images are good enough to be used.
	CheckUsability CheckKind = "usability"
	// CheckAuthentication recognises a person who was verified before.
	CheckAuthentication CheckKind = "authentication"
	// CheckRisk rates the verification as a whole by the vendor's own model.
	CheckRisk CheckKind = "risk"
	// CheckWallet screens a crypto wallet.
	CheckWallet CheckKind = "wallet"
	// CheckOther is a check that this module has no word for.
	CheckOther CheckKind = "other"
)

// CheckKinds returns the kinds that this module has words for.
func CheckKinds() []CheckKind {
	return []CheckKind{
		CheckDocumentAuthenticity, CheckDocumentData, CheckDocumentExtraction, CheckDocumentLiveness, CheckNFC, CheckFaceMatch, CheckFaceSearch,
		CheckLiveness, CheckAge, CheckWatchlist, CheckAddress, CheckPhone, CheckEmail, CheckDevice, CheckDatabase, CheckQuestionnaire,
		CheckCompanyRegistry, CheckCompanyDocument, CheckKeyPeople, CheckUsability, CheckAuthentication, CheckRisk, CheckWallet, CheckOther,
	}
}

// Known reports whether k is one of the constants.
func (k CheckKind) Known() bool { return slices.Contains(CheckKinds(), k) }

// Check is one part of a verification.
type Check struct {
	// Kind says what was looked at.
	Kind CheckKind `json:"kind"`
	// VendorName is the vendor's own name for the check.
	VendorName string `json:"vendor_name,omitzero"`
	// Decision is the check's own outcome; it does not overrule the verification's.
	Decision Decision `json:"decision"`
	// Status is the outcome in the vendor's own words.
	Status string `json:"status,omitzero"`
	// Reasons speak against the person or the capture; what a vendor mentions merely for information is not among them.
	Reasons []Reason `json:"reasons,omitzero"`
	// Score is the vendor's score, nil if it gave none.
	Score *Score `json:"score,omitzero"`
	// Ref is the JSON pointer of the check in Result.Raw.
	Ref string `json:"ref,omitzero"`
}

// Reason is the vendor's code for something found.
type Reason struct {
	// Code is the vendor's word, as in "REPEATED_FACE".
	Code string `json:"code"`
	// Category groups codes if the vendor does, for example by the name of a sub-check.
	Category string `json:"category,omitzero"`
}

// Score is a number on the vendor's own scale. Which end is good depends on
// the check; it is neither converted nor compared.
type Score struct {
	// Value is the number as sent.
	Value float64 `json:"value"`
	// Min and Max are the ends of the vendor's scale. Both are 0 if the vendor documents none.
	Min float64 `json:"min"`
	Max float64 `json:"max"`
	// Name is the vendor's name for the score, if there is more than one.
	Name string `json:"name,omitzero"`
}

// Format prints kind and decision; see [FormatRedacted].
func (c Check) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, c) }

// LogValue logs kind and decision; see [LogRedacted].
func (c Check) LogValue() slog.Value { return LogRedacted(c) }

// String returns the code, or a placeholder if it is not one word of at most 40
// letters, digits, _ and -: anything else could be somebody's name.
func (r Reason) String() string {
	if !oneWord(r.Code) {
		return "kyc.Reason{}"
	}
	return r.Code
}

// Format prints what String returns, whatever the verb.
func (r Reason) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, r.String()) }

// LogValue logs what String returns.
func (r Reason) LogValue() slog.Value { return slog.StringValue(r.String()) }

// Format prints the type's name only; see [FormatRedacted].
func (s Score) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, s) }

// LogValue logs the type's name only; see [LogRedacted].
func (s Score) LogValue() slog.Value { return LogRedacted(s) }
