package yoti_test

import (
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// timeless keeps the time out of a log record, whose digits any number may be found in.
var timeless = &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}}

// Nothing that a caller configures or asks for shows when it is printed, and no link that opens a session.
func TestRequestsDoNotPrint(t *testing.T) {
	fake, _ := start(t)
	cfg := fake.Config()
	cfg.NotificationAuth, cfg.Workflows = noticeAuth, map[string]yoti.SessionRequest{"": everything()}
	client := newClient(t, fake, cfg)
	created := create(t, client)
	id := created.SessionID
	if err := fake.CompleteJourney(id); err != nil {
		t.Fatal(err)
	}
	session := must[*yoti.SessionResult](t)(client.Sessions.Get(t.Context(), id))
	secrets := []string{
		"secret", "key-of-the-caller", "Anna", "1988", "Leeds", "LS1", "Example Ltd", "example.com", "onboarding", "subject-1", yotitest.SDKID,
		created.ClientSessionToken.Reveal(), "BEGIN", id, "SPECIMEN",
	}
	request := everything()
	for _, v := range []any{
		cfg, &cfg, client, *client, request, &request, request.RequestedChecks, request.Resources, created, *created, session, session.Checks, noticeAuth,
		client.Sessions.IframeURL(created), yoti.Bearer{Scopes: []string{"secret"}}, yoti.ContactProfileRequest{FirstName: "Anna"},
		yoti.DocumentFields{FullName: "Anna", Gender: yoti.GenderFemale}, yoti.AgentRequest{ClientSessionToken: "secret"},
	} {
		var texts []string
		// A handler of slog encodes a list as JSON without asking its elements, which is deliberate encoding.
		if reflect.TypeOf(v).Kind() != reflect.Slice {
			var log strings.Builder
			slog.New(slog.NewJSONHandler(&log, timeless)).Info("x", "v", v)
			texts = append(texts, log.String())
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			texts = append(texts, fmt.Sprintf(verb, v))
		}
		for _, text := range texts {
			for _, s := range secrets {
				if strings.Contains(text, s) {
					t.Errorf("%T prints %q", v, s)
				}
			}
			if strings.Contains(text, "FEMALE") {
				t.Errorf("%T prints the gender", v)
			}
		}
	}
}

// Every exported struct of the client's surface says itself how it prints.
func TestStructsFormatThemselves(t *testing.T) {
	formatter := reflect.TypeFor[fmt.Formatter]()
	valuer := reflect.TypeFor[slog.LogValuer]()
	seen := map[reflect.Type]bool{}
	var visit func(reflect.Type)
	visit = func(x reflect.Type) {
		for x.Kind() == reflect.Pointer || x.Kind() == reflect.Slice || x.Kind() == reflect.Map {
			x = x.Elem()
		}
		if seen[x] || x.Kind() != reflect.Struct || !strings.HasSuffix(x.PkgPath(), "/yoti") || strings.HasSuffix(x.Name(), "Service") {
			return
		}
		seen[x] = true
		if !x.Implements(formatter) || !x.Implements(valuer) {
			t.Errorf("%v does not format itself", x)
		}
		for i := range x.NumField() {
			visit(x.Field(i).Type)
		}
	}
	client := reflect.TypeFor[yoti.Client]()
	for i := range client.NumField() {
		f := client.Field(i)
		if !f.IsExported() {
			continue
		}
		for j := range f.Type.NumMethod() {
			m := f.Type.Method(j).Type
			for k := 1; k < m.NumIn(); k++ {
				visit(m.In(k))
			}
			for k := range m.NumOut() {
				visit(m.Out(k))
			}
		}
	}
	for _, v := range []any{yoti.Config{}, yoti.Client{}, yoti.TrackedDevice{}, yoti.Notification{}, yoti.ErrorBody{}, yoti.Source{}} {
		visit(reflect.TypeOf(v))
	}
	if len(seen) < 100 {
		t.Errorf("only %d structs were looked at", len(seen))
	}
}
