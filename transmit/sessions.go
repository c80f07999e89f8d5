package transmit

import (
	"context"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// SessionsService opens, reads and deletes verifications.
type SessionsService struct{ client *Client }

// Detailed chooses which family of result shapes is asked for.
type Detailed uint8

// The choices.
const (
	// DetailedTrue asks for the current shapes. It is the default.
	DetailedTrue Detailed = iota
	// DetailedFalse asks for the shape that is to be retired.
	DetailedFalse
	// DetailedOmitted sends no parameter: for the day on which the vendor removes it.
	DetailedOmitted
)

type detailedKey struct{}

// WithDetailed changes the parameter detailed of the calls that read a result.
// Every shape is understood, whatever is asked for.
func WithDetailed(d Detailed) kyc.Option {
	return func(s *kyc.Settings) { s.Set(detailedKey{}, d) }
}

// Create opens a session. Without Start a front end of the vendor starts it:
// the hosted page ([Client.HostedURL]) or a client SDK, with the start token.
// With Start the backend adds the images itself; [Client.Verify] does all of
// that.
//
// A session costs money and the vendor knows no idempotency key, so the call is
// repeated only where the vendor surely did nothing. After another fault the
// session may exist.
//
// MockBehavior is for tests. The vendor does not mark the result of a mocked
// session in any way, so production code must never set it: where the client's
// host is one of the vendor's for production, its logger gets a warning.
func (s *SessionsService) Create(ctx context.Context, req SessionRequest, opts ...kyc.Option) (*Session, error) {
	op := create("sessions.create")
	body, err := jsonBody(op.Name, req)
	if err != nil {
		return nil, err
	}
	if req.MockBehavior != nil {
		s.client.warnOfMock(ctx, op.Name, opts)
	}
	out := new(Session)
	answer, err := s.client.send(ctx, transport.Call{Operation: op, Method: http.MethodPost, Body: body, Out: out}, "/verification", nil, opts)
	if err != nil {
		return nil, err
	}
	if out.SessionID == "" {
		return nil, answer.Malformed(kyc.Transmit, op.Name, "the answer names no session; one may have been opened")
	}
	return out, nil
}

// Result reads state and, once the session is complete, verdict and data. A
// session that is not finished is a result too, with little more than its status.
// An answer that does not name the session is an error that matches
// [kyc.ErrMalformed].
func (s *SessionsService) Result(ctx context.Context, sessionID string, opts ...kyc.Option) (*Result, error) {
	op := safe("sessions.result")
	out := new(Result)
	call := transport.Call{Operation: op, Method: http.MethodGet, Out: out}
	switch d, _ := s.client.http.Settings(opts...).Value(detailedKey{}).(Detailed); d {
	case DetailedFalse:
		call.Query = "detailed=false"
	case DetailedOmitted:
	default:
		call.Query = "detailed=true"
	}
	answer, err := s.client.send(ctx, call, "/verification/{}/result", []string{sessionID}, opts)
	if err != nil {
		return nil, err
	}
	// Somebody else's result must not decide about this person. One that names nobody may be somebody else's: all
	// shapes require the id, and one of another JSON type decodes to nothing.
	switch out.SessionID {
	case sessionID:
		return out, nil
	case "":
		return nil, answer.Malformed(kyc.Transmit, op.Name, "the answer names no session")
	default:
		return nil, answer.Malformed(kyc.Transmit, op.Name, "the answer is about another session")
	}
}

// Delete removes a session with its images and personal data. The result is
// gone with it; the vendor does so by itself after the retention time, 90 days
// unless set otherwise.
func (s *SessionsService) Delete(ctx context.Context, sessionID string, opts ...kyc.Option) error {
	_, err := s.client.send(ctx, transport.Call{Operation: safe("sessions.delete"), Method: http.MethodDelete}, "/verification/{}", []string{sessionID}, opts)
	return err
}

// Consent tells whether and when the user agreed. The vendor leaves the date
// empty without consent.
func (s *SessionsService) Consent(ctx context.Context, sessionID string, opts ...kyc.Option) (*ConsentStatus, error) {
	out := new(ConsentStatus)
	call := transport.Call{Operation: safe("sessions.consent"), Method: http.MethodGet, Out: out}
	if _, err := s.client.send(ctx, call, "/verification/{}/consent", []string{sessionID}, opts); err != nil {
		return nil, err
	}
	return out, nil
}
