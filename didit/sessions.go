package didit

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// SessionsService creates, reads, decides, shares and deletes sessions, of
// persons and of companies.
type SessionsService struct{ c *Client }

// Names of the operations, as errors and observations show them.
const (
	opCreate       = "sessions.create"
	opDecision     = "sessions.decision"
	opDelete       = "sessions.delete"
	opDeleteMany   = "sessions.delete_many"
	opPDF          = "sessions.pdf"
	opShare        = "sessions.share"
	opImportShared = "sessions.import_shared"
	opArmSandbox   = "sessions.arm_sandbox"
	opScenarios    = "sessions.sandbox_scenarios"
)

// Create starts a session, which costs money when it is used. A session of the
// same VendorData and workflow that is not finished is returned in place of a
// new one, with its callback and metadata replaced: see [Session.Reused]. The
// call is repeated only if the vendor certainly did not act.
//
// Refused before anything is sent: what is out of the bounds that
// [SessionRequest] documents, and a telephone number that is not in the form of
// E.164, which the vendor would drop without a word. URL and SessionToken are
// empty where the API key may not see them.
func (s *SessionsService) Create(ctx context.Context, req SessionRequest, opts ...kyc.Option) (*Session, error) {
	out, _, err := s.create(ctx, req, opts)
	return out, err
}

// create returns the answer too, for an error that is told only from what is in it.
func (s *SessionsService) create(ctx context.Context, req SessionRequest, opts []kyc.Option) (*Session, *transport.Answer, error) {
	if req.WorkflowID == "" {
		req.WorkflowID = s.c.workflow
	}
	if err := checkSession(req); err != nil {
		return nil, nil, err
	}
	var out Session
	answer, err := s.c.send(ctx, request{
		op: opCreate, class: transport.IfNotProcessed, method: http.MethodPost, path: "/v3/session/", in: req, out: &out, budget: s.c.budgets.creates,
	}, opts)
	if err != nil {
		return nil, nil, err
	}
	if out.SessionID == "" {
		return nil, nil, answer.Malformed(kyc.Didit, opCreate, "the answer names no session; one may have been opened")
	}
	if otherVendorData(out.VendorData, req.VendorData) {
		return nil, nil, answer.Malformed(kyc.Didit, opCreate, "the answer is another vendor_data's session")
	}
	return &out, answer, nil
}

// otherVendorData reports whether an answer is about somebody else. Not every answer repeats whom it is about.
func otherVendorData(got, want string) bool { return got != "" && got != want }

// Reused tells that the session existed before the call, which its status
// shows: a new session is Not Started. False proves nothing, since a reused
// session may not have been started either; compare SessionNumber with those
// that are known.
func (s *Session) Reused() bool {
	switch s.Status {
	case StatusInProgress, StatusAwaitingUser, StatusResubmitted:
		return true
	default:
		return false
	}
}

// Ref returns the verification's reference.
func (s *Session) Ref() kyc.Ref { return kyc.Ref{Vendor: kyc.Didit, Session: s.SessionID} }

// maxPortrait is the longest portrait that the vendor documents.
const maxPortrait = 2 << 20

// Portrait reads an image for SessionRequest.PortraitImage: JPEG, PNG, WebP or
// TIFF of at most 2 MB. (One vendor page says 1 MB.)
func Portrait(file kyc.File) (kyc.Secret, error) {
	const op = "sessions.portrait"
	if size, err := file.Size(); err != nil || size == 0 || size > maxPortrait {
		return "", kyc.Invalid(kyc.Didit, op, "the portrait cannot be read, is empty or is longer than 2 MB")
	}
	r, err := file.Open()
	if err != nil {
		return "", kyc.Invalid(kyc.Didit, op, "the portrait cannot be opened")
	}
	defer func() { _ = r.Close() }()
	data, err := io.ReadAll(io.LimitReader(r, maxPortrait+1))
	if err != nil || len(data) == 0 || len(data) > maxPortrait {
		return "", kyc.Invalid(kyc.Didit, op, "the portrait cannot be read, is empty or is longer than 2 MB")
	}
	return kyc.Secret(base64.StdEncoding.EncodeToString(data)), nil
}

type eventsKey struct{}

// IncludeEvents makes [SessionsService.Decision] ask for the time line and the
// costs too. It applies to sessions of persons. The answer then has no
// SessionKind, and its features have node ids.
func IncludeEvents() kyc.Option { return func(s *kyc.Settings) { s.Set(eventsKey{}, true) } }

// Decision reads all that is known of a session, at any point of its life.
// Media links in it run out soon; read again for new ones.
func (s *SessionsService) Decision(ctx context.Context, id string, opts ...kyc.Option) (*Decision, error) {
	if err := s.c.checkID(opDecision, "session id", id, opts); err != nil {
		return nil, err
	}
	query := url.Values{}
	if events, _ := s.c.http.Settings(opts...).Value(eventsKey{}).(bool); events {
		query.Set("include", "events")
	}
	var out Decision
	answer, err := s.c.send(ctx, request{
		op: opDecision, class: transport.Safe, method: http.MethodGet, path: "/v3/session/{}/decision/", ids: []string{id},
		query: query, out: &out, budget: s.c.budgets.reads,
	}, opts)
	if err != nil {
		return nil, err
	}
	if out.SessionID != id {
		// Somebody else's verdict must not decide, however it came here.
		return nil, answer.Malformed(kyc.Didit, opDecision, "the answer is not the decision of the session that was asked for")
	}
	return &out, nil
}

// Delete deletes a session; its links stop working and it cannot be restored.
// The vendor keeps entries of the block list. An empty request sends no body;
// its members are for servers that know them. Some servers say what became of
// the face template, others leave the answer empty.
//
// Experimental: members of the request and of the answer are known from a third
// party only; what the vendor documents is a call without either.
func (s *SessionsService) Delete(ctx context.Context, id string, req DeleteRequest, opts ...kyc.Option) (*DeleteResponse, error) {
	if err := s.c.checkID(opDelete, "session id", id, opts); err != nil {
		return nil, err
	}
	var out DeleteResponse
	r := request{
		op: opDelete, class: transport.Safe, method: http.MethodDelete, path: "/v3/session/{}/delete/", ids: []string{id},
		out: &out, budget: s.c.budgets.writes, emptyOK: true,
	}
	if body, err := kyc.Marshal(req); err != nil {
		return nil, kyc.Invalid(kyc.Didit, opDelete, "the request cannot be written as JSON")
	} else if string(body) != "{}" {
		r.in = req
	}
	if _, err := s.c.send(ctx, r, opts); err != nil {
		return nil, err
	}
	return &out, nil
}

// DeleteMany deletes sessions of persons by their numbers, or with DeleteAll
// every one of the application. Unknown numbers are skipped without a word,
// so an answer without results does not tell which were deleted. The call takes
// API keys only.
//
// Experimental: results in the answer are known from a third party only.
func (s *SessionsService) DeleteMany(ctx context.Context, req DeleteSessionsRequest, opts ...kyc.Option) (*DeleteSessionsResponse, error) {
	all := req.DeleteAll != nil && *req.DeleteAll
	if all == (len(req.SessionNumbers) > 0) {
		return nil, kyc.Invalid(kyc.Didit, opDeleteMany, "give either session numbers or DeleteAll")
	}
	for _, n := range req.SessionNumbers {
		if n == "" || strings.Trim(n, "0123456789") != "" {
			return nil, kyc.Invalid(kyc.Didit, opDeleteMany, "a session number is not a number")
		}
	}
	class := transport.Safe
	if all {
		// A repeat would take sessions with it that were created after the first.
		class = transport.IfNotProcessed
	}
	var out DeleteSessionsResponse
	_, err := s.c.send(ctx, request{
		op: opDeleteMany, class: class, method: http.MethodPost, path: "/v3/sessions/delete/", in: req, out: &out,
		budget: s.c.budgets.writes, emptyOK: true,
	}, opts)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// pdfTimeout is how long the vendor may take to make a report.
const pdfTimeout = time.Minute

// PDF writes a session's report to w. Only decided sessions have one; another
// gives [ErrSessionState]. The report is made anew for each call, which may take
// a minute.
func (s *SessionsService) PDF(ctx context.Context, id string, w io.Writer, opts ...kyc.Option) (*Download, error) {
	if err := s.c.checkID(opPDF, "session id", id, opts); err != nil {
		return nil, err
	}
	if w == nil {
		return nil, kyc.Invalid(kyc.Didit, opPDF, "the writer is nil")
	}
	path, err := transport.Path("/v3/session/{}/generate-pdf/", id)
	if err != nil {
		return nil, kyc.Invalid(kyc.Didit, opPDF, "the session id is empty")
	}
	answer, err := s.c.http.Do(ctx, transport.Call{
		Operation: transport.Operation{Name: opPDF, Class: transport.Safe}, Method: http.MethodGet, Base: s.c.base, Path: path,
		Limiter: s.c.budgets.pdfs, Accept: "application/pdf", Sink: w, SinkHeader: pdfOnly,
	}, patient(pdfTimeout, opts)...)
	if err != nil {
		return nil, err
	}
	if answer.Written == 0 {
		return nil, answer.Malformed(kyc.Didit, opPDF, "the answer holds no report")
	}
	return downloaded(answer), nil
}

// Share makes a token with which another application may import the session.
// Only decided sessions can be shared; another gives [ErrSessionState], as far as
// the vendor's text tells.
//
// Experimental: the vendor's API description names the other application as
// this does, a program that the vendor published in another way.
func (s *SessionsService) Share(ctx context.Context, id string, req ShareRequest, opts ...kyc.Option) (*ShareResponse, error) {
	if err := s.c.checkID(opShare, "session id", id, opts); err != nil {
		return nil, err
	}
	if req.ForApplicationID == "" {
		return nil, kyc.Invalid(kyc.Didit, opShare, "ForApplicationID is empty")
	}
	if t := req.TTLInSeconds; t != nil && (*t < 60 || *t > 86400) {
		return nil, kyc.Invalid(kyc.Didit, opShare, "TTLInSeconds is not between 60 and 86400")
	}
	var out ShareResponse
	answer, err := s.c.send(ctx, request{
		op: opShare, class: transport.IfNotProcessed, method: http.MethodPost, path: "/v3/session/{}/share/", ids: []string{id},
		in: req, out: &out, budget: s.c.budgets.writes,
	}, opts)
	if err != nil {
		return nil, err
	}
	if out.ShareToken == "" {
		return nil, answer.Malformed(kyc.Didit, opShare, "the answer has no token; one may have been made")
	}
	return &out, nil
}

// ImportShared imports a session that another application shared. It can be
// done once for each token; again gives [ErrAlreadyImported]. Of a person some
// servers answer the older shape, whose blocks have singular names: they are in
// Extra then, while the status reads as ever.
//
// Experimental: that newer servers answer the shape of [Decision] for persons
// too is known from a third party only.
func (s *SessionsService) ImportShared(ctx context.Context, req ImportSharedRequest, opts ...kyc.Option) (*Decision, error) {
	if req.WorkflowID == "" {
		req.WorkflowID = s.c.workflow
	}
	switch {
	case req.ShareToken == "":
		return nil, kyc.Invalid(kyc.Didit, opImportShared, "ShareToken is empty")
	case req.WorkflowID == "":
		return nil, kyc.Invalid(kyc.Didit, opImportShared, "neither the request nor the client names a workflow")
	}
	var out Decision
	answer, err := s.c.send(ctx, request{
		op: opImportShared, class: transport.IfNotProcessed, method: http.MethodPost, path: "/v3/session/import-shared/",
		in: req, out: &out, budget: s.c.budgets.writes,
	}, opts)
	if err != nil {
		return nil, err
	}
	if out.SessionID == "" {
		return nil, answer.Malformed(kyc.Didit, opImportShared, "the answer names no session; one may have been imported, and the token be used up")
	}
	if req.VendorData != "" && otherVendorData(out.VendorData, req.VendorData) {
		return nil, answer.Malformed(kyc.Didit, opImportShared, "the answer is another vendor_data's session; the token may be used up")
	}
	return &out, nil
}

// ArmSandbox chooses how a sandbox session will end. It must not have started.
// The call is made with the session's own token, not with the API key.
func (s *SessionsService) ArmSandbox(ctx context.Context, id string, token kyc.Secret, req SandboxArmRequest, opts ...kyc.Option) error {
	if err := s.c.checkID(opArmSandbox, "session id", id, opts); err != nil {
		return err
	}
	switch {
	case token == "":
		return kyc.Invalid(kyc.Didit, opArmSandbox, "the session token is empty")
	case req.Scenario == "":
		return kyc.Invalid(kyc.Didit, opArmSandbox, "Scenario is empty")
	}
	_, err := s.c.send(ctx, request{
		op: opArmSandbox, class: transport.Safe, method: http.MethodPost, path: "/v3/session/{}/sandbox/arm/", ids: []string{id},
		in: req, budget: s.c.budgets.writes, auth: transport.HeaderAuth("Session-Token", token),
	}, opts)
	return err
}
