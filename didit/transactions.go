package didit

import (
	"context"
	"iter"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opTransactions      = "transactions.list"
	opCreateTransaction = "transactions.create"
	opGetTransaction    = "transactions.get"
	opTransactionToken  = "transactions.sdk_token"

	maxTransactionID = 128
	maxTokenSeconds  = 86400
)

// TransactionsService hands in payments to be monitored and reads what came of
// them. The travel rule, cases and reports are not modelled: see [Client.Do].
type TransactionsService struct{ c *Client }

// List iterates over the transactions. An error is yielded last and ends the
// iteration.
func (s *TransactionsService) List(ctx context.Context, page PageOptions, opts ...kyc.Option) iter.Seq2[*TransactionSummary, error] {
	query, err := page.query(opTransactions)
	if err != nil {
		return failed[TransactionSummary](err)
	}
	return listed[TransactionSummary](ctx, s.c, opTransactions, "/v3/transactions/", nil, query, opts)
}

// Create hands in a transaction. TransactionID guards against handing it in
// twice: one that was used is refused.
func (s *TransactionsService) Create(ctx context.Context, req TransactionRequest, opts ...kyc.Option) (*Transaction, error) {
	switch {
	case req.TransactionID == "" || len(req.TransactionID) > maxTransactionID:
		return nil, kyc.Invalid(kyc.Didit, opCreateTransaction, "TransactionID is empty or longer than 128 characters")
	case req.TransactionCategory == "" || req.TransactionDetails.Direction == "" || req.TransactionDetails.Currency == "":
		return nil, kyc.Invalid(kyc.Didit, opCreateTransaction, "TransactionCategory, Direction or Currency is empty")
	case req.Subject.VendorData == "" || req.Subject.FullName == "":
		return nil, kyc.Invalid(kyc.Didit, opCreateTransaction, "VendorData or FullName of the subject is empty")
	}
	return post[Transaction](ctx, s.c, opCreateTransaction, "/v3/transactions/", req, opts)
}

// Get reads a transaction by the vendor's id ([Transaction.UUID]).
func (s *TransactionsService) Get(ctx context.Context, transactionID string, opts ...kyc.Option) (*Transaction, error) {
	if err := s.c.checkID(opGetTransaction, "transaction id", transactionID, opts); err != nil {
		return nil, err
	}
	return get[Transaction](ctx, s.c, opGetTransaction, "/v3/transactions/{}/", []string{transactionID}, opts)
}

// SDKToken makes a token with which a device hands in transactions of one user.
func (s *TransactionsService) SDKToken(ctx context.Context, req TransactionTokenRequest, opts ...kyc.Option) (*TransactionToken, error) {
	if req.VendorData == "" {
		return nil, kyc.Invalid(kyc.Didit, opTransactionToken, "VendorData is empty")
	}
	if t := req.TTLSeconds; t != nil && (*t < 1 || *t > maxTokenSeconds) {
		return nil, kyc.Invalid(kyc.Didit, opTransactionToken, "TTLSeconds is not between 1 and 86400")
	}
	return post[TransactionToken](ctx, s.c, opTransactionToken, "/v3/transactions/sdk-token/", req, opts)
}
