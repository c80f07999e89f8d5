package transmit_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

// streaming stands for a client whose event stream was opened when the program was set up.
func streaming(ctx context.Context, opts ...transmittest.Option) (*transmit.Client, *transmittest.Server) {
	client, fake := exampleClient(opts...)
	if err := client.Events.Start(ctx); err != nil {
		log.Fatal(err)
	}
	if err := client.Events.Open(ctx, "decisions", transmit.EventStreamRequest{}); err != nil {
		log.Fatal(err)
	}
	return client, fake
}

// The stream is the only notice that reaches a backend. An event only wakes: the fetched result decides. Batches of one
// lose nothing when the loop is left.
func ExampleEventsService_Read_follow() {
	ctx, stop := context.WithCancel(context.Background()) // signal.NotifyContext in a program
	defer stop()
	client, fake := streaming(ctx, transmittest.Outcome(transmit.RecommendationDeny))
	defer fake.Close()
	fake.Play(opened(ctx, client).SessionID) // the user

	for event, err := range client.Events.Read(ctx, "decisions", transmit.EventsQuery{BatchSize: 1, Follow: 5 * time.Second}) {
		switch {
		case errors.Is(err, context.Canceled):
			fmt.Println("stopped")
		case err != nil:
			log.Fatal(err)
		case event.Activity == transmit.ActivityVerificationCompleted:
			result, err := client.Fetch(ctx, event.Event().Ref)
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(result.Decision)
			stop()
		}
	}
	// Output:
	// declined
	// stopped
}

// Events of all kinds of sessions come on one stream, also such as this program has no word for.
func ExampleStreamEvent_Event() {
	var event transmit.StreamEvent
	err := kyc.Unmarshal([]byte(`{
		"activity": "verification_status_updated", "timestamp": "2026-01-02T03:04:05.678Z",
		"additionalParams": {"sessionId": "H1I12", "result": "recapture"}
	}`), &event)
	if err != nil {
		log.Fatal(err)
	}
	shared := event.Event()
	fmt.Println(shared.Ref, shared.Type, shared.Status, shared.Assurance)
	fmt.Println(event.Activity.Known(), transmit.Activity("brand_new").Known())
	// Output:
	// transmit:H1I12 verification_status_updated recapture none
	// true false
}

// A reader that is taken out of service closes its stream, of which a tenant has few.
func ExampleEventsService_Close() {
	ctx := context.Background()
	client, fake := streaming(ctx)
	defer fake.Close()
	if err := client.Events.Close(ctx, "decisions"); err != nil {
		log.Fatal(err)
	}
	for _, err := range client.Events.Read(ctx, "decisions", transmit.EventsQuery{}) {
		fmt.Println(errors.Is(err, kyc.ErrNotFound))
	}
	// Output: true
}

// Stop ends collecting for all readers of the tenant.
func ExampleEventsService_Stop() {
	ctx := context.Background()
	client, fake := streaming(ctx)
	defer fake.Close()
	if err := client.Events.Stop(ctx); err != nil {
		log.Fatal(err)
	}
	err := client.Events.Open(ctx, "decisions", transmit.EventStreamRequest{})
	fmt.Println(errors.Is(err, kyc.ErrForbidden))
	// Output: true
}

// Where the stream is depends on the region, and no page names the audience of its token: both can be set.
func ExampleConfig_events() {
	ctx := context.Background()
	fake := transmittest.NewServer(transmittest.EventsPath("/risk/v1"), transmittest.EventsResource("https://events.example"))
	defer fake.Close()
	cfg := fake.Config() // transmit.Config{..., Environment: transmit.ProductionCA}
	cfg.EventsPath = "/risk/v1"
	cfg.EventsResource = new("https://events.example")
	client, err := transmit.NewClient(cfg)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.Events.Start(ctx))
	// Output: <nil>
}
