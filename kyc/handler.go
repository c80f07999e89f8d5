package kyc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
)

// HandlerOption changes a [Handler].
type HandlerOption func(*handler)

type handler struct {
	source   NoticeSource
	callback func(context.Context, Event) error
	seen     SeenStore
	maxBody  int64
	logger   *slog.Logger
	parallel bool
	method   string
	answer   func(http.ResponseWriter, *http.Request, Event)
	failed   func(context.Context, Event, error)
	locks    keyedLocks
}

const defaultMaxNotice = 1 << 20

// WithSeenStore replaces the in-memory store, for notices that are received by
// many processes.
func WithSeenStore(s SeenStore) HandlerOption { return func(h *handler) { h.seen = s } }

// WithMaxNotice caps a notice's body at n bytes; zero or less restores the default
// of 1 MiB, or more if the source's own notices may be longer.
func WithMaxNotice(n int64) HandlerOption { return func(h *handler) { h.maxBody = n } }

// WithHandlerLogger logs refused notices and failed callbacks, without the
// notices' contents. Of a callback's own error it logs no text, which could hold
// anything: see [WithHandlerError].
func WithHandlerLogger(l *slog.Logger) HandlerOption { return func(h *handler) { h.logger = l } }

// WithHandlerError calls f with every error that a callback returns and every one
// of the seen store, before the sender is answered. An unreadable or forged notice
// is not among them.
func WithHandlerError(f func(ctx context.Context, e Event, err error)) HandlerOption {
	return func(h *handler) { h.failed = f }
}

// WithParallelCallbacks allows several callbacks for one verification at once.
func WithParallelCallbacks() HandlerOption { return func(h *handler) { h.parallel = true } }

// WithAnswer answers a notice that has been processed, instead of an empty 200:
// for notices that a person's browser brings and that should end on a page of
// yours.
func WithAnswer(f func(w http.ResponseWriter, r *http.Request, e Event)) HandlerOption {
	return func(h *handler) { h.answer = f }
}

// Handler receives one vendor's notices. It accepts POST only, or the method that
// source's NoticeMethod names if it has one, as Transmit's redirects do. It caps
// the body, lets source verify and parse it, drops a notice that has already been
// processed, and calls callback, one at a time for each verification. It answers
// 200 when the callback is done or was not needed, 401 to a forged notice, 400 to
// an unreadable one, 413 to one that is too long, and 500 if the callback fails,
// panics or ends its goroutine, so that the vendor sends the notice again. The
// notice of a [NoticeClaimer] is claimed first, and settled with the callback's
// outcome.
//
// A notice is only a wake-up call: callback should fetch the result and act on
// that. Without a source or a callback Handler panics, as [http.Handle] does.
func Handler(source NoticeSource, callback func(ctx context.Context, e Event) error, opts ...HandlerOption) http.Handler {
	if source == nil || callback == nil {
		panic("kyc: Handler needs a source and a callback")
	}
	h := &handler{source: source, callback: callback}
	for _, o := range opts {
		if o != nil {
			o(h)
		}
	}
	if h.maxBody <= 0 {
		h.maxBody = defaultMaxNotice
		if s, ok := source.(interface{ MaxNotice() int64 }); ok {
			h.maxBody = s.MaxNotice()
		}
	}
	if h.seen == nil {
		h.seen = &MemorySeen{}
	}
	h.method = http.MethodPost
	if s, ok := source.(interface{ NoticeMethod() string }); ok {
		h.method = s.NoticeMethod()
	}
	return h
}

// ServeHTTP implements [http.Handler].
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != h.method {
		w.Header().Set("Allow", h.method)
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.maxBody))
	if err != nil {
		status := http.StatusBadRequest
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, http.StatusText(status), status)
		return
	}
	event, settle, err := h.parse(r, body)
	if err != nil {
		status := http.StatusBadRequest
		switch {
		case errors.Is(err, ErrUnauthorized):
			status = http.StatusUnauthorized
		case errors.Is(err, ErrUnavailable):
			status = http.StatusInternalServerError
		}
		h.log(r.Context(), "kyc notice refused", Event{}, err)
		http.Error(w, http.StatusText(status), status)
		return
	}
	if err := h.handleClaimed(r.Context(), event, settle); err != nil {
		h.log(r.Context(), "kyc notice failed", event, err)
		if h.failed != nil {
			h.failed(r.Context(), event, err)
		}
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	if h.answer != nil {
		h.answer(w, r, event)
		return
	}
	w.WriteHeader(http.StatusOK)
}

func (h *handler) parse(r *http.Request, body []byte) (e Event, settle func(context.Context, error) error, err error) {
	if c, ok := h.source.(NoticeClaimer); ok {
		return c.ClaimNotice(r, body)
	}
	e, err = h.source.ParseNotice(r, body)
	return e, nil, err
}

// errEnded stands until a callback has returned: one that calls runtime.Goexit never does.
var errEnded = errors.New("kyc: the callback ended its goroutine")

// handleClaimed handles e and settles its claim, if it has one, with the outcome.
func (h *handler) handleClaimed(ctx context.Context, e Event, settle func(context.Context, error) error) (err error) {
	if settle == nil {
		return h.handle(ctx, e)
	}
	err = errEnded
	defer func() {
		// The browser may be gone; the claim must still be settled. A failure to do so is no reason to ask for the notice again.
		if settleErr := settle(context.WithoutCancel(ctx), err); settleErr != nil {
			h.log(ctx, "kyc notice not settled", e, settleErr)
		}
	}()
	return h.handle(ctx, e)
}

func (h *handler) handle(ctx context.Context, e Event) (err error) {
	if !h.parallel && !e.Ref.IsZero() {
		unlock, lockErr := h.locks.lock(ctx, e.Ref.String())
		if lockErr != nil {
			return lockErr
		}
		defer unlock()
	}
	if e.ID != "" {
		first, claimErr := h.seen.Claim(ctx, seenKey(e))
		if claimErr != nil {
			return claimErr
		}
		if !first {
			return nil
		}
		defer func() {
			// The sender's connection may be gone; the claim must still be settled.
			ctx := context.WithoutCancel(ctx)
			if err != nil {
				_ = h.seen.Release(ctx, seenKey(e))
			} else if f, ok := h.seen.(SeenFinisher); ok {
				if err := f.Finish(ctx, seenKey(e)); err != nil {
					// The work is done, so the notice must not be asked for again.
					h.log(ctx, "kyc notice processed, but not marked as finished", e, err)
				}
			}
		}()
	}
	err = errEnded
	return h.call(ctx, e)
}

var errPanic = errors.New("kyc: the callback panicked")

func (h *handler) call(ctx context.Context, e Event) (err error) {
	defer func() {
		if p := recover(); p != nil {
			// The value may hold anything; the stack says where.
			if h.logger != nil {
				h.logger.LogAttrs(ctx, slog.LevelError, "kyc notice callback panicked", slog.String("stack", string(debug.Stack())))
			}
			err = errPanic
		}
	}()
	return h.callback(ctx, e)
}

func (h *handler) log(ctx context.Context, message string, e Event, err error) {
	if h.logger == nil {
		return
	}
	text := safeText(err)
	if errors.Is(err, errPanic) {
		text = err.Error()
	}
	attrs := []slog.Attr{slog.String("error", text)}
	if e.Vendor != "" {
		attrs = append(attrs, slog.Any("event", e))
	}
	h.logger.LogAttrs(ctx, slog.LevelWarn, message, attrs...)
}

// keyedLocks has a mutex for each key in use.
type keyedLocks struct {
	mu    sync.Mutex
	locks map[string]*keyedLock
}

type keyedLock struct {
	turn chan struct{}
	uses int
}

func (k *keyedLocks) lock(ctx context.Context, key string) (unlock func(), err error) {
	k.mu.Lock()
	if k.locks == nil {
		k.locks = make(map[string]*keyedLock)
	}
	l := k.locks[key]
	if l == nil {
		l = &keyedLock{turn: make(chan struct{}, 1)}
		k.locks[key] = l
	}
	l.uses++
	k.mu.Unlock()
	leave := func() {
		k.mu.Lock()
		if l.uses--; l.uses == 0 {
			delete(k.locks, key)
		}
		k.mu.Unlock()
	}
	select {
	case l.turn <- struct{}{}:
		return func() { <-l.turn; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}

// seenKey names an event in the store. Anybody may choose the id of a notice without a signature, and its length.
func seenKey(e Event) string {
	if len(e.ID) <= 128 {
		return string(e.Vendor) + " " + e.ID
	}
	sum := sha256.Sum256([]byte(e.ID))
	return string(e.Vendor) + " sha256:" + hex.EncodeToString(sum[:])
}
