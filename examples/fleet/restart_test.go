package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// The queue is killed twice in the middle of the work, the second time for so long that receivers refuse notices. Since Redis
// stays, the vendor is asked once for each verification.
func TestTheQueueIsKilled(t *testing.T) {
	s := newSite(t)
	const rate, burst = 30, 3
	args := []string{"-rate", fmt.Sprint(rate), "-burst", fmt.Sprint(burst), "-parallel", "4", "-lease", "30s", "-ack-wait", "3s"}
	s.front.slowDown(100 * time.Millisecond)
	s.receiver("127.0.0.1:0")
	s.worker("a", args...)
	s.worker("b", args...)
	refs := s.verify(40)

	until(t, "a quarter is processed", time.Minute, func() bool { return len(s.acted()) >= 10 })
	s.nats.kill()
	refs = append(refs, s.verify(10)...)
	s.nats.again()

	until(t, "a half is processed", 2*time.Minute, func() bool { return len(s.acted()) >= 25 })
	s.nats.kill()
	refused := s.logged("kyc notice failed")
	refs = append(refs, s.verify(10)...)
	until(t, "a receiver refuses a notice", time.Minute, refused)
	s.nats.again()

	s.settled(refs, 2*time.Minute)
	for _, ref := range refs {
		if got := s.front.fetched(ref); got != 1 {
			t.Errorf("%v was fetched %d times", ref, got)
		}
	}
	s.withinBudget(rate, burst, 2*time.Second)

	// The queue has not forgotten what it had before, processed or not.
	q := s.queue()
	before := s.stream(q).LastSeq
	for _, member := range s.rdb.SMembers(t.Context(), ledgerNotices).Val() {
		if err := q.put(t.Context(), kyc.Event{Vendor: kyc.Jumio, ID: strings.TrimPrefix(member, "jumio "), Ref: refs[0]}); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.stream(q).LastSeq; got != before || got < uint64(len(refs)) {
		t.Errorf("%d messages before and %d after a repeat of %d notices", before, got, len(refs))
	}
}

// Redis is killed twice in the middle of the work, the second time for so long that workers cannot go on. It forgets nothing:
// neither what was done nor what the budget has left.
func TestRedisIsKilled(t *testing.T) {
	s := newSite(t)
	// The burst is what a Redis without memory would grant again. It is used up at the first kill.
	const rate, burst, parallel = 5, 80, 4
	args := []string{
		"-rate", fmt.Sprint(rate), "-burst", fmt.Sprint(burst), "-parallel", fmt.Sprint(parallel), "-lease", "5s", "-ack-wait", "5s",
	}
	s.front.slowDown(50 * time.Millisecond)
	s.receiver("127.0.0.1:0")
	s.worker("a", args...)
	s.worker("b", args...)
	refs := s.verify(150)
	until(t, "the burst is used up", time.Minute, func() bool { return s.front.allFetches() >= 90 })
	s.redis.kill()
	s.redis.again()

	until(t, "most are fetched", 2*time.Minute, func() bool { return s.front.allFetches() >= 120 })
	failed := s.logged("not processed")
	s.redis.kill()
	until(t, "a worker cannot go on", time.Minute, failed)
	s.redis.again()

	s.settled(refs, 2*time.Minute)
	s.withinBudget(rate, burst, 2*time.Second)
	// What two workers had in hand at two kills is fetched again; the ledger has each effect once.
	if got, most := s.front.allFetches(), len(refs)+2*2*parallel; got > most {
		t.Errorf("%d fetches for %d verifications, want at most %d", got, len(refs), most)
	}
	t.Logf("%d fetches for %d verifications", s.front.allFetches(), len(refs))
}

// An answer that was on its way to a queue that died is not waited for as long as the work may take.
func TestConfirmGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if err := confirm(t.Context(), deaf{}); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > workLimit/10 {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

// deaf is a message of a queue that never answers.
type deaf struct{ jetstream.Msg }

// DoubleAck waits in vain.
func (deaf) DoubleAck(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}
