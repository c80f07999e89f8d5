package kyc

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
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
	case o.Vendor.misspelt():
		return errors.New("an override names a vendor in another spelling")
	}
	return nil
}

// misspelt tells whether v would be a vendor of this module if it were written right. Any other name may be that of a
// Provider of the caller's own.
func (v Vendor) misspelt() bool {
	return !v.Known() && Vendor(strings.ToLower(strings.TrimSpace(string(v)))).Known()
}

// of tells whether the rule is for a vendor.
func (o Override) of(vendor Vendor) bool { return o.Vendor == "" || o.Vendor == vendor }

// fits tells whether the rule is sound and meant for this word.
func (o Override) fits(vendor Vendor, field, check, word string) bool {
	return o.of(vendor) && o.Field == field && (o.Check == "" || o.Check == check) && o.Word == word && o.validate() == nil
}

// Fields are the fields of a vendor's table that an [Override] may name.
type Fields struct {
	// Whole are fields of the verification as a whole.
	Whole []string
	// Checks are fields of single checks; only for these may an Override have a Check.
	Checks []string
}

// CheckOverrides refuses an override that could never fit the vendor, so that a
// rule which was meant to be strict is not passed over without a word: one that
// is incomplete, names a field that the vendor lacks, or a check where there is
// none. Overrides of another vendor are left alone, since clients may share their
// options. The error matches [ErrInvalid] and says which override by its place.
func (s Settings) CheckOverrides(vendor Vendor, fields Fields) error {
	for i, o := range s.Overrides {
		fault := ""
		if err := o.validate(); err != nil {
			fault = err.Error()
		} else if o.of(vendor) {
			fault = fields.fault(o)
		}
		if fault != "" {
			return Invalid(vendor, "options", "override "+strconv.Itoa(i+1)+": "+fault)
		}
	}
	return nil
}

func (f Fields) fault(o Override) string {
	switch {
	case slices.Contains(f.Checks, o.Field):
		return ""
	case slices.Contains(f.Whole, o.Field) && o.Check != "":
		return "an override names a check for a field that is not one of checks"
	case slices.Contains(f.Whole, o.Field):
		return ""
	case o.Vendor == "":
		return "an override names a field that this vendor does not have: set Vendor if it is meant for another"
	default:
		return "an override names a field that this vendor does not have"
	}
}

// WithOverrides puts rows in front of the vendors' decision tables. The first
// that fits wins, whichever fields the others name. A row that could never fit
// ([Settings.CheckOverrides] says which) is an error matching [ErrInvalid] where
// a client is made and where a stored answer is read, and is passed over where
// there is no error to return.
func WithOverrides(rows ...Override) Option {
	return func(s *Settings) { s.Overrides = append(s.Overrides, rows...) }
}

// Override returns the caller's decision for a word, and the rule's name, where
// one of the overrides fits. Authors of a [Provider] ask it before their table;
// for a verdict in which several fields have a part they ask Choose.
func (s Settings) Override(vendor Vendor, field, check, word string) (Decision, string, bool) {
	return s.override(vendor, field, check, word, false)
}

// Tighten is Override for a field that tells how far a verification is and not
// what it found: a rule that approves does not fit there, so nobody's rule
// approves before there is a verdict. Where there is one already, ask Choose.
func (s Settings) Tighten(vendor Vendor, field, check, word string) (Decision, string, bool) {
	return s.override(vendor, field, check, word, true)
}

// overridePrefix tells the rules of a caller's in Evidence.
const overridePrefix = "override "

func (s Settings) override(vendor Vendor, field, check, word string, tighten bool) (Decision, string, bool) {
	for _, o := range s.Overrides {
		if o.fits(vendor, field, check, word) && !(tighten && o.Decision == Approved) {
			return o.Decision, overridePrefix + o.Name, true
		}
	}
	return Unknown, "", false
}

// Word is what the vendor says in one of several fields that have a part in a
// verdict.
type Word struct {
	// Field is the vendor's field, and Text the word that stands in it.
	Field, Text string
	// Check is the vendor's name of the check that the field belongs to; empty for a field of the whole.
	Check string
	// Free lets a rule for the word give any decision. Without it a rule may only tighten.
	Free bool
}

// Choose returns the decision of the first override that fits one of words, the
// rule's name, and the index of the word; -1 where none fits. The order is that
// of the overrides: asking Override for one field after the other would let the
// order of the fields win. verdict is what the vendor's table gives. For a word
// that is not Free a rule fits only where it does not loosen verdict: Approved
// may become anything, Review anything but Approved, Declined stays, and what is
// neither becomes neither Review nor Approved.
func (s Settings) Choose(vendor Vendor, verdict Decision, words ...Word) (Decision, string, int) {
	for _, o := range s.Overrides {
		for i, w := range words {
			if o.fits(vendor, w.Field, w.Check, w.Text) && (w.Free || strictness(o.Decision) >= strictness(verdict)) {
				return o.Decision, overridePrefix + o.Name, i
			}
		}
	}
	return Unknown, "", -1
}

// strictness orders decisions by how far they are from letting somebody in.
func strictness(d Decision) int {
	//exhaustive:enforce
	switch d {
	case Approved:
		return 0
	case Review:
		return 1
	case Unknown, Pending, InputRequired, Expired, Abandoned, Failed:
		return 2
	case Declined:
		return 3
	}
	return 2
}

// Decide asks the caller's overrides first and the table then.
func (s Settings) Decide(t Table, vendor Vendor, field, check, word string) (Decision, string) {
	if d, rule, ok := s.Override(vendor, field, check, word); ok {
		return d, rule
	}
	return t.Decide(field, word)
}

// Format prints the type's name only; see [FormatRedacted].
func (w Word) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, w) }

// LogValue logs the type's name only; see [LogRedacted].
func (w Word) LogValue() slog.Value { return LogRedacted(w) }

// Format prints the type's name only; see [FormatRedacted].
func (f Fields) Format(s fmt.State, verb rune) { FormatRedacted(s, verb, f) }

// LogValue logs the type's name only; see [LogRedacted].
func (f Fields) LogValue() slog.Value { return LogRedacted(f) }
