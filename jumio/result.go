package jumio

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Fields of the decision table, for [kyc.Override].
const (
	// FieldStatus is workflow.status. It decides alone unless it is PROCESSED. An override of it can tighten and cannot approve.
	FieldStatus = "workflow.status"
	// FieldDecision is decision.type, which decides a PROCESSED execution.
	FieldDecision = "decision.type"
	// FieldLabel is decision.details.label. No row of the table names one; an override may, for labels that the tenant
	// defines, and then goes before decision.type, which must still be one of the documented words.
	FieldLabel = "decision.details.label"
	// FieldCapability is the decision.type of one capability. It gives the decision of a check, never that of the whole.
	FieldCapability = "capabilities.decision.type"
)

const (
	sourceStatus     = "Workflow Status, Callback"
	sourceDecision   = "Workflow Details, decision"
	sourceCapability = "Workflow Details, capabilities"
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
}

// Table returns the decision table. A status of PROCESSED has no row: then
// decision.type decides. PROCESSED details that lack the id of the account or of
// the execution, or that hold a deciding member in another spelling, are Unknown
// unless decision.type declines.
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

// ParseResult normalises a details answer that was stored or received. Of the
// options only [kyc.WithOverrides] matters. Bytes that are not one JSON document
// are an error matching [kyc.ErrMalformed]; JSON that is no details answer, or
// whose [Details.Ref] is zero, is never approved: see [Table]. raw is kept as the
// result's Raw and must not be modified afterwards.
func ParseResult(raw []byte, opts ...kyc.Option) (*kyc.Result, error) {
	details, err := parseDetails(raw)
	if err != nil {
		return nil, err
	}
	return normalise(details, kyc.NewSettings(opts...)), nil
}

func parseDetails(raw []byte) (*Details, error) {
	const op = "results.parse"
	var details Details
	if err := kyc.Unmarshal(raw, &details); err != nil {
		return nil, kyc.Malformed(kyc.Jumio, op, "the details are not valid JSON", err)
	}
	return &details, nil
}

// Result normalises the details. Of the options only [kyc.WithOverrides]
// matters. Details that were not decoded from JSON give an Unknown, and those
// that name nobody are never approved: see [Table].
func (d *Details) Result(opts ...kyc.Option) *kyc.Result {
	return normalise(d, kyc.NewSettings(opts...))
}

func normalise(d *Details, settings kyc.Settings) *kyc.Result {
	if d == nil || d.RawJSON() == nil {
		return &kyc.Result{Ref: d.Ref()}
	}
	r := &kyc.Result{Ref: d.Ref(), Raw: d.RawJSON()}
	if d.Workflow != nil {
		r.Reference, r.Status = d.Workflow.CustomerInternalReference, string(d.Workflow.Status)
	}
	r.CreatedAt, _ = d.CreatedAt.Time()
	r.CompletedAt, _ = d.CompletedAt.Time()
	decide(r, d, settings)
	r.Checks = checks(d, settings)
	if check, ok := overall(d, r.Decision); ok {
		r.Checks = append(r.Checks, check)
	}
	identity(r, d)
	return r
}

func decide(r *kyc.Result, d *Details, settings kyc.Settings) {
	var status Status
	if d.Workflow != nil {
		status = d.Workflow.Status
	}
	own, rule, ok := settings.Tighten(kyc.Jumio, FieldStatus, "", string(status))
	switch {
	case ok:
		r.Decision = own
	case status == StatusProcessed:
		r.Cite("/workflow/status", "workflow.status PROCESSED leaves it to decision.type", true)
		decideProcessed(r, d, settings)
		return
	default:
		// Nothing was verified yet, so nobody's rule may approve.
		r.Decision, rule = table.Decide(FieldStatus, string(status))
	}
	r.Cite("/workflow/status", rule, true)
}

func decideProcessed(r *kyc.Result, d *Details, settings kyc.Settings) {
	var word DecisionType
	var label Label
	if d.Decision != nil {
		word = d.Decision.Type
		if d.Decision.Details != nil {
			label = d.Decision.Details.Label
		}
	}
	if word != "" {
		r.Status += "/" + string(word)
	}
	decision, rule := settings.Decide(table, kyc.Jumio, FieldDecision, "", string(word))
	if slices.ContainsFunc(settings.Overrides, func(o kyc.Override) bool { return o.Field == FieldLabel }) {
		// Another label could have met one of the caller's rules, so this one has a part in the decision.
		own, ownRule, ok := settings.Override(kyc.Jumio, FieldLabel, "", string(label))
		if ok && word.Known() {
			decision = own
		} else {
			_, ownRule = table.Decide(FieldLabel, string(label))
		}
		r.Cite("/decision/details/label", ownRule, true)
	}
	r.Decision = decision
	r.Cite("/decision/type", rule, true)
	if hinder(r, d) && r.Decision != kyc.Declined {
		r.Decision = kyc.Unknown
	}
}

// hinder cites what keeps PROCESSED details from approving, and tells whether there is any: nobody that they are about, or
// a deciding member in another case, which was not read and may contradict what was.
func hinder(r *kyc.Result, d *Details) bool {
	before := len(r.Evidence)
	nobody := func(pointer string) { r.Cite(pointer, "details that do not say whose they are decide nothing", true) }
	if d.Workflow == nil || d.Workflow.ID == "" {
		nobody("/workflow/id")
	}
	if d.Account == nil || d.Account.ID == "" {
		nobody("/account/id")
	}
	spelling := func(ref string, extra map[string]json.RawMessage, deciding ...string) {
		for _, name := range slices.Sorted(maps.Keys(extra)) {
			if slices.ContainsFunc(deciding, func(known string) bool { return strings.EqualFold(name, known) }) {
				r.Cite(ref+kyc.PointerTo(name), "a deciding member in another spelling is unknown", true)
			}
		}
	}
	spelling("", d.Extra, "workflow", "decision")
	if d.Workflow != nil {
		spelling("/workflow", d.Workflow.Extra, "status")
	}
	if d.Decision != nil {
		spelling("/decision", d.Decision.Extra, "type", "details")
		if d.Decision.Details != nil {
			spelling("/decision/details", d.Decision.Details.Extra, "label")
		}
	}
	return len(r.Evidence) > before
}

// checks reads the capabilities from the raw bytes: so they keep the vendor's order, and one that
// this package does not know is a check too.
func checks(d *Details, settings kyc.Settings) []kyc.Check {
	var out []kyc.Check
	for _, c := range capabilityEntries(d.RawJSON()) {
		kind, ok := checkKinds[c.name]
		if !ok {
			kind = kyc.CheckOther
		}
		for i, result := range c.results {
			var word DecisionType
			var label Label
			if result.Decision != nil {
				word = result.Decision.Type
				if result.Decision.Details != nil {
					label = result.Decision.Details.Label
				}
			}
			decision, _ := settings.Decide(table, kyc.Jumio, FieldCapability, c.name, string(word))
			check := kyc.Check{
				Kind: kind, VendorName: c.name, Decision: decision, Status: joinWords(string(word), string(label)),
				Ref: kyc.PointerTo("capabilities", c.name, i),
			}
			if decision != kyc.Approved && label != "" {
				check.Reasons = []kyc.Reason{{Code: string(label)}}
			}
			out = append(out, check)
		}
	}
	return out
}

func joinWords(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "/" + b
}

type capabilityEntry struct {
	name    string
	results []CapabilityResult
}

// capabilityEntries returns the members of /capabilities in the order of the document. The
// document was decoded before, so its syntax is known to be sound.
func capabilityEntries(raw []byte) []capabilityEntry {
	object, err := kyc.Resolve(raw, "/capabilities")
	if err != nil {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(object))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	var out []capabilityEntry
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return out
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return out
		}
		entry := capabilityEntry{}
		entry.name, _ = name.(string)
		if err := kyc.Unmarshal(value, &entry.results); err == nil {
			out = append(out, entry)
		}
	}
	return out
}

// overall makes a check of the whole decision where it says more than its word: a score, or a
// label of its own.
func overall(d *Details, decision kyc.Decision) (kyc.Check, bool) {
	if d.Decision == nil {
		return kyc.Check{}, false
	}
	check := kyc.Check{Kind: kyc.CheckRisk, VendorName: "decision", Decision: decision, Status: string(d.Decision.Type), Ref: "/decision"}
	if d.Decision.Details != nil {
		label := string(d.Decision.Details.Label)
		check.Status = joinWords(string(d.Decision.Type), label)
		if label != "" && label != string(d.Decision.Type) && decision != kyc.Approved {
			check.Reasons = []kyc.Reason{{Code: label}}
		}
	}
	if d.Decision.Risk != nil && d.Decision.Risk.Score != nil {
		// -1 stands for an execution of which nothing ran, so it is part of the scale.
		check.Score = &kyc.Score{Value: *d.Decision.Risk.Score, Min: -1, Max: 100, Name: "risk.score"}
	}
	return check, check.Score != nil || check.Reasons != nil
}

// Ref returns the reference of the execution; zero where the details lack an id.
func (d *Details) Ref() kyc.Ref {
	if d == nil || d.Workflow == nil || d.Account == nil || d.Workflow.ID == "" || d.Account.ID == "" {
		return kyc.Ref{}
	}
	return kyc.Ref{Vendor: kyc.Jumio, Account: d.Account.ID, Session: d.Workflow.ID}
}

// PollSchedule returns the times after the end of the journey at which the
// vendor suggests to read, from 40 seconds to 940, and no more after that. The
// vendor's text can also be read as waits between the reads; as such they would
// span an hour.
func PollSchedule() kyc.Schedule {
	seconds := [...]time.Duration{40, 60, 100, 160, 240, 340, 460, 600, 760, 940}
	var s kyc.Schedule
	for _, n := range seconds {
		s.At = append(s.At, n*time.Second)
	}
	return s
}

// PollSchedule tells [kyc.Wait] the vendor's times.
func (*Client) PollSchedule() kyc.Schedule { return PollSchedule() }

// Unknown returns the names of capabilities that the type does not know; their
// results are in Extra.
func (c *Capabilities) Unknown() []string {
	if c == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(c.Extra))
}
