package kyctest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// step is a call that a context can end.
type step struct {
	name    string
	prepare func(t reporter, w *world) kyc.Ref
	call    func(ctx context.Context, w *world, ref kyc.Ref) (answer bool, err error)
}

func (s *suite) steps() []step {
	opened := func(t reporter, w *world) kyc.Ref { return s.finish(t, w).Ref }
	return []step{
		{"start", func(reporter, *world) kyc.Ref { return kyc.Ref{} }, func(ctx context.Context, w *world, _ kyc.Ref) (bool, error) {
			session, err := w.p.Start(ctx, s.request())
			return session != nil, err
		}},
		{"fetch", opened, func(ctx context.Context, w *world, ref kyc.Ref) (bool, error) {
			result, err := w.p.Fetch(ctx, ref)
			return result != nil, err
		}},
		{"delete", opened, func(ctx context.Context, w *world, ref kyc.Ref) (bool, error) { return false, w.p.Delete(ctx, ref) }},
	}
}

func (s *suite) cancellation(t reporter) {
	for _, step := range s.steps() {
		var ref kyc.Ref
		requests := s.count(t, func(w *world) error {
			_, err := step.call(t.Context(), w, ref)
			return err
		}, func(w *world) { ref = step.prepare(t, w) })

		t.Run(step.name+" before it begins", func(t reporter) { s.cancelled(t, step, nil, 0, NoFault) })
		for n := 1; n <= requests; n++ {
			t.Run(fmt.Sprintf("%s in request %d", step.name, n), func(t reporter) { s.cancelled(t, step, nil, n, Hang) })
		}
		// The wait before a repeat ends with the context too.
		slow := []kyc.Option{kyc.WithRetry(kyc.RetryPolicy{MinBackoff: time.Hour, MaxBackoff: time.Hour})}
		t.Run(step.name+" between two attempts", func(t reporter) { s.cancelled(t, step, slow, 1, Unavailable) })
		t.Run(step.name+" at its deadline", func(t reporter) { s.deadline(t, step) })
	}
}

// cancelled ends the context once the nth request has come in, or before the call if n is 0.
func (s *suite) cancelled(t reporter, step step, options []kyc.Option, n int, fault Fault) {
	s.with(t, Setup{Outcome: kyc.Approved, Options: options}, func(w *world) {
		ref := step.prepare(t, w)
		creates, before := w.Creates(), w.Requests()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if n == 0 {
			cancel()
		} else {
			w.Inject(n, fault)
		}
		end := s.begin(ctx, w, step, ref)
		if n > 0 && !s.poll(func() bool { return w.Requests() >= before+n }) {
			t.Fatalf("request %d did not come", n)
		}
		cancel()
		s.ended(t, end, context.Canceled, fault)
		if sent := w.Requests() - before; n == 0 && sent != 0 {
			t.Errorf("%d requests were sent after the context had ended", sent)
		}
		if more := w.Creates() - creates; more > 1 || more == 1 && n == 0 {
			t.Errorf("%d sessions were made", more)
		}
	})
}

// deadline lets the context expire while the vendor does not answer.
func (s *suite) deadline(t reporter, step step) {
	s.with(t, Setup{Outcome: kyc.Approved}, func(w *world) {
		ref := step.prepare(t, w)
		w.Inject(0, Hang)
		ctx, cancel := context.WithTimeout(t.Context(), 40*time.Millisecond)
		defer cancel()
		s.ended(t, s.begin(ctx, w, step, ref), context.DeadlineExceeded, Hang)
	})
}

type ending struct {
	answer bool
	err    error
}

func (s *suite) begin(ctx context.Context, w *world, step step, ref kyc.Ref) <-chan ending {
	end := make(chan ending, 1)
	go func() {
		answer, err := step.call(ctx, w, ref)
		end <- ending{answer, err}
	}()
	return end
}

// ended checks that a call ended as its context did.
func (s *suite) ended(t reporter, end <-chan ending, want error, fault Fault) {
	timer := time.NewTimer(s.patience)
	defer timer.Stop()
	select {
	case got := <-end:
		switch {
		case got.answer:
			t.Errorf("an answer, although the context had ended")
		case errors.Is(got.err, want) && errorFault(got.err) == "":
		case fault == Unavailable && errors.Is(got.err, kyc.ErrUnavailable):
			// A Provider that does not repeat is done before the context is.
		default:
			t.Errorf("the error is %v, want %v", got.err, want)
		}
	case <-timer.C:
		t.Fatalf("the call does not return after its context has ended")
	}
}

// poll waits for a condition that nothing signals.
func (s *suite) poll(done func() bool) bool { return poll(done, s.patience) }

func poll(done func() bool, patience time.Duration) bool {
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for start := time.Now(); !done(); <-ticker.C {
		if time.Since(start) > patience {
			return false
		}
	}
	return true
}
