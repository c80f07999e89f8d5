package didit

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opBlocklistAdd    = "blocklist.add"
	opBlocklistRemove = "blocklist.remove"
	opBlocklistList   = "blocklist.list"
)

// BlocklistService blocks what a session showed.
//
// Experimental: these routes are known from the vendor's published code, while
// its newer API document leaves them out; [ListsService] is the documented way.
// The shape of the answers is not published, so the vendor's JSON is returned
// as it is.
type BlocklistService struct{ c *Client }

// BlockedItem is what can be blocked.
type BlockedItem string

// What can be blocked.
const (
	BlockedFace     BlockedItem = "face"
	BlockedDocument BlockedItem = "document"
	BlockedPhone    BlockedItem = "phone"
	BlockedEmail    BlockedItem = "email"
)

// Known reports whether i is one of the constants.
func (i BlockedItem) Known() bool {
	return i == BlockedFace || i == BlockedDocument || i == BlockedPhone || i == BlockedEmail
}

// Add blocks what a session showed.
func (s *BlocklistService) Add(ctx context.Context, req BlocklistRequest, opts ...kyc.Option) (json.RawMessage, error) {
	if err := s.c.checkID(opBlocklistAdd, "session id", req.SessionID, opts); err != nil {
		return nil, err
	}
	if !yes(req.BlocklistFace) && !yes(req.BlocklistDocument) && !yes(req.BlocklistPhone) && !yes(req.BlocklistEmail) {
		return nil, kyc.Invalid(kyc.Didit, opBlocklistAdd, "nothing is to be blocked")
	}
	return s.change(ctx, opBlocklistAdd, "/v3/blocklist/add/", req, opts)
}

// Remove unblocks what a session showed.
func (s *BlocklistService) Remove(ctx context.Context, req UnblockRequest, opts ...kyc.Option) (json.RawMessage, error) {
	if err := s.c.checkID(opBlocklistRemove, "session id", req.SessionID, opts); err != nil {
		return nil, err
	}
	if !yes(req.UnblockFace) && !yes(req.UnblockDocument) && !yes(req.UnblockPhone) && !yes(req.UnblockEmail) {
		return nil, kyc.Invalid(kyc.Didit, opBlocklistRemove, "nothing is to be unblocked")
	}
	return s.change(ctx, opBlocklistRemove, "/v3/blocklist/remove/", req, opts)
}

// change sets flags, which a repeat sets again.
func (s *BlocklistService) change(ctx context.Context, op, path string, req any, opts []kyc.Option) (json.RawMessage, error) {
	var out json.RawMessage
	_, err := s.c.send(ctx, request{
		op: op, class: transport.Safe, method: http.MethodPost, path: path, in: req, out: &out, budget: s.c.budgets.writes, emptyOK: true,
	}, opts)
	return out, err
}

// List iterates over what is blocked; an empty kind lists all. An error is
// yielded last and ends the iteration. An answer may be one list or come in pages.
func (s *BlocklistService) List(ctx context.Context, kind BlockedItem, opts ...kyc.Option) iter.Seq2[json.RawMessage, error] {
	query := url.Values{}
	if kind != "" {
		query.Set("item_type", string(kind))
	}
	return func(yield func(json.RawMessage, error) bool) {
		for row, err := range listed[json.RawMessage](ctx, s.c, opBlocklistList, "/v3/blocklist/", nil, query, opts) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(*row, nil) {
				return
			}
		}
	}
}

// rowsOf reads an answer that is one list or one page of several.
func rowsOf[T any](op string, data json.RawMessage) (items []T, next string, err error) {
	list := data
	if len(data) > 0 && data[0] == '{' {
		var page struct {
			Next    string          `json:"next"`
			Results json.RawMessage `json:"results"`
		}
		if err := kyc.Unmarshal(data, &page); err != nil {
			return nil, "", kyc.Malformed(kyc.Didit, op, "the answer is not valid JSON", err)
		}
		list, next = page.Results, page.Next
	}
	// A page without its rows must not look like the end of the list.
	if len(list) == 0 || list[0] != '[' {
		return nil, "", kyc.Malformed(kyc.Didit, op, "the answer is neither a list nor a page of one", nil)
	}
	if err := kyc.Unmarshal(list, &items); err != nil {
		return nil, "", kyc.Malformed(kyc.Didit, op, "the answer is not valid JSON", err)
	}
	return items, next, nil
}

// listed iterates over rows that come at once or in pages.
func listed[T any](ctx context.Context, c *Client, op, path string, ids []string, query url.Values, opts []kyc.Option) iter.Seq2[*T, error] {
	return pages(query, func(query url.Values) ([]*T, string, error) {
		var data json.RawMessage
		_, err := c.send(ctx, request{
			op: op, class: transport.Safe, method: http.MethodGet, path: path, ids: ids, query: query, out: &data, budget: c.budgets.reads,
		}, opts)
		if err != nil {
			return nil, "", err
		}
		items, next, err := rowsOf[T](op, data)
		return pointers(items), next, err
	}, op)
}
