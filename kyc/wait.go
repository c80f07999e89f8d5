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
	// At are the times of the first reads, counted from the beginning of the wait, in ascending order.
	At []time.Duration
	// Then is the time between two reads after the last of At. With zero, the wait ends there.
	Then time.Duration
}

// DefaultSchedule is used for a provider that publishes none.
var DefaultSchedule = Schedule{At: []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second, time.Minute}, Then: time.Minute}

// after returns the elapsed time of read n (from 0), and false if there is no such read.
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

// following returns the first read from n on that comes after the elapsed time, and false if there is none.
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

// WithBudget ends the wait after d, by default 30 minutes, and a read that is then
// under way. The context may end it earlier.
func WithBudget(d time.Duration) WaitOption { return func(w *waiter) { w.budget = d } }

// WithProgress calls f after every read with its result or its error, on the
// goroutine that waits.
func WithProgress(f func(*Result, error)) WaitOption { return func(w *waiter) { w.progress = f } }

// WithWake reads at once when events delivers one for the Ref that is waited for
// or, if the vendor has asked to be left alone, as soon as that time is over.
// Events for other Refs are dropped; a closed channel is ignored.
func WithWake(events <-chan Event) WaitOption { return func(w *waiter) { w.wake = events } }

// WithUntil replaces the condition that ends the wait, by default
// [Result.Settled].
func WithUntil(f func(*Result) bool) WaitOption { return func(w *waiter) { w.until = f } }

// WithImmediateRead reads at once, before the schedule begins.
func WithImmediateRead() WaitOption { return func(w *waiter) { w.now = true } }

// ErrStillOpen is matched by a [*WaitError].
var ErrStillOpen = errors.New("kyc: the verification is still open")

// WaitError says that the budget, the schedule or the context ended before the
// verification did. It matches [ErrStillOpen] and unwraps to the context's error
// or else to that of the last read.
type WaitError struct {
	// Ref points to the verification.
	Ref Ref
	// Last is the last result that was read; nil if no read succeeded.
	Last *Result
	// Waited is how long the wait lasted.
	Waited time.Duration
	// Err is the context's error if it ended the wait, or that of the last read, if it failed.
	Err error
}

// Error names the decision and, for a state that no rule names, the vendor's own
// word for it, if it consists of at most 40 letters, digits, _ - . and /. Any other
// text could be somebody's name and is not printed; Last.Status has it.
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

// Unwrap returns Err.
func (e *WaitError) Unwrap() error { return e.Err }

// safeText returns the text of this package's own errors, and of others no more than whether the context ended.
func safeText(err error) string {
	e, ok := errors.AsType[*Error](err)
	switch {
	case ok:
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

// Wait reads a verification on the vendor's schedule until there is something to
// act on, and returns that result: a final decision, [Review], [InputRequired], or
// an [Unknown] that has Ended. A state that no rule names keeps waiting. A read
// that fails with [ErrUnavailable] or [ErrRateLimited] is tried again on the
// schedule, but not before its RetryAfter is over; every other fault ends the
// wait. Reads that fall due while another is under way are skipped, and all that
// fall due during a RetryAfter become one. When the budget, the schedule or ctx
// ends, the error is a [*WaitError], which matches ctx's error in the last case.
// A Ref that p cannot hold is an error matching [ErrInvalid], before any wait.
func Wait(ctx context.Context, p Provider, ref Ref, opts ...WaitOption) (*Result, error) {
	w := waiter{budget: defaultBudget, until: (*Result).Settled}
	for _, o := range opts {
		if o != nil {
			o(&w)
		}
	}
	p, err := w.check(ctx, p, ref)
	if err != nil {
		return nil, err
	}
	schedule := w.scheduleOf(p)
	start := time.Now()
	outer := ctx
	// The budget ends a read that is under way, too.
	ctx, cancel := context.WithDeadlineCause(ctx, start.Add(w.budget), errBudget)
	defer cancel()
	open := &WaitError{Ref: ref}
	stillOpen := func() error {
		open.Waited = time.Since(start)
		if err := outer.Err(); err != nil {
			open.Err = err
		}
		return open
	}
	sleep := func(d time.Duration, wakes bool) (woken bool, err error) {
		if woken, err = w.sleep(ctx, ref, d, wakes); err != nil {
			err = stillOpen()
		}
		return woken, err
	}
	for n, due := 0, w.now; ; {
		if !due {
			at, ok := schedule.after(n)
			if !ok {
				return nil, stillOpen()
			}
			woken, err := sleep(at-time.Since(start), true)
			if err != nil {
				return nil, err
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
		// If a read outlasts the schedule, one more sees what there was at the schedule's end.
		due = !more && n > before && time.Since(start) < w.budget
		if err == nil {
			open.Last, open.Err = result, nil
			if w.until(result) {
				return result, nil
			}
			continue
		}
		if ctx.Err() != nil {
			return nil, stillOpen()
		}
		if !errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrRateLimited) {
			return nil, err
		}
		open.Err = err
		// The vendor's wish takes precedence over the schedule.
		if e, ok := errors.AsType[*Error](err); ok && e.RetryAfter > 0 {
			woken, err := sleep(e.RetryAfter, false)
			if err != nil {
				return nil, err
			}
			before = n
			n, _ = schedule.following(n, time.Since(start))
			due = due || woken || n > before
		}
	}
}

// check refuses what no wait could mend, and returns the provider to read from.
func (w *waiter) check(ctx context.Context, p Provider, ref Ref) (Provider, error) {
	const op = "wait"
	if p == nil {
		return nil, Invalid("", op, "the provider is nil")
	}
	if c, ok := p.(*Chain); ok {
		// The vendor that holds the verification says when to ask.
		held, err := c.holder(op, ref)
		if err != nil {
			return nil, err
		}
		p = held
	}
	switch {
	case ctx == nil:
		return nil, Invalid(p.Vendor(), op, "the context is nil")
	case w.budget <= 0:
		return nil, Invalid(p.Vendor(), op, "the budget is not positive")
	case ref.Vendor != p.Vendor():
		return nil, Invalid(p.Vendor(), op, "the Ref is another vendor's")
	case ref.Session == "":
		return nil, Invalid(p.Vendor(), op, "the Ref names no session")
	}
	return p, nil
}

// scheduleOf returns the caller's schedule, the provider's, or the default.
func (w *waiter) scheduleOf(p Provider) Schedule {
	if w.schedule != nil {
		return *w.schedule
	}
	if s, ok := p.(scheduler); ok {
		return s.PollSchedule()
	}
	return DefaultSchedule
}

// errBudget is why the context of the reads ends before the caller's.
var errBudget = errors.New("kyc: the budget is used up")

// sleep waits for d and reports whether an event of the verification came meanwhile. With wakes set, such an event ends the
// sleep.
func (w *waiter) sleep(ctx context.Context, ref Ref, d time.Duration, wakes bool) (woken bool, err error) {
	timer := time.NewTimer(max(d, 0))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-timer.C:
			return woken, nil
		case e, ok := <-w.wake:
			if !ok {
				w.wake = nil
			} else if e.Ref == ref {
				if woken = true; wakes {
					return true, nil
				}
			}
		}
	}
}
