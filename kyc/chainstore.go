package kyc

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
)

// MemoryChain is a [ChainStore] for one process; the zero value is ready for
// use. It holds every Reference until [Chain.Forget], since one that it dropped
// could be paid for twice. It knows nothing of other processes, nor of what
// happened before a restart: there a Reference gets another session. If that must
// not happen, give the Chain a store of your own.
type MemoryChain struct {
	mu      sync.Mutex
	entries map[string]ChainEntry
}

// Claim takes the Reference, unless it is held.
func (m *MemoryChain) Claim(ctx context.Context, reference string) (ChainEntry, bool, error) {
	if err := ctx.Err(); err != nil {
		return ChainEntry{}, false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if entry, held := m.entries[reference]; held {
		return entry.clone(), false, nil
	}
	if m.entries == nil {
		m.entries = make(map[string]ChainEntry)
	}
	m.entries[reference] = ChainEntry{}
	return ChainEntry{}, true, nil
}

// Save replaces what is stored.
func (m *MemoryChain) Save(_ context.Context, reference string, entry ChainEntry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.entries == nil {
		m.entries = make(map[string]ChainEntry)
	}
	m.entries[reference] = entry.clone()
	return nil
}

// Release frees the Reference.
func (m *MemoryChain) Release(_ context.Context, reference string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, reference)
	return nil
}

func (e ChainEntry) clone() ChainEntry {
	e.Session = e.Session.clone()
	return e
}

func (s *Session) clone() *Session {
	if s == nil {
		return nil
	}
	own := *s
	own.Raw = bytes.Clone(s.Raw)
	return &own
}

// Format prints the type's name only; see [FormatRedacted].
func (m *MemoryChain) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, m) }

// LogValue logs the type's name only; see [LogRedacted].
func (m *MemoryChain) LogValue() slog.Value { return LogRedacted(m) }
