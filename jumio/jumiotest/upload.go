package jumiotest

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const maxUpload = 15_000_000

func (s *Server) create(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	req, ok := request(c)
	if !ok {
		return
	}
	if key := req.Workflow.Key; key == jumio.WorkflowAuthentication || key == jumio.WorkflowAuthenticationOnPremises {
		c.Refuse(http.StatusBadRequest, ruleWorkflow, "the workflow needs an account that exists")
		return
	}
	a := &account{id: s.srv.IDs().UUID()}
	s.accounts[a.id] = a
	reply(c, s.answer(s.begin(a, req)))
}

func (s *Server) update(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	req, ok := request(c)
	if !ok {
		return
	}
	a := s.accounts[c.Path("account")]
	if a == nil || a.deleted {
		c.Fail(http.StatusNotFound, "", "no such account")
		return
	}
	if req.Workflow.Key == jumio.WorkflowAuthentication && !a.facemap {
		c.Fail(http.StatusBadRequest, "", "the account has no facemap")
		return
	}
	reply(c, s.answer(s.begin(a, req)))
}

func request(c *fake.Call) (jumio.AccountRequest, bool) {
	var req jumio.AccountRequest
	if !c.JSON(nil) {
		return req, false
	}
	if err := kyc.Unmarshal(c.Body, &req); err != nil {
		c.Refuse(http.StatusBadRequest, fake.RuleJSON, "does not decode")
		return req, false
	}
	if screens(req.Workflow.Key) && req.UserReference == "" {
		c.Refuse(http.StatusBadRequest, ruleWorkflow, "the workflow does not screen without userReference")
		return req, false
	}
	return req, true
}

// answer builds the answer to a create or an update.
func (s *Server) answer(e *execution) jumio.Account {
	out := jumio.Account{
		Timestamp: stamp(s.srv.Now()), Account: &jumio.AccountRef{ID: e.account.id}, WorkflowExecution: &jumio.AccountExecution{ID: e.id},
	}
	api := s.srv.HostURL("api") + "/api/v1/accounts/" + e.account.id
	browser := false
	for _, c := range e.credentials {
		credential := jumio.AccountCredential{ID: c.id, Category: c.category, Label: c.label, AllowedChannels: c.channels, Country: c.preset.Country, Type: c.preset.Type}
		browser = browser || slices.Contains(c.channels, jumio.ChannelWeb)
		if slices.Contains(c.channels, jumio.ChannelAPI) {
			credential.API = s.channel(e, c)
		}
		out.WorkflowExecution.Credentials = append(out.WorkflowExecution.Credentials, credential)
	}
	if !browser {
		// Workflows of the API channel were seen with this in place of a page, and without an SDK token.
		out.Web = &jumio.WebAccess{Href: kyc.Secret(api)}
		return out
	}
	out.SDK = &jumio.SDKAccess{Token: kyc.Secret(e.token)}
	out.Web = &jumio.WebAccess{Href: kyc.Secret(s.srv.HostURL("web") + "/web/v4/app?authorizationToken=" + e.token + "&locale=en")}
	if web := e.request.Web; web != nil {
		out.Web.SuccessURL, out.Web.ErrorURL = web.SuccessURL, web.ErrorURL
	}
	return out
}

func (s *Server) channel(e *execution, c *credential) *jumio.CredentialAPI {
	base := s.srv.HostURL("api") + "/api/v1/accounts/" + e.account.id + "/workflow-executions/" + e.id
	parts := make(map[string]jumio.PartLocation, len(c.parts))
	for _, p := range c.parts {
		href := base + "/credentials/" + c.id + "/parts/" + string(p)
		location := jumio.PartLocation{URL: href}
		if c.paged {
			location = jumio.PartLocation{Pages: map[string]string{"1": href + "/1", "2": href + "/2"}}
		}
		parts[strings.ToLower(string(p))] = location
	}
	return &jumio.CredentialAPI{Token: kyc.Secret(e.token), Parts: parts, WorkflowExecution: base}
}

// authorised checks the transaction token of an upload or finalize. The caller holds the lock.
func (s *Server) authorised(c *fake.Call) *execution {
	e := s.byToken[c.Bearer()]
	if e == nil {
		c.Refuse(http.StatusUnauthorized, fake.RuleAuth, "the bearer is no transaction token")
		return nil
	}
	if e.id != c.Path("execution") || e.account.id != c.Path("account") {
		c.Refuse(http.StatusForbidden, fake.RuleAuth, "the token belongs to another execution")
		return nil
	}
	s.expire(e)
	if e.status == jumio.StatusTokenExpired || e.status == jumio.StatusSessionExpired {
		c.Fail(http.StatusUnauthorized, "", "the token has expired")
		return nil
	}
	return e
}

// offered finds the credential and part of an upload, or answers.
func (s *Server) offered(c *fake.Call, part jumio.Part) (*execution, *credential) {
	e := s.authorised(c)
	if e == nil {
		return nil, nil
	}
	i := slices.IndexFunc(e.credentials, func(k *credential) bool { return k.id == c.Path("credential") })
	if i < 0 {
		c.Fail(http.StatusNotFound, "", "no such credential")
		return nil, nil
	}
	k := e.credentials[i]
	switch {
	case !slices.Contains(k.channels, jumio.ChannelAPI):
		c.Refuse(http.StatusForbidden, ruleChannel, "the API channel does not take this credential")
	case !slices.Contains(k.parts, part):
		c.Refuse(http.StatusNotFound, ruleChannel, "the credential has no such part")
	case e.status != jumio.StatusInitiated:
		c.Refuse(http.StatusForbidden, ruleOrder, "the execution was finalized")
	case s.cfg.consent && k.category != jumio.CategoryData && (e.request.UserConsent == nil || e.request.UserConsent.Consent == nil):
		c.Refuse(http.StatusBadRequest, ruleConsent, "the request held no userConsent")
	default:
		return e, k
	}
	return nil, nil
}

func (s *Server) upload(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	part := jumio.Part(c.Path("part"))
	e, k := s.offered(c, part)
	if e == nil {
		return
	}
	if k.paged != (c.Path("page") != "") {
		c.Refuse(http.StatusNotFound, ruleChannel, "the part is addressed by page, or has none")
		return
	}
	spec := fake.PartSpec{Name: "file", MaxSize: maxUpload, ContentTypes: []string{"image/jpeg", "image/png"}}
	switch k.category {
	case jumio.CategoryDocument:
		spec.ContentTypes = append(spec.ContentTypes, "application/pdf")
	case jumio.CategoryFacemap:
		spec.ContentTypes = []string{"application/octet-stream"}
	}
	parts, ok := c.Multipart(spec)
	if !ok {
		return
	}
	file := parts["file"]
	if strings.HasPrefix(file.ContentType, "image/") && !measures(c, file.Data) {
		return
	}
	key := part
	if page := c.Path("page"); page != "" {
		key += jumio.Part("/" + page)
	}
	if _, twice := k.stored[key]; twice && c.Request.Method == http.MethodPost {
		c.Refuse(http.StatusConflict, ruleOrder, "the part is there: PUT replaces it")
		return
	}
	s.accept(c, e, k, key, stored{contentType: file.ContentType, data: bytes.Clone(file.Data)})
}

// measures refuses an image beyond the documented limits.
func measures(c *fake.Call, data []byte) bool {
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		c.Refuse(http.StatusBadRequest, fake.RuleMultipart, "the image does not decode")
	case max(config.Width, config.Height) > 8000 || max(config.Width, config.Height) <= 300:
		c.Refuse(http.StatusBadRequest, fake.RuleMultipart, "the image is too large or too small")
	default:
		return true
	}
	return false
}

func (s *Server) prepared(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, k := s.offered(c, jumio.PartPreparedData)
	if e == nil || !c.JSON(nil) {
		return
	}
	s.accept(c, e, k, jumio.PartPreparedData, stored{contentType: "application/json", data: bytes.Clone(c.Body)})
}

func (s *Server) accept(c *fake.Call, e *execution, k *credential, part jumio.Part, data stored) {
	data.id = s.srv.IDs().UUID()
	k.stored[part] = data
	api := s.channel(e, k)
	if part == jumio.PartPreparedData {
		// seen so at the real service
		api.Parts = map[string]jumio.PartLocation{}
	}
	reply(c, jumio.Upload{
		Timestamp: stamp(s.srv.Now()), Account: &jumio.AccountRef{ID: e.account.id}, WorkflowExecution: &jumio.ExecutionRef{ID: e.id},
		Credential: &jumio.ObjectRef{ID: k.id}, Part: &jumio.ObjectRef{ID: data.id}, API: api,
	})
}

func (s *Server) finalize(c *fake.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.authorised(c)
	if e == nil || !c.NoBody() {
		return
	}
	if e.key == jumio.WorkflowAuthenticationOnPremises || e.key == jumio.WorkflowAuthentication {
		c.Refuse(http.StatusForbidden, ruleOrder, "the web client or mobile SDK finalizes this workflow")
		return
	}
	// A repeated finalize changes nothing.
	if e.status == jumio.StatusInitiated {
		e.early = slices.ContainsFunc(e.credentials, func(k *credential) bool { return k.missing() })
		s.acquired(e)
	}
	reply(c, jumio.Finalized{
		Timestamp: stamp(s.srv.Now()), Account: &jumio.AccountRef{ID: e.account.id}, WorkflowExecution: &jumio.ExecutionRef{ID: e.id},
	})
}

// missing tells whether the API channel still owes a part. A PASSPORT has no back, which the fake cannot know: the front
// is enough for an ID.
func (k *credential) missing() bool {
	if k.optional || !slices.Contains(k.channels, jumio.ChannelAPI) {
		return false
	}
	if k.paged {
		return len(k.stored) == 0
	}
	for _, p := range k.parts {
		if _, ok := k.stored[p]; !ok && p != jumio.PartBack {
			return true
		}
	}
	return false
}

// capture fills a credential as the web client does.
func (k *credential) capture(ids *fake.IDs) {
	parts := slices.Clone(k.parts)
	switch {
	case k.category == jumio.CategoryFacemap && !slices.Contains(k.channels, jumio.ChannelAPI):
		parts = []jumio.Part{jumio.PartFacemap, "LIVENESS_1", "LIVENESS_3", "LIVENESS_2", "LIVENESS_5", "LIVENESS_4", "LIVENESS_6"}
	case k.category == jumio.CategorySelfie:
		parts = []jumio.Part{jumio.PartFace}
	case !slices.Contains(k.channels, jumio.ChannelWeb):
		return
	}
	for _, p := range parts {
		one := stored{id: ids.UUID(), contentType: "image/png", data: pixel()}
		if p == jumio.PartFacemap {
			one.contentType, one.data = "application/octet-stream", []byte("facemap of "+k.id)
		}
		k.stored[p] = one
	}
}

// pixel is a small picture.
func pixel() []byte {
	img := image.NewGray(image.Rect(0, 0, 2, 2))
	img.SetGray(1, 1, color.Gray{Y: 200})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic("jumiotest: " + err.Error())
	}
	return b.Bytes()
}

// partsInOrder lists stored parts by name.
func (k *credential) partsInOrder() []jumio.Part { return slices.Sorted(maps.Keys(k.stored)) }
