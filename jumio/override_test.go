package jumio_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// processed is a finished execution; decision is what stands in its decision beside the type.
func processed(word, more string) []byte {
	return []byte(`{"workflow":{"id":"w","status":"PROCESSED"},"account":{"id":"a"},"decision":{"type":"` + word + `"` + more + `}}`)
}

const labelled = `,"details":{"label":"TXN"}`

// A label may approve what the vendor left open, and never what it refused, could not carry out, or said in other words.
func TestLabelRules(t *testing.T) {
	const keep = kyc.Failed + 1
	for _, c := range []struct {
		word string
		// table is the decision without a rule.
		table kyc.Decision
		// want is what each decision of a rule becomes; keep stands for the table's.
		want map[kyc.Decision]kyc.Decision
	}{
		{"PASSED", kyc.Approved, nil},
		{"WARNING", kyc.Review, nil},
		{"REJECTED", kyc.Declined, map[kyc.Decision]kyc.Decision{
			kyc.Approved: keep, kyc.Review: keep, kyc.Pending: keep, kyc.InputRequired: keep, kyc.Failed: keep, kyc.Expired: keep, kyc.Abandoned: keep, kyc.Unknown: keep,
		}},
		{"NOT_EXECUTED", kyc.Failed, map[kyc.Decision]kyc.Decision{kyc.Approved: keep, kyc.Review: keep}},
		{"OTHER", kyc.Unknown, map[kyc.Decision]kyc.Decision{kyc.Approved: keep, kyc.Review: keep}},
		{"", kyc.Unknown, map[kyc.Decision]kyc.Decision{kyc.Approved: keep, kyc.Review: keep}},
	} {
		for _, d := range kyc.Decisions() {
			want, changed := c.want[d]
			if !changed {
				want = d
			} else if want == keep {
				want = c.table
			}
			rule := kyc.WithOverrides(kyc.Override{Name: "ours", Field: jumio.FieldLabel, Word: "TXN", Decision: d})
			r := must[*kyc.Result](t)(jumio.ParseResult(processed(c.word, labelled), rule))
			if r.Decision != want || !hinderedBy(r, "/decision/details/label") {
				t.Errorf("%q beside a label for %v: %v, want %v", c.word, d, r.Decision, want)
			}
		}
	}
}

// Of the rules that fit the first in the list decides, whatever its field, and is named.
func TestRulesKeepTheirOrder(t *testing.T) {
	rejected := kyc.Override{Name: "rejected", Field: jumio.FieldDecision, Word: "REJECTED", Decision: kyc.Declined}
	warning := kyc.Override{Name: "warning", Field: jumio.FieldDecision, Word: "WARNING", Decision: kyc.Declined}
	label := kyc.Override{Name: "label", Vendor: kyc.Jumio, Field: jumio.FieldLabel, Word: "TXN", Decision: kyc.Approved}
	status := kyc.Override{Name: "status", Field: jumio.FieldStatus, Word: "PROCESSED", Decision: kyc.Review}
	others := kyc.Override{Name: "others", Vendor: kyc.Yoti, Field: "state", Check: "x", Word: "TXN", Decision: kyc.Approved}
	for _, c := range []struct {
		word  string
		rules []kyc.Override
		want  kyc.Decision
		named string
	}{
		{"REJECTED", []kyc.Override{rejected, label}, kyc.Declined, "override rejected"},
		{"REJECTED", []kyc.Override{label, rejected}, kyc.Declined, "override rejected"},
		{"WARNING", []kyc.Override{warning, label}, kyc.Declined, "override warning"},
		{"WARNING", []kyc.Override{label, warning}, kyc.Approved, "override label"},
		{"WARNING", []kyc.Override{status, label}, kyc.Review, "override status"},
		{"WARNING", []kyc.Override{others, label, status}, kyc.Approved, "override label"},
		{"PASSED", []kyc.Override{others, status}, kyc.Review, "override status"},
	} {
		r := must[*kyc.Result](t)(jumio.ParseResult(processed(c.word, labelled), kyc.WithOverrides(c.rules...)))
		var named []string
		for _, e := range r.Evidence {
			if strings.HasPrefix(e.Rule, "override ") {
				named = append(named, e.Rule)
			}
		}
		if diff := cmp.Diff([]string{c.named}, named); diff != "" || r.Decision != c.want {
			t.Errorf("%s: %v\n%s", c.word, r.Decision, diff)
		}
	}
}

// Whoever has rules for labels gets no approval beside a label that cannot be read.
func TestUnreadableLabels(t *testing.T) {
	rule := kyc.WithOverrides(kyc.Override{Name: "recheck", Field: jumio.FieldLabel, Word: "TXN", Decision: kyc.Review})
	others := kyc.WithOverrides(kyc.Override{Name: "others", Vendor: kyc.Yoti, Field: jumio.FieldLabel, Word: "TXN", Decision: kyc.Review})
	for _, c := range []struct {
		more, pointer string
		want          kyc.Decision
	}{
		{"", "", kyc.Approved},
		{`,"details":null`, "", kyc.Approved},
		{`,"details":{}`, "", kyc.Approved},
		{`,"details":{"label":null}`, "", kyc.Approved},
		{`,"details":{"label":"OTHER"}`, "", kyc.Approved},
		{`,"details":"TXN"`, "/decision/details", kyc.Unknown},
		{`,"details":["TXN"]`, "/decision/details", kyc.Unknown},
		{`,"details":{"label":["TXN"]}`, "/decision/details/label", kyc.Unknown},
		{`,"details":{"label":{"name":"TXN"}}`, "/decision/details/label", kyc.Unknown},
		{`,"details":{"label":7}`, "/decision/details/label", kyc.Unknown},
	} {
		r := must[*kyc.Result](t)(jumio.ParseResult(processed("PASSED", c.more), rule))
		if r.Decision != c.want || c.pointer != "" && !hinderedBy(r, c.pointer) {
			t.Errorf("%s: %v", c.more, r.Decision)
		}
		if r := must[*kyc.Result](t)(jumio.ParseResult(processed("REJECTED", c.more), rule)); r.Decision != kyc.Declined {
			t.Errorf("%s: rejected and %v", c.more, r.Decision)
		}
		for _, none := range []kyc.Option{nil, others} {
			if r := must[*kyc.Result](t)(jumio.ParseResult(processed("PASSED", c.more), none)); r.Decision != kyc.Approved || len(r.Evidence) != 2 {
				t.Errorf("%s, no rules for labels: %v", c.more, r.Decision)
			}
		}
	}
}

// A rule for the status tightens what decision.type gives, and takes no rejection back.
func TestStatusRulesDoNotLoosen(t *testing.T) {
	for word, verdict := range map[string]kyc.Decision{
		"PASSED": kyc.Approved, "WARNING": kyc.Review, "REJECTED": kyc.Declined, "NOT_EXECUTED": kyc.Failed, "OTHER": kyc.Unknown,
	} {
		for _, d := range kyc.Decisions() {
			rule := kyc.WithOverrides(kyc.Override{Name: "all", Field: jumio.FieldStatus, Word: "PROCESSED", Decision: d})
			r := must[*kyc.Result](t)(jumio.ParseResult(processed(word, ""), rule))
			want := d
			switch {
			case verdict == kyc.Declined, d == kyc.Approved, d == kyc.Review && verdict != kyc.Approved:
				want = verdict
			}
			if r.Decision != want || r.Status != "PROCESSED/"+word || !r.Ended {
				t.Errorf("%s with %v for all: %v (%s)", word, d, r.Decision, r.Status)
			}
		}
	}
}

// A rule that could never fit may have been meant to be strict, so it is not passed over.
func TestRulesThatNeverFit(t *testing.T) {
	passed := processed("PASSED", "")
	for name, row := range map[string]kyc.Override{
		"field":   {Name: "x", Vendor: kyc.Jumio, Field: "decision", Word: "PASSED", Decision: kyc.Review},
		"vendor":  {Name: "x", Vendor: "Jumio", Field: jumio.FieldDecision, Word: "PASSED", Decision: kyc.Review},
		"check":   {Name: "x", Vendor: kyc.Jumio, Check: "liveness", Field: jumio.FieldDecision, Word: "PASSED", Decision: kyc.Review},
		"no name": {Field: jumio.FieldDecision, Word: "PASSED", Decision: kyc.Review},
		"nothing": {Name: "x", Word: "PASSED", Decision: kyc.Review},
	} {
		opt := kyc.WithOverrides(row)
		if c, err := jumio.NewClient(jumio.Config{ClientID: "i", ClientSecret: "s", Region: jumio.RegionEMEA}, opt); !errors.Is(err, kyc.ErrInvalid) || c != nil {
			t.Errorf("%s: NewClient: %v", name, err)
		}
		if r, err := jumio.ParseResult(passed, opt); !errors.Is(err, kyc.ErrInvalid) || r != nil {
			t.Errorf("%s: ParseResult: %v", name, err)
		}
		var d jumio.Details
		if err := kyc.Unmarshal(passed, &d); err != nil {
			t.Fatal(err)
		}
		if r := d.Result(opt); r.Decision != kyc.Unknown || !hinderedBy(r, "/decision/type") {
			t.Errorf("%s: Details.Result: %v", name, r.Decision)
		}
	}
	for name, row := range map[string]kyc.Override{
		"another vendor's":                {Name: "x", Vendor: kyc.Transmit, Field: "recommendation", Word: "ALLOW", Decision: kyc.Review},
		"a check":                         {Name: "x", Field: jumio.FieldCapability, Check: "liveness", Word: "WARNING", Decision: kyc.Declined},
		"a fact that is shown as a check": {Name: "x", Field: jumio.FieldNFC, Word: "READ_ONLY", Decision: kyc.Declined},
	} {
		opt := kyc.WithOverrides(row)
		if _, err := jumio.NewClient(jumio.Config{ClientID: "i", ClientSecret: "s", Region: jumio.RegionEMEA}, opt); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if r := must[*kyc.Result](t)(jumio.ParseResult(passed, opt)); r.Decision != kyc.Approved {
			t.Errorf("%s: %v", name, r.Decision)
		}
	}
}
