package kyc

// Decision is the normalised outcome of a verification. The zero value is
// Unknown, which is never a reason to let anybody in.
type Decision uint8

// The decisions.
const (
	// Unknown stands for everything that no rule names.
	Unknown Decision = iota
	// Pending means that the person or the vendor has not finished yet.
	Pending
	// InputRequired means that the person has to capture or submit something again.
	InputRequired
	// Review means that the vendor is done and leaves the choice to a human.
	Review
	// Approved means that the vendor approved.
	Approved
	// Declined means that the vendor rejected.
	Declined
	// Expired means that the session or its token ran out before the end.
	Expired
	// Abandoned means that the person left before the end.
	Abandoned
	// Failed means that the vendor could not carry out the verification.
	Failed
)

var decisionTexts = [...]string{
	Unknown: "unknown", Pending: "pending", InputRequired: "input_required", Review: "review", Approved: "approved",
	Declined: "declined", Expired: "expired", Abandoned: "abandoned", Failed: "failed",
}

// Final reports whether the decision is one that the vendor will not change by itself.
func (d Decision) Final() bool {
	//exhaustive:enforce
	switch d {
	case Approved, Declined, Expired, Abandoned, Failed:
		return true
	case Unknown, Pending, InputRequired, Review:
		return false
	}
	return false
}

// Settled reports whether there is something to act on now: true for all but
// Unknown and Pending.
func (d Decision) Settled() bool { return d > Pending && int(d) < len(decisionTexts) }

// String returns the stable text, such as "input_required".
func (d Decision) String() string {
	if int(d) < len(decisionTexts) {
		return decisionTexts[d]
	}
	return decisionTexts[Unknown]
}

// MarshalText writes the text that String returns.
func (d Decision) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote. Any other text is Unknown, without
// an error.
func (d *Decision) UnmarshalText(text []byte) error {
	*d = ParseDecision(string(text))
	return nil
}

// ParseDecision returns the decision with the given text, or Unknown.
func ParseDecision(text string) Decision {
	for i, s := range decisionTexts {
		if s == text {
			return Decision(i)
		}
	}
	return Unknown
}

// Decisions returns all decisions in the order of their constants.
func Decisions() []Decision {
	all := make([]Decision, len(decisionTexts))
	for i := range all {
		all[i] = Decision(i)
	}
	return all
}
