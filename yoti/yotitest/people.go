package yotitest

import (
	"net/http"
	"slices"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// applicant and pool serve the face searches; the server's lock guards them.
type applicant struct {
	created kyc.Timestamp
	faces   map[string]yoti.FaceImage
}

type pool struct {
	label   string
	members []string
}

func (s *Server) createApplicant(c *fake.Call) {
	var req yoti.ApplicantRequest
	if !read(c, &req) {
		return
	}
	a := &applicant{created: s.stamp(), faces: map[string]yoti.FaceImage{}}
	if req.Face != nil {
		a.faces[s.fake.IDs().UUID()] = *req.Face
	}
	id := s.fake.IDs().UUID()
	s.mu.Lock()
	s.applicants[id] = a
	s.mu.Unlock()
	reply(c, http.StatusOK, s.describe(id, a))
}

func (s *Server) describe(id string, a *applicant) yoti.Applicant {
	return yoti.Applicant{ID: id, CreatedAt: a.created, LastUpdated: a.created, Faces: &yoti.ApplicantFaces{}}
}

// person finds the applicant of a call; without it the answer is written. The lock is held.
func (s *Server) person(c *fake.Call) *applicant {
	a := s.applicants[c.Path("applicant")]
	if a == nil {
		c.Fail(http.StatusNotFound, "APPLICANT_NOT_FOUND", "there is no such applicant")
	}
	return a
}

func (s *Server) getApplicant(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.person(c); a != nil {
		reply(c, http.StatusOK, s.describe(c.Path("applicant"), a))
	}
}

func (s *Server) deleteApplicant(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.person(c) != nil {
		delete(s.applicants, c.Path("applicant"))
		c.ReplyEmpty(http.StatusNoContent)
	}
}

func (s *Server) addFace(c *fake.Call) {
	var req yoti.FaceRequest
	if !read(c, &req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.person(c); a != nil {
		id := s.fake.IDs().UUID()
		a.faces[id] = req.Face
		reply(c, http.StatusOK, yoti.FaceCreated{ID: id})
	}
}

// stored reports whether the applicant has the face of the call; without it the answer is written.
func stored(c *fake.Call, a *applicant) bool {
	_, ok := a.faces[c.Path("face")]
	if !ok {
		c.Fail(http.StatusNotFound, "FACE_NOT_FOUND", "there is no such face")
	}
	return ok
}

func (s *Server) getFace(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.person(c); a != nil && stored(c, a) {
		reply(c, http.StatusOK, yoti.ApplicantFace{Face: &yoti.FaceContent{Data: a.faces[c.Path("face")].Data, ContentType: "image/png"}})
	}
}

func (s *Server) deleteFace(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.person(c); a != nil && stored(c, a) {
		delete(a.faces, c.Path("face"))
		c.ReplyEmpty(http.StatusNoContent)
	}
}

func (s *Server) createPool(c *fake.Call) {
	var req yoti.PoolRequest
	if !read(c, &req) {
		return
	}
	id := s.fake.IDs().UUID()
	s.mu.Lock()
	s.pools[id] = &pool{label: req.Label}
	s.mu.Unlock()
	reply(c, http.StatusOK, yoti.Pool{ID: id, Label: req.Label})
}

// group finds the pool of a call; without it the answer is written. The lock is held.
func (s *Server) group(c *fake.Call) *pool {
	p := s.pools[c.Path("pool")]
	if p == nil {
		c.Fail(http.StatusNotFound, "POOL_NOT_FOUND", "there is no such pool")
	}
	return p
}

func (s *Server) deletePool(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.group(c) != nil {
		delete(s.pools, c.Path("pool"))
		c.ReplyEmpty(http.StatusNoContent)
	}
}

func (s *Server) addPoolApplicant(c *fake.Call) {
	var req yoti.ApplicantReference
	if !read(c, &req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.group(c)
	switch {
	case p == nil:
	case s.applicants[req.ApplicantID] == nil:
		c.Fail(http.StatusNotFound, "APPLICANT_NOT_FOUND", "there is no such applicant")
	default:
		p.members = append(p.members, req.ApplicantID)
		c.ReplyEmpty(http.StatusNoContent)
	}
}

func (s *Server) removePoolApplicant(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.group(c)
	if p == nil {
		return
	}
	i := slices.Index(p.members, c.Path("applicant"))
	if i < 0 {
		c.Fail(http.StatusNotFound, "APPLICANT_NOT_FOUND", "the applicant is not in the pool")
		return
	}
	p.members = slices.Delete(p.members, i, i+1)
	c.ReplyEmpty(http.StatusNoContent)
}
