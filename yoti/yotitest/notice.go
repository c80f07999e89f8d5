package yotitest

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// Delivery is what became of a notification.
type Delivery = fake.Delivery

// notify posts a notification where the session asked for its topic; without topics only the completion of the session
// goes out. The lock is held.
func (s *Server) notify(x *session, topic yoti.Topic, check, task string) {
	n := x.request.Notifications
	if n == nil {
		return
	}
	wanted := topic == yoti.TopicSessionCompletion
	if len(n.Topics) > 0 {
		wanted = slices.ContainsFunc(n.Topics, func(t yoti.Topic) bool { return strings.EqualFold(string(t), string(topic)) })
	}
	if !wanted {
		return
	}
	s.poster.Post(fake.Notice{
		ID: x.id + " " + string(topic), URL: n.Endpoint, Body: notification(x.id, topic, check, task),
		Header: NotificationHeader(yoti.NotificationAuth{Type: n.AuthType, Token: n.AuthToken}),
	})
}

func notification(session string, topic yoti.Topic, check, task string) []byte {
	body, err := kyc.Marshal(yoti.Notification{SessionID: session, Topic: strings.ToLower(string(topic)), CheckID: check, TaskID: task})
	if err != nil {
		panic("yotitest: " + err.Error())
	}
	return body
}

// authorization is how the service proves itself. BASIC is what it does without a type, as far as is known.
func authorization(kind yoti.NotificationAuthType, token kyc.Secret) string {
	switch {
	case token == "":
		return ""
	case kind == yoti.NotificationAuthTypeBearer:
		return "Bearer " + token.Reveal()
	default:
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(token.Reveal()))
	}
}

// Notify posts a notification of a session again, or one that its life has not
// brought; it goes out only where the session asked for the topic.
func (s *Server) Notify(session string, topic yoti.Topic) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x := s.sessions[session]; x != nil {
		s.notify(x, topic, "", "")
	}
}

// Deliveries lists the notifications in the order in which they were posted.
func (s *Server) Deliveries() []Delivery { return s.poster.Deliveries() }

// WaitNotifications returns when no notification is under way.
func (s *Server) WaitNotifications() { s.poster.Wait() }
