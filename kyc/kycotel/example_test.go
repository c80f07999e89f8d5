package kycotel_test

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kycotel"
)

func ExampleObserver() {
	exporter := tracetest.NewInMemoryExporter() // in a program: an OTLP exporter
	provider := trace.NewTracerProvider(trace.WithSyncer(exporter))
	defer func() { _ = provider.Shutdown(context.Background()) }()

	vendor := jumiotest.NewServer() // in a program: the vendor itself
	defer vendor.Close()
	client, err := jumio.NewClient(vendor.Config(), kyc.WithObserver(kycotel.Observer(kycotel.WithTracerProvider(provider))))
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42"}); err != nil {
		fmt.Println(err)
		return
	}
	for _, span := range exporter.GetSpans() {
		fmt.Println(span.Name)
	}
	// Output:
	// jumio oauth2.token
	// jumio accounts.create
}
