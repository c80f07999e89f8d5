package didit

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestFeatureList(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []Feature
	}{
		{`["ID_VERIFICATION","AML"]`, []Feature{{Name: FeatureIDVerification}, {Name: FeatureAML}}},
		{`"ID_VERIFICATION,LIVENESS"`, []Feature{{Name: FeatureIDVerification}, {Name: FeatureLiveness}}},
		{`" NFC + POA "`, []Feature{{Name: FeatureNFC}, {Name: FeaturePOA}}},
		{`[{"feature":"EMAIL","node_id":"n1"},{"feature":"NEW","node_id":"n2"}]`, []Feature{{FeatureEmailVerification, "n1"}, {"NEW", "n2"}}},
		{`["AML",{"feature":"NFC"},7,null,[]]`, []Feature{{Name: FeatureAML}, {Name: FeatureNFC}}},
		{`[]`, nil}, {`""`, nil}, {`null`, nil}, {`7`, nil}, {`{"a":1}`, nil},
	} {
		var d Decision
		body := `{"session_id":"s","features":` + c.in + `}`
		if err := kyc.Unmarshal([]byte(body), &d); err != nil {
			t.Fatal(err)
		}
		got := d.Features.All()
		if len(got) != len(c.want) {
			t.Errorf("%s reads as %v", c.in, names(got))
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s reads as %v", c.in, names(got))
			}
		}
		again, err := kyc.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		want := body
		if c.in == "null" {
			want = `{"session_id":"s"}`
		}
		if string(again) != want {
			t.Errorf("%s is written back as %s", body, again)
		}
	}
	l := NewFeatureList(FeatureAML, FeatureNFC)
	if !l.Has(FeatureNFC) || l.Has(FeaturePOA) || fmt.Sprint(l) != "[AML NFC]" || NewFeatureList().IsZero() {
		t.Errorf("a new list: %v", l)
	}
	if b, err := json.Marshal(FeatureList{}); err != nil || string(b) != "null" {
		t.Errorf("the zero list: %s, %v", b, err)
	}
}

func names(fs []Feature) (out []FeatureName) {
	for _, f := range fs {
		out = append(out, f.Name)
	}
	return out
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		in        string
		text      string
		low, high float64
		ok        bool
	}{
		{`40`, "40", 40, 40, true},
		{`40.0`, "40.0", 40, 40, true},
		{`"50"`, "50", 50, 50, true},
		{`"25.00"`, "25.00", 25, 25, true},
		{`"25%"`, "25%", 25, 25, true},
		{`"25-50%"`, "25-50%", 25, 50, true},
		{`" 25% - 50 % "`, " 25% - 50 % ", 25, 50, true},
		{`""`, "", 0, 0, false},
		{`"most"`, "most", 0, 0, false},
		{`"NaN"`, "NaN", 0, 0, false},
		{`"0x10"`, "0x10", 0, 0, false},
		{`"50-25"`, "50-25", 0, 0, false},
		{`"101"`, "101", 0, 0, false},
		{`-5`, "-5", 0, 0, false},
		{`[1]`, "", 0, 0, false},
		{`null`, "", 0, 0, false},
	} {
		var o KeyOwner
		if err := kyc.Unmarshal([]byte(`{"ownership_min_shares":`+c.in+`}`), &o); err != nil {
			t.Fatal(err)
		}
		low, high, ok := o.OwnershipMinShares.Percent()
		if o.OwnershipMinShares.Text() != c.text || low != c.low || high != c.high || ok != c.ok {
			t.Errorf("%s: %q, %v to %v, %v", c.in, o.OwnershipMinShares.Text(), low, high, ok)
		}
		again, err := kyc.Marshal(o)
		want := `{"ownership_min_shares":` + c.in + `}`
		if c.in == "null" {
			want = `{}`
		}
		if err != nil || string(again) != want {
			t.Errorf("%s is written back as %s, %v", want, again, err)
		}
	}
	if NewShare("50").Text() != "50" || !(Share{}).IsZero() {
		t.Error("a new share")
	}
}

// TestAnyMemberMayBeNull sets each member of the examples to null and to another type: the rest is still read.
func TestAnyMemberMayBeNull(t *testing.T) {
	for _, name := range []string{"decision-business.json", "decision-prose-user.json"} {
		var doc map[string]any
		if err := json.Unmarshal(fixture(t, name), &doc); err != nil {
			t.Fatal(err)
		}
		mutate(doc, "", []any{nil, 7.0, map[string]any{"x": "y"}}, func(pointer string) {
			body, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			var d Decision
			if err := kyc.Unmarshal(body, &d); err != nil {
				t.Fatalf("%s: %v", pointer, err)
			}
			if pointer != "/status" && d.Status == "" {
				t.Errorf("%s: the status is lost", pointer)
			}
			d.Result()
		})
	}
}

func TestEventsShape(t *testing.T) {
	var d Decision
	if err := kyc.Unmarshal(fixture(t, "decision-events.json"), &d); err != nil {
		t.Fatal(err)
	}
	want := []FeatureName{FeatureIDVerification, FeatureEmailVerification, FeatureLiveness}
	if diff := cmp.Diff(want, d.Features.Names()); diff != "" || d.Features.All()[1].NodeID != "feature_email_1" {
		t.Errorf("features (-want +got):\n%s", diff)
	}
	if d.Business() || d.SessionKind != "" || d.WorkflowVersion == nil || *d.WorkflowVersion != 3 || d.Events == nil || d.CostBreakdown == nil {
		t.Errorf("the events shape reads as %v", d)
	}
	if d.HasDeviceNFCSupport == nil || !*d.HasDeviceNFCSupport {
		t.Error("has_device_nfc_support is lost")
	}
}

func FuzzDecision(f *testing.F) {
	for _, name := range fixtureNames(f, "decision-*.json") {
		// The engine gets nowhere with long seeds.
		if raw := fixture(f, name); len(raw) < 5<<10 {
			f.Add(raw)
		}
	}
	f.Add([]byte(`{"session_id":"s","status":"approved","features":[{"feature":"EMAIL"}],"id_verifications":[null,{"status":7}],"x":{"y":1.50}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var d Decision
		if kyc.Unmarshal(raw, &d) != nil {
			return
		}
		_ = fmt.Sprintf("%v %+v %#v", d, d, &d)
		r := d.Result()
		if r.Decision == kyc.Approved && (!equalASCII(string(d.Status), "Approved") || d.SessionID == "") {
			t.Fatalf("approved by %q", d.Status)
		}
		again, err := kyc.Marshal(d)
		if err != nil {
			t.Fatalf("does not write back: %v", err)
		}
		var second Decision
		if err := kyc.Unmarshal(again, &second); err != nil {
			t.Fatalf("does not read what it wrote: %v", err)
		}
		if third, err := kyc.Marshal(second); err != nil || string(third) != string(again) {
			t.Fatalf("is not stable: %s and %s", again, third)
		}
	})
}

// BenchmarkDecode compares with encoding/json on the vendor's own example; ours keeps the raw bytes and unknown members.
func BenchmarkDecode(b *testing.B) {
	var compact []byte
	{
		var v json.RawMessage = fixture(b, "decision-user.json")
		var err error
		// In the size in which it travels.
		if compact, err = json.Marshal(v); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("kyc", func(b *testing.B) {
		b.SetBytes(int64(len(compact)))
		b.ReportAllocs()
		for b.Loop() {
			var d Decision
			if err := kyc.Unmarshal(compact, &d); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(int64(len(compact)))
		b.ReportAllocs()
		for b.Loop() {
			var d Decision
			if err := json.Unmarshal(compact, &d); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("result", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ParseResult(compact); err != nil {
				b.Fatal(err)
			}
		}
	})
}
