package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// patient keeps what is at work with a worker however busy the machine is.
var patient = []string{"-lease", "30s", "-ack-wait", "30s"}

func TestTwoWorkersKeepTheBudget(t *testing.T) {
	s := newSite(t)
	const n, rate, burst = 60, 20, 3
	s.receiver("127.0.0.1:0")
	began := time.Now()
	for _, name := range []string{"a", "b"} {
		s.worker(name, append([]string{"-rate", fmt.Sprint(rate), "-burst", fmt.Sprint(burst), "-parallel", "8"}, patient...)...)
	}
	refs := s.verify(n)
	s.settled(refs, time.Minute)

	for _, ref := range refs {
		if got := s.front.fetched(ref); got != 1 {
			t.Errorf("%v was fetched %d times", ref, got)
		}
	}
	at := s.front.arrivals()
	// The fetches, and a token for each process at most.
	if len(at) < n+1 || len(at) > n+2 {
		t.Errorf("%d requests for %d verifications", len(at), n)
	}
	if least, took := time.Duration(float64(len(at)-burst)/rate*float64(time.Second)), at[len(at)-1].Sub(began); took < least {
		t.Errorf("%d requests within %v; the budget allows them in %v", len(at), took, least)
	}
	s.withinBudget(rate, burst, 300*time.Millisecond)
	history, err := s.ledger.history(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	by := make(map[string]int)
	for _, line := range history {
		by[line[strings.LastIndexByte(line, ' ')+1:]]++
	}
	if by["a"] == 0 || by["b"] == 0 || by["a"]+by["b"] != n {
		t.Errorf("the work went to %v", by)
	}
	t.Logf("%d requests in %v, by worker %v", len(at), at[len(at)-1].Sub(at[0]), by)
}

func TestAKilledWorkersNoticeGoesToAnother(t *testing.T) {
	s := newSite(t)
	const takeover = 3 * time.Second
	quick := []string{"-lease", takeover.String(), "-ack-wait", takeover.String(), "-rate", "1000", "-burst", "1000"}
	s.receiver("127.0.0.1:0")
	a := s.worker("a", append([]string{"-parallel", "1"}, quick...)...)

	// Worker a is stopped in the middle of one verification, so the notices are sent to where nobody listens yet.
	address := s.address
	s.address = "http://127.0.0.1:1/none"
	held := s.verify(1)[0]
	release := s.front.hold(held)
	defer release()
	s.address = address
	s.notify(held)
	until(t, "worker a has asked the vendor", 20*time.Second, func() bool { return s.front.fetched(held) == 1 })

	// While it is alive nobody else gets it, however long it takes: neither by the queue nor by the lease.
	s.worker("b", quick...)
	others := s.verifyAndWait(10)
	end := time.Now().Add(takeover + takeover/2)
	until(t, "the time for a takeover is over", 20*time.Second, func() bool { return time.Now().After(end) })
	if got := s.front.fetched(held); got != 1 {
		t.Errorf("fetched %d times while its worker was alive", got)
	}
	if s.acted()[held.String()] != 0 {
		t.Error("acted on before the vendor has answered")
	}
	a.kill()
	release()
	until(t, "worker b has taken over", time.Minute, func() bool { return s.acted()[held.String()] == 1 })
	if got := s.front.fetched(held); got != 2 {
		t.Errorf("fetched %d times, want once by each", got)
	}
	if by := s.rdb.HGet(t.Context(), ledgerDecision(held), "by").Val(); by != "b" {
		t.Errorf("acted on by %q", by)
	}
	for _, ref := range others {
		if got, acted := s.front.fetched(ref), s.acted()[ref.String()]; got != 1 || acted != 1 {
			t.Errorf("another verification was fetched %d times and acted on %d times", got, acted)
		}
	}
}

// verifyAndWait starts verifications and waits until they are acted on.
func (s *site) verifyAndWait(n int) []kyc.Ref {
	s.t.Helper()
	refs := s.verify(n)
	until(s.t, "the others are acted on", 30*time.Second, func() bool {
		acted := s.acted()
		for _, ref := range refs {
			if acted[ref.String()] == 0 {
				return false
			}
		}
		return true
	})
	return refs
}

// notify sends a notice as the vendor does.
func (s *site) notify(ref kyc.Ref) {
	s.t.Helper()
	resp, err := http.Post(s.address, "application/json", strings.NewReader(s.body(ref)))
	if err != nil {
		s.t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("the notice was answered with %d", resp.StatusCode)
	}
}

// body is a signed notice that says that a verification is over.
func (s *site) body(ref kyc.Ref) string {
	s.t.Helper()
	reference, err := s.signer.SignUser("onboarding-42")
	if err != nil {
		s.t.Fatal(err)
	}
	data, err := kyc.Marshal(jumio.CallbackBody{
		CallbackSentAt: "2026-11-22T08:00:00.000Z", UserReference: reference, WorkflowExecution: &jumio.ExecutionState{ID: ref.Session, Status: jumio.StatusProcessed},
		Account: &jumio.AccountRef{ID: ref.Account},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data)
}

func TestNothingIsLostOrDoneTwiceUnderKills(t *testing.T) {
	s := newSite(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	args := []string{"-lease", "1s", "-ack-wait", "1s", "-rate", "20", "-burst", "2", "-parallel", "4"}
	// So that most kills hit a worker that waits for the vendor.
	s.front.slowDown(200 * time.Millisecond)
	receiver := s.receiver("127.0.0.1:0")
	u, err := url.Parse(s.address)
	if err != nil {
		t.Fatal(err)
	}
	// Work waits when the workers come, and more comes in while they are killed.
	refs := s.verify(30)
	workers := []*member{s.worker("w0", args...), s.worker("w1", args...)}
	kills := 0
	for range 8 {
		refs = append(refs, s.verify(4)...)
		pause(t.Context(), time.Duration(rnd.IntN(600))*time.Millisecond)
		if kills%3 == 1 {
			receiver.kill()
			receiver = s.receiver(u.Host)
		}
		i := rnd.IntN(len(workers))
		if len(s.acted()) < len(refs) {
			kills++
		}
		workers[i].kill()
		workers[i] = s.worker(fmt.Sprint("w", kills+1), args...)
	}
	s.settled(refs, time.Minute)
	t.Logf("%d kills under work, %d requests for %d verifications, %d tokens", kills, len(s.front.arrivals()), len(refs), s.vendor.Count("Token.Create"))
	if kills < 3 {
		t.Errorf("only %d kills hit workers with work", kills)
	}
	// One of the test's own client; the workers hand theirs on. The first two may both have asked.
	if tokens := s.vendor.Count("Token.Create"); tokens > 3 {
		t.Errorf("%d tokens for %d workers that share them", tokens, len(workers)+8)
	}
	// Ending in good order leaves nothing behind.
	for _, w := range workers {
		if word, err := w.word(""); err != nil || !strings.HasSuffix(word, "is at work") {
			t.Errorf("%q, %v", word, err)
		}
		if err := w.stop(); err != nil {
			t.Error(err)
		}
	}
}

// A repeat that the queue does not know any more is known to the workers.
func TestARepeatAfterTheWindowIsNotProcessed(t *testing.T) {
	s := newSite(t)
	s.receiver("127.0.0.1:0")
	s.worker("a", patient...)
	ref := s.verify(1)[0]
	s.settled([]kyc.Ref{ref}, 30*time.Second)
	q := s.queue()
	members, err := s.rdb.SMembers(t.Context(), ledgerNotices).Result()
	if err != nil || len(members) != 1 {
		t.Fatalf("%v, %v", members, err)
	}
	data, err := json.Marshal(notice{ID: strings.TrimPrefix(members[0], "jumio "), Vendor: kyc.Jumio, Ref: ref})
	if err != nil {
		t.Fatal(err)
	}
	// Rubbish in the queue is dropped and holds nobody up.
	for _, data := range [][]byte{[]byte("no notice"), data} {
		if _, err := q.js.Publish(t.Context(), "kyc.notices.jumio", data); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "the queue is empty", 20*time.Second, func() bool { return s.queued(q) == 0 })
	if got := s.front.fetched(ref); got != 1 {
		t.Errorf("fetched %d times", got)
	}
}

// A worker that died after the effect and before the mark leaves a notice that comes again and changes nothing.
func TestAnEffectIsNotRepeated(t *testing.T) {
	s := newSite(t)
	s.address = "http://127.0.0.1:1/none"
	ref := s.verify(1)[0]
	event, err := jumio.ParseCallback([]byte(s.body(ref)))
	if err != nil {
		t.Fatal(err)
	}
	acted, err := s.ledger.act(t.Context(), "dead", notice{ID: event.ID, Vendor: kyc.Jumio, Ref: ref}, &kyc.Result{Ref: ref, Decision: kyc.Approved})
	if err != nil || !acted {
		t.Fatal(acted, err)
	}
	s.receiver("127.0.0.1:0")
	s.worker("b", patient...)
	s.notify(ref)
	q := s.queue()
	until(t, "the queue is empty", 20*time.Second, func() bool { return s.queued(q) == 0 })
	if got := s.rdb.HGet(t.Context(), ledgerDecision(ref), "by").Val(); got != "dead" || s.acted()[ref.String()] != 1 || s.front.fetched(ref) != 1 {
		t.Errorf("acted on by %q, %d times, fetched %d times", got, s.acted()[ref.String()], s.front.fetched(ref))
	}
}

func TestNoticesAboutNothingEnd(t *testing.T) {
	s := newSite(t)
	s.receiver("127.0.0.1:0")
	s.worker("a", patient...)
	s.notify(kyc.Ref{Vendor: kyc.Jumio, Account: "forged", Session: "forged"})
	q := s.queue()
	until(t, "the queue is empty", 20*time.Second, func() bool { return s.queued(q) == 0 })
	if len(s.acted()) != 0 {
		t.Error("acted on a forged notice")
	}
}

func TestLedger(t *testing.T) {
	redis, err := startRedis(t.TempDir(), "")
	needed(t, err)
	t.Cleanup(redis.kill)
	rdb := dialRedis(redis.addr)
	defer func() { _ = rdb.Close() }()
	book := &ledger{rdb}
	ref := kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: "s"}
	for _, tt := range []struct {
		id       string
		decision kyc.Decision
		acted    bool
		now      string
	}{
		{"1", kyc.Pending, true, "pending"},
		{"1", kyc.Approved, false, "pending"}, // the same notice again
		{"2", kyc.Review, true, "review"},
		{"3", kyc.Declined, true, "declined"},
		{"4", kyc.Pending, false, "declined"}, // a final decision stays
	} {
		acted, err := book.act(t.Context(), "w", notice{ID: tt.id, Vendor: kyc.Jumio, Ref: ref}, &kyc.Result{Ref: ref, Decision: tt.decision})
		if got := rdb.HGet(t.Context(), ledgerDecision(ref), "decision").Val(); err != nil || acted != tt.acted || got != tt.now {
			t.Errorf("notice %s, %v: acted %v, now %s, %v", tt.id, tt.decision, acted, got, err)
		}
	}
}

func TestDemo(t *testing.T) {
	t.Setenv(asProgram, "1")
	var out bytes.Buffer
	var logs lockedBuffer // all processes write there
	err := run(t.Context(), []string{"-role", "demo", "-log", "debug"}, func(string) string { return "" }, &out, &logs)
	needed(t, err)
	if got := strings.Count(logs.String(), "level=DEBUG msg=\"kyc call\""); got < demoVerifications {
		t.Errorf("%d calls are logged", got)
	}
	for _, secret := range []string{"ERIKSSON", "1974-08-12", "L898902C3", "jumiotest-secret", "eyJ"} {
		if strings.Contains(out.String()+logs.String(), secret) {
			t.Errorf("%q is printed", secret)
		}
	}
	for _, want := range []string{"30 people are through", "ann is killed", "30 of 30 were acted on, each once"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s%s", want, out.String(), logs.String())
		}
	}
}

func TestRunRefuses(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"-role", "boss"}, "it must be receiver, worker or demo"},
		{[]string{"-role", "receiver"}, "FLEET_REFERENCE_KEY must be the key"},
		{[]string{"-queue-size", "0"}, "it must be more than 4096"},
		{[]string{"-role", "worker"}, "FLEET_TOKEN_KEY must be 64 hexadecimal digits"},
		{[]string{"-rate", "fast"}, "invalid value"},
	} {
		var out bytes.Buffer
		if err := run(t.Context(), tt.args, func(string) string { return "" }, &out, &out); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v", tt.args, err)
		}
	}
}
