package fake

import (
	crand "crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"sync"
	"time"
)

// ManualClock is a clock that stands still until it is moved. Its Now method fits every clock hook of this package.
type ManualClock struct {
	mu  sync.Mutex
	now time.Time
}

// NewManualClock returns a clock that shows start.
func NewManualClock(start time.Time) *ManualClock { return &ManualClock{now: start} }

// Now returns the time that the clock shows.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock by d.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// IDs makes identifiers. It is safe for concurrent use.
type IDs struct {
	mu  sync.Mutex
	src io.Reader
}

// NewIDs returns a source of identifiers. With a seed other than 0 the same seed gives the same identifiers in the same
// order; with 0 they are random.
func NewIDs(seed uint64) *IDs {
	if seed == 0 {
		return &IDs{src: crand.Reader}
	}
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return &IDs{src: rand.NewChaCha8(key)}
}

// Bytes returns n random bytes.
func (s *IDs) Bytes(n int) []byte {
	b := make([]byte, n)
	s.mu.Lock()
	defer s.mu.Unlock()
	// neither source returns an error
	_, _ = io.ReadFull(s.src, b)
	return b
}

// UUID returns a canonical version 4 UUID.
func (s *IDs) UUID() string {
	b := s.Bytes(16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// Hex returns n random bytes in hexadecimal.
func (s *IDs) Hex(n int) string { return hex.EncodeToString(s.Bytes(n)) }
