package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	jsonexp "github.com/go-json-experiment/json"
	"github.com/google/go-github/v88/github"
	"github.com/hashicorp/go-retryablehttp"
	"github.com/stripe/stripe-go/v85"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

const (
	token     = "a-bearer-token-of-a-usual-length-for-a-usual-service-0123456789"
	account   = "572ac7b5-9f83-409d-ba8e-f0014e411c7e"
	execution = "41f71912-1c6b-4e2f-b340-d6dc10cd69b8"
	stubHost  = "https://vendor.example"
	readPath  = "/api/v1/accounts/" + account + "/workflow-executions/" + execution + "/status"
	yotiID    = "0f1e2d3c-4b5a-4678-8978-6a5b4c3d2e1f"
	yotiPath  = "/sessions/" + yotiID
)

// answers gives what the vendor would say to a path: a token, a Yoti session, or the state of a Jumio execution.
func answers(path string) []byte {
	switch {
	case path == "/oauth2/token":
		return []byte(`{"access_token":"` + token + `","token_type":"Bearer","expires_in":3600}`)
	case strings.HasPrefix(path, "/sessions/"):
		return yotiAnswer()
	default:
		return readAnswer()
	}
}

var (
	readAnswer = sync.OnceValue(func() []byte { return fixture("jumio/status-processed.json") })
	// The answer names the session that was asked for.
	yotiAnswer = sync.OnceValue(func() []byte {
		return bytes.Replace(fixture("yoti/session-ongoing.json"), []byte(`"s-1"`), []byte(`"`+yotiID+`"`), 1)
	})
)

// stub is a transport that answers from memory, so that only the client's own code is measured.
type stub struct{}

// RoundTrip returns a fresh response, as a connection would.
func (stub) RoundTrip(r *http.Request) (*http.Response, error) {
	body := answers(r.URL.Path)
	return &http.Response{
		StatusCode: 200, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header:        http.Header{"Content-Type": {"application/json"}, "Date": {"Sun, 22 Nov 2026 08:00:00 GMT"}},
		ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}, nil
}

// serveAnswers starts a vendor on loopback.
func serveAnswers() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answers(r.URL.Path))
	}))
}

// free is a limiter that lets everything pass: budgets of the vendors would be all that is measured.
type free struct{}

// Wait returns at once.
func (free) Wait(context.Context) error { return nil }

// newTransport returns a transport with connections enough for n callers.
func newTransport(n int) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 0, n
	return t
}

// reader makes one read and decodes the answer.
type reader func(ctx context.Context) (*jumio.WorkflowStatus, error)

// bare is net/http alone.
func bare(base string, rt http.RoundTripper) reader { return bareWith(base, rt, json.Unmarshal) }

// bareWith is net/http with another decoder, to tell the pipeline's cost from what the decoder saves.
func bareWith(base string, rt http.RoundTripper, unmarshal func([]byte, any) error) reader {
	hc := &http.Client{Transport: rt}
	return func(ctx context.Context) (*jumio.WorkflowStatus, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+readPath, nil)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Accept", "application/json")
		req.Header.Set("User-Agent", "bare/1.0")
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := hc.Do(req)
		return readAnswerOf(resp, err, unmarshal)
	}
}

func readAnswerOf(resp *http.Response, err error, unmarshal func([]byte, any) error) (*jumio.WorkflowStatus, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	var out jumio.WorkflowStatus
	return &out, unmarshal(data, &out)
}

// bareDeadline is net/http with the bound on a request that the SDK always has.
func bareDeadline(base string, rt http.RoundTripper) reader {
	read := bare(base, rt)
	return func(ctx context.Context) (*jumio.WorkflowStatus, error) {
		ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		return read(ctx)
	}
}

// sdk is the Jumio client with a token in its cache; without opts it has the module's own transport.
func sdk(base string, rt http.RoundTripper, limiter kyc.Limiter) reader {
	opts := []kyc.Option{kyc.WithLimiter(limiter)}
	if rt != nil {
		opts = append(opts, kyc.WithHTTPClient(&http.Client{Transport: rt}))
	}
	c, err := jumio.NewClient(jumio.Config{
		ClientID: "id", ClientSecret: "secret",
		Endpoints: jumio.Endpoints{Auth: base, Account: base, API: base, Retrieval: base, Status: base},
	}, opts...)
	must(err)
	ref := kyc.Ref{Vendor: kyc.Jumio, Account: account, Session: execution}
	return func(ctx context.Context) (*jumio.WorkflowStatus, error) { return c.Workflows.Status(ctx, ref) }
}

// retryable is go-retryablehttp as it comes, but for the place where its log goes.
func retryable(base string, rt http.RoundTripper) reader {
	c := retryablehttp.NewClient()
	c.Logger = log.New(io.Discard, "", log.LstdFlags)
	c.HTTPClient.Transport = rt
	return func(ctx context.Context) (*jumio.WorkflowStatus, error) {
		req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, base+readPath, nil)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Accept", "application/json")
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := c.Do(req)
		return readAnswerOf(resp, err, json.Unmarshal)
	}
}

// goGitHub is google/go-github as it comes, reading our answer.
func goGitHub(base string, rt http.RoundTripper) reader {
	root := base + "/"
	c, err := github.NewClient(github.WithTransport(rt), github.WithAuthToken(token), github.WithURLs(&root, &root))
	must(err)
	return func(ctx context.Context) (*jumio.WorkflowStatus, error) {
		req, err := c.NewRequest(ctx, http.MethodGet, strings.TrimPrefix(readPath, "/"), nil)
		if err != nil {
			return nil, err
		}
		var out jumio.WorkflowStatus
		_, err = c.Do(req, &out)
		return &out, err
	}
}

// stripeStatus is our answer in a form that stripe-go takes.
type stripeStatus struct {
	stripe.APIResource
	jumio.WorkflowStatus
}

// stripeGo is stripe-go as it comes, reading our answer.
func stripeGo(base string, rt http.RoundTripper) reader {
	backend := stripe.GetBackendWithConfig(stripe.APIBackend, &stripe.BackendConfig{
		URL: stripe.String(base), HTTPClient: &http.Client{Transport: rt}, LeveledLogger: &stripe.LeveledLogger{Level: stripe.LevelNull},
	})
	return func(ctx context.Context) (*jumio.WorkflowStatus, error) {
		var out stripeStatus
		err := backend.Call(http.MethodGet, "/v1"+readPath, token, &stripe.Params{Context: ctx}, &out)
		return &out.WorkflowStatus, err
	}
}

func (r reader) run(n int) {
	ctx := context.Background()
	for range n {
		out, err := r(ctx)
		must(err)
		if out.WorkflowExecution.Status != jumio.StatusProcessed {
			panic("the answer is wrong")
		}
	}
}

// readers are the ways to make one read, the base first.
func readers(base string, rt http.RoundTripper) []struct {
	name string
	read reader
} {
	return []struct {
		name string
		read reader
	}{
		{"bare", bare(base, rt)},
		{"bare_deadline", bareDeadline(base, rt)},
		{"bare_jsonexp", bareWith(base, rt, func(data []byte, out any) error { return jsonexp.Unmarshal(data, out) })},
		{"sdk", sdk(base, rt, free{})},
		{"sdk_limited", sdk(base, rt, kyc.NewLimiter(1e9, 1e9))},
		{"retryable", retryable(base, rt)},
		{"gogithub", goGitHub(base, rt)},
		{"stripe", stripeGo(base, rt)},
	}
}

func requestGroups() []func() *group {
	return []func() *group{requestStub, requestLoopback, signed}
}

func requestStub() *group {
	g := &group{name: "Request/stub"}
	for _, r := range readers(stubHost, stub{}) {
		g.cases = append(g.cases, benchCase{name: r.name, run: r.read.run})
	}
	return g
}

func requestLoopback() *group {
	srv := serveAnswers()
	rt := newTransport(10)
	g := &group{name: "Request/loopback", slice: 25 * time.Millisecond, close: func() { rt.CloseIdleConnections(); srv.Close() }}
	for _, r := range readers(srv.URL, rt) {
		g.cases = append(g.cases, benchCase{name: r.name, run: r.read.run})
	}
	return g
}

// rsaKey is made anew for each run; what a signature costs depends on its length alone.
var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	return key
})

func rsaPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey())})
}

func yotiClient(rt http.RoundTripper) *yoti.Client {
	c, err := yoti.NewClient(yoti.Config{SDKID: "11111111-2222-4333-8444-555555555555", PrivateKey: rsaPEM(), BaseURL: stubHost},
		kyc.WithHTTPClient(&http.Client{Transport: rt}))
	must(err)
	return c
}

// signed measures what a signed call costs besides its signature.
func signed() *group {
	c := yotiClient(stub{})
	digest := sha256.Sum256([]byte("GET&" + yotiPath))
	return &group{name: "Request/signed", slice: 40 * time.Millisecond, few: true, cases: []benchCase{
		{name: "rsa_only", run: func(n int) {
			for range n {
				sig, err := rsa.SignPKCS1v15(rand.Reader, rsaKey(), crypto.SHA256, digest[:])
				must(err)
				kept = sig
			}
		}},
		{name: "sdk_signed", run: func(n int) {
			for range n {
				s, err := c.Sessions.Get(context.Background(), yotiID)
				must(err)
				if s.State != yoti.SessionStateOngoing {
					panic("the answer is wrong")
				}
			}
		}},
	}}
}
