package jumio_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// ownAgent changes with each release.
var ownAgent = regexp.MustCompile(`kyc-go/\S+ \(jumio[^)]*\)`)

// Each operation goes out as its golden file says: method, path, headers and body.
func TestRequestsGolden(t *testing.T) {
	ctx := t.Context()
	server, client := start(t, jumiotest.Seed(7), jumiotest.FacemapDownload())
	done := make(map[string]bool)
	keep := func(operation string) {
		t.Helper()
		all := server.Golden(operation)
		if len(all) == 0 {
			t.Fatalf("%s was not sent", operation)
		}
		text := ownAgent.ReplaceAllString(all[len(all)-1], "kyc-go/VERSION (jumio)")
		golden(t, "requests/"+operation+".txt", strings.ReplaceAll(text, strings.TrimPrefix(server.URL(), "http://"), "HOST"))
		done[operation] = true
	}
	var req jumio.AccountRequest
	if err := kyc.Unmarshal(fixture(t, "account-request-full.json"), &req); err != nil {
		t.Fatal(err)
	}
	req.Workflow.Key = jumio.WorkflowIDAndSelfie
	account := must[*jumio.Account](t)(client.Accounts.Create(ctx, req))
	keep("Token.Create")
	keep("Accounts.Create")
	for _, credential := range account.Credentials(jumio.ChannelAPI) {
		switch credential.Category {
		case jumio.CategoryID:
			must[*jumio.Upload](t)(client.Credentials.Upload(ctx, credential, jumio.PartFront, photo(t)))
			keep("Credentials.Upload")
			must[*jumio.Upload](t)(client.Credentials.Replace(ctx, credential, jumio.PartFront, photo(t)))
			keep("Credentials.Replace")
		case jumio.CategorySelfie:
			must[*jumio.Upload](t)(client.Credentials.Upload(ctx, credential, jumio.PartFace, photo(t)))
		case jumio.CategoryData:
			var data jumio.PreparedData
			if err := kyc.Unmarshal(fixture(t, "prepared-data-full.json"), &data); err != nil {
				t.Fatal(err)
			}
			must[*jumio.Upload](t)(client.Credentials.UploadPreparedData(ctx, credential, data))
			keep("Credentials.UploadPreparedData")
		}
	}
	must[*jumio.Finalized](t)(client.Workflows.Finalize(ctx, account))
	keep("Workflows.Finalize")
	ref := account.Ref()
	must[*jumio.WorkflowStatus](t)(client.Workflows.Status(ctx, ref))
	keep("Workflows.Status")
	details := must[*jumio.Details](t)(client.Workflows.Details(ctx, ref))
	keep("Workflows.Details")
	must[*jumio.Steps](t)(client.Workflows.Steps(ctx, ref))
	keep("Workflows.Steps")
	must[*jumio.Rules](t)(client.Workflows.Rules(ctx, ref))
	keep("Workflows.Rules")
	must[*jumio.Report](t)(client.Workflows.Report(ctx, ref))
	keep("Workflows.Report")
	must[*jumio.Download](t)(client.Credentials.Download(ctx, ref.Account, details.Credentials[0].ID, jumio.PartFront, new(bytes.Buffer)))
	keep("Credentials.Download")
	must[*jumio.Health](t)(client.Health.Get(ctx))
	keep("Health.Get")
	must[*jumio.Account](t)(client.Accounts.Update(ctx, ref.Account, request()))
	keep("Accounts.Update")
	if err := client.Workflows.Delete(ctx, ref); err != nil {
		t.Fatal(err)
	}
	keep("Workflows.Delete")
	if err := client.Accounts.Delete(ctx, ref.Account); err != nil {
		t.Fatal(err)
	}
	keep("Accounts.Delete")
	noProblems(t, server)

	paged, client := start(t, jumiotest.Seed(7), jumiotest.PagedDocuments())
	server = paged
	document := request()
	document.Workflow.Key = jumio.WorkflowDocumentProof
	account = must[*jumio.Account](t)(client.Accounts.Create(ctx, document))
	must[*jumio.Upload](t)(client.Credentials.UploadPage(ctx, account.Credentials(jumio.ChannelAPI)[0], jumio.PartDocument, "2", photo(t)))
	keep("Credentials.UploadPage")
	noProblems(t, server)

	for _, op := range operations(t) {
		if op.State == "done" && !done[op.Name] {
			t.Errorf("%s has no golden request", op.Name)
		}
	}
}
