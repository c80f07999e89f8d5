package yoti

import (
	"context"
	"net/http"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// SandboxService scripts the answers of the sandbox. It needs a client whose
// BaseURL is [SandboxURL], with the sandbox's own id and key; against
// [ProductionURL] its calls are refused before anything is sent.
type SandboxService struct{ c *Client }

// Configure scripts one session.
func (s *SandboxService) Configure(ctx context.Context, sessionID string, req ResponseConfig, opts ...kyc.Option) error {
	return s.put(ctx, "sandbox.configure", "/sessions/{}/response-config", nameSession, sessionID, req, opts)
}

// ConfigureApplication scripts every session of the client's application.
func (s *SandboxService) ConfigureApplication(ctx context.Context, req ResponseConfig, opts ...kyc.Option) error {
	return s.put(ctx, "sandbox.configure_application", "/apps/{}/response-config", "SDK id", s.c.sdkID, req, opts)
}

func (s *SandboxService) put(ctx context.Context, operation, template, name, id string, req ResponseConfig, opts []kyc.Option) error {
	if err := s.check(operation); err != nil {
		return err
	}
	_, err := s.c.call(ctx, request{
		operation: operation, class: transport.Safe, method: http.MethodPut, template: template, names: []string{name}, ids: []string{id}, in: req,
	}, opts)
	return err
}

// RunAgent lets the sandbox play the user of a session.
//
// Experimental: known from one page of the documentation, no SDK has it.
func (s *SandboxService) RunAgent(ctx context.Context, req AgentRequest, opts ...kyc.Option) error {
	const operation = "sandbox.run_agent"
	if err := s.check(operation); err != nil {
		return err
	}
	if req.SessionID == "" || req.ClientSessionToken == "" {
		return invalid(operation, "SessionID or ClientSessionToken is empty")
	}
	_, err := s.c.call(ctx, request{
		operation: operation, class: transport.IfNotProcessed, method: http.MethodPost, template: "/agent", in: req,
	}, opts)
	return err
}

// check keeps scripts from a client that works for real people. A base URL of the caller's own is let through.
func (s *SandboxService) check(operation string) error {
	if strings.EqualFold(s.c.base.String(), ProductionURL) {
		return invalid(operation, "the client speaks to production: the sandbox has a BaseURL, an id and a key of its own")
	}
	return nil
}
