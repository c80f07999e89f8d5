package didit

import (
	"context"
	"iter"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opWorkflows      = "workflows.list"
	opCreateWorkflow = "workflows.create"
	opGetWorkflow    = "workflows.get"
	opUpdateWorkflow = "workflows.update"
	opDeleteWorkflow = "workflows.delete"
	settingsIDName   = "workflow version's id"
	pathWorkflow     = "/v3/workflows/{}/"
)

// WorkflowsService manages workflows. Paths take the id of a version
// ([Workflow.UUID]), sessions that of the workflow ([Workflow.WorkflowID]).
type WorkflowsService struct{ c *Client }

// List iterates over the workflows. An error is yielded last and ends the
// iteration.
func (s *WorkflowsService) List(ctx context.Context, page PageOptions, opts ...kyc.Option) iter.Seq2[*Workflow, error] {
	query, err := page.query(opWorkflows)
	if err != nil {
		return failed[Workflow](err)
	}
	return listed[Workflow](ctx, s.c, opWorkflows, "/v3/workflows/", nil, query, opts)
}

// Create makes a workflow of steps in order. An application has at most fifty.
func (s *WorkflowsService) Create(ctx context.Context, req WorkflowRequest, opts ...kyc.Option) (*Workflow, error) {
	if len(req.Features) == 0 {
		return nil, kyc.Invalid(kyc.Didit, opCreateWorkflow, "Features is empty")
	}
	if err := checkWorkflow(opCreateWorkflow, WorkflowUpdate(req)); err != nil {
		return nil, err
	}
	return post[Workflow](ctx, s.c, opCreateWorkflow, "/v3/workflows/", req, opts)
}

// Get reads one version of a workflow with all its settings.
func (s *WorkflowsService) Get(ctx context.Context, settingsID string, opts ...kyc.Option) (*Workflow, error) {
	if err := s.c.checkID(opGetWorkflow, settingsIDName, settingsID, opts); err != nil {
		return nil, err
	}
	return get[Workflow](ctx, s.c, opGetWorkflow, pathWorkflow, []string{settingsID}, opts)
}

// Update changes a workflow. A version that is in use may be followed by a new
// one, whose id the answer has.
func (s *WorkflowsService) Update(ctx context.Context, settingsID string, req WorkflowUpdate, opts ...kyc.Option) (*Workflow, error) {
	if err := s.c.checkID(opUpdateWorkflow, settingsIDName, settingsID, opts); err != nil {
		return nil, err
	}
	if err := checkWorkflow(opUpdateWorkflow, req); err != nil {
		return nil, err
	}
	return patchOnce[Workflow](ctx, s.c, opUpdateWorkflow, pathWorkflow, []string{settingsID}, req, opts)
}

// Delete deletes a version of a workflow.
func (s *WorkflowsService) Delete(ctx context.Context, settingsID string, opts ...kyc.Option) error {
	if err := s.c.checkID(opDeleteWorkflow, settingsIDName, settingsID, opts); err != nil {
		return err
	}
	return remove(ctx, s.c, opDeleteWorkflow, pathWorkflow, []string{settingsID}, opts)
}

// checkWorkflow holds the settings against the documented bounds.
func checkWorkflow(op string, req WorkflowUpdate) error {
	if longer(req.WorkflowLabel, 50) {
		return kyc.Invalid(kyc.Didit, op, "WorkflowLabel is longer than 50 characters")
	}
	for _, b := range []struct {
		name      string
		value     *int64
		low, high int64
	}{
		{"MaxRetryAttempts", req.MaxRetryAttempts, 0, 10}, {"RetryWindowDays", req.RetryWindowDays, 1, 365},
		{"FaceLivenessMaxAttempts", req.FaceLivenessMaxAttempts, 1, 3}, {"FaceMatchMaxAttempts", req.FaceMatchMaxAttempts, 1, 3},
		{"SessionExpirationTime", req.SessionExpirationTime, 3600, 2419200},
	} {
		if b.value != nil && (*b.value < b.low || *b.value > b.high) {
			return kyc.Invalid(kyc.Didit, op, b.name+" is out of the documented bounds")
		}
	}
	return nil
}
