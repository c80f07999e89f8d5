package didit

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opLists        = "lists.list"
	opCreateList   = "lists.create"
	opGetList      = "lists.get"
	opUpdateList   = "lists.update"
	opDeleteList   = "lists.delete"
	opEntries      = "lists.entries"
	opAddEntry     = "lists.add_entry"
	opDeleteEntry  = "lists.delete_entry"
	opListFace     = "lists.upload_face"
	listIDName     = "list id"
	pathList       = "/v3/lists/{}/"
	pathEntries    = "/v3/lists/{}/entries/"
	pathAllEntries = "/v3/lists/{}/entries/{}/"
)

// ListsService manages block lists, allow lists and lists of the caller's own.
// The block lists exist by themselves, one for each kind of entry; what is on
// them declines sessions and transactions.
type ListsService struct{ c *Client }

// ListFilter narrows the lists. The zero value lists all.
type ListFilter struct {
	// Type and EntryType are the kinds of list and entry.
	Type      ListType
	EntryType EntryType
	// Ordering is created_at, entry_count or last_entry_added_at, with a minus sign for the largest first.
	Ordering string
	// Page says where the list begins.
	Page PageOptions
}

// Format prints the kinds only; see [kyc.FormatRedacted].
func (o ListFilter) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, o) }

// LogValue logs the kinds only; see [kyc.LogRedacted].
func (o ListFilter) LogValue() slog.Value { return kyc.LogRedacted(o) }

// List iterates over the lists. An error is yielded last and ends the iteration.
func (s *ListsService) List(ctx context.Context, filter ListFilter, opts ...kyc.Option) iter.Seq2[*List, error] {
	query, err := filter.Page.query(opLists)
	if err != nil {
		return failed[List](err)
	}
	for name, value := range map[string]string{"list_type": string(filter.Type), "entry_type": string(filter.EntryType), "ordering": filter.Ordering} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return listed[List](ctx, s.c, opLists, "/v3/lists/", nil, query, opts)
}

// Create makes an allow list or a list of the caller's own.
func (s *ListsService) Create(ctx context.Context, req ListRequest, opts ...kyc.Option) (*List, error) {
	switch {
	case req.Name == "" || req.EntryType == "":
		return nil, kyc.Invalid(kyc.Didit, opCreateList, "Name or EntryType is empty")
	case req.ListType != ListTypeAllowlist && req.ListType != ListTypeCustom:
		return nil, kyc.Invalid(kyc.Didit, opCreateList, "ListType is neither allowlist nor custom")
	}
	return post[List](ctx, s.c, opCreateList, "/v3/lists/", req, opts)
}

// Get reads a list without its entries.
func (s *ListsService) Get(ctx context.Context, listID string, opts ...kyc.Option) (*List, error) {
	if err := s.c.checkID(opGetList, listIDName, listID, opts); err != nil {
		return nil, err
	}
	return get[List](ctx, s.c, opGetList, pathList, []string{listID}, opts)
}

// Update renames a list. The vendor's own block lists cannot be changed.
func (s *ListsService) Update(ctx context.Context, listID string, req ListUpdate, opts ...kyc.Option) (*List, error) {
	if err := s.c.checkID(opUpdateList, listIDName, listID, opts); err != nil {
		return nil, err
	}
	return set[List](ctx, s.c, opUpdateList, pathList, []string{listID}, req, opts)
}

// Delete deletes a list with its entries. The vendor's own block lists cannot
// be deleted.
func (s *ListsService) Delete(ctx context.Context, listID string, opts ...kyc.Option) error {
	if err := s.c.checkID(opDeleteList, listIDName, listID, opts); err != nil {
		return err
	}
	return remove(ctx, s.c, opDeleteList, pathList, []string{listID}, opts)
}

// Entries iterates over the entries of a list whose value or label holds search;
// over all if it is empty. An error is yielded last and ends the iteration.
func (s *ListsService) Entries(ctx context.Context, listID, search string, opts ...kyc.Option) iter.Seq2[*ListEntry, error] {
	if err := s.c.checkID(opEntries, listIDName, listID, opts); err != nil {
		return failed[ListEntry](err)
	}
	query := url.Values{}
	if search != "" {
		query.Set("search", search)
	}
	return listed[ListEntry](ctx, s.c, opEntries, pathEntries, []string{listID}, query, opts)
}

// AddEntry adds an entry: a value, or what a session showed. Session and value
// together say which of several values of the session is meant.
func (s *ListsService) AddEntry(ctx context.Context, listID string, req ListEntryRequest, opts ...kyc.Option) (*ListEntry, error) {
	if err := s.c.checkID(opAddEntry, listIDName, listID, opts); err != nil {
		return nil, err
	}
	if req.Value == "" && req.ReferenceSessionID == "" && req.ReferenceObjectUUID == "" {
		return nil, kyc.Invalid(kyc.Didit, opAddEntry, "give Value, ReferenceSessionID or ReferenceObjectUUID")
	}
	return s.add(ctx, opAddEntry, pathEntries, listID, req, opts)
}

// UploadFace adds a face to a list of faces: JPEG or PNG of at most 2 MB. It
// sets the request's Image.
func (s *ListsService) UploadFace(ctx context.Context, listID string, image kyc.File, req ListFaceRequest, opts ...kyc.Option) (*ListEntry, error) {
	if err := s.c.checkID(opListFace, listIDName, listID, opts); err != nil {
		return nil, err
	}
	var err error
	if req.Image, err = encodeFace(opListFace, image); err != nil {
		return nil, err
	}
	return s.add(ctx, opListFace, "/v3/lists/{}/entries/face-upload/", listID, req, opts)
}

func (s *ListsService) add(ctx context.Context, op, path, listID string, req any, opts []kyc.Option) (*ListEntry, error) {
	return fetch[ListEntry](ctx, s.c, request{
		op: op, class: transport.IfNotProcessed, method: http.MethodPost, path: path, ids: []string{listID}, in: req, budget: s.c.budgets.writes,
	}, opts)
}

// DeleteEntry removes an entry from a list.
func (s *ListsService) DeleteEntry(ctx context.Context, listID, entryID string, opts ...kyc.Option) error {
	if err := s.c.checkID(opDeleteEntry, listIDName, listID, opts); err != nil {
		return err
	}
	if err := s.c.checkID(opDeleteEntry, "entry id", entryID, opts); err != nil {
		return err
	}
	return remove(ctx, s.c, opDeleteEntry, pathAllEntries, []string{listID, entryID}, opts)
}

// encodeFace reads a picture that goes inside JSON.
func encodeFace(op string, image kyc.File) (kyc.Secret, error) {
	if image.IsZero() {
		return "", kyc.Invalid(kyc.Didit, op, "the image is missing")
	}
	image, detail := storedFace.apply(image)
	if detail != "" {
		return "", kyc.Invalid(kyc.Didit, op, "the image "+detail)
	}
	text, err := Portrait(image)
	if err != nil {
		return "", kyc.Invalid(kyc.Didit, op, "the image cannot be read")
	}
	return text, nil
}
