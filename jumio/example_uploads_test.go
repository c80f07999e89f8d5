package jumio_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// channelAccount stands for a check that was started for the API channel, with the consent that the channel needs; see
// AccountsService.Create.
func channelAccount(ctx context.Context, client *jumio.Client, workflow jumio.WorkflowKey) *jumio.Account {
	account, err := client.Accounts.Create(ctx, jumio.AccountRequest{
		CustomerInternalReference: "onboarding-42",
		Workflow:                  jumio.Workflow{Key: workflow},
		UserConsent: &jumio.UserConsent{
			UserIP: "192.0.2.7", UserLocation: &jumio.UserLocation{Country: "DEU"},
			Consent: &jumio.Consent{Obtained: jumio.ConsentAnswerYes, ObtainedAt: "2026-01-02T03:04:05.678Z"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	return account
}

// The pictures of an ID go up part by part. A file that can be opened again is sent again after a passing fault.
func ExampleCredentialsService_Upload() {
	ctx := context.Background()
	client, fake := exampleClient(jumiotest.RequireConsent())
	defer fake.Close()
	account := channelAccount(ctx, client, jumio.WorkflowID)

	pictures := map[jumio.Part]kyc.File{
		jumio.PartFront: kyc.FileAt("testdata/photo.png"), // opened for each attempt, never held whole
		jumio.PartBack:  photograph(),                     // kyc.FileBytes: in memory
	}
	for _, credential := range account.Credentials(jumio.ChannelAPI) {
		for part := range credential.Parts() {
			picture, ok := pictures[part]
			if !ok {
				continue // this workflow offers prepared data too, which nobody has to send
			}
			if _, err := client.Credentials.Upload(ctx, credential, part, picture); err != nil {
				log.Fatal(err)
			}
			fmt.Println(credential.Category, part)
		}
	}
	if _, err := client.Workflows.Finalize(ctx, account); err != nil { // nothing is looked at before
		log.Fatal(err)
	}
	result, err := client.Fetch(ctx, account.Ref())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision)
	// Output:
	// ID FRONT
	// ID BACK
	// approved
}

// What arrives as a stream goes out as a stream, here the body of a browser's request. It can be read only once, so its
// upload is never repeated, and it must say what it is and how long.
func ExampleCredentialsService_Upload_stream() {
	client, fake := exampleClient()
	defer fake.Close()
	id := channelAccount(context.Background(), client, jumio.WorkflowID).Credentials(jumio.ChannelAPI)[0]
	front := func(w http.ResponseWriter, r *http.Request) {
		file := kyc.FileReader("front.png", r.Header.Get("Content-Type"), r.Body, r.ContentLength)
		if _, err := client.Credentials.Upload(r.Context(), id, jumio.PartFront, file); err != nil {
			http.Error(w, "take the picture again", http.StatusUnprocessableEntity)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}

	picture, err := os.ReadFile("testdata/photo.png")
	if err != nil {
		log.Fatal(err)
	}
	for _, contentType := range []string{"image/gif", "image/png"} {
		r := httptest.NewRequest(http.MethodPost, "/front", bytes.NewReader(picture))
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		front(w, r)
		fmt.Println(w.Code)
	}
	// Output:
	// 422
	// 204
}

// What the vendor would refuse is refused before anything is sent. The text tells what to do better and names no file.
func ExampleCredentialsService_Upload_refused() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	account := channelAccount(ctx, client, jumio.WorkflowID)

	id := account.Credentials(jumio.ChannelAPI)[0]
	letter := kyc.FileReaderAt("letter.txt", "text/plain", strings.NewReader("Dear Sirs"), 9)
	_, err := client.Credentials.Upload(ctx, id, jumio.PartFront, letter)
	var e *kyc.Error
	if errors.Is(err, kyc.ErrInvalid) && errors.As(err, &e) && e.StatusCode == 0 {
		fmt.Println(e.Detail)
	}
	fmt.Println(fake.Count("Credentials.Upload"))
	// Output:
	// the file is neither JPEG nor PNG, nor PDF for a document
	// 0
}

// An upload that may have arrived is not repeated by itself. Replace puts the part there in either case, and is safe to
// repeat.
func ExampleCredentialsService_Replace() {
	ctx := context.Background()
	client, fake := exampleClient(jumiotest.FaultOn("Credentials.Upload", 1, jumiotest.ResetAfterRead))
	defer fake.Close()
	account := channelAccount(ctx, client, jumio.WorkflowID)

	id := account.Credentials(jumio.ChannelAPI)[0]
	_, err := client.Credentials.Upload(ctx, id, jumio.PartFront, photograph())
	if kyc.Uncertain(err) {
		_, err = client.Credentials.Replace(ctx, id, jumio.PartFront, photograph())
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(fake.Count("Credentials.Upload"), fake.Count("Credentials.Replace"))
	// Output: 1 1
}

// Newer answers have an address for each page of a document.
func ExampleCredentialsService_UploadPage() {
	ctx := context.Background()
	client, fake := exampleClient(jumiotest.PagedDocuments())
	defer fake.Close()
	account := channelAccount(ctx, client, jumio.WorkflowDocumentProof)

	scans := []kyc.File{photograph(), photograph()}
	for _, credential := range account.Credentials(jumio.ChannelAPI) {
		if credential.Category != jumio.CategoryDocument {
			continue
		}
		pages := credential.Pages(jumio.PartDocument) // nil where the document goes up as one file, with Upload
		for i := range min(len(pages), len(scans)) {
			if _, err := client.Credentials.UploadPage(ctx, credential, jumio.PartDocument, pages[i], scans[i]); err != nil {
				log.Fatal(err)
			}
			fmt.Println(credential.Category, "page", pages[i])
		}
	}
	// Output:
	// DOCUMENT page 1
	// DOCUMENT page 2
}

// A facemap of an earlier check is kept, to recognise the person by it later. The bearer token goes with the request, so
// an address on any other host is refused.
func ExampleCredentialsService_DownloadHref() {
	ctx := context.Background()
	client, fake := exampleClient(jumiotest.FacemapDownload()) // a setting of the tenant
	defer fake.Close()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	fake.CompleteJourney(session.Ref) // the person
	details, err := client.Workflows.Details(ctx, session.Ref)
	if err != nil {
		log.Fatal(err)
	}

	var facemap bytes.Buffer // or a file, encrypted
	for _, liveness := range details.Capabilities.Liveness {
		if liveness.ValidFaceMapForAuthentication == "" {
			continue // no live person was seen
		}
		download, err := client.Credentials.DownloadHref(ctx, liveness.ValidFaceMapForAuthentication, &facemap)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(download.ContentType)
	}
	_, err = client.Credentials.DownloadHref(ctx, "https://elsewhere.example/facemap", &facemap)
	fmt.Println(errors.Is(err, kyc.ErrInvalid))
	// Output:
	// application/octet-stream
	// true
}

// A login with a facemap that the caller stored: it is uploaded, and the web client does the rest.
func ExampleCredentialsService_Upload_facemap() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	known := channelAccount(ctx, client, jumio.WorkflowIDAndIdentity) // the person's first check, long ago

	account, err := client.Accounts.Update(ctx, known.Account.ID, jumio.AccountRequest{
		CustomerInternalReference: "login-1", Workflow: jumio.Workflow{Key: jumio.WorkflowAuthenticationOnPremises},
	})
	if err != nil {
		log.Fatal(err)
	}
	facemap := kyc.FileBytes("facemap.bin", "", []byte("what DownloadHref wrote"))
	for _, credential := range account.Credentials(jumio.ChannelAPI) {
		if _, err := client.Credentials.Upload(ctx, credential, jumio.PartFacemap, facemap); err != nil {
			log.Fatal(err)
		}
	}
	fake.CompleteJourney(account.Ref()) // the person; no Finalize: the web client does that

	result, err := client.Fetch(ctx, account.Ref())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision)
	// Output: approved
}

// Reference, ids and token are all that another process needs to go on with a check.
func ExampleWorkflowsService_FinalizeRef() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	account := channelAccount(ctx, client, jumio.WorkflowID)
	first := account.Credentials(jumio.ChannelAPI)[0]
	ref, id, token := account.Ref().String(), first.ID, account.APIToken() // stored; the token as a secret

	stored, err := kyc.ParseRef(ref)
	if err != nil {
		log.Fatal(err)
	}
	credential := jumio.Credential{Ref: stored, ID: id, Category: jumio.CategoryID, Token: token}
	for _, part := range []jumio.Part{jumio.PartFront, jumio.PartBack} {
		if _, err := client.Credentials.Upload(ctx, credential, part, photograph()); err != nil {
			log.Fatal(err)
		}
	}
	if _, err := client.Workflows.FinalizeRef(ctx, stored, token); err != nil {
		log.Fatal(err)
	}
	status, err := client.Workflows.Status(ctx, stored)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(status.WorkflowExecution.Status)
	// Output: PROCESSED
}

// The ids of a stored part outlive its address, which names a host.
func ExamplePartOf() {
	credentialID, part, ok := jumio.PartOf("https://retrieval.emea-1.jumio.ai/api/v1/accounts/a-1/credentials/c-7/parts/FRONT")
	fmt.Println(credentialID, part, ok)
	// Output: c-7 FRONT true
}
