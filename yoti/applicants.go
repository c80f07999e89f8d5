package yoti

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	nameApplicant = "applicant id"
	nameFace      = "face id"
	namePool      = "pool id"
)

// ApplicantsService keeps people for face searches.
//
// Experimental: all of it is known from the documentation, no SDK has it.
type ApplicantsService struct{ c *Client }

// Create stores an applicant, with or without a face.
func (s *ApplicantsService) Create(ctx context.Context, req ApplicantRequest, opts ...kyc.Option) (*Applicant, error) {
	const operation = "applicants.create"
	if req.Face != nil {
		if err := req.Face.validate(); err != nil {
			return nil, invalid(operation, err.Error())
		}
	}
	return fetch[Applicant](ctx, s.c, request{
		operation: operation, class: transport.IfNotProcessed, method: http.MethodPost, template: "/applicants", in: req,
	}, opts)
}

// Get returns a stored applicant.
//
// Experimental: the documentation spells this path in the singular and all
// others in the plural; the plural is asked first, then the singular if it is not
// found.
func (s *ApplicantsService) Get(ctx context.Context, applicantID string, opts ...kyc.Option) (*Applicant, error) {
	return fetchEither[Applicant](ctx, s.c, request{
		operation: "applicants.get", class: transport.Safe, method: http.MethodGet, template: "/applicants/{}",
		names: []string{nameApplicant}, ids: []string{applicantID},
	}, opts)
}

// Delete erases a stored applicant.
func (s *ApplicantsService) Delete(ctx context.Context, applicantID string, opts ...kyc.Option) error {
	_, err := s.c.call(ctx, request{
		operation: "applicants.delete", class: transport.Safe, method: http.MethodDelete, template: "/applicants/{}",
		names: []string{nameApplicant}, ids: []string{applicantID},
	}, opts)
	return err
}

// AddFace adds a face to a stored applicant: an image, or a medium of a session.
func (s *ApplicantsService) AddFace(ctx context.Context, applicantID string, req FaceRequest, opts ...kyc.Option) (*FaceCreated, error) {
	const operation = "applicants.add_face"
	if err := req.Face.validate(); err != nil {
		return nil, invalid(operation, err.Error())
	}
	return fetch[FaceCreated](ctx, s.c, request{
		operation: operation, class: transport.IfNotProcessed, method: http.MethodPost, template: "/applicants/{}/faces",
		names: []string{nameApplicant}, ids: []string{applicantID}, in: req,
	}, opts)
}

// Face returns one stored face; of its path the same holds as of Get's.
func (s *ApplicantsService) Face(ctx context.Context, applicantID, faceID string, opts ...kyc.Option) (*ApplicantFace, error) {
	return fetchEither[ApplicantFace](ctx, s.c, request{
		operation: "applicants.face", class: transport.Safe, method: http.MethodGet, template: "/applicants/{}/faces/{}",
		names: []string{nameApplicant, nameFace}, ids: []string{applicantID, faceID},
	}, opts)
}

// DeleteFace erases one stored face.
func (s *ApplicantsService) DeleteFace(ctx context.Context, applicantID, faceID string, opts ...kyc.Option) error {
	_, err := s.c.call(ctx, request{
		operation: "applicants.delete_face", class: transport.Safe, method: http.MethodDelete, template: "/applicants/{}/faces/{}",
		names: []string{nameApplicant, nameFace}, ids: []string{applicantID, faceID},
	}, opts)
	return err
}

// fetchEither asks the plural path, and the singular one where that is not there, or there for deletion only.
func fetchEither[T any](ctx context.Context, c *Client, r request, opts []kyc.Option) (*T, error) {
	out, err := fetch[T](ctx, c, r, opts)
	e, ok := errors.AsType[*kyc.Error](err)
	// Where the application is unknown, so is everything else.
	absent := ok && (e.StatusCode == http.StatusNotFound || e.StatusCode == http.StatusMethodNotAllowed) && !errors.Is(err, kyc.ErrUnauthorized)
	if !absent {
		return out, err
	}
	r.template = strings.Replace(r.template, "/applicants/", "/applicant/", 1)
	return fetch[T](ctx, c, r, opts)
}

func (f FaceImage) validate() error {
	switch {
	case f.Data == "" && f.Source == nil:
		return errors.New("the face has neither Data nor Source")
	case f.Data != "" && f.Source != nil:
		return errors.New("the face has both Data and Source")
	case f.Source != nil && (f.Source.SessionID == "" || f.Source.MediaID == ""):
		return errors.New("the face's Source needs SessionID and MediaID")
	}
	return nil
}

// PoolsService groups applicants for face searches.
//
// Experimental: all of it is known from the documentation, no SDK has it.
type PoolsService struct{ c *Client }

// Create makes a pool.
func (s *PoolsService) Create(ctx context.Context, req PoolRequest, opts ...kyc.Option) (*Pool, error) {
	const operation = "pools.create"
	if req.Label == "" {
		return nil, invalid(operation, "Label is empty")
	}
	return fetch[Pool](ctx, s.c, request{
		operation: operation, class: transport.IfNotProcessed, method: http.MethodPost, template: "/pools", in: req,
	}, opts)
}

// Delete erases a pool; its applicants stay.
func (s *PoolsService) Delete(ctx context.Context, poolID string, opts ...kyc.Option) error {
	_, err := s.c.call(ctx, request{
		operation: "pools.delete", class: transport.Safe, method: http.MethodDelete, template: "/pools/{}",
		names: []string{namePool}, ids: []string{poolID},
	}, opts)
	return err
}

// AddApplicant puts a stored applicant into a pool.
func (s *PoolsService) AddApplicant(ctx context.Context, poolID string, req ApplicantReference, opts ...kyc.Option) error {
	const operation = "pools.add_applicant"
	if req.ApplicantID == "" {
		return invalid(operation, "ApplicantID is empty")
	}
	_, err := s.c.call(ctx, request{
		operation: operation, class: transport.IfNotProcessed, method: http.MethodPost, template: "/pools/{}/applicants",
		names: []string{namePool}, ids: []string{poolID}, in: req,
	}, opts)
	return err
}

// RemoveApplicant takes an applicant out of a pool.
func (s *PoolsService) RemoveApplicant(ctx context.Context, poolID, applicantID string, opts ...kyc.Option) error {
	_, err := s.c.call(ctx, request{
		operation: "pools.remove_applicant", class: transport.Safe, method: http.MethodDelete, template: "/pools/{}/applicants/{}",
		names: []string{namePool, nameApplicant}, ids: []string{poolID, applicantID},
	}, opts)
	return err
}
