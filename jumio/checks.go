package jumio

import (
	"bytes"
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// capabilityEntry is a member of /capabilities.
type capabilityEntry struct {
	name    string
	results []placedResult
	// alone is the member where it is one result and not a list.
	alone json.RawMessage
}

// placedResult is a result and where it stands.
type placedResult struct {
	CapabilityResult
	ref string
}

// capabilityEntries returns the members of /capabilities in the order of the document. The
// document was decoded before, so its syntax is known to be sound.
func capabilityEntries(raw []byte) []capabilityEntry {
	object, err := kyc.Resolve(raw, "/capabilities")
	if err != nil || isNull(object) {
		return nil
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(object))
	if t, err := dec.ReadToken(); err != nil || t.Kind() != '{' {
		return []capabilityEntry{{name: "capabilities", results: []placedResult{{ref: "/capabilities"}}}}
	}
	var out []capabilityEntry
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return out
		}
		entry := capabilityEntry{name: name.String()} // the token is gone with the next read
		value, err := dec.ReadValue()
		if err != nil {
			return out
		}
		entry.read(json.RawMessage(bytes.Clone(value)))
		out = append(out, entry)
	}
	return out
}

// read takes a list of results, and an object for one result. Anything else but null is a result that says nothing, so that
// its name is not lost.
func (c *capabilityEntry) read(value json.RawMessage) {
	ref := kyc.PointerTo("capabilities", c.name)
	var list []CapabilityResult
	switch {
	case isNull(value):
	case value[0] == '[' && kyc.Unmarshal(value, &list) == nil:
		for i, result := range list {
			c.results = append(c.results, placedResult{result, ref + kyc.PointerTo(i)})
		}
	default:
		one := placedResult{ref: ref}
		if value[0] == '{' && kyc.Unmarshal(value, &one.CapabilityResult) == nil {
			c.alone = value
		}
		c.results = []placedResult{one}
	}
}

func isNull(value []byte) bool { return len(value) == 0 || value[0] == 'n' }

// checks lists the results of the capabilities, of known ones and others, and what else speaks against the person. They are
// read from the raw bytes, so that they keep the vendor's order.
func checks(d *Details, capabilities []capabilityEntry, settings kyc.Settings) []kyc.Check {
	var out []kyc.Check
	for _, c := range capabilities {
		kind, ok := checkKinds[c.name]
		if !ok {
			kind = kyc.CheckOther
		}
		for _, result := range c.results {
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
				Kind: kind, VendorName: c.name, Decision: decision, Status: joinWords(string(word), string(label)), Ref: result.ref,
			}
			if decision != kyc.Approved && label != "" {
				check.Reasons = []kyc.Reason{{Code: string(label)}}
			}
			out = append(out, findings(check, result, settings)...)
		}
	}
	return append(out, reports(d, settings)...)
}

// findings adds to the check of a capability what its data say beside the decision.
func findings(check kyc.Check, result placedResult, settings kyc.Settings) []kyc.Check {
	var data struct {
		Similarity SimilarityOutcome          `json:"similarity"`
		NFC        NFCResult                  `json:"nfcValidationResult"`
		FaceSearch *FaceSearchFindings        `json:"faceSearchFindings"`
		Extra      map[string]json.RawMessage `json:",embed"`
	}
	switch check.VendorName {
	case "similarity", "extraction", "imageChecks":
		// Data of another form hold none of this.
		if isNull(result.Data) || kyc.Unmarshal(result.Data, &data) != nil {
			return []kyc.Check{check}
		}
	default:
		return []kyc.Check{check}
	}
	out := []kyc.Check{check}
	switch check.VendorName {
	case "similarity":
		if s := data.Similarity; check.Decision == kyc.Approved && s != "" && s != SimilarityOutcomeMatch {
			// The vendor contradicts itself; which of the two is right cannot be told.
			out[0].Decision = kyc.Unknown
			out[0].Reasons = []kyc.Reason{{Code: string(s), Category: "similarity"}}
		}
	case "extraction":
		if data.NFC != "" {
			out = append(out, fact(settings, kyc.CheckNFC, FieldNFC, "nfcValidationResult", string(data.NFC), result.ref+"/data/nfcValidationResult"))
		}
	case "imageChecks":
		if f := data.FaceSearch; f != nil && f.Status != "" {
			out = append(out, fact(settings, kyc.CheckFaceSearch, FieldFaceSearch, "faceSearchFindings", string(f.Status), result.ref+"/data/faceSearchFindings"))
		}
	}
	return out
}

// fact makes a check of a word that stands alone, without decision and label around it. A word that says nothing either way
// is no reason.
func fact(settings kyc.Settings, kind kyc.CheckKind, field, name, word, ref string) kyc.Check {
	check := kyc.Check{Kind: kind, VendorName: name, Status: word, Ref: ref}
	check.Decision, _ = settings.Decide(table, kyc.Jumio, field, name, word)
	if check.Decision != kyc.Approved && check.Decision != kyc.Unknown {
		check.Reasons = []kyc.Reason{{Code: word, Category: name}}
	}
	return check
}

// reports lists what stands beside the capabilities: consent that was not given, and what the customer found out later. The
// vendor judges neither.
func reports(d *Details, settings kyc.Settings) []kyc.Check {
	var out []kyc.Check
	refused := func(ref, word, category string) {
		out = append(out, kyc.Check{
			Kind: kyc.CheckOther, VendorName: "consent", Status: word, Ref: ref, Reasons: []kyc.Reason{{Code: word, Category: category}},
		})
	}
	for i, c := range d.Credentials {
		if c.Consent != nil && c.Consent.DecisionAccepted != nil && !*c.Consent.DecisionAccepted {
			refused(kyc.PointerTo("credentials", i, "consent"), "false", "decisionAccepted")
		}
	}
	if d.Feedback != nil && d.Feedback.Status != "" {
		check := fact(settings, kyc.CheckRisk, FieldFeedback, "feedback", string(d.Feedback.Status), "/feedback")
		check.Status = joinWords(string(d.Feedback.Status), d.Feedback.Reason)
		if check.Reasons != nil && d.Feedback.Reason != "" {
			check.Reasons[0].Code = d.Feedback.Reason
		}
		out = append(out, check)
	}
	if d.Consent != nil && d.Consent.Obtained == ConsentAnswerNo {
		refused("/consent", string(ConsentAnswerNo), "obtained")
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

func joinWords(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "/" + b
}
