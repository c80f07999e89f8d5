package yotitest

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// Delivery is what became of a notification.
type Delivery struct {
	// ID is the session and the topic.
	ID string
	// Attempts are the tries, oldest first.
	Attempts []Attempt
	// Delivered is set when the receiver accepted it, Done when no attempt will follow.
	Delivered bool
	Done      bool
}

// Attempt is one try to deliver a notification.
type Attempt struct {
	// At is when it was posted.
	At time.Time
	// Status is that of the receiver's answer, 0 where there was none.
	Status int
	// Err is why there was none.
	Err error
}

// notify posts a notification where the session asked for its topic; without topics only the completion of the session
// goes out. The lock is held.
func (s *Server) notify(x *session, topic yoti.Topic, check string) {
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
		ID: x.id + " " + string(topic), URL: n.Endpoint, Body: notification(x.id, topic, check),
		Header: NotificationHeader(yoti.NotificationAuth{Type: n.AuthType, Token: n.AuthToken}),
	})
}

func notification(session string, topic yoti.Topic, check string) []byte {
	body, err := kyc.Marshal(yoti.Notification{SessionID: session, Topic: strings.ToLower(string(topic)), CheckID: check})
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
		s.notify(x, topic, "")
	}
}

// Deliveries lists the notifications in the order in which they were posted.
func (s *Server) Deliveries() []Delivery {
	var out []Delivery
	for _, d := range s.poster.Deliveries() {
		own := Delivery{ID: d.ID, Delivered: d.Delivered, Done: d.Done}
		for _, a := range d.Attempts {
			own.Attempts = append(own.Attempts, Attempt(a))
		}
		out = append(out, own)
	}
	return out
}

// WaitNotifications returns when no notification is under way.
func (s *Server) WaitNotifications() { s.poster.Wait() }
