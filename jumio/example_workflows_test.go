package jumio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// checked stands for a check whose person has finished.
func checked(ctx context.Context, client *jumio.Client, fake *jumiotest.Server) kyc.Ref {
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	fake.CompleteJourney(session.Ref)
	return session.Ref
}

// A warning for a repeated face also comes for earlier attempts of the same person: what was found is compared with the
// caller's own executions before anybody is refused.
func ExampleWorkflowsService_Details() {
	ctx := context.Background()
	client, fake := exampleClient(jumiotest.Outcome(jumio.DecisionWarning, jumio.LabelRepeatedFace))
	defer fake.Close()
	ref := checked(ctx, client, fake)

	details, err := client.Workflows.Details(ctx, ref)
	if err != nil {
		log.Fatal(err)
	}
	own := map[string]bool{"w-2025-12": true} // this person's earlier executions, as the caller stored them
	for _, check := range details.Capabilities.ImageChecks {
		if check.Data == nil || check.Data.FaceSearchFindings == nil {
			continue
		}
		for _, execution := range check.Data.FaceSearchFindings.Findings {
			if !own[execution] {
				fmt.Println(check.Decision.Details.Label, "of somebody else")
			}
		}
	}
	// Output: REPEATED_FACE of somebody else
}

// Labels that the tenant defined have no row in the table: the caller gives them one. The evidence names the rule.
func ExampleDetails_Result() {
	ctx := context.Background()
	client, fake := exampleClient(jumiotest.Outcome(jumio.DecisionWarning), jumiotest.OverallLabel("UNDER_AGE"))
	defer fake.Close()
	details, err := client.Workflows.Details(ctx, checked(ctx, client, fake))
	if err != nil {
		log.Fatal(err)
	}
	result := details.Result(kyc.WithOverrides(kyc.Override{
		Name: "minors are refused", Vendor: kyc.Jumio, Field: jumio.FieldLabel, Word: "UNDER_AGE", Decision: kyc.Declined,
	}))
	fmt.Println(details.Result().Decision, "without the rule")
	fmt.Println(result.Decision)
	for _, e := range result.Evidence {
		if e.Pointer == "/decision/details/label" {
			fmt.Println(e.Rule)
		}
	}
	// Output:
	// review without the rule
	// declined
	// override minors are refused
}

// A workflow runs services one after the other, and each has a decision. Before processing ended there are none.
func ExampleWorkflowsService_Steps() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Workflows.Steps(ctx, session.Ref)
	fmt.Println(errors.Is(err, kyc.ErrNotFound))

	fake.CompleteJourney(session.Ref) // the person
	steps, err := client.Workflows.Steps(ctx, session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	for _, step := range steps.Steps {
		fmt.Println(step.Name, step.Decision.Type)
	}
	// Output:
	// true
	// ID_IV PASSED
}

// The shape of the rules is not documented, so they are read as they come.
func ExampleWorkflowsService_Rules() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	rules, err := client.Workflows.Rules(ctx, checked(ctx, client, fake))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", rules.RawJSON())
	fmt.Printf("%s\n", rules.Extra["rules"])
	// Output:
	// {"rules":[]}
	// []
}

// storage stands for a client that holds no credentials, as http.DefaultClient, and for the host where reports lie.
var storage = &http.Client{Transport: storageHost{}}

type storageHost struct{}

func (storageHost) RoundTrip(*http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	_, err := io.WriteString(w, "%PDF-1.7\n")
	return w.Result(), err
}

// The report lies on a storage host at an address that opens without further proof: no credentials go there, and the
// address goes into no log.
func ExampleWorkflowsService_Report() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	report, err := client.Workflows.Report(ctx, checked(ctx, client, fake))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.PresignedURL)

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, report.PresignedURL.Reveal(), nil)
	if err != nil {
		log.Fatal("the address of the report is no URL")
	}
	resp, err := storage.Do(req)
	if err != nil {
		if cause := (*url.Error)(nil); errors.As(err, &cause) {
			err = cause.Err // the text of a *url.Error holds the address
		}
		log.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	pdf, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		log.Fatal("no report: ", resp.Status)
	}
	fmt.Printf("%.5s\n", pdf)
	// Output:
	// [redacted]
	// %PDF-
}

// What is deleted is gone for good; the decision and the reference stay at the vendor.
func ExampleWorkflowsService_Delete() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	ref := checked(ctx, client, fake)

	if err := client.Workflows.Delete(ctx, ref); err != nil {
		log.Fatal(err)
	}
	result, err := client.Fetch(ctx, ref)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Reference, result.Person == nil)
	// Output: approved onboarding-42 true
}

// A person who asks to be forgotten is an account with all its executions.
func ExampleAccountsService_Delete() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	ref := checked(ctx, client, fake)

	err := client.Accounts.Delete(ctx, ref.Account)
	if err != nil && !errors.Is(err, kyc.ErrNotFound) { // deleted before is deleted too
		log.Fatal(err)
	}
	// Nothing can be started on the account any more.
	_, err = client.Accounts.Update(ctx, ref.Account, jumio.AccountRequest{
		CustomerInternalReference: "login-1", Workflow: jumio.Workflow{Key: jumio.WorkflowAuthentication},
	})
	fmt.Println(errors.Is(err, kyc.ErrNotFound))
	// Output: true
}

// A Ref without an execution is refused here, lest a lost id erase all that is known of a person.
func ExampleClient_Delete() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	ref := checked(ctx, client, fake)

	if err := client.Delete(ctx, ref); err != nil { // one check
		log.Fatal(err)
	}
	err := client.Delete(ctx, kyc.Ref{Vendor: kyc.Jumio, Account: ref.Account})
	fmt.Println(errors.Is(err, kyc.ErrInvalid))
	if err := client.Accounts.Delete(ctx, ref.Account); err != nil { // everything of the person, on purpose
		log.Fatal(err)
	}
	fmt.Println(fake.Count("Workflows.Delete"), fake.Count("Accounts.Delete"))
	// Output:
	// true
	// 1 1
}
