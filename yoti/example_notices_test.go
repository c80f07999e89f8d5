package yoti_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// A receiver of notices from end to end: the session names its address and the credential, the handler compares that,
// and the fetched result decides.
func ExampleNotifications() {
	fake := yotitest.NewServer()
	defer fake.Close()
	auth := yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBasic, Token: "notices:a long random text"}
	config := fake.Config()
	config.NotificationAuth = auth
	client, err := yoti.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	receiver := httptest.NewServer(kyc.Handler(yoti.Notifications(auth), func(ctx context.Context, e kyc.Event) error {
		if e.Ref.IsZero() {
			return nil // about no session
		}
		result, err := client.Fetch(ctx, e.Ref)
		switch {
		case errors.Is(err, kyc.ErrNotFound):
			return nil // erased meanwhile: another notice would not bring it back
		case err != nil:
			return err // the service gets a 500 and sends the notice again
		}
		fmt.Println(e.Type, e.Assurance, result.Reference)
		switch result.Decision {
		case kyc.Approved:
			fmt.Println("let in")
		case kyc.Declined:
			fmt.Println("turned away")
		case kyc.Pending, kyc.InputRequired:
			fmt.Println("not done: another notice follows")
		case kyc.Unknown, kyc.Review, kyc.Expired, kyc.Abandoned, kyc.Failed:
			fmt.Println("somebody has to look")
		}
		return nil
	}))
	defer receiver.Close()

	session, err := client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42", NotifyURL: receiver.URL})
	if err != nil {
		log.Fatal(err)
	}
	if err := fake.CompleteJourney(session.Ref.Session); err != nil {
		log.Fatal(err)
	}
	fake.WaitNotifications()
	// Output:
	// SESSION_COMPLETION shared_secret onboarding-42
	// let in
}

// Sessions keep the credential that they were made with: while it is replaced, the receiver takes both.
func ExampleNotifications_rotation() {
	older := yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBearer, Token: "older"}
	newer := yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBearer, Token: "newer"}
	handler := kyc.Handler(yoti.Notifications(newer, older), func(context.Context, kyc.Event) error { return nil })
	for i, auth := range []yoti.NotificationAuth{older, newer, {Type: yoti.NotificationAuthTypeBearer, Token: "guessed"}} {
		body := yotitest.Notification(fmt.Sprint("s-", i), yoti.TopicSessionCompletion)
		request := httptest.NewRequest(http.MethodPost, "/notices/yoti", strings.NewReader(string(body)))
		request.Header = yotitest.NotificationHeader(auth)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		fmt.Println(answer.Code)
	}
	// Output:
	// 200
	// 200
	// 401
}

// Ask for more topics than the end of the session, in a workflow's own notifications. Start adds address and credential.
func ExampleNotificationConfig() {
	fake := yotitest.NewServer()
	defer fake.Close()
	auth := yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBearer, Token: "a-long-random-text"}
	workflow := yoti.DefaultSession()
	workflow.Notifications = &yoti.NotificationConfig{
		Endpoint: "https://example.com/notices", Topics: []yoti.Topic{yoti.TopicSessionCompletion, yoti.TopicCheckCompletion},
	}
	config := fake.Config()
	config.NotificationAuth = auth
	config.Workflows = map[string]yoti.SessionRequest{"": workflow}
	client, err := yoti.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	receiver := httptest.NewServer(kyc.Handler(yoti.Notifications(auth), func(context.Context, kyc.Event) error { return nil }))
	defer receiver.Close()
	session, err := client.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42", NotifyURL: receiver.URL})
	if err != nil {
		log.Fatal(err)
	}
	if err := fake.CompleteJourney(session.Ref.Session); err != nil {
		log.Fatal(err)
	}
	fake.WaitNotifications()
	fmt.Println(len(fake.Deliveries()), "notices for", len(workflow.RequestedChecks), "checks and the session")
	// Output: 4 notices for 3 checks and the session
}
