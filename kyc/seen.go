package kyc

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// SeenStore remembers which notices have been processed, so that one that is
// sent again is not processed twice. Implementations are safe for use by many
// goroutines, and may be shared by many processes.
type SeenStore interface {
	// Claim takes id for the caller. It returns false if the notice has been processed. While it is being
	// processed, a store that is a [SeenFinisher] returns an error, so that the notice is sent again: that
	// processing may fail.
	Claim(ctx context.Context, id string) (bool, error)
	// Release frees id after a failure, so that the notice is processed when it is next sent.
	Release(ctx context.Context, id string) error
}

// SeenFinisher is a [SeenStore] that tells work under way from work that is
// done, as a store for many processes must: the claim of a process that dies
// lapses, a finished one stays. [Handler] calls Finish when the callback has
// succeeded.
type SeenFinisher interface {
	SeenStore
	// Finish marks the work on id as done.
	Finish(ctx context.Context, id string) error
}

// MemorySeen is a [SeenStore] for one process. It holds a bounded number of ids
// for a limited time and evicts the oldest first. The zero value holds 65,536 ids
// for 72 hours.
type MemorySeen struct {
	// Max is the number of ids, TTL how long each is held.
	Max int
	TTL time.Duration

	mu    sync.Mutex
	ids   map[string]*list.Element
	order list.List // of *seen, by time of claim; it holds what ids holds
}

type seen struct {
	id   string
	at   time.Time
	done bool
}

// errInWork makes the vendor send the notice again, since the callback that is processing it may fail.
var errInWork = errors.New("kyc: the notice is being processed")

const (
	defaultSeenMax = 1 << 16
	defaultSeenTTL = 72 * time.Hour
)

// Claim takes id. It returns false if the work on it is done, and an error if it
// is under way.
func (m *MemorySeen) Claim(_ context.Context, id string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	limit, ttl := m.Max, m.TTL
	if limit <= 0 {
		limit = defaultSeenMax
	}
	if ttl <= 0 {
		ttl = defaultSeenTTL
	}
	evict := func(full func() bool) {
		for first := m.order.Front(); first != nil && (now.Sub(first.Value.(*seen).at) >= ttl || full()); first = m.order.Front() {
			m.drop(first)
		}
	}
	evict(func() bool { return false })
	if e, held := m.ids[id]; held {
		if !e.Value.(*seen).done {
			return false, errInWork
		}
		return false, nil
	}
	evict(func() bool { return len(m.ids) >= limit })
	if m.ids == nil {
		m.ids = make(map[string]*list.Element)
	}
	m.ids[id] = m.order.PushBack(&seen{id: id, at: now})
	return true, nil
}

// Release frees id.
func (m *MemorySeen) Release(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, held := m.ids[id]; held {
		m.drop(e)
	}
	return nil
}

// Finish marks the work on id as done.
func (m *MemorySeen) Finish(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, held := m.ids[id]; held {
		e.Value.(*seen).done = true
	}
	return nil
}

func (m *MemorySeen) drop(e *list.Element) { delete(m.ids, m.order.Remove(e).(*seen).id) }

// Format prints the type's name only; see [FormatRedacted].
func (m *MemorySeen) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, m) }

// LogValue logs the type's name only; see [LogRedacted].
func (m *MemorySeen) LogValue() slog.Value { return LogRedacted(m) }
