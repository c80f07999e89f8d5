package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	streamName   = "KYC_NOTICES"
	subjects     = "kyc.notices.*"
	consumerName = "workers"

	// dedupWindow is how long the queue knows a notice again. Later repeats are known to the workers' store.
	dedupWindow = 30 * time.Minute
	// keepNotices is how long a notice waits for a worker at most, and how long the workers' store knows it.
	keepNotices = 7 * 24 * time.Hour
	// maxNotice bounds a notice in the queue. A real one has about 300 bytes; only one that was made up is longer.
	maxNotice = 4 << 10
)

// notice is what the queue holds: where to look, and nothing of a person. The vendor's own body stays out of it.
type notice struct {
	ID     string     `json:"id"`
	Vendor kyc.Vendor `json:"vendor"`
	Ref    kyc.Ref    `json:"ref"`
	Type   string     `json:"type,omitzero"`
	// Final is set if the notice says that the verification is over. No other may come after it.
	Final bool `json:"final,omitzero"`
}

// queue is a JetStream stream of notices, each for one worker.
type queue struct {
	nc  *nats.Conn
	js  jetstream.JetStream
	log *slog.Logger
}

// dialQueue connects. A server that is not there yet is waited for by whatever needs it first.
func dialQueue(url, name string, log *slog.Logger) (*queue, error) {
	nc, err := nats.Connect(url, nats.Name(name), nats.MaxReconnects(-1), nats.RetryOnFailedConnect(true), nats.ReconnectWait(200*time.Millisecond))
	if err != nil {
		return nil, fmt.Errorf("NATS: %w", err)
	}
	js, err := jetstream.New(nc)
	if err != nil {
		nc.Close()
		return nil, fmt.Errorf("JetStream: %w", err)
	}
	return &queue{nc: nc, js: js, log: log}, nil
}

// makeStream makes the stream, or gives the one that there is these settings.
func (q *queue) makeStream(ctx context.Context, size int64) error {
	err := q.persist(ctx, func(ctx context.Context) error {
		// What is processed stays until it is old, and is not removed as in a work queue: a server that was killed tells
		// repeats by what the stream holds, and may bring back what was removed. A stream that is full refuses what is new,
		// so that the vendor sends it again, instead of dropping what nobody has processed.
		_, err := q.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
			Name: streamName, Subjects: []string{subjects}, Retention: jetstream.LimitsPolicy, Storage: jetstream.FileStorage,
			Duplicates: dedupWindow, MaxAge: keepNotices, MaxBytes: size, MaxMsgSize: maxNotice, Discard: jetstream.DiscardNew,
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("JetStream: make the stream: %w", err)
	}
	return nil
}

func (q *queue) close() { q.nc.Close() }

// put hands a notice over. It returns nil only when the queue has it on disk, or has had it before.
func (q *queue) put(ctx context.Context, e kyc.Event) error {
	id := e.ID
	if id == "" {
		// The vendor does not tell its notices apart: the same text is the same notice.
		id = fmt.Sprintf("%x", sha256.Sum256(e.Raw))
	}
	data, err := json.Marshal(notice{ID: id, Vendor: e.Vendor, Ref: e.Ref, Type: e.Type, Final: final(e)})
	if err != nil {
		return err
	}
	msg := nats.NewMsg("kyc.notices." + string(e.Vendor))
	msg.Data = data
	// A digest, since the id is as long as its sender likes.
	msg.Header.Set(jetstream.MsgIDHeader, fmt.Sprintf("%x", sha256.Sum256([]byte(string(e.Vendor)+" "+id))))
	// Didit waits five seconds for the answer to a notice.
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if _, err := q.js.PublishMsg(ctx, msg); err != nil {
		return fmt.Errorf("JetStream: %w", err)
	}
	return nil
}

// consumer is the workers' common view of the queue: each notice goes to one of them, and to another if it is not confirmed
// within wait. Workers that come before the first receiver wait for the stream that it makes.
func (q *queue) consumer(ctx context.Context, wait time.Duration) (jetstream.Consumer, error) {
	var c jetstream.Consumer
	err := q.persist(ctx, func(ctx context.Context) error {
		var err error
		c, err = q.js.CreateOrUpdateConsumer(ctx, streamName, jetstream.ConsumerConfig{
			Durable: consumerName, AckPolicy: jetstream.AckExplicitPolicy, AckWait: wait, MaxDeliver: -1, MaxAckPending: 10000,
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("JetStream: make the consumer: %w", err)
	}
	return c, nil
}

// persist repeats f until it succeeds or ctx ends: a server may come up later than its clients. It says what it waits for.
func (q *queue) persist(ctx context.Context, f func(context.Context) error) error {
	every := time.NewTicker(250 * time.Millisecond)
	defer every.Stop()
	said := ""
	for {
		tryCtx, cancel := context.WithTimeout(ctx, 5*time.Second)
		err := f(tryCtx)
		cancel()
		if err == nil {
			return nil
		}
		if err.Error() != said {
			said = err.Error()
			q.log.Warn("the queue is not ready, will be tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return err
		case <-every.C:
		}
	}
}
