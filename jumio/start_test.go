package jumio_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A workflow that screens does not run without a user reference, and Start gives it one.
func TestScreeningNeedsAUserReference(t *testing.T) {
	server, client := start(t)
	for _, key := range []jumio.WorkflowKey{"32", "10010", "10013", "10167"} {
		req := request()
		req.Workflow.Key, req.UserReference = key, ""
		if _, err := client.Accounts.Create(t.Context(), req); !errors.Is(err, kyc.ErrInvalid) || !strings.Contains(err.Error(), "UserReference") {
			t.Errorf("%s: create: %v", key, err)
		}
		if _, err := client.Accounts.Update(t.Context(), "a", req); !errors.Is(err, kyc.ErrInvalid) || !strings.Contains(err.Error(), "UserReference") {
			t.Errorf("%s: update: %v", key, err)
		}
		session, err := client.Start(t.Context(), kyc.StartRequest{Reference: "onboarding-42", Workflow: string(key)})
		if err != nil {
			t.Errorf("%s: start: %v", key, err)
			continue
		}
		details := must[*jumio.Details](t)(client.Workflows.Details(t.Context(), session.Ref))
		if w := details.Workflow; w.UserReference != "onboarding-42" || w.CustomerInternalReference != "onboarding-42" {
			t.Errorf("%s: the references are %q and %q", key, w.UserReference, w.CustomerInternalReference)
		}
	}
	noProblems(t, server)
}

// A signed start is woken by its own notices, and by none that was made with what the browser saw.
func TestSignedStart(t *testing.T) {
	signer := must[*jumio.ReferenceSigner](t)(jumio.NewReferenceSigner("0123456789abcdef"))
	fake := jumiotest.NewServer()
	defer fake.Close()
	client := connect(t, fake, jumio.WithUserReferenceSigner(signer))
	var woken []kyc.Ref
	handler := kyc.Handler(jumio.Callbacks(jumio.WithSignedUserReference(signer)), func(_ context.Context, e kyc.Event) error {
		woken = append(woken, e.Ref)
		return nil
	})
	receiver := httptest.NewServer(handler)
	defer receiver.Close()

	// The reference may carry the signature for redirects as well.
	reference := must[string](t)(signer.Sign("42"))
	session := must[*kyc.Session](t)(client.Start(t.Context(), kyc.StartRequest{Reference: reference, NotifyURL: receiver.URL}))
	fake.CompleteJourney(session.Ref)
	fake.WaitCallbacks()
	details := must[*jumio.Details](t)(client.Workflows.Details(t.Context(), session.Ref))
	if back := must[string](t)(signer.VerifyUser(details.Workflow.UserReference)); back != reference || details.Workflow.CustomerInternalReference != reference {
		t.Errorf("the references are %q and %q", details.Workflow.UserReference, details.Workflow.CustomerInternalReference)
	}
	forged := `{"callbackSentAt":"2026-01-02T03:04:05.678Z","userReference":"` + details.Workflow.CustomerInternalReference +
		`","workflowExecution":{"id":"w-of-BOB","status":"PROCESSED"},"account":{"id":"a-of-BOB"}}`
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(forged)))
	if diff := cmp.Diff([]kyc.Ref{session.Ref}, woken); diff != "" || w.Code != 401 {
		t.Errorf("the forged notice was answered with %d\n%s", w.Code, diff)
	}

	for name, reference := range map[string]string{
		"too long with its signature": strings.Repeat("x", 57), "the signature of a notice in the browser": must[string](t)(signer.SignUser("42")), "forbidden": "a;b",
	} {
		if _, err := client.Start(t.Context(), kyc.StartRequest{Reference: reference}); !errors.Is(err, kyc.ErrInvalid) || !strings.Contains(err.Error(), "Reference") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := fake.Count("Accounts.Create"); n != 1 {
		t.Errorf("%d creates", n)
	}
	if _, err := jumio.NewClient(fake.Config(), jumio.WithUserReferenceSigner(nil)); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("no signer: %v", err)
	}
}
