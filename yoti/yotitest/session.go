package yotitest

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

const defaultTTL = 600

// session is one session of the server; the server's lock guards it.
type session struct {
	id, token string
	created   time.Time
	ttl       time.Duration
	request   yoti.SessionRequest
	// captured is when the user was done; zero before that.
	captured time.Time
	noticed  bool
	media    map[string]*medium
	// resources and checks are made when the user is done.
	resources    yoti.Resources
	checks       []yoti.Check
	requirements []yoti.Requirement
	// profile and advancedProfile are made with the checks' reports, where the session asks for one.
	profile, advancedProfile *yoti.IdentityProfile
	faces                    map[string]*face
	devices                  []yoti.TrackedDevice
	instructions             *yoti.InstructionsRequest
	emails                   int
	script                   *yoti.ResponseConfig
}

type medium struct {
	kind        yoti.MediaType
	contentType string
	data        []byte
	created     time.Time
}

type face struct {
	requirement string
	medium      string
}

// with finds the session of a call and holds the lock while h runs.
func (s *Server) with(h func(*fake.Call, *session)) fake.Handler {
	return func(c *fake.Call) {
		s.mu.Lock()
		defer s.mu.Unlock()
		x := s.sessions[c.Path("session")]
		if x == nil {
			c.Fail(http.StatusNotFound, "SESSION_NOT_FOUND", "there is no such session")
			return
		}
		s.advance(x)
		h(c, x)
	}
}

// state is where the session stands now.
func (s *Server) state(x *session) yoti.SessionState {
	switch {
	case x.captured.IsZero() && !s.now().Before(x.created.Add(x.ttl)):
		return yoti.SessionStateExpired
	case x.captured.IsZero() || s.now().Before(x.captured.Add(s.cfg.processing)):
		return yoti.SessionStateOngoing
	default:
		return s.cfg.final
	}
}

// advance finishes the checks when their time has come, and posts the notices.
func (s *Server) advance(x *session) {
	if x.captured.IsZero() || x.noticed || s.state(x) == yoti.SessionStateOngoing {
		return
	}
	x.noticed = true
	for i := range x.checks {
		s.finish(x, &x.checks[i])
	}
	s.makeProfiles(x)
	for _, c := range x.checks {
		s.notify(x, yoti.TopicCheckCompletion, c.ID)
	}
	s.notify(x, yoti.TopicSessionCompletion, "")
}

func (s *Server) createSession(c *fake.Call) {
	var req yoti.SessionRequest
	if !read(c, &req) {
		return
	}
	if detail := contradiction(&req); detail != "" {
		c.Refuse(http.StatusBadRequest, fake.RuleSchema, detail)
		return
	}
	ids := s.fake.IDs()
	x := &session{
		id: ids.UUID(), token: ids.UUID(), created: s.now(), ttl: defaultTTL * time.Second, request: req, media: map[string]*medium{}, faces: map[string]*face{},
	}
	if req.ClientSessionTokenTTL != nil {
		x.ttl = time.Duration(*req.ClientSessionTokenTTL) * time.Second
	}
	if at, err := req.SessionDeadline.Time(); err == nil {
		x.ttl = at.Sub(x.created)
	}
	x.requirements = s.requirementsOf(&req)
	if r := req.Resources; r != nil && r.ApplicantProfile != nil {
		content, err := kyc.Marshal(r.ApplicantProfile)
		if err != nil {
			panic("yotitest: " + err.Error())
		}
		x.resources.ApplicantProfiles = []yoti.ApplicantProfileResource{{
			ID: ids.UUID(), Tasks: []yoti.Task{}, Source: yoti.Source{Type: yoti.SourceTypeRelyingBusiness}, CreatedAt: s.stamp(), LastUpdated: s.stamp(),
			Media: s.store(x, yoti.MediaTypeJSON, "application/json", content),
		}}
	}
	s.mu.Lock()
	s.sessions[x.id] = x
	s.order = append(s.order, x.id)
	s.mu.Unlock()
	reply(c, http.StatusCreated, yoti.CreatedSession{
		SessionID: x.id, ClientSessionToken: kyc.Secret(x.token), ClientSessionTokenTTL: new(int64(x.ttl / time.Second)),
	})
}

// contradiction names what the documents forbid and the shape of the body allows.
func contradiction(r *yoti.SessionRequest) string {
	switch {
	case r.ClientSessionTokenTTL != nil && r.SessionDeadline != "":
		return "client_session_token_ttl and session_deadline exclude each other"
	case r.ClientSessionTokenTTL != nil && *r.ClientSessionTokenTTL <= 300:
		return "client_session_token_ttl is too small"
	case r.ResourcesTTL != nil && *r.ResourcesTTL < 86400:
		return "resources_ttl is too small"
	}
	return ""
}

// requirementsOf derives what is to be captured from the checks and documents that were asked for.
func (s *Server) requirementsOf(req *yoti.SessionRequest) []yoti.Requirement {
	var out []yoti.Requirement
	add := func(r yoti.Requirement, source yoti.SourceType) {
		r.ID, r.State = s.fake.IDs().UUID(), yoti.RequirementStateRequired
		r.AllowedSources = []yoti.AllowedSource{{Type: source}}
		out = append(out, r)
	}
	documents := req.RequiredDocuments
	if len(documents) == 0 && slices.ContainsFunc(req.RequestedChecks, func(c yoti.RequestedCheck) bool { return c.Type == yoti.CheckTypeIDDocumentAuthenticity }) {
		documents = []yoti.RequiredDocument{{Type: yoti.DocumentKindIDDocument}}
	}
	tasks := func(kind yoti.TaskType) []yoti.RequirementTask {
		list := []yoti.RequirementTask{}
		for _, t := range req.RequestedTasks {
			if t.Type == kind {
				list = append(list, yoti.RequirementTask{Type: t.Type, State: yoti.TaskStateCreated})
			}
		}
		return list
	}
	for _, d := range documents {
		if d.Type == yoti.DocumentKindSupplementaryDocument {
			add(yoti.Requirement{
				Type: yoti.RequirementTypeSupplementaryDocument, RequestedTasks: tasks(yoti.TaskTypeSupplementaryDocumentTextDataExtraction),
				DocumentTypes: d.DocumentTypes, CountryCodes: d.CountryCodes, Objective: d.Objective,
			}, yoti.SourceTypeEndUser)
			continue
		}
		add(yoti.Requirement{
			Type: yoti.RequirementTypeIDDocument, RequestedTasks: tasks(yoti.TaskTypeIDDocumentTextDataExtraction),
			SupportedCountries: catalogue()[:1], AllowedCaptureMethods: yoti.AllowedCaptureMethodsCamera,
			AttemptsRemaining: map[string]int64{"GENERIC": 1, "RECLASSIFICATION": 1},
		}, yoti.SourceTypeEndUser)
	}
	for _, c := range req.RequestedChecks {
		switch c.Type {
		case yoti.CheckTypeLiveness:
			add(yoti.Requirement{Type: yoti.RequirementTypeLiveness, LivenessType: c.Config.LivenessType}, yoti.SourceTypeEndUser)
		case yoti.CheckTypeFaceComparison:
			add(yoti.Requirement{Type: yoti.RequirementTypeFaceCapture}, yoti.SourceTypeRelyingBusiness)
		}
	}
	return out
}

func (s *Server) deleteSession(c *fake.Call, x *session) {
	if !c.NoBody() {
		return
	}
	if !x.captured.IsZero() && s.state(x) == yoti.SessionStateOngoing {
		c.Fail(http.StatusConflict, "CHECKS_UNFINISHED", "the session has checks that are not done")
		return
	}
	delete(s.sessions, x.id)
	c.ReplyEmpty(http.StatusNoContent)
}

func (s *Server) configuration(c *fake.Call, x *session) {
	out := yoti.SessionConfiguration{
		SessionID: x.id, ClientSessionTokenTTL: new(s.left(x)), TrackIPAddress: new(true), SDKConfig: x.request.SDKConfig,
		Capture: &yoti.Capture{BiometricConsent: yoti.ConsentRequirementRequired, RequiredResources: x.requirements},
	}
	if x.request.BlockBiometricConsent != nil && *x.request.BlockBiometricConsent {
		out.Capture.BiometricConsent = yoti.ConsentRequirementNotRequired
	}
	for _, r := range x.request.RequestedChecks {
		out.RequestedChecks = append(out.RequestedChecks, r.Type)
	}
	if p := x.resources.ApplicantProfiles; len(p) > 0 {
		out.ApplicantProfile = &yoti.MediaHolder{Media: p[0].Media}
	}
	reply(c, http.StatusOK, out)
}

// left is the rest of the token's life in seconds.
func (s *Server) left(x *session) int64 {
	return int64(max(0, x.created.Add(x.ttl).Sub(s.now())/time.Second))
}

// webClient is the page in the user's frame: a visit with the right token is a user who shows everything.
func (s *Server) webClient(c *fake.Call) {
	s.mu.Lock()
	x := s.sessions[c.Query("sessionID")]
	s.mu.Unlock()
	switch {
	case x == nil:
		c.Fail(http.StatusNotFound, "SESSION_NOT_FOUND", "there is no such session")
	case x.token != c.Query("sessionToken"):
		c.Fail(http.StatusUnauthorized, "BAD_TOKEN", "the token is not this session's")
	default:
		if err := s.CompleteJourney(x.id); err != nil {
			c.Fail(http.StatusConflict, "CONFLICT", err.Error())
			return
		}
		c.ReplyBytes(http.StatusOK, "text/html", []byte("<html><title>Done</title></html>\n"))
	}
}

var (
	errNoSession = errors.New("there is no such session")
	errOver      = errors.New("the session is over")
	errNoFace    = errors.New("the business has not supplied the reference face")
)

// CompleteJourney lets the user of a session show what it asks for. It fails
// where the session is not there or over, or lacks the reference face that the
// business has to supply.
func (s *Server) CompleteJourney(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[id]
	switch {
	case x == nil:
		return errNoSession
	case !x.captured.IsZero() || s.state(x) != yoti.SessionStateOngoing:
		return errOver
	}
	for _, r := range x.requirements {
		if r.Type != yoti.RequirementTypeFaceCapture {
			continue
		}
		supplied := false
		for _, f := range x.faces {
			supplied = supplied || f.requirement == r.ID && f.medium != ""
		}
		if !supplied {
			return errNoFace
		}
	}
	x.captured = s.now()
	s.capture(x)
	s.notify(x, yoti.TopicClientSessionTokenDeleted, "")
	s.advance(x)
	return nil
}

// Advance posts the notices of sessions whose time of [Processing] has passed;
// without it they go out when the session is next asked for.
func (s *Server) Advance() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range s.order {
		if x := s.sessions[id]; x != nil {
			s.advance(x)
		}
	}
}

func (s *Server) stamp() kyc.Timestamp { return kyc.Timestamp(s.now().UTC().Format(time.RFC3339)) }

// store keeps a medium and returns what the result says of it.
func (s *Server) store(x *session, kind yoti.MediaType, contentType string, data []byte) *yoti.Media {
	id := s.fake.IDs().UUID()
	x.media[id] = &medium{kind: kind, contentType: contentType, data: data, created: s.now()}
	return &yoti.Media{ID: id, Type: kind, Created: s.stamp(), LastUpdated: s.stamp()}
}
