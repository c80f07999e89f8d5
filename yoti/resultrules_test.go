package yoti

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// saying is a check with a state and a recommendation.
func saying(kind, state, word string) string {
	return `{"type":"` + kind + `","state":"` + state + `","report":{"recommendation":{"value":"` + word + `"}}}`
}

// session is a session with these checks; more is put behind them.
func session(state, checks, more string) []byte {
	return []byte(`{"session_id":"s","state":"` + state + `","checks":[` + checks + `]` + more + `}`)
}

var approve = saying("LIVENESS", "DONE", "APPROVE")

// deciding lists the pointers of what decided.
func deciding(r *kyc.Result) []string {
	var all []string
	for _, e := range r.Evidence {
		if e.Deciding {
			all = append(all, e.Pointer)
		}
	}
	return all
}

// What a check says without saying what it checked is no approval of anything.
func TestCheckWithoutTypeApprovesNothing(t *testing.T) {
	const rest = `"state":"DONE","report":{"recommendation":{"value":"APPROVE"}}}`
	for check, want := range map[string]kyc.Decision{
		`{` + rest: kyc.Unknown, `{"type":null,` + rest: kyc.Unknown, `{"type":7,` + rest: kyc.Unknown, `{"type":"",` + rest: kyc.Unknown, `{"type":" ",` + rest: kyc.Unknown,
		`{"type":["LIVENESS"],` + rest: kyc.Unknown, `{"type":"LIVENESS",` + rest: kyc.Approved, `{"type":"PALM_READING",` + rest: kyc.Approved,
		`{"state":"DONE","report":{"recommendation":{"value":"REJECT"}}}`:   kyc.Declined,
		`{"state":"DONE","report":{"recommendation":{"value":"CONSIDER"}}}`: kyc.Review,
	} {
		r := mustParse(t, session("COMPLETED", approve+","+check, ""))
		if r.Decision != want || slices.Contains(deciding(r), "/checks/1/type") != (want == kyc.Unknown) {
			t.Errorf("%s: %v by %v, want %v", check, r.Decision, deciding(r), want)
		}
	}
}

// A profile that is null is not one that nobody asked for; neither is one of which the rest of the answer speaks.
func TestMissingIdentityProfile(t *testing.T) {
	const (
		made    = `,"identity_profile":{"result":"DONE","identity_profile_report":{"schemes_compliance":[{"requirements_met":true}]}}`
		preview = `,"identity_profile_preview":{"media":{"id":"m"}}`
	)
	added := approve + "," + saying("THIRD_PARTY_IDENTITY_FRAUD_1", "DONE", "APPROVE")
	for name, c := range map[string]struct {
		doc   []byte
		want  kyc.Decision
		cited string
	}{
		"absent":                         {session("COMPLETED", approve, ""), kyc.Approved, ""},
		"made":                           {session("COMPLETED", added, made+preview), kyc.Approved, ""},
		"null":                           {session("COMPLETED", approve, `,"identity_profile":null`), kyc.Unknown, "/identity_profile"},
		"null, advanced":                 {session("COMPLETED", approve, `,"advanced_identity_profile": null`), kyc.Unknown, "/advanced_identity_profile"},
		"null, escaped name":             {session("COMPLETED", approve, `,"\u0069dentity_profile":null`), kyc.Unknown, "/identity_profile"},
		"null beside the other":          {session("COMPLETED", approve, made+`,"advanced_identity_profile":null`), kyc.Unknown, "/advanced_identity_profile"},
		"null elsewhere":                 {session("COMPLETED", approve, `,"biometric_consent":null,"resources":{"identity_profile":null}`), kyc.Approved, ""},
		"preview without profile":        {session("COMPLETED", approve, preview), kyc.Unknown, "/identity_profile_preview"},
		"preview, advanced":              {session("COMPLETED", approve, `,"advanced_identity_profile_preview":{}`), kyc.Unknown, "/advanced_identity_profile_preview"},
		"preview that is null":           {session("COMPLETED", approve, `,"identity_profile_preview":null`), kyc.Approved, ""},
		"added check without profile":    {session("COMPLETED", added, ""), kyc.Unknown, "/checks/1/type"},
		"rejected without profile":       {session("COMPLETED", added+","+saying("LIVENESS", "DONE", "REJECT"), preview), kyc.Declined, "/checks/1/type"},
		"preview of an unfinished one":   {session("ONGOING", added, preview), kyc.Pending, ""},
		"null in an unfinished session":  {session("ONGOING", approve, `,"identity_profile":null`), kyc.Pending, ""},
		"null in a session that expired": {session("EXPIRED", approve, `,"identity_profile":null`), kyc.Expired, ""},
	} {
		r := mustParse(t, c.doc)
		if r.Decision != c.want || c.cited != "" && !slices.Contains(deciding(r), c.cited) {
			t.Errorf("%s: %v by %v, want %v", name, r.Decision, deciding(r), c.want)
		}
	}
	for _, name := range fixtureNames(t, "session-*.json") {
		for _, profile := range []string{"identity_profile", "advanced_identity_profile"} {
			if r := mustParse(t, edit(t, readFixture(t, name), nil, profile)); r.Decision == kyc.Approved {
				t.Errorf("%s with %s null is approved", name, profile)
			}
		}
	}
}

// Two ids are two sessions.
func TestSessionIDInAnotherSpelling(t *testing.T) {
	r := mustParse(t, session("COMPLETED", approve, `,"Session_ID":"another"`))
	if r.Decision != kyc.Unknown || !slices.Contains(deciding(r), "/Session_ID") {
		t.Errorf("%v by %v", r.Decision, deciding(r))
	}
}

// The second word of Status is the one that decided, and Ended says whether waiting helps.
func TestStatusAndEnded(t *testing.T) {
	pending := saying("ID_DOCUMENT_AUTHENTICITY", "PENDING", "APPROVE")
	unmet := `,"identity_profile":{"result":"DONE","identity_profile_report":{"schemes_compliance":[{"requirements_met":false}]}}`
	for name, c := range map[string]struct {
		doc      []byte
		decision kyc.Decision
		status   string
		ended    bool
	}{
		"approved":               {session("COMPLETED", approve, ""), kyc.Approved, "COMPLETED/APPROVE", true},
		"declined":               {session("COMPLETED", approve+","+saying("LIVENESS", "DONE", "REJECT"), ""), kyc.Declined, "COMPLETED/REJECT", true},
		"another word":           {session("COMPLETED", approve+","+saying("LIVENESS", "DONE", "MAYBE"), ""), kyc.Unknown, "COMPLETED/MAYBE", true},
		"check not done":         {session("COMPLETED", approve+","+pending, ""), kyc.Unknown, "COMPLETED/PENDING", false},
		"only a check not done":  {session("COMPLETED", pending, ""), kyc.Unknown, "COMPLETED/PENDING", false},
		"check failed":           {session("COMPLETED", saying("LIVENESS", "INTERNAL_ERROR", "APPROVE"), ""), kyc.Unknown, "COMPLETED/INTERNAL_ERROR", false},
		"rejected, another open": {session("COMPLETED", pending+","+saying("LIVENESS", "DONE", "REJECT"), ""), kyc.Declined, "COMPLETED/REJECT", false},
		"no recommendation":      {session("COMPLETED", `{"type":"LIVENESS","state":"DONE"}`, ""), kyc.Unknown, "COMPLETED", true},
		"check without type":     {session("COMPLETED", saying("", "DONE", "APPROVE"), ""), kyc.Unknown, "COMPLETED", true},
		"profile unmet":          {session("COMPLETED", approve, unmet), kyc.Unknown, "COMPLETED", true},
		"profile aborted":        {session("COMPLETED", approve, `,"identity_profile":{"result":"ABORTED"}`), kyc.Unknown, "COMPLETED/ABORTED", true},
		"another spelling":       {session("COMPLETED", approve, `,"STATE":"ONGOING"`), kyc.Unknown, "COMPLETED", true},
		"no checks":              {session("COMPLETED", "", ""), kyc.Unknown, "COMPLETED", true},
		"ongoing":                {session("ONGOING", approve, ""), kyc.Pending, "ONGOING", false},
		"expired":                {session("EXPIRED", pending, ""), kyc.Expired, "EXPIRED", true},
		"another state":          {session("ARCHIVED", approve, ""), kyc.Unknown, "ARCHIVED", false},
		"nobody's":               {[]byte(`{"state":"COMPLETED","checks":[` + approve + `]}`), kyc.Unknown, "COMPLETED", false},
	} {
		r := mustParse(t, c.doc)
		if r.Decision != c.decision || r.Status != c.status || r.Ended != c.ended || r.Workflow != "" {
			t.Errorf("%s: %v, %q, ended %v, want %v, %q, ended %v", name, r.Decision, r.Status, r.Ended, c.decision, c.status, c.ended)
		}
	}
}

// Only what decided is called deciding: in a session that is not COMPLETED, or for whose state an override speaks, that is the state.
func TestOnlyTheStateDecidesBeforeTheEnd(t *testing.T) {
	hold := kyc.WithOverrides(kyc.Override{Name: "hold", Field: FieldState, Word: "COMPLETED", Decision: kyc.Review})
	reject := saying("LIVENESS", "DONE", "REJECT")
	for name, r := range map[string]*kyc.Result{
		"ongoing without checks": mustParse(t, []byte(`{"session_id":"s","state":"ONGOING"}`)),
		"ongoing":                mustParse(t, session("ONGOING", reject, `,"Checks":[],"identity_profile":null`)),
		"expired":                mustParse(t, session("EXPIRED", "", "")),
		"another state":          mustParse(t, session("ARCHIVED", reject, "")),
		"overridden":             mustParse(t, session("COMPLETED", reject, `,"state2":1,"identity_profile":7`), hold),
	} {
		if diff := cmp.Diff([]string{"/state"}, deciding(r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if fault := slices.IndexFunc(r.Evidence, func(e kyc.Evidence) bool { return e.Pointer == "/checks" || e.Pointer == "/identity_profile" }); fault >= 0 {
			t.Errorf("%s: the evidence cites what hinders nothing", name)
		}
	}
}

// The page says how attempts at a liveness capture are told from the rest; this is the rule that it shows.
func TestRejectedAttemptForReview(t *testing.T) {
	attempts := kyc.WithOverrides(kyc.Override{
		Name: "a failed attempt is looked at", Vendor: kyc.Yoti,
		Field: FieldRecommendation, Check: "LIVENESS", Word: "REJECT", Decision: kyc.Review,
	})
	document := saying("ID_DOCUMENT_AUTHENTICITY", "DONE", "APPROVE")
	retried := session("COMPLETED", document+","+saying("LIVENESS", "DONE", "REJECT")+","+approve, "")
	if got := mustParse(t, retried).Decision; got != kyc.Declined {
		t.Errorf("by the table: %v, want declined", got)
	}
	if got := mustParse(t, retried, attempts); got.Decision != kyc.Review || got.Status != "COMPLETED/REJECT" {
		t.Errorf("with the rule: %v, %s, want review", got.Decision, got.Status)
	}
	forged := session("COMPLETED", saying("ID_DOCUMENT_AUTHENTICITY", "DONE", "REJECT")+","+approve, "")
	if got := mustParse(t, forged, attempts).Decision; got != kyc.Declined {
		t.Errorf("a rejected document with the rule: %v, want declined", got)
	}
}

// A rule that could never fit is refused, not passed over.
func TestOverridesThatNeverFit(t *testing.T) {
	for name, o := range map[string]kyc.Override{
		"field": {Name: "x", Vendor: kyc.Yoti, Field: "recommendation", Word: "REJECT", Decision: kyc.Review},
		"check": {Name: "x", Vendor: kyc.Yoti, Field: FieldState, Check: "LIVENESS", Word: "COMPLETED", Decision: kyc.Review},
	} {
		r, err := ParseResult(session("COMPLETED", approve, ""), kyc.WithOverrides(o))
		if r != nil || !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: ParseResult gives %v", name, err)
		}
		c, err := NewClient(Config{SDKID: "sdk", PrivateKey: pkcs1(testKey())}, kyc.WithOverrides(o))
		if c != nil || !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: NewClient gives %v", name, err)
		}
	}
}
