package didittest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/internal/fake"
)

// maxWorkflows is how many workflows an application has at most.
const maxWorkflows = 50

func (s *Server) listWorkflows(c *fake.Call) {
	if c.QueryOnly("limit", "offset") {
		s.mu.Lock()
		defer s.mu.Unlock()
		table[didit.Workflow](s, c, s.records.workflows.all(), false)
	}
}

// featureText is how the vendor writes the steps in answers.
func featureText(steps []didit.WorkflowStep) didit.FeatureList {
	var names []string
	for _, f := range steps {
		names = append(names, string(f.Feature))
	}
	var out didit.FeatureList
	text, err := json.Marshal(strings.Join(names, " + "))
	if err == nil {
		err = out.UnmarshalJSON(text)
	}
	if err != nil {
		panic(err)
	}
	return out
}

func (s *Server) createWorkflow(c *fake.Call) {
	var req didit.WorkflowRequest
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.records.workflows.ids) >= maxWorkflows {
		c.Reply(http.StatusBadRequest, map[string]string{"detail": "Too many workflows."})
		return
	}
	w := didit.Workflow{
		UUID: s.srv.IDs().UUID(), WorkflowID: s.srv.IDs().UUID(), WorkflowLabel: req.WorkflowLabel, Status: req.Status, Features: featureText(req.Features),
		IsDefault: req.IsDefault, MaxRetryAttempts: req.MaxRetryAttempts, Version: new(int64(1)), TotalPrice: new(0.15), CreatedAt: stamp(s.cfg.clock()), UpdatedAt: stamp(s.cfg.clock()),
	}
	if w.Status == "" {
		w.Status = didit.PublicationStatusPublished
	}
	s.reply(c, http.StatusCreated, *s.records.workflows.put(w.UUID, w))
}

func (s *Server) getWorkflow(c *fake.Call) { show(s, c, &s.records.workflows, c.Path("settings")) }

func (s *Server) updateWorkflow(c *fake.Call) {
	var req didit.WorkflowUpdate
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w := find(c, &s.records.workflows, c.Path("settings"))
	if w == nil {
		return
	}
	if req.WorkflowLabel != "" {
		w.WorkflowLabel = req.WorkflowLabel
	}
	if req.Status != "" {
		w.Status = req.Status
	}
	if req.Features != nil {
		w.Features = featureText(req.Features)
	}
	w.UpdatedAt = stamp(s.cfg.clock())
	s.reply(c, http.StatusOK, *w)
}

func (s *Server) deleteWorkflow(c *fake.Call) {
	discard(s, c, &s.records.workflows, c.Path("settings"))
}

func (s *Server) listQuestionnaires(c *fake.Call) {
	if !c.QueryOnly("limit", "offset") {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var rows []didit.QuestionnaireSummary
	for _, q := range s.records.questionnaires.all() {
		rows = append(rows, didit.QuestionnaireSummary{
			UUID: q.QuestionnaireID, Title: q.Title, Languages: q.Languages, DefaultLanguage: q.DefaultLanguage, Version: q.Version, Status: q.Status, IsActive: q.IsActive,
		})
	}
	table[didit.QuestionnaireSummary](s, c, rows, false)
}

func (s *Server) createQuestionnaire(c *fake.Call) {
	var req didit.QuestionnaireRequest
	if !c.JSON(&req) {
		return
	}
	if !slices.Contains(req.Languages, "en") {
		fieldError(c, "languages", "English is required.")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q := didit.Questionnaire{
		QuestionnaireID: s.srv.IDs().UUID(), Title: req.Title, Description: req.Description, Languages: req.Languages, DefaultLanguage: "en", IsActive: new(true),
		IsSimpleQuestionnaire: new(true), Version: new(int64(1)), Status: didit.PublicationStatusPublished, Sections: sections(req.FormElements),
	}
	s.reply(c, http.StatusCreated, *s.records.questionnaires.put(q.QuestionnaireID, q))
}

// sections are the questions as answers show them, with the kinds in upper case.
func sections(elements []didit.FormElement) []json.RawMessage {
	var items []map[string]any
	for _, e := range elements {
		items = append(items, map[string]any{"value": e.ID, "element_type": strings.ToUpper(string(e.ElementType)), "title": e.Label})
	}
	raw, err := json.Marshal(map[string]any{"title": map[string]string{}, "items": items})
	if err != nil {
		panic(err)
	}
	return []json.RawMessage{raw}
}

func (s *Server) getQuestionnaire(c *fake.Call) {
	show(s, c, &s.records.questionnaires, c.Path("questionnaire"))
}

func (s *Server) updateQuestionnaire(c *fake.Call) {
	var req didit.QuestionnaireUpdate
	if !c.JSON(&req) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q := find(c, &s.records.questionnaires, c.Path("questionnaire"))
	if q == nil {
		return
	}
	if req.Title != "" {
		q.Title = req.Title
	}
	if req.FormElements != nil {
		q.Sections = sections(req.FormElements)
	}
	q.Version = new(*q.Version + 1)
	s.reply(c, http.StatusOK, *q)
}

func (s *Server) deleteQuestionnaire(c *fake.Call) {
	discard(s, c, &s.records.questionnaires, c.Path("questionnaire"))
}
