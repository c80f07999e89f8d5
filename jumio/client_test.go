package jumio_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// refuser fails the test when anything is sent.
type refuser struct{ t *testing.T }

func (r refuser) RoundTrip(req *http.Request) (*http.Response, error) {
	r.t.Errorf("sent %s %s", req.Method, req.URL)
	return nil, errors.New("nothing may be sent")
}

// offline returns a client of the real hosts that must not send anything.
func offline(t *testing.T) *jumio.Client {
	t.Helper()
	return must[*jumio.Client](t)(jumio.NewClient(
		jumio.Config{ClientID: "id", ClientSecret: "secret", Region: jumio.RegionEMEA},
		kyc.WithHTTPClient(&http.Client{Transport: refuser{t}}),
	))
}

func TestNewClientValidates(t *testing.T) {
	good := jumio.Config{ClientID: "id", ClientSecret: "secret", Region: jumio.RegionAPAC}
	client := must[*jumio.Client](t)(jumio.NewClient(good))
	if e := client.Endpoints(); e.Auth != "https://auth.apac-1.jumio.ai" || e.Status != "https://status.apac-1.jumio.ai" || e.API != "https://api.apac-1.jumio.ai" {
		t.Errorf("endpoints %+v", e)
	}
	if client.Vendor() != kyc.Jumio {
		t.Error("vendor")
	}
	for name, change := range map[string]func(*jumio.Config){
		"no id":         func(c *jumio.Config) { c.ClientID = "" },
		"no secret":     func(c *jumio.Config) { c.ClientSecret = "" },
		"no region":     func(c *jumio.Config) { c.Region = "" },
		"other region":  func(c *jumio.Config) { c.Region = "mars-1" },
		"no URL":        func(c *jumio.Config) { c.Endpoints.API = "api.example.com" },
		"with a query":  func(c *jumio.Config) { c.Endpoints.Retrieval = "https://example.com/?x=1" },
		"other scheme":  func(c *jumio.Config) { c.Endpoints.Account = "ftp://example.com" },
		"with password": func(c *jumio.Config) { c.Endpoints.Auth = "https://a:b@example.com" },
	} {
		cfg := good
		change(&cfg)
		if _, err := jumio.NewClient(cfg); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := jumio.NewClient(good, kyc.WithMaxBody(-1)); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("options: %v", err)
	}
}

func TestEmptyIDsAreRefused(t *testing.T) {
	ctx, c := t.Context(), offline(t)
	ref := kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: "w"}
	credential := jumio.Credential{Ref: ref, ID: "c", Token: "t"}
	file := photo(t)
	bad := []kyc.Ref{{}, {Vendor: kyc.Jumio}, {Vendor: kyc.Jumio, Account: "a"}, {Vendor: kyc.Jumio, Session: "w"}, {Vendor: kyc.Didit, Account: "a", Session: "w"}}
	calls := map[string]func() error{
		"update":         func() error { _, err := c.Accounts.Update(ctx, "", request()); return err },
		"delete account": func() error { return c.Accounts.Delete(ctx, "") },
		"credential": func() error {
			_, err := c.Credentials.Upload(ctx, jumio.Credential{Ref: ref, Token: "t"}, jumio.PartFront, file)
			return err
		},
		"part": func() error { _, err := c.Credentials.Upload(ctx, credential, "", file); return err },
		"token": func() error {
			_, err := c.Credentials.Upload(ctx, jumio.Credential{Ref: ref, ID: "c"}, jumio.PartFront, file)
			return err
		},
		"page": func() error {
			_, err := c.Credentials.UploadPage(ctx, credential, jumio.PartDocument, "", file)
			return err
		},
		"replace": func() error {
			_, err := c.Credentials.Replace(ctx, jumio.Credential{}, jumio.PartFront, file)
			return err
		},
		"prepared data": func() error {
			_, err := c.Credentials.UploadPreparedData(ctx, jumio.Credential{}, jumio.PreparedData{})
			return err
		},
		"prepared id": func() error {
			_, err := c.Credentials.UploadPreparedData(ctx, jumio.Credential{Ref: ref, Category: jumio.CategoryID, Token: "t"}, jumio.PreparedData{})
			return err
		},
		"finalize":          func() error { _, err := c.Workflows.Finalize(ctx, &jumio.Account{}); return err },
		"finalize nil":      func() error { _, err := c.Workflows.Finalize(ctx, nil); return err },
		"finalize no token": func() error { _, err := c.Workflows.FinalizeRef(ctx, ref, ""); return err },
		"download account":  func() error { _, err := c.Credentials.Download(ctx, "", "c", jumio.PartFront, io.Discard); return err },
		"download":          func() error { _, err := c.Credentials.Download(ctx, "a", "", jumio.PartFront, io.Discard); return err },
		"download part":     func() error { _, err := c.Credentials.Download(ctx, "a", "c", "", io.Discard); return err },
		"download writer":   func() error { _, err := c.Credentials.Download(ctx, "a", "c", jumio.PartFront, nil); return err },
		"do":                func() error { return c.Do(ctx, http.MethodGet, "", nil, nil) },
	}
	for _, r := range bad {
		name := " of " + r.String()
		calls["status"+name] = func() error { _, err := c.Workflows.Status(ctx, r); return err }
		calls["details"+name] = func() error { _, err := c.Workflows.Details(ctx, r); return err }
		calls["steps"+name] = func() error { _, err := c.Workflows.Steps(ctx, r); return err }
		calls["rules"+name] = func() error { _, err := c.Workflows.Rules(ctx, r); return err }
		calls["report"+name] = func() error { _, err := c.Workflows.Report(ctx, r); return err }
		calls["delete"+name] = func() error { return c.Workflows.Delete(ctx, r) }
		calls["fetch"+name] = func() error { _, err := c.Fetch(ctx, r); return err }
		calls["finalize"+name] = func() error { _, err := c.Workflows.FinalizeRef(ctx, r, "t"); return err }
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAccountRequestLimits(t *testing.T) {
	ctx, c := t.Context(), offline(t)
	for name, change := range map[string]func(*jumio.AccountRequest){
		"no workflow":       func(r *jumio.AccountRequest) { r.Workflow.Key = "" },
		"no reference":      func(r *jumio.AccountRequest) { r.CustomerInternalReference = "" },
		"long reference":    func(r *jumio.AccountRequest) { r.CustomerInternalReference = strings.Repeat("x", 101) },
		"odd reference":     func(r *jumio.AccountRequest) { r.CustomerInternalReference = "a;b" },
		"long user":         func(r *jumio.AccountRequest) { r.UserReference = strings.Repeat("x", 101) },
		"long criteria":     func(r *jumio.AccountRequest) { r.ReportingCriteria = strings.Repeat("x", 256) },
		"short life":        func(r *jumio.AccountRequest) { r.TokenLifetime = "4m" },
		"long life":         func(r *jumio.AccountRequest) { r.TokenLifetime = "61d" },
		"odd life":          func(r *jumio.AccountRequest) { r.TokenLifetime = "1w" },
		"overflowing life":  func(r *jumio.AccountRequest) { r.TokenLifetime = "99999999999999999999d" },
		"negative life":     func(r *jumio.AccountRequest) { r.TokenLifetime = "-1d" },
		"plain callback":    func(r *jumio.AccountRequest) { r.CallbackURL = "http://example.com/x" },
		"callback port":     func(r *jumio.AccountRequest) { r.CallbackURL = "https://example.com:8443/x" },
		"callback address":  func(r *jumio.AccountRequest) { r.CallbackURL = "https://192.0.2.1/x" },
		"callback address6": func(r *jumio.AccountRequest) { r.CallbackURL = "https://[2001:db8::1]/x" },
		"callback fragment": func(r *jumio.AccountRequest) { r.CallbackURL = "https://example.com/x#y" },
		"callback unicode":  func(r *jumio.AccountRequest) { r.CallbackURL = "https://exämple.com/x" },
		"long callback":     func(r *jumio.AccountRequest) { r.CallbackURL = "https://example.com/" + strings.Repeat("x", 255) },
		"plain success":     func(r *jumio.AccountRequest) { r.Web = &jumio.WebRequest{SuccessURL: "http://example.com"} },
		"plain error":       func(r *jumio.AccountRequest) { r.Web = &jumio.WebRequest{ErrorURL: "example.com"} },
		"consent time":      func(r *jumio.AccountRequest) { r.UserConsent.Consent.ObtainedAt = "" },
		"consent in the US": func(r *jumio.AccountRequest) {
			r.UserConsent = &jumio.UserConsent{UserLocation: &jumio.UserLocation{Country: "USA"}}
		},
		"screening":      func(r *jumio.AccountRequest) { r.Workflow.Key, r.UserReference = jumio.WorkflowWatchlist, "" },
		"authentication": func(r *jumio.AccountRequest) { r.Workflow.Key = jumio.WorkflowAuthentication },
		"on premises":    func(r *jumio.AccountRequest) { r.Workflow.Key = jumio.WorkflowAuthenticationOnPremises },
	} {
		req := request()
		change(&req)
		if _, err := c.Accounts.Create(ctx, req); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStartRefusesWhatJumioCannotHonour(t *testing.T) {
	ctx, c := t.Context(), offline(t)
	good := kyc.StartRequest{Reference: "r", Workflow: "10011"}
	for name, change := range map[string]func(*kyc.StartRequest){
		"reference": func(r *kyc.StartRequest) { r.Reference = "" },
		"workflow":  func(r *kyc.StartRequest) { r.Workflow = "" },
		"update":    func(r *kyc.StartRequest) { r.Workflow = "10014" },
		"person":    func(r *kyc.StartRequest) { r.Person = &kyc.Person{LastName: "x"} },
		"metadata":  func(r *kyc.StartRequest) { r.Metadata = map[string]string{"a": "b"} },
		"short":     func(r *kyc.StartRequest) { r.TTL = time.Minute },
		"long":      func(r *kyc.StartRequest) { r.TTL = 61 * 24 * time.Hour },
		"fraction":  func(r *kyc.StartRequest) { r.TTL = time.Hour + time.Millisecond },
		"redirect":  func(r *kyc.StartRequest) { r.RedirectURL = "http://example.com" },
		"notify":    func(r *kyc.StartRequest) { r.NotifyURL = "https://127.0.0.1/x" },
		"consent":   func(r *kyc.StartRequest) { r.Consent = &kyc.Consent{Obtained: true} },
		"country":   func(r *kyc.StartRequest) { r.Consent = &kyc.Consent{Country: "nowhere"} },
		"state":     func(r *kyc.StartRequest) { r.Consent = &kyc.Consent{State: "CA"} },
	} {
		req := good
		change(&req)
		if _, err := c.Start(ctx, req); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHrefsStayInsideTheHost(t *testing.T) {
	ctx, c := t.Context(), offline(t)
	for _, href := range []string{
		"", "x", "/api/v1/accounts/a", "https://retrieval.emea-1.jumio.ai.example.com/api/v1/x", "http://retrieval.emea-1.jumio.ai/api/v1/x",
		"https://retrieval.amer-1.jumio.ai/api/v1/x", "https://user@retrieval.emea-1.jumio.ai/api/v1/x", "https://retrieval.emea-1.jumio.ai:444/x",
		"https://retrieval.emea-1.jumio.ai", "https://retrieval.emea-1.jumio.ai/a/../b", "https://retrieval.emea-1.jumio.ai/a/%2e%2e/b",
		"//retrieval.emea-1.jumio.ai/x", "https:retrieval.emea-1.jumio.ai/x", "https://retrieval.emea-1.jumio.ai/x#y", "https://evil.example\\@retrieval.emea-1.jumio.ai/x",
	} {
		if _, err := c.Credentials.DownloadHref(ctx, href, io.Discard); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", href, err)
		}
	}
	credential := jumio.Credential{
		Ref: kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: "w"}, ID: "c", Token: "t",
		Locations: map[string]jumio.PartLocation{
			"document": {Pages: map[string]string{"1": "https://evil.example/parts/DOCUMENT/1"}}, "novel": {URL: "https://evil.example/parts/NOVEL"},
		},
	}
	for _, part := range []jumio.Part{jumio.PartDocument, "NOVEL"} {
		if _, err := c.Credentials.Upload(ctx, credential, part, photo(t)); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", part, err)
		}
	}
	for _, target := range []string{"https://evil.example/x", "https://auth.emea-1.jumio.ai/oauth2/token", "//evil.example/x", "x"} {
		if err := c.Do(ctx, http.MethodGet, target, nil, nil); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", target, err)
		}
	}
}

// Known parts are addressed by ids, so a hostile address in an answer is never followed.
func TestKnownPartsAreBuiltFromIDs(t *testing.T) {
	server, client := start(t)
	account := must[*jumio.Account](t)(client.Accounts.Create(t.Context(), request()))
	credential := account.Credentials(jumio.ChannelAPI)[0]
	credential.Locations["front"] = jumio.PartLocation{URL: "https://evil.example/front"}
	must[*jumio.Upload](t)(client.Credentials.Upload(t.Context(), credential, jumio.PartFront, photo(t)))
	noProblems(t, server)
}

func TestIDsAreEscaped(t *testing.T) {
	server, client := start(t)
	ref := kyc.Ref{Vendor: kyc.Jumio, Account: "a/../b?c#d", Session: ".. x"}
	if _, err := client.Workflows.Details(t.Context(), ref); !errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("want ErrNotFound, got %v", err)
	}
	if n := server.Count("Workflows.Details"); n != 1 {
		t.Errorf("%d requests reached the operation", n)
	}
	noProblems(t, server)
}

func TestWrongCredentials(t *testing.T) {
	server := jumiotest.NewServer()
	defer server.Close()
	cfg := server.Config()
	cfg.ClientSecret = "wrong"
	client := must[*jumio.Client](t)(jumio.NewClient(cfg, kyc.WithUserAgent("Acme/1")))
	if _, err := client.Accounts.Create(t.Context(), request()); !errors.Is(err, kyc.ErrUnauthorized) {
		t.Errorf("want ErrUnauthorized, got %v", err)
	}
}

func TestAnswersAboutOthersAreRefused(t *testing.T) {
	body := fixture(t, "details-10014.json")
	client := must[*jumio.Client](t)(jumio.NewClient(
		jumio.Config{ClientID: "id", ClientSecret: "secret", Region: jumio.RegionEMEA},
		kyc.WithHTTPClient(&http.Client{Transport: canned{body}}),
	))
	own := kyc.Ref{Vendor: kyc.Jumio, Account: "2568c760-0a5b-4a07-bbcf-d7a4e5cd5b2f", Session: "A6692412-a1e1-4fbc-a3fa-79c210af25b6"}
	if r := must[*kyc.Result](t)(client.Fetch(t.Context(), own)); r.Decision != kyc.Approved {
		t.Errorf("%v", r)
	}
	for _, other := range []kyc.Ref{
		{Vendor: kyc.Jumio, Account: own.Account, Session: "334179b3-196f-4a11-a7bf-f3d5e9e4ec4f"}, {Vendor: kyc.Jumio, Account: "x", Session: own.Session},
	} {
		if _, err := client.Fetch(t.Context(), other); !errors.Is(err, kyc.ErrMalformed) {
			t.Errorf("want ErrMalformed, got %v", err)
		}
	}
	client = must[*jumio.Client](t)(jumio.NewClient(
		jumio.Config{ClientID: "id", ClientSecret: "secret", Region: jumio.RegionEMEA},
		kyc.WithHTTPClient(&http.Client{Transport: canned{[]byte(`{"decision":{"type":"PASSED"},"workflow":{"status":"PROCESSED"}}`)}}),
	))
	if _, err := client.Fetch(t.Context(), own); !errors.Is(err, kyc.ErrMalformed) {
		t.Errorf("an answer without ids: %v", err)
	}
}

// canned answers everything but the token with one body.
type canned struct{ body []byte }

func (c canned) RoundTrip(req *http.Request) (*http.Response, error) {
	body := c.body
	if req.URL.Path == "/oauth2/token" {
		body = []byte(`{"access_token":"t","expires_in":3600,"token_type":"Bearer"}`)
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)), Request: req,
	}, nil
}

func TestDo(t *testing.T) {
	ctx := t.Context()
	server, client := start(t)
	account := must[*jumio.Account](t)(client.Accounts.Create(ctx, request()))
	ref := account.Ref()
	var out jumio.WorkflowStatus
	if err := client.Do(ctx, http.MethodGet, "/api/v1/accounts/"+ref.Account+"/workflow-executions/"+ref.Session+"/status", nil, &out); err != nil {
		t.Fatal(err)
	}
	if out.WorkflowExecution.ID != ref.Session {
		t.Error("another execution")
	}
	var again jumio.Account
	if err := client.Do(ctx, http.MethodPut, client.Endpoints().Account+"/api/v1/accounts/"+ref.Account, request(), &again); err != nil {
		t.Fatal(err)
	}
	finalize := client.Endpoints().API + "/api/v1/accounts/" + ref.Account + "/workflow-executions/" + ref.Session
	if err := client.Do(ctx, http.MethodPut, finalize, nil, nil, jumio.WithTransactionToken(account.APIToken())); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := client.Do(ctx, http.MethodGet, client.Endpoints().Status+"/", nil, &b); err != nil || !strings.Contains(b.String(), "UP") {
		t.Errorf("%q, %v", b.String(), err)
	}
	noProblems(t, server)
}
