package transmittest

import (
	"context"
	"net/http"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

// session is a verification. The server's lock guards it.
type session struct {
	id      string
	req     transmit.SessionRequest
	created time.Time
	keep    time.Duration
	deleted bool

	started    bool
	consent    *bool
	consentAt  time.Time
	images     []*image
	uploads    map[transmit.ImageType]int
	complete   time.Time // when the last image came in; zero while some are missing
	processing time.Duration
	recaptures int  // still to come
	recapture  bool // new images are wanted
	told       transmit.SessionStatus
}

type image struct {
	id       string
	callerID string
	kind     transmit.ImageType
	rejected bool
	original string // of a refined image: the one that it was made of
	data     []byte
}

// live finds a session that is neither deleted nor past its retention. The caller holds the lock.
func (s *Server) live(id string) *session {
	v := s.sessions[id]
	if v == nil || v.deleted || !s.now().Before(v.created.Add(v.keep)) {
		return nil
	}
	return v
}

// status moves the session on to what the clock says. The caller holds the lock.
func (s *Server) status(v *session) transmit.SessionStatus {
	now := s.now()
	switch {
	case !v.started:
		return transmit.SessionStatusPending
	case v.recapture:
		return transmit.SessionStatusRecapture
	case v.complete.IsZero():
		return transmit.SessionStatusCapturing
	case now.Before(v.complete.Add(v.processing)):
		return transmit.SessionStatusProcessing
	case v.recaptures > 0:
		v.recaptures--
		v.recapture = true
		v.complete = time.Time{}
		for _, i := range v.images {
			i.rejected = true
		}
		s.emit(activityStatus, v.id, "result", string(transmit.SessionStatusRecapture))
		return transmit.SessionStatusRecapture
	}
	end := transmit.SessionStatusComplete
	if s.cfg.status != "" {
		end = s.cfg.status
	}
	if v.told != end {
		v.told = end
		s.emit(activityStatus, v.id, "result", string(end))
		s.emit("verification_completed", v.id)
	}
	return end
}

// missing are the images that the session still needs.
func (s *Server) missing(v *session) []transmit.ImageType {
	out := []transmit.ImageType{}
	for _, need := range s.cfg.needs {
		found := false
		for _, i := range v.images {
			found = found || (i.kind == need && !i.rejected)
		}
		if !found {
			out = append(out, need)
		}
	}
	return out
}

// start begins a session, by the backend or by the hosted page.
func (s *Server) start(v *session, consent *bool) {
	v.started = true
	s.emit("session_started", v.id)
	if len(s.missing(v)) == 0 {
		v.complete = s.now()
	}
	if consent == nil {
		return
	}
	v.consent, v.consentAt = consent, s.now()
	if *consent {
		s.emit("consent_approved", v.id)
	}
}

// add keeps an image and tells the feedback on it.
func (s *Server) add(v *session, kind transmit.ImageType, callerID string, data []byte) transmit.Feedback {
	feedback := transmit.FeedbackOK
	if script := s.cfg.feedback[kind]; v.uploads[kind] < len(script) {
		feedback = script[v.uploads[kind]]
	}
	v.uploads[kind]++
	v.recapture = false
	id := "img-" + s.fake.IDs().Hex(6)
	v.images = append(v.images, &image{id: id, callerID: callerID, kind: kind, rejected: !feedback.Accepted(), data: data})
	if feedback.Accepted() && kind != transmit.ImageTypeSelfie {
		v.images = append(v.images, &image{id: "img-" + s.fake.IDs().Hex(6), kind: kind, original: id, data: data})
	}
	s.emit("image_uploaded_info", v.id, "imageType", string(kind))
	if len(s.missing(v)) == 0 {
		v.complete = s.now()
	}
	return feedback
}

// newSession opens a session. The caller holds the lock.
func (s *Server) newSession(req transmit.SessionRequest) *session {
	v := &session{
		id: "S" + s.fake.IDs().Hex(9), req: req, created: s.now(), keep: s.cfg.retention, processing: s.cfg.processing, recaptures: s.cfg.recaptures,
		uploads: make(map[transmit.ImageType]int),
	}
	if req.TimeToLive > 0 {
		v.keep = req.TimeToLive.Duration()
	}
	if m := req.MockBehavior; m != nil {
		if m.ProcessingTime > 0 {
			v.processing = m.ProcessingTime.Duration()
		}
		if m.ForceRetry != nil && *m.ForceRetry {
			v.recaptures++
		}
	}
	s.sessions[v.id] = v
	s.order = append(s.order, v.id)
	s.emit("session_created", v.id)
	return v
}

// capture lets the user capture all that is missing, again where an image is rejected.
func (s *Server) capture(v *session) {
	for missing := s.missing(v); len(missing) > 0; missing = s.missing(v) {
		s.add(v, missing[0], "", jpegOf(missing[0]))
	}
}

// Play lets the user of a session go on: give consent where the session waits
// for that, and capture what is missing, after a recapture too. It tells whether
// the session exists.
func (s *Server) Play(sessionID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.live(sessionID)
	if v == nil {
		return false
	}
	if !v.started {
		for token, one := range s.starts {
			if one == v {
				s.starts[token] = nil
			}
		}
		s.start(v, new(true))
	}
	s.status(v)
	s.capture(v)
	return true
}

// Served lists what the server sent that must never be printed: the person, the
// document, tokens. It is for tests that look for leaks.
func (s *Server) Served() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []string{ClientSecret, givenName, surname, fullName, birth[:10], number, personNo, "Indianapolis", "Snowy Ridge Road"}
	for token := range s.starts {
		out = append(out, token)
	}
	return out
}

// Visit opens a session's hosted page as the user's browser does, lets the user
// give consent and capture every image, and returns the URL that the browser is
// sent back to, "" for a session without one. A start token is good for one visit.
func (s *Server) Visit(page kyc.Secret) (callback string, err error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, page.Reveal(), nil)
	if err != nil {
		return "", errVisit
	}
	resp, err := s.Client().Do(req)
	if err != nil {
		return "", errVisit
	}
	_ = resp.Body.Close()
	if resp.StatusCode >= 400 {
		return "", errUsed
	}
	return resp.Header.Get("Location"), nil
}
