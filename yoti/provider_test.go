package yoti_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

var noticeAuth = yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBearer, Token: "notice-secret"}

// The whole way: start, the user, the notice, the fetched result.
func TestNoticeLeadsToResult(t *testing.T) {
	fake, _ := start(t, yotitest.Outcome(yoti.CheckTypeLiveness, yoti.RecommendationValueReject, yoti.ReasonCodePhotoOfPhoto))
	cfg := fake.Config()
	cfg.NotificationAuth = noticeAuth
	client := newClient(t, fake, cfg)
	results := make(chan *kyc.Result, 4)
	var tries atomic.Int32
	receiver := httptest.NewServer(kyc.Handler(yoti.Notifications(noticeAuth), func(ctx context.Context, e kyc.Event) error {
		if tries.Add(1) == 1 {
			return context.DeadlineExceeded // the vendor sends again
		}
		r, err := client.Fetch(ctx, e.Ref)
		if err == nil {
			results <- r
		}
		return err
	}))
	defer receiver.Close()
	session := must[*kyc.Session](t)(client.Start(t.Context(), kyc.StartRequest{Reference: "r", NotifyURL: receiver.URL}))
	if err := fake.CompleteJourney(session.Ref.Session); err != nil {
		t.Fatal(err)
	}
	fake.WaitNotifications()
	select {
	case r := <-results:
		if r.Decision != kyc.Declined || r.Ref != session.Ref {
			t.Errorf("got %v", r.Decision)
		}
	default:
		t.Error("no notice led to a result")
	}
	d := fake.Deliveries()
	if len(d) != 1 || !d[0].Delivered || len(d[0].Attempts) != 2 || d[0].Attempts[0].Status != http.StatusInternalServerError {
		t.Errorf("deliveries: %+v", d)
	}
	fake.Notify(session.Ref.Session, yoti.TopicSessionCompletion)
	fake.WaitNotifications()
	if tries.Load() != 2 {
		t.Error("a notice that was worked off was worked off again")
	}
}

// A notice ends the wait at once, long before the client would have looked by itself.
func TestNoticeWakesTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := yotitest.NewServer(yotitest.InMemory())
		defer fake.Close()
		client := newClient(t, fake, fake.Config())
		session := must[*kyc.Session](t)(client.Start(t.Context(), kyc.StartRequest{Reference: "r"}))
		notices := make(chan kyc.Event)
		go func() {
			time.Sleep(3*time.Minute + time.Second)
			if err := fake.CompleteJourney(session.Ref.Session); err != nil {
				t.Error(err)
			}
			notices <- kyc.Event{Vendor: kyc.Yoti, Ref: session.Ref}
		}()
		start, looks := time.Now(), 0
		r := must[*kyc.Result](t)(kyc.Wait(t.Context(), client, session.Ref, kyc.WithWake(notices), kyc.WithProgress(func(*kyc.Result, error) { looks++ })))
		if took := time.Since(start); r.Decision != kyc.Approved || took != 3*time.Minute+time.Second || looks != 4 {
			t.Errorf("%v after %v and %d looks", r.Decision, took, looks)
		}
	})
}

func TestStartRefusesWhatItCannotHonour(t *testing.T) {
	fake, client := start(t)
	profile := newClient(t, fake, withWorkflow(fake.Config(), matching))
	good := kyc.StartRequest{Reference: "r"}
	for name, c := range map[string]struct {
		client *yoti.Client
		change func(*kyc.StartRequest)
	}{
		"no reference":        {client, func(r *kyc.StartRequest) { r.Reference = "" }},
		"unknown workflow":    {client, func(r *kyc.StartRequest) { r.Workflow = "10011" }},
		"consent":             {client, func(r *kyc.StartRequest) { r.Consent = &kyc.Consent{Obtained: true} }},
		"metadata":            {client, func(r *kyc.StartRequest) { r.Metadata = map[string]string{"a": "b"} }},
		"person":              {client, func(r *kyc.StartRequest) { r.Person = &kyc.Person{FullName: "Anna"} }},
		"notices, no secret":  {client, func(r *kyc.StartRequest) { r.NotifyURL = "https://example.com" }},
		"locale":              {client, func(r *kyc.StartRequest) { r.Locale = "tlh" }},
		"short":               {client, func(r *kyc.StartRequest) { r.TTL = 300 * time.Second }},
		"person without name": {profile, func(r *kyc.StartRequest) { r.Person = &kyc.Person{DateOfBirth: "1988-07-06"} }},
		"person with phone":   {profile, func(r *kyc.StartRequest) { r.Person = &kyc.Person{FullName: "Anna", Phone: "+44"} }},
		"person, seven lines": {profile, func(r *kyc.StartRequest) {
			r.Person = &kyc.Person{FullName: "Anna", Address: &kyc.Address{Lines: make([]string, 7)}}
		}},
	} {
		r := good
		c.change(&r)
		_, err := c.client.Start(t.Context(), r)
		wantErr(t, name, err, kyc.ErrInvalid)
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

var matching = yoti.SessionRequest{
	RequestedChecks: []yoti.RequestedCheck{
		{Type: yoti.CheckTypeIDDocumentAuthenticity}, {Type: yoti.CheckTypeProfileDocumentMatch, Config: yoti.CheckConfig{ManualCheck: yoti.ManualCheckNever}},
	},
	SDKConfig: &yoti.SDKConfig{BrandID: "brand", SuccessURL: "https://example.com/own"},
}

func withWorkflow(cfg yoti.Config, w yoti.SessionRequest) yoti.Config {
	cfg.Workflows = map[string]yoti.SessionRequest{"": w}
	return cfg
}

func TestStartPassesOn(t *testing.T) {
	fake, _ := start(t)
	cfg := withWorkflow(fake.Config(), matching)
	cfg.NotificationAuth = noticeAuth
	client := newClient(t, fake, cfg)
	_, err := client.Start(t.Context(), kyc.StartRequest{
		Reference: "onboarding-42", RedirectURL: "https://example.com/back", NotifyURL: "https://example.com/notices", Locale: "pt-BR", TTL: time.Hour,
		Person: &kyc.Person{
			FirstName: "Anna", LastName: "Specimen", DateOfBirth: "1988-07-06",
			Address: &kyc.Address{Lines: []string{"9 High Street"}, City: "Leeds", PostalCode: "LS1 1AA", Country: "GBR"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "requests/Provider.Start.txt", fake.RequestsOf("Sessions.Create")[0].Golden())
	if matching.SDKConfig.SuccessURL != "https://example.com/own" || matching.Resources != nil {
		t.Error("Start changed the workflow")
	}
}

func TestLocales(t *testing.T) {
	fake, client := start(t)
	for given, want := range map[string]string{"en": "en-GB", "en-GB": "en-GB", "EN-us": "en-US", "de": "de", "de-AT": "de", "es-419": "es-419", "el": "el-GR"} {
		if _, err := client.Start(t.Context(), kyc.StartRequest{Reference: "r", Locale: given}); err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		sent := fake.RequestsOf("Sessions.Create")
		if !strings.Contains(sent[len(sent)-1].Golden(), `"locale": "`+want+`"`) {
			t.Errorf("%s does not become %s", given, want)
		}
	}
}
