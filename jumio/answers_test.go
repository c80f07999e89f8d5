package jumio_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// answering is a client whose vendor gives one answer to everything.
func answering(t testing.TB, body string) *jumio.Client {
	t.Helper()
	return must[*jumio.Client](t)(jumio.NewClient(
		jumio.Config{ClientID: "id", ClientSecret: "secret", Region: jumio.RegionEMEA, Workflow: jumio.WorkflowIDAndIdentity},
		kyc.WithHTTPClient(&http.Client{Transport: canned{[]byte(body)}}),
	))
}

// An answer about somebody else is none, whichever call it answers.
func TestAnswersAboutOthers(t *testing.T) {
	ref := kyc.Ref{Vendor: kyc.Jumio, Account: "anna", Session: "w-anna"}
	credential := jumio.Credential{Ref: ref, ID: "c-anna", Category: jumio.CategoryID, Token: "t"}
	calls := map[string]func(ctx context.Context, c *jumio.Client) error{
		"Update": func(ctx context.Context, c *jumio.Client) error {
			_, err := c.Accounts.Update(ctx, "anna", request())
			return err
		},
		"Status":  func(ctx context.Context, c *jumio.Client) error { _, err := c.Workflows.Status(ctx, ref); return err },
		"Details": func(ctx context.Context, c *jumio.Client) error { _, err := c.Workflows.Details(ctx, ref); return err },
		"Fetch":   func(ctx context.Context, c *jumio.Client) error { _, err := c.Fetch(ctx, ref); return err },
		"Report":  func(ctx context.Context, c *jumio.Client) error { _, err := c.Workflows.Report(ctx, ref); return err },
		"FinalizeRef": func(ctx context.Context, c *jumio.Client) error {
			_, err := c.Workflows.FinalizeRef(ctx, ref, "t")
			return err
		},
		"Upload": func(ctx context.Context, c *jumio.Client) error {
			_, err := c.Credentials.Upload(ctx, credential, jumio.PartFront, photo(t))
			return err
		},
		"Replace": func(ctx context.Context, c *jumio.Client) error {
			_, err := c.Credentials.Replace(ctx, credential, jumio.PartFront, photo(t))
			return err
		},
		"UploadPreparedData": func(ctx context.Context, c *jumio.Client) error {
			data := credential
			data.Category = jumio.CategoryData
			_, err := c.Credentials.UploadPreparedData(ctx, data, jumio.PreparedData{})
			return err
		},
	}
	// The answers hold every place in which one of the calls gets its ids.
	answer := func(account, execution, credential string) string {
		return `{"account":{"id":"` + account + `"},"workflowExecution":{"id":"` + execution + `","status":"PROCESSED"},"workflow":{"id":"` + execution + `","status":"PROCESSED"},
			"workflowId":"` + execution + `","credential":{"id":"` + credential + `"},"decision":{"type":"PASSED"}}`
	}
	const account, execution, one = "account", "execution", "credential"
	carries := map[string]string{
		"Update": account, "Status": account + execution, "Details": account + execution, "Fetch": account + execution, "Report": execution, "FinalizeRef": account + execution,
		"Upload": account + execution + one, "Replace": account + execution + one, "UploadPreparedData": account + execution + one,
	}
	for name, call := range calls {
		for _, good := range []string{answer("anna", "w-anna", "c-anna"), answer("ANNA", "W-ANNA", "C-Anna")} {
			if err := call(t.Context(), answering(t, good)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for what, body := range map[string]string{
			account: answer("bob", "w-anna", "c-anna"), execution: answer("anna", "w-bob", "c-anna"), one: answer("anna", "w-anna", "c-bob"),
		} {
			err := call(t.Context(), answering(t, body))
			switch {
			case !strings.Contains(carries[name], what):
				if err != nil {
					t.Errorf("%s, another %s: %v", name, what, err)
				}
			case !errors.Is(err, kyc.ErrMalformed) || !kyc.Uncertain(err) || strings.Contains(err.Error(), "bob"):
				t.Errorf("%s, another %s: %v", name, what, err)
			}
		}
	}
}

// A result can be found by the Ref that it was asked with.
func TestFetchKeepsTheRef(t *testing.T) {
	client := answering(t, `{"workflow":{"id":"AB-1","status":"PROCESSED"},"account":{"id":"CD-2"},"decision":{"type":"PASSED"}}`)
	ref := kyc.Ref{Vendor: kyc.Jumio, Account: "cd-2", Session: "ab-1"}
	if r := must[*kyc.Result](t)(client.Fetch(t.Context(), ref)); r.Ref != ref || r.Decision != kyc.Approved {
		t.Errorf("%v of %v", r.Decision, r.Ref)
	}
}

// A Ref that lost its execution does not erase all that is known of a person.
func TestDeleteNeedsAnExecution(t *testing.T) {
	server, client := start(t)
	ref := must[*jumio.Account](t)(client.Accounts.Create(t.Context(), request())).Ref()
	for _, lost := range []kyc.Ref{{Vendor: kyc.Jumio, Account: ref.Account}, {Vendor: kyc.Jumio, Session: ref.Session}, {Vendor: kyc.Didit, Account: ref.Account, Session: ref.Session}, {}} {
		if err := client.Delete(t.Context(), lost); !errors.Is(err, kyc.ErrInvalid) || lost.Session == "" && lost.Account != "" && !strings.Contains(err.Error(), "Accounts.Delete") {
			t.Errorf("%q: %v", lost, err)
		}
	}
	if n := server.Count("Accounts.Delete") + server.Count("Workflows.Delete"); n != 0 {
		t.Errorf("%d deletes", n)
	}
	if err := client.Delete(t.Context(), ref); err != nil || server.Count("Workflows.Delete") != 1 {
		t.Error(err)
	}
}
