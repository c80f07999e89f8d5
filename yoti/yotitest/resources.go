package yotitest

import (
	"net/http"
	"slices"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

func (s *Server) createFaceCapture(c *fake.Call, x *session) {
	var req yoti.FaceCaptureRequest
	if !read(c, &req) {
		return
	}
	fits := func(r yoti.Requirement) bool {
		return r.ID == req.RequirementID && r.Type == yoti.RequirementTypeFaceCapture
	}
	if !slices.ContainsFunc(x.requirements, fits) {
		c.Fail(http.StatusNotFound, "REQUIREMENT_NOT_FOUND", "the session has no such requirement of a face")
		return
	}
	id := s.fake.IDs().UUID()
	x.faces[id] = &face{requirement: req.RequirementID}
	reply(c, http.StatusCreated, yoti.FaceCaptureResource{ID: id, Frames: new(int64(1))})
}

func (s *Server) uploadFaceCapture(c *fake.Call, x *session) {
	parts, ok := c.Multipart(fake.PartSpec{Name: "binary-content", ContentTypes: []string{"image/jpeg", "image/png"}})
	if !ok {
		return
	}
	part := parts["binary-content"]
	s.supply(c, x, func() *yoti.Media { return s.store(x, yoti.MediaTypeImage, part.ContentType, part.Data) })
}

func (s *Server) useApplicant(c *fake.Call, x *session) {
	var req yoti.ApplicantReference
	if !read(c, &req) {
		return
	}
	a := s.applicants[req.ApplicantID]
	if a == nil || len(a.faces) == 0 {
		c.Fail(http.StatusNotFound, "APPLICANT_NOT_FOUND", "there is no such applicant with a face")
		return
	}
	s.supply(c, x, func() *yoti.Media { return s.store(x, yoti.MediaTypeImage, "image/png", picture) })
}

// supply answers a face resource with a medium.
func (s *Server) supply(c *fake.Call, x *session, medium func() *yoti.Media) {
	id := c.Path("resource")
	f := x.faces[id]
	switch {
	case f == nil:
		c.Fail(http.StatusNotFound, "RESOURCE_NOT_FOUND", "there is no such resource")
		return
	case f.medium != "" || !x.captured.IsZero():
		c.Fail(http.StatusConflict, "CONFLICT", "the resource has its face already")
		return
	}
	m := medium()
	f.medium = m.ID
	x.resources.FaceCapture = append(x.resources.FaceCapture, yoti.FaceCapture{
		ID: id, Tasks: []yoti.Task{}, Source: yoti.Source{Type: yoti.SourceTypeRelyingBusiness}, CreatedAt: s.stamp(), LastUpdated: s.stamp(),
		Image: &yoti.MediaHolder{Media: m},
	})
	c.ReplyEmpty(http.StatusOK)
}

func (s *Server) putInstructions(c *fake.Call, x *session) {
	var req yoti.InstructionsRequest
	if !read(c, &req) {
		return
	}
	x.instructions = &req
	s.notify(x, yoti.TopicNewPDFSupplied, "")
	c.ReplyEmpty(http.StatusOK)
}

// instructed finds the instructions; without them the answer is written.
func instructed(c *fake.Call, x *session) bool {
	if !c.NoBody() {
		return false
	}
	if x.instructions == nil {
		c.Fail(http.StatusNotFound, "INSTRUCTIONS_NOT_FOUND", "the session has no instructions")
	}
	return x.instructions != nil
}

func (s *Server) getInstructions(c *fake.Call, x *session) {
	if instructed(c, x) {
		i := x.instructions
		reply(c, http.StatusOK, yoti.Instructions{ContactProfileExists: new(i.ContactProfile != nil), Documents: i.Documents, Branch: i.Branch})
	}
}

func (s *Server) instructionsPDF(c *fake.Call, x *session) {
	switch {
	case !c.NoBody():
	case x.instructions == nil:
		c.ReplyEmpty(http.StatusNoContent)
	default:
		c.ReplyBytes(http.StatusOK, "application/pdf", []byte("%PDF-1.7\n%%EOF\n"))
	}
}

func (s *Server) contactProfile(c *fake.Call, x *session) {
	if !instructed(c, x) {
		return
	}
	p := x.instructions.ContactProfile
	if p == nil {
		c.Fail(http.StatusNotFound, "CONTACT_PROFILE_NOT_FOUND", "the instructions have no contact")
		return
	}
	reply(c, http.StatusOK, yoti.ContactProfile{FirstName: p.FirstName, LastName: p.LastName, Email: p.Email})
}

func (s *Server) sendEmail(c *fake.Call, x *session) {
	if !instructed(c, x) {
		return
	}
	if x.instructions.ContactProfile == nil {
		c.Fail(http.StatusConflict, "CONFLICT", "the instructions have no contact")
		return
	}
	x.emails++
	s.notify(x, yoti.TopicInstructionsEmailRequested, "")
	c.ReplyEmpty(http.StatusOK)
}

// Emails is how many messages with instructions were sent for a session.
func (s *Server) Emails(session string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x := s.sessions[session]; x != nil {
		return x.emails
	}
	return 0
}

func (s *Server) postOffices(c *fake.Call) {
	var req yoti.PostOfficeSearch
	if !read(c, &req) {
		return
	}
	reply(c, http.StatusOK, yoti.PostOffices{Branches: []yoti.Branch{{
		Type: yoti.BranchTypeUKPostOffice, FadCode: "1234567", Name: "High Street", Address: "9 High Street, Leeds", PostCode: "LS1 1AA",
		Location: &yoti.Location{Latitude: new(53.8008), Longitude: new(-1.5491)},
	}}})
}
