package didit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// answer is what every answer of a standalone check can do.
type answer interface {
	Check(opts ...kyc.Option) kyc.Check
	RawJSON() []byte
	Mismatches() []string
}

// answers are new values for each kind of check, by the part of the fixtures' names.
var answers = map[string]func() answer{
	"id-verification":     func() answer { return new(didit.IDVerificationResponse) },
	"passive-liveness":    func() answer { return new(didit.PassiveLivenessResponse) },
	"face-match":          func() answer { return new(didit.FaceMatchResponse) },
	"face-search":         func() answer { return new(didit.FaceSearchResponse) },
	"age-estimation":      func() answer { return new(didit.AgeEstimationResponse) },
	"aml":                 func() answer { return new(didit.AMLResponse) },
	"poa":                 func() answer { return new(didit.POAResponse) },
	"database-validation": func() answer { return new(didit.DatabaseValidationResponse) },
	"phone-check":         func() answer { return new(didit.PhoneCheckResponse) },
	"email-check":         func() answer { return new(didit.EmailCheckResponse) },
	"kyb-select":          func() answer { return new(didit.KYBSelectResponse) },
	"wallet-screening":    func() answer { return new(didit.WalletScreeningResponse) },
}

func read(t testing.TB, kind string, raw []byte) kyc.Check {
	t.Helper()
	a := answers[kind]()
	if err := kyc.Unmarshal(raw, a); err != nil {
		t.Fatal(err)
	}
	return a.Check()
}

// TestCheckResults holds the vendor's examples of every standalone check against golden checks.
func TestCheckResults(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range didit.FixtureNames(t, "check-*.json") {
		for kind, empty := range answers {
			if !strings.HasPrefix(name, "check-"+kind+"-") {
				continue
			}
			seen[kind] = true
			raw, a := didit.Fixture(t, name), empty()
			check(t, kyc.Unmarshal(raw, a))
			if !bytes.Equal(a.RawJSON(), raw) || len(a.Mismatches()) > 0 {
				t.Errorf("%s: the raw bytes or members are lost: %v", name, a.Mismatches())
			}
			c := a.Check()
			if _, err := kyc.Resolve(raw, c.Ref); err != nil {
				t.Errorf("%s: the check points at nothing: %v", name, err)
			}
			got, err := json.MarshalIndent(c, "", "  ")
			check(t, err)
			didit.CheckGolden(t, "checks/"+name, append(got, '\n'))
		}
	}
	if len(seen) != len(answers) {
		t.Errorf("only %d of %d kinds have a fixture", len(seen), len(answers))
	}
}

// TestCheckWords puts every documented word and some others into every kind of check.
func TestCheckWords(t *testing.T) {
	words := map[string]kyc.Decision{
		"Approved": kyc.Approved, "approved": kyc.Approved, "Declined": kyc.Declined, "In Review": kyc.Review, "Not Finished": kyc.Pending, "Expired": kyc.Expired,
		"Approved ": kyc.Unknown, "Failed": kyc.Unknown, "Expired or Not Found": kyc.Unknown, "SCREENED": kyc.Unknown, "": kyc.Unknown, "true": kyc.Unknown,
	}
	blocks := map[string]string{
		"id-verification": "id_verification", "passive-liveness": "liveness", "face-match": "face_match", "face-search": "face_search", "age-estimation": "age_estimation",
		"aml": "aml", "poa": "poa", "database-validation": "database_validation", "kyb-select": "kyb_registry",
	}
	for word, want := range words {
		for kind, block := range blocks {
			if got := read(t, kind, []byte(`{"`+block+`":{"status":"`+word+`","data_resolved":true}}`)); got.Decision != want || got.Status != word {
				t.Errorf("%s %q gives %v", kind, word, got.Decision)
			}
		}
		for _, kind := range []string{"phone-check", "email-check"} {
			if got := read(t, kind, []byte(`{"status":"`+word+`","phone":{"status":"Approved"},"email":{"status":"Approved"}}`)); got.Decision != want {
				t.Errorf("%s %q gives %v", kind, word, got.Decision)
			}
		}
	}
	for kind := range answers {
		for _, raw := range []string{`{}`, `{"detail":"x"}`, `{"status":["Approved"]}`, `{"liveness":null,"aml":null}`, `{"id_verification":"Approved","phone":{"status":"Approved"},"email":{"status":"Approved"}}`, `{"status":"Approved"}`} {
			if got := read(t, kind, []byte(raw)); got.Decision != kyc.Unknown {
				t.Errorf("%s: %s gives %v", kind, raw, got.Decision)
			}
		}
	}
	// What contradicts itself approves nothing.
	for raw, kind := range map[string]string{
		`{"status":"Approved","phone":{"status":"Declined"}}`: "phone-check", `{"status":"Approved","email":{"status":"Surprise"}}`: "email-check",
		`{"age_estimation":{"status":"Approved"},"liveness":{"status":"Declined"}}`: "age-estimation",
		`{"kyb_registry":{"status":"Approved"}}`:                                    "kyb-select",
	} {
		if got := read(t, kind, []byte(raw)); got.Decision == kyc.Approved {
			t.Errorf("%s is approved", raw)
		}
	}
	// The older name of the estimate.
	older := read(t, "age-estimation", []byte(`{"liveness":{"status":"Approved","score":97}}`))
	if older.Decision != kyc.Approved || older.Ref != "/liveness" || older.Score.Max != 100 {
		t.Errorf("the older name gives %v", older.Decision)
	}
}

// TestCheckMutations proves that nothing but the words that decide approves.
func TestCheckMutations(t *testing.T) {
	for _, name := range didit.FixtureNames(t, "check-*.json") {
		for kind := range answers {
			if !strings.HasPrefix(name, "check-"+kind+"-") {
				continue
			}
			raw := didit.Fixture(t, name)
			parse := func(raw []byte) (*kyc.Result, error) {
				a := answers[kind]()
				if err := kyc.Unmarshal(raw, a); err != nil {
					return nil, kyc.Malformed(kyc.Didit, "test", "no JSON", err)
				}
				c := a.Check()
				r := &kyc.Result{Raw: raw, Decision: c.Decision}
				if kind == "phone-check" || kind == "email-check" {
					r.Cite("/status", "status", true)
				} else {
					r.Cite(c.Ref+"/status", "status", true)
				}
				for _, p := range []string{"/phone/status", "/email/status", "/kyb_registry/data_resolved", "/severity"} {
					r.Cite(p, "agrees", true)
				}
				return r, nil
			}
			kyctest.Prove(t, parse, raw, []string{"Approved"}, kyctest.IgnoresCase(), kyctest.Part(0, max(1, len(raw)/500)))
		}
	}
}

func TestWalletRating(t *testing.T) {
	var r didit.WalletScreeningResponse
	check(t, kyc.Unmarshal(didit.Fixture(t, "check-wallet-screening-high.json"), &r))
	low := kyc.WithOverrides(kyc.Override{Name: "low is enough", Vendor: kyc.Didit, Field: didit.FieldFeature, Check: string(didit.FeatureWalletScreening), Word: "LOW", Decision: kyc.Approved})
	if c := r.Check(low); c.Decision != kyc.Unknown || len(c.Reasons) != 2 {
		t.Errorf("a sanctioned wallet: %v", c.Decision)
	}
	r.Severity, r.SanctionsHit = didit.SeverityLow, new(false)
	if c := r.Check(low); c.Decision != kyc.Approved {
		t.Errorf("the caller's own rule: %v", c.Decision)
	}
	r.Status = didit.WalletStatusError
	if c := r.Check(low); c.Decision == kyc.Approved {
		t.Error("a screening that failed is approved")
	}
}

func TestDatabaseMatches(t *testing.T) {
	var saved, unsaved didit.DatabaseValidationResponse
	check(t, kyc.Unmarshal(didit.Fixture(t, "check-database-validation-full-match.json"), &saved))
	check(t, kyc.Unmarshal(didit.Fixture(t, "check-database-validation-stateless.json"), &unsaved))
	for _, r := range []didit.DatabaseValidationResponse{saved, unsaved} {
		if m := r.DatabaseValidation.Validations; m.Fields()["date_of_birth"] != didit.MatchTypeFullMatch || len(m.Fields()) != 3 {
			t.Errorf("fields %d", len(m.Fields()))
		}
	}
	if len(saved.DatabaseValidation.Validations.Services()) != 1 || unsaved.DatabaseValidation.Validations.Services() != nil {
		t.Error("services")
	}
	var two didit.DatabaseMatches
	check(t, two.UnmarshalJSON([]byte(`[{"validation":{"a":"full_match","b":"odd"}},{"validation":{"a":"no_match","b":"no_match"}}]`)))
	if f := two.Fields(); f["a"] != didit.MatchTypeNoMatch || f["b"] != "odd" {
		t.Errorf("the worst of two sources: %d", len(f))
	}
}

// TestSavedChecks reads the session that a saved check leaves.
func TestSavedChecks(t *testing.T) {
	ctx := t.Context()
	server := didittest.NewServer(didittest.CheckOutcome("Checks.PassiveLiveness", didit.FeatureStatusDeclined, "LIVENESS_FACE_ATTACK"))
	defer server.Close()
	c := client(t, server)
	r := must(c.Checks.PassiveLiveness(ctx, didit.PassiveLivenessRequest{UserImage: jpeg, VendorData: "u"}))(t)
	if k := r.Check(); k.Decision != kyc.Declined || k.Reasons[0].Code != "LIVENESS_FACE_ATTACK" {
		t.Errorf("the check is %v", k.Decision)
	}
	if got := must(c.Fetch(ctx, kyc.Ref{Vendor: kyc.Didit, Session: r.RequestID}))(t); got.Decision != kyc.Declined || got.Reference != "u" {
		t.Errorf("the session is %v", got.Decision)
	}
	r = must(c.Checks.PassiveLiveness(ctx, didit.PassiveLivenessRequest{UserImage: jpeg, SaveAPIRequest: new(false)}))(t)
	if _, err := c.Sessions.Decision(ctx, r.RequestID); !errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("a check that was not saved: %v", err)
	}
	clean(t, server)
}

// TestChecksAreBilledOnce loses the answer of every check: none is sent again.
func TestChecksAreBilledOnce(t *testing.T) {
	ctx := t.Context()
	for _, fault := range []kyctest.Fault{didittest.ServerError, didittest.ResetAfterRead, didittest.Truncate} {
		server := didittest.NewServer()
		c := client(t, server)
		for name, call := range map[string]func() error{
			"Checks.IDVerification": func() error {
				_, err := c.Checks.IDVerification(ctx, didit.IDVerificationRequest{FrontImage: jpeg})
				return err
			},
			"Checks.FaceMatch": func() error {
				_, err := c.Checks.FaceMatch(ctx, didit.FaceMatchRequest{UserImage: jpeg, RefImage: jpeg})
				return err
			},
			"Checks.AML": func() error { _, err := c.Checks.AML(ctx, didit.AMLRequest{FullName: "A"}); return err },
			"Checks.PhoneSend": func() error {
				_, err := c.Checks.PhoneSend(ctx, didit.PhoneSendRequest{PhoneNumber: "+34600600600"})
				return err
			},
			"Checks.PhoneCheck": func() error {
				_, err := c.Checks.PhoneCheck(ctx, didit.PhoneCheckRequest{PhoneNumber: "+34600600600", Code: "1234"})
				return err
			},
			"Checks.WalletScreening": func() error {
				_, err := c.Checks.WalletScreening(ctx, didit.WalletScreeningRequest{WalletAddress: "x", Blockchain: "BTC"})
				return err
			},
			"Billing.TopUp": func() error { _, err := c.Billing.TopUp(ctx, didit.TopUpRequest{AmountInDollars: 50}); return err },
			"Transactions.SDKToken": func() error {
				_, err := c.Transactions.SDKToken(ctx, didit.TransactionTokenRequest{VendorData: "u"})
				return err
			},
		} {
			server.Script(didittest.FaultOn(name, 1, fault))
			if err := call(); err == nil || server.Count(name) != 1 {
				t.Errorf("%s after %v: %v, %d calls", name, fault, err, server.Count(name))
			}
		}
		server.Close()
	}
}

func TestCodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		server := didittest.NewServer(didittest.InMemory(), didittest.CheckOutcome("Checks.PhoneCheck", didit.FeatureStatusDeclined, "VOIP_NUMBER_DETECTED"))
		defer server.Close()
		c := client(t, server)
		enter := func(code kyc.Secret) *didit.EmailCheckResponse {
			return must(c.Checks.EmailCheck(ctx, didit.EmailCheckRequest{Email: "a@example.com", Code: code}))(t)
		}
		if r := enter("123456"); r.Status != didit.CodeStatusExpiredOrNotFound || r.Check().Decision != kyc.Unknown {
			t.Errorf("without a message: %v", r)
		}
		must(c.Checks.EmailSend(ctx, didit.EmailSendRequest{Email: "a@example.com"}))(t)
		if r := enter("000000"); r.Status != didit.CodeStatusFailed || r.Check().Decision != kyc.Unknown {
			t.Errorf("a wrong code: %v", r)
		}
		if r := enter(didittest.Code); r.Status != didit.CodeStatusApproved || r.Check().Decision != kyc.Approved {
			t.Errorf("the right code: %v", r)
		}
		if r := enter(didittest.Code); r.Status != didit.CodeStatusExpiredOrNotFound {
			t.Errorf("a used code: %v", r)
		}
		must(c.Checks.EmailSend(ctx, didit.EmailSendRequest{Email: "a@example.com"}))(t)
		time.Sleep(6 * time.Minute)
		if r := enter(didittest.Code); r.Status != didit.CodeStatusExpiredOrNotFound {
			t.Errorf("a code that ran out: %v", r)
		}
		must(c.Checks.EmailSend(ctx, didit.EmailSendRequest{Email: "a@example.com"}))(t)
		for _, want := range []kyc.Decision{kyc.Unknown, kyc.Unknown, kyc.Declined} {
			if got := enter("000000").Check().Decision; got != want {
				t.Errorf("%v for %v", got, want)
			}
		}
		if r := must(c.Checks.EmailSend(ctx, didit.EmailSendRequest{Email: "a@b.invalid"}))(t); r.Status != didit.SendStatusUndeliverable || r.Reason == "" {
			t.Errorf("an address that cannot be reached: %v", r)
		}
		once := kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1})
		for range 4 {
			must(c.Checks.PhoneSend(ctx, didit.PhoneSendRequest{PhoneNumber: "+34600600600"}, once))(t)
		}
		if _, err := c.Checks.PhoneSend(ctx, didit.PhoneSendRequest{PhoneNumber: "+34600600600"}, once); !errors.Is(err, kyc.ErrRateLimited) {
			t.Errorf("a fifth message: %v", err)
		}
		risky := must(c.Checks.PhoneCheck(ctx, didit.PhoneCheckRequest{PhoneNumber: "+34600600600", Code: didittest.Code}))(t).Check()
		if risky.Decision != kyc.Declined || !slices.Contains(risky.Reasons, kyc.Reason{Code: "VOIP_NUMBER_DETECTED", Category: "error"}) {
			t.Errorf("a risky number: %v", risky.Decision)
		}
		clean(t, server)
	})
}
