package transmit_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

// An image that was not taken however often it was captured ends the flow. The calls succeeded: the user needs help, or
// another document.
func ExampleClient_Verify_rejected() {
	client, fake := exampleClient(transmittest.Feedback(transmit.ImageTypeDocumentFront, transmit.FeedbackBlur, transmit.FeedbackDocumentNotSupported))
	defer fake.Close()
	outcome, err := client.Verify(context.Background(), transmit.Flow{
		Consent:     transmit.Consent{Granted: true, DocumentID: "consent-7"},
		MaxCaptures: 2,
		Capture: func(_ context.Context, want transmit.Want) (transmit.ImageUpload, error) {
			return transmit.ImageUpload{File: transmittest.JPEG(want.Image)}, nil
		},
	})
	var rejected *transmit.RejectedError
	switch {
	case errors.As(err, &rejected):
		fmt.Println(rejected.Image, rejected.Feedback, rejected.Feedback.Fault() == transmit.FaultDocument)
		fmt.Println(len(outcome.Uploads), "images of a session that was paid for")
	case err != nil:
		log.Fatal(err)
	}
	// Output:
	// document_front document_not_supported true
	// 2 images of a session that was paid for
}

var errLater = errors.New("the user goes on later")

// A user who leaves goes on where they were: only what the session lacks is asked for.
func ExampleClient_Verify_existing() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	flow := transmit.Flow{
		Consent: transmit.Consent{Granted: true, DocumentID: "consent-7"},
		Capture: func(_ context.Context, want transmit.Want) (transmit.ImageUpload, error) {
			if want.Image == transmit.ImageTypeSelfie {
				return transmit.ImageUpload{}, errLater // comes back as it is
			}
			return transmit.ImageUpload{File: transmittest.JPEG(want.Image)}, nil
		},
	}
	outcome, err := client.Verify(ctx, flow)
	fmt.Println(errors.Is(err, errLater), len(outcome.Uploads))

	flow.Existing = outcome.Session // kyc.Marshal and kyc.Unmarshal store it
	flow.Capture = func(_ context.Context, want transmit.Want) (transmit.ImageUpload, error) {
		fmt.Println("capture", want.Image)
		return transmit.ImageUpload{File: transmittest.JPEG(want.Image)}, nil
	}
	outcome, err = client.Verify(ctx, flow)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(outcome.Verdict.Decision)
	// Output:
	// true 2
	// capture selfie
	// approved
}

// After its checks a session may want new images. One that still does when MaxRecaptures is spent is an outcome without an
// error: the verdict says that the user has to come back.
func ExampleClient_Verify_recapture() {
	client, fake := exampleClient(transmittest.Recaptures(3))
	defer fake.Close()
	outcome, err := client.Verify(context.Background(), transmit.Flow{
		Consent:       transmit.Consent{Granted: true, DocumentID: "consent-7"},
		MaxRecaptures: 1,
		// This vendor's state is never late; RecaptureGrace says how long it may be.
		RecaptureGrace: -1,
		Capture: func(_ context.Context, want transmit.Want) (transmit.ImageUpload, error) {
			return transmit.ImageUpload{File: transmittest.JPEG(want.Image)}, nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	if outcome.Verdict.Decision == kyc.InputRequired {
		fmt.Println(outcome.Result.Status, "after", outcome.Recaptures)
	}
	// Output: recapture after 1
}
