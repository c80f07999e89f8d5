package yoti

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func basic(token string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(token)) }

func TestNotificationAuth(t *testing.T) {
	b := NotificationAuth{Type: NotificationAuthTypeBasic, Token: "user:secret"}
	r := NotificationAuth{Type: NotificationAuthTypeBearer, Token: "token"}
	either := NotificationAuth{Token: "user:secret"}
	body := []byte(`{"session_id":"s-1","topic":"session_completion"}`)
	for name, c := range map[string]struct {
		header []string
		auth   []NotificationAuth
		ok     bool
	}{
		"basic":               {[]string{basic("user:secret")}, []NotificationAuth{b}, true},
		"scheme in small":     {[]string{strings.Replace(basic("user:secret"), "Basic", "basic", 1)}, []NotificationAuth{b}, true},
		"bearer":              {[]string{"Bearer token"}, []NotificationAuth{r}, true},
		"second of two":       {[]string{"Bearer token"}, []NotificationAuth{b, r}, true},
		"either, basic":       {[]string{basic("user:secret")}, []NotificationAuth{either}, true},
		"either, bearer":      {[]string{"Bearer user:secret"}, []NotificationAuth{either}, true},
		"no header":           {nil, []NotificationAuth{b}, false},
		"two headers":         {[]string{basic("user:secret"), basic("user:secret")}, []NotificationAuth{b}, false},
		"wrong secret":        {[]string{basic("user:secret2")}, []NotificationAuth{b}, false},
		"beginning only":      {[]string{basic("user:secre")}, []NotificationAuth{b}, false},
		"empty":               {[]string{"Basic "}, []NotificationAuth{b}, false},
		"not base64":          {[]string{"Basic user:secret"}, []NotificationAuth{b}, false},
		"other scheme":        {[]string{"Bearer user:secret"}, []NotificationAuth{b}, false},
		"basic for bearer":    {[]string{basic("token")}, []NotificationAuth{r}, false},
		"nothing configured":  {[]string{basic("user:secret")}, nil, false},
		"empty secret":        {[]string{"Bearer "}, []NotificationAuth{{}}, false},
		"empty secret, typed": {[]string{basic("")}, []NotificationAuth{{Type: NotificationAuthTypeBasic}}, false},
		"unusable secret":     {[]string{basic("secret")}, []NotificationAuth{{Type: NotificationAuthTypeBasic, Token: "secret"}}, false},
	} {
		e, err := ParseNotification(http.Header{"Authorization": c.header}, body, c.auth...)
		if (err == nil) != c.ok || !c.ok && !errors.Is(err, kyc.ErrUnauthorized) {
			t.Errorf("%s: got %v", name, err)
		}
		want := kyc.AssuranceNone
		if c.ok {
			want = kyc.AssuranceSharedSecret
		}
		if e.Assurance != want {
			t.Errorf("%s: assurance %v, want %v", name, e.Assurance, want)
		}
		if err != nil && strings.Contains(err.Error(), "secret2") {
			t.Errorf("%s: the error holds the secret", name)
		}
	}
}

func TestNotificationBodies(t *testing.T) {
	auth := NotificationAuth{Type: NotificationAuthTypeBearer, Token: "token"}
	header := http.Header{"Authorization": {"Bearer token"}}
	ref := kyc.Ref{Vendor: kyc.Yoti, Session: "s-1"}
	for name, want := range map[string]kyc.Event{
		"notification-session-completion.json": {Type: "SESSION_COMPLETION", ID: "s-1 SESSION_COMPLETION"},
		"notification-check-completion.json":   {Type: "CHECK_COMPLETION", ID: "s-1 CHECK_COMPLETION c-1"},
		"notification-task-completion.json":    {Type: "TASK_COMPLETION", ID: "s-1 TASK_COMPLETION t-1"},
		"notification-resource-update.json":    {Type: "RESOURCE_UPDATE"},
		"notification-unknown-topic.json":      {Type: "palm_read"},
	} {
		want.Vendor, want.Ref, want.Assurance, want.Raw = kyc.Yoti, ref, kyc.AssuranceSharedSecret, readFixture(t, name)
		got, err := ParseNotification(header, want.Raw, auth)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, topic := range Topic("").Values() {
		for _, spelling := range []string{string(topic), strings.ToLower(string(topic))} {
			got, err := ParseNotification(header, []byte(`{"session_id":"s-1","topic":"`+spelling+`"}`), auth)
			if err != nil || got.Type != string(topic) {
				t.Errorf("%s: got %s, %v", spelling, got.Type, err)
			}
		}
	}
	for name, body := range map[string]string{
		"empty": "", "not JSON": "session_id=s-1", "list": "[]", "no session": `{"topic":"session_completion"}`, "session twice": `{"session_id":"a","session_id":"b"}`,
		"number": `{"session_id":7}`, "cut short": `{"session_id":"s-1"`,
	} {
		if e, err := ParseNotification(header, []byte(body), auth); !errors.Is(err, kyc.ErrMalformed) || !e.Ref.IsZero() {
			t.Errorf("%s: got %v, %v", name, e, err)
		}
	}
}

func TestNotificationHandler(t *testing.T) {
	auth := NotificationAuth{Type: NotificationAuthTypeBasic, Token: "user:secret"}
	count := 0
	handler := kyc.Handler(Notifications(auth), func(_ context.Context, _ kyc.Event) error {
		count++
		return nil
	})
	post := func(authorization string) int {
		r := httptest.NewRequest(http.MethodPost, "/notices", strings.NewReader(`{"session_id":"s-1","topic":"session_completion"}`))
		if authorization != "" {
			r.Header.Set("Authorization", authorization)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	if got := post(""); got != http.StatusUnauthorized || count != 0 {
		t.Errorf("without a credential: %d after %d callbacks", got, count)
	}
	if got := post(basic("user:secret")); got != http.StatusOK || count != 1 {
		t.Errorf("with it: %d after %d callbacks", got, count)
	}
	if got := post(basic("user:secret")); got != http.StatusOK || count != 1 {
		t.Errorf("the same again: %d after %d callbacks", got, count)
	}
}
