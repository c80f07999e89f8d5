package kycotel

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// scope names this package to OpenTelemetry.
const scope = "github.com/seed44d1d1b3/kyc-go/kyc/kycotel"

// Option changes an [Observer].
type Option func(*config)

type config struct {
	tracers   trace.TracerProvider
	meters    metric.MeterProvider
	requestID bool
	attempts  bool
}

// WithTracerProvider replaces the global provider of tracers.
func WithTracerProvider(p trace.TracerProvider) Option { return func(c *config) { c.tracers = p } }

// WithMeterProvider replaces the global provider of meters.
func WithMeterProvider(p metric.MeterProvider) Option { return func(c *config) { c.meters = p } }

// WithRequestID adds the vendor's id of the exchange to spans, for questions to its
// support. It is never part of a metric.
func WithRequestID() Option { return func(c *config) { c.requestID = true } }

// WithAttempts makes a span for each request too, so that repeats and waits can be
// seen.
func WithAttempts() Option { return func(c *config) { c.attempts = true } }

// The names of the attributes, those of OpenTelemetry's conventions where there are any.
const (
	keyVendor    = attribute.Key("kyc.vendor")
	keyOperation = attribute.Key("kyc.operation")
	keyAttempt   = attribute.Key("kyc.attempt")
	keyAttempts  = attribute.Key("kyc.attempts")
	keyRequestID = attribute.Key("kyc.request_id")
	keyMethod    = attribute.Key("http.request.method")
	keyStatus    = attribute.Key("http.response.status_code")
	keyError     = attribute.Key("error.type")
)

// Observer returns an observer for [kyc.WithObserver]. It may serve any number
// of clients. A fault of OpenTelemetry goes to its own error handler.
func Observer(opts ...Option) kyc.Observer {
	c := config{tracers: otel.GetTracerProvider(), meters: otel.GetMeterProvider()}
	for _, o := range opts {
		if o != nil {
			o(&c)
		}
	}
	meter := c.meters.Meter(scope)
	duration, err := meter.Float64Histogram("kyc.call.duration",
		metric.WithUnit("s"), metric.WithDescription("Duration of calls to a vendor, waits and repeats included."),
		metric.WithExplicitBucketBoundaries(.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60))
	handle(err)
	attempts, err := meter.Int64Counter("kyc.call.attempts",
		metric.WithUnit("{request}"), metric.WithDescription("Requests sent to a vendor, repeats included."))
	handle(err)
	failures, err := meter.Int64Counter("kyc.call.errors",
		metric.WithUnit("{call}"), metric.WithDescription("Calls to a vendor that failed."))
	handle(err)
	o := &observer{
		tracer: c.tracers.Tracer(scope), duration: duration, attempts: attempts, failures: failures,
		requestID: c.requestID, attemptSpans: c.attempts,
	}
	return o.observe
}

func handle(err error) {
	if err != nil {
		otel.Handle(err)
	}
}

type observer struct {
	tracer       trace.Tracer
	duration     metric.Float64Histogram
	attempts     metric.Int64Counter
	failures     metric.Int64Counter
	requestID    bool
	attemptSpans bool
}

func (o *observer) observe(ctx context.Context, seen kyc.Observation) {
	what := []attribute.KeyValue{
		keyVendor.String(name(string(seen.Vendor))), keyOperation.String(name(seen.Operation)), keyMethod.String(method(seen.Method)),
	}
	kind := kindOf(seen.Err)
	var failed []attribute.KeyValue
	if kind != "" {
		failed = []attribute.KeyValue{keyError.String(kind)}
	}
	var status []attribute.KeyValue
	if seen.StatusCode != 0 {
		status = []attribute.KeyValue{keyStatus.Int(seen.StatusCode)}
	}
	if !seen.Done {
		o.attempts.Add(ctx, 1, metric.WithAttributes(what...), metric.WithAttributes(status...), metric.WithAttributes(failed...))
		if o.attemptSpans {
			o.span(ctx, seen, kind, what, status, failed, []attribute.KeyValue{keyAttempt.Int(seen.Attempt)})
		}
		return
	}
	// The measurements are made inside the span, so that exemplars point at it.
	ctx = o.span(ctx, seen, kind, what, status, failed, []attribute.KeyValue{keyAttempts.Int(seen.Attempt)})
	o.duration.Record(ctx, seen.Duration.Seconds(), metric.WithAttributes(what...), metric.WithAttributes(failed...))
	if kind != "" {
		o.failures.Add(ctx, 1, metric.WithAttributes(what...), metric.WithAttributes(failed...))
	}
}

// span makes a span of what is already over.
func (o *observer) span(ctx context.Context, seen kyc.Observation, kind string, attributes ...[]attribute.KeyValue) context.Context {
	opts := []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(seen.Start)}
	for _, a := range attributes {
		opts = append(opts, trace.WithAttributes(a...))
	}
	ctx, span := o.tracer.Start(ctx, name(string(seen.Vendor))+" "+name(seen.Operation), opts...)
	if o.requestID {
		// This module's clients report safe ids only; somebody else's Provider may put anything there.
		if id := kyc.SafeRequestID(seen.RequestID); id != "" {
			span.SetAttributes(keyRequestID.String(id))
		}
	}
	if kind != "" {
		span.SetStatus(codes.Error, kind)
	}
	span.End(trace.WithTimestamp(seen.Start.Add(seen.Duration)))
	return ctx
}

const other = "other"

// kinds are the values of error.type. The first that matches is taken.
var kinds = []struct {
	err  error
	text string
}{
	{kyc.ErrNotFound, "not_found"},
	{kyc.ErrUnauthorized, "unauthorized"},
	{kyc.ErrForbidden, "forbidden"},
	{kyc.ErrInvalid, "invalid"},
	{kyc.ErrConflict, "conflict"},
	{kyc.ErrRateLimited, "rate_limited"},
	{kyc.ErrUnavailable, "unavailable"},
	{kyc.ErrMalformed, "malformed"},
	{context.Canceled, "canceled"},
	{context.DeadlineExceeded, "deadline_exceeded"},
}

func kindOf(err error) string {
	if err == nil {
		return ""
	}
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return k.text
		}
	}
	return other
}

// name lets through what can only be a name: somebody else's Provider may put anything there. More than a few digits are
// an id.
func name(s string) string {
	digits := 0
	for _, c := range []byte(s) {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_', c == '.', c == '-':
		default:
			return other
		}
	}
	if s == "" || len(s) > 60 || digits > 3 {
		return other
	}
	return s
}

func method(s string) string {
	switch s {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return s
	default:
		return "_OTHER"
	}
}
