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
	applicantID = "applicant id"
	faceID      = "face id"
	poolID      = "pool id"
)

// ApplicantsService keeps people for face searches.
//
// Experimental: all of it is known from the documentation, no SDK has it.
type ApplicantsService struct{ client *Client }

// Create stores an applicant, with or without a face.
func (s *ApplicantsService) Create(ctx context.Context, req ApplicantRequest, opts ...kyc.Option) (*Applicant, error) {
	const operation = "applicants.create"
	if req.Face != nil {
		if err := req.Face.validate(); err != nil {
			return nil, invalid(operation, err.Error())
		}
	}
	var out Applicant
	_, err := s.client.call(ctx, request{
		operation: operation, class: transport.IfNotProcessed, method: http.MethodPost, template: "/applicants", in: req, out: &out,
	}, opts)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// Get returns a stored applicant.
//
// Experimental: the documentation spells this path in the singular and all
// others in the plural; the plural is asked first, the singular where it is not
// found.
func (s *ApplicantsService) Get(ctx context.Context, applicant string, opts ...kyc.Option) (*Applicant, error) {
	var out Applicant
	err := s.either(ctx, request{
		operation: "applicants.get", class: transport.Safe, method: http.MethodGet, template: "/applicants/{}",
		names: []string{applicantID}, ids: []string{applicant}, out: &out,
	}, opts)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// Delete erases a stored applicant.
func (s *ApplicantsService) Delete(ctx context.Context, applicant string, opts ...kyc.Option) error {
	_, err := s.client.call(ctx, request{
		operation: "applicants.delete", class: transport.Safe, method: http.MethodDelete, template: "/applicants/{}",
		names: []string{applicantID}, ids: []string{applicant},
	}, opts)
	return err
}

// AddFace adds a face to a stored applicant: an image, or a medium of a session.
func (s *ApplicantsService) AddFace(ctx context.Context, applicant string, req FaceRequest, opts ...kyc.Option) (*FaceCreated, error) {
	const operation = "applicants.add_face"
	if err := req.Face.validate(); err != nil {
		return nil, invalid(operation, err.Error())
	}
	var out FaceCreated
	_, err := s.client.call(ctx, request{
		operation: operation, class: transport.IfNotProcessed, method: http.MethodPost, template: "/applicants/{}/faces",
		names: []string{applicantID}, ids: []string{applicant}, in: req, out: &out,
	}, opts)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// Face returns one stored face; of its path the same holds as of Get's.
func (s *ApplicantsService) Face(ctx context.Context, applicant, face string, opts ...kyc.Option) (*ApplicantFace, error) {
	var out ApplicantFace
	err := s.either(ctx, request{
		operation: "applicants.face", class: transport.Safe, method: http.MethodGet, template: "/applicants/{}/faces/{}",
		names: []string{applicantID, faceID}, ids: []string{applicant, face}, out: &out,
	}, opts)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// DeleteFace erases one stored face.
func (s *ApplicantsService) DeleteFace(ctx context.Context, applicant, face string, opts ...kyc.Option) error {
	_, err := s.client.call(ctx, request{
		operation: "applicants.delete_face", class: transport.Safe, method: http.MethodDelete, template: "/applicants/{}/faces/{}",
		names: []string{applicantID, faceID}, ids: []string{applicant, face},
	}, opts)
	return err
}

// either asks the plural path, and the singular one where that is not there, or there for deletion only.
func (s *ApplicantsService) either(ctx context.Context, r request, opts []kyc.Option) error {
	_, err := s.client.call(ctx, r, opts)
	var e *kyc.Error
	if !errors.As(err, &e) || e.StatusCode != http.StatusNotFound && e.StatusCode != http.StatusMethodNotAllowed {
		return err
	}
	r.template = strings.Replace(r.template, "/applicants/", "/applicant/", 1)
	_, err = s.client.call(ctx, r, opts)
	return err
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
type PoolsService struct{ client *Client }

// Create makes a pool.
func (s *PoolsService) Create(ctx context.Context, req PoolRequest, opts ...kyc.Option) (*Pool, error) {
	const operation = "pools.create"
	if req.Label == "" {
		return nil, invalid(operation, "Label is empty")
	}
	var out Pool
	_, err := s.client.call(ctx, request{
		operation: operation, class: transport.IfNotProcessed, method: http.MethodPost, template: "/pools", in: req, out: &out,
	}, opts)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// Delete erases a pool; its applicants stay.
func (s *PoolsService) Delete(ctx context.Context, pool string, opts ...kyc.Option) error {
	_, err := s.client.call(ctx, request{
		operation: "pools.delete", class: transport.Safe, method: http.MethodDelete, template: "/pools/{}",
		names: []string{poolID}, ids: []string{pool},
	}, opts)
	return err
}

// AddApplicant puts a stored applicant into a pool.
func (s *PoolsService) AddApplicant(ctx context.Context, pool string, req ApplicantReference, opts ...kyc.Option) error {
	const operation = "pools.add_applicant"
	if req.ApplicantID == "" {
		return invalid(operation, "ApplicantID is empty")
	}
	_, err := s.client.call(ctx, request{
		operation: operation, class: transport.IfNotProcessed, method: http.MethodPost, template: "/pools/{}/applicants",
		names: []string{poolID}, ids: []string{pool}, in: req,
	}, opts)
	return err
}

// RemoveApplicant takes an applicant out of a pool.
func (s *PoolsService) RemoveApplicant(ctx context.Context, pool, applicant string, opts ...kyc.Option) error {
	_, err := s.client.call(ctx, request{
		operation: "pools.remove_applicant", class: transport.Safe, method: http.MethodDelete, template: "/pools/{}/applicants/{}",
		names: []string{poolID, applicantID}, ids: []string{pool, applicant},
	}, opts)
	return err
}
