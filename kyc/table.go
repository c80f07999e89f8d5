package kyc

import (
	"errors"
	"strings"
)

// Rule is one row of a vendor's decision table: a word of one of its fields,
// and what it means.
type Rule struct {
	// Field is the vendor's field, as in "decision.type".
	Field string
	// Word is the vendor's word there.
	Word string
	// Decision is what the word gives, or its part in what several words give.
	Decision Decision
	// Source says where the vendor documents the word.
	Source string
}

// Name returns the text by which Evidence names the rule.
func (r Rule) Name() string { return r.Field + " " + r.Word + " is " + r.Decision.String() }

// Table is a vendor's decision table. What no row names is Unknown.
type Table []Rule

// Decide returns the decision for a word in a field and the name of the rule
// that gave it. Words match exactly.
func (t Table) Decide(field, word string) (Decision, string) {
	for _, r := range t {
		if r.Field == field && r.Word == word {
			return r.Decision, r.Name()
		}
	}
	return Unknown, noRule(field)
}

func noRule(field string) string { return field + ": no rule names this value" }

// Override is a caller's own row, which goes before the vendor's table: for
// labels that a tenant defines, for a stricter reading, or to accept what the
// table leaves to review. Evidence then names it.
type Override struct {
	// Name is the caller's name for the rule; Evidence shows it.
	Name string
	// Vendor limits the rule to one vendor; empty for all.
	Vendor Vendor
	// Field is the vendor's field, as the vendor's table or package doc names it.
	Field string
	// Check limits the rule to checks of one vendor name, as in Yoti's "ID_DOCUMENT_FACE_MATCH"; empty for all.
	Check string
	// Word is the vendor's word, matched exactly.
	Word string
	// Decision is what the word gives from now on.
	Decision Decision
}

func (o Override) validate() error {
	switch {
	case strings.TrimSpace(o.Name) == "":
		return errors.New("an override has no name")
	case o.Field == "" || o.Word == "":
		return errors.New("an override needs a field and a word")
	case int(o.Decision) >= len(decisionTexts):
		return errors.New("an override's decision is not one of the constants")
	}
	return nil
}

// WithOverrides puts rows in front of the vendors' decision tables. The first
// that fits wins. A row without name, field or word, or with a decision that is
// none of the constants, is refused where a client is made, and passed over where
// a stored answer is read.
func WithOverrides(rows ...Override) Option {
	return func(s *Settings) { s.Overrides = append(s.Overrides, rows...) }
}

// Override returns the caller's decision for a word, and the rule's name, where
// one of the overrides fits. Authors of a [Provider] ask it before their table.
func (s Settings) Override(vendor Vendor, field, check, word string) (Decision, string, bool) {
	return s.override(vendor, field, check, word, false)
}

// Tighten is Override for a field that tells how far a verification is and not
// what it found: a rule that approves does not fit there, so nobody's rule
// approves before there is a verdict.
func (s Settings) Tighten(vendor Vendor, field, check, word string) (Decision, string, bool) {
	return s.override(vendor, field, check, word, true)
}

// overridePrefix tells the rules of a caller's in Evidence.
const overridePrefix = "override "

func (s Settings) override(vendor Vendor, field, check, word string, tighten bool) (Decision, string, bool) {
	for _, o := range s.Overrides {
		if (o.Vendor == "" || o.Vendor == vendor) && o.Field == field && (o.Check == "" || o.Check == check) && o.Word == word && !(tighten && o.Decision == Approved) && o.validate() == nil {
			return o.Decision, overridePrefix + o.Name, true
		}
	}
	return Unknown, "", false
}

// Decide asks the caller's overrides first and the table then.
func (s Settings) Decide(t Table, vendor Vendor, field, check, word string) (Decision, string) {
	if d, rule, ok := s.Override(vendor, field, check, word); ok {
		return d, rule
	}
	return t.Decide(field, word)
}
