package kyc

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
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
		{"unknown state of two words", []any{&Result{Decision: Unknown, Status: "On Hold"}}, nil, []time.Duration{40e9, 60e9, 100e9}, 0, ErrStillOpen, "see Last.Status"},
		{"unknown verdict of an ended one", []any{&Result{Decision: Pending}, &Result{Status: "PROCESSED/MANUAL", Ended: true}}, nil, []time.Duration{40e9, 60e9}, Unknown, nil, ""},
		{"a caller's own rule keeps waiting", []any{&Result{Decision: Pending, Ended: true}, &Result{Decision: Approved, Ended: true}}, nil, []time.Duration{40e9, 60e9}, Approved, nil, ""},
		{"budget", []any{&Result{Decision: Pending}}, []WaitOption{WithBudget(70 * time.Second)}, []time.Duration{40e9, 60e9}, 0, ErrStillOpen, "after 1m10s: pending"},
		{"passing fault", []any{&Error{Kind: ErrUnavailable}, &Result{Decision: Declined}}, nil, []time.Duration{40e9, 60e9}, Declined, nil, ""},
		{"vendor's wish", []any{&Error{Kind: ErrRateLimited, RetryAfter: 45 * time.Second}, &Result{Decision: Declined}}, nil, []time.Duration{40e9, 85e9}, Declined, nil, ""},
		{"vendor's wish beyond the schedule", []any{&Error{Kind: ErrRateLimited, RetryAfter: 1000 * time.Second}, &Result{Decision: Pending}}, nil, []time.Duration{40e9, 1040e9}, 0, ErrStillOpen, "after 17m20s: pending"},
		{"vendor's wish between two moments", []any{&Error{Kind: ErrUnavailable, RetryAfter: time.Second}, &Result{Decision: Declined}}, nil, []time.Duration{40e9, 60e9}, Declined, nil, ""},
		{"one read for all moments that a wish went over", []any{&Error{Kind: ErrRateLimited, RetryAfter: 95 * time.Second}, &Result{Decision: Pending}},
			[]WaitOption{WithSchedule(Schedule{Then: 10 * time.Second}), WithBudget(125 * time.Second)}, []time.Duration{10e9, 105e9, 110e9, 120e9}, 0, ErrStillOpen, ""},
		{"lasting fault", []any{&Error{Kind: ErrNotFound}}, nil, []time.Duration{40e9}, 0, ErrNotFound, ""},
		{"read first", []any{&Result{Decision: Pending}, &Result{Decision: Approved}}, []WaitOption{WithImmediateRead()}, []time.Duration{0, 40e9}, Approved, nil, ""},
		{"own schedule", []any{&Result{Decision: Pending}}, []WaitOption{WithSchedule(Schedule{Then: 10 * time.Second}), WithBudget(35 * time.Second)}, []time.Duration{10e9, 20e9, 30e9}, 0, ErrStillOpen, ""},
		{"until final", []any{&Result{Decision: Review}, &Result{Decision: Approved}}, []WaitOption{WithUntil(func(r *Result) bool { return r.Decision.Final() })}, []time.Duration{40e9, 60e9}, Approved, nil, ""},
		{"no budget", []any{&Result{}}, []WaitOption{WithBudget(-1)}, nil, 0, ErrInvalid, ""},
		{"no option", []any{&Result{Decision: Approved}}, []WaitOption{nil}, []time.Duration{40e9}, Approved, nil, ""},
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
		ref := Ref{Jumio, "a", "s"}
		p := &script{answers: []any{&Result{Decision: Pending}, &Result{Decision: Approved}}, start: time.Now(), schedule: &jumioTimes}
		events := make(chan Event, 3)
		events <- Event{Ref: Ref{Jumio, "a", "another"}}
		events <- Event{Ref: ref}
		time.AfterFunc(7*time.Second, func() { events <- Event{Ref: ref}; close(events) })
		var progress int
		r, err := Wait(t.Context(), p, ref, WithWake(events), WithProgress(func(*Result, error) { progress++ }))
		if err != nil || r.Decision != Approved || len(p.at) != 2 || p.at[0] != 0 || p.at[1] != 7*time.Second || progress != 2 {
			t.Errorf("%v, %v, reads at %v", r, err, p.at)
		}
	})
}

// A vendor that asks to be left alone is left alone, whoever rings; the read that was rung for follows at once then.
func TestWaitKeepsTheVendorsWishWhenWoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ref := Ref{Jumio, "a", "s"}
		p := &script{answers: []any{&Error{Kind: ErrRateLimited, RetryAfter: 15 * time.Second}, &Result{Decision: Pending}, &Result{Decision: Approved}}, start: time.Now(), schedule: &jumioTimes}
		events := make(chan Event)
		time.AfterFunc(43*time.Second, func() { events <- Event{Ref: Ref{Jumio, "a", "another"}}; events <- Event{Ref: ref} })
		if _, err := Wait(t.Context(), p, ref, WithWake(events)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]time.Duration{40e9, 55e9, 60e9}, p.at); diff != "" {
			t.Error(diff)
		}
	})
}

// slow is a script whose reads take their time.
type slow struct {
	script
	takes time.Duration
}

func (s *slow) Fetch(ctx context.Context, ref Ref) (*Result, error) {
	r, err := s.script.Fetch(ctx, ref)
	time.Sleep(s.takes)
	return r, err
}

func TestWaitSkipsMomentsThatPassedDuringARead(t *testing.T) {
	for _, tt := range []struct {
		schedule Schedule
		takes    time.Duration
		budget   time.Duration
		want     []time.Duration
	}{
		{Schedule{Then: 10 * time.Second}, 35 * time.Second, 2 * time.Minute, []time.Duration{10e9, 50e9, 90e9}},
		{Schedule{At: []time.Duration{5 * time.Second, 20 * time.Second}, Then: 10 * time.Second}, 36 * time.Second, 2 * time.Minute, []time.Duration{5e9, 50e9, 90e9}},
		{Schedule{Then: time.Nanosecond}, 60 * time.Second, 121 * time.Second, []time.Duration{1, 60e9 + 2, 120e9 + 3}},
		// What the vendor decided by the last moment is read all the same.
		{jumioTimes, 2 * time.Minute, time.Hour, []time.Duration{40e9, 160e9}},
		{jumioTimes, 2 * time.Minute, 2 * time.Minute, []time.Duration{40e9}},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := &slow{script{answers: []any{&Result{Decision: Pending}}, start: time.Now(), schedule: &tt.schedule}, tt.takes}
			if _, err := Wait(t.Context(), p, Ref{Jumio, "a", "s"}, WithBudget(tt.budget)); !errors.Is(err, ErrStillOpen) {
				t.Error(err)
			}
			if diff := cmp.Diff(tt.want, p.at); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A text of several words may be a state's name or a person's, so it is only pointed at.
func TestWaitErrorNamesWordsOnly(t *testing.T) {
	const hidden = "unknown (a status that is not one short word: see Last.Status)"
	for status, want := range map[string]string{
		"HELD": "unknown (status HELD)", "A_b-c/d.9": "unknown (status A_b-c/d.9)", strings.Repeat("x", 40): "unknown (status " + strings.Repeat("x", 40) + ")",
		"": "unknown", "On Hold": hidden, "  ": hidden, strings.Repeat("x", 41): hidden, "a@b": hidden, "a:b": hidden, "J\u00f6rg": hidden, "a\nb": hidden,
	} {
		if got := (&WaitError{Last: &Result{Status: status}}).Error(); got != "kyc: the verification is still open after 0s: "+want {
			t.Errorf("%q: %s", status, got)
		}
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &script{answers: []any{&Result{Decision: Pending}}, start: time.Now(), schedule: &jumioTimes}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
		defer cancel()
		_, err := Wait(ctx, p, Ref{Jumio, "a", "s"})
		open, ok := errors.AsType[*WaitError](err)
		if !errors.Is(err, context.DeadlineExceeded) || !ok || open.Last == nil || open.Waited != 50*time.Second || time.Since(p.start) != open.Waited {
			t.Errorf("%v after %v", err, time.Since(p.start))
		}
	})
}

// hung is a provider of which no read ends by itself.
type hung struct{ script }

func (h *hung) Fetch(ctx context.Context, _ Ref) (*Result, error) {
	<-ctx.Done()
	return nil, &Error{Vendor: Jumio, Operation: "fetch", Err: ctx.Err()}
}

func TestBudgetEndsARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &hung{script{schedule: &jumioTimes}}
		start := time.Now()
		_, err := Wait(t.Context(), p, Ref{Jumio, "a", "s"}, WithBudget(time.Minute))
		if !errors.Is(err, ErrStillOpen) || errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestWaitRefusesAtOnce(t *testing.T) {
	p := &script{schedule: &jumioTimes}
	chain, err := NewChain(&MemoryChain{}, p)
	if err != nil {
		t.Fatal(err)
	}
	var none context.Context
	for name, wait := range map[string]func() (*Result, error){
		"no provider":          func() (*Result, error) { return Wait(t.Context(), nil, Ref{Jumio, "a", "s"}) },
		"no context":           func() (*Result, error) { return Wait(none, p, Ref{Jumio, "a", "s"}) },
		"no Ref":               func() (*Result, error) { return Wait(t.Context(), p, Ref{}) },
		"no session":           func() (*Result, error) { return Wait(t.Context(), p, Ref{Vendor: Jumio, Account: "a"}) },
		"another vendor's":     func() (*Result, error) { return Wait(t.Context(), p, Ref{Didit, "", "s"}) },
		"not in the chain":     func() (*Result, error) { return Wait(t.Context(), chain, Ref{Didit, "", "s"}) },
		"no Ref for the chain": func() (*Result, error) { return Wait(t.Context(), chain, Ref{}) },
	} {
		if _, err := wait(); !errors.Is(err, ErrInvalid) || len(p.at) != 0 {
			t.Errorf("%s: %v after %d reads", name, err, len(p.at))
		}
	}
}
