package jumio_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// Creates are billed: sent once after 500, again after 429 and 503. Reads and finalize are repeated.
func TestRepeats(t *testing.T) {
	for _, c := range []struct {
		operation string
		fault     kyctest.Fault
		want      int
		err       error
	}{
		{"Accounts.Create", jumiotest.ServerError, 1, kyc.ErrUnavailable},
		{"Accounts.Create", jumiotest.BadGatewayHTML, 1, kyc.ErrUnavailable},
		{"Accounts.Create", jumiotest.ResetAfterRead, 1, kyc.ErrUnavailable},
		{"Accounts.Create", jumiotest.Truncate, 1, kyc.ErrMalformed},
		{"Accounts.Create", jumiotest.Throttle, 2, nil},
		{"Accounts.Create", jumiotest.Unavailable, 2, nil},
		{"Accounts.Create", jumiotest.StaleToken, 2, nil},
		{"Accounts.Create", jumiotest.ThrottleLong, 1, kyc.ErrRateLimited},
		{"Credentials.Upload", jumiotest.ServerError, 1, kyc.ErrUnavailable},
		{"Credentials.Replace", jumiotest.ServerError, 4, nil}, // three parts and one repeat
		{"Workflows.Finalize", jumiotest.ServerError, 2, nil},
		{"Workflows.Finalize", jumiotest.ResetAfterRead, 2, nil},
		{"Workflows.Details", jumiotest.Unavailable, 2, nil},
		{"Workflows.Details", jumiotest.EmptyNotFound, 1, kyc.ErrNotFound},
		{"Workflows.Details", jumiotest.DuplicateMember, 1, kyc.ErrMalformed},
		{"Workflows.Details", jumiotest.InvalidJSON, 1, kyc.ErrMalformed},
		{"Workflows.Delete", jumiotest.ResetAfterRead, 2, nil},
		{"Accounts.Delete", jumiotest.ResetAfterRead, 2, nil},
		{"Token.Create", jumiotest.ServerError, 2, nil},
		{"Health.Get", jumiotest.Unavailable, 2, nil},
	} {
		t.Run(c.operation+" "+c.fault.String(), func(t *testing.T) {
			server, client := start(t, jumiotest.FaultOn(c.operation, 1, c.fault))
			err := everything(t.Context(), client, photo(t))
			if !errors.Is(err, c.err) {
				t.Errorf("error %v, want %v", err, c.err)
			}
			if n := server.Count(c.operation); n != c.want {
				t.Errorf("%d requests, want %d", n, c.want)
			}
			noProblems(t, server)
		})
	}
}

// A 404 is a delete's success only where an earlier attempt may have been carried out.
func TestDeleteOfUnknown(t *testing.T) {
	for fault, want := range map[kyctest.Fault]error{
		jumiotest.StaleToken: kyc.ErrNotFound, jumiotest.Throttle: kyc.ErrNotFound, jumiotest.Unavailable: kyc.ErrNotFound, jumiotest.ServerError: nil,
	} {
		seen := 0
		_, client := start(t, jumiotest.FaultOn("Accounts.Delete", 1, fault))
		err := client.Accounts.Delete(t.Context(), "unknown", kyc.WithObserver(func(context.Context, kyc.Observation) { seen++ }))
		if !errors.Is(err, want) || seen != 3 {
			t.Errorf("%v: %v, %d observations", fault, err, seen)
		}
	}
}

// everything calls one operation after the other up to the first error.
func everything(ctx context.Context, client *jumio.Client, file kyc.File) error {
	if _, err := client.Health.Get(ctx); err != nil {
		return err
	}
	account, err := client.Accounts.Create(ctx, request())
	if err != nil {
		return err
	}
	for _, credential := range account.Credentials(jumio.ChannelAPI) {
		for part := range credential.Parts() {
			if _, err := client.Credentials.Upload(ctx, credential, part, file); err != nil {
				return err
			}
			if _, err := client.Credentials.Replace(ctx, credential, part, file); err != nil {
				return err
			}
		}
	}
	if _, err := client.Workflows.Finalize(ctx, account); err != nil {
		return err
	}
	if _, err := client.Fetch(ctx, account.Ref()); err != nil {
		return err
	}
	if err := client.Workflows.Delete(ctx, account.Ref()); err != nil {
		return err
	}
	return client.Accounts.Delete(ctx, account.Ref().Account)
}

// The published budgets hold by default: after a burst, accounts come one a second and reads fifteen.
func TestBudgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := jumiotest.NewServer(jumiotest.InMemory())
		defer server.Close()
		client := connect(t, server, kyc.WithLimiter(nil))
		began := time.Now()
		for range 13 {
			must[*jumio.Account](t)(client.Accounts.Create(t.Context(), request()))
		}
		if took := time.Since(began); took < 10*time.Second || took > 11*time.Second {
			t.Errorf("13 accounts took %v", took)
		}
		account := must[*jumio.Account](t)(client.Accounts.Create(t.Context(), request()))
		began = time.Now()
		for range 45 {
			must[*jumio.WorkflowStatus](t)(client.Workflows.Status(t.Context(), account.Ref()))
		}
		if took := time.Since(began); took < 1900*time.Millisecond || took > 2200*time.Millisecond {
			t.Errorf("45 reads took %v", took)
		}
	})
}

func TestAgedTokensAreRenewedInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := jumiotest.NewServer(jumiotest.InMemory(), jumiotest.AgedTokens(50*time.Minute))
		defer server.Close()
		first, second := connect(t, server), connect(t, server)
		must[*jumio.Account](t)(first.Accounts.Create(t.Context(), request()))
		<-time.After(45 * time.Minute)
		// Handed out with a full hour, although a quarter is left.
		account := must[*jumio.Account](t)(second.Accounts.Create(t.Context(), request()))
		<-time.After(20 * time.Minute)
		if _, err := second.Workflows.Status(t.Context(), account.Ref()); err != nil {
			t.Fatal(err)
		}
		if n := server.Count("Workflows.Status"); n != 1 {
			t.Errorf("%d attempts: the old token was still used", n)
		}
	})
}
