package didit

import (
	"context"
	"iter"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opUsers       = "users.list"
	opCreateUser  = "users.create"
	opGetUser     = "users.get"
	opUpdateUser  = "users.update"
	opUserStatus  = "users.update_status"
	opDeleteUsers = "users.delete"
	opUserFace    = "users.upload_face"
	pathUser      = "/v3/users/{}/"
)

// UsersService manages persons over all their sessions. A user is known by the
// caller's own id, the vendor data of the sessions.
type UsersService struct{ c *Client }

// List iterates over the users. An error is yielded last and ends the iteration.
// The number that the vendor claims is capped at a hundred and not looked at.
func (s *UsersService) List(ctx context.Context, page PageOptions, opts ...kyc.Option) iter.Seq2[*UserSummary, error] {
	query, err := page.query(opUsers)
	if err != nil {
		return failed[UserSummary](err)
	}
	return listed[UserSummary](ctx, s.c, opUsers, "/v3/users/", nil, query, opts)
}

// Create makes a user before the first session.
func (s *UsersService) Create(ctx context.Context, req UserRequest, opts ...kyc.Option) (*User, error) {
	if req.VendorData == "" {
		return nil, kyc.Invalid(kyc.Didit, opCreateUser, "VendorData is empty")
	}
	if err := checkUser(opCreateUser, req); err != nil {
		return nil, err
	}
	return post[User](ctx, s.c, opCreateUser, "/v3/users/create/", req, opts)
}

// Get reads a user.
func (s *UsersService) Get(ctx context.Context, vendorData string, opts ...kyc.Option) (*User, error) {
	return get[User](ctx, s.c, opGetUser, pathUser, []string{vendorData}, opts)
}

// Update changes what is known of a user.
func (s *UsersService) Update(ctx context.Context, vendorData string, req UserUpdate, opts ...kyc.Option) (*User, error) {
	if err := checkUser(opUpdateUser, UserRequest{FullName: req.FullName, DateOfBirth: req.DateOfBirth}); err != nil {
		return nil, err
	}
	return set[User](ctx, s.c, opUpdateUser, pathUser, []string{vendorData}, req, opts)
}

// UpdateStatus blocks, flags or activates a user. A blocked one is put on the
// block list, and creating a session for it fails with [ErrBlocked].
func (s *UsersService) UpdateStatus(ctx context.Context, vendorData string, status EntityStatus, opts ...kyc.Option) (*User, error) {
	if status == "" {
		return nil, kyc.Invalid(kyc.Didit, opUserStatus, "the status is empty")
	}
	return set[User](ctx, s.c, opUserStatus, "/v3/users/{}/update-status/", []string{vendorData}, UserStatusRequest{Status: status}, opts)
}

// Delete deletes users for good, by the caller's own ids or with DeleteAll
// every one of the application. Unknown ids are not counted.
func (s *UsersService) Delete(ctx context.Context, req DeleteUsersRequest, opts ...kyc.Option) (*DeleteUsersResponse, error) {
	if yes(req.DeleteAll) == (len(req.VendorDataList) > 0) {
		return nil, kyc.Invalid(kyc.Didit, opDeleteUsers, "give either VendorDataList or DeleteAll")
	}
	return post[DeleteUsersResponse](ctx, s.c, opDeleteUsers, "/v3/users/delete/", req, opts)
}

// UploadFace adds a face to a user: JPEG or PNG of at most 2 MB, five at most
// for each user. The ids are the vendor's own: of the organisation, the
// application and the user (DiditInternalID).
func (s *UsersService) UploadFace(ctx context.Context, organizationID, applicationID, userID string, image kyc.File, comment string, opts ...kyc.Option) (*UserFace, error) {
	for _, id := range []struct{ what, id string }{{"organisation id", organizationID}, {"application id", applicationID}, {"user id", userID}} {
		if err := s.c.checkID(opUserFace, id.what, id.id, opts); err != nil {
			return nil, err
		}
	}
	text, err := encodeFace(opUserFace, image)
	if err != nil {
		return nil, err
	}
	return fetch[UserFace](ctx, s.c, request{
		op: opUserFace, class: transport.IfNotProcessed, method: http.MethodPost,
		path: "/v3/organization/{}/application/{}/vendor-users/by-id/{}/faces/upload/", ids: []string{organizationID, applicationID, userID},
		in: FaceRequest{Image: text, Comment: comment}, budget: s.c.budgets.writes,
	}, opts)
}
