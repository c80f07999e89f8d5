package proof

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// parsers take options, which the table of vendors leaves out.
var parsers = map[kyc.Vendor]func(raw []byte, opts ...kyc.Option) (*kyc.Result, error){
	kyc.Jumio: jumio.ParseResult, kyc.Transmit: transmit.ParseResult, kyc.Didit: didit.ParseResult, kyc.Yoti: yoti.ParseResult,
}

// rewrite makes overrides of every row that gives one decision.
func rewrite(v vendor, from, to kyc.Decision) []kyc.Override {
	var rows []kyc.Override
	for _, r := range v.table {
		if r.Decision == from {
			rows = append(rows, kyc.Override{Name: "ours", Vendor: v.name, Field: r.Field, Word: r.Word, Decision: to})
		}
	}
	return rows
}

// A caller may approve what the table leaves to review, and the other way round. Evidence then names the caller's rule,
// and no accident approves any more than without it.
func TestOverridesDecideAndAreNamed(t *testing.T) {
	for _, v := range vendors {
		for _, change := range []struct{ from, to kyc.Decision }{{kyc.Review, kyc.Approved}, {kyc.Approved, kyc.Review}, {kyc.Approved, kyc.Unknown}} {
			rows := rewrite(v, change.from, change.to)
			words := v.approving()
			for _, r := range rows {
				words = append(words, r.Word)
			}
			// A row of another vendor, or of another check, must not fit.
			for _, row := range slices.Clone(rows) {
				another := row
				another.Name, another.Vendor, another.Decision = "another vendor's", "another", kyc.Failed
				rows = slices.Insert(rows, 0, another)
				another.Name, another.Vendor, another.Check = "another check's", v.name, "ANOTHER"
				if refuses(v, another) == nil {
					rows = slices.Insert(rows, 0, another)
				}
			}
			parse := func(raw []byte) (*kyc.Result, error) { return parsers[v.name](raw, kyc.WithOverrides(rows...)) }
			changed := 0
			fixtures := v.fixtures(t)
			if v.name == kyc.Yoti {
				// No recorded session is left to review.
				fixtures["one check of the recorded session not available"] = bytes.Replace(fixtures["yoti/session-recorded.json"], []byte(`"APPROVE"`), []byte(`"NOT_AVAILABLE"`), 1)
			}
			for name, raw := range fixtures {
				before, err := v.parse[0].parse(raw)
				if err != nil || before.Decision != change.from {
					continue
				}
				changed++
				after, err := parse(raw)
				if err != nil || after.Decision != change.to {
					t.Errorf("%s: %v as %v is %v, %v", name, change.from, change.to, after.Decision, err)
					continue
				}
				if !slices.ContainsFunc(after.Evidence, func(e kyc.Evidence) bool { return e.Deciding && strings.Contains(e.Rule, "override ours") }) {
					t.Errorf("%s: Evidence does not name the caller's rule", name)
				}
				if change.to == kyc.Approved {
					of := 11
					if raceEnabled || testing.Short() {
						of *= raceSample
					}
					kyctest.Prove(t, parse, raw, words, append(v.options[:len(v.options):len(v.options)], kyctest.Part(0, of))...)
				}
			}
			if changed == 0 {
				t.Errorf("no fixture of %s is %v", v.name, change.from)
			}
		}
	}
}

// refuses tells why a vendor's client cannot be made with a rule.
func refuses(v vendor, row kyc.Override) error {
	rules := kyc.WithOverrides(row)
	switch v.name {
	case kyc.Jumio:
		fake := jumiotest.NewServer()
		defer fake.Close()
		_, err := jumio.NewClient(fake.Config(), rules)
		return err
	case kyc.Transmit:
		fake := transmittest.NewServer()
		defer fake.Close()
		_, err := transmit.NewClient(fake.Config(), rules)
		return err
	case kyc.Didit:
		fake := didittest.NewServer()
		defer fake.Close()
		_, err := didit.NewClient(fake.Config(), rules)
		return err
	default:
		fake := yotitest.NewServer()
		defer fake.Close()
		_, err := yoti.NewClient(fake.Config(), rules)
		return err
	}
}

// A rule that could never fit is refused before anything is decided without it; one of another vendor is none of the
// client's business.
func TestClientsRefuseRulesThatNeverFit(t *testing.T) {
	for _, v := range vendors {
		for _, r := range v.table {
			row := kyc.Override{Name: "ours", Vendor: v.name, Field: r.Field, Word: r.Word, Decision: kyc.Review}
			if err := refuses(v, row); err != nil {
				t.Errorf("%s, %s: %v", v.name, r.Name(), err)
			}
		}
		first := v.table[0]
		for name, row := range map[string]kyc.Override{
			"field":            {Name: "ours", Vendor: v.name, Field: first.Field + "x", Word: first.Word, Decision: kyc.Review},
			"field of anybody": {Name: "ours", Field: first.Field + "x", Word: first.Word, Decision: kyc.Review},
			"vendor":           {Name: "ours", Vendor: kyc.Vendor(strings.ToUpper(string(v.name))), Field: first.Field, Word: first.Word, Decision: kyc.Review},
			"check":            {Name: "ours", Vendor: v.name, Check: "ANY", Field: first.Field, Word: first.Word, Decision: kyc.Review},
			"no field":         {Name: "ours", Vendor: v.name, Word: first.Word, Decision: kyc.Review},
		} {
			if err := refuses(v, row); !errors.Is(err, kyc.ErrInvalid) {
				t.Errorf("%s, %s: %v", v.name, name, err)
			}
		}
		for _, other := range vendors {
			if other.name == v.name {
				continue
			}
			if err := refuses(v, kyc.Override{Name: "ours", Vendor: other.name, Field: "a field of theirs", Word: "x", Decision: kyc.Review}); err != nil {
				t.Errorf("%s, a rule for %s: %v", v.name, other.name, err)
			}
		}
	}
}

// A stricter rule for one kind of check makes its kind decide: a check whose kind is read otherwise must not slip past it.
func TestOverrideOfOneCheckOfYoti(t *testing.T) {
	v := vendors[3]
	raw := v.fixtures(t)["yoti/session-recorded.json"]
	before, err := yoti.ParseResult(raw)
	if err != nil || before.Decision != kyc.Approved {
		t.Fatalf("%v, %v", before, err)
	}
	row := kyc.Override{
		Name: "ours", Vendor: kyc.Yoti, Field: "checks.recommendation", Check: before.Checks[0].VendorName, Word: string(yoti.RecommendationValueApprove),
		Decision: kyc.Review,
	}
	parse := func(raw []byte) (*kyc.Result, error) { return yoti.ParseResult(raw, kyc.WithOverrides(row)) }
	after, err := parse(raw)
	if err != nil || after.Decision != kyc.Review {
		t.Fatalf("%v, %v", after, err)
	}
	kyctest.Prove(t, parse, raw, v.approving(), append(v.options[:len(v.options):len(v.options)], kyctest.Part(0, 3))...)
}
