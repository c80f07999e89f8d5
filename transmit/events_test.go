package transmit_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

// read takes everything that a stream has.
func read(t testing.TB, client *transmit.Client, query transmit.EventsQuery) (activities []string, err error) {
	t.Helper()
	for event, failed := range client.Events.Read(t.Context(), "reader-1", query) {
		if failed != nil {
			return activities, failed
		}
		activities = append(activities, string(event.Activity))
	}
	return activities, nil
}

func TestEvents(t *testing.T) {
	for _, size := range []int{0, 1, 2, 1000} {
		client, fake := start(t)
		ctx := t.Context()
		// Twice of either is fine.
		for range 2 {
			if err := client.Events.Start(ctx); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			if err := client.Events.Open(ctx, "reader-1", transmit.EventStreamRequest{Enrichment: new(true)}); err != nil {
				t.Fatal(err)
			}
		}
		id := finished(t, client, fake)
		if _, err := client.Sessions.Result(ctx, id); err != nil {
			t.Fatal(err)
		}
		if err := client.Sessions.Delete(ctx, id); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"session_created", "session_started", "consent_approved", "image_uploaded_info", "image_uploaded_info", "image_uploaded_info",
			"verification_status_updated", "verification_completed", "session_deleted",
		}
		got, err := read(t, client, transmit.EventsQuery{BatchSize: size})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("batches of %d: (-want +got)\n%s", size, diff)
		}
		if got, err := read(t, client, transmit.EventsQuery{}); err != nil || len(got) != 0 {
			t.Errorf("read again: %v, %v", got, err)
		}
		if err := client.Events.Close(ctx, "reader-1"); err != nil {
			t.Fatal(err)
		}
		if _, err := read(t, client, transmit.EventsQuery{}); !errors.Is(err, kyc.ErrNotFound) {
			t.Errorf("read after close: %v", err)
		}
		if err := client.Events.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		if err := client.Events.Open(ctx, "reader-1", transmit.EventStreamRequest{}); !errors.Is(err, kyc.ErrForbidden) {
			t.Errorf("open after stop: %v", err)
		}
	}
}

func TestEventsBreakAndFaults(t *testing.T) {
	client, fake := start(t)
	ctx := t.Context()
	if err := client.Events.Start(ctx); err != nil {
		t.Fatal(err)
	}
	if err := client.Events.Open(ctx, "reader-1", transmit.EventStreamRequest{}); err != nil {
		t.Fatal(err)
	}
	finished(t, client, fake)
	for range client.Events.Read(ctx, "reader-1", transmit.EventsQuery{BatchSize: 1}) {
		break
	}
	if n := fake.Count("Events.Read"); n != 1 {
		t.Errorf("%d batches were taken before a break", n)
	}
	// A batch whose answer is lost is not asked for again: the stream has moved on.
	fake.Inject(transmittest.FaultRule{Operation: "Events.Read", From: 1, To: 1, Faults: []kyctest.Fault{kyctest.ResetAfterRead}})
	if got, err := read(t, client, transmit.EventsQuery{BatchSize: 1}); !errors.Is(err, kyc.ErrUnavailable) || len(got) != 0 || fake.Count("Events.Read") != 2 {
		t.Errorf("%v, %v, %d", got, err, fake.Count("Events.Read"))
	}
	if got, err := read(t, client, transmit.EventsQuery{}); err != nil || len(got) != 6 {
		t.Errorf("the rest: %v, %v", got, err)
	}
	before := len(fake.Requests())
	for _, q := range []transmit.EventsQuery{{BatchSize: -1}, {BatchSize: 1001}, {Follow: -1}} {
		if _, err := read(t, client, q); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	for _, id := range []string{"", "two words", "line\n", "\u00a0"} {
		for _, err := range client.Events.Read(ctx, id, transmit.EventsQuery{}) {
			if !errors.Is(err, kyc.ErrInvalid) {
				t.Errorf("%q: %v", id, err)
			}
		}
		if err := client.Events.Open(ctx, id, transmit.EventStreamRequest{}); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if len(fake.Requests()) != before {
		t.Error("a bad query went out")
	}
}

func TestEventsFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, fake := start(t, transmittest.InMemory())
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := client.Events.Start(ctx); err != nil {
			t.Fatal(err)
		}
		if err := client.Events.Open(ctx, "reader-1", transmit.EventStreamRequest{}); err != nil {
			t.Fatal(err)
		}
		go func() {
			time.Sleep(10 * time.Minute)
			finished(t, client, fake)
		}()
		var got []transmit.Activity
		var last error
		for event, err := range client.Events.Read(ctx, "reader-1", transmit.EventsQuery{Follow: time.Minute}) {
			if err != nil {
				last = err
				continue
			}
			got = append(got, event.Activity)
		}
		if !errors.Is(last, context.DeadlineExceeded) || len(got) != 8 || !slices.Contains(got, transmit.ActivityVerificationCompleted) {
			t.Errorf("%v, %v", got, last)
		}
		fake.Close()
	})
}

// A program that only reads the stream learns how everything ended, although nobody reads a result.
func TestEventsTellTheEnd(t *testing.T) {
	client, fake := start(t, transmittest.Recaptures(1))
	ctx := t.Context()
	if err := client.Events.Start(ctx); err != nil {
		t.Fatal(err)
	}
	if err := client.Events.Open(ctx, "reader-1", transmit.EventStreamRequest{}); err != nil {
		t.Fatal(err)
	}
	id := finished(t, client, fake)
	if _, err := client.FaceAuth.Create(ctx, transmit.FaceReference{File: transmittest.JPEG(transmit.ImageTypeSelfie)}); err != nil {
		t.Fatal(err)
	}
	for _, want := range [][]string{
		{
			"session_created", "session_started", "consent_approved", "image_uploaded_info", "image_uploaded_info", "image_uploaded_info",
			"verification_status_updated", "face_auth_session_completed",
		},
		{"image_uploaded_info", "image_uploaded_info", "image_uploaded_info", "verification_status_updated", "verification_completed"},
		nil,
	} {
		got, err := read(t, client, transmit.EventsQuery{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		fake.Play(id) // the user captures again where the session asks for it
	}
}

// A stream that does not move on must not be read for ever.
func TestEventsStandStill(t *testing.T) {
	batch := "[" + string(fixture(t, "event-error.json")) + "]"
	client := serve(t, "application/json", []byte(batch))
	got, err := read(t, client, transmit.EventsQuery{})
	if !errors.Is(err, kyc.ErrMalformed) || len(got) != 10 {
		t.Errorf("%v, %v", got, err)
	}
	for _, body := range []string{`{}`, `null`, `7`, `[{"activity":"x","activity":"y"}]`, `[`, `[]x`, `[][]`, `[,]`, `["\xff"]x`} {
		if got, err := read(t, serve(t, "application/json", []byte(body)), transmit.EventsQuery{}); !errors.Is(err, kyc.ErrMalformed) || len(got) > 1 {
			t.Errorf("%s: %v, %v", body, got, err)
		}
	}
}

// stream is a vendor whose stream gives these batches and nothing then.
func stream(t *testing.T, batches ...string) *transmit.Client {
	t.Helper()
	client, err := transmit.NewClient(transmit.Config{ClientID: "id", ClientSecret: "s", BaseURL: "https://vendor.invalid"}, kyc.WithHTTPClient(&http.Client{
		Transport: answerer(func(r *http.Request) (int, string) {
			switch {
			case strings.HasSuffix(r.URL.Path, "/token"):
				return http.StatusOK, `{"access_token":"t","expires_in":3600}`
			case len(batches) == 0:
				return http.StatusCreated, `[]`
			}
			one := batches[0]
			batches = batches[1:]
			return http.StatusCreated, one
		}),
	}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// Equal events may follow one another, and with one event in a batch so may equal batches: each was taken off the
// stream and must be delivered.
func TestEqualEventsAreDelivered(t *testing.T) {
	for _, batch := range []string{`[{"activity":"error"}]`, `[{"activity":"error"},{"activity":"error"}]`} {
		client := stream(t, batch, batch, batch, `[{"activity":"session_deleted"}]`, batch)
		got, err := read(t, client, transmit.EventsQuery{BatchSize: 1})
		each := strings.Count(batch, "error")
		if err != nil || len(got) != 4*each+1 || got[3*each] != "session_deleted" {
			t.Errorf("%s: %v, %v", batch, got, err)
		}
	}
	// An empty batch or another event between them is the stream's moving on, however often they come.
	one := `[{"activity":"error"}]`
	mixed := slices.Concat(slices.Repeat([]string{one}, 9), []string{`[{"activity":"x"}]`}, slices.Repeat([]string{one}, 9))
	if got, err := read(t, stream(t, mixed...), transmit.EventsQuery{BatchSize: 1}); err != nil || len(got) != 19 {
		t.Errorf("%v, %v", got, err)
	}
}

// An event that does not decode costs none of the others of its batch, and is told.
func TestUnreadableEvent(t *testing.T) {
	const twice, latin = `{"activity":"a","activity":"b"}`, `{"activity":"` + "\xff" + `"}`
	for name, c := range map[string]struct {
		batch, bad string
		want       []string
	}{
		"a member twice":  {`[{"activity":"one"},` + twice + `,{"activity":"three"}]`, `[` + twice + `]`, []string{"one", "three"}},
		"deeper":          {`[{"additionalParams":{"sessionId":"s","sessionId":"t"}},{"activity":"two"}]`, `[{"additionalParams":{"sessionId":"s","sessionId":"t"}}]`, []string{"two"}},
		"broken UTF-8":    {`[` + latin + `,{"activity":"two"}]`, `[` + latin + `]`, []string{"two"}},
		"two of them":     {`[` + twice + `,{"activity":"two"},` + latin + `]`, `[` + twice + `,` + latin + `]`, []string{"two"}},
		"a list cut off":  {`[{"activity":"one"},{"activity":"two"`, `[{"activity":"one"},{"activity":"two"`, []string{"one"}},
		"text behind it":  {`[{"activity":"one"}]{}`, `[{"activity":"one"}]{}`, []string{"one"}},
		"an unknown form": {`[{"activity":7},{"activity":"two"}]`, ``, []string{"", "two", "next"}},
	} {
		client := stream(t, c.batch, `[{"activity":"next"}]`)
		got, err := read(t, client, transmit.EventsQuery{})
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		if c.bad == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var e *kyc.Error
		if !errors.Is(err, kyc.ErrMalformed) || !errors.As(err, &e) || string(e.Body()) != c.bad || e.StatusCode != http.StatusCreated || strings.Contains(err.Error(), "two") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// The next reading goes on behind the batch.
		if got, err := read(t, client, transmit.EventsQuery{}); err != nil || len(got) != 1 || got[0] != "next" {
			t.Errorf("%s: read again: %v, %v", name, got, err)
		}
	}
}

// No page names the audience of the stream's token, nor one path for all regions: both can be set.
func TestEventsElsewhere(t *testing.T) {
	for _, resource := range []string{"", "https://activities.example"} {
		client, fake := start(t, transmittest.EventsResource(resource), transmittest.EventsPath("/activities/v2"))
		if err := client.Events.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{}); err != nil {
			t.Fatal(err)
		}
		if n := fake.TokenFetches(); n != 2 {
			t.Errorf("%q: %d tokens, want one for each audience", resource, n)
		}
		if path := fake.RequestsOf("Events.Start")[0].Path; path != "/activities/v2/activities/start-collect" {
			t.Error(path)
		}
	}
}

func TestStreamEventInSharedTerms(t *testing.T) {
	var event transmit.StreamEvent
	if err := kyc.Unmarshal(fixture(t, "event-status-updated.json"), &event); err != nil {
		t.Fatal(err)
	}
	got := event.Event()
	want := kyc.Event{
		Vendor: kyc.Transmit, Ref: kyc.Ref{Vendor: kyc.Transmit, Session: "H1I12oskjzsdhskj4"}, Type: "verification_status_updated", Status: "complete",
		OccurredAt: time.Date(2022, 12, 1, 1, 20, 23, 0, time.UTC), Raw: fixture(t, "event-status-updated.json"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if e := new(transmit.StreamEvent).Event(); !e.Ref.IsZero() || !e.OccurredAt.IsZero() {
		t.Errorf("an empty event: %v", e)
	}
}

// A tenant with too many streams waits or gives up as for any 429.
func TestTooManyStreams(t *testing.T) {
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			_, _ = w.Write([]byte(`{"access_token":"t","expires_in":3600}`))
			return
		}
		calls++
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer server.Close()
	client, err := transmit.NewClient(transmit.Config{ClientID: "id", ClientSecret: "s", BaseURL: server.URL}, quick())
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Events.Open(t.Context(), "s", transmit.EventStreamRequest{}); !errors.Is(err, kyc.ErrRateLimited) || calls != 4 {
		t.Errorf("%v after %d calls", err, calls)
	}
}
