package transmittest

import (
	"encoding/base64"
	"net/http"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

// faceSession is a face authentication, whose user takes the selfie at once.
type faceSession struct {
	id, device string
	created    time.Time
	told       bool
}

func (s *Server) createFaceAuth(c *fake.Call) {
	if !c.QueryOnly() || !c.JSON(nil) {
		return
	}
	var req transmit.FaceAuthRequest
	if err := kyc.Unmarshal(c.Body, &req); err != nil {
		c.Refuse(http.StatusBadRequest, fake.RuleJSON, "does not decode")
		return
	}
	if req.Reference.DataFormat != transmit.FormatJPG {
		c.Refuse(http.StatusBadRequest, "image", "the format is not jpg")
		return
	}
	if data, err := base64.StdEncoding.Strict().DecodeString(req.Reference.Content); err != nil || len(data) == 0 {
		c.Refuse(http.StatusBadRequest, "image", "the content is not base64")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v := &faceSession{id: "F" + s.fake.IDs().Hex(9), device: "D" + s.fake.IDs().Hex(9), created: s.now()}
	s.faces[v.id], s.faces[v.device] = v, v
	s.faceOrder = append(s.faceOrder, v)
	c.Reply(http.StatusOK, map[string]any{"session_id": v.id, "device_session_id": v.device})
}

func (s *Server) faceAuthResult(c *fake.Call) {
	if !c.QueryOnly() || !c.NoBody() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := c.Path("dsid")
	v := s.faces[id]
	if v == nil || (s.cfg.faceID == FaceDeviceID && id != v.device) || (s.cfg.faceID == FaceSessionID && id != v.id) {
		c.Fail(http.StatusNotFound, "", "Session not found")
		return
	}
	if !s.faceDone(v) {
		c.Reply(http.StatusOK, map[string]any{"status": transmit.FaceAuthStatusProcessing})
		return
	}
	answer := map[string]any{"status": transmit.FaceAuthStatusComplete}
	if s.cfg.face != "" {
		answer["recommendation"] = s.cfg.face
	}
	c.Reply(http.StatusOK, answer)
}

// faceDone tells whether a face authentication is complete by the clock. The caller holds the lock.
func (s *Server) faceDone(v *faceSession) bool {
	if s.now().Before(v.created.Add(s.cfg.processing)) {
		return false
	}
	if !v.told {
		v.told = true
		s.emit("face_auth_session_completed", v.id)
	}
	return true
}
