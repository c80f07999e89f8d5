package jumiotest

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

type account struct {
	id      string
	deleted bool
	// facemap is set once an execution of the account has captured one.
	facemap bool
}

type execution struct {
	id          string
	account     *account
	key         jumio.WorkflowKey
	request     jumio.AccountRequest
	token       string
	expires     time.Time
	credentials []*credential
	script      script

	status    jumio.Status
	created   time.Time
	started   time.Time
	completed time.Time
	wiped     time.Time
	// web is set where the journey ended in the web client, which captures what the API channel cannot deliver.
	web bool
	// early is set where the execution was finalized before its parts were in.
	early    bool
	resultID map[string]string
}

type credential struct {
	wanted
	id     string
	label  string
	preset jumio.CredentialPreset
	paged  bool
	stored map[jumio.Part]stored
}

type stored struct {
	id          string
	contentType string
	data        []byte
}

const defaultLifetime = 30 * time.Minute

// begin starts an execution on an account. The caller holds the lock.
func (s *Server) begin(a *account, req jumio.AccountRequest) *execution {
	ids, now := s.srv.IDs(), s.srv.Now()
	e := &execution{
		id: ids.UUID(), account: a, key: req.Workflow.Key, request: req, token: ids.Hex(24), script: s.script, status: jumio.StatusInitiated,
		created: now, expires: now.Add(lifetime(req.TokenLifetime)), resultID: make(map[string]string),
	}
	for _, w := range credentialsOf(e.key) {
		c := &credential{wanted: w, id: ids.UUID(), stored: make(map[jumio.Part]stored), paged: s.cfg.paged && w.category == jumio.CategoryDocument}
		for _, preset := range req.Workflow.Credentials {
			if preset.Category == w.category {
				c.preset, c.label = preset, preset.Label
			}
		}
		e.credentials = append(e.credentials, c)
	}
	s.executions[e.id], s.byToken[e.token] = e, e
	if e.script.status != "" {
		s.end(e, e.script.status)
	}
	return e
}

func lifetime(text string) time.Duration {
	if text == "" {
		return defaultLifetime
	}
	// time.ParseDuration has no day.
	if days, ok := strings.CutSuffix(text, "d"); ok {
		d, err := time.ParseDuration(days + "h")
		if err == nil {
			return 24 * d
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return defaultLifetime
	}
	return d
}

// find returns the execution of a call, or answers 404.
func (s *Server) find(c *fake.Call) *execution {
	e := s.executions[c.Path("execution")]
	if e == nil || e.account.id != c.Path("account") {
		c.Fail(http.StatusNotFound, "", "no such execution")
		return nil
	}
	s.expire(e)
	return e
}

// expire ends an execution whose token ran out before its journey ended.
func (s *Server) expire(e *execution) {
	if e.status == jumio.StatusInitiated && !s.srv.Now().Before(e.expires) {
		s.end(e, jumio.StatusTokenExpired)
	}
}

// acquired ends the journey; processing starts.
func (s *Server) acquired(e *execution) {
	e.status, e.started = jumio.StatusAcquired, s.srv.Now()
	if s.cfg.interim {
		s.notify(e)
	}
	if s.cfg.processing <= 0 {
		s.end(e, jumio.StatusProcessed)
		return
	}
	s.timers = append(s.timers, time.AfterFunc(s.cfg.processing, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if e.status == jumio.StatusAcquired {
			s.end(e, jumio.StatusProcessed)
		}
	}))
}

// end brings an execution into a final status and posts the notice.
func (s *Server) end(e *execution, status jumio.Status) {
	e.status, e.completed = status, s.srv.Now()
	if e.web && status == jumio.StatusProcessed {
		e.account.facemap = true
	}
	s.notify(e)
}

func (s *Server) notify(e *execution) {
	if e.request.CallbackURL == "" {
		return
	}
	body, err := kyc.Marshal(jumio.CallbackBody{
		CallbackSentAt: stamp(s.srv.Now()), UserReference: e.request.UserReference,
		WorkflowExecution: &jumio.ExecutionState{
			ID: e.id, Href: s.srv.HostURL("retrieval") + "/api/v1/workflow-executions/" + e.id, DefinitionKey: jumio.TextOrNumber(e.key), Status: e.status,
		},
		Account: &jumio.AccountRef{ID: e.account.id, Href: s.srv.HostURL("retrieval") + "/api/v1/accounts/" + e.account.id},
	})
	if err != nil {
		panic("jumiotest: " + err.Error())
	}
	s.poster.Post(fake.Notice{
		ID: e.id + "/" + string(e.status), URL: e.request.CallbackURL, Header: http.Header{"Content-Type": {"application/json"}}, Body: body,
	})
}

func stamp(t time.Time) kyc.Timestamp {
	if t.IsZero() {
		return ""
	}
	return kyc.Timestamp(t.UTC().Format("2006-01-02T15:04:05.000Z"))
}

// CompleteJourney does what a person in the web client or a mobile SDK does:
// captures everything and finalizes. It reports whether ref names an execution
// whose journey was open.
func (s *Server) CompleteJourney(ref kyc.Ref) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.executions[ref.Session]
	if e == nil || e.account.id != ref.Account {
		return false
	}
	s.expire(e)
	return s.journey(e)
}

func (s *Server) journey(e *execution) bool {
	if e.status != jumio.StatusInitiated {
		return false
	}
	e.web = true
	for _, c := range e.credentials {
		c.capture(s.srv.IDs())
	}
	s.acquired(e)
	return true
}

// Expire ends an open execution in SESSION_EXPIRED or TOKEN_EXPIRED and reports
// whether ref names one.
func (s *Server) Expire(ref kyc.Ref, status jumio.Status) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.executions[ref.Session]
	if e == nil || e.account.id != ref.Account || e.status != jumio.StatusInitiated {
		return false
	}
	s.end(e, status)
	return true
}

// webClient is the hosted page: a visit completes the journey and redirects as the vendor does.
func (s *Server) webClient(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.byToken[c.Query("authorizationToken")]
	if e == nil {
		c.Fail(http.StatusUnauthorized, "", "the authorization token is not known")
		return
	}
	s.expire(e)
	query := url.Values{"accountId": {e.account.id}, "workflowExecutionId": {e.id}, "customerInternalReference": {e.request.CustomerInternalReference}}
	target := ""
	if s.journey(e) {
		query.Set("acquisitionStatus", string(jumio.AcquisitionSuccess))
		if e.request.Web != nil {
			target = e.request.Web.SuccessURL
		}
	} else {
		query.Set("acquisitionStatus", string(jumio.AcquisitionError))
		query.Set("errorCode", string(jumio.RedirectSessionExpired))
		if e.request.Web != nil {
			target = e.request.Web.ErrorURL
		}
	}
	if target == "" {
		c.ReplyBytes(http.StatusOK, "text/html; charset=utf-8", []byte("<!doctype html><title>done</title>"))
		return
	}
	separator := "?"
	if strings.Contains(target, "?") {
		separator = "&"
	}
	c.Header().Set("Location", target+separator+query.Encode())
	c.ReplyEmpty(http.StatusFound)
}
