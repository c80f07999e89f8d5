package didit_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Hand in a payment to be monitored. Your own id guards against handing it in twice.
func ExampleTransactionsService_Create() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	payment := didit.TransactionRequest{
		TransactionID:       "payment-1001",
		TransactionCategory: didit.TransactionCategoryFinance,
		TransactionDetails:  didit.TransactionDetails{Direction: didit.TransactionWayOutbound, Amount: 250, Currency: "EUR"},
		Subject:             didit.TransactionSubject{VendorData: "user-7", FullName: "Ada Sample"},
	}
	transaction, err := client.Transactions.Create(ctx, payment)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(transaction.Status, transaction.Amount, transaction.Currency)
	_, err = client.Transactions.Create(ctx, payment)
	if errors.Is(err, kyc.ErrInvalid) {
		fmt.Println(didit.FieldErrors(err)[0].Field)
	}
	// Output:
	// APPROVED 250 EUR
	// transaction_id
}

// Read later what the monitoring found, by the vendor's id of the transaction.
func ExampleTransactionsService_Get() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	created, err := client.Transactions.Create(ctx, didit.TransactionRequest{
		TransactionID: "payment-1001", TransactionCategory: didit.TransactionCategoryFinance,
		TransactionDetails: didit.TransactionDetails{Direction: didit.TransactionWayInbound, Amount: 99.5, Currency: "EUR"},
		Subject:            didit.TransactionSubject{VendorData: "user-7", FullName: "Ada Sample"},
	})
	if err != nil {
		log.Fatal(err)
	}
	transaction, err := client.Transactions.Get(ctx, created.UUID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(transaction.TxnID, transaction.Status, *transaction.Score)
	for row, err := range client.Transactions.List(ctx, didit.PageOptions{Size: 50}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(row.TxnID)
	}
	// Output:
	// payment-1001 APPROVED 0
	// payment-1001
}

// Give a device a token with which it hands in the transactions of one user, in place of the API key.
func ExampleTransactionsService_SDKToken() {
	server := didittest.NewServer()
	defer server.Close()
	client, err := didit.NewClient(server.Config())
	if err != nil {
		log.Fatal(err)
	}
	token, err := client.Transactions.SDKToken(context.Background(), didit.TransactionTokenRequest{
		VendorData: "user-7", TTLSeconds: new(int64(300)), MaxUses: new(int64(1)),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token.SDKToken, token.ExpiresAt != "") // token.SDKToken.Reveal() goes to the device
	// Output: [redacted] true
}
