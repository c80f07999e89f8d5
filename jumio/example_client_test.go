package jumio_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"time"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// A client lives as long as the program, which finds a wrong setting when it begins.
func ExampleNewClient() {
	cfg := jumio.Config{ClientID: "acme", ClientSecret: "from a vault", Workflow: jumio.WorkflowIDAndIdentity}
	_, err := jumio.NewClient(cfg)
	fmt.Println(errors.Is(err, kyc.ErrInvalid), err)

	cfg.Region = jumio.RegionEMEA
	client, err := jumio.NewClient(cfg,
		kyc.WithUserAgent("Acme Onboarding/2.1"), // the vendor wants to know who calls
		kyc.WithAttemptTimeout(20*time.Second),
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.Endpoints().Retrieval)
	fmt.Printf("%+v\n", cfg) // a Config can be logged
	// Output:
	// true jumio: client: invalid request: Region is empty, and so is the endpoint auth
	// https://retrieval.emea-1.jumio.ai
	// jumio.Config{Region:emea-1}
}

// What the vendor cannot honour is refused before anything is sent, and before anything is billed.
func ExampleClient_Start() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	request := kyc.StartRequest{
		Reference: "onboarding-42", Workflow: string(jumio.WorkflowID), RedirectURL: "https://example.com/back", Locale: "de",
		TTL:     time.Hour,
		Consent: &kyc.Consent{Obtained: true, ObtainedAt: time.Now(), IP: "192.0.2.7", Country: "DE"},
	}
	session, err := client.Start(ctx, request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(session.Ref.IsZero(), session.URL, time.Until(session.ExpiresAt) > 50*time.Minute)

	request.Person = &kyc.Person{FirstName: "Anna"}
	_, err = client.Start(ctx, request)
	fmt.Println(err)
	fmt.Println(fake.Count("Accounts.Create"))
	// Output:
	// false [redacted] true
	// jumio: start: invalid request: Person cannot be sent with the start: use Accounts.Create and Credentials.UploadPreparedData
	// 1
}

// The errors of every call are told apart in the same way.
func ExampleClient_Fetch() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	ref := checked(ctx, client, fake)

	for _, fault := range []kyctest.Fault{kyctest.NoFault, jumiotest.EmptyNotFound, jumiotest.ThrottleLong, jumiotest.DuplicateMember} {
		fake.ClearFaults()
		fake.Script(jumiotest.FaultEvery("Workflows.Details", fault))
		result, err := client.Fetch(ctx, ref)
		var e *kyc.Error
		switch {
		case err == nil:
			fmt.Println(result.Decision)
		case errors.Is(err, kyc.ErrNotFound):
			fmt.Println("deleted, or never there")
		case errors.Is(err, kyc.ErrRateLimited) && errors.As(err, &e):
			fmt.Println("not before", e.RetryAfter)
		case errors.Is(err, kyc.ErrUnavailable):
			fmt.Println("later")
		case errors.Is(err, kyc.ErrMalformed):
			fmt.Println("nothing is decided on such an answer")
		default:
			log.Print(err) // the text holds no URL, no body and nothing of the person
		}
	}
	// Output:
	// approved
	// deleted, or never there
	// not before 1h0m0s
	// nothing is decided on such an answer
}

// A create is billed, and the vendor has no key that makes it safe to repeat. Where nobody knows whether it was carried
// out, it was not sent again, and a person has to look.
func ExampleAccountsService_Create_uncertain() {
	client, fake := exampleClient(jumiotest.FaultOn("Accounts.Create", 1, jumiotest.ResetAfterRead))
	defer fake.Close()
	_, err := client.Accounts.Create(context.Background(), jumio.AccountRequest{CustomerInternalReference: "onboarding-42"})
	var e *kyc.Error
	if kyc.Uncertain(err) && errors.As(err, &e) {
		fmt.Println("look for onboarding-42 in the portal:", e.Kind)
	}
	fmt.Println(fake.Count("Accounts.Create"))
	// Output:
	// look for onboarding-42 in the portal: unavailable
	// 1
}

// Wait reads at the vendor's times until there is something to act on.
func ExampleClient_PollSchedule() {
	ctx := context.Background()
	client, fake := exampleClient(jumiotest.Outcome(jumio.DecisionRejected, jumio.LabelManipulatedDocument))
	defer fake.Close()
	fmt.Println(client.PollSchedule().At[:3])

	result, err := kyc.Wait(ctx, client, checked(ctx, client, fake),
		kyc.WithImmediateRead(), // the person came back a while ago
		kyc.WithBudget(20*time.Minute),
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Reasons()[0].Code)
	// Output:
	// [40s 1m0s 1m40s]
	// declined MANIPULATED_DOCUMENT
}

// A person who does not come back is no fault: the check stays open until it expires, and is looked at again later.
func ExampleClient_PollSchedule_open() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = kyc.Wait(ctx, client, session.Ref, kyc.WithImmediateRead(), kyc.WithBudget(time.Millisecond))
	var open *kyc.WaitError
	if errors.Is(err, kyc.ErrStillOpen) && errors.As(err, &open) {
		fmt.Println(open.Last.Decision, open.Last.Status)
	}
	fake.Expire(session.Ref, jumio.StatusSessionExpired)
	result, err := client.Fetch(ctx, session.Ref)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision)
	// Output:
	// pending INITIATED
	// expired
}

// A call that the package does not model goes out with the client's token, budget and retries.
func ExampleClient_Do() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	ref := checked(ctx, client, fake)

	target := "/api/v1/accounts/" + url.PathEscape(ref.Account) + "/workflow-executions/" + url.PathEscape(ref.Session) + "/rules"
	var answer struct {
		Rules []struct{ Name string } `json:"rules"`
	}
	if err := client.Do(ctx, http.MethodGet, target, nil, &answer); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(answer.Rules))
	// Output: 0
}

// The host for uploads takes the token of the transaction, not the client's.
func ExampleWithTransactionToken() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	account := channelAccount(ctx, client, jumio.WorkflowID)
	ref := account.Ref()

	finalize := client.Endpoints().API + "/api/v1/accounts/" + url.PathEscape(ref.Account) + "/workflow-executions/" + url.PathEscape(ref.Session)
	err := client.Do(ctx, http.MethodPut, finalize, nil, nil)
	fmt.Println(errors.Is(err, kyc.ErrUnauthorized))
	err = client.Do(ctx, http.MethodPut, finalize, nil, nil, jumio.WithTransactionToken(account.APIToken()))
	fmt.Println(err)
	// Output:
	// true
	// <nil>
}

// The table says what each of the vendor's words gives. A word that it does not have gives unknown, never an approval.
func ExampleTable() {
	for _, word := range []string{"PASSED", "WARNING", "passed", "EXCELLENT"} {
		decision, _ := jumio.Table().Decide(jumio.FieldDecision, word)
		fmt.Println(word, decision)
	}
	// Output:
	// PASSED approved
	// WARNING review
	// passed unknown
	// EXCELLENT unknown
}
