package transmittest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

// impatient lets a test not wait between the attempts of a call.
var impatient = kyc.WithRetry(kyc.RetryPolicy{MinBackoff: time.Millisecond, MaxBackoff: time.Millisecond})

// The nth request to the server meets a fault, whatever it is for. The first one is for a token.
func ExampleFault() {
	fake := transmittest.NewServer(transmittest.Fault(1, kyctest.Unavailable), transmittest.Fault(3, kyctest.StaleToken))
	defer fake.Close()
	begin(fake, impatient) // does not notice
	fmt.Println(fake.Count("Token"), fake.Count("Sessions.Create"))
	// Output: 3 2
}

// A passing fault of one operation: a read is repeated, so the code under test does not see it.
func ExampleFaultOn() {
	fake := transmittest.NewServer(transmittest.FaultOn("Sessions.Result", 1, kyctest.BadGatewayHTML))
	defer fake.Close()
	client, session := begin(fake, impatient)
	fmt.Println(decision(client, session.Ref), fake.Count("Sessions.Result"))
	// Output: pending 2
}

// A create that may have been carried out is not repeated: how does the code under test go on?
func ExampleFaultOn_uncertain() {
	fake := transmittest.NewServer(transmittest.FaultOn("Sessions.Create", 1, kyctest.ResetAfterRead))
	defer fake.Close()
	client, err := transmit.NewClient(fake.Config(), append(fake.Options(), impatient)...)
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42"})
	fmt.Println(kyc.Uncertain(err), fake.Count("Sessions.Create"), len(fake.Sessions()))
	// Output: true 1 1
}

// An outage, and its end.
func ExampleFaultEvery() {
	fake := transmittest.NewServer()
	defer fake.Close()
	client, session := begin(fake, impatient)
	fake.Script(transmittest.FaultEvery("Sessions.Result", kyctest.Unavailable))
	_, err := client.Fetch(context.Background(), session.Ref)
	fmt.Println(errors.Is(err, kyc.ErrUnavailable), fake.Count("Sessions.Result"))
	fake.ClearFaults()
	fmt.Println(decision(client, session.Ref))
	// Output:
	// true 4
	// pending
}

// A rule gives a part of all requests one of several faults. The same seed chooses the same requests.
func ExampleServer_Inject() {
	fake := transmittest.NewServer()
	defer fake.Close()
	client, session := begin(fake, impatient)
	fake.Inject(transmittest.FaultRule{
		Operation: "Sessions.Result", From: 1, Probability: 0.5, Seed: 7, Faults: []kyctest.Fault{kyctest.Throttle, kyctest.Unavailable},
	})
	failed := 0
	for range 20 {
		if _, err := client.Fetch(context.Background(), session.Ref); err != nil {
			failed++
		}
	}
	fmt.Println(failed < 5, fake.Count("Sessions.Result") > 25) // most calls were rescued by a repeat
	// Output: true true
}

// A token that is revoked before its time is replaced, once and without a word.
func ExampleServer_RevokeTokens() {
	fake := transmittest.NewServer()
	defer fake.Close()
	client, session := begin(fake)
	fake.RevokeTokens()
	fmt.Println(decision(client, session.Ref), fake.TokenFetches())
	// Output: pending 2
}

// No document says what an error's body looks like. Code under test that goes by the kind of an error does not care.
func ExampleErrors() {
	for _, form := range []transmittest.ErrorForm{transmittest.ErrorMessage, transmittest.ErrorList, transmittest.ErrorEmpty, transmittest.ErrorHTML} {
		fake := transmittest.NewServer(transmittest.Errors(form))
		client, _ := begin(fake)
		_, err := client.Fetch(context.Background(), kyc.Ref{Vendor: kyc.Transmit, Session: "gone"})
		fmt.Println(errors.Is(err, kyc.ErrNotFound))
		fake.Close()
	}
	// Output:
	// true
	// true
	// true
	// true
}

// What the vendor would refuse is refused, and remembered. A test should find the list empty at its end; the texts hold no
// value of a request.
func ExampleServer_Problems() {
	fake := transmittest.NewServer()
	defer fake.Close()
	client, session := begin(fake)
	_, err := client.Images.Add(context.Background(), session.Ref.Session, transmit.ImageUpload{ // a session of the hosted page
		Type: transmit.ImageTypeSelfie, File: transmittest.JPEG(transmit.ImageTypeSelfie),
	})
	fmt.Println(errors.Is(err, kyc.ErrInvalid))
	for _, problem := range fake.Problems() {
		_, what, _ := strings.Cut(problem, ": ") // in front of it: the operation, method and path
		fmt.Println(what)
	}
	// Output:
	// true
	// order: the session was not started
}

// What arrived, without values; Golden shows a request with its secrets masked, for a look at what is sent of a person.
func ExampleServer_RequestsOf() {
	fake := transmittest.NewServer()
	defer fake.Close()
	begin(fake)
	for _, request := range fake.RequestsOf("Sessions.Create") {
		fmt.Println(request.Method, request.Path, request.Status == http.StatusOK)
		_, body, _ := strings.Cut(request.Golden(), "\n\n")
		fmt.Print(body)
	}
	// Output:
	// POST /verify/api/v1/verification true
	// {
	//   "callback_url": "https://example.com/back",
	//   "customer_information": {
	//     "external_user_id": "onboarding-42"
	//   }
	// }
}
