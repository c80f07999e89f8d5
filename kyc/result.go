package kyc

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// Result is one verification in this module's terms, together with all that it
// was read from. Its JSON form, made by encoding/json, can be stored and read
// back; see [ResultVersion].
type Result struct {
	// Ref points to the verification.
	Ref Ref `json:"ref,omitzero"`
	// Reference is the caller's own reference, if the vendor returns it.
	Reference string `json:"reference,omitzero"`
	// Workflow is what the person went through, in the vendor's own words: the
	// key of a Jumio workflow, the id of a Didit one. It is empty if the answer
	// does not name one. Approved means that this workflow was passed and no
	// other: compare it if you run several for one Reference.
	Workflow string `json:"workflow,omitzero"`
	// Decision is the normalised outcome.
	Decision Decision `json:"decision"`
	// Ended is set if the vendor's status says that it has finished. A Decision of
	// Unknown is then one that waiting will not change: a person has to look.
	Ended bool `json:"ended,omitzero"`
	// Test is set if the vendor's answer says that nobody real was checked, as
	// Didit's sandbox does. The other vendors do not say: keep their test
	// credentials out of production.
	Test bool `json:"test,omitzero"`
	// Status is the outcome in the vendor's own words, as in "PROCESSED/WARNING".
	Status string `json:"status,omitzero"`
	// Checks are the parts of the verification, in the vendor's order. They never overrule Decision.
	Checks []Check `json:"checks,omitzero"`
	// Person is who was verified, as far as the vendor says.
	Person *Person `json:"person,omitzero"`
	// Document is the primary document, and Documents are all of them.
	Document  *Document  `json:"document,omitzero"`
	Documents []Document `json:"documents,omitzero"`
	// Company and Parties are who was verified in a business verification.
	Company *Company `json:"company,omitzero"`
	Parties []Party  `json:"parties,omitzero"`
	// Evidence names each value of Raw that had a part in Decision, and each value that was rewritten in Person or Documents.
	Evidence []Evidence `json:"evidence,omitzero"`
	// CreatedAt and CompletedAt are zero if the vendor does not say.
	CreatedAt   time.Time `json:"created_at,omitzero"`
	CompletedAt time.Time `json:"completed_at,omitzero"`
	// Raw is exactly what the vendor sent; base64 in JSON.
	Raw []byte `json:"raw,omitzero"`
}

// ResultVersion is the version member of a Result's JSON form. Within a version
// members are only added; a change of meaning makes a new version. Reading a later
// version fails with [ErrMalformed] instead of guessing.
const ResultVersion = 1

type resultFields Result

// MarshalJSON writes the versioned form, personal data and Raw included.
func (r Result) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Version int `json:"version"`
		resultFields
	}{ResultVersion, resultFields(r)})
}

// UnmarshalJSON reads the versioned form. It fails with [ErrMalformed] if the
// version is missing or later.
func (r *Result) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil // as encoding/json has it
	}
	var v struct {
		Version int `json:"version"`
		resultFields
	}
	// The form is read strictly: of a decision that is stored twice, neither the first nor the last may win.
	if err := Unmarshal(data, &v); err != nil {
		return err
	}
	if v.Version != ResultVersion {
		return fmt.Errorf("kyc: stored result has version %d, want %d: %w", v.Version, ResultVersion, ErrMalformed)
	}
	*r = Result(v.resultFields)
	restore(r)
	return nil
}

// restore takes the vendor's own spelling of evidence from Raw again: encoding/json takes white space out of values, and
// escapes letters that could end a script.
func restore(r *Result) {
	at := slices.Clone(r.Evidence)
	resolveAll(r.Raw, at)
	for i, e := range at {
		if stored, err := json.Marshal(e.Value); err == nil && e.Value != nil && string(stored) == string(r.Evidence[i].Value) {
			r.Evidence[i].Value = e.Value
		}
	}
}

// Settled reports whether there is something to act on, so that nothing is gained
// by waiting: a Decision that is [Decision.Settled], or an [Unknown] that has
// Ended.
func (r *Result) Settled() bool {
	return r != nil && (r.Decision.Settled() || r.Decision == Unknown && r.Ended)
}

// Reasons returns what speaks against the person: the reasons of all checks
// that are not approved, each listed once.
func (r *Result) Reasons() []Reason {
	var all []Reason
	for _, c := range r.Checks {
		if c.Decision == Approved {
			continue
		}
		for _, reason := range c.Reasons {
			if !slices.Contains(all, reason) {
				all = append(all, reason)
			}
		}
	}
	return all
}

// Cite adds evidence: the value at a JSON pointer in Raw, and the rule that used
// it. A pointer to nothing is kept without a value.
func (r *Result) Cite(pointer, rule string, deciding bool) {
	value, err := Resolve(r.Raw, pointer)
	if err != nil {
		value = nil
	}
	r.Evidence = append(r.Evidence, Evidence{Pointer: pointer, Value: value, Rule: rule, Deciding: deciding})
}

// CiteAll adds evidence as Cite does, and reads all values from Raw in one pass.
// It ignores the Value of what it is given.
func (r *Result) CiteAll(evidence ...Evidence) {
	first := len(r.Evidence)
	r.Evidence = append(r.Evidence, evidence...)
	resolveAll(r.Raw, r.Evidence[first:])
}

// Evidence is one value of the vendor's answer and the rule that used it.
type Evidence struct {
	// Pointer is an RFC 6901 JSON pointer into Result.Raw.
	Pointer string `json:"pointer"`
	// Value is what is there, byte for byte; nil if there is nothing.
	Value json.RawMessage `json:"value,omitzero"`
	// Rule names the row of the table that used it.
	Rule string `json:"rule"`
	// Deciding is true if another value could have led to another Decision.
	Deciding bool `json:"deciding,omitzero"`
}

// Format prints no value; see [FormatRedacted].
func (e Evidence) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, e) }

// LogValue logs no value; see [LogRedacted].
func (e Evidence) LogValue() slog.Value { return LogRedacted(e) }

// Format prints the Ref, the decision and the checks' kinds and decisions; see [FormatRedacted].
func (r Result) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, r) }

// LogValue logs what Format prints; see [LogRedacted].
func (r Result) LogValue() slog.Value { return LogRedacted(r) }
