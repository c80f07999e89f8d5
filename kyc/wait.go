package kyc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
)

// Schedule says when a waiting caller reads.
type Schedule struct {
	// At are the times since the wait began, in their order.
	At []time.Duration
	// Then is the time between two reads after the last of At. With zero, waiting ends there.
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

// following returns the first read from n on that comes after the elapsed time, and false where none does.
func (s Schedule) following(n int, elapsed time.Duration) (int, bool) {
	for ; n < len(s.At); n++ {
		if s.At[n] > elapsed {
			return n, true
		}
	}
	if s.Then <= 0 {
		return n, false
	}
	if at, _ := s.after(n); at <= elapsed {
		n += int((elapsed-at)/s.Then) + 1
	}
	return n, true
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

// WithWake reads at once when events delivers one for the waited-for Ref, or,
// where the vendor has asked to be left alone, as soon as that time is over.
// Others are dropped; a closed channel is left alone.
func WithWake(events <-chan Event) WaitOption { return func(w *waiter) { w.wake = events } }

// WithUntil replaces what ends the wait; by default [Result.Settled].
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

// Error names the decision and, where the state is one that no rule names, the
// vendor's own word for it: letters, digits, _ - . and /, at most 40 of them. Any
// other text could be somebody's name and is not printed; Last.Status has it.
func (e *WaitError) Error() string {
	text := ErrStillOpen.Error() + " after " + e.Waited.Round(time.Second).String()
	if e.Last != nil {
		text += ": " + e.Last.Decision.String()
		switch status := e.Last.Status; {
		case e.Last.Decision != Unknown || status == "":
		case len(status) <= 40 && plain(status, "") != "" && !strings.Contains(status, ":"):
			text += " (status " + status + ")"
		default:
			text += " (a status that is not one short word: see Last.Status)"
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
// to act on, and returns that result: a final decision, [Review],
// [InputRequired], or an [Unknown] that has Ended. A state that no rule names
// keeps waiting. A read that fails
// with [ErrUnavailable] or [ErrRateLimited] is tried again by the schedule, and
// not before its RetryAfter is over; every other fault ends the wait. Moments of
// the schedule that pass during a read are skipped, and all that pass during a
// RetryAfter make one read. When ctx ends, its error is returned; when
// the budget or the schedule ends, a [*WaitError].
func Wait(ctx context.Context, p Provider, ref Ref, opts ...WaitOption) (*Result, error) {
	w := waiter{budget: defaultBudget, until: (*Result).Settled}
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
	for n, due := 0, w.now; ; {
		if !due {
			at, ok := schedule.after(n)
			if !ok {
				open.Waited = time.Since(start)
				return nil, open
			}
			ended, woken, err := w.sleep(ctx, ref, at-time.Since(start), budget.C, true)
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
		before, more := n, false
		n, more = schedule.following(n, time.Since(start))
		// What there was to see at the schedule's last moment is not left unread.
		due = !more && n > before && time.Since(start) < w.budget
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
				ended, woken, err := w.sleep(ctx, ref, e.RetryAfter, budget.C, false)
				if err != nil {
					return nil, err
				}
				if ended {
					open.Waited = time.Since(start)
					return nil, open
				}
				before = n
				n, _ = schedule.following(n, time.Since(start))
				due = due || woken || n > before
			}
			continue
		}
		open.Last, open.Err = result, nil
		if w.until(result) {
			return result, nil
		}
	}
}

// sleep waits for d, for the end of the budget or, where it may be woken, for an event of the verification. Where it may
// not, it tells of the event when d is over.
func (w *waiter) sleep(ctx context.Context, ref Ref, d time.Duration, budget <-chan time.Time, wakes bool) (ended, woken bool, err error) {
	timer := time.NewTimer(max(d, 0))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return false, false, fmt.Errorf("kyc: wait: %w", ctx.Err())
		case <-budget:
			return true, false, nil
		case <-timer.C:
			return false, woken, nil
		case e, ok := <-w.wake:
			if !ok {
				w.wake = nil
			} else if e.Ref == ref {
				if woken = true; wakes {
					return false, true, nil
				}
			}
		}
	}
}
