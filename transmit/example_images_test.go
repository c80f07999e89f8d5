package transmit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

// started stands for a session that the backend started, with the user's consent.
func started(ctx context.Context, client *transmit.Client) *transmit.Session {
	session, err := client.Sessions.Create(ctx, transmit.SessionRequest{
		Start: &transmit.SessionStart{Consent: &transmit.Consent{Granted: true, DocumentID: "consent-7"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	return session
}

// Each answer says what is still missing: a passport needs no back side, and a rejected image is wanted again. Verify does
// all of this.
func ExampleImagesService_Add_missing() {
	ctx := context.Background()
	client, fake := exampleClient(transmittest.Needs(transmit.ImageTypeDocumentFront, transmit.ImageTypeSelfie))
	defer fake.Close()
	session := started(ctx, client)

	missing := session.MissingImages
	for attempt := 0; len(missing) > 0 && attempt < 10; attempt++ {
		receipt, err := client.Images.Add(ctx, session.SessionID, transmit.ImageUpload{
			Type: missing[0], File: transmittest.JPEG(missing[0]), // kyc.FileAt("passport.jpg")
		})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(missing[0], receipt.Feedback)
		missing = receipt.MissingImages
	}
	result, err := client.Sessions.Result(ctx, session.SessionID) // the checks begin with the last image
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Status)
	// Output:
	// document_front ok
	// selfie ok
	// complete
}

// What the vendor would refuse is refused before anything is sent.
func ExampleImagesService_Add_refused() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	session := started(ctx, client)

	_, err := client.Images.Add(ctx, session.SessionID, transmit.ImageUpload{
		Type: transmit.ImageTypeSelfie, File: kyc.FileBytes("selfie.png", "image/png", []byte("\x89PNG\r\n\x1a\n...")),
	})
	var e *kyc.Error
	if errors.Is(err, kyc.ErrInvalid) && errors.As(err, &e) && e.StatusCode == 0 {
		fmt.Println(e.Detail)
	}
	fmt.Println(fake.Count("Images.Add"))
	// Output:
	// the file is not a JPEG image
	// 0
}

// No page of the vendor confirms where images are added. Should a tenant find another place, an option says so.
func ExampleWithAddImage() {
	ctx := context.Background()
	fake := transmittest.NewServer()
	defer fake.Close()
	client, err := transmit.NewClient(fake.Config(), transmit.WithAddImage(http.MethodPost, "/verification/{sid}/images"))
	if err != nil {
		log.Fatal(err)
	}
	receipt, err := client.Images.Add(ctx, started(ctx, client).SessionID, transmit.ImageUpload{
		Type: transmit.ImageTypeSelfie, File: transmittest.JPEG(transmit.ImageTypeSelfie),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(receipt.Accepted(), receipt.MissingImages)
	// Output: true [document_front document_back]
}

// A session lists rejected images and refined copies too.
func ExampleImagesService_List() {
	ctx := context.Background()
	client, fake := exampleClient(transmittest.Feedback(transmit.ImageTypeSelfie, transmit.FeedbackBlurSelfie))
	defer fake.Close()
	session := opened(ctx, client)
	fake.Play(session.SessionID) // the user

	images, err := client.Images.List(ctx, session.SessionID)
	if err != nil {
		log.Fatal(err)
	}
	for _, image := range images.SessionImages {
		switch {
		case image.Rejected != nil && *image.Rejected:
			fmt.Println(image.Type, "rejected")
		case image.Original != nil && !*image.Original:
			fmt.Println(image.Type, "refined")
		default:
			fmt.Println(image.Type)
		}
	}
	// Output:
	// document_front
	// document_front refined
	// document_back
	// document_back refined
	// selfie rejected
	// selfie
}

// As base64, for a page or a document store that wants text. However the vendor wraps it, only the base64 is written.
func ExampleImagesService_Get_base64() {
	ctx := context.Background()
	client, fake := exampleClient(transmittest.Base64(transmittest.Base64DataURL))
	defer fake.Close()
	session := opened(ctx, client)
	fake.Play(session.SessionID) // the user
	result, err := client.Sessions.Result(ctx, session.SessionID)
	if err != nil {
		log.Fatal(err)
	}

	front := result.VerificationImages[0] // what the verdict rests on
	var text bytes.Buffer
	download, err := client.Images.Get(ctx, session.SessionID, front.ID, transmit.ImageBase64, &text)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s %.4s %v\n", front.Type, text.String(), download.Bytes == int64(text.Len()))
	// Output: document_front /9j/ true
}

// The selfie of a finished verification is what a later login is compared with.
func ExampleFaceAuthService_Create_fromVerification() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	session := opened(ctx, client)
	fake.Play(session.SessionID) // the user
	result, err := client.Sessions.Result(ctx, session.SessionID)
	if err != nil {
		log.Fatal(err)
	}

	var selfie bytes.Buffer // kept by the caller, encrypted: the vendor deletes its own after a time
	for _, image := range result.VerificationImages {
		if image.Type != transmit.ImageTypeSelfie {
			continue
		}
		if _, err := client.Images.Get(ctx, session.SessionID, image.ID, transmit.ImageRaw, &selfie); err != nil {
			log.Fatal(err)
		}
	}
	login, err := client.FaceAuth.Create(ctx, transmit.FaceReference{File: kyc.FileBytes("selfie.jpg", "image/jpeg", selfie.Bytes())})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(login.DeviceSessionID != "") // for the client SDK
	// Output: true
}

// A face authentication is read by its device session id. It decides by the same words as a verification.
func ExampleFaceAuthService_Result() {
	ctx := context.Background()
	client, fake := exampleClient(transmittest.FaceOutcome(transmit.RecommendationDeny))
	defer fake.Close()
	login, err := client.FaceAuth.Create(ctx, transmit.FaceReference{File: transmittest.JPEG(transmit.ImageTypeSelfie)})
	if err != nil {
		log.Fatal(err)
	}
	result, err := client.FaceAuth.Result(ctx, login.DeviceSessionID)
	if err != nil {
		log.Fatal(err)
	}
	if result.Decision() != kyc.Approved { // pending too: the selfie is not there yet
		fmt.Println(result.Status, result.Recommendation)
	}
	// Output: complete DENY
}

// The vendor's documents disagree on which id a result is read by. ResultOf tries both.
func ExampleFaceAuthService_ResultOf() {
	ctx := context.Background()
	client, fake := exampleClient(transmittest.FaceResultID(transmittest.FaceSessionID))
	defer fake.Close()
	login, err := client.FaceAuth.Create(ctx, transmit.FaceReference{File: transmittest.JPEG(transmit.ImageTypeSelfie)})
	if err != nil {
		log.Fatal(err)
	}
	result, err := client.FaceAuth.ResultOf(ctx, login)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision(), fake.Count("FaceAuth.Result"))
	// Output: approved 2
}

// A stored answer is read again without the vendor.
func ExampleParseFaceAuthResult() {
	result, err := transmit.ParseFaceAuthResult([]byte(`{"status":"complete","recommendation":"CHALLENGE"}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision, result.Checks[0].Kind)
	// Output: review authentication
}
