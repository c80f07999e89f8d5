package didit

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opList    = "sessions.list"
	opReviews = "sessions.reviews"
)

// ListKind says of which kind of session the list is.
type ListKind string

// The kinds of list.
const (
	// ListUser lists sessions of persons; it is the vendor's default.
	ListUser ListKind = "user"
	// ListBusiness lists sessions of companies.
	ListBusiness ListKind = "business"
	// ListAll lists both. A page then holds up to twice the limit, and the pages follow the sessions of persons: those of
	// companies that reach further may be missing.
	ListAll ListKind = "all"
)

// Known reports whether k is one of the constants.
func (k ListKind) Known() bool { return k == ListUser || k == ListBusiness || k == ListAll }

// ListOptions narrows the session list. The zero value lists all sessions of
// persons.
type ListOptions struct {
	// Kind is the kind of session.
	Kind ListKind
	// PageSize is the number of rows the vendor sends at once; 0 for its own choice.
	PageSize int
	// Offset is the number of rows to leave out.
	Offset int
	// Statuses are the wanted statuses. The vendor compares them exactly.
	Statuses []SessionStatus
	// VendorData is the caller's own id, compared exactly.
	VendorData string
	// Search is free text.
	Search string
	// Workflows are the wanted workflows' ids.
	Workflows []string
	// From and To are days of creation. With companies the day of To is not included.
	From, To kyc.Date
	// Country and DocumentType (such as P or ID) are those of the document.
	Country      string
	DocumentType string
	// More holds filters that this struct does not name, by the vendor's name of the parameter.
	More map[string]string
}

// Format prints the type's name and the kind only; see [kyc.FormatRedacted].
func (o ListOptions) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, o) }

// LogValue logs the type's name and the kind only; see [kyc.LogRedacted].
func (o ListOptions) LogValue() slog.Value { return kyc.LogRedacted(o) }

func (o ListOptions) query() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	for name, value := range o.More {
		set(name, value)
	}
	var statuses []string
	for _, s := range o.Statuses {
		statuses = append(statuses, string(s))
	}
	set("session_kind", string(o.Kind))
	set("status", strings.Join(statuses, ","))
	set("vendor_data", o.VendorData)
	set("search", o.Search)
	set("workflow_id", strings.Join(o.Workflows, ","))
	set("date_from", string(o.From))
	set("date_to", string(o.To))
	set("country", o.Country)
	set("document_type", o.DocumentType)
	if o.PageSize > 0 {
		q.Set("limit", strconv.Itoa(o.PageSize))
	}
	if o.Offset > 0 {
		q.Set("offset", strconv.Itoa(o.Offset))
	}
	return q
}

// List iterates over the sessions, newest first, page after page. An error is
// yielded last and ends the iteration. The number of rows that the vendor claims
// is not looked at: it is wrong above a hundred companies.
func (s *SessionsService) List(ctx context.Context, o ListOptions, opts ...kyc.Option) iter.Seq2[*SessionSummary, error] {
	if o.PageSize < 0 || o.Offset < 0 {
		return failed[SessionSummary](kyc.Invalid(kyc.Didit, opList, "PageSize or Offset is negative"))
	}
	if o.Kind != "" && !o.Kind.Known() {
		return failed[SessionSummary](kyc.Invalid(kyc.Didit, opList, "Kind is none of the constants"))
	}
	return pages(o.query(), func(query url.Values) ([]*SessionSummary, string, error) {
		var page SessionPage
		_, err := s.c.send(ctx, request{
			op: opList, class: transport.Safe, method: http.MethodGet, path: "/v3/sessions/", query: query, out: &page, budget: s.c.budgets.reads,
		}, opts)
		return pointers(page.Results), page.Next, err
	}, opList)
}

// Reviews iterates over the notes of a person's session, newest first. An error
// is yielded last and ends the iteration.
func (s *SessionsService) Reviews(ctx context.Context, id string, opts ...kyc.Option) iter.Seq2[*ReviewNote, error] {
	if err := s.c.checkID(opReviews, "session id", id, opts); err != nil {
		return failed[ReviewNote](err)
	}
	return pages(url.Values{"ordering": {"-created_at"}}, func(query url.Values) ([]*ReviewNote, string, error) {
		var page ReviewPage
		_, err := s.c.send(ctx, request{
			op: opReviews, class: transport.Safe, method: http.MethodGet, path: "/v3/sessions/{}/reviews/", ids: []string{id},
			query: query, out: &page, budget: s.c.budgets.reads,
		}, opts)
		return pointers(page.Results), page.Next, err
	}, opReviews)
}

func failed[T any](err error) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) { yield(nil, err) }
}

func pointers[T any](rows []T) []*T {
	out := make([]*T, len(rows))
	for i := range rows {
		out[i] = &rows[i]
	}
	return out
}

// pages follows the vendor's next link until there is none. Only the query of the link has an effect: host and path stay the
// client's own, so that neither the key nor the reader is led elsewhere. A link that was there before would never end.
func pages[T any](query url.Values, fetch func(url.Values) ([]*T, string, error), op string) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		query, seen := query, map[string]bool{}
		for {
			seen[query.Encode()] = true
			rows, next, err := fetch(query)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			u, err := url.Parse(next)
			if err != nil {
				yield(nil, kyc.Malformed(kyc.Didit, op, "the link to the next page is not a URL", nil))
				return
			}
			query = u.Query()
			if seen[query.Encode()] {
				yield(nil, kyc.Malformed(kyc.Didit, op, "the link to the next page leads back to one that was read", nil))
				return
			}
		}
	}
}
