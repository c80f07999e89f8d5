package jumio

import (
	"maps"
	"slices"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ParseResult normalises a details answer that was stored or received. Of the
// options only [kyc.WithOverrides] matters; an override that could never fit is an
// error matching [kyc.ErrInvalid]. Bytes that are not one JSON document are an
// error matching [kyc.ErrMalformed]; JSON that is no details answer, or whose
// [Details.Ref] is zero, is never approved: see [Table]. raw is kept as the
// result's Raw and must not be modified afterwards.
func ParseResult(raw []byte, opts ...kyc.Option) (*kyc.Result, error) {
	settings := kyc.NewSettings(opts...)
	if err := settings.CheckOverrides(kyc.Jumio, overridable); err != nil {
		return nil, err
	}
	details, err := parseDetails(raw)
	if err != nil {
		return nil, err
	}
	return normalise(details, settings), nil
}

func parseDetails(raw []byte) (*Details, error) {
	const op = "results.parse"
	var details Details
	if err := kyc.Unmarshal(raw, &details); err != nil {
		return nil, kyc.Malformed(kyc.Jumio, op, "the details are not valid JSON", err)
	}
	return &details, nil
}

// Result normalises the details. Of the options only [kyc.WithOverrides]
// matters; beside an override that could never fit nothing is approved. Details
// that were not decoded from JSON give an Unknown, and those that name nobody are
// never approved: see [Table].
//
// Person and Document come from one extraction: of several, from the first of an
// ID that passed, else of an ID, else the first that names a person, else the
// first. Documents has all of them.
func (d *Details) Result(opts ...kyc.Option) *kyc.Result {
	if d == nil {
		return new(kyc.Result)
	}
	return normalise(d, d.Settings(opts...))
}

func normalise(d *Details, settings kyc.Settings) *kyc.Result {
	if d == nil || d.RawJSON() == nil {
		return &kyc.Result{Ref: d.Ref()}
	}
	r := &kyc.Result{Ref: d.Ref(), Raw: d.RawJSON()}
	if d.Workflow != nil {
		r.Reference, r.Status = d.Workflow.CustomerInternalReference, string(d.Workflow.Status)
	}
	r.CreatedAt, _ = d.CreatedAt.Time()
	r.CompletedAt, _ = d.CompletedAt.Time()
	decide(r, d, settings)
	if d.Workflow != nil && d.Workflow.DefinitionKey != "" {
		r.Workflow = string(d.Workflow.DefinitionKey)
		r.Cite("/workflow/definitionKey", "the workflow that was run", false)
	}
	capabilities := capabilityEntries(d.RawJSON())
	r.Checks = checks(d, capabilities, settings)
	if check, ok := overall(d, r.Decision); ok {
		r.Checks = append(r.Checks, check)
	}
	identity(r, d, capabilities)
	return r
}

// Ref returns the reference of the execution; zero where the details lack an id.
func (d *Details) Ref() kyc.Ref {
	if d == nil || d.Workflow == nil || d.Account == nil || d.Workflow.ID == "" || d.Account.ID == "" {
		return kyc.Ref{}
	}
	return kyc.Ref{Vendor: kyc.Jumio, Account: d.Account.ID, Session: d.Workflow.ID}
}

// PollSchedule returns the times after the end of the journey at which the
// vendor suggests to read, from 40 seconds to 940, and no more after that. The
// vendor's text can also be read as waits between the reads; as such they would
// span an hour.
func PollSchedule() kyc.Schedule {
	seconds := [...]time.Duration{40, 60, 100, 160, 240, 340, 460, 600, 760, 940}
	var s kyc.Schedule
	for _, n := range seconds {
		s.At = append(s.At, n*time.Second)
	}
	return s
}

// PollSchedule tells [kyc.Wait] the vendor's times, and to go on every three
// minutes after the last: a wait begins before the journey has ended.
func (*Client) PollSchedule() kyc.Schedule {
	s := PollSchedule()
	s.Then = 3 * time.Minute
	return s
}

// Unknown returns the names of capabilities that the type does not know; their
// results are in Extra.
func (c *Capabilities) Unknown() []string {
	if c == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(c.Extra))
}
