package kyc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// Schedule says when a waiting caller reads: at the elapsed times At, then
// every Then. With Then zero, waiting ends after the last of At.
type Schedule struct {
	At   []time.Duration
	Then time.Duration
}

// DefaultSchedule is used for a provider that publishes none.
var DefaultSchedule = Schedule{At: []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second, time.Minute}, Then: time.Minute}

// after returns the elapsed time of read n (from 0), and false where there is none.
func (s Schedule) after(n int) (time.Duration, bool) {
	if n < len(s.At) {
		return s.At[n], true
	}
	if s.Then <= 0 {
		return 0, false
	}
	var last time.Duration
	if len(s.At) > 0 {
		last = s.At[len(s.At)-1]
	}
	return last + time.Duration(n-len(s.At)+1)*s.Then, true
}

// WaitOption changes how [Wait] waits.
type WaitOption func(*waiter)

type waiter struct {
	schedule *Schedule
	budget   time.Duration
	progress func(*Result, error)
	wake     <-chan Event
	until    func(*Result) bool
	now      bool
}

// WithSchedule replaces the vendor's published schedule.
func WithSchedule(s Schedule) WaitOption { return func(w *waiter) { w.schedule = &s } }

// WithBudget ends the wait after d; 30 minutes by default. The context may end
// it earlier.
func WithBudget(d time.Duration) WaitOption { return func(w *waiter) { w.budget = d } }

// WithProgress calls f after every read with its result or its fault, on the
// waiting goroutine.
func WithProgress(f func(*Result, error)) WaitOption { return func(w *waiter) { w.progress = f } }

// WithWake reads at once when events delivers one for the waited-for Ref.
// Others are dropped; a closed channel is left alone.
func WithWake(events <-chan Event) WaitOption { return func(w *waiter) { w.wake = events } }

// WithUntil replaces what ends the wait. By default that is a [Decision] on
// which the caller can act: all but [Pending] and [Unknown].
func WithUntil(f func(*Result) bool) WaitOption { return func(w *waiter) { w.until = f } }

// WithFirstReadNow reads at once before the schedule begins.
func WithFirstReadNow() WaitOption { return func(w *waiter) { w.now = true } }

// ErrStillOpen is matched by a [*WaitError].
var ErrStillOpen = errors.New("kyc: the verification is still open")

// WaitError tells that the budget or the schedule ended before the
// verification did. It matches [ErrStillOpen] and unwraps to the last fault.
type WaitError struct {
	// Ref points at the verification.
	Ref Ref
	// Last is the last result that was read; nil where no read succeeded.
	Last *Result
	// Waited is how long.
	Waited time.Duration
	// Err is the fault of the last read, if it had one.
	Err error
}

// Error names the decision and, where the state is one that no rule names, the vendor's own word for it.
func (e *WaitError) Error() string {
	text := ErrStillOpen.Error() + " after " + e.Waited.Round(time.Second).String()
	if e.Last != nil {
		text += ": " + e.Last.Decision.String()
		if status := plain(e.Last.Status, ""); e.Last.Decision == Unknown && status != "" {
			text += " (status " + status + ")"
		}
	}
	if e.Err != nil {
		text += ": last read: " + safeText(e.Err)
	}
	return text
}

// Format prints what Error returns, whatever the verb.
func (e WaitError) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, e.Error()) }

// LogValue logs what Error returns.
func (e WaitError) LogValue() slog.Value { return slog.StringValue(e.Error()) }

// Is matches [ErrStillOpen].
func (e *WaitError) Is(target error) bool { return target == ErrStillOpen }

// Unwrap returns the fault of the last read.
func (e *WaitError) Unwrap() error { return e.Err }

// safeText prints this package's own errors and only the kind of others.
func safeText(err error) string {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e.Error()
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "context ended"
	default:
		return "failed"
	}
}

// scheduler is a Provider that knows when its vendor wants to be asked.
type scheduler interface{ PollSchedule() Schedule }

const defaultBudget = 30 * time.Minute

// Wait reads a verification by the vendor's schedule until there is something
// to act on, and returns that result: a final decision, [Review] or
// [InputRequired]. A state that no rule names keeps waiting. A read that fails
// with [ErrUnavailable] or [ErrRateLimited] is tried again by the schedule;
// every other fault ends the wait. When ctx ends, its error is returned; when
// the budget or the schedule ends, a [*WaitError].
func Wait(ctx context.Context, p Provider, ref Ref, opts ...WaitOption) (*Result, error) {
	w := waiter{budget: defaultBudget, until: func(r *Result) bool { return r.Decision.Settled() }}
	for _, o := range opts {
		o(&w)
	}
	if c, ok := p.(*Chain); ok {
		// The vendor that holds the verification says when to ask; a Ref of none is refused by the first read.
		if held, err := c.holder("wait", ref); err == nil {
			p = held
		}
	}
	schedule := DefaultSchedule
	if s, ok := p.(scheduler); ok {
		schedule = s.PollSchedule()
	}
	if w.schedule != nil {
		schedule = *w.schedule
	}
	if w.budget <= 0 {
		return nil, Invalid(p.Vendor(), "wait", "the budget is not positive")
	}
	start := time.Now()
	open := &WaitError{Ref: ref}
	budget := time.NewTimer(w.budget)
	defer budget.Stop()
	for n := 0; ; {
		early := w.now && open.Last == nil && open.Err == nil
		if !early {
			at, ok := schedule.after(n)
			if !ok {
				open.Waited = time.Since(start)
				return nil, open
			}
			ended, woken, err := w.sleep(ctx, ref, at-time.Since(start), budget.C)
			if err != nil {
				return nil, err
			}
			if ended {
				open.Waited = time.Since(start)
				return nil, open
			}
			if !woken {
				n++
			}
		}
		result, err := p.Fetch(ctx, ref)
		if w.progress != nil {
			w.progress(result, err)
		}
		if err != nil {
			if ctx.Err() != nil {
				return nil, fmt.Errorf("kyc: wait: %w", ctx.Err())
			}
			if !errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrRateLimited) {
				return nil, err
			}
			open.Err = err
			// The vendor's wish goes before the schedule.
			var e *Error
			if errors.As(err, &e) && e.RetryAfter > 0 {
				if ended, _, err := w.sleep(ctx, ref, e.RetryAfter, budget.C); err != nil {
					return nil, err
				} else if ended {
					open.Waited = time.Since(start)
					return nil, open
				}
			}
			continue
		}
		open.Last, open.Err = result, nil
		if w.until(result) {
			return result, nil
		}
	}
}

// sleep waits for d, for the end of the budget, or for an event of the verification.
func (w *waiter) sleep(ctx context.Context, ref Ref, d time.Duration, budget <-chan time.Time) (ended, woken bool, err error) {
	timer := time.NewTimer(max(d, 0))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return false, false, fmt.Errorf("kyc: wait: %w", ctx.Err())
		case <-budget:
			return true, false, nil
		case <-timer.C:
			return false, false, nil
		case e, ok := <-w.wake:
			if !ok {
				w.wake = nil
			} else if e.Ref == ref {
				return false, true, nil
			}
		}
	}
}
