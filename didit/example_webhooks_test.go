package didit_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A receiver of notices from end to end: the vendor posts, the handler verifies, and the fetched result decides.
func ExampleWebhooks_receiver() {
	mux := http.NewServeMux()
	vendor := didittest.NewServer(didittest.WebhookHandler(mux)) // or WebhookURL, to come in over a connection
	defer vendor.Close()
	client, err := didit.NewClient(vendor.Config())
	if err != nil {
		log.Fatal(err)
	}
	mux.Handle("POST /", kyc.Handler(didit.Webhooks(vendor.WebhookSecret()), func(ctx context.Context, e kyc.Event) error {
		if e.Status == string(didit.StatusInProgress) {
			return nil // the person has begun: nothing to fetch yet
		}
		result, err := client.Fetch(ctx, e.Ref)
		if err != nil {
			return err // the vendor gets a 500 and sends the notice again
		}
		fmt.Println(result.Reference, result.Decision)
		return nil
	}))
	session, err := client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		log.Fatal(err)
	}
	vendor.Complete(session.Ref.Session)
	vendor.WaitWebhooks()
	// Output: onboarding-42 approved
}

// While the secret of a destination is replaced, notices of both are taken.
func ExampleWebhooks_rotation() {
	source := didit.Webhooks("the new secret", "the old secret")
	now := time.Now()
	body := fmt.Appendf(nil, `{"webhook_type":"status.updated","timestamp":%d,"session_id":"11111111-2222-3333-4444-555555555555","status":"Approved"}`, now.Unix())
	for _, secret := range []kyc.Secret{"the new secret", "the old secret", "somebody else's"} {
		_, err := source.Verify(didit.SignWebhook(secret, body, now), body)
		fmt.Println(err == nil, errors.Is(err, kyc.ErrUnauthorized))
	}
	// Output:
	// true false
	// true false
	// false true
}

// Verify a notice outside net/http, as from a queue. The body must be the bytes as they came.
func ExampleVerifyWebhook() {
	const secret = "the secret of the destination"
	now := time.Now()
	body := fmt.Appendf(nil, `{"webhook_type":"status.updated","timestamp":%d,"session_id":"11111111-2222-3333-4444-555555555555","status":"Declined"}`, now.Unix())
	header := didit.SignWebhook(secret, body, now)

	event, err := didit.VerifyWebhook(header, body, secret)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(event.Type, event.Ref)
	_, err = didit.VerifyWebhook(header, []byte(strings.Replace(string(body), "Declined", "Approved", 1)), secret)
	fmt.Println(errors.Is(err, kyc.ErrUnauthorized))
	// Output:
	// status.updated didit:11111111-2222-3333-4444-555555555555
	// true
}

// A Verifier of your own: one signature only, a narrower window, a clock.
func ExampleVerifier() {
	sent := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	body := fmt.Appendf(nil, `{"webhook_type":"status.updated","timestamp":%d,"session_id":"11111111-2222-3333-4444-555555555555","status":"Approved"}`, sent.Unix())
	header := didit.SignWebhook("the secret", body, sent)
	for _, late := range []time.Duration{10 * time.Second, 2 * time.Minute} {
		verifier := didit.Verifier{
			Secrets: []kyc.Secret{"the secret"}, Accept: didit.SignatureRaw, Tolerance: time.Minute,
			Now: func() time.Time { return sent.Add(late) },
		}
		_, err := verifier.Verify(header, body)
		fmt.Println(late, err == nil)
	}
	// Output:
	// 10s true
	// 2m0s false
}

// Read the notices that are not about a session, each in its own type.
func ExampleReadNotice() {
	const secret = "the secret of the destination"
	now := time.Now()
	for _, body := range []string{
		`{"webhook_type":"transaction.status.updated","timestamp":%d,"txn_id":"payment-1001","status":"DECLINED"}`,
		`{"webhook_type":"user.status.updated","timestamp":%d,"vendor_data":"user-7","status":"BLOCKED"}`,
		`{"webhook_type":"a.new.event","timestamp":%d}`,
	} {
		body := fmt.Appendf(nil, body, now.Unix())
		event, err := didit.VerifyWebhook(didit.SignWebhook(secret, body, now), body, secret)
		if err != nil {
			log.Fatal(err)
		}
		notice, err := didit.ReadNotice(event)
		if err != nil {
			log.Fatal(err)
		}
		switch n := notice.(type) {
		case *didit.TransactionNotice:
			fmt.Println("transaction", n.TxnID, n.Status)
		case *didit.EntityNotice:
			fmt.Println("user or business", n.VendorData, n.Status)
		default:
			fmt.Println("not for us:", n.Type())
		}
	}
	// Output:
	// transaction payment-1001 DECLINED
	// user or business user-7 BLOCKED
	// not for us: a.new.event
}

// The answer to a registry search is never signed: match it with a search of your own, and believe nothing else of it.
func ExampleRegistrySearches() {
	searches := map[string]bool{"3f0c4b52-0000-4000-8000-000000000001": true} // the RequestIDs of searches under way
	handler := kyc.Handler(didit.RegistrySearches(), func(_ context.Context, e kyc.Event) error {
		notice, err := didit.ReadNotice(e)
		if err != nil {
			return err
		}
		found, ok := notice.(*didit.RegistrySearchNotice)
		fmt.Println(e.Assurance, ok && searches[found.RequestID]) // then Checks.KYBSelect reads the company
		return nil
	})

	// What the vendor posts.
	body := `{"webhook_type":"kyb.registry_search.resolved","request_id":"3f0c4b52-0000-4000-8000-000000000001","kyb_registry":{}}`
	request := httptest.NewRequest(http.MethodPost, "/notices/registry", strings.NewReader(body))
	request.Header.Set("X-Didit-Unsigned-Callback", "true")
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	fmt.Println(answer.Code)
	// Output:
	// none true
	// 200
}
