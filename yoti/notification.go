package yoti

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"unicode"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// NotificationAuth is the credential that a session tells the service to send
// with its notifications, in SessionRequest.Notifications.
type NotificationAuth struct {
	// Type is BASIC or BEARER. Experimental: empty takes either, as what the service does without a type is not certain.
	Type NotificationAuthType
	// Token is user:password with BASIC, any token with BEARER.
	Token kyc.Secret
}

// Format prints the type only; see [kyc.FormatRedacted].
func (a NotificationAuth) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, a) }

// LogValue logs the type only; see [kyc.LogRedacted].
func (a NotificationAuth) LogValue() slog.Value { return kyc.LogRedacted(a) }

func (a NotificationAuth) validate(emptyOK bool) error {
	token := a.Token.Reveal()
	switch {
	case a.Type == "" && token == "" && emptyOK:
		return nil
	case a.Type != "" && !a.Type.Known():
		return errors.New("the type of authentication is neither BASIC nor BEARER")
	case token == "":
		return errors.New("the token is empty")
	case strings.ContainsFunc(token, unicode.IsControl):
		return errors.New("the token holds a line break or another control character: was it read from a file?")
	case strings.TrimSpace(token) != token:
		return errors.New("the token begins or ends with a blank")
	case a.Type == NotificationAuthTypeBasic && !strings.Contains(token, ":"):
		return errors.New("a BASIC token has the form user:password")
	case a.Type == NotificationAuthTypeBearer && strings.ContainsFunc(token, unicode.IsSpace):
		return errors.New("a BEARER token holds no space")
	}
	return nil
}

// ParseNotification reads a notification. It compares the Authorization header
// with auth in constant time; several are for the time in which one replaces
// another. A wrong or missing header, and a call without auth, are an error
// matching [kyc.ErrUnauthorized]; a body that is no notification matches
// [kyc.ErrMalformed].
//
// The service does not sign its notifications, so the event's assurance is
// [kyc.AssuranceSharedSecret], and it carries no result: fetch the session.
// Event.Type is the topic in the spelling of the [Topic] constants, and as sent
// if it is none of them. Event.ID names completions, which happen once; for the
// rest it is empty, since the service has no ids.
func ParseNotification(header http.Header, body []byte, auth ...NotificationAuth) (kyc.Event, error) {
	const operation = "webhook.read"
	if err := authenticate(header, auth); err != nil {
		return kyc.Event{}, &kyc.Error{Vendor: kyc.Yoti, Operation: operation, Kind: kyc.ErrUnauthorized, Detail: err.Error()}
	}
	var n Notification
	if err := kyc.Unmarshal(body, &n); err != nil {
		return kyc.Event{}, kyc.Malformed(kyc.Yoti, operation, "the notification is not one complete JSON document", err)
	}
	if n.SessionID == "" {
		return kyc.Event{}, kyc.Malformed(kyc.Yoti, operation, "the notification names no session", nil)
	}
	event := kyc.Event{
		Vendor: kyc.Yoti, Ref: kyc.Ref{Vendor: kyc.Yoti, Session: n.SessionID}, Type: n.Topic, Assurance: kyc.AssuranceSharedSecret, Raw: body,
	}
	topic := Topic(strings.ToUpper(n.Topic))
	if !topic.Known() {
		return event, nil
	}
	event.Type = string(topic)
	switch {
	case topic == TopicSessionCompletion:
		event.ID = n.SessionID + " " + event.Type
	case topic == TopicCheckCompletion && n.CheckID != "":
		event.ID = n.SessionID + " " + event.Type + " " + n.CheckID
	case topic == TopicTaskCompletion && n.TaskID != "":
		event.ID = n.SessionID + " " + event.Type + " " + n.TaskID
	}
	return event, nil
}

// Notifications is the source of notices for [kyc.Handler]; see [ParseNotification].
func Notifications(auth ...NotificationAuth) kyc.NoticeSource {
	return kyc.NoticeSourceFunc(func(r *http.Request, body []byte) (kyc.Event, error) {
		return ParseNotification(r.Header, body, auth...)
	})
}

var (
	errNoAuth    = errors.New("no credential is configured: give the one that the session was created with")
	errWrongAuth = errors.New("the notification does not carry the configured credential")
)

func authenticate(header http.Header, auth []NotificationAuth) error {
	values := header.Values("Authorization")
	given := ""
	if len(values) == 1 {
		given = values[0]
	}
	scheme, credential, _ := strings.Cut(given, " ")
	basic, bearer := "", ""
	switch {
	case strings.EqualFold(scheme, "Basic"):
		if b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(credential)); err == nil {
			basic = string(b)
		}
	case strings.EqualFold(scheme, "Bearer"):
		bearer = strings.TrimSpace(credential)
	}
	usable, match := false, 0
	for _, a := range auth {
		if a.validate(false) != nil {
			continue
		}
		usable = true
		// All are compared, so that the time tells nothing about which one fitted.
		if a.Type != NotificationAuthTypeBearer {
			match |= same(basic, a.Token.Reveal())
		}
		if a.Type != NotificationAuthTypeBasic {
			match |= same(bearer, a.Token.Reveal())
		}
	}
	switch {
	case !usable:
		return errNoAuth
	case match != 1:
		return errWrongAuth
	}
	return nil
}

// same compares digests, so that the length of the secret does not show either.
func same(given, want string) int {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(want))
	return subtle.ConstantTimeCompare(a[:], b[:])
}
