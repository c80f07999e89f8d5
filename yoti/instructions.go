package yoti

import (
	"context"
	"io"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// InstructionsService serves sessions that go on in a branch: which document is
// shown where, as a PDF or by e-mail.
type InstructionsService struct{ c *Client }

// Put sets the instructions of a session.
func (s *InstructionsService) Put(ctx context.Context, sessionID string, req InstructionsRequest, opts ...kyc.Option) error {
	_, err := s.c.call(ctx, request{
		operation: "instructions.put", class: transport.Safe, method: http.MethodPut, template: "/sessions/{}/instructions",
		names: []string{nameSession}, ids: []string{sessionID}, in: req,
	}, opts)
	return err
}

// Get returns the instructions of a session.
func (s *InstructionsService) Get(ctx context.Context, sessionID string, opts ...kyc.Option) (*Instructions, error) {
	return fetch[Instructions](ctx, s.c, request{
		operation: "instructions.get", class: transport.Safe, method: http.MethodGet, template: "/sessions/{}/instructions",
		names: []string{nameSession}, ids: []string{sessionID},
	}, opts)
}

// PDF writes the instructions to print to w. Where there are none, Available is
// false in the answer and nothing is written.
func (s *InstructionsService) PDF(ctx context.Context, sessionID string, w io.Writer, opts ...kyc.Option) (*Download, error) {
	return s.c.download(ctx, request{
		operation: "instructions.pdf", class: transport.Safe, method: http.MethodGet, template: "/sessions/{}/instructions/pdf",
		names: []string{nameSession}, ids: []string{sessionID},
	}, "application/pdf", w, opts)
}

// ContactProfile returns the person to whom the instructions go.
func (s *InstructionsService) ContactProfile(ctx context.Context, sessionID string, opts ...kyc.Option) (*ContactProfile, error) {
	return fetch[ContactProfile](ctx, s.c, request{
		operation: "instructions.contact_profile", class: transport.Safe, method: http.MethodGet, template: "/sessions/{}/instructions/contact-profile",
		names: []string{nameSession}, ids: []string{sessionID},
	}, opts)
}

// SendEmail sends the instructions to the contact. It is repeated only if the
// first message was certainly not sent.
func (s *InstructionsService) SendEmail(ctx context.Context, sessionID string, opts ...kyc.Option) error {
	_, err := s.c.call(ctx, request{
		operation: "instructions.send_email", class: transport.IfNotProcessed, method: http.MethodPost, template: "/sessions/{}/instructions/email",
		names: []string{nameSession}, ids: []string{sessionID},
	}, opts)
	return err
}

// PostOffices returns the ten post offices nearest to a postcode.
//
// Experimental: known from one page of the documentation, no SDK has it.
func (s *InstructionsService) PostOffices(ctx context.Context, req PostOfficeSearch, opts ...kyc.Option) (*PostOffices, error) {
	const operation = "instructions.post_offices"
	if req.SearchString == "" {
		return nil, invalid(operation, "SearchString is empty")
	}
	return fetch[PostOffices](ctx, s.c, request{
		operation: operation, class: transport.Safe, method: http.MethodPost, template: "/lookup/uk-post-office", in: req,
	}, opts)
}
