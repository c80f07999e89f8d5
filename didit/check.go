package didit

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ChecksService runs single checks without a session: the caller brings
// pictures and data, and the answer holds the outcome. A check that fails is an
// answer like any other, whose status is Declined; errors are for calls that
// gave no check.
//
// Each call costs money and is repeated only if the vendor certainly did not
// act. By default the vendor keeps the check as a session of the type API:
// RequestID is then its id, and a notice follows; with SaveAPIRequest false
// nothing is kept, and pictures come back inside the answer.
//
// The applications of a sandbox answer every valid call with the same approved
// example, and nothing in the answer says so: never use a sandbox's key where
// decisions count.
type ChecksService struct{ c *Client }

// fetch makes a call whose answer is one JSON document.
func fetch[T any](ctx context.Context, c *Client, r request, opts []kyc.Option) (*T, error) {
	var out T
	r.out = &out
	if _, err := c.send(ctx, r, opts); err != nil {
		return nil, err
	}
	return &out, nil
}

// post hands in something that costs money or has an effect outside.
func post[T any](ctx context.Context, c *Client, op, path string, in any, opts []kyc.Option) (*T, error) {
	return fetch[T](ctx, c, request{
		op: op, class: transport.IfNotProcessed, method: http.MethodPost, path: path, in: in, budget: c.budgets.writes,
	}, opts)
}

// get reads one thing.
func get[T any](ctx context.Context, c *Client, op, path string, ids []string, opts []kyc.Option) (*T, error) {
	return fetch[T](ctx, c, request{op: op, class: transport.Safe, method: http.MethodGet, path: path, ids: ids, budget: c.budgets.reads}, opts)
}

// set gives members values, which a repeat gives again.
func set[T any](ctx context.Context, c *Client, op, path string, ids []string, in any, opts []kyc.Option) (*T, error) {
	return fetch[T](ctx, c, request{
		op: op, class: transport.Safe, method: http.MethodPatch, path: path, ids: ids, in: in, budget: c.budgets.writes,
	}, opts)
}

// patchOnce changes something that a repeat would change again.
func patchOnce[T any](ctx context.Context, c *Client, op, path string, ids []string, in any, opts []kyc.Option) (*T, error) {
	return fetch[T](ctx, c, request{
		op: op, class: transport.IfNotProcessed, method: http.MethodPatch, path: path, ids: ids, in: in, budget: c.budgets.writes,
	}, opts)
}

// remove deletes one thing.
func remove(ctx context.Context, c *Client, op, path string, ids []string, opts []kyc.Option) error {
	_, err := c.send(ctx, request{
		op: op, class: transport.Safe, method: http.MethodDelete, path: path, ids: ids, budget: c.budgets.writes, emptyOK: true,
	}, opts)
	return err
}

// upload hands in a form.
func upload[T any](ctx context.Context, c *Client, f *form, method, path string, opts []kyc.Option) (*T, error) {
	body, err := f.body()
	if err != nil {
		return nil, err
	}
	var out T
	_, err = c.http.Do(ctx, transport.Call{
		Operation: transport.Operation{Name: f.op, Class: transport.IfNotProcessed}, Method: method, Base: c.base, Path: path,
		Body: body, Limiter: c.budgets.writes, Out: &out,
		MaxBody: 32 << 20, // a check that is not saved has the images in its answer
	}, opts...)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// patient gives a call that the vendor documents as slow more time, unless the caller chose one.
func patient(d time.Duration, opts []kyc.Option) []kyc.Option {
	longer := func(s *kyc.Settings) {
		if s.AttemptTimeout == 0 && (s.HTTPClient == nil || s.HTTPClient.Timeout == 0) {
			s.AttemptTimeout = d
		}
	}
	return append([]kyc.Option{longer}, opts...)
}

// PageOptions says where a list begins and how many rows the vendor sends at
// once. The zero value lists all in pages of the vendor's own size.
type PageOptions struct {
	// Size is the number of rows of a page.
	Size int
	// Offset is the number of rows to leave out.
	Offset int
}

func (p PageOptions) query(op string) (url.Values, error) {
	if p.Size < 0 || p.Offset < 0 {
		return nil, kyc.Invalid(kyc.Didit, op, "Size or Offset is negative")
	}
	return ListOptions{PageSize: p.Size, Offset: p.Offset}.query(), nil
}

// standalone is what the answers of single checks have in common.
type standalone struct {
	feature  FeatureName
	kind     kyc.CheckKind
	status   string
	warnings []Warning
	score    *kyc.Score
	at       string
}

// check reads the outcome with the table of the sessions' features. A block that is missing leaves it Unknown.
func (s standalone) check(settings kyc.Settings) kyc.Check {
	decision, _ := decideWord(settings, FieldFeature, string(s.feature), s.status)
	return kyc.Check{
		Kind: s.kind, VendorName: string(s.feature), Decision: decision, Status: s.status, Reasons: reasons(s.warnings), Score: s.score, Ref: s.at,
	}
}

// hundred is a figure that standalone checks count to 100 throughout.
func hundred(v *float64) *kyc.Score {
	if v == nil {
		return nil
	}
	return &kyc.Score{Value: *v, Min: 0, Max: 100}
}
