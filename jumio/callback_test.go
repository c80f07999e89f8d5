package jumio_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestParseCallback(t *testing.T) {
	for _, c := range []struct{ fixture, status string }{
		{"callback-processed.json", "PROCESSED"}, {"callback-acquisition-started.json", "ACQUISITION_STARTED"}, {"callback-session-expired.json", "SESSION_EXPIRED"},
	} {
		body := fixture(t, c.fixture)
		e := must[kyc.Event](t)(jumio.ParseCallback(body))
		if e.Vendor != kyc.Jumio || e.Status != c.status || e.Assurance != kyc.AssuranceNone || e.OccurredAt.IsZero() || string(e.Raw) != string(body) {
			t.Errorf("%s: %v", c.fixture, e)
		}
		if e.Ref.String() != "jumio:572ac7b5-9f83-409d-ba8e-f0014e411c7e/41f71912-1c6b-4e2f-b340-d6dc10cd69b8" || !strings.Contains(e.ID, c.status) {
			t.Errorf("%s: %s %s", c.fixture, e.Ref, e.ID)
		}
	}
	for _, bad := range []string{
		``, `{`, `[]`, `null`, `{}`, `{"account":{"id":"a"}}`, `{"account":{"id":"a"},"workflowExecution":{"id":""}}`,
		`{"account":{"id":"a"},"workflowExecution":{"id":"w"}}x`, `{"account":{"id":"a","id":"b"},"workflowExecution":{"id":"w"}}`,
		`{"account":{"id":7},"workflowExecution":{"id":"w"}}`,
	} {
		if _, err := jumio.ParseCallback([]byte(bad)); !errors.Is(err, kyc.ErrMalformed) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func FuzzParseCallback(f *testing.F) {
	for _, name := range list(f, "callback-*.json") {
		f.Add(fixture(f, name))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := jumio.ParseCallback(body)
		if err == nil && (e.Assurance != kyc.AssuranceNone || e.Ref.Account == "" || e.Ref.Session == "") {
			t.Fatalf("%v", e)
		}
	})
}

func TestCallbackSources(t *testing.T) {
	body := fixture(t, "callback-processed.json")
	source := jumio.Callbacks(jumio.WithSources(nil, jumio.SourceAddresses(jumio.RegionEMEA)...))
	for remote, ok := range map[string]bool{
		"34.253.41.236:4711": true, "[::ffff:34.253.41.236]:4711": true, "34.202.241.227:4711": false, "192.0.2.1:1": false, "": false, "x": false,
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.RemoteAddr = remote
		_, err := source.ParseNotice(r, body)
		if ok != (err == nil) || !ok && !errors.Is(err, kyc.ErrUnauthorized) {
			t.Errorf("%s: %v", remote, err)
		}
	}
	// A limit without addresses lets nobody in.
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	if _, err := jumio.Callbacks(jumio.WithSources(nil)).ParseNotice(r, body); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("no addresses: %v", err)
	}
	for _, region := range []jumio.Region{jumio.RegionAMER, jumio.RegionEMEA, jumio.RegionAPAC} {
		if n := len(jumio.SourceAddresses(region)); n != 6 {
			t.Errorf("%s: %d addresses", region, n)
		}
	}
	if jumio.CallbackHost(jumio.RegionAMER) != "callback.amer-1.jumio.ai" || jumio.SourceAddresses("x") == nil || netip.MustParseAddr("3.0.109.121") != jumio.SourceAddresses(jumio.RegionAPAC)[0] {
		t.Error("host or addresses")
	}
}

func TestReferenceSigner(t *testing.T) {
	if _, err := jumio.NewReferenceSigner("too short"); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("short key: %v", err)
	}
	signer := must[*jumio.ReferenceSigner](t)(jumio.NewReferenceSigner("0123456789abcdef"))
	other := must[*jumio.ReferenceSigner](t)(jumio.NewReferenceSigner("0123456789abcdeX"))
	signed := must[string](t)(signer.Sign("user.7"))
	if back := must[string](t)(signer.Verify(signed)); back != "user.7" || len(signed) != len("user.7")+44 {
		t.Errorf("%s came back as %s", signed, back)
	}
	for _, forged := range []string{"", ".", "user.7", "user.8" + signed[6:], signed[:len(signed)-1], signed + "x", strings.ToUpper(signed)} {
		if _, err := signer.Verify(forged); !errors.Is(err, kyc.ErrUnauthorized) {
			t.Errorf("%s: %v", forged, err)
		}
	}
	if _, err := other.Verify(signed); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("other key: %v", err)
	}
	for _, bad := range []string{"", "a;b", strings.Repeat("x", 57), "\xff"} {
		if _, err := signer.Sign(bad); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	body := fixture(t, "callback-processed.json")
	source := jumio.Callbacks(jumio.WithSignedUserReference(signer))
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	if _, err := source.ParseNotice(r, body); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("unsigned: %v", err)
	}
	user := must[string](t)(signer.SignUser("user.7"))
	if back := must[string](t)(signer.VerifyUser(user)); back != "user.7" || user == signed {
		t.Errorf("%s came back as %s", user, back)
	}
	if e := must[kyc.Event](t)(source.ParseNotice(r, bytes.Replace(body, []byte("MyUser"), []byte(user), 1))); e.Assurance != kyc.AssuranceNone {
		t.Errorf("%v", e)
	}
	// The browser has seen the customerInternalReference, so its signature must not make a notice.
	if _, err := source.ParseNotice(r, bytes.Replace(body, []byte("MyUser"), []byte(signed), 1)); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("signature of a redirect: %v", err)
	}
	if _, err := signer.Verify(user); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("signature of a notice in a redirect: %v", err)
	}
}

func TestSeenNoticesOfOneStatusDiffer(t *testing.T) {
	body := string(fixture(t, "callback-processed.json"))
	forged := strings.Replace(body, "2022-11-28T23:50:56.114Z", time.Now().Format(time.RFC3339), 1)
	a, b := must[kyc.Event](t)(jumio.ParseCallback([]byte(body))), must[kyc.Event](t)(jumio.ParseCallback([]byte(forged)))
	if a.ID == b.ID {
		t.Error("a forged notice would hide the real one")
	}
}

func TestParseRedirect(t *testing.T) {
	query := must[url.Values](t)(url.ParseQuery("accountId=a&workflowExecutionId=w&acquisitionStatus=ERROR&customerInternalReference=r&errorCode=9210&own=1"))
	r := must[jumio.Redirect](t)(jumio.ParseRedirect(query))
	if r.Ref != (kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: "w"}) || r.Status != jumio.AcquisitionError || r.ErrorCode != jumio.RedirectSessionExpired || r.CustomerInternalReference != "r" {
		t.Errorf("%v", r)
	}
	for _, bad := range []string{"", "accountId=a", "workflowExecutionId=w", "accountId=a&accountId=b&workflowExecutionId=w"} {
		query, _ := url.ParseQuery(bad)
		if _, err := jumio.ParseRedirect(query); !errors.Is(err, kyc.ErrMalformed) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if !jumio.RedirectCode("9836").Known() || jumio.RedirectCode("1").Known() || jumio.AcquisitionStatus("x").Known() {
		t.Error("known codes")
	}
}
