package didittest

import (
	"encoding/base64"
	"net/http"
	"slices"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/internal/fake"
)

const (
	maxFaces = 5
	faceSize = 2 << 20
)

func (s *Server) listUsers(c *fake.Call) {
	if c.QueryOnly("limit", "offset") {
		s.mu.Lock()
		defer s.mu.Unlock()
		table[didit.UserSummary](s, c, s.records.users.all(), true)
	}
}

func (s *Server) createUser(c *fake.Call) {
	var req didit.UserRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.records.users.items[req.VendorData] != nil {
		fieldError(c, "vendor_data", "A user with this vendor_data already exists.")
		return
	}
	u := didit.User{
		DiditInternalID: s.srv.IDs().UUID(), VendorData: req.VendorData, FullName: req.FullName, DisplayName: req.DisplayName, DateOfBirth: req.DateOfBirth,
		EffectiveName: req.FullName, Status: status(req.Status), Metadata: req.Metadata, ApprovedEmails: req.ApprovedEmails, ApprovedPhones: req.ApprovedPhones,
		IssuingStates: req.IssuingStates, SessionCount: new(int64(0)), CreatedAt: stamp(s.cfg.clock()), UpdatedAt: stamp(s.cfg.clock()),
	}
	s.reply(c, http.StatusCreated, *s.records.users.put(req.VendorData, u))
}

func status(s didit.EntityStatus) didit.EntityStatus {
	if s == "" {
		return didit.EntityStatusActive
	}
	return s
}

func (s *Server) getUser(c *fake.Call) { show(s, c, &s.records.users, c.Path("vendor")) }

func (s *Server) updateUser(c *fake.Call) {
	change(s, c, &s.records.users, c.Path("vendor"), func(u *didit.User) { u.UpdatedAt = stamp(s.cfg.clock()) })
}

// dropped deletes records by their ids, or all of them.
func dropped[T any](h *shelf[T], ids []string, all *bool) int64 {
	if all != nil && *all {
		ids = slices.Clone(h.ids)
	}
	n := int64(0)
	for _, id := range ids {
		if h.drop(id) {
			n++
		}
	}
	return n
}

func (s *Server) deleteUsers(c *fake.Call) {
	var req didit.DeleteUsersRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reply(c, http.StatusOK, didit.DeleteUsersResponse{Deleted: new(dropped(&s.records.users, req.VendorDataList, req.DeleteAll))})
}

func (s *Server) uploadFace(c *fake.Call) {
	var req didit.FaceRequest
	if !c.JSON(&req) {
		return
	}
	image, err := base64.StdEncoding.DecodeString(req.Image.Reveal())
	if err != nil || len(image) > faceSize {
		c.Reply(http.StatusBadRequest, map[string]string{"image": "Image is no base64, or too large."})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known := slices.ContainsFunc(s.records.users.all(), func(u didit.User) bool { return u.DiditInternalID == c.Path("user") })
	switch {
	case !known || c.Path("application") != Application:
		c.Fail(http.StatusNotFound, "", "Not found.")
		return
	case s.records.faces[c.Path("user")] >= maxFaces:
		c.Reply(http.StatusBadRequest, map[string]string{"detail": "Maximum of 5 faces per user reached."})
		return
	}
	if s.records.faces == nil {
		s.records.faces = make(map[string]int)
	}
	s.records.faces[c.Path("user")]++
	s.reply(c, http.StatusCreated, map[string]any{
		"uuid": s.srv.IDs().UUID(), "image_url": s.media("face.jpg"), "comment": req.Comment, "uploaded_by": nil, "created_at": stamp(s.cfg.clock()),
	})
}

func (s *Server) listBusinesses(c *fake.Call) {
	if c.QueryOnly("limit", "offset") {
		s.mu.Lock()
		defer s.mu.Unlock()
		table[didit.BusinessSummary](s, c, s.records.businesses.all(), true)
	}
}

func (s *Server) createBusiness(c *fake.Call) {
	var req didit.BusinessRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := req.VendorData
	if id == "" {
		id = s.srv.IDs().UUID()
	}
	if s.records.businesses.items[id] != nil {
		fieldError(c, "vendor_data", "A business with this vendor_data already exists.")
		return
	}
	b := didit.Business{
		DiditInternalID: s.srv.IDs().UUID(), VendorData: id, DisplayName: req.DisplayName, LegalName: req.LegalName, RegistrationNumber: req.RegistrationNumber,
		CountryCode: req.CountryCode, EffectiveName: req.LegalName, Status: status(req.Status), Metadata: req.Metadata, CreatedAt: stamp(s.cfg.clock()), UpdatedAt: stamp(s.cfg.clock()),
	}
	s.reply(c, http.StatusCreated, *s.records.businesses.put(id, b))
}

func (s *Server) getBusiness(c *fake.Call) { show(s, c, &s.records.businesses, c.Path("vendor")) }

func (s *Server) updateBusiness(c *fake.Call) {
	change(s, c, &s.records.businesses, c.Path("vendor"), func(b *didit.Business) { b.UpdatedAt = stamp(s.cfg.clock()) })
}

func (s *Server) deleteBusinesses(c *fake.Call) {
	var req didit.DeleteBusinessesRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := slices.Clone(req.VendorDataList)
	for _, b := range s.records.businesses.all() {
		if slices.Contains(req.DiditInternalIDList, b.DiditInternalID) {
			ids = append(ids, b.VendorData)
		}
	}
	s.reply(c, http.StatusOK, didit.DeleteBusinessesResponse{Deleted: new(dropped(&s.records.businesses, ids, req.DeleteAll))})
}
