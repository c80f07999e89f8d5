package kycotel_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	apitrace "go.opentelemetry.io/otel/trace"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kycotel"
)

// telemetry is the SDK with exporters in memory.
type telemetry struct {
	t       *testing.T
	spans   *tracetest.InMemoryExporter
	tracers *trace.TracerProvider
	reader  *metric.ManualReader
	meters  *metric.MeterProvider
}

func newTelemetry(t *testing.T) *telemetry {
	t.Helper()
	tel := &telemetry{t: t, spans: tracetest.NewInMemoryExporter(), reader: metric.NewManualReader()}
	tel.tracers = trace.NewTracerProvider(trace.WithSyncer(tel.spans))
	tel.meters = metric.NewMeterProvider(metric.WithReader(tel.reader))
	t.Cleanup(func() {
		if err := errors.Join(tel.tracers.Shutdown(context.Background()), tel.meters.Shutdown(context.Background())); err != nil {
			t.Error(err)
		}
	})
	return tel
}

func (tel *telemetry) observer(opts ...kycotel.Option) kyc.Observer {
	return kycotel.Observer(append([]kycotel.Option{kycotel.WithTracerProvider(tel.tracers), kycotel.WithMeterProvider(tel.meters)}, opts...)...)
}

func text(set []attribute.KeyValue) string {
	var parts []string
	for _, kv := range set {
		parts = append(parts, string(kv.Key)+"="+kv.Value.String())
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// metrics renders all points, as in "kyc.call.errors{kyc.vendor=jumio ...} 1". Of a histogram it shows count and sum.
func (tel *telemetry) metrics() []string {
	tel.t.Helper()
	var all metricdata.ResourceMetrics
	if err := tel.reader.Collect(context.Background(), &all); err != nil {
		tel.t.Fatal(err)
	}
	var out []string
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			switch data := m.Data.(type) {
			case metricdata.Sum[int64]:
				for _, p := range data.DataPoints {
					out = append(out, fmt.Sprintf("%s{%s} %d %s", m.Name, text(p.Attributes.ToSlice()), p.Value, m.Unit))
				}
			case metricdata.Histogram[float64]:
				for _, p := range data.DataPoints {
					out = append(out, fmt.Sprintf("%s{%s} %d calls %v %s", m.Name, text(p.Attributes.ToSlice()), p.Count, p.Sum, m.Unit))
				}
			default:
				tel.t.Errorf("%s is a %T", m.Name, data)
			}
		}
	}
	slices.Sort(out)
	return out
}

var began = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// call is a create that was throttled once.
func call(ctx context.Context, observe kyc.Observer) {
	o := kyc.Observation{Vendor: kyc.Jumio, Operation: "accounts.create", Method: "POST", RequestID: "req-1"}
	throttled := o
	throttled.Attempt, throttled.StatusCode, throttled.Start, throttled.Duration = 1, 429, began.Add(time.Millisecond), 20*time.Millisecond
	throttled.Err = &kyc.Error{Vendor: kyc.Jumio, Kind: kyc.ErrRateLimited, StatusCode: 429}
	observe(ctx, throttled)
	served := o
	served.Attempt, served.StatusCode, served.Start, served.Duration = 2, 200, began.Add(time.Second), 30*time.Millisecond
	observe(ctx, served)
	whole := o
	whole.Done, whole.Attempt, whole.StatusCode, whole.Start, whole.Duration = true, 2, 200, began, 1500*time.Millisecond
	observe(ctx, whole)
}

func TestSpan(t *testing.T) {
	tel := newTelemetry(t)
	ctx, parent := tel.tracers.Tracer("caller").Start(t.Context(), "onboarding")
	call(ctx, tel.observer())
	parent.End()
	spans := tel.spans.GetSpans()
	if len(spans) != 2 {
		t.Fatalf("%d spans", len(spans))
	}
	s := spans[0]
	if s.Name != "jumio accounts.create" || s.SpanKind != apitrace.SpanKindClient || s.Status.Code != codes.Unset || s.Parent.SpanID() != parent.SpanContext().SpanID() ||
		s.SpanContext.TraceID() != parent.SpanContext().TraceID() || len(s.Events) != 0 {
		t.Errorf("span %q, kind %v, status %v, parent %v, events %v", s.Name, s.SpanKind, s.Status, s.Parent, s.Events)
	}
	if !s.StartTime.Equal(began) || s.EndTime.Sub(s.StartTime) != 1500*time.Millisecond {
		t.Errorf("span from %v to %v", s.StartTime, s.EndTime)
	}
	want := "http.request.method=POST http.response.status_code=200 kyc.attempts=2 kyc.operation=accounts.create kyc.vendor=jumio"
	if diff := cmp.Diff(want, text(s.Attributes)); diff != "" {
		t.Error(diff)
	}
}

func TestSpansOfAttemptsAndRequestID(t *testing.T) {
	tel := newTelemetry(t)
	call(t.Context(), tel.observer(kycotel.WithAttempts(), kycotel.WithRequestID()))
	var got []string
	for _, s := range tel.spans.GetSpans() {
		got = append(got, fmt.Sprintf("%s %v %v %v %s: %s", s.Name, s.StartTime.Sub(began), s.EndTime.Sub(s.StartTime), s.Status.Code, s.Status.Description, text(s.Attributes)))
	}
	const rest = "kyc.operation=accounts.create kyc.request_id=req-1 kyc.vendor=jumio"
	want := []string{
		"jumio accounts.create 1ms 20ms Error rate_limited: error.type=rate_limited http.request.method=POST http.response.status_code=429 kyc.attempt=1 " + rest,
		"jumio accounts.create 1s 30ms Unset : http.request.method=POST http.response.status_code=200 kyc.attempt=2 " + rest,
		"jumio accounts.create 0s 1.5s Unset : http.request.method=POST http.response.status_code=200 kyc.attempts=2 " + rest,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMetrics(t *testing.T) {
	tel := newTelemetry(t)
	observe := tel.observer(kycotel.WithRequestID())
	call(t.Context(), observe)
	call(t.Context(), observe)
	observe(t.Context(), kyc.Observation{
		Vendor: kyc.Didit, Operation: "sessions.get", Method: "GET", Done: true, Attempt: 0, Start: began, Duration: time.Second,
		Err: &kyc.Error{Vendor: kyc.Didit, Err: context.Canceled},
	})
	want := []string{
		"kyc.call.attempts{error.type=rate_limited http.request.method=POST http.response.status_code=429 kyc.operation=accounts.create kyc.vendor=jumio} 2 {request}",
		"kyc.call.attempts{http.request.method=POST http.response.status_code=200 kyc.operation=accounts.create kyc.vendor=jumio} 2 {request}",
		"kyc.call.duration{error.type=canceled http.request.method=GET kyc.operation=sessions.get kyc.vendor=didit} 1 calls 1 s",
		"kyc.call.duration{http.request.method=POST kyc.operation=accounts.create kyc.vendor=jumio} 2 calls 3 s",
		"kyc.call.errors{error.type=canceled http.request.method=GET kyc.operation=sessions.get kyc.vendor=didit} 1 {call}",
	}
	if diff := cmp.Diff(want, tel.metrics()); diff != "" {
		t.Error(diff)
	}
}

func TestKinds(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&kyc.Error{Kind: kyc.ErrNotFound}, "not_found"},
		{&kyc.Error{Kind: kyc.ErrUnauthorized}, "unauthorized"},
		{&kyc.Error{Kind: kyc.ErrForbidden}, "forbidden"},
		{kyc.Invalid(kyc.Yoti, "start", "no"), "invalid"},
		{&kyc.Error{Kind: kyc.ErrConflict}, "conflict"},
		{&kyc.Error{Kind: kyc.ErrRateLimited, Err: context.DeadlineExceeded}, "rate_limited"},
		{fmt.Errorf("wrapped: %w", &kyc.Error{Kind: kyc.ErrUnavailable}), "unavailable"},
		{kyc.Malformed(kyc.Yoti, "get", "no", nil), "malformed"},
		{context.Canceled, "canceled"},
		{context.DeadlineExceeded, "deadline_exceeded"},
		{errors.New("SENTINEL"), "other"},
	} {
		tel := newTelemetry(t)
		tel.observer()(t.Context(), kyc.Observation{Vendor: kyc.Yoti, Operation: "x", Method: "GET", Done: true, Start: began, Err: tt.err})
		s := tel.spans.GetSpans()[0]
		if s.Status.Code != codes.Error || s.Status.Description != tt.want || !strings.Contains(text(s.Attributes), "error.type="+tt.want+" ") {
			t.Errorf("%v: %v, %s", tt.err, s.Status, text(s.Attributes))
		}
	}
}

// everything is all text that leaves the process.
func (tel *telemetry) everything() string {
	var b strings.Builder
	for _, s := range tel.spans.GetSpans() {
		fmt.Fprintln(&b, s.Name, s.Status.Description, text(s.Attributes), s.SpanContext.TraceState().String(), text(s.Resource.Attributes()))
		for _, e := range s.Events {
			fmt.Fprintln(&b, e.Name, text(e.Attributes))
		}
		for _, l := range s.Links {
			fmt.Fprintln(&b, text(l.Attributes))
		}
	}
	for _, m := range tel.metrics() {
		fmt.Fprintln(&b, m)
	}
	return b.String()
}

// A provider of somebody else's may fill an observation as it should not.
func TestNoSentinelFromAnObservation(t *testing.T) {
	tel := newTelemetry(t)
	observe := tel.observer(kycotel.WithAttempts(), kycotel.WithRequestID())
	for _, bad := range []string{
		"https://SENTINEL.example/x?token=SENTINEL", "SENTINEL person", "accounts/SENTINEL", strings.Repeat("SENTINEL", 20), "SENTINEL\n",
		"3f8e4a55-SENTINEL-4d1c", "SENTINEL@example.com", "SENTINÉL",
	} {
		for _, done := range []bool{false, true} {
			observe(t.Context(), kyc.Observation{
				Vendor: kyc.Vendor(bad), Operation: bad, Method: bad, RequestID: bad + "?", Done: done, Attempt: 1, StatusCode: 500, Start: began,
				Err: &kyc.Error{
					Vendor: kyc.Vendor(bad), Operation: bad, Kind: errors.New(bad), Code: bad, Message: bad, RequestID: bad, Detail: bad, Err: errors.New(bad),
				},
			})
		}
	}
	if got := tel.everything(); strings.Contains(got, "SENTIN") {
		t.Error(got)
	}
	for _, s := range tel.spans.GetSpans() {
		if s.Name != "other other" {
			t.Errorf("span %q", s.Name)
		}
	}
}

// What a client of a vendor has in its hands stays there.
func TestNoSentinelFromAClient(t *testing.T) {
	tel := newTelemetry(t)
	fake := jumiotest.NewServer(jumiotest.FaultOn("Workflows.Details", 1, jumiotest.ThrottleRetryAfter), jumiotest.FaultOn("Workflows.Status", 1, jumiotest.BadGatewayHTML))
	defer fake.Close()
	config := fake.Config()
	client, err := jumio.NewClient(config, kyc.WithObserver(tel.observer(kycotel.WithAttempts())), kyc.WithRetry(kyc.RetryPolicy{MinBackoff: 1, MaxBackoff: 2}))
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	session, err := client.Start(ctx, kyc.StartRequest{Reference: "SENTINEL-reference", RedirectURL: "https://SENTINEL.example/back?user=SENTINEL"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Fetch(ctx, session.Ref); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Workflows.Status(ctx, session.Ref); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Fetch(ctx, kyc.Ref{Vendor: kyc.Jumio, Account: "SENTINEL-account", Session: "SENTINEL-session"}); !errors.Is(err, kyc.ErrNotFound) {
		t.Fatal(err)
	}
	got := tel.everything()
	for _, secret := range []string{
		"SENTINEL", session.Ref.Account, session.Ref.Session, session.Token.Reveal(), session.URL.Reveal(), config.ClientID, config.ClientSecret.Reveal(), "127.0.0.1", "://", "/api/",
	} {
		if secret != "" && strings.Contains(got, secret) {
			t.Errorf("%q in\n%s", secret, got)
		}
	}
	var names []string
	for _, s := range tel.spans.GetSpans() {
		if !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"jumio accounts.create", "jumio oauth2.token", "jumio workflows.details", "jumio workflows.status"}, names); diff != "" {
		t.Error(diff)
	}
}
