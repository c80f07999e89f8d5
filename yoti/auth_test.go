package yoti_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// With tokens nothing is signed, one token serves all callers, and a refused one is replaced once.
func TestBearer(t *testing.T) {
	fake, _ := start(t)
	client := newClient(t, fake, fake.BearerConfig())
	id := create(t, client).SessionID
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := client.Sessions.Get(t.Context(), id); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := fake.Count("Token"); n != 1 {
		t.Errorf("%d tokens were fetched, want 1", n)
	}
	fake.RevokeTokens()
	if _, err := client.Sessions.Get(t.Context(), id); err != nil {
		t.Errorf("after the token was revoked: %v", err)
	}
	if n := fake.Count("Token"); n != 2 {
		t.Errorf("%d tokens were fetched, want 2", n)
	}
	for _, r := range fake.RequestsOf("Sessions.Get") {
		if strings.Contains(r.Golden(), "nonce") || strings.Contains(r.Golden(), "Digest") {
			t.Error("a request carries a token and a signature")
		}
	}
	session, resource := faceResource(t, client)
	face := kyc.FileReader("x", "image/png", strings.NewReader(string(pngImage(t))), -1)
	if err := client.Resources.UploadFaceCapture(t.Context(), session, resource, face); err != nil {
		t.Errorf("a file of unknown length: %v", err)
	}
}

func TestBearerTokenEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := yotitest.NewServer(yotitest.InMemory(), yotitest.TokenLifetime(10*time.Minute))
		defer fake.Close()
		client := newClient(t, fake, fake.BearerConfig())
		id := create(t, client).SessionID
		timer := time.NewTimer(11 * time.Minute)
		<-timer.C
		if _, err := client.Sessions.Get(t.Context(), id); err != nil {
			t.Error(err)
		}
		if n := fake.Count("Token"); n != 2 {
			t.Errorf("%d tokens were fetched, want 2", n)
		}
	})
}

// Nothing of the caller's is sent where the token cannot be had.
func TestBearerRefused(t *testing.T) {
	fake := yotitest.NewServer()
	defer fake.Close()
	cfg := fake.BearerConfig()
	cfg.Bearer.Scopes = []string{"avs:sessions:create"}
	client := newClient(t, fake, cfg)
	if _, err := client.Sessions.Create(t.Context(), yoti.DefaultSession()); err == nil || fake.Count("Sessions.Create") != 0 {
		t.Errorf("got %v after %d requests", err, fake.Count("Sessions.Create"))
	}
}

// The fake sees through every way in which a signature can be wrong.
func TestFakeIsStrict(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*http.Request)
		rule   string
	}{
		"path":          {func(r *http.Request) { r.URL.Path += "x" }, "signature"},
		"query":         {func(r *http.Request) { r.URL.RawQuery += "&a=b" }, "signature"},
		"query order":   {func(r *http.Request) { r.URL.RawQuery = r.URL.Query().Encode() }, "signature"},
		"method":        {func(r *http.Request) { r.Method = http.MethodDelete }, "signature"},
		"digest gone":   {func(r *http.Request) { r.Header.Del("X-Yoti-Auth-Digest") }, "signature"},
		"digest broken": {func(r *http.Request) { r.Header.Set("X-Yoti-Auth-Digest", "%") }, "signature"},
		"digest other":  {func(r *http.Request) { r.Header.Set("X-Yoti-Auth-Digest", "AAAA") }, "signature"},
		"agent gone":    {func(r *http.Request) { r.Header["User-Agent"] = []string{""} }, "header"},
	} {
		t.Run(name, func(t *testing.T) {
			fake := yotitest.NewServer()
			defer fake.Close()
			client := newClient(t, fake, fake.Config(), kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1}), kyc.WithHTTPClient(&http.Client{Transport: changing{c.change}}))
			if _, err := client.Sessions.Get(t.Context(), "s"); err == nil {
				t.Error("the request was taken")
			}
			if p := fake.Problems(); len(p) != 1 || !strings.Contains(p[0], "): "+c.rule+": ") {
				t.Errorf("problems: %v, want one of %s", p, c.rule)
			}
		})
	}
}

type changing struct{ change func(*http.Request) }

func (c changing) RoundTrip(r *http.Request) (*http.Response, error) {
	c.change(r)
	return http.DefaultTransport.RoundTrip(r)
}

// The same request again is refused for its nonce, whoever sends it.
func TestFakeRefusesReplay(t *testing.T) {
	fake := yotitest.NewServer()
	defer fake.Close()
	client := newClient(t, fake, fake.Config(), kyc.WithHTTPClient(&http.Client{Transport: replaying{}}))
	if _, err := client.SupportedDocuments.Get(t.Context(), yoti.SupportedDocumentsRequest{}); err == nil {
		t.Error("the replay was taken")
	}
	if p := fake.Problems(); len(p) == 0 || !strings.Contains(p[0], "): nonce: ") {
		t.Errorf("problems: %v", p)
	}
}

// replaying sends everything twice, as somebody on the way may whom the client does not see, and returns the second answer.
type replaying struct{}

func (replaying) RoundTrip(r *http.Request) (*http.Response, error) {
	first, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if err := first.Body.Close(); err != nil {
		return nil, err
	}
	return http.DefaultTransport.RoundTrip(r.Clone(context.Background()))
}

func TestFakeRefusesSkew(t *testing.T) {
	for off, ok := range map[time.Duration]bool{0: true, 4 * time.Minute: true, -4 * time.Minute: true, 6 * time.Minute: false, -6 * time.Minute: false} {
		for _, seconds := range []bool{false, true} {
			fake := yotitest.NewServer(yotitest.Clock(func() time.Time { return time.Now().Add(off) }))
			cfg := fake.Config()
			cfg.TimestampInSeconds = seconds
			client := newClient(t, fake, cfg)
			_, err := client.SupportedDocuments.Get(t.Context(), yoti.SupportedDocumentsRequest{})
			if (err == nil) != ok {
				t.Errorf("a clock off by %v, seconds %v: %v", off, seconds, err)
			}
			if p := fake.Problems(); !ok && (len(p) != 1 || !strings.Contains(p[0], "): timestamp: ")) {
				t.Errorf("problems: %v", p)
			}
			fake.Close()
		}
	}
}

func TestFakeRefusesOtherApplication(t *testing.T) {
	fake := yotitest.NewServer()
	defer fake.Close()
	cfg := fake.Config()
	cfg.SDKID = "another"
	_, err := newClient(t, fake, cfg).Sessions.Get(t.Context(), "s")
	wantErr(t, "another application", err, kyc.ErrUnauthorized)
}

// What is signed is what is sent, on every attempt: the fake verifies each.
func TestEveryAttemptIsSignedAnew(t *testing.T) {
	fake, client := start(t)
	id := create(t, client).SessionID
	for _, f := range []kyctest.Fault{yotitest.Unavailable, yotitest.ServerError, yotitest.BadGatewayHTML} {
		fake.Inject(yotitest.FaultRule{Operation: "Sessions.Get", From: 1, To: 3, Faults: []kyctest.Fault{f}})
		if _, err := client.Sessions.Get(t.Context(), id); err != nil {
			t.Error(err)
		}
		fake.ClearFaults()
	}
	if n := fake.Count("Sessions.Get"); n != 12 {
		t.Errorf("%d attempts, want 12", n)
	}
}

func TestConcurrentCalls(t *testing.T) {
	fake, client := start(t)
	ids := make([]string, 4)
	for i := range ids {
		ids[i] = finished(t, fake, client)
	}
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			r, err := client.Fetch(t.Context(), kyc.Ref{Vendor: kyc.Yoti, Session: ids[i%len(ids)]})
			if err != nil || r.Decision != kyc.Approved {
				t.Errorf("call %s: %v", strconv.Itoa(i), err)
			}
		})
	}
	wg.Wait()
}
