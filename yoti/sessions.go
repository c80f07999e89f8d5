package yoti

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const nameSession = "session id"

// SessionsService creates, reads and erases sessions.
type SessionsService struct{ c *Client }

// Create opens a session, which is billable. Contradictions in req are refused
// before anything is sent, with an error matching [kyc.ErrInvalid]. The vendor
// has no idempotency key, so a create is repeated only if it was certainly not
// processed. An answer without the id or without the client's token is an error
// matching [kyc.ErrMalformed] whose Body holds what there is: a session may have
// been opened that its user cannot enter.
func (s *SessionsService) Create(ctx context.Context, req SessionRequest, opts ...kyc.Option) (*CreatedSession, error) {
	const operation = "sessions.create"
	if err := req.validate(s.c.local()); err != nil {
		return nil, invalid(operation, err.Error())
	}
	var out CreatedSession
	answer, err := s.c.call(ctx, request{
		operation: operation, class: transport.IfNotProcessed, method: http.MethodPost, template: "/sessions",
		in: req.normalised(), out: &out,
	}, opts)
	if err != nil {
		return nil, err
	}
	switch {
	case out.SessionID == "":
		return nil, answer.Malformed(kyc.Yoti, operation, "the answer holds no session id; a session may have been opened")
	case out.ClientSessionToken == "":
		// Nobody can open it, and the caller must not take it for one that waits for its user.
		return nil, answer.Malformed(kyc.Yoti, operation, "the answer holds no client session token; a session was opened that nobody can enter")
	}
	return &out, nil
}

// Get returns the state of a session, its resources and its checks. Whether it
// approves is told by [ParseResult] over its RawJSON, or by [Client.Fetch]. An
// answer about another session is an error matching [kyc.ErrMalformed].
func (s *SessionsService) Get(ctx context.Context, sessionID string, opts ...kyc.Option) (*SessionResult, error) {
	const operation = "sessions.get"
	out, err := fetch[SessionResult](ctx, s.c, request{
		operation: operation, class: transport.Safe, method: http.MethodGet, template: "/sessions/{}",
		names: []string{nameSession}, ids: []string{sessionID},
	}, opts)
	if err != nil {
		return nil, err
	}
	if out.SessionID != "" && out.SessionID != sessionID {
		// Without the body, which is about somebody else.
		return nil, kyc.Malformed(kyc.Yoti, operation, "the answer is about another session", nil)
	}
	return out, nil
}

// Delete erases a session with all its media, for good. While checks are not
// done the service answers with an error matching [kyc.ErrConflict].
func (s *SessionsService) Delete(ctx context.Context, sessionID string, opts ...kyc.Option) error {
	_, err := s.c.call(ctx, request{
		operation: "sessions.delete", class: transport.Safe, method: http.MethodDelete, template: "/sessions/{}",
		names: []string{nameSession}, ids: []string{sessionID},
	}, opts)
	return err
}

// Configuration returns what a session still has to capture. While the business
// has not supplied its own required resources, as the reference face of a
// FACE_COMPARISON, the service may answer with an error matching [kyc.ErrConflict].
func (s *SessionsService) Configuration(ctx context.Context, sessionID string, opts ...kyc.Option) (*SessionConfiguration, error) {
	return fetch[SessionConfiguration](ctx, s.c, request{
		operation: "sessions.configuration", class: transport.Safe, method: http.MethodGet, template: "/sessions/{}/configuration",
		names: []string{nameSession}, ids: []string{sessionID},
	}, opts)
}

// IframeURL returns the address that the user's browser opens, in a frame that
// carries allow="camera". It opens the session without further proof, so it is
// a secret. Pages that keep the token out of the address load it without query
// and post sessionID and sessionToken to the frame.
func (s *SessionsService) IframeURL(created *CreatedSession) kyc.Secret {
	if created == nil || created.SessionID == "" || created.ClientSessionToken == "" {
		return ""
	}
	return kyc.Secret(s.c.base.String() + "/web/index.html?sessionID=" + url.QueryEscape(created.SessionID) +
		"&sessionToken=" + url.QueryEscape(created.ClientSessionToken.Reveal()))
}

// normalised returns what is sent: topics in the upper case of requests. The request itself stays as it is.
func (r SessionRequest) normalised() SessionRequest {
	if r.Notifications == nil || len(r.Notifications.Topics) == 0 {
		return r
	}
	n := *r.Notifications
	n.Topics = make([]Topic, len(r.Notifications.Topics))
	for i, t := range r.Notifications.Topics {
		n.Topics[i] = Topic(strings.ToUpper(string(t)))
	}
	r.Notifications = &n
	return r
}

// expiresAt is when a token of that many seconds ends, zero where it is not known.
func expiresAt(asked time.Time, ttl *int64) time.Time {
	if ttl == nil || *ttl <= 0 || *ttl > int64((100*365*24*time.Hour)/time.Second) {
		return time.Time{}
	}
	// A stored time has neither a zone's name nor a monotonic part.
	return asked.Add(time.Duration(*ttl) * time.Second).UTC().Round(0)
}
