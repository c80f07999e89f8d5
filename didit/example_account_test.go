package didit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	imagepng "image/png"
	"log"
	"strconv"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Look at the credit before it runs out: without it no session can be made.
func ExampleBillingService_Balance() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	balance, err := client.Billing.Balance(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	credit, err := strconv.ParseFloat(balance.Balance, 64) // enough for an alarm; take a decimal type to add up
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(balance.Balance, credit < 100)
	// Output: 1234.5600 false
}

// Begin a payment. Nothing is paid before somebody opens the page that the answer names.
func ExampleBillingService_TopUp() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	_, err = client.Billing.TopUp(ctx, didit.TopUpRequest{AmountInDollars: 20})
	fmt.Println(err)
	payment, err := client.Billing.TopUp(ctx, didit.TopUpRequest{AmountInDollars: 500, SuccessURL: "https://shop.example/paid"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(payment.CheckoutSessionURL)
	// Output:
	// didit: billing.top_up: invalid request: AmountInDollars is less than 50
	// [redacted]
}

// Give the hosted pages your own colours.
func ExampleCustomizationService_Update() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	look, err := client.Customization.Update(context.Background(), didit.CustomizationUpdate{ColorPrimary: "#0A7D4F", SkipWelcomeScreen: new(true)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(look.ColorPrimary, look.FontFamily) // what is not named stays as it is
	// Output: #0A7D4F Inter
}

// Replace the logo. Its proportions are checked before anything is sent.
func ExampleCustomizationService_UpdateImages() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	var square bytes.Buffer
	if err := imagepng.Encode(&square, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		log.Fatal(err)
	}
	logo := kyc.FileBytes("logo.png", "image/png", square.Bytes())
	ctx := context.Background()
	_, err = client.Customization.UpdateImages(ctx, didit.CustomizationImages{Rectangular: logo})
	fmt.Println(errors.Is(err, kyc.ErrInvalid))
	look, err := client.Customization.UpdateImages(ctx, didit.CustomizationImages{Square: logo})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(look.LogoSquare != "", look.LogoRectangular != "")
	// Output:
	// true
	// true false
}

// Ask whether the vendor is up, as for a page of your own status. The call carries no API key.
func ExampleHealthService_Get() {
	server := didittest.NewServer(didittest.FaultOn("Health.Get", 1, didittest.Unavailable))
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	once := kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1}) // a probe tells what it sees, at once
	for range 2 {
		health, err := client.Health.Get(context.Background(), once)
		switch {
		case errors.Is(err, kyc.ErrUnavailable):
			fmt.Println("down")
		case err != nil:
			log.Fatal(err)
		default:
			fmt.Println(health.Status)
		}
	}
	// Output:
	// down
	// ok
}
