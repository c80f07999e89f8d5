package transmit_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

func TestCreateTakes200And201(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusCreated} {
		client, _ := start(t, transmittest.CreateStatus(status))
		var got kyc.Response
		session, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{}, kyc.WithResponse(&got))
		if err != nil || session.SessionID == "" || session.StartToken == "" || got.StatusCode != status {
			t.Errorf("status %d: %v, %v, %d", status, session, err, got.StatusCode)
		}
		if diff := cmp.Diff(transmit.ImageType("").Values(), session.MissingImages); diff != "" {
			t.Errorf("missing images (-want +got)\n%s", diff)
		}
		if at, err := session.Expiration.Time(); err != nil || !at.After(time.Now()) {
			t.Errorf("expiration: %v, %v", at, err)
		}
	}
}

func TestStartedSessionHasNoToken(t *testing.T) {
	client, _ := start(t)
	session, err := client.Sessions.Create(t.Context(), startedSession())
	if err != nil || session.StartToken != "" || client.HostedURL(session) != "" {
		t.Fatalf("%v, %v", session, err)
	}
	// An empty start means something else than none.
	session, err = client.Sessions.Create(t.Context(), transmit.SessionRequest{Start: &transmit.SessionStart{}})
	if err != nil || session.StartToken != "" {
		t.Fatalf("%v, %v", session, err)
	}
	if got := client.HostedURL(nil); got != "" {
		t.Error("a URL without a session")
	}
}

// A create costs money: it is sent again only where the vendor surely did nothing.
func TestCreateIsNotRepeatedBlindly(t *testing.T) {
	for _, fault := range kyctest.Faults() {
		t.Run(fault.String(), func(t *testing.T) {
			want := 1
			switch fault {
			case kyctest.Throttle, kyctest.ThrottleRetryAfter, kyctest.Unavailable, kyctest.StaleToken:
				want = 2
			}
			synctest.Test(t, func(t *testing.T) {
				client, fake := start(t, transmittest.InMemory(), transmittest.FaultOn("Sessions.Create", 1, fault))
				session, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{})
				if n := fake.Count("Sessions.Create"); n != want {
					t.Errorf("sent %d times, want %d", n, want)
				}
				switch {
				case fault == kyctest.SlowBody || want == 2:
					if err != nil || session.SessionID == "" {
						t.Errorf("%v, %v", session, err)
					}
				case err == nil || session != nil:
					t.Errorf("no error: %v", session)
				}
				fake.Close()
			})
		})
	}
}

func TestResultIsRepeated(t *testing.T) {
	for _, fault := range kyctest.Faults() {
		t.Run(fault.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, fake := start(t, transmittest.InMemory())
				session, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{})
				if err != nil {
					t.Fatal(err)
				}
				fake.Inject(transmittest.FaultRule{Operation: "Sessions.Result", From: 1, To: 1, Faults: []kyctest.Fault{fault}})
				result, err := client.Sessions.Result(t.Context(), session.SessionID)
				switch fault {
				case kyctest.EmptyNotFound:
					if !errors.Is(err, kyc.ErrNotFound) {
						t.Error(err)
					}
				case kyctest.ThrottleLong:
					var e *kyc.Error
					if !errors.Is(err, kyc.ErrRateLimited) || !errors.As(err, &e) || e.RetryAfter != time.Hour {
						t.Error(err)
					}
				case kyctest.InvalidJSON, kyctest.DuplicateMember, kyctest.InvalidUTF8, kyctest.OversizedBody:
					if !errors.Is(err, kyc.ErrMalformed) {
						t.Error(err)
					}
				default:
					if err != nil || result.Status != transmit.SessionStatusPending {
						t.Errorf("%v, %v", result, err)
					}
				}
				if err != nil && result != nil {
					t.Error("a result beside the error")
				}
				fake.Close()
			})
		})
	}
}

func TestDetailed(t *testing.T) {
	for name, c := range map[string]struct {
		opts       []kyc.Option
		fake       []transmittest.Option
		query      []string
		deprecated bool
	}{
		"sent by itself":        {query: []string{"detailed"}, fake: []transmittest.Option{transmittest.DeprecatedByDefault()}},
		"false":                 {opts: []kyc.Option{transmit.WithDetailed(transmit.DetailedFalse)}, query: []string{"detailed"}, deprecated: true},
		"omitted":               {opts: []kyc.Option{transmit.WithDetailed(transmit.DetailedOmitted)}},
		"omitted, older tenant": {opts: []kyc.Option{transmit.WithDetailed(transmit.DetailedOmitted)}, fake: []transmittest.Option{transmittest.DeprecatedByDefault()}, deprecated: true},
		"omitted and asked for": {opts: []kyc.Option{transmit.WithDetailed(transmit.DetailedOmitted), transmit.WithDetailed(transmit.DetailedTrue)}, query: []string{"detailed"}},
	} {
		t.Run(name, func(t *testing.T) {
			client, fake := start(t, c.fake...)
			id := finished(t, client, fake)
			result, err := client.Sessions.Result(t.Context(), id, c.opts...)
			if err != nil || result.Deprecated() != c.deprecated || result.Complete() == c.deprecated {
				t.Fatalf("%v, %v", result, err)
			}
			if diff := cmp.Diff(c.query, fake.RequestsOf("Sessions.Result")[0].Query); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			norm, err := transmit.ParseResult(result.RawJSON())
			if err != nil || norm.Decision != kyc.Approved {
				t.Errorf("%v, %v", norm, err)
			}
			// The option belongs to the client as well as to the call.
			whole := newClient(t, fake, c.opts...)
			fetched, err := whole.Fetch(t.Context(), kyc.Ref{Session: id})
			if err != nil || fetched.Decision != kyc.Approved {
				t.Errorf("%v, %v", fetched, err)
			}
		})
	}
}

// finished returns a session that went through the hosted page.
func finished(t testing.TB, client *transmit.Client, fake *transmittest.Server) string {
	t.Helper()
	session, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fake.Visit(client.HostedURL(session)); err != nil {
		t.Fatal(err)
	}
	return session.SessionID
}

func TestDeleteAndConsent(t *testing.T) {
	client, fake := start(t)
	waiting, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{})
	if err != nil {
		t.Fatal(err)
	}
	consent, err := client.Sessions.Consent(t.Context(), waiting.SessionID)
	if err != nil || consent.ConsentGranted == nil || *consent.ConsentGranted || consent.ConsentDate != "" {
		t.Errorf("before: %v, %v", consent, err)
	}
	id := finished(t, client, fake)
	consent, err = client.Sessions.Consent(t.Context(), id)
	if err != nil || !*consent.ConsentGranted {
		t.Errorf("after: %v, %v", consent, err)
	}
	if at, err := consent.ConsentDate.Time(); err != nil || at.IsZero() {
		t.Errorf("date: %v, %v", at, err)
	}
	if err := client.Sessions.Delete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	_, err = client.Sessions.Result(t.Context(), id)
	gone := map[string]error{"delete again": client.Sessions.Delete(t.Context(), id), "result": err}
	_, gone["consent"] = client.Sessions.Consent(t.Context(), id)
	_, gone["images"] = client.Images.List(t.Context(), id)
	for name, err := range gone {
		if !errors.Is(err, kyc.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRetention(t *testing.T) {
	now := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	client, _ := start(t, transmittest.Clock(func() time.Time { return now }), transmittest.TokenLifetime(1000*transmit.Day))
	short := transmit.SessionRequest{TimeToLive: transmit.Duration(30 * transmit.Day)}
	a, err := client.Sessions.Create(t.Context(), short)
	if err != nil {
		t.Fatal(err)
	}
	b, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{})
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(31 * transmit.Day)
	if _, err := client.Sessions.Result(t.Context(), a.SessionID); !errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("after its own time: %v", err)
	}
	if _, err := client.Sessions.Result(t.Context(), b.SessionID); err != nil {
		t.Errorf("before the vendor's time: %v", err)
	}
	now = now.Add(60 * transmit.Day)
	if _, err := client.Sessions.Result(t.Context(), b.SessionID); !errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("after the vendor's time: %v", err)
	}
}

func TestAnotherSessionsResultIsRefused(t *testing.T) {
	client, fake := startLoose(t, transmittest.ResultBody(func(string) []byte { return fixture(t, "result-complete-allow.json") }))
	id := finished(t, client, fake)
	result, err := client.Sessions.Result(t.Context(), id)
	if !errors.Is(err, kyc.ErrMalformed) || result != nil {
		t.Errorf("%v, %v", result, err)
	}
	if got, err := client.Fetch(t.Context(), kyc.Ref{Session: id}); err == nil {
		t.Errorf("%v", got)
	}
}

// A status or a result of the vendor's that no list names is kept and decides nothing.
func TestUnlistedStatus(t *testing.T) {
	client, fake := start(t, transmittest.Status("expired"))
	id := finished(t, client, fake)
	result, err := client.Fetch(t.Context(), kyc.Ref{Vendor: kyc.Transmit, Session: id})
	if err != nil || result.Decision != kyc.Unknown || result.Status != "expired" {
		t.Errorf("%v, %v", result, err)
	}
}

func TestIDsAreRefusedAndEscaped(t *testing.T) {
	client, fake := startLoose(t)
	_, result := client.Sessions.Result(t.Context(), "")
	_, consent := client.Sessions.Consent(t.Context(), "")
	_, list := client.Images.List(t.Context(), "")
	_, noImage := client.Images.Get(t.Context(), "s", "", transmit.ImageRaw, new(countingWriter))
	_, noSession := client.Images.Get(t.Context(), "", "i", transmit.ImageRaw, new(countingWriter))
	_, add := client.Images.Add(t.Context(), "", transmit.ImageUpload{Type: transmit.ImageTypeSelfie, File: transmittest.JPEG(transmit.ImageTypeSelfie)})
	_, face := client.FaceAuth.Result(t.Context(), "")
	for name, err := range map[string]error{
		"result": result, "consent": consent, "list": list, "image": noImage, "image's session": noSession, "add": add, "face": face,
		"delete": client.Sessions.Delete(t.Context(), ""), "open": client.Events.Open(t.Context(), "", transmit.EventStreamRequest{}), "close": client.Events.Close(t.Context(), ""),
	} {
		if !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests went out", n)
	}
	for id, path := range map[string]string{
		"a/b": "a%2Fb", "a b": "a%20b", "x?y=z": "x%3Fy=z", "#": "%23", "a%2F": "a%252F",
	} {
		if _, err := client.Sessions.Result(t.Context(), id); err == nil {
			t.Errorf("%s: found", id)
		}
		all := fake.Requests()
		if got, want := all[len(all)-1].Path, "/verify/api/v1/verification/"+path+"/result"; got != want {
			t.Errorf("%q is sent as %s, want %s", id, got, want)
		}
	}
}

type countingWriter struct{ n int }

func (w *countingWriter) Write(p []byte) (int, error) {
	w.n += len(p)
	return len(p), nil
}

func TestErrorForms(t *testing.T) {
	for form, want := range map[transmittest.ErrorForm]struct{ code, message string }{
		transmittest.ErrorMessage:  {"404", "Session not found"},
		transmittest.ErrorList:     {"404", "Session not found"},
		transmittest.ErrorTextCode: {"request_failed", "Session not found"},
		transmittest.ErrorNest:     {"Not Found", "Session not found"},
		transmittest.ErrorEmpty:    {},
		transmittest.ErrorHTML:     {},
	} {
		client, _ := start(t, transmittest.Errors(form))
		_, err := client.Sessions.Result(t.Context(), "nobody")
		var e *kyc.Error
		if !errors.Is(err, kyc.ErrNotFound) || !errors.As(err, &e) || e.StatusCode != 404 {
			t.Fatalf("form %d: %v", form, err)
		}
		if e.Code != want.code || e.Message != want.message {
			t.Errorf("form %d: code %q, message %q", form, e.Code, e.Message)
		}
	}
}

// A session without an id cannot be found again, so its answer is no success.
func TestCreateWithoutID(t *testing.T) {
	for _, body := range []string{`{}`, `{"session_id":""}`, `{"session_id":7,"start_token":"x"}`, `[]`, `null`} {
		session, err := serve(t, "application/json", []byte(body)).Sessions.Create(t.Context(), transmit.SessionRequest{})
		if !errors.Is(err, kyc.ErrMalformed) || session != nil {
			t.Errorf("%s: %v, %v", body, session, err)
		}
	}
	if _, err := serve(t, "application/json", []byte(`{}`)).Sessions.Create(t.Context(), transmit.SessionRequest{TimeToLive: -1}); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("a negative time to live: %v", err)
	}
}
