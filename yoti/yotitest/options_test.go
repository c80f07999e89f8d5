package yotitest_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

func client(t *testing.T, fake *yotitest.Server, opts ...kyc.Option) *yoti.Client {
	t.Helper()
	cfg := fake.Config()
	cfg.NotificationAuth = yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBearer, Token: "secret"}
	c, err := yoti.NewClient(cfg, append(fake.Options(), opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Fault counts requests, whatever they are for.
func TestFaultOfTheSecondRequest(t *testing.T) {
	fake := yotitest.NewServer(yotitest.Fault(2, yotitest.ThrottleLong))
	defer fake.Close()
	c := client(t, fake)
	for n, want := range []error{nil, kyc.ErrRateLimited, nil} {
		if _, err := c.SupportedDocuments.Get(t.Context(), yoti.SupportedDocumentsRequest{}); !errors.Is(err, want) {
			t.Errorf("request %d: %v, want %v", n+1, err, want)
		}
	}
}

// A rule of a fault has all that the internal one has.
func TestInject(t *testing.T) {
	fake := yotitest.NewServer()
	defer fake.Close()
	c := client(t, fake, kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1}))
	fake.Inject(yotitest.FaultRule{Operation: "SupportedDocuments.Get", From: 2, To: 2, Faults: []kyctest.Fault{yotitest.ServerError}})
	for n, want := range []error{nil, kyc.ErrUnavailable, nil} {
		if _, err := c.SupportedDocuments.Get(t.Context(), yoti.SupportedDocumentsRequest{}); !errors.Is(err, want) {
			t.Errorf("request %d: %v, want %v", n+1, err, want)
		}
	}
}

// A slow body takes its pauses, and arrives.
func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := yotitest.NewServer(yotitest.InMemory(), yotitest.Pause(time.Second), yotitest.FaultEvery("SupportedDocuments.Get", yotitest.SlowBody))
		defer fake.Close()
		from := time.Now()
		if _, err := client(t, fake).SupportedDocuments.Get(t.Context(), yoti.SupportedDocumentsRequest{}); err != nil || time.Since(from) < 2*time.Second {
			t.Errorf("%v after %v", err, time.Since(from))
		}
	})
}

// Advance posts what the clock has made due, to a receiver with a certificate of its own.
func TestAdvancePostsWhatIsDue(t *testing.T) {
	var notices atomic.Int32
	receiver := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer secret" {
			notices.Add(1)
		}
	}))
	defer receiver.Close()
	var passed atomic.Int64
	clock := func() time.Time { return time.Now().Add(time.Duration(passed.Load())) }
	fake := yotitest.NewServer(
		yotitest.Processing(time.Minute), yotitest.Clock(clock), yotitest.Skew(time.Hour), yotitest.NotificationClient(receiver.Client()),
	)
	defer fake.Close()
	session, err := client(t, fake).Start(t.Context(), kyc.StartRequest{Reference: "r", NotifyURL: receiver.URL})
	if err != nil {
		t.Fatal(err)
	}
	if err := fake.CompleteJourney(session.Ref.Session); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int32{0, 1, 1} {
		fake.Advance()
		fake.WaitNotifications()
		if notices.Load() != want {
			t.Errorf("%d notices, want %d", notices.Load(), want)
		}
		passed.Add(int64(time.Minute))
	}
	d := fake.Deliveries()
	if len(d) != 1 || !d[0].Delivered || !d[0].Done || len(d[0].Attempts) != 1 || d[0].Attempts[0].Status != http.StatusOK || d[0].Attempts[0].At.IsZero() {
		t.Errorf("deliveries: %+v", d)
	}
}

// Problems are lines that name the operation and the rule, and repeat nothing.
func TestProblemsAreLines(t *testing.T) {
	fake := yotitest.NewServer()
	defer fake.Close()
	cfg := fake.Config()
	cfg.SDKID = "another-application"
	c, err := yoti.NewClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Sessions.Get(t.Context(), "s"); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("got %v", err)
	}
	problems := fake.Problems()
	if len(problems) != 1 || !strings.HasPrefix(problems[0], "Sessions.Get (GET ") || strings.Contains(problems[0], cfg.SDKID) {
		t.Errorf("got %q", problems)
	}
}
