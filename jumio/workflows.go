package jumio

import (
	"context"
	"net/http"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// WorkflowsService finalizes, reads and deletes workflow executions.
type WorkflowsService struct{ c *Client }

const executionPath = "/api/v1/accounts/{}/workflow-executions/{}"

// Finalize says that all parts are in, so that processing starts; it is safe to
// repeat. Finalizing early ends in NOT_EXECUTED. A journey in the web client or
// a mobile SDK finalizes itself: do not call it there, and not after uploading
// the stored facemap of [WorkflowAuthenticationOnPremises]. An answer about another
// execution is an error matching [kyc.ErrMalformed].
//
// Vendor: Credentials API, PUT .../workflow-executions/{workflowExecutionId}.
func (s *WorkflowsService) Finalize(ctx context.Context, account *Account, opts ...kyc.Option) (*Finalized, error) {
	return s.FinalizeRef(ctx, account.Ref(), account.APIToken(), opts...)
}

// FinalizeRef is Finalize for a caller that stored reference and token.
func (s *WorkflowsService) FinalizeRef(ctx context.Context, ref kyc.Ref, token kyc.Secret, opts ...kyc.Option) (*Finalized, error) {
	const op = "workflows.finalize"
	if err := checkRef(op, ref); err != nil {
		return nil, err
	}
	if token == "" {
		return nil, kyc.Invalid(kyc.Jumio, op, "there is no token: the API channel is not allowed")
	}
	p, err := path(op, executionPath, ref.Account, ref.Session)
	if err != nil {
		return nil, err
	}
	var out Finalized
	answer, err := s.c.http.Do(ctx, transport.Call{
		Operation: transport.Operation{Name: op, Class: transport.Safe},
		Method:    http.MethodPut, Base: s.c.api, Path: p, Auth: transport.StaticBearer(token), Out: &out,
	}, opts...)
	if err != nil {
		return nil, err
	}
	if out.Account.foreign(ref) || out.WorkflowExecution != nil && foreign(out.WorkflowExecution.ID, ref.Session) {
		return nil, answer.Malformed(kyc.Jumio, op, anotherExecution)
	}
	return &out, nil
}

// Status tells where an execution stands. It is the cheap call for polling; see
// [PollSchedule]. An answer about another execution is an error matching
// [kyc.ErrMalformed].
//
// Vendor: Retrieval API, GET .../workflow-executions/{workflowExecutionId}/status.
func (s *WorkflowsService) Status(ctx context.Context, ref kyc.Ref, opts ...kyc.Option) (*WorkflowStatus, error) {
	const op = "workflows.status"
	var out WorkflowStatus
	if err := s.get(ctx, op, "/status", ref, &out, opts); err != nil {
		return nil, err
	}
	if out.Account.foreign(ref) || out.WorkflowExecution != nil && foreign(out.WorkflowExecution.ID, ref.Session) {
		return nil, kyc.Malformed(kyc.Jumio, op, anotherExecution, nil)
	}
	return &out, nil
}

// Details reads the full record. The decision holds only where the status is
// PROCESSED; [Details.Result] and [Client.Fetch] take care of that. An answer
// about another execution is an error matching [kyc.ErrMalformed].
//
// Vendor: Retrieval API, GET .../workflow-executions/{workflowExecutionId}.
func (s *WorkflowsService) Details(ctx context.Context, ref kyc.Ref, opts ...kyc.Option) (*Details, error) {
	const op = "workflows.details"
	var out Details
	if err := s.get(ctx, op, "", ref, &out, opts); err != nil {
		return nil, err
	}
	if out.Account.foreign(ref) || out.Workflow != nil && foreign(out.Workflow.ID, ref.Session) {
		return nil, kyc.Malformed(kyc.Jumio, op, anotherExecution, nil)
	}
	return &out, nil
}

const anotherExecution = "the answer is about another execution"

// foreign tells whether an id of an answer is another one than was asked for. UUIDs may change their case.
func foreign(got, want string) bool { return got != "" && !strings.EqualFold(got, want) }

// foreign tells whether an answer names another account than ref does.
func (a *AccountRef) foreign(ref kyc.Ref) bool { return a != nil && foreign(a.ID, ref.Account) }

// Steps reads the decision of each service of the workflow. Executions that
// are not ready, deleted, or of a legacy kind fail with [kyc.ErrNotFound].
//
// Vendor: Retrieval API, GET .../workflow-executions/{workflowExecutionId}/steps.
func (s *WorkflowsService) Steps(ctx context.Context, ref kyc.Ref, opts ...kyc.Option) (*Steps, error) {
	var out Steps
	if err := s.get(ctx, "workflows.steps", "/steps", ref, &out, opts); err != nil {
		return nil, err
	}
	return &out, nil
}

// Rules reads the rules that fired.
//
// Experimental: path and answer are third-party knowledge and the shape is not
// documented: read RawJSON or Extra.
func (s *WorkflowsService) Rules(ctx context.Context, ref kyc.Ref, opts ...kyc.Option) (*Rules, error) {
	var out Rules
	if err := s.get(ctx, "workflows.rules", "/rules", ref, &out, opts); err != nil {
		return nil, err
	}
	return &out, nil
}

// Report asks for the PDF report. Experimental: the vendor documents that it
// exists; path and answer are third-party knowledge. The signed address lies on a storage host
// outside the configured ones, so the SDK does not follow it: fetch it with a
// client that holds no credentials.
func (s *WorkflowsService) Report(ctx context.Context, ref kyc.Ref, opts ...kyc.Option) (*Report, error) {
	const op = "workflows.report"
	var out Report
	if err := s.get(ctx, op, "/generate", ref, &out, opts); err != nil {
		return nil, err
	}
	if foreign(out.WorkflowID, ref.Session) {
		return nil, kyc.Malformed(kyc.Jumio, op, anotherExecution, nil)
	}
	return &out, nil
}

func (s *WorkflowsService) get(ctx context.Context, op, suffix string, ref kyc.Ref, out any, opts []kyc.Option) error {
	if err := checkRef(op, ref); err != nil {
		return err
	}
	p, err := path(op, executionPath+suffix, ref.Account, ref.Session)
	if err != nil {
		return err
	}
	_, err = s.c.http.Do(ctx, transport.Call{
		Operation: transport.Operation{Name: op, Class: transport.Safe},
		Method:    http.MethodGet, Base: s.c.retrieval, Path: p, Limiter: s.c.retrievalBudget, Out: out,
	}, opts...)
	return err
}

// Delete erases the data of one execution, at once and for good. Decision,
// references and times stay at the vendor.
//
// Vendor: Retrieval API, DELETE .../workflow-executions/{workflowExecutionId}.
func (s *WorkflowsService) Delete(ctx context.Context, ref kyc.Ref, opts ...kyc.Option) error {
	const op = "workflows.delete"
	if err := checkRef(op, ref); err != nil {
		return err
	}
	p, err := path(op, executionPath, ref.Account, ref.Session)
	if err != nil {
		return err
	}
	return s.c.erase(ctx, op, p, opts)
}
