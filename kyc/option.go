package kyc

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"
)

// Option changes how calls are made. The same options fit a client, for all
// its calls, and a single call, where they come last and win. The few that fit
// only one of the two say so, and are refused in the other place.
type Option func(*Settings)

// Settings is what a list of options amounts to. Authors of a [Provider] read
// it; users of one write options.
type Settings struct {
	// HTTPClient supplies transport and cookie jar; nil for the module's own.
	HTTPClient *http.Client
	// Logger receives one record a call; nil for none.
	Logger *slog.Logger
	// Limiter replaces the vendor's published budgets; nil keeps them.
	Limiter Limiter
	// Limiters makes the limiter of each published budget; nil, or nil from it, for the client's own. It belongs to a client.
	Limiters func(Budget) Limiter
	// Retry bounds repeats.
	Retry RetryPolicy
	// AttemptTimeout bounds one request with its answer; 0 for 30 s, plus a second for every 128 KiB that is sent.
	AttemptTimeout time.Duration
	// MaxBody caps a JSON answer in bytes; 0 for 4 MiB.
	MaxBody int64
	// UserAgent stands in front of the module's own.
	UserAgent string
	// Observer is told of every attempt and every call; nil for nobody.
	Observer Observer
	// Response is filled with what came back; nil for nothing. It belongs to one call.
	Response *Response
	// Overrides are the caller's own rows of the decision tables.
	Overrides []Override
	// TokenStore shares access tokens between processes; nil for this process alone. It belongs to a client.
	TokenStore TokenStore

	values map[any]any
	// given are the options of the last With that fit only one place.
	given place
}

// place is where an option fits.
type place uint8

const (
	oneCall place = 1 << iota
	aClient
)

// NewSettings applies opts in order.
func NewSettings(opts ...Option) Settings { return Settings{}.With(opts...) }

// With returns s with opts applied; s stays as it is.
func (s Settings) With(opts ...Option) Settings {
	if len(opts) == 0 {
		return s
	}
	s.Overrides = slices.Clip(s.Overrides)
	s.values = maps.Clone(s.values)
	s.given = 0
	for _, o := range opts {
		if o != nil {
			o(&s)
		}
	}
	return s
}

// Set keeps a vendor's own setting under a key of an unexported type.
func (s *Settings) Set(key, value any) {
	if s.values == nil {
		s.values = make(map[any]any)
	}
	s.values[key] = value
}

// Value returns what Set kept, or nil.
func (s Settings) Value(key any) any { return s.values[key] }

// ValidateClient is Validate for the options of a client: it also refuses those
// that belong to one call.
func (s Settings) ValidateClient() error {
	if s.given&oneCall != 0 {
		return optionFault("WithResponse belongs to one call: the calls of a client would share it")
	}
	return s.Validate()
}

// ValidateCall is Validate for what [Settings.With] made of the options of one
// call: it also refuses those that belong to a client.
func (s Settings) ValidateCall() error {
	if s.given&aClient != 0 {
		return optionFault("WithTokenStore and WithLimiters belong to a client: for one call they would have no effect")
	}
	return s.Validate()
}

func optionFault(detail string) error {
	return &Error{Operation: "options", Kind: ErrInvalid, Detail: detail}
}

// Validate says what is wrong with the settings; the error matches [ErrInvalid].
func (s Settings) Validate() error {
	err := s.Retry.validate()
	if err == nil && s.AttemptTimeout < 0 {
		err = errors.New("the attempt timeout is negative")
	}
	if err == nil && s.MaxBody < 0 {
		err = errors.New("the cap on answers is negative")
	}
	for _, c := range []byte(s.UserAgent) {
		if err == nil && (c < ' ' || c > '~') {
			err = errors.New("the user agent has a character that a header cannot carry")
		}
	}
	for _, o := range s.Overrides {
		if err == nil {
			err = o.validate()
		}
	}
	if err != nil {
		return optionFault(err.Error())
	}
	return nil
}

// WithHTTPClient takes transport, cookie jar and timeout of hc. Redirects stay
// under this module's rule: no credential follows one to another host. Without it
// clients share a transport of their own, so that what a program puts into
// http.DefaultTransport does not see their requests.
func WithHTTPClient(hc *http.Client) Option { return func(s *Settings) { s.HTTPClient = hc } }

// WithLogger logs every call: successes at debug level, failures as warnings,
// with vendor, operation, status, attempts, duration and request id only.
func WithLogger(l *slog.Logger) Option { return func(s *Settings) { s.Logger = l } }

// WithLimiter replaces the vendor's published budgets by l, for every attempt.
func WithLimiter(l Limiter) Option { return func(s *Settings) { s.Limiter = l } }

// WithLimiters has f make the limiter of each of the vendor's published budgets,
// for one that processes share or for a rate agreed with the vendor; nil from f
// keeps the client's own. It is an option for a client, refused for a single call,
// and [WithLimiter] goes before it.
func WithLimiters(f func(Budget) Limiter) Option {
	return func(s *Settings) {
		s.Limiters = f
		s.given |= aClient
	}
}

// WithRetry replaces the bounds on repeats.
func WithRetry(p RetryPolicy) Option { return func(s *Settings) { s.Retry = p } }

// WithAttemptTimeout bounds each single request with its answer; the whole
// call is bounded by its context. Zero restores the default of 30 s plus a
// second for every 128 KiB that is sent.
func WithAttemptTimeout(d time.Duration) Option { return func(s *Settings) { s.AttemptTimeout = d } }

// WithMaxBody caps JSON answers at n bytes; zero restores the default of 4
// MiB. A longer answer is [ErrMalformed]. Downloads to an io.Writer have no cap.
func WithMaxBody(n int64) Option { return func(s *Settings) { s.MaxBody = n } }

// WithUserAgent names the caller's application, as in "Acme Onboarding/2.1", in
// front of the module's own product token.
func WithUserAgent(product string) Option { return func(s *Settings) { s.UserAgent = product } }

// WithObserver calls o after every attempt and after every call.
func WithObserver(o Observer) Option { return func(s *Settings) { s.Observer = o } }

// WithResponse fills r with status, headers and attempts of the call, failed or
// not. It is an option for one call, refused for a client; r must not be shared by
// calls at the same time.
func WithResponse(r *Response) Option {
	return func(s *Settings) {
		s.Response = r
		s.given |= oneCall
	}
}

// Observer is told of calls as they happen, for metrics and traces. It must be
// safe for use by many goroutines and should return soon.
type Observer func(ctx context.Context, o Observation)

// Observation is one attempt or, where Done is true, a whole call. It holds no
// URL, no id and no personal data.
type Observation struct {
	// Vendor and Operation say what was called, as in "jumio" and "accounts.create".
	Vendor    Vendor
	Operation string
	// Method is the HTTP method.
	Method string
	// Attempt counts from 1; for a whole call it is the number of attempts.
	Attempt int
	// Done is true for a whole call, false for one attempt.
	Done bool
	// StatusCode is 0 where there was no answer.
	StatusCode int
	// RequestID is the vendor's id of the exchange, where it sends one.
	RequestID string
	// Start and Duration say when and how long, waits included for a whole call.
	Start    time.Time
	Duration time.Duration
	// Err is nil for a success. Its text is as safe as [Error.Error].
	Err error
}

// Response is what came back from the vendor, for [WithResponse].
type Response struct {
	// StatusCode of the last answer; 0 where there was none.
	StatusCode int
	// Header of the last answer.
	Header http.Header
	// RequestID is the vendor's id of the exchange, where it sends one.
	RequestID string
	// Attempts counts the requests that were sent.
	Attempts int
}

// Format prints the type's name only; see [FormatRedacted].
func (s Settings) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, s) }

// LogValue logs the type's name only; see [LogRedacted].
func (s Settings) LogValue() slog.Value { return LogRedacted(s) }

// Format prints the vendor only; see [FormatRedacted].
func (o Observation) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, o) }

// LogValue logs the vendor only; see [LogRedacted].
func (o Observation) LogValue() slog.Value { return LogRedacted(o) }

// Format prints the type's name only; see [FormatRedacted].
func (r Response) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, r) }

// LogValue logs the type's name only; see [LogRedacted].
func (r Response) LogValue() slog.Value { return LogRedacted(r) }
