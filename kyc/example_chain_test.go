package kyc_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// newVendors makes a client for each fake. The clients do not repeat calls, since the chain goes on to the next vendor.
func newVendors(first *didittest.Server, second *yotitest.Server) (*didit.Client, *yoti.Client) {
	once := kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1})
	one, err1 := didit.NewClient(first.Config(), once)
	two, err2 := yoti.NewClient(second.Config(), once)
	if err := errors.Join(err1, err2); err != nil {
		log.Fatal(err)
	}
	return one, two
}

// A vendor that fails is left alone for the Pause, and Failed is called for every failure, for logs and metrics.
func ExampleChain() {
	first := didittest.NewServer(didittest.FaultEvery("Sessions.Create", didittest.Unavailable))
	defer first.Close()
	second := yotitest.NewServer()
	defer second.Close()
	one, two := newVendors(first, second)
	chain, err := kyc.NewChain(&kyc.MemoryChain{}, one, two)
	if err != nil {
		log.Fatal(err)
	}
	chain.Pause = 5 * time.Minute
	chain.Failed = func(_ context.Context, vendor kyc.Vendor, err error) {
		fmt.Println(vendor, "is down:", errors.Is(err, kyc.ErrUnavailable))
	}
	for _, reference := range []string{"onboarding-42", "onboarding-43"} {
		session, err := chain.Start(context.Background(), kyc.StartRequest{Reference: reference})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(reference, session.Ref.Vendor)
	}
	// Output:
	// didit is down: true
	// onboarding-42 yoti
	// onboarding-43 yoti
}

// When no vendor is left, the error says when the first of them will be asked again.
func ExampleChain_Start_unavailable() {
	first := didittest.NewServer(didittest.FaultEvery("", didittest.Unavailable))
	defer first.Close()
	second := yotitest.NewServer(yotitest.FaultEvery("", yotitest.ThrottleLong))
	defer second.Close()
	one, two := newVendors(first, second)
	chain, err := kyc.NewChain(&kyc.MemoryChain{}, one, two)
	if err != nil {
		log.Fatal(err)
	}
	_, err = chain.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42"})
	if e, ok := errors.AsType[*kyc.Error](err); ok && errors.Is(err, kyc.ErrUnavailable) {
		fmt.Println(e.Detail, e.RetryAfter.Round(time.Minute))
	}
	// Output: every provider is failing 1m0s
}

// A create that may have been processed ends the Start: the next vendor might be paid for nothing. Somebody looks at the
// vendor, and tells the chain to go on.
func ExampleChain_Forget() {
	first := didittest.NewServer(didittest.FaultOn("Sessions.Create", 1, didittest.ResetAfterRead))
	defer first.Close()
	second := yotitest.NewServer()
	defer second.Close()
	one, two := newVendors(first, second)
	chain, err := kyc.NewChain(&kyc.MemoryChain{}, one, two)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	request := kyc.StartRequest{Reference: "onboarding-42"}
	_, err = chain.Start(ctx, request)
	fmt.Println("uncertain:", kyc.Uncertain(err))
	_, err = chain.Start(ctx, request)
	fmt.Println("claimed:", errors.Is(err, kyc.ErrConflict))

	found := 0 // sessions that the vendor has for the Reference
	for _, err := range one.Sessions.List(ctx, didit.ListOptions{VendorData: request.Reference}) {
		if err != nil {
			log.Fatal(err)
		}
		found++
	}
	fmt.Println("found:", found) // to be deleted there, or used; then the Reference is free
	if err := chain.Forget(ctx, request.Reference); err != nil {
		log.Fatal(err)
	}
	session, err := chain.Start(ctx, request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(session.Ref.Vendor)
	// Output:
	// uncertain: true
	// claimed: true
	// found: 1
	// yoti
}

// Fetch and Delete go to the vendor that the Ref names, whichever vendor now comes first.
func ExampleChain_Fetch() {
	first := didittest.NewServer()
	defer first.Close()
	second := yotitest.NewServer()
	defer second.Close()
	one, two := newVendors(first, second)
	ctx := context.Background()
	older, err := two.Start(ctx, kyc.StartRequest{Reference: "onboarding-7"}) // from before there was a chain
	if err != nil {
		log.Fatal(err)
	}
	if err := second.CompleteJourney(older.Ref.Session); err != nil {
		log.Fatal(err)
	}
	chain, err := kyc.NewChain(&kyc.MemoryChain{}, one, two)
	if err != nil {
		log.Fatal(err)
	}
	result, err := chain.Fetch(ctx, older.Ref)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Ref.Vendor, result.Decision)
	_, err = chain.Fetch(ctx, kyc.Ref{Vendor: kyc.Jumio, Account: "a-1", Session: "w-1"})
	fmt.Println(errors.Is(err, kyc.ErrInvalid)) // no vendor of this chain
	// Output:
	// yoti approved
	// true
}

// Tell a create that certainly did nothing, and may be sent again, from one that somebody has to look into.
func ExampleUncertain() {
	for _, fault := range []struct {
		name string
		with didittest.Option
	}{
		{"refused for now", didittest.FaultEvery("Sessions.Create", didittest.Unavailable)},
		{"the answer was lost", didittest.FaultEvery("Sessions.Create", didittest.ResetAfterRead)},
		{"half an answer", didittest.FaultEvery("Sessions.Create", didittest.Truncate)},
	} {
		server := didittest.NewServer(fault.with)
		client, err := didit.NewClient(server.Config(), kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1}))
		if err != nil {
			log.Fatal(err)
		}
		_, err = client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42"})
		fmt.Println(fault.name, kyc.Uncertain(err), server.Created())
		server.Close()
	}
	// Output:
	// refused for now false 0
	// the answer was lost true 1
	// half an answer true 1
}

// folder is a ChainStore for the processes of one machine. A database table with the reference as its key does the same for
// many machines: Claim inserts a row unless there is one, Save updates it, Release deletes it.
type folder string

func (d folder) path(reference string) string {
	return filepath.Join(string(d), fmt.Sprintf("%x", sha256.Sum256([]byte(reference))))
}

func (d folder) Claim(_ context.Context, reference string) (entry kyc.ChainEntry, first bool, err error) {
	f, err := os.OpenFile(d.path(reference), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // only one of all who try can make it
	if err == nil {
		return entry, true, f.Close()
	}
	if !errors.Is(err, fs.ErrExist) {
		return entry, false, err
	}
	stored, err := os.ReadFile(d.path(reference))
	if err != nil || len(stored) == 0 {
		return entry, false, err // a Start is under way, or died
	}
	return entry, false, json.Unmarshal(stored, &entry)
}

func (d folder) Save(_ context.Context, reference string, entry kyc.ChainEntry) error {
	stored, err := json.Marshal(entry) // links and tokens in the clear: encrypt it
	if err != nil {
		return err
	}
	next := d.path(reference) + ".next"
	if err := os.WriteFile(next, stored, 0o600); err != nil {
		return err
	}
	return os.Rename(next, d.path(reference)) // so that nobody reads half of it
}

func (d folder) Release(_ context.Context, reference string) error {
	if err := os.Remove(d.path(reference)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// A store that outlives the process: after a restart, the Reference still has its one session.
func ExampleChainStore() {
	dir, err := os.MkdirTemp("", "chain")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	fake := yotitest.NewServer()
	defer fake.Close()
	client, err := yoti.NewClient(fake.Config())
	if err != nil {
		log.Fatal(err)
	}
	var refs []kyc.Ref
	for range 2 { // two processes, one after the other
		chain, err := kyc.NewChain(folder(dir), client)
		if err != nil {
			log.Fatal(err)
		}
		session, err := chain.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42"})
		if err != nil {
			log.Fatal(err)
		}
		refs = append(refs, session.Ref)
	}
	fmt.Println(refs[0] == refs[1], fake.Count("Sessions.Create"))
	// Output: true 1
}
