package jumiotest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"log"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// impatient lets a test not wait between the attempts of a call.
var impatient = kyc.WithRetry(kyc.RetryPolicy{MinBackoff: time.Millisecond, MaxBackoff: time.Millisecond})

// The nth request to the server meets a fault, whatever it is for. The first one is for a token.
func ExampleFault() {
	fake := jumiotest.NewServer(jumiotest.Fault(1, jumiotest.Unavailable), jumiotest.Fault(3, jumiotest.StaleToken))
	defer fake.Close()
	begin(fake, impatient) // does not notice
	fmt.Println(fake.Count("Token.Create"), fake.Count("Accounts.Create"))
	// Output: 3 2
}

// A passing fault of one operation: a read is repeated, so the code under test does not see it.
func ExampleFaultOn() {
	fake := jumiotest.NewServer(jumiotest.FaultOn("Workflows.Details", 1, jumiotest.BadGatewayHTML))
	defer fake.Close()
	client, session := begin(fake, impatient)
	fmt.Println(decision(client, session.Ref), fake.Count("Workflows.Details"))
	// Output: pending 2
}

// A create that may have been carried out is not repeated: how does the code under test go on?
func ExampleFaultOn_uncertain() {
	fake := jumiotest.NewServer(jumiotest.FaultOn("Accounts.Create", 1, jumiotest.ResetAfterRead))
	defer fake.Close()
	client, err := jumio.NewClient(fake.Config(), impatient)
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42"})
	fmt.Println(kyc.Uncertain(err), fake.Count("Accounts.Create"))
	// Output: true 1
}

// An outage, and its end.
func ExampleFaultEvery() {
	fake := jumiotest.NewServer()
	defer fake.Close()
	client, session := begin(fake, impatient)
	fake.Script(jumiotest.FaultEvery("Workflows.Details", jumiotest.Unavailable))
	_, err := client.Fetch(context.Background(), session.Ref)
	fmt.Println(errors.Is(err, kyc.ErrUnavailable), fake.Count("Workflows.Details"))
	fake.ClearFaults()
	fmt.Println(decision(client, session.Ref))
	// Output:
	// true 4
	// pending
}

// What the vendor would refuse is refused, and remembered. A test should find the list empty at its end; the texts hold no
// value of a request.
func ExampleServer_Problems() {
	ctx := context.Background()
	fake := jumiotest.NewServer(jumiotest.RequireConsent())
	defer fake.Close()
	client, err := jumio.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 640, 400))); err != nil {
		log.Fatal(err)
	}
	account, err := client.Accounts.Create(ctx, jumio.AccountRequest{CustomerInternalReference: "onboarding-42"}) // forgets UserConsent
	if err != nil {
		log.Fatal(err)
	}
	id := account.Credentials(jumio.ChannelAPI)[0]
	_, err = client.Credentials.Upload(ctx, id, jumio.PartFront, kyc.FileBytes("front.png", "image/png", picture.Bytes()))
	fmt.Println(errors.Is(err, kyc.ErrInvalid))
	for _, problem := range fake.Problems() {
		_, what, _ := strings.Cut(problem, ": ") // in front of it: the operation, method and path
		fmt.Println(what)
	}
	// Output:
	// true
	// consent: the request held no userConsent
}

// What went over the wire, with the secrets masked: for golden files, or for a look at what is sent of a person.
func ExampleServer_Golden() {
	fake := jumiotest.NewServer()
	defer fake.Close()
	begin(fake)
	for _, request := range fake.Golden("Accounts.Create") {
		_, body, _ := strings.Cut(request, "\n\n")
		fmt.Print(body)
	}
	// Output:
	// {
	//   "customerInternalReference": "onboarding-42",
	//   "workflowDefinition": {
	//     "key": 10011
	//   },
	//   "userReference": "onboarding-42",
	//   "web": {
	//     "successUrl": "https://example.com/back",
	//     "errorUrl": "https://example.com/back"
	//   }
	// }
}
