package main

import (
	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// vendor is a table and what its fields are for.
type vendor struct {
	name  string
	table kyc.Table
	// fields say in the order of the table what a field's words do.
	fields []field
	// rule is how the fields come together.
	rule string
}

type field struct {
	name string
	// role is what a word of the field gives.
	role string
	// whole is true where a word is the decision of the verification, or can be.
	whole bool
	// hands are words that send on to another field, and where to.
	hands map[string]string
}

// vendors are the four tables. A table that names a field which is not described here is an error, and so is the reverse.
func vendors() []vendor {
	return []vendor{
		{
			name: "Jumio", table: jumio.Table(),
			rule: "`workflow.status` is read first. Where it is `PROCESSED`, `decision.type` decides; beside any other status it has no say. " +
				"A capability's decision is shown as a check and never overrules the whole; neither do the outcome of reading a chip, the search for known faces and the customer's feedback. " +
				"Labels that a tenant defines have no row; `kyc.WithOverrides` can give them one. " +
				"Details that name no account or no execution, or that spell one of these members in another case, are `unknown` unless they are declined.",
			fields: []field{
				{name: jumio.FieldStatus, role: "the verification", whole: true, hands: map[string]string{"PROCESSED": "`decision.type` decides"}},
				{name: jumio.FieldDecision, role: "the verification, once `PROCESSED`", whole: true},
				{name: jumio.FieldCapability, role: "one check"},
				{name: jumio.FieldNFC, role: "one check"},
				{name: jumio.FieldFaceSearch, role: "one check"},
				{name: jumio.FieldFeedback, role: "one check"},
			},
		},
		{
			name: "Transmit", table: transmit.Table(),
			rule: "`status` is read first. Where it is `complete`, `recommendation` decides; beside any other status it has no say. " +
				"A check's recommendation is shown as a check and never overrules the whole. " +
				"A complete answer without a session id or a documented shape is Unknown, and so is one that does not decline and has a member in another spelling " +
				"or JSON type, or `rejection_description` or `extracted_info` beside ALLOW. A face authentication knows only `pending`, `capturing`, `processing` and `complete`.",
			fields: []field{
				{name: transmit.FieldStatus, role: "the verification", whole: true, hands: map[string]string{"complete": "`recommendation` decides"}},
				{name: transmit.FieldRecommendation, role: "the verification, once `complete`", whole: true},
				{name: transmit.FieldCheck, role: "one check"},
			},
		},
		{
			name: "Didit", table: didit.Table(),
			rule: "`status` decides alone. The case of ASCII letters is ignored, since the vendor's own samples differ in it, and nothing else is. " +
				"The statuses of features and of a company's people are shown as checks and parties and never overrule the whole.",
			fields: []field{
				{name: didit.FieldStatus, role: "the verification", whole: true},
				{name: didit.FieldFeature, role: "one check"},
				{name: didit.FieldParty, role: "one officer or owner"},
			},
		},
		{
			name: "Yoti", table: yoti.Table(),
			rule: "`state` is read first. Where it is `COMPLETED`, the checks decide together: the first that is there of Declined, Unknown, Review, Approved. " +
				"A check that is not `DONE` counts as Unknown unless its recommendation is `REJECT`; a session without checks is Unknown. " +
				"An identity profile that was asked for and not made, or one that misses a requirement, keeps a session from being Approved.",
			fields: []field{
				{name: "state", role: "the verification", whole: true, hands: map[string]string{"COMPLETED": "the checks decide"}},
				{name: "checks.state", role: "one check, and its part in the verification", hands: map[string]string{"DONE": "the recommendation decides"}},
				{name: "checks.recommendation", role: "one check, and its part in the verification", whole: true},
				{name: "identity_profile.result", role: "the profile, and its part in the verification"},
			},
		},
	}
}
