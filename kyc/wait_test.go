package kyc

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// script answers fetches in turn; the last answer stays.
type script struct {
	answers  []any // *Result or error
	at       []time.Duration
	start    time.Time
	schedule *Schedule
}

func (s *script) Vendor() Vendor                                        { return Jumio }
func (s *script) Start(context.Context, StartRequest) (*Session, error) { return nil, nil }
func (s *script) Delete(context.Context, Ref) error                     { return nil }
func (s *script) PollSchedule() Schedule                                { return *s.schedule }
func (s *script) Fetch(ctx context.Context, _ Ref) (*Result, error) {
	n := min(len(s.at), len(s.answers)-1)
	s.at = append(s.at, time.Since(s.start))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err, ok := s.answers[n].(error); ok {
		return nil, err
	}
	return s.answers[n].(*Result), nil
}

var jumioTimes = Schedule{At: []time.Duration{40 * time.Second, 60 * time.Second, 100 * time.Second}}

func TestWaitFollowsTheSchedule(t *testing.T) {
	for _, tt := range []struct {
		name    string
		answers []any
		opts    []WaitOption
		reads   []time.Duration
		want    Decision
		err     error
		text    string
	}{
		{"approved", []any{&Result{Decision: Pending}, &Result{Decision: Unknown}, &Result{Decision: Approved}}, nil, []time.Duration{40e9, 60e9, 100e9}, Approved, nil, ""},
		{"review ends it", []any{&Result{Decision: Review}}, nil, []time.Duration{40e9}, Review, nil, ""},
		{"input ends it", []any{&Result{Decision: InputRequired}}, nil, []time.Duration{40e9}, InputRequired, nil, ""},
		{"unknown state is named", []any{&Result{Decision: Unknown, Status: "PAUSED"}}, nil, []time.Duration{40e9, 60e9, 100e9}, 0, ErrStillOpen, "unknown (status PAUSED)"},
		{"budget", []any{&Result{Decision: Pending}}, []WaitOption{WithBudget(70 * time.Second)}, []time.Duration{40e9, 60e9}, 0, ErrStillOpen, "after 1m10s: pending"},
		{"passing fault", []any{&Error{Kind: ErrUnavailable}, &Result{Decision: Declined}}, nil, []time.Duration{40e9, 60e9}, Declined, nil, ""},
		{"vendor's wish", []any{&Error{Kind: ErrRateLimited, RetryAfter: 45 * time.Second}, &Result{Decision: Declined}}, nil, []time.Duration{40e9, 85e9}, Declined, nil, ""},
		{"lasting fault", []any{&Error{Kind: ErrNotFound}}, nil, []time.Duration{40e9}, 0, ErrNotFound, ""},
		{"read first", []any{&Result{Decision: Pending}, &Result{Decision: Approved}}, []WaitOption{WithFirstReadNow()}, []time.Duration{0, 40e9}, Approved, nil, ""},
		{"own schedule", []any{&Result{Decision: Pending}}, []WaitOption{WithSchedule(Schedule{Then: 10 * time.Second}), WithBudget(35 * time.Second)}, []time.Duration{10e9, 20e9, 30e9}, 0, ErrStillOpen, ""},
		{"until final", []any{&Result{Decision: Review}, &Result{Decision: Approved}}, []WaitOption{WithUntil(func(r *Result) bool { return r.Decision.Final() })}, []time.Duration{40e9, 60e9}, Approved, nil, ""},
		{"no budget", []any{&Result{}}, []WaitOption{WithBudget(-1)}, nil, 0, ErrInvalid, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &script{answers: tt.answers, start: time.Now(), schedule: &jumioTimes}
				r, err := Wait(t.Context(), p, Ref{Jumio, "a", "s"}, tt.opts...)
				if !errors.Is(err, tt.err) || (r != nil && r.Decision != tt.want) || (r == nil) != (tt.err != nil) {
					t.Errorf("got %v, %v", r, err)
				}
				if err != nil && !strings.Contains(err.Error(), tt.text) {
					t.Errorf("text %q", err)
				}
				if len(p.at) != len(tt.reads) {
					t.Fatalf("reads at %v, want %v", p.at, tt.reads)
				}
				for i := range p.at {
					if p.at[i] != tt.reads[i] {
						t.Errorf("reads at %v, want %v", p.at, tt.reads)
					}
				}
			})
		})
	}
}

func TestWaitIsWokenByItsEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ref := Ref{Didit, "", "s"}
		p := &script{answers: []any{&Result{Decision: Pending}, &Result{Decision: Approved}}, start: time.Now(), schedule: &jumioTimes}
		events := make(chan Event, 3)
		events <- Event{Ref: Ref{Didit, "", "another"}}
		events <- Event{Ref: ref}
		time.AfterFunc(7*time.Second, func() { events <- Event{Ref: ref}; close(events) })
		var progress int
		r, err := Wait(t.Context(), p, ref, WithWake(events), WithProgress(func(*Result, error) { progress++ }))
		if err != nil || r.Decision != Approved || len(p.at) != 2 || p.at[0] != 0 || p.at[1] != 7*time.Second || progress != 2 {
			t.Errorf("%v, %v, reads at %v", r, err, p.at)
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &script{answers: []any{&Result{Decision: Pending}}, start: time.Now(), schedule: &jumioTimes}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
		defer cancel()
		if _, err := Wait(ctx, p, Ref{}); !errors.Is(err, context.DeadlineExceeded) || time.Since(p.start) != 50*time.Second {
			t.Errorf("%v after %v", err, time.Since(p.start))
		}
	})
}
