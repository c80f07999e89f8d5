package transmit_test

import (
	"bytes"
	"errors"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

func TestProvider(t *testing.T) {
	for recommendation, want := range map[transmit.Recommendation]kyc.Decision{
		transmit.RecommendationAllow: kyc.Approved, transmit.RecommendationChallenge: kyc.Review, transmit.RecommendationDeny: kyc.Declined,
		"ALOW": kyc.Unknown, "N/A": kyc.Unknown,
	} {
		fake := transmittest.NewServer(transmittest.Outcome(recommendation))
		defer fake.Close()
		states, err := transmit.NewStates(bytes.Repeat([]byte{1}, 32), 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		var provider kyc.Provider = newClient(t, fake, transmit.WithStates(states))
		session, err := provider.Start(t.Context(), kyc.StartRequest{
			Reference: "onboarding-42", RedirectURL: "https://example.com/back?tab=1", Workflow: string(transmit.SessionContextOnboarding),
			Metadata: map[string]string{transmit.MetadataOrganizationName: "Acme", transmit.MetadataOrganizationID: "acme-1"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(session.URL.Reveal(), fake.URL()+"/verify/app/st_") || session.Token == "" || session.ExpiresAt.Before(time.Now()) || len(session.Raw) == 0 {
			t.Errorf("%v", session)
		}
		pending, err := provider.Fetch(t.Context(), session.Ref)
		if err != nil || pending.Decision != kyc.Pending {
			t.Errorf("before the user came: %v, %v", pending, err)
		}
		callback, err := fake.Visit(session.URL)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fake.Visit(session.URL); err == nil {
			t.Error("the start token was good for two visits")
		}
		back, err := url.Parse(callback)
		if err != nil || back.Query().Get("tab") != "1" {
			t.Errorf("%s, %v", callback, err)
		}
		if _, err := states.ParseCallback(t.Context(), back, "onboarding-43"); !errors.Is(err, kyc.ErrUnauthorized) {
			t.Errorf("another reference: %v", err)
		}
		event, err := states.ParseCallback(t.Context(), back, "onboarding-42")
		if err != nil || event.Ref != session.Ref {
			t.Fatalf("%v, %v", event, err)
		}
		result, err := provider.Fetch(t.Context(), event.Ref)
		if err != nil || result.Decision != want || result.Ref != session.Ref {
			t.Errorf("%s: %v, %v", recommendation, result, err)
		}
		offline, err := transmit.ParseResult(result.Raw)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(plain(result), plain(offline)); diff != "" {
			t.Errorf("fetched and parsed differ (-want +got)\n%s", diff)
		}
		if err := provider.Delete(t.Context(), session.Ref); err != nil {
			t.Fatal(err)
		}
		if _, err := provider.Fetch(t.Context(), session.Ref); !errors.Is(err, kyc.ErrNotFound) {
			t.Errorf("after delete: %v", err)
		}
		for _, p := range fake.Problems() {
			t.Error(p)
		}
	}
}

// What the vendor cannot honour is an error, not silence, and nothing is sent.
func TestStartRefuses(t *testing.T) {
	client, fake := start(t)
	for name, req := range map[string]kyc.StartRequest{
		"no reference":     {},
		"two words":        {Reference: "jane doe"},
		"notices":          {Reference: "r", NotifyURL: "https://example.com/notify"},
		"locale":           {Reference: "r", Locale: "de"},
		"person":           {Reference: "r", Person: &kyc.Person{FirstName: "Jane"}},
		"consent":          {Reference: "r", Consent: &kyc.Consent{Obtained: true}},
		"time to live":     {Reference: "r", TTL: time.Hour},
		"workflow":         {Reference: "r", Workflow: "10011"},
		"metadata":         {Reference: "r", Metadata: map[string]string{"colour": "red"}},
		"relative URL":     {Reference: "r", RedirectURL: "/back"},
		"control":          {Reference: "r\n"},
		"blank no-break":   {Reference: "r\u00a0x"},
		"javascript's URL": {Reference: "r", RedirectURL: "javascript:alert(1)"},
	} {
		session, err := client.Start(t.Context(), req)
		if !errors.Is(err, kyc.ErrInvalid) || session != nil || strings.Contains(err.Error(), "jane") {
			t.Errorf("%s: %v, %v", name, session, err)
		}
	}
	for name, ref := range map[string]kyc.Ref{
		"zero": {}, "other vendor": {Vendor: kyc.Jumio, Session: "s"}, "account": {Vendor: kyc.Transmit, Account: "a", Session: "s"}, "no session": {Vendor: kyc.Transmit},
	} {
		if _, err := client.Fetch(t.Context(), ref); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("fetch %s: %v", name, err)
		}
		if err := client.Delete(t.Context(), ref); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("delete %s: %v", name, err)
		}
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests went out", n)
	}
}

func TestStartWithoutStates(t *testing.T) {
	client, fake := start(t)
	if _, err := client.Start(t.Context(), kyc.StartRequest{Reference: "r", RedirectURL: "https://example.com/back"}); err != nil {
		t.Fatal(err)
	}
	if body := fake.RequestsOf("Sessions.Create")[0].Golden(); strings.Contains(body, `"state"`) || strings.Contains(body, `"start"`) {
		t.Error(body)
	}
}

// kyc.Wait follows the client's own schedule.
func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, fake := start(t, transmittest.InMemory(), transmittest.Processing(8*time.Second))
		session, err := client.Start(t.Context(), kyc.StartRequest{Reference: "r"})
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			time.Sleep(30 * time.Second)
			fake.Play(session.Ref.Session)
		}()
		began := time.Now()
		result, err := kyc.Wait(t.Context(), client, session.Ref)
		if err != nil || result.Decision != kyc.Approved {
			t.Fatalf("%v, %v", result, err)
		}
		if took := time.Since(began); took != 40*time.Second || fake.Count("Sessions.Result") != 7 {
			t.Errorf("took %v, %d looks", took, fake.Count("Sessions.Result"))
		}
		fake.Close()
	})
}
