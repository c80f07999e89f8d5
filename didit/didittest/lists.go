package didittest

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/internal/fake"
)

func (s *Server) listLists(c *fake.Call) {
	if !c.QueryOnly("list_type", "entry_type", "ordering", "limit", "offset") {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []didit.List
	for _, l := range s.records.lists.all() {
		if t := c.Query("list_type"); t != "" && t != string(l.ListType) {
			continue
		}
		if t := c.Query("entry_type"); t != "" && t != string(l.EntryType) {
			continue
		}
		found = append(found, l)
	}
	table[didit.List](s, c, found, false)
}

func (s *Server) createList(c *fake.Call) {
	var req didit.ListRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.records.lists.all() {
		if l.Name == req.Name {
			fieldError(c, "name", "A list with this name exists.")
			return
		}
	}
	id := s.srv.IDs().UUID()
	l := s.records.lists.put(id, didit.List{
		UUID: id, Name: req.Name, Description: req.Description, ListType: req.ListType, EntryType: req.EntryType, IsSystem: new(false), EntryCount: new(int64(0)),
		CreatedAt: stamp(s.cfg.clock()), UpdatedAt: stamp(s.cfg.clock()),
	})
	s.reply(c, http.StatusCreated, *l)
}

func (s *Server) getList(c *fake.Call)    { show(s, c, &s.records.lists, c.Path("list")) }
func (s *Server) updateList(c *fake.Call) { change(s, c, &s.records.lists, c.Path("list"), nil) }
func (s *Server) deleteList(c *fake.Call) { discard(s, c, &s.records.lists, c.Path("list")) }

// entriesOf returns the entries of a list that exists; the caller holds the lock.
func (s *Server) entriesOf(c *fake.Call) (*didit.List, *shelf[didit.ListEntry]) {
	l := find(c, &s.records.lists, c.Path("list"))
	if l == nil {
		return nil, nil
	}
	if s.records.entries == nil {
		s.records.entries = make(map[string]*shelf[didit.ListEntry])
	}
	if s.records.entries[l.UUID] == nil {
		s.records.entries[l.UUID] = &shelf[didit.ListEntry]{}
	}
	return l, s.records.entries[l.UUID]
}

func (s *Server) listEntries(c *fake.Call) {
	if !c.QueryOnly("search", "limit", "offset") {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l, entries := s.entriesOf(c)
	if l == nil {
		return
	}
	var found []didit.ListEntry
	for _, e := range entries.all() {
		if q := strings.ToLower(c.Query("search")); strings.Contains(strings.ToLower(e.Value+" "+e.DisplayLabel), q) {
			found = append(found, e)
		}
	}
	table[didit.ListEntry](s, c, found, false)
}

func (s *Server) addEntry(c *fake.Call) {
	var req didit.ListEntryRequest
	if !c.JSON(&req) {
		return
	}
	if req.ReferenceSessionID != "" && !s.exists(req.ReferenceSessionID) {
		c.Fail(http.StatusNotFound, "", "Session not found.")
		return
	}
	if req.Value == "" && req.ReferenceSessionID == "" {
		fieldError(c, "value", "This field is required.")
		return
	}
	s.entry(c, false, didit.ListEntry{
		Value: strings.ToLower(req.Value), DisplayLabel: req.DisplayLabel, Comment: req.Comment, ReferenceSessionID: req.ReferenceSessionID,
		ReferenceObjectUUID: req.ReferenceObjectUUID, Metadata: req.Metadata,
	})
}

func (s *Server) addFaceEntry(c *fake.Call) {
	var req didit.ListFaceRequest
	if c.JSON(&req) {
		s.entry(c, true, didit.ListEntry{Value: "face", DisplayLabel: req.DisplayLabel, Comment: req.Comment, Metadata: req.Metadata})
	}
}

func (s *Server) entry(c *fake.Call, face bool, e didit.ListEntry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, entries := s.entriesOf(c)
	if l == nil {
		return
	}
	if face && l.EntryType != didit.EntryTypeFace {
		fieldError(c, "image", "The list does not hold faces.")
		return
	}
	e.UUID, e.AddedBy, e.CreatedAt = s.srv.IDs().UUID(), "api", stamp(s.cfg.clock())
	entries.put(e.UUID, e)
	l.EntryCount, l.LastEntryAddedAt = new(int64(len(entries.ids))), e.CreatedAt
	s.reply(c, http.StatusCreated, e)
}

func (s *Server) deleteEntry(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, entries := s.entriesOf(c)
	if l == nil {
		return
	}
	if !entries.drop(c.Path("entry")) {
		c.Fail(http.StatusNotFound, "", "Not found.")
		return
	}
	l.EntryCount = new(int64(len(entries.ids)))
	c.ReplyEmpty(http.StatusNoContent)
}

func (s *Server) block(c *fake.Call) {
	var req didit.BlocklistRequest
	if !c.JSON(&req) {
		return
	}
	if !s.exists(req.SessionID) {
		c.Fail(http.StatusNotFound, "", "Session not found.")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for item, flag := range map[string]*bool{"face": req.BlocklistFace, "document": req.BlocklistDocument, "phone": req.BlocklistPhone, "email": req.BlocklistEmail} {
		if flag != nil && *flag {
			s.records.blocked.put(req.SessionID+item, json.RawMessage(`{"session_id":"`+req.SessionID+`","item_type":"`+item+`"}`))
		}
	}
	c.Reply(http.StatusOK, map[string]string{"message": "blocked"})
}

func (s *Server) unblock(c *fake.Call) {
	var req didit.UnblockRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for item, flag := range map[string]*bool{"face": req.UnblockFace, "document": req.UnblockDocument, "phone": req.UnblockPhone, "email": req.UnblockEmail} {
		if flag != nil && *flag {
			s.records.blocked.drop(req.SessionID + item)
		}
	}
	c.ReplyEmpty(http.StatusNoContent)
}

// listBlocked answers a bare list, as the vendor's published code allows.
func (s *Server) listBlocked(c *fake.Call) {
	if !c.QueryOnly("item_type") {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := []json.RawMessage{}
	for _, r := range s.records.blocked.all() {
		if t := c.Query("item_type"); t == "" || strings.Contains(string(r), `"item_type":"`+t+`"`) {
			rows = append(rows, r)
		}
	}
	c.Reply(http.StatusOK, rows)
}
