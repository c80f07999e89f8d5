package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kycredis"
)

// worker takes notices from the queue, fetches the results and acts on them.
func worker(ctx context.Context, c config, env func(string) string, out io.Writer, log *slog.Logger) error {
	rdb := dialRedis(c.redis)
	defer func() { _ = rdb.Close() }()
	provider, err := vendor(rdb, c, env, log)
	if err != nil {
		return err
	}
	q, err := dialQueue(c.nats, c.name, log)
	if err != nil {
		return err
	}
	defer q.close()
	consumer, err := q.consumer(ctx, c.ackWait)
	if err != nil {
		return err
	}
	w := &hand{
		name: c.name, provider: provider, ledger: &ledger{rdb}, log: log, ackWait: c.ackWait, lease: c.lease,
		seen: kycredis.NewSeenStore(rdb, "kyc:seen:", keepNotices, c.lease),
	}
	fmt.Fprintln(out, c.name, "is at work")
	var hands sync.WaitGroup
	for range max(c.parallel, 1) {
		hands.Go(func() { w.serve(ctx, consumer) })
	}
	hands.Wait()
	return nil
}

// hand processes one notice at a time; a worker has several.
type hand struct {
	name     string
	provider kyc.Provider
	seen     *kycredis.SeenStore
	ledger   *ledger
	log      *slog.Logger
	ackWait  time.Duration
	lease    time.Duration
}

// workLimit bounds the work on one notice.
const workLimit = 2 * time.Minute

// serve works until ctx ends. Work that has begun then is finished.
func (w *hand) serve(ctx context.Context, consumer jetstream.Consumer) {
	for ctx.Err() == nil {
		// One message at a time: whatever a worker has fetched ahead waits in vain if it dies.
		msg, err := consumer.Next(jetstream.FetchContext(ctx))
		if err != nil {
			if ctx.Err() == nil && !errors.Is(err, jetstream.ErrNoMessages) && !errors.Is(err, context.DeadlineExceeded) {
				w.log.Warn("the queue does not answer", "error", err)
				pause(ctx, time.Second)
			}
			continue
		}
		w.handle(context.WithoutCancel(ctx), msg)
	}
}

// handle processes one message and tells the queue what became of it.
func (w *hand) handle(ctx context.Context, msg jetstream.Msg) {
	ctx, cancel := context.WithTimeout(ctx, workLimit)
	defer cancel()
	var n notice
	if err := json.Unmarshal(msg.Data(), &n); err != nil {
		w.log.Error("a message in the queue is not a notice")
		_ = msg.Term()
		return
	}
	err := w.keeping(msg, func() error { return w.work(ctx, n) })
	switch {
	case err == nil:
		// If the queue does not hear of it, it hands the notice out again, and the store knows it.
		err = confirm(ctx, msg)
	case errors.Is(err, kycredis.ErrClaimed):
		// Another worker has it, or had it and died.
		err = msg.NakWithDelay(min(w.lease/2, 2*time.Second))
	default:
		w.log.Warn("not processed, will be tried again", "ref", n.Ref, "error", err)
		err = msg.NakWithDelay(later(msg, err))
	}
	if err != nil {
		w.log.Warn("the queue does not take the answer", "ref", n.Ref, "error", err)
	}
}

// confirm waits until the queue has it, but not for a queue that has died in between.
func confirm(ctx context.Context, msg jetstream.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return msg.DoubleAck(ctx)
}

// keeping tells the queue from time to time that the work goes on.
func (w *hand) keeping(msg jetstream.Msg, work func() error) error {
	done := make(chan error, 1)
	go func() { done <- work() }()
	every := time.NewTicker(w.ackWait / 3)
	defer every.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-every.C:
			_ = msg.InProgress()
		}
	}
}

// longestPause bounds what later says, whatever the vendor wishes: by then the queue must still have the notice.
const longestPause = time.Hour

// later says when a notice is tried again: when the vendor wants, or after a time that grows.
func later(msg jetstream.Msg, err error) time.Duration {
	if e, ok := errors.AsType[*kyc.Error](err); ok && e.RetryAfter > 0 {
		return min(e.RetryAfter, longestPause)
	}
	limit := time.Minute
	if errors.Is(err, errBehind) {
		// Each try is a call to the vendor, and anybody may have made the notice up.
		limit = longestPause
	}
	tries := uint64(1)
	if meta, err := msg.Metadata(); err == nil {
		tries = min(meta.NumDelivered, 13)
	}
	return min(500*time.Millisecond<<tries, limit)
}

// errBehind has a notice tried again that says more than the vendor's answer does yet.
var errBehind = errors.New("the vendor's answer is behind its notice")

// pointsNowhere tells whether the vendor knows of nothing where a notice points. The same fault of the call for an access
// token says something about the credentials, and nothing about the notice.
func pointsNowhere(err error) bool {
	e, ok := errors.AsType[*kyc.Error](err)
	return ok && e.Operation != kyc.TokenOperation && (errors.Is(e, kyc.ErrNotFound) || errors.Is(e, kyc.ErrInvalid))
}

// work is done once for each notice, and by one worker at a time for each verification, so that an older result is never
// written over a newer one.
func (w *hand) work(ctx context.Context, n notice) (err error) {
	for _, id := range []string{"notice " + string(n.Vendor) + " " + n.ID, "verification " + n.Ref.String()} {
		first, err := w.seen.Claim(ctx, id)
		if err != nil {
			return err
		}
		if !first {
			return nil
		}
		defer func() {
			// The verification is always given back; the notice only after a failure, see below.
			if err := w.seen.Release(context.WithoutCancel(ctx), id); err != nil {
				w.log.Warn("a claim is not given back and will run out", "error", err)
			}
		}()
	}
	result, err := w.provider.Fetch(ctx, n.Ref)
	switch {
	case pointsNowhere(err):
		// Notices are not signed: anybody can send one about nothing.
		w.log.Warn("a notice points nowhere", "error", err)
	case err != nil:
		return fmt.Errorf("fetch: %w", err)
	case n.Final && !result.Settled():
		return errBehind // no other notice may come
	default:
		acted, err := w.ledger.act(ctx, w.name, n, result)
		if err != nil {
			return fmt.Errorf("act: %w", err)
		}
		w.log.Info("processed", "ref", n.Ref, "decision", result.Decision, "first", acted)
	}
	// From here on the notice is done; Release leaves a finished claim alone. If this fails the notice comes again
	// after the lease, and the ledger knows it.
	if err := w.seen.Finish(context.WithoutCancel(ctx), "notice "+string(n.Vendor)+" "+n.ID); err != nil {
		w.log.Warn("processed, but not marked as finished", "error", err)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
