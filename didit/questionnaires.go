package didit

import (
	"context"
	"iter"
	"slices"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opQuestionnaires      = "questionnaires.list"
	opCreateQuestionnaire = "questionnaires.create"
	opGetQuestionnaire    = "questionnaires.get"
	opUpdateQuestionnaire = "questionnaires.update"
	opDeleteQuestionnaire = "questionnaires.delete"
	questionnaireIDName   = "questionnaire id"
	pathQuestionnaire     = "/v3/questionnaires/{}/"
)

// QuestionnairesService manages questionnaires, which workflows ask.
type QuestionnairesService struct{ c *Client }

// List iterates over the questionnaires. An error is yielded last and ends the
// iteration.
func (s *QuestionnairesService) List(ctx context.Context, page PageOptions, opts ...kyc.Option) iter.Seq2[*QuestionnaireSummary, error] {
	query, err := page.query(opQuestionnaires)
	if err != nil {
		return failed[QuestionnaireSummary](err)
	}
	return listed[QuestionnaireSummary](ctx, s.c, opQuestionnaires, "/v3/questionnaires/", nil, query, opts)
}

// Create makes a questionnaire.
func (s *QuestionnairesService) Create(ctx context.Context, req QuestionnaireRequest, opts ...kyc.Option) (*Questionnaire, error) {
	switch {
	case req.Title == "" || len(req.FormElements) == 0:
		return nil, kyc.Invalid(kyc.Didit, opCreateQuestionnaire, "Title or FormElements is empty")
	case !slices.Contains(req.Languages, "en"):
		return nil, kyc.Invalid(kyc.Didit, opCreateQuestionnaire, "Languages lacks en, which the vendor requires")
	}
	return post[Questionnaire](ctx, s.c, opCreateQuestionnaire, "/v3/questionnaires/", req, opts)
}

// Get reads a questionnaire with its questions.
func (s *QuestionnairesService) Get(ctx context.Context, questionnaireID string, opts ...kyc.Option) (*Questionnaire, error) {
	if err := s.c.checkID(opGetQuestionnaire, questionnaireIDName, questionnaireID, opts); err != nil {
		return nil, err
	}
	return get[Questionnaire](ctx, s.c, opGetQuestionnaire, pathQuestionnaire, []string{questionnaireID}, opts)
}

// Update changes a questionnaire, which may make a new version of it.
func (s *QuestionnairesService) Update(ctx context.Context, questionnaireID string, req QuestionnaireUpdate, opts ...kyc.Option) (*Questionnaire, error) {
	if err := s.c.checkID(opUpdateQuestionnaire, questionnaireIDName, questionnaireID, opts); err != nil {
		return nil, err
	}
	if req.Languages != nil && !slices.Contains(req.Languages, "en") {
		return nil, kyc.Invalid(kyc.Didit, opUpdateQuestionnaire, "Languages lacks en, which the vendor requires")
	}
	return patchOnce[Questionnaire](ctx, s.c, opUpdateQuestionnaire, pathQuestionnaire, []string{questionnaireID}, req, opts)
}

// Delete deletes a questionnaire.
func (s *QuestionnairesService) Delete(ctx context.Context, questionnaireID string, opts ...kyc.Option) error {
	if err := s.c.checkID(opDeleteQuestionnaire, questionnaireIDName, questionnaireID, opts); err != nil {
		return err
	}
	return remove(ctx, s.c, opDeleteQuestionnaire, pathQuestionnaire, []string{questionnaireID}, opts)
}
