package main

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kycredis"
)

// scripted is a vendor that gives one answer.
type scripted struct {
	result *kyc.Result
	err    error
}

func (scripted) Vendor() kyc.Vendor { return kyc.Jumio }
func (scripted) Start(context.Context, kyc.StartRequest) (*kyc.Session, error) {
	return nil, kyc.Invalid(kyc.Jumio, "start", "not in this test")
}
func (scripted) Delete(context.Context, kyc.Ref) error                 { return nil }
func (s scripted) Fetch(context.Context, kyc.Ref) (*kyc.Result, error) { return s.result, s.err }

// A notice is done with when it was acted on, or when the vendor itself knows of nothing where it points.
func TestWhatBecomesOfANotice(t *testing.T) {
	server, err := startRedis(t.TempDir(), "")
	needed(t, err)
	t.Cleanup(server.kill)
	rdb := dialRedis(server.addr)
	defer func() { _ = rdb.Close() }()
	fault := func(operation string, kind error) scripted {
		return scripted{err: &kyc.Error{Vendor: kyc.Jumio, Operation: operation, Kind: kind, StatusCode: http.StatusNotFound}}
	}
	read := func(d kyc.Decision, ended bool) scripted {
		return scripted{result: &kyc.Result{Decision: d, Ended: ended}}
	}
	for name, c := range map[string]struct {
		vendor   scripted
		final    bool
		done     bool
		decision string
	}{
		"not found":                  {fault("workflows.details", kyc.ErrNotFound), true, true, ""},
		"invalid":                    {fault("workflows.details", kyc.ErrInvalid), true, true, ""},
		"the token is not found":     {fault(kyc.TokenOperation, kyc.ErrNotFound), true, false, ""},
		"the token is invalid":       {fault(kyc.TokenOperation, kyc.ErrInvalid), true, false, ""},
		"the token is refused":       {fault(kyc.TokenOperation, kyc.ErrUnauthorized), true, false, ""},
		"down":                       {fault("workflows.details", kyc.ErrUnavailable), true, false, ""},
		"no error of the module":     {scripted{err: errors.New("not found")}, true, false, ""},
		"approved":                   {read(kyc.Approved, true), true, true, "approved"},
		"behind the last notice":     {read(kyc.Pending, false), true, false, ""},
		"a new word, not over":       {read(kyc.Unknown, false), true, false, ""},
		"a new word, over":           {read(kyc.Unknown, true), true, true, "unknown"},
		"pending, and more may come": {read(kyc.Pending, false), false, true, "pending"},
	} {
		t.Run(name, func(t *testing.T) {
			w := &hand{
				name: "w", provider: c.vendor, seen: kycredis.NewSeenStore(rdb, "seen:", time.Hour, time.Minute), ledger: &ledger{rdb}, log: silent,
				ackWait: time.Minute, lease: time.Minute,
			}
			n := notice{ID: name, Vendor: kyc.Jumio, Ref: kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: name}, Final: c.final}
			if err := w.work(t.Context(), n); (err == nil) != c.done {
				t.Error(err)
			}
			if got := rdb.HGet(t.Context(), ledgerDecision(n.Ref), "decision").Val(); got != c.decision {
				t.Errorf("acted on as %q, want %q", got, c.decision)
			}
			// When it comes again, it is either known or acted on.
			w.provider = read(kyc.Approved, true)
			want := c.decision
			if !c.done {
				want = "approved"
			}
			if err := w.work(t.Context(), n); err != nil {
				t.Error(err)
			}
			if got := rdb.HGet(t.Context(), ledgerDecision(n.Ref), "decision").Val(); got != want {
				t.Errorf("when it comes again it is acted on as %q, want %q", got, want)
			}
		})
	}
}

// delivered is a message that was handed out so many times.
type delivered struct {
	jetstream.Msg
	times uint64
}

// Metadata tells how often.
func (d delivered) Metadata() (*jetstream.MsgMetadata, error) {
	return &jetstream.MsgMetadata{NumDelivered: d.times}, nil
}

// However long the vendor wants to be left alone: when a notice is tried again, the queue must still have it.
func TestLater(t *testing.T) {
	wish := func(d time.Duration) error { return &kyc.Error{Kind: kyc.ErrRateLimited, RetryAfter: d} }
	for _, c := range []struct {
		times uint64
		err   error
		want  time.Duration
	}{
		{1, errors.New("down"), time.Second},
		{4, errors.New("down"), 8 * time.Second},
		{1000, errors.New("down"), time.Minute},
		{3, errBehind, 4 * time.Second},
		{1000, errBehind, time.Hour},
		{1000, wish(10 * time.Second), 10 * time.Second},
		{1, wish(14 * 24 * time.Hour), time.Hour},
		{1, wish(1<<63 - 1), time.Hour},
	} {
		got := later(delivered{times: c.times}, c.err)
		if got != c.want || got > keepNotices/24 {
			t.Errorf("%d times, %v: %v, want %v", c.times, c.err, got, c.want)
		}
	}
}

// The vendor's last notice comes before its answer tells of the end. No other comes, and nothing is lost.
func TestAnAnswerBehindItsNotice(t *testing.T) {
	s := newSite(t)
	s.front.behind = 2
	s.receiver("127.0.0.1:0")
	s.worker("a", patient...)
	refs := s.verify(3)
	s.settled(refs, time.Minute)
	for _, ref := range refs {
		if got := s.front.fetched(ref); got != 3 {
			t.Errorf("%v was fetched %d times", ref, got)
		}
	}
}
