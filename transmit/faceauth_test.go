package transmit_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

var face = transmit.FaceReference{File: transmittest.JPEG(transmit.ImageTypeSelfie), UseCase: transmit.FaceAuthUseCaseStepUp}

// Whichever of the two ids the vendor takes, the result is found.
func TestFaceAuth(t *testing.T) {
	for _, id := range []transmittest.FaceID{transmittest.FaceDeviceID, transmittest.FaceSessionID} {
		for recommendation, want := range map[transmit.Recommendation]kyc.Decision{
			transmit.RecommendationAllow: kyc.Approved, transmit.RecommendationChallenge: kyc.Review, transmit.RecommendationDeny: kyc.Declined, "": kyc.Unknown,
		} {
			client, _ := start(t, transmittest.FaceResultID(id), transmittest.FaceOutcome(recommendation))
			session, err := client.FaceAuth.Create(t.Context(), face)
			if err != nil || session.DeviceSessionID == "" {
				t.Fatalf("%v, %v", session, err)
			}
			result, err := client.FaceAuth.ResultOf(t.Context(), session)
			if err != nil || result.Status != transmit.FaceAuthStatusComplete || result.Decision() != want {
				t.Errorf("id %d, %q: %v, %v", id, recommendation, result, err)
			}
			direct := session.DeviceSessionID
			if id == transmittest.FaceSessionID {
				direct = session.SessionID
			}
			if result, err := client.FaceAuth.Result(t.Context(), direct); err != nil || result.Decision() != want {
				t.Errorf("id %d: %v, %v", id, result, err)
			}
		}
	}
}

func TestFaceAuthFails(t *testing.T) {
	client, fake := start(t)
	for _, session := range []*transmit.FaceAuthSession{nil, {}} {
		if _, err := client.FaceAuth.ResultOf(t.Context(), session); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%v: %v", session, err)
		}
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests went out", n)
	}
	for _, session := range []*transmit.FaceAuthSession{{SessionID: "a"}, {DeviceSessionID: "b"}, {SessionID: "a", DeviceSessionID: "b"}} {
		if _, err := client.FaceAuth.ResultOf(t.Context(), session); !errors.Is(err, kyc.ErrNotFound) {
			t.Errorf("%v: %v", session, err)
		}
	}
	fake.Inject(transmittest.FaultRule{Operation: "FaceAuth.Create", From: 1, To: 1, Faults: []kyctest.Fault{kyctest.ServerError}})
	if _, err := client.FaceAuth.Create(t.Context(), face); !errors.Is(err, kyc.ErrUnavailable) || fake.Count("FaceAuth.Create") != 1 {
		t.Errorf("%v, sent %d times", err, fake.Count("FaceAuth.Create"))
	}
	if session, err := serve(t, "application/json", []byte(`{}`)).FaceAuth.Create(t.Context(), face); !errors.Is(err, kyc.ErrMalformed) || session != nil {
		t.Errorf("an answer without ids: %v, %v", session, err)
	}
}

func TestFaceAuthTakesTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, fake := start(t, transmittest.InMemory(), transmittest.Processing(3*time.Second))
		session, err := client.FaceAuth.Create(t.Context(), face)
		if err != nil {
			t.Fatal(err)
		}
		result, err := client.FaceAuth.ResultOf(t.Context(), session)
		if err != nil || result.Decision() != kyc.Pending {
			t.Errorf("%v, %v", result, err)
		}
		time.Sleep(3 * time.Second)
		result, err = client.FaceAuth.ResultOf(t.Context(), session)
		if err != nil || result.Decision() != kyc.Approved {
			t.Errorf("%v, %v", result, err)
		}
		fake.Close()
	})
}
