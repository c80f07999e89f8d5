package jumio_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A notice only wakes: anybody can send one, and the fetched result decides.
func ExampleCallbacks() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	mux := http.NewServeMux()
	mux.Handle("POST /notices/jumio", kyc.Handler(jumio.Callbacks(), func(ctx context.Context, e kyc.Event) error {
		result, err := client.Fetch(ctx, e.Ref)
		if err != nil {
			return err // answered with 500, so that the vendor sends the notice again
		}
		fmt.Println(e.Status, e.Assurance, result.Reference, result.Decision)
		return nil
	}))
	server := httptest.NewServer(mux)
	defer server.Close()

	session, err := client.Start(ctx, kyc.StartRequest{
		Reference: "onboarding-42", NotifyURL: server.URL + "/notices/jumio", // https, on a public host
	})
	if err != nil {
		log.Fatal(err)
	}
	fake.CompleteJourney(session.Ref) // the person
	fake.WaitCallbacks()
	// Output: PROCESSED none onboarding-42 approved
}

// Notices wake whoever waits. The vendor's times for reading stay in force, since a notice may be lost.
func ExampleCallbacks_wait() {
	ctx := context.Background()
	client, fake := exampleClient()
	defer fake.Close()
	events := make(chan kyc.Event, 1)
	server := httptest.NewServer(kyc.Handler(jumio.Callbacks(), func(ctx context.Context, e kyc.Event) error {
		select {
		case events <- e:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}))
	defer server.Close()

	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42", NotifyURL: server.URL})
	if err != nil {
		log.Fatal(err)
	}
	fake.CompleteJourney(session.Ref) // the person
	result, err := kyc.Wait(ctx, client, session.Ref, kyc.WithWake(events), kyc.WithBudget(20*time.Minute))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Decision)
	// Output: approved
}

// noticeBody stands for the body of a notice.
const noticeBody = `{"callbackSentAt":"2026-01-02T03:04:05.678Z","userReference":"user-7",
	"workflowExecution":{"id":"w-1","status":"PROCESSED"},"account":{"id":"a-1"}}`

// A program that takes its notices from a queue parses them itself, and drops what it has seen by their ID.
func ExampleParseCallback() {
	event, err := jumio.ParseCallback([]byte(noticeBody))
	if err != nil {
		log.Fatal(err) // matches kyc.ErrMalformed: it will not get better
	}
	fmt.Println(event.Ref, event.Status, event.Assurance)
	fmt.Println(event.ID)
	// Output:
	// jumio:a-1/w-1 PROCESSED none
	// w-1/PROCESSED/2026-01-02T03:04:05.678Z
}

// Notices from anywhere but the vendor's published addresses are refused. Behind a proxy the peer of the connection is
// the proxy, which alone can tell the sender.
func ExampleWithSources() {
	sender := func(r *http.Request) (netip.Addr, error) {
		return netip.ParseAddr(r.Header.Get("X-Real-Ip")) // the proxy sets it, and lets nobody else
	}
	allowed := jumio.SourceAddresses(jumio.RegionEMEA) // they change: look jumio.CallbackHost up now and then
	handler := kyc.Handler(jumio.Callbacks(jumio.WithSources(sender, allowed...)), func(_ context.Context, e kyc.Event) error {
		fmt.Println("wake", e.Ref)
		return nil
	})

	for _, address := range []string{"192.0.2.1", allowed[0].String()} {
		r := httptest.NewRequest(http.MethodPost, "/notices/jumio", strings.NewReader(noticeBody))
		r.Header.Set("X-Real-Ip", address)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Println(w.Code)
	}
	// Output:
	// 401
	// wake jumio:a-1/w-1
	// 200
}

// The user reference comes back with the notice. One that carries a signature of the caller's was not made up.
func ExampleWithSignedUserReference() {
	ctx := context.Background()
	fake := jumiotest.NewServer()
	defer fake.Close()
	signer, err := jumio.NewReferenceSigner("a key of the caller's own")
	if err != nil {
		log.Fatal(err)
	}
	handler := kyc.Handler(jumio.Callbacks(jumio.WithSignedUserReference(signer)), func(_ context.Context, e kyc.Event) error {
		fmt.Println("wake", e.Status)
		return nil
	})
	server := httptest.NewServer(handler)
	defer server.Close()

	client, err := jumio.NewClient(fake.Config(), jumio.WithUserReferenceSigner(signer))
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42", NotifyURL: server.URL})
	if err != nil {
		log.Fatal(err)
	}
	fake.CompleteJourney(session.Ref) // the person
	fake.WaitCallbacks()

	w := httptest.NewRecorder() // a forged one
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(noticeBody)))
	fmt.Println(w.Code)
	// Output:
	// wake PROCESSED
	// 401
}
