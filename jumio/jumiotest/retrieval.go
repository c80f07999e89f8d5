package jumiotest

import (
	"net/http"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func (s *Server) status(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(c)
	if e == nil || !c.NoBody() {
		return
	}
	root := s.srv.HostURL("retrieval") + "/api/v1"
	reply(c, jumio.WorkflowStatus{
		Account: &jumio.AccountRef{ID: e.account.id, Href: root + "/accounts/" + e.account.id},
		WorkflowExecution: &jumio.ExecutionState{
			ID: e.id, Href: root + "/workflow-executions/" + e.id, DefinitionKey: jumio.TextOrNumber(e.key), Status: e.status,
		},
	})
}

func (s *Server) details(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.find(c); e != nil && c.NoBody() {
		reply(c, s.record(e))
	}
}

func (s *Server) steps(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(c)
	if e == nil || !c.NoBody() {
		return
	}
	if e.status != jumio.StatusProcessed || !e.wiped.IsZero() {
		c.Fail(http.StatusNotFound, "", "no steps")
		return
	}
	record := s.record(e)
	step := jumio.Step{
		ID: s.resultID(e, "step"), Name: jumio.StepNameIDIv, CapabilityIDs: []string{},
		Decision: &jumio.StepDecision{Type: record.Decision.Type, Details: record.Decision.Details, Risk: record.Decision.Risk},
	}
	if e.key == jumio.WorkflowAuthentication || e.key == jumio.WorkflowAuthenticationOnPremises {
		step.Name = jumio.StepNameAuthentication
	}
	for _, name := range capabilitiesOf(e.key) {
		id := s.resultID(e, name+"/0")
		step.CapabilityIDs = append(step.CapabilityIDs, id)
		step.Capabilities = append(step.Capabilities, jumio.StepCapability{ID: id, Category: name})
	}
	reply(c, jumio.Steps{Steps: []jumio.Step{step}})
}

// rules answers an empty list: the real shape is not documented.
func (s *Server) rules(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.find(c); e != nil && c.NoBody() {
		c.Reply(http.StatusOK, map[string]any{"rules": []any{}})
	}
}

func (s *Server) report(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.find(c); e != nil && c.NoBody() {
		reply(c, jumio.Report{WorkflowID: e.id, PresignedURL: kyc.Secret("https://reports.example.com/" + e.id + ".pdf?signature=0")})
	}
}

// download finds a stored part over all executions of an account: the path of a part does not name the execution.
func (s *Server) download(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !c.NoBody() {
		return
	}
	part := jumio.Part(c.Path("part"))
	for _, e := range s.executions {
		if e.account.id != c.Path("account") || !e.wiped.IsZero() {
			continue
		}
		for _, k := range e.credentials {
			one, ok := k.stored[part]
			if !ok || k.id != c.Path("credential") || (part == jumio.PartFacemap && !s.cfg.facemap) {
				continue
			}
			c.ReplyBytes(http.StatusOK, one.contentType, one.data)
			return
		}
	}
	c.Fail(http.StatusNotFound, "", "no such part")
}

func (s *Server) deleteExecution(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.find(c); e != nil && c.NoBody() {
		s.wipe(e)
		c.ReplyEmpty(http.StatusOK)
	}
}

func (s *Server) deleteAccount(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[c.Path("account")]
	if a == nil || a.deleted {
		c.Fail(http.StatusNotFound, "", "no such account")
		return
	}
	if !c.NoBody() {
		return
	}
	a.deleted = true
	for _, e := range s.executions {
		if e.account == a {
			s.wipe(e)
		}
	}
	c.ReplyEmpty(http.StatusOK)
}

func (s *Server) wipe(e *execution) {
	e.wiped = s.srv.Now()
	for _, k := range e.credentials {
		clear(k.stored)
	}
}

// resultID gives the results of an execution ids that stay.
func (s *Server) resultID(e *execution, name string) string {
	if e.resultID[name] == "" {
		e.resultID[name] = s.srv.IDs().UUID()
	}
	return e.resultID[name]
}

// partHref is the address of a stored part.
func (s *Server) partHref(e *execution, k *credential, part jumio.Part) string {
	return strings.Join([]string{s.srv.HostURL("retrieval"), "api/v1/accounts", e.account.id, "credentials", k.id, "parts", string(part)}, "/")
}
