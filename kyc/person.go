package kyc

import (
	"fmt"
	"log/slog"
)

// Person is a natural person as a vendor read or was told. Empty fields are
// not known; nothing is guessed.
type Person struct {
	// FirstName, MiddleName and LastName are given, middle and family names.
	FirstName  string `json:"first_name,omitzero" kyc:"personal"`
	MiddleName string `json:"middle_name,omitzero" kyc:"personal"`
	LastName   string `json:"last_name,omitzero" kyc:"personal"`
	// FullName is the name as one text, where the vendor gives it so.
	FullName string `json:"full_name,omitzero" kyc:"personal"`
	// DateOfBirth is the date on the document, of the form 2006-01-02.
	DateOfBirth Date `json:"date_of_birth,omitzero" kyc:"personal"`
	// Gender is the vendor's letter or word.
	Gender string `json:"gender,omitzero" kyc:"personal"`
	// Nationality is an ISO 3166-1 alpha-3 code where it could be told, else the vendor's text.
	Nationality string `json:"nationality,omitzero" kyc:"personal"`
	// PlaceOfBirth is free text.
	PlaceOfBirth string `json:"place_of_birth,omitzero" kyc:"personal"`
	// PersonalNumber is a national identification number.
	PersonalNumber string `json:"personal_number,omitzero" kyc:"personal"`
	// Address is where the person lives.
	Address *Address `json:"address,omitzero" kyc:"personal"`
	// Email and Phone are contact data, the phone number in E.164 where the vendor keeps to it.
	Email string `json:"email,omitzero" kyc:"personal"`
	Phone string `json:"phone,omitzero" kyc:"personal"`
}

// Address is a postal address.
type Address struct {
	// Lines are street, house number and the like, in the vendor's order.
	Lines []string `json:"lines,omitzero" kyc:"personal"`
	// City, Subdivision (state, province, region) and PostalCode are as the vendor writes them.
	City        string `json:"city,omitzero" kyc:"personal"`
	Subdivision string `json:"subdivision,omitzero" kyc:"personal"`
	PostalCode  string `json:"postal_code,omitzero" kyc:"personal"`
	// Country is an ISO 3166-1 alpha-3 code where it could be told, else the vendor's text.
	Country string `json:"country,omitzero" kyc:"personal"`
	// Formatted is the whole address as one text, where the vendor gives it so.
	Formatted string `json:"formatted,omitzero" kyc:"personal"`
}

// DocumentType is the kind of a document. It is open.
type DocumentType string

// The kinds of documents.
const (
	DocumentPassport        DocumentType = "passport"
	DocumentIDCard          DocumentType = "id_card"
	DocumentDrivingLicense  DocumentType = "driving_license"
	DocumentResidencePermit DocumentType = "residence_permit"
	DocumentVisa            DocumentType = "visa"
	DocumentHealthCard      DocumentType = "health_card"
	DocumentTaxCard         DocumentType = "tax_card"
	DocumentProofOfAddress  DocumentType = "proof_of_address"
	DocumentOther           DocumentType = "other"
)

// Known tells whether t is one of the constants.
func (t DocumentType) Known() bool {
	switch t {
	case DocumentPassport, DocumentIDCard, DocumentDrivingLicense, DocumentResidencePermit, DocumentVisa,
		DocumentHealthCard, DocumentTaxCard, DocumentProofOfAddress, DocumentOther:
		return true
	default:
		return false
	}
}

// Document is an identity document as a vendor read it.
type Document struct {
	// Type is the kind of document; VendorType keeps the vendor's own word.
	Type       DocumentType `json:"type,omitzero"`
	VendorType string       `json:"vendor_type,omitzero"`
	// Number is the document's number.
	Number string `json:"number,omitzero" kyc:"personal"`
	// SerialNumber is the number of this very piece, which a renewal changes, where the vendor tells it from Number.
	SerialNumber string `json:"serial_number,omitzero" kyc:"personal"`
	// PersonalNumber is the holder's national number on the document.
	PersonalNumber string `json:"personal_number,omitzero" kyc:"personal"`
	// IssuingCountry is an ISO 3166-1 alpha-3 code where it could be told, else the vendor's text.
	IssuingCountry string `json:"issuing_country,omitzero" kyc:"personal"`
	// IssuingState is the part of the country that issued it, as the vendor writes it.
	IssuingState string `json:"issuing_state,omitzero" kyc:"personal"`
	// IssuingAuthority is free text.
	IssuingAuthority string `json:"issuing_authority,omitzero" kyc:"personal"`
	// IssuedOn and ExpiresOn are of the form 2006-01-02.
	IssuedOn  Date `json:"issued_on,omitzero" kyc:"personal"`
	ExpiresOn Date `json:"expires_on,omitzero" kyc:"personal"`
	// Ref is the JSON pointer of the document in Result.Raw.
	Ref string `json:"ref,omitzero"`
}

// Company is a legal entity as a vendor read or was told.
type Company struct {
	// Name is the legal name.
	Name string `json:"name,omitzero" kyc:"personal"`
	// RegistrationNumber and TaxNumber are those of the register and the tax office.
	RegistrationNumber string `json:"registration_number,omitzero" kyc:"personal"`
	TaxNumber          string `json:"tax_number,omitzero" kyc:"personal"`
	// Country is an ISO 3166-1 alpha-3 code where it could be told, else the vendor's text.
	Country string `json:"country,omitzero" kyc:"personal"`
	// Type and Status are the register's words.
	Type   string `json:"type,omitzero" kyc:"personal"`
	Status string `json:"status,omitzero" kyc:"personal"`
	// IncorporatedOn is of the form 2006-01-02.
	IncorporatedOn Date `json:"incorporated_on,omitzero" kyc:"personal"`
	// Address is the registered address.
	Address *Address `json:"address,omitzero" kyc:"personal"`
	// Website is a URL.
	Website string `json:"website,omitzero" kyc:"personal"`
}

// Party is an officer or owner of a company: a person, or a company again.
type Party struct {
	// Person or Company is who it is; the other is nil.
	Person  *Person  `json:"person,omitzero" kyc:"personal"`
	Company *Company `json:"company,omitzero" kyc:"personal"`
	// Roles are the vendor's words, as in "director".
	Roles []string `json:"roles,omitzero" kyc:"personal"`
	// OwnershipMin and OwnershipMax are percent; nil where not known, equal where exact.
	OwnershipMin *float64 `json:"ownership_min,omitzero" kyc:"personal"`
	OwnershipMax *float64 `json:"ownership_max,omitzero" kyc:"personal"`
	// Decision is the outcome of the party's own verification, where it had one.
	Decision Decision `json:"decision"`
	// Ref points at the party's own verification, where it has one.
	Ref Ref `json:"ref,omitzero"`
	// Pointer is the JSON pointer of the party in Result.Raw.
	Pointer string `json:"pointer,omitzero"`
}

// Format prints the type's name only; see [FormatRedacted].
func (p Person) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, p) }

// LogValue logs the type's name only; see [LogRedacted].
func (p Person) LogValue() slog.Value { return LogRedacted(p) }

// Format prints the type's name only; see [FormatRedacted].
func (a Address) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, a) }

// LogValue logs the type's name only; see [LogRedacted].
func (a Address) LogValue() slog.Value { return LogRedacted(a) }

// Format prints the type of document only; see [FormatRedacted].
func (d Document) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, d) }

// LogValue logs the type of document only; see [LogRedacted].
func (d Document) LogValue() slog.Value { return LogRedacted(d) }

// Format prints the type's name only; see [FormatRedacted].
func (c Company) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, c) }

// LogValue logs the type's name only; see [LogRedacted].
func (c Company) LogValue() slog.Value { return LogRedacted(c) }

// Format prints Ref and decision only; see [FormatRedacted].
func (p Party) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, p) }

// LogValue logs Ref and decision only; see [LogRedacted].
func (p Party) LogValue() slog.Value { return LogRedacted(p) }
