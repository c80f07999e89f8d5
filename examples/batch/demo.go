package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// fakes are the four vendors in this process, each with some finished verifications.
type fakes struct {
	clients map[kyc.Vendor]kyc.Provider
	stop    []func()
	// outcomes start a verification that ends in one way.
	outcomes []func(ctx context.Context, reference string) (kyc.Ref, error)
}

func (f *fakes) close() {
	for _, stop := range f.stop {
		stop()
	}
}

// unlimited replaces the vendors' budgets: a fake needs none.
type unlimited struct{}

// Wait lets every call pass.
func (unlimited) Wait(ctx context.Context) error { return ctx.Err() }

func startFakes(log kyc.Option) (*fakes, error) {
	j, t, d, y := jumiotest.NewServer(), transmittest.NewServer(), didittest.NewServer(), yotitest.NewServer()
	f := &fakes{clients: map[kyc.Vendor]kyc.Provider{}, stop: []func(){j.Close, t.Close, d.Close, y.Close}}
	free := kyc.WithLimiter(unlimited{})
	var errs [4]error
	f.clients[kyc.Jumio], errs[0] = jumio.NewClient(j.Config(), free, log)
	f.clients[kyc.Transmit], errs[1] = transmit.NewClient(t.Config(), free, log)
	f.clients[kyc.Didit], errs[2] = didit.NewClient(d.Config(), free, log)
	f.clients[kyc.Yoti], errs[3] = yoti.NewClient(y.Config(), free, log)
	if err := errors.Join(errs[:]...); err != nil {
		f.close()
		return nil, err
	}
	add := func(vendor kyc.Vendor, script func(), finish func(*kyc.Session) bool) {
		f.outcomes = append(f.outcomes, func(ctx context.Context, reference string) (kyc.Ref, error) {
			script()
			session, err := f.clients[vendor].Start(ctx, kyc.StartRequest{Reference: reference})
			if err != nil {
				return kyc.Ref{}, err
			}
			if !finish(session) {
				return kyc.Ref{}, fmt.Errorf("the fake %s did not finish a verification", vendor)
			}
			return session.Ref, nil
		})
	}
	for _, decision := range []jumio.DecisionType{jumio.DecisionPassed, jumio.DecisionWarning, jumio.DecisionRejected} {
		add(kyc.Jumio, func() { j.Script(jumiotest.Outcome(decision)) }, func(s *kyc.Session) bool { return j.CompleteJourney(s.Ref) })
	}
	// This fake's script holds for the sessions that it has, too, so one outcome has to do.
	add(kyc.Transmit, func() { t.Script(transmittest.Outcome(transmit.RecommendationDeny)) }, func(s *kyc.Session) bool {
		_, err := t.Visit(s.URL)
		return err == nil
	})
	for _, status := range []didit.SessionStatus{didit.StatusApproved, didit.StatusInReview, didit.StatusDeclined} {
		add(kyc.Didit, func() { d.Script(didittest.Outcome(status)) }, func(s *kyc.Session) bool { return d.Complete(s.Ref.Session) })
	}
	add(kyc.Yoti, func() {}, func(s *kyc.Session) bool { return y.CompleteJourney(s.Ref.Session) == nil })
	return f, nil
}

// stale is how often a made result carries the decision of an older table.
const stale = 100

// write stores n results in a file, as a program would have over the years. The verifications of the fakes repeat.
func (f *fakes) write(ctx context.Context, n int) (path string, err error) {
	var made []*kyc.Result
	for i, outcome := range f.outcomes {
		ref, err := outcome(ctx, fmt.Sprintf("batch-%d", i))
		if err != nil {
			return "", err
		}
		result, err := f.clients[ref.Vendor].Fetch(ctx, ref)
		if err != nil {
			return "", err
		}
		made = append(made, result)
	}
	file, err := os.CreateTemp("", "kyc-batch-*.ndjson")
	if err != nil {
		return "", err
	}
	out := bufio.NewWriter(file)
	encoder := json.NewEncoder(out)
	for i := range n {
		result := *made[i%len(made)]
		result.Reference = fmt.Sprintf("customer-%d", i)
		if i%stale == stale-1 {
			// An older version had no row for the word.
			result.Decision = kyc.Unknown
		}
		if err = encoder.Encode(result); err != nil {
			break
		}
	}
	if err = errors.Join(err, out.Flush(), file.Close()); err != nil {
		_ = os.Remove(file.Name())
		return "", err
	}
	return file.Name(), nil
}
