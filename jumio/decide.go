package jumio

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func decide(r *kyc.Result, d *Details, settings kyc.Settings) {
	var status Status
	if d.Workflow != nil {
		status = d.Workflow.Status
	}
	switch status {
	case StatusProcessed:
		r.Ended = true
		decideProcessed(r, d, settings)
		return
	case StatusSessionExpired, StatusTokenExpired:
		r.Ended = true
	}
	// Nothing was verified yet, so nobody's rule may approve.
	decision, rule, ok := settings.Tighten(kyc.Jumio, FieldStatus, "", string(status))
	if !ok {
		decision, rule = table.Decide(FieldStatus, string(status))
	}
	r.Decision = decision
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
	verdict, byTable := table.Decide(FieldDecision, string(word))
	_, noLabel := table.Decide(FieldLabel, string(label))
	parts := [...]struct {
		pointer, rule string
		word          kyc.Word
	}{
		{"/workflow/status", "workflow.status PROCESSED leaves it to decision.type", kyc.Word{Field: FieldStatus, Text: string(StatusProcessed)}},
		// A label explains the vendor's verdict. Beside one that lets nobody in it must not take the verdict back.
		{"/decision/details/label", noLabel, kyc.Word{Field: FieldLabel, Text: string(label), Free: word == DecisionPassed || word == DecisionWarning}},
		{"/decision/type", byTable, kyc.Word{Field: FieldDecision, Text: string(word), Free: true}},
	}
	own, rule, by := settings.Choose(kyc.Jumio, verdict, parts[0].word, parts[1].word, parts[2].word)
	r.Decision = verdict
	if by >= 0 {
		r.Decision, parts[by].rule = own, rule
	}
	labels := labelled(settings)
	for _, p := range parts {
		// Another label could have met one of the caller's rules, so this one has a part in the decision.
		if p.word.Field != FieldLabel || labels {
			r.Cite(p.pointer, p.rule, true)
		}
	}
	before := len(r.Evidence)
	hinder(r, d)
	if labels {
		hinderLabel(r, d)
	}
	if settings.CheckOverrides(kyc.Jumio, overridable) != nil {
		r.Cite("/decision/type", "an override that could never fit may have been meant to be strict", true)
	}
	if len(r.Evidence) > before && r.Decision != kyc.Declined {
		r.Decision = kyc.Unknown
	}
}

// labelled tells whether the caller has rules for labels.
func labelled(settings kyc.Settings) bool {
	return slices.ContainsFunc(settings.Overrides, func(o kyc.Override) bool {
		return o.Field == FieldLabel && (o.Vendor == "" || o.Vendor == kyc.Jumio)
	})
}

// hinder cites what keeps PROCESSED details from approving: nobody that they are about, or a deciding member or an id in
// another case, which was not read and may contradict what was.
func hinder(r *kyc.Result, d *Details) {
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
	spelling("", d.Extra, "workflow", "account", "decision")
	if d.Workflow != nil {
		spelling("/workflow", d.Workflow.Extra, "id", "status")
	}
	if d.Account != nil {
		spelling("/account", d.Account.Extra, "id")
	}
	if d.Decision != nil {
		spelling("/decision", d.Decision.Extra, "type", "details")
		if d.Decision.Details != nil {
			spelling("/decision/details", d.Decision.Details.Extra, "label")
		}
	}
}

// hinderLabel cites a label that is there and cannot be read: it could be one of those that the caller has a rule for.
func hinderLabel(r *kyc.Result, d *Details) {
	for _, pointer := range d.Mismatches() {
		if pointer == "/decision/details" || pointer == "/decision/details/label" {
			r.Cite(pointer, "a label that is no text is unknown", true)
		}
	}
}
