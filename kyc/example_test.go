package kyc_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// One program for any vendor: start, send the person to the link, fetch, act on the decision.
func Example() {
	fake := jumiotest.NewServer()
	defer fake.Close()
	client, err := jumio.NewClient(fake.Config())
	if err != nil {
		fmt.Println(err)
		return
	}
	var provider kyc.Provider = client
	ctx := context.Background()
	session, err := provider.Start(ctx, kyc.StartRequest{Reference: "onboarding-42", RedirectURL: "https://example.com/back"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(session.URL) // a link that opens without further proof; session.URL.Reveal() is for the redirect
	fake.CompleteJourney(session.Ref)
	result, err := provider.Fetch(ctx, session.Ref)
	if err != nil {
		fmt.Println(err)
		return
	}
	switch result.Decision {
	case kyc.Approved:
		fmt.Println("activate", result.Reference)
	case kyc.Declined:
		fmt.Println("refuse", result.Reasons())
	case kyc.Unknown, kyc.Pending, kyc.InputRequired, kyc.Review, kyc.Expired, kyc.Abandoned, kyc.Failed:
		fmt.Println("queue for review")
	}
	// Output:
	// [redacted]
	// activate onboarding-42
}

// Wait reads on the vendor's own schedule, and at once when a notice comes.
func ExampleWait() {
	fake := jumiotest.NewServer(jumiotest.Outcome(jumio.DecisionRejected, "MANIPULATED_DOCUMENT"))
	defer fake.Close()
	client, err := jumio.NewClient(fake.Config())
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fake.CompleteJourney(session.Ref)
	events := make(chan kyc.Event, 1)
	events <- kyc.Event{Vendor: kyc.Jumio, Ref: session.Ref} // from a Handler's callback
	result, err := kyc.Wait(ctx, client, session.Ref, kyc.WithWake(events), kyc.WithBudget(10*time.Minute))
	if errors.Is(err, kyc.ErrStillOpen) {
		fmt.Println("the person has not finished; look again later")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Decision)
	for _, reason := range result.Reasons() {
		fmt.Println(reason.Code)
	}
	// Output:
	// declined
	// MANIPULATED_DOCUMENT
}

// A notice is only a wake-up call; the fetched result decides.
func ExampleHandler() {
	fake := didittest.NewServer(didittest.Outcome(didit.StatusDeclined))
	defer fake.Close()
	client, err := didit.NewClient(fake.Config())
	if err != nil {
		fmt.Println(err)
		return
	}
	session, err := client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fake.Complete(session.Ref.Session)

	handler := kyc.Handler(didit.Webhooks(fake.WebhookSecret()), func(ctx context.Context, e kyc.Event) error {
		result, err := client.Fetch(ctx, e.Ref)
		if err != nil {
			return err // the vendor sends the notice again
		}
		fmt.Println(e.Assurance, result.Decision)
		return nil
	})

	// The notice claims an approval that the vendor never gave. It is signed, and still does not decide.
	body := fmt.Sprintf(`{"webhook_type":"status.updated","timestamp":%d,"session_id":%q,"status":"Approved"}`, time.Now().Unix(), session.Ref.Session)
	post := func(header http.Header) {
		r := httptest.NewRequest(http.MethodPost, "/notices/didit", strings.NewReader(body))
		r.Header = header
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Println(w.Code)
	}
	post(fake.Notice([]byte(body)))
	post(http.Header{}) // forged
	// Output:
	// signed declined
	// 200
	// 401
}

// errors.Is tells failures apart; errors.AsType gives the facts.
func ExampleError() {
	fake := jumiotest.NewServer(jumiotest.FaultEvery("Accounts.Create", jumiotest.ThrottleLong))
	defer fake.Close()
	client, err := jumio.NewClient(fake.Config())
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42"})
	e, ok := errors.AsType[*kyc.Error](err)
	switch {
	case ok && errors.Is(err, kyc.ErrRateLimited):
		fmt.Println(e.Operation, e.StatusCode, e.RetryAfter > time.Minute)
	case kyc.Uncertain(err):
		fmt.Println("look at the vendor before creating again")
	case err != nil:
		fmt.Println(err)
	}
	_, err = client.Fetch(context.Background(), kyc.Ref{Vendor: kyc.Jumio, Account: "a-1", Session: "gone"})
	fmt.Println(errors.Is(err, kyc.ErrNotFound))
	// Output:
	// accounts.create 429 true
	// true
}

// A row of your own takes precedence over the vendor's table, here to decline what Jumio leaves to review.
func ExampleWithOverrides() {
	stored := []byte(`{"workflow":{"id":"w-1","status":"PROCESSED"},"account":{"id":"a-1"},"decision":{"type":"WARNING"}}`)
	strict := kyc.WithOverrides(kyc.Override{
		Name: "no warnings", Vendor: kyc.Jumio, Field: jumio.FieldDecision, Word: string(jumio.DecisionWarning), Decision: kyc.Declined,
	})
	for _, opts := range [][]kyc.Option{nil, {strict}} {
		result, err := jumio.ParseResult(stored, opts...)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, e := range result.Evidence {
			if e.Pointer == "/decision/type" {
				fmt.Println(result.Decision, "because of", e.Rule)
			}
		}
	}
	// Output:
	// review because of decision.type WARNING is review
	// declined because of override no warnings
}

// A result is stored as JSON, complete, and read back. The vendor's own bytes can be parsed again at any time.
func ExampleResult_MarshalJSON() {
	result, err := didit.ParseResult([]byte(`{"session_id":"11111111-2222-3333-4444-555555555555","status":"Approved"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	stored, err := json.Marshal(result) // personal data included: encrypt it
	if err != nil {
		fmt.Println(err)
		return
	}
	var back kyc.Result
	if err := json.Unmarshal(stored, &back); err != nil {
		fmt.Println(err)
		return
	}
	again, err := didit.ParseResult(back.Raw)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(back.Ref, back.Decision, again.Decision)
	// Output: didit:11111111-2222-3333-4444-555555555555 approved approved
}

// Redacted keeps what a ticket or a log may show.
func ExampleResult_Redacted() {
	result := &kyc.Result{
		Ref: kyc.Ref{Vendor: kyc.Didit, Session: "s-1"}, Decision: kyc.Review, Person: &kyc.Person{FirstName: "Ada"}, Raw: []byte(`{}`),
	}
	fmt.Println(result.Redacted().Person == nil, result.Redacted().Raw == nil)
	fmt.Printf("%+v\n", result) // no name under any verb
	// Output:
	// true true
	// kyc.Result{Ref:didit:s-1 Decision:review}
}

// A file that can be opened again is uploaded again after a transient fault.
func ExampleFile() {
	inMemory := kyc.FileBytes("front.jpg", "image/jpeg", []byte("..."))
	onDisk := kyc.FileAt("testdata/front.jpg") // opened for each attempt
	once := kyc.FileReader("front.jpg", "image/jpeg", strings.NewReader("..."), 3)
	fmt.Println(inMemory.Reopenable(), onDisk.Reopenable(), once.Reopenable())
	fmt.Println(onDisk.Name(), onDisk.ContentType())
	fmt.Println(onDisk) // people name scans after their customers
	// Output:
	// true true false
	// front.jpg image/jpeg
	// kyc.File{}
}

// A limiter replaces the vendor's published budgets, for every attempt of every call. Clients that share one share the
// budget; kyc/kycredis has one for many processes.
func ExampleNewLimiter() {
	fake := didittest.NewServer()
	defer fake.Close()
	limiter := kyc.NewLimiter(1.0/60, 2) // one call a minute, two of them at once
	client, err := didit.NewClient(fake.Config(), kyc.WithLimiter(limiter))
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range 2 {
		if _, err := client.Start(context.Background(), kyc.StartRequest{Reference: fmt.Sprint("onboarding-", i)}); err != nil {
			fmt.Println(err)
			return
		}
	}
	// The budget is spent. A wait that would outlast the context fails at once.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	fmt.Println(errors.Is(limiter.Wait(ctx), context.DeadlineExceeded))
	// Output: true
}

// The second vendor is asked when the first is down, and one Reference never has two sessions.
func ExampleNewChain() {
	first := didittest.NewServer(didittest.FaultEvery("Sessions.Create", didittest.Unavailable))
	defer first.Close()
	second := yotitest.NewServer()
	defer second.Close()
	once := kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1})
	one, err1 := didit.NewClient(first.Config(), once)
	two, err2 := yoti.NewClient(second.Config(), once)
	chain, err3 := kyc.NewChain(&kyc.MemoryChain{}, one, two)
	if err := errors.Join(err1, err2, err3); err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	session, err := chain.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		fmt.Println(err)
		return
	}
	again, err := chain.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(session.Ref.Vendor, session.Ref == again.Ref, first.Count("Sessions.Create"))
	// Output: yoti true 1
}

// An observer sees attempts and calls by their names, for metrics; kyc/kycotel turns it into OpenTelemetry.
func ExampleWithObserver() {
	fake := didittest.NewServer(didittest.FaultOn("Sessions.Create", 1, didittest.Unavailable))
	defer fake.Close()
	client, err := didit.NewClient(fake.Config(),
		kyc.WithRetry(kyc.RetryPolicy{MinBackoff: time.Millisecond, MaxBackoff: time.Millisecond}),
		kyc.WithObserver(func(_ context.Context, o kyc.Observation) {
			fmt.Println(o.Operation, o.Attempt, o.Done, o.StatusCode)
		}))
	if err != nil {
		fmt.Println(err)
		return
	}
	var last kyc.Response
	_, err = client.Sessions.Create(context.Background(), didit.SessionRequest{VendorData: "onboarding-42"}, kyc.WithResponse(&last))
	fmt.Println(last.StatusCode, last.Attempts, err)
	// Output:
	// sessions.create 1 false 503
	// sessions.create 2 false 201
	// sessions.create 2 true 201
	// 201 2 <nil>
}

// Refs are what to store; they hold no personal data.
func ExampleParseRef() {
	ref, err := kyc.ParseRef("jumio:account-1/execution-1")
	fmt.Println(ref.Vendor, ref.Account, ref.Session, err)
	fmt.Println(kyc.Ref{Vendor: kyc.Didit, Session: "s-1"})
	// Output:
	// jumio account-1 execution-1 <nil>
	// didit:s-1
}

// What is passed to a logger prints without secrets and personal data.
func ExampleSecret() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	logger.Info("started", "token", kyc.Secret("t-1"), "person", kyc.Person{FirstName: "Ada"})
	// Output: level=INFO msg=started token=[redacted] person=kyc.Person{}
}
