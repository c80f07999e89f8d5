package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// post sends a notice to a receiver of this process.
func post(ctx context.Context, h http.Handler, text string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/notices/jumio", strings.NewReader(text)))
	return w
}

// stocked makes the stream and returns the queue.
func (s *site) stocked(size int64) *queue {
	s.t.Helper()
	q := s.queue()
	if err := q.makeStream(s.t.Context(), size); err != nil {
		s.t.Fatal(err)
	}
	return q
}

func TestReceiversHandANoticeOverOnce(t *testing.T) {
	s := newSite(t)
	q := s.stocked(1 << 20)
	// Two receivers know nothing of each other.
	receivers := []http.Handler{notices(jumio.Callbacks(), q, silent), notices(jumio.Callbacks(), q, silent)}
	ref := kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: "s"}
	for range 3 {
		for _, h := range receivers {
			if got := post(t.Context(), h, s.body(ref)).Code; got != http.StatusOK {
				t.Errorf("answered with %d", got)
			}
		}
	}
	if got := post(t.Context(), receivers[0], "no notice").Code; got != http.StatusBadRequest {
		t.Errorf("rubbish is answered with %d", got)
	}
	if got := s.stream(q).Msgs; got != 1 {
		t.Errorf("%d messages in the queue", got)
	}
	// Without the queue no notice is confirmed.
	s.nats.kill()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if got := post(ctx, receivers[0], s.body(kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: "other"})).Code; got != http.StatusServiceUnavailable {
		t.Errorf("without the queue: %d", got)
	}
}

// A full queue keeps what it has, and has the vendor send the rest again.
func TestAFullQueueRefuses(t *testing.T) {
	s := newSite(t)
	q := s.stocked(2 * maxNotice)
	h := notices(jumio.Callbacks(), q, silent)
	body := func(i int) string {
		return s.body(kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: fmt.Sprintf("session-%d", i)})
	}
	taken := 0
	for post(t.Context(), h, body(taken)).Code == http.StatusOK {
		if taken++; taken > 1000 {
			t.Fatal("the queue has no bound")
		}
	}
	refused := post(t.Context(), h, body(taken))
	if refused.Code != http.StatusServiceUnavailable || refused.Header().Get("Retry-After") == "" || refused.Body.String() != "Service Unavailable\n" {
		t.Errorf("answered with %d %v %q", refused.Code, refused.Header(), refused.Body)
	}
	if state := s.stream(q); state.FirstSeq != 1 || state.Msgs != uint64(taken) || taken < 10 {
		t.Errorf("%d were taken, and the queue holds %d from number %d on", taken, state.Msgs, state.FirstSeq)
	}
	if got := post(t.Context(), h, body(0)).Code; got != http.StatusOK {
		t.Errorf("a repeat of what the queue holds is answered with %d", got)
	}
	if err := q.makeStream(t.Context(), 8*maxNotice); err != nil {
		t.Fatal(err)
	}
	if got := post(t.Context(), h, body(taken)).Code; got != http.StatusOK {
		t.Errorf("with more room: answered with %d", got)
	}
	// Nobody can fill the queue with a few long notices.
	if got := post(t.Context(), h, s.body(kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: strings.Repeat("x", maxNotice)})).Code; got != http.StatusServiceUnavailable {
		t.Errorf("a notice of %d bytes is answered with %d", maxNotice, got)
	}
}

// What the queue holds tells a worker whether another notice may come.
func TestTheQueueKnowsTheLastNotice(t *testing.T) {
	s := newSite(t)
	q := s.stocked(1 << 20)
	for status, want := range map[jumio.Status]bool{
		jumio.StatusProcessed: true, jumio.StatusSessionExpired: true, jumio.StatusTokenExpired: true,
		jumio.StatusAcquired: false, jumio.StatusInitiated: false, "": false, "ARCHIVED": false,
	} {
		if err := q.put(t.Context(), kyc.Event{Vendor: kyc.Jumio, ID: "id " + string(status), Status: string(status)}); err != nil {
			t.Fatal(err)
		}
		stream, err := q.js.Stream(t.Context(), streamName)
		if err != nil {
			t.Fatal(err)
		}
		msg, err := stream.GetLastMsgForSubject(t.Context(), subjects)
		if err != nil {
			t.Fatal(err)
		}
		var n notice
		if err := json.Unmarshal(msg.Data, &n); err != nil || n.ID != "id "+string(status) || n.Final != want {
			t.Errorf("%q: %s, %v", status, msg.Data, err)
		}
	}
}

// Jumio signs nothing, so what carries no signed reference is refused unless a flag says otherwise.
func TestUnsignedNotices(t *testing.T) {
	s := newSite(t)
	q := s.stocked(1 << 20)
	ref := kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: "s"}
	env := func(name string) string {
		for _, v := range s.crew.env {
			if value, ok := strings.CutPrefix(v, name+"="); ok {
				return value
			}
		}
		return ""
	}
	unsigned := strings.Replace(s.body(ref), `"userReference":"onboarding-42.`, `"userReference":"onboarding-43.`, 1)
	for _, c := range []struct {
		config config
		body   string
		want   int
	}{
		{config{}, unsigned, http.StatusUnauthorized}, {config{}, s.body(ref), http.StatusOK}, {config{unsigned: true}, unsigned, http.StatusOK},
	} {
		from, err := source(c.config, env)
		if err != nil {
			t.Fatal(err)
		}
		if got := post(t.Context(), notices(from, q, silent), c.body).Code; got != c.want {
			t.Errorf("unsigned %v: answered with %d, want %d", c.config.unsigned, got, c.want)
		}
	}
	if _, err := source(config{}, func(string) string { return "short" }); err == nil || strings.Contains(err.Error(), `"short"`) {
		t.Errorf("a short key: %v", err)
	}
}

func TestTheServerWaitsForNobody(t *testing.T) {
	if s := httpServer(nil); s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.IdleTimeout <= 0 {
		t.Errorf("%v, %v, %v", s.ReadHeaderTimeout, s.ReadTimeout, s.IdleTimeout)
	}
}

// A worker that comes before the queue says what it waits for, once.
func TestWaitingIsSaid(t *testing.T) {
	s := newSite(t)
	w := s.worker("a", patient...)
	until(t, "the worker waits", 20*time.Second, s.logged("the queue is not ready"))
	s.receiver("127.0.0.1:0")
	if word, err := w.word(""); err != nil || !strings.HasSuffix(word, "is at work") {
		t.Errorf("%q, %v", word, err)
	}
	if n := strings.Count(s.logs.String(), "the queue is not ready"); n != 1 {
		t.Errorf("said %d times\n%s", n, s.logs.String())
	}
}
