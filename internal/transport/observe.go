package transport

import (
	"context"
	"log/slog"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// observe reports one attempt to the observer.
func (st *state) observe(ctx context.Context, began time.Time) {
	if st.settings.Observer == nil {
		return
	}
	o := st.observation()
	o.Attempt, o.Start, o.Duration = st.sent, began, time.Since(began)
	switch {
	case st.failure != nil:
		o.Err = st.settled(st.broken(st.failure))
	case st.answer != nil && !st.accepted(st.answer.StatusCode):
		o.Err = st.fault(kyc.KindOf(st.answer.StatusCode), nil, "")
	}
	st.settings.Observer(ctx, o)
}

func (st *state) observation() kyc.Observation {
	o := kyc.Observation{Vendor: st.client.vendor, Operation: st.call.Operation.Name, Method: st.call.Method}
	if st.answer != nil {
		o.StatusCode, o.RequestID = st.answer.StatusCode, kyc.SafeRequestID(st.answer.RequestID)
	}
	return o
}

// report logs the whole call and reports it to the observer.
func (st *state) report(ctx context.Context, err error) {
	if st.settings.Observer != nil {
		o := st.observation()
		o.Done, o.Attempt, o.Start, o.Duration, o.Err = true, st.sent, st.start, time.Since(st.start), err
		st.settings.Observer(ctx, o)
	}
	log := st.settings.Logger
	if log == nil {
		return
	}
	level, message := slog.LevelDebug, "kyc call"
	if err != nil {
		level, message = slog.LevelWarn, "kyc call failed"
	}
	if !log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("vendor", string(st.client.vendor)), slog.String("operation", st.call.Operation.Name),
		slog.Int("attempts", st.sent), slog.Duration("duration", time.Since(st.start)),
	}
	if st.answer != nil {
		attrs = append(attrs, slog.Int("status", st.answer.StatusCode))
		if id := kyc.SafeRequestID(st.answer.RequestID); id != "" {
			attrs = append(attrs, slog.String("request_id", id))
		}
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	log.LogAttrs(ctx, level, message, attrs...)
}
