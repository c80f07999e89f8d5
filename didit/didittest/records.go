package didittest

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// shelf keeps records in the order in which they were made.
type shelf[T any] struct {
	ids   []string
	items map[string]*T
}

func (h *shelf[T]) put(id string, record T) *T {
	if h.items == nil {
		h.items = make(map[string]*T)
	}
	if h.items[id] == nil {
		h.ids = append(h.ids, id)
	}
	h.items[id] = &record
	return &record
}

func (h *shelf[T]) drop(id string) bool {
	if h.items[id] == nil {
		return false
	}
	delete(h.items, id)
	h.ids = slices.DeleteFunc(h.ids, func(x string) bool { return x == id })
	return true
}

// all lists the records, newest first.
func (h *shelf[T]) all() []T {
	out := []T{}
	for _, id := range slices.Backward(h.ids) {
		out = append(out, *h.items[id])
	}
	return out
}

// records are what the management families keep; Server.mu guards them.
type records struct {
	lists          shelf[didit.List]
	entries        map[string]*shelf[didit.ListEntry]
	blocked        shelf[json.RawMessage]
	workflows      shelf[didit.Workflow]
	questionnaires shelf[didit.Questionnaire]
	users          shelf[didit.User]
	faces          map[string]int
	businesses     shelf[didit.Business]
	destinations   shelf[didit.Destination]
	webhook        didit.WebhookSettings
	look           didit.Customization
	transactions   shelf[didit.Transaction]
}

// find answers 404 where there is no such record; the caller holds the lock.
func find[T any](c *fake.Call, h *shelf[T], id string) *T {
	x := h.items[id]
	if x == nil {
		c.Fail(http.StatusNotFound, "", "Not found.")
	}
	return x
}

// show answers with one record.
func show[T any](s *Server, c *fake.Call, h *shelf[T], id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.QueryOnly() {
		if x := find(c, h, id); x != nil {
			s.reply(c, http.StatusOK, *x)
		}
	}
}

// change puts the members of a request over a record and answers with it.
func change[T any](s *Server, c *fake.Call, h *shelf[T], id string, after func(*T)) {
	if !c.JSON(nil) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := find(c, h, id)
	if x == nil {
		return
	}
	var members map[string]json.RawMessage
	merge(&members, c.Body)
	overlay(x, members)
	if after != nil {
		after(x)
	}
	s.reply(c, http.StatusOK, *x)
}

// discard deletes a record and answers 204.
func discard[T any](s *Server, c *fake.Call, h *shelf[T], id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !c.NoBody() {
		return
	}
	if !h.drop(id) {
		c.Fail(http.StatusNotFound, "", "Not found.")
		return
	}
	c.ReplyEmpty(http.StatusNoContent)
}

// as reads a record as another type that shares members with it.
func as[T any](record any) T {
	raw, err := kyc.Marshal(record)
	var out T
	if err == nil {
		err = kyc.Unmarshal(raw, &out)
	}
	if err != nil {
		panic(err)
	}
	return out
}

// table answers with one page of records as rows of another type.
func table[R, T any](s *Server, c *fake.Call, records []T, capped bool) {
	rows := []R{}
	for _, r := range records {
		rows = append(rows, as[R](r))
	}
	total := len(rows)
	if capped {
		total = min(total, 100)
	}
	page, links := paginate(c, s.srv.URL(), rows)
	body := map[string]any{"count": total, "next": nil, "previous": nil, "results": page}
	for i, name := range []string{"next", "previous"} {
		if links[i] != "" {
			body[name] = links[i]
		}
	}
	s.reply(c, http.StatusOK, body)
}

func fieldError(c *fake.Call, field, message string) {
	c.Reply(http.StatusBadRequest, map[string][]string{field: {message}})
}
