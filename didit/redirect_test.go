package didit_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestParseRedirect(t *testing.T) {
	const id = "11111111-2222-3333-4444-555555555555"
	for query, want := range map[string]string{
		"verificationSessionId=" + id + "&status=In+Review&mine=1&mine=2": id + " In Review",
		"verificationSessionId=" + id:                                     id + " ",
		"":                                                                "",
		"status=Approved":                                                 "",
		"verificationSessionId=&status=Approved":                          "",
		"verificationSessionId=" + id + "&verificationSessionId=" + id:                         "",
		"verificationSessionId=" + id + "&status=Approved&status=Declined":                     "",
		"verificationSessionId=11111111-2222-3333-4444-55555555555A":                           "",
		"verificationSessionId=..%2F..%2F":                                                     "",
		"VerificationSessionId=" + id + "&status=Approved":                                     "",
		"verificationSessionId=" + id + "%0A&status=Approved":                                  "",
		"session=" + id + "&verificationSessionId=22222222-3333-4444-5555-666666666666&other=": "22222222-3333-4444-5555-666666666666 ",
	} {
		values, err := url.ParseQuery(query)
		check(t, err)
		r, err := didit.ParseRedirect(values)
		got := ""
		if err == nil {
			got = r.Ref.Session + " " + string(r.Status)
		} else if !errors.Is(err, kyc.ErrMalformed) {
			t.Errorf("%q: %v", query, err)
		}
		if got != want || err == nil && r.Ref.Vendor != kyc.Didit {
			t.Errorf("%q reads as %q, want %q", query, got, want)
		}
	}
}

// The fake sends the browser back as the vendor does.
func TestRedirectOfTheHostedPage(t *testing.T) {
	server := didittest.NewServer()
	defer server.Close()
	s := must(client(t, server).Start(t.Context(), kyc.StartRequest{Reference: "r", RedirectURL: "https://app.example/back?mine=1"}))(t)
	browser := server.HTTPClient()
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp := must(browser.Get(s.URL.Reveal()))(t)
	check(t, resp.Body.Close())
	back := must(resp.Location())(t)
	r := must(didit.ParseRedirect(back.Query()))(t)
	if r.Ref != s.Ref || r.Status != didit.StatusApproved || back.Query().Get("mine") != "1" {
		t.Errorf("%v from %v", fmt.Sprint(r), back)
	}
}
