package jumio

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// What comes back from a browser is read or refused, and never taken for more than it says.
func FuzzParseRedirect(f *testing.F) {
	f.Add("accountId=a&workflowExecutionId=b&acquisitionStatus=SUCCESS&customerInternalReference=r")
	f.Add("accountId=a&accountId=b&workflowExecutionId=c")
	f.Add("accountId=%00&workflowExecutionId=%ff&errorCode=9100")
	f.Fuzz(func(t *testing.T, text string) {
		query, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		r, err := ParseRedirect(query)
		if err != nil {
			if !errors.Is(err, kyc.ErrMalformed) || r != (Redirect{}) {
				t.Fatalf("%q: %v, %v", text, r, err)
			}
			return
		}
		if len(query["accountId"]) != 1 || r.Ref.Account != query["accountId"][0] || r.Ref.Session != query["workflowExecutionId"][0] {
			t.Fatalf("%q is about %v", text, r.Ref)
		}
		if back, err := kyc.ParseRef(r.Ref.String()); err != nil || back != r.Ref {
			t.Fatalf("the Ref of %q comes back as %v, %v", text, back, err)
		}
	})
}

// Without the key nothing is a signed reference.
func FuzzReferenceVerify(f *testing.F) {
	mine, err := NewReferenceSigner("0123456789abcdef")
	if err != nil {
		f.Fatal(err)
	}
	other, err := NewReferenceSigner("fedcba9876543210")
	if err != nil {
		f.Fatal(err)
	}
	forged, err := other.Sign("onboarding-42")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(forged, "onboarding-42")
	f.Add("onboarding-42.", "a.b")
	f.Add(".", "")
	f.Fuzz(func(t *testing.T, text, reference string) {
		if got, err := mine.Verify(text); err == nil {
			t.Fatalf("%q passes as %q", text, got)
		}
		if got, err := mine.VerifyUser(text); err == nil {
			t.Fatalf("%q passes as %q", text, got)
		}
		signed, err := mine.Sign(reference)
		if err != nil {
			return
		}
		if got, err := mine.Verify(signed); err != nil || got != reference {
			t.Fatalf("%q comes back as %q, %v", reference, got, err)
		}
		if _, err := other.Verify(signed); err == nil {
			t.Fatalf("%q passes with another key", signed)
		}
		if _, err := mine.VerifyUser(signed); err == nil {
			t.Fatalf("%q passes in the other use", signed)
		}
	})
}

// An address of the vendor's is followed below the configured host only, whatever its spelling.
func FuzzHref(f *testing.F) {
	base, err := url.Parse("https://api.amer-1.jumio.ai/root")
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{
		"https://api.amer-1.jumio.ai/root/api/v1/accounts/a/credentials/b/parts/FRONT", "https://api.amer-1.jumio.ai:443/root/x?y=z",
		"https://api.amer-1.jumio.ai@evil.example/root/x", "https://api.amer-1.jumio.ai/root/../x", "https://api.amer-1.jumio.ai/root/%2e%2e/x",
		"//evil.example/root/x", "https:/root/x", "https://api.amer-1.jumio.ai.evil.example/root/x", "https://api.amer-1.jumio.ai/rootx/y",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, href string) {
		_, _, _ = PartOf(href)
		path, query, err := below(base, href)
		if err != nil {
			return
		}
		u, err := url.Parse("https://api.amer-1.jumio.ai/root" + path + "?" + query)
		if err != nil || u.Host != base.Host || !strings.HasPrefix(u.EscapedPath(), "/root/") {
			t.Fatalf("%q leads to %q, %v", href, u, err)
		}
		for segment := range strings.SplitSeq(u.Path, "/") {
			if segment == ".." || segment == "." {
				t.Fatalf("%q climbs to %q", href, u.Path)
			}
		}
	})
}

// Both forms of a part's address, and a key as number or text, come back as they were.
func FuzzPartLocation(f *testing.F) {
	for _, s := range []string{`"https://api.example/parts/FRONT"`, `{"1":"https://api.example/1","2":"x"}`, `null`, `[1]`, `{"1":2}`, `10164`, `"10164"`, `1e999`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var location PartLocation
		if err := kyc.Unmarshal(raw, &location); err == nil {
			first, err := kyc.Marshal(location)
			if err != nil {
				t.Fatalf("%q does not encode: %v", raw, err)
			}
			var again PartLocation
			if err := kyc.Unmarshal(first, &again); err != nil {
				t.Fatalf("%q became %q: %v", raw, first, err)
			}
			if second, err := kyc.Marshal(again); err != nil || string(second) != string(first) {
				t.Fatalf("%q became %q and then %q, %v", raw, first, second, err)
			}
			_ = location.pageNumbers()
		}
		var either TextOrNumber
		if err := kyc.Unmarshal(raw, &either); err == nil {
			text, err := kyc.Marshal(either)
			if err != nil {
				t.Fatalf("the text of %q does not encode: %v", raw, err)
			}
			var again TextOrNumber
			if err := kyc.Unmarshal(text, &again); err != nil || again != either {
				t.Fatalf("%q became %q: %v", raw, text, err)
			}
		}
		var key WorkflowKey
		if err := kyc.Unmarshal(raw, &key); err == nil {
			if _, err := kyc.Marshal(key); err != nil {
				t.Fatalf("the key of %q does not encode: %v", raw, err)
			}
		}
	})
}
