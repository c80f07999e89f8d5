package transmittest

import (
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
)

const activityStatus = "verification_status_updated"

// eventWindow is how long the vendor keeps an event.
const eventWindow = 24 * time.Hour

// maxStreams is how many streams a tenant may have. The vendor's figure is not public.
const maxStreams = 10

type eventStream struct {
	collecting bool
	events     []event
	open       map[string]int // stream id -> events taken
}

type event struct {
	at   time.Time
	body map[string]any
}

// emit notes an event while events are collected. The caller holds the lock.
func (s *Server) emit(activity, sessionID string, params ...string) {
	if !s.stream.collecting {
		return
	}
	detail := map[string]any{"sessionId": sessionID}
	for i := 0; i+1 < len(params); i += 2 {
		detail[params[i]] = params[i+1]
	}
	s.stream.events = append(s.stream.events, event{at: s.now(), body: map[string]any{
		"activity": activity, "app_id": "app-1", "ip": "192.0.2.1", "timestamp": s.now().UTC().Format(vendorTime),
		"user_agent": "transmittest", "user_id": "user-1", "additionalParams": detail,
	}})
}

// settle notes what time has brought about since anybody looked: the vendor tells of it whether a result is read or not.
// The caller holds the lock.
func (s *Server) settle() {
	for _, id := range s.order {
		if v := s.live(id); v != nil {
			s.status(v)
		}
	}
	for _, v := range s.faceOrder {
		s.faceDone(v)
	}
}

// stream checks the parameters that all of these operations share.
func streamCall(c *fake.Call, names ...string) bool {
	if !c.QueryOnly(append(names, "type")...) {
		return false
	}
	if c.Query("type") != "verify" {
		c.Refuse(http.StatusBadRequest, fake.RuleQuery, "type is not verify")
		return false
	}
	return true
}

// streamID checks the stream's id and that events are collected at all. The caller holds the lock.
func (s *Server) streamID(c *fake.Call) (string, bool) {
	id := c.Query("stream_id")
	if id == "" || strings.IndexFunc(id, unicode.IsSpace) >= 0 {
		c.Refuse(http.StatusNotAcceptable, fake.RuleQuery, "stream_id is required and must be one word")
		return "", false
	}
	if !s.stream.collecting {
		c.Fail(http.StatusForbidden, "", "events are not collected")
		return "", false
	}
	return id, true
}

func (s *Server) startCollect(c *fake.Call) {
	if !streamCall(c) || !c.NoBody() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stream.collecting {
		c.Fail(http.StatusConflict, "", "events are collected already")
		return
	}
	s.stream.collecting = true
	c.ReplyEmpty(http.StatusOK)
}

func (s *Server) stopCollect(c *fake.Call) {
	if !streamCall(c) || !c.NoBody() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.stream.collecting {
		c.Fail(http.StatusForbidden, "", "events are not collected")
		return
	}
	s.stream = eventStream{open: make(map[string]int)}
	c.ReplyEmpty(http.StatusOK)
}

func (s *Server) openStream(c *fake.Call) {
	if !streamCall(c, "stream_id") || (len(c.Body) > 0 && !c.JSON(nil)) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, ok := s.streamID(c)
	if !ok {
		return
	}
	if _, exists := s.stream.open[id]; exists {
		c.Fail(http.StatusConflict, "", "the stream exists")
		return
	}
	if len(s.stream.open) >= maxStreams {
		c.Fail(http.StatusTooManyRequests, "", "too many streams")
		return
	}
	s.stream.open[id] = len(s.stream.events)
	c.ReplyEmpty(http.StatusOK)
}

func (s *Server) closeStream(c *fake.Call) {
	if !streamCall(c, "stream_id") || !c.NoBody() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, ok := s.streamID(c)
	if !ok {
		return
	}
	if _, exists := s.stream.open[id]; !exists {
		c.Fail(http.StatusNotFound, "", "no such stream")
		return
	}
	delete(s.stream.open, id)
	c.ReplyEmpty(http.StatusOK)
}

func (s *Server) collect(c *fake.Call) {
	if !streamCall(c, "stream_id", "batch_size") || !c.NoBody() {
		return
	}
	size, ok := batchSize(c)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, ok := s.streamID(c)
	if !ok {
		return
	}
	next, exists := s.stream.open[id]
	if !exists {
		c.Fail(http.StatusNotFound, "", "no such stream")
		return
	}
	s.settle()
	batch := []map[string]any{}
	for ; next < len(s.stream.events) && len(batch) < size; next++ {
		if e := s.stream.events[next]; s.now().Sub(e.at) < eventWindow {
			batch = append(batch, e.body)
		}
	}
	s.stream.open[id] = next
	c.Reply(http.StatusCreated, batch)
}
