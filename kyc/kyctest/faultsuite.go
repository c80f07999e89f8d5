package kyctest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// classes are the errors that a fault may lead to if it is not overcome.
var classes = map[Fault][]error{
	Throttle:           {kyc.ErrRateLimited},
	ThrottleRetryAfter: {kyc.ErrRateLimited},
	ThrottleLong:       {kyc.ErrRateLimited},
	ServerError:        {kyc.ErrUnavailable},
	Unavailable:        {kyc.ErrUnavailable},
	BadGatewayHTML:     {kyc.ErrUnavailable},
	EmptyNotFound:      {kyc.ErrNotFound},
	Hang:               {kyc.ErrUnavailable, context.DeadlineExceeded},
	Truncate:           {kyc.ErrMalformed, kyc.ErrUnavailable},
	Reset:              {kyc.ErrUnavailable},
	ResetAfterRead:     {kyc.ErrUnavailable},
	StaleToken:         {kyc.ErrUnauthorized},
	SlowBody:           nil,
	InvalidJSON:        {kyc.ErrMalformed},
	DuplicateMember:    {kyc.ErrMalformed},
	InvalidUTF8:        {kyc.ErrMalformed},
	OversizedBody:      {kyc.ErrMalformed},
}

// bounded returns the context of a call that meets a fault. One that does not answer is waited for only briefly.
func (s *suite) bounded(t reporter, f Fault) (context.Context, context.CancelFunc) {
	if f == Hang {
		return context.WithTimeout(t.Context(), s.patience/100)
	}
	return context.WithTimeout(t.Context(), 2*s.patience)
}

// count returns how many requests one call sends to a fake without a fault.
func (s *suite) count(t reporter, call func(w *world) error, prepare func(w *world)) int {
	n := 0
	s.with(t, Setup{Outcome: kyc.Approved}, func(w *world) {
		prepare(w)
		before := w.Requests()
		if err := call(w); err != nil {
			t.Fatalf("without a fault: %v", err)
		}
		n = w.Requests() - before
	})
	if n == 0 {
		t.Fatalf("Requests does not count")
	}
	return n
}

// eachFault calls f for every fault, of each single request and of all of them (n is 0).
func eachFault(t reporter, requests int, f func(t reporter, n int, fault Fault)) {
	for _, fault := range Faults() {
		for n := range requests + 1 {
			name := fmt.Sprintf("%s of request %d", fault, n)
			if n == 0 {
				name = fault.String() + " of all requests"
			}
			t.Run(name, func(t reporter) { f(t, n, fault) })
		}
	}
}

func (s *suite) startFaults(t reporter) {
	call := func(w *world) error {
		_, err := w.p.Start(t.Context(), s.request())
		return err
	}
	eachFault(t, s.count(t, call, func(*world) {}), func(t reporter, n int, fault Fault) {
		s.with(t, Setup{Outcome: kyc.Approved}, func(w *world) {
			w.Inject(n, fault)
			ctx, cancel := s.bounded(t, fault)
			defer cancel()
			session, err := w.p.Start(ctx, s.request())
			creates := w.Creates()
			s.judge(t, w, fault, n, session != nil, err)
			switch {
			case creates > 1:
				t.Errorf("one Start made %d sessions", creates)
			case err == nil && creates != 1:
				t.Errorf("a session without a create: Creates is %d", creates)
			case err != nil && creates == 1 && !kyc.Uncertain(err):
				t.Errorf("the vendor opened a session, and the error says that it did not: %v", err)
			}
		})
	})
}

func (s *suite) fetchFaults(t reporter) {
	var ref kyc.Ref
	prepare := func(w *world) { ref = s.finish(t, w).Ref }
	call := func(w *world) error {
		_, err := w.p.Fetch(t.Context(), ref)
		return err
	}
	outcome := kyc.Approved
	eachFault(t, s.count(t, call, prepare), func(t reporter, n int, fault Fault) {
		s.with(t, Setup{Outcome: outcome}, func(w *world) {
			ref := s.finish(t, w).Ref
			w.Inject(n, fault)
			ctx, cancel := s.bounded(t, fault)
			defer cancel()
			result, err := w.p.Fetch(ctx, ref)
			s.judge(t, w, fault, n, result != nil, err)
			if result != nil && result.Decision != outcome {
				t.Errorf("the decision is %v, want %v", result.Decision, outcome)
			}
			if creates := w.Creates(); creates != 1 {
				t.Errorf("Creates is %d after a Fetch", creates)
			}
		})
	})
}

// allowed returns the classes that an error may have. Where the token endpoint or a gateway in front of it is not found, that
// says nothing about the verification, which must not pass for deleted.
func allowed(fault Fault, err error) []error {
	if e, ok := errors.AsType[*kyc.Error](err); ok && fault == EmptyNotFound && e.Operation == kyc.TokenOperation {
		return []error{kyc.ErrUnavailable}
	}
	return classes[fault]
}

// judge checks that a call ended in a way that its fault allows.
func (s *suite) judge(t reporter, w *world, fault Fault, n int, answer bool, err error) {
	switch {
	case answer && err != nil:
		t.Errorf("a result beside an error: %v", err)
	case !answer && err == nil:
		t.Errorf("neither a result nor an error")
	case err == nil && n == 0 && classes[fault] != nil:
		t.Errorf("a success, although every request met %s", fault)
	case err != nil && !slices.ContainsFunc(allowed(fault, err), func(class error) bool { return errors.Is(err, class) }):
		t.Errorf("the error is %v", err)
	}
	if err == nil {
		return
	}
	if complaint := errorFault(err); complaint != "" {
		t.Errorf("%v: %s", err, complaint)
	}
	if leak := leaked(printed(err), w.Secrets()); leak != "" {
		t.Errorf("the printed error holds %s", leak)
	}
	if e, ok := errors.AsType[*kyc.Error](err); ok && fault == ThrottleLong && e.RetryAfter < time.Hour {
		t.Errorf("RetryAfter is %v, but the vendor asked for an hour", e.RetryAfter)
	}
}
